"""The replay as one would explain it to a child: slow, exact, and nothing in common with the real one."""

from __future__ import annotations

from itertools import groupby

from support.ledger import Row


def naive_episodes(rows: list[Row], as_of: int | None = None, physical: bool = False) -> list[tuple]:
    """(key, start, end, opening, closing, depth, integral, transient) of each episode, by key and time."""
    found = []
    for key, group in groupby(sorted(rows, key=lambda row: row.key), key=lambda row: row.key):
        mine = list(group)
        ordered = in_order(mine, physical)
        moment = (lambda row: row.occurred_at) if physical else (lambda row: row.recorded_at)
        balance, current = 0, []
        for place, row in enumerate(ordered):
            balance += row.quantity
            if balance < 0 or current:
                current.append((row, balance))
            last = place == len(ordered) - 1
            if current and (balance >= 0 or last):
                ended = balance >= 0
                times = [moment(row) for row, _ in current]
                if not ended:
                    times.append(moment(row) if as_of is None else max(moment(row), as_of))
                area = sum(-b * (t - s) for (_, b), s, t in zip(current, times, times[1:], strict=False))
                found.append(
                    (
                        key,
                        times[0],
                        times[-1] if ended else None,
                        current[0][0].sequence,
                        row.sequence if ended else None,
                        min(b for _, b in current),
                        area,
                        ended and not physical and is_transient(mine, [r for r, _ in current]),
                    )
                )
                current = []
    return found


def in_order(rows: list[Row], physical: bool) -> list[Row]:
    """The rows of one key in physical or in book order."""
    if physical:
        return sorted(rows, key=lambda row: (row.occurred_at, row.recorded_at, row.sequence))
    return sorted(rows, key=lambda row: (row.recorded_at, row.sequence))


def is_transient(rows: list[Row], own: list[Row]) -> bool:
    """Whether no physical balance is below zero after the episode's own rows, nor within its time."""
    start, end = own[0].recorded_at, own[-1].recorded_at
    balance, before = 0, 0
    for row in in_order(rows, physical=True):
        balance += row.quantity
        if row.occurred_at <= start:
            before = balance
        if balance < 0 and (row in own or start < row.occurred_at < end):
            return False
    return before >= 0 or start == end


def naive_balances(rows: list[Row]) -> dict[int, int]:
    """What each key came to."""
    totals: dict[int, int] = {}
    for row in rows:
        totals[row.key] = totals.get(row.key, 0) + row.quantity
    return totals
