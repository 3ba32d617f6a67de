"""C: the shelf was right and the count was wrong; the correction took away stock that is there."""

from __future__ import annotations

from collections.abc import Iterator

from zeroline.domain.diagnosis.hypothesis import Evidence, Finding, Settle
from zeroline.domain.diagnosis.neighbourhood import CORRECTIONS, Neighbourhood, Row
from zeroline.domain.diagnosis.slips import slip
from zeroline.domain.diagnosis.traces import (
    WrongCount,
    fit,
    movement,
    nearly,
    outgoing,
    stock,
    wrong_counts,
)
from zeroline.domain.instant import DAY, HOUR
from zeroline.domain.movement import MovementKind as Kind
from zeroline.domain.quantity import SCALE


def _wrong(n: Neighbourhood) -> tuple[WrongCount, ...]:
    """The corrections in doubt: those before an episode; of a variance the one that it undoes just now, or
    else the one that showed it."""
    if n.is_episode:
        return wrong_counts(n)
    row = n.crossing
    if row is None or row.kind not in CORRECTIONS:
        return ()
    rows, balances = n.here.rows, n.here.balances
    undone = next(
        (
            place
            for place in range(n.crossing_place - 1, -1, -1)
            if rows[place].kind in CORRECTIONS and rows[place].quantity == -row.quantity
        ),
        n.crossing_place,
    )
    counted = balances[undone]
    return (WrongCount(rows[undone], counted - rows[undone].quantity, counted),)


def _undoes(n: Neighbourhood, wrong: WrongCount) -> int:
    """The part of the shortage that the wrong correction made."""
    itself = not n.is_episode and wrong.row is n.crossing
    return wrong.row.quantity if itself else -wrong.row.quantity


def _found_again(n: Neighbourhood, wrong: WrongCount) -> Row | None:
    """A later correction that undoes this one, but for a twentieth."""
    return next(
        (
            row
            for row in n.here.rows
            if row.kind in CORRECTIONS
            and row.recorded > wrong.row.recorded
            and abs(row.quantity + wrong.row.quantity) * 20 <= abs(wrong.row.quantity)
        ),
        None,
    )


def _fit(n: Neighbourhood, wrong: WrongCount) -> float:
    """What a wrong count explains against what the next one found: hardly ever is nothing else booked wrongly
    in between, so that a twentieth more or less is as good."""
    explained = _undoes(n, wrong)
    return fit(n, n.missing if nearly(n, explained) else explained)


def _counted(wrong: WrongCount) -> Evidence:
    return movement(
        wrong.row, "counted-too-little", expected_quantity=wrong.expected, counted_quantity=wrong.counted
    )


def _base(n: Neighbourhood, wrong: WrongCount) -> float:
    """How strongly a correction is in doubt: the book fell below zero soon after it, or it was undone; the
    count itself less, where just what it missed was on its way."""
    return _doubt(n, wrong) - (2.5 if _in_progress(n, wrong) else 0.0)


def _doubt(n: Neighbourhood, wrong: WrongCount) -> float:
    if not n.is_episode:
        fell = min((b for b in n.here.balances[n.crossing_place :]), default=0)
        taken = wrong.row.quantity < 0 and wrong.row.quantity <= fell < 0
        undone = _found_again(n, wrong) is not None or _counted_again(n, wrong)
        if undone:
            return 4.4 if abs(wrong.row.quantity) > 2 * SCALE else 1.4
        return 3.4 if taken else 0.0
    age = n.subject.at - wrong.row.recorded
    counted = wrong.row.kind == Kind.COUNT_CORRECTION
    return (
        2.5
        + (0.8 if age <= 10 * DAY else 0.0 if age <= 30 * DAY else -0.6)
        + (0.4 if counted else -0.4)
        + (1.8 if _found_again(n, wrong) is not None or _counted_again(n, wrong) else 0.0)
    )


def _counted_again(n: Neighbourhood, wrong: WrongCount) -> bool:
    """Whether a count of Zeroline's own found again what this one missed."""
    return any(
        c.key == n.here.key and c.at > wrong.row.recorded and c.counted - c.expected == -wrong.row.quantity
        for c in n.counts
    )


def miscounted(n: Neighbourhood) -> Iterator[Finding]:
    """C1: too little was counted; a later count finds it again."""
    for wrong in _wrong(n)[:2]:
        later = _found_again(n, wrong)
        strength = _base(n, wrong)
        evidence = [
            _counted(wrong),
        ]
        evidence += [movement(later, "found-again")] if later is not None else []
        yield Finding(
            "C1",
            strength + (_fit(n, wrong) if n.is_episode else 0.0),
            _undoes(n, wrong),
            tuple(evidence),
            settle=Settle("count-here", {"location": n.here.location}),
            lift=((wrong.row.seq, wrong.row.recorded, 0),),
        )


def _in_progress(n: Neighbourhood, wrong: WrongCount) -> bool:
    """Whether just what the count missed had happened before it and was booked after it."""
    row = wrong.row
    return any(
        r.quantity == row.quantity and r.timed and r.occurred <= row.occurred and r.recorded > row.recorded
        for r in n.here.rows
        if r.kind not in CORRECTIONS
    )


def cut_off(n: Neighbourhood) -> Iterator[Finding]:
    """C2: a pick had left the shelf but not the book when it was counted; its booking came after."""
    for wrong in _wrong(n)[:3]:
        row = wrong.row
        for other in n.here.rows:
            if not outgoing(other) or other.quantity != row.quantity:
                continue
            before = other.timed and other.occurred <= row.occurred
            since = row.occurred if row.timed and before else row.recorded
            if not since <= other.recorded <= row.recorded + 3 * DAY:
                continue
            strength = (
                2.6
                - (3.0 if other.lag > 30 * HOUR else 0.0)
                + (3.0 if before else -0.6)
                + (0.8 if other.recorded - row.recorded <= 8 * HOUR else 0.0)
            )
            yield Finding(
                "C2",
                strength + (_fit(n, wrong) if n.is_episode else 0.8),
                _undoes(n, wrong),
                (
                    movement(row, "counted-between", counted_quantity=wrong.counted),
                    movement(other, "booked-after-count"),
                ),
                settle=Settle("ask-who", {"user": other.user, "document": other.document}),
                lift=((row.seq, row.recorded, 0),),
            )


def other_bin(n: Neighbourhood) -> Iterator[Finding]:
    """C3: the neighbouring bin was counted: the figure is that bin's, or it was corrected by as much."""
    for wrong in _wrong(n)[:2]:
        swapped = [
            row
            for row in n.papers.get(wrong.row.document, ())
            if row.key != wrong.row.key
            and row.kind in CORRECTIONS
            and row.quantity == -wrong.row.quantity
            and abs(row.recorded - wrong.row.recorded) <= HOUR
        ]
        if swapped and abs(wrong.row.quantity) > 3 * SCALE:
            yield Finding(
                "C3",
                _base(n, wrong) + 4.6 + (_fit(n, wrong) if n.is_episode else 0.0),
                _undoes(n, wrong),
                (
                    _counted(wrong),
                    movement(swapped[0], "counted-as-much-more", other=n.names.get(swapped[0].item, "")),
                ),
                settle=Settle("count-here", {"location": n.here.location}),
                lift=((wrong.row.seq, wrong.row.recorded, 0),),
            )
        for other in (*n.others, *n.beside):
            if other.location == n.here.location:
                continue
            balance = other.at(wrong.row.recorded)
            mirror = next(
                (
                    row
                    for row in other.rows
                    if row.kind in CORRECTIONS
                    and row.seq != wrong.row.seq
                    and abs(row.recorded - wrong.row.recorded) <= 2 * DAY
                ),
                None,
            )
            same = balance == wrong.counted and wrong.counted > 0
            both = mirror is not None and (
                mirror.quantity == -wrong.row.quantity or other.at(mirror.recorded) == wrong.expected
            )
            if not same and not both:
                continue
            rare = 2.4 if wrong.counted > 9 * SCALE else 1.0
            strength = _base(n, wrong) + (rare if same else 0.0) + (1.8 if both else 0.0)
            yield Finding(
                "C3",
                strength + (_fit(n, wrong) if n.is_episode else 0.0),
                _undoes(n, wrong),
                (
                    _counted(wrong),
                    stock(other, "had-that-many", on_hand_quantity=balance),
                    *((movement(mirror, "corrected-there"),) if mirror is not None and both else ()),
                ),
                settle=Settle("count-both", {"location": n.here.location, "other": other.location}),
                lift=((wrong.row.seq, wrong.row.recorded, 0),),
            )


def keyed_wrongly(n: Neighbourhood) -> Iterator[Finding]:
    """C4: the count was typed wrongly: a digit lost, doubled or swapped makes it of what was expected."""
    for wrong in _wrong(n)[:2]:
        if wrong.expected % SCALE != wrong.counted % SCALE or wrong.counted <= 0:
            continue
        expected, counted = wrong.expected // SCALE, wrong.counted // SCALE
        if max(expected, counted) < 10 or not slip(expected, counted):
            continue
        yield Finding(
            "C4",
            _base(n, wrong)
            + (3.6 if max(expected, counted) >= 100 else 3.0)
            + (_fit(n, wrong) if n.is_episode else 0.0),
            _undoes(n, wrong),
            (movement(wrong.row, "typed", expected_quantity=wrong.expected, counted_quantity=wrong.counted),),
            settle=Settle("count-here", {"location": n.here.location}),
            lift=((wrong.row.seq, wrong.row.recorded, 0),),
        )
