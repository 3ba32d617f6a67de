"""The whole simulation: a world, its clean days, its faults, and what sources would tell of it."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from zeroline.domain.instant import DAY
from zeroline.domain.movement import Movement
from zeroline.domain.stock import Item, Location, StockKey
from zeroline.simulator.answers import Answer, Truth, answer
from zeroline.simulator.books import Books, Pages, movement
from zeroline.simulator.faults import inject
from zeroline.simulator.faults.scene import Scene
from zeroline.simulator.operations import Operations
from zeroline.simulator.operations.floor import Floor, Numbers
from zeroline.simulator.operations.noise import scan_late, send_in_batches
from zeroline.simulator.papers import DocumentLine, Papers
from zeroline.simulator.world import SITES, Plan, SimulatedSite, build


@dataclass(frozen=True, slots=True)
class Simulation:
    """What the sources give, and apart from it what is true.

    ``truths``: the faults, one each. ``answers``: each stretch below zero and each count that found
    something, with the faults that made it. ``shelf``: what lies there at the end, micro-units.
    ``happened``: by key, (instant, quantity) of everything that truly moved.
    """

    plan: Plan
    sites: tuple[SimulatedSite, ...]
    items: tuple[Item, ...]
    locations: tuple[Location, ...]
    movements: tuple[Movement, ...]
    documents: tuple[DocumentLine, ...]
    truths: tuple[Truth, ...]
    answers: tuple[Answer, ...]
    shelf: dict[StockKey, int]
    happened: dict[StockKey, list[tuple[int, int]]]

    @property
    def open_lines(self) -> tuple[DocumentLine, ...]:
        """What is still to come or to go at the end."""
        return tuple(line for line in self.documents if line.state == "open")

    def lay_at(self, key: StockKey, instant: int) -> int:
        """What truly lay on the shelf of a stock key at an instant (µs), micro-units."""
        return sum(quantity for at, quantity in self.happened.get(key, ()) if at <= instant)


def simulate(plan: Plan) -> Simulation:
    """The same plan gives the same simulation, row by row."""
    random = Random(plan.seed)
    world, books, papers = build(plan, random), Books(random), Papers()
    start = plan.ends_at - plan.days * DAY
    floor = Floor(world, random, books, papers, Numbers(random), start - start % DAY)
    Operations(floor).run()
    pages = Pages(books)
    scan_late(pages, random, plan.ends_at)
    send_in_batches(pages, random, plan.ends_at, plan.days)
    committed = inject(Scene(floor, pages, random), plan.faults) if plan.faults else []
    rows = books.number(plan.ends_at)
    truths, answers = answer(committed, rows)
    return Simulation(
        plan=plan,
        sites=SITES,
        items=tuple(item.item for item in world.items),
        locations=tuple(world.locations),
        movements=tuple(movement(row, number) for number, row in enumerate(rows, 1)),
        documents=tuple(papers.export(rows, plan.ends_at)),
        truths=truths,
        answers=answers,
        shelf={key: quantity for key, quantity in books.shelf.items() if quantity},
        happened=dict(books.happened),
    )
