"""U: units and master data are wrong, once or for a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from zeroline.domain.instant import DAY
from zeroline.domain.movement import MovementKind as Kind
from zeroline.simulator.answers import Committed
from zeroline.simulator.books import Draft
from zeroline.simulator.faults.scene import Fault, Scene
from zeroline.simulator.papers import PRODUCT


def case_for_piece(scene: Scene) -> Committed | None:
    """U1: pieces picked, as many cases booked; the shipment is right."""
    for row in scene.candidates(Kind.PICK, incoming=False):
        size, pieces = scene.item(row.key).case_size, row.quantity
        if size == 1 or scene.pages.lowest(row.key, row.recorded_at) + pieces * (size - 1) >= 0:
            continue
        rows = scene.message(row)
        for part in rows:
            scene.change(
                part, quantity=part.quantity * size, entered_quantity=part.quantity,
                entered_unit=scene.item(row.key).pack,
            )  # fmt: skip
        return scene.commit("U1", row.key, -pieces * (size - 1), rows, "cases booked, pieces taken")
    return None


def piece_for_case(scene: Scene) -> Committed | None:
    """U1: cases received, as many pieces booked."""
    for row, _ in scene.missed(Kind.PUTAWAY, Kind.RECEIPT):
        item = scene.item(row.key)
        if row.entered_unit != item.pack or item.case_size == 1:
            continue
        rows, missing = scene.job(row), row.quantity - row.quantity // item.case_size
        for part in rows:
            scene.change(part, quantity=part.quantity // item.case_size, entered_unit=item.item.base_unit)
        if scene.shows():
            return scene.commit("U1", row.key, missing, rows, "pieces booked, cases came")
        scene.undo()
    return None


def _receipts(scene: Scene, row: Draft) -> list[Draft]:
    """Rows of all deliveries of the item at the site from that of ``row`` on, for a time."""
    until = row.recorded_at + scene.span(24 * 15, 24 * 60)
    rows: list[Draft] = []
    for other in scene.deliveries(row.key.item, row.key.location[0]):
        if row.recorded_at <= other.recorded_at < until and scene.untouched(other):
            rows += scene.job(other)
    return rows


def _tasks(rows: Iterable[Draft]) -> int:
    return len({row.task for row in rows})


def wrong_pack_size(scene: Scene) -> Committed | None:
    """U2: for a time every receipt of the item in cases is converted with a wrong pack size."""
    for row in scene.candidates(Kind.PUTAWAY, Kind.RECEIPT, incoming=True):
        item = scene.item(row.key)
        sizes = [
            size for size in (item.case_size // 2, item.case_size - 2, item.case_size * 4 // 5) if size > 0
        ]
        rows = [part for part in _receipts(scene, row) if part.entered_unit == item.pack]
        if not sizes or _tasks(rows) < 2:
            continue
        size = scene.random.choice([size for size in sizes if size != item.case_size])
        missing = row.quantity // item.case_size * (item.case_size - size)
        for part in rows:
            scene.change(part, quantity=part.quantity // item.case_size * size)
        crossed = scene.crossed()
        if crossed:
            return scene.commit(
                "U2", crossed[0], missing, rows, f"a case of {size} instead of {item.case_size}"
            )
        scene.undo()
    return None


def wrong_cross_reference(scene: Scene) -> Committed | None:
    """U3: the supplier's number points to another item: from a date on every receipt comes in as that."""
    for row in scene.candidates(Kind.PUTAWAY, Kind.RECEIPT, incoming=True):
        rows = _receipts(scene, row)
        others = [key for key in scene.other_items(row.key) if scene.kin(key, row.key)]
        if not others or _tasks(rows) < 2:
            continue
        other = scene.items[others[0].item]
        lot = (row.key.lot or scene.newest_lot(other.item.code)) if other.lot_tracked else ""
        keys = [replace(part.key, item=other.item.code, lot=lot) for part in rows]
        if not all(scene.free(key) for key in keys):
            continue
        quantity = row.quantity
        for part, key in zip(rows, keys, strict=True):
            scene.book_as(part, key)
        crossed = [key for key in scene.crossed() if key.item != other.item.code]
        if crossed:
            return scene.commit("U3", crossed[0], quantity, rows, "supplier number points to another item")
        scene.undo()
    return None


def wrong_bill_of_material(scene: Scene) -> Committed | None:
    """U4: from a date on every order of a product takes a wrong multiple of one component."""
    for row in scene.candidates(Kind.COMPONENT_ISSUE, incoming=False):
        product = scene.floor.papers.lines[row.document, PRODUCT].item
        rows = [
            part
            for part in scene.issues(row.key.item)
            if part.recorded_at >= row.recorded_at
            and scene.floor.papers.lines[part.document, PRODUCT].item == product
            and scene.untouched(part)
            and part.recorded_at < row.recorded_at + 45 * DAY
        ]
        if len(rows) < 2:
            continue
        factor, planned = scene.random.choice((2, 3, 4, 5, 10)), scene.random.random() < 0.5
        more: dict[object, int] = defaultdict(int)
        for part in rows:
            more[part.key] -= part.quantity * (factor - 1)
            scene.resize(part, part.quantity * factor)
        crossed = scene.crossed()
        if crossed:
            for part in rows:
                paper = scene.paper(part)
                if planned and paper is not None:
                    paper.quantity *= factor
            return scene.commit(
                "U4", crossed[0], more[crossed[0]], rows, f"bill of material asks {factor} times"
            )
        scene.undo()
    return None


FAULTS: tuple[Fault, ...] = (
    case_for_piece,
    piece_for_case,
    wrong_pack_size,
    wrong_cross_reference,
    wrong_bill_of_material,
)
