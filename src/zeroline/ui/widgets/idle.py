"""Notices that nobody has touched keyboard or mouse for a while."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

_TOUCHES = frozenset(
    (
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
    )
)


class IdleWatch(QObject):
    """Emits ``idle`` once when ``seconds`` passed without a touch; 0 seconds: never.

    ``clock`` answers µs and only ever grows; the machine's sleep counts because the clock is looked at, not
    the timer. ``check`` may be called at any time and is what the timer calls.
    """

    idle = Signal()

    def __init__(
        self, application: QApplication, seconds: int, clock: Callable[[], int], *, noticing: bool = True
    ) -> None:
        super().__init__(application)
        self._application = application
        self._clock = clock
        self._seconds = seconds
        self._touched = clock()
        self._told = False
        self._timer = QTimer(self)
        self._timer.setInterval(1_000)
        self._timer.timeout.connect(self.check)
        if noticing:
            self.notice()

    def notice(self) -> None:
        """Begin to notice touches. Until then nothing puts the end off, and no event comes through here."""
        self._application.installEventFilter(self)

    def start(self, seconds: int | None = None) -> None:
        """Begin to watch, with another limit if given."""
        self._seconds = self._seconds if seconds is None else seconds
        self._touched, self._told = self._clock(), False
        if self._seconds > 0:
            self._timer.start()
        else:
            self._timer.stop()

    def stop(self) -> None:
        """Nobody is signed in: nothing to lock."""
        self._timer.stop()

    @property
    def remaining(self) -> int:
        """Seconds until the lock, 0 when it is due."""
        return max(0, self._seconds - (self._clock() - self._touched) // 1_000_000)

    def check(self) -> None:
        if self._timer.isActive() and not self._told and self.remaining == 0:
            self._told = True
            self._timer.stop()
            self.idle.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _TOUCHES and self._timer.isActive():
            self.check()
            if not self._told:
                self._touched = self._clock()
        return False
