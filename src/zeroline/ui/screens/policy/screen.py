"""The policy in force, readable and editable, with its history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from zeroline.domain.errors import ChangedMeanwhile, DomainError
from zeroline.domain.person import Right
from zeroline.domain.policy import Policy, PolicyChange, Rule, diff
from zeroline.ui.desk import Desk
from zeroline.ui.screens.policy.entries import Entries, PolicyRow
from zeroline.ui.screens.policy.merging import merged
from zeroline.ui.screens.policy.tester import Tester, scope_order
from zeroline.ui.screens.screen import Screen
from zeroline.ui.tables.column import Column, text_column
from zeroline.ui.tables.rows import Rows
from zeroline.ui.tables.view import TableView
from zeroline.ui.text.columns import minute_column
from zeroline.ui.text.phrase import counted
from zeroline.ui.text.policy import PolicyWords
from zeroline.ui.theme import GRID, Row, Tone, kind, tone
from zeroline.ui.widgets.banner import Banner
from zeroline.ui.widgets.buttons import ActionButton
from zeroline.ui.widgets.elided_label import ElidedLabel
from zeroline.wording import sentence


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version in the history."""

    version: int
    at: int
    person: str
    reason: str
    changed: tuple[PolicyChange, ...]


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One value that a version changed, in words."""

    id: int
    what: str
    before: str
    after: str


class PolicyScreen(Screen):
    """Edits are collected and put in force together, as one version with one reason."""

    reloads_on = ("policy",)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Policy")
        self.may_change = desk.person.may(Right.POLICY)
        self._entries = Entries(desk.format)
        self._words = PolicyWords(desk.format)
        self.version = 0
        self.in_force: Policy | None = None
        self.draft: Policy | None = None
        self._reason = ""
        self._leaving = False
        self._history: dict[int, VersionRow] = {}
        self.title, self.told = QLabel("Policy"), ElidedLabel()
        self.title.setProperty("textsize", "large")
        tone(self.told, Tone.MUTED)
        self.banner = Banner()
        self.tolerances = self._list("Tolerance", "Tolerances of counts")
        self.negatives = self._list("Below zero", "Where stock may go below zero")
        self.approval = self._list("", "Who approves what")
        self.times = self._list("", "Counting and times")
        self._last = self.tolerances
        self.tester = Tester(self._words)
        self.versions = TableView(self._version_columns())
        self.versions.setAccessibleName("Versions of the policy")
        self.changes = TableView(
            (
                text_column("what", "What", width=260, stretch=True),
                text_column("before", "Before", width=180),
                text_column("after", "After", width=180),
            )
        )
        self.changes.setAccessibleName("What this version changed")
        self._make_actions()
        self._lay_out()
        for view in self._lists():
            view.activated_id.connect(lambda _: self.edit())
            view.current_changed.connect(lambda _: self._look())
            view.installEventFilter(self)
        self.versions.current_changed.connect(self._show_version)
        self.setFocusProxy(self.tolerances)

    def _list(self, value: str, name: str) -> TableView:
        columns: tuple[Column, ...] = (
            text_column("name", "For" if value else "", width=160 if value else 232),
            text_column("value", value, width=120, stretch=True),
        )
        made = TableView(columns, height=Row.COMPACT)
        made.setAccessibleName(name)
        made.setSelectionMode(made.SelectionMode.SingleSelection)
        if not value:
            made.horizontalHeader().hide()
        return made

    def _version_columns(self) -> tuple[Column, ...]:
        form = self.desk.format
        return (
            Column("version", "Version", text=str, width=72),
            minute_column("at", "In force since", form),
            text_column("person", "By", width=160),
            text_column("reason", "Reason", width=280, stretch=True),
            Column("count", "Changes", text=str, width=80),
        )

    def _lists(self) -> tuple[TableView, ...]:
        return self.tolerances, self.negatives, self.approval, self.times

    def _make_actions(self) -> None:
        self.edit_action = self.action("Edit", "F2", self.edit, help="Enter does it too")
        self.add_action = self.action("Add a rule", "Ins", self.add)
        self.remove_action = self.action("Remove", "Del", self.remove)
        self.discard_action = self.action("Discard", "", self.discard, help="Back to the policy in force")
        self.save_action = self.action("Save", "Ctrl+S", self.save)
        for action in (
            self.edit_action,
            self.add_action,
            self.remove_action,
            self.discard_action,
            self.save_action,
        ):
            action.setVisible(self.may_change)
            action.setEnabled(False)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setContentsMargins(*[3 * GRID] * 4)
        grid.setHorizontalSpacing(4 * GRID)
        grid.setVerticalSpacing(2 * GRID)
        left = (("Tolerances of counts", self.tolerances), ("Below zero", self.negatives))
        right = (("Who approves what", self.approval), ("Counting and times", self.times))
        for column, places in enumerate((left, right)):
            side = QVBoxLayout()
            side.setSpacing(GRID)
            for words, view in places:
                label = QLabel(words)
                label.setBuddy(view)
                label.setProperty("textsize", "small")
                tone(label, Tone.MUTED)
                side.addWidget(label)
                side.addWidget(view, 1)
            grid.addLayout(side, 0, column)
            grid.setColumnStretch(column, 1)
        self.tester.setToolTip(f"From the most specific to the widest: {scope_order()}")
        grid.addWidget(self.tester, 1, 0, 1, 2)
        grid.setRowStretch(0, 1)
        now = QWidget()
        now.setLayout(grid)
        before = QSplitter(Qt.Orientation.Vertical)
        before.addWidget(self.versions)
        before.addWidget(self.changes)
        before.setChildrenCollapsible(False)
        self.tabs = QTabWidget()
        self.tabs.addTab(now, "In force")
        self.tabs.addTab(before, "History")
        self.tabs.setAccessibleName("Policy")
        self.tabs.currentChanged.connect(lambda _: self._look())
        head = QHBoxLayout()
        head.setContentsMargins(4 * GRID, 2 * GRID, 4 * GRID, GRID)
        head.setSpacing(3 * GRID)
        head.addWidget(self.title)
        head.addWidget(self.told, 1)
        foot = QWidget()
        kind(foot, "raised")
        feet = QHBoxLayout(foot)
        feet.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        feet.setSpacing(2 * GRID)
        for action in (self.add_action, self.edit_action, self.remove_action):
            feet.addWidget(ActionButton(action))
        feet.addStretch(1)
        feet.addWidget(ActionButton(self.discard_action, "quiet"))
        feet.addWidget(ActionButton(self.save_action, "primary"))
        foot.setVisible(self.may_change)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(head)
        outer.addWidget(self.banner)
        outer.addWidget(self.tabs, 1)
        outer.addWidget(foot)

    # reading

    def reload(self) -> None:
        services = self.desk.services

        def work() -> tuple[int, Policy, tuple[VersionRow, ...]]:
            names = services.people.names()
            versions = tuple(
                VersionRow(
                    one.version,
                    one.at,
                    names.get(one.person_id, "") if one.person_id else "shipped with the program",
                    one.reason,
                    one.changed,
                )
                for one in services.policies.history()
            )
            return versions[0].version, services.policies.version(versions[0].version), versions

        self.desk.tasks.query(work, self._read, owner=self, key="policy", failed=self._refused)

    def _read(self, answer: tuple[int, Policy, tuple[VersionRow, ...]]) -> None:
        version, policy, versions = answer
        unsaved = self.unsaved
        if unsaved and version != self.version and self.in_force is not None and self.draft is not None:
            self.draft = merged(self.in_force, self.draft, policy)
            self.banner.say(
                f"{versions[0].person} put version {version} in force meanwhile. Your {_number(unsaved)} "
                "are kept on top of it: look at them again, then save or discard.",
                Tone.CAUTION,
            )
        self.version, self.in_force = version, policy
        self._history = {one.version: one for one in versions}
        if not unsaved or self.draft is None:
            self.draft = policy
        rows = Rows.of(
            self._version_columns(), versions, id="version", also={"count": lambda one: len(one.changed)}
        )
        self.versions.set_rows(rows)
        if self.versions.current_id() is None:
            self.versions.select_first()
        newest = versions[0]
        self.told.setText(
            f"version {version} · since {self.desk.format.minute(newest.at)} · {newest.person}"
            + ("" if self.may_change else " · a manager can change it")
        )
        self._show()

    def _show(self) -> None:
        policy = self.draft
        if policy is None:
            return
        entries = self._entries
        shown: tuple[tuple[TableView, Callable[[Policy], list[PolicyRow]]], ...] = (
            (self.tolerances, entries.tolerances),
            (self.negatives, entries.negatives),
            (self.approval, entries.approval),
            (self.times, entries.times),
        )
        for view, rows in shown:
            view.set_rows(Rows.of(view.columns, rows(policy)))
        self.tester.show_policy(policy)
        self._look()

    def _show_version(self, version: int | None) -> None:
        one = self._history.get(version or 0)
        changed: Sequence[PolicyChange] = one.changed if one is not None else ()
        told = (self._words.change(change) for change in changed)
        rows = [ChangeRow(n, *words) for n, words in enumerate(told) if words[1] != words[2]]
        self.changes.set_rows(Rows.of(self.changes.columns, rows))

    # what is not saved yet

    @property
    def unsaved(self) -> tuple[PolicyChange, ...]:
        """What would change if the draft were saved."""
        if self.in_force is None or self.draft is None:
            return ()
        return diff(self.in_force, self.draft)

    def _look(self) -> None:
        changed = len(self.unsaved)
        editing = self.may_change and self.tabs.currentIndex() == 0
        here = self._here()
        rule = here in (self.tolerances, self.negatives)
        id = str(here.current_id() or "")
        self.add_action.setEnabled(editing)
        self.remove_action.setEnabled(editing and rule and bool(id))
        self.edit_action.setEnabled(editing and bool(id))
        self.discard_action.setEnabled(bool(changed))
        self.save_action.setEnabled(bool(changed))
        name = f"Save {_number(self.unsaved)} as version {self.version + 1}" if changed else "Save"
        self.save_action.setText(name)

    def _here(self) -> TableView:
        """The list that the person works in."""
        return self._last

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The list that gets the focus is the one that is edited; only it shows a chosen row."""
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, TableView):
            self._last = watched
            for view in self._lists():
                if view is not watched:
                    view.select_ids([])
            if watched.current_id() is None:
                watched.select_first()
            self._look()
        return super().eventFilter(watched, event)

    # editing

    def edit(self) -> None:
        """Edit the row under the cursor."""
        view, policy = self._here(), self.draft
        if policy is None or not self.may_change:
            return
        id = str(view.current_id() or "")
        if not id:
            return
        if view is self.tolerances:
            self._open(self._entries.tolerance(policy, Rule.read(id)))
        elif view is self.negatives:
            self._open(self._entries.negative(policy, Rule.read(id)))
        else:
            self._open(self._entries.editor(policy, id))

    def add(self) -> None:
        """A rule for another scope."""
        policy = self.draft
        if policy is not None and self.may_change:
            made = self._entries.negative if self._here() is self.negatives else self._entries.tolerance
            self._open(made(policy, None))

    def remove(self) -> None:
        """Take the rule under the cursor away; a wider one holds then."""
        view, policy = self._here(), self.draft
        if policy is None or not self.may_change or view.current_id() is None:
            return
        rule = Rule.read(str(view.current_id()))
        if view is self.tolerances:
            kept = {known: value for known, value in policy.tolerances.items() if known != rule}
            self._take(replace(policy, tolerances=kept))
        elif view is self.negatives:
            left = {known: value for known, value in policy.negatives.items() if known != rule}
            self._take(replace(policy, negatives=left))

    def _open(self, entry: Any) -> None:
        from zeroline.ui.dialogs.policy_entry import PolicyEntryDialog

        if entry is not None:
            PolicyEntryDialog(self, self.desk, entry, self._take).open()

    def _take(self, policy: Policy) -> None:
        self.draft = policy
        self._show()

    def discard(self) -> None:
        """Back to the policy in force."""
        self.draft = self.in_force
        self.banner.clear()
        self._show()

    def save(self) -> None:
        """Ask for the reason, then put the draft in force as a new version."""
        policy, version = self.draft, self.version
        if policy is None or not self.unsaved:
            return
        told = [
            f"{what}: {before} → {after}"
            for what, before, after in map(self._words.change, self.unsaved)
            if before != after
        ]
        more = [f"and {len(told) - 10} more"] if len(told) > 10 else []
        self.desk.prompts.ask_text(
            self,
            f"Policy version {version + 1}",
            "\n".join([*told[:10], *more, "", "Why does the policy change? The reason is kept with it."]),
            action=f"Put version {version + 1} in force",
            accepted=lambda reason: self._save(policy, reason, version),
            initial=self._reason,
            lines=3,
        )

    def _save(self, policy: Policy, reason: str, version: int) -> None:
        services, person = self.desk.services, self.desk.person
        self._reason = reason

        def done(_: Any) -> None:
            self._reason = ""
            self.in_force = policy  # nothing is unsaved any more
            self.banner.clear()
            self.desk.ways.say(f"Policy version {version + 1} is in force.", Tone.VERIFIED)
            self.reload()

        self.desk.tasks.command(
            lambda: services.policies.change(person, policy, reason, version),
            owner=self,
            done=done,
            failed=self._refused,
        )

    def _refused(self, error: DomainError) -> None:
        self.banner.say(sentence(error), Tone.NEGATIVE)
        if isinstance(error, ChangedMeanwhile):
            self.reload()

    def leave(self) -> bool:
        if not self.unsaved or self._leaving:
            self._leaving = False
            return True
        self._leaving = True
        self.banner.say(
            f"{_number(self.unsaved)} not saved. Save or discard; leave once more to keep them for later.",
            Tone.CAUTION,
        )
        return False


def _number(changes: Sequence[PolicyChange]) -> str:
    unset = ("", "–")
    real = sum(not (one.before in unset and one.after in unset) for one in changes)
    return counted(max(1, real), "change", "changes")
