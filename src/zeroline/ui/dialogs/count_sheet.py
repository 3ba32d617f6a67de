"""Make a count sheet: of what policy wants counted, or of bins and items one chooses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QRadioButton,
    QWidget,
)

from zeroline.domain.instant import DAY, HOUR
from zeroline.domain.person import Person, Right
from zeroline.domain.views.counting import Choice, DueLine
from zeroline.ui.desk import Desk
from zeroline.ui.dialogs.form import Form
from zeroline.ui.tables.column import code_column, text_column
from zeroline.ui.tables.rows import Rows
from zeroline.ui.tables.view import TableView
from zeroline.ui.text.columns import when_column
from zeroline.ui.text.counting import marks
from zeroline.ui.text.phrase import counted
from zeroline.ui.theme import GRID, Row, Tone, tone

_MOST = (20, 50, 100, 200, 500)
_DUE = (("in 4 hours", 4 * HOUR), ("in 8 hours", 8 * HOUR), ("tomorrow", DAY), ("in a week", 7 * DAY))


@dataclass(frozen=True, slots=True)
class SheetWish:
    """The sheet somebody wants: its keys, and whether policy asked for them."""

    key_ids: tuple[int, ...]
    overdue: bool
    title: str
    assigned_to: int | None
    due_at: int | None


Chosen = Callable[["CountSheetDialog", SheetWish], None]


class CountSheetDialog(Form):
    """Shows the lines that the sheet would have before it is made."""

    def __init__(self, parent: QWidget, desk: Desk, chosen: Chosen) -> None:
        super().__init__(parent, desk, "Make a count sheet", "Make the sheet", width=820)
        self._chosen = chosen
        self._lines: tuple[DueLine, ...] = ()
        self._places: tuple[tuple[str, str, str], ...] = ()
        self.overdue = QRadioButton("What policy wants &counted now")
        self.own = QRadioButton("&Bins and items I choose")
        self.overdue.setChecked(True)
        self.most = QComboBox()
        for number in _MOST:
            self.most.addItem(str(number), number)
        self.most.setCurrentIndex(1)
        self.place, self.abc, self.who, self.due = QComboBox(), QComboBox(), QComboBox(), QComboBox()
        self.bins, self.items, self.title = QLineEdit(), QLineEdit(), QLineEdit()
        self.bins.setPlaceholderText("all")
        self.items.setPlaceholderText("all")
        self.title.setPlaceholderText("Name of the sheet (optional)")
        self.abc.addItem("all", "")
        for name in ("A", "B", "C"):
            self.abc.addItem(name, name)
        for words, length in _DUE:
            self.due.addItem(words, length)
        self.due.addItem("no due time", None)
        self.due.setCurrentIndex(1)
        columns = (
            code_column("location", "Bin", value=lambda line: line.key.location, width=104),
            code_column("item", "Item", value=lambda line: line.key.item, width=120),
            text_column("description", "Description", value=lambda line: line.key.description, stretch=True),
            text_column("marks", "Lot, status", value=lambda line: marks(line.key), width=120),
            text_column("abc", "Class", value=lambda line: line.key.abc_class, width=56),
            when_column(
                "last_counted_at",
                "Last counted",
                desk.format,
                text=lambda at: desk.format.when(at) or "never",
            ),
        )
        self._columns = columns
        self.list = TableView(columns, height=Row.COMPACT)
        self.list.setAccessibleName("Lines the sheet would have")
        self.list.setMinimumHeight(220)
        self.says = QLabel()
        self.says.setAccessibleName("What the sheet would be")
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(200)
        self._wait.timeout.connect(self.read)
        self._lay_out()
        self._connect()
        self._switch()

    def _lay_out(self) -> None:
        ways = QHBoxLayout()
        ways.setSpacing(6 * GRID)
        ways.addWidget(self.overdue)
        ways.addWidget(self.own)
        ways.addStretch(1)
        self.body.addLayout(ways)
        self._filters = QWidget()
        self._filters.setLayout(
            self._row(
                ("Zone", self.place),
                ("Bin begins with", self.bins),
                ("Item begins with", self.items),
                ("Class", self.abc),
            )
        )
        self.body.addWidget(self._filters)
        self.body.addLayout(
            self._row(
                ("Lines at most", self.most), ("Counter", self.who), ("Due", self.due), ("Title", self.title)
            )
        )
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self.says)
        self.resize(860, 560)

    def _row(self, *fields: tuple[str, QWidget]) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(3 * GRID)
        grid.setVerticalSpacing(GRID)
        for place, (words, field) in enumerate(fields):
            label = QLabel(words)
            label.setProperty("textsize", "small")
            label.setBuddy(field)
            tone(label, Tone.MUTED)
            if not field.accessibleName():
                field.setAccessibleName(words)
            grid.addWidget(label, 0, place)
            grid.addWidget(field, 1, place)
            grid.setColumnStretch(place, 1)
        return grid

    def _connect(self) -> None:
        self.overdue.toggled.connect(lambda _: self._switch())
        for combo in (self.place, self.abc, self.most):
            combo.currentIndexChanged.connect(lambda _: self._wait.start())
        for field in (self.bins, self.items):
            field.textChanged.connect(lambda _: self._wait.start())
        services, person = self.desk.services, self.desk.person

        def work() -> tuple[tuple[tuple[str, str, str], ...], tuple[Person, ...]]:
            people = tuple(row.person for row in services.people.list(person))
            return services.counting.places(person), people

        self.desk.tasks.query(work, lambda answer: self._offer(*answer), owner=self, key="offer")

    def _offer(self, places: tuple[tuple[str, str, str], ...], people: Sequence[Person]) -> None:
        self._places = places
        sites = {site for site, _, _ in places}
        self.place.blockSignals(True)
        self.place.addItem("all zones", None)
        for site, warehouse, zone in places:
            named = [site] * (len(sites) > 1) + [warehouse, f"zone {zone}" if zone else ""]
            self.place.addItem(" · ".join(filter(None, named)), (site, warehouse, zone))
        self.place.blockSignals(False)
        self.who.addItem("whoever takes it", None)
        for person in sorted(people, key=lambda one: one.name.casefold()):
            if person.may(Right.COUNT):
                self.who.addItem(person.name, person.id)

    def _switch(self) -> None:
        self._filters.setVisible(self.own.isChecked())
        self.read()

    def read(self) -> None:
        """Ask again which lines the sheet would have."""
        counting, person = self.desk.services.counting, self.desk.person
        most = int(self.most.currentData())
        if self.overdue.isChecked():
            self.desk.tasks.query(lambda: counting.overdue(person), self._show, owner=self, key="lines")
            return
        site, warehouse, zone = self.place.currentData() or ("", "", "")
        choice = Choice(
            site,
            warehouse,
            zone,
            self.bins.text().strip(),
            self.items.text().strip(),
            self.abc.currentData() or "",
            most,
        )
        self.desk.tasks.query(
            lambda: counting.candidates(person, choice), self._show, owner=self, key="lines"
        )

    def _show(self, found: tuple[DueLine, ...]) -> None:
        free = [line for line in found if not line.open_sheet]
        self._lines = tuple(free[: int(self.most.currentData())])
        self.list.set_rows(Rows.of(self._columns, self._lines, id=lambda line: line.key.key_id))
        told = [f"{counted(len(self._lines), 'line', 'lines')} on this sheet"]
        if len(free) > len(self._lines):
            told.append(f"{len(free) - len(self._lines)} more are left for another sheet")
        if len(found) > len(free):
            told.append(f"{len(found) - len(free)} are on an open sheet already")
        nothing = "Nothing is overdue." if self.overdue.isChecked() else "Nothing fits. Widen the choice."
        self.says.setText(" · ".join(told) if found else nothing)
        self.name_action(f"Make a sheet of {counted(len(self._lines), 'line', 'lines')}")
        self.yes.setEnabled(bool(self._lines))

    def go(self) -> None:
        length = self.due.currentData()
        self._chosen(
            self,
            SheetWish(
                tuple(line.key.key_id for line in self._lines),
                self.overdue.isChecked(),
                self.title.text().strip(),
                self.who.currentData(),
                None if length is None else self.desk.services.clock() + length,
            ),
        )
