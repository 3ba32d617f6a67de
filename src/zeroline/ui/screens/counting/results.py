"""What a sheet came to: every count with its arithmetic, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSplitter, QVBoxLayout, QWidget

from zeroline.domain.errors import DomainError
from zeroline.domain.views.counting import ResultLine, SheetResults
from zeroline.reports.sheets.seen import write_seen
from zeroline.ui.desk import Desk
from zeroline.ui.saved_views import SavedViewsOf
from zeroline.ui.tables.column import Align, Column, code_column, number_column, text_column
from zeroline.ui.tables.panel import Empty, ListPanel
from zeroline.ui.tables.rows import Rows, Sort
from zeroline.ui.text.columns import money_column, quantity_column
from zeroline.ui.text.counting import SHEET_STATES, Sums, place, verdict
from zeroline.ui.text.format import Format
from zeroline.ui.theme import GRID, Size, Tone, face, kind, tone
from zeroline.ui.widgets.buttons import ActionButton
from zeroline.ui.widgets.elided_label import ElidedLabel
from zeroline.ui.widgets.reading_pane import ReadingPane
from zeroline.wording import sentence

_RANK = {"variance": 0, "recount": 1, "not counted": 2, "to count": 3, "accepted": 4}


def result_columns(form: Format) -> tuple[Column, ...]:
    """The columns of the results; figures are empty while there is no final count."""

    def amount(key: str, title: str, name: str, signed: bool = False, **more: object) -> Column:
        def value(line: ResultLine) -> int | None:
            return None if line.final is None else getattr(line.final, name)

        def scaled(micro: int, decimals: int) -> str:
            return form.scaled(micro, decimals, sign=signed)

        return number_column(key, title, scaled, **{"value": value, "unit_from": "unit", "width": 84, **more})

    def percent(line: ResultLine) -> int | None:
        return None if line.final is None else line.final.percent * 100

    return (
        Column("position", "#", text=str, width=44, align=Align.RIGHT),
        code_column("location", "Bin", value=lambda line: line.key.location, width=96),
        code_column("item", "Item", value=lambda line: line.key.item, width=132),
        text_column(
            "description", "Description", value=lambda line: line.key.description, width=80, stretch=True
        ),
        text_column("lot", "Lot", value=lambda line: line.key.lot, width=80, hidden=True, code=True),
        text_column("status", "Status", value=lambda line: line.key.status, width=88, hidden=True),
        amount("book", "Book then", "book"),
        amount("late", "Late", "late", hidden=True),
        amount("expected", "Expected", "expected"),
        amount("counted", "Counted", "quantity", tone=None),
        amount("variance", "Variance", "variance", signed=True),
        number_column(
            "percent", "%", lambda micro, _: form.scaled(micro, 1), value=percent, width=60, tone=None
        ),
        money_column(
            "value",
            f"Value {form.currency}",
            form,
            value=lambda line: None if line.final is None else line.final.value,
            width=96,
        ),
        Column(
            "state",
            "Verdict",
            text=lambda pair: pair[1],
            value=lambda line: (_RANK.get(line.state, 9), verdict(line)[0]),
            sort_key=lambda pair: pair,
            tone_from="tone",
            width=124,
        ),
        text_column("counter", "Counted by", value=_counters, width=112),
        text_column("adjustment", "Adjustment", value=_adjustment, width=136),
        quantity_column("on_hand", "Book now", form, hidden=True),
    )


def _counters(line: ResultLine) -> str:
    return ", ".join(dict.fromkeys(entry.counter for entry in line.entries))


def _adjustment(line: ResultLine) -> str:
    return ", ".join(f"{number} {state}" for _, number, state in line.adjustments)


class ResultsPage(QWidget):
    """``left``: back to the list; ``chosen``: another line is selected."""

    left = Signal()
    chosen = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._columns = result_columns(desk.format)
        self._sums = Sums(desk.format)
        self._lines: dict[int, ResultLine] = {}
        self.results: SheetResults | None = None
        self._wanted = 0
        self.panel = ListPanel(
            self._columns,
            view="count results",
            memory=desk.memory,
            prompts=desk.prompts,
            tasks=desk.tasks,
            write_sheet=write_seen,
            empty=Empty("No lines", "This sheet has no lines.", "count"),
            title="Lines",
            sort=(Sort("state"), Sort("position")),
            groupable=("state", "counter"),
            search_hint="Filter these lines",
            decimal=desk.format.decimal,
        )
        SavedViewsOf(self.panel, desk, "count results")
        self.table = self.panel.table
        self.detail = _Detail(self._sums)
        self.feet = QHBoxLayout()
        self._lay_out()
        self.table.current_changed.connect(lambda _: self._show_line())
        self.table.selection_changed.connect(self.chosen)
        self.setFocusProxy(self.table)

    def _lay_out(self) -> None:
        self.title = ElidedLabel()
        self.title.setProperty("textsize", "large")
        self.told = ElidedLabel()
        self.told.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        tone(self.told, Tone.MUTED)
        head = QHBoxLayout()
        head.setContentsMargins(4 * GRID, 2 * GRID, 4 * GRID, 2 * GRID)
        head.setSpacing(4 * GRID)
        head.addWidget(self.title, 2)
        head.addWidget(self.told, 3)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.addWidget(self.panel)
        self.splitter.addWidget(self.detail)
        self.splitter.setSizes([370, 210])
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setChildrenCollapsible(False)
        self._desk.memory.follow(self.splitter, "count results splitter")
        self.feet.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        self.feet.setSpacing(2 * GRID)
        foot = QWidget()
        foot.setLayout(self.feet)
        kind(foot, "raised")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.splitter, 1)
        column.addWidget(foot)

    def use(self, actions: Sequence[tuple[QAction, str]]) -> None:
        """Show these actions as buttons, with their look, and in the menu of a line."""
        for place_, (action, look) in enumerate(actions):
            if place_ == 1:
                self.feet.addStretch(1)
            self.feet.addWidget(ActionButton(action, look))
        self.panel.row_actions = lambda: [action for action, _ in actions[1:]]

    def open_sheet(self, sheet_id: int) -> None:
        """Show what a sheet came to."""
        if self._wanted != sheet_id:
            self._wanted, self.results = sheet_id, None
        self.reload()

    def reload(self, still: bool = False) -> None:
        """Read the results again; the cursor stays on its line."""
        counting, person, wanted = self._desk.services.counting, self._desk.person, self._wanted
        if not wanted:
            return

        def work() -> tuple[SheetResults, Rows]:
            results = counting.results(person, wanted)
            rows = Rows.of(
                self._columns,
                results.lines,
                id="line_id",
                also={"unit": lambda line: line.key.unit, "tone": lambda line: verdict(line)[1]},
            )
            return results, rows

        self._desk.tasks.query(
            work, lambda answer: self._read(answer, still), owner=self, key="results", failed=self._refused
        )

    def _read(self, answer: tuple[SheetResults, Rows], still: bool) -> None:
        results, rows = answer
        first = self.results is None
        self.results = results
        self._lines = {line.line_id: line for line in results.lines}
        sheet, form = results.sheet, self._desk.format
        named = " · ".join(part for part in (sheet.number, sheet.title) if part)
        self.title.setText(named)
        self.told.setText(
            f"{SHEET_STATES.get(sheet.state, sheet.state)} · {results.counted} of {sheet.lines} counted · "
            f"{results.within} within tolerance · net {form.money(results.value_net, sign=True)} · "
            f"gross {form.money(results.value_gross)}"
        )
        self.panel.set_rows(rows, still=still)
        if first:
            self.table.select_first()
        self._show_line()

    def _refused(self, error: DomainError) -> None:
        self._desk.ways.say(sentence(error), Tone.NEGATIVE)

    @property
    def line(self) -> ResultLine | None:
        """The line the cursor is on."""
        return self._lines.get(self.table.current_id() or 0)

    def picked(self) -> list[ResultLine]:
        """The selected lines."""
        return [self._lines[id] for id in self.table.selected_ids() if id in self._lines]

    def _show_line(self) -> None:
        self.detail.show_line(self.line)
        self.chosen.emit()


class _Detail(ReadingPane):
    """One line explained: the arithmetic, who counted what, why it does not pass, what it rests on."""

    def __init__(self, sums: Sums) -> None:
        super().__init__("The line explained")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._sums = sums
        self.head = QLabel()
        self.head.setProperty("textsize", "large")
        self.arithmetic = QLabel()
        self.arithmetic.setFont(face(Size.LARGE))
        self.arithmetic.setAccessibleName("Arithmetic")
        self.more = QLabel()
        self.more.setWordWrap(True)
        column = self.column
        column.setSpacing(2 * GRID)
        for label in (self.head, self.arithmetic, self.more):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(label)
        column.addStretch(1)

    def show_line(self, line: ResultLine | None) -> None:
        """Explain a line; nothing without one."""
        if line is None:
            for label in (self.head, self.arithmetic, self.more):
                label.setText("")
            return
        sums, final = self._sums, line.final
        words, meaning = verdict(line)
        self.head.setText(f"{place(line.key)}: {words}")
        tone(self.head, meaning or Tone.NORMAL)
        shown = final or (line.entries[-1] if line.entries else None)
        self.arithmetic.setVisible(shown is not None)
        if shown is not None:
            self.arithmetic.setText(sums.arithmetic(shown.quantity, shown.book, shown.late, line.key))
        told: list[str] = []
        if line.reason:
            told.append(f"Not counted: {line.reason}.")
        if line.found:
            told.append("Found: the sheet did not list it.")
        told += [sums.entry(entry, line.key) for entry in line.entries]
        if line.agreed:
            told.append("Two counts agree.")
        if shown is not None:
            told += [f"It does not pass: {sums.reason(reason, line.key)}." for reason in shown.reasons]
            told += [f"Late: {sums.movement(movement, line.key)}." for movement in shown.movements]
        if line.state == "recount":
            told.append("Next: somebody who has not counted it counts it again.")
        elif line.state == "variance" and not line.adjustments:
            told.append("Next: say why and propose the adjustment, or ask for one more count.")
        if line.adjustments:
            told.append(f"Adjustment: {_adjustment(line)}.")
        self.more.setText("\n".join(told))
        self.fit()
