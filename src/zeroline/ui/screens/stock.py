"""Stock that is nobody's case: where an item is, what a bin holds, and how each balance came about."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSplitter, QToolButton, QVBoxLayout, QWidget

from zeroline.domain.errors import DomainError
from zeroline.domain.views.found import HitKind
from zeroline.domain.views.stock import KeyLedger, Place, Stock
from zeroline.reports.sheets.seen import write_seen
from zeroline.ui.desk import Desk
from zeroline.ui.screens.case.lists import ledger_columns, ledger_rows
from zeroline.ui.screens.screen import Screen
from zeroline.ui.tables.column import Column, code_column, text_column
from zeroline.ui.tables.panel import Empty, ListPanel
from zeroline.ui.tables.rows import Rows
from zeroline.ui.tables.view import TableView
from zeroline.ui.text.columns import quantity_column, when_column
from zeroline.ui.text.phrase import counted
from zeroline.ui.theme import GRID, Row, Size, Theme, Tone, face, kind, tone
from zeroline.ui.widgets.balance_chart import BalanceChart
from zeroline.ui.widgets.buttons import ActionButton
from zeroline.wording import sentence


class StockScreen(Screen):
    """``open((kind of hit, its id))``. Everything is read, nothing can be changed here."""

    reloads_on = ("cases", "ledger", "adjustments")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Stock")
        self._target: tuple[HitKind, int] | None = None
        self._places: dict[int, Place] = {}
        self._showing = False
        self.chart = BalanceChart(desk.format)
        self.to_case = self.action("Open the case", "Ctrl+Return", self._open_case)
        self.action("Back", "Escape", desk.ways.back)
        self.action("Chart: episode or whole history", "Z", self.chart.toggle_zoom)
        self.back = QToolButton()
        self.back.setIcon(Theme.active().icon("chevron-left"))
        self.back.setText("Back  Esc")
        self.back.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        kind(self.back, "quiet")
        self.back.clicked.connect(desk.ways.back)
        self.name = QLabel()
        self.name.setFont(face(Size.LARGE, code=True, strong=True))
        self.about = QLabel()
        self.about.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        tone(self.about, Tone.MUTED)
        form = desk.format
        self.columns: tuple[Column, ...] = (
            code_column("item", "Item", width=152),
            text_column("description", "Description", width=200, stretch=True),
            code_column("location", "Bin", width=120),
            text_column("site", "Site", width=80),
            code_column("lot", "Lot", width=72),
            text_column("status", "Status", width=80),
            quantity_column("on_hand", "On hand", form, width=88),
            when_column("last_recorded_at", "Last moved", form, width=104),
            Column("case_id", "Case", text=lambda id: f"#{id}" if id else "", width=64),
        )
        self.panel = ListPanel(
            self.columns,
            view="stock",
            memory=desk.memory,
            prompts=desk.prompts,
            tasks=desk.tasks,
            write_sheet=write_seen,
            empty=Empty("No stock", "Nothing of it was ever booked.", "box"),
            title="Places",
            groupable=("item", "location", "site", "status"),
            search_hint="Filter places",
            decimal=desk.format.decimal,
        )
        self.table = self.panel.table
        self.ledger = TableView(ledger_columns(form), height=Row.COMPACT)
        self.ledger.setAccessibleName("Ledger")
        self.more = QLabel()
        tone(self.more, Tone.MUTED)
        self._lay_out()
        self.table.current_changed.connect(lambda _: self._read_ledger())
        self.table.activated_id.connect(lambda _: self._open_case())
        self.ledger.current_changed.connect(self._row_chosen)
        self.chart.movement_selected.connect(self._movement_chosen)
        self.setFocusProxy(self.table)

    def _lay_out(self) -> None:
        kind(self, "surface")
        head = QHBoxLayout()
        head.setContentsMargins(3 * GRID, 2 * GRID, 3 * GRID, 0)
        head.setSpacing(2 * GRID)
        head.addWidget(self.back)
        head.addWidget(self.name)
        head.addWidget(self.about, 1)
        head.addWidget(ActionButton(self.to_case))
        rows = QWidget()
        column = QVBoxLayout(rows)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.ledger, 1)
        column.addWidget(self.more)
        below = QSplitter(Qt.Orientation.Horizontal)
        below.setChildrenCollapsible(False)
        below.addWidget(self.chart)
        below.addWidget(rows)
        below.setSizes([440, 718])
        middle = QSplitter(Qt.Orientation.Vertical)
        middle.setChildrenCollapsible(False)
        middle.addWidget(self.panel)
        middle.addWidget(below)
        middle.setSizes([260, 380])
        self.desk.memory.follow(middle, "stock places and ledger")
        self.desk.memory.follow(below, "stock chart and ledger")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(2 * GRID)
        outer.addLayout(head)
        outer.addWidget(middle, 1)

    # reading

    def load(self, target: Any = None) -> None:
        if isinstance(target, tuple) and target != self._target:
            self._target = (HitKind(target[0]), int(target[1]))
            self.panel.set_rows(Rows.of(self.columns, (), id="key_id"))
        super().load(target)

    def reload(self) -> None:
        if self._target is None:
            return
        lookup, person, (what, id) = self.desk.services.lookup, self.desk.person, self._target

        def failed(error: DomainError) -> None:
            self.desk.ways.say(sentence(error), Tone.NEGATIVE)

        self.desk.tasks.query(
            lambda: lookup.stock(person, what, id), self._show, owner=self, key="stock", failed=failed
        )

    def _show(self, stock: Stock) -> None:
        self._places = {place.key_id: place for place in stock.places}
        self.name.setText(stock.label)
        held = sum(place.on_hand != 0 for place in stock.places)
        self.about.setText(" · ".join(filter(None, [stock.detail, self._total(stock)])))
        self.panel.set_rows(Rows.of(self.columns, stock.places, id="key_id"))
        self.panel.set_summary(f"{counted(held, 'holds', 'hold')} something" if held else "all empty")
        if self.table.current_id() is None:
            self.table.select_first()
        self._read_ledger()

    def _total(self, stock: Stock) -> str:
        """What is on hand of it all together; nothing where several items are meant."""
        if len({place.item for place in stock.places}) != 1:
            return ""
        one = stock.places[0]
        total = sum(place.on_hand for place in stock.places)
        return f"{self.desk.format.quantity(total, one.unit, one.decimals)} in all places"

    def _read_ledger(self) -> None:
        place = self._places.get(self.table.current_id() or 0)
        self.to_case.setEnabled(place is not None and place.case_id is not None)
        self.to_case.setToolTip("It has no open case" if not self.to_case.isEnabled() else "")
        if place is None:
            return
        lookup, person, key_id = self.desk.services.lookup, self.desk.person, place.key_id
        self.desk.tasks.query(
            lambda: lookup.ledger(person, key_id), self._show_ledger, owner=self, key="ledger"
        )

    def _show_ledger(self, found: KeyLedger) -> None:
        self._showing = True
        self.chart.show_history(found.history)
        self.ledger.set_rows(ledger_rows(found, self.ledger.columns))
        if self.ledger.current_id() is None and found.ledger:
            self.ledger.select_ids([found.ledger[-1].seq])
        self._showing = False
        earlier = self.desk.format.count(found.ledger_before)
        self.more.setText(f"{earlier} earlier movements are in the chart only.")
        self.more.setVisible(bool(found.ledger_before))

    def _open_case(self) -> None:
        place = self._places.get(self.table.current_id() or 0)
        if place is not None and place.case_id is not None:
            self.desk.ways.go("case", place.case_id)

    # chart and ledger follow each other

    def _row_chosen(self, seq: Any) -> None:
        if seq is not None and not self._showing:
            self.chart.select_movement(int(seq))

    def _movement_chosen(self, seq: Any) -> None:
        if seq is not None and self.ledger.table.rows.row_of(seq) is not None:
            self.ledger.select_ids([seq])
