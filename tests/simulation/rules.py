"""The ten rules of the trade, read from the database alone: each answers what breaks it.

:class:`Watch` remembers what it saw, so that nothing can be changed behind it. Beside the rules: the audit
chain holds, derived figures are those of a slow replay, and a balance is the sum of its movements.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from simulation.places import Place
from support.ledger import Row
from support.naive_replay import naive_balances, naive_episodes

EVIDENCE = {
    "movement": "seq", "approval": "id", "adjustment_evidence": "id", "count_entry": "id",
    "count_expectation": "entry_id", "audit_entry": "seq", "policy_version": "version",
    "role_request": "id", "role_answer": "id", "case_event": "id",
}  # fmt: skip
"""Append-only tables and what orders them."""

_EXACT = {
    "movement": ("quantity", "entered_quantity", "occurred_at", "recorded_at"),
    "balance": ("on_hand",),
    "adjustment": ("quantity", "book_before", "unit_cost", "value"),
    "approval": ("limit_value", "cumulated_value"),
    "count_entry": ("quantity",),
    "count_expectation": ("book", "late"),
}


def exact(place: Place) -> list[Any]:
    """1: quantities, money and instants are whole numbers."""
    return [
        (table, *row)
        for table, columns in _EXACT.items()
        for row in place.rows(f"SELECT {', '.join(columns)} FROM {table}")
        if any(type(value) is not int for value in row)
    ]


def separated(place: Place) -> list[Any]:
    """3: nobody approves their own hand's work, recounts their own count, or posts what they approved."""
    return (
        place.rows(
            "SELECT a.id FROM approval p JOIN adjustment a ON a.id = p.adjustment_id WHERE "
            "p.decision = 'approved' AND (p.approver_id = a.proposer_id OR p.approver_id = a.investigator_id "
            "OR p.approver_id = a.counter_id OR p.approver_id = a.recounter_id)"
        )
        + place.rows(
            "SELECT p.adjustment_id FROM approval p JOIN adjustment_evidence v ON v.adjustment_id = "
            "p.adjustment_id AND v.kind = 'count' JOIN count_entry e ON e.id = v.target "
            "WHERE p.decision = 'approved' AND p.approver_id = e.counter_id"
        )
        + place.rows(
            "SELECT e.id FROM count_entry e JOIN count_entry f ON f.line_id = e.line_id AND f.round = 1 "
            "WHERE e.round > 1 AND e.counter_id = f.counter_id"
        )
        + place.rows(
            "SELECT a.id FROM adjustment a JOIN approval p ON p.adjustment_id = a.id "
            "WHERE a.tier > 2 AND a.poster_id = p.approver_id"
        )
        + place.rows(
            "SELECT id FROM approval WHERE decision = 'approved' AND (limit_value < cumulated_value "
            "OR tier < (SELECT a.tier FROM adjustment a WHERE a.id = adjustment_id))"
        )
    )


def founded(place: Place) -> list[Any]:
    """4: what is posted has a cause, evidence, one approval and exactly one movement of its quantity."""
    return place.rows(
        "SELECT a.id FROM adjustment a WHERE a.state = 'posted' AND (a.cause = '' "
        "OR NOT EXISTS (SELECT 1 FROM adjustment_evidence v WHERE v.adjustment_id = a.id) "
        "OR (SELECT COUNT(*) FROM approval p WHERE p.adjustment_id = a.id AND p.decision = 'approved') <> 1 "
        "OR (SELECT COUNT(*) FROM movement m WHERE m.adjustment_id = a.id AND m.quantity = a.quantity "
        "AND m.key_id = a.key_id) <> 1)"
    ) + place.rows(
        "SELECT m.seq FROM movement m LEFT JOIN adjustment a ON a.id = m.adjustment_id "
        "JOIN source s ON s.id = m.source_id WHERE (s.code = 'zeroline' AND a.id IS NULL) "
        "OR (a.id IS NOT NULL AND a.state <> 'posted')"
    )


def tolerant(place: Place) -> list[Any]:
    """5: a difference on a book below zero, or of something found where nothing was, is counted again.

    The machine sets limits of percentage only.
    """
    return place.rows(
        "SELECT e.id FROM count_entry e JOIN count_expectation x ON x.entry_id = e.id "
        "JOIN count_line l ON l.id = e.line_id WHERE l.state = 'accepted' AND e.quantity <> x.book + x.late "
        "AND x.book <= 0 AND (SELECT COUNT(*) FROM count_entry f WHERE f.line_id = l.id) = 1"
    )


def rolled(place: Place) -> list[Any]:
    """6: the book of a count is that of its instant, and a correction is what was counted less it."""
    return place.rows(
        "SELECT x.entry_id FROM count_expectation x JOIN count_entry e ON e.id = x.entry_id "
        "JOIN count_line l ON l.id = e.line_id WHERE x.book <> COALESCE((SELECT SUM(m.quantity) "
        "FROM movement m WHERE m.key_id = l.key_id AND m.recorded_at <= e.counted_at "
        "AND m.seq <= x.book_seq), 0)"
    ) + place.rows(
        "SELECT a.id FROM adjustment a JOIN count_entry e ON e.id = a.entry_id "
        "JOIN count_expectation x ON x.entry_id = e.id WHERE a.kind = 'count correction' "
        "AND a.quantity <> e.quantity - x.book - CAST(json_extract(a.arithmetic, '$.late') AS BIGINT)"
    )


def guarded(place: Place) -> list[Any]:
    """7: what an open document may explain was approved with a typed reason."""
    return place.rows(
        "SELECT p.id FROM approval p JOIN adjustment a ON a.id = p.adjustment_id WHERE "
        "p.decision = 'approved' AND a.guard NOT IN ('', '[]', '{}') AND p.guard_reason = ''"
    )


def kept(place: Place) -> list[Any]:
    """8: each count has its expectation; a line of a closed sheet was counted or says why not."""
    return place.rows(
        "SELECT e.id FROM count_entry e WHERE NOT EXISTS "
        "(SELECT 1 FROM count_expectation x WHERE x.entry_id = e.id)"
    ) + place.rows(
        "SELECT l.id FROM count_line l WHERE (l.state IN ('accepted', 'variance') "
        "AND NOT EXISTS (SELECT 1 FROM count_entry e WHERE e.line_id = l.id)) "
        "OR (l.state = 'not counted' AND (l.reason = '' "
        "OR EXISTS (SELECT 1 FROM count_entry e WHERE e.line_id = l.id)))"
    )


def allowed(place: Place) -> list[Any]:
    """9: where the policy forbids it, what is below zero has a case (the machine allows it nowhere)."""
    return place.rows(
        "SELECT b.key_id FROM balance b WHERE b.on_hand < 0 AND NOT EXISTS "
        "(SELECT 1 FROM stock_case c WHERE c.key_id = b.key_id AND c.queue = 'negative')"
    )


def once(place: Place) -> list[Any]:
    """10: nothing came in twice."""
    return place.rows(
        "SELECT source_id, reference FROM movement GROUP BY source_id, reference HAVING COUNT(*) > 1"
    )


def summed(place: Place) -> list[Any]:
    """A balance is the sum of its movements."""
    return place.rows(
        "SELECT k.id FROM stock_key k LEFT JOIN balance b ON b.key_id = k.id WHERE COALESCE(b.on_hand, 0) "
        "<> COALESCE((SELECT SUM(m.quantity) FROM movement m WHERE m.key_id = k.id), 0)"
    )


def replayed(place: Place) -> list[Any]:
    """Balances and episodes are those of the slow replay."""
    found = place.rows("SELECT key_id, seq, occurred_at, recorded_at, quantity FROM movement ORDER BY seq")
    rows = [Row(*row) for row in found]
    episodes = {(key, start, end, first, last, deep) for key, start, end, first, last, deep, *_ in
                naive_episodes(rows)}  # fmt: skip
    stored = set(
        place.rows("SELECT key_id, started_at, ended_at, opening_seq, closing_seq, depth FROM episode")
    )
    balances = set(naive_balances(rows).items()) ^ set(place.rows("SELECT key_id, on_hand FROM balance"))
    ended = {row for row in episodes if row[2] is not None} ^ {row for row in stored if row[2] is not None}
    return [*balances, *ended]


def chained(place: Place) -> list[Any]:
    """The audit chain holds, and the program's own check of what it keeps finds no difference."""
    auditing = place.bench.auditing
    verdict = auditing.verify()
    return ([verdict] if verdict.fault else []) + list(auditing.kept_wrongly())


EACH_STEP: dict[str, Callable[[Place], list[Any]]] = {
    "3": separated, "4": founded, "5": tolerant, "6": rolled, "7": guarded, "8": kept, "9": allowed,
    "10": once, "balance": summed,
}  # fmt: skip
NOW_AND_THEN: dict[str, Callable[[Place], list[Any]]] = {
    "1": exact, "replay": replayed, "chain": chained,
}  # fmt: skip


@dataclass
class Watch:
    """Holds a place against the rules. ``broken`` raises AssertionError naming the rule and the rows."""

    place: Place
    _seen: dict[str, tuple[int, int, str]] = field(default_factory=dict)

    def step(self) -> None:
        """After each step."""
        for name, rule in EACH_STEP.items():
            self._hold(name, rule(self.place))
        for table, order in EVIDENCE.items():
            last, count, _ = self._seen.get(table, (-1, 0, ""))
            (now,) = self.place.rows(f"SELECT COUNT(*) FROM {table} WHERE {order} <= ?", last)
            self._hold("2", [] if now[0] == count else [(table, count, now[0])])

    def whole(self) -> None:
        """Now and then: every row seen before is as it was."""
        self.step()
        for name, rule in NOW_AND_THEN.items():
            self._hold(name, rule(self.place))
        for table, order in EVIDENCE.items():
            last, _, mark = self._seen.get(table, (-1, 0, ""))
            rows = self.place.rows(f"SELECT * FROM {table} ORDER BY {order}")
            column = list(self._columns(table)).index(order)
            before = [row for row in rows if row[column] <= last]
            self._hold("2", [] if not mark or _print(before) == mark else [(table, "changed")])
            self._seen[table] = (max((row[column] for row in rows), default=-1), len(rows), _print(rows))

    def _columns(self, table: str) -> list[str]:
        with self.place.bench.database.read() as connection:
            return list(connection.exec_driver_sql(f"SELECT * FROM {table} WHERE 1 = 0").keys())

    def _hold(self, rule: str, found: list[Any]) -> None:
        if found:
            raise AssertionError(f"rule {rule} is broken on {self.place.name}: {found[:5]}")


def _print(rows: list[tuple[Any, ...]]) -> str:
    return hashlib.sha256(repr(rows).encode()).hexdigest()
