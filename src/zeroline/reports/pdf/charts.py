"""The balance over time and bars, drawn as vectors; readable without colour."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from functools import partial

from zeroline.domain.instant import DAY
from zeroline.reports.documents import BalanceChart, Bar, BarChart, Mark, Marker
from zeroline.reports.pdf.axes import thinned, time_ticks, value_ticks
from zeroline.reports.pdf.columns import MARKS
from zeroline.reports.pdf.flow import MM, Flow
from zeroline.reports.pdf.pen import BELOW, BLUE, EPISODE, INK, QUIET, RED, RULE, SHADE, Pen
from zeroline.reports.pdf.tables import TONES

_LANE = 9.0
_MOST_LANES = 6
_TITLE = 16.0
_FOOT = 44.0


class _Plot:
    """Where instants and balances lie on the page."""

    def __init__(
        self, x0: float, x1: float, y0: float, y1: float, times: tuple[int, int], low: int, high: int
    ) -> None:
        self.x0, self.x1, self.y0, self.y1 = x0, x1, y0, y1
        self.start, self.to, self.low, self.high = *times, low, high

    def x(self, instant: int) -> float:
        inside = min(max(instant, self.start), self.to)
        return self.x0 + (inside - self.start) * (self.x1 - self.x0) / (self.to - self.start)

    def y(self, balance: int) -> float:
        return self.y0 + (balance - self.low) * (self.y1 - self.y0) / (self.high - self.low)

    def steps(self, series: Sequence[tuple[int, int]]) -> list[tuple[float, float]]:
        """Corner points of the step line, the balance carried to both edges of the window."""
        before = [point for point in series if point[0] <= self.start]
        inside = [point for point in series if self.start < point[0] <= self.to]
        level = before[-1][1] if before else 0 if inside else None
        if level is None:
            return []
        tops = thinned([(self.x0, self.y(level)), *((self.x(at), self.y(balance)) for at, balance in inside)])
        corners = [tops[0]]
        for (_, before_y), (x, y) in itertools.pairwise(tops):
            corners += [(x, before_y), (x, y)]
        corners.append((self.x1, tops[-1][1]))
        return corners


def place_balance_chart(flow: Flow, chart: BalanceChart) -> None:
    """The chart with its title and legend, in one piece."""
    style = flow.styles(9.0)
    title = flow.styles(9.5, strong=True).wrap(chart.title, flow.frame.measure)
    if not chart.book and not chart.physical:
        flow.need(_TITLE + 16)
        flow.place(len(title) * 12.0 + 4, partial(_draw_title, flow, title))
        flow.place(16.0, lambda pen, y: _quietly(pen.text(flow.frame.left, y - 9.5, chart.nothing, style)))
        return
    height = min(chart.height * MM, flow.frame.depth - 120)
    lanes = _lanes(flow, chart)
    whole = len(title) * 12.0 + 4 + lanes[1] * _LANE + height + _FOOT
    flow.gap(4)
    flow.place(whole, partial(_draw_balance, flow, chart, title, lanes, height))


def _window(chart: BalanceChart) -> tuple[int, int]:
    instants = [at for series in (chart.book, chart.physical) for at, _ in (*series[:1], *series[-1:])]
    start = min(instants) if chart.since is None else chart.since
    to = max(instants) if chart.until is None else chart.until
    if to <= start:
        return start - DAY // 2, start + DAY // 2
    margin = (to - start) // 50 if chart.since is None else 0
    return start - margin, to + ((to - start) // 50 if chart.until is None else 0)


def _frame(flow: Flow, chart: BalanceChart, y0: float, y1: float) -> tuple[_Plot, list[int]]:
    start, to = _window(chart)
    shown = [
        balance
        for series in (chart.book, chart.physical)
        for place, (at, balance) in enumerate(series)
        if start <= at <= to or (at < start and (place + 1 == len(series) or series[place + 1][0] > start))
    ]
    ticks = value_ticks(min(shown, default=0), max(shown, default=0))
    style = flow.styles(7.0)
    label = max(style.width(flow.notation.quantity(tick)) for tick in ticks)
    x0 = flow.frame.left + label + 8
    return _Plot(x0, flow.frame.right, y0, y1, (start, to), ticks[0], ticks[-1]), ticks


def _lanes(flow: Flow, chart: BalanceChart) -> tuple[list[tuple[Marker, int, float]], int]:
    """Labelled markers with the lane their label is set in (−1: no room) and its left edge; lanes used."""
    plot, _ = _frame(flow, chart, 0.0, 1.0)
    style = flow.styles(7.0)
    starts = [float("inf")] * _MOST_LANES
    placed: list[tuple[Marker, int, float]] = []
    labelled = [marker for marker in chart.markers if marker.label]
    for marker in sorted(labelled, key=lambda marker: -marker.at):  # so that no leader crosses a lower label
        width = style.width(marker.label)
        x = max(plot.x0, min(plot.x(marker.at) - 2, plot.x1 - width))
        lane = next((lane for lane in range(_MOST_LANES) if x + width + 6 <= starts[lane]), -1)
        if lane >= 0:
            starts[lane] = x
        placed.append((marker, lane, x))
    return placed, max((lane for _, lane, _ in placed), default=-1) + 1


def _draw_title(flow: Flow, lines: Sequence[str], pen: Pen, y: float) -> None:
    style = flow.styles(9.5, strong=True)
    for number, line in enumerate(lines):
        pen.text(flow.frame.left, y - 9.5 - number * 12, line, style)


def _draw_balance(
    flow: Flow,
    chart: BalanceChart,
    title: Sequence[str],
    lanes: tuple[list[tuple[Marker, int, float]], int],
    height: float,
    pen: Pen,
    y: float,
) -> None:
    _draw_title(flow, title, pen, y)
    top = y - len(title) * 12.0 - 4 - lanes[1] * _LANE
    plot, ticks = _frame(flow, chart, top - height, top - 4)
    style, notation = flow.styles(7.0), flow.notation
    zero = plot.y(0)
    for band in chart.bands:
        left, right = plot.x(band.start), plot.x(plot.to if band.to is None else band.to)
        pen.fill(SHADE if band.transient else EPISODE)
        pen.box(left, plot.y0, max(right - left, 0.8), plot.y1 - plot.y0, filled=True)
    pen.stroke(RULE, 0.3)
    for tick in ticks:
        if tick:
            pen.line(plot.x0, plot.y(tick), plot.x1, plot.y(tick))
        pen.text(plot.x0 - 4, plot.y(tick) - 2.4, notation.quantity(tick), style, QUIET, 1.0)
    pen.text(flow.frame.left, plot.y1 + 5, chart.unit, style, QUIET)
    book = plot.steps(chart.book)
    if book:
        pen.clip(plot.x0, plot.y0, plot.x1 - plot.x0, max(zero - plot.y0, 0.0))
        pen.fill(BELOW)
        pen.path([(book[0][0], zero), *book, (book[-1][0], zero)], "f")
        pen.unclip()
    pen.stroke(INK, 0.9)
    pen.line(plot.x0, zero, plot.x1, zero)
    _draw_times(flow, plot, pen)
    pen.stroke(BLUE, 0.8, "2.4 1.6")
    pen.path(plot.steps(chart.physical))
    pen.stroke(INK, 1.1)
    pen.path(book)
    for marker, lane, x in sorted(lanes[0], key=lambda placed: -placed[1]):
        if lane >= 0:
            label_y = plot.y1 + 4 + lane * _LANE
            pen.stroke(QUIET, 0.3)
            pen.line(plot.x(marker.at), plot.y(marker.balance), plot.x(marker.at), label_y - 1)
            pen.fill((1.0, 1.0, 1.0))
            pen.box(x - 1, label_y - 2, style.width(marker.label) + 2, _LANE - 1, filled=True)
            pen.text(x, label_y, marker.label, style, INK)
    for marker in chart.markers:
        _draw_marker(pen, plot.x(marker.at), plot.y(marker.balance), marker.mark)
    _draw_legend(flow, chart, pen, plot.y0 - 26)


def _draw_times(flow: Flow, plot: _Plot, pen: Pen) -> None:
    style = flow.styles(7.0)
    edge = float("-inf")
    pen.stroke(QUIET, 0.4)
    for instant, label in time_ticks(plot.start, plot.to, flow.notation):
        x = plot.x(instant)
        pen.line(x, plot.y0, x, plot.y0 - 2.5)
        width = style.width(label)
        left = min(max(x - width / 2, flow.frame.left), plot.x1 - width)
        if left > edge + 5:
            pen.text(left, plot.y0 - 10, label, style, QUIET)
            edge = left + width


def _draw_marker(pen: Pen, x: float, y: float, mark: Mark) -> None:
    pen.stroke(INK, 0.8)
    pen.fill((1.0, 1.0, 1.0))
    match mark:
        case Mark.RECEIPT:
            pen.path([(x - 2.6, y - 2), (x + 2.6, y - 2), (x, y + 2.8)], "b")
        case Mark.ISSUE:
            pen.path([(x - 2.6, y + 2), (x + 2.6, y + 2), (x, y - 2.8)], "b")
        case Mark.COUNT:
            pen.circle(x, y, 2.4, "b")
        case Mark.ADJUSTMENT:
            pen.path([(x - 3, y), (x, y + 3), (x + 3, y), (x, y - 3)], "b")
        case Mark.CROSSING:
            pen.stroke(RED, 1.3)
            pen.line(x - 3, y - 3, x + 3, y + 3)
            pen.line(x - 3, y + 3, x + 3, y - 3)


def _draw_legend(flow: Flow, chart: BalanceChart, pen: Pen, y: float) -> None:
    words, style = flow.document.words, flow.styles(7.0)
    x = flow.frame.left

    def entry(symbol: Callable[[float], None], text: str) -> None:
        nonlocal x, y
        if x + 16 + style.width(text) > flow.frame.right:
            x, y = flow.frame.left, y - 10
        symbol(x)
        x += 16
        x += pen.text(x, y, text, style, INK) + 12

    def line(at: float, dash: str) -> None:
        pen.stroke(BLUE if dash else INK, 0.8 if dash else 1.1, dash)
        pen.line(at, y + 2.4, at + 12, y + 2.4)

    def patch(at: float, transient: bool) -> None:
        pen.fill(SHADE if transient else EPISODE)
        pen.box(at, y - 0.6, 12, 6, filled=True)

    if chart.book:
        entry(lambda at: line(at, ""), words.book)
    if chart.physical:
        entry(lambda at: line(at, "2.4 1.6"), words.physical)
    for transient in (False, True):
        if any(band.transient is transient for band in chart.bands):
            entry(partial(patch, transient=transient), words.transient if transient else words.episode)
    names = {
        Mark.RECEIPT: words.receipt,
        Mark.ISSUE: words.issue,
        Mark.COUNT: words.count,
        Mark.ADJUSTMENT: words.adjustment,
        Mark.CROSSING: words.crossing,
    }
    used = {marker.mark for marker in chart.markers}
    for mark, name in names.items():
        if mark in used:
            entry(lambda at, mark=mark: _draw_marker(pen, at + 8, y + 2.4, mark), name)  # type: ignore[misc]


def place_bar_chart(flow: Flow, chart: BarChart) -> None:
    """Bars one below the other, over as many pages as needed; zero where the bars begin."""
    title = flow.styles(9.5, strong=True).wrap(chart.title, flow.frame.measure)
    style = flow.styles(8.0)
    flow.gap(4)
    flow.need(len(title) * 12.0 + 4 + 16.0 * min(3, max(1, len(chart.bars))))
    flow.place(len(title) * 12.0 + 4, partial(_draw_title, flow, title))
    if not chart.bars:
        flow.place(16.0, lambda pen, y: _quietly(pen.text(flow.frame.left, y - 9.5, chart.nothing, style)))
        return
    write = flow.notation.writer(chart.kind, chart.decimals)
    values = [_bar_text(bar, write) for bar in chart.bars]
    label_room = min(max(style.width(bar.label) for bar in chart.bars), 0.34 * flow.frame.measure)
    value_room = max(flow.styles(8.0, strong=True).width(value) for value in values) + 6
    x0 = flow.frame.left + label_room + 8
    room = max(flow.frame.right - value_room - x0, 40.0)
    low, high = min(0, *(bar.value for bar in chart.bars)), max(0, *(bar.value for bar in chart.bars))
    scale = room / max(high - low, 1)
    origin = x0 - low * scale
    for bar, value in zip(chart.bars, values, strict=True):
        label = style.wrap(bar.label, label_room)
        height = max(15.0, len(label) * 9.6 + 4)
        flow.place(height, partial(_draw_bar, flow, bar, value, label, (x0, origin, scale), height))
    flow.gap(8)


def _bar_text(bar: Bar, write: Callable[[int], str]) -> str:
    mark = MARKS[bar.flag] if bar.flag else ""
    return f"{mark}{write(bar.value)}{' · ' + bar.note if bar.note else ''}"


def _draw_bar(
    flow: Flow,
    bar: Bar,
    value: str,
    label: Sequence[str],
    places: tuple[float, float, float],
    height: float,
    pen: Pen,
    y: float,
) -> None:
    x0, origin, scale = places
    style = flow.styles(8.0, strong=bar.flag is not None)
    middle = y - height / 2
    for number, line in enumerate(label):
        line_y = middle + (len(label) - 1) * 4.8 - number * 9.6 - 2.8
        pen.text(x0 - 8, line_y, line, flow.styles(8.0), INK, 1.0)
    length = bar.value * scale
    pen.fill(TONES[bar.flag] if bar.flag else QUIET)
    pen.box(min(origin, origin + length), middle - 4.2, max(abs(length), 0.4), 8.4, filled=True)
    pen.stroke(INK, 0.6)
    pen.line(origin, y, origin, y - height)
    tone = TONES[bar.flag] if bar.flag else INK
    pen.text(max(origin, origin + length) + 4, middle - 2.8, value, style, tone)


def _quietly(width: float) -> None:
    del width
