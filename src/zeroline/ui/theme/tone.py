"""What a colour means; never shown by colour alone."""

from __future__ import annotations

from enum import StrEnum


class Tone(StrEnum):
    """The meanings a text can have; the values are roles of the palette."""

    NORMAL = "text"
    MUTED = "muted"
    ACCENT = "accent"
    NEGATIVE = "negative"
    CAUTION = "caution"
    VERIFIED = "verified"
