"""A long run from the command line, in ``tests/``: ``python -m simulation.long --steps 10000 --seed 7``.

``--on both`` plays on SQLite and PostgreSQL in step and compares them; the same seed does the same again.
``--on logins`` plays on PostgreSQL where everybody has their own login and some work at one site only.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from random import Random

from simulation.logins import UNTOLD, on_logins
from simulation.machine import Machine, chosen
from simulation.places import Place, on_server, on_sqlite, sqlite_template
from support.postgres import Server, binaries
from support.warehouse import Served


def play(machine: Machine, seed: int, steps: int, whole: int, on: str, crashes: float = 0.003) -> None:
    """So many steps of a seed. What breaks is an AssertionError that says how to see it again."""
    random, began = Random(seed), time.monotonic()
    own_logins = on == "logins"
    try:
        for number in range(1, steps + 1):
            step = chosen(random, crashes, machine.lacking, UNTOLD if own_logins else frozenset())
            machine.take((*step[:2], "") if own_logins else step)
            if number % whole == 0 or number == steps:
                machine.whole()
                print(f"{number} steps, {number / (time.monotonic() - began):.0f} a second", flush=True)
    except BaseException as error:
        taken = len(machine.taken)
        print(f"broke at step {taken}; the last steps were:")
        for step, outcome in machine.taken[-12:]:
            print("  ", *step, *outcome)
        again = f"again: python -m simulation.long --seed {seed} --steps {taken} --on {on} --whole {whole}"
        print(again, flush=True)
        error.add_note(again)
        raise


def main() -> int:
    """Play; ends with an error when something broke."""
    parser = argparse.ArgumentParser(prog="simulation.long", description=__doc__)
    parser.add_argument("--steps", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    parser.add_argument("--on", choices=("sqlite", "postgresql", "both", "logins"), default="sqlite")
    parser.add_argument("--whole", type=int, default=250, help="steps between two full checks")
    told = parser.parse_args()
    print(f"seed {told.seed}, {told.steps} steps on {told.on}", flush=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        places: list[Place] = []
        if told.on in ("sqlite", "both"):
            places.append(stack.enter_context(on_sqlite(sqlite_template(folder), folder / "file")))
        if told.on != "sqlite":
            server = Server(binaries())
            stack.callback(server.remove)
            on = on_logins if told.on == "logins" else on_server
            places.append(stack.enter_context(on(Served(server, "long"))))
        machine = Machine(places, folder)
        play(machine, told.seed, told.steps, told.whole, told.on)
    for (what, how), times in sorted(machine.came.items()):
        print(f"{times:6} {what}: {how}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
