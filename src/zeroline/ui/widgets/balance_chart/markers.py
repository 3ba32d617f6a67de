"""The shapes that movements have on the chart: told apart without colour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath, QPolygonF


@dataclass(frozen=True)
class Marker:
    """A shape by name, the palette role of its colour, and what the legend calls it."""

    shape: str
    role: str
    label: str


RECEIPT = Marker("up", "text", "in")
ISSUE = Marker("down", "text", "out")
TRANSFER = Marker("diamond", "text", "transfer")
ADJUSTMENT = Marker("plus", "verified", "adjustment")
COUNT = Marker("square", "verified", "count")
OPENING = Marker("circle", "text", "opening")
CROSSING = Marker("crossing", "negative", "crossed zero")

BY_KIND: Mapping[str, Marker] = {
    "receipt": RECEIPT,
    "production receipt": RECEIPT,
    "customer return": RECEIPT,
    "pick": ISSUE,
    "shipment": ISSUE,
    "component issue": ISSUE,
    "scrap": ISSUE,
    "supplier return": ISSUE,
    "putaway": TRANSFER,
    "transfer out": TRANSFER,
    "transfer in": TRANSFER,
    "adjustment": ADJUSTMENT,
    "count correction": COUNT,
    "opening": OPENING,
}
"""Every movement kind; the legend shows those that occur."""

LEGEND = (RECEIPT, ISSUE, TRANSFER, COUNT, ADJUSTMENT, OPENING, CROSSING)


def path(shape: str) -> QPainterPath:
    """The outline of a shape in a box of one unit around the origin."""
    drawn = QPainterPath()
    corners = {
        "up": ((0, -0.5), (0.5, 0.4), (-0.5, 0.4)),
        "down": ((0, 0.5), (0.5, -0.4), (-0.5, -0.4)),
        "diamond": ((0, -0.55), (0.55, 0), (0, 0.55), (-0.55, 0)),
        "square": ((-0.42, -0.42), (0.42, -0.42), (0.42, 0.42), (-0.42, 0.42)),
        "plus": (
            *((-0.18, -0.5), (0.18, -0.5), (0.18, -0.18), (0.5, -0.18), (0.5, 0.18), (0.18, 0.18)),
            *((0.18, 0.5), (-0.18, 0.5), (-0.18, 0.18), (-0.5, 0.18), (-0.5, -0.18), (-0.18, -0.18)),
        ),
    }.get(shape)
    if corners is not None:
        drawn.addPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))
        drawn.closeSubpath()
        return drawn
    drawn.addEllipse(QRectF(-0.45, -0.45, 0.9, 0.9))
    if shape == "crossing":  # a ring with a bar through it: the movement that crossed zero
        drawn.addEllipse(QRectF(-0.3, -0.3, 0.6, 0.6))
        drawn.addRect(QRectF(-0.75, -0.08, 1.5, 0.16))
        drawn.setFillRule(Qt.FillRule.WindingFill)
    return drawn
