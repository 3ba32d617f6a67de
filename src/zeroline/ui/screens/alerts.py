"""What a person was told: a quiet list, newest first, each line one key from what it is about."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from zeroline.domain.errors import DomainError
from zeroline.domain.views.alerting import AlertRow, Alerts
from zeroline.reports.sheets.seen import write_seen
from zeroline.ui.desk import Desk
from zeroline.ui.screens.screen import Screen
from zeroline.ui.tables.column import Column, text_column
from zeroline.ui.tables.panel import Empty, ListPanel
from zeroline.ui.tables.rows import Rows, Sort
from zeroline.ui.text.alerting import AlertWords, place_of
from zeroline.ui.text.columns import when_column
from zeroline.ui.theme import GRID, Tone, kind
from zeroline.ui.widgets.banner import Banner
from zeroline.ui.widgets.buttons import ActionButton
from zeroline.wording import alert_title, sentence


class AlertsScreen(Screen):
    """Going to what an alert is about marks it as seen; nothing else does by itself."""

    reloads_on = ("alerts",)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Alerts")
        self._rows: dict[int, AlertRow] = {}
        self.banner = Banner()
        self.open_action = self.action("Go to it", "Return", self.go)
        self.seen_action = self.action("Mark as seen", "S", self.see)
        self.all_action = self.action("Mark all as seen", "A", self.see_all)
        self.email_action = self.action("E-mail address…", "E", self.ask_email)
        self.email_action.setIcon(desk.theme.icon("mail"))
        words = AlertWords(desk.format)
        self.columns = (
            Column(
                "state",
                "State",
                value=lambda row: "seen" if row.seen_at is not None else "new",
                tone=lambda state: Tone.MUTED if state == "seen" else Tone.ACCENT,
                width=72,
            ),
            when_column("at", "Told", desk.format),
            text_column("kind", "About", text=alert_title, width=176),
            text_column("said", "What", value=words.said, tooltip=str, stretch=True, tone_from="tone"),
        )
        self.panel = ListPanel(
            self.columns,
            view="alerts",
            memory=desk.memory,
            prompts=desk.prompts,
            tasks=desk.tasks,
            write_sheet=write_seen,
            empty=Empty(
                "Nothing to tell",
                "Here you read of new negatives, adjustments that wait for you and counts that are due.",
                "bell",
                self.email_action,
            ),
            title="Alerts",
            sort=(Sort("at", descending=True),),
            groupable=("kind", "state"),
            search_hint="Filter alerts",
            decimal=desk.format.decimal,
        )
        self.table = self.panel.table
        self.panel.row_actions = lambda: (self.open_action, self.seen_action)
        foot = QWidget()
        kind(foot, "raised")
        feet = QHBoxLayout(foot)
        feet.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        feet.setSpacing(2 * GRID)
        feet.addWidget(ActionButton(self.email_action, "quiet"))
        feet.addStretch(1)
        feet.addWidget(ActionButton(self.all_action))
        feet.addWidget(ActionButton(self.seen_action))
        feet.addWidget(ActionButton(self.open_action, "primary"))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.banner)
        outer.addWidget(self.panel, 1)
        outer.addWidget(foot)
        self.table.selection_changed.connect(self._look)
        self.table.current_changed.connect(lambda _: self._look())
        self.table.activated_id.connect(lambda _: self.go())
        self.setFocusProxy(self.table)
        self._look()

    # reading

    def reload(self) -> None:
        alerting, person, still = self.desk.services.alerting, self.desk.person, self.still()
        self.desk.tasks.query(
            lambda: alerting.mine(person), lambda found: self._read(found, still), owner=self, key="alerts"
        )

    def _read(self, found: Alerts, still: bool) -> None:
        self._rows = {row.id: row for row in found.rows}
        self.panel.set_rows(
            Rows.of(
                self.columns,
                found.rows,
                also={"tone": lambda row: Tone.MUTED if row.seen_at is not None else Tone.NORMAL},
            ),
            still=still,
        )
        seen = "all seen" if found.rows else ""
        self.panel.set_summary(f"{self.desk.format.count(found.unseen)} new" if found.unseen else seen)
        if self.table.current_id() is None:
            self.table.select_first()
        self._look()

    def _look(self) -> None:
        chosen = self._chosen()
        self.open_action.setEnabled(len(chosen) == 1)
        self.seen_action.setEnabled(any(row.seen_at is None for row in chosen))
        self.all_action.setEnabled(any(row.seen_at is None for row in self._rows.values()))

    def _chosen(self) -> list[AlertRow]:
        """The selected alerts, else the one the cursor is on."""
        ids = self.table.selected_ids() or [self.table.current_id()]
        return [self._rows[id] for id in ids if id in self._rows]

    # verbs

    def go(self) -> None:
        """To what the alert is about; it is seen by that."""
        for row in self._chosen()[:1]:
            if row.seen_at is None:
                self._see([row.id])
            self.desk.ways.wanted.emit(place_of(row, self.desk.person))

    def see(self) -> None:
        """The selected ones are seen."""
        self._see([row.id for row in self._chosen() if row.seen_at is None])

    def see_all(self) -> None:
        """Everything that is listed, and older, is seen."""
        alerting, person, upto = self.desk.services.alerting, self.desk.person, max(self._rows, default=0)
        self.desk.tasks.command(lambda: alerting.seen_all(person, upto), owner=self, failed=self._refused)

    def _see(self, ids: list[int]) -> None:
        alerting, person = self.desk.services.alerting, self.desk.person
        if ids:
            self.desk.tasks.command(lambda: alerting.seen(person, ids), owner=self, failed=self._refused)

    # where one is written to

    def ask_email(self) -> None:
        """Where the person is written to, by themselves."""
        alerting, person = self.desk.services.alerting, self.desk.person
        self.desk.tasks.query(
            lambda: alerting.email(person, person.id),
            self._ask,
            owner=self,
            key="email",
            failed=self._refused,
        )

    def _ask(self, email: str) -> None:
        self.desk.prompts.ask_text(
            self,
            "E-mail address",
            "What you are told is also written to this address, and at the end of each shift what is open "
            "for you. Leave it empty for no e-mail.",
            action="Keep the address",
            accepted=self._keep,
            initial=email,
            required=False,
        )

    def _keep(self, email: str) -> None:
        alerting, person = self.desk.services.alerting, self.desk.person
        said = f"You are written to at {email.strip()}." if email.strip() else "You are not written to."
        self.desk.tasks.command(
            lambda: alerting.set_email(person, person.id, email),
            owner=self,
            done=lambda _: self.desk.ways.say(said, Tone.VERIFIED),
            failed=self._refused,
        )

    def _refused(self, error: DomainError) -> None:
        self.banner.say(sentence(error), Tone.NEGATIVE)
