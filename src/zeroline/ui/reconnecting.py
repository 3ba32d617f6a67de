"""The line to the database as the window sees it: lost at an instant, tried again by itself, found."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from zeroline.domain.errors import LINE_LOST, Trouble
from zeroline.domain.instant import Clock
from zeroline.ui.tasks import Problem, Tasks

_FIRST, _LONGEST = 1_000, 30_000  # ms between two tries


class Loss(NamedTuple):
    """Since when the line is lost, of when what is shown is (instants), how often it was tried, and why."""

    at: int
    shown_at: int
    tries: int
    trouble: Trouble


class Reconnecting(QObject):
    """``lost(Loss)`` when the line goes and after each try in vain; ``found(Loss)`` when it is back.

    ``knock`` asks the database for an answer, in the background; the waits between tries double. Writes that
    were never answered wait in ``unanswered``: each is told again under its own key, by hand.
    """

    lost = Signal(object)
    found = Signal(object)

    def __init__(
        self,
        tasks: Tasks,
        knock: Callable[[], None],
        clock: Clock,
        parent: QObject | None = None,
        first: int = _FIRST,
    ) -> None:
        super().__init__(parent)
        self._tasks, self._knock, self._clock = tasks, knock, clock
        self._first = self._wait = first
        self._heard = clock()
        self._knocking = False
        self.loss: Loss | None = None
        self.unanswered: list[Problem] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.try_now)
        tasks.answered.connect(self._answered)

    def takes(self, problem: Problem) -> bool:
        """Take up trouble that is about the line; False: it is about something else."""
        if problem.trouble.code not in LINE_LOST:
            return False
        if problem.writes:
            self.unanswered.append(problem)
        if self.loss is None:
            self._wait = self._first
            self.loss = Loss(self._clock(), self._heard, 0, problem.trouble)
            self._tasks.offline = True
            self._timer.start(self._wait)
        self.lost.emit(self.loss)
        return True

    def try_now(self) -> None:
        """Ask whether the database answers."""
        if self.loss is None or self._knocking:
            return
        self._timer.stop()
        self._knocking = True
        self._tasks.knock(self._knock, self._knocked)

    def _knocked(self, trouble: Trouble | None) -> None:
        self._knocking = False
        loss = self.loss
        if loss is None:
            return
        if trouble is None:
            self.loss = None
            self._tasks.offline = False
            self._heard = self._clock()
            self.found.emit(loss)
            return
        self._wait = min(2 * self._wait, _LONGEST)
        self.loss = loss._replace(tries=loss.tries + 1, trouble=trouble)
        self._timer.start(self._wait)
        self.lost.emit(self.loss)

    def _answered(self) -> None:
        if self.loss is None:
            self._heard = self._clock()

    def forget(self) -> None:
        """Another person sits down: what the one before told is not told again."""
        self.unanswered.clear()

    def send_again(self) -> None:
        """Tell again what was never answered, in the order in which it was told."""
        waiting, self.unanswered = self.unanswered, []
        for problem in waiting:
            problem.retry()
