"""T: nothing is missing on the shelf; something was posted at the wrong time or in the wrong order."""

from __future__ import annotations

from zeroline.domain.instant import DAY, HOUR, MINUTE
from zeroline.domain.movement import MovementKind as Kind
from zeroline.simulator.books import Draft, Truth
from zeroline.simulator.faults.scene import Fault, Scene


def _record_after(rows: list[Draft], instant: int) -> None:
    for place, row in enumerate(sorted(rows, key=lambda row: (row.occurred_at, row.order))):
        row.recorded_at = max(row.recorded_at, instant + place * MINUTE)


def receipt_posted_late(scene: Scene) -> Truth | None:
    """T1: the goods were put away and picked before anybody posted the receipt."""
    for row, crossing in scene.missed(Kind.PUTAWAY):
        if crossing.recorded_at - row.recorded_at < 40 * DAY:
            rows = scene.partners(row)
            _record_after(rows, crossing.recorded_at + scene.hours(3, 30))
            return scene.spoil("T1", rows, row.key, row.quantity, "receipt posted after the picks")
    return None


def issue_before_receipt(scene: Scene) -> Truth | None:
    """T2: within minutes, the pick reached the books before the putaway it drew on."""
    for row, crossing in scene.missed(Kind.PUTAWAY):
        if crossing.occurred_at - row.occurred_at < 12 * HOUR:
            _record_after([row], crossing.recorded_at + scene.random.randrange(1, 9) * MINUTE)
            return scene.spoil("T2", [row], row.key, row.quantity, "issue posted minutes before its receipt")
    return None


def transfer_leg_late(scene: Scene) -> Truth | None:
    """T3: the receiving end confirmed the transfer a day after it began to pick from it."""
    for row, crossing in scene.missed(Kind.TRANSFER_IN):
        _record_after([row], crossing.recorded_at + scene.hours(5, 40))
        return scene.spoil("T3", [row], row.key, row.quantity, "incoming leg of a transfer confirmed late")
    return None


def backflush_before_supply(scene: Scene) -> Truth | None:
    """T4: production consumed at once; the supply it used was posted at the end of the shift."""
    for row, crossing in scene.missed(Kind.PUTAWAY, Kind.TRANSFER_IN, Kind.PRODUCTION_RECEIPT):
        if crossing.kind is Kind.COMPONENT_ISSUE:
            _record_after([row], crossing.recorded_at + scene.hours(4, 9))
            return scene.spoil("T4", [row], row.key, row.quantity, "component issue before its supply")
    return None


def back_dated_document(scene: Scene) -> Truth | None:
    """T5: a receipt was cancelled and entered again two days later with its old date."""
    for row, crossing in scene.missed(Kind.PUTAWAY):
        again = crossing.recorded_at + scene.hours(20, 50)
        reverse = scene.books.copy(
            row, quantity=-row.quantity, recorded_at=row.recorded_at + 5 * MINUTE, occurred_at=row.occurred_at
        )
        entered = scene.books.copy(row, recorded_at=again)
        return scene.spoil(
            "T5", [row, reverse, entered], row.key, row.quantity, "receipt cancelled, entered later"
        )
    return None


def interface_delayed(scene: Scene) -> Truth | None:
    """T6: for some hours one interface kept its receipts back; putaway went on against empty docks."""
    receipts = sorted(
        (
            draft
            for draft in scene.books.drafts
            if draft.kind is Kind.RECEIPT
            and draft.occurred_at > scene.ends_at - 40 * DAY
            and scene.free(draft.key)
        ),
        key=lambda draft: draft.occurred_at,
    )
    if not receipts:
        return None
    first = scene.random.choice(receipts)
    held = [row for row in receipts if 0 <= row.occurred_at - first.occurred_at < 2 * HOUR]
    for row in held:
        row.recorded_at = first.occurred_at + 9 * HOUR + scene.random.randrange(1, 600) * 1_000_000
    return scene.spoil("T6", held, first.key, first.quantity, "interface kept its messages back for hours")


FAULTS: tuple[Fault, ...] = (
    receipt_posted_late,
    issue_before_receipt,
    transfer_leg_late,
    backflush_before_supply,
    back_dated_document,
    interface_delayed,
)
