"""Who else has the case open: told to them of us, and to us of them, while it is on show."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel

from zeroline.domain.views.presence import Onlooker
from zeroline.services.presence import HEARTBEAT
from zeroline.ui.desk import Desk
from zeroline.ui.text.format import Format
from zeroline.ui.theme import Tone, tone


class Onlookers(QLabel):
    """'Olga Othersupervisor has this case open since 10:42'; hidden while nobody has."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._case: int | None = None
        tone(self, Tone.CAUTION)
        self.hide()
        self.beat = QTimer(self)
        self.beat.setInterval(HEARTBEAT // 1_000)
        self.beat.timeout.connect(self._say)

    def watch(self, case_id: int) -> None:
        """This case is on show now."""
        if self._case != case_id:
            self._case = case_id
            self._tell(())
            self._say()
            self.beat.start()

    def stop(self) -> None:
        """Nothing is on show any more."""
        if self._case is not None:
            self._case = None
            self.beat.stop()
            self._tell(())
            self._desk.tasks.command(self._desk.services.presence.leave)

    def _say(self) -> None:
        presence, person, case = self._desk.services.presence, self._desk.person, self._case
        if case is not None:
            self._desk.tasks.command(lambda: presence.open(person, case), owner=self)
            self.look()

    def look(self) -> None:
        """Ask again who else has it open."""
        presence, person, case = self._desk.services.presence, self._desk.person, self._case
        if case is not None:
            self._desk.tasks.query(
                lambda: presence.others(person, case), self._tell, owner=self, key="others"
            )

    def _tell(self, others: tuple[Onlooker, ...]) -> None:
        form = self._desk.format
        text = told(others, form)
        self.setText(text)
        self.setAccessibleName(text)
        self.setToolTip("\n".join(f"{one.name}, since {form.exact(one.since)}" for one in others))
        self.setVisible(bool(text))


def told(others: tuple[Onlooker, ...], form: Format) -> str:
    """Who else has it open, in a sentence; '' for nobody."""
    if not others:
        return ""
    names = [one.name for one in others]
    who = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    have = "has" if len(names) == 1 else "have"
    return f"{who} {have} this case open since {form.time(others[0].since)}"
