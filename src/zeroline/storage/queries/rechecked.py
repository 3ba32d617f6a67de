"""The queues whose rows are worked out anew when they are shown: stored balances and repeats."""

from __future__ import annotations

import numpy as np
from sqlalchemy import Connection

from zeroline.domain.case import Queue
from zeroline.domain.policy import Policy
from zeroline.domain.severity import Ints
from zeroline.domain.views.queue import Column, QueueTable, Words
from zeroline.storage.casework import selfcheck
from zeroline.storage.casework.repeats import repeats
from zeroline.storage.casework.scope import Scope
from zeroline.storage.queries.columns import worth
from zeroline.storage.queries.queue import Rows, queue_table


def rechecked_table(
    connection: Connection, queue: Queue, as_of: int, policy: Policy, horizon: int
) -> QueueTable:
    """All open cases of SELF_CHECK or REPEAT; ``as_of`` and ``horizon`` (end of windows) µs."""
    own = {Queue.SELF_CHECK: _self_check, Queue.REPEAT: _repeat}[queue]
    return queue_table(
        connection, queue, as_of, lambda rows, cost: own(connection, rows, cost, policy, horizon)
    )


def _self_check(
    connection: Connection, rows: Rows, cost: Ints, policy: Policy, horizon: int
) -> dict[str, Column]:
    scope = Scope(np.unique(rows.numbers("key_id")), policy, horizon)
    found = {selfcheck.subject(check): check for check in selfcheck.checks(connection, scope)}
    checks = [found[subject] for subject in rows.list("subject")]
    sources = {row.id: row.code for row in connection.exec_driver_sql("SELECT id, code FROM source")}
    difference = np.array([check.difference for check in checks], dtype=np.int64)
    as_of = np.array([check.as_of for check in checks], dtype=np.int64)
    return {
        "source": Words.of(sources[check.source_id] for check in checks),
        "stored": np.array([check.stored for check in checks], dtype=np.int64),
        "summed": np.array([check.summed for check in checks], dtype=np.int64),
        "difference": difference,
        "as_of": as_of,
        "since": as_of,
        "value": worth(difference, cost),
    }


def _repeat(
    connection: Connection, rows: Rows, cost: Ints, policy: Policy, horizon: int
) -> dict[str, Column]:
    scope = Scope(np.unique(rows.numbers("key_id")), policy, horizon)
    found = {repeat.key_id: repeat for repeat in repeats(connection, policy, horizon, scope)}
    here = [found.get(key_id) for key_id in rows.list("key_id")]
    opened = rows.list("opened_at")
    last = [repeat.last_at if repeat else at for repeat, at in zip(here, opened, strict=True)]
    return {
        "since": np.array(last, dtype=np.int64),
        "episodes": np.array([repeat.episodes if repeat else 0 for repeat in here], dtype=np.int64),
        "misses": np.array([repeat.misses if repeat else 0 for repeat in here], dtype=np.int64),
        "value": worth(rows.numbers("on_hand"), cost),
    }
