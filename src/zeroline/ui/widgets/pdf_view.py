"""The real PDF on the screen, page below page, drawn by PDFium behind the window."""

from __future__ import annotations

from bisect import bisect_left
from pathlib import Path
from threading import Lock

import pypdfium2 as pdfium
from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from zeroline.ui.tasks import Tasks
from zeroline.ui.theme import GRID, Theme

_ONE_AT_A_TIME = Lock()  # PDFium works in one thread only
_GAP = 4 * GRID
_MOST_PAGES_KEPT = 24


class PdfPages:
    """The pages of a file as pictures; every method may be called from a background thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with _ONE_AT_A_TIME:
            document = pdfium.PdfDocument(path)
            try:
                self.sizes = tuple(document.get_page_size(n) for n in range(len(document)))
            finally:
                document.close()

    def picture(self, number: int, scale: float) -> QImage:
        """Page ``number`` from 0, ``scale`` pixels a point."""
        with _ONE_AT_A_TIME:
            document = pdfium.PdfDocument(self.path)
            try:
                bitmap = document[number].render(scale=scale, rev_byteorder=True)
                picture = QImage(
                    bitmap.buffer,
                    bitmap.width,
                    bitmap.height,
                    bitmap.stride,
                    QImage.Format.Format_RGBX8888 if bitmap.n_channels == 4 else QImage.Format.Format_RGB888,
                )
                return picture.copy()  # the buffer goes with the bitmap
            finally:
                document.close()


class PdfView(QAbstractScrollArea):
    """Scrolls through the pages; Ctrl+wheel, + and − zoom, 0 fits the width again.

    ``page_changed(number)`` is the page at the top, from 1.
    """

    page_changed = Signal(int)

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._theme = Theme.active()
        self._pages: PdfPages | None = None
        self._drawn: dict[tuple[int, int], QImage] = {}
        self._asked: set[tuple[int, int]] = set()
        self._zoom = 1.0
        self._top = 0
        self._places: list[QRect] = []
        self.setAccessibleName("Preview")
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.horizontalScrollBar().valueChanged.connect(self.viewport().update)
        self._theme.changed.connect(self.viewport().update)

    @property
    def page_count(self) -> int:
        """How many pages there are."""
        return len(self._pages.sizes) if self._pages is not None else 0

    def show_pages(self, pages: PdfPages | None) -> None:
        """Show another file from its first page."""
        self._pages = pages
        self._drawn.clear()
        self._asked.clear()
        self._arrange()
        self.verticalScrollBar().setValue(0)
        self.page_changed.emit(1 if pages is not None and pages.sizes else 0)

    def zoom(self, factor: float) -> None:
        """Larger or smaller than the width of the view; 0 goes back to the width."""
        self._zoom = 1.0 if factor == 0 else min(4.0, max(0.25, self._zoom * factor))
        self._arrange()

    def go_to(self, page: int) -> None:
        """Scroll to a page, from 1."""
        if self._pages is not None and 1 <= page <= self.page_count:
            self.verticalScrollBar().setValue(self._place(page - 1).top() - _GAP)

    # where pages lie, in pixels of the screen

    def _scale(self) -> float:
        """Pixels a point: the widest page fills the view at zoom 1."""
        if self._pages is None or not self._pages.sizes:
            return 1.0
        widest = max(width for width, _ in self._pages.sizes)
        fitted: float = (self.viewport().width() - 2 * _GAP) / widest
        return max(0.2, fitted) * self._zoom

    def _place(self, number: int) -> QRect:
        return self._places[number]

    def _lay_out(self) -> list[QRect]:
        if self._pages is None:
            return []
        scale, top, places = self._scale(), _GAP, []
        for size in self._pages.sizes:
            width, height = (round(side * scale) for side in size)
            left = max(_GAP, (self.viewport().width() - width) // 2)
            places.append(QRect(left, top, width, height))
            top += height + _GAP
        return places

    def _arrange(self) -> None:
        self._places = self._lay_out()
        if self._pages is None or not self._pages.sizes:
            self.verticalScrollBar().setRange(0, 0)
            self.viewport().update()
            return
        last = self._place(len(self._pages.sizes) - 1)
        self.verticalScrollBar().setRange(0, max(0, last.bottom() + _GAP - self.viewport().height()))
        self.verticalScrollBar().setPageStep(self.viewport().height())
        self.verticalScrollBar().setSingleStep(10 * GRID)
        overhang = last.width() + 2 * _GAP - self.viewport().width()
        self.horizontalScrollBar().setRange(0, max(0, overhang))
        self.viewport().update()

    def _scrolled(self) -> None:
        self.viewport().update()
        if self._pages is None:
            return
        number = self._first_at(self.verticalScrollBar().value())
        if number + 1 != self._top:
            self._top = number + 1
            self.page_changed.emit(self._top)

    def _first_at(self, offset: int) -> int:
        """The first page that reaches below ``offset``."""
        return min(bisect_left(self._places, offset, key=QRect.bottom), max(0, self.page_count - 1))

    # drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(event.rect(), self._theme.colour("raised"))
        if self._pages is None:
            return
        view = self.viewport().rect()
        shift = (-self.horizontalScrollBar().value(), -self.verticalScrollBar().value())
        ratio = self.devicePixelRatioF()
        step = max(1, round(self._scale() * ratio * 1000))
        for number in range(self._first_at(-shift[1]), self.page_count):
            place = self._place(number).translated(*shift)
            if place.top() > view.bottom():
                break
            painter.fillRect(place, Qt.GlobalColor.white)
            ready = self._drawn.get((number, step))
            if ready is not None:
                painter.drawImage(QRectF(place), ready)
            else:
                self._ask(number, step)
        painter.end()

    def _ask(self, number: int, step: int) -> None:
        if (number, step) in self._asked or self._pages is None:
            return
        self._asked.add((number, step))
        pages = self._pages

        def done(picture: QImage) -> None:
            self._asked.discard((number, step))
            if pages is not self._pages:
                return
            while len(self._drawn) >= _MOST_PAGES_KEPT:
                self._drawn.pop(next(iter(self._drawn)))
            self._drawn[number, step] = picture
            self.viewport().update()

        self._tasks.query(
            lambda: pages.picture(number, step / 1000), done, owner=self, key=f"page {number} {step}"
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(1.15 if event.angleDelta().y() > 0 else 1 / 1.15)
            event.accept()
        else:
            super().wheelEvent(event)
