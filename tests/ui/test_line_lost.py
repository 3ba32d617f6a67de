"""The window over a server whose line is cut, falls silent, or loses an answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication, QPushButton

from support.prompts import ScriptedPrompts
from support.proxy import Proxy
from support.warehouse import CHEAP, Served, SettableClock, Warehouse
from zeroline.domain.changes import Changes
from zeroline.domain.errors import DomainError
from zeroline.services.workbench import Workbench
from zeroline.storage.engine import Database
from zeroline.ui.main_window import MainWindow
from zeroline.ui.memory import Memory
from zeroline.ui.scanner import Scanner
from zeroline.ui.tasks import Tasks


class Station:
    """A window over a database of its own, reached through a proxy."""

    def __init__(self, qtbot: Any, served: Served, clock: SettableClock, folder: Path) -> None:
        self.qtbot, self.clock, self.served = qtbot, clock, served
        self.name = served.clone(served.full)
        server = served.server
        self.proxy = Proxy((server.host, server.port))
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        self.services = Workbench(self.proxy.url(served.url(self.name)), clock, hasher=CHEAP)
        self.tasks, self.scanner = Tasks(), Scanner(application)
        self.window = MainWindow(
            self.services,
            self.tasks,
            ScriptedPrompts(),
            Memory(folder / "window.ini"),
            self.scanner,
            "the server",
            locale=QLocale("en_GB"),
        )
        self.tasks.setParent(self.window)
        self.window.resize(1366, 768)
        with qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()
        self.window.enter(served.staff.supervisor)
        self.until(lambda: self.window.workplace is not None and not self.tasks.busy)

    def until(self, seen: Any, timeout: int = 30_000) -> None:
        self.qtbot.waitUntil(seen, timeout=timeout)

    @property
    def bar(self) -> Any:
        assert self.window.workplace is not None
        return self.window.workplace.line_bar

    def press(self, text: str) -> None:
        (button,) = (b for b in self.bar.findChildren(QPushButton) if b.isVisible() and b.text() == text)
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def look(self) -> None:
        """Refresh, as with F5."""
        assert self.window.workplace is not None
        self.window.workplace.refresh()

    def audited(self, action: str) -> int:
        database = Database(self.served.url(self.name), self.clock)
        with database.read() as connection:
            found = connection.exec_driver_sql("SELECT count(*) FROM audit_entry WHERE action = ?", (action,))
            number = int(found.scalar_one())
        database.dispose()
        return number

    def sheet(self) -> int:
        """Id of the line of a new sheet over one key."""
        supervisor = self.served.staff.supervisor
        floor = Warehouse(self.services.database, self.clock, self.served.staff, Path("none"))
        floor.move("ITEM-1", "A-01", "5")
        made = self.services.counting.create_sheet(supervisor, key_ids=[floor.key("ITEM-1", "A-01")])
        return self.services.counting.blind_sheet(supervisor, made.sheet_id).lines[0].line_id

    def close(self) -> None:
        self.proxy.mend()
        self.window.switch()
        self.window.close()
        application = QApplication.instance()
        assert application is not None
        for watching in (self.scanner, self.window.idle):
            application.removeEventFilter(watching)
            watching.deleteLater()
        application.removeEventFilter(self.window)
        self.window.deleteLater()
        self.services.dispose()
        self.proxy.close()
        self.served.server.drop(self.name)


@pytest.fixture
def station(
    qtbot: Any, qapp: QApplication, served: Served, clock: SettableClock, tmp_path: Path
) -> Iterator[Station]:
    made = Station(qtbot, served, clock, tmp_path)
    yield made
    made.close()


def test_a_cut_line_is_said_with_the_age_of_the_picture_and_found_again_by_itself(station: Station) -> None:
    station.clock.set("2026-03-02T10:41:00Z")
    station.look()
    station.until(lambda: not station.tasks.busy)
    station.clock.set("2026-03-02T10:42:00Z")
    station.proxy.cut()
    station.look()
    station.until(lambda: "was lost at 10:42" in station.bar.text)
    assert "What you see is from 10:41" in station.bar.text
    station.proxy.mend()
    station.until(lambda: station.bar.text.startswith("Connected again"))


def test_nothing_is_written_while_the_line_is_lost(station: Station) -> None:
    station.proxy.cut()
    station.look()
    station.until(lambda: station.tasks.offline)
    refused: list[str] = []
    station.tasks.command(Changes, failed=lambda error: refused.append(error.code))
    assert refused == ["offline"]
    station.proxy.mend()
    station.until(lambda: not station.tasks.offline)


def test_a_silent_line_is_noticed_and_never_holds_the_window(station: Station) -> None:
    station.proxy.freeze()
    station.look()
    beats: list[int] = []
    station.qtbot.waitUntil(lambda: beats.append(1) is None and station.tasks.offline, timeout=30_000)
    assert len(beats) > 50
    station.proxy.mend()
    station.press("Try now")
    station.until(lambda: station.bar.text.startswith("Connected again"))


def test_a_lost_answer_is_sent_again_by_hand_and_done_once(station: Station) -> None:
    line, person = station.sheet(), station.served.staff.supervisor
    counting = station.services.counting
    station.proxy.swallow_reply_to("COMMIT\0")
    kept: list[Any] = []
    refused: list[DomainError] = []
    station.tasks.command(lambda: counting.enter(person, line, "4"), done=kept.append, failed=refused.append)
    station.until(lambda: "was not answered" in station.bar.text)
    assert station.proxy.swallowed == 1
    assert station.audited("count drafted") == 1
    station.press("Send again")
    station.until(lambda: bool(kept))
    assert kept[0].entered == "4"
    assert refused == []
    assert station.audited("count drafted") == 1


def test_the_window_closes_at_once_on_a_silent_line(station: Station) -> None:
    station.proxy.freeze()
    station.look()
    station.window.close()
    assert not station.window.isVisible()
