"""Something nobody foresaw: say so, offer the details, let the person go on."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from zeroline.ui.tasks import Crash
from zeroline.ui.theme import GRID


class CrashDialog(QDialog):
    """Shows the details of a Crash; the window stays up behind it."""

    def __init__(self, parent: QWidget, crash: Crash, log: Path | None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setWindowTitle("Zeroline met an error of its own")
        self.setMinimumSize(640, 360)
        text = (
            "Nothing you saved is lost, and you can go on. "
            "Please send these details to whoever looks after Zeroline."
        )
        if log is not None:
            text += f" They are also in {log}."
        said = QLabel(text)
        said.setWordWrap(True)
        self.details = QPlainTextEdit(crash.details)
        self.details.setReadOnly(True)
        self.details.setAccessibleName("Details of the error")
        copy, go_on = QPushButton("Copy details"), QPushButton("Go on")
        copy.clicked.connect(lambda: QApplication.clipboard().setText(crash.details))
        go_on.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addStretch(1)
        for button in (copy, go_on):
            button.setAutoDefault(False)
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[5 * GRID] * 4)
        column.setSpacing(3 * GRID)
        column.addWidget(said)
        column.addWidget(self.details, 1)
        column.addLayout(row)
