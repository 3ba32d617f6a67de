"""What production takes of a component for a piece of a product, order by order, and where that changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from zeroline.domain.diagnosis.neighbourhood import Line, Neighbourhood, Row
from zeroline.domain.diagnosis.traces import noted, twins
from zeroline.domain.instant import DAY
from zeroline.domain.movement import MovementKind as Kind

SHIFTS = tuple(Fraction(shift) for shift in (10, 100, 1000))
"""What a decimal point in the wrong place makes of a quantity."""


@noted
def used_a_piece(n: Neighbourhood) -> dict[int, list[tuple[Row, Fraction]]]:
    """By product: the item's component issues with how much of it one piece took, by the report they belong
    to, else by the whole order."""
    found: dict[int, list[tuple[Row, Fraction]]] = {}
    if Kind.COMPONENT_ISSUE not in n.kinds:
        return found
    for row in n.all_rows:
        if row.kind != Kind.COMPONENT_ISSUE or row.quantity >= 0 or not row.document:
            continue
        paper = n.papers.get(row.document, ())
        made = [r for r in paper if r.kind == Kind.PRODUCTION_RECEIPT and r.quantity > 0]
        if not made:
            continue
        together = [r for r in made if r.occurred == row.occurred]
        used = -sum(
            r.quantity for r in paper if (r.kind, r.key, r.occurred) == (row.kind, row.key, row.occurred)
        )
        pieces = sum(r.quantity for r in together)
        if not together:
            together = made
            used = -sum(r.quantity for r in paper if r.kind == row.kind and r.item == row.item)
            pieces = max(sum(r.quantity for r in made), _planned(n, made[0]))
        found.setdefault(together[0].item, []).append((row, Fraction(used, pieces)))
    return found


def _planned(n: Neighbourhood, made: Row) -> int:
    """Micro-units that an order was to make: its components are issued for all of it."""
    return sum(
        line.quantity
        for line in production_lines(n).get(made.document, ())
        if line.item == made.item and line.line == made.line
    )


@noted
def production_lines(n: Neighbourhood) -> dict[str, list[Line]]:
    """Lines of production orders by number."""
    found: dict[str, list[Line]] = {}
    for line in n.lines:
        if line.kind == "production":
            found.setdefault(line.number, []).append(line)
    return found


@dataclass(frozen=True, slots=True)
class Step:
    """A product that took more of the component a piece from some order on.

    ``usual`` and ``used`` for a piece; ``wrong``: the rows of this place in doubt, with what each took beyond
    the usual; ``orders``: how many orders took more, at any place; ``lasting``: none between took as usual;
    ``shifted``: the decimal point is, and nothing says that it is so for the component alone, for days.
    """

    product: int
    usual: Fraction
    used: Fraction
    wrong: tuple[tuple[Row, int], ...]
    orders: int
    lasting: bool
    shifted: bool


@noted
def steps(n: Neighbourhood) -> tuple[Step, ...]:
    """Products whose orders took more for a piece, before this shortage or within it."""
    return tuple(_steps(n)) if used_a_piece(n) else ()


def _steps(n: Neighbourhood) -> Iterator[Step]:
    again = {twin.second.seq for twin in twins(n)}
    doubted = {row.seq for row in in_doubt(n) if row.seq not in again}
    for product, found in used_a_piece(n).items():
        mine = [(row, ratio) for row, ratio in found if row.key == n.here.key and row.seq in doubted]
        if not mine:
            continue
        used = max(mine, key=lambda pair: (pair[1], pair[0].recorded))[1]
        common = Counter(ratio for _, ratio in found)
        usual = next((r for r, times in common.most_common() if r < used and times >= 2), None)
        if not usual:
            continue
        more = [ratio > usual for _, ratio in sorted(found, key=lambda pair: pair[0].recorded)]
        first, last = more.index(True), len(more) - more[::-1].index(True)
        rows = [row for row, ratio in found if ratio > usual]
        for_days = max(row.recorded for row in rows) - min(row.recorded for row in rows) > 2 * DAY
        yield Step(
            product,
            usual,
            used,
            tuple((row, _beyond(row, usual, ratio)) for row, ratio in mine if ratio > usual),
            len({row.document for row in rows}),
            sum(more[first:last]) * 10 >= (last - first) * 8,
            used / usual in SHIFTS and (not for_days or any(all_shifted(n, row) for row in rows)),
        )


def all_shifted(n: Neighbourhood, row: Row) -> bool:
    """Whether every component of a production order is off its plan by the same power of ten."""
    plans = {line.line: line.quantity for line in production_lines(n).get(row.document, ())}
    if len(plans) < 2:
        return False
    ratios = {
        Fraction(-r.quantity, plans[r.line])
        for r in n.papers.get(row.document, ())
        if r.kind == row.kind and plans.get(r.line)
    }
    items = {r.item for r in n.papers.get(row.document, ()) if r.kind == row.kind}
    return len(items) > 1 and len(ratios) == 1 and ratios <= {*SHIFTS, *(1 / shift for shift in SHIFTS)}


@noted
def in_doubt(n: Neighbourhood) -> tuple[Row, ...]:
    """Component issues of the place since its last count, to the correction or the end of the shortage."""
    correction = n.correction
    later = n.inside[1:] if correction is None else [r for r in n.after if r.recorded <= correction.recorded]
    rows = {row.seq: row for row in (*n.since_count, *later)}
    return tuple(row for row in rows.values() if row.kind == Kind.COMPONENT_ISSUE and row.quantity < 0)


def _beyond(row: Row, usual: Fraction, used: Fraction) -> int:
    return -row.quantity - int(-row.quantity * usual / used)


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A production order that reported less than its components are for. ``first``: the first of those;
    ``line``: what was planned, None where no document says."""

    number: str
    made: int
    missing: int
    first: Row
    last: Row
    line: Line | None
    parts: int


@noted
def unreported(n: Neighbourhood) -> tuple[Shortfall, ...]:
    """Orders of this item for which more components went than its output takes, by what the others took."""
    item = n.here.item
    if Kind.PRODUCTION_RECEIPT not in n.kinds:
        return ()
    orders: dict[str, tuple[int, dict[int, int], list[Row]]] = {}
    for number, rows in n.papers.items():
        made = sum(r.quantity for r in rows if r.kind == Kind.PRODUCTION_RECEIPT and r.item == item)
        issues = [r for r in rows if r.kind == Kind.COMPONENT_ISSUE and r.quantity < 0]
        others = any(r.kind == Kind.PRODUCTION_RECEIPT and r.item != item for r in rows)
        if issues and not others and all(r.item != item for r in issues):
            used: dict[int, int] = {}
            for r in issues:
                used[r.item] = used.get(r.item, 0) - r.quantity
            orders[number] = made, used, issues
    rates: dict[int, list[Fraction]] = {}
    for made, used, _ in orders.values():
        for part, quantity in used.items() if made > 0 else ():
            rates.setdefault(part, []).append(Fraction(quantity, made))
    usual = {part: Counter(found).most_common(1)[0][0] for part, found in rates.items()}
    found = []
    for number, (made, used, issues) in orders.items():
        pieces = [int(quantity / usual[part]) for part, quantity in used.items() if part in usual]
        if not pieces:
            continue
        most, times = Counter(pieces).most_common(1)[0]
        if most > made and times * 2 > len(used):
            lines = [line for line in production_lines(n).get(number, ()) if line.item == item]
            found.append(
                Shortfall(
                    number, made, most - made, issues[0], issues[-1], lines[0] if lines else None, times
                )
            )
    return tuple(found)
