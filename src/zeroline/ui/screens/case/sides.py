"""Beside the chart and the ledger: the same item elsewhere, the past, what is open, the log, the evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QTabWidget, QVBoxLayout, QWidget

from zeroline.domain.views.case import AdjustmentFacts, CaseView, CountFacts
from zeroline.ui.desk import Desk
from zeroline.ui.screens.case.lists import (
    adjustment_columns,
    count_columns,
    document_columns,
    elsewhere_columns,
    episode_columns,
    evidence_columns,
    log_columns,
    reservation_columns,
)
from zeroline.ui.tables.column import Column
from zeroline.ui.tables.rows import Rows
from zeroline.ui.tables.view import TableView
from zeroline.ui.theme import GRID, Row, Size, Tone, sized, tone
from zeroline.ui.widgets.buttons import ActionButton

_ROWS = 5
"""Lines that a list shows before it scrolls, where lists share a tab."""


class Sides(QTabWidget):
    """``attachment_wanted(id)`` on Enter over a file of the evidence."""

    attachment_wanted = Signal(int)

    def __init__(self, desk: Desk, reverse: QAction | None, withdraw: QAction | None) -> None:
        super().__init__()
        self._desk = desk
        form = desk.format
        self.setDocumentMode(True)
        self.setAccessibleName("Around the case")
        self.tabBar().setAccessibleName("Around the case")
        self.elsewhere = _List("The same item elsewhere", elsewhere_columns(form))
        self.episodes = _List("Times below zero", episode_columns(form))
        self.counts = _List("Counts", count_columns(form))
        self.adjustments = _List("Corrections", adjustment_columns(form))
        self.documents = _List("Open documents", document_columns(form))
        self.reservations = _List("Reservations", reservation_columns(form))
        self.log = _List("Log", log_columns(form, {}, ""))
        self.evidence = _List("Evidence", evidence_columns(form))
        self.arithmetic = QLabel()
        self.arithmetic.setWordWrap(True)
        tone(self.arithmetic, Tone.MUTED)
        buttons = [ActionButton(action, "quiet") for action in (reverse, withdraw) if action is not None]
        self._view: CaseView | None = None
        self._pages = [
            ("Elsewhere", self._page([self.elsewhere])),
            ("Past", self._page([self.episodes, self.counts, self.arithmetic, self.adjustments, buttons])),
            ("Open", self._page([self.documents, self.reservations])),
            ("Log", self._page([self.log])),
            ("Evidence", self._page([self.evidence])),
        ]
        for title, page in self._pages:
            self.addTab(page, title)
        self.elsewhere.table.arrange(group_by="relation")
        self.counts.table.current_changed.connect(lambda _: self._explain_count())
        self.adjustments.table.current_changed.connect(lambda _: self._allow(reverse, withdraw))
        self.evidence.table.activated_id.connect(self._open_evidence)
        self._reverse, self._withdraw = reverse, withdraw

    def _page(self, parts: Sequence[Any]) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, GRID, 0, 0)
        column.setSpacing(GRID)
        lists = [part for part in parts if isinstance(part, _List)]
        for part in parts:
            if isinstance(part, list):
                row = QHBoxLayout()
                row.addStretch(1)
                for button in part:
                    row.addWidget(button)
                column.addLayout(row)
            else:
                column.addWidget(part, 1 if len(lists) == 1 and part is lists[0] else 0)
        for part in lists:
            part.share(len(lists) > 1)
        if len(lists) == 1:
            return page
        column.addStretch(1)
        scrolled = QScrollArea()
        scrolled.setWidgetResizable(True)
        scrolled.setFrameShape(QFrame.Shape.NoFrame)
        scrolled.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scrolled.setWidget(page)
        return scrolled

    def show_case(self, view: CaseView, names: Mapping[int, str]) -> None:
        """Fill every list; selections stay where the rows are still there."""
        self._view = view
        unit = view.key.unit
        nowhere = (
            "Nowhere else that you see is any of it." if view.item_hidden else "Nowhere else is any of it."
        )
        self.elsewhere.fill(view.elsewhere, "key_id", nowhere)
        self.episodes.fill(view.episodes, "opening_seq", "It was never below zero.")
        self.counts.fill(sorted(view.counts, key=_newest), "entry_id", "It was never counted.")
        self.adjustments.fill(view.adjustments, "adjustment_id", "Nothing was ever corrected here.")
        self.documents.fill(view.documents, lambda one: one.line_id, "No open document mentions it.")
        self.reservations.fill(view.reservations, "reservation_id", "No order is promised any of it.")
        self.log.show_with(log_columns(self._desk.format, names, unit))
        self.log.fill(reversed(view.events), "event_id", "Nothing was done yet.")
        self.evidence.fill(
            view.evidence, lambda one: (one.kind, one.target), "No evidence is linked yet (E links some)."
        )
        sizes = (
            len(view.elsewhere),
            len(view.episodes) + len(view.counts) + len(view.adjustments),
            len(view.documents) + len(view.reservations),
            len(view.events),
            len(view.evidence),
        )
        for place, ((title, _), size) in enumerate(zip(self._pages, sizes, strict=True)):
            self.setTabText(place, f"{title} {size}" if size else title)
        self._explain_count()
        self._allow(self._reverse, self._withdraw)

    def adjustment(self) -> AdjustmentFacts | None:
        """The correction under the cursor."""
        id = self.adjustments.table.current_id()
        found = self._view.adjustments if self._view is not None else ()
        return next((one for one in found if one.adjustment_id == id), None)

    def _allow(self, reverse: QAction | None, withdraw: QAction | None) -> None:
        one = self.adjustment()
        if reverse is not None:
            reverse.setEnabled(one is not None and one.state == "posted")
            reverse.setVisible(reverse.isEnabled())
        if withdraw is not None:
            withdraw.setEnabled(one is not None and one.state in ("proposed", "approved"))
            withdraw.setVisible(withdraw.isEnabled())

    def _explain_count(self) -> None:
        view, id = self._view, self.counts.table.current_id()
        chosen = next((one for one in view.counts if one.entry_id == id), None) if view else None
        self.arithmetic.setVisible(chosen is not None)
        if chosen is not None and view is not None:
            self.arithmetic.setText(self._sum(chosen, view.key.unit))
            self.arithmetic.setToolTip("\n".join(self._late(chosen, view.key.unit)))

    def _sum(self, one: CountFacts, unit: str) -> str:
        form = self._desk.format
        entered = f" (typed {one.entered})" if one.entered and not one.entered.isdigit() else ""
        late = f" + late {form.quantity(one.late)}" if one.late else ""
        again = f", count {one.round}" if one.round > 1 else ""
        return (
            f"Found {form.quantity(one.counted)}{entered} − book {form.quantity(one.book)}{late} = "
            f"{form.quantity(one.variance, unit, sign=True)}, {form.money(one.value, sign=True)}"
            f" · sheet {one.sheet}{again}"
        )

    def _late(self, one: CountFacts, unit: str) -> list[str]:
        """The movements that were recorded late and had happened before the count."""
        form = self._desk.format
        return [
            f"{form.quantity(moved.quantity, unit, sign=True)} {moved.kind} {moved.document}, happened "
            f"{form.when(moved.occurred_at)}, recorded {form.when(moved.recorded_at)}"
            for moved in one.movements
        ]

    def _open_evidence(self, id: Any) -> None:
        if id is not None and id[0] == "attachment":
            self.attachment_wanted.emit(id[1])


class _List(QWidget):
    """A small list under its heading, or a sentence where there is nothing."""

    def __init__(self, title: str, columns: tuple[Column, ...]) -> None:
        super().__init__()
        self.table = TableView(columns, height=Row.COMPACT)
        self.table.setAccessibleName(title)
        self._columns = columns
        self._shared = False
        self._head = QLabel(title)
        sized(self._head, Size.SMALL)
        self._none = QLabel()
        self._none.setWordWrap(True)
        tone(self._none, Tone.MUTED)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self._head)
        column.addWidget(self._none)
        column.addWidget(self.table, 1)
        self._rest = QWidget()
        column.addWidget(self._rest, 1)
        self._title = title

    def share(self, shared: bool) -> None:
        """With other lists in one tab: only as high as its rows."""
        self._shared = shared
        self._head.setVisible(shared)

    def show_with(self, columns: tuple[Column, ...]) -> None:
        """Other readers for the same columns."""
        self._columns = columns

    def fill(self, things: Any, id: str | Callable[[Any], Any], nothing: str) -> None:
        rows = Rows.of(self._columns, things, id=id)
        self.table.set_rows(rows)
        self._none.setText(nothing)
        self._none.setVisible(not len(rows))
        self.table.setVisible(len(rows) > 0)
        self._rest.setVisible(not len(rows) and not self._shared)
        if len(rows) and self.table.current_id() is None:
            self.table.select_first()
        if self._shared:
            self.table.setFixedHeight(28 + 24 * min(len(rows), _ROWS) + 2)


def _newest(one: CountFacts) -> int:
    return -one.counted_at
