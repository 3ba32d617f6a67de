"""A workstation for tests of screens: real services over the test's warehouse, work done at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication, QDialog

from support.prompts import ScriptedPrompts
from support.screen import put_on_screen
from support.warehouse import CHEAP, Warehouse
from zeroline.domain.person import Person
from zeroline.services.workbench import Workbench
from zeroline.ui.desk import Desk, Place, Ways
from zeroline.ui.memory import Memory
from zeroline.ui.scanner import Scanner
from zeroline.ui.screens.screen import Screen
from zeroline.ui.tasks import InlineTasks
from zeroline.ui.text.format import Format
from zeroline.ui.theme import Theme, Tone

S = TypeVar("S", bound=Screen)


@dataclass
class Workstation:
    """``desk(person)`` seats somebody, ``show(screen)`` puts their screen in front of them.

    ``prompts`` answers questions; ``said`` keeps (sentence, tone) of the bar above the screen, ``went`` the
    places that screens led to, ``crashes`` what must never happen.
    """

    qtbot: Any
    warehouse: Warehouse
    services: Workbench
    tasks: InlineTasks
    scanner: Scanner
    settings: Path
    prompts: ScriptedPrompts = field(default_factory=ScriptedPrompts)
    said: list[tuple[str, Tone]] = field(default_factory=list)
    went: list[Place] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)

    def desk(self, person: Person) -> Desk:
        """What a screen of this person works with."""
        ways = Ways(self.tasks)
        ways.said.connect(lambda sentence, tone: self.said.append((sentence, tone)))
        ways.wanted.connect(self.went.append)
        return Desk(
            person=person,
            services=self.services,
            tasks=self.tasks,
            prompts=self.prompts,
            memory=Memory(self.settings).of(person.login),
            theme=Theme.active(),
            format=Format(QLocale("en_GB"), ZoneInfo("UTC"), self.warehouse.clock),
            scanner=self.scanner,
            ways=ways,
        )

    def show(self, screen: S, target: Any = None, width: int = 1158, height: int = 680) -> S:
        """Open a screen as the window does: it hears of every write."""
        self.tasks.changed.connect(lambda changes, _owner: screen.announce(changes))
        put_on_screen(self.qtbot, screen, width, height)
        screen.open(target)
        screen.setFocus()
        return screen

    def dialog(self, kind: type[QDialog]) -> Any:
        """The open dialog of a kind; fails when there is none."""
        found = [
            widget
            for widget in QApplication.topLevelWidgets()
            if isinstance(widget, kind) and widget.isVisible()
        ]
        assert found, f"no {kind.__name__} is open"
        return found[-1]


@pytest.fixture
def workstation(
    qtbot: Any, qapp: QApplication, warehouse: Warehouse, tmp_path: Path
) -> Iterator[Workstation]:
    """A workstation over the test's warehouse."""
    services = Workbench(f"sqlite:///{warehouse.path}", warehouse.clock, hasher=CHEAP)
    tasks, scanner = InlineTasks(), Scanner(qapp)
    made = Workstation(qtbot, warehouse, services, tasks, scanner, tmp_path / "window.ini")
    tasks.crashed.connect(lambda crash: made.crashes.append(crash.details))
    tasks.refused.connect(lambda error, _owner: made.said.append((str(error), Tone.NEGATIVE)))
    yield made
    qapp.removeEventFilter(scanner)
    scanner.deleteLater()
    tasks.close()
    tasks.deleteLater()
    services.dispose()
    assert made.crashes == []
