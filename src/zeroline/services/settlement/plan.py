"""What proposing would do: the quantity with its arithmetic, the money, the tier, what speaks against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from zeroline.domain.adjustment import (
    NEEDS_REASON,
    AdjustmentKind,
    AdjustmentState,
    Cumulated,
    Next,
    flags_of,
    next_for,
    percent_of,
    tier_of,
)
from zeroline.domain.cause import CATALOGUE
from zeroline.domain.diagnosis.what_if import TooMuch, too_much
from zeroline.domain.errors import DomainError
from zeroline.domain.quantity import value_of
from zeroline.domain.views.counting import CountedEntry
from zeroline.domain.views.key import Reason
from zeroline.domain.views.settlement import Arithmetic, Money, Proposal
from zeroline.storage.casework import cases
from zeroline.storage.counting import arithmetic
from zeroline.storage.counting.arithmetic import Count
from zeroline.storage.counting.entries import unit_costs
from zeroline.storage.diagnosis import keeping
from zeroline.storage.keys import key_facts
from zeroline.storage.policies import StoredPolicy
from zeroline.storage.settlement import grounds, records
from zeroline.storage.settlement.grounds import Line

if TYPE_CHECKING:
    from zeroline.storage.engine import Connection

Pairs = tuple[tuple[str, int], ...]
"""Evidence: (kind, target)."""


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody wants to settle: a count (``entry_id``), a case by its newest count (``case_id``), a key
    by documents (``key_id`` or ``case_id`` with ``quantity``), or a posted adjustment (``reversal_of``)."""

    case_id: int | None = None
    entry_id: int | None = None
    key_id: int | None = None
    quantity: int | None = None
    reversal_of: int | None = None
    cause: str = ""
    comment: str = ""
    evidence: Pairs = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """A proposal as shown, and what only its record needs besides."""

    proposal: Proposal
    line: Line | None
    count: Count | None
    evidence: Pairs


def count_arithmetic(final: CountedEntry, count: Count, on_hand: int) -> Arithmetic:
    """The arithmetic of a line's final count with everything the ledger knows now."""
    rolled = count.rolled
    quantity = final.quantity - rolled.expected
    return Arithmetic(
        quantity=quantity,
        on_hand=on_hand,
        after=on_hand + quantity,
        counted=final.quantity,
        counted_at=final.counted_at,
        book_at_count=rolled.book,
        late=rolled.late,
        since=rolled.since,
        late_movements=count.late_movements(),
        since_movements=count.since_movements(),
    )


def count_of(connection: Connection, line: Line) -> Count | None:
    """The final count of a line rolled forward to now; None while a recount is wanted."""
    final = line.final
    if final is None:
        return None
    return arithmetic.rolled(connection, line.key_id, final.counted_at, final.book, final.book_seq)


def plan(connection: Connection, policy: StoredPolicy, request: Request, proposer_id: int, at: int) -> Plan:
    """What the request comes to, with all that stands in its way in ``blocked``.

    Raises DomainError ``case-unknown``, ``count-entry-unknown``, ``adjustment-unknown``, ``cause-unknown``,
    ``stock-key-unknown``, ``case-other-key`` for a count or key that is not the case's.
    """
    if request.cause and request.cause not in CATALOGUE:
        raise DomainError("cause-unknown", cause=request.cause, field="cause")
    kind, key_id, line = _subject(connection, request)
    key = key_facts(connection, [key_id]).get(key_id)
    if key is None:
        raise DomainError("stock-key-unknown")
    case_id = _case_for(connection, request, key_id, line)
    if case_id is not None and cases.one(connection, case_id).key_id != key_id:
        raise DomainError("case-other-key", case=case_id)
    evidence = evidence_of(connection, request, case_id, line)
    blocked: list[Reason] = []
    on_hand = arithmetic.on_hand(connection, key_id)
    count = None
    cost = unit_costs(connection, [key_id])[key_id]
    if kind is AdjustmentKind.COUNT_CORRECTION:
        sums, count = _from_count(connection, line, on_hand, blocked)
    elif kind is AdjustmentKind.REVERSAL:
        original = records.one(connection, request.reversal_of or 0)
        cost = original["unit_cost"]
        sums = _plain(-original["quantity"], on_hand)
        _check_reversal(connection, original, blocked)
    else:
        sums = _plain(request.quantity or 0, on_hand)
        if not any(name in ("document", "attachment") for name, _ in evidence):
            blocked.append(Reason("evidence-missing"))
    if sums.quantity == 0 and not blocked:
        blocked.append(Reason("adjustment-zero"))
    other = records.open_of_key(connection, key_id)
    if other:
        blocked.append(Reason("adjustment-open", {"number": other}))

    guard = grounds.guard_documents(connection, key_id, sums.quantity, count)
    wanted = Next.ADJUST if kind is AdjustmentKind.REVERSAL else next_for(request.cause)
    value = value_of(sums.quantity, cost)
    before = sums.on_hand if sums.book_at_count is None else sums.book_at_count + (sums.late or 0)
    others = records.cumulated(connection, key_id, proposer_id, at)
    cumulated = Cumulated(others.value + abs(value), others.quantity + abs(sums.quantity))
    percent = percent_of(sums.quantity, before, before + sums.quantity)
    flags = flags_of(kind, request.cause, key.status, bool(guard) or wanted in NEEDS_REASON)
    verdict = tier_of(policy.policy, value, sums.quantity, percent, flags, cumulated)
    proposal = Proposal(
        case_id=case_id,
        entry_id=None if line is None or line.final is None else line.final.entry_id,
        kind=kind.value,
        key=key,
        cause=request.cause,
        next=wanted.value,
        arithmetic=sums,
        money=Money(cost, value, percent),
        tier=verdict.tier,
        tier_reasons=tuple(Reason(f"tier-{name.replace(' ', '-')}") for name in verdict.reasons),
        cumulated_value=cumulated.value,
        counts=() if line is None else line.counts,
        guard=guard,
        needs_wait_reason=wanted in NEEDS_REASON,
        needs_guard_reason=bool(guard),
        policy=policy.version,
        blocked=tuple(blocked),
        too_much=surplus_of(connection, case_id, kind, sums.quantity, at),
    )
    return Plan(proposal, line, count, evidence)


def surplus_of(
    connection: Connection, case_id: int | None, kind: AdjustmentKind, quantity: int, at: int
) -> tuple[TooMuch, ...]:
    """What an adjustment for a case leaves too much while a likely hypothesis about it holds (rule 7)."""
    if case_id is None or kind is AdjustmentKind.REVERSAL or quantity <= 0:
        return ()
    case = cases.one(connection, case_id)
    found = keeping.diagnosis_of(connection, case_id, at) if case.opening_seq else None
    counted = kind is AdjustmentKind.COUNT_CORRECTION
    return () if found is None else too_much(found, quantity, at, counted=counted)


def _subject(connection: Connection, request: Request) -> tuple[AdjustmentKind, int, Line | None]:
    if request.reversal_of is not None:
        return AdjustmentKind.REVERSAL, records.one(connection, request.reversal_of)["key_id"], None
    if request.entry_id is not None:
        line = grounds.line_of_entry(connection, request.entry_id)
        return AdjustmentKind.COUNT_CORRECTION, line.key_id, line
    key_id = request.key_id
    if key_id is None:
        if request.case_id is None:
            raise DomainError("stock-key-unknown")
        key_id = cases.one(connection, request.case_id).key_id
    if request.quantity is not None:
        return AdjustmentKind.ADJUSTMENT, key_id, None
    return AdjustmentKind.COUNT_CORRECTION, key_id, _line_for_case(connection, request.case_id, key_id)


def _line_for_case(connection: Connection, case_id: int | None, key_id: int) -> Line | None:
    """The newest count of the key, unless it was made before the stretch below zero even began."""
    line = grounds.newest_line(connection, key_id)
    if line is None or case_id is None:
        return line
    began = grounds.recorded_at(connection, cases.one(connection, case_id).opening_seq)
    if began is not None and max(entry.counted_at for entry in line.counts) < began:
        return None
    return line


def _from_count(
    connection: Connection, line: Line | None, on_hand: int, blocked: list[Reason]
) -> tuple[Arithmetic, Count | None]:
    if line is None:
        blocked.append(Reason("count-missing"))
        return _plain(0, on_hand), None
    count = count_of(connection, line)
    if count is None or line.final is None:
        blocked.append(Reason("recount-open"))
        return _plain(0, on_hand), None
    newest = grounds.newest_line(connection, line.key_id)
    if newest is not None and newest.line_id != line.line_id:
        last = max(entry.counted_at for entry in newest.counts)
        blocked.append(Reason("count-newer", {"counted_at": last}))
    own = [row for row in count.rolled.since_rows if row.own]
    if own:
        blocked.append(Reason("count-superseded", {"recorded_at": own[-1].recorded_at}))
    return count_arithmetic(line.final, count, on_hand), count


def _plain(quantity: int, on_hand: int) -> Arithmetic:
    return Arithmetic(quantity, on_hand, on_hand + quantity)


def _check_reversal(connection: Connection, original: Mapping[str, Any], blocked: list[Reason]) -> None:
    if original["state"] != AdjustmentState.POSTED:
        blocked.append(Reason("reversal-not-posted", {"number": original["number"]}))
    already = records.reversal(connection, original["id"])
    if already:
        blocked.append(Reason("reversal-made", {"number": already}))


def evidence_of(connection: Connection, request: Request, case_id: int | None, line: Line | None) -> Pairs:
    """What the adjustment will rest on: what was named, what the investigator linked to the case, the counts
    of the line, and for a reversal the movement that it reverses. Each once, in that order."""
    linked = () if case_id is None else grounds.case_evidence(connection, case_id)
    counts = () if line is None else tuple(("count", entry.entry_id) for entry in line.counts)
    reversed_ = () if request.reversal_of is None else records.movement_of(connection, request.reversal_of)
    movement = (("movement", reversed_[0]),) if reversed_ else ()
    return tuple(dict.fromkeys((*request.evidence, *linked, *counts, *movement)))


def _case_for(connection: Connection, request: Request, key_id: int, line: Line | None) -> int | None:
    """The case that is settled: the one named, else the line's, else the one that is open for the key."""
    if request.case_id is not None:
        return request.case_id
    if request.reversal_of is not None:
        found: int | None = records.one(connection, request.reversal_of)["case_id"]
        return found
    return grounds.open_case_of(connection, key_id, None if line is None else line.case_id)
