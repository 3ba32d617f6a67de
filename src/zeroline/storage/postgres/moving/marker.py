"""What a server's database says of itself while a move into it is under way: one row, gone at the end.

As long as it is there nobody opens the database: setting up and signing in look for it before anything else.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from zeroline.storage.postgres.functions import SCHEMA

TABLE = "unfinished_move"


@dataclass
class Reached:
    """How far a table is: the key of its last row that arrived, and rows."""

    last: list[Any] | None = None
    rows: int = 0
    done: bool = False


@dataclass
class Marker:
    """``head`` (``17:ab12…``) is where the trail of the file ends that is moved, ``replaced`` where the
    server's own ended; ``triggers`` is the state of every trigger before the first was off."""

    head: str
    replaced: str
    triggers: list[list[str]]
    tables: dict[str, Reached] = field(default_factory=dict)

    def reached(self, table: str) -> Reached:
        """How far a table is."""
        return self.tables.setdefault(table, Reached())

    @property
    def rows(self) -> int:
        """Rows that arrived."""
        return sum(one.rows for one in self.tables.values())


def create(raw: Any, marker: Marker) -> None:
    """Begin; by the owner of the schema."""
    raw.execute(f"CREATE TABLE {SCHEMA}.{TABLE} (begun text NOT NULL, reached text NOT NULL)")
    begun = json.dumps([marker.head, marker.replaced, marker.triggers])
    raw.execute(f"INSERT INTO {SCHEMA}.{TABLE} VALUES (%s, '{{}}')", (begun,))


def read(raw: Any) -> Marker | None:
    """The marker of a database, None where no move is under way."""
    (there,) = raw.execute("SELECT to_regclass(%s)::text", (f"{SCHEMA}.{TABLE}",)).fetchone()
    if there is None:
        return None
    begun, reached = raw.execute(f"SELECT begun, reached FROM {SCHEMA}.{TABLE}").fetchone()
    tables = {name: Reached(*facts) for name, facts in json.loads(reached).items()}
    head, replaced, triggers = json.loads(begun)
    return Marker(head, replaced, triggers, tables)


def keep(raw: Any, marker: Marker) -> None:
    """Say how far it is; by the owner of the schema."""
    reached = {name: [one.last, one.rows, one.done] for name, one in marker.tables.items()}
    raw.execute(f"UPDATE {SCHEMA}.{TABLE} SET reached = %s", (json.dumps(reached),))


def remove(raw: Any) -> None:
    """The move is over; by the owner of the schema."""
    raw.execute(f"DROP TABLE {SCHEMA}.{TABLE}")
