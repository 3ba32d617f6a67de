"""How long ten thousand shortages of a large ledger take to be explained, and one case when it is opened.

    python tests/benchmarks/bench_diagnosis_speed.py [--rows 10000000] [--ledger FILE] [--repeat 3]

Paired in one run, medians. Ratios carry over to other machines, seconds do not. Wanted at 10 million
movements in SQLite:

* 10,000 episodes read with their neighbourhoods and diagnosed in no more than the time in which everything
  derived from the ledger is made anew from its rows in the same database, as ``zeroline setup --rebuild``
  does it: the columns of the segments, all balances, all episodes (without the commit, the check before and
  the cases after); by turns, rebuild first. The bulk run is the one behind ``zeroline diagnose``: from the
  first query to the last line, the start of its helping process included. How long one process takes alone is
  printed beside, and how long the rebuild takes where the columns are there and are taken as they are: then
  it reads no row, which no diagnosis can do without. That is the stricter reading, and has its own verdict;
* one case diagnosed from the database: not more than 50 ms of work beyond its queries. Queries are timed from
  their start to their last row; the rest is work. Printed in ms and as a ratio to the queries.

``--ledger`` is a database made by ``large_ledger``; it is copied, never written. Without it a temporary one
is made, which takes some minutes.
"""

from __future__ import annotations

import argparse
import random
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.large_ledger import LONG, START, make
from zeroline.domain.diagnosis import Beliefs, diagnose
from zeroline.services import shared_diagnosing
from zeroline.storage.diagnosis import gathering, learning
from zeroline.storage.diagnosis.rows import Reading
from zeroline.storage.engine import Database
from zeroline.storage.ledger import rebuild, reseal

EPISODES = 10_000
CASES = 200
WORK = 0.050  # seconds of work of one case beyond its queries


def rebuilt(database: Database) -> tuple[float, float]:
    """Seconds of a full rebuild, which is rolled back, and of its part behind the columns."""
    with database.write() as work:
        begun = time.perf_counter()
        reseal(work.connection)
        sealed = time.perf_counter()
        rebuild(work.connection)
        ended = time.perf_counter()
        return ended - begun, ended - sealed


def bulk(database: Database, episodes: int, *, alone: bool = False) -> float:
    """Seconds in which so many episodes, drawn at random, are diagnosed."""
    with (
        database.read() as connection,
        patch.object(shared_diagnosing, "SHARED", sys.maxsize if alone else shared_diagnosing.SHARED),
    ):
        asked = gathering.episodes(connection)
        chosen = random.Random(5).sample(asked, min(episodes, len(asked)))
        begun = time.perf_counter()
        lines = shared_diagnosing.diagnosed(database, connection, chosen)
        seconds = time.perf_counter() - begun
    assert len(lines) == len(chosen)
    return seconds


def one_by_one(database: Database, cases: int) -> list[tuple[float, float]]:
    """For single cases, each diagnosed for itself: seconds in queries, and seconds beyond them."""
    spent = [0.0]
    plain = Reading.rows

    def timed(self: Reading, query: str, *given: Any) -> list[Any]:
        begun = time.perf_counter()
        rows = plain(self, query, *given)
        spent[0] += time.perf_counter() - begun
        return rows

    found = []
    with database.read() as connection, patch.object(Reading, "rows", timed):
        asked = random.Random(6).sample(gathering.episodes(connection), cases)
        for one in asked:
            spent[0] = 0.0
            begun = time.perf_counter()
            believed = learning.beliefs(connection)
            again = gathering.episodes(connection, [one.subject.crossing])
            for _, n in gathering.neighbourhoods(connection, again):
                diagnose(n, believed.get(int(n.here.site), Beliefs()))
            whole = time.perf_counter() - begun
            found.append((spent[0], whole - spent[0]))
    return found[cases // 10 :]  # the first ones fill the caches


def main() -> int:
    """Measure and print; the exit code says whether the wanted figures hold."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--ledger", type=Path)
    parser.add_argument("--episodes", type=int, default=EPISODES)
    parser.add_argument("--repeat", type=int, default=3)
    wishes = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.db"
        if wishes.ledger:
            shutil.copyfile(wishes.ledger, path)
        else:
            make(path, wishes.rows).dispose()
        database = Database(f"sqlite:///{path}", lambda: START + LONG)
        rebuilds, bulks = [], []
        for _ in range(wishes.repeat):
            rebuilds.append(rebuilt(database))
            bulks.append(bulk(database, wishes.episodes))
        alone = bulk(database, wishes.episodes, alone=True)
        cases = one_by_one(database, CASES)
        database.dispose()
    full, replayed = (statistics.median(column) for column in zip(*rebuilds, strict=True))
    bulk_time = statistics.median(bulks)
    queries, beyond = (statistics.median(column) for column in zip(*cases, strict=True))
    most = sorted(work for _, work in cases)[len(cases) * 95 // 100]
    print(f"full rebuild from the rows        {full:8.2f} s, {replayed:.2f} s of it from the columns on")
    print(f"{f'{wishes.episodes:,} episodes diagnosed':33} {bulk_time:8.2f} s")
    print(f"the same by one process alone     {alone:8.2f} s, {alone / wishes.episodes * 1000:.2f} ms each")
    print(f"one case: queries                 {queries * 1000:8.1f} ms")
    print(f"one case: work beyond its queries {beyond * 1000:8.1f} ms, 95 of 100 below {most * 1000:.1f} ms")
    claims = {
        f"{bulk_time / full:.2f} × the full rebuild (1)": bulk_time <= full,
        f"{bulk_time / replayed:.2f} × its part from the columns on (1, the stricter reading)": (
            bulk_time <= replayed
        ),
        f"{beyond / queries:.2f} × its queries is the work of one case, below 50 ms": most <= WORK,
    }
    for claim, held in claims.items():
        print("held  " if held else "FAILED", claim)
    return 0 if all(claims.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
