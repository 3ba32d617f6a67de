"""The guards of ``storage.guard`` in PostgreSQL: one function and one trigger each, for the owner too.

A guard runs as the owner of the tables: what it looks for must not be hidden from it by row security. Its
trigger is ENABLE ALWAYS, so that no session setting switches it off.
"""

from __future__ import annotations

import re

from sqlalchemy import Connection

from zeroline.storage.guard import TRIGGERS
from zeroline.storage.guard.trigger import Trigger, quoted
from zeroline.storage.postgres.functions import SCHEMA

_EVENT = re.compile(
    r"(?P<when>BEFORE|AFTER) (?P<what>INSERT|UPDATE|DELETE)(?P<columns> OF [\w, ]+)? ON (?P<table>\w+)"
)


def scripts() -> dict[str, str]:
    """For each guard by name the statements that put it in place, whatever was there."""
    made = {name: _script(trigger) for name, trigger in TRIGGERS.items()}
    return made | {f"guard_{table}_truncate": _no_truncate(table) for table in _guarded()}


def body(trigger: Trigger) -> str:
    """The text between BEGIN and END of a guard's function."""
    found = _EVENT.fullmatch(trigger.event)
    assert found is not None, trigger.event
    row = "OLD" if found["what"] == "DELETE" else "NEW"
    lines = []
    if trigger.when:
        lines.append(f"  IF ({trigger.when}) IS NOT TRUE THEN RETURN {row}; END IF;")
    lines += [
        f"  IF ({server or sql}) IS NOT TRUE THEN"
        f" RAISE EXCEPTION 'zeroline:{code}: {quoted(sentence)}'; END IF;"
        for sql, code, sentence, typed, server in trigger.conditions
        if not typed
    ]
    return "\n".join(["BEGIN", *lines, f"  RETURN {row};", "END"])


def missing(connection: Connection) -> tuple[str, ...]:
    """Guards that are not there or not as they should be, and triggers of ours that nobody knows."""
    rows = connection.exec_driver_sql(
        "SELECT t.tgname, t.tgenabled, p.prosrc, p.prosecdef FROM pg_trigger AS t"
        " JOIN pg_class AS c ON c.oid = t.tgrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace"
        " JOIN pg_proc AS p ON p.oid = t.tgfoid WHERE n.nspname = ? AND NOT t.tgisinternal",
        (SCHEMA,),
    )
    there = {row[0]: (row[1], row[2].strip(), row[3]) for row in rows if row[0].startswith("guard_")}
    wanted = {name: ("A", body(trigger), True) for name, trigger in TRIGGERS.items()}
    wanted |= {f"guard_{table}_truncate": ("A", _REFUSED, True) for table in _guarded()}
    return tuple(sorted(name for name in wanted | there if wanted.get(name) != there.get(name)))


def _script(trigger: Trigger) -> str:
    found = _EVENT.fullmatch(trigger.event)
    assert found is not None, trigger.event
    # A row that was put in is seen by the next one of the same statement: asked before, each is in order.
    event = f"BEFORE {found['what']}{found['columns'] or ''} ON {found['table']}"
    return (
        f"CREATE OR REPLACE FUNCTION {trigger.name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
        f" SET search_path = {SCHEMA}, pg_temp{_BY_INDEX} AS $guard$\n{body(trigger)}\n$guard$;\n"
        f"CREATE OR REPLACE TRIGGER {trigger.name} {event} FOR EACH ROW EXECUTE FUNCTION {trigger.name}();\n"
        f"ALTER TABLE {found['table']} ENABLE ALWAYS TRIGGER {trigger.name};\n"
    )


_BY_INDEX = " SET enable_seqscan = off SET jit = off"
"""A guard plans once a session, maybe while its table is empty, and keeps the plan while an import fills it:
the plan must not read the whole table for each row. Where it has to, the price it is given for that makes the
server compile the plan to machine code, which takes a quarter of a second for a question of microseconds."""

_REFUSED = "BEGIN RAISE EXCEPTION 'zeroline:append-only: what is recorded is never deleted'; END"


def _guarded() -> tuple[str, ...]:
    """Every table with a guard: none of them is emptied."""
    tables = {match["table"] for t in TRIGGERS.values() if (match := _EVENT.fullmatch(t.event))}
    return tuple(sorted(tables))


def _no_truncate(table: str) -> str:
    name = f"guard_{table}_truncate"
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
        f" SET search_path = {SCHEMA}, pg_temp AS $guard$\n{_REFUSED}\n$guard$;\n"
        f"CREATE OR REPLACE TRIGGER {name} BEFORE TRUNCATE ON {table} EXECUTE FUNCTION {name}();\n"
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name};\n"
    )
