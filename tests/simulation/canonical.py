"""What a database holds, told without ids, so that two databases can be compared row by row.

A server does not give the ids of a write again that was rolled back, a file does. So the id of a row is
here its place in its table, wherever it stands: in columns, in the subjects and facts of the audit trail, in
what a case or a guess cites. Hashes that are made over ids are left out; that they hold is checked on each
side.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from simulation.places import Place
from zeroline.storage import schema

Places = dict[str, dict[int, int]]

_LEFT_OUT = frozenset(("ledger_segment", "presence", "saved_mapping", "saved_view", "setting"))
_NOT_COMPARED = {
    "person": ("secret_hash", "pin_hash"),
    "adjustment": ("shown_hash",),
    "approval": ("shown_hash",),
    "audit_entry": ("previous", "hash"),
    "command": ("arguments", "result"),
    "episode": ("id",),
    "attachment": ("content",),
}
_COLUMNS = {
    "import_run": {"person_id": "person"},
    "case_event": {"person_id": "person"},
    "policy_version": {"person_id": "person"},
    "audit_entry": {"person_id": "person"},
}
_WORDS = {
    "case": "stock_case", "count line": "count_line", "count sheet": "count_sheet", "import": "import_run",
    "person": "person", "adjustment": "adjustment", "item": "item", "site": "site", "location": "location",
    "stock_key": "stock_key", "source": "source", "import_run": "import_run",
}  # fmt: skip
"""What the subjects of the trail are called, and where they are."""

_NAMES = {
    "case": "stock_case", "cases": "stock_case", "case_id": "stock_case", "line": "count_line",
    "line_id": "count_line", "sheet_id": "count_sheet", "key": "stock_key", "person": "person",
    "owner_id": "person", "owner": "person", "cause_by": "person", "adjustment_id": "adjustment",
    "request": "role_request", "entry": "count_entry", "into": "stock_case", "absorbed": "stock_case",
}  # fmt: skip
"""Facts that are ids, by their names."""

_KINDS = {
    "count": "count_entry", "movement": "movement", "document": "document", "attachment": "attachment",
    "stock": "stock_key",
}  # fmt: skip
_HASHES = frozenset(("record", "shown", "sha256"))
_GONE = -1


def picture(place: Place) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of each table, in the order in which they were made."""
    places: Places = {}
    for table in schema.metadata.sorted_tables:
        if "id" in table.c:
            ids = place.rows(f"SELECT id FROM {table.name} ORDER BY id")
            places[table.name] = {row[0]: number for number, row in enumerate(ids, 1)}
    return {
        table.name: _rows(place, table, places)
        for table in schema.metadata.sorted_tables
        if table.name not in _LEFT_OUT
    }


def _rows(place: Place, table: Any, places: Places) -> list[tuple[Any, ...]]:
    columns = [c for c in table.c if c.name not in _NOT_COMPARED.get(table.name, ())]
    told = [_told(table.name, column, places) for column in columns]
    order = (
        ", ".join(column.name for column in table.primary_key)
        if table.name != "episode"
        else "key_id, opening_seq"
    )
    names = [f'"{column.name}"' for column in columns]
    found = place.rows(f"SELECT {', '.join(names)} FROM {table.name} ORDER BY {order}")
    rows = [tuple(tell(value) for tell, value in zip(told, row, strict=True)) for row in found]
    if table.name in ("case_evidence", "adjustment_evidence"):
        kind, target = (
            next(n for n, c in enumerate(columns) if c.name == name) for name in ("kind", "target")
        )
        rows = [
            (*row[:target], _id(places, _KINDS[row[kind]], row[target]), *row[target + 1 :]) for row in rows
        ]
    return rows


def _told(table: str, column: Any, places: Places) -> Callable[[Any], Any]:
    name = column.name
    if name == "id":
        return lambda value: _id(places, table, value)
    if table in _COLUMNS and name in _COLUMNS[table]:
        return lambda value: _id(places, _COLUMNS[table][name], value)
    for key in column.foreign_keys:
        target = key.column.table.name
        if target in places:
            return lambda value: _id(places, target, value)
    if name == "subject":
        return lambda value: _subject(table, value, places)
    if table in ("audit_entry", "case_event") and name == "facts":
        return lambda value: _facts(json.loads(value), places)
    if table == "adjustment" and name == "guard":
        return lambda value: [
            [row[0], _id(places, "document" if row[0] != "correction" else "movement", row[1]), *row[2:]]
            for row in json.loads(value or "[]")
        ]
    if table == "diagnosis" and name == "hypotheses":
        return lambda value: _cited(json.loads(value), places)
    return _plain


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else value


def _id(places: Places, table: str, value: Any) -> Any:
    if value is None or table not in places or value == 0:
        return value
    return places[table].get(value, _GONE)


def _subject(table: str, text: str, places: Places) -> Any:
    """``count line 17``; of a case ``key:movement``, and behind it the case's own id where both are gone."""
    if table == "stock_case":
        tables = ("stock_key", "movement", "stock_case")
        return tuple(
            _id(places, name, int(part)) if part.isdigit() else part
            for name, part in zip(tables, text.split(":"), strict=False)
        )
    words, _, number = text.rpartition(" ")
    return (words, _id(places, _WORDS[words], int(number))) if words in _WORDS and number.isdigit() else text


def _facts(value: Any, places: Places, name: str = "") -> Any:
    if isinstance(value, dict):
        if set(value) >= {"kind", "target"}:
            value = value | {"target": _id(places, _KINDS[value["kind"]], value["target"])}
        return {key: _facts(one, places, key) for key, one in value.items() if key not in _HASHES}
    if isinstance(value, list):
        if name == "counts":
            return [
                [_id(places, "count_entry", row[0]), _id(places, "count_line", row[1]), *row[2:]]
                for row in value
            ]
        if name == "given_up":
            return [[_id(places, "count_line", row[0]), *row[1:]] for row in value]
        if name in ("evidence", "evidence_of"):
            return [[row[0], _id(places, _KINDS[row[0]], row[1]), *row[2:]] for row in value]
        return [_facts(one, places, name) for one in value]
    if name in ("draft", "drafts", "attachment", "attachment_id"):
        return _GONE
    if name in _NAMES and isinstance(value, int) and not isinstance(value, bool):
        return _id(places, _NAMES[name], value)
    return value


def _cited(value: Any, places: Places) -> Any:
    """A guess: pieces of evidence are ``[kind, target, label, code, facts]``."""
    if isinstance(value, list):
        if (
            len(value) == 5
            and isinstance(value[0], str)
            and value[0] in _KINDS
            and isinstance(value[4], dict)
        ):
            table = "document_line" if value[0] == "document" else _KINDS[value[0]]
            return [value[0], _id(places, table, value[1]), *value[2:4], _facts(value[4], places)]
        return [_cited(one, places) for one in value]
    if isinstance(value, dict):
        return {key: _cited(one, places) for key, one in value.items()}
    return value
