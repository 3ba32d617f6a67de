"""Rows of one fetch as columns, and master data spread over them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection

from zeroline.domain.severity import Ints, values_of
from zeroline.domain.views.queue import Column, Words
from zeroline.storage.ledger.reading import among
from zeroline.storage.schema import item, location, site

NOTHING = -(2**63)
"""Stands for NULL in a whole-number column."""


def whole(values: Iterable[int | None]) -> Ints:
    """int64, NULL as NOTHING."""
    return np.array([NOTHING if value is None else value for value in values], dtype=np.int64)


def instants(values: Ints) -> Words:
    """µs, NOTHING as None."""
    return Words.numbers(values, NOTHING)


def taken(columns: Mapping[str, Column], order: np.ndarray[Any, Any]) -> dict[str, Column]:
    """The columns with their rows in this order."""
    return {
        name: Words(column.codes[order], column.values) if isinstance(column, Words) else column[order]
        for name, column in columns.items()
    }


class Spread:
    """Facts of few records over many rows, by the record's id in each row."""

    def __init__(self, ids: Ints, records: Sequence[Any]) -> None:
        distinct, self._row = np.unique(ids, return_inverse=True)
        by_id = {record.id: record for record in records}
        self._records = [by_id[record_id] for record_id in distinct.tolist()]

    def words(self, name: str) -> Words:
        """A text field."""
        of_record = Words.of(getattr(record, name) for record in self._records)
        return Words(of_record.codes[self._row], of_record.values)

    def numbers(self, name: str) -> Ints:
        """A whole-number field."""
        found: Ints = whole(getattr(record, name) for record in self._records)[self._row]
        return found


def items(connection: Connection, ids: Ints) -> Spread:
    """Items over rows that name them."""
    distinct = np.unique(ids)
    return Spread(ids, connection.execute(item.select().where(among(item.c.id, distinct))).fetchall())


def places(connection: Connection, ids: Ints) -> Spread:
    """Locations with their sites over rows that name them."""
    distinct = np.unique(ids)
    query = (
        location.select()
        .join(site, site.c.id == location.c.site_id)
        .add_columns(site.c.code.label("site"), site.c.currency)
        .where(among(location.c.id, distinct))
    )
    return Spread(ids, connection.execute(query).fetchall())


def stock(
    connection: Connection, item_ids: Ints, location_ids: Ints, lots: Iterable[str], statuses: Iterable[str]
) -> tuple[dict[str, Column], Ints]:
    """The columns that say which stock a row is about, and the unit cost of each row."""
    of_item, of_place = items(connection, item_ids), places(connection, location_ids)
    return {
        "item": of_item.words("code"),
        "description": of_item.words("description"),
        "item_class": of_item.words("item_class"),
        "abc_class": of_item.words("abc_class"),
        "unit": of_item.words("base_unit"),
        "decimals": of_item.numbers("decimals"),
        "location": of_place.words("code"),
        "site": of_place.words("site"),
        "warehouse": of_place.words("warehouse"),
        "zone": of_place.words("zone"),
        "currency": of_place.words("currency"),
        "lot": Words.of(lots),
        "status": Words.of(statuses),
    }, of_item.numbers("unit_cost")


def worth(quantity: Ints, unit_cost: Ints) -> Ints:
    """Micro-currency of quantities, of which NOTHING is worth 0."""
    return values_of(np.where(quantity == NOTHING, 0, quantity), unit_cost)
