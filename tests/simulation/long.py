"""A long run from the command line, in ``tests/``: ``python -m simulation.long --steps 10000 --seed 7``.

``--on both`` plays on SQLite and PostgreSQL in step and compares them. The same seed does the same again.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from random import Random

from simulation.machine import Machine, chosen
from simulation.places import Place, on_server, on_sqlite, sqlite_template
from support.postgres import Server, binaries
from support.warehouse import Served


def main() -> int:
    """Play; 1 when something broke, with how to see it again."""
    parser = argparse.ArgumentParser(prog="simulation.long", description=__doc__)
    parser.add_argument("--steps", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    parser.add_argument("--on", choices=("sqlite", "postgresql", "both"), default="sqlite")
    parser.add_argument("--whole", type=int, default=250, help="steps between two full checks")
    told = parser.parse_args()
    print(f"seed {told.seed}, {told.steps} steps on {told.on}", flush=True)
    began, came = time.monotonic(), Counter[str]()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        places: list[Place] = []
        if told.on != "postgresql":
            places.append(on_sqlite(sqlite_template(folder), folder))
            stack.callback(places[0].bench.dispose)
        if told.on != "sqlite":
            server = Server(binaries())
            stack.callback(server.remove)
            places.append(stack.enter_context(on_server(Served(server, "long"))))
        machine, random = Machine(places, folder), Random(told.seed)
        machine.whole()
        try:
            for number in range(1, told.steps + 1):
                step = chosen(random)
                outcome, what = machine.take(step)
                came[f"{step[0]}: {outcome}"] += 1
                if outcome == "refused":
                    came[f"refused: {what}"] += 1
                if number % told.whole == 0:
                    machine.whole()
                    print(f"{number} steps, {number / (time.monotonic() - began):.0f} a second", flush=True)
            machine.whole()
        except BaseException:
            taken = len(machine.taken)
            print(f"broke at step {taken}; the last steps were:")
            for done in machine.taken[-12:]:
                print("  ", *done)
            print(f"again: python -m simulation.long --seed {told.seed} --steps {taken} --on {told.on}")
            raise
    for what, times in sorted(came.items()):
        print(f"{times:6} {what}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
