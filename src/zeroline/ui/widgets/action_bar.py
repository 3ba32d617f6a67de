"""Actions in one line: as many as there is room for, the rest under 'More'."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from zeroline.ui.theme import GRID, Theme, kind
from zeroline.ui.widgets.buttons import ActionButton


class ActionBar(QWidget):
    """Quiet buttons from left to right in the order of their importance; never wider than its place."""

    def __init__(self, actions: Sequence[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._left_out: QAction | None = None
        self._pairs = [(action, ActionButton(action, "quiet", self)) for action in actions]
        self.more = QToolButton(self)
        self.more.setText("More")
        self.more.setIcon(Theme.active().icon("chevron-up"))
        self.more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setAccessibleName("More actions")
        self.more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        kind(self.more, "quiet")
        self._menu = QMenu(self.more)
        self.more.setMenu(self._menu)
        for action in actions:
            action.changed.connect(self._follow)
        self.setFixedHeight(28)
        self._place()

    def leave_out(self, action: QAction | None) -> None:
        """Leave an action out that has its own button elsewhere; None: none."""
        self._left_out = action
        self._follow()

    def sizeHint(self) -> QSize:
        return QSize(
            sum(button.sizeHint().width() for action, button in self._pairs if self._shows(action)), 28
        )

    def minimumSizeHint(self) -> QSize:
        return QSize(self.more.sizeHint().width() + GRID, 28)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _shows(self, action: QAction) -> bool:
        return action.isVisible() and action is not self._left_out

    def _follow(self) -> None:
        self.updateGeometry()
        self._place()

    def _place(self) -> None:
        wanted = [(action, button) for action, button in self._pairs if self._shows(action)]
        for action, button in self._pairs:
            if action is self._left_out:
                button.hide()
        widths = [button.sizeHint().width() for _, button in wanted]
        more = self.more.sizeHint().width()
        left = 0
        hidden: list[QAction] = []
        for place, ((action, button), width) in enumerate(zip(wanted, widths, strict=True)):
            rest = 0 if place == len(wanted) - 1 else more
            if hidden or left + width + rest > self.width():
                hidden.append(action)
                button.hide()
                continue
            button.setGeometry(left, 0, width, self.height())
            button.show()
            left += width
        self._menu.clear()
        self._menu.addActions(hidden)
        self.more.setGeometry(left, 0, more, self.height())
        self.more.setVisible(bool(hidden))
