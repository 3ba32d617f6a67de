"""SQL as text for PostgreSQL: statements are written once, in the common part of both databases.

What the two write differently is put into words here: marks of values, look-ups that ignore letter case,
hints for SQLite's planner. What SQLite has as functions and PostgreSQL has not (``json_each`` over a text,
``json_extract``, ``instr``) is made in the schema instead (``storage.postgres.functions``).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

_PIECES = re.compile(
    r"""
    (?P<quoted>'(?:[^']|'')*'|"(?:[^"]|"")*")
    | (?P<mark>\?)
    | (?<!:):(?P<name>[a-z_]+)
    | (?P<percent>%)
    | (?P<hint>\sINDEXED\ BY\ \w+)
    | (?P<order>\bCROSS\ JOIN(?=\ \w+\ \w+\ ON\b))
    | (?P<like>\bLIKE\b)
    """,
    re.VERBOSE,
)


def on_server(connection: Connection) -> bool:
    """Whether the connection is one to PostgreSQL."""
    return connection.dialect.name == "postgresql"


@lru_cache(maxsize=1_000)
def to_postgres(statement: str) -> str:
    """The statement with psycopg's marks and in PostgreSQL's words."""
    return _PIECES.sub(_put, statement)


def _put(found: re.Match[str]) -> str:
    kind, text = found.lastgroup, found.group()
    if kind == "quoted":
        return text.replace("%", "%%")
    if kind == "mark":
        return "%s"
    if kind == "name":
        return f"%({found['name']})s"
    if kind == "percent":
        return "%%"
    if kind == "hint":
        return ""
    return "JOIN" if kind == "order" else "ILIKE"
