"""Whether a cause came back to the same key, and which causes a person used last."""

from __future__ import annotations

from sqlalchemy import Connection, desc, func, select

from zeroline.domain.case import CaseState
from zeroline.domain.instant import DAY
from zeroline.domain.policy import Policy
from zeroline.storage.casework.cases import StoredCase
from zeroline.storage.schema import case_event, stock_case
from zeroline.storage.unit_of_work import UnitOfWork


def earlier_case(work: UnitOfWork, case: StoredCase, cause: str, policy: Policy) -> int | None:
    """The newest settled case of this key with this cause that was closed within the watch window before
    this one was opened; None when there is none."""
    since = case.opened_at - policy.watch_window_days * DAY
    return work.connection.execute(
        select(stock_case.c.id)
        .where(
            stock_case.c.key_id == case.key_id,
            stock_case.c.id != case.id,
            stock_case.c.cause == cause,
            stock_case.c.state == CaseState.CLOSED.value,
            stock_case.c.closed_at >= since,
        )
        .order_by(desc(stock_case.c.closed_at))
        .limit(1)
    ).scalar()


def recent_causes(connection: Connection, person_id: int, most: int) -> tuple[str, ...]:
    """The causes a person tagged, the last first, each once."""
    cause = func.json_extract(case_event.c.facts, "$.cause")
    rows = connection.execute(
        select(cause)
        .where(case_event.c.person_id == person_id, case_event.c.kind == "cause", cause.isnot(None))
        .group_by(cause)
        .order_by(desc(func.max(case_event.c.id)))
        .limit(most)
    )
    return tuple(rows.scalars())
