"""What no single cause explains: no trace at all, two faults on one key, a fault and its wrong fix."""

from __future__ import annotations

from zeroline.domain.instant import DAY
from zeroline.domain.movement import MovementKind as Kind
from zeroline.simulator.answers import Committed
from zeroline.simulator.faults import keeping, master, picking, receiving
from zeroline.simulator.faults.scene import Fault, Scene
from zeroline.simulator.faults.systems import order_beyond_the_books

_FIRST: tuple[Fault, ...] = (
    receiving.short_booking,
    receiving.receipt_not_recorded,
    master.piece_for_case,
    keeping.return_not_recorded,
)
_SECOND: tuple[Fault, ...] = (picking.pick_confirmed_twice, picking.mistyped_pick, master.case_for_piece)


def stock_nobody_booked(scene: Scene) -> Committed | None:
    """No cause: a delivery stands on the shelf that nobody ever booked and no document knows."""
    for row, _ in scene.missed(Kind.PUTAWAY, Kind.RECEIPT):
        paper, rows = scene.paper(row), scene.job(row)
        if paper is None or paper.kind != "receipt":
            continue
        for part in rows:
            scene.drop(part)
        if scene.shows():
            paper.quantity -= row.quantity
            paper.lost = paper.quantity <= 0
            return scene.commit("", row.key, row.quantity, [], "stock that no book and no document knows")
        scene.undo()
    return None


def sold_beyond_the_books(scene: Scene) -> Committed | None:
    """No cause: an ordinary order took more than the books have; where the rest came from nobody knows."""
    found = order_beyond_the_books(scene, forced=False)
    if found is None:
        return None
    pick, wanted, _ = found
    return scene.commit("", pick.key, wanted, [], "stock that no book and no document knows")


def corrected_then_late(scene: Scene) -> Committed | None:
    """T1 and its wrong fix: a correction lifted the negative, then the late receipt arrived too."""
    for row, crossing in scene.missed(Kind.PUTAWAY, Kind.RECEIPT):
        if crossing.kind is Kind.COMPONENT_ISSUE or crossing.recorded_at - row.recorded_at > 3 * DAY:
            continue
        fixed = crossing.recorded_at + scene.span(2, 30)
        late = scene.daytime(fixed + scene.span(3, 60))
        rows = scene.job(row)
        scene.postpone(rows, late)
        short = -scene.pages.balance(row.key, fixed)
        if short > 0 and scene.shows():
            pending = [
                part
                for part in scene.pages.rows(row.key)
                if part not in rows and (part.occurred_at <= fixed) != (part.recorded_at <= fixed)
            ]
            if not pending:
                fix = scene.count(row.key, fixed, scene.books.lay_at(row.key, fixed))
                scene.reveal(row.key, late + DAY, 2, 200)
                note = "receipt late; a correction lifted the negative before it came"
                return scene.commit("T1", row.key, row.quantity, [*rows, fix], note)
        scene.undo()
    return None


def inject_pair(scene: Scene) -> list[Committed]:
    """Two faults of different kinds that overlap on one key."""
    for _ in range(12):
        first = scene.random.choice(_FIRST)(scene)
        if first is None:
            continue
        scene.focus = first.key
        second = scene.random.choice(_SECOND)(scene)
        scene.focus = None
        return [first] if second is None else [first, second]
    return []


FAULTS: tuple[Fault, ...] = (stock_nobody_booked, sold_beyond_the_books, corrected_then_late)
