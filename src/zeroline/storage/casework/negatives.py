"""Cases of episodes: below zero now, and transient ones; they follow their episodes through late movements.

One case stands for one episode. It is in queue NEGATIVE while the book is below zero, and afterwards as long
as somebody still owes the cause; an episode that turns out transient moves to queue TRANSIENT as it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, desc, select

from zeroline.domain.case import OPEN_STATES, CaseState, EventKind, Queue
from zeroline.domain.cause import CATALOGUE, LATE_INTERFACE, AdjustmentRight
from zeroline.domain.following import Stretch, follow
from zeroline.domain.instant import DAY
from zeroline.storage.casework import cases, opening
from zeroline.storage.casework.scope import Scope
from zeroline.storage.ledger.reading import among_listed
from zeroline.storage.schema import adjustment, episode, movement, stock_case
from zeroline.storage.unit_of_work import UnitOfWork

_HELD = frozenset({CaseState.WAITING_APPROVAL, CaseState.POSTED})
"""States in which an adjustment decides what becomes of the case, not the ledger alone."""

_REOPENING = frozenset({CaseState.POSTED, CaseState.VERIFIED, CaseState.CLOSED})


@dataclass(frozen=True, slots=True)
class _Crossing:
    """What took a key below zero: kind and source of the movement, and the case it was posted for."""

    kind: str
    source_id: int
    reversal_for: int | None


@dataclass(frozen=True, slots=True)
class _Known:
    case: cases.StoredCase
    was: Stretch | None
    crossing: _Crossing | None


@dataclass(frozen=True, slots=True)
class _Key:
    known: list[_Known]
    now: list[Stretch]
    crossings: dict[int, _Crossing]


def sync(work: UnitOfWork, scope: Scope) -> int:
    """Bring the cases of the touched keys in line with their episodes; answers how many were changed."""
    known = _known(work, scope)
    found, crossings = _episodes(work, scope)
    fresh: list[tuple[int, Stretch]] = []
    told: list[cases.Follow] = []
    changed = 0
    for key_id, stretches in found.items():
        if key_id not in known:
            fresh += [(key_id, stretch) for stretch in stretches if _wants_case(stretch)]
    for key_id, of_key in known.items():
        key = _Key(of_key, found.get(key_id, []), crossings)
        opened, touched = _follow_key(work, scope, key, told)
        fresh += [(key_id, stretch) for stretch in opened]
        changed += touched
    cases.change_many(work, told)
    return changed + _open(work, scope, fresh)


def _wants_case(stretch: Stretch) -> bool:
    return stretch.is_open or stretch.transient


def subject(key_id: int, opening_seq: int) -> str:
    """What makes the case of an episode unique in its queue."""
    return f"{key_id}:{opening_seq}"


# --- reading; statements are built once, for one movement building them would take longer than running them


@cache
def _cases_query(narrow: bool) -> Select[Any]:
    opened = movement.alias("opened")
    closed = movement.alias("closed")
    query = (
        select(
            stock_case,
            opened.c.recorded_at.label("started"),
            opened.c.kind.label("kind"),
            opened.c.source_id.label("source_id"),
            closed.c.recorded_at.label("ended"),
        )
        .join_from(stock_case, opened, opened.c.seq == stock_case.c.opening_seq, isouter=True)
        .join(closed, closed.c.seq == stock_case.c.closing_seq, isouter=True)
        .where(stock_case.c.queue.in_([Queue.NEGATIVE.value, Queue.TRANSIENT.value]))
        .order_by(stock_case.c.id)
    )
    return query.where(among_listed(stock_case.c.key_id)) if narrow else query


def _known(work: UnitOfWork, scope: Scope) -> dict[int, list[_Known]]:
    found: dict[int, list[_Known]] = defaultdict(list)
    for row in work.connection.execute(_cases_query(scope.narrow), scope.bound()):
        case = cases.stored(row)
        was = crossing = None
        if row.started is not None:
            was = Stretch(case.opening_seq, row.started, case.closing_seq, row.ended)
            crossing = _Crossing(row.kind, row.source_id, None)
        found[case.key_id].append(_Known(case, was, crossing))
    return found


@cache
def _episodes_query(narrow: bool) -> Select[Any]:
    query = (
        select(
            episode.c.key_id,
            episode.c.opening_seq,
            episode.c.started_at,
            episode.c.closing_seq,
            episode.c.ended_at,
            episode.c.transient,
            movement.c.kind,
            movement.c.source_id,
            adjustment.c.case_id,
        )
        .join_from(episode, movement, movement.c.seq == episode.c.opening_seq)
        .join(
            adjustment,
            and_(adjustment.c.id == movement.c.adjustment_id, adjustment.c.kind == "reversal"),
            isouter=True,
        )
        .order_by(episode.c.key_id, episode.c.started_at, episode.c.opening_seq)
    )
    return query.where(among_listed(episode.c.key_id)) if narrow else query


def _episodes(work: UnitOfWork, scope: Scope) -> tuple[dict[int, list[Stretch]], dict[int, _Crossing]]:
    found: dict[int, list[Stretch]] = defaultdict(list)
    crossings: dict[int, _Crossing] = {}
    rows = work.connection.execute(_episodes_query(scope.narrow), scope.bound())
    for key_id, opening_seq, started, closing_seq, ended, transient, kind, source_id, case_id in rows:
        found[key_id].append(Stretch(opening_seq, started, closing_seq, ended, bool(transient)))
        crossings[opening_seq] = _Crossing(kind, source_id, case_id)
    return found, crossings


# --- following one key


def _follow_key(
    work: UnitOfWork, scope: Scope, key: _Key, told: list[cases.Follow]
) -> tuple[list[Stretch], int]:
    """Bring one key's cases in line; answers the episodes that want a case of their own, and how many
    cases were changed. What the ledger does often is only ``told``, to be written for all keys at once."""
    standing = {known.case.id: known for known in key.known if known.was is not None}
    working: list[tuple[int, Stretch]] = []
    over: list[tuple[int, Stretch]] = []
    for case_id, known in standing.items():
        assert known.was is not None
        (working if known.case.state in OPEN_STATES else over).append((case_id, known.was))
    followed = follow(working, over, key.now)
    changed = 0
    for case_id in followed.vanished:
        _explained(work, standing[case_id].case)
        changed += 1
    for case_id, into in followed.merged.items():
        _merged(work, standing[case_id].case, standing[into].case)
        changed += 1
    for case_id, now in followed.pairs.items():
        known = standing[case_id]
        assert known.was is not None
        changed += _moved_on(work, scope, known.case, known.was, now, told)
    opened = []
    for stretch in followed.unfollowed:
        if not _wants_case(stretch):
            continue
        earlier = _to_reopen(scope, key, stretch) if stretch.is_open else None
        if earlier is None:
            opened.append(stretch)
        else:
            case, why = earlier
            _reopen(work, scope, case, stretch, why)
            changed += 1
    return opened, changed


def _moved_on(
    work: UnitOfWork,
    scope: Scope,
    case: cases.StoredCase,
    was: Stretch,
    now: Stretch,
    told: list[cases.Follow],
) -> bool:
    """Tell what became of a case's episode; answers whether anything did."""
    columns: dict[str, Any] = {}
    if now.opening_seq != was.opening_seq:
        columns |= {"opening_seq": now.opening_seq, "subject": subject(case.key_id, now.opening_seq)}
    if now.closing_seq != was.closing_seq:
        columns["closing_seq"] = now.closing_seq
    working = case.state in OPEN_STATES
    if not working and now.is_open and not was.is_open:
        _reopen(work, scope, case, now, "late movement")
        return True
    queue = Queue.TRANSIENT if now.transient else Queue.NEGATIVE
    moves = working and queue is not case.queue and case.state not in _HELD
    if not columns and not moves:
        return False
    if not working:
        _follow_silently(work, case, columns)
        return True
    kind, facts = _event(case, was, now)
    if moves:
        kind, facts = EventKind.MOVED, {"queue": queue.value, "before": case.queue.value}
        columns["queue"] = queue.value
    elif kind is EventKind.VERIFIED:
        columns["state"] = CaseState.VERIFIED.value
    told.append(cases.Follow(case, kind, facts, columns))
    return True


def _event(case: cases.StoredCase, was: Stretch, now: Stretch) -> tuple[EventKind, dict[str, Any]]:
    if was.is_open and not now.is_open:
        kind = EventKind.VERIFIED if _document_came(case) else EventKind.ABOVE_ZERO
        return kind, {"closing_seq": now.closing_seq}
    if now.is_open and not was.is_open:
        return EventKind.BELOW_AGAIN, {"opening_seq": now.opening_seq}
    return EventKind.SHIFTED, {"opening_seq": now.opening_seq, "before": was.opening_seq}


def _document_came(case: cases.StoredCase) -> bool:
    """Whether being above zero again is all that this case waited for.

    So for a cause that wants no adjustment (a late document). Any other case stays: an ordinary receipt can
    lift a wrong book above zero without making it right.
    """
    found = CATALOGUE.get(case.cause)
    return (
        found is not None
        and found.final
        and found.adjustment_right is AdjustmentRight.NO
        and case.state in (CaseState.WAITING_DOCUMENT, CaseState.CAUSE_PROPOSED)
    )


def _follow_silently(work: UnitOfWork, case: cases.StoredCase, columns: dict[str, Any]) -> None:
    """A case that is over keeps its place in the ledger up to date, and nothing else."""
    work.connection.execute(stock_case.update().where(stock_case.c.id == case.id).values(**columns))
    work.changed(cases={case.id})


def _detached(case: cases.StoredCase) -> dict[str, Any]:
    return {"opening_seq": 0, "closing_seq": None, "subject": f"{case.key_id}:{case.opening_seq}:{case.id}"}


def _explained(work: UnitOfWork, case: cases.StoredCase) -> None:
    """The stretch below zero is gone: say which late movement explained it, and close.

    A movement recorded before the crossing that arrives after it came late or out of order: that is the
    cause (T6) unless a person found another.
    """
    columns = _detached(case)
    if case.state not in _HELD:
        columns |= {"state": CaseState.CLOSED.value, "closed_at": work.at, "reason": "late movement"}
        if case.cause not in CATALOGUE or not CATALOGUE[case.cause].final:
            columns["cause"] = LATE_INTERFACE
    cases.change(work, case, EventKind.EXPLAINED, facts=_late_movement(work, case), **columns)


def _late_movement(work: UnitOfWork, case: cases.StoredCase) -> dict[str, Any]:
    """The newest movement that arrived after the crossing but stands before it in book order."""
    crossing = select(movement.c.recorded_at).where(movement.c.seq == case.opening_seq).scalar_subquery()
    row = work.connection.execute(
        select(movement.c.seq, movement.c.reference, movement.c.document)
        .where(
            movement.c.key_id == case.key_id,
            movement.c.recorded_at <= crossing,
            movement.c.seq > case.opening_seq,
        )
        .order_by(desc(movement.c.quantity > 0), desc(movement.c.seq))
        .limit(1)
    ).first()
    if row is None:
        return {"seq": 0, "reference": "", "document": "", "before": case.opening_seq}
    return {
        "seq": row.seq,
        "reference": row.reference,
        "document": row.document,
        "before": case.opening_seq,
    }


def _merged(work: UnitOfWork, case: cases.StoredCase, into: cases.StoredCase) -> None:
    """Two stretches became one: the other case keeps it and inherits what it lacks."""
    columns = _detached(case)
    if case.state not in _HELD:
        columns |= {"state": CaseState.DISMISSED.value, "closed_at": work.at, "reason": "merged"}
    cases.change(work, case, EventKind.MERGED, facts={"case_id": into.id}, **columns)
    inherited: dict[str, Any] = {}
    if into.owner_id is None and case.owner_id is not None:
        inherited["owner_id"] = case.owner_id
        if into.state in (CaseState.NEW, CaseState.REOPENED):
            inherited["state"] = CaseState.ASSIGNED.value
    if not into.cause and case.cause:
        inherited |= {"cause": case.cause, "cause_comment": case.cause_comment, "cause_by": case.cause_by}
    cases.change(work, into, EventKind.MERGED, facts={"case_id": case.id}, **inherited)


# --- reopening


def _to_reopen(scope: Scope, key: _Key, now: Stretch) -> tuple[cases.StoredCase, str] | None:
    """The settled case that this new episode belongs to, and why, if there is one.

    That is the newest one settled within the watch window before the crossing whose cause is final and
    whose crossing came from the same kind of movement and source: the same process took the key below zero
    again, so the cause is presumed the same. A reversal always reopens the case that it was posted for.
    """
    crossing = key.crossings[now.opening_seq]
    for known in reversed(key.known):
        case = known.case
        if known.was is None or known.was.is_open:
            continue
        if crossing.reversal_for == case.id and case.state is not CaseState.DISMISSED:
            return case, "reversal"
        if case.state not in _REOPENING:
            continue
        settled = case.closed_at if case.closed_at is not None else known.was.ended_at
        assert settled is not None
        within = now.started_at - settled <= scope.policy.watch_window_days * DAY
        final = case.cause in CATALOGUE and CATALOGUE[case.cause].final
        same = known.crossing is not None and (
            (known.crossing.kind, known.crossing.source_id) == (crossing.kind, crossing.source_id)
        )
        if within and final and same:
            return case, "same cause"
    return None


def _reopen(work: UnitOfWork, scope: Scope, case: cases.StoredCase, now: Stretch, why: str) -> None:
    due = opening.due_times(work, scope, [(case.key_id, now)])[0]
    cases.change(
        work,
        case,
        EventKind.REOPENED,
        facts={"reason": why, "before": case.opening_seq},
        state=CaseState.REOPENED.value,
        queue=Queue.NEGATIVE.value,
        opening_seq=now.opening_seq,
        closing_seq=None,
        subject=subject(case.key_id, now.opening_seq),
        reopened=case.reopened + 1,
        due_at=due,
        closed_at=None,
        reason="",
    )


# --- opening


def _open(work: UnitOfWork, scope: Scope, fresh: Iterable[tuple[int, Stretch]]) -> int:
    wanted = list(fresh)
    if not wanted:
        return 0
    due = opening.due_times(work, scope, wanted)
    rows = [
        {
            "queue": (Queue.TRANSIENT if stretch.transient else Queue.NEGATIVE).value,
            "key_id": key_id,
            "opening_seq": stretch.opening_seq,
            "closing_seq": stretch.closing_seq,
            "subject": subject(key_id, stretch.opening_seq),
            "due_at": due_at,
        }
        for (key_id, stretch), due_at in zip(wanted, due, strict=True)
    ]
    return opening.open_cases(work, rows)
