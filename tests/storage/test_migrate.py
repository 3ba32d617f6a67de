"""Creating and upgrading a database in process."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, select

from support.initial_migration import differences
from support.warehouse import SettableClock, Warehouse, open_database
from zeroline.domain.errors import Trouble
from zeroline.domain.policy import DEFAULT
from zeroline.storage import audit_trail, guard, migrate, policies, schema
from zeroline.storage.driver import PAGE
from zeroline.storage.engine import Database

AHEAD = """
from alembic import op
import sqlalchemy as sa

revision = "{after}"
down_revision = "{before}"


def upgrade():
    op.add_column("setting", sa.Column("note", sa.String, server_default=""))
    op.execute("INSERT INTO setting (key, value, note) VALUES ('upgraded', 'yes', 'by test')")
    {last}
"""

HEAD = migrate.revisions()[-1]
NEXT = f"{int(HEAD) + 1:04d}"


def ahead(last: str = "") -> str:
    """The script of a revision after the newest one."""
    return AHEAD.format(after=NEXT, before=HEAD, last=last)


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A program one revision ahead: its scripts in a folder that the migration reads."""
    scripts = tmp_path / "scripts"
    (scripts / "versions").mkdir(parents=True)
    shipped = Path(migrate.__file__).with_name("migrations")
    for file in (shipped / "env.py", *(shipped / "versions").glob("*.py")):
        target = scripts / file.relative_to(shipped)
        target.write_text(file.read_text("utf-8"), "utf-8")
    (scripts / "versions" / f"{NEXT}_next.py").write_text(ahead())
    monkeypatch.setattr(migrate, "_SCRIPTS", scripts)
    return scripts


def test_scripts_are_named_by_their_revisions_in_order() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrate._SCRIPTS))
    told = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert list(reversed(told)) == migrate.revisions()


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def saved(path: Path) -> list[Path]:
    return sorted(path.parent.glob(f"{path.name}.before-*"))


def refusal(database: Database) -> Trouble:
    with pytest.raises(Trouble) as told:
        migrate.prepare(database)
    database.dispose()
    return told.value


def test_a_new_file_gets_the_schema_the_guards_the_default_policy_and_the_first_audit_entry(
    tmp_path: Path, clock: SettableClock
) -> None:
    database = open_database(tmp_path / "new.db", clock)
    migrate.prepare(database)
    with database.read() as connection:
        assert guard.missing(connection) == ()
        assert policies.newest(connection).policy == DEFAULT
        [entry] = audit_trail.every(connection)
        assert (entry.action, entry.at) == ("database created", clock.now)
        assert connection.execute(select(schema.source.c.code)).scalars().all() == ["zeroline"]
    database.dispose()
    assert saved(tmp_path / "new.db") == []


def test_preparing_again_changes_nothing(template: Path, tmp_path: Path, clock: SettableClock) -> None:
    path = tmp_path / "again.db"
    path.write_bytes(template.read_bytes())
    database = open_database(path, clock)
    migrate.prepare(database)
    with database.read() as connection:
        assert audit_trail.head(connection)[0] == 1
    database.dispose()
    assert saved(path) == []


def test_preparing_needs_no_lock_when_nothing_is_to_do(database: Database) -> None:
    other = Database(database.url, database.clock)
    with other.write():
        migrate.prepare(database)
    other.dispose()


def test_the_migrations_make_exactly_the_tables_of_the_program(template: Path) -> None:
    assert differences(template) == [], "run: python -m support.initial_migration (in tests/)"


def test_an_upgrade_keeps_a_copy_of_the_file_as_it_was(
    newer: Path, template: Path, tmp_path: Path, clock: SettableClock
) -> None:
    path = tmp_path / "stock.db"
    path.write_bytes(template.read_bytes())
    database = open_database(path, clock)
    migrate.prepare(database)
    assert rows(path, "SELECT value, note FROM setting") == [("yes", "by test")]
    [copy] = saved(path)
    assert copy.name == f"stock.db.before-{HEAD}-20260302T060000Z"
    assert rows(copy, "SELECT version_num FROM alembic_version") == [(HEAD,)]
    assert rows(copy, "SELECT * FROM setting") == []
    with database.read() as connection:
        assert [entry.action for entry in audit_trail.every(connection)][-1] == "database upgraded"
    database.dispose()


@pytest.fixture
def first_layout(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, clock: SettableClock) -> Path:
    """A file as the program of revision 0001 made it: without diagnoses, with an item and a negative."""
    path, scripts = tmp_path / "first.db", tmp_path / "first"
    (scripts / "versions").mkdir(parents=True)
    shipped = Path(migrate.__file__).with_name("migrations")
    for name in ("env.py", "versions/0001_initial.py"):
        (scripts / name).write_text((shipped / name).read_text("utf-8"), "utf-8")
    later = ("diagnosis", "cause_verdict", "learning_reset", "role_request", "role_answer", "command")
    later += ("alert", "alert_occasion", "letter")
    with monkeypatch.context() as as_it_was:
        as_it_was.setattr(migrate, "_SCRIPTS", scripts)
        names = schema.metadata.naming_convention
        as_it_was.setattr(schema, "metadata", MetaData(naming_convention=names))
        as_it_was.setattr(
            guard,
            "STATEMENTS",
            {name: sql for name, sql in guard.STATEMENTS.items() if not any(f" {t} " in sql for t in later)},
        )
        database = open_database(path, clock)
        migrate.prepare(database)
        database.dispose()
    return path


def test_a_database_of_the_first_revision_is_upgraded_after_a_backup_and_works(
    first_layout: Path, clock: SettableClock
) -> None:
    database = open_database(first_layout, clock)
    migrate.prepare(database)
    [copy] = saved(first_layout)
    assert rows(copy, "SELECT version_num FROM alembic_version") == [("0001",)]
    assert rows(copy, "SELECT count(*) FROM sqlite_master WHERE name = 'diagnosis'") == [(0,)]
    assert differences(first_layout) == []
    with database.read() as connection:
        assert guard.missing(connection) == ()
        entry = list(audit_trail.every(connection))[-1]
    assert (entry.action, entry.facts) == ("database upgraded", f'{{"after":"{HEAD}","before":"0001"}}')
    warehouse = Warehouse(database, clock, None, first_layout)  # type: ignore[arg-type]
    warehouse.move("ITEM-1", "A-01", "-8")
    assert rows(first_layout, "SELECT queue, state FROM stock_case") == [("negative", "new")]
    assert rows(first_layout, "SELECT count(*) FROM diagnosis") == [(1,)]
    database.dispose()


def test_the_copy_holds_what_is_only_in_the_write_ahead_log(
    newer: Path, template: Path, tmp_path: Path, clock: SettableClock
) -> None:
    path = tmp_path / "stock.db"
    path.write_bytes(template.read_bytes())
    busy = sqlite3.connect(path)
    busy.execute("INSERT INTO setting VALUES ('late', '1')")
    busy.commit()
    assert path.with_name("stock.db-wal").stat().st_size > 0
    database = open_database(path, clock)
    migrate.prepare(database)
    database.dispose()
    busy.close()
    [copy] = saved(path)
    assert rows(copy, "SELECT key FROM setting") == [("late",)]


def test_an_upgrade_that_dies_half_way_rolls_back_whole(
    newer: Path, template: Path, tmp_path: Path, clock: SettableClock
) -> None:
    path = tmp_path / "stock.db"
    path.write_bytes(template.read_bytes())
    script = newer / "versions" / f"{NEXT}_next.py"
    script.write_text(ahead("raise RuntimeError('power cut')"))
    database = open_database(path, clock)
    with pytest.raises(RuntimeError, match="power cut"):
        migrate.prepare(database)
    database.dispose()
    assert rows(path, "SELECT version_num FROM alembic_version") == [(HEAD,)]
    assert rows(path, "SELECT count(*) FROM pragma_table_info('setting')") == [(2,)]
    assert rows(path, "SELECT count(*) FROM audit_entry") == [(1,)]


def test_an_upgrade_that_would_orphan_records_rolls_back_whole(
    newer: Path, template: Path, tmp_path: Path, clock: SettableClock
) -> None:
    path = tmp_path / "stock.db"
    path.write_bytes(template.read_bytes())
    script = newer / "versions" / f"{NEXT}_next.py"
    orphan = "op.execute(\"INSERT INTO item_barcode (barcode, item_id) VALUES ('4711', 99)\")"
    script.write_text(ahead(orphan))
    assert refusal(open_database(path, clock)).code == "schema-broken"
    assert rows(path, "SELECT version_num FROM alembic_version") == [(HEAD,)]


def test_a_file_that_lacks_tables_is_refused_with_their_names(
    template: Path, tmp_path: Path, clock: SettableClock
) -> None:
    path = tmp_path / "stock.db"
    path.write_bytes(template.read_bytes())
    with sqlite3.connect(path) as raw:
        raw.execute("DROP TABLE item_cost")
    raw.close()
    found = refusal(open_database(path, clock))
    assert (found.code, found.fields["tables"]) == ("schema-incomplete", ("item_cost",))


def test_without_a_complete_copy_nothing_is_upgraded(
    newer: Path, template: Path, tmp_path: Path, clock: SettableClock
) -> None:
    path = tmp_path / "stock.db"
    path.write_bytes(template.read_bytes())
    (tmp_path / f"stock.db.before-{HEAD}-20260302T060000Z").mkdir()  # stands where the copy must go
    assert refusal(open_database(path, clock)).code == "database-io"
    assert rows(path, "SELECT version_num FROM alembic_version") == [(HEAD,)]
    assert list(tmp_path.glob("*.unfinished")) == []


def test_a_damaged_file_is_not_upgraded(
    newer: Path, template: Path, tmp_path: Path, clock: SettableClock
) -> None:
    path = tmp_path / "stock.db"
    [(page,)] = rows(template, "SELECT rootpage FROM sqlite_master WHERE name = 'count_draft'")
    content = bytearray(template.read_bytes())
    content[(int(str(page)) - 1) * PAGE : int(str(page)) * PAGE] = b"\xff" * PAGE
    path.write_bytes(content)
    assert refusal(open_database(path, clock)).code == "database-damaged"
    assert path.read_bytes()[PAGE:] == content[PAGE:]
    assert saved(path) == []
    assert list(tmp_path.glob("*.unfinished")) == []


def test_two_programs_that_start_at_once_make_one_database(
    tmp_path: Path, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "new.db"
    first, second = open_database(path, clock), open_database(path, clock)
    alone = migrate._alone

    def after_the_first(database: Database) -> object:
        monkeypatch.setattr(migrate, "_alone", alone)
        migrate.prepare(first)
        return alone(database)

    monkeypatch.setattr(migrate, "_alone", after_the_first)
    migrate.prepare(second)
    assert rows(path, "SELECT action FROM audit_entry") == [("database created",)]
    first.dispose()
    second.dispose()


def rewritten(database: Database, statement: str) -> None:
    """The database after somebody ran this on it."""
    with database.write() as work:
        work.connection.exec_driver_sql(statement)
        work.audit("test", "database")
        work.changed(everything=True)
        work.commit()


def test_a_database_of_a_newer_program_is_refused(database: Database) -> None:
    rewritten(database, "UPDATE alembic_version SET version_num = '9999'")
    trouble = refusal(database)
    assert (trouble.code, trouble.fields["revision"]) == ("schema-newer", "9999")


@pytest.mark.sqlite
def test_a_database_of_a_newer_program_is_refused_untouched(database: Database) -> None:
    with sqlite3.connect(database.path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = database.path.read_bytes()
    trouble = refusal(database)
    assert (trouble.code, trouble.fields["revision"]) == ("schema-newer", "9999")
    assert database.path.read_bytes() == before


def test_a_database_without_a_revision_is_refused(database: Database) -> None:
    rewritten(database, "DELETE FROM alembic_version")
    assert refusal(database).code == "schema-newer"


@pytest.mark.parametrize("mark", [0, migrate.APPLICATION_ID])
def test_a_database_of_another_program_is_refused_untouched(
    tmp_path: Path, clock: SettableClock, mark: int
) -> None:
    path = tmp_path / "photos.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE photo (id INTEGER PRIMARY KEY)")
        connection.execute(f"PRAGMA application_id = {mark}")
    connection.close()
    before = path.read_bytes()
    assert refusal(open_database(path, clock)).code == "database-foreign"
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_is_no_database_is_refused_untouched(tmp_path: Path, clock: SettableClock) -> None:
    path = tmp_path / "letter.db"
    path.write_text("Dear Sir or Madam, " * 200)
    before = path.read_bytes()
    assert refusal(open_database(path, clock)).code == "database-not-a-database"
    assert path.read_bytes() == before


def test_a_database_that_is_only_read_must_be_there(tmp_path: Path, clock: SettableClock) -> None:
    path = tmp_path / "none.db"
    trouble = refusal(Database(f"sqlite:///{path}", clock, read_only=True))
    assert (trouble.code, trouble.fields["path"]) == ("database-missing", str(path))
    assert not path.exists()


def test_a_database_that_is_only_read_is_not_upgraded(
    newer: Path, template: Path, tmp_path: Path, clock: SettableClock
) -> None:
    path = tmp_path / "old.db"
    path.write_bytes(template.read_bytes())
    assert refusal(Database(f"sqlite:///{path}", clock, read_only=True)).code == "schema-older"


def test_a_database_of_this_version_can_be_only_read(
    template: Path, tmp_path: Path, clock: SettableClock
) -> None:
    path = tmp_path / "this.db"
    path.write_bytes(template.read_bytes())
    database = Database(f"sqlite:///{path}", clock, read_only=True)
    migrate.prepare(database)
    database.dispose()


@pytest.mark.sqlite
def test_a_dropped_guard_is_put_back_and_named_in_the_trail(database: Database) -> None:
    with sqlite3.connect(database.path) as connection:
        connection.execute("DROP TRIGGER guard_movement_delete")
        connection.execute("DROP TRIGGER guard_movement_update")
        connection.execute(
            "CREATE TRIGGER guard_movement_update AFTER DELETE ON movement BEGIN SELECT 1; END"
        )
        connection.execute("CREATE TRIGGER my_own AFTER DELETE ON movement BEGIN SELECT 1; END")
    connection.close()
    with database.read() as reading:
        names = ("guard_movement_delete", "guard_movement_update", "my_own")
        assert guard.missing(reading) == names
    migrate.prepare(database)
    with database.read() as reading:
        assert guard.missing(reading) == ()
        *_, entry = audit_trail.every(reading)
    assert entry.action == "guards restored"
    assert all(name in entry.facts for name in names)
