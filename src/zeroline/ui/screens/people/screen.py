"""Everybody with an account: who they are, what they may do, whether they can sign in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from zeroline.domain.changes import Changes
from zeroline.domain.errors import ChangedMeanwhile, DomainError
from zeroline.domain.person import Person, Role
from zeroline.domain.views.people import Given, PersonRow, RoleRequest
from zeroline.domain.views.sites import SiteFacts
from zeroline.reports.sheets.seen import write_seen
from zeroline.ui.desk import Desk
from zeroline.ui.dialogs.person import AddPersonDialog, BadgeDialog, SecretDialog
from zeroline.ui.dialogs.sites import SitesDialog
from zeroline.ui.prompts import Choice
from zeroline.ui.saved_views import SavedViewsOf
from zeroline.ui.screens.people.request import RequestStrip
from zeroline.ui.screens.screen import Screen
from zeroline.ui.tables.column import Column, code_column, text_column
from zeroline.ui.tables.panel import Empty, ListPanel
from zeroline.ui.tables.rows import Rows, Sort
from zeroline.ui.text.columns import when_column
from zeroline.ui.text.people import (
    ROLES,
    account_state,
    account_tone,
    administrators,
    asked,
    done,
    meaning,
    sites_of,
    takes_two,
    wanted,
    who_confirms,
)
from zeroline.ui.text.phrase import counted
from zeroline.ui.theme import GRID, Tone, kind
from zeroline.ui.widgets.banner import Banner
from zeroline.ui.widgets.buttons import ActionButton
from zeroline.wording import sentence

_Read = tuple[tuple[PersonRow, ...], tuple[RoleRequest, ...], dict[int, tuple[str, ...]]]


class PeopleScreen(Screen):
    """``open(person id)`` puts the cursor on somebody. Nobody is ever deleted, only switched off."""

    reloads_on = ("people",)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "People")
        self._rows: dict[int, PersonRow] = {}
        self._requests: dict[int, RoleRequest] = {}  # by the person concerned, the oldest first
        self._sites: dict[int, tuple[str, ...]] = {}  # of who is limited
        self._limits = desk.services.limiting.possible
        self._wanted: int | None = None
        self.banner = Banner()
        self.add_action = self.action("Add a person", "N", self.add)
        self.rename_action = self.action("Rename", "F2", self.rename)
        self.role_action = self.action("Change the role", "R", self.change_role)
        self.secret_action = self.action("New password", "S", self.new_secret)
        self.badge_action = self.action("Badge and PIN", "B", self.badge)
        self.email_action = self.action("E-mail address", "E", self.ask_email)
        self.switch_action = self.action("Switch off", "D", self.switch)
        self.sites_action = self.action("Sites…", "T", self.set_sites)
        self.sites_action.setVisible(self._limits)
        self.confirm_action = self.action("Confirm", "Y", self.confirm)
        self.refuse_action = self.action("Refuse", "X", self.refuse)
        self.withdraw_action = self.action("Withdraw", "W", self.withdraw)
        self._answers = (self.confirm_action, self.refuse_action, self.withdraw_action)
        self.strip = RequestStrip(desk, self._answers, lambda id: self.table.select_ids([id]))
        self.add_action.setIcon(desk.theme.icon("add"))
        self.columns = self._columns()
        self.panel = ListPanel(
            self.columns,
            view="people",
            memory=desk.memory,
            prompts=desk.prompts,
            tasks=desk.tasks,
            write_sheet=write_seen,
            empty=Empty(
                "Nobody", "Add the people who count, decide and look after stock.", "people", self.add_action
            ),
            title="People",
            sort=(Sort("asked", descending=True), Sort("state"), Sort("name")),
            groupable=("role", "state"),
            search_hint="Filter people",
            decimal=desk.format.decimal,
        )
        SavedViewsOf(self.panel, desk, "people")
        self.table = self.panel.table
        self.table.setSelectionMode(self.table.SelectionMode.SingleSelection)
        self.panel.row_actions = lambda: self._on_person
        self._on_person = (
            self.rename_action,
            self.role_action,
            self.secret_action,
            self.badge_action,
            self.email_action,
            *((self.sites_action,) if self._limits else ()),
            self.switch_action,
        )
        self._lay_out()
        self.table.current_changed.connect(lambda _: self._look())
        self.table.activated_id.connect(lambda _: self.change_role())
        self.setFocusProxy(self.table)
        self._look()

    def _columns(self) -> tuple[Column, ...]:
        form, clock = self.desk.format, self.desk.services.clock
        sites = text_column("sites", "Sites", value=lambda row: self._sites_of(row.person.id), width=136)
        return (
            text_column("name", "Name", value=lambda row: row.person.name, width=190),
            code_column("login", "Login", value=lambda row: row.person.login, width=144),
            text_column("role", "Role", value=lambda row: row.person.role.value, width=112),
            *((sites,) if self._limits else ()),
            text_column("may", "What the role does", value=lambda row: ROLES[row.person.role], stretch=True),
            Column(
                "state",
                "Account",
                value=lambda row: account_state(row, form, clock(), row.person.id in self._requests),
                tone_from="tone",
                width=144,
            ),
            Column(
                "asked",
                "Asked for",
                value=lambda row: self._asked_for(row.person.id),
                tone=lambda _: Tone.CAUTION,
                width=120,
            ),
            Column(
                "has_badge",
                "Badge",
                text=lambda has: "yes" if has else "",
                width=64,
                hidden=self._limits,  # on a server nobody signs in with one
            ),
            when_column("created_at", "Since", form),
        )

    def _asked_for(self, person_id: int) -> str:
        request = self._requests.get(person_id)
        return "" if request is None else wanted(request)

    def _sites_of(self, person_id: int) -> str:
        return sites_of(self._sites.get(person_id, ()))

    def _lay_out(self) -> None:
        foot = QWidget()
        kind(foot, "raised")
        feet = QHBoxLayout(foot)
        feet.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        feet.setSpacing(2 * GRID)
        feet.addStretch(1)
        quiet = (self.switch_action, self.rename_action, self.badge_action, self.email_action)
        for action in (*quiet, self.sites_action) if self._limits else quiet:
            feet.addWidget(ActionButton(action, "quiet"))
        for action in (self.secret_action, self.role_action):
            feet.addWidget(ActionButton(action))
        self.add_button = ActionButton(self.add_action, "primary")
        feet.addWidget(self.add_button)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.banner)
        outer.addWidget(self.panel, 1)
        outer.addWidget(self.strip)
        outer.addWidget(foot)

    # reading

    def load(self, target: Any = None) -> None:
        self._wanted = None if target is None else int(target)
        super().load(target)

    def reload(self) -> None:
        services, person = self.desk.services, self.desk.person

        def work() -> _Read:
            people = services.people
            return people.list(person), people.requests(person), services.limiting.sites(person)

        still = self.still()
        self.desk.tasks.query(
            work, lambda answer: self._read(answer, still), owner=self, key="people", failed=self._refused
        )

    def _read(self, answer: _Read, still: bool) -> None:
        found, requests, self._sites = answer
        now = self.desk.services.clock()
        self._rows = {row.person.id: row for row in found}
        self._requests = {request.person.id: request for request in reversed(requests)}
        self.panel.set_rows(
            Rows.of(
                self.columns,
                found,
                id=lambda row: row.person.id,
                also={"tone": lambda row: account_tone(row, now)},
            ),
            still=still,
        )
        inside = sum(row.person.active for row in found)
        off = sum(not row.person.active and row.person.id not in self._requests for row in found)
        waiting = len(requests)
        self.panel.set_summary(
            counted(inside, "person", "people")
            + (f" · {off} switched off" if off else "")
            + (f" · {counted(waiting, 'request', 'requests')} waiting" if waiting else "")
        )
        chosen, self._wanted = self._wanted, None
        if chosen is not None:
            self.table.select_ids([chosen])
        elif self.table.current_id() is None:
            self.table.select_first()
        self._look()

    def _look(self) -> None:
        row, me, now = self.current(), self.desk.person, self.desk.services.clock()
        for action in self._on_person:
            action.setEnabled(row is not None)
        self.sites_action.setEnabled(row is not None and row.person.id != me.id)
        off = row is not None and not row.person.active
        self.switch_action.setText("Switch on" if off else "Switch off")
        request = self.request()
        mine = request is not None and request.asked_by.id == me.id
        may = request is not None and request.may_confirm(me, now)
        concerned = request is not None and request.leaving and request.person.id == me.id
        for action, usable in zip(self._answers, (may, (may and not mine) or concerned, mine), strict=True):
            action.setEnabled(usable)
            action.setVisible(usable)
        look = "" if may else "primary"  # the one next step is to confirm
        if self.add_button.property("kind") != look:
            kind(self.add_button, look)
        self.strip.show_request(
            request, tuple(self._requests.values())[::-1], [one.person for one in self._rows.values()]
        )

    def request(self) -> RoleRequest | None:
        """What waits for the person the cursor is on."""
        return self._requests.get(self.table.current_id() or 0)

    def current(self) -> PersonRow | None:
        """Who the cursor is on."""
        return self._rows.get(self.table.current_id() or 0)

    # verbs

    def add(self) -> None:
        """A new account."""

        def added(given: Given) -> None:
            person = given.person
            self._wanted = person.id
            self._given(given, f"{person.name} can sign in as {person.login}.")

        AddPersonDialog(self, self.desk, self._administrators(), added).open()

    def _administrators(self) -> int:
        return administrators(row.person for row in self._rows.values())

    def rename(self) -> None:
        """Another name to show; the login stays."""
        row = self.current()
        if row is None:
            return
        people, actor, person = self.desk.services.people, self.desk.person, row.person
        self.desk.prompts.ask_text(
            self,
            "Rename",
            f"Name of {person.login}, as everybody sees it",
            action="Rename",
            accepted=lambda name: self._write(
                lambda: people.rename(actor, person.id, name), f"{person.login} is called {name}."
            ),
            initial=person.name,
        )

    def change_role(self) -> None:
        """Another role from now on; what the person did before still counts against them."""
        row = self.current()
        if row is None:
            return
        people, actor, person = self.desk.services.people, self.desk.person, row.person
        others = [role for role in Role if role is not person.role]
        count = self._administrators()
        self.desk.prompts.choose(
            self,
            f"Role of {person.name}",
            f"{person.name} is {person.role.value} now. What they counted or proposed before, they still "
            "cannot approve.",
            [Choice(role, role.value, f"{ROLES[role]} {takes_two(role, count)}".strip()) for role in others],
            action="Change the role",
            accepted=lambda role: self._ask(
                lambda: people.change_role(actor, person.id, role, row.version),
                f"{person.name} is {role.value} from now on.",
            ),
        )

    def switch(self) -> None:
        """Keep somebody out, or let them in again."""
        row = self.current()
        if row is None:
            return
        people, actor, person = self.desk.services.people, self.desk.person, row.person
        if not person.active:
            self._ask(
                lambda: people.set_active(actor, person.id, True, row.version),
                f"{person.name} can sign in again.",
            )
            return
        self.desk.prompts.confirm(
            self,
            "Switch off",
            f"{person.name} cannot sign in any more, and nothing signed counts from then on. Everything they "
            "did stays under their name.",
            action=f"Switch off {person.name}",
            accepted=lambda: self._ask(
                lambda: people.set_active(actor, person.id, False, row.version),
                f"{person.name} is switched off.",
            ),
        )

    def new_secret(self) -> None:
        """A new password for somebody, or one's own."""
        row = self.current()
        if row is not None:
            SecretDialog(self, self.desk, row.person).open()

    def badge(self) -> None:
        """A badge with its PIN."""
        row = self.current()
        if row is not None:
            BadgeDialog(self, self.desk, row.person, row.has_badge).open()

    def ask_email(self) -> None:
        """Where somebody is written to."""
        row = self.current()
        if row is None:
            return
        alerting, actor, person = self.desk.services.alerting, self.desk.person, row.person

        def ask(email: str) -> None:
            self.desk.prompts.ask_text(
                self,
                f"E-mail address of {person.name}",
                "What they are told is also written to this address. Leave it empty for no e-mail.",
                action="Keep the address",
                accepted=lambda text: self._write(
                    lambda: alerting.set_email(actor, person.id, text),
                    f"{person.name} is written to at {text.strip()}." if text.strip()
                    else f"{person.name} is not written to.",
                ),
                initial=email,
                required=False,
            )  # fmt: skip

        self.desk.tasks.query(
            lambda: alerting.email(actor, person.id), ask, owner=self, key="email", failed=self._refused
        )

    def set_sites(self) -> None:
        """Which sites somebody sees and writes; offered on a server."""
        row = self.current()
        if row is None or not self._limits or row.person.id == self.desk.person.id:
            return
        now, name = self._sites.get(row.person.id, ()), row.person.name

        def given(codes: tuple[str, ...]) -> None:
            self._said(f"{name} works at {sites_of(codes) if codes else 'all sites'}.")

        def ask(sites: tuple[SiteFacts, ...]) -> None:
            SitesDialog(self, self.desk, row, now, sites, given).open()

        self.desk.tasks.query(
            self.desk.services.sites.list, ask, owner=self, key="sites", failed=self._refused
        )

    # the second administrator

    def confirm(self) -> None:
        """Sign for what another administrator asked."""
        request = self.request()
        if request is None:
            return
        people, actor = self.desk.services.people, self.desk.person
        what = "You agree to leave." if request.person.id == actor.id else meaning(request)
        self.desk.prompts.ask_secret(
            self,
            "Confirm as second administrator",
            f"{asked(request)} {what} Your password signs it, under your name.",
            action=f"Confirm: {request.person.name}",
            accepted=lambda secret: self._ask(
                lambda: people.confirm(actor, request.id, secret), done(request)
            ),
        )

    def refuse(self) -> None:
        """Say no to what another administrator asked."""
        self._end(self.desk.services.people.refuse, "The request is refused.")

    def withdraw(self) -> None:
        """Take back what one asked."""
        self._end(self.desk.services.people.withdraw, "The request is withdrawn.")

    def _end(self, verb: Callable[[Person, int], Changes], said: str) -> None:
        request, actor = self.request(), self.desk.person
        if request is not None:
            self._write(lambda: verb(actor, request.id), said)

    # writing

    def _ask(self, work: Callable[[], Given], said: str) -> None:
        self.banner.clear()
        self.desk.tasks.command(
            work, owner=self, done=lambda given: self._given(given, said), failed=self._refused
        )

    def _given(self, given: Given, said: str) -> None:
        """Done, or whose turn it is now."""
        if given.waiting is None:
            self._said(said)
            return
        now = self.desk.services.clock()
        self.desk.ways.say(
            who_confirms(given.waiting, [row.person for row in self._rows.values()], now), Tone.CAUTION
        )
        self._wanted = given.person.id
        self.reload()

    def _write(self, work: Callable[[], Changes], said: str) -> None:
        self.banner.clear()
        self.desk.tasks.command(work, owner=self, done=lambda _: self._said(said), failed=self._refused)

    def _said(self, words: str) -> None:
        self.desk.ways.say(words, Tone.VERIFIED)
        self.reload()

    def _refused(self, error: DomainError) -> None:
        self.banner.say(sentence(error), Tone.NEGATIVE)
        if isinstance(error, ChangedMeanwhile):
            self.reload()
