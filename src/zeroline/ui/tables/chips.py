"""The conditions of a filter as chips, each with its own way out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from zeroline.ui.tables.filters import Filter
from zeroline.ui.theme import GRID, Theme, kind


class Chips(QWidget):
    """Shows conditions in words; a click or Space on one asks to take it away."""

    dropped = Signal(object)
    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(GRID)
        self.hide()

    def show_conditions(self, conditions: Sequence[tuple[Filter, str]]) -> None:
        """(condition, its words); hides itself when there are none."""
        while (item := self._row.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for node, words in conditions:
            self._row.addWidget(self._chip(words, node))
        if len(conditions) > 1:
            clear = QToolButton()
            clear.setText("Clear all")
            kind(clear, "quiet")
            clear.clicked.connect(self.cleared)
            self._row.addWidget(clear)
        self._row.addStretch(1)
        self.setVisible(bool(conditions))

    def _chip(self, words: str, node: Filter) -> QToolButton:
        chip = QToolButton()
        chip.setText(words)
        chip.setIcon(Theme.active().icon("cross"))
        chip.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        chip.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        chip.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        chip.setAccessibleName(f"Filter {words}; remove it")
        chip.setToolTip("Remove this filter")
        kind(chip, "chip")
        chip.clicked.connect(lambda: self.dropped.emit(node))
        return chip
