"""How verbs of a screen write: behind the window, with a sentence when it is done or refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from zeroline.domain.changes import Changes
from zeroline.domain.errors import ChangedMeanwhile, DomainError
from zeroline.ui.desk import Desk
from zeroline.ui.text.phrase import counted
from zeroline.ui.theme import Tone
from zeroline.wording import sentence

Pair = tuple[str, int]
"""Evidence: kind and target."""
T = TypeVar("T")


Versions = Callable[[Sequence[int]], Mapping[int, int]]


class Shown:
    """Versions of the cases that a person decides about: as they were when the question was asked.

    Once they have been told that somebody was faster, they decide about what is on show then.
    """

    def __init__(self, versions: Versions, ids: Sequence[int]) -> None:
        self._versions, self._ids = versions, tuple(ids)
        self._first: Mapping[int, int] | None = versions(ids)

    def __call__(self) -> Mapping[int, int]:
        """For the next write."""
        first, self._first = self._first, None
        return self._versions(self._ids) if first is None else first


class Writing(QObject):
    """``stale``: somebody else was faster; what is on show should be read again."""

    stale = Signal()

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._parent = parent
        self.versions: Versions = lambda _ids: {}
        """The versions of cases as they are on show; the screen says so."""

    def _write(self, work: Callable[[], Any], said: str) -> None:
        self._desk.tasks.command(work, owner=self, done=lambda _: self._say(said), failed=self._refused)

    def _say(self, said: str) -> None:
        self._desk.ways.say(said)

    def _say_part(self, refused: Refused, whole: int, what: str) -> None:
        """Some were written, then one was refused."""
        told = f"{refused.done} of {whole} {what}; then: {sentence(refused.error)}"
        self._desk.ways.say(told, Tone.CAUTION)

    def _refused(self, error: DomainError) -> None:
        self._desk.ways.say(sentence(error), Tone.NEGATIVE)
        if isinstance(error, ChangedMeanwhile):
            self.stale.emit()

    def _show(self, dialog: QDialog) -> None:
        stale = getattr(dialog, "stale", None)
        if stale is not None:
            stale.connect(self.stale)
        dialog.open()


@dataclass(frozen=True)
class Refused:
    """How far a series of writes came, and what stopped it."""

    done: int
    error: DomainError


def one_by_one(things: Sequence[T], write: Callable[[T], Changes]) -> tuple[Refused | None, Changes]:
    """Write each; a refusal after the first leaves what was written and says how far it came."""
    made = Changes()
    for number, thing in enumerate(things):
        try:
            made |= write(thing)
        except DomainError as error:
            if not number:
                raise
            return Refused(number, error), made
    return None, made


def cases(ids: Sequence[int]) -> str:
    """'1 case', '12 cases'."""
    return counted(len(ids), "case", "cases")
