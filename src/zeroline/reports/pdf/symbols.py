"""Code 128 and QR symbols as filled boxes."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from reportlab.graphics.barcode import qrencoder
from reportlab.graphics.barcode.code128 import Code128Auto

from zeroline.reports.pdf.flow import MM
from zeroline.reports.pdf.pen import INK, Pen

MODULE = 0.28 * MM
"""Width of the narrowest bar where there is room: read by any hand scanner."""
LEAST_MODULE = 0.19 * MM
BAR_HEIGHT = 8.5 * MM
QR_HEIGHT = 15.0 * MM
_QUIET_MODULES = 10


def can_be_barcode(text: str) -> bool:
    """Whether Code 128 has every character of it."""
    return bool(text) and text.isascii() and text.isprintable()


@lru_cache(maxsize=4096)
def _code128(text: str) -> tuple[int, tuple[tuple[int, int], ...]]:
    symbol: Any = Code128Auto(text, quiet=0)
    symbol.validate()
    symbol.encode()
    symbol.decompose()
    place, bars = 0, []
    for letter in symbol.decomposed:
        modules = ord(letter.lower()) - ord("a") + 1
        if letter.isupper():
            bars.append((place, modules))
        place += modules
    return place, tuple(bars)


def barcode_width(text: str) -> float:
    """Points of the Code 128 symbol at full size, quiet zones included."""
    return (_code128(text)[0] + 2 * _QUIET_MODULES) * MODULE


def as_code128(text: str, width: float) -> bool:
    """Whether the symbol can be printed legibly within ``width`` points."""
    return can_be_barcode(text) and (_code128(text)[0] + 2 * _QUIET_MODULES) * LEAST_MODULE <= width


def symbol_height(text: str, width: float) -> float:
    """Points: a row of bars, or a QR code where Code 128 cannot hold the text within ``width``."""
    return BAR_HEIGHT if as_code128(text, width) else QR_HEIGHT


def draw_symbol(pen: Pen, x: float, y: float, text: str, width: float) -> float:
    """The symbol with its upper left corner at x, y, quiet zones inside ``width``; where its ink begins."""
    if not as_code128(text, width):
        draw_qr(pen, x, y - QR_HEIGHT, text, QR_HEIGHT)
        return x
    modules, bars = _code128(text)
    module = min(MODULE, width / (modules + 2 * _QUIET_MODULES))
    left = x + _QUIET_MODULES * module
    pen.fill(INK)
    pen.boxes((left + place * module, y - BAR_HEIGHT, wide * module, BAR_HEIGHT) for place, wide in bars)
    return left


@lru_cache(maxsize=1024)
def _qr(text: str) -> tuple[int, tuple[tuple[int, int, int], ...]]:
    code: Any = qrencoder.QRCode(None, qrencoder.QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()
    count = int(code.getModuleCount())
    runs = []
    for row in range(count):
        start = None
        for place in range(count + 1):
            dark = place < count and bool(code.isDark(row, place))
            if dark and start is None:
                start = place
            elif not dark and start is not None:
                runs.append((row, start, place - start))
                start = None
    return count, tuple(runs)


def draw_qr(pen: Pen, x: float, y: float, text: str, size: float) -> None:
    """A QR code with its lower left corner at x, y, ``size`` points wide with a quiet zone of 2 modules."""
    count, runs = _qr(text)
    module = size / (count + 4)
    pen.fill(INK)
    pen.boxes(
        (x + (place + 2) * module, y + size - (row + 3) * module, wide * module, module)
        for row, place, wide in runs
    )
