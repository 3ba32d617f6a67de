"""Triggers that hold the rules of the domain law in the database itself, whoever writes."""

from __future__ import annotations

from sqlalchemy import Connection

STATEMENTS: dict[str, str] = {}
"""CREATE TRIGGER statement by trigger name."""


def restore(connection: Connection) -> tuple[str, ...]:
    """Put back every guard that is missing or was changed; answers the names of those."""
    present = {
        row.name: row.sql
        for row in connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    }
    wrong = tuple(name for name, sql in STATEMENTS.items() if present.get(name) != sql)
    foreign = tuple(name for name in present if name not in STATEMENTS)
    for name in wrong + foreign:
        if name in present:
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        if name in STATEMENTS:
            connection.exec_driver_sql(STATEMENTS[name])
    return wrong + foreign
