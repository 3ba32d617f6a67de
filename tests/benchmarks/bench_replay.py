"""How fast all episodes of a large ledger come from the database, and how cheaply they are kept.

    python -m tests.benchmarks.bench_replay [--rows 10000000] [--file FILE] [--repeat 3]

Paired in one run, medians. Ratios carry over to other machines, seconds do not. Wanted at 10 million
movements in SQLite:

* at least 8 times faster than the pandas script a user would write, 7 times faster than a window query, all
  three from the database to the same episodes, each in a process of its own;
* below 600 MB of memory, while rebuilding too;
* 1,000 new movements, a fifth of them back-dated, at least 100 times cheaper than the rebuild, equal to it.

What a thousand movements cost is read in three ways, each for both sides; the rebuild comes first every time,
so that the first of the appends after it, with nothing they need in the cache, are among them:

* *within*: from the first statement to the last of the transaction (medians);
* *kept*: until the commit has returned and a power cut loses nothing any more (medians); this is what the
  point asks for;
* *all in*: the mean of all of them and of the checkpoints that bring their pages from the log into the file.
  No claim: a thousand movements change some 2,100 pages anywhere in the file, written twice so. Bare SQLite,
  without a guard or an episode, did not come to 100 either on the disk where this was tried.

The ledger has grown row by row with its indexes. In one that was restored from a dump they are full to the
brim; there the first thirty thousand movements or so cost half as much again until kept, below 100 times.

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
from contextlib import closing
from dataclasses import dataclass, field
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
from zeroline.storage.unit_of_work import UnitOfWork

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


WAYS: dict[str, Callable[[Path], list[tuple[int, ...]]]] = {
    "ours": ours,
    "window": window,
    "pandas": notebook,
}


def peak() -> float:
    """Most memory of this process so far, MB. Linux hands getrusage's figure on to children, so not that."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def forget_peak() -> None:
    """Measure from now on: making the ledger in this process is not part of it."""
    switch = Path("/proc/self/clear_refs")
    if switch.exists():
        switch.write_text("5")


def one(way: str, path: Path) -> None:
    """Run one way in this process and print its time, memory and result as JSON."""
    if way == "pandas":
        importlib.import_module("pandas")  # importing is not part of the time
    begun = time.perf_counter()
    found = WAYS[way](path)
    seconds = time.perf_counter() - begun
    memory = peak()
    digest = hashlib.sha256(repr(sorted(found)).encode()).hexdigest()
    print(json.dumps({"seconds": seconds, "memory": memory, "episodes": len(found), "digest": digest}))


def apart(way: str, path: Path) -> dict[str, Any]:
    """The same in a process of its own."""
    answer: dict[str, Any] = json.loads(alone("--one", way, "--file", str(path)))
    return answer


def alone(*arguments: str) -> str:
    """What this program prints in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_replay", *arguments]
    root = Path(__file__).resolve().parents[2]
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=root).stdout


@dataclass
class Cost:
    """Seconds of some writes, each within its transaction and until it was kept; and of what followed."""

    within: list[float] = field(default_factory=list)
    kept: list[float] = field(default_factory=list)
    checkpoints: float = 0

    def all_in(self) -> float:
        """Seconds a write, everything paid."""
        return (sum(self.kept) + self.checkpoints) / len(self.kept)

    def readings(self) -> tuple[float, float, float]:
        return statistics.median(self.within), statistics.median(self.kept), self.all_in()


@dataclass
class Kept:
    """What the rebuilds and the appends of 1,000 movements cost; memory in MB."""

    rebuilds: Cost = field(default_factory=Cost)
    appends: Cost = field(default_factory=Cost)
    memory: float = 0
    equal: bool = True


def keep(path: Path, rows: int, repeat: int) -> Kept:
    """Rebuild and append by turns, then compare all that is kept with a full replay."""
    database = Database(f"sqlite:///{path}", lambda: START + LONG)
    kept = Kept()
    _checkpoint(path)
    forget_peak()
    for turn in range(repeat):
        _measure(kept.rebuilds, database, lambda work: rebuild(work.connection))
        kept.rebuilds.checkpoints += _checkpoint(path)
        kept.memory = max(kept.memory, peak())
        for batch in range(APPENDS):
            new = _new_movements(rows, turn * APPENDS + batch)
            _measure(kept.appends, database, lambda work, new=new: append(work.connection, new))
        kept.appends.checkpoints += _checkpoint(path)
    with database.read() as connection:
        columns = [column for column in schema.episode.c if column.name != "id"]
        episodes = {tuple(row) for row in connection.execute(select(*columns))}
        balances = set(connection.execute(select(schema.balance.c.key_id, schema.balance.c.on_hand)))
        for part in replay_ledger(connection):
            episodes ^= {tuple(row.values()) for row in episode_rows(part.episodes)}
            found = part.balances
            balances ^= set(zip(found.key.tolist(), found.on_hand.tolist(), strict=True))
    kept.equal = not episodes and not balances
    database.dispose()
    return kept


APPENDS = 17  # after each rebuild


def _measure(cost: Cost, database: Database, run: Callable[[UnitOfWork], object]) -> None:
    begun = time.perf_counter()
    with database.write() as work:
        run(work)
        cost.within.append(time.perf_counter() - begun)
        work.audit("benchmark", "ledger")
        work.changed(everything=True)
        work.commit()
    cost.kept.append(time.perf_counter() - begun)


def _checkpoint(path: Path) -> float:
    """Bring what is in the log into the file, safe from a power cut as well; seconds."""
    begun = time.perf_counter()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA synchronous = FULL")
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(FULL)").fetchone()
    assert not busy
    return time.perf_counter() - begun


def _new_movements(rows: int, batch: int) -> list[NewMovement]:
    columns = [column.tolist() for column in new_rows(rows, batch).values()]
    return [
        NewMovement(key, quantity, "pick", occurred, recorded, SOURCE, f"N{batch:04d}-{i}")
        for i, (key, quantity, occurred, recorded) in enumerate(zip(*columns, strict=True))
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--file", type=Path)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--one", choices=WAYS)
    parser.add_argument("--make", action="store_true", help="only make the ledger of --file")
    wishes = parser.parse_args()
    if wishes.one:
        one(wishes.one, wishes.file)
        return 0
    if wishes.make:
        make(wishes.file, wishes.rows).dispose()
        return 0
    with tempfile.TemporaryDirectory() as folder:
        path = wishes.file or Path(folder) / "ledger.db"
        if not path.exists():
            alone("--make", "--rows", str(wishes.rows), "--file", str(path))  # or its memory would count here
        scratch = path.with_name(path.name + ".scratch")
        shutil.copyfile(path, scratch)
        taken: dict[str, list[dict[str, Any]]] = {way: [] for way in WAYS}
        try:
            for _ in range(wishes.repeat):
                for way in WAYS:
                    taken[way].append(apart(way, scratch))
            kept = keep(scratch, wishes.rows, wishes.repeat)
        finally:
            for leftover in path.parent.glob(scratch.name + "*"):
                leftover.unlink()
    middle = {way: statistics.median(run["seconds"] for run in runs) for way, runs in taken.items()}
    most = {way: max(run["memory"] for run in runs) for way, runs in taken.items()}
    for way, runs in taken.items():
        print(f"{way:8} {middle[way]:8.2f} s {most[way]:8.0f} MB {runs[0]['episodes']:8,} episodes")
    readings = zip(
        ("within", "kept", "all in"), kept.rebuilds.readings(), kept.appends.readings(), strict=True
    )
    cheaper = {}
    for reading, rebuilt, appended in readings:
        cheaper[reading] = rebuilt / appended
        print(
            f"{reading:8} rebuild {rebuilt:.2f} s, 1,000 movements {appended * 1000:.1f} ms: "
            f"{cheaper[reading]:.0f}× cheaper"
        )
    print(f"rebuilding took {kept.memory:.0f} MB")
    from_pandas = middle["pandas"] / middle["ours"]
    from_window = middle["window"] / middle["ours"]
    digests = {run["digest"] for runs in taken.values() for run in runs}
    claims = {
        f"{from_pandas:.1f}× faster than pandas (8)": from_pandas >= 8,
        f"{from_window:.1f}× faster than the window query (7)": from_window >= 7,
        f"{max(most['ours'], kept.memory):.0f} MB at most (600)": max(most["ours"], kept.memory) < 600,
        f"{cheaper['kept']:.0f}× cheaper than the rebuild, until kept (100)": cheaper["kept"] >= 100,
        "the same episodes by every way": len(digests) == 1,
        "kept equals a full replay": kept.equal,
    }
    for claim, held in claims.items():
        print("held  " if held else "FAILED", claim)
    return 0 if all(claims.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
