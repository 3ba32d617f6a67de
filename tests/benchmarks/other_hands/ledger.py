"""What each of the four companies hands over: its ledger, and apart from it what really happened."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime

HOUR = 3600
DAY = 24 * HOUR
UNIT = 1000  # quantities are whole thousandths of the base unit
Key = tuple[str, str, str, str]
Table = list[dict[str, str]]


@dataclass
class Ledger:
    """One company's export, and apart from it what really happened."""

    movements: Table
    items: Table
    documents: Table
    truth: Table
    variance_truth: Table


def text(seconds: int, stamp: str) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime(stamp)


def number(thousandths: int) -> str:
    """A quantity in plain decimals."""
    whole, part = divmod(abs(thousandths), UNIT)
    return ("-" if thousandths < 0 else "") + str(whole) + (f".{part:03d}".rstrip("0") if part else "")


def verify(ledger: Ledger) -> dict[str, int]:
    """Replay the handed-over rows alone: each episode is in the truth and the reverse; count by cause."""
    factor = {(row["item"], row["unit"]): int(row["factor"]) for row in ledger.items if row["unit"]}
    total: dict[Key, int] = defaultdict(int)
    starts: list[tuple[str, ...]] = []
    last = ""
    for row in ledger.movements:
        assert row["recorded_at"] >= last, "rows are not in recorded order"
        last = row["recorded_at"]
        key = (row["item"], row["location"], row["lot"], row["status"])
        whole, _, part = row["quantity"].lstrip("-").partition(".")
        qty = (int(whole) * UNIT + int(part.ljust(3, "0"))) * factor.get((row["item"], row["unit"]), 1)
        before = total[key]
        total[key] += -qty if row["quantity"].startswith("-") else qty
        if before >= 0 > total[key]:
            starts.append((*key, row["recorded_at"]))
    names = ("item", "location", "lot", "status", "started_at")
    told = [tuple(entry[name] for name in names) for entry in ledger.truth]
    assert len(set(told)) == len(told), "a truth entry is doubled"
    assert sorted(told) == sorted(starts), "the truth and the episodes differ"
    ids = [row["movement_id"] for row in ledger.movements]
    assert len(set(ids)) == len(ids), "a movement id is doubled"
    kinds = {row["movement_id"]: row["kind"] for row in ledger.movements}
    assert all(kinds[entry["movement_id"]] == "count correction" for entry in ledger.variance_truth)
    counts: dict[str, int] = defaultdict(int)
    for entry in ledger.truth:
        counts[entry["cause"] or "(none)"] += 1
    for entry in ledger.variance_truth:
        counts[entry["cause"] + " by count"] += 1
    return dict(sorted(counts.items()))


def report(title: str, ledger: Ledger, faults: dict[str, int]) -> None:
    """Print what was put in and what came of it."""
    print(
        title,
        len(ledger.movements),
        "movements",
        len({row["item"] for row in ledger.items}),
        "items",
        len(ledger.documents),
        "document lines",
        len(ledger.truth),
        "episodes",
    )
    print("faults  ", dict(sorted(faults.items())))
    print("episodes", verify(ledger))
