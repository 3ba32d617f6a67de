"""T: nothing is missing on the shelf; something was posted at the wrong time or in the wrong order."""

from __future__ import annotations

from zeroline.domain.instant import DAY, HOUR, MINUTE, SECOND
from zeroline.domain.movement import MovementKind as Kind
from zeroline.simulator.answers import Committed
from zeroline.simulator.faults.scene import Fault, Scene


def receipt_posted_late(scene: Scene) -> Committed | None:
    """T1: the goods were put away and picked hours or days before anybody posted the receipt."""
    for row, crossing in scene.missed(Kind.PUTAWAY, Kind.RECEIPT):
        if crossing.kind is not Kind.COMPONENT_ISSUE and crossing.recorded_at - row.recorded_at < 3 * DAY:
            scene.postpone(scene.job(row), scene.daytime(crossing.recorded_at + scene.span(1.5, 70)))
            if scene.shows():
                rows = scene.job(row)
                return scene.commit("T1", row.key, row.quantity, rows, "receipt posted after the picks")
            scene.undo()
    return None


def issue_before_receipt(scene: Scene) -> Committed | None:
    """T2: within minutes, the issue reached the books before what it drew on."""
    for row, crossing in scene.missed(Kind.PUTAWAY, Kind.RECEIPT, Kind.TRANSFER_IN):
        if (
            crossing.kind is not Kind.COMPONENT_ISSUE
            and crossing.recorded_at - row.recorded_at < 35 * MINUTE
            and crossing.recorded_at - crossing.occurred_at < 15 * MINUTE
            and row.recorded_at - row.occurred_at < 20 * MINUTE
        ):
            rows = scene.message(row)
            scene.postpone(rows, crossing.recorded_at + scene.minutes(1, 15))
            if scene.shows():
                return scene.commit("T2", row.key, row.quantity, rows, "issue posted minutes before receipt")
            scene.undo()
    return None


def transfer_leg_late(scene: Scene) -> Committed | None:
    """T3: the receiving end of a transfer took from it and confirmed it hours or days later, or never."""
    for row, crossing in scene.missed(Kind.TRANSFER_IN):
        if crossing.kind is not Kind.COMPONENT_ISSUE and crossing.recorded_at - row.recorded_at < 3 * DAY:
            rows = scene.job(row)
            if scene.random.random() < 0.3:
                scene.drop(row)
            else:
                scene.postpone([row], scene.daytime(crossing.recorded_at + scene.span(2, 60)))
            if scene.shows():
                return scene.commit("T3", row.key, row.quantity, rows, "incoming leg of a transfer is late")
            scene.undo()
    return None


def consumed_before_supply(scene: Scene) -> Committed | None:
    """T4: production consumed, or its product went, before the supply of the same shift was posted."""
    supply = (Kind.PUTAWAY, Kind.TRANSFER_IN, Kind.RECEIPT, Kind.PRODUCTION_RECEIPT)
    for row, crossing in scene.missed(*supply):
        issue = crossing.kind is Kind.COMPONENT_ISSUE
        if (
            issue or row.kind is Kind.PRODUCTION_RECEIPT
        ) and crossing.recorded_at - row.recorded_at < 9 * HOUR:
            rows = scene.message(row)
            scene.postpone(rows, crossing.recorded_at + scene.span(0.5, 9))
            if scene.shows():
                note = "component issue before its supply" if issue else "output reported after its consumers"
                return scene.commit("T4", row.key, row.quantity, rows, note)
            scene.undo()
    return None


def document_entered_again(scene: Scene) -> Committed | None:
    """T5: a posted document was cancelled and entered again much later with its old date."""
    for row, crossing in scene.missed(Kind.PUTAWAY, Kind.RECEIPT, Kind.TRANSFER_IN):
        rows = scene.job(row) if row.kind is not Kind.TRANSFER_IN else [row]
        cancelled = max(part.recorded_at for part in rows) + scene.span(0.05, 5)
        if cancelled >= crossing.recorded_at or crossing.recorded_at - row.recorded_at > 6 * DAY:
            continue
        back_dated = scene.random.random() < 0.5
        made = []
        for place, part in enumerate(reversed(rows)):
            at = cancelled + place * SECOND
            made.append(
                scene.repeat(
                    part, quantity=-part.quantity, entered_quantity=-part.entered_quantity,
                    occurred_at=part.occurred_at if back_dated else at - 20 * SECOND, recorded_at=at,
                )
            )  # fmt: skip
        again = scene.daytime(crossing.recorded_at + scene.span(3, 90))
        made += [scene.repeat(part, recorded_at=again + place * SECOND) for place, part in enumerate(rows)]
        if scene.shows():
            note = "document cancelled, entered again later with its old date"
            return scene.commit("T5", row.key, row.quantity, rows + made, note)
        scene.undo()
    return None


def old_issue_entered(scene: Scene) -> Committed | None:
    """T5: an issue was entered days late with its old date; a count in between had already found it gone."""
    for row in scene.strained(Kind.SCRAP, Kind.COMPONENT_ISSUE, Kind.SUPPLIER_RETURN):
        late = scene.daytime(row.recorded_at + scene.span(40, 220))
        if row.kind is Kind.COMPONENT_ISSUE and len(scene.job(row)) < 2:
            continue
        scene.change(row, recorded_at=late)
        counted = scene.daytime(
            row.occurred_at + (late - row.occurred_at) * scene.random.randrange(2, 8) // 10
        )
        if counted < late and all(
            part is row or (part.occurred_at <= counted) == (part.recorded_at <= counted)
            for part in scene.pages.rows(row.key)
        ):
            count = scene.count(row.key, counted, scene.books.lay_at(row.key, counted))
            if scene.shows():
                return scene.commit(
                    "T5", row.key, -row.quantity, [row, count], "old issue entered days later, counted before"
                )
        scene.undo()
    return None


def interface_delayed(scene: Scene) -> Committed | None:
    """T6: for hours one interface held back all its messages, then released them in one burst."""
    told = scene.messages
    for _ in range(60):
        first = scene.random.randrange(len(told) // 30, len(told) * 29 // 30)
        source, begin = told[first][0].source, told[first][0].recorded_at
        end = begin + scene.span(1.5, 7)
        held = []
        for message in told[first:]:
            if message[0].recorded_at >= end:
                break
            if message[0].source == source and all(row.booked for row in message):
                held.append(message)
        if len(held) < 6 or end > scene.ends_at:
            continue
        if scene.random.random() < 0.4:
            scene.random.shuffle(held)
        release = end
        for message in held:
            release += scene.random.randrange(1, 4) * SECOND
            for row in message:
                scene.change(row, recorded_at=release)
        crossed = [key for key in scene.crossed() if scene.free(key)]
        if crossed:
            rows = [row for message in held for row in message]
            key = scene.random.choice(crossed)
            quantity = max(row.quantity for row in rows if row.key == key)
            note = f"{source} held its messages back for hours"
            return scene.commit("T6", key, quantity, rows, note, only=crossed)
        scene.undo()
    return None


FAULTS: tuple[Fault, ...] = (
    receipt_posted_late,
    issue_before_receipt,
    transfer_leg_late,
    consumed_before_supply,
    document_entered_again,
    old_issue_entered,
)
