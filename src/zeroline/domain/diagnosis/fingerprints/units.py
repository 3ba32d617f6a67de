"""U: the quantity is right in one unit and wrong in another, or master data point to something else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from math import log
from typing import TypeAlias

from zeroline.domain.diagnosis.bills import all_shifted, in_doubt, steps
from zeroline.domain.diagnosis.fingerprints.picking import residues
from zeroline.domain.diagnosis.fingerprints.receiving import (
    misbooked,
    odd_entry,
    on_the_same_order,
    received_right,
    times_astray,
)
from zeroline.domain.diagnosis.hypothesis import Finding, Settle
from zeroline.domain.diagnosis.neighbourhood import BROUGHT_IN, CORRECTIONS, Neighbourhood, Row
from zeroline.domain.diagnosis.slips import alike
from zeroline.domain.diagnosis.traces import (
    document,
    factors,
    fit,
    movement,
    order_gaps,
    paper_gaps,
    stock,
    suspects,
    twins,
)
from zeroline.domain.instant import DAY
from zeroline.domain.movement import MovementKind as Kind
from zeroline.domain.quantity import SCALE


def _whole(value: Fraction) -> int:
    return int(value)


def conversion(n: Neighbourhood) -> Iterator[Finding]:
    """U1: one row was booked in cases where pieces moved, or in pieces where cases came."""
    sizes = factors(n)
    if not sizes:
        return
    for age, (row, true, paper) in enumerate(paper_gaps(n)[:4]):
        factor = next((f for f in sizes if true and -row.quantity == true * f), None)
        if factor is not None:
            yield Finding(
                "U1",
                6.0 - 0.4 * age + fit(n, -row.quantity - true),
                -row.quantity - true,
                (
                    movement(row, "booked-in-larger-unit", factor=_whole(factor)),
                    movement(paper, "shipped-less", shipped_quantity=true),
                ),
                settle=Settle("ask-who", {"user": row.user, "document": row.document}),
                lift=((row.seq, row.recorded, -true),),
            )
    for age, (row, true, line) in enumerate(order_gaps(n)[:4]):
        factor = next((f for f in sizes if -row.quantity == true * f), None)
        if factor is not None:
            yield Finding(
                "U1",
                5.6 - 0.4 * age + fit(n, -row.quantity - true),
                -row.quantity - true,
                (
                    movement(row, "booked-in-larger-unit", factor=_whole(factor)),
                    document(line, "ordered-less"),
                ),
                settle=Settle("ask-who", {"user": row.user, "document": row.document}),
                lift=((row.seq, row.recorded, -true),),
            )
    if not n.low:
        for row, brought, left in residues(n):
            if any(brought == left * factor for factor in sizes):
                yield Finding(
                    "U1",
                    5.0 + fit(n, left - brought),
                    left - brought,
                    (movement(row, "brought-more", shipped_quantity=left),),
                    settle=Settle("ask-who", {"user": row.user, "document": row.document}),
                )
                return
    yield from _odd_unit(n, sizes)
    yield from _pieces_for_cases(n, sizes)


def _odd_unit(n: Neighbourhood, sizes: tuple[Fraction, ...]) -> Iterator[Finding]:
    """A row keyed in a unit that rows of its kind never use, or that size makes a multiple of a case."""
    for age, row in enumerate(suspects(n)[:10]):
        share = max(n.large_units.get((row.source, row.kind), 0.0), 0.004)
        odd = min(2.4, 0.9 * log(0.3 / share))
        usual = n.usual_sizes.get(row.kind, ())
        upper = usual[min(len(usual) - 1, len(usual) * 9 // 10)] if usual else 0
        for factor in sizes:
            if row.quantity % factor.numerator and factor.denominator == 1:
                continue
            true = _whole(-row.quantity / factor)
            large = len(usual) >= 6 and -row.quantity >= 2.2 * upper and true <= upper
            in_unit = bool(row.entered) and abs(row.entered) * factor == abs(row.quantity)
            if not (large or (in_unit and odd > 0)):
                continue
            strength = (2.0 if large else -0.5) + (odd if in_unit else 0.0)
            strength += 0.4 if true in usual else 0.0
            yield Finding(
                "U1",
                strength - 0.3 * age + fit(n, -row.quantity - true),
                -row.quantity - true,
                (movement(row, "booked-in-larger-unit", factor=_whole(factor), unit=row.unit),),
                settle=Settle("ask-who", {"user": row.user, "document": row.document}),
                lift=((row.seq, row.recorded, -true),),
            )


def _pieces_for_cases(n: Neighbourhood, sizes: tuple[Fraction, ...]) -> Iterator[Finding]:
    """A receipt far smaller than the others, by just the content of a case."""
    came = [r for r in n.all_rows if r.kind in BROUGHT_IN and r.quantity > 0]
    lines = {line.number: line for line in n.lines_of("receipt")}
    for row in [r for r in reversed(n.since_count) if r.kind in BROUGHT_IN and r.quantity > 0][:6]:
        if n.subject.at - row.recorded > 75 * DAY:
            break
        line = lines.get(row.document)
        usual = sorted(r.quantity for r in came if r is not row)
        for factor in sizes:
            true = _whole(row.quantity * factor)
            if line is not None:
                together = sum(
                    r.quantity
                    for r in n.papers.get(row.document, ())
                    if r.item == row.item and r.kind == row.kind and r.quantity > 0
                )
                all_of_it = line.quantity == true and together == row.quantity
                if _implied(n, row) is not None or not (all_of_it or true - row.quantity == line.outstanding):
                    continue
                strength = 5.0 + (1.0 if odd_entry(n, row) else 0.0)
            elif (
                len(usual) >= 4
                and usual[len(usual) // 4] <= true <= usual[-1]
                and row.quantity * 3 <= usual[0 if len(usual) < 7 else 1]
            ):
                strength = 1.8
            else:
                continue
            evidence = [movement(row, "booked-in-smaller-unit", factor=_whole(factor))]
            evidence += [document(line, "ordered", booked_quantity=row.quantity)] if line is not None else []
            yield Finding(
                "U1",
                strength + fit(n, true - row.quantity),
                true - row.quantity,
                tuple(evidence),
                settle=Settle("ask-delivery-note", {"document": row.document}),
                lift=((row.seq, row.recorded, true),),
            )


def _implied(n: Neighbourhood, row: Row) -> Fraction | None:
    """What one of the entered unit was taken to hold; None where it is the base unit."""
    if not row.entered or not row.unit:
        return None
    if abs(row.entered) == abs(row.quantity):
        return Fraction(1) if n.units.get(row.unit, 1) > 1 else None
    return Fraction(abs(row.quantity), abs(row.entered))


Case: TypeAlias = tuple[Row, Fraction]
"""A row that was entered in a larger unit, and what one of it was taken to hold."""


def pack_size(n: Neighbourhood) -> Iterator[Finding]:
    """U2: for some time a case was taken to hold another quantity than it holds (or than the master says)."""
    rows = [
        (row, implied)
        for row in n.all_rows
        if row.kind in BROUGHT_IN
        and row.quantity > 0
        and row.recorded <= n.subject.at
        and (implied := _implied(n, row)) is not None
    ]
    if n.low and n.units:
        yield from _short_again(n)
    if not rows:
        return
    here = _for_this_place(n, rows)
    yield from _two_sizes(n, rows, here)
    yield from _share_of_cases(n, here)


def _for_this_place(n: Neighbourhood, rows: list[Case]) -> list[Case]:
    """Cases that came to this place; where it was filled in pieces, those of the deliveries it got them from."""
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
            explained = sum(_whole(abs(row.entered) * right) - row.quantity for row in wrong)
            if not explained or (explained > 0) != n.low:
                continue
            one = _whole(abs(wrong[-1].entered) * right) - wrong[-1].quantity
            best = max((explained, one), key=lambda q: fit(n, q))
            yield Finding(
                "U2",
                4.6 + fit(n, best),
                best,
                tuple(
                    movement(row, "converted-by", used=str(implied), right=str(right), unit=unit)
                    for row in wrong[-3:]
                ),
                settle=Settle("measure-pack", {"unit": unit}),
                lift=tuple((row.seq, row.recorded, _whole(abs(row.entered) * right)) for row in wrong),
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
        4.8 + min(2.0, 0.8 * (sum(short) - 2)) + max(-0.8, fit(n, best)),
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
    pieces = [r for r in n.all_rows if r.kind in BROUGHT_IN and r.quantity > 0 and _implied(n, r) is None]
    by_habit = len(since) >= len([r for r in pieces if r.key == n.here.key])
    strength = 0.4 if by_habit else 1.2
    again = _same_share(n, here)
    strength += 2.4 if again else 0.0
    strength += _over_and_over(n, min(row.recorded for row, _ in here))
    whole = SCALE * abs(n.missing) % cases == 0 if cases else False
    share = Fraction(abs(n.missing), cases) if cases else Fraction(0)
    if n.exact and not again:
        if whole and share < implied:
            strength += min(2.6, log(max(1, cases / SCALE)))
        elif not implied / 8 < share < implied * 5 / 4:
            strength -= 1.5
    yield Finding(
        "U2",
        strength,
        n.missing,
        tuple(movement(row, "came-in-cases", unit=unit) for row, _ in since[-2:]),
        settle=Settle("measure-pack", {"unit": unit}),
    )


def _came(n: Neighbourhood, here: list[Case], after: int, until: int) -> list[Row]:
    """Rows in cases between two instants, those after the shortage began as well."""
    known = {row.seq for row, _ in here}
    later = [
        r
        for r in n.here.rows
        if r.seq not in known and r.kind in BROUGHT_IN and r.quantity > 0 and _implied(n, r) is not None
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
        (2.6 if len(rounds) == 2 else 3.4 if len(rounds) > 2 else 0.0)
        - (1.0 if any(at < first for at in short) else 0.0)
        - 0.7 * min(2, right)
    )


def _same_share(n: Neighbourhood, here: list[Case]) -> bool:
    """Whether two counts of the place found the same share of every case that had come before them."""
    shares, last = [], 0
    for row in n.here.corrections:
        cases = sum(abs(r.entered) for r in _came(n, here, last, row.recorded))
        if cases and row.quantity:
            shares.append(row.quantity / cases)
        last = row.recorded
    last_two = shares[-2:]
    return len(last_two) == 2 and all((share > 0) == n.low for share in last_two) and (
        max(map(abs, last_two)) <= 1.7 * min(map(abs, last_two))
    )


def cross_reference(n: Neighbourhood) -> Iterator[Finding]:
    """U3: a supplier's number points to another item: delivery after delivery came in as that one."""
    found = misbooked(n)
    others = {row.item for _, row in found}
    if found:
        sizes = [row.quantity for _, row in found]
        sizes += [sum(sizes), *(line.outstanding for line, _ in found if line.outstanding)]
        explained = max(sizes, key=lambda q: fit(n, q))
        again = times_astray(n, found) > 1 and len(others) == 1
        beyond = not on_the_same_order(n, found[0][0].number, found[0][1].item)
        since = min(row.recorded for _, row in found)
        righted = received_right(n, since)
        yield Finding(
            "U3",
            4.4
            + fit(n, explained)
            + (2.6 if again else -2.0 if len(others) > 1 else 0.0)
            + (0.4 if beyond else -0.6)
            - (0.6 if again and righted else 1.6 if righted else 0.0),
            explained,
            tuple(
                evidence
                for line, row in found[:2]
                for evidence in (
                    document(line, "ordered-this-item"),
                    movement(row, "came-in-as-other", other=n.names.get(row.item, "")),
                )
            ),
            settle=Settle("look-at-cross-reference", {"item": n.names.get(found[0][1].item, "")}),
            lift=tuple((0, row.recorded, row.quantity) for _, row in found),
        )


def bill_of_material(n: Neighbourhood) -> Iterator[Finding]:
    """U4: production takes a wrong multiple of the component, order after order."""
    if not n.low:
        return
    for step in steps(n):
        if step.shifted:
            continue
        over = [more for _, more in step.wrong]
        best = max((sum(over), over[-1]), key=lambda q: fit(n, q))
        row = step.wrong[-1][0]
        yield Finding(
            "U4",
            3.0
            + (0.5 if (step.used / step.usual).denominator == 1 else 0.0)
            + min(2.0, 0.8 * (step.orders - 1))
            + (0.8 if step.lasting else -1.4)
            + _nearly(n, best, -0.5 if len(over) > 1 else -2.0),
            best,
            (
                movement(
                    row,
                    "takes-more",
                    usual=str(step.usual),
                    used=str(step.used),
                    product=n.names.get(step.product, ""),
                ),
            ),
            settle=Settle("look-at-bill-of-material", {"item": n.names.get(step.product, "")}),
            lift=tuple((row.seq, row.recorded, row.quantity + more) for row, more in step.wrong),
        )
    yield from _against_plan(n)


def _nearly(n: Neighbourhood, explained: int, least: float) -> float:
    """How well a sum of many rows fits: a count is seldom right to the unit where so many had a part in it."""
    near = n.exact and 0 < abs(explained - n.missing) * 10 <= n.missing
    return max(fit(n, explained), 0.8 if near else least)


def _against_plan(n: Neighbourhood) -> Iterator[Finding]:
    """The production orders planned another quantity of the component than was taken."""
    plans = {line.number: line for line in n.lines_of("production")}
    taken: dict[str, int] = {}
    rows: dict[str, Row] = {}
    again = {twin.second.seq for twin in twins(n)}
    for row in in_doubt(n):
        if row.seq in again or all_shifted(n, row):
            continue
        taken[row.document] = taken.get(row.document, 0) - row.quantity
        rows[row.document] = row
    over = {
        number: used - plans[number].quantity
        for number, used in taken.items()
        if number in plans and 0 < plans[number].quantity < used
    }
    if not over:
        return
    last = list(over)[-1]
    best = max((sum(over.values()), *over.values()), key=lambda q: fit(n, q))
    yield Finding(
        "U4",
        4.4 + min(1.2, 0.6 * (len(over) - 1)) + _nearly(n, best, -2.5),
        best,
        (
            movement(rows[last], "took-more", planned_quantity=plans[last].quantity),
            document(plans[last], "planned"),
        ),
        settle=Settle("look-at-plan", {"document": last}),
        lift=tuple((r.seq, r.recorded, min(0, r.quantity + over[number])) for number, r in rows.items() if number in over),
    )


def lot_master(n: Neighbourhood) -> Iterator[Finding]:
    """U5: taken under a lot that never came in; a lot of nearly the same name has the stock."""
    here = n.here
    if not n.low or not here.lot:
        return
    came = any(row.quantity > 0 and row.kind not in CORRECTIONS for row in n.before)
    for other in n.others:
        if other.status != here.status or other.site != here.site or not alike(other.lot, here.lot):
            continue
        lies = other.at(n.subject.at)
        if lies <= 0:
            continue
        strength = 3.0 + (1.8 if not came else -1.5) + (0.8 if other.location == here.location else -0.6)
        yield Finding(
            "U5",
            strength + (0.6 if lies >= n.missing else -0.4),
            min(lies, n.missing) if n.exact else max(n.missing, min(lies, n.missing)),
            (
                stock(other, "nearly-this-lot", on_hand_quantity=lies),
                *((movement(n.crossing, "taken-as-lot", lot=here.lot),) if n.crossing is not None else ()),
            ),
            settle=Settle("look-in-bin", {"location": other.location, "lot": other.lot}),
        )
