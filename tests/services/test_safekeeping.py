"""Backups that prove themselves, and everything that is refused on the way back."""

from __future__ import annotations

import json
import sqlite3
import zipfile
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from support.warehouse import Warehouse
from zeroline.domain.backup import Manifest, Proven
from zeroline.domain.errors import Cancelled, DomainError, Trouble
from zeroline.services.auditing import Auditing
from zeroline.services.safekeeping import Safekeeping, check, kind_of, restore
from zeroline.services.workbench import Workbench

pytestmark = pytest.mark.sqlite


def quiet(_done: int, _of: int, _step: str) -> None:
    """Nobody looks."""


def backed_up(warehouse: Warehouse, to: Path, watch: Any = quiet) -> Proven:
    proven, _ = Safekeeping(warehouse.database).back_up(warehouse.people.administrator, to, watch)
    return proven


@pytest.fixture
def backup(warehouse: Warehouse, tmp_path: Path) -> Path:
    """A backup of a warehouse with two movements."""
    warehouse.move("ITEM-1", "A-01", "5")
    warehouse.move("ITEM-1", "A-01", "-6")
    folder = tmp_path / "backups"
    folder.mkdir()
    backed_up(warehouse, folder / "one.zeroline-backup")
    return folder / "one.zeroline-backup"


def rewritten(backup: Path, change: Callable[[dict[str, Any], bytes], tuple[Any, bytes]]) -> Path:
    """The backup with another manifest or other data, packed as the program packs."""
    with zipfile.ZipFile(backup) as package:
        facts, data = json.loads(package.read("manifest.json")), package.read("data")
    facts, data = change(facts, data)
    with zipfile.ZipFile(backup, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("manifest.json", json.dumps(facts))
        package.writestr("data", data)
    return backup


def sealed(facts: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
    """A manifest that tells the right sum of other data."""
    import hashlib

    return {**facts, "sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}, data


def refused(backup: Path, clock: Any, code: str, head: str = "", checking: str = "") -> None:
    """Checking and restoring both refuse with ``code`` and leave nothing behind."""
    to = backup.with_name("new.db")
    before = sorted(backup.parent.iterdir())
    with pytest.raises(DomainError) as checked:
        check(backup, quiet, head)
    with pytest.raises(DomainError) as restoring:
        restore(backup, to, clock, quiet, head)
    assert (checked.value.code, restoring.value.code) == (checking or code, code)
    assert sorted(backup.parent.iterdir()) == before


def test_a_restored_database_proves_the_head_of_its_backup(warehouse: Warehouse, tmp_path: Path) -> None:
    warehouse.move("ITEM-1", "A-01", "5")
    head = Auditing(warehouse.database).head()
    made = backed_up(warehouse, tmp_path / "b.zeroline-backup")
    restored = restore(tmp_path / "b.zeroline-backup", tmp_path / "new.db", warehouse.clock, quiet)
    services = Workbench(f"sqlite:///{tmp_path / 'new.db'}", warehouse.clock)
    services.prepare()
    assert services.auditing.head() == head
    assert made.head == restored.head == f"{head[0]}:{head[1]}"
    assert not services.auditing.verify(made.head).fault
    assert not services.auditing.kept_wrongly()
    services.dispose()


def test_the_head_of_a_backup_stands_in_the_trail_of_its_source(warehouse: Warehouse, tmp_path: Path) -> None:
    made = backed_up(warehouse, tmp_path / "b.zeroline-backup")
    auditing = Auditing(warehouse.database)
    assert not auditing.verify(made.head).fault
    assert auditing.head()[0] == made.manifest.head_seq + 1
    keeping = Safekeeping(warehouse.database)
    assert (keeping.on_server, keeping.beside) == (False, "")
    (kept,) = keeping.latest(warehouse.people.administrator)
    assert (kept.file, kept.head, kept.who) == (made.file, made.head, warehouse.people.administrator.name)


def test_only_an_administrator_makes_a_backup(warehouse: Warehouse, tmp_path: Path) -> None:
    with pytest.raises(DomainError, match="not-allowed"):
        Safekeeping(warehouse.database).back_up(warehouse.people.manager, tmp_path / "b", quiet)
    assert not (tmp_path / "b").exists()


def test_a_folder_gets_a_backup_named_by_database_and_time(warehouse: Warehouse, tmp_path: Path) -> None:
    made = backed_up(warehouse, tmp_path)
    assert Path(made.file).name == Safekeeping(warehouse.database).suggested()


@pytest.mark.parametrize("where", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_a_flipped_bit_is_noticed(backup: Path, warehouse: Warehouse, where: float) -> None:
    raw, inside = bytearray(backup.read_bytes()), unpacked(backup)
    place = int(len(raw) * where)
    while True:  # now and then a bit only fills the packing up and means nothing
        backup.write_bytes(raw[:place] + bytes((raw[place] ^ 1,)) + raw[place + 1 :])
        if unpacked(backup) != inside:
            break
        place += 1
    refused(backup, warehouse.clock, "backup-altered")


def unpacked(backup: Path) -> dict[str, bytes] | None:
    """What is in it by name; None where it cannot be unpacked."""
    try:
        with zipfile.ZipFile(backup) as package:
            return {name: package.read(name) for name in package.namelist()}
    except (zipfile.BadZipFile, zlib.error):
        return None


@pytest.mark.parametrize("kept", [0.0, 0.2, 0.6, 0.999])
def test_a_backup_cut_short_is_noticed(backup: Path, warehouse: Warehouse, kept: float) -> None:
    raw = backup.read_bytes()
    backup.write_bytes(raw[: int(len(raw) * kept)])
    refused(backup, warehouse.clock, "backup-altered")


def test_a_zip_with_names_that_climb_out_is_foreign(backup: Path, warehouse: Warehouse) -> None:
    with zipfile.ZipFile(backup, "a") as package:
        package.writestr("../../climbed", "out")
    refused(backup, warehouse.clock, "backup-foreign")
    assert not (backup.parent.parent.parent / "climbed").exists()


def test_a_manifest_that_is_none_is_foreign(backup: Path, warehouse: Warehouse) -> None:
    rewritten(backup, lambda facts, data: ({"head": facts["head"]}, data))
    refused(backup, warehouse.clock, "backup-foreign")


def test_a_manifest_with_another_head_is_refused(backup: Path, warehouse: Warehouse) -> None:
    rewritten(backup, lambda facts, data: ({**facts, "head": "0" * 64}, data))
    refused(backup, warehouse.clock, "backup-head")


def test_the_data_of_another_backup_is_refused(backup: Path, warehouse: Warehouse) -> None:
    warehouse.move("ITEM-1", "A-01", "1")
    other = backup.with_name("other.zeroline-backup")
    backed_up(warehouse, other)
    with zipfile.ZipFile(other) as package:
        swapped = package.read("data")
    rewritten(backup, lambda facts, _: (facts, swapped))
    refused(backup, warehouse.clock, "backup-altered")
    rewritten(backup, lambda facts, _: sealed(facts, swapped))
    refused(backup, warehouse.clock, "backup-head")


def test_an_audit_entry_edited_inside_a_backup_is_refused(
    backup: Path, warehouse: Warehouse, tmp_path: Path
) -> None:
    def edit(facts: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
        (tmp_path / "inside.db").write_bytes(data)
        with closing(sqlite3.connect(tmp_path / "inside.db")) as inside:
            for (name,) in inside.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                inside.execute(f'DROP TRIGGER "{name}"')
            inside.execute("UPDATE audit_entry SET subject = 'x' WHERE seq = 2")
            inside.commit()
        return sealed(facts, (tmp_path / "inside.db").read_bytes())

    rewritten(backup, edit)
    refused(backup, warehouse.clock, "backup-chain")


def test_another_count_of_rows_is_refused(backup: Path, warehouse: Warehouse) -> None:
    rewritten(backup, lambda facts, data: ({**facts, "movements": 9}, data))
    refused(backup, warehouse.clock, "backup-unsound")


def test_data_that_is_no_database_is_refused(backup: Path, warehouse: Warehouse) -> None:
    rewritten(backup, lambda facts, _: sealed(facts, b"no database" * 99))
    refused(backup, warehouse.clock, "backup-unsound")


@pytest.mark.parametrize("newer", [{"format": 2}, {"revision": "9999"}])
def test_a_backup_of_a_newer_program_is_refused(
    backup: Path, warehouse: Warehouse, newer: dict[str, Any]
) -> None:
    rewritten(backup, lambda facts, data: ({**facts, **newer}, data))
    refused(backup, warehouse.clock, "backup-newer")


def test_a_backup_of_a_file_is_not_put_on_a_server(backup: Path, warehouse: Warehouse) -> None:
    assert kind_of(backup) == "sqlite"
    rewritten(backup, lambda facts, data: ({**facts, "kind": "postgresql"}, data))
    refused(backup, warehouse.clock, "backup-of-server", checking="backup-altered")


def test_a_head_from_paper_that_is_not_in_it_is_refused(backup: Path, warehouse: Warehouse) -> None:
    refused(backup, warehouse.clock, "backup-head-missing", "1:" + "a" * 64)


def test_a_head_from_paper_that_is_in_it_is_found(backup: Path, warehouse: Warehouse) -> None:
    assert check(backup, quiet, check(backup, quiet).head)


def test_a_backup_that_is_not_there_is_refused(warehouse: Warehouse, tmp_path: Path) -> None:
    refused(tmp_path / "none", warehouse.clock, "backup-unreadable")


def test_nothing_is_restored_over_the_open_database(backup: Path, warehouse: Warehouse) -> None:
    before = Auditing(warehouse.database).head()
    with pytest.raises(DomainError, match="file-taken"):
        restore(backup, warehouse.path, warehouse.clock, quiet)
    assert Auditing(warehouse.database).head() == before


@pytest.mark.parametrize("ending", ["", "-wal", "-journal"])
def test_nothing_is_restored_over_or_beside_what_is_there(
    backup: Path, warehouse: Warehouse, ending: str
) -> None:
    to = backup.with_name("new.db")
    (there := to.with_name(to.name + ending)).write_text("mine")
    with pytest.raises(DomainError, match="file-taken"):
        restore(backup, to, warehouse.clock, quiet)
    assert there.read_text() == "mine"


def test_a_backup_is_never_written_over(backup: Path, warehouse: Warehouse) -> None:
    before = backup.read_bytes()
    with pytest.raises(DomainError, match="file-taken"):
        backed_up(warehouse, backup)
    assert backup.read_bytes() == before


@pytest.mark.parametrize("at", ["copy", "check", "pack", "prove"])
def test_a_backup_that_is_stopped_leaves_nothing(warehouse: Warehouse, tmp_path: Path, at: str) -> None:
    folder, head = tmp_path / "to", Auditing(warehouse.database).head()
    folder.mkdir()

    def stop(_done: int, _of: int, step: str) -> None:
        if step == at:
            raise Cancelled

    with pytest.raises(Cancelled):
        backed_up(warehouse, folder / "b", stop)
    assert list(folder.iterdir()) == []
    assert Auditing(warehouse.database).head() == head


@pytest.mark.parametrize("at", ["unpack", "check"])
def test_a_restore_that_is_stopped_leaves_nothing(backup: Path, warehouse: Warehouse, at: str) -> None:
    def stop(_done: int, _of: int, step: str) -> None:
        if step == at:
            raise Cancelled

    with pytest.raises(Cancelled):
        restore(backup, backup.with_name("new.db"), warehouse.clock, stop)
    assert list(backup.parent.iterdir()) == [backup]


def test_a_second_backup_to_the_same_name_finds_the_first(warehouse: Warehouse, tmp_path: Path) -> None:
    to, inner = tmp_path / "b.zeroline-backup", []

    def another(_done: int, _of: int, step: str) -> None:
        if step == "prove" and not inner:
            inner.append(step)
            backed_up(warehouse, to)

    with pytest.raises(DomainError, match="file-taken"):
        backed_up(warehouse, to, another)
    assert check(to, quiet).manifest.tables


def test_another_connection_writes_while_a_backup_is_made(warehouse: Warehouse, tmp_path: Path) -> None:
    wrote: list[str] = []

    def write(_done: int, _of: int, step: str) -> None:
        if step not in wrote:
            wrote.append(step)
            warehouse.move("ITEM-1", "A-01", "1")

    made = backed_up(warehouse, tmp_path / "b.zeroline-backup", write)
    assert check(tmp_path / "b.zeroline-backup", quiet) == made
    assert wrote == ["copy", "check", "pack", "prove"]
    assert not Auditing(warehouse.database).verify(made.head).fault


def test_a_folder_that_is_not_there_is_told(warehouse: Warehouse, tmp_path: Path) -> None:
    with pytest.raises(Trouble) as told:
        backed_up(warehouse, tmp_path / "no" / "b")
    assert told.value.code == "file-unwritable"


def test_a_broken_trail_is_not_backed_up(warehouse: Warehouse, tmp_path: Path) -> None:
    warehouse.database.dispose()
    with closing(sqlite3.connect(warehouse.path)) as inside:
        for (name,) in inside.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            inside.execute(f'DROP TRIGGER "{name}"')
        inside.execute("UPDATE audit_entry SET subject = 'x' WHERE seq = 2")
        inside.commit()
    with pytest.raises(DomainError, match="backup-source-broken"):
        backed_up(warehouse, tmp_path / "b")
    assert not (tmp_path / "b").exists()


def test_a_database_opened_for_reading_is_backed_up_without_an_entry(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    services = Workbench(f"sqlite:///{warehouse.path}", warehouse.clock, read_only=True)
    services.prepare()
    head = services.auditing.head()
    made, changes = services.safekeeping.back_up(warehouse.people.administrator, tmp_path / "b", quiet)
    assert (made.head, bool(changes)) == (f"{head[0]}:{head[1]}", False)
    assert services.auditing.head() == head
    services.dispose()


@pytest.mark.parametrize("facts", [[], {"format": 1}, None])
def test_what_is_no_manifest_is_none(facts: object) -> None:
    assert Manifest.of(facts) is None
