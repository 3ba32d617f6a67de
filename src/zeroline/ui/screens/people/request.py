"""What waits for a second administrator, under the list: who asks what, whose turn it is, and their keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from zeroline.domain.person import Person
from zeroline.domain.views.people import RoleRequest
from zeroline.ui.desk import Desk
from zeroline.ui.text.people import asked, what_if_nobody_answers, who_confirms
from zeroline.ui.text.phrase import counted
from zeroline.ui.theme import GRID, Tone, kind, tone
from zeroline.ui.widgets.buttons import ActionButton


class RequestStrip(QWidget):
    """Away while nothing waits. Of somebody else it says how many wait, and ``shown`` leads to the first."""

    def __init__(self, desk: Desk, actions: Sequence[QAction], shown: Callable[[int], None]) -> None:
        super().__init__()
        self._desk = desk
        self._first = 0
        kind(self, "raised")
        self.title, self.turn, self.fate = QLabel(), QLabel(), QLabel()
        tone(self.turn, Tone.CAUTION)
        tone(self.fate, Tone.MUTED)
        for label in (self.title, self.turn, self.fate):
            label.setWordWrap(True)
        self.go = QPushButton("Show it")
        self.go.setAutoDefault(False)
        self.go.clicked.connect(lambda: shown(self._first))
        words = QVBoxLayout()
        words.setSpacing(GRID)
        for label in (self.title, self.turn, self.fate):
            words.addWidget(label)
        row = QHBoxLayout(self)
        row.setContentsMargins(4 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        row.setSpacing(2 * GRID)
        row.addWidget(_mark(desk))
        row.addLayout(words, 1)
        confirm, *others = actions
        for action in others:
            row.addWidget(ActionButton(action))
        row.addWidget(ActionButton(confirm, "primary"))
        row.addWidget(self.go)
        self.hide()

    def show_request(
        self, request: RoleRequest | None, waiting: Sequence[RoleRequest], people: Sequence[Person]
    ) -> None:
        """The request of the row the cursor is on, or how many wait elsewhere."""
        self.setVisible(bool(waiting))
        elsewhere = request is None
        self.turn.setVisible(not elsewhere)
        self.fate.setVisible(not elsewhere)
        self.go.setVisible(elsewhere)
        if request is not None:
            now = self._desk.services.clock()
            self.title.setText(asked(request))
            self.turn.setText(
                "It waits for you: confirm it with your password."
                if request.may_confirm(self._desk.person, now)
                else who_confirms(request, people, now)
            )
            self.fate.setText(what_if_nobody_answers(request, self._desk.format, now))
        elif waiting:
            self._first = waiting[0].person.id
            many = counted(len(waiting), "request waits", "requests wait")
            self.title.setText(f"{many} for a second administrator.")


def _mark(desk: Desk) -> QLabel:
    mark = QLabel()
    mark.setPixmap(desk.theme.pixmap("warning", Tone.CAUTION, 20))
    mark.setAccessibleName("Waiting")
    return mark
