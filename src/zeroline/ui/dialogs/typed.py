"""What somebody typed into a dialog and would lose with a careless Escape."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QPlainTextEdit

KEPT = "What you typed is not kept. Press Esc again to let it go."


def holds_typed(dialog: QDialog) -> bool:
    """Whether some field holds what a person typed; secrets do not count."""
    fields = dialog.findChildren(QLineEdit)
    shown = (field for field in fields if field.echoMode() == QLineEdit.EchoMode.Normal)
    if any(field.isModified() and field.text().strip() for field in shown):
        return True
    return any(
        text.document().isModified() and text.toPlainText().strip()
        for text in dialog.findChildren(QPlainTextEdit)
    )


def stays_once(dialog: QDialog, event: QKeyEvent, said: str) -> bool:
    """Whether this Escape is the first one over typed input, so that the dialog stays and says so."""
    return event.key() == Qt.Key.Key_Escape and said != KEPT and holds_typed(dialog)
