"""F1: what the screen is for and its keys, read from its actions."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget
from shiboken6 import isValid

from zeroline.ui.theme import GRID, Size, Tone, face, kind, sized, tone
from zeroline.ui.widgets.buttons import key_text

_COLUMNS = 3


def keys_of(*places: QWidget) -> list[tuple[str, str]]:
    """(key, what it does) of the visible actions of these widgets and of everything visible inside them."""
    found: dict[str, str] = {}
    for place in places:
        for widget in (place, *place.findChildren(QWidget)):
            if widget is not place and not widget.isVisibleTo(place):
                continue
            for action in widget.actions():
                _add(found, action)
    return list(found.items())


def _add(found: dict[str, str], action: QAction) -> None:
    if not action.isVisible() or action.isSeparator() or not action.text():
        return
    key = key_text(action)
    if key:
        found.setdefault(key, action.text().replace("&", ""))


class KeyHints(QFrame):
    """Covers the place it is opened over, until any key or click."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        kind(self, "card")
        self.setAutoFillBackground(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Keys of this screen")
        self._before: QWidget | None = None
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(4 * GRID)
        self._grid.setVerticalSpacing(GRID)
        title = QLabel("Help and keys of this screen")
        sized(title, Size.LARGE)
        self._page = QLabel()
        self._page.setWordWrap(True)
        self._page.setTextFormat(Qt.TextFormat.MarkdownText)
        self._page.hide()
        hint = QLabel("Any key closes this.")
        tone(hint, Tone.MUTED)
        inner = QFrame()
        kind(inner, "surface")
        inner.setLayout(self._grid)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inner)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[6 * GRID] * 4)
        column.addWidget(title)
        column.addWidget(self._page)
        column.addWidget(scroll, 1)
        column.addWidget(hint)
        over.installEventFilter(self)
        self.hide()

    def show_keys(self, keys: Iterable[tuple[str, str]], page: str = "") -> None:
        """Show the help ``page`` (Markdown) and the keys; take the focus until a key is pressed."""
        self._page.setText(page)
        self._page.setVisible(bool(page))
        while (item := self._grid.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        listed = list(keys)
        rows = -(-len(listed) // _COLUMNS) or 1
        for n, (key, does) in enumerate(listed):
            column = 2 * (n // rows)
            key_label, words = QLabel(key), QLabel(does)
            key_label.setFont(face(code=True, strong=True))
            self._grid.addWidget(key_label, n % rows, column)
            self._grid.addWidget(words, n % rows, column + 1)
        for column in range(_COLUMNS):
            self._grid.setColumnStretch(2 * column + 1, 1)
        self._grid.setRowStretch(rows, 1)
        self._before = self.window().focusWidget()
        self._cover()
        self.show()
        self.raise_()
        self.setFocus()

    def _cover(self) -> None:
        area = self._over.rect()
        width = min(1080, area.width() - 48)
        page = self._page.heightForWidth(width - 12 * GRID) if self._page.text() else 0
        needed = self._grid.sizeHint().height() + page + 34 * GRID
        height = min(needed, area.height() - 48)
        self.setGeometry(
            area.center().x() - width // 2, area.center().y() - height // 2, max(240, width), max(160, height)
        )

    def _leave(self) -> None:
        self.hide()
        if self._before is not None and isValid(self._before):
            self._before.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._leave()

    def mousePressEvent(self, event: QEvent) -> None:
        self._leave()

    def eventFilter(self, watched: QWidget, event: QEvent) -> bool:  # type: ignore[override]
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._cover()
        return False
