"""The truth of a simulation, kept apart: what each fault was, and which trouble in the books is its."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from zeroline.domain.movement import MovementKind
from zeroline.domain.stock import StockKey
from zeroline.simulator.books import Draft, Moment


@dataclass(frozen=True, slots=True)
class Symptom:
    """Where trouble shows. ``at`` is when its row was recorded.

    'negative': a stretch below zero; ``reference`` is the movement that crossed zero, ``quantity`` the
    balance then. 'variance': a count that found something; ``reference`` is the count correction,
    ``quantity`` its own.
    """

    kind: str
    key: StockKey
    at: int
    reference: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Truth:
    """One fault. ``cause`` '' where nothing in the data tells.

    ``quantity``: what the books lack (+) or have too much (−) at ``key``. ``references``: the rows it spoilt,
    copied or left lonely, as far as they are in the books. ``causes``: with those of other faults in the same
    symptoms.
    """

    cause: str
    key: StockKey
    quantity: int
    references: tuple[str, ...]
    note: str
    symptoms: tuple[Symptom, ...] = ()
    causes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """A symptom with the causes of the faults behind it; none for a count that found ordinary noise.

    ``truths`` are their places in ``Simulation.truths``.
    """

    symptom: Symptom
    causes: tuple[str, ...]
    truths: tuple[int, ...]


@dataclass(slots=True, eq=False)
class Committed:
    """A fault while the books are still written. ``log``: what it changed in the books, row by row."""

    cause: str
    key: StockKey
    quantity: int
    rows: list[Draft]
    note: str
    log: list[tuple[StockKey, Moment, int]]
    counts: list[Draft] = field(default_factory=list)

    def touched(self) -> set[StockKey]:
        """All keys whose books it changed."""
        return {key for key, _, _ in self.log}

    def effect(self, key: StockKey, moment: Moment) -> int:
        """By how much it has changed a key's balance at a moment."""
        return sum(quantity for name, at, quantity in self.log if name == key and at <= moment)


_NOTHING = Answer(Symptom("", StockKey("", ""), 0, "", 0), (), ())


def answer(
    committed: Sequence[Committed], rows: Sequence[Draft]
) -> tuple[tuple[Truth, ...], tuple[Answer, ...]]:
    """What was really wrong, from the rows in book order as they were numbered."""
    by_key: dict[StockKey, list[int]] = defaultdict(list)
    for place, fault in enumerate(committed):
        for key in fault.touched():
            by_key[key].append(place)
    counted: dict[int, list[int]] = defaultdict(list)
    for place, fault in enumerate(committed):
        for row in fault.counts:
            counted[row.order].append(place)
    answers: list[Answer] = []
    balances: dict[StockKey, int] = defaultdict(int)
    below: dict[StockKey, _Stretch] = {}
    stretches: list[tuple[int, _Stretch]] = []
    for row in rows:
        before = balances[row.key]
        after = balances[row.key] = before + row.quantity
        if after < 0 <= before:
            below[row.key] = _Stretch(row, after, row, after)
            stretches.append((len(answers), below[row.key]))
            answers.append(_NOTHING)
        elif after < 0 and after < below[row.key].depth:
            below[row.key].lowest, below[row.key].depth = row, after
        if row.kind is MovementKind.COUNT_CORRECTION and row.quantity:
            symptom = Symptom("variance", row.key, row.recorded_at, row.reference, row.quantity)
            answers.append(_answer(symptom, counted.get(row.order, []), committed))
    for place, stretch in stretches:
        row = stretch.crossing
        symptom = Symptom("negative", row.key, row.recorded_at, row.reference, stretch.balance)
        answers[place] = _answer(symptom, _guilty(committed, by_key.get(row.key, []), stretch), committed)
    shown: dict[int, list[Answer]] = defaultdict(list)
    for found in answers:
        for place in found.truths:
            shown[place].append(found)
    truths = tuple(
        Truth(
            fault.cause,
            fault.key,
            fault.quantity,
            tuple(row.reference for row in fault.rows if row.booked and row.reference),
            fault.note,
            tuple(found.symptom for found in shown[place]),
            tuple(dict.fromkeys([fault.cause, *(name for found in shown[place] for name in found.causes)])),
        )
        for place, fault in enumerate(committed)
    )
    return truths, tuple(answers)


@dataclass(slots=True)
class _Stretch:
    """A stretch below zero: the row that crossed zero with the balance then, and the lowest with its own."""

    crossing: Draft
    balance: int
    lowest: Draft
    depth: int


def _guilty(committed: Sequence[Committed], places: list[int], stretch: _Stretch) -> list[int]:
    """Those without which it would not have crossed (all that lowered it where none alone did), then those
    that make a fifth or more of its depth."""
    row, low = stretch.crossing, stretch.lowest
    lowered = {place: committed[place].effect(row.key, row.moment) for place in places}
    lowered = {place: effect for place, effect in lowered.items() if effect < 0}
    crossed = [place for place, effect in lowered.items() if stretch.balance - effect >= 0] or list(lowered)
    deep = [
        place
        for place in places
        if place not in crossed and committed[place].effect(low.key, low.moment) * 5 <= stretch.depth
    ]
    return crossed + deep


def _answer(symptom: Symptom, places: list[int], committed: Sequence[Committed]) -> Answer:
    causes = tuple(dict.fromkeys(committed[place].cause for place in places))
    return Answer(symptom, causes, tuple(places))
