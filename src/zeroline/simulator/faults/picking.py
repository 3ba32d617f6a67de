"""K: goods were picked and shipped other than the books say."""

from __future__ import annotations

from dataclasses import replace

from zeroline.domain.instant import SECOND
from zeroline.domain.movement import MovementKind as Kind
from zeroline.domain.quantity import SCALE
from zeroline.domain.stock import StockKey
from zeroline.simulator.answers import Committed
from zeroline.simulator.faults.scene import Fault, Scene


def wrong_item_picked(scene: Scene) -> Committed | None:
    """K1: the pick was confirmed on another item than the one taken; the shipment is of the right item."""
    for row in scene.candidates(Kind.PICK, incoming=False):
        key, rows = row.key, scene.message(row)
        for other in scene.other_items(key)[:3]:
            stage = StockKey(other.item, scene.floor.world.place(key.location[0], "STAGE"), other.lot)
            if not scene.free(stage) or not scene.pages.rows(other):
                continue
            for part in rows:
                scene.resize(part, part.quantity, whole=False)
                scene.change(part, key=other if part is row else stage)
            if scene.shows():
                return scene.commit("K1", other, -row.quantity, rows, "another item was taken than confirmed")
            scene.undo()
    return None


def other_bin_picked(scene: Scene) -> Committed | None:
    """K2: one pick was confirmed on another bin or lot than the one taken, which came to the stage."""
    for row in scene.candidates(Kind.PICK, incoming=False):
        key = row.key
        lots = [lot for lot in scene.floor.lots[key.item] if lot != key.lot]
        if lots and scene.random.random() < 0.5:
            lot = scene.random.choice(lots)
            other, changed = replace(key, lot=lot), [row]
        else:
            known = [name for name in scene.other_bins(key) if scene.pages.rows(name)]
            if not known:
                continue
            lot, other, changed = key.lot, known[0], [row]
        if not scene.pages.rows(other) or not all(scene.free(replace(part.key, lot=lot)) for part in changed):
            continue
        for part in changed:
            scene.change(part, key=other if part is row else replace(part.key, lot=lot))
        if scene.shows():
            return scene.commit("K2", other, -row.quantity, [row], "taken from another bin or lot")
        scene.undo()
    return None


def mistyped_pick(scene: Scene) -> Committed | None:
    """K3: the picked quantity was keyed wrong; the shipment is right."""
    for row in scene.candidates(Kind.PICK, incoming=False):
        size = row.quantity // row.entered_quantity
        wrong = scene.mistyped(row.entered_quantity) * size
        more, rows = row.quantity - wrong, scene.message(row)
        for part in rows:
            scene.resize(part, wrong if part is row else -wrong)
        if abs(wrong) < 100_000 * SCALE and scene.shows():
            return scene.commit("K3", row.key, more, rows, "picked quantity keyed wrong")
        scene.undo()
    return None


def shipped_not_recorded(scene: Scene) -> Committed | None:
    """K4: it left the building without a shipment posting; the books keep it on the stage."""
    for row in scene.candidates(Kind.PICK, incoming=False):
        rows = scene.job(row, Kind.SHIPMENT)
        if rows:
            scene.drop(rows[0])
            if scene.reveal(rows[0].key, rows[0].recorded_at, 10, 400):
                staged = [part for part in scene.job(row) if part.key == rows[0].key]
                return scene.commit("K4", rows[0].key, rows[0].quantity, staged, "shipment never posted")
            scene.undo()
    return None


def pick_confirmed_twice(scene: Scene) -> Committed | None:
    """K5: the person confirmed twice, seconds or a few minutes apart."""
    for row in scene.strained(Kind.PICK):
        apart = scene.random.randrange(4, 300) * SECOND
        rows = scene.message(row)
        made = [
            scene.repeat(part, occurred_at=part.occurred_at + apart, recorded_at=part.recorded_at + apart)
            for part in rows
        ]
        if scene.shows():
            return scene.commit("K5", row.key, -row.quantity, [*rows, *made], "pick confirmed twice")
        scene.undo()
    return None


FAULTS: tuple[Fault, ...] = (
    wrong_item_picked,
    other_bin_picked,
    mistyped_pick,
    shipped_not_recorded,
    pick_confirmed_twice,
)
