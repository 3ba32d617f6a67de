"""Blind entry: scan the bin, scan the item, type the quantity, Enter, next.

Nothing here knows what the book says: the sheet comes from ``Counting.blind_sheet`` and from nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from zeroline.domain.changes import Changes
from zeroline.domain.errors import DomainError
from zeroline.domain.person import Person
from zeroline.domain.views.counting import BlindLine, BlindSheet, EnteredLine, SubmitResult
from zeroline.domain.views.found import Scan
from zeroline.ui.desk import Desk
from zeroline.ui.screens.counting import scans
from zeroline.ui.screens.counting.head import EntryHead
from zeroline.ui.screens.counting.lines import LineList
from zeroline.ui.screens.counting.questions import ask_not_counted, ask_submit
from zeroline.ui.screens.counting.steps import Stage, StepPane
from zeroline.ui.tasks import Ticket
from zeroline.ui.text.counting import blocked, makes, place
from zeroline.ui.theme import GRID, Size, Tone, kind
from zeroline.ui.widgets.banner import Banner
from zeroline.wording import sentence


class EntryPage(QWidget):
    """``left``: back to the list; ``submitted`` with the SubmitResult; ``shown`` after another line or state
    is on show."""

    left = Signal()
    submitted = Signal(object)
    shown = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._counting = desk.services.counting
        self.sheet: BlindSheet | None = None
        self.counted_at: int | None = None  # for keying from paper: when it was counted
        self._bin = ""  # the bin the counter has shown to stand at
        self._leaving = False
        self._writing = False
        self._scanned_meanwhile: list[str] = []
        self._back_to: set[int] = set()
        self.head = EntryHead(desk.format)
        self.banner = Banner()
        self.banner.setStyleSheet(f"QLabel {{ font-size: {int(Size.LARGE)}px; }}")
        self.pane = StepPane(desk.format)
        self.lines = LineList(desk.format)
        self.feet = QHBoxLayout()
        self._lay_out()
        self.pane.entered.connect(self._enter)
        self.pane.typed_code.connect(self.take_code)
        self.lines.current_changed.connect(self._chosen)
        self.lines.activated_id.connect(lambda _: self._focus())
        self.setFocusProxy(self.pane)

    def _lay_out(self) -> None:
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(self.pane)
        self.splitter.addWidget(self.lines)
        self.splitter.setSizes([594, 564])
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setChildrenCollapsible(False)
        self._desk.memory.follow(self.splitter, "count entry")
        self.feet.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        self.feet.setSpacing(2 * GRID)
        foot = QWidget()
        foot.setLayout(self.feet)
        kind(foot, "raised")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.banner)
        column.addWidget(self.splitter, 1)
        column.addWidget(foot)

    # what is shown

    @property
    def line(self) -> BlindLine | None:
        """The line being counted."""
        return self.pane.line

    def open_sheet(self, sheet_id: int) -> None:
        """Count a sheet; the same sheet again goes on where it was left."""
        if self.sheet is None or self.sheet.sheet_id != sheet_id:
            self.sheet, self._bin, self.counted_at = None, "", None
            self.pane.show_line(None, Stage.CLOSED)
            self.head.show_paper(None)
        self.banner.clear()
        self._leaving = False
        self.reload(sheet_id)

    def reload(self, sheet_id: int | None = None) -> None:
        """Read the sheet again; the line, its step and what is typed stay."""
        wanted = sheet_id if sheet_id is not None else self.sheet.sheet_id if self.sheet else None
        if wanted is None:
            return
        counting, person = self._counting, self._desk.person
        self._desk.tasks.query(
            lambda: counting.blind_sheet(person, wanted),
            self._read,
            owner=self,
            key="sheet",
            failed=self._refused,
        )

    def _read(self, sheet: BlindSheet) -> None:
        first = self.sheet is None
        self.sheet = sheet
        self._show_sheet()
        here = next((line for line in sheet.lines if self.line and line.line_id == self.line.line_id), None)
        if first or here is None:
            wanted = next((line for line in sheet.lines if line.line_id in self._back_to), sheet.next_line)
            self._go_to(wanted or (sheet.lines[-1] if sheet.lines else None))
        else:
            self.pane.show_line(here, self.pane.stage if self.pane.stage is not Stage.CLOSED else Stage.BIN)
            self._say_if_done()
        self._back_to = set()
        self._focus()
        self.shown.emit()

    def _show_sheet(self) -> None:
        sheet = self.sheet
        if sheet is None:
            return
        self.head.show_sheet(sheet)
        self.lines.show_lines(sheet)

    def _go_to(self, line: BlindLine | None) -> None:
        """Make a line the one being counted, at the first step that it still needs."""
        stage = Stage.BIN
        if line is not None and self.counted_at is not None:
            stage = Stage.QUANTITY
        elif line is not None and self._bin == line.key.location:
            stage = Stage.ITEM
        elif line is not None:
            self._bin = ""
        self.pane.show_line(line, stage)
        if line is not None and self.lines.current_id() != line.line_id:
            self.lines.select_ids([line.line_id])
        self._say_if_done()
        self.shown.emit()

    def _say_if_done(self) -> None:
        """Once no line is left for this person, say so and what comes next."""
        sheet, line = self.sheet, self.line
        if sheet is None or sheet.next_line is not None or self.pane.stage in (Stage.ITEM, Stage.QUANTITY):
            return
        if self._mine():
            self.pane.hint.setText("Every line is done. Submit the count, or scan a bin to correct its line.")
        else:
            why = blocked(line) if line is not None else ""
            self.pane.hint.setText(f"{why} Nothing here is left for you to count.".strip())

    @property
    def can_submit(self) -> bool:
        """Whether there is anything that this person can submit."""
        lines = self.sheet.lines if self.sheet is not None else ()
        return bool(self._mine()) or any(line.state == "to count" and line.round == 1 for line in lines)

    def _mine(self) -> int:
        """How many entries this person has to submit."""
        lines = self.sheet.lines if self.sheet is not None else ()
        return sum(line.state in ("entered", "not counted") and not line.blocked for line in lines)

    def _chosen(self, line_id: int | None) -> None:
        """The cursor of the list went to another line."""
        sheet = self.sheet
        if sheet is None or line_id is None or (self.line is not None and line_id == self.line.line_id):
            return
        typed = self.pane.pending
        here = self.line
        if typed and here is not None:
            self._wrong(f"“{typed}” for {place(here.key)} is not kept yet. Enter keeps it.")
            self.lines.select_ids([here.line_id])
            return
        self.banner.clear()
        self.pane.takes_focus = not self.lines.hasFocus()
        self._go_to(next(line for line in sheet.lines if line.line_id == line_id))
        self.pane.takes_focus = True

    def step(self, by: int) -> None:
        """To the line before (−1) or after (1)."""
        sheet, here = self.sheet, self.line
        if sheet is None or here is None:
            return
        ids = [line.line_id for line in sheet.lines]
        target = ids.index(here.line_id) + by
        if 0 <= target < len(ids):
            self.lines.select_ids([ids[target]])
            self._focus()

    def _focus(self) -> None:
        if self.isVisible() and not self.pane.code.isVisible():
            (self.pane.quantity.field if self.pane.stage is Stage.QUANTITY else self.pane).setFocus()

    # scanning

    def take_code(self, code: str) -> None:
        """A code was scanned or typed: right for the present step, or a red bar and a sound."""
        line, stage = self.line, self.pane.stage
        code = code.strip()
        if self._writing:
            self._scanned_meanwhile.append(code)
            return
        if line is None or not code:
            return
        if stage is Stage.CLOSED:
            self._wrong(self.pane.hint.text() or "This line wants nothing from you.")
        elif stage is Stage.QUANTITY:
            self._wrong(scans.too_early(code, line))
        elif stage is Stage.BIN and scans.is_bin(code, line):
            self._right_bin(line)
        elif stage is Stage.ITEM and scans.is_item(code, line):
            self._right_item(line, scans.unit_of(code, line))
        else:
            lookup = self._desk.services.lookup
            asked = line.line_id
            self._desk.tasks.query(
                lambda: lookup.scan(code),
                lambda scan: self._understood(scan, asked, stage),
                owner=self,
                key="scan",
                failed=self._refused,
            )

    def _understood(self, scan: Scan, asked: int, stage: Stage) -> None:
        line = self.line
        if line is None or line.line_id != asked or self.pane.stage is not stage:
            return
        at_bin = stage is Stage.BIN
        wrong = scans.wrong_bin(scan, line) if at_bin else scans.wrong_item(scan, line)
        if wrong:
            self._wrong(wrong)
        elif at_bin:
            self._right_bin(line)
        else:
            self._right_item(line, scan.unit)

    def _right_bin(self, line: BlindLine) -> None:
        self._bin = line.key.location
        self.banner.clear()
        self.pane.show_stage(Stage.ITEM)
        self.shown.emit()

    def _right_item(self, line: BlindLine, unit: str) -> None:
        self.banner.clear()
        self.pane.show_stage(Stage.QUANTITY)
        if unit and unit != line.key.unit:
            self.pane.hint.setText(
                f"The code is of one {unit}: for three of them type 3{unit.lower()}, Enter"
            )
        self.shown.emit()

    def _wrong(self, words: str) -> None:
        self.banner.say(words, Tone.NEGATIVE)
        self._desk.scanner.beep()

    # entering

    def _enter(self, text: str) -> None:
        line = self.line
        if line is None or self.pane.stage is not Stage.QUANTITY or self._writing:
            return
        if scans.is_code(text, line):
            self.pane.quantity.say_wrong(
                f"{text} looks like a barcode, not like a quantity. Type the quantity."
            )
            self.pane.quantity.field.selectAll()
            self._desk.scanner.beep()
            return
        counting, person, form = self._counting, self._desk.person, self._desk.format
        line_id, at = line.line_id, self.counted_at
        self._write(
            lambda: counting.enter(person, line_id, text, at, decimal=form.decimal, thousands=form.group),
            self._entered,
            wrong=self.pane.quantity.say_wrong,
        )

    def _entered(self, made: EnteredLine) -> None:
        """The draft is kept: show it at once and go to the next line."""
        self.banner.clear()
        self._put(
            made.line_id,
            state="entered",
            entered=made.entered,
            quantity=made.quantity,
            reason="",
            counted_at=made.counted_at,
        )

    def _put(self, line_id: int, **values: Any) -> None:
        sheet = self.sheet
        if sheet is None:
            return
        lines = tuple(replace(x, **values) if x.line_id == line_id else x for x in sheet.lines)
        self.sheet = sheet = replace(sheet, lines=lines, can_undo=True, can_redo=False)
        at = next(n for n, line in enumerate(lines) if line.line_id == line_id)
        self.pane.line = lines[at]  # what is typed is kept now, so nothing unsaved stands in the way
        self._show_sheet()
        following = [*lines[at + 1 :], *lines[:at]]
        wanted = next((x for x in following if x.state == "to count" and not x.blocked), None)
        self._go_to(wanted or lines[at])
        if wanted is None:
            self._bin = ""
            self.pane.show_stage(Stage.BIN)
            self._say_if_done()
            self.pane.setFocus()

    def not_counted(self) -> None:
        """Ask why the line cannot be counted, then keep that with it."""
        line = self.line
        if line is None or line.blocked or line.state == "done":
            return
        if line.round > 1:
            self._wrong("A recount cannot be left out: count it, or leave it to somebody else.")
            return
        ask_not_counted(self, self._desk, line, lambda reason: self._waive(line, reason))

    def _waive(self, line: BlindLine, reason: str) -> None:
        counting, person = self._counting, self._desk.person
        self._write(
            lambda: counting.not_counted(person, line.line_id, reason),
            lambda _: self._put(line.line_id, state="not counted", entered="", quantity=None, reason=reason),
        )

    def undo(self) -> None:
        """Take back the newest entry and go to its line."""
        self._turn_back(self._counting.undo)

    def redo(self) -> None:
        """Put back what was taken back last."""
        self._turn_back(self._counting.redo)

    def _turn_back(self, verb: Callable[[Person, int], Changes]) -> None:
        person, sheet = self._desk.person, self.sheet
        if sheet is not None:
            self._write(lambda: verb(person, sheet.sheet_id), self._back_on, wrong=self.banner.say)

    def _back_on(self, _: Changes) -> None:
        """Read the sheet and go to the line whose entry was taken back or put back."""
        before = self.sheet
        if before is None:
            return
        counting, person, sheet_id = self._counting, self._desk.person, before.sheet_id

        def read(sheet: BlindSheet) -> None:
            old = {line.line_id: (line.state, line.entered, line.reason) for line in before.lines}
            self.sheet = sheet
            self._show_sheet()
            changed = (x for x in sheet.lines if old.get(x.line_id) != (x.state, x.entered, x.reason))
            line = next(changed, None)
            if line is not None:
                self.pane.line = None
                self._go_to(line)
                now = makes(line.entered, line.quantity, line.key, self._desk.format) if line.quantity else ""
                words = {"entered": now or "0", "not counted": "not counted"}.get(line.state, "to count")
                self.banner.say(f"{place(line.key)}: {words} again.")
            self._focus()

        self._desk.tasks.query(
            lambda: counting.blind_sheet(person, sheet_id),
            read,
            owner=self,
            key="sheet",
            failed=self._refused,
        )

    # found, paper, submission

    def found(self, line_id: int) -> None:
        """A line was added: read the sheet and make it the line being counted."""
        sheet = self.sheet
        if sheet is not None:
            self._back_to, self.sheet = {line_id}, None
            self.reload(sheet.sheet_id)

    def key_from_paper(self, counted_at: int | None) -> None:
        """Key what was counted on paper at an instant, without scans; None: scan again."""
        self.counted_at = counted_at
        self._bin = ""
        self.head.show_paper(counted_at)
        self._go_to(self.line)

    def submit(self) -> None:
        """Ask with the numbers, then make the entries counts."""
        sheet = self.sheet
        if sheet is None:
            return
        typed = self.pane.pending
        if typed:
            self._wrong(f"“{typed}” is not kept yet. Press Enter first, or empty the field.")
            return
        nothing = ask_submit(self, self._desk, sheet, lambda reason: self._submit(sheet, reason))
        if nothing:
            self.banner.say(nothing)

    def _submit(self, sheet: BlindSheet, reason: str) -> None:
        counting, person = self._counting, self._desk.person

        def done(result: SubmitResult) -> None:
            self.sheet = None
            self.submitted.emit(result)

        self._write(lambda: counting.submit(person, sheet.sheet_id, reason), done)

    # writing

    def _write(
        self, work: Callable[[], Any], done: Callable[[Any], None], wrong: Callable[[str], None] | None = None
    ) -> None:
        def failed(error: DomainError) -> None:
            (wrong or self._wrong)(sentence(error))

        self._writing = True
        ticket = Ticket(self)
        ticket.ended.connect(self._written)
        ticket.ended.connect(ticket.deleteLater)
        self._desk.tasks.command(work, owner=self, done=done, failed=failed, ticket=ticket)

    def _written(self) -> None:
        """A write ended, one way or the other: what was scanned meanwhile comes now."""
        self._writing = False
        codes, self._scanned_meanwhile = self._scanned_meanwhile, []
        for code in codes:
            self.take_code(code)

    def _refused(self, error: DomainError) -> None:
        self._wrong(sentence(error))

    def may_leave(self) -> bool:
        """Whether nothing typed would be left behind; says so once, the second time it may."""
        typed = self.pane.pending
        if typed and not self._leaving:
            self._leaving = True
            self._wrong(f"“{typed}” is not kept yet. Enter keeps it; leave once more to drop it.")
            return False
        self._leaving = False
        return True
