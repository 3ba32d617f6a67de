"""Above a case: the way back, what it is about, its state and owner, and the sentence that tells it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from zeroline.domain.case import CaseState
from zeroline.domain.severity import Level
from zeroline.domain.views.case import CaseView
from zeroline.ui.desk import Desk
from zeroline.ui.screens.case.onlookers import Onlookers
from zeroline.ui.text.phrase import upper_first
from zeroline.ui.text.story import Story
from zeroline.ui.theme import GRID, Size, Theme, Tone, face, kind, sized, tone
from zeroline.ui.widgets.badge import Badge
from zeroline.ui.widgets.prose import prose

_TONES = {
    CaseState.NEW: Tone.ACCENT,
    CaseState.REOPENED: Tone.CAUTION,
    CaseState.WAITING_APPROVAL: Tone.CAUTION,
    CaseState.WAITING_DOCUMENT: Tone.CAUTION,
    CaseState.VERIFIED: Tone.VERIFIED,
    CaseState.CLOSED: Tone.MUTED,
    CaseState.DISMISSED: Tone.MUTED,
}

_LEVELS = {Level.HIGH: Tone.NEGATIVE, Level.MEDIUM: Tone.CAUTION, Level.LOW: Tone.MUTED}


class Head(QWidget):
    """``case_wanted(id)``: another case of the same place."""

    back_wanted = Signal()
    case_wanted = Signal(int)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._story = Story(desk.format)
        self.back = QToolButton()
        self.back.setIcon(Theme.active().icon("chevron-left"))
        self.back.setText("Back  Esc")
        self.back.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.back.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        kind(self.back, "quiet")
        self.back.clicked.connect(self.back_wanted)
        self.item = QLabel()
        self.item.setFont(face(Size.LARGE, code=True, strong=True))
        self.about = QLabel()
        self.about.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        tone(self.about, Tone.MUTED)
        self.level = Badge()
        self.state = Badge()
        self.physical = Badge()
        self.physical.setToolTip(
            "The source gave only one of the two times, so nobody can say which came first"
        )
        self.owner = QLabel()
        self.onlookers = Onlookers(desk)
        self.others = QHBoxLayout()
        self.others.setSpacing(GRID)
        self.happened, self.lasting = prose(), prose()
        sized(self.happened, Size.LARGE)
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        row = QHBoxLayout()
        row.setSpacing(2 * GRID)
        row.addWidget(self.back)
        row.addWidget(self.item)
        row.addWidget(self.about, 1)
        row.addWidget(self.onlookers)
        row.addLayout(self.others)
        row.addWidget(self.physical)
        row.addWidget(self.level)
        row.addWidget(self.state)
        row.addWidget(self.owner)
        column.addLayout(row)
        column.addWidget(self.happened)
        column.addWidget(self.lasting)

    def show_case(self, view: CaseView) -> None:
        """Name and tell this case."""
        key, form = view.key, self._desk.format
        self.item.setText(key.item)
        parts = [
            key.description,
            key.location,
            f"lot {key.lot}" if key.lot else "",
            key.zone and f"zone {key.zone}",
        ]
        parts += [key.status if key.status != "available" else "", key.abc_class and f"class {key.abc_class}"]
        self.about.setText(" · ".join(part for part in parts if part))
        self.state.show_as(upper_first(view.state.value), _TONES.get(view.state, Tone.NORMAL))
        self.physical.show_as("Physical order unknown", Tone.CAUTION, "info")
        self.physical.setVisible(not view.physical_known)
        mine = view.owner_id == self._desk.person.id
        owner = "yours" if mine else view.owner or "nobody's yet"
        due = f" · due {form.due(view.due_at)}" if view.due_at and view.closed_at is None else ""
        late = view.closed_at is None and form.is_late(view.due_at)
        self.owner.setText(f"{upper_first(owner)}{due.replace('due ', '') if late else due}")
        self.owner.setToolTip(form.exact(view.due_at))
        tone(self.owner, Tone.CAUTION if late else Tone.NORMAL)
        self.happened.setText(self._story.happened(view))
        told = view.crossing or view.forced
        self.happened.setToolTip(form.exact(told.recorded_at) if told is not None else "")
        self.lasting.setText(self._story.lasting(view))
        self.lasting.setVisible(bool(self.lasting.text()))
        level = view.severity.level
        self.level.show_as(upper_first(level), _LEVELS[level])
        self.level.setToolTip(self._story.severity(view.severity.reason, view.severity.facts))
        self._show_others(view)

    def _show_others(self, view: CaseView) -> None:
        while (item := self.others.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for id, queue, state in view.other_cases[:3]:
            link = QToolButton()
            link.setText(f"Also: {queue}")
            link.setToolTip(f"Another case of the same place, {state}")
            kind(link, "chip")
            link.clicked.connect(lambda _=False, id=id: self.case_wanted.emit(id))
            self.others.addWidget(link)
