"""Count sheets: the list, blind entry and the results, one after the other in one place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QStackedWidget, QToolButton, QVBoxLayout

from zeroline.domain.changes import Changes
from zeroline.domain.errors import DomainError
from zeroline.domain.person import Right
from zeroline.domain.views.counting import FoundLine, SheetRow, SubmitResult
from zeroline.ui.desk import Desk
from zeroline.ui.screens.counting.entry import EntryPage
from zeroline.ui.screens.counting.making import SheetVerbs
from zeroline.ui.screens.counting.on_sheet import can_submit
from zeroline.ui.screens.counting.results import ResultsPage
from zeroline.ui.screens.counting.settling import LineVerbs
from zeroline.ui.screens.counting.sheets import OPEN, SheetsPage
from zeroline.ui.screens.counting.steps import Stage
from zeroline.ui.screens.screen import Screen
from zeroline.ui.tables.rows import Rows
from zeroline.ui.text.counting import place, submission
from zeroline.ui.text.phrase import counted
from zeroline.ui.theme import Tone, kind
from zeroline.ui.widgets.action_bar import ActionBar
from zeroline.ui.widgets.buttons import ActionButton
from zeroline.wording import sentence


def _small(action: QAction) -> QToolButton:
    """A button that is only its icon; its key is in the tooltip."""
    button = QToolButton()
    kind(button, "quiet")
    button.setDefaultAction(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
    button.setAccessibleName(action.text())
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


class CountingScreen(Screen):
    """``open(None)`` goes on where the person was, a sheet id opens it: to be counted while it is open, else
    its results; ('results', id) opens the results."""

    reloads_on = ("counts", "adjustments", "people")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Count sheets")
        self._may_make = desk.person.may(Right.TRIAGE)
        self._may_see = desk.person.may(Right.READ_BOOK)
        self._wanted: Any = None
        self.sheet_verbs = SheetVerbs(desk, self)
        self.sheet_verbs.done.connect(self._made)
        self.make = self.action(
            "Make a sheet", "M", self.sheet_verbs.make, help="Overdue by policy, or bins you choose"
        )
        self.make.setIcon(desk.theme.icon("add"))
        self.sheets = SheetsPage(desk, self.make if self._may_make else None)
        self.entry = EntryPage(desk)
        self.pages = QStackedWidget()
        self.results = ResultsPage(desk)
        self.verbs = LineVerbs(desk, self, self.results)
        for page in (self.sheets, self.entry, self.results):
            self.pages.addWidget(page)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.pages)
        self._sheet_actions()
        self._entry_actions()
        self._result_actions()
        self.sheets.count_wanted.connect(self.count)
        self.sheets.results_wanted.connect(self.see)
        self.sheets.table.current_changed.connect(lambda _: self._look())
        self.entry.submitted.connect(self._submitted)
        self.entry.shown.connect(self._look)
        self.results.chosen.connect(self._look)
        self.verbs.stale.connect(self.reload)
        desk.scanner.scanned.connect(self._scanned)
        self._turn_to(self.sheets)

    # actions

    def _sheet_actions(self) -> None:
        theme = self.desk.theme
        self.count_action = self.action("Count this sheet", "", lambda: self._on_sheet(self._open_row))
        self.results_action = self.action("Results", "R", lambda: self._on_sheet(self._see_row))
        self.assign_action = self.action("Assign", "A", lambda: self._on_sheet(self.sheet_verbs.assign))
        self.print_action = self.action("Print", "Ctrl+P", self._print, help="The blind sheet on paper")
        self.print_action.setIcon(theme.icon("print"))
        self.cancel_action = self.action(
            "Cancel sheet", "Del", lambda: self._on_sheet(self.sheet_verbs.cancel)
        )
        self._never = {self.make, self.assign_action, self.cancel_action} if not self._may_make else set()
        self._never |= set() if self._may_see else {self.results_action}
        self.print_action.setVisible(self.desk.person.may(Right.REPORT))
        self._on_list = (
            self.count_action,
            self.results_action,
            self.assign_action,
            self.cancel_action,
            self.make,
        )
        self.sheets.use(
            [
                (self.make, ""),
                (self.results_action, ""),
                (self.assign_action, ""),
                (self.print_action, ""),
                (self.cancel_action, ""),
                (self.count_action, "primary"),
            ]
        )

    def _entry_actions(self) -> None:
        entry, theme = self.entry, self.desk.theme
        self.back_action = self.action("Back", "Esc", self._back, help="Back to the sheets")
        self.undo_action = self.action(
            "Undo", "Ctrl+Z", entry.undo, help="Take back your newest entry (Ctrl+Z)"
        )
        self.redo_action = self.action(
            "Redo", "Ctrl+Y", entry.redo, help="Put back what was taken back (Ctrl+Y)"
        )
        self.undo_action.setIcon(theme.icon("undo"))
        self.redo_action.setIcon(theme.icon("redo"))
        self.redo_action.setShortcuts([QKeySequence("Ctrl+Y"), QKeySequence("Ctrl+Shift+Z")])
        self.found_action = self._either("Found item", "F", self._found)
        self.leave_out_action = self._either("Not counted", "N", entry.not_counted)
        self.type_action = self.action("Type code", "T", entry.pane.begin_typing)
        self.paper_action = self._either("From paper", "P", self._paper)
        self.next_action = self.action("Next line", "Ctrl+Down", lambda: entry.step(1))
        self.before_action = self.action("Line before", "Ctrl+Up", lambda: entry.step(-1))
        self.submit_action = self.action("Submit count", "Ctrl+Return", entry.submit)
        self.remove_action = self.action("Remove the line", "Del", self._remove_found)
        self.free_action = self.action("Free the lines", "L", self._free)
        self._on_entry = (
            self.undo_action,
            self.redo_action,
            self.found_action,
            self.leave_out_action,
            self.type_action,
            self.paper_action,
            self.next_action,
            self.before_action,
            self.submit_action,
        )
        entry.feet.addWidget(ActionButton(self.back_action, "quiet"))
        for action in (self.undo_action, self.redo_action):
            entry.feet.addWidget(_small(action))
        entry.feet.addStretch(1)
        entry.feet.addWidget(
            ActionBar(
                (
                    self.leave_out_action,
                    self.found_action,
                    self.remove_action,
                    self.free_action,
                    self.type_action,
                    self.paper_action,
                )
            )
        )
        entry.feet.addWidget(ActionButton(self.submit_action, "primary"))

    def _result_actions(self) -> None:
        verbs = self.verbs
        self.recount_action = self.action(
            "One more count", "O", verbs.ask_recount, help="By somebody who has not counted it"
        )
        self.propose_action = self.action("Say why and propose", "W", verbs.propose)
        self.case_action = self.action("Case", "E", verbs.open_case, help="Open the case")
        self._on_results = (self.recount_action, self.propose_action, self.case_action)
        self.results.use(
            [
                (self.back_action, "quiet"),
                (self.print_action, "quiet"),
                (self.case_action, ""),
                (self.recount_action, ""),
                (self.propose_action, "primary"),
            ]
        )

    def _either(self, text: str, key: str, run: Any) -> QAction:
        """An action with a single key, and the same with Alt for when a field has the focus."""
        made = self.action(text, key, run)
        made.setShortcuts([QKeySequence(key), QKeySequence(f"Alt+{key}")])
        return made

    def _look(self) -> None:
        """Which actions make sense here and now."""
        page = self.pages.currentWidget()
        on_list, on_entry, on_results = (page is one for one in (self.sheets, self.entry, self.results))
        for actions, here in (
            (self._on_list, on_list),
            (self._on_entry, on_entry),
            (self._on_results, on_results),
        ):
            for action in actions:
                action.setVisible(here and action not in self._never)
                action.setEnabled(here)
        self.back_action.setVisible(not on_list)
        if on_list:
            row = self.sheets.current()
            is_open = row is not None and row.state in OPEN
            self.count_action.setEnabled(is_open)
            count = f"Count {row.number}   Enter" if row is not None and is_open else "Count"
            self.count_action.setText(count)
            self.results_action.setEnabled(row is not None)
            self.assign_action.setEnabled(is_open)
            self.cancel_action.setEnabled(is_open)
        if on_entry:
            sheet, line, stage = self.entry.sheet, self.entry.line, self.entry.pane.stage
            self.undo_action.setEnabled(sheet is not None and sheet.can_undo)
            self.redo_action.setEnabled(sheet is not None and sheet.can_redo)
            self.submit_action.setEnabled(can_submit(sheet))
            taken = line is not None and line.blocked == "taken"
            surplus = line is not None and line.found and line.state == "to count" and line.round == 1
            self.free_action.setVisible(self._may_make and taken)
            self.remove_action.setVisible(surplus and not taken)
            self.type_action.setEnabled(stage in (Stage.BIN, Stage.ITEM))
            self.leave_out_action.setEnabled(
                line is not None and not line.blocked and line.state != "done" and line.round == 1
            )
        if on_results:
            self.recount_action.setEnabled(self.verbs.can_recount())
            self.propose_action.setEnabled(self.verbs.can_propose())
            self.case_action.setEnabled(self.verbs.has_case())
        self.print_action.setEnabled(self._sheet_here() is not None)

    def _turn_to(self, page: SheetsPage | EntryPage | ResultsPage) -> None:
        self.pages.setCurrentWidget(page)
        self.setFocusProxy(page)
        if self.isVisible():
            page.setFocus()
        self._look()

    # opening and reading

    def load(self, target: Any = None) -> None:
        self._stale = False
        if isinstance(target, tuple):
            self.see(int(target[1]))
        elif target is not None:
            self._wanted = int(target)
        self.reload()

    def reload(self) -> None:
        page = self.pages.currentWidget()
        if page is self.entry:
            self.entry.reload()
        elif page is self.results:
            self.results.reload(self.still())
        counting, person = self.desk.services.counting, self.desk.person

        def work() -> tuple[tuple[SheetRow, ...], Rows]:
            found = counting.sheets(person, open_only=not self._may_see)
            return found, self.sheets.rows_of(found)

        still = self.still()
        self.desk.tasks.query(work, lambda answer: self._read(answer, still), owner=self, key="sheets")

    def _read(self, answer: tuple[tuple[SheetRow, ...], Rows], still: bool) -> None:
        sheets, rows = answer
        self.sheets.show_sheets(sheets, rows, still)
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self.sheets.table.select_ids([wanted])
            self.sheets.open_sheet(wanted)
        self._look()

    def leave(self) -> bool:
        return self.pages.currentWidget() is not self.entry or self.entry.may_leave()

    def _back(self) -> None:
        if self.leave():
            self._turn_to(self.sheets)
            self.reload()

    def count(self, sheet_id: int) -> None:
        """Count a sheet; without a connection only the one that was open when it was lost."""
        if self.desk.tasks.offline and not self.entry.holds(sheet_id):
            held = self.entry.sheet
            more = f" You can go on counting {held.number}." if held is not None else ""
            self.desk.ways.say(f"No other sheet can be opened without a connection.{more}", Tone.NEGATIVE)
            return
        self._turn_to(self.entry)
        self.entry.open_sheet(sheet_id)

    def see(self, sheet_id: int) -> None:
        """Show what a sheet came to."""
        self._turn_to(self.results)
        self.results.open_sheet(sheet_id)

    def _scanned(self, code: str) -> None:
        if not self.isVisible() or QApplication.activeModalWidget() is not None:
            return
        page = self.pages.currentWidget()
        if page is self.entry:
            self.entry.take_code(code)
        elif page is self.sheets:
            row = self.sheets.sheet_numbered(code)
            if row is None:
                self.desk.scanner.beep()
                self.desk.ways.say(f"{code} is no count sheet of this list.", Tone.NEGATIVE)
            else:
                self.sheets.table.select_ids([row.sheet_id])
                self.sheets.open_sheet(row.sheet_id)

    # verbs on the list

    def _on_sheet(self, run: Any) -> None:
        row = self.sheets.current()
        if row is not None:
            run(row)

    def _open_row(self, row: SheetRow) -> None:
        self.sheets.open_sheet(row.sheet_id)

    def _see_row(self, row: SheetRow) -> None:
        self.see(row.sheet_id)

    def _made(self, sheet_id: int) -> None:
        """A sheet was made or changed: show it under the cursor."""
        self.reload()
        self.sheets.table.select_ids([sheet_id])

    def _sheet_here(self) -> int | None:
        page = self.pages.currentWidget()
        if page is self.sheets:
            row = self.sheets.current()
            return None if row is None else row.sheet_id
        if page is self.results:
            return None if self.results.results is None else self.results.results.sheet.sheet_id
        return None

    def _print(self) -> None:
        sheet_id = self._sheet_here()
        if sheet_id is not None:
            self.desk.ways.go("reports", ("count-sheet", sheet_id))

    # verbs while counting

    def _found(self) -> None:
        from zeroline.ui.dialogs.found_item import FoundItemDialog

        sheet, line = self.entry.sheet, self.entry.line
        if sheet is None:
            return
        counting, person = self.desk.services.counting, self.desk.person

        def chosen(dialog: FoundItemDialog, item: str, location: str, lot: str, status: str) -> None:
            dialog.send(
                lambda: counting.add_found(person, sheet.sheet_id, item, location, lot, status), added
            )

        def added(found: FoundLine) -> None:
            self.entry.found(found.line_id)
            if found.known:
                self.desk.ways.say("The sheet has that line already: count it now.")

        FoundItemDialog(self, self.desk, line.key.location if line is not None else "", chosen).open()

    def _remove_found(self) -> None:
        line = self.entry.line
        if line is not None and line.found:
            counting, person = self.desk.services.counting, self.desk.person
            self._write(
                lambda: counting.remove_found(person, line.line_id), f"{place(line.key)} is off the sheet."
            )

    def _free(self) -> None:
        sheet, line = self.entry.sheet, self.entry.line
        if sheet is None or line is None or not line.taken_by_id:
            return
        counting, person, who = self.desk.services.counting, self.desk.person, line.taken_by
        held = sum(one.taken_by_id == line.taken_by_id for one in sheet.lines)
        lines = counted(held, "entry", "entries")
        self.desk.prompts.confirm(
            self,
            "Free the lines",
            f"{lines} of {who} on {sheet.number} were never submitted. They are dropped, and others can "
            "count those lines.",
            action=f"Drop {lines}",
            accepted=lambda: self._write(
                lambda: counting.release(person, sheet.sheet_id, line.taken_by_id),
                f"The lines of {who} are free again.",
            ),
            final=True,
        )

    def _write(self, work: Callable[[], Changes], said: str) -> None:
        self.desk.tasks.command(work, owner=self, done=lambda _: self._told(said), failed=self._refused)

    def _paper(self) -> None:
        from zeroline.ui.dialogs.paper_count import PaperCountDialog

        if self.entry.counted_at is not None:
            self.entry.key_from_paper(None)
        else:
            PaperCountDialog(self, self.desk, self.entry.key_from_paper).open()

    def _submitted(self, result: SubmitResult) -> None:
        self._turn_to(self.sheets)
        self.desk.ways.say(submission(result), Tone.VERIFIED)
        self.reload()

    def _told(self, words: str) -> None:
        self.desk.ways.say(words)
        self.reload()

    def _refused(self, error: DomainError) -> None:
        self.desk.ways.say(sentence(error), Tone.NEGATIVE)
