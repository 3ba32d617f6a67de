"""R: goods were received other than the books say."""

from __future__ import annotations

from dataclasses import replace

from zeroline.domain.instant import DAY, SECOND
from zeroline.domain.movement import MovementKind as Kind
from zeroline.domain.quantity import SCALE
from zeroline.simulator.answers import Committed
from zeroline.simulator.books import Draft
from zeroline.simulator.faults.scene import Fault, Scene


def _is_delivery(scene: Scene, row: Draft) -> bool:
    paper = scene.paper(row)
    return paper is not None and paper.kind == "receipt"


def short_booking(scene: Scene) -> Committed | None:
    """R1: more came than was booked in; the order line stays short."""
    for row in scene.candidates(Kind.PUTAWAY, Kind.RECEIPT, incoming=True):
        missing = scene.part(row.quantity, 0.05, 0.6)
        if not _is_delivery(scene, row) or row.quantity <= missing or scene.missed_at(row, missing) is None:
            continue
        rows = scene.job(row)
        for part in rows:
            scene.resize(part, part.quantity - missing if part.quantity > 0 else part.quantity + missing)
        return scene.commit("R1", row.key, missing, rows, "more received than booked")
    return None


def over_booking(scene: Scene) -> Committed | None:
    """R1: less came than was booked in; a count finds the difference."""
    for row in scene.candidates(Kind.PUTAWAY, Kind.RECEIPT, incoming=True):
        less = scene.part(row.quantity, 0.1, 0.5)
        paper = scene.paper(row)
        if paper is None or paper.kind != "receipt" or less < 2 * SCALE:
            continue
        rows = scene.job(row)
        for part in rows:
            scene.resize(part, part.quantity + less if part.quantity > 0 else part.quantity - less)
        if scene.reveal(row.key, row.recorded_at):
            return scene.commit("R1", row.key, -less, rows, "less received than booked")
        scene.undo()
    return None


def wrong_item_received(scene: Scene) -> Committed | None:
    """R2: booked in as another item of the same delivery."""
    for row, _ in scene.missed(Kind.PUTAWAY, Kind.RECEIPT):
        paper = scene.paper(row)
        if paper is None or paper.kind != "receipt":
            continue
        lines = [scene.floor.papers.lines.get((row.document, f"{place}0")) for place in range(1, 5)]
        others = [line for line in lines if line is not None and line.item != paper.item]
        if not others:
            continue
        other = scene.random.choice(others)
        item = scene.items[other.item]
        lot = (row.key.lot or scene.newest_lot(other.item)) if item.lot_tracked else ""
        own_bin = scene.random.random() < 0.5
        key, rows, taken = row.key, scene.job(row), scene.random.random() < 0.4
        keys = [
            replace(
                part.key, item=other.item, lot=lot,
                location=other.location if own_bin and part.key == key else part.key.location,
            )
            for part in rows
        ]  # fmt: skip
        if not all(scene.free(name) for name in keys):
            continue
        quantity = row.quantity
        for part, name in zip(rows, keys, strict=True):
            scene.book_as(part, name, line=other.line if taken else part.line)
        if scene.shows():
            return scene.commit("R2", key, quantity, rows, "received as another item of the delivery")
        scene.undo()
    return None


def wrong_place_received(scene: Scene) -> Committed | None:
    """R3: received straight into another bin, or under a mistyped lot; picked from where it lies."""
    for row, _ in scene.missed(Kind.RECEIPT, Kind.PUTAWAY):
        if not _is_delivery(scene, row):
            continue
        key, rows = row.key, scene.job(row)
        if row.kind is Kind.RECEIPT and not key.lot:
            others = scene.other_bins(key)[:1]
            changed = [(row, other) for other in others]
        elif key.lot:
            digits = list(key.lot)
            place = scene.random.randrange(2, len(digits) - 1)
            digits[place], digits[place + 1] = digits[place + 1], digits[place]
            if digits[place] == digits[place + 1]:
                digits[place] = str((int(digits[place]) + 3) % 10)
            changed = [(part, replace(part.key, lot="".join(digits))) for part in rows]
        else:
            continue
        for part, name in changed:
            scene.change(part, key=name)
        if changed and scene.shows():
            return scene.commit("R3", key, row.quantity, rows, "received to another bin or lot")
        scene.undo()
    return None


def receipt_not_recorded(scene: Scene) -> Committed | None:
    """R4: the delivery was never booked; its order line stays open past its date."""
    for row, _ in scene.missed(Kind.PUTAWAY, Kind.RECEIPT):
        paper = scene.paper(row)
        if paper is None or paper.kind != "receipt" or row.recorded_at > scene.ends_at - DAY:
            continue
        rows = scene.job(row)
        for part in rows:
            scene.drop(part)
        if scene.shows():
            paper.closed_at = None
            return scene.commit("R4", row.key, row.quantity, rows, "receipt never booked")
        scene.undo()
    return None


def duplicate_receipt(scene: Scene) -> Committed | None:
    """R5: the delivery was booked again hours later, from its paper; the second goods are not there."""
    for row in scene.candidates(Kind.PUTAWAY, Kind.RECEIPT, incoming=True):
        if not _is_delivery(scene, row):
            continue
        rows = scene.job(row)
        later = scene.daytime(row.recorded_at + scene.span(0.5, 40)) - row.recorded_at
        own = scene.random.random() < 0.7
        colleague = scene.colleague(row)
        made = [
            scene.repeat(
                part, recorded_at=part.recorded_at + later,
                occurred_at=part.occurred_at + (later - 30 * SECOND if own else 0), user=colleague,
            )
            for part in rows
        ]  # fmt: skip
        if scene.reveal(row.key, made[-1].recorded_at, 10, 400):
            return scene.commit("R5", row.key, -row.quantity, rows + made, "receipt booked twice")
        scene.undo()
    return None


FAULTS: tuple[Fault, ...] = (
    short_booking,
    over_booking,
    wrong_item_received,
    wrong_place_received,
    receipt_not_recorded,
    duplicate_receipt,
)
