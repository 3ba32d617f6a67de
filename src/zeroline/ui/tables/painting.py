"""Draws lines of a list straight from the model's blocks: one pass, no call per cell and role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPolygonF

from zeroline.ui.tables.column import Align
from zeroline.ui.tables.fields import Coded
from zeroline.ui.tables.model import TableModel
from zeroline.ui.tables.shown import BLOCK, BLOCK_BITS
from zeroline.ui.theme import Size, Theme, face

if TYPE_CHECKING:
    from zeroline.ui.tables.rows import Group
    from zeroline.ui.tables.view import TableView

PAD = 8
_ICON = 16
_CACHE = 20_000
_FIGURES = "0123456789.,−'\u00a0\u202f"
_CODE_CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-/_. #:"


class LinePainter:
    """Knows widths of texts that were drawn, so that a text is measured once."""

    def __init__(self, model: TableModel, theme: Theme) -> None:
        self._model = model
        self._theme = theme
        self._faces: dict[bool, tuple[QFont, QFontMetricsF]] = {}
        self._figures: dict[bool, dict[str, float]] = {}
        self._fitted: dict[tuple[str, bool, float], tuple[str, float]] = {}
        self._unit_room: dict[int, float] = {}
        model.modelReset.connect(self._unit_room.clear)

    def forget_widths(self) -> None:
        self._fitted.clear()
        self._faces.clear()
        self._unit_room.clear()

    def shortened(self, place: int, text: str, width: int) -> bool:
        """Whether a cell of this width cannot show the whole text."""
        code = self._model.columns[place].code
        return self._fit(text, code, width - 2 * PAD - self._unit_width(place))[0] != text

    def _face(self, code: bool) -> tuple[QFont, QFontMetricsF]:
        ready = self._faces.get(code)
        if ready is None:
            font = face(Size.BODY, code=code)
            metrics = QFontMetricsF(font)
            ready = self._faces[code] = (font, metrics)
            letters = _CODE_CHARACTERS if code else _FIGURES
            self._figures[code] = {letter: metrics.horizontalAdvance(letter) for letter in letters}
        return ready

    def _fit(self, text: str, code: bool, width: float) -> tuple[str, float]:
        """The text as far as it fits, and its width in pixels."""
        key = (text, code, width)
        ready = self._fitted.get(key)
        if ready is None:
            if len(self._fitted) > _CACHE:
                self._fitted.clear()
            metrics = self._face(code)[1]
            shown = text.replace("\n", " ")
            try:  # figures have one width and no kerning: adding is five times faster than shaping
                advance = sum(map(self._figures[code].__getitem__, shown))
            except KeyError:
                advance = metrics.horizontalAdvance(shown)
            if advance > width:
                shown = metrics.elidedText(shown, Qt.TextElideMode.ElideRight, max(0, width))
                advance = metrics.horizontalAdvance(shown)
            ready = self._fitted[key] = (shown, advance)
        return ready

    def _unit_width(self, place: int) -> float:
        """Room for the widest unit of a column, so that the figures before it stand under each other."""
        room = self._unit_room.get(place)
        if room is None:
            column = self._model.columns[place]
            units = self._model.rows.fields.get(column.unit_from)
            metrics = self._face(False)[1]
            widest = 0.0
            if isinstance(units, Coded):
                widest = max(
                    (metrics.horizontalAdvance(str(unit or "")) for unit in units.values), default=0.0
                )
            room = self._unit_room[place] = widest + 4 if widest else 0
        return room

    def paint(self, view: TableView, area: QRect, places: list[int]) -> None:
        """Draw every line that touches ``area`` of the viewport."""
        theme, model = self._theme, self._model
        painter = QPainter(view.viewport())
        painter.fillRect(area, theme.colour("surface"))
        height = view.verticalHeader().defaultSectionSize()
        count = len(model.shown)
        header = view.horizontalHeader()
        offset = view.verticalHeader().offset()
        first = max(0, (area.top() + offset) // height)
        last = min(count - 1, (area.bottom() + offset) // height)
        spans = []
        for place in places:
            left, width = header.sectionViewportPosition(place), header.sectionSize(place)
            if left <= area.right() and left + width >= area.left():
                spans.append((place, left, width))
        if first <= last:
            self._lines(painter, view, first, last, height, offset, spans)
        painter.end()

    def _lines(
        self,
        painter: QPainter,
        view: TableView,
        first: int,
        last: int,
        height: int,
        offset: int,
        spans: list[tuple[int, int, int]],
    ) -> None:
        theme, model = self._theme, self._model
        picked, full = view.selectionModel(), view.viewport().width()
        width = max(full, view.horizontalHeader().length())
        grid, selection, raised = theme.colour("grid"), theme.colour("selection"), theme.colour("raised")
        headings: list[tuple[Group, int]] = []
        lines: list[tuple[int, int]] = []
        painter.setPen(grid)
        for line in range(first, last + 1):
            top = line * height - offset
            group = model.block(line >> BLOCK_BITS).groups[line & (BLOCK - 1)]
            if picked.isSelected(model.index(line, 0)):
                painter.fillRect(0, top, width, height, selection)
            elif group is not None:
                painter.fillRect(0, top, width, height, raised)
            painter.drawLine(0, top + height - 1, width, top + height - 1)
            if group is None:
                lines.append((line, top))
            else:
                headings.append((group, top))
        for place, left, across in spans:
            self._column(painter, lines, height, place, left, across)
        painter.setPen(theme.colour("muted"))
        for line, top in lines:
            if model.shown.gone and model.shown.row_at(line) in model.shown.gone:
                painter.drawLine(PAD, top + height // 2, width - PAD, top + height // 2)
        for group, top in headings:
            self._heading(painter, group, top, height, spans)
        self._cursor(painter, view, height, offset)

    def _column(
        self,
        painter: QPainter,
        lines: list[tuple[int, int]],
        height: int,
        place: int,
        left: int,
        across: int,
    ) -> None:
        model, theme = self._model, self._theme
        column = model.columns[place]
        code = column.code
        painter.setFont(self._face(code)[0])
        body = self._face(False)[1]  # one baseline a line, whatever the face
        baseline = round((height - body.height()) / 2 + body.ascent())
        unit_room = self._unit_width(place)
        room = across - 2 * PAD - unit_room
        align, fit, draw = column.align, self._fit, painter.drawText
        pen_role: str | None = ""
        for line, top in lines:
            text, tone, icon, unit = model.block(line >> BLOCK_BITS).cells[place][line & (BLOCK - 1)]
            if not text and icon is None:
                continue
            if tone != pen_role:
                painter.setPen(theme.colour(tone or "text"))
                pen_role = tone
            x, free = left + PAD, float(room)
            if icon is not None:
                pixmap = theme.pixmap(icon, tone or "muted", _ICON)
                at = x + int(room - _ICON) // 2 if align is Align.CENTRE and not text else x
                painter.drawPixmap(at, top + (height - _ICON) // 2, pixmap)
                x, free = x + _ICON + 4, room - _ICON - 4
            shown, advance = fit(text, code, free)
            if align is Align.RIGHT:
                draw(QPointF(x + free - advance, top + baseline), shown)
                if unit:
                    painter.setPen(theme.colour("muted"))
                    draw(QPointF(left + across - PAD - unit_room + 4, top + baseline), unit)
                    pen_role = ""
            elif align is Align.CENTRE:
                draw(QPointF(x + (free - advance) / 2, top + baseline), shown)
            else:
                draw(QPointF(x, top + baseline), shown)

    def _heading(
        self, painter: QPainter, group: Group, top: int, height: int, spans: list[tuple[int, int, int]]
    ) -> None:
        theme, model = self._theme, self._model
        font = face(Size.BODY, strong=True)
        painter.setFont(font)
        painter.setPen(theme.colour("text"))
        metrics = QFontMetricsF(font)
        baseline = top + round((height - metrics.height()) / 2 + metrics.ascent())
        end = min(
            (left for place, left, _ in spans if model.columns[place].key in group.totals),
            default=10_000,
        )
        start = min((left for _, left, _ in spans), default=0)
        middle = top + height / 2
        marks = ((0, -4), (5, 0), (0, 4)) if group.collapsed else ((-2, -2), (6, -2), (2, 3))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(theme.colour("text"))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawPolygon(QPolygonF([QPointF(start + PAD + 2 + x, middle + y) for x, y in marks]))
        painter.restore()
        count = f"{group.size}"
        title = model.shown.group_title(group)
        x = start + PAD + 16
        room = end - x - metrics.horizontalAdvance(count) - 24
        shown = metrics.elidedText(title, Qt.TextElideMode.ElideRight, max(40, room))
        painter.drawText(QPointF(x, baseline), shown)
        painter.setPen(theme.colour("muted"))
        painter.drawText(QPointF(x + metrics.horizontalAdvance(shown) + 12, baseline), count)
        for place, left, across in spans:
            total = group.totals.get(model.columns[place].key)
            if total is None:
                continue
            column = model.columns[place]
            text = model.shown.amount_text(column.key, total)
            tone = column.tone(total) if column.tone else None
            painter.setPen(theme.colour(tone or "text"))
            right = left + across - PAD - self._unit_width(place)
            painter.drawText(QPointF(right - metrics.horizontalAdvance(text), baseline), text)

    def _cursor(self, painter: QPainter, view: TableView, height: int, offset: int) -> None:
        index = view.currentIndex()
        if not index.isValid():
            return
        theme = self._theme
        top = index.row() * height - offset
        painter.fillRect(0, top, 3, height - 1, theme.colour("accent"))
        if view.hasFocus():
            left = view.horizontalHeader().sectionViewportPosition(index.column())
            across = view.horizontalHeader().sectionSize(index.column())
            painter.setPen(theme.colour("focus"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(left, top, across - 1, height - 2)
