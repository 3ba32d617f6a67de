"""T: nothing is missing on the shelf; something was posted late, early, back-dated or held back.

The trace of all of them is a movement that had happened when the stock was taken and was recorded after it.
What kind it is, how late, and what came late with it tells them apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import log

from zeroline.domain.diagnosis.company import lone_legs, lost_too
from zeroline.domain.diagnosis.fingerprints.by_paper import SWAPPED, came_alone, came_with_many
from zeroline.domain.diagnosis.hypothesis import Evidence, Finding, Settle
from zeroline.domain.diagnosis.neighbourhood import BROUGHT_IN, CORRECTIONS, Neighbourhood, Row
from zeroline.domain.diagnosis.traces import (
    booked_twice,
    came_for_both,
    document,
    fit,
    for_production,
    gap,
    held_back,
    late_rows,
    movement,
    outgoing,
    reversals,
    went_on,
    wrong_counts,
)
from zeroline.domain.instant import DAY, HOUR, MINUTE
from zeroline.domain.movement import MovementKind as Kind

_BOTH_TIMES = 5.0  # happened before, recorded after: hardly ever by chance


def _came_late(n: Neighbourhood, *kinds: str) -> tuple[Row, ...]:
    return tuple(row for row in late_rows(n) if not kinds or row.kind in kinds)


def _told(n: Neighbourhood, rows: tuple[Row, ...], code: str) -> tuple[Evidence, ...]:
    crossing = n.crossing
    assert crossing is not None
    return (
        *(movement(row, code, late_span=row.lag, after_span=gap(n, row)) for row in rows[:3]),
        movement(crossing, "crossed" if n.is_episode else "counted-less"),
    )


def _on_time(rows: tuple[Row, ...]) -> tuple[tuple[int, int, int], ...]:
    """The rows recorded when they happened."""
    return tuple((row.seq, row.occurred, row.quantity) for row in rows)


def _swapped(n: Neighbourhood, row: Row) -> float:
    """Above 0: posted in the wrong order, no later than usual; below: the document came late.

    What counts is how late the row is for its kind, and whether the taking was posted before it happened.
    """
    crossing = n.crossing
    assert crossing is not None
    apart = 1.3 * log(SWAPPED / max(gap(n, row), MINUTE))
    usual = max(n.long_lag(row) * 5 // 4, 10 * MINUTE)
    late = 1.6 * log(usual / max(row.lag, MINUTE)) if row.lag > usual else 0.8
    if not n.tells_time(row):
        late = apart
    early = 2.5 if crossing.timed and crossing.lag < 0 else 0.0
    return max(-4.0, min(3.0, max(apart, late) + early))


def _kept_back(n: Neighbourhood, rows: tuple[Row, ...]) -> float:
    """How strongly a late document looks like one of many that its source kept back: 0 and more."""
    held = len({row.document for row in held_back(n)})
    if not held or not rows:
        return 0.0
    busy = went_on(n, rows[0])
    return min(4.0, 0.9 * held + (0.8 if not busy else -0.9 * min(busy, 3)))


def _again(n: Neighbourhood, row: Row) -> bool:
    """Whether the row enters again what had been booked and taken back."""
    return any(
        taken.recorded < row.recorded and (booked.document == row.document or booked.quantity == row.quantity)
        for booked, taken in reversals(n)
        if booked.quantity == row.quantity
    )


def receipt_posted_late(n: Neighbourhood) -> Iterator[Finding]:
    """T1: the goods were there, and taken, hours or days before anybody posted their receipt."""
    rows = tuple(
        row
        for row in _came_late(n)
        if row.kind not in (Kind.TRANSFER_IN, Kind.PRODUCTION_RECEIPT) and not _again(n, row)
    )
    if rows:
        strength = _BOTH_TIMES - max(0.0, _swapped(n, rows[0])) + fit(n, sum(r.quantity for r in rows))
        strength -= 2.0 if for_production(n) else 0.0
        strength -= max(0.0, _kept_back(n, rows))
        yield Finding(
            "T1",
            strength,
            sum(row.quantity for row in rows),
            _told(n, rows, "recorded-late"),
            settle=Settle("look-at-paper", {"document": rows[0].document}),
            lift=_on_time(rows),
        )
    yield from (finding for finding in _untimed(n) if finding.cause == "T1")
    yield from (finding for finding in _lifted_twice(n) if finding.cause == "T1")


_BY_KIND: dict[str, str] = {Kind.TRANSFER_IN: "T3", Kind.PRODUCTION_RECEIPT: "T4"}


def _lifted_twice(n: Neighbourhood) -> Iterator[Finding]:
    """A count lifted the book although a document was still to be posted; then it came on top."""
    if n.is_episode or n.low:
        return
    rows = n.before
    for row in rows:
        if row.quantity != -n.missing or not row.timed or row.kind in CORRECTIONS:
            continue
        fix = next(
            (
                c
                for c in rows
                if c.kind in CORRECTIONS and c.quantity == row.quantity and row.occurred <= c.occurred
            ),
            None,
        )
        if fix is not None and fix.recorded < row.recorded:
            yield Finding(
                _BY_KIND.get(row.kind, "T1"),
                6.0,
                n.missing,
                (movement(row, "came-on-top", late_span=row.lag), movement(fix, "corrected-twice")),
                settle=Settle("look-at-paper", {"document": row.document}),
                lift=((fix.seq, fix.recorded, 0),),
            )
            return


def _untimed(n: Neighbourhood) -> Iterator[Finding]:
    """Where the source never says when things happened: a receipt that soon brought the book back."""
    closing, crossing = n.closing, n.crossing
    if closing is None or crossing is None or (n.tells_time(closing) and n.tells_time(crossing)):
        return
    if closing.kind not in BROUGHT_IN:
        return
    apart = gap(n, closing)
    if apart > 5 * DAY:
        return
    evidence = (movement(closing, "brought-back", after_span=apart), movement(crossing, "crossed"))
    lift = ((closing.seq, crossing.recorded - 1, closing.quantity),)
    swapped = _swapped(n, closing)
    size = fit(n, closing.quantity)
    production = crossing.kind == Kind.COMPONENT_ISSUE or closing.kind == Kind.PRODUCTION_RECEIPT
    if closing.kind == Kind.TRANSFER_IN:
        strength = 2.5 - max(0.0, swapped) - (1.0 if production else 0.0)
        yield Finding("T3", strength + size, closing.quantity, evidence, lift=lift)
    if production:
        yield Finding("T4", 2.3 + size, closing.quantity, evidence, lift=lift)
    elif swapped > 0:
        yield Finding("T2", 1.5 + swapped + size, closing.quantity, evidence, lift=lift)
    elif closing.kind != Kind.TRANSFER_IN:
        due = any(
            line.number == closing.document and line.due is not None and line.due < crossing.recorded
            for line in n.lines_of("receipt")
        )
        strength = 1.8 + swapped / 2 + (1.5 if due else 0.0)
        yield Finding("T1", strength + size, closing.quantity, evidence, lift=lift)


def issue_before_receipt(n: Neighbourhood) -> Iterator[Finding]:
    """T2: issue and receipt within minutes, posted in the wrong order; in physical order nothing is short."""
    rows = tuple(row for row in _came_late(n) if not _again(n, row))
    if not rows:
        yield from came_alone(n)
        yield from (finding for finding in _untimed(n) if finding.cause == "T2")
        return
    swapped = _swapped(n, rows[0])
    strength = _BOTH_TIMES + min(0.0, swapped) + min(0.5, max(0.0, swapped)) + fit(n, rows[0].quantity)
    strength -= 2.0 if for_production(n) or rows[0].kind == Kind.PRODUCTION_RECEIPT else 0.0
    strength -= max(0.0, _kept_back(n, rows))
    yield Finding(
        "T2",
        strength,
        rows[0].quantity,
        _told(n, rows[:1], "recorded-after"),
        settle=Settle("nothing-missing"),
        lift=_on_time(rows[:1]),
    )


def transfer_leg_late(n: Neighbourhood) -> Iterator[Finding]:
    """T3: the stock had left the other end, the leg that brings it here was late or is still missing."""
    rows = tuple(row for row in _came_late(n, Kind.TRANSFER_IN) if not _again(n, row))
    if rows:
        explained = sum(row.quantity for row in rows)
        legs = [
            leg
            for leg in n.papers.get(rows[0].document, ())
            if leg.kind == Kind.TRANSFER_OUT and leg.quantity < 0
        ]
        assert n.crossing is not None
        on_time = any(leg.recorded <= n.crossing.recorded for leg in legs)
        yield Finding(
            "T3",
            _BOTH_TIMES
            + (1.2 if on_time else -1.5 if legs and for_production(n) else 0.0)
            + fit(n, explained)
            - max(0.0, _kept_back(n, rows))
            - 1.5 * max(0.0, _swapped(n, rows[0]))
            - (max(0.0, _same_shift(n, rows[0])) if for_production(n) else 0.0),
            explained,
            (*_told(n, rows, "recorded-late"), *(movement(leg, "left-there") for leg in legs[:1])),
            settle=Settle("look-at-paper", {"document": rows[0].document}),
            lift=_on_time(rows),
        )
    yield from (f for f in (*_untimed(n), *_lifted_twice(n)) if f.cause == "T3")
    yield from _never_arrived(n)


def _never_arrived(n: Neighbourhood) -> Iterator[Finding]:
    for leg in lone_legs(n):
        lines = [line for line in n.lines if line.number == leg.document]
        here = [line for line in lines if line.location == n.here.location]
        yield Finding(
            "T3",
            (4.8 if here else 3.2) + fit(n, -leg.quantity) - min(3.0, 1.2 * len(lost_too(n, leg))),
            -leg.quantity,
            (movement(leg, "never-arrived"), *(document(line, "open-transfer") for line in here[:1])),
            settle=Settle("look-at-paper", {"document": leg.document}),
            lift=((0, leg.occurred + HOUR, -leg.quantity),),
        )


def backflush_before_supply(n: Neighbourhood) -> Iterator[Finding]:
    """T4: consumption was reported before its supply was posted, or output after it was used."""
    rows = tuple(
        row
        for row in _came_late(n)
        if (for_production(n) or row.kind == Kind.PRODUCTION_RECEIPT) and not _again(n, row)
    )
    if rows:
        explained = sum(row.quantity for row in rows)
        yield Finding(
            "T4",
            _BOTH_TIMES
            + fit(n, explained)
            + 1.4
            - max(0.0, _kept_back(n, rows))
            + (
                _same_shift(n, rows[0]) - 1.0
                if rows[0].kind == Kind.TRANSFER_IN and _left_on_time(n, rows[0])
                else 0.0
            ),
            explained,
            _told(n, rows, "supplied-late"),
            settle=Settle("look-at-paper", {"document": rows[0].document}),
            lift=_on_time(rows),
        )
    elif (n.closing is not None and n.closing.timed) and for_production(n):
        yield from _used_ahead(n, n.closing)
    yield from (f for f in (*_untimed(n), *_lifted_twice(n)) if f.cause == "T4")


def _used_ahead(n: Neighbourhood, supply: Row) -> Iterator[Finding]:
    """The consumption of an order was booked by its plan, before its components had been brought."""
    crossing = n.crossing
    if crossing is None or supply.kind not in BROUGHT_IN or gap(n, supply) > DAY:
        return
    yield Finding(
        "T4",
        1.5 + min(1.0, max(-2.0, _same_shift(n, supply))) + fit(n, supply.quantity),
        supply.quantity,
        (movement(supply, "brought-back", after_span=gap(n, supply)), movement(crossing, "crossed")),
        settle=Settle("look-at-paper", {"document": supply.document}),
        lift=((supply.seq, crossing.recorded - 1, supply.quantity),),
    )


def _same_shift(n: Neighbourhood, row: Row) -> float:
    """Above 0: the supply was posted within the shift that used it or by the next; below: long after."""
    return max(-2.0, min(2.0, 1.4 * log(14 * HOUR / max(gap(n, row), MINUTE))))


def _left_on_time(n: Neighbourhood, row: Row) -> bool:
    """Whether the other leg of this arrival was recorded before the stock was taken here."""
    crossing = n.crossing
    return crossing is not None and any(
        leg.quantity < 0 and leg.recorded <= crossing.recorded for leg in n.papers.get(row.document, ())
    )


def document_changed(n: Neighbourhood) -> Iterator[Finding]:
    """T5: a document was taken back (and entered again, with its old date), or an old one entered late."""
    place = {row.seq: index for index, row in enumerate(n.here.rows)}
    last = place.get(n.inside[-1].seq, -1) if n.inside else -1
    for booked, taken in reversals(n):
        if booked.quantity <= 0 or place[taken.seq] > max(last, n.crossing_place):
            continue
        if n.subject.at - taken.recorded > 30 * DAY:
            continue
        again = next(
            (
                row
                for row in n.here.rows[place[taken.seq] + 1 :]
                if row.quantity == booked.quantity
                and (row.document == booked.document or row.occurred <= taken.recorded)
                and row.kind == booked.kind
            ),
            None,
        )
        evidence = [movement(taken, "taken-back"), movement(booked, "booked-before")]
        if again is not None:
            evidence.insert(1, movement(again, "entered-again", late_span=again.lag))
        strength = 4.5 + (2.0 if again is not None else 0.0) + fit(n, booked.quantity)
        strength -= 3.5 if booked_twice(n, booked, taken) or came_for_both(n, booked, taken) else 0.0
        yield Finding(
            "T5",
            strength,
            booked.quantity,
            tuple(evidence),
            settle=Settle("ask-who", {"user": taken.user, "document": taken.document}),
            lift=((taken.seq, taken.recorded, 0),),
        )
    yield from _back_dated(n)


def _counted_before_entry(n: Neighbourhood) -> Iterator[Finding]:
    """A count found less because an issue of days before was entered only after it."""
    if n.is_episode or n.low:
        return
    for row in n.after:
        missed = row.timed and row.quantity == n.missing and outgoing(row) and row.occurred <= n.subject.at
        if missed and row.lag > max(30 * HOUR, 4 * n.long_lag(row)):
            yield Finding(
                "T5",
                5.2,
                n.missing,
                (movement(row, "back-dated", late_span=row.lag),),
                settle=Settle("ask-who", {"user": row.user, "document": row.document}),
                lift=((row.seq, row.occurred, row.quantity),),
            )
            return


def _corrected_before_entry(n: Neighbourhood) -> Iterator[Finding]:
    """A count had taken from the book what an issue of days before took again when it was entered."""
    for wrong in wrong_counts(n)[:2]:
        for row in n.here.rows:
            if (
                row.timed
                and row.quantity == wrong.row.quantity
                and outgoing(row)
                and row.occurred <= wrong.row.occurred
                and row.recorded > wrong.row.recorded
                and row.lag > 30 * HOUR
            ):
                yield Finding(
                    "T5",
                    5.4 + max(-1.0, fit(n, -row.quantity)),
                    -row.quantity,
                    (movement(row, "back-dated", late_span=row.lag), movement(wrong.row, "counted-between")),
                    settle=Settle("ask-who", {"user": row.user, "document": row.document}),
                    lift=((wrong.row.seq, wrong.row.recorded, 0),),
                )
                return


def _back_dated(n: Neighbourhood) -> Iterator[Finding]:
    """An issue entered days after it happened, alone."""
    yield from _counted_before_entry(n)
    yield from _corrected_before_entry(n)
    yield from _old_issue(n)
    crossing = n.crossing
    if crossing is None or not n.is_episode or not crossing.timed or not outgoing(crossing):
        return
    late = crossing.lag
    if late < max(10 * HOUR, 8 * n.usual_lag(crossing)):
        return
    companions = n.companions.get(crossing.seq, ())
    held = [row for row in companions if row.lag > late // 3 and row.document != crossing.document]
    if len(held) > 3:
        return
    yield Finding(
        "T5",
        3.0 + min(1.0, log(late / (10 * HOUR)) / 2) + fit(n, -crossing.quantity),
        -crossing.quantity,
        (movement(crossing, "back-dated", late_span=late),),
        settle=Settle("ask-who", {"user": crossing.user, "document": crossing.document}),
        lift=((crossing.seq, crossing.occurred, crossing.quantity),),
    )


def _old_issue(n: Neighbourhood) -> Iterator[Finding]:
    """An issue of days before was entered alone some time before the shortage showed."""
    if not n.is_episode:
        return
    for row in reversed(n.since_count[-40:]):
        late = max(3 * DAY, 8 * n.long_lag(row))
        if row.timed and outgoing(row) and row.lag >= late and row.seq != n.subject.crossing:
            yield Finding(
                "T5",
                3.4 + fit(n, -row.quantity),
                -row.quantity,
                (movement(row, "back-dated", late_span=row.lag),),
                settle=Settle("ask-who", {"user": row.user, "document": row.document}),
                lift=((row.seq, row.occurred, row.quantity),),
            )
            return


def interface_held_back(n: Neighbourhood) -> Iterator[Finding]:
    """T6: one source kept its messages back for hours, then released them in a burst."""
    rows, held = late_rows(n), held_back(n)
    documents = len({row.document for row in held})
    if not rows:
        yield from came_with_many(n)
        return
    explained = sum(row.quantity for row in rows)
    if not documents:
        yield from _held_alone(n, rows, explained)
        return
    yield Finding(
        "T6",
        _BOTH_TIMES - 1.0 + _kept_back(n, rows) + fit(n, explained),
        explained,
        (
            *_told(n, rows[:2], "recorded-late"),
            *(movement(row, "held-back-too", late_span=row.lag, documents=documents) for row in held[:2]),
        ),
        settle=Settle("ask-interface", {"source": rows[0].source, "until_at": rows[0].recorded}),
        lift=_on_time(rows),
    )


def _held_alone(n: Neighbourhood, rows: tuple[Row, ...], explained: int) -> Iterator[Finding]:
    """Nothing else came late with it: an interface is not ruled out, hardly more."""
    if rows[0].lag > n.long_lag(rows[0]) and not went_on(n, rows[0]):
        yield Finding(
            "T6",
            _BOTH_TIMES - 3.2 + fit(n, explained),
            explained,
            _told(n, rows[:2], "recorded-late"),
            settle=Settle("ask-interface", {"source": rows[0].source, "until_at": rows[0].recorded}),
            lift=_on_time(rows),
        )
