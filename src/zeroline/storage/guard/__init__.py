"""Guards: triggers that hold the rules of the domain law in the database itself, whoever writes.

Plain INSERT, UPDATE and DELETE cannot get past them, INSERT OR REPLACE and upserts included, with or without
foreign keys and recursive triggers switched on. Who can write the file can also drop a trigger: then the
audit chain is what shows it, and ``restore`` puts the guards back and names those that were missing.
"""

from __future__ import annotations

from zeroline.storage.driver import Texts
from zeroline.storage.guard import alerting, counting, diagnosis, records, second_hand, settlement
from zeroline.storage.guard.trigger import Triggers

__all__ = ["STATEMENTS", "TRIGGERS", "missing", "restore"]

TRIGGERS: Triggers = (
    records.triggers()
    | second_hand.triggers()
    | counting.triggers()
    | settlement.triggers()
    | diagnosis.triggers()
    | alerting.triggers()
)
"""Every guard by its name."""

STATEMENTS: dict[str, str] = {name: made.for_sqlite() for name, made in TRIGGERS.items()}
"""CREATE TRIGGER statement of SQLite by trigger name."""


def missing(connection: Texts) -> tuple[str, ...]:
    """Guards that are not there or not as they should be, and triggers that are none of ours."""
    present = _present(connection)
    return tuple(
        sorted(
            {name for name, sql in STATEMENTS.items() if present.get(name) != sql}
            | (present.keys() - STATEMENTS.keys())
        )
    )


def restore(connection: Texts) -> tuple[str, ...]:
    """Put every guard back as it should be; answers what :func:`missing` answered before."""
    present = _present(connection)
    wrong = missing(connection)
    for name in wrong:
        if name in present:
            connection.exec_driver_sql('DROP TRIGGER "{}"'.format(name.replace('"', '""')))
        if name in STATEMENTS:
            connection.exec_driver_sql(STATEMENTS[name])
    return wrong


def _present(connection: Texts) -> dict[str, str]:
    rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    return dict(rows.fetchall())
