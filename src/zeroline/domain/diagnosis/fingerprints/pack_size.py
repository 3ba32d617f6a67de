"""U2: a case was taken to hold another quantity than it holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from math import log
from typing import TypeAlias

from zeroline.domain.diagnosis.hypothesis import Finding, Settle
from zeroline.domain.diagnosis.neighbourhood import BROUGHT_IN, CORRECTIONS, Neighbourhood, Row
from zeroline.domain.diagnosis.traces import document, factors, fit, movement
from zeroline.domain.movement import MovementKind as Kind
from zeroline.domain.quantity import SCALE


def implied_size(n: Neighbourhood, row: Row) -> Fraction | None:
    """What one of the entered unit was taken to hold; None where it is the base unit."""
    if not row.entered or not row.unit:
        return None
    if abs(row.entered) == abs(row.quantity):
        return Fraction(1) if n.units.get(row.unit, 1) > 1 else None
    return Fraction(abs(row.quantity), abs(row.entered))


Case: TypeAlias = tuple[Row, Fraction]
"""A row that was entered in a larger unit, and what one of it was taken to hold."""


def wrong_size(n: Neighbourhood) -> Iterator[Finding]:
    """U2: for some time a case was taken to hold another quantity than it holds (or than the master says)."""
    rows = [
        (row, implied)
        for row in n.all_rows
        if row.kind in BROUGHT_IN
        and row.quantity > 0
        and row.recorded <= n.subject.at
        and (implied := implied_size(n, row)) is not None
    ]
    if n.low and n.units:
        yield from _short_again(n)
    if not rows:
        return
    here = _for_this_place(n, rows)
    yield from _two_sizes(n, rows, here)
    yield from _share_of_cases(n, here)


def _for_this_place(n: Neighbourhood, rows: list[Case]) -> list[Case]:
    """Cases that came to this place; where it was filled in pieces, those of the same deliveries."""
    own = [(row, implied) for row, implied in rows if row.key == n.here.key]
    told = {row.document for row, _ in own}
    mine = {row.document for row in n.before if row.quantity > 0 and row.document} - told
    return own + [(row, i) for row, i in rows if row.document in mine and row.kind == Kind.RECEIPT]


def _two_sizes(n: Neighbourhood, rows: list[Case], here: list[Case]) -> Iterator[Finding]:
    """The same unit was converted by two sizes, or by another one than the master says."""
    for unit in {row.unit for row, _ in here}:
        of_unit = Counter(implied for row, implied in rows if row.unit == unit)
        master = n.units.get(unit)
        for implied in {implied for row, implied in here if row.unit == unit}:
            right = master if master is not None and master != implied else None
            if right is None:
                right = next((other for other, _ in of_unit.most_common() if other != implied), None)
            if right is None:
                continue
            wrong = [row for row, i in here if row.unit == unit and i == implied]
            explained = sum(int(abs(row.entered) * right) - row.quantity for row in wrong)
            if not explained or (explained > 0) != n.low:
                continue
            one = int(abs(wrong[-1].entered) * right) - wrong[-1].quantity
            best = max((explained, one), key=lambda q: fit(n, q))
            yield Finding(
                "U2",
                6.0 + fit(n, best),
                best,
                tuple(
                    movement(row, "converted-by", used=str(implied), right=str(right), unit=unit)
                    for row in wrong[-3:]
                ),
                settle=Settle("measure-pack", {"unit": unit}),
                lift=tuple((row.seq, row.recorded, int(abs(row.entered) * right)) for row in wrong),
            )


def _short_again(n: Neighbourhood) -> Iterator[Finding]:
    """Delivery after delivery came short of its order, always by whole cases."""
    sizes = [int(factor * SCALE) for factor in factors(n)]
    lines = sorted(
        (line for line in n.lines_of("receipt") if line.done and line.due is not None and line.due < n.until),
        key=lambda line: line.due or 0,
    )
    short = [
        line.done * 10 >= line.quantity * 3
        and line.done * 100 <= line.quantity * 97
        and any(line.done % size == 0 for size in sizes)
        for line in lines
    ]
    if sum(short) < 2:
        return
    first, last = short.index(True), len(short) - short[::-1].index(True)
    if sum(short[first:last]) * 10 < (last - first) * 8:
        return
    came = {row.document: row for row in n.since_count if row.quantity > 0}
    mine = [line for line, less in zip(lines, short, strict=True) if less and line.number in came]
    if not mine:
        return
    explained = sum(line.outstanding for line in mine)
    best = max((explained, mine[-1].outstanding), key=lambda q: fit(n, q))
    yield Finding(
        "U2",
        5.6 + min(2.0, 0.8 * (sum(short) - 2)) + max(-0.8, fit(n, best)),
        best,
        tuple(document(line, "ordered", booked_quantity=line.done) for line in mine[-3:]),
        settle=Settle("measure-pack", {"unit": next(iter(n.units))}),
        lift=tuple(
            (row.seq, row.recorded, row.quantity + line.outstanding)
            for line in mine
            for row in (came[line.number],)
        ),
    )


def _share_of_cases(n: Neighbourhood, here: list[Case]) -> Iterator[Finding]:
    """What is missing is a share of every case that came since the last count, as it was before that; or at
    least the goods came in cases while they mostly come in pieces."""
    last = max(
        (r.recorded for r in n.before if r.kind in CORRECTIONS and r.seq != n.subject.crossing), default=0
    )
    since = [(row, implied) for row, implied in here if row.recorded > last]
    if not since:
        return
    unit, implied = since[-1][0].unit, since[-1][1]
    end = n.correction.recorded if n.correction is not None else n.subject.at
    cases = sum(abs(row.entered) for row in _came(n, here, last, end))
    pieces = [r for r in n.all_rows if r.kind in BROUGHT_IN and r.quantity > 0 and implied_size(n, r) is None]
    by_habit = len(since) >= len([r for r in pieces if r.key == n.here.key])
    strength = 0.4 if by_habit else 1.2
    again = _same_share(n, here)
    strength += 2.4 if again else 0.0
    anew = _over_and_over(n, min(row.recorded for row, _ in here))
    strength += anew
    telling = again or anew >= 2.0
    whole = SCALE * abs(n.missing) % cases == 0 if cases else False
    share = Fraction(abs(n.missing), cases) if cases else Fraction(0)
    even = n.exact and not again and whole and share < implied
    many = cases >= 10 * SCALE
    if n.exact and not again:
        if even:
            strength += min(2.6, log(max(1, cases / SCALE)))
        elif not implied / 8 < share < implied * 5 / 4:
            strength -= 1.5
    yield Finding(
        "U2",
        strength,
        n.missing,
        tuple(
            movement(
                row,
                "short-since-cases"
                if telling
                else "same-for-each-case"
                if even and many
                else "came-in-cases",
                unit=unit,
            )
            for row, _ in since[-2:]
        ),
        settle=Settle("measure-pack", {"unit": unit}),
    )


def _came(n: Neighbourhood, here: list[Case], after: int, until: int) -> list[Row]:
    """Rows in cases between two instants, those after the shortage began as well."""
    known = {row.seq for row, _ in here}
    later = [
        r
        for r in n.here.rows
        if r.seq not in known and r.kind in BROUGHT_IN and r.quantity > 0 and implied_size(n, r) is not None
    ]
    return [r for r in (*(row for row, _ in here), *later) if after < r.recorded <= until]


def _over_and_over(n: Neighbourhood, first: int) -> float:
    """How much speaks for it that the place runs short anew after every correction since cases came, never
    did before, and that no count in between found it right."""
    found = [r for r in n.here.corrections if r.recorded > first and (r.quantity > 0) == n.low and r.quantity]
    if not n.low:
        return 0.9 if len(found) >= 2 else 0.0
    short = [
        row.recorded
        for row, before, after in zip(
            n.here.rows, (n.here.before, *n.here.balances), n.here.balances, strict=False
        )
        if after < 0 <= before
    ]
    rounds = {sum(r.recorded <= at for r in found) for at in short if at >= first}
    right = sum(not r.quantity and first < r.recorded < n.subject.at for r in n.here.corrections)
    return (
        _deeper_each_time(n)
        + (2.6 if len(rounds) == 2 else 3.4 if len(rounds) > 2 else 0.0)
        - (1.0 if any(at < first for at in short) else 0.0)
        - 0.7 * min(2, right)
    )


def _deeper_each_time(n: Neighbourhood) -> float:
    """How much speaks for it that the place falls lower each time that it runs short, or comes back to the
    same balance: what is wrong with every case grows with every case."""
    if n.floor:
        return -2.0
    lows: list[int] = []
    below = False
    for row, balance in zip(n.here.rows, n.here.balances, strict=True):
        if n.root is None or row.recorded < n.root.recorded:
            continue
        if row.kind in CORRECTIONS and row.quantity:
            break
        if balance < 0:
            lows = [*lows[:-1], min(lows[-1], balance)] if below else [*lows, balance]
        below = balance < 0
    deeper = len(lows) > 1 and all(after < before for before, after in pairwise(lows))
    return 0.0 if not deeper else 0.8 if len(lows) == 2 else 2.2


def _same_share(n: Neighbourhood, here: list[Case]) -> bool:
    """Whether two counts of the place found the same share of every case that had come before them."""
    shares, last = [], 0
    for row in n.here.corrections:
        cases = sum(abs(r.entered) for r in _came(n, here, last, row.recorded))
        if cases and row.quantity:
            shares.append(row.quantity / cases)
        last = row.recorded
    last_two = shares[-2:]
    return (
        len(last_two) == 2
        and all((share > 0) == n.low for share in last_two)
        and (max(map(abs, last_two)) <= 1.7 * min(map(abs, last_two)))
    )
