"""Which sheet is being counted, how far it is, and whether it is keyed from paper."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QWidget

from zeroline.domain.views.counting import BlindSheet
from zeroline.ui.text.format import Format
from zeroline.ui.text.phrase import counted
from zeroline.ui.theme import GRID, Tone, tone
from zeroline.ui.widgets.elided_label import ElidedLabel


class EntryHead(QWidget):
    """One line above the count."""

    def __init__(self, form: Format) -> None:
        super().__init__()
        self._form = form
        self.title = ElidedLabel()
        self.title.setProperty("textsize", "large")
        self.told = QLabel()
        tone(self.told, Tone.MUTED)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedSize(160, 12)
        self.bar.setAccessibleName("Progress")
        self.paper = QLabel()
        tone(self.paper, Tone.CAUTION)
        row = QHBoxLayout(self)
        row.setContentsMargins(4 * GRID, 2 * GRID, 4 * GRID, 2 * GRID)
        row.setSpacing(3 * GRID)
        row.addWidget(self.title, 1)
        for widget in (self.paper, self.told, self.bar):
            row.addWidget(widget)
        self.show_paper(None)

    def show_sheet(self, sheet: BlindSheet) -> None:
        """Number, title, how many lines are done and how many are for somebody else, due time."""
        form = self._form
        self.title.setText(" · ".join(part for part in (sheet.number, sheet.title) if part))
        others = sum(bool(line.blocked) for line in sheet.lines)
        done, of = sheet.done - others, len(sheet.lines) - others
        told = [f"{done} of {counted(of, 'line', 'lines')} done"] if of else []
        told += [f"{others} for somebody else"] if others else []
        if sheet.due_at:
            due = form.due(sheet.due_at)
            told.append(due if form.is_late(sheet.due_at) else f"due {due}")
        self.told.setText(" · ".join(told))
        self.bar.setRange(0, max(1, of))
        self.bar.setValue(done)

    def show_paper(self, counted_at: int | None) -> None:
        """The time of the count while it is keyed from paper."""
        self.paper.setText("" if counted_at is None else f"From paper, counted {self._form.when(counted_at)}")
        self.paper.setVisible(counted_at is not None)
