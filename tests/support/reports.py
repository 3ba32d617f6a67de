"""Rows of every report, of any number and as awkward as reality, made the same way each time."""

from __future__ import annotations

from dataclasses import replace

from zeroline.domain.accuracy import CountedLine, accuracy
from zeroline.domain.diagnosis import Diagnosis, Evidence, EvidenceKind, Hypothesis, Settle
from zeroline.domain.duties import HANDS, Hands
from zeroline.domain.episode import Episode
from zeroline.domain.instant import DAY, HOUR, MINUTE
from zeroline.domain.quantity import SCALE, value_of
from zeroline.domain.views.counting import BlindLine, BlindSheet
from zeroline.domain.views.explanation import Explained, GuessThen, Standing, WordThen
from zeroline.domain.views.key import KeyFacts, Reason
from zeroline.domain.views.reporting import (
    AccuracyBy,
    ApprovedRow,
    Basis,
    CountOnce,
    CoverageRow,
    CrossingMovement,
    Exceptions,
    Measures,
    NegativeRow,
    Reconciliation,
    ReconciliationLine,
    Register,
    RollForward,
    SheetThen,
)
from zeroline.domain.views.trail import CaseThen, EventThen, MovementThen, TrailEntry

NOW = 1_772_355_600_000_000  # 2026-03-01 09:00 UTC
SINCE = NOW - 30 * DAY
COST = 1_250_000
LONG_TEXT = ("Deep groove ball bearing, shielded on both sides, greased for life, " * 3)[:200]
LONG_CODE = "BRG-6204-2RS-C3-" + "0123456789" * 4


def key(number: int, awkward: bool = False) -> KeyFacts:
    return KeyFacts(
        key_id=number,
        item_id=number,
        item=f"{LONG_CODE}-{number}" if awkward else f"BRG-{number:05d}",
        description=LONG_TEXT if awkward else "Ball bearing",
        location=f"N1-{LONG_CODE}" if awkward else f"N1-A-{number % 40:02d}",
        site="NORTH",
        warehouse="N1",
        zone="ABC"[number % 3],
        lot=LONG_CODE if awkward else "",
        status="quarantine" if awkward else "available",
        unit="EA",
        decimals=0,
        abc_class="ABC"[number % 3],
    )


def basis() -> Basis:
    return Basis(
        entity="Nordhafen Industrial Supply GmbH",
        site="",
        zone="Europe/Berlin",
        currency="EUR",
        since=SINCE,
        as_of=NOW,
        known_by=NOW,
        last_seq=82_811,
        policy=2,
        chain_position=1_259,
        chain_head="8ab2cd01efa97c334d10b2a7be55d7a23e1cc0a49b8d5af0e6f1724ec6c5ab91",
        generated_at=NOW + MINUTE,
        generated_by="Ada Auditor",
        cut_off=(("receipt", "PO-4501666", NOW - HOUR),),
    )


def line(number: int, awkward: bool = False) -> ReconciliationLine:
    """Every fifth missed by one, every seventh not counted at all; the others have no variance."""
    expected, off = number % 9 - 2, int(number % 5 == 0)
    counted = number % 7 != 0
    final = expected + off if counted else None
    once = CountOnce(number, 1, "Cora Counter", NOW - DAY, (expected + off) * SCALE)
    again = CountOnce(number, 2, "Otto Othercounter", NOW - HOUR, (expected + off) * SCALE)
    return ReconciliationLine(
        sheet=f"CNT-{number // 50 + 1:06d}",
        position=number % 50 + 1,
        key=key(number, awkward),
        unit_cost=COST,
        state=("variance" if off else "accepted") if counted else "not counted",
        reason="" if counted else "the aisle was blocked",
        found=False,
        snapshot=expected * SCALE if counted else None,
        moved=0 if counted else None,
        expected=expected * SCALE if counted else None,
        first=once if counted else None,
        recount=again if counted and off else None,
        final=None if final is None else final * SCALE,
        variance=off * SCALE if counted else None,
        percent=off * SCALE // max(1, abs(expected)) if counted else None,
        value=value_of(off * SCALE, COST) if counted else None,
        within=counted and not off,
        failed=(Reason("tolerance-below-zero"),) if counted and off else (),
        cause="K3" if counted and off else "",
        why=None,
        evidence=(
            ("count", "CNT-000001 line 1"),
            ("document", "receipt PO-4501666"),
            ("attachment", "shelf.jpg"),
        )
        if counted and off
        else (),
        adjustment=f"ADJ-{number:06d}" if counted and off else "",
        adjustment_state="posted" if counted and off else "",
        before=expected * SCALE if counted and off else None,
        after=None if final is None or not off else final * SCALE,
    )


def crossed(number: int, awkward: bool = False) -> tuple[Evidence, ...]:
    """The crossing and the receipt that came late."""
    document = LONG_CODE if awkward else f"SO-{number}"
    taken = {"kind": "pick", "quantity": -8 * SCALE, "document": document, "recorded_at": NOW - DAY}
    late = {
        "kind": "receipt",
        "quantity": 30 * SCALE,
        "document": f"PO-{number}",
        "occurred_at": NOW - DAY - HOUR,
        "recorded_at": NOW - HOUR,
        "after_span": 23 * HOUR,
    }
    return (
        Evidence(EvidenceKind.MOVEMENT, 2, f"b{number}", "recorded-late", late),
        Evidence(EvidenceKind.MOVEMENT, 1, f"m{number}", "crossed", taken),
    )


def diagnosis(awkward: bool = False) -> Diagnosis:
    """T1 with 92 %; the rest not enough to say."""
    likely = Hypothesis("T1", 0.92, -3 * SCALE, 0, crossed(1, awkward), (), Settle("nothing-missing"))
    return Diagnosis((likely, Hypothesis("Z0", 0.08, 0, -3 * SCALE)), -3 * SCALE, True)


def explained(number: int, awkward: bool = False) -> Explained:
    """Every third accepted, every third only guessed; of the others it is not enough to say."""
    if number % 3 == 2:
        return Explained(Standing.UNCLEAR, guess="Z0", probability=600_000)
    found = Explained(
        Standing.GUESSED,
        guess="T1",
        probability=920_000,
        evidence_for="T1",
        evidence=crossed(number, awkward),
    )
    if number % 3 == 0:
        return found
    return replace(
        found,
        standing=Standing.ACCEPTED,
        cause="T1",
        by="Sam Supervisor",
        at=NOW - HOUR,
        comment=LONG_TEXT if awkward else "",
    )


def negative(number: int, awkward: bool = False) -> NegativeRow:
    """Every second still open; ages from hours to months."""
    age = (1 + number % 40) * 3 * DAY // 2
    ended = None if number % 2 else NOW - HOUR
    start = (ended or NOW) - age
    crossing = CrossingMovement(f"m{number}", "pick", f"SO-{number}", "r.diaz", -8 * SCALE, start, start)
    back = CrossingMovement(f"b{number}", "receipt", f"PO-{number}", "", 9 * SCALE, NOW - HOUR, NOW - HOUR)
    within = (ended or NOW) - max(start, SINCE)
    return NegativeRow(
        key=key(number, awkward),
        unit_cost=COST,
        started_at=start,
        ended_at=ended,
        depth=-3 * SCALE,
        on_hand=-3 * SCALE if ended is None else SCALE,
        unit_days=3 * SCALE * age // DAY,
        value_days=value_of(3 * SCALE, COST) * age // DAY,
        transient=number % 4 == 0,
        crossing=crossing,
        closing=None if ended is None else back,
        case_id=number,
        why=explained(number, awkward),
        outcome="closed" if ended else "",
        adjustments=(),
        age=age,
        days_within=within,
        unit_days_within=3 * SCALE * within // DAY,
        value_days_within=value_of(3 * SCALE, COST) * within // DAY,
    )


def approved(number: int, awkward: bool = False, conflict: bool = False) -> ApprovedRow:
    people = dict(zip(HANDS, ("Cora", "Otto", "Sam", "Sam", "Mara", "Mara"), strict=True))
    return ApprovedRow(
        adjustment_id=number,
        number=f"ADJ-{number:06d}",
        kind="count correction",
        state="posted",
        key=key(number, awkward),
        quantity=SCALE if number % 2 else -SCALE,
        unit_cost=COST,
        value=COST if number % 2 else -COST,
        before=-2 * SCALE,
        cause="K3",
        why=None,
        comment=LONG_TEXT if awkward else "found in the next bin",
        tier=2,
        tier_reasons=("value", "open documents"),
        policy=2,
        required=("manager",),
        proposed_at=NOW - 2 * HOUR,
        proposer="Sam",
        decision="approved",
        approver="Mara",
        approver_role="manager",
        limit_value=50_000 * SCALE,
        cumulated_value=COST,
        decided_at=NOW - HOUR,
        decision_comment="agreed",
        meaning="I approve",
        overrides=(("open documents", "the delivery is for another bin"),),
        posted_at=NOW - HOUR,
        poster="Mara",
        reversal_of="",
        hands=Hands(2, 1, 2, 3, 3, 3 if conflict else 4, 4),
        names=tuple(people.items()),
        evidence=(("count", "CNT-000001 line 1"),),
    )


def measures(negatives: list[NegativeRow], lines: list[ReconciliationLine]) -> Measures:
    closed = [row for row in negatives if row.ended_at is not None]
    return Measures(
        period=NOW - SINCE,
        episodes=len(negatives),
        closed=len(closed),
        transient=sum(row.transient for row in negatives),
        negative_keys=len(negatives) - len(closed),
        active_keys=2 * len(negatives),
        active_items=len(negatives),
        days_negative=sum(row.days_within for row in negatives),
        unit_days=sum(row.unit_days_within for row in negatives),
        value_days=sum(row.value_days_within for row in negatives),
        mean_closed=sum(row.age for row in closed) // len(closed) if closed else None,
        adjustments=len(lines) // 5,
        adjusted_up=len(lines) // 5,
        adjusted_down=0,
        items_counted=len(lines),
        lines_counted=sum(found.first is not None for found in lines),
        accepted_at_first=sum(found.recount is None and found.final is not None for found in lines),
        cases_closed=len(closed),
        cases_recurred=0,
    )


def reconciliation(count: int, awkward: bool = False) -> Reconciliation:
    """``count`` lines, and an eighth as many of everything else."""
    lines = [line(number, awkward) for number in range(count)]
    few = range((count + 7) // 8)
    negatives = [negative(number, awkward) for number in few]
    figures = accuracy(
        CountedLine(found.expected, found.final, found.unit_cost, found.within)
        for found in lines
        if found.expected is not None and found.final is not None
    )
    done = sum(found.final is not None for found in lines)
    return Reconciliation(
        basis=basis(),
        sheets=tuple(
            SheetThen(number, "Cycle count", "overdue", "Sam", SINCE, NOW, "")
            for number in sorted({found.sheet for found in lines})
        ),
        lines=tuple(lines),
        coverage=(CoverageRow("A", count, count, done, 0, 0, count - done),) if count else (),
        total=figures,
        groups=tuple(AccuracyBy(by, "A", figures) for by in ("class", "cause", "user", "location")),
        roll_forward=tuple(
            RollForward(
                f"BRG-{n:05d}",
                "Ball bearing",
                "EA",
                0,
                COST,
                0,
                9 * SCALE,
                -SCALE,
                0,
                0,
                8 * SCALE,
                8 * SCALE,
            )
            for n in few
        ),
        negatives=tuple(negatives),
        approvals=tuple(approved(number, awkward) for number in few),
        measures=measures(negatives, lines),
    )


def exceptions(count: int, awkward: bool = False) -> Exceptions:
    rows = [negative(number, awkward) for number in range(count)]
    return Exceptions(basis(), tuple(rows), measures(rows, []))


def register(count: int, awkward: bool = False) -> Register:
    return Register(basis(), tuple(approved(number, awkward) for number in range(count)))


def sheet(count: int, awkward: bool = False) -> BlindSheet:
    return BlindSheet(
        sheet_id=1,
        number="CNT-000001",
        title="Negatives of the morning",
        state="open",
        assigned_to_id=1,
        assigned_to="Cora Counter",
        due_at=NOW + DAY,
        lines=tuple(
            BlindLine(number, number + 1, key(number, awkward), (), (), 1, "to count")
            for number in range(count)
        ),
        can_undo=False,
        can_redo=False,
        version=1,
    )


def case(count: int, awkward: bool = False) -> tuple[CaseThen, list[TrailEntry]]:
    """A case with ``count`` movements, events and entries of the chain."""
    steps = [(SINCE + number * MINUTE, (2 - number % 6) * SCALE) for number in range(count)]
    entries = [
        TrailEntry(number + 1, at, "Sam", "case note", "case 1", '{"text":"x"}', "0" * 64)
        for number, (at, _) in enumerate(steps)
    ]
    found = CaseThen(
        case_id=1,
        queue="negative",
        state="closed",
        owner="Sam Supervisor",
        cause="T1",
        key=key(1, awkward),
        on_hand=-SCALE,
        episode=Episode(1, SINCE, None, 1, None, -3 * SCALE, 3 * SCALE * DAY, NOW, False) if count else None,
        events=tuple(EventThen(at, "Sam", "note", LONG_TEXT if awkward else "asked", {}) for at, _ in steps),
        movements=tuple(
            MovementThen(f"m{n}", "pick", f"SO-{n}", "r.diaz", -SCALE, balance, at, at, n == 3)
            for n, (at, balance) in enumerate(steps[:120])
        ),
        left_out=max(0, count - 120),
        book=tuple(steps),
        physical=(),
        bands=((SINCE, None, False),) if count else (),
        why=explained(1, awkward),
        guess=GuessThen(NOW - HOUR, 900, diagnosis(awkward)) if count else None,
        words=(WordThen(NOW, "Sam Supervisor", Standing.ACCEPTED, "T1", 920_000, "T1"),) if count else (),
    )
    return found, entries
