"""The whole window on a server: people sign in with their own login, lock, and work side by side."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication, QDialog, QPushButton

from support.colleagues import Colleagues
from support.prompts import ScriptedPrompts
from support.warehouse import SECRET
from zeroline.domain.instant import HOUR
from zeroline.services.safekeeping import check
from zeroline.services.workbench import Workbench
from zeroline.storage.postgres import setting_up
from zeroline.ui.desk import Place
from zeroline.ui.dialogs.restoring import RestoreDialog
from zeroline.ui.dialogs.server_backup import ServerBackupDialog
from zeroline.ui.dialogs.sites import SitesDialog
from zeroline.ui.main_window import MainWindow
from zeroline.ui.memory import Memory
from zeroline.ui.scanner import Scanner
from zeroline.ui.screens.people import PeopleScreen
from zeroline.ui.screens.queue import QueueScreen
from zeroline.ui.tasks import Tasks


def now() -> int:
    return time.time_ns() // 1_000


class Seat:
    """A workstation with its window, in front of which nobody sits yet."""

    def __init__(
        self, qtbot: Any, colleagues: Colleagues, folder: Path, clock: Callable[[], int] = now
    ) -> None:
        self.qtbot, self.colleagues = qtbot, colleagues
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        self.services = Workbench(colleagues.url(), clock)
        self.services.prepare()
        self.tasks, self.scanner = Tasks(), Scanner(application)
        self.prompts = ScriptedPrompts()
        self.window = MainWindow(
            self.services,
            self.tasks,
            self.prompts,
            Memory(folder / "window.ini"),
            self.scanner,
            "the server",
            locale=QLocale("en_GB"),
            live=True,
        )
        self.tasks.setParent(self.window)
        with qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()

    def until(self, seen: Any) -> None:
        self.qtbot.waitUntil(seen, timeout=30_000)

    def sign_in(self, login: str, secret: str = SECRET) -> None:
        door = self.window.entrance
        self.until(lambda: not self.tasks.busy)
        door.login.setText("")
        self.qtbot.keyClicks(door.login, login)
        self.qtbot.keyClicks(door.secret, secret)
        self.qtbot.keyClick(door.secret, Qt.Key.Key_Return)

    def dialog(self, kind: type[Any]) -> Any:
        self.until(lambda: any(isinstance(one, kind) and one.isVisible() for one in self._dialogs()))
        return next(one for one in self._dialogs() if isinstance(one, kind) and one.isVisible())

    def _dialogs(self) -> list[QDialog]:
        return [one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog)]

    def inside(self) -> bool:
        return self.window.workplace is not None and not self.window.locked and not self.tasks.busy

    def connections(self, login: str) -> int:
        """How many connections the server has of a login."""
        with self.colleagues.server.admin() as admin:
            row = admin.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE usename = %s", (login,)
            ).fetchone()
        assert row is not None
        return int(row[0])

    def close(self) -> None:
        self.window.close()
        self.services.dispose()
        self.scanner.deleteLater()
        self.window.deleteLater()


@pytest.fixture
def seat(qtbot: Any, qapp: QApplication, colleagues: Colleagues, tmp_path: Path) -> Iterator[Seat]:
    made = Seat(qtbot, colleagues, tmp_path)
    yield made
    made.close()


def test_who_signs_in_is_who_is_connected_and_a_lock_throws_the_connections_away(seat: Seat) -> None:
    seat.sign_in("supervisor", "not the password")
    seat.until(lambda: seat.window.entrance.wrong.isVisible())
    assert "do not belong together" in seat.window.entrance.wrong.text()
    seat.window.entrance.secret.clear()
    seat.sign_in("supervisor")
    seat.until(seat.inside)
    assert seat.connections("supervisor") > 0

    seat.window.lock()
    seat.until(lambda: seat.connections("supervisor") == 0)
    assert seat.services.database.address == seat.services.database.url  # neither login nor password is kept
    seat.window.entrance.secret.setFocus()
    seat.qtbot.keyClicks(seat.window.entrance.secret, SECRET)
    seat.qtbot.keyClick(seat.window.entrance.secret, Qt.Key.Key_Return)
    seat.until(seat.inside)

    seat.window.switch()
    seat.until(lambda: seat.connections("supervisor") == 0)
    seat.sign_in("manager")
    seat.until(seat.inside)
    assert seat.connections("manager") > 0


def test_a_count_that_a_counter_hands_in_is_taken_up_by_the_supervisors_console(
    seat: Seat, colleagues: Colleagues
) -> None:
    colleagues.warehouse.move("ITEM-1", "A-01", "-4")
    sheet = colleagues.floor.sheet(colleagues.warehouse.key("ITEM-1", "A-01"))
    seat.sign_in("supervisor")
    seat.until(seat.inside)
    counting = Workbench(colleagues.url(), now)
    counter = counting.people.sign_in("counter", SECRET)
    line = counting.counting.blind_sheet(counter, sheet).lines[0].line_id
    counting.counting.enter(counter, line, "3")
    counting.counting.submit(counter, sheet)
    counting.dispose()
    seat.until(lambda: colleagues.floor.lines(sheet)[0].state == "recount")
    seat.until(lambda: not seat.tasks.busy)


def test_a_servers_database_is_backed_up_and_restored_in_the_window(
    seat: Seat, colleagues: Colleagues, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, to = colleagues.server, tmp_path / "b.zeroline-backup"
    monkeypatch.setenv("ZEROLINE_PG_BIN", str(server.bin))
    seat.sign_in("administrator")
    seat.until(seat.inside)
    seat.window.workplace.go(Place("backups"))
    screen = seat.window.workplace.here
    seat.until(lambda: not seat.tasks.busy)

    screen.make.trigger()
    asking = seat.dialog(ServerBackupDialog)
    seat.prompts.answers = [to]
    seat.qtbot.mouseClick(asking.choose, Qt.MouseButton.LeftButton)
    assert not asking.yes.isEnabled()
    seat.qtbot.keyClicks(asking.login, "administrator")
    seat.qtbot.keyClicks(asking.secret, SECRET)
    seat.qtbot.mouseClick(asking.yes, Qt.MouseButton.LeftButton)
    seat.until(lambda: "does not see all rows" in screen.banner.text)

    screen.make.trigger()
    asking = seat.dialog(ServerBackupDialog)
    asking.to.setText(str(to))
    asking.login.setText(server.superuser)
    asking.secret.setText(server.password)
    seat.qtbot.mouseClick(asking.yes, Qt.MouseButton.LeftButton)
    seat.until(screen.result.isVisible)
    head = check(to, lambda *_: None).head
    assert head in screen.result.text()
    assert "logins and the proofs of their passwords." in screen.result.text()
    seat.until(lambda: not seat.tasks.busy)

    screen.restore.trigger()
    dialog = seat.dialog(RestoreDialog)
    seat.prompts.answers = [to]
    assert not dialog.secret.isVisible()
    seat.qtbot.mouseClick(dialog.choose_backup, Qt.MouseButton.LeftButton)
    seat.until(dialog.secret.isVisible)
    assert dialog.to.text() == f"postgresql://{server.host}:{server.port}/{colleagues.name}_restored"
    seat.qtbot.keyClicks(dialog.login, server.superuser)
    seat.qtbot.keyClicks(dialog.secret, server.password)
    seat.qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    seat.until(dialog.outcome.isVisible)
    assert f"zeroline --database {dialog.to.text()}" in dialog.outcome.text()
    assert head in dialog.outcome.text()
    seat.qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    seat.until(lambda: "password" in dialog.wrong.text())  # it is typed again each time
    dialog.secret.setText(server.password)
    seat.qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    seat.until(lambda: "nothing is ever written over" in dialog.wrong.text())
    dialog.reject()
    server.drop(f"{colleagues.name}_restored")


def test_a_workstation_whose_clock_is_an_hour_off_is_told_when_somebody_signs_in(
    qtbot: Any, qapp: QApplication, colleagues: Colleagues, tmp_path: Path
) -> None:
    seat = Seat(qtbot, colleagues, tmp_path, lambda: now() - HOUR)
    try:
        seat.sign_in("supervisor")
        seat.until(lambda: seat.inside() and seat.window.workplace.banner.isVisible())
        assert "60 minutes behind" in seat.window.workplace.banner.text
        assert "recorded in the server's time" in seat.window.workplace.banner.text
    finally:
        seat.close()


def test_a_server_that_is_too_old_and_a_password_that_has_run_out_are_told_at_the_door(
    seat: Seat, colleagues: Colleagues, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = seat.window.entrance
    with monkeypatch.context() as newer:
        newer.setattr(setting_up, "OLDEST", 99)
        seat.sign_in("counter")
        seat.until(door.wrong.isVisible)
    assert f"PostgreSQL {colleagues.server.version}" in door.wrong.text()
    assert door.retry.isVisible()
    with colleagues.server.admin() as admin:
        admin.execute("ALTER ROLE counter VALID UNTIL '2020-01-01'")
    try:
        door.secret.clear()
        seat.sign_in("counter")
        seat.until(lambda: "run out" in door.wrong.text())
    finally:
        with colleagues.server.admin() as admin:
            admin.execute("ALTER ROLE counter VALID UNTIL 'infinity'")
    seat.until(lambda: not seat.tasks.busy)
    door.secret.clear()
    seat.sign_in("counter")
    seat.until(seat.inside)


@pytest.mark.parametrize(
    ("login", "sites"),
    [
        *((role, ()) for role in ("counter", "supervisor", "manager", "auditor", "administrator")),
        *((role, ("NORTH",)) for role in ("counter", "supervisor", "administrator")),
    ],
)
def test_every_place_of_a_role_opens_without_a_refusal(
    seat: Seat, colleagues: Colleagues, login: str, sites: tuple[str, ...]
) -> None:
    warehouse = colleagues.warehouse
    warehouse.location("N-01", site="NORTH")
    warehouse.move("ITEM-1", "N-01", "-2")
    warehouse.move("ITEM-1", "A-01", "-4")
    for bin in ("A-01", "N-01"):
        colleagues.floor.propose(warehouse.key("ITEM-1", bin), "3")
    colleagues.floor.sheet(warehouse.key("ITEM-1", "N-01"))
    with warehouse.database.write() as work:
        for site in sites:
            person = getattr(colleagues.staff, login)
            work.connection.exec_driver_sql(
                "INSERT INTO person_site VALUES (?, ?)", (person.id, warehouse.site(site))
            )
        work.audit("sites changed", login)
        work.changed(everything=True)
        work.commit()
    refused: list[str] = []
    seat.tasks.told.connect(lambda error: refused.append(error.code))
    seat.tasks.trouble.connect(lambda trouble: refused.append(str(trouble)))
    seat.tasks.crashed.connect(lambda crash: refused.append(str(crash)))
    seat.sign_in(login)
    seat.until(seat.inside)
    place = seat.window.workplace
    for button in place.side.findChildren(QPushButton):
        seat.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        seat.until(lambda button=button: button.isChecked() and not seat.tasks.busy)
    assert place.state.text().startswith("Ledger to")
    assert refused == []


def test_an_administrator_ticks_the_sites_of_a_person(seat: Seat, colleagues: Colleagues) -> None:
    staff = colleagues.staff
    for site in ("MAIN", "NORTH", "SOUTH"):
        colleagues.warehouse.site(site)
    seat.sign_in("administrator")
    seat.until(seat.inside)
    place = seat.window.workplace
    place.go(Place("people", staff.supervisor.id))
    seat.until(lambda: not seat.tasks.busy)
    screen = place.findChild(PeopleScreen)
    column = [column.key for column in screen.columns].index("sites")

    def told() -> str:
        table = screen.table
        return str(table.model().index(table.currentIndex().row(), column).data())

    assert screen.current().person == staff.supervisor
    assert told() == "All sites"
    seat.qtbot.keyClick(screen.table, Qt.Key.Key_T)
    seat.until(lambda: bool(place.window().findChildren(SitesDialog)))
    [dialog] = place.window().findChildren(SitesDialog)
    assert dialog.all.isChecked()
    assert not dialog.yes.isEnabled()
    dialog.some.click()
    assert not dialog.yes.isEnabled()
    for code in ("NORTH", "MAIN"):
        dialog.ticks[code].click()
    seat.qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    seat.until(lambda: told() == "MAIN, NORTH" and not seat.tasks.busy)

    screen.table.select_ids([staff.administrator.id])
    assert not screen.sites_action.isEnabled()


def test_rows_of_a_site_go_from_the_window_when_it_is_taken_away(seat: Seat, colleagues: Colleagues) -> None:
    staff, warehouse = colleagues.staff, colleagues.warehouse
    warehouse.location("N-01", site="NORTH")
    warehouse.move("ITEM-1", "N-01", "-2")
    warehouse.move("ITEM-1", "A-01", "-4")
    seat.sign_in("supervisor")
    seat.until(seat.inside)
    place = seat.window.workplace
    place.go(Place("queue:negative"))
    seat.until(lambda: not seat.tasks.busy)
    screen = place.findChild(QueueScreen)
    assert screen.table.model().rowCount() == 2
    office = Workbench(colleagues.url(), now)
    administrator = office.people.sign_in("administrator", SECRET)
    office.limiting.limit(administrator, staff.supervisor.id, ("NORTH",))
    office.dispose()
    seat.until(lambda: screen.table.model().rowCount() == 1 and not seat.tasks.busy)
