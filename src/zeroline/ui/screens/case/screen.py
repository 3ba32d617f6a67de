"""One case: when it crossed zero, by which movement, for how long, how deep, why, and what to do next."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QSplitter, QVBoxLayout, QWidget

from zeroline.domain.case import OPEN_STATES, TAGGABLE, CaseState
from zeroline.domain.cause import UNDETERMINED
from zeroline.domain.changes import Changes
from zeroline.domain.diagnosis.what_if import what_if
from zeroline.domain.errors import DomainError
from zeroline.domain.person import Right
from zeroline.domain.views.case import CaseView
from zeroline.ui.desk import Desk
from zeroline.ui.dialogs.proposing import CaseVerbs
from zeroline.ui.screens.case.answer import Answer
from zeroline.ui.screens.case.figures import Figures
from zeroline.ui.screens.case.head import Head
from zeroline.ui.screens.case.lists import ledger_columns, ledger_rows
from zeroline.ui.screens.case.sides import Sides
from zeroline.ui.screens.next_step import adjustment_of, sheet_of
from zeroline.ui.screens.screen import Screen
from zeroline.ui.tables.layout import layout_of, restore_layout
from zeroline.ui.tables.seen import as_text, seen
from zeroline.ui.tables.view import TableView
from zeroline.ui.text.phrase import counted
from zeroline.ui.theme import GRID, Row, Tone, kind, tone
from zeroline.ui.widgets.action_bar import ActionBar
from zeroline.ui.widgets.balance_chart import BalanceChart
from zeroline.ui.widgets.prose import say
from zeroline.wording import sentence

_BESIDE = ("take", "count", "tag", "evidence", "wait", "propose", "note", "attach", "dismiss", "assign")
_TO_THE_GUESS = ("accept", "refuse", "what if", "further")

_ICONS = {
    "take": "user",
    "assign": "assign",
    "count": "count",
    "tag": "tag",
    "evidence": "transfer",
    "attach": "attach",
    "wait": "clock",
    "propose": "adjust",
    "note": "note",
    "dismiss": "remove",
}


class CaseScreen(Screen):
    """Target of a visit: a case id."""

    reloads_on = ("cases", "ledger", "counts", "adjustments")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Case")
        self.case_id: int | None = None
        self.view: CaseView | None = None
        self._showing = False
        self._supposing = False
        self.verbs = CaseVerbs(desk, self)
        self.verbs.versions = lambda _ids: {self.view.case_id: self.view.version} if self.view else {}
        self.verbs.stale.connect(self.reload)
        made = self.actions_by_name = self._actions()
        self.head = Head(desk)
        self.figures = Figures(desk.format)
        self.chart = BalanceChart(desk.format)
        self.ledger = TableView(ledger_columns(desk.format, cited=True), height=Row.COMPACT)
        self.ledger.setAccessibleName("Ledger")
        self._remember_ledger()
        self.more = QLabel()
        tone(self.more, Tone.MUTED)
        said = [made[name] for name in _TO_THE_GUESS if name in made]
        self.answer = Answer(desk.format, self.actions_by_name, said)
        self.why, self.said, self.traces = self.answer.why, self.answer.said, self.answer.traces
        self.next, self.step = self.answer.next, self.answer.step
        self.sides = Sides(desk, self.actions_by_name.get("reverse"), self.actions_by_name.get("withdraw"))
        self.sides.setMinimumHeight(32)  # on a small screen the next step is read whole, the lists scroll
        self.bar = ActionBar([made[name] for name in _BESIDE if name in made])
        self._lay_out()
        self.head.case_wanted.connect(lambda id: desk.ways.go("case", id))
        self.head.back_wanted.connect(self._back)
        self.sides.attachment_wanted.connect(self._open_attachment)
        self.answer.looked.connect(self._look)
        self.ledger.current_changed.connect(self._row_chosen)
        self.chart.movement_selected.connect(self._movement_chosen)
        self.setFocusProxy(self.ledger)

    # how it looks

    def _lay_out(self) -> None:
        kind(self, "surface")
        left = QSplitter(Qt.Orientation.Vertical)
        left.setChildrenCollapsible(False)
        left.addWidget(self.chart)
        below = QWidget()
        column = QVBoxLayout(below)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.ledger, 1)
        column.addWidget(self.more)
        left.addWidget(below)
        left.setSizes([230, 250])
        right = QSplitter(Qt.Orientation.Vertical)
        right.setChildrenCollapsible(False)
        right.setContentsMargins(GRID, 0, 0, 0)
        right.addWidget(self.answer)
        right.addWidget(self.sides)
        self.answer.setMinimumHeight(180)
        right.setStretchFactor(0, 3)
        right.setStretchFactor(1, 2)
        right.setSizes([320, 170])
        self.desk.memory.follow(right, "case answer and sides")
        middle = QSplitter(Qt.Orientation.Horizontal)
        middle.setChildrenCollapsible(False)
        middle.addWidget(left)
        middle.addWidget(right)
        middle.setStretchFactor(0, 1)
        middle.setStretchFactor(1, 1)
        middle.setSizes([706, 420])
        self.desk.memory.follow(left, "case chart and ledger")
        self.desk.memory.follow(middle, "case columns")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(3 * GRID, 2 * GRID, 3 * GRID, GRID)
        outer.setSpacing(2 * GRID)
        outer.addWidget(self.head)
        outer.addWidget(self.figures)
        outer.addWidget(middle, 1)
        outer.addWidget(self.bar)

    def _remember_ledger(self) -> None:
        """Columns of the ledger as this person left them."""
        state = self.desk.memory.read("case ledger", "1")
        if isinstance(state, dict):
            restore_layout(self.ledger, state)
        self.ledger.layout_changed.connect(
            lambda: self.desk.memory.write("case ledger", "1", layout_of(self.ledger))
        )

    # what can be done

    def _actions(self) -> dict[str, QAction]:
        person, verbs, ways = self.desk.person, self.verbs, self.desk.ways
        made: dict[str, QAction] = {}

        def add(name: str, text: str, keys: str, run: Any, help: str = "") -> None:
            made[name] = self.action(text, keys, self._with_view(run), help=help)

        if person.may(Right.TRIAGE):
            add("take", "Assign to me", "A", lambda view: verbs.take([view.case_id]))
            add("assign", "Assign to …", "Shift+A", lambda view: verbs.assign([view.case_id]))
            add("count", "Send to count", "C", lambda view: verbs.send_to_count([view.case_id]))
            add("accept", "Accept", "Y", self._accept, "Tag the cause that is looked at, with its evidence")
            add("refuse", "None of these", "U", lambda view: verbs.refuse(view, self._version))
            add("tag", "Tag", "T", self._tag, "Say why; the selected ledger rows become its evidence")
            add("evidence", "Evidence", "E", self._link, "Link movements, documents, counts, files")
            add("attach", "Attach", "F", verbs.attach, "A photo or a PDF")
            add("wait", "Wait", "W", lambda view: verbs.wait(view, self._version), "For the document")
            add("note", "Note", "N", verbs.note)
            add("dismiss", "Dismiss", "D", lambda view: verbs.dismiss([view.case_id]))
            add("close", "Close the case", "X", lambda view: verbs.close_one(view))
            add("verify", "Verify", "V", verbs.verify)
            add("reopen", "Reopen", "R", verbs.reopen)
        if person.may(Right.PROPOSE):
            add("propose", "Propose", "P", lambda view: verbs.propose(view, self._version))
            add(
                "documents",
                "Propose from documents",
                "Shift+P",
                lambda view: verbs.propose_from_documents(view, self._version),
                "Where papers prove it and nobody needs to count",
            )
            add("reverse", "Reverse the correction …", "", lambda _: self._reverse())
            add("withdraw", "Withdraw the proposal …", "", lambda _: self._withdraw())
        if person.may(Right.COUNT):
            add("sheet", "Go to the count sheet", "", lambda view: ways.go("counting", sheet_of(view)))
        if person.may(Right.APPROVE):
            add("approval", "Go to the approval", "", lambda view: ways.go("approvals", adjustment_of(view)))
        if person.may(Right.REPORT):
            add("trail", "Print the audit trail", "Ctrl+P", self._print_trail, "As a PDF to look at first")
        made["what if"] = self.action(
            "What if", "I", self._suppose, help="The balance as it would be if the guess is right, and back"
        )
        made["further"] = self.action(
            "Next guess", "H", lambda: self.answer.look_further(), help="Look at the next likely cause"
        )
        self.action("Copy the ledger with headings", "Ctrl+Shift+C", self._copy_ledger)
        self.action("Do the next step", "Ctrl+Return", lambda: self.step.press())
        self.action("Back to the list", "Escape", self._back)
        self.action("Chart: episode or whole history", "Z", lambda: self.chart.toggle_zoom())
        for number, name in enumerate(("Elsewhere", "Past", "Open", "Log", "Evidence")):
            self.action(name, f"Alt+{number + 1}", lambda number=number: self.sides.setCurrentIndex(number))
        for name, icon in _ICONS.items():
            if name in made:
                made[name].setIcon(self.desk.theme.icon(icon))
        return made

    def _with_view(self, run: Any) -> Any:
        def go() -> None:
            if self.view is not None:
                run(self.view)

        return go

    def _version(self) -> int | None:
        return self.view.version if self.view is not None else None

    def _tag(self, view: CaseView) -> None:
        cause = view.cause
        guess = self.answer.hypothesis
        guessed = guess.cause if guess is not None and guess.cause != UNDETERMINED else ""
        self.verbs.tag(
            [view.case_id],
            current=cause.code if cause is not None else guessed,
            comment=cause.comment if cause is not None else "",
            evidence=self._picked() if len(self._picked()) > 1 else (),
            version=self._version,
        )

    def _link(self, view: CaseView) -> None:
        self.verbs.evidence(view, self._picked() if self.ledger.hasFocus() else ())

    def _picked(self) -> list[tuple[str, int]]:
        return [("movement", int(seq)) for seq in self.ledger.selected_ids()]

    def _reverse(self) -> None:
        chosen = self.sides.adjustment()
        if chosen is not None:
            self.verbs.reverse(chosen)

    def _withdraw(self) -> None:
        chosen = self.sides.adjustment()
        if chosen is not None:
            self.verbs.withdraw(chosen)

    def _print_trail(self, view: CaseView) -> None:
        self.desk.ways.go("reports", ("case-trail", view.case_id))

    def _copy_ledger(self) -> None:
        """The selected movements (all when at most one is), with headings."""
        lines = self.ledger.selected_lines()
        table = seen(
            self.ledger.table.shown, self.ledger.visible_columns(), lines if len(lines) > 1 else None
        )
        QGuiApplication.clipboard().setText(as_text(table, self.desk.format.decimal))
        self.desk.ways.say(f"{counted(len(table.rows), 'movement', 'movements')} copied with headings.")

    def _back(self) -> None:
        self.desk.ways.back()

    def _open_attachment(self, id: int) -> None:
        lookup, person = self.desk.services.lookup, self.desk.person

        def show(file: tuple[str, str, bytes]) -> None:
            from zeroline.ui.dialogs.attachment import AttachmentDialog

            AttachmentDialog(self, self.desk, *file).open()

        self.desk.tasks.query(lambda: lookup.attachment(person, id), show, owner=self, key="attachment")

    # reading

    def load(self, target: Any = None) -> None:
        if target is not None and target != self.case_id:
            self.case_id = int(target)
            self.view = None
            if self.isVisible():
                self.head.onlookers.watch(self.case_id)
        super().load(target)

    def reload(self) -> None:
        if self.case_id is None:
            return
        lookup, people, person, id = (
            self.desk.services.lookup,
            self.desk.services.people,
            self.desk.person,
            self.case_id,
        )

        def failed(error: DomainError) -> None:
            self.desk.ways.say(sentence(error), Tone.NEGATIVE)

        self.desk.tasks.query(
            lambda: (lookup.case(person, id), people.names()),
            lambda read: self._show(*read),
            owner=self,
            key="case",
            failed=failed,
        )

    def announce(self, changes: Changes, *, others: bool = False) -> None:
        if self.case_id in changes.presence:
            self.head.onlookers.look()
        super().announce(changes, others=others)

    def part(self) -> None:
        self.head.onlookers.stop()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.case_id is not None:
            self.head.onlookers.watch(self.case_id)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():  # one that is only minimised is still open
            self.head.onlookers.stop()

    def touched_by(self, changes: Any) -> bool:
        view = self.view
        if view is None or changes.everything or changes.counts or changes.adjustments:
            return super().touched_by(changes)
        return view.case_id in changes.cases or view.key.key_id in changes.ledger

    def _show(self, view: CaseView, names: dict[int, str]) -> None:
        fresh = self.view is None or self.view.case_id != view.case_id
        self.view = view
        self.head.show_case(view)
        self.figures.show_case(view)
        self.answer.show_case(view)
        self._allow(view)
        self.answer.show_step(view)
        self.sides.show_case(view, names)
        self._showing = True
        self.chart.show_history(view.history, view.band)
        self._look()
        self._showing = False
        if fresh:
            self._stand_on_crossing(view)
        say(self.more, self._left_out(view))

    def _allow(self, view: CaseView) -> None:
        """Only what the state of the case lets happen."""
        working = view.state in OPEN_STATES
        found = view.diagnosis
        guessed = found is not None and any(one.cause != UNDETERMINED for one in found.hypotheses)
        for name in ("accept", "refuse"):
            if name in self.actions_by_name:
                self.actions_by_name[name].setEnabled(view.state in TAGGABLE and guessed)
        self.actions_by_name["further"].setEnabled(found is not None and len(found.hypotheses) > 1)
        for name in ("take", "assign", "count", "tag", "wait", "propose", "documents", "dismiss", "close"):
            if name in self.actions_by_name:
                self.actions_by_name[name].setEnabled(working or (name == "close" and not working))
        if "reopen" in self.actions_by_name:
            over = view.state in (CaseState.CLOSED, CaseState.DISMISSED, CaseState.VERIFIED)
            self.actions_by_name["reopen"].setEnabled(over)

    def _look(self) -> None:
        """Mark the evidence of the hypothesis that is looked at, and draw what would be under it."""
        view, cited, hypothesis = self.view, self.answer.cited, self.answer.hypothesis
        if view is None:
            return
        self.ledger.set_rows(ledger_rows(view, self.ledger.columns, cited))
        self.chart.cite(cited)
        able = hypothesis is not None and bool(hypothesis.lift)
        self.actions_by_name["what if"].setEnabled(able)
        if hypothesis is None or not able or not self._supposing:
            self.chart.suppose(None)
            return
        history = view.history
        supposed = what_if(
            history.movement_ids,
            history.recorded_at,
            history.quantities,
            history.opening_balance,
            hypothesis.lift,
        )
        self.chart.suppose(supposed, f"if {hypothesis.cause}")

    def _suppose(self) -> None:
        """The line as it would be under the hypothesis, and back."""
        self._supposing = not self._supposing
        self._look()

    def _accept(self, view: CaseView) -> None:
        hypothesis = self.answer.hypothesis
        if hypothesis is not None and hypothesis.cause != UNDETERMINED:
            self.verbs.accept(view, hypothesis.cause, self._version)

    def _stand_on_crossing(self, view: CaseView) -> None:
        told = view.crossing or view.forced
        if told is not None:
            self.ledger.select_ids([told.seq])
            self.chart.select_movement(told.seq)
        elif view.ledger:
            self.ledger.select_ids([view.ledger[-1].seq])

    def _left_out(self, view: CaseView) -> str:
        parts = []
        if view.ledger_before:
            parts.append(f"{self.desk.format.count(view.ledger_before)} earlier")
        if view.ledger_after:
            parts.append(f"{self.desk.format.count(view.ledger_after)} later")
        return f"{' and '.join(parts)} movements are in the chart only." if parts else ""

    # chart and ledger follow each other

    def _row_chosen(self, seq: Any) -> None:
        if seq is not None and not self._showing:
            self.chart.select_movement(int(seq))

    def _movement_chosen(self, seq: Any) -> None:
        if seq is not None and self.ledger.table.rows.row_of(seq) is not None:
            self.ledger.select_ids([seq])
