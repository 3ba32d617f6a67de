"""Rows of one fetch as columns, and master data spread over them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from zeroline.domain.severity import Ints, values_of
from zeroline.domain.views.queue import Column, Words, distinguished
from zeroline.storage.driver import Texts

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


_ITEMS = "SELECT {} FROM item WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each(?))"
_OF_ITEM = ("id", "code", "description", "item_class", "abc_class", "base_unit", "decimals", "unit_cost")
_PLACES = """SELECT {} FROM location l JOIN site s ON s.id = l.site_id
WHERE l.id IN (SELECT CAST(value AS BIGINT) FROM json_each(?))"""
_OF_PLACE = ("l.id", "l.code", "s.code AS site", "l.warehouse", "l.zone", "s.currency")


class Spread:
    """Facts of few records over many rows, by the record's id in each row.

    ``query`` selects ``fields``, the record's id first, of the records that a JSON list of ids names.
    """

    def __init__(self, connection: Texts, query: str, fields: Sequence[str], ids: Ints) -> None:
        distinct, self._row = distinguished(ids)
        rows = connection.exec_driver_sql(query.format(", ".join(fields)), (json.dumps(distinct),)).fetchall()
        by_id = {row[0]: row for row in rows}
        records = [by_id[record_id] for record_id in distinct]
        names = (field.rpartition(" ")[2].rpartition(".")[2] for field in fields)
        self._columns = dict(
            zip(names, zip(*records, strict=True) if records else [()] * len(fields), strict=True)
        )

    def words(self, name: str) -> Words:
        """A text field."""
        of_record = Words.of(self._columns[name])
        return Words(of_record.codes[self._row], of_record.values)

    def numbers(self, name: str) -> Ints:
        """A whole-number field."""
        found: Ints = whole(self._columns[name])[self._row]
        return found


def stock(
    connection: Texts, item_ids: Ints, location_ids: Ints, lots: Iterable[str], statuses: Iterable[str]
) -> tuple[dict[str, Column], Ints]:
    """The columns that say which stock a row is about, and the unit cost of each row."""
    of_item = Spread(connection, _ITEMS, _OF_ITEM, item_ids)
    of_place = Spread(connection, _PLACES, _OF_PLACE, location_ids)
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
