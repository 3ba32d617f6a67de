"""A dialog that is filled in, writes, and stays open with what was typed when the write is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from zeroline.domain.errors import ChangedMeanwhile, DomainError
from zeroline.ui.desk import Desk
from zeroline.ui.dialogs.typed import KEPT, stays_once
from zeroline.ui.tasks import Problem
from zeroline.ui.theme import GRID, Tone, kind, tone
from zeroline.wording import sentence

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Form(QDialog):
    """Title, fields in ``body``, what is wrong, Cancel and the verb. Ctrl+Enter does it from any field.

    ``stale``: somebody else changed the record; what is behind the dialog should be read again, the typed
    input stays. Subclasses write through :meth:`send`.
    """

    stale = Signal()

    def __init__(self, parent: QWidget, desk: Desk, title: str, action: str, width: int = 520) -> None:
        super().__init__(parent)
        self.desk = desk
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setMinimumWidth(width)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(*[4 * GRID] * 4)
        outer.setSpacing(3 * GRID)
        self.body = QVBoxLayout()
        self.body.setSpacing(2 * GRID)
        outer.addLayout(self.body, 1)
        self.wrong = QLabel()
        self.wrong.setWordWrap(True)
        self.wrong.setTextFormat(Qt.TextFormat.PlainText)
        self.wrong.setAccessibleName("What is wrong")
        tone(self.wrong, Tone.NEGATIVE)
        self.wrong.hide()
        outer.addWidget(self.wrong)
        self.feet = QHBoxLayout()
        self.feet.setSpacing(2 * GRID)
        self.feet.addStretch(1)
        self.no = QPushButton("Cancel")
        self.yes = QPushButton()
        kind(self.yes, "primary")
        self.yes.setToolTip("Ctrl+Enter")
        for button in (self.no, self.yes):
            button.setAutoDefault(False)
            self.feet.addWidget(button)
        outer.addLayout(self.feet)
        self.name_action(action)
        self.no.clicked.connect(self.reject)
        self.yes.clicked.connect(self.go)
        desk.tasks.trouble.connect(self._stuck)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self._go_if_ready)

    def name_action(self, action: str) -> None:
        """The verb with its object on the button that does it."""
        self.yes.setText(action)
        self.yes.setAccessibleName(action)

    def field(self, label: str, widget: QWidget) -> QLabel:
        """Put a field under its label; answers the label."""
        words = QLabel(label)
        words.setProperty("textsize", "small")
        tone(words, Tone.MUTED)
        words.setBuddy(widget)
        if not widget.accessibleName():
            widget.setAccessibleName(label.replace("&", ""))
        self.body.addWidget(words)
        self.body.addWidget(widget)
        return words

    def say_wrong(self, words: str) -> None:
        """Why it was not done; '' takes it away."""
        self.wrong.setText(words)
        self.wrong.setVisible(bool(words))

    def go(self) -> None:
        """Do it; overridden with what is to be written."""
        self.accept()

    def send(self, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        """Write; close when it is done, else say why not and keep everything."""
        self.say_wrong("")
        self.yes.setEnabled(False)

        def finished(value: Any) -> None:
            self.accept()
            done(value)

        self.desk.tasks.command(work, owner=self, done=finished, failed=self._refused)

    def _refused(self, error: DomainError) -> None:
        self.yes.setEnabled(True)
        self.say_wrong(sentence(error))
        if isinstance(error, ChangedMeanwhile):
            self.stale.emit()

    def _stuck(self, problem: Problem) -> None:
        """The surroundings failed under the write: the bar behind cannot be reached from here."""
        if problem.owner is self:
            self.yes.setEnabled(True)
            self.say_wrong(sentence(problem.trouble))

    def _go_if_ready(self) -> None:
        if self.yes.isEnabled():
            self.go()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if stays_once(self, event, self.wrong.text()):
            self.say_wrong(KEPT)
            event.accept()
        elif event.key() in _ENTER:
            event.accept()  # only the button, or Ctrl+Enter: scans end with Enter
        else:
            super().keyPressEvent(event)
