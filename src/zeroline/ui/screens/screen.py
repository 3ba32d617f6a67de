"""What every screen is: a widget that loads when it is shown and reloads when its things were changed."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from zeroline.domain.changes import Changes
from zeroline.ui.desk import Desk


class Screen(QWidget):
    """A place in the window. Subclasses say which kinds of ``Changes`` touch them in ``reloads_on``.

    The window calls :meth:`open` on every visit and :meth:`announce` after every write; :meth:`reload`
    reads again through ``desk.tasks`` and keeps selection and typed input.
    """

    reloads_on: tuple[str, ...] = ()

    def __init__(self, desk: Desk, name: str) -> None:
        super().__init__()
        self.desk = desk
        self.setAccessibleName(name)
        self._stale = True
        self._others = False

    def open(self, target: Any = None) -> None:
        """The person comes here; ``target`` as in Place. Reloads what has become stale meanwhile."""
        if self._stale or target is not None:
            self.load(target)

    def load(self, target: Any = None) -> None:
        """Take up ``target`` and read it."""
        self._stale = False
        self.reload()

    def reload(self) -> None:
        """Read again what is shown."""

    def announce(self, changes: Changes, *, others: bool = False) -> None:
        """A write touched something: reload at once when visible, else on the next visit.

        ``others``: it was another person's, so nothing that is looked at may move (:meth:`still`).
        """
        if not self.touched_by(changes):
            return
        if self.isVisible():
            self._others = others
            self.reload()
            self._others = False
        else:
            self._stale = True

    def still(self) -> bool:
        """Asked at the beginning of a reload: whether lists must hold still under the person's hand."""
        return self._others

    def touched_by(self, changes: Changes) -> bool:
        """Whether what is shown may have changed."""
        return changes.everything or any(getattr(changes, kind) for kind in self.reloads_on)

    def part(self) -> None:
        """The window closes: say to others what they need to know."""

    def leave(self) -> bool:
        """Whether the person may go elsewhere now (Esc and the side bar ask); False keeps them here."""
        return True

    def action(self, text: str, keys: str, run: Any, *, help: str = "") -> QAction:
        """A command of this screen with its key; F1 lists all of them. ``keys`` '' for none."""
        made = QAction(text, self)
        if keys:
            made.setShortcut(QKeySequence(keys))
            made.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        made.setToolTip(help or text)
        made.setStatusTip(help)
        made.triggered.connect(lambda _checked=False: run())
        self.addAction(made)
        return made
