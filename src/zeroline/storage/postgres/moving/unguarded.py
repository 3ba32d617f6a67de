"""Writing past the guards, for one transaction: what is evidence already is not judged as something new."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from zeroline.storage.postgres.access import OWNER
from zeroline.storage.postgres.functions import SCHEMA
from zeroline.storage.postgres.hands import WATCHER

_TRIGGERS = """
SELECT c.relname, t.tgname, t.tgenabled FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = %s AND NOT t.tgisinternal ORDER BY c.relname, t.tgname
"""
_WATCHERS = """
SELECT evtname, evtenabled FROM pg_event_trigger WHERE evtname IN (%s, %s) ORDER BY evtname
"""
_ON = {"A": "ENABLE ALWAYS", "R": "ENABLE REPLICA", "O": "ENABLE", "D": "DISABLE"}


def triggers(raw: Any) -> list[list[str]]:
    """Every trigger of the schema, and what watches over it: table ('' for the latter), name, state."""
    rows = raw.execute(_TRIGGERS, (SCHEMA,)).fetchall()
    watchers = raw.execute(_WATCHERS, (WATCHER, f"{WATCHER}_drop")).fetchall()
    return [_told(row) for row in rows] + [_told(("", *row)) for row in watchers]


def _told(row: tuple[Any, ...]) -> list[str]:
    return [cell.decode() if isinstance(cell, bytes) else str(cell) for cell in row]


@contextmanager
def unguarded(raw: Any, *tables: str) -> Iterator[None]:
    """Inside, the guards of these tables and the record of changes of the schema are off, and one writes as
    the owner; foreign keys and checks stay. Then everything is as before.

    Whoever fails inside rolls the transaction back, and the guards with it: they are never off in what is
    committed.
    """
    before = triggers(raw)
    for table, name, _ in before:
        if not table:
            raw.execute(f"ALTER EVENT TRIGGER {name} DISABLE")
    raw.execute(f"SET LOCAL ROLE {OWNER}")
    for table in {table for table, _, _ in before} & set(tables):
        raw.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
    yield
    for table in tables:
        on = [f'{_ON[state]} TRIGGER "{name}"' for of, name, state in before if of == table]
        if on:
            raw.execute(f'ALTER TABLE "{table}" {", ".join(on)}')
    raw.execute("RESET ROLE")
    for table, name, state in before:
        if not table:
            raw.execute(f"ALTER EVENT TRIGGER {name} {_ON[state]}")
