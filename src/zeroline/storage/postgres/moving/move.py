"""The course of a move, from the first look to the last entry.

It is resumed by doing it again: what arrived is known on the server (:mod:`marker`), and as long as it is
not finished nobody opens that database. The file is read in one state and never written to.
"""

from __future__ import annotations

import json
from typing import Any

from zeroline.domain.audit import verify
from zeroline.domain.errors import DomainError, Trouble
from zeroline.domain.views.moving import Moved, Planned, Watch
from zeroline.storage import audit_trail, migrate
from zeroline.storage.driver import Texts
from zeroline.storage.engine import Database, translated
from zeroline.storage.postgres import setting_up, soundness
from zeroline.storage.postgres.access import OWNER
from zeroline.storage.postgres.functions import SCHEMA
from zeroline.storage.postgres.moving import copying, logins, marker, origin
from zeroline.storage.postgres.moving.comparing import compare
from zeroline.storage.postgres.moving.marker import Marker
from zeroline.storage.postgres.moving.table import CARRIED, ROWS
from zeroline.storage.postgres.moving.unguarded import triggers, unguarded
from zeroline.storage.schema import metadata
from zeroline.storage.unit_of_work import UnitOfWork

_ACTION = "database moved"
_SEEDED = {
    "audit_entry": "person_id = 0 AND action IN ('database created', 'database upgraded', 'guards restored',"
    " 'schema changed')",
    "ledger_state": "TRUE",
    "policy_version": "person_id = 0",
    "presence": "TRUE",
    "source": f"code = '{migrate.OWN_SOURCE}'",
}
"""What a database holds that nobody has worked in, by table."""

_RIGHTS = f"""
SELECT is_program() AND pg_has_role(session_user, '{OWNER}', 'MEMBER')
  AND ((SELECT rolsuper FROM pg_roles WHERE rolname = session_user)
       OR NOT EXISTS (SELECT 1 FROM pg_event_trigger WHERE evtname LIKE 'zeroline%'))
"""


def plan(source: Database, target: Database, *, same_people: bool = False) -> Planned:
    """What a move would do; nothing is written. Raises as :func:`move` before it writes."""
    with translated(), source.read_plain() as here:
        people = origin.people(here)
        begun = _look(target, source, here) is not None
    with translated(), target.engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        wrong = logins.problems(raw, people, same_people)
    administrators = tuple(login for _, login, role in people if role == "administrator")
    return Planned(administrators, wrong, begun)


def move(
    source: Database,
    target: Database,
    watch: Watch,
    *,
    administrator: str,
    verifier: str,
    same_people: bool = False,
    beside_others: bool = False,
    rows: int = ROWS,
) -> Moved:
    """Carry everything of the file over and compare; go on with what an earlier try left.

    ``administrator`` gets a password, as its ``verifier``. The result says where the two sides differ: then
    the move is not finished, and the server's database stays shut.

    Raises DomainError ``move-done``, ``move-done-before``, ``move-of-another``, ``move-target-used``
    (tables), ``move-source-changed``, ``move-source-broken``, ``move-source-guards``, ``move-rights``,
    ``move-unfit``, ``move-refused``, ``move-guards`` (guards) and as :func:`logins.problems`; Cancelled;
    Trouble of either side, and as ``setting_up.set_up``.
    """
    with translated(), source.read_plain() as here:
        head, people, sizes = origin.head(here), origin.people(here), origin.sizes(here)
        begun = _look(target, source, here)
        with target.engine.connect() as connection:
            for wrong in logins.problems(connection.connection.driver_connection, people, same_people):
                raise wrong
        origin.check_whole(source, here, watch)
        if begun is None:
            _set_up(target, beside_others)
            _check_rights(target)
            _begin(target, head)
        while copying.step(here, target, sizes, rows, watch):
            origin.check_unchanged(source, head)
        return _finish(source, here, target, sum(sizes.values()), watch, people, administrator, verifier)


def _look(target: Database, source: Database, here: Texts) -> Marker | None:
    """How far a move of the file into the server's database is; None where it has not begun."""
    head = origin.head(here)
    with target.engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        found = marker.read(raw)
        if found is not None:
            if not origin.stands(here, found.head):
                raise DomainError("move-of-another", name=target.name)
            if found.head != head:
                raise DomainError("move-source-changed", path=source.name)
            return found
        there = {
            name
            for (name,) in raw.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = %s", (SCHEMA,)
            ).fetchall()
        }
        if not there:
            return None
        if "alembic_version" not in there:
            raise Trouble("database-foreign")
        migrate.judge([row[0] for row in raw.execute("SELECT version_num FROM alembic_version").fetchall()])
        last = raw.execute(
            "SELECT facts FROM audit_entry WHERE action = %s ORDER BY seq DESC LIMIT 1", (_ACTION,)
        ).fetchone()
        moved = "" if last is None else str(json.loads(last[0]).get("head"))
        if moved == head:
            raise DomainError("move-done", name=target.name)
        if moved and origin.stands(here, moved):
            raise DomainError("move-done-before", name=target.name)
        used = [name for name in sorted(there & metadata.tables.keys()) if _used(raw, name)]
        if used:
            raise DomainError("move-target-used", name=target.name, tables=tuple(used))
    return None


def _used(raw: Any, table: str) -> bool:
    seeded = f" WHERE NOT ({_SEEDED[table]})" if table in _SEEDED else ""
    (used,) = raw.execute(f'SELECT EXISTS (SELECT 1 FROM "{table}"{seeded})').fetchone()
    return bool(used)


def _set_up(target: Database, beside_others: bool) -> None:
    """Set up what is not, or not as it should be."""
    try:
        setting_up.check(target)
    except Trouble as trouble:
        if trouble.code not in ("database-not-set-up", "schema-older", "guards-missing"):
            raise
        setting_up.set_up(target, beside_others=beside_others)


def _check_rights(target: Database) -> None:
    with target.engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        if not raw.execute(_RIGHTS).fetchone()[0]:
            raise DomainError("move-rights")


def _begin(target: Database, head: str) -> None:
    """What setting up put into the tables makes room, and from here on nobody opens the database."""
    with setting_up.alone(target) as connection:
        raw: Any = connection.connection.driver_connection
        seq, digest = audit_trail.head(connection)
        started = Marker(head, f"{seq}:{digest}", triggers(raw))
        with unguarded(raw, *_SEEDED):
            for table, seeded in _SEEDED.items():
                raw.execute(f'DELETE FROM "{table}" WHERE {seeded}')
            marker.create(raw, started)
        if any(_used(raw, table) for table in metadata.tables):
            raise DomainError("move-target-used", name=target.name, tables=())


def _finish(
    source: Database,
    here: Texts,
    target: Database,
    of: int,
    watch: Watch,
    people: tuple[logins.Who, ...],
    administrator: str,
    verifier: str,
) -> Moved:
    """Compare, make logins, say in the trail what was done, and open the database: all of it or nothing."""
    head = origin.head(here)
    with target.write() as work:
        raw: Any = work.connection.connection.driver_connection
        state = marker.read(raw)
        if state is None:
            raise DomainError("move-done", name=target.name)
        found = Moved(compare(here, raw, of, watch), head)
        origin.check_unchanged(source, head)
        if not found.finished:
            return found
        watch(of, of, "finish", "")
        with unguarded(raw):
            _set_sequences(raw)
            marker.remove(raw)
        waiting, kept = logins.make(work, raw, people, administrator, verifier)
        work.audit(
            _ACTION, "database", database=source.name, head=head, replaced=state.replaced, rows=found.rows
        )
        _check_sound(work, raw, state, head)
        work.changed(everything=True)
        work.commit()
    return found._replace(waiting=waiting, kept=kept)


def _check_sound(work: UnitOfWork, raw: Any, state: Marker, head: str) -> None:
    """The trail goes on behind the head of the file, and everything guards itself as before."""
    wrong = list(soundness.missing(work.connection))
    now = {" ".join(one) for one in triggers(raw)}
    wrong += sorted(now ^ {" ".join(one) for one in state.triggers})
    if wrong:
        raise DomainError("move-guards", guards=tuple(wrong))
    verdict = verify(audit_trail.every(work.connection), head)
    if verdict.fault:
        raise DomainError("audit-chain")


def _set_sequences(raw: Any) -> None:
    """New rows are numbered behind those that came."""
    for table in CARRIED:
        if len(table.key) != 1:
            continue
        column = table.columns[table.key[0]]
        (name,) = raw.execute("SELECT pg_get_serial_sequence(%s, %s)", (f'"{table.name}"', column)).fetchone()
        if name is not None:
            raw.execute(
                f'SELECT setval(%s::regclass, COALESCE((SELECT MAX("{column}") FROM "{table.name}"), 1),'
                f' EXISTS (SELECT 1 FROM "{table.name}"))',
                (name,),
            )
