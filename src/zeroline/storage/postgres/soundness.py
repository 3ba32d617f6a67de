"""Whether a server's database still guards itself: guards, functions, triggers of hands, row security.

Compared with the texts that set it up, so that an altered ``me()`` is found as surely as a missing guard.
"""

from __future__ import annotations

import re

from sqlalchemy import Connection

from zeroline.storage.postgres import access, functions, guards, handing_in, hands, logins
from zeroline.storage.postgres.functions import SCHEMA
from zeroline.storage.schema import metadata

_FUNCTION = re.compile(
    r"CREATE OR REPLACE FUNCTION (\w+)\(.*?AS (?:\$\$(.*?)\$\$|'((?:[^']|'')*)')", re.DOTALL
)
_TRIGGER = re.compile(r"ALTER TABLE (\w+) ENABLE ALWAYS TRIGGER (\w+);")

_BODIES = """
SELECT p.proname, p.prosrc FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
WHERE n.nspname = ?
"""
_ALWAYS = """
SELECT c.relname, t.tgname FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = ? AND t.tgenabled = 'A' AND NOT t.tgisinternal
"""
_BY_ROW = """
SELECT c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = ? AND c.relrowsecurity
"""


def missing(connection: Connection) -> tuple[str, ...]:
    """Guards, functions (``me()``), triggers (``own_hand on approval``) and row security (``rows of
    movement``) that are not as setting up makes them."""
    wanted = _functions()
    bodies = {name: body for name, body in connection.exec_driver_sql(_BODIES, (SCHEMA,)) if name in wanted}
    altered = {f"{name}()" for name, body in wanted.items() if bodies.get(name) != body}
    always = {(row[0], row[1]) for row in connection.exec_driver_sql(_ALWAYS, (SCHEMA,))}
    off = {f"{name} on {table}" for table, name in _triggers() - always}
    by_row = set(connection.exec_driver_sql(_BY_ROW, (SCHEMA,)).scalars())
    bare = {f"rows of {table}" for table in metadata.tables.keys() - by_row}
    return tuple(sorted({*guards.missing(connection), *altered, *off, *bare}))


def _functions() -> dict[str, str]:
    texts = (
        functions.BEFORE_TABLES,
        functions.OVER_TABLES,
        access.FUNCTIONS,
        hands.script(),
        hands.RECORDING,
        handing_in.SCRIPT,
        logins.script(),
    )
    found = [match for text in texts for match in _FUNCTION.finditer(text)]
    return {match[1]: match[2] if match[2] is not None else match[3].replace("''", "'") for match in found}


def _triggers() -> set[tuple[str, str]]:
    found = _TRIGGER.finditer(functions.TRIGGERS + hands.script())
    return {(match[1], match[2]) for match in found}
