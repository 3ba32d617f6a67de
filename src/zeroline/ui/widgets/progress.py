"""How far a long work is, in words and as a bar, with its Stop."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from zeroline.domain.backup import Watch
from zeroline.ui.tasks import Ticket
from zeroline.ui.theme import GRID

_WHOLE = 1000


class ProgressStrip(QWidget):
    """Shown only while a work is under way. ``steps`` names its steps for people."""

    ended = Signal()

    def __init__(self, name: str, steps: Mapping[str, str]) -> None:
        super().__init__()
        self._steps = steps
        self._ticket: Ticket | None = None
        self.step = QLabel()
        self.bar = QProgressBar()
        self.bar.setAccessibleName(name)
        self.bar.setTextVisible(False)
        self.stop = QPushButton("Stop")
        self.stop.setAutoDefault(False)
        self.stop.clicked.connect(self.cancel)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * GRID)
        row.addWidget(self.step)
        row.addWidget(self.bar, 1)
        row.addWidget(self.stop)
        self.hide()

    @property
    def busy(self) -> bool:
        """Whether a work is under way."""
        return self._ticket is not None

    def begin(self) -> tuple[Ticket, Watch]:
        """The ticket of a new work, and what the work tells its steps to."""
        ticket = self._ticket = Ticket(self)
        ticket.progressed.connect(self._show)
        ticket.ended.connect(self._ended)
        self.step.clear()
        self.bar.setRange(0, 0)
        self.stop.setEnabled(True)
        self.show()

        def watch(done: int, of: int, step: str) -> None:
            if of:
                ticket.report(min(done * _WHOLE // of, _WHOLE), _WHOLE, step)
            else:
                ticket.report(0, 0, step)

        return ticket, watch

    def cancel(self) -> None:
        """Give up the work under way."""
        if self._ticket is not None:
            self.stop.setEnabled(False)
            self._ticket.cancel()

    def _show(self, done: int, of: int, step: str) -> None:
        self.step.setText(f"{self._steps[step]} …")
        self.bar.setRange(0, of)
        self.bar.setValue(done)

    def _ended(self) -> None:
        if self._ticket is not None:
            self._ticket.deleteLater()
        self._ticket = None
        self.hide()
        self.ended.emit()
