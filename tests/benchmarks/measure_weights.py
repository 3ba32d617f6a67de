"""What each trace is worth, measured on ledgers with known faults: the table ``MEASURED``.

    python tests/benchmarks/measure_weights.py [--seeds 40] [--companies 8]

Fingerprints judge how much a trace says from how warehouses fail. How often a trace is there without its
cause, because stock moves much and alike, nobody can judge: it is measured, as one correction of the judged
strength for each cause and kind of trace, on the development seeds of ``bench_diagnosis`` and the ledgers of
other hands, never on the seeds that judge. The corrections maximise the likelihood of the true causes (a
conditional logit) less a penalty that holds them near zero where little was seen; a trace whose cause was
true less than ``ENOUGH`` times stays as it was judged.

Shortages without a trace are rare in the ledgers made up for it, for each is written to show one. At work
they are not (see the prior of Z0), and a cause named wrongly costs more than one not named: each counts for
as many as ``NO_TRACE`` says, which makes them three of ten.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.bench_diagnosis import COMPANIES, SEEDS, by_others, known, plan, told_to
from benchmarks.diagnosed_ledger import NOTHING, Known, load
from zeroline.domain.diagnosis.catalogue import PRIORS
from zeroline.domain.diagnosis.measured import nothing_known
from zeroline.domain.diagnosis.weighing import findings
from zeroline.simulator.warehouse import simulate
from zeroline.storage.diagnosis import gathering
from zeroline.storage.engine import Database

NO_TRACE = {"simulated": 13.0, "company": 8.0}
"""As many shortages as one without a trace counts for."""

VARIANCE = 0.5
"""As many shortages as a count variance counts for."""

PENALTY = 10.0
"""Of a correction's square: it takes some shortages to be believed."""

ENOUGH = 10
"""Shortages of which the cause was true."""

LEAST = 0.2
"""Smaller corrections are left out."""

Key = tuple[str, str]


class Case(NamedTuple):
    """A shortage: its true causes, how much it counts, and what may be said of it with its strength."""

    right: frozenset[str]
    weight: float
    said: tuple[tuple[Key, float], ...]


def told(known: Known, url: str, no_trace: float) -> Iterator[Case]:
    """The shortages of a ledger whose truth is known."""
    database = Database(url, lambda: 0, read_only=True)
    with database.read() as connection:
        for asked, truth in (
            (gathering.episodes(connection), known.episodes),
            (gathering.variances(connection), known.variances),
        ):
            for _, n in gathering.neighbourhoods(connection, asked):
                here = n.here
                right = truth.get((here.item_code, here.location, here.lot, here.status, n.subject.at))
                seen = findings(n)
                if right is None or not (right & {NOTHING, *(finding.cause for finding in seen)}):
                    continue  # what no fingerprint sees says nothing about their weights
                weight = (1.0 if n.is_episode else VARIANCE) * (no_trace if right == {NOTHING} else 1.0)
                said = [((f.cause, f.evidence[0].code if f.evidence else ""), f.strength) for f in seen]
                yield Case(right, weight, (*said, (nothing_known(n), 0.0)))
    database.dispose()


def cases(seeds: Sequence[int], companies: Sequence[int]) -> Iterator[Case]:
    """All shortages that are learned from."""
    for seed in seeds:
        with tempfile.TemporaryDirectory() as folder:
            simulation = simulate(plan(seed))
            url = told_to(simulation, Path(folder), f"seed-{seed}")
            yield from told(known(simulation, f"seed-{seed}"), url, NO_TRACE["simulated"])
    for name in COMPANIES:
        for seed in companies:
            tables = by_others(name, seed)
            with tempfile.TemporaryDirectory() as folder:
                yield from told(tables, load(tables, Path(folder)), NO_TRACE["company"])


def measured(given: Iterable[Case], rounds: int = 40) -> dict[Key, float]:
    """The corrections, by Newton's method: the penalised likelihood has one maximum but for shortages with
    two true causes, which are few."""
    of = list(given)
    true = Counter(key for case in of for key, _ in case.said if key[0] in case.right)
    names = {key: place for place, key in enumerate(sorted(key for key in true if true[key] >= ENOUGH))}
    said = [(key, strength) for one in of for key, strength in one.said]
    case = np.array([place for place, one in enumerate(of) for _ in one.said])
    judged = np.array([np.log(PRIORS[key[0]]) + strength for key, strength in said])
    right = np.array([key[0] in one.right for one in of for key, _ in one.said])
    weight = np.array([one.weight for one in of])
    name = np.array([names.get(key, len(names)) for key, _ in said])  # the last one stands for the others
    found = np.zeros(len(names) + 1)
    for _ in range(rounds):
        score = judged + found[name]
        chance = _shares(case, score, len(of))
        among_right = _shares(case, np.where(right, score, -np.inf), len(of))
        slope = np.bincount(name, weight[case] * (chance - among_right), len(found)) + PENALTY * found
        spread = np.zeros((len(of), len(found)))
        np.add.at(spread, (case, name), chance)
        curve = np.diag(np.bincount(name, weight[case] * chance, len(found)) + PENALTY)
        curve -= (spread * weight[:, None]).T @ spread
        step = np.linalg.solve(curve[:-1, :-1], slope[:-1])
        found[:-1] -= step
        if np.abs(step).max() < 1e-4:
            break
    return {key: round(float(found[place]), 1) for key, place in names.items()}


def _shares(case: np.ndarray, score: np.ndarray, cases: int) -> np.ndarray:
    """Each score's share of its case, by the exponentials."""
    highest = np.full(cases, -np.inf)
    np.maximum.at(highest, case, score)
    raised = np.exp(score - highest[case])
    return raised / np.bincount(case, raised, cases)[case]


def main() -> int:
    """Print the table as it stands in the program."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--seeds", type=int, default=len(SEEDS["development"]))
    options.add_argument("--companies", type=int, default=8, help="seeds of each of the other hands' ledgers")
    given = options.parse_args()
    seeds = list(SEEDS["development"])[: given.seeds]
    found = measured(cases(seeds, range(1, given.companies + 1)))
    line = "       "
    for (cause, code), value in found.items():
        entry = f' ("{cause}", "{code}"): {value},'
        if abs(value) >= LEAST:
            if len(line + entry) > 110:
                print(line)
                line = "       "
            line += entry
    print(line)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
