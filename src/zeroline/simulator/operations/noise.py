"""Rows that reach the books late without harm: late scans, and batches that a source sends at once."""

from __future__ import annotations

from collections import defaultdict
from random import Random

from zeroline.domain.instant import HOUR, MINUTE, SECOND
from zeroline.domain.movement import MovementKind
from zeroline.simulator.books import Draft, Pages

Message = list[Draft]


def messages(pages: Pages) -> list[Message]:
    """Rows that a source told in one message: of one job, kind and instant."""
    told: dict[tuple[int, MovementKind, int], Message] = defaultdict(list)
    for row in pages.books.drafts:
        if row.booked:
            told[row.task, row.kind, row.occurred_at].append(row)
    return list(told.values())


def scan_late(pages: Pages, random: Random, ends_at: int, share: float = 0.045) -> int:
    """Some messages are recorded hours late, where the stock covers it; answers how many."""
    late = 0
    everything = messages(pages)
    for message in random.sample(everything, round(len(everything) * share)):
        delay = int(min(20 * HOUR, random.lognormvariate(0, 1) * 2.5 * HOUR)) // SECOND * SECOND
        late += postpone(pages, message, min(message[0].recorded_at + delay, ends_at))
    return late


def send_in_batches(pages: Pages, random: Random, ends_at: int, count: int) -> None:
    """``count`` times a source sends what it gathered in half an hour or so in one go."""
    everything = messages(pages)
    everything.sort(key=lambda message: message[0].recorded_at)
    for _ in range(count):
        first = random.randrange(len(everything))
        source, begin = everything[first][0].source, everything[first][0].recorded_at
        end = begin + random.randrange(15, 50) * MINUTE
        for message in everything[first:]:
            if message[0].recorded_at >= end:
                break
            if message[0].source == source:
                postpone(pages, message, min(end + random.randrange(1, 60) * SECOND, ends_at))


def postpone(pages: Pages, message: Message, until: int) -> bool:
    """Record a message at ``until`` if no balance goes below zero by that and no count lies between."""
    if message[0].kind in (MovementKind.COUNT_CORRECTION, MovementKind.OPENING):
        return False
    for row in message:
        balance = pages.balance(row.key, row.recorded_at)
        needed = max(row.quantity, 0)
        if balance < needed:
            return False
        for other in pages.rows(row.key):
            if row.recorded_at < other.recorded_at <= until:
                balance += other.quantity
                if balance < needed or other.kind is MovementKind.COUNT_CORRECTION:
                    return False
    for row in message:
        pages.change(row, recorded_at=until)
    return True
