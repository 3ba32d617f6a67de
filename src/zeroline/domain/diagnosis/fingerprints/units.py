"""U: the quantity is right in one unit and wrong in another, or master data point to something else."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import log

from zeroline.domain.diagnosis.bills import all_shifted, in_doubt, steps
from zeroline.domain.diagnosis.fingerprints.pack_size import implied_size
from zeroline.domain.diagnosis.fingerprints.picking import residues, taken_for_others
from zeroline.domain.diagnosis.fingerprints.receiving import (
    misbooked,
    odd_entry,
    on_the_same_order,
    received_right,
    times_astray,
)
from zeroline.domain.diagnosis.hypothesis import Finding, Settle
from zeroline.domain.diagnosis.neighbourhood import BROUGHT_IN, CORRECTIONS, Neighbourhood, Row
from zeroline.domain.diagnosis.papers import order_gaps, paper_gaps
from zeroline.domain.diagnosis.slips import alike
from zeroline.domain.diagnosis.traces import (
    document,
    factors,
    fit,
    movement,
    outgoing,
    stock,
    suspects,
    twins,
)
from zeroline.domain.instant import DAY
from zeroline.domain.quantity import SCALE


def _whole(value: Fraction) -> int:
    return int(value)


def conversion(n: Neighbourhood) -> Iterator[Finding]:
    """U1: one row was booked in cases where pieces moved, or in pieces where cases came."""
    sizes = factors(n)
    if not sizes:
        return
    for age, gap in enumerate(paper_gaps(n)[:4]):
        row = gap.row
        factor = next((f for f in sizes if gap.times(f)), None)
        if factor is not None and not gap.twice:
            yield Finding(
                "U1",
                6.0 - 0.4 * age + fit(n, gap.over),
                gap.over,
                (
                    movement(row, "booked-in-larger-unit", factor=_whole(factor)),
                    movement(gap.shipment, "shipped-less", shipped_quantity=gap.shipped),
                ),
                settle=Settle("ask-who", {"user": row.user, "document": row.document}),
                lift=gap.lift,
            )
    for age, (row, true, line) in enumerate(order_gaps(n)[:4]):
        factor = next((f for f in sizes if -row.quantity == true * f and not true % SCALE), None)
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
                (
                    movement(
                        row,
                        "keyed-in-larger-unit" if in_unit else "size-of-larger-unit",
                        factor=_whole(factor),
                        unit=row.unit,
                    ),
                ),
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
                in_cases = implied_size(n, row) is not None
                if in_cases or not (all_of_it or true - row.quantity == line.outstanding):
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


def cross_reference(n: Neighbourhood) -> Iterator[Finding]:
    """U3: a number points to another item: delivery after delivery came in as that one, or order after order
    for that one was taken from this one."""
    yield from _taken_for(n)
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


def _taken_for(n: Neighbourhood) -> Iterator[Finding]:
    """Takes of this item under orders for another one, always the same: a label that reads as this item."""
    for other, took in taken_for_others(n).items():
        rows = [row for row, _ in took]
        if not n.low or len({row.document for row in rows}) < 3:
            continue
        sizes = [-sum(row.quantity for row in rows)]
        if n.correction is None and n.missing < sizes[0]:
            sizes.append(n.missing)
        explained = max(sizes, key=lambda q: fit(n, q))
        yield Finding(
            "U3",
            6.6 + min(2.0, 0.5 * (len(rows) - 3)) + max(-1.0, fit(n, explained)),
            explained,
            tuple(
                evidence
                for row, line in took[-2:]
                for evidence in (movement(row, "confirmed-on-this"), document(line, "ordered-other"))
            ),
            settle=Settle("look-at-cross-reference", {"item": n.names.get(other, took[0][1].item_code)}),
            lift=tuple((row.seq, row.recorded, 0) for row in rows),
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
    """How well a sum of many rows fits: a count is seldom right to the unit where many had a part in it."""
    near = n.exact and 0 < abs(explained - n.missing) * 10 <= n.missing
    return max(fit(n, explained), 0.8 if near else least)


def _against_plan(n: Neighbourhood) -> Iterator[Finding]:
    """The production orders planned another quantity of the component than was taken."""
    plans = {line.number: line for line in n.lines_of("production")}
    if not plans:
        return
    taken: dict[str, int] = {}
    rows: dict[str, Row] = {}
    again = {twin.second.seq for twin in twins(n)}
    for row in in_doubt(n):
        if row.document not in plans or row.seq in again or all_shifted(n, row):
            continue
        taken[row.document] = taken.get(row.document, 0) - row.quantity
        rows[row.document] = row
    over = {
        number: used - plans[number].quantity
        for number, used in taken.items()
        if 0 < plans[number].quantity < used
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
        lift=tuple(
            (r.seq, r.recorded, min(0, r.quantity + over[number]))
            for number, r in rows.items()
            if number in over
        ),
    )


def lot_master(n: Neighbourhood) -> Iterator[Finding]:
    """U5: taken under a lot that never came in; a lot of nearly the same name has the stock."""
    here = n.here
    if not n.low:
        return
    if not here.lot:
        yield from _without_lot(n)
        return
    came = any(row.quantity > 0 and row.kind not in CORRECTIONS for row in n.before)
    for other in n.others:
        if other.status != here.status or other.site != here.site or not alike(other.lot, here.lot):
            continue
        lies = other.at(n.subject.at)
        if lies <= 0:
            continue
        strength = 3.0 + (1.8 if not came else -1.5) + (0.8 if other.location == here.location else -0.6)
        strength += 1.2 if any(outgoing(row) for row in other.rows) else -0.6
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


def _without_lot(n: Neighbourhood) -> Iterator[Finding]:
    """Taken without a lot, of an item that only ever came in under one: a lot the master does not know."""
    here, crossing = n.here, n.crossing
    if any(row.quantity > 0 and row.kind not in CORRECTIONS for row in here.rows) or here.before:
        return
    kept = [other for other in n.others if other.status == here.status and other.site == here.site]
    filled = [other for other in kept if any(row.quantity > 0 for row in other.rows)]
    if crossing is None or not filled or not all(other.lot for other in filled):
        return
    there = [(other.at(n.subject.at), other) for other in filled if other.location == here.location]
    lies, best = max(there, key=lambda pair: pair[0], default=(0, None))
    if best is None or lies <= 0:
        return
    yield Finding(
        "U5",
        4.8 + (0.6 if lies >= n.missing else -0.4),
        min(lies, n.missing) if n.exact else n.missing,
        (stock(best, "only-under-lots", on_hand_quantity=lies), movement(crossing, "taken-without-lot")),
        settle=Settle("look-in-bin", {"location": best.location, "lot": best.lot}),
    )
