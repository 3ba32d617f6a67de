"""The shipped icons in the colours of the theme, drawn once for each size, colour and screen density."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from zeroline import assets

_Key = tuple[str, str, int, float]


class IconStore:
    """Pixmaps of shipped icons. Raises AssetMissing for a name that is not shipped."""

    def __init__(self) -> None:
        self._sources: dict[str, str] = {}
        self._drawn: dict[_Key, QPixmap] = {}

    def pixmap(self, name: str, colour: str, size: int = 16, ratio: float = 1.0) -> QPixmap:
        """``size`` in device-independent pixels; ``ratio`` device pixels for each of them."""
        key = (name, colour, size, ratio)
        ready = self._drawn.get(key)
        if ready is None:
            ready = self._drawn[key] = self._draw(name, colour, size, ratio)
        return ready

    def source(self, name: str, colour: str) -> str:
        """The SVG text in a colour."""
        if name not in self._sources:
            self._sources[name] = assets.icon(name).read_text("utf-8")
        return self._sources[name].replace("currentColor", colour)

    def _draw(self, name: str, colour: str, size: int, ratio: float) -> QPixmap:
        renderer = QSvgRenderer(QByteArray(self.source(name, colour).encode()))
        pixels = max(1, round(size * ratio))
        pixmap = QPixmap(pixels, pixels)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        renderer.render(painter, QRectF(0, 0, pixels, pixels))
        painter.end()
        pixmap.setDevicePixelRatio(ratio)
        return pixmap


class TintedEngine(QIconEngine):
    """Draws one icon in whatever colour its mode has now, so that a change of theme needs no new icons."""

    def __init__(self, store: IconStore, name: str, colours: dict[QIcon.Mode, str], ratio: float) -> None:
        super().__init__()
        self._store = store
        self._name = name
        self._colours = colours
        self._ratio = ratio

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        """``size`` is device-independent: ``scale`` times as many pixels are drawn for it."""
        side = max(1, min(size.width(), size.height()))
        return self._store.pixmap(self._name, self._colour(mode), side, scale)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        device = painter.device()
        ratio = device.devicePixelRatioF() if device is not None else self._ratio
        side = min(rect.width(), rect.height())
        pixmap = self._store.pixmap(self._name, self._colour(mode), side, ratio)
        left = rect.x() + (rect.width() - side) // 2
        painter.drawPixmap(left, rect.y() + (rect.height() - side) // 2, pixmap)

    def clone(self) -> QIconEngine:
        return TintedEngine(self._store, self._name, self._colours, self._ratio)

    def _colour(self, mode: QIcon.Mode) -> str:
        return self._colours.get(mode, self._colours[QIcon.Mode.Normal])
