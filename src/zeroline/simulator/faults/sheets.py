"""Counts come on sheets: what faults made people count is written as any other count."""

from __future__ import annotations

from collections import defaultdict

from zeroline.domain.instant import SECOND
from zeroline.domain.movement import MovementKind
from zeroline.simulator.books import Draft
from zeroline.simulator.faults.scene import Scene


def write_sheets(scene: Scene, counts: list[Draft]) -> None:
    """Some neighbours are counted right on the same walk; all sheets are numbered in order of time."""
    for row in counts:
        if row.booked:
            _count_neighbours(scene, row)
    sheets: dict[str, list[Draft]] = defaultdict(list)
    for row in scene.books.drafts:
        if row.booked and row.kind is MovementKind.COUNT_CORRECTION:
            sheets[row.document].append(row)
    for rows in sheets.values():
        rows.sort(key=lambda row: (row.occurred_at, row.order))
    numbers = scene.floor.numbers
    numbers.last.pop("count")
    for rows in sorted(sheets.values(), key=lambda rows: (rows[0].occurred_at, rows[0].order)):
        document = numbers.next("count", rows[0].occurred_at)
        for line, row in enumerate(rows, 1):
            row.document, row.line = document, str(line)


def _count_neighbours(scene: Scene, row: Draft) -> None:
    at, last = row.occurred_at, scene.ends_at
    for key in scene.walk(row.key)[: scene.random.choice((0, 1, 1, 2, 3, 5))]:
        at += scene.random.randrange(50, 300) * SECOND
        lag = scene.random.randrange(120, 3600) * SECOND
        lies = scene.books.lay_at(key, at)
        if at + lag < last and lies and scene.quiet(key, at) and lies == scene.pages.balance(key, at):
            scene.pages.repeat(
                row, key=key, quantity=0, entered_quantity=0, entered_unit=scene.item(key).item.base_unit,
                occurred_at=at, recorded_at=at + lag, task=scene.books.task(),
            )  # fmt: skip
