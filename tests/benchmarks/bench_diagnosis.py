"""How often the engine names the right cause, on ledgers with known faults: simulated and by other hands.

    python tests/benchmarks/bench_diagnosis.py [--seeds development|evaluation] [--count 20] [--variants all]

The rules were written and tuned on the development seeds only; the evaluation seeds were kept for judging.
Every ledger is judged as a real system would give it: movements, items, locations and documents, without
anything only the simulator knows. Then again without the time of happening, without documents, and with 5 %
of the rows lost, to say what each costs. The ledgers of ``other_hands`` are written by people who had not
seen the rules.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.diagnosed_ledger import NOTHING, Known, Score, Where, judge, load, of_tables, report
from benchmarks.other_hands import distributor, ecommerce, factory, hospital
from zeroline.services.workbench import Workbench
from zeroline.simulator import poorer, told
from zeroline.simulator.password import SECRET, hasher
from zeroline.simulator.warehouse import Simulation, simulate
from zeroline.simulator.world import Plan

ENDS_AT = 1_780_000_000_000_000
SEEDS = {"development": range(100, 180), "evaluation": range(9_000, 9_040)}
"""Never mixed: what is learned from the first is judged by the second."""

WANTED = {"top 1": 0.90, "top 3": 0.98, "each cause": 0.75, "calibration": 0.05, "silent": 0.90}
LIKE_NOTHING = {
    "C1": "a wrong count of less reads like a right one: only the next count contradicts it, if there is one",
    "K2": "the bin it was taken from keeps its stock in the book; only a count there tells",
    "M2": "a move that nobody booked leaves stock at the old place, as places beside mostly have anyway",
    "P4": "the item that was used instead has too much in the book, which only a count of it tells",
    "S4": "a balance carried over too low leaves an opening and takes, as a loss before the first count does",
}
"""Causes that may leave no more in the data than a shortage without any trace does, and why. Where they lead
less than three times in four, it is to be these two that lead."""

VARIANTS = {
    "as given": lambda simulation, seed: simulation,
    "no occurred_at": lambda simulation, seed: poorer.without_occurrence(simulation),
    "no documents": lambda simulation, seed: poorer.without_documents(simulation),
    "5 % lost": poorer.with_losses,
}
COMPANIES = {"distributor": distributor, "ecommerce": ecommerce, "factory": factory, "hospital": hospital}


def plan(seed: int) -> Plan:
    """A warehouse large enough for every fault."""
    return Plan(ends_at=ENDS_AT, seed=seed, items=400, bins=800, order_lines_a_day=100, faults=2)


def known(simulation: Simulation, name: str) -> Known:
    """The truth of a simulation by place; counts that found ordinary noise are no question."""
    episodes: dict[Where, frozenset[str]] = {}
    variances: dict[Where, frozenset[str]] = {}
    for answer in simulation.answers:
        key = answer.symptom.key
        place = (key.item, key.location, key.lot, key.status, answer.symptom.at)
        causes = frozenset(cause or NOTHING for cause in answer.causes)
        if answer.symptom.kind == "negative":
            episodes[place] = causes or frozenset({NOTHING})
        elif causes:
            variances[place] = causes
    return Known(name, (), (), (), episodes, variances)


def told_to(simulation: Simulation, folder: Path, name: str) -> str:
    """Load the simulation as its sources would tell it; answers the address of the database."""
    url = f"sqlite:///{folder / (name + '.db')}"
    services = Workbench(url, lambda: ENDS_AT, hasher=hasher())
    try:
        services.prepare()
        person = services.people.create_first_administrator("admin", "Admin", SECRET)
        sources = [told.items(simulation), told.locations(simulation)]
        if simulation.documents:
            sources.append(told.documents(simulation.documents))
        services.intake.load(person, [*sources, told.movements(simulation.movements, "movements")])
    finally:
        services.dispose()
    return url


def judge_simulated(seeds: list[int], variants: list[str]) -> dict[str, tuple[Score, Score]]:
    """Episodes and variances of all seeds, by variant."""
    found = {name: (Score(), Score()) for name in variants}
    for seed in seeds:
        whole = simulate(plan(seed))
        for name in variants:
            simulation = VARIANTS[name](whole, seed)
            with tempfile.TemporaryDirectory() as folder:
                url = told_to(simulation, Path(folder), f"seed-{seed}")
                truth = known(simulation, name)
                for place, variances in enumerate((False, True)):
                    score, _ = judge(truth, url, variances=variances)
                    found[name][place].__iadd__(score)
    return found


def by_others(name: str, seed: int) -> Known:
    """The ledger of a company of other hands."""
    ledger = COMPANIES[name].generate(seed)
    tables = ledger.movements, ledger.items, ledger.documents, ledger.truth, ledger.variance_truth
    return of_tables(f"{name}-{seed}", *tables)


def judge_companies(seeds: list[int]) -> dict[str, tuple[Score, Score]]:
    """The same for the ledgers of other hands."""
    found = {name: (Score(), Score()) for name in COMPANIES}
    for name in COMPANIES:
        for seed in seeds:
            tables = by_others(name, seed)
            with tempfile.TemporaryDirectory() as folder:
                url = load(tables, Path(folder))
                for place, variances in enumerate((False, True)):
                    score, _ = judge(tables, url, variances=variances)
                    found[name][place].__iadd__(score)
    return found


def doubtful(score: Score) -> dict[str, tuple[int, int, int, int]]:
    """Causes that lead less often than wanted: how many, how often they lead, how often 'not enough to say'
    leads, and how often they are among three."""
    found = {}
    for cause, (n, first, three) in score.by_cause().items():
        if "+" not in cause and first < WANTED["each cause"] * n:
            nothing = sum(causes[0] == NOTHING for right, causes, _ in score.caused if right == {cause})
            found[cause] = n, first, nothing, three
    return found


def failed(score: Score) -> list[str]:
    """Which of the wanted figures an evaluation does not reach."""
    weak = [
        f"{cause} {first}/{n}, or nothing said {nothing}, among three {three}"
        for cause, (n, first, nothing, three) in doubtful(score).items()
        if cause not in LIKE_NOTHING or first + nothing < WANTED["each cause"] * n
    ]
    found = []
    if score.top(1) < WANTED["top 1"]:
        found.append(f"top 1 {score.top(1):.1%}")
    if score.top(3) < WANTED["top 3"]:
        found.append(f"top 3 {score.top(3):.1%}")
    if score.calibration() > WANTED["calibration"]:
        found.append(f"calibration error {score.calibration():.3f}")
    if score.silent() < WANTED["silent"]:
        found.append(f"not enough to say {score.silent():.1%}")
    return found + weak


def main() -> int:
    """Judge and print; the exit code says whether the wanted figures hold on the ledgers as given."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--seeds", choices=SEEDS, default="evaluation")
    options.add_argument("--count", type=int, default=20)
    options.add_argument("--variants", choices=("all", *VARIANTS), default="all")
    options.add_argument("--companies", type=int, default=4, help="seeds of each of the other hands' ledgers")
    given = options.parse_args()
    seeds = list(SEEDS[given.seeds])[: given.count]
    variants = list(VARIANTS) if given.variants == "all" else [given.variants]
    begun = time.perf_counter()
    judged = judge_simulated(seeds, variants)
    for name, (episodes, variances) in judged.items():
        print(report(f"simulated, {name}, episodes", episodes))
        print(report(f"simulated, {name}, count variances", variances))
    shift = 0 if given.seeds == "development" else 1_000
    for name, (episodes, variances) in judge_companies(
        [shift + seed for seed in range(1, given.companies + 1)]
    ).items():
        print(report(f"{name}, episodes", episodes))
        print(report(f"{name}, count variances", variances))
    print(f"{len(seeds)} seeds from {seeds[0]} on, {time.perf_counter() - begun:.0f} s")
    weak = doubtful(judged[variants[0]][0])
    for cause, (n, first, nothing, three) in weak.items():
        if cause in LIKE_NOTHING:
            said = f"'not enough to say' {nothing}/{n}, named among three {three}/{n}"
            print(f"{cause} leads {first}/{n}, {said}: {LIKE_NOTHING[cause]}")
    missed = failed(judged[variants[0]][0])
    reached = "all wanted figures reached" + (", but for the causes above" if weak else "")
    print(reached if not missed else "not reached: " + ", ".join(missed))
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
