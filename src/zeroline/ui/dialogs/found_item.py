"""Something lies in a bin that the sheet does not list: say what and where, by scan or by typing."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QWidget

from zeroline.domain.stock import StockStatus
from zeroline.domain.views.found import Scan, ScanKind
from zeroline.ui.desk import Desk
from zeroline.ui.dialogs.form import Form
from zeroline.ui.theme import Tone, tone

Chosen = Callable[["FoundItemDialog", str, str, str, str], None]
"""Gets the dialog, the item, the bin, the lot and the status."""


class FoundItemDialog(Form):
    """A scanned bin fills the bin, a scanned item fills the item and its lot."""

    def __init__(self, parent: QWidget, desk: Desk, location: str, chosen: Chosen) -> None:
        super().__init__(parent, desk, "Found item", "Add the found item", width=460)
        self._chosen = chosen
        told = QLabel("Scan what you found, or type it. It becomes a line of this sheet that you count next.")
        told.setWordWrap(True)
        tone(told, Tone.MUTED)
        self.body.addWidget(told)
        self.item, self.location, self.lot = QLineEdit(), QLineEdit(location), QLineEdit()
        self.status = QComboBox()
        for status in StockStatus:
            self.status.addItem(status.value)
        self.field("Item", self.item)
        self.field("Bin", self.location)
        self.field("Lot (leave empty for none)", self.lot)
        self.field("Status", self.status)
        for field in (self.item, self.location):
            field.textChanged.connect(lambda _: self._look())
        for field, following in ((self.item, self.location), (self.location, self.lot)):
            field.returnPressed.connect(following.setFocus)
        desk.scanner.scanned.connect(self.take_code)
        self.item.setFocus()
        self._look()

    def _look(self) -> None:
        item = self.item.text().strip()
        ready = bool(item and self.location.text().strip())
        self.yes.setEnabled(ready)
        self.yes.setToolTip("Ctrl+Enter" if ready else "Scan or type the item and the bin first")
        self.name_action(f"Add {item} and count it" if 0 < len(item) <= 24 else "Add the found item")

    def take_code(self, code: str) -> None:
        """A code was scanned over this dialog."""
        if not self.isVisible():
            return
        lookup = self.desk.services.lookup
        self.desk.tasks.query(lambda: lookup.scan(code), self._understood, owner=self, key="scan")

    def _understood(self, scan: Scan) -> None:
        self.say_wrong("")
        if scan.kind is ScanKind.LOCATION:
            self.location.setText(scan.label)
        elif scan.kind is ScanKind.ITEM:
            self.item.setText(scan.label)
            if scan.lot:
                self.lot.setText(scan.lot)
        else:
            self.desk.scanner.beep()
            self.say_wrong(f"{scan.text} is neither an item nor a bin that is known.")

    def go(self) -> None:
        self._chosen(
            self,
            self.item.text().strip(),
            self.location.text().strip(),
            self.lot.text().strip(),
            self.status.currentText(),
        )
