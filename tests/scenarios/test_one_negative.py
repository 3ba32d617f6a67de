"""The story of one negative, told through the real window with real clicks and keys, by four people.

A supervisor brings the ledger in and finds a bin below zero; two counters count it blind, one after the
other; the supervisor says why and proposes; a manager signs; the queue is empty and the report is printed.
"""

from __future__ import annotations

from pathlib import Path

import pypdfium2 as pdfium
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QLineEdit, QPlainTextEdit, QWidget

from support.console import CTRL, Console
from support.warehouse import SECRET, Warehouse
from zeroline import cli
from zeroline.app.programs import Programs
from zeroline.domain.instant import MINUTE
from zeroline.domain.person import Person
from zeroline.ui.dialogs.cause import CauseDialog
from zeroline.ui.dialogs.proposal import ProposalDialog
from zeroline.ui.prompts.question import Question
from zeroline.ui.screens.counting.steps import Stage
from zeroline.ui.tables.view import TableView

SHIFT = Qt.KeyboardModifier.ShiftModifier
ITEMS = """\
item,description,base_unit,unit_cost,abc_class
BRG-6204,Ball bearing 6204,EA,12.00,A
NUT-M8,Hexagon nut M8,EA,0.04,C
"""
LEDGER = """\
movement_id,item,location,quantity,unit,kind,occurred_at,recorded_at,document,user
M1,BRG-6204,E-02,3,EA,receipt,2026-03-01T07:00:00Z,2026-03-01T07:00:00Z,IN/00006,M. Okafor
M2,BRG-6204,E-02,-11,EA,shipment,2026-03-01T09:12:00Z,2026-03-01T09:12:00Z,OUT/00033,R. Diaz
M3,NUT-M8,B-08,25,EA,receipt,2026-03-01T10:00:00Z,2026-03-01T10:00:00Z,IN/00007,M. Okafor
"""


def test_one_negative_from_the_ledger_to_the_signed_report(
    console: Console, warehouse: Warehouse, tmp_path: Path
) -> None:
    staff = warehouse.people
    console.inline = False
    console.open(size=(1366, 768))

    _supervisor_brings_the_ledger_in(console, staff.supervisor, tmp_path)
    _supervisor_finds_the_negative_and_sends_it_to_be_counted(console)
    _later(console)
    _counter_counts_what_lies_there(console, staff.counter, first=True)
    _later(console)
    _counter_counts_what_lies_there(console, staff.other_counter, first=False)
    _later(console)
    _supervisor_says_why_and_proposes(console, staff.supervisor)
    _later(console)
    _manager_signs(console, staff.manager)
    _manager_sees_that_it_holds_and_nothing_is_left(console)
    report = tmp_path / "reconciliation.pdf"
    _manager_prints_the_reconciliation(console, report)

    words = _words(report)
    for word in (
        "BRG-6204",
        "E-02",
        "ADJ-000001",
        "144.00",
        "K2",
        "Sam Supervisor",
        "Mara Manager",
        "Audit chain",
    ):
        assert word in words, f"{word} is not in the report:\n{words}"
    assert _data_hash(console) in words
    assert cli.run(["--database", f"sqlite:///{warehouse.path}", "audit", "verify"], Programs()) == 0


# the hands


def _supervisor_brings_the_ledger_in(console: Console, person: Person, folder: Path) -> None:
    items, file = folder / "items.csv", folder / "ledger.csv"
    items.write_text(ITEMS)
    file.write_text(LEDGER)
    console.sign_in(person)
    console.key(Qt.Key.Key_0, CTRL)
    console.until(lambda: console.here.accessibleName() == "Import")
    console.key(Qt.Key.Key_O, CTRL)
    _name_file(console, items)
    _choose_kind(console, Qt.Key.Key_Down, "Items")
    console.until(lambda: console.here.verdict.text() == "The first 2 rows are understood.")
    console.key(Qt.Key.Key_Return, CTRL)
    console.until(lambda: console.here.verdict.text().startswith("2 rows read, 2 added"))
    console.key(Qt.Key.Key_O, CTRL)
    _name_file(console, file)
    _choose_kind(console, Qt.Key.Key_Up, "Movements")
    console.until(lambda: console.here.verdict.text() == "The first 3 rows are understood.")
    console.key(Qt.Key.Key_Return, CTRL)
    console.until(lambda: console.here.verdict.text() == "3 rows read, 3 added, 0 already known, 0 rejected.")
    assert console.here.more.text() == "2 locations were not known and created: E-02, B-08."


def _choose_kind(console: Console, key: Qt.Key, wanted: str) -> None:
    """Say with the arrow keys what the rows of the file are."""
    kind = console.here.side.kind
    console.until(kind.isVisible)
    kind.setFocus()
    console.until(lambda: QApplication.focusWidget() is kind)
    console.key(key)
    assert kind.currentText() == wanted


def _supervisor_finds_the_negative_and_sends_it_to_be_counted(console: Console) -> None:
    console.key(Qt.Key.Key_1, CTRL)
    table = console.here.table
    console.until(lambda: _lines(table) == 1 and QApplication.focusWidget() is table)
    assert {"BRG-6204", "E-02", "−8"} <= set(_cells(table, 0))
    console.key(Qt.Key.Key_Return)
    console.until(lambda: console.here.accessibleName().startswith("Case") and console.here.step.isVisible())
    assert "crossed zero" in _said(console.here)
    assert "OUT/00033" in _said(console.here)
    console.until(lambda: QApplication.focusWidget() is not None)
    console.strike("a")
    console.until(lambda: "Yours" in _said(console.here))
    console.strike("c")
    console.until(lambda: console.here.step.text().startswith("Go to the count sheet"))


def _counter_counts_what_lies_there(console: Console, person: Person, *, first: bool) -> None:
    console.key(Qt.Key.Key_L, CTRL | SHIFT)
    console.sign_in_by_badge(person)
    page = console.here.sheets
    console.until(lambda: _lines(page.table) == 1)
    assert not {"−8", "-8"} & set(_said(console.here).split())
    console.until(lambda: QApplication.focusWidget() is page.table)
    console.key(Qt.Key.Key_Return)
    entry = console.here.entry
    console.until(lambda: QApplication.focusWidget() is entry.pane and "E-02" in _said(entry.pane))
    console.scan("E-02")
    console.until(lambda: entry.pane.stage is Stage.ITEM)
    console.scan("BRG-6204")
    console.until(lambda: QApplication.focusWidget() is entry.pane.quantity.field)
    console.type("4")
    console.key(Qt.Key.Key_Return)
    console.until(lambda: not entry.pane.pending)
    console.until(lambda: console.here.submit_action.isEnabled())
    console.key(Qt.Key.Key_Return, CTRL)
    question = console.dialog(Question)
    assert "1 line is counted" in _said(question)
    console.click(question.yes)
    console.until(console.no_dialog)
    console.until(lambda: page.isVisible() and bool(console.window.workplace.banner.text))  # type: ignore[union-attr]
    said = console.window.workplace.banner.text  # type: ignore[union-attr]
    assert ("for a recount by somebody else" in said) is first, said


def _supervisor_says_why_and_proposes(console: Console, person: Person) -> None:
    console.key(Qt.Key.Key_L, CTRL | SHIFT)
    console.sign_in(person)
    console.key(Qt.Key.Key_1, CTRL)  # the window is where the counter left it
    console.until(lambda: hasattr(console.here, "table"))
    table = console.here.table
    console.until(lambda: _lines(table) == 1 and QApplication.focusWidget() is table)
    console.strike("t")
    causes = console.dialog(CauseDialog)
    console.until(lambda: QApplication.focusWidget() is causes.search)
    console.type("K2")
    console.until(lambda: causes.code == "K2")
    console.key(Qt.Key.Key_Return, CTRL)
    console.until(console.no_dialog)
    console.until(lambda: console.here.pane.step.text().startswith("Propose +12"))
    console.until(lambda: QApplication.focusWidget() is table)
    console.strike("p")
    proposal = console.dialog(ProposalDialog)
    console.until(lambda: proposal.yes.text().startswith("Propose +12") and proposal.yes.isEnabled())
    comment = proposal.findChildren(QPlainTextEdit)[-1]
    console.until(lambda: QApplication.focusWidget() is comment)
    console.type("Counted twice, four lie there.")
    console.key(Qt.Key.Key_Return, CTRL)
    console.until(console.no_dialog)


def _manager_signs(console: Console, person: Person) -> None:
    console.key(Qt.Key.Key_L, CTRL | SHIFT)
    console.sign_in(person)
    console.key(Qt.Key.Key_8, CTRL)
    console.until(lambda: console.here.accessibleName() == "To approve")
    console.until(lambda: console.here.approve_action.isEnabled())
    assert "Counted twice, four lie there." in _said(console.here)
    console.until(lambda: QApplication.focusWidget() is console.here.table)
    console.strike("y")
    question = console.dialog(Question)
    console.until(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    console.type(SECRET)
    console.click(question.yes)
    console.until(console.no_dialog)
    console.until(lambda: _lines(console.here.table) == 0)


def _manager_sees_that_it_holds_and_nothing_is_left(console: Console) -> None:
    console.key(Qt.Key.Key_1, CTRL)
    console.until(lambda: console.here.accessibleName() == "Negative on hand")
    table = console.here.table
    console.until(lambda: _lines(table) == 1 and QApplication.focusWidget() is table)
    console.until(lambda: console.here.pane.step.text().startswith("It holds: verify"))
    assert "4" in _cells(table, 0)
    console.strike("v")
    console.until(lambda: _lines(table) == 0)


def _manager_prints_the_reconciliation(console: Console, file: Path) -> None:
    console.key(Qt.Key.Key_9, CTRL)
    console.until(lambda: console.here.accessibleName() == "Reports")
    console.press("Make the report", console.here)
    console.until(lambda: console.here.view.page_count > 0 and console.here.save_pdf.isEnabled())
    console.press("Save PDF", console.here)
    _name_file(console, file)
    console.until(lambda: console.window.workplace.banner.text.startswith("Saved"))  # type: ignore[union-attr]


# what a person sees


def _later(console: Console) -> None:
    console.warehouse.clock.forward(10 * MINUTE)


def _name_file(console: Console, file: Path) -> None:
    """Type a file's name into the file dialog."""
    dialog = console.dialog(QFileDialog)
    name = dialog.findChild(QLineEdit, "fileNameEdit")
    console.until(lambda: QApplication.focusWidget() is name)
    name.selectAll()
    console.type(str(file))
    console.key(Qt.Key.Key_Return)
    console.until(console.no_dialog)


def _lines(table: TableView) -> int:
    return table.table.rowCount()


def _cells(table: TableView, line: int) -> list[str]:
    model = table.table
    return [str(model.index(line, place).data() or "") for place in range(model.columnCount())]


def _said(widget: QWidget) -> str:
    """Everything that stands on a screen in words."""
    told = "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())
    return told.replace("\xa0", " ").replace("\u202f", " ")


def _words(file: Path) -> str:
    document = pdfium.PdfDocument(file)
    try:
        return "\n".join(document[n].get_textpage().get_text_range() for n in range(len(document)))
    finally:
        document.close()


def _data_hash(console: Console) -> str:
    """The beginning of the data hash as the reports page names it."""
    return str(console.here.state.text().partition("data ")[2].partition(" ")[0])
