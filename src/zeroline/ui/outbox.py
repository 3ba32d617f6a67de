"""What this workstation keeps of counts, at the foot of the window; sent as soon as it can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QToolButton

from zeroline.domain.person import Right
from zeroline.ui.desk import Desk
from zeroline.ui.text import kept
from zeroline.ui.theme import Tone, kind
from zeroline.ui.widgets.banner import Banner

if TYPE_CHECKING:
    from zeroline.domain.views.kept import Sent, Waiting
    from zeroline.ui.dialogs.kept_counts import KeptCountsDialog


class KeptCounts(QToolButton):
    """Away while nothing is kept; what came of sending is said in ``banner``. ``changed`` after each look.

    Only the counts of the person at this window are sent; of others it says that they wait.
    """

    changed = Signal()

    def __init__(self, desk: Desk, banner: Banner) -> None:
        super().__init__()
        self._desk = desk
        self._banner = banner
        self._dialog: KeptCountsDialog | None = None
        self._found: Waiting | None = None  # not looked yet
        kind(self, "quiet")
        self.setIcon(desk.theme.icon("save"))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setToolTip("Counts that are kept on this workstation")
        self.clicked.connect(self.show_all)
        desk.ways.count_kept.connect(self._kept)
        self.hide()

    @property
    def may_keep(self) -> bool:
        """Whether this person counts."""
        return self._desk.person.may(Right.COUNT)

    @property
    def waiting(self) -> int:
        """How many counts of this person are still to be sent."""
        return len(self._found.mine) if self._found is not None else 0

    def begin(self) -> None:
        """Somebody sits down, or the line is back: send what is theirs, say what else is kept."""
        outbox, person = self._desk.services.outbox, self._desk.person
        self._desk.tasks.query(lambda: outbox.waiting(person), self._begun, owner=self, key="kept")

    def _begun(self, found: Waiting) -> None:
        self._show(found)
        told = [kept.damaged(found), kept.still_refused(found.refused), *kept.of_others(found)]
        words = " ".join(part for part in told if part)
        if words:
            self._banner.say(words, Tone.CAUTION, "Look at them", self.show_all)
        if found.mine:
            self.send()

    def look(self) -> None:
        """See again what is kept."""
        outbox, person = self._desk.services.outbox, self._desk.person
        self._desk.tasks.query(lambda: outbox.waiting(person), self._show, owner=self, key="kept")

    def _show(self, found: Waiting) -> None:
        self._found = found
        words = kept.in_short(found)
        self.setText(words)
        self.setAccessibleName(words)
        self.setVisible(bool(words))
        if self._dialog is not None:
            self._dialog.show_kept(found)
        self.changed.emit()

    def _kept(self) -> None:
        """A count was kept: with a line, because older ones wait before it."""
        self.look()
        self.send()

    def send(self) -> None:
        """Send what waits of this person; without a line it goes on waiting."""
        if not self._desk.tasks.offline and self.may_keep:
            outbox, person = self._desk.services.outbox, self._desk.person
            self._desk.tasks.command(lambda: outbox.send(person), owner=self, done=self._sent)

    def _sent(self, sent: Sent) -> None:
        self.look()
        refused = kept.still_refused(sent.refused)
        words = " ".join(part for part in (kept.came_of(sent), refused) if part)
        if refused:
            self._banner.say(words, Tone.CAUTION, "Look at them", self.show_all)
        elif words:
            self._banner.say(words, Tone.VERIFIED)
        if sent.lost is not None:
            self._desk.tasks.tell(sent.lost, self.send)

    def discard(self, key: str) -> None:
        """Give up a count that was refused; '' what cannot be read any more."""
        outbox, person = self._desk.services.outbox, self._desk.person
        self._desk.tasks.command(
            lambda: outbox.discard(person, key) if key else outbox.forget_damaged(person),
            owner=self,
            done=lambda _: self.look(),
            offline_too=True,
        )

    def show_all(self) -> None:
        """Everything that is kept, in a list."""
        from zeroline.ui.dialogs.kept_counts import KeptCountsDialog

        if self._dialog is None and self._found is not None:
            self._dialog = KeptCountsDialog(self.window(), self._desk, self.discard)
            self._dialog.finished.connect(self._closed)
            self._dialog.show_kept(self._found)
            self._dialog.open()

    def _closed(self) -> None:
        self._dialog = None
