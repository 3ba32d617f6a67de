"""How the window looks: palette, faces, icons and the one stylesheet, switched live."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTemporaryDir, Signal
from PySide6.QtGui import QColor, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from zeroline.ui.theme import fonts
from zeroline.ui.theme.fonts import GRID, Row, Size, face
from zeroline.ui.theme.icons import IconStore, TintedEngine
from zeroline.ui.theme.palettes import PALETTES, Palette, Scheme
from zeroline.ui.theme.stylesheet import sheet
from zeroline.ui.theme.tone import Tone

__all__ = ["GRID", "Palette", "Row", "Scheme", "Size", "Theme", "Tone", "face", "kind", "sized", "tone"]


class Theme(QObject):
    """The look of the application; it lives with the QApplication as its palette and style do.

    ``Theme.active()`` answers it (light at first); ``use(scheme)`` changes everything at once and emits
    ``changed`` for what draws itself.
    """

    changed = Signal()

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self.setObjectName("theme")
        self._application = application
        self._store = IconStore()
        self._art = QTemporaryDir()
        self._colours: dict[str, QColor] = {}
        self._modes: dict[str, dict[QIcon.Mode, str]] = {}
        self.scheme = Scheme.LIGHT
        self.palette = PALETTES[Scheme.LIGHT]
        fonts.register()
        application.setFont(face())
        self.use(Scheme.LIGHT)

    @staticmethod
    def active() -> Theme:
        """The theme of the running application. Raises RuntimeError when there is none yet."""
        application = QApplication.instance()
        if not isinstance(application, QApplication):
            raise RuntimeError("a theme needs a running application")
        known = application.findChild(Theme, "theme")
        return known if known is not None else Theme(application)

    def use(self, scheme: Scheme) -> None:
        """Switch palette, stylesheet and icons of everything that is open."""
        self.scheme = scheme
        self.palette = PALETTES[scheme]
        self._colours.clear()
        for role, modes in self._modes.items():
            modes.update(self._mode_colours(role))
        self._application.setPalette(_palette(self.palette))
        tick, chevron = self._file("check", "on_accent"), self._file("chevron-down", "text")
        self._application.setStyleSheet(sheet(self.palette, tick, chevron))
        self.changed.emit()

    def colour(self, role: str) -> QColor:
        """The colour of a role of Palette (a Tone is one). Raises KeyError for an unknown role."""
        ready = self._colours.get(role)
        if ready is None:
            ready = self._colours[role] = QColor(self.palette[role])
        return ready

    def icon(self, name: str, role: str = "text") -> QIcon:
        """A shipped icon that follows the theme, greyed when disabled, for buttons and menus."""
        modes = self._modes.get(role)
        if modes is None:
            modes = self._modes[role] = self._mode_colours(role)
        return QIcon(TintedEngine(self._store, name, modes, self._application.devicePixelRatio()))

    def pixmap(self, name: str, role: str = "text", size: int = 16, ratio: float | None = None) -> QPixmap:
        """A shipped icon as it looks now; draw it again on ``changed``."""
        ratio = self._application.devicePixelRatio() if ratio is None else ratio
        return self._store.pixmap(name, self.palette[role], size, ratio)

    def _file(self, name: str, role: str) -> str:
        """A tinted icon as a file, because a stylesheet takes nothing else."""
        target = Path(self._art.path()) / f"{name}-{self.scheme}.svg"
        if not target.exists():
            target.write_text(self._store.source(name, self.palette[role]), "utf-8")
        return target.as_posix()

    def _mode_colours(self, role: str) -> dict[QIcon.Mode, str]:
        return {QIcon.Mode.Normal: self.palette[role], QIcon.Mode.Disabled: self.palette["edge"]}


def kind(widget: QWidget, name: str) -> None:
    """Give a widget one of the looks of the stylesheet: primary, danger, quiet, chip, raised, card, line."""
    _property(widget, "kind", name)


def tone(widget: QWidget, meaning: Tone) -> None:
    """Give a label the colour of a meaning; its words must say it too."""
    _property(widget, "tone", str(meaning))


def sized(widget: QWidget, size: Size) -> None:
    """Give a label one of the four sizes; the large ones are semi-bold."""
    _property(widget, "textsize", size.name.lower())


def _property(widget: QWidget, name: str, value: object) -> None:
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    if not widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        return  # it will be, when it is first shown
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)


def _palette(p: Palette) -> QPalette:
    roles = QPalette.ColorRole
    palette = QPalette()
    pairs = {
        roles.Window: p.window,
        roles.WindowText: p.text,
        roles.Base: p.surface,
        roles.AlternateBase: p.raised,
        roles.Text: p.text,
        roles.Button: p.raised,
        roles.ButtonText: p.text,
        roles.BrightText: p.negative,
        roles.Highlight: p.selection,
        roles.HighlightedText: p.text,
        roles.ToolTipBase: p.raised,
        roles.ToolTipText: p.text,
        roles.PlaceholderText: p.muted,
        roles.Link: p.accent,
        roles.LinkVisited: p.accent,
        roles.Light: p.surface,
        roles.Midlight: p.raised,
        roles.Mid: p.grid,
        roles.Dark: p.edge,
        roles.Shadow: p.edge,
        roles.Accent: p.accent,
    }
    for role, colour in pairs.items():
        palette.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(p.muted))
    return palette
