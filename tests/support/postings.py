"""Movements of a period in columns, for tests that say only what matters to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from typing import Any

import numpy as np

from zeroline.domain.diagnosis.postings import Postings
from zeroline.domain.instant import DAY, HOUR, parse
from zeroline.domain.views.queue import Words

MONDAY = parse("2026-03-02T00:00:00Z")

_NUMBERS = ("seq", "key", "item", "occurred", "recorded")
_WORDS = (
    *("kind", "source", "document", "user", "unit", "partner"),
    *("item_class", "location", "zone", "site"),
)
_USUAL: dict[str, Any] = {
    "key": 1,
    "item": 1,
    "timed": True,
    "kind": "receipt",
    "source": "wms",
    "site": "MAIN",
} | dict.fromkeys(("document", "user", "unit", "partner", "item_class", "location", "zone"), "")


def postings(rows: Sequence[dict[str, Any]], clocks: dict[str, Any] | None = None) -> Postings:
    """``rows`` name the columns that matter; seq counts from 1, times run on by the hour."""
    full = []
    for number, row in enumerate(rows, 1):
        occurred = row.get("occurred", MONDAY + number * HOUR % (5 * DAY))
        full.append(_USUAL | {"seq": number, "occurred": occurred, "recorded": occurred} | row)
    numbers = {name: np.array([row[name] for row in full], dtype=np.int64) for name in _NUMBERS}
    words = {name: Words.of([row[name] for row in full]) for name in _WORDS}
    timed = np.array([row["timed"] for row in full], dtype=np.bool_)
    return Postings(**numbers, timed=timed, **words, clocks=clocks or {"MAIN": UTC})
