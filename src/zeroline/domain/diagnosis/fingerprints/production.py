"""P: what production made, used or spoilt is not what it reported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from zeroline.domain.diagnosis.bills import in_doubt, production_lines, steps, unreported
from zeroline.domain.diagnosis.hypothesis import Finding, Settle
from zeroline.domain.diagnosis.neighbourhood import CORRECTIONS, Line, Neighbourhood, Row
from zeroline.domain.diagnosis.traces import document, fit, late_rows, movement, twins
from zeroline.domain.instant import DAY, HOUR
from zeroline.domain.movement import MovementKind as Kind
from zeroline.domain.quantity import SCALE


def scrap(n: Neighbourhood) -> Iterator[Finding]:
    """P1: pieces were spoilt at the line and thrown away; the book still has them."""
    if n.low:
        return
    for row in reversed(n.before):
        if n.subject.at - row.recorded > 45 * DAY:
            break
        made = row.kind == Kind.PRODUCTION_RECEIPT and row.quantity > 0
        used = row.kind == Kind.COMPONENT_ISSUE
        if not (made or used) or abs(n.missing) > abs(row.quantity):
            continue
        plan = [line for line in n.lines_of("production") if line.number == row.document]
        age = n.subject.at - row.recorded
        yield Finding(
            "P1",
            2.4
            + (0.5 if made else 0.0)
            + (0.9 if age <= 3 * DAY else 0.4 if age <= 10 * DAY else 0.0)
            + (0.8 if _at_the_line(n) else 0.0),
            n.missing,
            (
                movement(row, "made-before" if made else "used-before"),
                *(document(p, "planned") for p in plan[:1]),
            ),
            settle=Settle("ask-production", {"document": row.document, "user": row.user}),
        )
        return


def _at_the_line(n: Neighbourhood) -> bool:
    """Whether this place mostly feeds production."""
    takes = [row for row in n.before if row.quantity < 0 and row.kind not in CORRECTIONS]
    used = sum(row.kind == Kind.COMPONENT_ISSUE for row in takes)
    return bool(takes) and used * 10 >= len(takes) * 8


def output(n: Neighbourhood) -> Iterator[Finding]:
    """P2: the goods were made and put on the shelf, nobody reported them: components went, nothing came."""
    at = n.subject.at
    if not n.low:
        return
    for short in unreported(n):
        line = short.line
        if not -HOUR <= at - short.first.recorded <= 100 * DAY or n.until - short.last.recorded < DAY:
            continue
        if line is not None and line.location and line.location != n.here.location:
            continue
        planned = line is not None and line.quantity - short.made == short.missing
        evidence = [movement(short.first, "components-used")]
        evidence += [document(line, "output-missing")] if line is not None else []
        yield Finding(
            "P2",
            3.6
            + (0.8 if planned else 0.0)
            + (0.6 if not short.made else 0.0)
            - (1.2 if line is not None and not line.open else 0.0)
            + fit(n, short.missing),
            short.missing,
            tuple(reversed(evidence)),
            settle=Settle("ask-production", {"document": short.number, "user": short.first.user}),
            lift=((0, short.first.recorded + HOUR, short.missing),),
        )
    for line in n.lines_of("production"):
        rows = n.papers.get(line.number, ())
        used = [r for r in rows if r.kind == Kind.COMPONENT_ISSUE and r.recorded <= at + HOUR]
        made = sum(r.quantity for r in rows if r.kind == Kind.PRODUCTION_RECEIPT and r.item == line.item)
        if not used or made >= line.quantity or any(r.item == line.item for r in used):
            continue
        if not _is_made(n, line) or (line.open and made):
            continue
        if line.location and line.location != n.here.location:
            continue
        if at - used[0].recorded > (60 if made else 100) * DAY:
            continue
        strength = 4.8 if not made else 2.6
        yield Finding(
            "P2",
            strength + fit(n, line.quantity - made),
            line.quantity - made,
            (document(line, "output-missing"), movement(used[0], "components-used")),
            settle=Settle("ask-production", {"document": line.number, "user": used[0].user}),
            lift=((0, used[0].recorded + HOUR, line.quantity - made),),
        )


def _is_made(n: Neighbourhood, line: Line) -> bool:
    """Whether a line of a production order is what it makes rather than what it uses."""
    made = {r.line for r in n.all_rows if r.kind == Kind.PRODUCTION_RECEIPT}
    if made:
        return line.line in made
    return not any(r.kind == Kind.COMPONENT_ISSUE for r in n.all_rows)


def twice(n: Neighbourhood) -> Iterator[Finding]:
    """P3: one production order was reported twice, its components went (or its output came) twice."""
    for twin in reversed(twins(n)):
        row = twin.second
        if row.kind not in (Kind.COMPONENT_ISSUE, Kind.PRODUCTION_RECEIPT):
            continue
        others = _others_twice(n, twin.first, row)
        yield Finding(
            "P3",
            4.0
            + min(1.5, 0.6 * others)
            + fit(n, -row.quantity)
            - twin.doubt
            - (2.5 if twin.same_instant else 0.0),
            -row.quantity,
            (movement(row, "reported-again"), movement(twin.first, "reported-first")),
            settle=Settle("ask-production", {"document": row.document, "user": row.user}),
            lift=((row.seq, row.recorded, 0),),
        )
    yield from _two_numbers(n)


def _others_twice(n: Neighbourhood, first: Row, second: Row) -> int:
    """How many other items of the document were booked twice as well."""
    seen: dict[tuple[int, str, int], int] = {}
    for row in n.papers.get(second.document, ()):
        if row.item != second.item:
            name = (row.key, row.line, row.quantity)
            seen[name] = seen.get(name, 0) + 1
    return sum(1 for times in seen.values() if times >= 2)


def _two_numbers(n: Neighbourhood) -> Iterator[Finding]:
    """The same order under two numbers: the same rows of the same items again, some hours later."""
    kinds = (Kind.COMPONENT_ISSUE, Kind.PRODUCTION_RECEIPT)
    last = n.inside[-1].recorded if n.inside else n.subject.at
    orders: dict[str, list[Row]] = {}
    for row in n.here.rows:
        if row.kind in kinds and row.document and 0 <= last - row.recorded <= 45 * DAY:
            orders.setdefault(row.document, []).append(row)
    bills = {number: _bill(n, number) for number in orders}
    for number, rows in reversed(list(orders.items())):
        mine = bills[number]
        if len({item for item, _ in mine}) < 2:
            continue
        same = [
            other
            for other, bill in bills.items()
            if other != number and bill == mine and orders[other][0].recorded <= rows[0].recorded
        ]
        near = [other for other in same if rows[0].recorded - orders[other][0].recorded <= 2 * DAY]
        if not near or len(same) > 3 or sum(mine.values()) < 3:
            continue
        explained = -sum(row.quantity for row in rows)
        yield Finding(
            "P3",
            2.2 + min(2.6, 0.3 * sum(mine.values())) - 0.8 * (len(same) - 1) + max(-1.0, fit(n, explained)),
            explained,
            (movement(rows[0], "reported-again"), movement(orders[near[0]][0], "reported-first")),
            settle=Settle("ask-production", {"document": number, "user": rows[0].user}),
            lift=tuple((row.seq, row.recorded, 0) for row in rows),
        )
        return


def _bill(n: Neighbourhood, number: str) -> Counter[tuple[int, int]]:
    return Counter((row.item, row.quantity) for row in n.papers.get(number, ()))


def substitute(n: Neighbourhood) -> Iterator[Finding]:
    """P4: the line used another item; the book took the planned one, of which there was none."""
    if not n.low:
        if n.mirrors and any(r.kind == Kind.COMPONENT_ISSUE for r in n.all_rows):
            mirror = n.mirrors[0]
            yield Finding(
                "P4",
                3.4 - 0.5 * (len(n.mirrors) - 1) + (0.8 if abs(n.missing) > 5_000_000 else -1.0),
                n.missing,
                (movement(mirror, "other-item-over", other=n.names.get(mirror.item, "")),),
                settle=Settle("count-item", {"item": n.names.get(mirror.item, "")}),
            )
        return
    crossing = n.crossing
    if n.root is not None and n.root.kind == Kind.COMPONENT_ISSUE:
        crossing = n.root
    if crossing is None or crossing.kind != Kind.COMPONENT_ISSUE:
        return
    plan = production_lines(n).get(crossing.document, [])
    recorded = any(line.line == crossing.line and line.item != crossing.item for line in plan)
    of_order = [row for row in in_doubt(n) if crossing.document and row.document == crossing.document]
    used = -sum(row.quantity for row in of_order or [crossing])
    deeper = n.root is not None and n.root.kind != Kind.COMPONENT_ISSUE and n.root is not crossing
    best = max((used, -crossing.quantity), key=lambda q: fit(n, q))
    more = any(row in of_order for step in steps(n) for row, _ in step.wrong)
    other = n.mirrors[0] if n.exact and n.mirrors else None
    evidence = [movement(crossing, "used-though-none")]
    evidence += [document(line, "planned") for line in plan[:1]]
    evidence += [movement(other, "other-item-short", other=n.names.get(other.item, ""))] if other else []
    yield Finding(
        "P4",
        2.0
        - (2.0 if recorded else 0.0)
        - (1.2 if more else 0.0)
        - (1.2 if deeper else 0.0)
        + ((1.8 if used > 5 * SCALE else 0.2) if other is not None else 0.0)
        - (2.0 if late_rows(n) else 0.0)
        + max(fit(n, best), -0.8 if other is not None else -3.0),
        best,
        tuple(evidence),
        settle=Settle("ask-production", {"document": crossing.document, "user": crossing.user}),
        lift=tuple((row.seq, row.recorded, 0) for row in of_order or [crossing]),
    )
