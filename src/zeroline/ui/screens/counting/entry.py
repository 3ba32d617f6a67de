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
from zeroline.domain.views.counting import BlindLine, BlindSheet, SubmitResult
from zeroline.domain.views.found import Scan
from zeroline.domain.views.kept import Entered, Kept
from zeroline.services.outbox import Typed
from zeroline.ui.desk import Desk
from zeroline.ui.screens.counting import on_sheet, scans
from zeroline.ui.screens.counting.head import EntryHead
from zeroline.ui.screens.counting.lines import LineList
from zeroline.ui.screens.counting.questions import ask_not_counted, ask_submit
from zeroline.ui.screens.counting.steps import Stage, StepPane
from zeroline.ui.screens.counting.writing import Writing
from zeroline.ui.text.counting import blocked, makes, place
from zeroline.ui.text.kept import submit_later
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
        self._later = ""  # why the sheet was not submitted yet
        self._writing = Writing(desk.tasks, self, self.take_code)
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
        if not self.holds(sheet_id):
            self.sheet, self._bin, self.counted_at = None, "", None
            self.pane.show_line(None, Stage.CLOSED)
            self.head.show_paper(None)
        self.banner.clear()
        self._leaving = False
        self.reload(sheet_id)

    def holds(self, sheet_id: int) -> bool:
        """Whether this sheet is on show, so that it can be counted without a connection."""
        return self.sheet is not None and self.sheet.sheet_id == sheet_id

    def reload(self, sheet_id: int | None = None) -> None:
        """Read the sheet again; the line, its step and what is typed stay."""
        wanted = sheet_id if sheet_id is not None else self.sheet.sheet_id if self.sheet else None
        if wanted is None:
            return
        self._fetch(wanted, self._read)

    def _fetch(self, sheet_id: int, read: Callable[[BlindSheet], None]) -> None:
        """Read a sheet, with what waits here of it."""
        counting, outbox, person = self._counting, self._desk.services.outbox, self._desk.person
        self._desk.tasks.query(
            lambda: on_sheet.with_kept(counting.blind_sheet(person, sheet_id), outbox.waiting(person).mine),
            read,
            owner=self,
            key="sheet",
            failed=self._refused,
        )

    def _read(self, sheet: BlindSheet) -> None:
        first = self.sheet is None
        self.sheet = sheet
        if self._later and self.banner.text == self._later and not on_sheet.waiting(sheet):
            self.banner.clear()
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
        if waiting := on_sheet.waiting(sheet):
            self.pane.hint.setText(f"Every line is done. {submit_later(waiting)}")
        elif on_sheet.entries(sheet):
            self.pane.hint.setText("Every line is done. Submit the count, or scan a bin to correct its line.")
        else:
            why = blocked(line) if line is not None else ""
            self.pane.hint.setText(f"{why} Nothing here is left for you to count.".strip())

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
        if self._writing.under_way:
            self._writing.later(code)
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
        elif self._desk.tasks.offline:
            self._wrong(scans.unknown_here(code, line, at_bin=stage is Stage.BIN))
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
        if line is None or self.pane.stage is not Stage.QUANTITY or self._writing.under_way:
            return
        if scans.is_code(text, line):
            self.pane.quantity.say_wrong(
                f"{text} looks like a barcode, not like a quantity. Type the quantity."
            )
            self.pane.quantity.field.selectAll()
            self._desk.scanner.beep()
            return
        sheet, person, form = self.sheet, self._desk.person, self._desk.format
        outbox = self._desk.services.outbox
        tell = outbox.keep if self._desk.tasks.offline else outbox.enter
        if sheet is not None:
            typed = Typed(text.strip(), form.decimal, form.group, self.counted_at)
            self._writing.write(
                lambda: tell(person, sheet, line, typed),
                self._entered,
                self.pane.quantity.say_wrong,
                offline_too=True,
            )

    def _entered(self, made: Entered | Kept) -> None:
        """The entry is in the database or waits here: show it at once and go to the next line."""
        self.banner.clear()
        if isinstance(made, Entered):
            self._put(
                made.line.line_id,
                state="entered",
                entered=made.line.entered,
                quantity=made.line.quantity,
                reason="",
                counted_at=made.line.counted_at,
            )
            return
        count, sheet = made.count, self.sheet
        line = next((x for x in sheet.lines if x.line_id == count.line_id), None) if sheet else None
        if line is not None:
            self._put(count.line_id, **on_sheet.kept_values(count, line))
        ways = self._desk.ways
        if made.lost is not None:
            self._desk.tasks.tell(made.lost, ways.count_kept.emit)
        ways.count_kept.emit()

    def _put(self, line_id: int, **values: Any) -> None:
        if self.sheet is None:
            return
        sheet = on_sheet.with_line(self.sheet, line_id, **values)
        if values["state"] != on_sheet.KEPT:
            sheet = replace(sheet, can_undo=True, can_redo=False)
        self.sheet = sheet
        here = next(line for line in sheet.lines if line.line_id == line_id)
        self.pane.line = here  # what is typed is kept now, so nothing unsaved stands in the way
        self._show_sheet()
        wanted = on_sheet.after(sheet, line_id)
        self._go_to(wanted or here)
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
        self._writing.write(
            lambda: counting.not_counted(person, line.line_id, reason),
            lambda _: self._put(line.line_id, state="not counted", entered="", quantity=None, reason=reason),
            self._wrong,
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
            self._writing.write(lambda: verb(person, sheet.sheet_id), self._back_on, self.banner.say)

    def _back_on(self, _: Changes) -> None:
        """Read the sheet and go to the line whose entry was taken back or put back."""
        before = self.sheet
        if before is None:
            return

        def read(sheet: BlindSheet) -> None:
            self.sheet = sheet
            self._show_sheet()
            line = on_sheet.turned(before, sheet)
            if line is not None:
                self.pane.line = None
                self._go_to(line)
                now = makes(line.entered, line.quantity, line.key, self._desk.format) if line.quantity else ""
                words = {"entered": now or "0", "not counted": "not counted"}.get(line.state, "to count")
                self.banner.say(f"{place(line.key)}: {words} again.")
            self._focus()

        self._fetch(before.sheet_id, read)

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
        waiting = on_sheet.waiting(sheet)
        if waiting or self._desk.tasks.offline:
            self._later = submit_later(waiting)
            self._wrong(self._later)
            return
        nothing = ask_submit(self, self._desk, sheet, lambda reason: self._submit(sheet, reason))
        if nothing:
            self.banner.say(nothing)

    def _submit(self, sheet: BlindSheet, reason: str) -> None:
        counting, person = self._counting, self._desk.person

        def done(result: SubmitResult) -> None:
            self.sheet = None
            self.submitted.emit(result)

        self._writing.write(lambda: counting.submit(person, sheet.sheet_id, reason), done, self._wrong)

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
