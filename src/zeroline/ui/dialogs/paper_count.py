"""Key a sheet that was counted on paper: when was it counted?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import QDateTime, QTimeZone
from PySide6.QtWidgets import QDateTimeEdit, QLabel, QWidget

from zeroline.ui.desk import Desk
from zeroline.ui.dialogs.form import Form

_SECOND = 1_000_000


class PaperCountDialog(Form):
    """``chosen`` gets the instant (µs) at which the shelves were counted, in the past."""

    def __init__(self, parent: QWidget, desk: Desk, chosen: Callable[[int], None]) -> None:
        super().__init__(parent, desk, "Key from paper", "Key from paper", width=420)
        self._chosen = chosen
        told = QLabel(
            "Bins and items are not scanned then. The time of the count decides which movements came "
            "before it, so give it as it stands on the paper."
        )
        told.setWordWrap(True)
        self.body.addWidget(told)
        self.at = QDateTimeEdit()
        self.at.setCalendarPopup(True)
        self.at.setDisplayFormat("ddd d MMM yyyy HH:mm")
        zone = desk.format.zone
        self.at.setTimeZone(QTimeZone(zone.key.encode()))
        self._now = desk.services.clock()
        local = datetime.fromtimestamp(self._now // _SECOND, UTC).astimezone(zone)
        now = QDateTime.fromSecsSinceEpoch(int(local.timestamp()), QTimeZone(zone.key.encode()))
        self.at.setDateTime(now)
        self.at.setMaximumDateTime(now)
        self.field("Counted at", self.at)
        self.at.setFocus()

    def instant(self) -> int:
        """The chosen time, µs, never later than now."""
        return min(self._now, self.at.dateTime().toSecsSinceEpoch() * _SECOND)

    def go(self) -> None:
        self.accept()
        self._chosen(self.instant())
