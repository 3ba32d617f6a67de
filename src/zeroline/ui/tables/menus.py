"""The menus of a list: views, grouping, columns and export, one row, one heading."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QToolButton

from zeroline.ui.theme import Theme, kind

if TYPE_CHECKING:
    from zeroline.ui.tables.panel import ListPanel


class NamedView(NamedTuple):
    """A saved view of a list; ``state`` is the JSON text of ``ListPanel.view_state``."""

    id: int
    name: str
    state: str


class PanelMenus:
    """Filled anew each time one opens, so that they always say how things are."""

    def __init__(self, panel: ListPanel) -> None:
        self._panel = panel
        self.views = self._button("Views", "filter", self._fill_views)
        self.group = self._button("Group", "tag", self._fill_groups)
        self.group.setVisible(bool(panel.groupable))
        self.more = self._button("List", "columns", self._fill_more)
        self.buttons = [self.views, self.more] if not panel.groupable else [self.views, self.group, self.more]

    def _button(self, text: str, icon: str, fill: Callable[[QMenu], None]) -> QToolButton:
        button = QToolButton(self._panel)
        button.setText(f" {text}")
        button.setIcon(Theme.active().icon(icon))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        kind(button, "quiet")
        button.setProperty("menu", "true")
        menu = QMenu(button)

        def refill() -> None:
            menu.clear()
            fill(menu)

        menu.aboutToShow.connect(refill)
        button.setMenu(menu)
        return button

    def _fill_views(self, menu: QMenu) -> None:
        panel = self._panel
        for view in panel.saved_views:
            self._entry(menu, view.name, _bound(panel.apply_view_state, view.state))
        if panel.saved_views:
            menu.addSeparator()
        menu.addActions([panel.save_action, panel.clear_action])
        if panel.saved_views:
            forget = menu.addMenu("Forget a view")
            for view in panel.saved_views:
                self._entry(forget, view.name, _bound(panel.forget_wanted.emit, view.id))

    def _fill_groups(self, menu: QMenu) -> None:
        table = self._panel.table
        titles = {column.key: column.title for column in table.columns}
        for key, text in [("", "Not grouped"), *((key, titles[key]) for key in self._panel.groupable)]:
            entry = menu.addAction(text)
            entry.setCheckable(True)
            entry.setChecked(key == table.wish.group_by)
            entry.triggered.connect(_bound(table.group_by, key))
        if table.wish.group_by:
            menu.addSeparator()
            self._entry(menu, "Fold all", _bound(table.fold_all, True))
            self._entry(menu, "Unfold all", _bound(table.fold_all, False))

    def _fill_more(self, menu: QMenu) -> None:
        panel = self._panel
        menu.addActions([panel.columns_action, panel.reset_action])
        menu.addSeparator()
        menu.addActions([panel.copy_action, panel.export_action, panel.export_all_action])

    def open_on_rows(self, point: QPoint) -> None:
        """The menu of the selected rows: the screen's own actions first."""
        panel = self._panel
        menu = self._popup()
        own = list(panel.row_actions())
        menu.addActions(own)
        if own:
            menu.addSeparator()
        menu.addActions([panel.only_action, panel.without_action, panel.clear_action])
        menu.addSeparator()
        menu.addActions([panel.copy_action, panel.export_action])
        menu.popup(panel.table.viewport().mapToGlobal(point))

    def open_on_header(self, point: QPoint) -> None:
        """The menu of one column heading."""
        panel, table = self._panel, self._panel.table
        header = table.horizontalHeader()
        place = header.logicalIndexAt(point)
        menu = self._popup()
        if place >= 0:
            key = table.columns[place].key
            self._entry(menu, "Sort up", lambda: table.sort_by(key, False))
            self._entry(menu, "Sort down", lambda: table.sort_by(key, True))
            self._entry(menu, "Then sort up", lambda: table.sort_by(key, False, True))
            self._entry(menu, "Then sort down", lambda: table.sort_by(key, True, True))
            if key in panel.groupable:
                self._entry(menu, "Group by this column", lambda: table.group_by(key))
            self._entry(menu, "Hide this column", lambda: table.show_column(key, False))
            menu.addSeparator()
        menu.addActions([panel.columns_action, panel.reset_action])
        menu.popup(header.mapToGlobal(point))

    def _popup(self) -> QMenu:
        menu = QMenu(self._panel.table)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu

    @staticmethod
    def _entry(menu: QMenu, text: str, call: Callable[[], object]) -> None:
        menu.addAction(text).triggered.connect(lambda: call())


def _bound(call: Callable[..., object], value: object) -> Callable[[], object]:
    return lambda *_: call(value)
