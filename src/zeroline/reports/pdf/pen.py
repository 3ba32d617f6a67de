"""Draws on one page by appending PDF operators; state is written only when it changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from zeroline.reports.pdf.typeface import Style

Tone = tuple[float, float, float]

INK: Tone = (0.08, 0.08, 0.08)
QUIET: Tone = (0.36, 0.36, 0.36)
RULE: Tone = (0.74, 0.74, 0.74)
SHADE: Tone = (0.93, 0.93, 0.93)
RED: Tone = (0.66, 0.06, 0.06)
AMBER: Tone = (0.52, 0.31, 0.0)
GREEN: Tone = (0.04, 0.38, 0.14)
BELOW: Tone = (0.95, 0.80, 0.79)
EPISODE: Tone = (0.98, 0.92, 0.88)
BLUE: Tone = (0.10, 0.33, 0.58)


class Pen:
    """Coordinates in points from the lower left corner of the page."""

    def __init__(self) -> None:
        self._operators: list[str] = []
        self._fill: Tone | None = None
        self._stroke: tuple[Tone, float, str] | None = None

    def getCode(self) -> str:
        """All that was drawn, as one content stream."""
        return "\n".join(self._operators)

    def fill(self, tone: Tone) -> None:
        """Colour of text and filled shapes from here on."""
        if tone != self._fill:
            self._fill = tone
            self._operators.append("{:.3g} {:.3g} {:.3g} rg".format(*tone))

    def stroke(self, tone: Tone, width: float, dash: str = "") -> None:
        """Colour, width in points and dash pattern ('2 1.5') of lines from here on."""
        if (tone, width, dash) != self._stroke:
            self._stroke = tone, width, dash
            self._operators.append("{:.3g} {:.3g} {:.3g} RG".format(*tone) + f" {width:g} w [{dash}] 0 d")

    def raw(self, operators: Iterable[str]) -> None:
        """Ready operators; they may not change colours or lines."""
        self._operators.extend(operators)

    def text(
        self, x: float, y: float, text: str, style: Style, tone: Tone = INK, align: float = 0.0
    ) -> float:
        """One line with its baseline at y; ``align`` 0 starts at x, 1 ends there, ½ centres. Its width."""
        shown, width = style.show(text)
        self.fill(tone)
        self._operators.append(f"BT {style.select} {x - align * width:.2f} {y:.2f} Td {shown} ET")
        return width

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """A straight stroke."""
        self._operators.append(f"{x0:.2f} {y0:.2f} m {x1:.2f} {y1:.2f} l S")

    def rules(self, x0: float, x1: float, heights: Iterable[float]) -> None:
        """Horizontal strokes from x0 to x1, one a height."""
        a, b = f"{x0:.2f}", f"{x1:.2f}"
        path = " ".join([f"{a} {y:.2f} m {b} {y:.2f} l" for y in heights])
        if path:
            self._operators.append(path + " S")

    def box(self, x: float, y: float, width: float, height: float, filled: bool = False) -> None:
        """A rectangle, stroked or filled."""
        self._operators.append(f"{x:.2f} {y:.2f} {width:.2f} {height:.2f} re {'f' if filled else 'S'}")

    def boxes(self, boxes: Iterable[tuple[float, float, float, float]]) -> None:
        """Many filled rectangles (x, y, width, height) in one path, for bars and modules."""
        path = " ".join([f"{x:.3f} {y:.3f} {w:.3f} {h:.3f} re" for x, y, w, h in boxes])
        if path:
            self._operators.append(path + " f")

    def path(self, points: Sequence[tuple[float, float]], close: str = "S") -> None:
        """A polyline; ``close`` is the painting operator: S stroke, s close and stroke, f fill, B both."""
        if len(points) < 2:
            return
        (x0, y0), rest = points[0], points[1:]
        lines = " ".join([f"{x:.2f} {y:.2f} l" for x, y in rest])
        self._operators.append(f"{x0:.2f} {y0:.2f} m {lines} {close}")

    def circle(self, x: float, y: float, radius: float, close: str = "S") -> None:
        """A circle by four curves."""
        k = 0.5523 * radius
        r = radius
        self._operators.append(
            f"{x + r:.2f} {y:.2f} m "
            f"{x + r:.2f} {y + k:.2f} {x + k:.2f} {y + r:.2f} {x:.2f} {y + r:.2f} c "
            f"{x - k:.2f} {y + r:.2f} {x - r:.2f} {y + k:.2f} {x - r:.2f} {y:.2f} c "
            f"{x - r:.2f} {y - k:.2f} {x - k:.2f} {y - r:.2f} {x:.2f} {y - r:.2f} c "
            f"{x + k:.2f} {y - r:.2f} {x + r:.2f} {y - k:.2f} {x + r:.2f} {y:.2f} c {close}"
        )

    def clip(self, x: float, y: float, width: float, height: float) -> None:
        """Draw only inside this box until ``unclip``."""
        self._operators.append(f"q {x:.2f} {y:.2f} {width:.2f} {height:.2f} re W n")
        self._fill = self._stroke = None

    def unclip(self) -> None:
        """Ends ``clip``."""
        self._operators.append("Q")
        self._fill = self._stroke = None
