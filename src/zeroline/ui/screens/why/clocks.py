"""Clocks and lags: how late each source tells, who tells in the wrong order, whose clock is off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QLabel, QSplitter, QVBoxLayout, QWidget

from zeroline.domain import instant
from zeroline.domain.diagnosis.clocks import Stream
from zeroline.domain.views.patterns import ClocksView
from zeroline.reports.sheets.seen import write_seen
from zeroline.ui.desk import Desk
from zeroline.ui.screens.why.page import PeriodPage, foot
from zeroline.ui.tables.column import Align, Column, text_column
from zeroline.ui.tables.panel import Empty, ListPanel
from zeroline.ui.tables.rows import Rows
from zeroline.ui.tables.view import TableView
from zeroline.ui.text.clocks import ClockWords
from zeroline.ui.text.columns import count_column
from zeroline.ui.text.format import Format
from zeroline.ui.text.patterns import acts
from zeroline.ui.theme import GRID, Row, Tone, tone
from zeroline.ui.widgets.buttons import ActionButton
from zeroline.ui.widgets.lag_chart import LagChart, LagWeek

StreamId: TypeAlias = tuple[str, str]

_EMPTY = Empty(
    "No movement of this period tells both times",
    "Map both 'happened at' and 'recorded at' when importing (Ctrl+0), or choose a longer period.",
    "clock",
)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that stands out, in a sentence, with its cases."""

    id: str
    icon: str
    words: str
    cases: tuple[int, ...]


class ClocksPage(PeriodPage):
    """The list above is by source and kind, the one below holds what stands out; O opens the cases."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Clocks and lags", several_causes=True)
        self._words = ClockWords(desk.format)
        self._view: ClocksView | None = None
        self._streams: dict[StreamId, Stream] = {}
        self._remarks: dict[str, Remark] = {}
        self.panel = ListPanel(
            _stream_columns(desk.format, self._words),
            view="lags",
            memory=desk.memory,
            prompts=desk.prompts,
            tasks=desk.tasks,
            write_sheet=write_seen,
            empty=_EMPTY,
            title="Lags",
            groupable=("source", "kind"),
            search_hint="Source or kind",
            decimal=desk.format.decimal,
        )
        self.table = self.panel.table
        self.table.setSelectionMode(self.table.SelectionMode.SingleSelection)
        self.panel.row_actions = lambda: (self.queue_action,)
        self.chart = LagChart(desk.format)
        self.remarks = TableView(_remark_columns(desk.format), height=Row.NORMAL)
        self.remarks.setAccessibleName("What stands out")
        self.remarks.setSelectionMode(self.remarks.SelectionMode.SingleSelection)
        self.remarks.horizontalHeader().hide()
        self.said = QLabel()
        self.said.setWordWrap(True)
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        self._last = self.table
        self._lay_out()
        self.table.current_changed.connect(lambda _: self._look(self.table))
        self.remarks.current_changed.connect(lambda _: self._look(self.remarks))
        self.chart.week_selected.connect(self._look_at_week)
        for view in (self.table, self.remarks):
            view.activated_id.connect(lambda _: self.open_queue())
            view.installEventFilter(self)
        self.setFocusProxy(self.table)

    def _lay_out(self) -> None:
        above = QSplitter(Qt.Orientation.Horizontal)
        above.addWidget(self.panel)
        above.addWidget(self.chart)
        above.setStretchFactor(1, 1)
        above.setSizes([690, 468])
        left, right = QWidget(), QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(3 * GRID, 2 * GRID, GRID, 0)
        column.setSpacing(GRID)
        label = QLabel("What stands out")
        label.setBuddy(self.remarks)
        label.setProperty("textsize", "small")
        tone(label, Tone.MUTED)
        column.addWidget(label)
        column.addWidget(self.remarks, 1)
        column.addWidget(self.said)
        beside = QVBoxLayout(right)
        beside.setContentsMargins(GRID, 2 * GRID, 2 * GRID, 0)
        beside.addWidget(self.cases)
        self.below = QSplitter(Qt.Orientation.Horizontal)
        self.below.addWidget(left)
        self.below.addWidget(right)
        self.below.setSizes([556, 602])
        splitter = QSplitter(Qt.Orientation.Vertical)
        for part, name in ((above, "lags"), (self.below, "clock remarks"), (splitter, "clocks")):
            part.setChildrenCollapsible(False)
            if part is not splitter:
                splitter.addWidget(part)
            self.desk.memory.follow(part, f"splitter {name}")
        splitter.setSizes([330, 290])
        self.feet = foot(ActionButton(self.queue_action, "primary"))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(splitter, 1)
        outer.addWidget(self.feet)

    # reading

    def reload(self) -> None:
        surveying, person, days = self.desk.services.surveying, self.desk.person, self.days
        columns = self.table.columns
        self.panel.set_summary("reading …")

        def work() -> tuple[ClocksView, Rows]:
            view = surveying.clocks(person, days)
            return view, Rows.of(columns, view.clocks.streams, id=lambda one: (one.source, one.kind))

        self.desk.tasks.query(work, self._read, owner=self, key="clocks")

    def _read(self, answer: tuple[ClocksView, Rows]) -> None:
        view, rows = answer
        self._view = view
        self._streams = {(one.source, one.kind): one for one in view.clocks.streams}
        found = sorted(self._found(view), key=lambda one: -len(one.cases))
        self._remarks = {one.id: one for one in found}
        self.remarks.set_rows(Rows.of(self.remarks.columns, found))
        self.panel.set_rows(rows)
        if self.table.current_id() is None:
            self.table.select_first()
        told = [f"{self.desk.format.count(view.clocks.timed)} movements"]
        if view.clocks.untimed:
            told.append(f"{self.desk.format.count(view.clocks.untimed)} more tell only one time")
        self.panel.set_summary(" · ".join(told))
        self.period_told.emit(self.dates(view.period))
        self.below.setVisible(len(rows) > 0)
        self.chart.setVisible(len(rows) > 0)
        self.feet.setVisible(len(rows) > 0)
        self._look(self._last)

    def _found(self, view: ClocksView) -> Iterator[Remark]:
        words = self._words
        for order in view.clocks.inversions:
            if not order.cases and order.middle < instant.MINUTE:
                continue  # seconds apart and without a consequence
            yield Remark(f"order {order.late} {order.early}", "transfer", words.inversion(order), order.cases)
        for clock in view.clocks.offsets:
            icon = "warning" if clock.least or not clock.fits else "check"
            yield Remark(f"clock {clock.one} {clock.other}", icon, words.offset(clock), clock.cases)
        for stream in view.clocks.streams:
            if stream.whole.ahead:
                name = f"ahead {stream.source} {stream.kind}"
                yield Remark(name, "clock", words.ahead(stream), stream.whole.ahead_cases)

    # what is selected

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The list that has the keys says whose cases are shown."""
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, TableView):
            if watched is self.table:
                self.remarks.select_ids([])
            elif watched.current_id() is None:
                watched.select_first()
            self._look(watched)
        return super().eventFilter(watched, event)

    def _look(self, here: TableView) -> None:
        if self._view is None or (here is self.remarks and here.current_id() is None):
            here = self.table
        self._last = here
        stream = self._streams.get(self.table.current_id() or ("", ""))
        if stream is None:
            self.chart.show_weeks("", ())
        elif here is self.table or not self.chart.weeks:
            self.chart.show_weeks(f"{acts(stream.kind)} of {stream.source}", self._weeks(stream))
        remark = self._remarks.get(str(self.remarks.current_id())) if here is self.remarks else None
        if remark is not None:
            self._show(remark.cases, remark.words)
        elif stream is not None:
            self._show(stream.whole.cases, self._words.stream(stream))
        else:
            self._show((), "Nothing stands out." if self._view is not None else "")

    def _look_at_week(self, place: int) -> None:
        stream = self._streams.get(self.table.current_id() or ("", ""))
        if stream is not None:
            self._show(stream.weeks[place][1].cases, self.chart.week_text(self.chart.weeks[place]))

    def _show(self, cases: tuple[int, ...], words: str) -> None:
        self.said.setText(words)
        self.cases.show_cases(cases, self._view.cases if self._view is not None else {})
        self.queue_action.setEnabled(bool(self.cases.cases))

    def _weeks(self, stream: Stream) -> list[LagWeek]:
        return [
            LagWeek(
                _monday(local, self.desk.format),
                *(lags.count, lags.middle, lags.high, lags.late, len(lags.cases)),
            )
            for local, lags in stream.weeks
        ]

    def called(self) -> str:
        remark = self._remarks.get(str(self.remarks.current_id())) if self._last is self.remarks else None
        if remark is not None:
            return remark.words.partition(",")[0].partition(":")[0].rstrip(".")
        source, kind = self.table.current_id() or ("", "")
        return f"Late {acts(kind)} of {source}"


def _monday(local: int, form: Format) -> int:
    """The instant of a Monday that is told as the local clock shows it."""
    return instant.of(instant.at(local).replace(tzinfo=form.zone))


def _stream_columns(form: Format, words: ClockWords) -> tuple[Column, ...]:
    def share(part: str) -> Column:
        return Column(
            part,
            {"late": "Over 1 h", "ahead": "Ahead"}[part],
            value=lambda one: getattr(one.whole, part) / one.whole.count,
            text=lambda rate: form.percent(round(rate * 1_000_000), decimals=1) if rate else "–",
            tone=lambda rate: Tone.CAUTION if rate and part == "ahead" else None,
            align=Align.RIGHT,
            width=68,
            help={
                "late": "Recorded more than an hour after they happened",
                "ahead": "Recorded before they happened: a clock is ahead",
            }[part],
        )

    def length(key: str, title: str, part: str, help: str) -> Column:
        return Column(
            key,
            title,
            value=lambda one: getattr(one.whole, part),
            text=words.lag,
            align=Align.RIGHT,
            width=88,
            help=help,
        )

    return (
        text_column("source", "Source", width=68),
        text_column("kind", "Movement", width=104, stretch=True),
        count_column("count", "Told", form, value=lambda one: one.whole.count, width=64),
        length("middle", "Half within", "middle", "Median lag from happening to recording"),
        length("high", "95 % within", "high", "95th percentile of the lag"),
        share("late"),
        share("ahead"),
        count_column("cases", "Cases", form, value=lambda one: len(one.whole.cases), width=56),
    )


def _remark_columns(form: Format) -> tuple[Column, ...]:
    return (
        Column("words", "What", width=200, stretch=True, icon_from="icon", tooltip=lambda words: str(words)),
        Column(
            "number",
            "Cases",
            value=lambda one: len(one.cases),
            text=lambda number: (
                f"{form.count(number)} {'case' if number == 1 else 'cases'}" if number else "–"
            ),
            align=Align.RIGHT,
            width=72,
        ),
    )
