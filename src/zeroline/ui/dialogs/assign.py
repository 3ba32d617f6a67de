"""Give cases to somebody: type a part of the name, Enter."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QWidget

from zeroline.ui.desk import Desk
from zeroline.ui.dialogs.form import Form
from zeroline.ui.widgets.search_field import SearchField

Chosen = Callable[["AssignDialog", int], None]
_ID = int(Qt.ItemDataRole.UserRole)


class AssignDialog(Form):
    """People by name, oneself first; ``chosen`` gets the dialog and the id of a person."""

    def __init__(
        self, parent: QWidget, desk: Desk, what: str, people: Mapping[int, str], chosen: Chosen
    ) -> None:
        super().__init__(parent, desk, "Assign", "Assign", width=380)
        self._chosen = chosen
        me = desk.person.id
        self._people = sorted(people.items(), key=lambda pair: (pair[0] != me, pair[1].casefold()))
        self.body.addWidget(QLabel(what))
        self.search = SearchField("Search people by name")
        self.list = QListWidget()
        self.list.setAccessibleName("People")
        self.body.addWidget(self.search)
        self.body.addWidget(self.list)
        self.search.textChanged.connect(self._fill)
        self.search.installEventFilter(self)
        self.list.currentRowChanged.connect(lambda _: self._look())
        self.list.itemDoubleClicked.connect(lambda _: self.go())
        self._fill("")
        self.search.setFocus()

    def _fill(self, text: str) -> None:
        self.list.clear()
        for id, name in self._people:
            if text.casefold() in name.casefold():
                item = QListWidgetItem(f"{name} (me)" if id == self.desk.person.id else name)
                item.setData(_ID, id)
                self.list.addItem(item)
        self.list.setCurrentRow(0)
        self._look()

    def _look(self) -> None:
        item = self.list.currentItem()
        self.yes.setEnabled(item is not None)
        self.name_action(f"Assign to {item.text()}" if item is not None else "Assign")

    def go(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self._chosen(self, int(item.data(_ID)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None:
                self.list.setCurrentRow(max(0, min(self.list.count() - 1, self.list.currentRow() + step)))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._go_if_ready()
                return True
        return super().eventFilter(watched, event)
