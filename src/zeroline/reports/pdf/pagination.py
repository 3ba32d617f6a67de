"""Breaks a table over pages: titles repeat, groups keep together, totals never stand alone."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from zeroline.reports.documents import Group, Row, Table, Total
from zeroline.reports.pdf.columns import Weights
from zeroline.reports.pdf.flow import Flow
from zeroline.reports.pdf.pen import INK, QUIET, Pen
from zeroline.reports.pdf.tables import Setter, Tick

_KEEP = 2
"""Rows that stay with what stands above or below them."""


class TableFlow:
    """Sets one table into a flow."""

    def __init__(self, flow: Flow, table: Table, weights: Weights, tick: Tick) -> None:
        self.flow, self.table, self.tick = flow, table, tick
        self.setter = Setter(table, weights, flow.styles, flow.notation, flow.frame.measure)
        self._group: str | None = None

    def run(self) -> None:
        """The whole table, with its title, and its note and legend below."""
        setter, table, flow = self.setter, self.table, self.flow
        if not table.row_count():
            self._title(30.0)
            self._sentence(table.nothing)
            return
        self._title(setter.head_height + self._opening_height())
        self._head()
        if table.rows:
            self._rows(table.rows, table.totals if not table.groups else ())
        elif not table.groups:
            self._totals(table.totals)
        for group in table.groups:
            self._set_group(group)
        if table.groups:
            self._totals(table.totals)
        for text in (table.note, setter.legend(flow.document.words)):
            if text:
                self._footnote(text)

    def _opening_height(self) -> float:
        table, setter = self.table, self.setter
        rows, above = table.rows, 0.0
        if not rows and table.groups:
            rows = table.groups[0].rows
            above = len(self._title_lines(table.groups[0].title)) * setter.leading + 6
        counts = setter.heights(rows[: _KEEP + 1], lambda rows: None) or [1]
        return min(above + sum(map(setter.height, counts)), 0.6 * self.flow.frame.depth)

    def _title(self, following: float) -> None:
        if not self.table.title:
            self.flow.need(following)
            return
        style = self.flow.styles(9.5, strong=True)
        lines = style.wrap(self.table.title, self.flow.frame.measure)
        height = len(lines) * 12.0 + 3
        self.flow.need(height + following)

        def draw(pen: Pen, y: float) -> None:
            for number, line in enumerate(lines):
                pen.text(self.flow.frame.left, y - 9.5 - number * 12, line, style)

        self.flow.place(height, draw)

    def _head(self) -> None:
        x = self.flow.frame.left
        self.flow.place(self.setter.head_height, lambda pen, y: self.setter.draw_head(pen, x, y))

    def _turn(self) -> None:
        self.flow.turn()
        self._head()
        if self._group is not None:
            self._group_title(f"{self._group} ({self.flow.document.words.continued})")

    def _rows(self, rows: Sequence[Row], totals: Sequence[Total], counts: list[int] | None = None) -> None:
        flow, setter = self.flow, self.setter
        if counts is None:
            counts = setter.heights(rows, self.tick)
        setter.note_flags(rows)
        closing = self._totals_height(totals)
        tallest = flow.frame.depth - setter.head_height - 30
        start, count = 0, len(rows)
        while start < count:
            room, stop = flow.room, start
            while stop < count:
                height = setter.height(counts[stop])
                if height > room:
                    break
                room -= height
                stop += 1
            if stop == count and closing > room and start < count - 1:
                stop = max(start, count - _KEEP)
            elif 0 < count - stop < _KEEP and stop - start > _KEEP:
                stop = count - _KEEP
            if stop == start:
                if setter.height(counts[start]) > tallest:
                    self._tall_row(rows[start], counts[start])
                    start += 1
                else:
                    self._turn()
                continue
            part, part_counts = rows[start:stop], counts[start:stop]
            height = sum(map(setter.height, part_counts))
            flow.place(height, partial(self._draw_rows, part, part_counts))
            start = stop
            if start < count:
                self._turn()
        self._totals(totals)

    def _draw_rows(self, rows: Sequence[Row], counts: Sequence[int], pen: Pen, y: float) -> None:
        self.setter.draw_rows(pen, self.flow.frame.left, y, rows, counts)
        self.tick(len(rows))

    def _tall_row(self, row: Row, count: int) -> None:
        setter, flow, first = self.setter, self.flow, 0
        while first < count:
            fitting = int((flow.room - 3) / setter.leading)
            if fitting < 3:
                self._turn()
                continue
            upto = min(count, first + fitting)
            flow.place(
                setter.height(upto - first),
                partial(self._draw_part, row, first, upto, upto == count),
            )
            first = upto
            if first < count:
                self._turn()

    def _draw_part(self, row: Row, first: int, upto: int, closes: bool, pen: Pen, y: float) -> None:
        self.setter.draw_part(pen, self.flow.frame.left, y, row, first, upto, closes)

    def _set_group(self, group: Group) -> None:
        setter, flow = self.setter, self.flow
        counts = setter.heights(group.rows, self.tick)
        title = self._title_lines(group.title)
        head = len(title) * setter.leading + 6
        rows = sum(map(setter.height, counts))
        whole = head + rows + self._totals_height(group.totals) + 14
        keep = head + sum(map(setter.height, counts[:_KEEP]))
        page = flow.frame.depth - setter.head_height
        self._group = None
        if whole > flow.room and (keep > flow.room or (whole <= page and flow.room < 0.4 * page)):
            self._turn()
        self._group_title(group.title)
        self._group = group.title
        self._rows(group.rows, group.totals, counts)
        self._group = None
        if group.note:
            self._footnote(group.note)
        flow.gap(4)

    def _title_lines(self, title: str) -> tuple[str, ...]:
        return self.setter.strong.wrap(title, self.setter.right - 6)

    def _group_title(self, title: str) -> None:
        lines = self._title_lines(title)
        height = len(lines) * self.setter.leading + 6
        x = self.flow.frame.left
        self.flow.place(height, lambda pen, y: self.setter.draw_group(pen, x, y - 1, lines))

    def _totals_height(self, totals: Sequence[Total]) -> float:
        return sum(
            self.setter.height(self.setter.total_lines(total.cells, total.label)) + 1 for total in totals
        )

    def _totals(self, totals: Sequence[Total]) -> None:
        if totals and self._totals_height(totals) > self.flow.room:
            self._turn()
        for total in totals:
            height = self.setter.height(self.setter.total_lines(total.cells, total.label)) + 1
            self.flow.place(height, partial(self._draw_total, total))

    def _draw_total(self, total: Total, pen: Pen, y: float) -> None:
        self.setter.draw_total(pen, self.flow.frame.left, y, total.cells, total.label)

    def _sentence(self, text: str) -> None:
        style = self.flow.styles(9.0)
        lines = style.wrap(text, self.flow.frame.measure)

        def draw(pen: Pen, y: float) -> None:
            for number, line in enumerate(lines):
                pen.text(self.flow.frame.left, y - 9.5 - number * 13, line, style, INK)

        self.flow.place(len(lines) * 13.0, draw)

    def _footnote(self, text: str) -> None:
        style = self.flow.styles(7.0)
        lines = style.wrap(text, self.flow.frame.measure)
        self.flow.gap(2)
        for line in lines:
            self.flow.place(9.0, partial(self._draw_quiet, line))

    def _draw_quiet(self, line: str, pen: Pen, y: float) -> None:
        pen.text(self.flow.frame.left, y - 7.2, line, self.flow.styles(7.0), QUIET)
