"""The shipped faces and the four sizes, in pixels at 100 %."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtGui import QFont, QFontDatabase

from zeroline import assets


class Size(IntEnum):
    """Small print, everything, headings, and figures read at arm's length."""

    SMALL = 12
    BODY = 14
    LARGE = 18
    DISPLAY = 28


GRID = 4
"""All distances are multiples of this many pixels."""


class Row(IntEnum):
    """Row heights: dense lists, everything, and the count screen."""

    COMPACT = 24
    NORMAL = 28
    LARGE = 36


def register() -> None:
    """Make the shipped faces known to Qt."""
    for name in assets.FONT_FILES:
        QFontDatabase.addApplicationFont(str(assets.font(name)))


def face(size: Size = Size.BODY, *, code: bool = False, strong: bool = False) -> QFont:
    """The text face, or the fixed-width one for codes."""
    font = QFont(assets.MONO_FAMILY if code else assets.SANS_FAMILY)
    font.setPixelSize(int(size) - (1 if code else 0))
    if strong:
        font.setWeight(QFont.Weight.DemiBold)
    font.setHintingPreference(QFont.HintingPreference.PreferVerticalHinting)
    return font
