"""The list of count sheets: what waits to be counted, by whom, how far it is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from zeroline.domain.person import Right
from zeroline.domain.views.counting import SheetRow
from zeroline.reports.sheets.seen import write_seen
from zeroline.ui.desk import Desk
from zeroline.ui.saved_views import SavedViewsOf
from zeroline.ui.tables.column import Column, code_column, text_column
from zeroline.ui.tables.panel import Empty, ListPanel
from zeroline.ui.tables.rows import Rows, Sort
from zeroline.ui.text.columns import count_column, due_column, when_column
from zeroline.ui.text.counting import ORIGINS, SHEET_RANK, SHEET_STATES, progress, sheet_tone
from zeroline.ui.text.format import Format
from zeroline.ui.text.phrase import counted
from zeroline.ui.theme import GRID, kind
from zeroline.ui.widgets.action_bar import ActionBar
from zeroline.ui.widgets.buttons import ActionButton

OPEN = ("open", "recount")


def sheet_columns(form: Format) -> tuple[Column, ...]:
    """The columns of the list."""
    return (
        code_column("number", "Sheet", width=112),
        text_column("title", "What", width=180, stretch=True),
        Column(
            "state",
            "State",
            text=lambda state: SHEET_STATES.get(state, state),
            sort_key=lambda state: SHEET_RANK.get(state, 9),
            tone_from="tone",
            width=104,
        ),
        Column("progress", "Progress", width=136),
        text_column("assigned_to", "Counter", width=132),
        due_column("due_at", "Due", form),
        Column("origin", "Made from", text=lambda origin: ORIGINS.get(origin, origin), width=128),
        text_column("created_by", "Made by", width=132),
        when_column("created_at", "Made", form),
        count_column("lines", "Lines", form, hidden=True),
        text_column("submitted_by", "Submitted by", hidden=True),
        when_column("submitted_at", "Submitted", form, hidden=True),
    )


class SheetsPage(QWidget):
    """``count_wanted``, ``results_wanted`` and the other signals carry the id of the chosen sheet."""

    count_wanted = Signal(int)
    results_wanted = Signal(int)
    assign_wanted = Signal(int)
    print_wanted = Signal(int)
    cancel_wanted = Signal(int)

    def __init__(self, desk: Desk, make: QAction | None) -> None:
        super().__init__()
        self._desk = desk
        self._may_see = desk.person.may(Right.READ_BOOK)
        self._sheets: dict[int, SheetRow] = {}
        text = (
            "Make a sheet for what is overdue, or for bins and items you choose. "
            "From a queue, C sends cases to count."
            if make is not None
            else "When a supervisor makes a count sheet it appears here. Nothing to do now."
        )
        self.panel = ListPanel(
            sheet_columns(desk.format),
            view="count sheets",
            memory=desk.memory,
            prompts=desk.prompts,
            tasks=desk.tasks,
            write_sheet=write_seen,
            empty=Empty("No count sheets", text, "count", make),
            title="Count sheets",
            sort=(Sort("state"), Sort("due_at"), Sort("number", descending=True)),
            search_hint="Filter count sheets",
            decimal=desk.format.decimal,
        )
        SavedViewsOf(self.panel, desk, "count sheets")
        self.table = self.panel.table
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.panel, 1)
        self._feet = QHBoxLayout()
        self._feet.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        self._feet.setSpacing(2 * GRID)
        self._feet.addStretch(1)
        foot = QWidget()
        foot.setLayout(self._feet)
        kind(foot, "raised")
        column.addWidget(foot)
        self.setFocusProxy(self.table)
        self.table.activated_id.connect(self.open_sheet)

    def use(self, actions: Sequence[tuple[QAction, str]]) -> None:
        """Show these actions as buttons, with their look, and in the menu of a row."""
        self._feet.addWidget(ActionBar([action for action, look in actions if look != "primary"]))
        for action, look in actions:
            if look == "primary":
                self._feet.addWidget(ActionButton(action, look))
        self.panel.row_actions = lambda: [action for action, _ in actions]

    def current(self) -> SheetRow | None:
        """The sheet the cursor is on."""
        return self._sheets.get(self.table.current_id() or 0)

    def sheet_numbered(self, number: str) -> SheetRow | None:
        """The sheet of a scanned number."""
        wanted = number.strip().casefold()
        return next((row for row in self._sheets.values() if row.number.casefold() == wanted), None)

    def open_sheet(self, sheet_id: int | None) -> None:
        """Count it while it is open; else show what it came to."""
        row = self._sheets.get(sheet_id or 0)
        if row is None:
            if sheet_id:
                self._desk.ways.say("That sheet is closed; nothing is left to count on it.")
            return
        if row.state in OPEN:
            self.count_wanted.emit(row.sheet_id)
        elif self._may_see:
            self.results_wanted.emit(row.sheet_id)
        else:
            self._desk.ways.say(f"{row.number} is {SHEET_STATES[row.state]}; nothing is left to count on it.")

    def rows_of(self, sheets: Sequence[SheetRow]) -> Rows:
        """Rows for the list, made in the reading thread."""
        return Rows.of(
            sheet_columns(self._desk.format),
            sheets,
            id="sheet_id",
            also={"progress": progress, "tone": sheet_tone},
        )

    def show_sheets(self, sheets: Sequence[SheetRow], rows: Rows, still: bool = False) -> None:
        """Show the list; the cursor stays on its sheet."""
        self._sheets = {row.sheet_id: row for row in sheets}
        first = not len(self.table.table.rows)
        self.panel.set_rows(rows, still=still)
        if first:
            self.table.select_first()
        me = self._desk.person.id
        waiting = [row for row in sheets if row.state in OPEN]
        mine = sum(row.assigned_to_id == me for row in waiting)
        late = sum(self._desk.format.is_late(row.due_at) for row in waiting)
        told = [f"{len(waiting)} to count", f"{mine} yours"] + ([f"{late} late"] if late else [])
        self.panel.set_summary(" · ".join(told) if sheets else "")


def lines_of(row: SheetRow) -> str:
    """'12 lines', to stand in a question."""
    return counted(row.lines, "line", "lines")
