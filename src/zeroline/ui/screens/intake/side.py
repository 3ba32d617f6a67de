"""The mapping as it stands: a saved one, matched column by column, or written as text."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from zeroline.domain.incoming import RecordKind
from zeroline.domain.views.intake import SavedMapping
from zeroline.ui.screens.intake.lists import KINDS
from zeroline.ui.screens.intake.matching import MatchingForm
from zeroline.ui.theme import GRID, face
from zeroline.ui.widgets.buttons import ActionButton

_NEW = "Match the columns here"
_FILE = "\0file"
_CHECK_AFTER = 250  # ms after the last change of the mapping


class MappingSide(QWidget):
    """``edited`` some time after the last change: read the first rows anew. ``columns_wanted``: the form is
    to offer a file's columns. ``file_wanted``: a mapping is to be taken from a file.

    ``by_hand`` while the text rules; a change in the form makes the form rule again.
    """

    edited = Signal()
    columns_wanted = Signal()
    file_wanted = Signal()

    def __init__(self, save: QAction) -> None:
        super().__init__()
        self.by_hand = False
        self._saved: dict[str, SavedMapping] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_CHECK_AFTER)
        self._timer.timeout.connect(self.edited)
        self.kind = QComboBox()
        self.kind.setAccessibleName("What its rows are")
        for kind, words in KINDS.items():
            self.kind.addItem(words, kind.value)
        self.mapping = QComboBox()
        self.mapping.setAccessibleName("Mapping")
        self.name = QLineEdit()
        self.name.setAccessibleName("Name of the mapping")
        self.name.setPlaceholderText("Name to save it under")
        self.form = MatchingForm()
        self.written = QPlainTextEdit()
        self.written.setFont(face(code=True))
        self.written.setAccessibleName("Mapping as text")
        self.tabs = QTabWidget()
        self.tabs.addTab(self.form, "Columns")
        self.tabs.addTab(self.written, "As text")
        self._lay_out(save)
        self.show_saved(())
        self.form.sheet_chosen.connect(self.columns_wanted)
        self.form.edited.connect(self._matched)
        self.written.textChanged.connect(self._typed)
        self.kind.activated.connect(lambda _n: self.columns_wanted.emit())
        self.mapping.activated.connect(lambda _n: self._pick())

    def _lay_out(self, save: QAction) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * GRID)
        for words, field in (("Its rows are", self.kind), ("Mapping", self.mapping)):
            row = QHBoxLayout()
            label = QLabel(words)
            label.setBuddy(field)
            label.setFixedWidth(88)
            row.addWidget(label)
            row.addWidget(field, 1)
            column.addLayout(row)
        column.addWidget(self.tabs, 1)
        row = QHBoxLayout()
        row.addWidget(self.name, 1)
        row.addWidget(ActionButton(save))
        column.addLayout(row)

    @property
    def record_kind(self) -> RecordKind:
        """What the rows of the file are said to be."""
        return RecordKind(self.kind.currentData())

    @property
    def given_name(self) -> str:
        """The name the mapping is to be kept under, '' for none yet."""
        return self.name.text().strip()

    def text(self) -> str:
        """The mapping as TOML; the text tab always shows it."""
        if self.by_hand:
            return self.written.toPlainText()
        text = self.form.text(self.given_name)
        self._show_text(text)
        return text

    def show_saved(self, saved: Sequence[SavedMapping]) -> None:
        """Offer the saved mappings; the chosen one stays chosen."""
        chosen = self.mapping.currentText()
        self._saved = {mapping.name: mapping for mapping in saved}
        self.mapping.clear()
        self.mapping.addItem(_NEW, "")
        for name in self._saved:
            self.mapping.addItem(name, name)
        self.mapping.addItem("From a file (.toml)…", _FILE)
        self.mapping.setCurrentIndex(max(0, self.mapping.findText(chosen)))

    def write(self, text: str, name: str) -> None:
        """Take over a mapping as text: from now on the text rules."""
        self.by_hand = True
        self.name.setText(name)
        self._show_text(text)
        self.tabs.setCurrentWidget(self.written)
        self.edited.emit()

    def match(self) -> None:
        """Back to matching columns in the form."""
        self.by_hand = False
        self.mapping.setCurrentIndex(0)
        self.tabs.setCurrentWidget(self.form)

    def _show_text(self, text: str) -> None:
        if self.written.toPlainText() == text:
            return
        with QSignalBlocker(self.written):
            self.written.setPlainText(text)

    def _pick(self) -> None:
        """A saved mapping, one from a file, or the form again."""
        chosen = str(self.mapping.currentData())
        if chosen == _FILE:
            self.file_wanted.emit()
        elif chosen:
            self.write(self._saved[chosen].toml, chosen)
        else:
            self.match()
            self.columns_wanted.emit()

    def _matched(self) -> None:
        self.by_hand = False
        self.mapping.setCurrentIndex(0)
        self._timer.start()

    def _typed(self) -> None:
        self.by_hand = True
        self._timer.start()
