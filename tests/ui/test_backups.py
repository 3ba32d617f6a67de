"""Backups in the real window: made, checked, restored, stopped; and the ways out of a damaged database."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel

from support.console import Console
from support.prompts import ScriptedPrompts
from support.warehouse import SECRET, Warehouse
from zeroline.domain.errors import Trouble
from zeroline.services.auditing import Auditing
from zeroline.services.safekeeping import check
from zeroline.storage.driver import PAGE
from zeroline.ui.application import run
from zeroline.ui.desk import Place
from zeroline.ui.dialogs.damage import DamageDialog
from zeroline.ui.dialogs.restoring import RestoreDialog
from zeroline.ui.main_window import MainWindow


def quiet(_done: int, _of: int, _step: str) -> None:
    """Nobody looks."""


@pytest.fixture
def prompts(console: Console) -> ScriptedPrompts:
    """The administrator's window on the backups, its questions answered by a script."""
    made = console.prompts = ScriptedPrompts()
    window = console.open()
    console.sign_in(console.warehouse.people.administrator)
    window.workplace.go(Place("backups"))
    return made


def test_back_up_now_says_file_and_head(console: Console, prompts: ScriptedPrompts, tmp_path: Path) -> None:
    to = tmp_path / "b.zeroline-backup"
    prompts.answers = [to]
    console.press("Back up now")
    screen = console.here
    console.until(screen.result.isVisible)
    head = check(to, quiet).head
    assert str(to) in screen.result.text()
    assert head in screen.result.text()


def test_a_backup_to_a_name_that_is_taken_is_refused_in_the_bar(
    console: Console, prompts: ScriptedPrompts, tmp_path: Path
) -> None:
    (to := tmp_path / "b.zeroline-backup").write_text("mine")
    prompts.answers = [to]
    console.press("Back up now")
    console.until(lambda: "nothing is ever written over" in console.here.banner.text)
    assert to.read_text() == "mine"


def test_a_backup_is_checked_in_the_window(
    console: Console, prompts: ScriptedPrompts, tmp_path: Path
) -> None:
    to = tmp_path / "b.zeroline-backup"
    prompts.answers = [to, to]
    console.press("Back up now")
    console.until(console.here.result.isVisible)
    console.press("Check a backup")
    dialog = console.dialog(RestoreDialog)
    console.click(dialog.choose_backup)
    console.click(dialog.yes)
    console.until(dialog.outcome.isVisible)
    assert check(to, quiet).head in dialog.outcome.text()
    console.click(dialog.no)
    console.until(console.no_dialog)


def test_a_backup_is_restored_from_the_door_and_told_how_to_open_it(
    console: Console, warehouse: Warehouse, tmp_path: Path
) -> None:
    to, new = tmp_path / "b.zeroline-backup", tmp_path / "new.db"
    prompts = console.prompts = ScriptedPrompts()
    window = console.open()
    window.services.safekeeping.back_up(warehouse.people.administrator, to, quiet)
    prompts.answers = [to, new]
    console.press("Restore a backup")
    dialog = console.dialog(RestoreDialog)
    console.click(dialog.choose_backup)
    console.click(dialog.choose_to)
    console.click(dialog.yes)
    console.until(dialog.outcome.isVisible)
    assert f"sqlite:///{new}" in dialog.outcome.text()
    console.click(dialog.yes)
    console.until(dialog.wrong.isVisible)
    assert "nothing is ever written over" in dialog.wrong.text()
    console.click(dialog.no)
    console.until(console.no_dialog)


def test_a_backup_can_be_stopped_while_it_is_made(console: Console, tmp_path: Path) -> None:
    console.inline = False
    prompts = console.prompts = ScriptedPrompts([tmp_path / "b.zeroline-backup"])
    window = console.open()
    console.until(lambda: not window.tasks.busy)  # the door asks anew until it knows who is there
    console.sign_in(console.warehouse.people.administrator)
    window.workplace.go(Place("backups"))
    head = Auditing(console.warehouse.database).head()
    screen = console.here
    screen.make.trigger()
    screen.progress.cancel()
    console.until(lambda: not screen.progress.busy)
    assert prompts.answers == []
    assert not (tmp_path / "b.zeroline-backup").exists()
    assert Auditing(console.warehouse.database).head() == head


def test_a_manager_has_no_place_for_backups(console: Console) -> None:
    window = console.open()
    console.sign_in(console.warehouse.people.manager)
    window.workplace.go(Place("backups"))
    assert window.workplace.place.screen != "backups"


def seen_at_start(path: Path, folder: Path, act: Callable[[DamageDialog], Any]) -> None:
    """Open the program on a file and do something with the dialog that comes."""
    watch = QTimer()
    watch.setInterval(10)

    def look() -> None:
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, DamageDialog) and widget.isVisible():
                watch.stop()
                act(widget)

    watch.timeout.connect(look)
    watch.start()
    try:
        run(f"sqlite:///{path}", folder, lambda: 0)
    finally:
        watch.stop()


@pytest.mark.expects_log("the database cannot be opened")
def test_a_file_that_is_no_database_is_told_with_the_ways_out(qapp: Any, tmp_path: Path) -> None:
    (path := tmp_path / "x.db").write_bytes(b"no database" * 999)
    told: list[str] = []

    def act(dialog: DamageDialog) -> None:
        told.extend((dialog.said.text(), dialog.ways.text()))
        assert dialog.restore.isVisible()
        assert not dialog.look.isVisible()
        dialog.close_it.click()

    with pytest.raises(Trouble) as raised:
        seen_at_start(path, tmp_path / "home", act)
    assert raised.value.code == "database-not-a-database"
    assert "not a database" in told[0]
    assert "backup" in told[1]


@pytest.mark.expects_log("the database cannot be opened")
def test_a_file_that_may_only_be_read_is_opened_so_when_that_is_wanted(
    qapp: Any, warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse.database.dispose()
    before = warehouse.path.read_bytes()
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)  # root may write everywhere
    told: list[str] = []
    shutting = QTimer()
    shutting.setInterval(10)

    def close() -> None:
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, MainWindow) and widget.isVisible() and not widget.tasks.busy:
                told.extend(label.text() for label in widget.entrance.findChildren(QLabel))
                shutting.stop()
                widget.close()

    def act(dialog: DamageDialog) -> None:
        told.extend((dialog.said.text(), dialog.ways.text()))
        dialog.look.click()
        shutting.start()

    shutting.timeout.connect(close)
    seen_at_start(warehouse.path, tmp_path / "home", act)
    assert "can only be read here" in told[0]
    assert "Read-only, everything that can still be read is shown" in told[1]
    assert any("read-only" in text for text in told[2:])
    assert warehouse.path.read_bytes() == before


def test_a_file_that_breaks_while_it_is_used_is_told_with_a_backup_as_the_way_out(
    console: Console, warehouse: Warehouse
) -> None:
    console.open()
    warehouse.database.dispose()
    with closing(sqlite3.connect(warehouse.path)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'person'").fetchone()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(warehouse.path.read_bytes())
    content[(page - 1) * PAGE : page * PAGE] = b"\xff" * PAGE
    warehouse.path.write_bytes(content)
    console.window.services.dispose()
    door = console.window.entrance
    door.login.setText("manager")
    door.secret.setText(SECRET)
    console.click(door.button)
    dialog = console.dialog(DamageDialog)
    assert "damaged. Restore the last backup" in dialog.said.text()
    assert dialog.restore.isVisible()
    dialog.reject()


def test_a_database_opened_read_only_lets_people_in_and_keeps_nothing(warehouse: Warehouse) -> None:
    from zeroline.domain.errors import DomainError
    from zeroline.services.workbench import Workbench

    login = warehouse.people.manager.login
    services = Workbench(f"sqlite:///{warehouse.path}", warehouse.clock, read_only=True)
    services.prepare()
    head = services.auditing.head()
    assert services.people.sign_in(login, SECRET).login == login
    with pytest.raises(DomainError, match="sign-in-refused"):
        services.people.sign_in(login, "wrong")
    assert services.auditing.head() == head
    services.dispose()
