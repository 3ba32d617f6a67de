"""What a screen works with: one workstation, one signed-in person."""

from __future__ import annotations

from typing import Any, NamedTuple

from PySide6.QtCore import QObject, Signal

from zeroline.domain.person import Person
from zeroline.services.workbench import Workbench
from zeroline.ui.memory import Memory
from zeroline.ui.prompts import Prompts
from zeroline.ui.scanner import Scanner
from zeroline.ui.tasks import Tasks
from zeroline.ui.text.format import Format
from zeroline.ui.theme import Theme, Tone


class Place(NamedTuple):
    """Where the person can be: the key of a screen and what it shows there (a case id, a sheet id …)."""

    screen: str
    target: Any = None


class CaseSet(NamedTuple):
    """Some cases of a queue as its target, with what they are called together."""

    ids: tuple[int, ...]
    called: str


class Ways(QObject):
    """How a screen leads somewhere else or speaks to the person; the window listens."""

    wanted = Signal(object)  # Place
    back_wanted = Signal()
    said = Signal(str, object)  # sentence, Tone: the bar above the screen
    counts_stale = Signal()
    count_kept = Signal()  # a count was kept on this workstation

    def go(self, screen: str, target: Any = None) -> None:
        """Open a screen, optionally on one thing."""
        self.wanted.emit(Place(screen, target))

    def back(self) -> None:
        """To the screen before."""
        self.back_wanted.emit()

    def say(self, sentence: str, tone: Tone = Tone.NORMAL) -> None:
        """One sentence in the bar above the screen; Tone.NEGATIVE stays until it is closed."""
        self.said.emit(sentence, tone)


class Desk(NamedTuple):
    """Everything a screen may use. Services are called inside ``tasks`` work only, never on the UI thread."""

    person: Person
    services: Workbench
    tasks: Tasks
    prompts: Prompts
    memory: Memory
    theme: Theme
    format: Format
    scanner: Scanner
    ways: Ways
