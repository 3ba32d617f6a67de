"""Take cases off the queue without a correction, with the reason."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QPlainTextEdit, QPushButton, QWidget

from zeroline.ui.desk import Desk
from zeroline.ui.dialogs.form import Form
from zeroline.ui.theme import GRID, kind

Chosen = Callable[["DismissDialog", str], None]

_USUAL = ("Test or training data", "Handled outside Zeroline", "Stock is written off", "Bin is out of use")


class DismissDialog(Form):
    """A typed reason is required; the usual ones are one click or Alt+digit away."""

    def __init__(self, parent: QWidget, desk: Desk, what: str, chosen: Chosen) -> None:
        super().__init__(parent, desk, "Dismiss", f"Dismiss {what}")
        self._chosen = chosen
        told = QLabel(
            f"Dismiss {what}: off the queue, nothing is corrected. It comes back when the same place goes "
            "below zero again."
        )
        told.setWordWrap(True)
        self.body.addWidget(told)
        self.reason = QPlainTextEdit()
        grid = QGridLayout()
        grid.setSpacing(GRID)
        for number, words in enumerate(_USUAL, 1):
            button = QPushButton(f"{words}   Alt+{number}")
            button.setAccessibleName(words)
            kind(button, "quiet")
            button.setAutoDefault(False)
            button.setShortcut(f"Alt+{number}")
            button.setToolTip(f"Alt+{number}")
            button.clicked.connect(lambda _=False, words=words: self.reason.setPlainText(words))
            grid.addWidget(button, (number - 1) // 2, (number - 1) % 2, Qt.AlignmentFlag.AlignLeft)
        self.reason.setTabChangesFocus(True)
        self.reason.setFixedHeight(72)
        self.field("Reason", self.reason)
        self.body.addLayout(grid)
        self.reason.textChanged.connect(self._look)
        self._look()
        self.reason.setFocus()

    def _look(self) -> None:
        typed = bool(self.reason.toPlainText().strip())
        self.yes.setEnabled(typed)
        self.yes.setToolTip("Ctrl+Enter" if typed else "Write the reason first")

    def go(self) -> None:
        self._chosen(self, self.reason.toPlainText().strip())
