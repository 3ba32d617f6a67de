"""A list with all that belongs to it: search, filter chips, grouping, columns, saved views, copy, export."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QHideEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QStackedLayout, QVBoxLayout, QWidget

from zeroline.ui.memory import Memory
from zeroline.ui.prompts import Prompts
from zeroline.ui.tables import filters
from zeroline.ui.tables.chips import Chips
from zeroline.ui.tables.column import Column
from zeroline.ui.tables.filters import Filter
from zeroline.ui.tables.layout import layout_of, restore_layout
from zeroline.ui.tables.menus import NamedView, PanelMenus
from zeroline.ui.tables.rows import Rows, Sort
from zeroline.ui.tables.view import TableView
from zeroline.ui.tables.waiting import Waiting
from zeroline.ui.tasks import Tasks
from zeroline.ui.theme import GRID, Row, Size, Theme, Tone, sized, tone
from zeroline.ui.widgets.elided_label import ElidedLabel
from zeroline.ui.widgets.empty import EmptyState
from zeroline.ui.widgets.search_field import SearchField

if TYPE_CHECKING:
    from zeroline.domain.views.seen import SeenTable
    from zeroline.ui.tables.seen import SheetWriter


class Empty(NamedTuple):
    """What the list says when there is nothing at all: why, and what to do next."""

    title: str
    text: str
    icon: str = "check"
    action: QAction | None = None


class ListPanel(QWidget):
    """``table`` is the list itself. The screen sets rows, title and summary, and listens to the table.

    ``save_wanted(name, state)`` and ``forget_wanted(id)`` ask the screen to keep or drop a saved view; it
    answers with ``set_saved_views``. ``exported(Path)`` comes when a file is written; what cannot be
    written goes the way of all troubles (bar with Retry).
    """

    save_wanted = Signal(str, str)
    forget_wanted = Signal(int)
    exported = Signal(object)
    copied = Signal(int)

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        view: str,
        memory: Memory,
        prompts: Prompts,
        tasks: Tasks,
        write_sheet: SheetWriter,
        empty: Empty,
        title: str = "",
        sort: Sequence[Sort] = (),
        groupable: Sequence[str] = (),
        group_by: str = "",
        search_hint: str = "Filter this list",
        height: Row = Row.NORMAL,
        decimal: str = ".",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._view, self._memory, self._prompts, self._tasks = view, memory, prompts, tasks
        self._write_sheet, self._decimal, self._empty = write_sheet, decimal, empty
        self._version = f"1-{zlib.crc32(','.join(column.key for column in columns).encode()):08x}"
        self._default_sort, self._default_group = tuple(sort), group_by
        self.groupable = tuple(groupable)
        self.saved_views: tuple[NamedView, ...] = ()
        self._restoring = self._unsaved = False
        self._theme = Theme.active()
        self.row_actions: Callable[[], Sequence[QAction]] = lambda: ()
        """Actions of the screen for the selected rows, shown first in the context menu."""
        self.table = TableView(columns, self, height)
        self.table.setAccessibleName(title or "List")
        self.title = QLabel(title)
        sized(self.title, Size.LARGE)
        self.summary = ElidedLabel()
        tone(self.summary, Tone.MUTED)
        self.search = SearchField(search_hint)
        self.search.setMinimumWidth(112)
        self.search.setMaximumWidth(264)
        self.chips = Chips()
        self.nothing = EmptyState()
        self._make_actions()
        self._lay_out()
        self._connect()
        self._restore()

    # what the screen says

    def set_rows(self, rows: Rows, *, still: bool = False) -> None:
        """Show these rows; search, filter, order, selection and place stay.

        ``still``, after another person's write: no line moves until the person asks or rests.
        """
        self.table.set_rows(rows, still=still)

    def set_title(self, text: str) -> None:
        self.title.setText(text)
        self.table.setAccessibleName(text)

    def set_summary(self, text: str) -> None:
        """How much there is, in words: '38 open · 12 mine · −€ 41,870'."""
        self.summary.setText(text)

    def set_empty(self, empty: Empty) -> None:
        self._empty = empty
        self._look()

    def set_saved_views(self, views: Sequence[NamedView]) -> None:
        """The saved views of this list, for its menu."""
        self.saved_views = tuple(views)

    def set_filter(self, tree: Filter | None) -> None:
        """Filter by a tree; a saved one from another version that cannot be read is refused in words."""
        try:
            self.table.arrange(filter=tree)
        except filters.UnreadableFilter:
            self._look()

    def view_state(self) -> str:
        """Search, filter, order and grouping as the JSON text of a saved view."""
        wish = self.table.wish
        state = {
            "search": wish.search,
            "filter": wish.filter,
            "sort": [[step.key, step.descending] for step in wish.sort],
            "group": wish.group_by,
        }
        return json.dumps(state, ensure_ascii=False)

    def apply_view_state(self, text: str) -> None:
        """Take over the state of a saved view; parts it cannot read are left out."""
        try:
            state = json.loads(text)
        except ValueError:
            return
        known = {column.key for column in self.table.columns}
        sort = tuple(Sort(key, bool(down)) for key, down in state.get("sort", []) if key in known)
        group = state.get("group", "")
        self.table.arrange(sort=sort, group_by=group if group in known else "", collapsed=frozenset())
        self.set_filter(state.get("filter"))
        self.search.setText(str(state.get("search", "")))

    def seen(self, selected_only: bool = False) -> SeenTable:
        """What is on show (or selected of it), columns in their places: for printing."""
        from zeroline.ui.tables.seen import seen

        return seen(
            self.table.table.shown, self.table.visible_columns(), self._lines(selected_only), *self._said()
        )

    # making

    def _make_actions(self) -> None:
        theme = self._theme

        def action(text: str, icon: str, key: str, call: Callable[[], None]) -> QAction:
            made = QAction(theme.icon(icon), text, self) if icon else QAction(text, self)
            if key:
                made.setShortcut(QKeySequence(key))
            made.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            made.triggered.connect(call)
            self.addAction(made)
            return made

        self.find_action = action("Filter by typing", "search", "Ctrl+F", self._find)
        self.copy_action = action("Copy with headings", "", "Ctrl+Shift+C", self.copy)
        self.only_action = action(
            "Show only this value", "filter", "Ctrl+Shift+F", lambda: self._by_value(True)
        )
        self.without_action = action(
            "Leave this value out", "", "Ctrl+Shift+X", lambda: self._by_value(False)
        )
        self.clear_action = action("Clear search and filter", "cross", "Ctrl+Backspace", self.clear_filter)
        self.columns_action = action("Columns…", "columns", "Ctrl+Shift+O", self.choose_columns)
        self.reset_action = action("Reset layout", "undo", "", self.reset_layout)
        self.export_action = action("Export what is shown…", "export", "Ctrl+E", lambda: self.export(False))
        self.export_all_action = action("Export everything…", "", "Ctrl+Shift+E", lambda: self.export(True))
        self.save_action = action("Save this view…", "save", "", self._save_view)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        head.setSpacing(2 * GRID)
        head.addWidget(self.title)
        head.addWidget(self.summary, 2)
        head.addWidget(self.search, 3)
        self.menus = PanelMenus(self)
        for button in self.menus.buttons:
            head.addWidget(button)
        chips = QHBoxLayout()
        chips.setContentsMargins(2 * GRID, 0, 2 * GRID, GRID)
        chips.addWidget(self.chips)
        self._chip_row = QWidget()
        self._chip_row.setLayout(chips)
        self._chip_row.hide()
        place = QWidget()
        self._stack = QStackedLayout(place)
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.nothing)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._chip_row)
        column.addWidget(place, 1)
        self.waiting = Waiting(self.table)
        column.addWidget(self.waiting)
        self.setFocusProxy(self.table)

    def _connect(self) -> None:
        self.search.textChanged.connect(lambda text: self.table.arrange(search=text.strip()))
        self.search.left.connect(self._to_list)
        self.chips.dropped.connect(
            lambda node: self.set_filter(filters.without(self.table.wish.filter, node))
        )
        self.chips.cleared.connect(lambda: self.set_filter(None))
        self.table.arranged.connect(self._look)
        self.table.layout_changed.connect(self._rearranged)
        self.table.customContextMenuRequested.connect(self.menus.open_on_rows)
        self.table.horizontalHeader().customContextMenuRequested.connect(self.menus.open_on_header)

    # layout that is remembered

    def _restore(self) -> None:
        state = self._memory.read(self._view, self._version)
        self._restoring = True
        if isinstance(state, dict):
            restore_layout(self.table, state)
        else:
            self.table.arrange(sort=self._default_sort, group_by=self._default_group)
        self._restoring = False
        self._look()

    def _rearranged(self) -> None:
        self._unsaved = self._unsaved or not self._restoring

    def remember(self) -> None:
        """Write the layout down if it changed; the list does it itself when it leaves the screen.

        Not at once: the settings file is written and synced, which a click on a heading must not wait for.
        """
        if self._unsaved:
            self._unsaved = False
            self._memory.write(self._view, self._version, layout_of(self.table))

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.remember()

    def reset_layout(self) -> None:
        """Columns, widths, order and grouping as they were designed."""
        self._restoring = True
        self.table.restore_columns()
        self.table.arrange(sort=self._default_sort, group_by=self._default_group)
        self._restoring = self._unsaved = False
        self._memory.reset(self._view)

    def choose_columns(self) -> None:
        from zeroline.ui.tables.chooser import ColumnChooser

        ColumnChooser(self.table, self.reset_layout).open()

    # filter

    def _find(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _to_list(self) -> None:
        self.table.setFocus()
        if self.table.current_id() is None:
            self.table.select_first()

    def clear_filter(self) -> None:
        """Show everything again."""
        self.search.clear()
        self.set_filter(None)

    def _by_value(self, only: bool) -> None:
        node = self._value_condition()
        if node is not None:
            node = node if only else {"not": node}
            self.set_filter(filters.narrowed(self.table.wish.filter, node))

    def _value_condition(self) -> Filter | None:
        """The condition that a cell has the value of the cell under the cursor."""
        index = self.table.currentIndex()
        row = self.table.table.shown.row_at(index.row()) if index.isValid() else None
        if row is None:
            return None
        column = self.table.columns[index.column()]
        value = self.table.table.rows.value(column.key, row)
        if column.numeric and value is not None:
            at_least = {"field": column.key, "above": value - 1}
            return {"all": [at_least, {"field": column.key, "below": value + 1}]}
        return {"field": column.key, "is": [column.text(value)]}

    def _look(self) -> None:
        """Chips, and the right words when nothing is on show."""
        table = self.table.table
        titles = {column.key: column.title for column in table.columns}
        nodes = filters.parts(table.wish.filter)
        words = [(node, filters.words(node, titles, table.shown.amount_text)) for node in nodes]
        self.chips.show_conditions(words)
        self._chip_row.setVisible(bool(nodes))
        filtered = bool(table.wish.search or nodes)
        self.clear_action.setEnabled(filtered)
        if not len(table.shown) and self.table.hasFocus():
            self.search.setFocus()
        self._stack.setCurrentIndex(0 if len(table.shown) else 1)
        if len(table.shown):
            focus = QApplication.focusWidget()
            if self.isVisible() and (focus is None or focus.isAncestorOf(self)):
                self.table.setFocus()  # nobody has the keys: the list could not take them while it was empty
            return
        if len(table.rows) and filtered:
            what = f"“{table.wish.search}”" if table.wish.search else "the filter"
            text = f"{len(table.rows):,} rows are in this list, none fits {what}."
            self.nothing.show_as("Nothing matches", text, "search", self.clear_action)
        else:
            empty = self._empty
            self.nothing.show_as(empty.title, empty.text, empty.icon, empty.action)

    # copy, export, saved views

    def _lines(self, selected_only: bool) -> list[int] | None:
        if not selected_only:
            return None
        return self.table.selected_lines()

    def _said(self) -> tuple[str, tuple[str, ...]]:
        """Title and scope of what is seen."""
        wish, shown = self.table.wish, self.table.table.shown
        titles = {column.key: column.title for column in self.table.columns}
        scope = [filters.words(node, titles, shown.amount_text) for node in filters.parts(wish.filter)]
        if wish.search:
            scope.append(f"contains “{wish.search}”")
        order = [f"{titles[step.key]}{' down' if step.descending else ''}" for step in wish.sort]
        if order:
            scope.append(f"sorted by {', '.join(order)}")
        if wish.group_by:
            scope.append(f"grouped by {titles[wish.group_by]}")
        return self.title.text(), tuple(scope)

    def copy(self) -> None:
        """The selected lines (all when none is) with their headings, as spreadsheets take them.

        Worked out in the background: there may be a hundred thousand.
        """
        from zeroline.ui.tables.seen import as_text, seen

        lines = self._lines(True) or None
        shown, places, decimal = self.table.table.shown, self.table.visible_columns(), self._decimal
        said = self._said()

        def work() -> tuple[str, int]:
            table = seen(shown, places, lines, *said)
            return as_text(table, decimal), len(table.rows)

        self._tasks.query(work, lambda made: self._copied(*made), owner=self, key="copy")

    def _copied(self, text: str, number: int) -> None:
        QGuiApplication.clipboard().setText(text)
        self.copied.emit(number)

    def export(self, everything: bool) -> None:
        """Ask for a file and write it in the background: what is seen, or all rows and all columns."""
        name = (self.title.text() or "list").lower().replace(" ", "-") + ".xlsx"
        self._prompts.save_file(
            self,
            "Export everything" if everything else "Export what is shown",
            "Workbook (*.xlsx);;Text, comma separated (*.csv)",
            accepted=lambda file: self._write(file, everything),
            suggested=name,
        )

    def _write(self, file: Path, everything: bool) -> None:
        from zeroline.ui.tables.seen import export, seen

        shown, places = self.table.table.shown, self.table.visible_columns()
        said: tuple[Any, ...] = self._said()
        if everything:
            shown, places, said = shown.unfiltered(), list(range(len(shown.columns))), (said[0], ())
        writer = self._write_sheet

        def work() -> Path:
            export(seen(shown, places, None, *said), file, writer)
            return file

        self._tasks.query(work, self.exported.emit, owner=self, key="export")

    def _save_view(self) -> None:
        self._prompts.ask_text(
            self,
            "Save this view",
            "Name of the view (search, filter, order and grouping are kept)",
            action="Save view",
            accepted=lambda name: self.save_wanted.emit(name, self.view_state()),
        )
