"""The whole simulation: a world, its clean days, its faults, and what sources would tell of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from zeroline.domain.movement import Movement
from zeroline.domain.stock import Item, Location, StockKey
from zeroline.simulator.books import Books, OpenLine, Truth
from zeroline.simulator.faults import inject
from zeroline.simulator.faults.scene import Scene
from zeroline.simulator.operations import Operations
from zeroline.simulator.world import SITES, Plan, SimulatedSite, build


@dataclass(frozen=True, slots=True)
class Simulation:
    """What the sources give, and apart from it what is true.

    ``truths``: the faults. ``shelf``: what lies there at the end, micro-units. ``happened``: (instant, key,
    quantity) of everything that truly moved.
    """

    plan: Plan
    sites: tuple[SimulatedSite, ...]
    items: tuple[Item, ...]
    locations: tuple[Location, ...]
    movements: tuple[Movement, ...]
    open_lines: tuple[OpenLine, ...]
    truths: tuple[Truth, ...]
    shelf: dict[StockKey, int]
    happened: tuple[tuple[int, StockKey, int], ...]
    _by_key: dict[StockKey, list[tuple[int, int]]] = field(default_factory=dict, compare=False, repr=False)

    def lay_at(self, key: StockKey, instant: int) -> int:
        """What truly lay on the shelf of a stock key at an instant (µs), micro-units."""
        if not self._by_key:
            for at, moved, quantity in self.happened:
                self._by_key.setdefault(moved, []).append((at, quantity))
        return sum(quantity for at, quantity in self._by_key.get(key, ()) if at <= instant)


def simulate(plan: Plan) -> Simulation:
    """The same plan gives the same simulation, row by row."""
    random = Random(plan.seed)
    world = build(plan, random)
    books = Books(random)
    operations = Operations(world, random, books)
    operations.run()
    truths = inject(Scene(world, books, random), plan.faults) if plan.faults else []
    return Simulation(
        plan=plan,
        sites=SITES,
        items=tuple(item.item for item in world.items),
        locations=tuple(world.locations),
        movements=tuple(books.movements(plan.ends_at)),
        open_lines=tuple(operations.open_lines),
        truths=tuple(truths),
        shelf={key: quantity for key, quantity in books.shelf.items() if quantity},
        happened=tuple(books.happened),
    )
