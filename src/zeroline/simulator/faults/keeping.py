"""N and L: what came back, what broke, expired or went."""

from __future__ import annotations

from dataclasses import replace

from zeroline.domain.movement import MovementKind as Kind
from zeroline.domain.quantity import SCALE
from zeroline.domain.stock import StockStatus
from zeroline.simulator.answers import Committed
from zeroline.simulator.faults.scene import Fault, Scene


def return_not_recorded(scene: Scene) -> Committed | None:
    """N1: a customer's return stands on the shelf, not in the books; its document stays open."""
    for row, _ in scene.missed(Kind.CUSTOMER_RETURN, Kind.PUTAWAY):
        paper = scene.paper(row)
        if paper is None or paper.kind != "return":
            continue
        rows = scene.job(row)
        for part in rows:
            scene.drop(part)
        if scene.shows():
            return scene.commit("N1", row.key, row.quantity, rows, "return not booked")
        scene.undo()
    return None


def wrong_condition(scene: Scene) -> Committed | None:
    """N2: a good return was booked as damaged or quarantined and picked as available."""
    for row, _ in scene.missed(Kind.CUSTOMER_RETURN, Kind.PUTAWAY):
        paper = scene.paper(row)
        if paper is None or paper.kind != "return":
            continue
        key = row.key
        status = scene.random.choice((StockStatus.DAMAGED, StockStatus.QUARANTINE, StockStatus.ON_HOLD))
        scene.change(row, key=replace(key, status=status.value))
        if scene.shows():
            return scene.commit("N2", key, row.quantity, [row], "return booked in the wrong condition")
        scene.undo()
    return None


def damaged_in_house(scene: Scene) -> Committed | None:
    """L1: an accident broke more than was booked as scrap that day in the same bin."""
    for row in scene.candidates(Kind.SCRAP, incoming=False):
        lost = scene.random.randrange(2, 13) * SCALE
        gone = scene.happen(row.key, -lost, row.occurred_at)
        if gone and scene.reveal(row.key, row.recorded_at, 2, 90):
            return scene.commit("L1", row.key, -lost, [row], "broken in house, only part of it booked")
        scene.undo()
    return None


def expired(scene: Scene) -> Committed | None:
    """L3: a lot past its date was thrown away unbooked; newer lots are picked, a count finds none of it."""
    for row in scene.candidates(Kind.SCRAP, incoming=False):
        if not row.key.lot or scene.pages.balance(row.key, row.recorded_at) != 0 or row.quantity > -3 * SCALE:
            continue
        scene.drop(row)
        if scene.reveal(row.key, row.recorded_at, 10, 400):
            return scene.commit("L3", row.key, row.quantity, [], "expired, thrown away, not booked")
        scene.undo()
    return None


def shrink(scene: Scene) -> Committed | None:
    """L5: gone without a trace; a count finds it."""
    for row in scene.candidates(
        Kind.PICK, Kind.PUTAWAY, Kind.RECEIPT, Kind.PRODUCTION_RECEIPT, incoming=False
    ):
        lies = scene.books.lay_at(row.key, row.occurred_at)
        lost = scene.part(lies, 0.1, 0.6)
        gone = lost >= 4 * SCALE and scene.happen(row.key, -lost, row.occurred_at + scene.span(1, 30))
        if gone and scene.reveal(row.key, row.recorded_at, 60, 500):
            return scene.commit("L5", row.key, -lost, [], "gone without a trace")
        scene.undo()
    return None


FAULTS: tuple[Fault, ...] = (
    return_not_recorded,
    wrong_condition,
    damaged_in_house,
    expired,
    shrink,
)
