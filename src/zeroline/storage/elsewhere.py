"""What is hidden from who is connected, as far as a right answer needs it.

On a server people are limited to sites (row security). A few questions are about every row all the same: the
next number, whether something exists already, whether an item lies elsewhere too. Functions of the schema
(``postgres.access``) answer those with a number or a yes, never with a row.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from zeroline.domain.errors import DomainError
from zeroline.storage.driver import Texts
from zeroline.storage.person_sites import sees_all


def limited(connection: Texts) -> bool:
    """Whether rows are hidden from who is connected."""
    return not sees_all(connection, _on_server(connection))


def _on_server(connection: Texts) -> bool:
    dialect = getattr(connection, "dialect", None)  # a file's plain connection has none
    return dialect is not None and dialect.name == "postgresql"


def require_all(connection: Texts) -> None:
    """DomainError ``sites-limited`` where rows are hidden from who is connected."""
    if limited(connection):
        raise DomainError("sites-limited")


def newest(connection: Texts, table: str) -> int:
    """The highest id of all rows of ``movement``, ``adjustment`` or ``count_sheet``, hidden ones too."""
    if _on_server(connection):
        found = connection.exec_driver_sql("SELECT newest_of(?)", (table,))
    else:
        column = "seq" if table == "movement" else "id"
        found = connection.exec_driver_sql(f"SELECT MAX({column}) FROM {table}")
    return int(found.scalar() or 0)


def require_after(connection: Texts, seq: int) -> None:
    """DomainError ``sites-limited`` where a movement behind ``seq`` is hidden from who is connected."""
    if limited(connection) and connection.exec_driver_sql("SELECT hidden_after(?)", (seq,)).scalar():
        raise DomainError("sites-limited")


def locations(connection: Texts, codes: Iterable[str]) -> set[str]:
    """Those of the codes that are locations of sites hidden from who is connected, who is limited."""
    rows = connection.exec_driver_sql("SELECT * FROM locations_elsewhere(?)", (json.dumps(list(codes)),))
    return {row[0] for row in rows}


def references(connection: Texts, source_id: int, wanted: Iterable[str]) -> set[str]:
    """Those of a source's references that movements hidden from who is connected have; he is limited."""
    rows = connection.exec_driver_sql(
        "SELECT * FROM references_elsewhere(?, ?)", (source_id, json.dumps(list(wanted)))
    )
    return {row[0] for row in rows}


def items(connection: Texts, item_ids: Iterable[int]) -> set[int]:
    """Those of the items that have stock keys at sites hidden from who is connected."""
    asked = sorted(set(item_ids))
    if not asked or not limited(connection):
        return set()
    rows = connection.exec_driver_sql(
        "SELECT CAST(value AS BIGINT) FROM json_each(?) WHERE item_elsewhere(CAST(value AS BIGINT))",
        (json.dumps(asked),),
    )
    return {row[0] for row in rows}


def keys(connection: Texts, key_ids: Iterable[int]) -> set[int]:
    """Those of the stock keys whose item has others at sites hidden from who is connected."""
    asked = sorted(set(key_ids))
    if not asked or not limited(connection):
        return set()
    rows = connection.exec_driver_sql(
        "SELECT k.id FROM stock_key AS k WHERE k.id IN (SELECT CAST(value AS BIGINT) FROM json_each(?))"
        " AND item_elsewhere(k.item_id)",
        (json.dumps(asked),),
    )
    return {row[0] for row in rows}


def has_lines(connection: Texts, sheet_id: int) -> bool:
    """Whether a count sheet has lines of sites hidden from who is connected."""
    if not limited(connection):
        return False
    return bool(connection.exec_driver_sql("SELECT sheet_elsewhere(?)", (sheet_id,)).scalar())


def require_sheet(connection: Texts, sheet_id: int) -> None:
    """DomainError ``sheet-elsewhere`` where a count sheet has lines hidden from who is connected."""
    if has_lines(connection, sheet_id):
        raise DomainError("sheet-elsewhere")
