"""One case, read whole in one moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sqlalchemy import Connection

from zeroline.domain.case import CaseState, EventKind, Queue
from zeroline.domain.count import LineState
from zeroline.domain.diagnosis import Diagnosis
from zeroline.domain.episode import Episode
from zeroline.domain.next_step import Situation, next_step
from zeroline.domain.pattern import Pattern, document_type, lag_code
from zeroline.domain.policy import Policy
from zeroline.domain.quantity import value_of
from zeroline.domain.severity import LEVELS, REASONS, Reason, Severity, severities
from zeroline.domain.verdict import refuses
from zeroline.domain.views.case import (
    AdjustmentFacts,
    CaseKey,
    CaseView,
    CauseFacts,
    CountFacts,
    EpisodeFacts,
    EventFacts,
    LedgerRow,
    Money,
    OpenDocument,
    RepeatFacts,
    SelfCheckFacts,
)
from zeroline.domain.views.queue import REASON_FACTS
from zeroline.storage import people
from zeroline.storage.casework import cases, selfcheck
from zeroline.storage.casework.repeats import repeats
from zeroline.storage.casework.scope import Scope
from zeroline.storage.diagnosis import keeping, learning
from zeroline.storage.diagnosis.record import millionths
from zeroline.storage.elsewhere import items as items_elsewhere
from zeroline.storage.ledger import balance_history, stored_episodes
from zeroline.storage.queries import around, casefile
from zeroline.storage.queries.demand import Demand
from zeroline.storage.queries.queue import OTHERWISE
from zeroline.storage.schema import stock_key


def case_view(connection: Connection, case_id: int, as_of: int, policy: Policy, horizon: int) -> CaseView:
    """A case as of ``as_of``; windows end at ``horizon`` (both µs). DomainError ``case-unknown``."""
    case = cases.one(connection, case_id)
    names = people.names(connection)
    key = around.case_key(connection, case.key_id)
    on_hand = around.on_hand(connection, case.key_id)
    history = balance_history(connection, case.key_id, as_of)
    mine = stock_key.select().with_only_columns(stock_key.c.id).where(stock_key.c.id == case.key_id)
    episodes = [found.measured(as_of, on_hand) for found in stored_episodes(connection, mine)]
    episode = next((e for e in episodes if e.opening_sequence == case.opening_seq), None)
    ledger, before, after = around.ledger_around(connection, history, case.opening_seq)
    rows = {row.seq: row for row in ledger}
    crossing = rows.get(case.opening_seq)
    closing = rows.get(episode.closing_sequence) if episode and episode.closing_sequence else None
    events = casefile.events(connection, case_id, names)
    counts, on_sheet = casefile.counts(connection, case.key_id)
    adjustments = casefile.adjustments(connection, case.key_id, names)
    documents = around.documents(connection, key)
    check = _self_check(connection, case, policy, horizon) if case.queue is Queue.SELF_CHECK else None
    repeat = _repeat(connection, case, policy, horizon) if case.queue is Queue.REPEAT else None
    elsewhere, item_on_hand = around.elsewhere(connection, key)
    facts = _Facts(case, key, on_hand, as_of, episode, check, repeat, crossing)
    diagnosis = keeping.diagnosis_of(connection, case_id, as_of)
    word = learning.last_word(connection, case_id)
    bases = around.time_bases(connection, case.key_id)
    return CaseView(
        case_id=case.id,
        version=case.version,
        as_of=as_of,
        queue=case.queue,
        state=case.state,
        owner_id=case.owner_id,
        owner=names.get(case.owner_id, "") if case.owner_id is not None else "",
        opened_at=case.opened_at,
        closed_at=case.closed_at,
        due_at=case.due_at,
        reason=case.reason,
        reopened=case.reopened,
        key=key,
        on_hand=on_hand,
        episode=_episode_facts(episode, key.unit_cost) if episode else None,
        crossing=None if case.queue is Queue.OVERRIDE else crossing,
        closing=closing,
        history=history,
        ledger=ledger,
        ledger_before=before,
        ledger_after=after,
        elsewhere=elsewhere,
        item_on_hand=item_on_hand,
        item_hidden=bool(items_elsewhere(connection, (key.item_id,))),
        episodes=tuple(_episode_facts(e, key.unit_cost) for e in reversed(episodes)),
        counts=counts,
        adjustments=adjustments,
        documents=documents,
        reservations=around.reservations(connection, key),
        money=_money(key, on_hand, episode),
        events=events,
        attachments=casefile.attachments(connection, case_id, names),
        evidence=casefile.evidence(connection, case_id, names),
        cause=_cause(case, names),
        severity=_severity(connection, facts),
        next_step=next_step(
            replace(
                _situation(facts, events, counts, on_sheet, adjustments, documents),
                **_guess(diagnosis, word),
            )
        ),
        physical_known=history.physical_known,
        time_basis=next((basis for basis in bases if basis != "both"), "both"),
        pattern=_pattern(crossing, closing) if case.queue is Queue.TRANSIENT and crossing else None,
        forced=crossing if case.queue is Queue.OVERRIDE else None,
        self_check=check,
        repeat=repeat,
        diagnosis=diagnosis,
        verdict=casefile.verdict(word, names),
        other_cases=casefile.other_cases(connection, case),
    )


@dataclass(frozen=True, slots=True)
class _Facts:
    case: cases.StoredCase
    key: CaseKey
    on_hand: int
    as_of: int
    episode: Episode | None
    check: SelfCheckFacts | None
    repeat: RepeatFacts | None
    crossing: LedgerRow | None

    @property
    def below_zero(self) -> bool:
        return self.on_hand < 0 and (self.episode is None or self.episode.ended_at is None)


def _episode_facts(episode: Episode, unit_cost: int) -> EpisodeFacts:
    return EpisodeFacts(
        episode.started_at,
        episode.ended_at,
        episode.opening_sequence,
        episode.closing_sequence,
        episode.depth,
        episode.unit_days,
        episode.value_days(unit_cost),
        episode.duration,
        episode.transient,
    )


def _money(key: CaseKey, on_hand: int, episode: Episode | None) -> Money:
    return Money(
        key.unit_cost,
        value_of(on_hand, key.unit_cost),
        episode.value(key.unit_cost) if episode else 0,
        episode.value_days(key.unit_cost) if episode else 0,
        key.currency,
    )


def _cause(case: cases.StoredCase, names: dict[int, str]) -> CauseFacts | None:
    if not case.cause:
        return None
    by = names.get(case.cause_by, "") if case.cause_by is not None else names[0]
    return CauseFacts(case.cause, case.cause_comment, case.cause_by, by)


def _pattern(crossing: LedgerRow, closing: LedgerRow | None) -> Pattern:
    lag = closing.recorded_at - closing.occurred_at if closing else 0
    return Pattern(
        crossing.kind,
        closing.kind if closing else "",
        crossing.source,
        document_type(crossing.document),
        lag_code(lag),
    )


def _self_check(
    connection: Connection, case: cases.StoredCase, policy: Policy, horizon: int
) -> SelfCheckFacts | None:
    scope = Scope(np.array([case.key_id], dtype=np.int64), policy, horizon)
    for check in selfcheck.checks(connection, scope):
        if selfcheck.subject(check) == case.subject:
            source = around.source_code(connection, check.source_id)
            return SelfCheckFacts(source, check.stored, check.summed, check.difference, check.as_of)
    return None


def _repeat(connection: Connection, case: cases.StoredCase, policy: Policy, horizon: int) -> RepeatFacts:
    scope = Scope(np.array([case.key_id], dtype=np.int64), policy, horizon)
    found = repeats(connection, policy, horizon, scope)
    episodes, misses = (found[0].episodes, found[0].misses) if found else (0, 0)
    return RepeatFacts(policy.repeat_window_days, horizon, episodes, misses)


def _severity(connection: Connection, facts: _Facts) -> Severity:
    episode, key, queue = facts.episode, facts.key, facts.case.queue
    orders, promised = Demand.read(connection).of_keys([(key.item_id, key.location_id, key.lot)])
    value_days = episode.value_days(key.unit_cost) if episode else 0
    since = episode.started_at if episode else facts.case.opened_at
    below = facts.below_zero and episode is not None and queue in (Queue.NEGATIVE, Queue.TRANSIENT)
    found = severities(
        np.array([below]), orders, np.array([value_days]), np.array([facts.as_of - since]), OTHERWISE[queue]
    )
    reason = REASONS[int(found.reason[0])]
    every: dict[str, Any] = {
        "orders": int(orders[0]),
        "orders_quantity": int(promised[0]),
        "unit": key.unit,
        "value_days": value_days,
        "currency": key.currency,
        "since": since,
        "as_of": facts.as_of,
        "ended_at": episode.ended_at if episode else None,
        "difference": facts.check.difference if facts.check else 0,
        "episodes": facts.repeat.episodes if facts.repeat else 0,
        "misses": facts.repeat.misses if facts.repeat else 0,
        "quantity": facts.crossing.quantity if facts.crossing else 0,
        "user": facts.crossing.user if facts.crossing else "",
    }
    told = {name: every[name] for name in REASON_FACTS[reason.value]}
    return Severity(LEVELS[int(found.rank[0])], Reason(reason), told, int(found.score[0]))


def _guess(diagnosis: Diagnosis | None, word: learning.Word | None) -> dict[str, Any]:
    """The guess that the next step may rest on: none while there is not enough to say, or once refused."""
    if diagnosis is None or not diagnosis.enough:
        return {}
    leading = diagnosis.leading
    if word is not None and refuses(word.guess, word.second, word.cause, leading.cause):
        return {}
    return {"guess": leading.cause, "probability": millionths(leading.probability)}


def _situation(
    facts: _Facts,
    events: Sequence[EventFacts],
    counts: Sequence[CountFacts],
    on_sheet: bool,
    adjustments: Sequence[AdjustmentFacts],
    documents: Sequence[OpenDocument],
) -> Situation:
    case = facts.case
    restarted = [event.at for event in events if event.kind == EventKind.REOPENED.value]
    since = max([case.opened_at, *restarted])
    recent = [count for count in counts if count.counted_at >= since]
    newest = max(recent, key=lambda count: (count.counted_at, count.round), default=None)
    own = [a for a in adjustments if a.case_id == case.id and a.proposed_at >= since]
    waiting = next((document for document in documents if document.explains), None)
    return Situation(
        queue=case.queue,
        state=case.state,
        on_hand=facts.on_hand,
        below_zero=facts.below_zero,
        transient=facts.episode is not None and facts.episode.transient,
        owned=case.owner_id is not None,
        cause=case.cause,
        on_sheet=on_sheet,
        counted=newest is not None,
        recount_wanted=newest is not None and newest.line_state == LineState.RECOUNT.value,
        variance=newest.variance if newest else 0,
        adjustment_state=own[0].state if own else "",
        document=waiting.number if waiting else "",
        document_due_at=waiting.due_at if waiting else None,
        waiting_until=case.due_at if case.state is CaseState.WAITING_DOCUMENT else None,
        differs=facts.check is not None and facts.check.difference != 0,
    )
