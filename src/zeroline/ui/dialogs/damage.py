"""A database that cannot be opened or used: what happened, and the ways out."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from zeroline.domain.errors import Trouble
from zeroline.domain.instant import Clock
from zeroline.ui.dialogs.restoring import RestoreDialog
from zeroline.ui.prompts import Prompts
from zeroline.ui.tasks import Tasks
from zeroline.ui.theme import GRID, Theme, Tone, kind, tone
from zeroline.wording import sentence

READABLE = frozenset(
    {"database-damaged", "database-io", "database-read-only", "database-locked", "disk-full"}
)
"""Troubles in spite of which the file may perhaps still be read."""


class DamageDialog(QDialog):
    """``looking`` is set when the person wants to open the database for reading only."""

    def __init__(
        self,
        parent: QWidget | None,
        trouble: Trouble,
        where: str,
        log: Path | None,
        tasks: Tasks,
        prompts: Prompts,
        clock: Clock,
        *,
        readable: bool,
    ) -> None:
        super().__init__(parent)
        self.looking = False
        self._tasks, self._prompts, self._clock = tasks, prompts, clock
        title = "The database cannot be used"
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, parent is not None)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setMinimumWidth(560)
        self.said = QLabel(sentence(trouble))
        tone(self.said, Tone.NEGATIVE)
        ways = ["Nothing in the file was changed."]
        if readable:
            ways.append("Read-only, everything that can still be read is shown and nothing is written.")
        ways.append("Restored from a backup, a new database is made beside it; this one stays as it is.")
        self.ways = QLabel(" ".join(ways))
        place = QLabel(f"Database: {where}" + (f"\nLog: {log}" if log is not None else ""))
        place.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        tone(place, Tone.MUTED)
        icon = QLabel()
        icon.setPixmap(Theme.active().icon("warning").pixmap(20, 20))
        head = QHBoxLayout()
        head.setSpacing(2 * GRID)
        head.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.said, 1)
        self.close_it = QPushButton("Close")
        self.look = QPushButton("Open read-only")
        self.restore = QPushButton("Restore a backup…")
        self.look.setVisible(readable)
        kind(self.restore, "primary")
        self.close_it.clicked.connect(self.reject)
        self.look.clicked.connect(self._look)
        self.restore.clicked.connect(self._restore)
        buttons = QHBoxLayout()
        buttons.setSpacing(2 * GRID)
        buttons.addStretch(1)
        for button in (self.close_it, self.look, self.restore):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[5 * GRID] * 4)
        column.setSpacing(3 * GRID)
        column.addLayout(head)
        for label in (self.ways, place):
            column.addWidget(label)
        for label in (self.said, self.ways, place):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        column.addLayout(buttons)

    def _look(self) -> None:
        self.looking = True
        self.accept()

    def _restore(self) -> None:
        RestoreDialog(self, self._tasks, self._prompts, self._clock).open()
