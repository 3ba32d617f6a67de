"""U, P, N, L, C and S: units, production, returns, losses, counts and systems."""

from __future__ import annotations

from dataclasses import replace

from zeroline.domain.instant import HOUR, MINUTE, SECOND
from zeroline.domain.movement import MovementKind as Kind
from zeroline.domain.quantity import SCALE
from zeroline.domain.stock import StockStatus
from zeroline.simulator.books import Draft, Truth
from zeroline.simulator.faults.scene import Fault, Scene


def case_for_piece(scene: Scene) -> Truth | None:
    """U1: three pieces picked, three cases booked."""
    for row in scene.candidates(Kind.PICK, incoming=False):
        size = scene.items[row.key.item].case_size
        if size > 1 and scene.lowest_after(row) + row.quantity * (size - 1) < 0:
            pieces = row.quantity
            for part in scene.partners(row):
                if part.kind is Kind.PICK:
                    part.entered_quantity = part.quantity
                    part.entered_unit, part.quantity = "CS", part.quantity * size
            return scene.spoil("U1", [row], row.key, -pieces * (size - 1), "cases booked, pieces taken")
    return None


def wrong_pack_size(scene: Scene) -> Truth | None:
    """U2: the case holds more than the master data say, so too little was booked in."""
    for row, _ in scene.missed(Kind.PUTAWAY):
        cases = row.quantity // SCALE // scene.items[row.key.item].case_size
        missing = cases * max(1, scene.items[row.key.item].case_size // 5) * SCALE
        if 0 < missing < row.quantity and scene.lowest_after(row) < missing:
            rows = scene.partners(row)
            for part in rows:
                part.quantity -= missing if part.quantity > 0 else -missing
            return scene.spoil("U2", rows, row.key, missing, "pack size in the master data too small")
    return None


def wrong_cross_reference(scene: Scene) -> Truth | None:
    """U3: the supplier's number points to another of our items."""
    for row, _ in scene.missed(Kind.PUTAWAY):
        other = scene.another_item(row.key, 1 << 62)
        if other is not None and scene.family(other) == scene.family(row.key):
            key, rows = row.key, scene.partners(row)
            for part in rows:
                part.key = replace(part.key, item=other.item, lot=other.lot)
            return scene.spoil("U3", rows, key, row.quantity, "supplier number points to another item", other)
    return None


def wrong_bill_of_material(scene: Scene) -> Truth | None:
    """U4: the bill of material asks three times what goes into the product."""
    for row in scene.strained(Kind.COMPONENT_ISSUE, factor=3):
        row.quantity *= 3
        row.entered_quantity *= 3
        return scene.spoil("U4", [row], row.key, -row.quantity // 3 * 2, "bill of material quantity too high")
    return None


def scrap_not_reported(scene: Scene) -> Truth | None:
    """P1: pieces were spoilt at the line and thrown away; the books still have them."""
    for row in scene.candidates(Kind.PRODUCTION_RECEIPT, incoming=True):
        lost = max(SCALE, row.quantity // 4 // SCALE * SCALE)
        scene.books.lose(row.key, lost, row.occurred_at + HOUR)
        return scene.spoil("P1", [row], row.key, -lost, "scrap at the line not reported")
    return None


def output_not_reported(scene: Scene) -> Truth | None:
    """P2: finished goods were put on the shelf without a report."""
    for row, _ in scene.missed(Kind.PRODUCTION_RECEIPT):
        row.booked = False
        return scene.spoil("P2", [row], row.key, row.quantity, "production output not reported")
    return None


def _twice(scene: Scene, rows: list[Draft], later: int) -> list[Draft]:
    return [scene.books.copy(row, recorded_at=row.recorded_at + later) for row in rows]


def order_reported_twice(scene: Scene) -> Truth | None:
    """P3: a production order was reported twice, components and all."""
    for row in scene.strained(Kind.COMPONENT_ISSUE):
        rows = _twice(scene, [part for part in scene.documents[row.document] if part.booked], 2 * HOUR)
        return scene.spoil("P3", [row, *rows], row.key, -row.quantity, "production order reported twice")
    return None


def substitution_not_recorded(scene: Scene) -> Truth | None:
    """P4: the line used another item than the bill of material, the books took the planned one."""
    for row in scene.candidates(Kind.COMPONENT_ISSUE, incoming=False):
        other = scene.another_item(row.key, -row.quantity)
        if other is not None:
            key, row.key = row.key, other
            return scene.spoil("P4", [row], other, -row.quantity, "another component was used", key)
    return None


def return_not_recorded(scene: Scene) -> Truth | None:
    """N1: a customer's return stands on the shelf, not in the books."""
    for row, _ in scene.missed(Kind.CUSTOMER_RETURN):
        row.booked = False
        return scene.spoil("N1", [row], row.key, row.quantity, "return not booked")
    return None


def wrong_condition(scene: Scene) -> Truth | None:
    """N2: a good return was booked as damaged and picked as available."""
    for row, _ in scene.missed(Kind.CUSTOMER_RETURN):
        key = row.key
        row.key = replace(key, status=StockStatus.DAMAGED.value)
        return scene.spoil("N2", [row], key, row.quantity, "return booked in the wrong condition")
    return None


def _lost(scene: Scene, cause: str, note: str) -> Truth | None:
    for row in scene.candidates(Kind.PUTAWAY, incoming=True):
        lost = min(scene.books.shelf[row.key], max(SCALE, row.quantity // 6 // SCALE * SCALE))
        if lost > 0:
            scene.books.lose(row.key, lost, row.occurred_at + HOUR)
            return scene.spoil(cause, [row], row.key, -lost, note)
    return None


def damaged_in_house(scene: Scene) -> Truth | None:
    """L1: broken on the way to the shelf and thrown away without a word."""
    return _lost(scene, "L1", "broken in house, not booked")


def expired(scene: Scene) -> Truth | None:
    """L3: thrown away at the end of its shelf life, not booked."""
    return _lost(scene, "L3", "expired, thrown away, not booked")


def shrink(scene: Scene) -> Truth | None:
    """L5: gone, nobody knows where."""
    return _lost(scene, "L5", "gone without a trace")


def _correct(scene: Scene, row: Draft, quantity: int, at: int, user: str) -> Draft:
    return scene.books.copy(
        row, quantity=quantity, kind=Kind.COUNT_CORRECTION, occurred_at=at, recorded_at=at + 3 * MINUTE,
        document=f"CC-{row.order:05d}", line="1", user=user, source="wms", entered_quantity=quantity,
        entered_unit=scene.items[row.key.item].item.base_unit,
    )  # fmt: skip


def _wrong_count(scene: Scene, cause: str, share: int, note: str) -> Truth | None:
    for row in scene.candidates(Kind.PICK, incoming=False):
        lowest = scene.lowest_after(row)
        wrong = max(SCALE, (lowest // share // SCALE + 1) * SCALE)
        rows = scene.keys[row.key]
        if lowest < wrong and rows[-1] is not row:
            made = _correct(scene, row, -wrong, row.recorded_at + 5 * MINUTE, "n.count")
            return scene.spoil(cause, [made], row.key, -wrong, note)
    return None


def miscount(scene: Scene) -> Truth | None:
    """C1: a layer behind the front row was not counted."""
    return _wrong_count(scene, "C1", 1, "counted too few and corrected the books")


def keying_error(scene: Scene) -> Truth | None:
    """C4: 12 counted, 1 typed."""
    return _wrong_count(scene, "C4", 1, "a digit was lost when the count was typed")


def wrong_location_counted(scene: Scene) -> Truth | None:
    """C3: the neighbouring bin was counted."""
    return _wrong_count(scene, "C3", 1, "the neighbouring bin was counted")


def cut_off(scene: Scene) -> Truth | None:
    """C2: picked goods had left the shelf but not the books when it was counted; the pick came after."""
    for row in scene.strained(Kind.PICK):
        counted = row.recorded_at - 30 * SECOND
        made = _correct(scene, row, row.quantity, counted, "n.count")
        made.recorded_at = counted
        return scene.spoil("C2", [made, row], row.key, row.quantity, "a pick in progress was corrected away")
    return None


def wrong_sign(scene: Scene) -> Truth | None:
    """S1: after an update the interface sent a receipt with the wrong sign."""
    for row, _ in scene.missed(Kind.PUTAWAY):
        quantity = row.quantity
        row.quantity, row.entered_quantity = -quantity, -row.entered_quantity
        return scene.spoil("S1", [row], row.key, 2 * quantity, "interface sent the wrong sign")
    return None


def duplicate_message(scene: Scene) -> Truth | None:
    """S2: a shipment message was delivered twice; the stage goes below zero."""
    for row in scene.candidates(Kind.PICK, incoming=False):
        rows = [part for part in scene.partners(row) if part.kind is Kind.SHIPMENT and scene.free(part.key)]
        if rows:
            again = _twice(scene, rows, 17 * MINUTE)
            return scene.spoil(
                "S2", [rows[0], *again], rows[0].key, -rows[0].quantity, "message delivered twice"
            )
    return None


def forced_below_zero(scene: Scene) -> Truth | None:
    """S3: the screen said none left; somebody forced the pick through."""
    for row in scene.candidates(Kind.PICK, incoming=False):
        if scene.keys[row.key][-1] is row:
            left = sum(part.quantity for part in scene.keys[row.key])
            more = max(SCALE, (left // SCALE + 3) * SCALE)
            forced = scene.books.copy(
                row, quantity=-more, occurred_at=row.occurred_at + HOUR, recorded_at=row.recorded_at + HOUR,
                override=True, document=scene.random.choice(("SO-RUSH-11", "SO-RUSH-12", "SO-RUSH-13")),
                entered_quantity=-more,
            )  # fmt: skip
            return scene.spoil("S3", [forced], row.key, -more, "forced past the stock check")
    return None


def opening_too_low(scene: Scene) -> Truth | None:
    """S4: the old system's balance was carried over too low."""
    for row in scene.candidates(Kind.OPENING, incoming=True):
        missing = row.quantity // 2 // SCALE * SCALE
        if scene.lowest_after(row) < missing:
            row.quantity -= missing
            row.entered_quantity = row.quantity
            return scene.spoil("S4", [row], row.key, missing, "opening balance carried over too low")
    return None


FAULTS: tuple[Fault, ...] = (
    case_for_piece,
    wrong_pack_size,
    wrong_cross_reference,
    wrong_bill_of_material,
    scrap_not_reported,
    output_not_reported,
    order_reported_twice,
    substitution_not_recorded,
    return_not_recorded,
    wrong_condition,
    damaged_in_house,
    expired,
    shrink,
    miscount,
    keying_error,
    wrong_location_counted,
    cut_off,
    wrong_sign,
    duplicate_message,
    forced_below_zero,
    opening_too_low,
)
