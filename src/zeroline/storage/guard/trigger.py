"""How a guard is written: a trigger that refuses unless every condition is plainly true."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple


class Condition(NamedTuple):
    """What must be true in SQL, and the error code and plain sentence of the refusal if it is not.

    ``typed``: it only holds what the types of PostgreSQL's columns hold by themselves. ``server``: what a
    server asks instead, '' for the same.
    """

    sql: str
    code: str
    sentence: str
    typed: bool = False
    server: str = ""


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger on ``event`` (``BEFORE INSERT ON movement``) that refuses unless every condition is plainly
    true; ``when`` says for which rows it asks at all."""

    name: str
    event: str
    conditions: tuple[Condition, ...]
    when: str = ""

    def for_sqlite(self) -> str:
        """The CREATE TRIGGER statement of SQLite."""
        checks = "\n".join(
            f"  SELECT RAISE(ABORT, 'zeroline:{code}: {quoted(sentence)}') WHERE ({sql}) IS NOT TRUE;"
            for sql, code, sentence, *_ in self.conditions
        )
        guarded = f" WHEN {self.when}" if self.when else ""
        return f"CREATE TRIGGER {self.name} {self.event} FOR EACH ROW{guarded} BEGIN\n{checks}\nEND"


Triggers = dict[str, Trigger]
"""Triggers by name."""


def must(sql: str, code: str, sentence: str) -> Condition:
    """A condition of a guard."""
    return Condition(sql, code, sentence)


def trigger(name: str, event: str, conditions: Iterable[Condition], when: str = "") -> Triggers:
    """A trigger on ``event`` (``BEFORE INSERT ON movement``) that aborts unless every condition holds.

    A condition that is NULL does not hold: unknown is never allowed.
    """
    return {f"guard_{name}": Trigger(f"guard_{name}", event, tuple(conditions), when)}


def refuse(name: str, event: str, code: str, sentence: str, when: str = "") -> Triggers:
    """A trigger that aborts whatever reaches it."""
    return trigger(name, event, [must("FALSE", code, sentence)], when)


def no_replacing(table: str, *keys: str) -> Condition:
    """Nothing stored has one of these keys (``'source_id, reference'``) in common with the new row.

    INSERT OR REPLACE deletes what stands in its way without firing a delete trigger (unless the connection
    asked for recursive triggers), so the way must be seen to be free before the row goes in.
    """
    taken = " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} AS o WHERE "
        + " AND ".join(f"o.{column} = NEW.{column}" for column in key.replace(" ", "").split(","))
        + ")"
        for key in keys
    )
    return must(f"NOT ({taken})", "append-only", f"this {table.replace('_', ' ')} exists already")


def whole(*columns: str) -> Condition:
    """These columns hold whole numbers: a text or a fraction would slip through every comparison."""
    sql = " AND ".join(f"typeof(NEW.{column}) = 'integer'" for column in columns)
    return Condition(sql, "not-a-whole-number", "whole numbers are stored here", typed=True)


def not_back_dated(column: str) -> Condition:
    """The instant is not earlier than what the audit trail saw last: no record slips into yesterday. On a
    server, where others write meanwhile, not earlier than its own transaction either way."""
    last = "COALESCE((SELECT t.at FROM audit_entry AS t ORDER BY t.seq DESC LIMIT 1), 0)"
    return Condition(
        f"NEW.{column} >= {last}",
        "back-dated",
        "this is dated before what was done last",
        server=f"NEW.{column} >= earliest()",
    )


def append_only(table: str, *keys: str, conditions: Iterable[Condition] = ()) -> Triggers:
    """Rows of ``table`` go in under ``conditions`` and then neither change nor leave."""
    thing = table.replace("_", " ")
    free = [no_replacing(table, *(key for key in keys if key != "rowid"))]
    if "rowid" in keys:  # SQLite's own key of a row; PostgreSQL has no such way in
        free.append(no_replacing(table, "rowid")._replace(typed=True))
    return (
        trigger(f"{table}_insert", f"BEFORE INSERT ON {table}", [*free, *conditions])
        | refuse(f"{table}_update", f"BEFORE UPDATE ON {table}", "append-only", f"a {thing} never changes")
        | refuse(f"{table}_delete", f"BEFORE DELETE ON {table}", "append-only", f"a {thing} is never deleted")
    )


def kept(table: str, code: str, *columns: str) -> Triggers:
    """The columns of a stored row never change and the row is never deleted."""
    same = " AND ".join(f"NEW.{column} IS NOT DISTINCT FROM OLD.{column}" for column in columns)
    thing = table.replace("_", " ")
    return trigger(
        f"{table}_identity",
        f"BEFORE UPDATE ON {table}",
        [must(same, code, f"what a {thing} is never changes")],
    ) | refuse(f"{table}_delete", f"BEFORE DELETE ON {table}", "append-only", f"a {thing} is never deleted")


def one_of(*words: str) -> str:
    """An SQL list of texts."""
    return "(" + ", ".join(f"'{quoted(word)}'" for word in words) + ")"


def quoted(text: str) -> str:
    """The text inside an SQL literal."""
    return text.replace("'", "''")
