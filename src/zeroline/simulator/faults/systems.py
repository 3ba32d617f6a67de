"""S: interfaces, messages, forced postings and what the old system left."""

from __future__ import annotations

from zeroline.domain.instant import DAY, HOUR, SECOND
from zeroline.domain.movement import MovementKind as Kind
from zeroline.domain.quantity import SCALE
from zeroline.simulator.answers import Committed
from zeroline.simulator.books import Draft
from zeroline.simulator.faults.scene import Fault, Scene
from zeroline.simulator.papers import Paper

_DEFECTIVE = (Kind.PUTAWAY, Kind.TRANSFER_IN, Kind.CUSTOMER_RETURN, Kind.PRODUCTION_RECEIPT, Kind.RECEIPT)


def field_defect(scene: Scene) -> Committed | None:
    """S1: after an update several messages of one kind come with a wrong sign or a shifted point."""
    for _ in range(60):
        kind = scene.random.choice((*_DEFECTIVE, Kind.PICK, Kind.COMPONENT_ISSUE))
        flip = kind in _DEFECTIVE and scene.random.random() < 0.7
        sent = [message for message in scene.messages if message[0].kind is kind]
        first = scene.random.randrange(len(sent) // 20, max(1, len(sent) * 19 // 20))
        hurt: list[Draft] = []
        for message in sent[first : first + scene.random.randrange(3, 10)]:
            near = message[0].recorded_at - sent[first][0].recorded_at < DAY
            if (
                near
                and message[0].source == sent[first][0].source
                and all(row.booked and scene.free(row.key) for row in message)
            ):
                hurt += message
        if len({row.task for row in hurt}) < 2:
            continue
        by_ten = scene.random.choice((10, 100))
        for row in hurt:
            if flip:
                scene.change(row, quantity=-row.quantity, entered_quantity=-row.entered_quantity)
            else:
                scene.change(
                    row, quantity=row.quantity * by_ten, entered_quantity=row.entered_quantity * by_ten
                )
        crossed = [key for key in scene.crossed() if scene.is_bin(key)] or scene.crossed()
        if crossed:
            key = scene.random.choice(crossed)
            change = sum(quantity for name, _, quantity in scene.pages.log if name == key)
            note = "interface sent the wrong sign" if flip else "interface shifted the decimal point"
            return scene.commit("S1", key, -change, hurt, note)
        scene.undo()
    return None


def delivered_twice(scene: Scene) -> Committed | None:
    """S2: several messages were delivered again: same occurrence, own ids, minutes to hours later."""
    for _ in range(60):
        first = scene.random.randrange(len(scene.messages) // 30, len(scene.messages) * 29 // 30)
        source = scene.messages[first][0].source
        sent = [
            message
            for message in scene.messages[first : first + 60]
            if message[0].source == source
            and message[0].kind is not Kind.COUNT_CORRECTION
            and all(row.booked and scene.free(row.key) for row in message)
        ][: scene.random.randrange(2, 9)]
        if len(sent) < 2 or sent[-1][0].recorded_at - sent[0][0].recorded_at > 2 * HOUR:
            continue
        again = sent[-1][0].recorded_at + scene.span(0.06, 6)
        made: list[Draft] = []
        for message in sent:
            again += scene.random.randrange(1, 3) * SECOND
            made += [scene.repeat(row, recorded_at=again) for row in message]
        crossed = scene.crossed()
        if crossed:
            key = scene.random.choice(crossed)
            copies = [row for row in made if row.key == key]
            rows = [row for message in sent for row in message]
            return scene.commit(
                "S2", key, -sum(row.quantity for row in copies), rows + made, "messages delivered twice"
            )
        scene.undo()
    return None


def order_beyond_the_books(scene: Scene, forced: bool) -> tuple[Draft, int, list[Draft]] | None:
    """An ordinary order line takes more than the books have; (its pick, its quantity, its rows)."""
    for row in scene.candidates(Kind.PICK, incoming=False):
        at = row.recorded_at + scene.span(0.3, 40)
        wanted = scene.random.choice((3, 4, 5, 6, 8, 10, 12, 20)) * SCALE
        left = scene.pages.balance(row.key, at)
        if not 0 <= left < wanted or not scene.quiet(row.key, at) or at > scene.ends_at - 5 * HOUR:
            continue
        rows = scene.job(row)
        paper = scene.paper(row)
        if len(rows) != 3 or paper is None or not 6 * HOUR < at % DAY < 20 * HOUR:
            continue
        task, series = scene.books.task(), "web" if row.document.startswith("W") else "sale"
        number = scene.floor.numbers.unused(series, at)
        shift, unit = at - row.occurred_at, scene.item(row.key).item.base_unit
        made = [
            scene.repeat(
                part, quantity=quantity, entered_quantity=quantity, entered_unit=unit, task=task,
                document=number, occurred_at=part.occurred_at + shift, recorded_at=part.recorded_at + shift,
                override=forced and part is row,
            )
            for part, quantity in zip(rows, (-wanted, wanted, -wanted), strict=True)
        ]  # fmt: skip
        due = at - at % DAY + DAY + 18 * HOUR
        scene.floor.papers.write(
            Paper(
                "order", number, row.line, row.key.item, paper.location, wanted, due, paper.partner, "erp",
                at - HOUR,
            )
        )  # fmt: skip
        return made[0], wanted, made
    return None


def forced_below_zero(scene: Scene) -> Committed | None:
    """S3: the screen said none left; somebody forced the pick past the stock check."""
    found = order_beyond_the_books(scene, forced=True)
    if found is None:
        return None
    pick, wanted, _ = found
    return scene.commit("S3", pick.key, wanted, [pick], "forced past the stock check")


def opening_too_low(scene: Scene) -> Committed | None:
    """S4: the old system's balance was not carried over, or carried over too low."""
    for row in scene.candidates(Kind.OPENING, incoming=True):
        missing = scene.random.choice((row.quantity, scene.part(row.quantity, 0.2, 0.9)))
        if scene.missed_at(row, missing) is None:
            continue
        if missing == row.quantity:
            scene.drop(row)
        else:
            scene.resize(row, row.quantity - missing)
        return scene.commit("S4", row.key, missing, [row], "opening balance carried over too low")
    return None


BROAD: tuple[Fault, ...] = (field_defect, delivered_twice)
FAULTS: tuple[Fault, ...] = (forced_below_zero, opening_too_low)
