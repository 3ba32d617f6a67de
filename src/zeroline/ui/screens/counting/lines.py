"""The lines of a sheet beside the line being counted: where to go next, what is done."""

from __future__ import annotations

from PySide6.QtCore import Qt

from zeroline.domain.views.counting import BlindLine, BlindSheet
from zeroline.ui.screens.counting.on_sheet import KEPT
from zeroline.ui.tables.column import Align, Column, code_column
from zeroline.ui.tables.rows import Rows
from zeroline.ui.tables.view import TableView
from zeroline.ui.text.counting import blind_state, makes, marks
from zeroline.ui.text.format import Format
from zeroline.ui.theme import Row

_STATE, _STATE_KEPT = 104, 192  # "kept here, will be sent" and its sign


def _columns(form: Format) -> tuple[Column, ...]:
    def entered(line: BlindLine) -> str:
        if line.state in ("entered", KEPT) and line.quantity is not None:
            return makes(line.entered, line.quantity, line.key, form)
        return line.reason if line.state == "not counted" else ""

    return (
        Column(
            "position",
            "#",
            text=lambda position: str(position),
            align=Align.RIGHT,
            width=36,
        ),
        code_column("location", "Bin", value=lambda line: line.key.location, width=88),
        code_column("item", "Item", value=lambda line: line.key.item, width=104, stretch=True),
        Column("marks", "Lot, status", value=lambda line: marks(line.key), width=100, hidden=True),
        Column("entered", "Counted", value=entered, width=120, align=Align.RIGHT),
        Column(
            "words",
            "State",
            value=lambda line: blind_state(line)[0],
            tone_from="tone",
            icon_from="shape",
            width=_STATE,
        ),
    )


class LineList(TableView):
    """The lines in walking order; choosing one makes it the line being counted."""

    def __init__(self, form: Format) -> None:
        self._line_columns = _columns(form)
        super().__init__(self._line_columns, height=Row.LARGE)
        self.setAccessibleName("Lines of the sheet")
        self.setSelectionMode(self.SelectionMode.SingleSelection)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_lines(self, sheet: BlindSheet) -> None:
        """Show a sheet; the cursor stays on its line."""
        rows = Rows.of(
            self._line_columns,
            sheet.lines,
            id="line_id",
            also={
                "tone": lambda line: blind_state(line)[1],
                "shape": lambda line: "save" if line.state == KEPT else None,
            },
        )
        self.set_rows(rows)
        marked = any(marks(line.key) for line in sheet.lines)
        self.setColumnHidden(self.table.place("marks"), not marked)
        kept = any(line.state == KEPT for line in sheet.lines)
        self.setColumnWidth(self.table.place("words"), _STATE_KEPT if kept else _STATE)
        self.fit()
