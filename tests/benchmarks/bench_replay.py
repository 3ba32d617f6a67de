"""How fast all episodes of a large ledger come from the database, and how cheaply they are kept.

    python -m tests.benchmarks.bench_replay [--rows 10000000] [--file FILE] [--repeat 3]

Paired in one run, medians; each way runs in a process of its own and gives the same episodes. Ratios carry
over to other machines, seconds do not. Wanted at 10 million movements in SQLite:

* at least 8 times faster than the pandas script a user would write, 7 times faster than a window query;
* below 600 MB of memory;
* 1,000 new movements, a fifth of them back-dated, 100 times cheaper than the rebuild, and equal to it.

``--file`` keeps the ledger for the next run; without it a temporary one is made, which takes some minutes.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import json
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy import select

from benchmarks.large_ledger import LONG, SOURCE, START, make, new_rows
from zeroline.domain.episode import OPEN, Episodes
from zeroline.storage import schema
from zeroline.storage.engine import Database
from zeroline.storage.ledger import NewMovement, append, rebuild, replay_ledger
from zeroline.storage.ledger.keeping import episode_rows

VIEW = """
WITH running AS (
    SELECT key_id, seq, recorded_at,
           sum(quantity) OVER (PARTITION BY key_id ORDER BY recorded_at, seq) AS balance
    FROM movement
), marked AS (
    SELECT *, lag(balance, 1, 0) OVER (PARTITION BY key_id ORDER BY recorded_at, seq) AS before,
           lead(recorded_at, 1, 9223372036854775807)
               OVER (PARTITION BY key_id ORDER BY recorded_at, seq) AS until
    FROM running
), below AS (
    SELECT *, sum(before >= 0) OVER (PARTITION BY key_id ORDER BY recorded_at, seq) AS number
    FROM marked WHERE balance < 0
)
SELECT key_id, min(recorded_at), min(balance), max(until)
FROM below GROUP BY key_id, number
"""


def ours(path: Path) -> list[tuple[int, ...]]:
    """Episodes from the segments of the ledger."""
    database = Database(f"sqlite:///{path}", lambda: START + LONG)
    with database.read() as connection:
        found = Episodes.join([replayed.episodes for replayed in replay_ledger(connection)])
    return list(
        zip(
            found.key.tolist(),
            found.started_at.tolist(),
            found.depth.tolist(),
            found.ended_at.tolist(),
            strict=True,
        )
    )


def window(path: Path) -> list[tuple[int, ...]]:
    """Episodes by window functions in SQLite."""
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA cache_size = -65536")
        return connection.execute(VIEW).fetchall()


def notebook(path: Path) -> list[tuple[int, ...]]:
    """Episodes as a user with a notebook would find them."""
    import pandas as pd

    with sqlite3.connect(path) as connection:
        frame = pd.read_sql("SELECT key_id, seq, recorded_at, quantity FROM movement", connection)
    frame = frame.sort_values(["key_id", "recorded_at", "seq"])
    frame["balance"] = frame.groupby("key_id")["quantity"].cumsum()
    frame["until"] = frame.groupby("key_id")["recorded_at"].shift(-1, fill_value=OPEN)
    frame["below"] = frame["balance"] < 0
    before = frame.groupby("key_id")["below"].shift(1, fill_value=False)
    frame["number"] = (frame["below"] & ~before).cumsum()
    found = frame[frame["below"]].groupby(["key_id", "number"], as_index=False)
    table = found.agg(start=("recorded_at", "min"), depth=("balance", "min"), until=("until", "max"))
    columns = (table[name].tolist() for name in ("key_id", "start", "depth", "until"))
    return list(zip(*columns, strict=True))


def rebuilt(path: Path) -> list[tuple[int, ...]]:
    """Balances and episodes written anew and committed, as after a doubt about them."""
    database = Database(f"sqlite:///{path}", lambda: START + LONG)
    with database.write() as work:
        rebuild(work.connection)
        work.audit("benchmark", "ledger")
        work.changed(everything=True)
        work.commit()
    return []


WAYS: dict[str, Callable[[Path], list[tuple[int, ...]]]] = {
    "ours": ours,
    "rebuild": rebuilt,
    "window": window,
    "pandas": notebook,
}


def one(way: str, path: Path) -> None:
    """Run one way in this process and print its time, memory and result as JSON."""
    if way == "pandas":
        importlib.import_module("pandas")  # importing is not part of the time
    begun = time.perf_counter()
    found = WAYS[way](path)
    seconds = time.perf_counter() - begun
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    digest = hashlib.sha256(repr(sorted(found)).encode()).hexdigest()
    print(json.dumps({"seconds": seconds, "memory": memory, "episodes": len(found), "digest": digest}))


def apart(way: str, path: Path) -> dict[str, Any]:
    """The same in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_replay", "--one", way, "--file", str(path)]
    root = Path(__file__).resolve().parents[2]
    result = subprocess.run(command, check=True, capture_output=True, text=True, cwd=root)
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def append_some(path: Path, rows: int, batches: int) -> tuple[list[float], bool]:
    """Seconds for each of ``batches`` appends of 1,000 new movements, commit included.

    And whether all that is kept equals a full replay afterwards.
    """
    database = Database(f"sqlite:///{path}", lambda: START + LONG)
    seconds = []
    try:
        for batch in range(batches):
            columns = [column.tolist() for column in new_rows(rows, seed=100 + batch).values()]
            new = [
                NewMovement(k, q, "receipt" if q > 0 else "shipment", o, r, SOURCE, f"N{batch}-{i:04d}")
                for i, (k, q, o, r) in enumerate(zip(*columns, strict=True))
            ]
            begun = time.perf_counter()
            with database.write() as work:
                appended = append(work.connection, new)
                work.audit("benchmark", "ledger")
                work.changed(ledger=appended.keys)
                work.commit()
            seconds.append(time.perf_counter() - begun)
        with database.read() as connection:
            kept = {
                tuple(row)
                for row in connection.execute(select(*(c for c in schema.episode.c if c.name != "id")))
            }
            replayed = list(replay_ledger(connection))
            anew = {tuple(row.values()) for part in replayed for row in episode_rows(part.episodes)}
            balances = dict(
                iter(connection.execute(select(schema.balance.c.key_id, schema.balance.c.on_hand)))
            )
        equal = kept == anew and balances == {
            key: on_hand
            for part in replayed
            for key, on_hand in zip(part.balances.key.tolist(), part.balances.on_hand.tolist(), strict=True)
        }
    finally:
        database.dispose()
    return seconds, equal


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--file", type=Path)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--one", choices=WAYS)
    wishes = parser.parse_args()
    if wishes.one:
        one(wishes.one, wishes.file)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        path = wishes.file or Path(folder) / "ledger.db"
        if not path.exists():
            make(path, wishes.rows).dispose()
        scratch = path.with_name(path.name + ".scratch")
        shutil.copyfile(path, scratch)
        taken: dict[str, list[dict[str, Any]]] = {way: [] for way in WAYS}
        try:
            for _ in range(wishes.repeat):
                for way in WAYS:
                    taken[way].append(apart(way, scratch))
            appends, equal = append_some(scratch, wishes.rows, 5 * wishes.repeat)
        finally:
            for leftover in path.parent.glob(scratch.name + "*"):
                leftover.unlink()
    middle = {way: statistics.median(run["seconds"] for run in runs) for way, runs in taken.items()}
    most = {way: max(run["memory"] for run in runs) for way, runs in taken.items()}
    for way, runs in taken.items():
        print(f"{way:8} {middle[way]:8.2f} s {most[way]:8.0f} MB {runs[0]['episodes']:8,} episodes")
    kept = statistics.median(appends)
    print(f"append   {kept * 1000:8.1f} ms for 1,000 new movements, a fifth back-dated")
    memory = max(most["ours"], most["rebuild"])
    from_pandas = middle["pandas"] / middle["ours"]
    from_window = middle["window"] / middle["ours"]
    cheaper = middle["rebuild"] / kept
    claims = {
        f"{from_pandas:.1f}× faster than pandas (8)": from_pandas >= 8,
        f"{from_window:.1f}× faster than the window query (7)": from_window >= 7,
        f"{memory:.0f} MB of memory at most (600)": memory < 600,
        f"{cheaper:.0f}× cheaper than the rebuild (100)": cheaper >= 100,
        "the same episodes by every way": len(
            {run["digest"] for way in ("ours", "window", "pandas") for run in taken[way]}
        )
        == 1,
        "kept equals a full replay": equal,
    }
    for claim, held in claims.items():
        print("held  " if held else "FAILED", claim)
    return 0 if all(claims.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
