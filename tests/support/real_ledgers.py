"""Ledgers nobody here wrote: where they are, and the plainest computation over their raw rows."""

from __future__ import annotations

import csv
import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pytest

MICRO = 10**6
DAY = 86_400 * MICRO


def ledger_folder(name: str) -> Path:
    """The folder of one ledger; the test is skipped with a plain statement when there is none here."""
    named = os.environ.get("ZEROLINE_LEDGERS")
    beside = Path(__file__).resolve().parents[3] / "shared" / "data"
    folder = (Path(named) if named else beside) / name
    if not folder.is_dir():
        pytest.skip(
            f"the ledger {name} is not here: it is no part of the project. Name the folder that holds it in"
            " ZEROLINE_LEDGERS to run this test."
        )
    return folder


def raw_rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a CSV file as dictionaries of texts."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


@dataclass(frozen=True)
class Raw:
    """One movement of the naive computation: quantity a Fraction, ``at`` µs."""

    key: tuple[str, str]
    at: int
    quantity: Fraction
    reference: str


@dataclass(frozen=True)
class RawEpisode:
    """One episode of the naive computation; unit-days are rounded half to even to six decimals."""

    item: str
    location: str
    started_at: int
    ended_at: int | None
    depth: Fraction
    unit_days: Fraction
    opening: str
    closing: str


def raw_balances(rows: list[Raw]) -> dict[tuple[str, str], Fraction]:
    """What each key came to."""
    sums: defaultdict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for row in rows:
        sums[row.key] += row.quantity
    return dict(sums)


def raw_episodes(rows: list[Raw]) -> list[RawEpisode]:
    """Every stretch below zero by key, in order of time and files; open ones reach to the last row."""
    newest = max(row.at for row in rows)
    by_key: defaultdict[tuple[str, str], list[Raw]] = defaultdict(list)
    for row in rows:
        by_key[row.key].append(row)
    found = []
    for key in sorted(by_key):
        balance, began, depth, area, before = Fraction(0), None, Fraction(0), Fraction(0), 0
        for row in sorted(by_key[key], key=lambda row: row.at):  # stable: file order among equals
            if began is not None:
                area += -balance * (row.at - before)
            balance += row.quantity
            before = row.at
            if balance < 0:
                if began is None:
                    began, depth, area = row, balance, Fraction(0)
                depth = min(depth, balance)
            elif began is not None:
                found.append(_episode(key, began, row, depth, area))
                began = None
        if began is not None:
            found.append(_episode(key, began, None, depth, area - balance * (newest - before)))
    return found


def _episode(
    key: tuple[str, str], began: Raw, ended: Raw | None, depth: Fraction, area: Fraction
) -> RawEpisode:
    return RawEpisode(
        *key,
        began.at,
        None if ended is None else ended.at,
        depth,
        Fraction(round(area / DAY * MICRO), MICRO),
        began.reference,
        "" if ended is None else ended.reference,
    )
