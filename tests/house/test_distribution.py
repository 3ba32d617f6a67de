"""DESIGN says which rows would lie where on several servers; the tables must keep to it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlalchemy import ForeignKeyConstraint, PrimaryKeyConstraint, Table, UniqueConstraint

from support.house import ROOT
from zeroline.storage.schema import metadata

_SECTION = re.compile(r"^## Growing\n(.*?)^## ", re.DOTALL | re.MULTILINE)
_NAME = re.compile(r"`([\w()., ]+)`")


def _rows(title: str) -> Iterator[list[str]]:
    """Cells of the table of the section whose first heading is ``title``."""
    section = _SECTION.search((ROOT / "src/zeroline/DESIGN.md").read_text("utf-8") + "\n## ")
    assert section is not None
    inside = False
    for line in section[1].splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        if cells and cells[0] == title:
            inside = True
        elif inside and not cells:
            return
        elif inside and not cells[0].startswith("---"):
            yield cells


def _places() -> dict[str, str]:
    """How each table lies: ``by key_id``, ``everywhere`` or ``first server``."""
    found: dict[str, str] = {}
    for tables, how, _ in _rows("tables"):
        for name in _NAME.findall(tables):
            assert name not in found, name
            found[name] = how
    return found


def _unique(table: Table) -> Iterator[tuple[str, ...]]:
    for constraint in table.constraints:
        if isinstance(constraint, PrimaryKeyConstraint | UniqueConstraint):
            yield tuple(column.name for column in constraint.columns)
    for index in table.indexes:
        if index.unique:
            yield tuple(column.name for column in index.columns)


def test_every_table_has_its_place() -> None:
    assert set(_places()) == set(metadata.tables)
    assert set(_places().values()) == {"by key_id", "everywhere", "first server"}


def test_every_unique_and_foreign_key_of_a_table_in_parts_holds_the_column_or_says_why_not() -> None:
    places, told = _places(), {name for cells in _rows("key") for name in _NAME.findall(cells[0])}
    without = set()
    for name, place in places.items():
        table = metadata.tables[name]
        if place == "by key_id":
            without |= {f"{name} ({', '.join(key)})" for key in _unique(table) if "key_id" not in key}
        for constraint in table.constraints:
            if isinstance(constraint, ForeignKeyConstraint):
                target = places[constraint.referred_table.name]
                columns = tuple(constraint.column_keys)
                across = target == "first server" != place or target == "by key_id" != place
                if across or (target == "by key_id" and "key_id" not in columns):
                    without.add(f"{name} ({', '.join(columns)})")
    assert told == without
