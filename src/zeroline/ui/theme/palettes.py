"""The three palettes as data: every colour has one meaning, and its name is that meaning."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum


class Scheme(StrEnum):
    LIGHT = "light"
    DARK = "dark"
    HIGH_CONTRAST = "high-contrast"


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours as ``#rrggbb``.

    Grounds: ``window`` behind everything, ``surface`` under lists and fields, ``raised`` for headings and
    bars, ``selection`` under chosen rows, and the tinted grounds ``negative_ground``, ``caution_ground``,
    ``verified_ground``, ``accent_ground`` of banners, badges and chart bands. Texts: ``text``, ``muted``,
    ``accent`` (what can be done), ``negative`` (below zero, blocked), ``caution`` (late, near a limit),
    ``verified``; ``on_accent`` stands on an accent-filled button. ``grid`` are lines, ``edge`` the outline
    of fields and buttons, ``focus`` the ring.
    """

    window: str
    surface: str
    raised: str
    selection: str
    negative_ground: str
    caution_ground: str
    verified_ground: str
    accent_ground: str
    text: str
    muted: str
    accent: str
    negative: str
    caution: str
    verified: str
    on_accent: str
    grid: str
    edge: str
    focus: str

    def __getitem__(self, role: str) -> str:
        if role not in ROLES:
            raise KeyError(role)
        return str(getattr(self, role))


ROLES = frozenset(field.name for field in fields(Palette))
TEXT_ROLES = ("text", "muted", "accent", "negative", "caution", "verified")
GROUND_ROLES = ("window", "surface", "raised", "selection")
TINTED_ROLES = ("negative_ground", "caution_ground", "verified_ground", "accent_ground")

PALETTES: dict[Scheme, Palette] = {
    Scheme.LIGHT: Palette(
        window="#eef0f3",
        surface="#ffffff",
        raised="#e6e9ee",
        selection="#d5e3f6",
        negative_ground="#fbe3e2",
        caution_ground="#fbeed3",
        verified_ground="#ddf1e2",
        accent_ground="#dfeafa",
        text="#15191e",
        muted="#525a66",
        accent="#0b55b3",
        negative="#ad1219",
        caution="#7f4b00",
        verified="#0f5e2b",
        on_accent="#ffffff",
        grid="#d6dae1",
        edge="#8b94a1",
        focus="#0b55b3",
    ),
    Scheme.DARK: Palette(
        window="#14171b",
        surface="#1a1e23",
        raised="#252a31",
        selection="#21405f",
        negative_ground="#43201f",
        caution_ground="#3d2f12",
        verified_ground="#173522",
        accent_ground="#1c3450",
        text="#e7eaee",
        muted="#abb4c0",
        accent="#7db9ff",
        negative="#ff9a94",
        caution="#f2bb5c",
        verified="#7fd69b",
        on_accent="#07182b",
        grid="#333a43",
        edge="#6c7683",
        focus="#7db9ff",
    ),
    Scheme.HIGH_CONTRAST: Palette(
        window="#000000",
        surface="#000000",
        raised="#1c1c1c",
        selection="#00305f",
        negative_ground="#4a0000",
        caution_ground="#3a2c00",
        verified_ground="#003314",
        accent_ground="#00284d",
        text="#ffffff",
        muted="#e2e2e2",
        accent="#8cd0ff",
        negative="#ffb0ab",
        caution="#ffd75e",
        verified="#8dffae",
        on_accent="#000000",
        grid="#7a7a7a",
        edge="#ffffff",
        focus="#ffe600",
    ),
}


def luminance(colour: str) -> float:
    """Relative luminance 0…1 of ``#rrggbb`` (WCAG 2.2)."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio 1…21 of two colours (WCAG 2.2)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)
