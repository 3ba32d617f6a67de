"""Tables: row heights by cached wrapping, page breaks computed, one run of text operators per column."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil

from zeroline.reports.documents import Align, Cell, Flag, Flagged, Kind, Notation, Row, Table, Words
from zeroline.reports.pdf.columns import MARKS, PAD, Setting, Slot, Weights
from zeroline.reports.pdf.flow import MM
from zeroline.reports.pdf.pen import AMBER, GREEN, INK, QUIET, RED, RULE, SHADE, Pen, Tone
from zeroline.reports.pdf.symbols import draw_symbol, symbol_height
from zeroline.reports.pdf.typeface import Style, Styles, clean

TONES: dict[Flag, Tone] = {Flag.BELOW_ZERO: RED, Flag.ATTENTION: AMBER, Flag.VERIFIED: GREEN}
_TICK = 512
_NO_LINE = ("",)

Tick = Callable[[int], None]
"""Told how many rows were done since the last call; raises to stop."""


class Setter:
    """One table at its final widths: heights of rows, and how they are drawn."""

    def __init__(
        self, table: Table, weights: Weights, styles: Styles, notation: Notation, measure: float
    ) -> None:
        self.table, self.notation = table, notation
        self.size, self.slots = weights.fit(measure)
        self.leading = round(self.size * 1.22, 2)
        self.measure = measure
        self.right = min(measure, self.slots[-1].x + self.slots[-1].width)
        self.quiet = styles(self.size)
        self.mono = styles(self.size, mono=True)
        self.strong = styles(self.size, strong=True)
        self.flags_seen: dict[Flag, None] = {}
        self._lines: list[dict[str, tuple[str, ...]]] = [{} for _ in table.columns]
        self._widths = {setting.index: slot.width for slot in self.slots for setting in slot.settings}
        self._least_lines = max(1, ceil((table.row_room * MM - 2) / self.leading))
        self.titles = [self._titles(slot) for slot in self.slots]
        self.head_height = max(len(titles) for titles in self.titles) * self.leading + 5.0

    def _titles(self, slot: Slot) -> list[tuple[str, Style, Align]]:
        lines: list[tuple[str, Style, Align]] = []
        for level, setting in enumerate(slot.settings):
            style = self.strong if level == 0 else self.quiet
            lines += [(line, style, setting.align) for line in style.wrap(setting.column.title, slot.width)]
        return lines

    # heights

    def heights(self, rows: Sequence[Row], tick: Tick) -> list[int]:
        """The number of text lines each row takes."""
        counts: list[int] = []
        fixed = max([self._least_lines, *(len(slot.settings) for slot in self.slots)])
        plain = [setting for slot in self.slots if len(slot.settings) == 1 for setting in slot.settings]
        stacked = [slot for slot in self.slots if len(slot.settings) > 1]
        for start in range(0, len(rows), _TICK):
            part = rows[start : start + _TICK]
            lines = [fixed] * len(part)
            for setting in plain:
                index, line_count = setting.index, self._line_count
                for place, row in enumerate(part):
                    cell = row[index]
                    if cell is not None and type(cell) is not int:
                        needed = line_count(cell, setting)
                        if needed > lines[place]:
                            lines[place] = needed
            for slot in stacked:
                for place, row in enumerate(part):
                    needed = 0
                    for setting in slot.settings:
                        cell = row[setting.index]
                        needed += 1 if cell is None or type(cell) is int else self._line_count(cell, setting)
                    if needed > lines[place]:
                        lines[place] = needed
            counts += lines
            tick(len(part))
        return counts

    def _line_count(self, cell: Cell, setting: Setting) -> int:
        flag = None
        if isinstance(cell, Flagged):
            flag, cell = cell.flag, cell.value
            self.flags_seen[flag] = None
        kind = setting.column.kind
        if kind is Kind.WRITE_IN:
            return 2
        if not isinstance(cell, str):
            return 1
        if kind is Kind.BARCODE:
            if not cell:
                return 1
            bars = symbol_height(cell, self._width(setting)) + 1.5
            return ceil(bars / self.leading) + len(self._caption(cell, setting))
        return len(self.text_lines(cell, setting, flag))

    def text_lines(self, text: str, setting: Setting, flag: Flag | None = None) -> tuple[str, ...]:
        """A text as wrapped in its column; with the mark of its flag in front."""
        cache = self._lines[setting.index]
        if flag is not None:
            text = MARKS[flag] + text
        lines = cache.get(text)
        if lines is None:
            style = setting.strong if flag is not None else setting.style
            lines = cache[text] = style.wrap(text, self._width(setting) + 0.01)
        return lines

    def _caption(self, text: str, setting: Setting) -> tuple[str, ...]:
        return self.mono.wrap(text, self._width(setting) - 9.0)  # set under the bars, beyond their quiet zone

    def _width(self, setting: Setting) -> float:
        return self._widths[setting.index]

    def height(self, lines: int) -> float:
        """Points of a row of so many lines, with its air and rule."""
        return lines * self.leading + 2.6

    # drawing

    def draw_head(self, pen: Pen, x: float, y: float) -> None:
        """Column titles hanging from y, set on the rule that closes them."""
        deepest = max(len(titles) for titles in self.titles)
        for slot, titles in zip(self.slots, self.titles, strict=True):
            line_y = y - self.size - (deepest - len(titles)) * self.leading
            for text, style, align in titles:
                anchor, at = _anchor(align, x + slot.x, slot.width)
                pen.text(anchor, line_y, text, style, INK if style is self.strong else QUIET, at)
                line_y -= self.leading
        pen.stroke(INK, 0.7)
        pen.line(x, y - self.head_height + 1.5, x + self.right, y - self.head_height + 1.5)

    def draw_rows(self, pen: Pen, x: float, y: float, rows: Sequence[Row], counts: Sequence[int]) -> None:
        """Whole rows from y downwards."""
        tops, edges, top = [], [], y
        for count in counts:
            tops.append(top)
            top -= count * self.leading + 2.6
            edges.append(top)
        pen.stroke(RULE, 0.3)
        pen.rules(x, x + self.right, edges)
        for slot in self.slots:
            offsets = [0] * len(rows)
            for level, setting in enumerate(slot.settings):
                last = level == len(slot.settings) - 1
                self._draw_column(
                    pen, x + slot.x, slot.width, setting, rows, tops, counts, offsets, level, last
                )

    def _draw_column(
        self,
        pen: Pen,
        x: float,
        width: float,
        setting: Setting,
        rows: Sequence[Row],
        tops: Sequence[float],
        counts: Sequence[int],
        offsets: list[int],
        level: int,
        last: bool,
    ) -> None:
        column, style, leading = setting.column, setting.style, self.leading
        if column.kind in (Kind.WRITE_IN, Kind.BARCODE):
            for place, row in enumerate(rows):
                height = counts[place] * leading
                offsets[place] += self._draw_special(
                    pen,
                    x,
                    tops[place] - offsets[place] * leading,
                    width,
                    height,
                    row[setting.index],
                    setting,
                    last,
                )
            return
        index, show, write = setting.index, style.show, setting.write
        left = setting.align is Align.LEFT
        flag_negative = column.flag_negative
        baseline = self.size + 0.6
        operators: list[str] = []
        flagged: list[tuple[float, str, Flag]] = []
        pen_x, pen_y = 0.0, 0.0
        for place, row in enumerate(rows):
            cell = row[index]
            y = tops[place] - baseline - offsets[place] * leading
            flag: Flag | None = None
            if type(cell) is Flagged:
                flag, cell = cell.flag, cell.value
            if cell is None:
                cell = column.empty
                if not cell:
                    offsets[place] += 1
                    continue
            if isinstance(cell, str):
                lines = self.text_lines(cell, setting, flag)
            else:
                text = write(cell)  # type: ignore[arg-type]
                if flag is None and flag_negative and cell < 0:  # type: ignore[operator]
                    flag = Flag.BELOW_ZERO
                if flag is None:
                    shown, wide = show(text)
                    if left:
                        at = x
                    elif setting.fraction:
                        at = x + width - wide - self._missing_fraction(text, setting, style)
                    else:
                        at = x + (width - wide) * (0.5 if setting.align is Align.CENTER else 1.0)
                    at, y = round(at, 2), round(y, 2)
                    operators.append(f"{at - pen_x:.2f} {y - pen_y:.2f} Td {shown}")
                    pen_x, pen_y = at, y
                    offsets[place] += 1
                    continue
                self.flags_seen[flag] = None
                lines = (MARKS[flag] + text,)
            offsets[place] += len(lines)
            if flag is not None:
                flagged += [(y - number * leading, line, flag) for number, line in enumerate(lines)]
                continue
            for line in lines:
                shown, wide = show(line)
                at = x if left else x + (width - wide) * (0.5 if setting.align is Align.CENTER else 1.0)
                at, y = round(at, 2), round(y, 2)
                operators.append(f"{at - pen_x:.2f} {y - pen_y:.2f} Td {shown}")
                pen_x, pen_y = at, y
                y -= leading
        if operators:
            pen.fill(INK if level == 0 else QUIET)
            pen.raw(("BT", style.select, *operators, "ET"))
        for y, line, flag in flagged:
            anchor, at = _anchor(setting.align, x, width)
            if setting.fraction:
                anchor -= self._missing_fraction(line, setting, setting.strong)
            pen.text(anchor, y, line, setting.strong, TONES[flag], at)

    def _missing_fraction(self, text: str, setting: Setting, style: Style) -> float:
        _, mark, rest = text.partition(self.notation.decimal)
        return setting.fraction - (style.width(mark + rest) if mark else 0.0)

    def _draw_special(
        self,
        pen: Pen,
        x: float,
        y: float,
        width: float,
        height: float,
        cell: Cell,
        setting: Setting,
        last: bool,
    ) -> int:
        value = cell.value if isinstance(cell, Flagged) else cell
        lines = self._line_count(cell, setting) if cell is not None else 1
        if setting.column.kind is Kind.WRITE_IN:
            box_height = height if last else lines * self.leading
            pen.stroke(QUIET, 0.6)
            pen.box(x, y - box_height - 0.6, width, box_height - 1.4)
            if isinstance(value, str) and value:
                pen.text(x + width - 2, y - box_height + 1.4, value, self.quiet, QUIET, 1.0)
            return max(lines, 2)
        if isinstance(value, str) and value:
            left = draw_symbol(pen, x, y - 2.4, clean(value), width)
            caption = y - 2.4 - symbol_height(value, width) - self.size
            for line in self._caption(value, setting):
                pen.text(left, caption, line, self.mono)
                caption -= self.leading
        return lines

    def draw_part(self, pen: Pen, x: float, y: float, row: Row, first: int, upto: int, closes: bool) -> None:
        """Lines ``first`` to ``upto`` of one row that is taller than a page."""
        for slot in self.slots:
            line_number = 0
            for level, setting in enumerate(slot.settings):
                cell = row[setting.index]
                flag = cell.flag if isinstance(cell, Flagged) else None
                value = cell.value if isinstance(cell, Flagged) else cell
                if isinstance(value, int):
                    lines: tuple[str, ...] = (setting.write(value),)
                else:
                    lines = self.text_lines(value or setting.column.empty or "", setting, flag)
                tone = TONES[flag] if flag else INK if level == 0 else QUIET
                for line in lines:
                    if first <= line_number < upto and line:
                        line_y = y - self.size - 0.6 - (line_number - first) * self.leading
                        anchor, at = _anchor(setting.align, x + slot.x, slot.width)
                        pen.text(anchor, line_y, line, setting.strong if flag else setting.style, tone, at)
                    line_number += 1
        if closes:
            pen.stroke(RULE, 0.3)
            pen.line(x, y - self.height(upto - first), x + self.right, y - self.height(upto - first))

    # totals and group titles

    def total_lines(self, cells: Row, label: str) -> int:
        """Text lines of a closing row."""
        deepest = len(self.strong.wrap(label, self._label_width(cells)))
        for slot in self.slots:
            line = 0
            for setting in slot.settings:
                line += len(self._total_cell(cells[setting.index], setting)[0])
                if cells[setting.index] is not None:
                    deepest = max(deepest, line)
        return deepest

    def _total_cell(self, cell: Cell, setting: Setting) -> tuple[tuple[str, ...], Flag | None]:
        flag = cell.flag if isinstance(cell, Flagged) else None
        value = cell.value if isinstance(cell, Flagged) else cell
        if not isinstance(value, int):
            mark = MARKS[flag] if flag else ""
            return setting.strong.wrap(mark + (value or ""), self._width(setting) + 0.01), flag
        if flag is None and setting.column.flag_negative and value < 0:
            flag = Flag.BELOW_ZERO
        if flag is not None:
            self.flags_seen[flag] = None
        return ((MARKS[flag] if flag else "") + setting.write(value),), flag

    def _label_width(self, cells: Row) -> float:
        for slot in self.slots:
            if any(cells[setting.index] is not None for setting in slot.settings):
                return max(slot.x - 2 * PAD, 60.0)
        return self.right

    def draw_total(self, pen: Pen, x: float, y: float, cells: Row, label: str) -> None:
        """A closing row in semibold under a darker rule."""
        pen.stroke(INK, 0.5)
        pen.line(x, y, x + self.right, y)
        baseline = y - self.size - 1.2
        for number, line in enumerate(self.strong.wrap(label, self._label_width(cells))):
            pen.text(x, baseline - number * self.leading, line, self.strong)
        for slot in self.slots:
            number = 0
            for setting in slot.settings:
                cell = cells[setting.index]
                lines, flag = self._total_cell(cell, setting)
                for text in lines:
                    anchor, at = _anchor(setting.align, x + slot.x, slot.width)
                    if setting.fraction and isinstance(cell, int):
                        anchor -= self._missing_fraction(text, setting, setting.strong)
                    tone = TONES[flag] if flag else INK
                    pen.text(anchor, baseline - number * self.leading, text, setting.strong, tone, at)
                    number += 1

    def draw_group(self, pen: Pen, x: float, y: float, lines: Sequence[str]) -> None:
        """A group's title on a light bar."""
        height = len(lines) * self.leading + 4
        pen.fill(SHADE)
        pen.box(x, y - height, self.right, height, filled=True)
        for number, line in enumerate(lines):
            pen.text(x + 3, y - self.size - 1.4 - number * self.leading, line, self.strong)

    def legend(self, words: Words) -> str:
        """What the marks used in this table mean."""
        meanings = {
            Flag.BELOW_ZERO: words.below_zero,
            Flag.ATTENTION: words.attention,
            Flag.VERIFIED: words.verified,
        }
        return " · ".join(MARKS[flag] + meanings[flag] for flag in Flag if flag in self.flags_seen)

    def note_flags(self, rows: Sequence[Row]) -> None:
        """Looks for numbers below zero in columns that flag them, so that the legend can be set in time."""
        for column, index in ((column, index) for index, column in enumerate(self.table.columns)):
            if column.flag_negative and Flag.BELOW_ZERO not in self.flags_seen:
                for row in rows:
                    cell = row[index]
                    if type(cell) is int and cell < 0:
                        self.flags_seen[Flag.BELOW_ZERO] = None
                        break


def _anchor(align: Align, x: float, width: float) -> tuple[float, float]:
    if align is Align.LEFT:
        return x, 0.0
    return (x + width / 2, 0.5) if align is Align.CENTER else (x + width, 1.0)
