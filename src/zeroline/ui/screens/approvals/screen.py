"""The approver's queue: the list at the left, one adjustment at the right, signed with the secret."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedLayout, QVBoxLayout, QWidget

from zeroline.domain.errors import ChangedMeanwhile, DomainError
from zeroline.domain.person import Right
from zeroline.domain.views.settlement import ApprovalRow, ApprovalView, Evidence, Posted
from zeroline.reports.sheets.seen import write_seen
from zeroline.ui.desk import Desk
from zeroline.ui.saved_views import SavedViewsOf
from zeroline.ui.screens.approvals.listing import approval_columns, approval_rows, not_together
from zeroline.ui.screens.approvals.page import ApprovalPage
from zeroline.ui.screens.screen import Screen
from zeroline.ui.tables.panel import Empty, ListPanel
from zeroline.ui.tables.rows import Rows, Sort
from zeroline.ui.text.counting import place
from zeroline.ui.text.settlement import Terms, hand_words
from zeroline.ui.theme import GRID, Tone, kind
from zeroline.ui.widgets.banner import Banner
from zeroline.ui.widgets.buttons import ActionButton
from zeroline.ui.widgets.empty import EmptyState
from zeroline.wording import sentence


class ApprovalsScreen(Screen):
    """``open(adjustment id)`` shows one, also when it is decided already."""

    reloads_on = ("adjustments", "ledger", "counts", "policy", "people", "imports")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "To approve")
        self._columns = approval_columns(desk.format)
        self._terms = Terms(desk.format)
        self._rows: dict[int, ApprovalRow] = {}
        self._wanted: int | None = None
        self.panel = ListPanel(
            self._columns,
            view="approvals",
            memory=desk.memory,
            prompts=desk.prompts,
            tasks=desk.tasks,
            write_sheet=write_seen,
            empty=Empty(
                "Nothing waits for approval",
                "When somebody proposes an adjustment it appears here, with its count and its evidence.",
            ),
            title="To approve",
            sort=(Sort("next"), Sort("proposed_at")),
            groupable=("next", "proposer", "cause"),
            search_hint="Filter",
            decimal=desk.format.decimal,
        )
        SavedViewsOf(self.panel, desk, "approvals")
        self.panel.search.setMaximumWidth(112)
        for button in self.panel.menus.buttons:
            button.setAccessibleName(button.text())
            button.setToolTip(button.text())
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self.table = self.panel.table
        self.page = ApprovalPage(desk.format)
        self.nothing = EmptyState()
        self.nothing.show_as("Choose an adjustment", "Its page with everything to decide appears here.")
        for empty in (self.nothing, self.panel.nothing):
            empty.text.setMinimumWidth(240)  # both halves must fit into a narrow window
        self.banner = Banner()
        self._make_actions()
        self._lay_out()
        self.table.current_changed.connect(lambda _: self._chosen())
        self.table.selection_changed.connect(self._look)
        self.page.typed.connect(self._look)
        self.page.evidence_wanted.connect(self._open_evidence)
        self.setFocusProxy(self.table)
        self._look()

    def _make_actions(self) -> None:
        self.approve_action = self._either("Approve", "Y", self.approve)
        self.post_action = self._either("Post", "P", self.post)
        self.reject_action = self._either("Reject", "R", self.reject)
        self.renew_action = self._either("Renew", "N", self.renew)
        self.withdraw_action = self._either("Withdraw", "W", self.withdraw)
        self.case_action = self._either("Case", "E", self.open_case)

    def _either(self, text: str, key: str, run: Callable[[], None]) -> QAction:
        """An action with a single key, and the same with Alt for when a field has the focus."""
        made = self.action(text, key, run)
        made.setShortcuts([QKeySequence(key), QKeySequence(f"Alt+{key}")])
        return made

    def _lay_out(self) -> None:
        foot = QWidget()
        kind(foot, "raised")
        feet = QHBoxLayout(foot)
        feet.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        feet.setSpacing(2 * GRID)
        feet.addWidget(ActionButton(self.case_action, "quiet"))
        feet.addStretch(1)
        for action, look in (
            (self.withdraw_action, "quiet"),
            (self.reject_action, ""),
            (self.renew_action, "primary"),
            (self.post_action, "primary"),
            (self.approve_action, "primary"),
        ):
            feet.addWidget(ActionButton(action, look))
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        middle = QWidget()
        self._stack = QStackedLayout(middle)
        self._stack.addWidget(self.page)
        self._stack.addWidget(self.nothing)
        column.addWidget(self.banner)
        column.addWidget(middle, 1)
        column.addWidget(foot)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(self.panel)
        splitter.addWidget(right)
        splitter.setSizes([556, 602])
        splitter.setStretchFactor(1, 1)
        splitter.setChildrenCollapsible(False)
        self.desk.memory.follow(splitter, "approvals splitter")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(splitter)

    # reading

    def load(self, target: Any = None) -> None:
        self._wanted = None if target is None else int(target)
        super().load(target)

    def reload(self) -> None:
        settlement, person = self.desk.services.settlement, self.desk.person

        def work() -> tuple[tuple[ApprovalRow, ...], Rows]:
            found = settlement.approvals(person)
            return found, approval_rows(self._columns, found)

        still = self.still()
        self.desk.tasks.query(
            work,
            lambda answer: self._read(answer, still),
            owner=self,
            key="approvals",
            failed=self._refused,
        )

    def _read(self, answer: tuple[tuple[ApprovalRow, ...], Rows], still: bool) -> None:
        found, rows = answer
        self._rows = {row.adjustment_id: row for row in found}
        before = self.table.current_id()
        self.panel.set_rows(rows, still=still)
        mine = sum(row.hand is None for row in found)
        self.panel.set_summary(f"{mine} for you" if found else "")
        wanted, self._wanted = self._wanted, None
        if wanted is not None and wanted in self._rows:
            self.table.select_ids([wanted])
        elif wanted is None and not still and (before is None or before not in self._rows):
            self.table.select_first()
        here = self.table.current_id()
        if here is None and still and self.page.view is not None:
            here = self.page.view.adjustment_id
        self._read_view(wanted if wanted is not None else here)

    def _chosen(self) -> None:
        here = self.table.current_id()
        if here is not None and (self.page.view is None or self.page.view.adjustment_id != here):
            self.banner.clear()
            self._read_view(here)

    def _read_view(self, adjustment_id: int | None) -> None:
        if adjustment_id is None:
            self._show(None)
            return
        settlement, person = self.desk.services.settlement, self.desk.person
        self.desk.tasks.query(
            lambda: settlement.approval_view(person, adjustment_id),
            self._show,
            owner=self,
            key="view",
            failed=self._refused,
        )

    def _show(self, view: ApprovalView | None) -> None:
        self.page.show_view(view)
        self._stack.setCurrentIndex(1 if view is None else 0)
        self._look()

    # what can be done

    def _several(self) -> list[ApprovalRow]:
        """The selected rows when there is more than one."""
        picked = [self._rows[id] for id in self.table.selected_ids() if id in self._rows]
        return picked if len(picked) > 1 else []

    def _look(self) -> None:
        view, person = self.page.view, self.desk.person
        several = self._several()
        waits = view is not None and view.state == "proposed"
        approved = view is not None and view.state == "approved"
        free = view is not None and view.hand is None and not view.outdated
        self.approve_action.setVisible(not approved)
        self.post_action.setVisible(approved and not several)
        renewable = view is not None and view.outdated and person.may(Right.PROPOSE) and not several
        self.renew_action.setVisible(renewable)
        self.withdraw_action.setVisible(
            view is not None and not several and view.proposer_id == person.id and (waits or approved)
        )
        self.case_action.setEnabled(view is not None and view.case_id is not None)
        self.post_action.setEnabled(approved and free)
        self.reject_action.setEnabled(waits and person.may(Right.APPROVE) and not several)
        if several:
            why = not_together(several)
            net = self.desk.format.money(sum(row.value for row in several), sign=True)
            self.approve_action.setText(f"Approve {len(several)} of tier 1, {net}")
            self._enable_approve(not why, why)
            return
        if view is None:
            self.approve_action.setText("Approve")
            self._enable_approve(False, "")
            return
        amount = self._terms.amount(view.arithmetic.quantity, view.key)
        self.approve_action.setText(f"Approve {amount}")
        self.post_action.setText(f"Post {amount}")
        self.renew_action.setText(f"Renew with {self._terms.amount(view.renewed_quantity, view.key)}")
        why = hand_words(view.hand, view.number) if view.hand is not None else ""
        if not why and view.outdated:
            why = "The figure is outdated: renew it first."
        elif not why and self.page.misses_reason:
            why = "Write first why the open documents do not explain it."
        self.post_action.setToolTip(why or "The secret is asked again")
        self._enable_approve(waits and free and not self.page.misses_reason, why)

    def _enable_approve(self, possible: bool, why: str) -> None:
        self.approve_action.setEnabled(possible)
        self.approve_action.setToolTip(why or "The secret is asked again")

    # deciding

    def approve(self) -> None:
        """Sign and approve the shown adjustment, or all selected ones of tier 1."""
        several, view = self._several(), self.page.view
        if several:
            self._approve_several(several)
        elif view is not None:
            self._sign(
                f"Approve {view.number}",
                self._terms.signing(view),
                self.approve_action.text(),
                lambda secret: self._approve(view, secret),
            )

    def _approve(self, view: ApprovalView, secret: str) -> None:
        settlement, person, id = self.desk.services.settlement, self.desk.person, view.adjustment_id
        comment, reason, hash = self.page.comment_text, self.page.reason_text, view.shown_hash

        def done(made: Posted) -> None:
            amount = self._terms.amount(view.arithmetic.quantity, view.key)
            does = "is posted" if made.posted else "is approved; somebody else posts it"
            self._decided(id, f"{view.number}: {amount} for {place(view.key)} {does}.")

        self._write(
            lambda: settlement.approve(
                person,
                [id],
                secret,
                comment=comment,
                shown_hashes={id: hash},
                guard_reasons={id: reason} if reason else None,
            ),
            done,
        )

    def _approve_several(self, rows: list[ApprovalRow]) -> None:
        settlement, person = self.desk.services.settlement, self.desk.person
        hashes = {row.adjustment_id: row.shown_hash for row in rows}
        form = self.desk.format
        net = form.money(sum(row.value for row in rows), sign=True)
        gross = form.money(sum(abs(row.value) for row in rows))
        listed = [f"{place(row.key)}: {self._terms.amount(row.quantity, row.key)}" for row in rows[:8]]
        more = [f"and {len(rows) - 8} more"] if len(rows) > 8 else []
        text = (
            "Your signature means: I saw these adjustments with their evidence and approve their posting.\n\n"
            + "\n".join([*listed, *more])
            + f"\n\nThis posts {len(rows)} adjustments now: net {net}, gross {gross}."
        )

        def signed(secret: str) -> None:
            self._write(
                lambda: settlement.approve(person, list(hashes), secret, shown_hashes=hashes),
                lambda made: self._decided(0, f"{len(made.posted)} adjustments are posted."),
            )

        self._sign("Approve several", text, f"Approve {len(rows)}", signed)

    def reject(self) -> None:
        """Sign and refuse the shown adjustment; the comment says why."""
        view = self.page.view
        if view is None:
            return
        comment = self.page.comment_text
        if not comment:
            self.banner.say("Write why it is rejected first: the comment goes to its case.", Tone.CAUTION)
            self.page.comment.setFocus()
            return
        settlement, person, id = self.desk.services.settlement, self.desk.person, view.adjustment_id

        def signed(secret: str) -> None:
            self._write(
                lambda: settlement.reject(
                    person, [id], secret, comment=comment, shown_hashes={id: view.shown_hash}
                ),
                lambda _: self._decided(id, f"{view.number} is rejected; {view.proposer} sees why."),
            )

        self._sign(f"Reject {view.number}", self._terms.refusing(view), f"Reject {view.number}", signed)

    def post(self) -> None:
        """Sign and post what somebody else approved (tier 3)."""
        view = self.page.view
        if view is None:
            return
        settlement, person, id = self.desk.services.settlement, self.desk.person, view.adjustment_id
        amount = self._terms.amount(view.arithmetic.quantity, view.key)
        self._sign(
            f"Post {view.number}",
            self._terms.posting(view),
            f"Post {amount}",
            lambda secret: self._write(
                lambda: settlement.post(person, id, secret, shown_hash=view.shown_hash),
                lambda _: self._decided(id, f"{view.number}: {amount} for {place(view.key)} is posted."),
            ),
        )

    def renew(self) -> None:
        """Propose it again with the figure that is right now."""
        view = self.page.view
        if view is None:
            return
        settlement, person, id = self.desk.services.settlement, self.desk.person, view.adjustment_id

        def done(made: Any) -> None:
            self._wanted = made.adjustment_id
            self._decided(id, f"{view.number} is withdrawn and proposed again as {made.number}.")

        reason = self.page.reason_text
        self._write(lambda: settlement.renew(person, id, guard_reason=reason), done)

    def withdraw(self) -> None:
        """Take one's own proposal back."""
        view = self.page.view
        if view is None:
            return
        settlement, person, id = self.desk.services.settlement, self.desk.person, view.adjustment_id
        self.desk.prompts.confirm(
            self,
            f"Withdraw {view.number}",
            f"{self._terms.heading(view)} is not decided any more. The case goes back to its cause.",
            action=f"Withdraw {view.number}",
            accepted=lambda: self._write(
                lambda: settlement.withdraw(person, id, shown_state=view.state),
                lambda _: self._decided(id, f"{view.number} is withdrawn."),
            ),
        )

    def open_case(self) -> None:
        """The case that the adjustment settles."""
        view = self.page.view
        if view is not None and view.case_id is not None:
            self.desk.ways.go("case", view.case_id)

    def _open_evidence(self, evidence: Evidence) -> None:
        lookup, person = self.desk.services.lookup, self.desk.person

        def show(file: tuple[str, str, bytes]) -> None:
            from zeroline.ui.dialogs.attachment import AttachmentDialog

            AttachmentDialog(self, self.desk, *file).open()

        self.desk.tasks.query(
            lambda: lookup.attachment(person, evidence.target),
            show,
            owner=self,
            key="attachment",
            failed=self._refused,
        )

    # writing

    def _sign(self, title: str, text: str, action: str, signed: Callable[[str], None]) -> None:
        self.banner.clear()
        self.desk.prompts.ask_secret(self, title, text, action=action, accepted=signed)

    def _write(self, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        self.desk.tasks.command(work, owner=self, done=done, failed=self._refused)

    def _decided(self, adjustment_id: int, words: str) -> None:
        self.page.forget(adjustment_id)
        self.desk.ways.say(words, Tone.VERIFIED)
        self.reload()

    def _refused(self, error: DomainError) -> None:
        stale = isinstance(error, ChangedMeanwhile)
        self.banner.say(sentence(error), Tone.CAUTION if stale else Tone.NEGATIVE)
        if stale:
            view = self.page.view
            self._wanted = None if view is None else view.adjustment_id
            self.reload()
