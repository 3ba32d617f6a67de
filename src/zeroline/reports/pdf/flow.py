"""Lays pieces one below the other over pages; drawing comes later, once the number of pages is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from zeroline.reports.documents import Document, Notation
from zeroline.reports.pdf.pen import Pen
from zeroline.reports.pdf.typeface import Styles

Draw = Callable[[Pen, float], None]
"""Draws one piece; the float is the height of its upper edge on the page."""

MM = 72 / 25.4


@dataclass(frozen=True, slots=True)
class Geometry:
    """A page and the frame for content on it, in points."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float

    @property
    def measure(self) -> float:
        """Width of the content."""
        return self.right - self.left

    @property
    def depth(self) -> float:
        """Height of the content."""
        return self.top - self.bottom


def geometry(document: Document, landscape: bool) -> Geometry:
    """The frame on the document's paper: margins of 13 mm, room for the running title and the foot."""
    narrow, long = document.paper.value
    width, height = (long, narrow) if landscape else (narrow, long)
    margin = 13 * MM
    return Geometry(width, height, margin, width - margin, height - margin - 18, margin + 16)


class Flow:
    """Pages under construction. ``outline`` gathers (page index, height, level, title) of the headings."""

    def __init__(self, frame: Geometry, styles: Styles, document: Document, notation: Notation) -> None:
        self.frame, self.styles, self.document, self.notation = frame, styles, document, notation
        self.pages: list[list[tuple[float, Draw]]] = [[]]
        self.outline: list[tuple[int, float, int, str]] = []
        self.y = frame.top
        self._held: list[tuple[float, float, Draw, tuple[int, str]]] = []

    @property
    def room(self) -> float:
        """Points left on this page below headings that wait."""
        return self.y - self.frame.bottom - sum(gap + height for gap, height, _, _ in self._held)

    @property
    def fresh(self) -> bool:
        """Whether nothing stands on this page yet."""
        return self.y >= self.frame.top - 0.01

    def turn(self) -> None:
        """On to a new page."""
        self.pages.append([])
        self.y = self.frame.top

    def hold(self, gap: float, height: float, draw: Draw, entry: tuple[int, str]) -> None:
        """A heading (``entry``: outline level and title) that waits for the piece it must stay with."""
        self._held.append((gap, height, draw, entry))

    def need(self, height: float) -> None:
        """Turns the page unless ``height`` points are left (or the page is empty); sets waiting headings."""
        if height > self.room + 0.01 and not self.fresh:
            self.turn()
        held, self._held = self._held, []
        for gap, heading_height, draw, (level, title) in held:
            self.gap(gap)
            self.outline.append((len(self.pages) - 1, self.y, level, title))
            self.pages[-1].append((self.y, draw))
            self.y -= heading_height

    def gap(self, height: float) -> None:
        """White space, none at the head of a page or under a heading."""
        if not self.fresh and not self._held:
            self.y = max(self.y - height, self.frame.bottom)

    def place(self, height: float, draw: Draw) -> None:
        """Sets one piece of ``height`` points, on the next page if this one has no room for it."""
        self.need(height)
        self.pages[-1].append((self.y, draw))
        self.y -= height
