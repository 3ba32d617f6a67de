"""R, K and M: goods were received, picked or put away other than the books say."""

from __future__ import annotations

from dataclasses import replace

from zeroline.domain.instant import MINUTE, SECOND
from zeroline.domain.movement import MovementKind as Kind
from zeroline.domain.quantity import SCALE
from zeroline.domain.stock import StockStatus
from zeroline.simulator.books import Truth
from zeroline.simulator.faults.scene import Fault, Scene


def short_booking(scene: Scene) -> Truth | None:
    """R1: more came than was booked in."""
    for row, _ in scene.missed(Kind.PUTAWAY):
        missing = row.quantity // 2 // SCALE * SCALE
        if missing > 0 and scene.lowest_after(row) < missing:
            rows = scene.partners(row)
            for part in rows:
                part.quantity -= missing if part.quantity > 0 else -missing
                part.entered_quantity = part.quantity
                part.entered_unit = scene.items[row.key.item].item.base_unit
            return scene.spoil("R1", rows, row.key, missing, "more received than booked")
    return None


def wrong_item_received(scene: Scene) -> Truth | None:
    """R2: booked in as another item of the same delivery."""
    for row, _ in scene.missed(Kind.PUTAWAY):
        other = scene.another_item(row.key, 1 << 62)
        if other is None:
            continue
        rows, key = scene.partners(row), row.key
        for part in rows:
            at = other.location if part is row else part.key.location
            part.key = replace(part.key, item=other.item, location=at, lot=other.lot)
        return scene.spoil("R2", rows, key, row.quantity, "received as another item", other)
    return None


def wrong_bin_received(scene: Scene) -> Truth | None:
    """R3: put away on one bin, booked on its neighbour, and picked from where it lies."""
    for row, _ in scene.missed(Kind.PUTAWAY):
        other = scene.another_bin(row.key)
        if other is not None:
            key, row.key = row.key, other
            return scene.spoil("R3", [row], key, row.quantity, "booked into another bin", other)
    return None


def receipt_not_recorded(scene: Scene) -> Truth | None:
    """R4: the delivery was never booked at all."""
    for row, _ in scene.missed(Kind.PUTAWAY):
        rows = scene.partners(row)
        for part in rows:
            part.booked = False
        return scene.spoil("R4", rows, row.key, row.quantity, "receipt never booked")
    return None


def duplicate_receipt(scene: Scene) -> Truth | None:
    """R5: the delivery was booked twice; the books promise goods that are not there."""
    for row in scene.candidates(Kind.PUTAWAY, incoming=True):
        later = scene.hours(1, 6)
        rows = [scene.books.copy(part, recorded_at=part.recorded_at + later) for part in scene.partners(row)]
        return scene.spoil("R5", rows, row.key, row.quantity, "receipt booked twice")
    return None


def wrong_item_picked(scene: Scene) -> Truth | None:
    """K1: the pick was confirmed on another item than the one taken."""
    for row in scene.candidates(Kind.PICK, incoming=False):
        other = scene.another_item(row.key, -row.quantity)
        if other is not None:
            key, row.key = row.key, other
            return scene.spoil("K1", [row], other, -row.quantity, "another item was taken", key)
    return None


def other_bin_picked(scene: Scene) -> Truth | None:
    """K2: taken from the second bin, confirmed on the first."""
    for row in scene.candidates(Kind.PICK, incoming=False):
        other = scene.another_bin(row.key)
        if other is None or other not in scene.keys:
            continue
        before = sum(r.quantity for r in scene.keys[other] if r.recorded_at <= row.recorded_at)
        if before + row.quantity < 0:
            key, row.key = row.key, other
            return scene.spoil("K2", [row], other, -row.quantity, "taken from another bin", key)
    return None


def over_pick(scene: Scene) -> Truth | None:
    """K3: 30 typed where 3 were taken."""
    for row in scene.strained(Kind.PICK, factor=10):
        rows = scene.partners(row)
        for part in rows:
            if part.kind is Kind.PICK:
                part.quantity *= 10
                part.entered_quantity *= 10
        return scene.spoil("K3", [row], row.key, -row.quantity, "quantity typed ten times too high")
    return None


def shipped_not_recorded(scene: Scene) -> Truth | None:
    """K4: it left the building, the books keep it on the stage."""
    for row in scene.candidates(Kind.PICK, incoming=False):
        rows = [part for part in scene.partners(row) if part.kind is Kind.SHIPMENT]
        if rows:
            rows[0].booked = False
            return scene.spoil("K4", rows, rows[0].key, rows[0].quantity, "shipment never confirmed")
    return None


def pick_confirmed_twice(scene: Scene) -> Truth | None:
    """K5: the same confirmation was sent again seconds later."""
    for row in scene.strained(Kind.PICK):
        rows = [
            scene.books.copy(part, recorded_at=part.recorded_at + scene.random.randrange(2, 40) * SECOND)
            for part in scene.partners(row)
            if part.kind is Kind.PICK
        ]
        return scene.spoil("K5", [row, *rows], row.key, -row.quantity, "pick confirmed twice")
    return None


def misplaced(scene: Scene) -> Truth | None:
    """M1: stood on the wrong shelf, was found and picked from there."""
    for row in scene.candidates(Kind.PICK, incoming=False):
        other = scene.another_bin(row.key)
        if other is not None and other not in scene.keys and scene.books.shelf[other] == 0:
            key, row.key = row.key, other
            return scene.spoil("M1", [row], other, -row.quantity, "found where the books have none", key)
    return None


def unrecorded_move(scene: Scene) -> Truth | None:
    """M2: moved from bin to bin without telling the books."""
    for row, _ in scene.missed(Kind.TRANSFER_IN):
        rows = scene.partners(row)
        for part in rows:
            part.booked = False
        return scene.spoil("M2", rows, row.key, row.quantity, "moved without a booking")
    return None


def wrong_bin_putaway(scene: Scene) -> Truth | None:
    """M3: booked on the bin that was proposed, put on another one."""
    for row, crossing in scene.missed(Kind.PUTAWAY):
        other = scene.another_bin(row.key)
        if other is not None and crossing.recorded_at - row.recorded_at > MINUTE:
            key, row.key = row.key, other
            return scene.spoil("M3", [row], key, row.quantity, "put away on another bin than booked", other)
    return None


def wrong_status(scene: Scene) -> Truth | None:
    """M4: put away as on hold though released, then picked as available."""
    for row, _ in scene.missed(Kind.PUTAWAY):
        key = row.key
        row.key = replace(key, status=StockStatus.ON_HOLD.value)
        return scene.spoil("M4", [row], key, row.quantity, "booked on hold, picked as available")
    return None


FAULTS: tuple[Fault, ...] = (
    short_booking,
    wrong_item_received,
    wrong_bin_received,
    receipt_not_recorded,
    duplicate_receipt,
    wrong_item_picked,
    other_bin_picked,
    over_pick,
    shipped_not_recorded,
    pick_confirmed_twice,
    misplaced,
    unrecorded_move,
    wrong_bin_putaway,
    wrong_status,
)
