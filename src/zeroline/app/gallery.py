"""A picture of every screen and state, in every look, drawn without a display."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QLocale, QSize, Qt
from PySide6.QtWidgets import QApplication, QWidget

from zeroline.domain.case import CaseState, Queue
from zeroline.domain.instant import Clock
from zeroline.domain.person import PROGRAM, Person, Role
from zeroline.domain.views.found import Hit, HitKind
from zeroline.services.workbench import Workbench
from zeroline.simulator.password import SECRET, hasher
from zeroline.ui.application import application, window
from zeroline.ui.desk import Place
from zeroline.ui.main_window import MainWindow
from zeroline.ui.tasks import InlineTasks
from zeroline.ui.theme import Scheme, Theme

_ROUNDS = 8
SIZES = {"1366": QSize(1366, 768), "1920": QSize(1920, 1080)}
_WIDE = ("queue-negative", "why-patterns", "why-clocks", "why-learned")
"""Drawn in the large size too."""

_READER = Person(0, "zeroline", "Zeroline", Role.AUDITOR)


def draw_all(
    url: str, clock: Clock, folder: Path, say: Callable[[str], None], schemes: Iterable[Scheme] = Scheme
) -> int:
    """Draw every state of the database behind ``url`` into ``folder``; answers how many pictures."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application(["zeroline", "-platform", os.environ["QT_QPA_PLATFORM"]])
    folder.mkdir(parents=True, exist_ok=True)
    services = Workbench(url, clock, hasher=hasher())
    drawn = 0
    try:
        services.prepare()
        for scheme in schemes:
            for name, picture in _states(services, folder, scheme):
                _settle()
                file = folder / f"{name}-{scheme.value}.png"
                if not picture.grab().save(str(file)):
                    say(f"could not be written: {file}")
                else:
                    drawn += 1
    finally:
        services.dispose()
    return drawn


def _settle() -> None:
    """Let layouts and late drawing take place: there is no event loop here that would do it."""
    for _ in range(_ROUNDS):
        QApplication.sendPostedEvents()
        QApplication.processEvents()


def _states(services: Workbench, folder: Path, scheme: Scheme) -> Iterator[tuple[str, QWidget]]:
    """(name, widget to be drawn) one after the other, each as the last one left it."""
    opened = _open(services, folder)
    _look(scheme)
    services.alerting.notice(PROGRAM)
    yield "sign-in", opened
    for login, places in _tours(services).items():
        opened.enter(services.people.sign_in(login, SECRET))
        _look(scheme)
        for name, place in places:
            if opened.workplace is None:
                continue
            opened.workplace.go(place)
            yield f"{name}", opened
            if name == "queue-negative":
                opened.workplace.show_keys()
                yield "keys", opened
                opened.workplace.hints.hide()
            if name in _WIDE:
                opened.resize(SIZES["1920"])
                yield f"{name}-1920", opened
                opened.resize(SIZES["1366"])
        opened.lock()
        yield f"locked-{login}", opened
        opened.switch()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)  # no loop does it
    opened.close()
    opened.scanner.deleteLater()
    opened.idle.deleteLater()
    opened.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def _look(scheme: Scheme) -> None:
    if Theme.active().scheme is not scheme:
        Theme.active().use(scheme)


def _open(services: Workbench, folder: Path) -> MainWindow:
    opened = window(
        services,
        folder / "window.ini",
        "demo.db",
        locale=QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom),
        tasks=InlineTasks(),
    )
    opened.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    opened.resize(SIZES["1366"])
    opened.show()
    return opened


def _tours(services: Workbench) -> dict[str, list[tuple[str, Place]]]:
    """Who goes where: the places of each role, with one case of each state and one sheet of each kind."""
    supervisor: list[tuple[str, Place]] = [
        (f"queue-{queue.value.replace(' ', '-')}", Place(f"queue:{queue.value}")) for queue in Queue
    ]
    supervisor += [
        (f"case-{state.replace(' ', '-')}", Place("case", case)) for state, case in _cases(services)
    ]
    supervisor += [("stock", Place("stock", (hit.kind, hit.target))) for hit in _found(services)]
    sheets = services.counting.sheets(_READER)
    by_state = {sheet.state: sheet.sheet_id for sheet in sheets}
    supervisor += [("sheets", Place("counting"))]
    supervisor += [(f"sheet-{state}", Place("counting", sheet)) for state, sheet in by_state.items()]
    supervisor += [(f"why-{page}", Place("why", page)) for page in ("patterns", "clocks", "learned")]
    supervisor += [("import", Place("import")), ("policy-read", Place("policy"))]
    open_sheet = by_state.get("open")
    reports: list[tuple[str, Place]] = [
        (f"report-{kind}", Place("reports", (kind, target)))
        for kind, target in (
            ("reconciliation", ""),
            ("negatives", ""),
            ("register", ""),
            ("count-sheet", open_sheet),
        )
        if target is not None
    ]
    return {
        "okafor": supervisor,
        "kaya": [
            ("approvals", Place("approvals")),
            ("alerts", Place("alerts")),
            ("policy", Place("policy")),
            ("why-learned-manager", Place("why", "learned")),
        ],
        "moreau": [
            ("count-sheets-counter", Place("counting")),
            ("count-entry", Place("counting", open_sheet)),
        ],
        "stein": reports,
        "weber": [
            ("people", Place("people")),
            ("messages", Place("letters")),
            ("backups", Place("backups")),
        ],
        "haddad": [("people-confirm", Place("people"))],
    }


def _found(services: Workbench) -> list[Hit]:
    """The item of the worst negative, as Ctrl+K finds it."""
    table = services.lookup.queue(_READER, Queue.NEGATIVE)
    code = str(table.value("item", 0)) if len(table) else ""
    return [hit for hit in services.lookup.find(_READER, code) if hit.kind is HitKind.ITEM][:1]


def _cases(services: Workbench) -> list[tuple[str, int]]:
    """One case of each state that a queue shows."""
    found: dict[str, int] = {}
    for queue in (Queue.NEGATIVE, Queue.TRANSIENT, Queue.OVERRIDE, Queue.SELF_CHECK, Queue.REPEAT):
        table = services.lookup.queue(_READER, queue)
        for row in range(len(table)):
            state = str(table.value("state", row))
            name = state if queue is Queue.NEGATIVE else f"{queue.value}-{state}"
            if queue is Queue.NEGATIVE or state == CaseState.NEW.value:
                found.setdefault(name, int(table.ids[row]))
    return list(found.items())
