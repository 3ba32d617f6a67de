"""Messages that were given up, for who looks after people: why, and send again."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from zeroline.domain.alert import Channel
from zeroline.domain.errors import DomainError
from zeroline.domain.views.alerting import Outbox
from zeroline.reports.sheets.seen import write_seen
from zeroline.ui.desk import Desk
from zeroline.ui.screens.screen import Screen
from zeroline.ui.tables.column import Column, text_column
from zeroline.ui.tables.panel import Empty, ListPanel
from zeroline.ui.tables.rows import Rows, Sort
from zeroline.ui.text.alerting import CHANNELS, addressed
from zeroline.ui.text.columns import count_column, when_column
from zeroline.ui.text.phrase import counted
from zeroline.ui.theme import GRID, Tone, kind
from zeroline.ui.widgets.banner import Banner
from zeroline.ui.widgets.buttons import ActionButton
from zeroline.wording import letter_trouble, sentence


class LettersScreen(Screen):
    """E-mails and webhook messages that did not arrive, newest first."""

    reloads_on = ("alerts",)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Messages")
        self.banner = Banner()
        self.again_action = self.action("Send again", "G", self.again)
        self.again_action.setIcon(desk.theme.icon("mail"))
        self.columns: tuple[Column, ...] = (
            when_column("made_at", "Made", desk.format),
            text_column("channel", "By", text=lambda name: CHANNELS[Channel(name)], width=88),
            text_column("name", "For", value=addressed, width=192),
            text_column(
                "trouble", "Why it was given up", text=letter_trouble, tooltip=letter_trouble, stretch=True
            ),
            count_column("attempts", "Tried", desk.format),
            count_column("alerts", "Alerts", desk.format),
        )
        self.panel = ListPanel(
            self.columns,
            view="letters",
            memory=desk.memory,
            prompts=desk.prompts,
            tasks=desk.tasks,
            write_sheet=write_seen,
            empty=Empty(
                "Every message arrived",
                "What could not be sent by e-mail or webhook after many tries is listed here.",
                "mail",
            ),
            title="Messages not sent",
            sort=(Sort("made_at", descending=True),),
            groupable=("channel", "name"),
            search_hint="Filter messages",
            decimal=desk.format.decimal,
        )
        self.table = self.panel.table
        self.panel.row_actions = lambda: (self.again_action,)
        foot = QWidget()
        kind(foot, "raised")
        feet = QHBoxLayout(foot)
        feet.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        feet.addStretch(1)
        feet.addWidget(ActionButton(self.again_action, "primary"))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.banner)
        outer.addWidget(self.panel, 1)
        outer.addWidget(foot)
        self.table.selection_changed.connect(self._look)
        self.table.current_changed.connect(lambda _: self._look())
        self.setFocusProxy(self.table)
        self._look()

    def reload(self) -> None:
        alerting, person, still = self.desk.services.alerting, self.desk.person, self.still()
        self.desk.tasks.query(
            lambda: alerting.outbox(person),
            lambda found: self._read(found, still),
            owner=self,
            key="letters",
            failed=self._refused,
        )

    def _read(self, found: Outbox, still: bool) -> None:
        self.panel.set_rows(Rows.of(self.columns, found.dead), still=still)
        said = counted(len(found.dead), "message given up", "messages given up") if found.dead else ""
        if found.oldest_at is not None:
            waiting = counted(found.waiting, "waits", "wait")
            since = self.desk.format.when(found.oldest_at)
            said = " · ".join(part for part in (said, f"{waiting} to be sent, the oldest of {since}") if part)
        self.panel.set_summary(said)
        if self.table.current_id() is None:
            self.table.select_first()
        self._look()

    def _look(self) -> None:
        self.again_action.setEnabled(bool(self._chosen()))

    def _chosen(self) -> list[int]:
        """The selected messages, else the one the cursor is on."""
        current = self.table.current_id()
        return self.table.selected_ids() or ([] if current is None else [current])

    def again(self) -> None:
        """The selected ones wait anew, for the next round of a sender."""
        for letter_id in self._chosen():
            self._again(letter_id)

    def _again(self, letter_id: int) -> None:
        alerting, person = self.desk.services.alerting, self.desk.person
        self.desk.tasks.command(
            lambda: alerting.again(person, letter_id),
            owner=self,
            done=lambda _: self.desk.ways.say("It is sent with the next round.", Tone.VERIFIED),
            failed=self._refused,
        )

    def _refused(self, error: DomainError) -> None:
        self.banner.say(sentence(error), Tone.NEGATIVE)
        self.desk.ways.counts_stale.emit()
