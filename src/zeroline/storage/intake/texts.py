"""Looking up many texts at once."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlalchemy import ColumnElement, func, select


def among_texts(column: ColumnElement[str], texts: Iterable[str]) -> ColumnElement[bool]:
    """``column`` is one of ``texts``, of which there may be any number, in one bound value."""
    given = func.json_each(json.dumps(sorted(texts))).table_valued("value")
    return column.in_(select(given.c.value))
