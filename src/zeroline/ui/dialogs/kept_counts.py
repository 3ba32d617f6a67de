"""The counts that this workstation keeps: which wait, which were refused and why, whose else wait here."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from zeroline.domain.errors import DomainError
from zeroline.domain.views.kept import KeptCount, Waiting
from zeroline.ui.desk import Desk
from zeroline.ui.tables.column import Align, Column, code_column
from zeroline.ui.tables.rows import Rows
from zeroline.ui.tables.view import TableView
from zeroline.ui.text import kept
from zeroline.ui.text.columns import when_column
from zeroline.ui.text.format import Format
from zeroline.ui.theme import GRID, Tone, tone
from zeroline.wording import sentence


class _Row:
    """A line of the list; ``error`` None: it waits to be sent."""

    def __init__(self, count: KeptCount, error: DomainError | None) -> None:
        self.id = count.seq
        self.count = count
        self.error = error
        self.at = count.at if count.paper_at is None else count.paper_at
        self.state = "will be sent" if error is None else "refused"
        self.tone = Tone.CAUTION if error is None else Tone.NEGATIVE
        self.shape = "save" if error is None else "blocked"


def _columns(form: Format) -> tuple[Column, ...]:
    return (
        when_column("at", "Counted at", form, width=112),
        code_column("sheet", "Sheet", value=lambda row: row.count.sheet, width=112),
        code_column("location", "Bin", value=lambda row: row.count.location, width=96),
        code_column("item", "Item", value=lambda row: row.count.item, width=128, stretch=True),
        Column("text", "Counted", value=lambda row: row.count.text, width=96, align=Align.RIGHT),
        Column("state", "State", tone_from="tone", icon_from="shape", width=128),
    )


class KeptCountsDialog(QDialog):
    """A list with what can be done about a refused one; ``discard`` gets its key, or '' for all that is
    damaged. Closing changes nothing."""

    def __init__(self, parent: QWidget, desk: Desk, discard: Callable[[str], None]) -> None:
        super().__init__(parent)
        self._desk = desk
        self._discard = discard
        self._rows: dict[int, _Row] = {}
        self._damaged = 0
        self._line_columns = _columns(desk.format)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setWindowTitle("Counts kept on this workstation")
        self.setAccessibleName(self.windowTitle())
        self.setMinimumSize(720, 400)
        self.table = TableView(self._line_columns)
        self.table.setAccessibleName("Your counts that are kept here")
        self.table.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.table.current_changed.connect(lambda _: self._look())
        self.why, self.others = QLabel(), QLabel()
        for label in (self.why, self.others):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        tone(self.others, Tone.MUTED)
        self.why.setAccessibleName("Why it was refused")
        self.others.setAccessibleName("What else is kept here")
        self.see, self.drop, close = (
            QPushButton("Show the sheet"),
            QPushButton("Discard"),
            QPushButton("Close"),
        )
        self.see.clicked.connect(self._see)
        self.drop.clicked.connect(self._ask)
        close.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.setSpacing(2 * GRID)
        row.addStretch(1)
        for button in (self.drop, self.see, close):
            button.setAutoDefault(False)
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[4 * GRID] * 4)
        column.setSpacing(3 * GRID)
        for widget in (self.table, self.why, self.others):
            column.addWidget(widget)
        column.setStretchFactor(self.table, 1)
        column.addLayout(row)

    def show_kept(self, found: Waiting) -> None:
        """Show what is kept now; the cursor stays on its count."""
        rows = [_Row(one.count, one.error) for one in found.refused]
        rows += [_Row(count, None) for count in found.mine]
        self._rows = {row.id: row for row in rows}
        self._damaged = found.unreadable
        self.table.set_rows(
            Rows.of(
                self._line_columns,
                rows,
                id="id",
                also={"tone": lambda row: row.tone, "shape": lambda row: row.shape},
            )
        )
        self.table.fit()
        if self.table.current_id() is None:
            self.table.select_first()
        told = [*kept.of_others(found), kept.damaged(found)]
        self.others.setText("\n".join(part for part in told if part))
        self.others.setVisible(bool(self.others.text()))
        self._look()

    def _current(self) -> _Row | None:
        return self._rows.get(self.table.current_id() or 0)

    def _look(self) -> None:
        row = self._current()
        if row is None:
            words = "Nothing of yours is kept here."
        elif row.error is None:
            words = "It is sent as soon as the connection is back, after what was counted before it."
        else:
            words = sentence(row.error)
        self.why.setText(words)
        self.see.setEnabled(row is not None and not self._desk.tasks.offline)
        self.drop.setEnabled(row.error is not None if row is not None else bool(self._damaged))

    def _see(self) -> None:
        row = self._current()
        if row is not None:
            self.reject()
            self._desk.ways.go("counting", row.count.sheet_id)

    def _ask(self) -> None:
        row = self._current()
        key = row.count.key if row is not None else ""
        told = "What cannot be read any more is thrown away. Count again what is missing on your sheets."
        if row is not None:
            told = f"{kept.label(row.count, self._desk.format)}, is in no sheet and will be in none."
        self._desk.prompts.confirm(
            self,
            "Discard the count" if key else "Discard what is damaged",
            told,
            action="Discard this count" if key else "Discard it",
            accepted=lambda: self._discard(key),
            final=True,
        )
