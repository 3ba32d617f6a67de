"""Backups of a server's database: proven without a server, put back only as a new database, with logins."""

from __future__ import annotations

import json
import os
import shutil
import stat
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from support.colleagues import Colleagues
from support.postgres import Server
from support.warehouse import SECRET, Served, SettableClock, Warehouse
from zeroline.domain.backup import Logins, Proven
from zeroline.domain.errors import Cancelled, DomainError, Trouble
from zeroline.domain.person import PROGRAM
from zeroline.services.auditing import Auditing
from zeroline.services.safekeeping import Safekeeping, check, kind_of, restore
from zeroline.services.workbench import Workbench
from zeroline.storage import audit_trail
from zeroline.storage.engine import Database

ODD = ("\t\n\r", "\\N", "\\.", "\\\\t", "\b\f\v\x01\x1f\x7f", "\"'", "😀 \u2028", "\\x41\\101")
"""Texts that PostgreSQL's way of writing rows out has signs of its own for."""

STAFF = (
    *("administrator", "auditor", "counter", "manager", "other_administrator", "other_counter"),
    *("other_manager", "other_supervisor", "supervisor"),
)


def quiet(_done: int, _of: int, _step: str) -> None:
    """Nobody looks."""


@pytest.fixture(autouse=True)
def _programs(postgres_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZEROLINE_PG_BIN", str(postgres_server.bin))


@pytest.fixture
def keeper(colleagues: Colleagues) -> Iterator[Database]:
    """The database as whoever looks after the server opens it."""
    colleagues.warehouse.move("ITEM-1", "A-01", "5")
    colleagues.warehouse.move("ITEM\t\\2\n", "A-01", "-6.000001")
    opened = Database(colleagues.server.url(colleagues.name), colleagues.warehouse.clock)
    yield opened
    opened.dispose()


@pytest.fixture(scope="module")
def packed(
    served: Served, _with_logins: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, str]]:
    """A backup of a warehouse with two movements, not to be changed, and the name of what it is of."""
    path, clock = tmp_path_factory.mktemp("packed") / "one.zeroline-backup", SettableClock()
    for opened in served.opened(_with_logins, clock):
        warehouse = Warehouse(opened, clock, served.staff, path)
        warehouse.move("ITEM-1", "A-01", "5")
        warehouse.move("ITEM\t\\2\n", "A-01", "-6.000001")
        with opened.write() as work:
            for odd in ODD:
                work.audit(odd, f"{odd} é", odd=odd)
            work.changed(everything=True)
            work.commit()
        owner = Database(served.owner(opened), clock)
        with pytest.MonkeyPatch.context() as patched:
            patched.setenv("ZEROLINE_PG_BIN", str(served.server.bin))
            backed_up(owner, path)
        owner.dispose()
        assert opened.server is not None
        yield path, str(opened.server.url.database)


@pytest.fixture
def backup(packed: tuple[Path, str], tmp_path: Path) -> Path:
    """A copy of that backup, alone in its folder."""
    (tmp_path / "backups").mkdir()
    return Path(shutil.copyfile(packed[0], tmp_path / "backups" / "one.zeroline-backup"))


@pytest.fixture
def new(postgres_server: Server, tmp_path: Path) -> Iterator[str]:
    """The name of a database that is not there yet."""
    name = f"new {os.getpid()} {tmp_path.name[-40:]}"
    yield name
    postgres_server.drop(name)


def backed_up(database: Database, to: Path, watch: Any = quiet) -> Proven:
    proven, _ = Safekeeping(database).back_up(PROGRAM, to, watch)
    return proven


def names(server: Server) -> list[str]:
    with server.admin() as admin:
        return sorted(row[0] for row in admin.execute("SELECT datname FROM pg_database"))


def rewritten(backup: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The backup with other members."""
    with zipfile.ZipFile(backup) as package:
        members = {name: package.read(name) for name in package.namelist()}
    change(members)
    with zipfile.ZipFile(backup, "w") as package:
        for name, content in members.items():
            package.writestr(name, content)
    return backup


def told(**facts: object) -> Callable[[dict[str, bytes]], None]:
    """Another manifest."""

    def change(members: dict[str, bytes]) -> None:
        members["manifest.json"] = json.dumps(json.loads(members["manifest.json"]) | facts).encode()

    return change


def test_a_restored_database_proves_the_head_and_guards_itself(
    keeper: Database, colleagues: Colleagues, new: str, tmp_path: Path
) -> None:
    head = Auditing(keeper).head()
    made = backed_up(keeper, tmp_path / "b.zeroline-backup")
    server = colleagues.server
    restored = restore(tmp_path / "b.zeroline-backup", server.url(new), keeper.clock, quiet, made.head)
    assert made.head == restored.head == f"{head[0]}:{head[1]}"
    assert made.logins == Logins(made=STAFF)
    assert restored.logins == Logins(left=STAFF)
    assert restored.file == f"postgresql://{server.host}:{server.port}/{new}"
    services = Workbench(server.url(new), keeper.clock)
    services.prepare()
    assert services.auditing.head() == head
    assert not services.auditing.verify(made.head).fault
    assert services.auditing.missing_guards() == ()
    assert services.auditing.kept_wrongly() == ()
    services.dispose()
    person = Workbench(server.url(new, "counter", SECRET), keeper.clock)
    person.prepare()
    assert person.people.connected().login == "counter"
    with pytest.raises(DomainError, match="not-allowed"), person.database.read() as connection:
        connection.exec_driver_sql("SELECT * FROM balance")
    person.dispose()
    with server.admin(new) as admin, pytest.raises(psycopg.errors.RaiseException, match="append-only"):
        admin.execute("DELETE FROM zeroline.movement")


def test_the_head_of_a_backup_stands_in_the_trail_of_its_source(keeper: Database, tmp_path: Path) -> None:
    backup = tmp_path / "one.zeroline-backup"
    backed_up(keeper, backup)
    proven = check(backup, quiet)
    auditing = Auditing(keeper)
    assert not auditing.verify(proven.head).fault
    keeping = Safekeeping(keeper)
    (kept,) = keeping.latest(PROGRAM)
    assert (kept.seq, kept.file, kept.head) == (auditing.head()[0], str(backup), proven.head)
    facts = json.loads(auditing.latest(1)[0].facts)
    assert (facts["sha256"], facts["roles"]) == (proven.manifest.sha256, proven.manifest.roles)
    assert kind_of(backup) == "postgresql"
    assert keeping.on_server
    assert keeping.beside == f"{keeper.address}_restored"


def test_another_server_gets_the_logins_with_their_passwords(
    backup: Path, clock: SettableClock, own_postgres_server: Server
) -> None:
    other = own_postgres_server
    with other.admin() as admin:
        admin.execute("CREATE ROLE auditor LOGIN PASSWORD 'of somebody else'")

    def taken(_done: int, _of: int, step: str) -> None:
        if step == "compare" and "other" not in names(other):
            other.create("other")

    with pytest.raises(DomainError, match="database-taken"):
        restore(backup, other.url("other"), clock, taken)
    with other.admin() as admin:  # logins of a database that did not come about are gone again
        assert admin.execute("SELECT count(*) FROM pg_roles WHERE rolcanlogin").fetchone() == (2,)
    restored = restore(backup, other.url("stock"), clock, quiet)
    assert restored.logins == Logins(
        made=tuple(login for login in STAFF if login != "auditor"), strangers=("auditor",)
    )
    person = Workbench(other.url("stock", "manager", SECRET), clock)
    person.prepare()
    assert person.people.connected().login == "manager"
    person.dispose()
    with pytest.raises(DomainError, match="database-taken"):
        restore(backup, other.url("stock"), clock, quiet)


def test_a_login_without_proof_or_without_leave_cannot_sign_in(
    backup: Path, clock: SettableClock, own_postgres_server: Server
) -> None:
    def change(members: dict[str, bytes]) -> None:
        import hashlib

        roles = json.loads(members["roles.json"])
        for one in roles["logins"]:
            one["verifier"] = "" if one["login"] == "manager" else one["verifier"]
            one["until"] = "2020-01-01 00:00:00+00" if one["login"] == "counter" else ""
        members["roles.json"] = json.dumps(roles).encode()
        told(roles=hashlib.sha256(members["roles.json"]).hexdigest())(members)

    restored = restore(rewritten(backup, change), own_postgres_server.url("stock"), clock, quiet)
    assert restored.logins is not None
    assert restored.logins.silent == ("manager",)
    for login in ("manager", "counter"):
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(
                host=own_postgres_server.host,
                port=own_postgres_server.port,
                user=login,
                password=SECRET,
                dbname="stock",
            )


def test_who_does_not_see_all_rows_makes_no_backup(colleagues: Colleagues, tmp_path: Path) -> None:
    own = Database(colleagues.url("administrator"), colleagues.warehouse.clock)
    keeping, who = Safekeeping(own), colleagues.staff.administrator
    with pytest.raises(DomainError) as refused:
        keeping.back_up(who, tmp_path / "b", quiet)
    assert (refused.value.code, refused.value.fields) == ("backup-rows-hidden", {"login": "administrator"})
    assert list(tmp_path.iterdir()) == []
    by = (colleagues.server.superuser, colleagues.server.password)
    proven, _ = keeping.back_up(who, tmp_path / "b", quiet, by)
    assert proven.manifest.made_by == "administrator"
    assert colleagues.trail()[-1][:3] == (who.id, "database backed up", "database")
    own.dispose()


def test_an_owner_who_may_not_read_proofs_leaves_them_out_and_says_so(
    colleagues: Colleagues, tmp_path: Path
) -> None:
    with colleagues.owner():
        own = Database(colleagues.url("administrator"), colleagues.warehouse.clock)
        made, _ = Safekeeping(own).back_up(
            colleagues.staff.administrator, tmp_path / "b", quiet, ("landlord", "landlord")
        )
        own.dispose()
    assert made.logins == Logins(made=STAFF, silent=STAFF)
    assert b"SCRAM-SHA-256$4096" not in (tmp_path / "b").read_bytes()


def test_nothing_is_restored_over_a_database_that_is_there(
    backup: Path, packed: tuple[Path, str], clock: SettableClock, postgres_server: Server
) -> None:
    before, open_now = names(postgres_server), Database(postgres_server.url(packed[1]), clock)
    head = Auditing(open_now).head()
    with pytest.raises(DomainError) as refused:
        restore(backup, open_now.url, clock, quiet)
    assert (refused.value.code, refused.value.fields) == ("database-taken", {"name": packed[1]})
    assert (names(postgres_server), Auditing(open_now).head()) == (before, head)
    open_now.dispose()


def test_a_name_that_is_taken_meanwhile_is_not_taken_over(
    backup: Path, clock: SettableClock, postgres_server: Server, new: str
) -> None:
    def another(_done: int, _of: int, step: str) -> None:
        if step == "compare" and new not in names(postgres_server):
            postgres_server.create(new)

    with pytest.raises(DomainError, match="database-taken"):
        restore(backup, postgres_server.url(new), clock, another)
    assert not [name for name in names(postgres_server) if name.startswith("zeroline_restoring")]
    with postgres_server.admin(new) as admin:
        assert admin.execute("SELECT to_regnamespace('zeroline')").fetchone() == (None,)


@pytest.mark.parametrize("at", ["unpack", "check", "fill", "compare"])
def test_a_restore_that_is_stopped_leaves_nothing(
    backup: Path, clock: SettableClock, postgres_server: Server, new: str, at: str
) -> None:
    before, steps = names(postgres_server), []

    def stop(_done: int, _of: int, step: str) -> None:
        steps.append(step)
        if step == at:
            raise Cancelled

    with pytest.raises(Cancelled):
        restore(backup, postgres_server.url(new), clock, stop)
    assert steps[-1] == at
    assert names(postgres_server) == before
    assert list(backup.parent.iterdir()) == [backup]


@pytest.mark.parametrize("at", ["copy", "check", "pack", "prove"])
def test_a_backup_that_is_stopped_leaves_nothing(keeper: Database, tmp_path: Path, at: str) -> None:
    head = Auditing(keeper).head()

    def stop(_done: int, _of: int, step: str) -> None:
        if step == at:
            raise Cancelled

    with pytest.raises(Cancelled):
        backed_up(keeper, tmp_path / "b", stop)
    assert list(tmp_path.iterdir()) == []
    assert Auditing(keeper).head() == head


def test_others_write_while_a_backup_is_made(
    keeper: Database, colleagues: Colleagues, tmp_path: Path
) -> None:
    wrote: list[str] = []

    def write(_done: int, _of: int, step: str) -> None:
        if step not in wrote:
            wrote.append(step)
            colleagues.warehouse.move("ITEM-1", "A-01", "1")

    made = backed_up(keeper, tmp_path / "b", write)
    assert check(tmp_path / "b", quiet) == made
    assert wrote == ["copy", "check", "pack", "prove"]
    assert not Auditing(keeper).verify(made.head).fault


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (told(head="0" * 64), "backup-head"),
        (told(movements=9), "backup-unsound"),
        (told(moved=9), "backup-unsound"),
        (told(roles="0" * 64), "backup-altered"),
        (told(kind="oracle"), "backup-newer"),
        (lambda members: members.update({"roles.json": b"{}"}), "backup-altered"),
        (lambda members: members.pop("roles.json"), "backup-altered"),
        (lambda members: members.update(data=members["data"][:-9]), "backup-altered"),
        (told(sha256="", size=0), "backup-altered"),
    ],
)
def test_what_was_altered_is_refused(
    backup: Path, clock: SettableClock, postgres_server: Server, change: Any, code: str
) -> None:
    before = names(postgres_server)
    rewritten(backup, change)
    with pytest.raises(DomainError, match=code):
        check(backup, quiet)
    with pytest.raises(DomainError, match=code):
        restore(backup, postgres_server.url("never"), clock, quiet)
    assert names(postgres_server) == before


@pytest.mark.parametrize("kept", [40, 4000, -40])
def test_a_dump_that_is_none_is_unsound(backup: Path, kept: int) -> None:
    def cut(members: dict[str, bytes]) -> None:
        import hashlib

        data = members["data"] = members["data"][:kept]
        told(sha256=hashlib.sha256(data).hexdigest(), size=len(data))(members)

    with pytest.raises(DomainError, match="backup-unsound"):
        check(rewritten(backup, cut), quiet)


def test_a_head_from_paper_is_looked_for(backup: Path) -> None:
    assert check(backup, quiet, check(backup, quiet).head)
    with pytest.raises(DomainError, match="backup-head-missing"):
        check(backup, quiet, "1:" + "a" * 64)


def test_a_servers_backup_is_not_put_into_a_file(backup: Path, clock: SettableClock) -> None:
    with pytest.raises(DomainError, match="backup-of-server"):
        restore(backup, f"sqlite:///{backup.with_name('new.db')}", clock, quiet)
    assert list(backup.parent.iterdir()) == [backup]


def test_a_broken_trail_is_not_backed_up(keeper: Database, colleagues: Colleagues, tmp_path: Path) -> None:
    with colleagues.server.admin(colleagues.name) as admin:
        admin.execute("DROP TRIGGER guard_audit_entry_update ON zeroline.audit_entry")
        admin.execute("UPDATE zeroline.audit_entry SET subject = 'x' WHERE seq = 2")
    with pytest.raises(DomainError) as refused:
        backed_up(keeper, tmp_path / "b")
    assert (refused.value.code, refused.value.fields["seq"]) == ("backup-source-broken", 2)


def test_without_the_programs_it_is_said_which_are_missing(
    backup: Path, keeper: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZEROLINE_PG_BIN", str(tmp_path))
    for name, work in (
        ("pg_dump", lambda: backed_up(keeper, tmp_path / "b")),
        ("pg_restore", lambda: check(backup, quiet)),
    ):
        with pytest.raises(Trouble) as missing:
            work()
        assert (missing.value.code, missing.value.fields["program"]) == ("program-missing", name)
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.2'\n")
    old.chmod(0o755)
    with pytest.raises(Trouble) as too_old:
        backed_up(keeper, tmp_path / "b")
    assert (too_old.value.code, too_old.value.fields["found"]) == ("program-too-old", 9)


@pytest.fixture
def failing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """PostgreSQL's programs do something else as soon as an argument is among theirs."""

    def fail(argument: str, instead: str) -> None:
        real, folder = Path(os.environ["ZEROLINE_PG_BIN"]), tmp_path / "failing"
        folder.mkdir()
        for name in ("pg_dump", "pg_restore"):
            (folder / name).write_text(
                f'#!/bin/sh\ncase "$*" in *{argument}*) {instead.format(name=name, real=real)};; esac\n'
                f'exec {real}/{name} "$@"\n'
            )
            (folder / name).chmod(0o755)
        monkeypatch.setenv("ZEROLINE_PG_BIN", str(folder))

    return fail


def test_a_program_that_fails_is_told_in_its_words_and_leaves_nothing(
    backup: Path,
    keeper: Database,
    colleagues: Colleagues,
    failing: Callable[[str, str], None],
    tmp_path: Path,
) -> None:
    # copying and filling, not the reading back
    failing("--verbose", 'echo "{name}: error: could not write: disk full" >&2; exit 1')
    before = names(colleagues.server)
    for name, work in (
        ("pg_dump", lambda: backed_up(keeper, tmp_path / "b")),
        ("pg_restore", lambda: restore(backup, colleagues.server.url("never"), keeper.clock, quiet)),
    ):
        with pytest.raises(Trouble) as failed:
            work()
        assert failed.value.code == "program-failed"
        detail = "error: could not write: disk full"
        assert failed.value.fields == {"program": name, "detail": detail}
    assert names(colleagues.server) == before
    assert not (tmp_path / "b").exists()
    assert list(backup.parent.iterdir()) == [backup]


def test_what_a_server_made_of_a_backup_is_compared_before_it_gets_its_name(
    backup: Path, postgres_server: Server, clock: SettableClock, failing: Callable[[str, str], None], new: str
) -> None:
    failing("--role", 'exec {real}/{name} --schema-only "$@"')
    before = names(postgres_server)
    with pytest.raises(DomainError, match="backup-differs"):
        restore(backup, postgres_server.url(new), clock, quiet)
    assert names(postgres_server) == before


def test_a_login_for_restoring_may_be_given_beside_the_address(
    backup: Path, postgres_server: Server, clock: SettableClock, new: str
) -> None:
    with pytest.raises(DomainError, match="sign-in-refused"):
        restore(backup, postgres_server.url(new, ""), clock, quiet, by=("postgres", "wrong"))
    by = (postgres_server.superuser, postgres_server.password)
    restored = restore(backup, postgres_server.url(new, ""), clock, quiet, by=by)
    opened = Database(postgres_server.url(new), clock)
    with opened.read() as connection:
        chain = list(audit_trail.every(connection))
    assert [entry.action for entry in chain][-len(ODD) :] == list(ODD)
    assert (chain[-1].seq, chain[-1].hash) == (restored.manifest.head_seq, restored.manifest.head)
    opened.dispose()


def test_a_name_that_is_too_long_for_a_server_is_refused(
    backup: Path, postgres_server: Server, clock: SettableClock
) -> None:
    with pytest.raises(Trouble, match="database-url"):
        restore(backup, postgres_server.url("x" * 64), clock, quiet)


def test_roles_that_are_none_are_foreign_and_what_is_no_backup_has_no_kind(backup: Path) -> None:
    def change(members: dict[str, bytes]) -> None:
        import hashlib

        members["roles.json"] = b"{}"
        told(roles=hashlib.sha256(b"{}").hexdigest())(members)

    with pytest.raises(DomainError, match="backup-foreign"):
        check(rewritten(backup, change), quiet)
    backup.write_bytes(b"")
    assert kind_of(backup) == ""


def test_no_password_is_among_a_programs_arguments_and_its_file_is_for_nobody_else(
    keeper: Database, colleagues: Colleagues, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (bin := tmp_path / "bin").mkdir()
    real = Path(os.environ["ZEROLINE_PG_BIN"])
    for name in ("pg_dump", "pg_restore"):
        (bin / name).write_text(
            f'#!/bin/sh\nfor word in "$@"; do echo "$word" >> {tmp_path}/said; done\n'
            f"env >> {tmp_path}/said\n"
            f"way=$(echo \"$*\" | sed -n 's/.*passfile=\\([^ ]*\\).*/\\1/p')\n"
            f'[ -z "$way" ] || stat -c %a "$way" >> {tmp_path}/modes\n'
            f'exec {real}/{name} "$@"\n'
        )
        (bin / name).chmod(0o755)
    monkeypatch.setenv("ZEROLINE_PG_BIN", str(bin))
    backed_up(keeper, tmp_path / "b")
    said = (tmp_path / "said").read_text()
    assert colleagues.name in said
    assert colleagues.server.password not in said
    assert set((tmp_path / "modes").read_text().split()) == {"600"}
    assert stat.S_IMODE((tmp_path / "b").stat().st_mode) == 0o600


def test_who_is_no_superuser_but_may_make_roles_sets_up_backs_up_and_restores(
    own_postgres_server: Server, clock: SettableClock, tmp_path: Path
) -> None:
    server = own_postgres_server
    with server.admin() as admin:
        admin.execute("CREATE ROLE dba LOGIN PASSWORD 'dba' CREATEROLE CREATEDB")
        admin.execute("CREATE DATABASE stock OWNER dba")
    services = Workbench(server.url("stock", "dba", "dba"), clock)
    if server.version > 15:  # from then on only a superuser hands on the right to end others' sessions
        with pytest.raises(DomainError, match="not-allowed"):
            services.set_up()
        services.dispose()
        return
    services.set_up()
    services.first_administrator("first", "First", SECRET)
    proven, _ = services.safekeeping.back_up(services.actor(), tmp_path / "b", quiet)
    services.dispose()
    assert proven.logins == Logins(made=("first",), silent=("first",))
    restored = restore(tmp_path / "b", server.url("new", "dba", "dba"), clock, quiet, proven.head)
    assert restored.logins == Logins(left=("first",))
    person = Workbench(server.url("new", "first", SECRET), clock)
    person.prepare()
    assert person.people.connected().login == "first"
    person.dispose()
