"""Buttons that say what they do, with their key."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QPushButton, QWidget

from zeroline.ui.theme import kind

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def key_text(action: QAction) -> str:
    """The key of an action as it is printed on the keyboard, '' without one."""
    key = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    return "Enter" if key == "Return" else key.replace("+Return", "+Enter")


class DeliberateButton(QPushButton):
    """For what cannot be taken back: never default, and Enter (with which every scan ends) never presses it.

    Space, a click and its own shortcut do.
    """

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setAutoDefault(False)
        kind(self, "danger")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER:
            event.ignore()
        else:
            super().keyPressEvent(event)


class ActionButton(QPushButton):
    """Shows an action of the screen: its text, its key beside it, enabled and visible as the action is.

    ``look``: primary for the one next step, quiet for the rest, '' for the ordinary button.
    """

    def __init__(self, action: QAction, look: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._action = action
        self._away = False
        self.setAutoDefault(False)
        if look:
            kind(self, look)
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        action = self._action
        key = key_text(action)
        self.setText(f"{action.text()}   {key}" if key else action.text())
        if self.property("kind") != "primary":  # an icon in text colour would vanish on the accent
            self.setIcon(action.icon())
        self.setEnabled(action.isEnabled())
        if action.isVisible() == self._away:
            self._away = not action.isVisible()
            self.setVisible(action.isVisible())
        self.setToolTip(action.toolTip() if action.toolTip() != action.text() else "")
        self.setAccessibleName(action.text())
        self.setAccessibleDescription(f"Key {key}" if key else "")
