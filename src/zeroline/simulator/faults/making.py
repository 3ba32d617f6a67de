"""P: production took or made other than it reported."""

from __future__ import annotations

from zeroline.domain.instant import HOUR
from zeroline.domain.movement import MovementKind as Kind
from zeroline.domain.quantity import SCALE
from zeroline.domain.stock import StockKey
from zeroline.simulator.answers import Committed
from zeroline.simulator.faults.scene import Fault, Scene
from zeroline.simulator.papers import PRODUCT


def scrap_not_reported(scene: Scene) -> Committed | None:
    """P1: components were spoilt at the line and more taken; the order closes with less than planned."""
    for row in scene.candidates(Kind.COMPONENT_ISSUE, incoming=False):
        reports = scene.job(row, Kind.PRODUCTION_RECEIPT)
        order = scene.floor.papers.lines[row.document, PRODUCT]
        if not reports or not all(scene.free(part.key) for part in reports):
            continue
        last = reports[-1]
        lost = scene.part(row.quantity * -1, 0.15, 0.7)
        fewer = scene.random.choice((1, 1, 2, 3)) * SCALE
        made = sum(part.quantity for part in reports)
        if made < order.quantity or fewer * 4 > made or last.quantity <= fewer or lost < 2 * SCALE:
            continue
        if scene.pages.lowest(last.key, last.recorded_at) < fewer:
            continue
        if not scene.happen(row.key, -lost, row.occurred_at + HOUR):
            continue
        if not scene.happen(last.key, -fewer, last.occurred_at):
            scene.undo()
            continue
        scene.resize(last, last.quantity - fewer)
        if scene.reveal(row.key, row.recorded_at + HOUR, 1, 40):
            order.closed_at = last.recorded_at + 2 * HOUR
            return scene.commit("P1", row.key, -lost, [row], "scrap at the line not reported")
        scene.undo()
    return None


def output_not_reported(scene: Scene) -> Committed | None:
    """P2: finished goods were put on the shelf without a report; the components were issued."""
    for row, _ in scene.missed(Kind.PRODUCTION_RECEIPT):
        rows = scene.job(row, Kind.PRODUCTION_RECEIPT)
        for part in rows:
            scene.drop(part)
        scene.floor.papers.lines[row.document, PRODUCT].closed_at = None
        issues = scene.job(row, Kind.COMPONENT_ISSUE)
        return scene.commit("P2", row.key, row.quantity, issues, "production output not reported")
    return None


def order_reported_twice(scene: Scene) -> Committed | None:
    """P3: a production order was reported again hours later, components and all."""
    for row in scene.strained(Kind.COMPONENT_ISSUE):
        rows, later = scene.job(row), scene.span(0.4, 30)
        user = scene.colleague(row)
        made = [
            scene.repeat(
                part, occurred_at=part.occurred_at + later, recorded_at=part.recorded_at + later, user=user
            )
            for part in rows
        ]
        if scene.shows():
            return scene.commit(
                "P3", row.key, -row.quantity, [*rows, *made], "production order reported twice"
            )
        scene.undo()
    return None


def substitution_not_recorded(scene: Scene) -> Committed | None:
    """P4: the planned component was booked though none was there; a substitute was used."""
    for row in scene.candidates(Kind.COMPONENT_ISSUE, incoming=False):
        paper = scene.paper(row)
        if paper is None or paper.item == row.key.item:
            continue
        used = row.key
        lot = scene.newest_lot(paper.item)
        planned = StockKey(paper.item, scene.items[paper.item].bins[used.location[0]][0], lot)
        if not scene.free(planned):
            continue
        scene.change(row, key=planned)
        if scene.pages.balance(planned, row.recorded_at) < 0:
            if scene.random.random() < 0.5:
                scene.reveal(used, row.recorded_at, 5, 200)
            return scene.commit("P4", planned, -row.quantity, [row], "a substitute was used, the plan booked")
        scene.undo()
    return None


FAULTS: tuple[Fault, ...] = (
    scrap_not_reported,
    output_not_reported,
    order_reported_twice,
    substitution_not_recorded,
)
