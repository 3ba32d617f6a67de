"""M: goods lie elsewhere, or otherwise, than the books say."""

from __future__ import annotations

from dataclasses import replace

from zeroline.domain.movement import MovementKind as Kind
from zeroline.domain.stock import StockKey, StockStatus
from zeroline.simulator.answers import Committed
from zeroline.simulator.faults.scene import Fault, Scene


def misplaced(scene: Scene) -> Committed | None:
    """M1: stood in a bin where the books never had it, and was picked from there."""
    for row in scene.candidates(Kind.PICK, incoming=False):
        near = scene.neighbours(row.key.location, 6)
        other = replace(row.key, location=scene.random.choice(near))
        if not scene.pages.rows(other) and scene.free(other):
            scene.change(row, key=other)
            return scene.commit("M1", other, -row.quantity, [row], "stood where the books never had it")
    return None


def found(scene: Scene) -> Committed | None:
    """M1: a count finds stock in a bin where the books never had it."""
    for row in scene.candidates(Kind.PICK, Kind.PUTAWAY, incoming=False):
        near = scene.neighbours(row.key.location, 6)
        key, other = row.key, replace(row.key, location=scene.random.choice(near))
        amount = scene.part(row.quantity, 1, 3) if row.quantity > 0 else scene.part(-row.quantity, 1, 3)
        if scene.pages.rows(other) or not scene.free(other):
            continue
        moved = scene.happen(key, -amount, row.occurred_at) and scene.happen(other, amount, row.occurred_at)
        if moved and scene.reveal(other, row.occurred_at, 24, 400):
            if scene.random.random() < 0.5:
                scene.reveal(key, row.occurred_at, 24, 400)
            return scene.commit("M1", other, amount, [], "found where the books never had it")
        scene.undo()
    return None


def moved_unrecorded(scene: Scene) -> Committed | None:
    """M2: moved from bin to bin without a booking, then picked several times from the new bin."""
    for row, _ in scene.missed(Kind.TRANSFER_IN):
        paper, rows = scene.paper(row), scene.job(row)
        if paper is None or len(rows) != 2 or rows[0].key.location[0] != rows[1].key.location[0]:
            continue
        for part in rows:
            scene.drop(part)
        if _picks_below_zero(scene, row.key) >= 2:
            paper.lost = scene.random.random() < 0.4  # else the move was ordered, and stays open
            return scene.commit("M2", row.key, row.quantity, rows, "moved without a booking")
        scene.undo()
    return None


def picked_from_new_bin(scene: Scene) -> Committed | None:
    """M2: what was left of a bin was moved to another one unseen; all later picks came from there."""
    for row in scene.candidates(Kind.PICK, incoming=False):
        key = row.key
        later = [
            part
            for part in scene.pages.rows(key)
            if part.kind is Kind.PICK and part.recorded_at >= row.recorded_at and scene.untouched(part)
        ][: scene.random.randrange(3, 9)]
        others = scene.other_bins(key)
        if len(later) < 3 or not others:
            continue
        for part in later:
            scene.change(part, key=others[0])
        if _picks_below_zero(scene, others[0]) >= 2:
            quantity = -sum(part.quantity for part in later)
            return scene.commit("M2", others[0], quantity, later, "moved without a booking")
        scene.undo()
    return None


def _picks_below_zero(scene: Scene, key: StockKey) -> int:
    balance = picks = 0
    for row in scene.pages.rows(key):
        balance += row.quantity
        picks += balance < 0 and row.kind in (Kind.PICK, Kind.COMPONENT_ISSUE)
    return picks


def wrong_bin_putaway(scene: Scene) -> Committed | None:
    """M3: booked on the bin that was proposed, put on another one."""
    for row, _ in scene.missed(Kind.PUTAWAY):
        others = scene.other_bins(row.key)
        paper = scene.paper(row)
        if others and paper is not None and paper.kind == "receipt":
            key, other = row.key, others[0]
            scene.change(row, key=other)
            if scene.shows():
                return scene.commit("M3", key, row.quantity, [row], "put away on another bin than booked")
            scene.undo()
    return None


def wrong_status(scene: Scene) -> Committed | None:
    """M4: put away as on hold or in quarantine though released, then picked as available."""
    for row, _ in scene.missed(Kind.PUTAWAY, Kind.RECEIPT):
        paper = scene.paper(row)
        if paper is None or paper.kind != "receipt":
            continue
        key = row.key
        status = scene.random.choice((StockStatus.ON_HOLD, StockStatus.ON_HOLD, StockStatus.QUARANTINE))
        scene.change(row, key=replace(key, status=status.value))
        if scene.shows():
            return scene.commit("M4", key, row.quantity, [row], "booked as blocked, picked as available")
        scene.undo()
    return None


FAULTS: tuple[Fault, ...] = (
    misplaced,
    found,
    moved_unrecorded,
    picked_from_new_bin,
    wrong_bin_putaway,
    wrong_status,
)
