"""The small dialog behind most questions."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from zeroline.ui.dialogs.typed import KEPT, stays_once
from zeroline.ui.theme import GRID, Tone, kind, tone
from zeroline.ui.widgets.buttons import DeliberateButton


class Question(QDialog):
    """Text, one field or none, Cancel and the button with the verb.

    ``check`` may answer a sentence that keeps the dialog open. With ``final`` no button is default and
    Enter does nothing: it cannot be taken back, and scanners end with Enter.
    """

    def __init__(
        self, parent: QWidget, title: str, text: str, action: str, *, final: bool = False, typed: bool = False
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setMinimumWidth(420)
        self.check: Callable[[], str | None] | None = None
        self._final = final
        self._body = QVBoxLayout(self)
        self._body.setContentsMargins(*[5 * GRID] * 4)
        self._body.setSpacing(3 * GRID)
        self.said = QLabel(text)
        self.said.setWordWrap(True)
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        self._body.addWidget(self.said)
        self.wrong = QLabel()
        self.wrong.setWordWrap(True)
        tone(self.wrong, Tone.NEGATIVE)
        self.wrong.hide()
        self._body.addWidget(self.wrong)
        self.yes: QPushButton = DeliberateButton(action) if final else QPushButton(action)
        self.no = QPushButton("Cancel")
        kind(self.yes, "danger" if final else "primary")
        row = QHBoxLayout()
        row.setSpacing(2 * GRID)
        row.addStretch(1)
        for button in (self.no, self.yes):
            button.setAutoDefault(False)
            row.addWidget(button)
        self._body.addLayout(row)
        self.yes.setDefault(not final and not typed)
        self.no.clicked.connect(self.reject)
        self.yes.clicked.connect(self.accept)
        if final:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setFocus()
        elif not typed:
            self.yes.setFocus()

    def put(self, field: QWidget) -> None:
        """Place the answer's field under the text."""
        self._body.insertWidget(1, field)
        field.setFocus()

    def say_wrong(self, sentence: str) -> None:
        """Show why the answer will not do; it stays as it was typed."""
        self.wrong.setText(sentence)
        self.wrong.setVisible(bool(sentence))

    def accept(self) -> None:
        sentence = self.check() if self.check is not None else None
        if sentence:
            self.say_wrong(sentence)
        else:
            super().accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if stays_once(self, event, self.wrong.text()):
            self.say_wrong(KEPT)
            event.accept()
            return
        if self._final and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
            return
        super().keyPressEvent(event)
