"""A watch over one place: it remembers what it saw, so that nothing is changed behind it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from simulation.places import Place
from simulation.rules import ALL, EVIDENCE, RULES, Since, replayed

LAST = 40
"""Rows of each append-only table that are looked at again after each step; all of them now and then."""

_WAYS = {
    ("proposed", "approved"), ("proposed", "posted"), ("proposed", "rejected"), ("proposed", "withdrawn"),
    ("approved", "posted"), ("approved", "withdrawn"),
}  # fmt: skip
_ADJUSTMENT = (
    "id, state, number, kind, key_id, case_id, entry_id, reversal_of, quantity, value, cause, tier, "
    "proposer_id, guard, shown_hash"
)
_TABLES = (*EVIDENCE, "adjustment", "import_run")
_COUNTS = "SELECT " + ", ".join(
    [f"(SELECT COUNT(*) FROM {table})" for table in _TABLES]
    + [
        "0"
        if EVIDENCE.get(table) == "key"
        else f"(SELECT COALESCE(MAX({EVIDENCE.get(table, 'id')}), -1) FROM {table})"
        for table in _TABLES
    ]
)
"""How many rows there are of each table, and then which is the last of each."""


@dataclass
class Watch:
    """Holds a place against the rules. :meth:`step` and :meth:`whole` raise AssertionError naming each
    rule that is broken."""

    place: Place
    _last: dict[str, int] = field(default_factory=dict)
    _written: tuple[int, ...] = ()
    _counts: tuple[Any, ...] = ()
    _tail: dict[str, dict[int, tuple[Any, ...]]] = field(default_factory=dict)
    _prints: dict[str, dict[Any, int]] = field(default_factory=dict)
    _adjustments: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    _lines: frozenset[int] = frozenset()
    _roles: dict[int, str] = field(default_factory=dict)

    def step(self) -> None:
        """After each step: the rules over what is new, and over what it could have changed."""
        self._sound(self.broken())

    def whole(self) -> None:
        """Now and then: everything, and every row seen before is as it was."""
        broken = self.broken()
        for name, rows in _held(self.place, ALL).items():
            broken.setdefault(name, []).extend(rows)
        broken["2"] += [*self._ever_changed(), *self._undone(0)]
        auditing = self.place.bench.auditing
        verdict = auditing.verify()
        broken |= {
            "replay": replayed(self.place, ALL),
            "chain": [verdict] if verdict.fault else [],
            "kept": list(auditing.kept_wrongly()),
        }
        self._sound(broken)

    def broken(self) -> dict[str, list[Any]]:
        """What was written since this was last asked and breaks a rule, by the rules; most are empty."""
        mark = self.place.mark()
        if mark == self._written:
            return {"2": []}
        counts = self.place.rows(_COUNTS)[0]
        since = self._last if self._counts else ALL
        found = _held(self.place, since)
        fewer = [pair for pair in zip(self._counts, counts, strict=False) if pair[1] < pair[0]]
        found["2"] = [
            *fewer[: len(_TABLES)],
            *self._changed(),
            *self._undone(max(self._adjustments, default=0) - LAST),
        ]
        found["3"] += self._beyond_role()
        found["8"] += self._vanished()
        self._counts, self._written = counts, mark
        self._last = dict(zip(_TABLES, counts[len(_TABLES) :], strict=True))
        self._roles = {
            row[0]: row[1] if row[2] else "" for row in self.place.rows("SELECT id, role, active FROM person")
        }
        return found

    # --- what is held against what was seen

    def _changed(self) -> list[Any]:
        """Rows of evidence that are not as they were, of the last ones."""
        found: list[Any] = []
        asked: list[tuple[str, tuple[Any, ...]]] = []
        tables = [(table, order) for table, order in EVIDENCE.items() if order != "key"]
        for table, order in tables:
            first = min(self._tail.get(table, {}), default=-1)
            asked.append(
                (f"SELECT {order}, t.* FROM {table} t WHERE {order} >= ? ORDER BY {order}", (first,))
            )
        for (table, _), rows in zip(tables, self.place.many(asked), strict=True):
            before = self._tail.get(table, {})
            now = {row[0]: row for row in rows}
            found += [(table, row, now.get(id)) for id, row in before.items() if now.get(id) != row]
            self._tail[table] = dict(list(now.items())[-LAST:])
        return found

    def _undone(self, first: int) -> list[Any]:
        """Adjustments that are gone, another one now, or on a way that there is not: posted stays posted.

        Of those from ``first`` on, and of all that are still on their way.
        """
        rows = self.place.rows(
            f"SELECT {_ADJUSTMENT} FROM adjustment WHERE id >= ? OR state IN ('proposed', 'approved')", first
        )
        now = {row[0]: row for row in rows}
        found: list[Any] = []
        for id, before in self._adjustments.items():
            if id < first and id not in now:
                now[id] = before
            after = now.get(id)
            if after is None or after[2:] != before[2:]:
                found.append((id, before, after))
            elif after[1] != before[1] and (before[1], after[1]) not in _WAYS:
                found.append((id, before[1], after[1]))
        self._adjustments = now
        return found

    def _beyond_role(self) -> list[Any]:
        """What was approved since by somebody whose role and limit of then did not allow it."""
        if not self._counts:
            return []
        found: list[Any] = []
        ((content,),) = self.place.rows("SELECT content FROM policy_version ORDER BY version DESC LIMIT 1")
        limits = json.loads(content)["limits"]
        for id, who, tier, cumulated in self.place.rows(
            "SELECT id, approver_id, tier, cumulated_value FROM approval WHERE id > ? "
            "AND decision = 'approved'",
            self._last["approval"],
        ):
            limit = limits.get(self._roles.get(who, ""))
            if limit is None or tier > limit["tier"] or cumulated > limit["value"]:
                found.append(("beyond their role", id, self._roles.get(who), limit))
        return found

    def _vanished(self) -> list[Any]:
        """Lines that a sheet asked for and that are gone."""
        lines, before = self.place.rows("SELECT id FROM count_line WHERE NOT found"), self._lines
        self._lines = frozenset(row[0] for row in lines)
        return sorted(before - self._lines)

    def _ever_changed(self) -> list[Any]:
        """Rows of evidence that are not as they were when everything was looked at last."""
        found: list[Any] = []
        for table, order in EVIDENCE.items():
            rows = self.place.rows(f"SELECT {order}, t.* FROM {table} t")
            now = {row[0]: hash(row) for row in rows}
            before = self._prints.get(table, {})
            found += [(table, id) for id, print_ in before.items() if now.get(id) != print_]
            self._prints[table] = now
        return found

    def _sound(self, broken: Mapping[str, Sequence[Any]]) -> None:
        told = [
            f"rule {rule} is broken on {self.place.name}: {found[:5]}"
            for rule, found in broken.items()
            if found
        ]
        if told:
            raise AssertionError("; ".join(told))


class _Ahead:
    """Notes what is asked and answers nothing; then has it answered at once, and answers from that."""

    def __init__(self, place: Place) -> None:
        self.name = place.name
        self._place = place
        self._asked: dict[tuple[str, tuple[Any, ...]], list[tuple[Any, ...]]] = {}
        self._noting = True

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """What a statement reads."""
        if self._noting:
            self._asked[sql, values] = []
            return []
        if (sql, values) not in self._asked:
            return self._place.rows(sql, *values)
        return self._asked[sql, values]

    def answer(self) -> None:
        """Have all of it answered."""
        self._noting = False
        asked = list(self._asked)
        self._asked = dict(zip(asked, self._place.many(asked), strict=True))


def _held(place: Place, since: Since) -> dict[str, list[Any]]:
    """What breaks each rule; a server far away is asked for all of it at once."""
    ahead = _Ahead(place)
    for rule in RULES.values():
        rule(ahead, since)
    ahead.answer()
    return {name: rule(ahead, since) for name, rule in RULES.items()}
