"""Everybody with an account: who they are, what they may do, whether they can sign in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from zeroline.domain.changes import Changes
from zeroline.domain.errors import ChangedMeanwhile, DomainError
from zeroline.domain.person import Person, Role
from zeroline.domain.views.people import PersonRow
from zeroline.reports.sheets.seen import write_seen
from zeroline.ui.desk import Desk
from zeroline.ui.dialogs.person import AddPersonDialog, BadgeDialog, SecretDialog
from zeroline.ui.prompts import Choice
from zeroline.ui.saved_views import SavedViewsOf
from zeroline.ui.screens.screen import Screen
from zeroline.ui.tables.column import Column, code_column, text_column
from zeroline.ui.tables.panel import Empty, ListPanel
from zeroline.ui.tables.rows import Rows, Sort
from zeroline.ui.text.columns import when_column
from zeroline.ui.text.people import ROLES, account_state, account_tone
from zeroline.ui.text.phrase import counted
from zeroline.ui.theme import GRID, Tone, kind
from zeroline.ui.widgets.banner import Banner
from zeroline.ui.widgets.buttons import ActionButton
from zeroline.wording import sentence


class PeopleScreen(Screen):
    """``open(person id)`` puts the cursor on somebody. Nobody is ever deleted, only switched off."""

    reloads_on = ("people",)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "People")
        self._rows: dict[int, PersonRow] = {}
        self._wanted: int | None = None
        self.banner = Banner()
        self.add_action = self.action("Add a person", "N", self.add)
        self.rename_action = self.action("Rename", "F2", self.rename)
        self.role_action = self.action("Change the role", "R", self.change_role)
        self.secret_action = self.action("New password", "S", self.new_secret)
        self.badge_action = self.action("Badge and PIN", "B", self.badge)
        self.switch_action = self.action("Switch off", "D", self.switch)
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
            sort=(Sort("state"), Sort("name")),
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
            self.switch_action,
        )
        self._lay_out()
        self.table.current_changed.connect(lambda _: self._look())
        self.table.activated_id.connect(lambda _: self.change_role())
        self.setFocusProxy(self.table)
        self._look()

    def _columns(self) -> tuple[Column, ...]:
        form, clock = self.desk.format, self.desk.services.clock
        return (
            text_column("name", "Name", value=lambda row: row.person.name, width=220),
            code_column("login", "Login", value=lambda row: row.person.login, width=160),
            text_column("role", "Role", value=lambda row: row.person.role.value, width=120),
            text_column("may", "What the role does", value=lambda row: ROLES[row.person.role], stretch=True),
            Column(
                "state",
                "Account",
                value=lambda row: account_state(row, form, clock()),
                tone_from="tone",
                width=144,
            ),
            Column("has_badge", "Badge", text=lambda has: "yes" if has else "", width=64),
            when_column("created_at", "Since", form),
        )

    def _lay_out(self) -> None:
        foot = QWidget()
        kind(foot, "raised")
        feet = QHBoxLayout(foot)
        feet.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        feet.setSpacing(2 * GRID)
        feet.addStretch(1)
        for action in (self.switch_action, self.rename_action, self.badge_action):
            feet.addWidget(ActionButton(action, "quiet"))
        for action in (self.secret_action, self.role_action):
            feet.addWidget(ActionButton(action))
        feet.addWidget(ActionButton(self.add_action, "primary"))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.banner)
        outer.addWidget(self.panel, 1)
        outer.addWidget(foot)

    # reading

    def load(self, target: Any = None) -> None:
        self._wanted = None if target is None else int(target)
        super().load(target)

    def reload(self) -> None:
        people, person, clock = self.desk.services.people, self.desk.person, self.desk.services.clock

        def work() -> tuple[tuple[PersonRow, ...], Rows]:
            found = people.list(person)
            now = clock()
            rows = Rows.of(
                self.columns,
                found,
                id=lambda row: row.person.id,
                also={"tone": lambda row: account_tone(row, now)},
            )
            return found, rows

        still = self.still()
        self.desk.tasks.query(
            work, lambda answer: self._read(answer, still), owner=self, key="people", failed=self._refused
        )

    def _read(self, answer: tuple[tuple[PersonRow, ...], Rows], still: bool) -> None:
        found, rows = answer
        self._rows = {row.person.id: row for row in found}
        self.panel.set_rows(rows, still=still)
        off = sum(not row.person.active for row in found)
        self.panel.set_summary(
            counted(len(found) - off, "person", "people") + (f" · {off} switched off" if off else "")
        )
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self.table.select_ids([wanted])
        elif self.table.current_id() is None:
            self.table.select_first()
        self._look()

    def _look(self) -> None:
        row = self.current()
        for action in self._on_person:
            action.setEnabled(row is not None)
        off = row is not None and not row.person.active
        self.switch_action.setText("Switch on" if off else "Switch off")

    def current(self) -> PersonRow | None:
        """Who the cursor is on."""
        return self._rows.get(self.table.current_id() or 0)

    # verbs

    def add(self) -> None:
        """A new account."""

        def added(person: Person) -> None:
            self._wanted = person.id
            self._said(f"{person.name} can sign in as {person.login}.")

        AddPersonDialog(self, self.desk, added).open()

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
        self.desk.prompts.choose(
            self,
            f"Role of {person.name}",
            f"{person.name} is {person.role.value} now. What they counted or proposed before, they still "
            "cannot approve.",
            [Choice(role, role.value, ROLES[role]) for role in others],
            action="Change the role",
            accepted=lambda role: self._write(
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
            self._write(
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
            accepted=lambda: self._write(
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

    # writing

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
