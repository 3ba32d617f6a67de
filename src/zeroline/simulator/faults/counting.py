"""C: a count was wrong and the books followed it."""

from __future__ import annotations

from collections.abc import Callable

from zeroline.domain.instant import DAY, MINUTE, SECOND
from zeroline.domain.movement import MovementKind as Kind
from zeroline.domain.quantity import SCALE
from zeroline.domain.stock import StockKey
from zeroline.simulator.answers import Committed
from zeroline.simulator.books import Draft
from zeroline.simulator.faults.scene import Fault, Scene


def _miscounted(
    scene: Scene, cause: str, note: str, counted: Callable[[StockKey, int, int], int | None]
) -> Committed | None:
    """Count a bin wrong: ``counted`` answers what was written for (key, instant, what lies there)."""
    for row in scene.candidates(Kind.PICK, Kind.PUTAWAY, Kind.RECEIPT, incoming=False):
        key, at = row.key, row.recorded_at + scene.span(0.2, 20)
        if not scene.quiet(key, at):
            continue
        lies = scene.books.lay_at(key, at)
        wrote = counted(key, at, lies)
        if wrote is None or wrote == lies:
            continue
        made = scene.count(key, at, wrote)
        if scene.shows() or (wrote > lies and scene.random.random() < 0.2):
            again = None
            if wrote > lies or scene.random.random() < 0.6:
                crossing = scene.crossing(key)
                again = scene.reveal(key, crossing.recorded_at if crossing else at + DAY, 10, 300)
            if wrote < lies or again is not None:
                return scene.commit(cause, key, lies - wrote, [made], note)
        scene.undo()
    return None


def miscount(scene: Scene) -> Committed | None:
    """C1: a layer behind the front row was not counted; a later recount restores it."""

    def missed_some(key: StockKey, at: int, lies: int) -> int | None:
        layer = scene.random.choice((1, 1, 2, 3)) * max(2, scene.item(key).case_size // 2)
        wrote = lies - (layer + scene.random.randrange(0, 3)) * SCALE
        return wrote if wrote > 0 else None

    return _miscounted(scene, "C1", "counted too few and corrected the books", missed_some)


def keying_error(scene: Scene) -> Committed | None:
    """C4: the count was right and typed wrong: a digit lost, twice, or two swapped."""

    def typed(key: StockKey, at: int, lies: int) -> int | None:
        return scene.mistyped(lies) if lies >= 10 * SCALE else None

    return _miscounted(scene, "C4", "the count was typed wrong", typed)


def neighbour_counted(scene: Scene) -> Committed | None:
    """C3: the neighbouring bin was counted in place of this one, often this one in place of that."""
    for row in scene.candidates(Kind.PICK, Kind.PUTAWAY, Kind.RECEIPT, incoming=False):
        key, at = row.key, row.recorded_at + scene.span(0.2, 20)
        lies = scene.books.lay_at(key, at)
        for other in scene.beside(key):
            there = scene.books.lay_at(other, at)
            if there <= 0 or there == lies or not scene.quiet(key, at) or not scene.quiet(other, at):
                continue
            made = [scene.count(key, at, there)]
            if scene.random.random() < 0.6:
                after = at + scene.minutes(1, 6)
                if scene.quiet(other, after) and scene.books.lay_at(other, after) == there:
                    made.append(scene.count(other, after, lies))
                    scene.change(made[1], document=made[0].document, user=made[0].user)
            if scene.shows():
                crossing = scene.crossing(key)
                if crossing is not None and scene.random.random() < 0.4:
                    scene.reveal(key, crossing.recorded_at, 10, 300)
                return scene.commit("C3", key, lies - there, made, "the neighbouring bin was counted")
            scene.undo()
    return None


def cut_off(scene: Scene) -> Committed | None:
    """C2: goods of a pick in progress had left the shelf but not the books when it was counted."""
    for row in scene.strained(Kind.PICK):
        later = row.recorded_at + scene.minutes(6, 45)
        counted = row.occurred_at + (later - row.occurred_at) * scene.random.randrange(3, 8) // 10
        counted -= counted % SECOND
        others = [part for part in scene.pages.rows(row.key) if part is not row]
        if any((part.occurred_at <= counted) != (part.recorded_at <= counted) for part in others):
            continue
        for part in scene.message(row):
            scene.change(part, recorded_at=later)
        lag = scene.random.randrange(60, max(61, (later - counted) // SECOND)) * SECOND
        if scene.random.random() < 0.25:
            lag += 20 * MINUTE
        made: Draft = scene.count(row.key, counted, scene.books.lay_at(row.key, counted), lag)
        below = [key for key in scene.crossed() if key != row.key]
        if scene.shows() and not below:
            return scene.commit(
                "C2", row.key, -row.quantity, [made, row], "a pick in progress was corrected away"
            )
        scene.undo()
    return None


FAULTS: tuple[Fault, ...] = (
    miscount,
    keying_error,
    neighbour_counted,
    cut_off,
)
