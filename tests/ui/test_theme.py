"""Palettes, faces and icons."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QFontInfo, QFontMetricsF, QIcon
from PySide6.QtWidgets import QLabel, QPushButton

from support.screen import put_on_screen
from zeroline import assets
from zeroline.ui.theme import Scheme, Size, Theme, Tone, face, kind, sized, tone
from zeroline.ui.theme.palettes import GROUND_ROLES, PALETTES, TEXT_ROLES, TINTED_ROLES, contrast


@pytest.fixture
def theme(qapp: Any) -> Any:
    active = Theme.active()
    yield active
    active.use(Scheme.LIGHT)


@pytest.mark.parametrize(
    ("scheme", "text", "ground"), list(product(Scheme, TEXT_ROLES, (*GROUND_ROLES, *TINTED_ROLES)))
)
def test_every_text_stands_out_from_every_ground(scheme: Scheme, text: str, ground: str) -> None:
    palette = PALETTES[scheme]
    assert contrast(palette[text], palette[ground]) >= 4.5


@pytest.mark.parametrize("scheme", Scheme)
def test_buttons_fields_and_the_focus_ring_stand_out(scheme: Scheme) -> None:
    palette = PALETTES[scheme]
    assert contrast(palette.on_accent, palette.accent) >= 4.5
    assert contrast(palette.edge, palette.surface) >= 3
    assert contrast(palette.focus, palette.surface) >= 3


def test_high_contrast_is_at_least_seven_to_one() -> None:
    palette = PALETTES[Scheme.HIGH_CONTRAST]
    assert (
        min(contrast(palette[text], palette[ground]) for text in TEXT_ROLES for ground in GROUND_ROLES) >= 7
    )


def test_contrast_is_that_of_the_guideline() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("code", [False, True])
def test_the_shipped_faces_are_used(theme: Theme, code: bool) -> None:
    wanted = assets.MONO_FAMILY if code else assets.SANS_FAMILY
    assert QFontInfo(face(code=code)).family() == wanted


@pytest.mark.parametrize("size", Size)
def test_figures_have_one_width_so_that_they_stand_under_each_other(theme: Theme, size: Size) -> None:
    metrics = QFontMetricsF(face(size))
    assert len({metrics.horizontalAdvance(digit) for digit in "0123456789−"}) == 1


@pytest.mark.parametrize("scheme", Scheme)
def test_switching_recolours_what_is_on_screen(qtbot: Any, theme: Theme, scheme: Scheme) -> None:
    label = QLabel("−8")
    tone(label, Tone.NEGATIVE)
    sized(label, Size.DISPLAY)
    put_on_screen(qtbot, label, 60, 30)
    theme.use(scheme)
    picture = label.grab().toImage()
    assert picture.pixelColor(1, 1) == QColor(PALETTES[scheme].window)
    colours = {picture.pixelColor(x, y).name() for x in range(60) for y in range(30)}
    assert PALETTES[scheme].negative in colours


def test_an_icon_follows_the_theme(theme: Theme) -> None:
    icon = theme.icon("check")
    inks = set()
    for scheme in Scheme:
        theme.use(scheme)
        picture = icon.pixmap(QSize(16, 16), QIcon.Mode.Normal).toImage()
        darkest = max((picture.pixelColor(x, y) for x in range(16) for y in range(16)), key=QColor.alpha)
        inks.add(darkest.name())
    assert len(inks) == 3


def test_icons_are_drawn_sharp_for_dense_screens(theme: Theme) -> None:
    pixmap = theme.pixmap("warning", "caution", 20, 1.5)
    assert (pixmap.width(), pixmap.height()) == (30, 30)
    assert pixmap.deviceIndependentSize().width() == 20


@pytest.mark.parametrize("density", [1.0, 1.25, 2.0, 3.0])
def test_icons_of_buttons_have_a_pixel_for_every_pixel_of_the_screen(theme: Theme, density: float) -> None:
    pixmap = theme.icon("check").pixmap(QSize(16, 16), density)
    assert pixmap.width() == 16 * density


def test_the_same_icon_is_drawn_once(theme: Theme) -> None:
    first = theme.pixmap("warning", "caution", 20, 2)
    assert theme.pixmap("warning", "caution", 20, 2).cacheKey() == first.cacheKey()


@pytest.mark.parametrize("name", assets.icon_names())
def test_every_shipped_icon_can_be_drawn_in_any_colour(theme: Theme, name: str) -> None:
    picture = theme.pixmap(name, "negative", 16, 2).toImage()
    strongest = max((picture.pixelColor(x, y) for x in range(32) for y in range(32)), key=QColor.alpha)
    assert strongest.alpha() > 200
    assert strongest.red() > strongest.blue()


def test_an_icon_that_is_not_shipped_is_an_error(theme: Theme) -> None:
    with pytest.raises(assets.AssetMissing):
        theme.pixmap("unicorn")


def test_an_unknown_role_is_an_error(theme: Theme) -> None:
    with pytest.raises(KeyError):
        theme.colour("pink")


def test_looks_and_sizes_come_from_the_stylesheet(qtbot: Any, theme: Theme) -> None:
    title = QLabel("Negative on hand")
    sized(title, Size.LARGE)
    put_on_screen(qtbot, title)
    assert title.fontInfo().pixelSize() == Size.LARGE
    button = QPushButton("Accept")
    kind(button, "primary")
    put_on_screen(qtbot, button, 100, 40)
    picture = button.grab().toImage()
    assert picture.pixelColor(50, 4).name() == theme.palette.accent
