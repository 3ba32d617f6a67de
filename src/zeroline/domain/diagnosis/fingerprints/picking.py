"""K1 and K3: what was taken is not what was confirmed: another item, another quantity."""

from __future__ import annotations

from collections.abc import Iterator

from zeroline.domain.diagnosis.hypothesis import Finding, Settle
from zeroline.domain.diagnosis.neighbourhood import Line, Neighbourhood, Row
from zeroline.domain.diagnosis.papers import order_gaps, paper_gaps
from zeroline.domain.diagnosis.slips import slip
from zeroline.domain.diagnosis.traces import (
    document,
    factors,
    fit,
    movement,
    noted,
    share_below,
    suspects,
    twins,
)
from zeroline.domain.movement import MovementKind as Kind
from zeroline.domain.quantity import SCALE

TAKEN = frozenset({Kind.PICK, Kind.SHIPMENT})


def wrong_item(n: Neighbourhood) -> Iterator[Finding]:
    """K1: confirmed on this item, another one was taken: the order or the shipment is of the other."""
    for age, row in enumerate(suspects(n)[:8]):
        if row.kind not in TAKEN or not row.document or not n.low:
            continue
        lines = [line for line in n.lines if line.number == row.document and line.kind == "order"]
        same_line = [line for line in lines if line.line == row.line] or lines
        rows = [r for r in n.papers.get(row.document, ()) if r.line == row.line]
        others = [r for r in rows if r.quantity == row.quantity and r.item != row.item]
        if not others and not same_line:
            continue
        shipped = [r for r in others if r.kind == Kind.SHIPMENT]
        own = [r for r in rows if r.item == row.item and r.kind == Kind.SHIPMENT and r.seq != row.seq]
        picked = [r for r in others if r.kind == Kind.PICK]
        ordered_other = bool(same_line) and all(line.item != row.item for line in same_line)
        if ordered_other or (shipped and not own and not picked):
            evidence = [movement(row, "confirmed-on-this")]
            evidence += [document(line, "ordered-other") for line in same_line[:1] if ordered_other]
            evidence += [movement(r, "shipped-other", other=n.names.get(r.item, "")) for r in shipped[:1]]
            item = same_line[0].item_code if ordered_other else n.names.get(shipped[0].item, "")
            yield Finding(
                "K1",
                6.2 - 0.3 * age + fit(n, -row.quantity),
                -row.quantity,
                tuple(evidence),
                settle=Settle("count-item", {"item": item}),
                lift=((row.seq, row.recorded, 0),),
            )
    yield from _staged_other(n)
    yield from _swapped_items(n)
    yield from _sent_back(n)
    yield from _another_unseen(n)


def taken_for_others(n: Neighbourhood) -> dict[int, list[tuple[Row, Line]]]:
    """Takes from here under order lines that name another item only, by that item."""
    lines: dict[str, list[Line]] = {}
    for line in n.lines:
        if line.kind == "order":
            lines.setdefault(line.number, []).append(line)
    found: dict[int, list[tuple[Row, Line]]] = {}
    for row in (*n.since_count[-30:], *n.inside[:24]):
        if row.kind not in TAKEN or row.quantity >= 0 or row.document not in lines:
            continue
        ordered = lines[row.document]
        ordered = [line for line in ordered if line.line == row.line] or ordered
        if all(line.item != row.item for line in ordered) and len({line.item for line in ordered}) == 1:
            found.setdefault(ordered[0].item, []).append((row, ordered[0]))
    return {
        item: sorted({row.seq: (row, line) for row, line in took}.values(), key=lambda pair: pair[0].recorded)
        for item, took in found.items()
    }


def _staged_other(n: Neighbourhood) -> Iterator[Finding]:
    """This item left under an order line for which another item had been brought to the stage."""
    if not n.low:
        yield from _left_other(n)
        return
    for row in (*n.inside[:4], *reversed(n.since_count[-12:])):
        if row.kind != Kind.SHIPMENT or row.quantity >= 0 or row.document not in _picked_for(n):
            continue
        rows = [r for r in n.papers.get(row.document, ()) if r.line == row.line]
        picked = [r for r in rows if r.kind == Kind.PICK]
        own = any(r.item == row.item for r in picked)
        others = [r for r in picked if r.item != row.item and abs(r.quantity) == -row.quantity]
        left = {r.item for r in rows if r.kind == Kind.SHIPMENT}
        other = others[0] if not own and others and others[0].item not in left else _left_behind(n, row)
        if other is not None:
            yield Finding(
                "K1",
                6.4 + fit(n, abs(other.quantity)),
                abs(other.quantity),
                (
                    movement(row, "left-without-pick"),
                    movement(other, "picked-other", other=n.names.get(other.item, "")),
                ),
                settle=Settle("count-item", {"item": n.names.get(other.item, "")}),
            )
            return


@noted
def _picked_for(n: Neighbourhood) -> frozenset[str]:
    """Numbers of the documents that something was picked for."""
    return frozenset(
        [number for number, rows in n.papers.items() if number and any(r.kind == Kind.PICK for r in rows)]
    )


def _left_behind(n: Neighbourhood, row: Row) -> Row | None:
    """What was brought to the stage for the same document as another item and never left, where as much more
    of this one left than was brought."""
    rows = n.papers.get(row.document, ())
    if all(r.item == row.item for r in rows):
        return None
    stage: dict[int, int] = {}
    brought: dict[int, Row] = {}
    for r in rows:
        if r.kind == Kind.SHIPMENT or (r.kind == Kind.PICK and r.quantity > 0):
            stage[r.item] = stage.get(r.item, 0) + r.quantity
            if r.kind == Kind.PICK:
                brought[r.item] = r
    short = -stage.get(row.item, 0)
    behind = [r for item, r in brought.items() if stage[item] == short == r.quantity > 0]
    return behind[0] if len(behind) == 1 else None


def _left_other(n: Neighbourhood) -> Iterator[Finding]:
    """The other side: this item was brought to the stage, and another one left for it."""
    for row in reversed(n.since_count):
        if row.kind != Kind.PICK or row.quantity != -n.missing or not row.document:
            continue
        rows = [r for r in n.papers.get(row.document, ()) if r.line == row.line]
        left = [r for r in rows if r.kind == Kind.SHIPMENT]
        if left and all(r.item != row.item for r in left) and left[0].quantity == -row.quantity:
            yield Finding(
                "K1",
                4.6 + fit(n, -row.quantity),
                -row.quantity,
                (
                    movement(row, "picked"),
                    movement(left[0], "shipped-other", other=n.names.get(left[0].item, "")),
                ),
                settle=Settle("count-item", {"item": n.names.get(left[0].item, "")}),
            )
            return


def planned_bin(n: Neighbourhood, row: Row) -> str:
    """The place an order line names for a pick, or a transfer for what it takes, or where stock is still
    reserved for it; '' where no document says."""
    named = naming(n, row)
    return named[1] if named is not None else ""


def naming(n: Neighbourhood, row: Row) -> tuple[Line, str] | None:
    """The line that says where a row was to be taken from, and the place it names."""
    for line in n.lines_of("transfer" if row.kind == Kind.TRANSFER_OUT else "order"):
        if line.number == row.document and (line.line == row.line or not row.line):
            place = line.partner if line.kind == "transfer" else line.location
            if place:
                return line, place
    return next(((held, held.location) for held in n.reserved if held.number == row.document), None)


def _sent_back(n: Neighbourhood) -> Iterator[Finding]:
    """The customer of an order for this item sent another item back."""
    if not n.low:
        return
    orders = {row.document: row for row in suspects(n) if row.kind in TAKEN and row.document}
    for line in n.lines:
        if line.kind == "return" and line.item != n.here.item and line.partner in orders:
            if any(r.item == line.item for r in n.papers.get(line.partner, ())):
                continue
            row = orders[line.partner]
            if not -row.quantity >= line.quantity > 0:
                continue
            yield Finding(
                "K1",
                4.2 + max(-1.0, fit(n, -row.quantity)),
                -row.quantity,
                (movement(row, "confirmed-on-this"), document(line, "sent-back-other")),
                settle=Settle("count-item", {"item": line.item_code}),
                lift=((row.seq, row.recorded, 0),),
            )


def _swapped_items(n: Neighbourhood) -> Iterator[Finding]:
    """A count found too much of this item and another count as much too little of another one."""
    if not n.exact or not n.low or not n.mirrors:
        return
    wanted = n.missing
    row = next((r for r in suspects(n) if -r.quantity == wanted and r.kind in TAKEN), None)
    if row is None and (n.crossing is None or n.crossing.kind not in TAKEN):
        return
    mirror = n.mirrors[0]
    rare = 1.2 if wanted > 5 * SCALE else -1.6
    yield Finding(
        "K1",
        (1.3 if row is not None else -0.4) + rare - 0.5 * (len(n.mirrors) - 1),
        wanted,
        (
            movement(mirror, "other-item-short", other=n.names.get(mirror.item, "")),
            *((movement(row, "confirmed-on-this"),) if row is not None else ()),
        ),
        settle=Settle("count-item", {"item": n.names.get(mirror.item, "")}),
        lift=((row.seq, row.recorded, 0),) if row is not None else (),
    )


def residues(n: Neighbourhood) -> Iterator[tuple[Row, int, int]]:
    """(row, brought, left): lines of which more was brought to this stage than left it."""
    for row in reversed(n.since_count):
        if row.kind != Kind.PICK or row.quantity <= 0 or not row.document:
            continue
        rows = [r for r in n.papers.get(row.document, ()) if r.key == row.key and r.line == row.line]
        brought = sum(r.quantity for r in rows if r.kind == Kind.PICK)
        left = -sum(r.quantity for r in rows if r.kind == Kind.SHIPMENT)
        if 0 < left < brought and left - brought == n.missing:
            yield row, brought, left


def wrong_quantity(n: Neighbourhood) -> Iterator[Finding]:
    """K3: another quantity was keyed than was taken: the shipment or the order says so."""
    if not n.low:
        for row, brought, left in residues(n):
            twice = brought == 2 * left and any(twin.second.document == row.document for twin in twins(n))
            by_unit = any(brought == left * factor for factor in factors(n))
            yield Finding(
                "K3",
                4.4 + fit(n, left - brought) - (3.0 if by_unit else 0.0) - (4.0 if twice else 0.0),
                left - brought,
                (movement(row, "brought-more", shipped_quantity=left),),
                settle=Settle("ask-who", {"user": row.user, "document": row.document}),
            )
            return
        return
    for age, gap in enumerate(paper_gaps(n)[:4]):
        row = gap.row
        by_unit = any(gap.times(factor) for factor in factors(n))
        shifted = gap.times(100) or gap.times(1000) or (len(gap.picks) > 1 and gap.times(10))
        yield Finding(
            "K3",
            5.5
            - 0.4 * age
            + fit(n, gap.over)
            - (3.0 if by_unit or shifted else 0.0)
            - (4.0 if gap.twice else 0.0),
            gap.over,
            (movement(row, "picked"), movement(gap.shipment, "shipped-less", shipped_quantity=gap.shipped)),
            settle=Settle("ask-who", {"user": row.user, "document": row.document}),
            lift=gap.lift,
        )
    for age, (row, ordered, line) in enumerate(order_gaps(n)[:4]):
        over = -row.quantity - ordered
        by_unit = any(-row.quantity == ordered * factor for factor in factors(n))
        yield Finding(
            "K3",
            5.0 - 0.4 * age + fit(n, over) - (3.0 if by_unit else 0.0),
            over,
            (movement(row, "picked"), document(line, "ordered-less")),
            settle=Settle("ask-who", {"user": row.user, "document": row.document}),
            lift=((row.seq, row.recorded, -ordered),),
        )
    yield from _left_more(n)
    yield from _stands_out(n)
    yield from _amount_unseen(n)


def _left_more(n: Neighbourhood) -> Iterator[Finding]:
    """More left the stage than had been picked to it under the same line."""
    crossing = n.crossing
    if crossing is None or crossing.kind != Kind.SHIPMENT or not crossing.document:
        return
    rows = [
        r
        for r in n.papers.get(crossing.document, ())
        if r.item == crossing.item and r.line == crossing.line and r.key == crossing.key
    ]
    picked = sum(r.quantity for r in rows if r.kind == Kind.PICK)
    shipped = -sum(r.quantity for r in rows if r.kind == Kind.SHIPMENT)
    sizes = {r.quantity for r in rows if r.kind == Kind.SHIPMENT}
    if 0 < picked < shipped and len(sizes) == sum(r.kind == Kind.SHIPMENT for r in rows):
        yield Finding(
            "K3",
            6.2 + fit(n, shipped - picked),
            shipped - picked,
            (movement(crossing, "left-more", picked_quantity=picked),),
            settle=Settle("ask-who", {"user": crossing.user, "document": crossing.document}),
        )


def _stands_out(n: Neighbourhood) -> Iterator[Finding]:
    """Without papers: a row far larger than any other of its kind, as ten times an ordinary one would be."""
    for age, row in enumerate(suspects(n)[:6]):
        share = share_below(n, row)
        if share < 3 or row.kind not in TAKEN | {Kind.COMPONENT_ISSUE}:
            continue
        size = -row.quantity
        sizes = n.usual_sizes[row.kind]
        true = next((s for s in reversed(sizes) if s * 4 < size and slip(s, size)), size // 10)
        over = size - true
        by_unit = any(size % f == 0 and size / f <= sizes[len(sizes) * 9 // 10] for f in factors(n))
        yield Finding(
            "K3",
            1.2
            + min(1.6, share / 4)
            - 0.4 * age
            + fit(n, over)
            - (1.8 if by_unit else 0.0)
            + (0.6 if size % (10 * true or 1) == 0 else 0.0),
            over,
            (movement(row, "stands-out", usual_quantity=sizes[len(sizes) // 2]),),
            settle=Settle("ask-who", {"user": row.user, "document": row.document}),
            lift=((row.seq, row.recorded, -true),),
        )


def _said_once(n: Neighbourhood) -> Row | None:
    """The take that began the shortage, where it is the only record of what left: no second step of its paper
    bears it out."""
    row = n.root or n.crossing
    if row is None or row.kind not in TAKEN or not n.low:
        return None
    steps = (r for r in n.papers.get(row.document, ()) if r.item == row.item and r.kind != row.kind)
    return None if any(True for _ in steps) else row


def _amount_unseen(n: Neighbourhood) -> Iterator[Finding]:
    """Less is missing than was taken at once, and nothing else says how much left: some of it stayed."""
    row = _said_once(n)
    if row is None or (n.exact and n.missing >= -row.quantity):
        return
    yield Finding(
        "K3",
        2.6 if n.exact else 0.4,
        n.missing,
        (movement(row, "less-is-missing" if n.exact else "no-second-record"),),
        settle=Settle("ask-who", {"user": row.user, "document": row.document}),
        lift=((row.seq, row.recorded, min(0, row.quantity + n.missing)),),
    )


def _another_unseen(n: Neighbourhood) -> Iterator[Finding]:
    """Nothing but the confirmation says what left: it may have been another item."""
    row = _said_once(n)
    if row is None or (n.exact and n.missing != -row.quantity):
        return
    yield Finding(
        "K1",
        1.2 if n.exact else 0.4,
        -row.quantity,
        (movement(row, "no-second-record"),),
        settle=Settle("ask-who", {"user": row.user, "document": row.document}),
        lift=((row.seq, row.recorded, 0),),
    )
