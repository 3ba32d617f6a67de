"""Bringing a ledger in through the window: choose, match, look, import, mend."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QComboBox

from support.console import Console
from support.desk import Workstation
from zeroline.domain.case import Queue
from zeroline.domain.quantity import MINUS
from zeroline.ui.desk import Place
from zeroline.ui.prompts.question import Question
from zeroline.ui.screens.intake import IntakeScreen
from zeroline.ui.tables.view import TableView

OWN = ("movement_id", "item", "location", "quantity", "unit", "kind", "occurred_at", "document", "user")
CTRL = Qt.KeyboardModifier.ControlModifier


def _write(path: Path, header: tuple[str, ...], rows: list[tuple[Any, ...]], delimiter: str = ",") -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def _ledger(folder: Path) -> Path:
    """Two bins, one goes below zero, and a row whose quantity is no number."""
    rows = [
        ("M1", "BRG-6204", "E-02", "3", "EA", "receipt", "2026-03-01T08:00:00Z", "IN/1", "r.diaz"),
        ("M2", "BRG-6204", "E-02", "-11", "EA", "shipment", "2026-03-01T09:12:00Z", "OUT/33", "r.diaz"),
        ("M3", "GLV-XL", "A-02", "twelve", "EA", "receipt", "2026-03-01T10:00:00Z", "IN/2", "r.diaz"),
    ]
    return _write(folder / "ledger.csv", OWN, rows)


@pytest.fixture
def screen(workstation: Workstation) -> IntakeScreen:
    """The import screen of a supervisor."""
    person = workstation.warehouse.people.supervisor
    return workstation.show(IntakeScreen(workstation.desk(person)))


def _choose(workstation: Workstation, screen: IntakeScreen, path: Path) -> None:
    """Ctrl+O and the file."""
    workstation.prompts.answers.append(path)
    workstation.qtbot.keyClick(_focus(), Qt.Key.Key_O, CTRL)


def _focus() -> Any:
    focus = QApplication.focusWidget()
    assert focus is not None
    return focus


def _import(workstation: Workstation) -> None:
    workstation.qtbot.keyClick(_focus(), Qt.Key.Key_Return, CTRL)


def _cells(view: TableView) -> list[list[str]]:
    """What the list shows, line by line."""
    model = view.table
    return [
        [str(model.index(row, column).data() or "") for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def _headings(view: TableView) -> list[str]:
    return [column.title for column in view.columns]


def _write_by_hand(workstation: Workstation, screen: IntakeScreen, *lines: str) -> None:
    """Replace the mapping's text, key by key."""
    screen.side.tabs.setCurrentWidget(screen.side.written)
    screen.side.written.setFocus()
    screen.side.written.selectAll()
    for line in lines:
        workstation.qtbot.keyClicks(screen.side.written, line)
        workstation.qtbot.keyClick(screen.side.written, Qt.Key.Key_Return)


def _column(screen: IntakeScreen, field: str) -> QComboBox:
    (found,) = [
        box for box in screen.form.findChildren(QComboBox) if box.accessibleName() == f"Column for {field}"
    ]
    return found


def _pick(box: QComboBox, text: str) -> None:
    """Choose an entry as a person does, with the keyboard."""
    box.setFocus()
    place = box.findText(text)
    assert place >= 0, [box.itemText(n) for n in range(box.count())]
    box.setCurrentIndex(place)
    box.activated.emit(place)


# choosing and looking


def test_before_a_file_is_chosen_the_page_says_what_to_do(screen: IntakeScreen) -> None:
    assert screen.files.text().startswith("No file chosen yet. Choose one, or drop it")
    assert not screen.run.isEnabled()
    assert not screen.side.isVisible()


def test_a_file_with_our_own_columns_is_matched_by_itself(
    workstation: Workstation, screen: IntakeScreen, tmp_path: Path
) -> None:
    _choose(workstation, screen, _ledger(tmp_path))
    assert screen.files.text() == "ledger.csv"
    assert _column(screen, "Item").currentText() == "item"
    assert _column(screen, "Happened at").currentText() == "occurred_at"
    assert _headings(screen.lists.raw)[1:4] == ["movement_id", "item", "location"]
    assert screen.verdict.text().startswith("1 of the first 3 rows would be rejected")


def test_the_preview_shows_rows_as_they_are_understood(
    workstation: Workstation, screen: IntakeScreen, tmp_path: Path
) -> None:
    _choose(workstation, screen, _ledger(tmp_path))
    headings = _headings(screen.lists.understood)
    second = dict(zip(headings, _cells(screen.lists.understood)[1], strict=True))
    assert (second["Item"], second["Quantity"], second["Problem"]) == ("BRG-6204", f"{MINUS}11", "")
    third = dict(zip(headings, _cells(screen.lists.understood)[2], strict=True))
    assert "“twelve” is not a number" in third["Problem"]


def test_the_row_one_is_on_says_its_whole_reason(
    workstation: Workstation, screen: IntakeScreen, tmp_path: Path
) -> None:
    _choose(workstation, screen, _ledger(tmp_path))
    screen.lists.understood.setFocus()
    assert not screen.reason.isVisible()
    for _ in range(3):
        workstation.qtbot.keyClick(screen.lists.understood, Qt.Key.Key_Down)
    assert screen.reason.isVisible()
    assert screen.reason.text().endswith(".")


def test_foreign_columns_are_suggested_and_can_be_matched_by_hand(
    workstation: Workstation, screen: IntakeScreen, tmp_path: Path
) -> None:
    path = _write(
        tmp_path / "foreign.csv",
        ("Artikel", "Lagerplatz", "Menge", "Datum"),
        [("A-1", "B-1", "1.234,5", "31.12.2025 10:00"), ("A-1", "B-1", "−2,5", "01.01.2026 08:00")],
        ";",
    )
    _choose(workstation, screen, path)
    for field, name in (("Item", "Artikel"), ("Location", "Lagerplatz"), ("Quantity", "Menge"),
                        ("Happened at", "Datum")):  # fmt: skip
        _pick(_column(screen, field), name)
    screen.form.dates.setFocus()
    workstation.qtbot.keyClicks(screen.form.dates, "%d.%m.%Y %H:%M")
    _pick(screen.form.decimal, "1234,5")
    _pick(screen.form.thousands, "1.234")
    screen.form.zone.setFocus()
    workstation.qtbot.keyClicks(screen.form.zone, "Europe/Berlin")
    workstation.qtbot.waitUntil(lambda: screen.verdict.text() == "The first 2 rows are understood.")
    headings = _headings(screen.lists.understood)
    rows = [dict(zip(headings, cells, strict=True)) for cells in _cells(screen.lists.understood)]
    assert [row["Quantity"] for row in rows] == ["1234.5", f"{MINUS}2.5"]
    assert rows[0]["Happened at"] == "2025-12-31T09:00:00Z"


def test_a_value_can_be_given_for_every_row_where_no_column_is_chosen(
    workstation: Workstation, screen: IntakeScreen, tmp_path: Path
) -> None:
    path = _write(tmp_path / "short.csv", ("item", "quantity", "occurred_at"),
                  [("A-1", "5", "2026-03-01T08:00:00Z")])  # fmt: skip
    _choose(workstation, screen, path)
    (constant,) = [
        field
        for field in screen.form.findChildren(type(screen.form.dates))
        if field.accessibleName() == "The same Location for every row"
    ]
    constant.setFocus()
    workstation.qtbot.keyClicks(constant, "DOCK")
    workstation.qtbot.waitUntil(lambda: screen.verdict.text() == "The first 1 rows are understood.")
    assert "DOCK" in _cells(screen.lists.understood)[0]


def test_a_sheet_of_a_workbook_can_be_chosen(
    workstation: Workstation, screen: IntakeScreen, tmp_path: Path
) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Cover").write_row(0, 0, ("Prepared by", "somebody"))
        sheet = book.add_worksheet("Moves")
        sheet.write_row(0, 0, ("item", "location", "quantity", "occurred_at"))
        sheet.write_row(1, 0, ("A-1", "B-1", 4, "2026-03-01T08:00:00Z"))
    _choose(workstation, screen, path)
    assert [screen.form.sheet.itemText(n) for n in range(screen.form.sheet.count())] == ["Cover", "Moves"]
    assert not screen.run.isEnabled()
    _pick(screen.form.sheet, "Moves")
    assert screen.verdict.text() == "The first 1 rows are understood."
    _import(workstation)
    assert screen.verdict.text().startswith("1 rows read, 1 added")


def test_a_file_can_be_dropped_on_the_page(
    workstation: Workstation, screen: IntakeScreen, tmp_path: Path
) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(_ledger(tmp_path)))])
    event = QDropEvent(QPointF(40, 40), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
                       Qt.KeyboardModifier.NoModifier)  # fmt: skip
    screen.dropEvent(event)
    assert screen.files.text() == "ledger.csv"
    assert screen.run.isEnabled()


# what cannot be read


def test_an_empty_file_is_refused_in_a_sentence(
    workstation: Workstation, screen: IntakeScreen, tmp_path: Path
) -> None:
    empty = tmp_path / "empty.csv"
    empty.touch()
    _choose(workstation, screen, empty)
    assert screen.wrong.isVisible()
    assert "empty" in screen.wrong.text()
    assert not screen.run.isEnabled()


def test_a_mapping_for_a_sheet_that_is_not_there_names_those_that_are(
    workstation: Workstation, screen: IntakeScreen, tmp_path: Path
) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Moves").write_row(0, 0, ("item", "location", "quantity", "occurred_at"))
    _choose(workstation, screen, path)
    _write_by_hand(workstation, screen, 'kind = "movements"', 'sheet = "Movements"')
    workstation.qtbot.waitUntil(lambda: "Moves" in screen.wrong.text())
    assert "Movements" in screen.wrong.text()
    assert not screen.run.isEnabled()


def test_text_that_is_no_mapping_is_refused_in_a_sentence(
    workstation: Workstation, screen: IntakeScreen, tmp_path: Path
) -> None:
    _choose(workstation, screen, _ledger(tmp_path))
    _write_by_hand(workstation, screen, "columns = nonsense")
    workstation.qtbot.waitUntil(screen.wrong.isVisible)
    assert screen.wrong.text().endswith(".")


# importing


def test_an_import_tells_its_numbers_and_what_it_created(
    workstation: Workstation, screen: IntakeScreen, tmp_path: Path
) -> None:
    _choose(workstation, screen, _ledger(tmp_path))
    _import(workstation)
    assert screen.verdict.text() == "3 rows read, 2 added, 0 already known, 1 rejected."
    assert "1 item was not known and created: BRG-6204." in screen.more.text()
    counts = workstation.services.lookup.queue(workstation.warehouse.people.supervisor, Queue.NEGATIVE)
    assert len(counts) == 1


def test_importing_twice_adds_nothing(workstation: Workstation, screen: IntakeScreen, tmp_path: Path) -> None:
    _choose(workstation, screen, _ledger(tmp_path))
    _import(workstation)
    _import(workstation)
    assert screen.verdict.text() == "3 rows read, 0 added, 2 already known, 1 rejected."


def test_every_import_is_listed_with_its_numbers(
    workstation: Workstation, screen: IntakeScreen, tmp_path: Path
) -> None:
    _choose(workstation, screen, _ledger(tmp_path))
    _import(workstation)
    (run,) = _cells(screen.lists.runs)
    assert run[:2] == ["ledger.csv", "Movements"]
    assert run[3:] == ["3", "2", "0", "0", "1"]


def test_rejected_rows_are_saved_mended_and_imported_again(
    workstation: Workstation, screen: IntakeScreen, tmp_path: Path
) -> None:
    _choose(workstation, screen, _ledger(tmp_path))
    _import(workstation)
    (rejected,) = _cells(screen.lists.rejected)
    assert rejected[:3] == ["4", "quantity", "twelve"]
    mended = tmp_path / "mended.csv"
    workstation.prompts.answers.append(mended)
    workstation.qtbot.keyClick(screen, Qt.Key.Key_E, CTRL)
    text = mended.read_text("utf-8-sig")
    assert text.splitlines()[0].startswith("movement_id,item,location,quantity")
    mended.write_text(text.replace("twelve", "12", 1), "utf-8")
    _choose(workstation, screen, mended)
    _import(workstation)
    assert screen.verdict.text() == "1 rows read, 1 added, 0 already known, 0 rejected."
    assert not screen.export.isVisible()


def test_the_rejects_of_an_earlier_import_can_be_seen_again(
    workstation: Workstation, screen: IntakeScreen, tmp_path: Path
) -> None:
    _choose(workstation, screen, _ledger(tmp_path))
    _import(workstation)
    screen.take([_write(tmp_path / "good.csv", OWN, [])])
    assert not screen.export.isVisible()
    screen.lists.setCurrentWidget(screen.lists.runs)
    screen.lists.runs.setFocus()
    screen.lists.runs.select_first()
    workstation.qtbot.keyClick(screen.lists.runs, Qt.Key.Key_Return)
    assert screen.lists.currentWidget() is screen.lists.rejected
    assert _cells(screen.lists.rejected)[0][2] == "twelve"


def test_a_mapping_is_saved_and_used_again(
    workstation: Workstation, screen: IntakeScreen, tmp_path: Path
) -> None:
    path = _write(tmp_path / "foreign.csv", ("Sku", "Bin", "Qty", "When"),
                  [("A-1", "B-1", "5", "2026-03-01T08:00:00Z")])  # fmt: skip
    _choose(workstation, screen, path)
    for field, name in (("Item", "Sku"), ("Location", "Bin"), ("Quantity", "Qty"), ("Happened at", "When")):
        _pick(_column(screen, field), name)
    screen.side.name.setFocus()
    workstation.qtbot.keyClicks(screen.side.name, "Our WMS")
    workstation.qtbot.keyClick(screen.side.name, Qt.Key.Key_S, CTRL)
    assert workstation.said[-1][0] == "Mapping “Our WMS” saved."
    later = workstation.show(IntakeScreen(workstation.desk(workstation.warehouse.people.manager)))
    later.take([path])
    _pick(later.side.mapping, "Our WMS")
    assert later.verdict.text() == "The first 1 rows are understood."
    assert "A-1" in _cells(later.lists.understood)[0]


def test_a_mapping_written_by_hand_is_taken_from_a_file(
    workstation: Workstation, screen: IntakeScreen, tmp_path: Path
) -> None:
    path = _write(tmp_path / "two.csv", ("Sku", "Bin", "In", "Out", "When"),
                  [("A-1", "B-1", "", "5", "2026-03-01T08:00:00Z")])  # fmt: skip
    mapping = tmp_path / "two columns.toml"
    mapping.write_text(
        'kind = "movements"\n[columns]\nitem = "Sku"\nlocation = "Bin"\n'
        'quantity_in = "In"\nquantity_out = "Out"\noccurred_at = "When"\n'
    )
    _choose(workstation, screen, path)
    workstation.prompts.answers.append(mapping)
    _pick(screen.side.mapping, "From a file (.toml)…")
    assert screen.side.name.text() == "two columns"
    assert f"{MINUS}5" in _cells(screen.lists.understood)[0]
    _import(workstation)
    assert screen.verdict.text().startswith("1 rows read, 1 added")


def test_a_change_in_the_form_rules_over_the_text_again(
    workstation: Workstation, screen: IntakeScreen, tmp_path: Path
) -> None:
    _choose(workstation, screen, _ledger(tmp_path))
    _write_by_hand(workstation, screen, "nonsense")
    workstation.qtbot.waitUntil(screen.wrong.isVisible)
    screen.side.tabs.setCurrentWidget(screen.form)
    _pick(_column(screen, "Document"), "– not in this file –")
    workstation.qtbot.waitUntil(lambda: not screen.wrong.isVisible())
    assert "document =" not in screen.side.written.toPlainText()
    assert screen.run.isEnabled()


def test_a_person_without_the_right_is_refused_in_words(workstation: Workstation, tmp_path: Path) -> None:
    screen = workstation.show(IntakeScreen(workstation.desk(workstation.warehouse.people.auditor)))
    screen.take([_ledger(tmp_path)])
    _import(workstation)
    assert screen.wrong.isVisible()
    assert screen.verdict.text() == ""


# in the whole window


def _long_import(console: Console, folder: Path) -> Any:
    """The import screen with an import under way that takes a while."""
    rows = [
        (f"M{n}", f"ITEM-{n % 997}", f"B-{n % 89}", "5", "EA", "receipt", "2026-03-01T08:00:00Z", "", "")
        for n in range(30_000)
    ]
    path = _write(folder / "long.csv", OWN, rows)
    console.inline = False
    window = console.open()
    console.sign_in(console.warehouse.people.supervisor)
    assert window.workplace is not None
    window.workplace.go(Place("import", path))
    screen = console.here
    console.until(screen.run.isEnabled)
    console.press("Import", screen)
    console.until(lambda: screen.bar.value() > 0)
    return screen


def test_a_long_import_can_be_stopped_and_keeps_nothing(console: Console, tmp_path: Path) -> None:
    screen = _long_import(console, tmp_path)
    window = console.window
    console.press("Stop", screen)
    console.until(lambda: "Nothing of this import was kept" in window.workplace.banner.text)  # type: ignore[union-attr]
    assert window.services.intake.runs() == ()
    assert window.services.sites.recorded_to() == 0
    assert not screen.bar.isVisible()
    assert screen.run.isEnabled()


def test_closing_while_an_import_runs_asks_first(console: Console, tmp_path: Path) -> None:
    _long_import(console, tmp_path)
    window = console.window
    assert not window.close()
    question = console.dialog(Question)
    console.click(question.no)
    console.until(console.no_dialog)
    assert window.isVisible()
    assert not window.close()
    console.click(console.dialog(Question).yes)
    console.until(lambda: not window.isVisible())
    assert window.services.intake.runs() == ()
