"""Starts Qt, opens the database behind the first picture, and runs the window until it closes."""

from __future__ import annotations

import gc
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, QLocale
from PySide6.QtGui import QGuiApplication, Qt
from PySide6.QtWidgets import QApplication

from zeroline import __version__
from zeroline.domain.errors import Trouble
from zeroline.domain.instant import Clock
from zeroline.services.workbench import Workbench
from zeroline.ui.main_window import MainWindow
from zeroline.ui.memory import Memory
from zeroline.ui.prompts.window import WindowPrompts
from zeroline.ui.scanner import Scanner
from zeroline.ui.screens import warm
from zeroline.ui.tasks import Tasks
from zeroline.ui.theme import Theme

if TYPE_CHECKING:
    from argon2 import PasswordHasher


def application(arguments: list[str] | None = None) -> QApplication:
    """The one QApplication, made on first use."""
    ready = QApplication.instance()
    if isinstance(ready, QApplication):
        return ready
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    made = QApplication([*(arguments or sys.argv[:1]), "-style", "Fusion"])
    made.setApplicationName("Zeroline")
    made.setApplicationVersion(__version__)
    made.setQuitOnLastWindowClosed(True)
    return made


def window(
    services: Workbench,
    settings: Path,
    where: str,
    *,
    locale: QLocale | None = None,
    log: Path | None = None,
    tasks: Tasks | None = None,
    door: bool = True,
) -> MainWindow:
    """A window over ready services; the layout is remembered in the ini file ``settings``."""
    app = application()
    Theme.active()
    tasks = tasks or Tasks()
    scanner = Scanner(app, listening=False)
    opened = MainWindow(
        services,
        tasks,
        WindowPrompts(),
        Memory(settings),
        scanner,
        where,
        door=door,
        locale=locale,
        log=log,
    )
    tasks.setParent(opened)
    tasks.soon(scanner.listen, owner=scanner)
    return opened


def _settle(opened: MainWindow) -> None:
    """Import what people will need next; all that stays is then left out of every search for garbage."""
    tasks = opened.tasks

    def done(_: None) -> None:
        tasks.together = False
        gc.freeze()

    warm()
    gc.freeze()
    gc.enable()
    tasks.soon(lambda: tasks.query(opened.services.warm, done, owner=opened, key="warm"), owner=opened)


def _ways_out(
    url: str,
    clock: Clock,
    log: Path,
    trouble: Trouble,
    hasher: PasswordHasher | None,
) -> Workbench:
    """Show what is wrong with the file and what can be done. The services over it, for reading only, if
    the person wants that and it can be; else raises the Trouble."""
    from zeroline.ui.dialogs.damage import READABLE, DamageDialog

    Theme.active()
    logging.getLogger(__name__).error("the database cannot be opened: %s %s", trouble.code, trouble.fields)
    readable = trouble.code in READABLE
    while True:
        tasks = Tasks()
        where = url.removeprefix("sqlite:///")
        dialog = DamageDialog(None, trouble, where, log, tasks, WindowPrompts(), clock, readable=readable)
        waiting = QEventLoop()
        dialog.finished.connect(waiting.quit)
        dialog.open()
        waiting.exec()
        tasks.close()
        looking = dialog.looking
        dialog.deleteLater()
        if not looking:
            raise trouble
        services = Workbench(url, clock, hasher=hasher, read_only=True)
        try:
            services.prepare()
        except Trouble as worse:
            services.dispose()
            trouble, readable = worse, False
        else:
            return services


def run(
    url: str,
    folder: Path,
    clock: Clock,
    *,
    enter_as: str = "",
    secret: str = "",
    hasher: PasswordHasher | None = None,
) -> int:
    """Open the console on a database and stay until its window closes; answers the exit code.

    ``folder`` holds the log, the remembered layout and counts that wait for a connection. ``enter_as`` signs
    a person in at once (the demo, whose passwords have a ``hasher`` of their own). What the first picture
    does without is imported once it is on show, be it the door or a queue.
    A file that cannot be opened is told in a dialog with the ways out (read-only, a backup); what it came to
    when none was taken, and what a server refuses, is raised as Trouble: the caller says so.
    """
    app = application()
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "zeroline.log"
    logging.basicConfig(
        filename=log,
        level=logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
        encoding="utf-8",
    )
    services = Workbench(url, clock, hasher=hasher, outbox=folder / "outbox")
    if services.database.server is not None:
        services.database.server.nobody()  # at a workstation everybody signs in, whatever the address says
    try:
        services.prepare()
    except Trouble as trouble:
        services.dispose()
        if services.database.server is not None:
            raise
        services = _ways_out(url, clock, log, trouble, hasher)
    tasks = Tasks()
    tasks.together = True  # until everything is imported
    name = services.database.name + (" · read-only" if services.database.read_only else "")
    opened = window(services, folder / "window.ini", name, log=log, tasks=tasks, door=not enter_as)
    opened.show()
    if enter_as:
        opened.admit(enter_as, secret)
        warm()  # meanwhile
    tasks.soon(lambda: _settle(opened), owner=opened)
    try:
        return app.exec()
    finally:
        services.dispose()
