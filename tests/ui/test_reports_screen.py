"""Reports through the window: what is seen is what is saved, and what headless would write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest
from PySide6.QtCore import QDateTime, Qt
from PySide6.QtWidgets import QApplication, QPushButton
from python_calamine import load_workbook

from support.console import Console
from support.desk import Workstation
from support.floor import Floor
from zeroline.domain import instant
from zeroline.domain.instant import DAY
from zeroline.domain.person import Person
from zeroline.reports.press import ReportKind, Wish, compose, write
from zeroline.ui.desk import Place
from zeroline.ui.screens.reports import ReportsScreen

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def settled(floor: Floor) -> int:
    """A bin that went below zero, was counted twice and corrected; answers its case."""
    key = floor.warehouse.key("BRG-6204", "E-02")
    floor.warehouse.move("BRG-6204", "E-02", "3", document="IN/1")
    floor.warehouse.move("BRG-6204", "E-02", "-11", document="OUT/33")
    floor.settle(key, "4")
    floor.warehouse.clock.forward(DAY)
    return floor.case_of(key)


@pytest.fixture
def screen(workstation: Workstation, settled: int) -> ReportsScreen:
    """The reports of a manager after a day's work."""
    return workstation.show(ReportsScreen(workstation.desk(_manager(workstation))))


def _manager(workstation: Workstation) -> Person:
    return workstation.warehouse.people.manager


def _choose(workstation: Workstation, screen: ReportsScreen, kind: ReportKind, target: str = "") -> None:
    """Go down the list to a report, name what it is about, and make it with Ctrl+Enter."""
    screen.kinds.setFocus()
    while screen.kind is not kind:
        workstation.qtbot.keyClick(screen.kinds, Qt.Key.Key_Down)
    if target:
        screen.target.setFocus()
        workstation.qtbot.keyClicks(screen.target, target)
    workstation.qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, CTRL)


def _target(workstation: Workstation, kind: ReportKind, case: int) -> str:
    sheets = workstation.services.counting.sheets(_manager(workstation))
    return {ReportKind.COUNT_SHEET: sheets[0].number, ReportKind.CASE_TRAIL: str(case)}.get(kind, "")


def _since(workstation: Workstation, screen: ReportsScreen) -> int:
    return instant.parse(screen.since.date().toString("yyyy-MM-dd") + "T00:00:00Z")


def _save(workstation: Workstation, screen: ReportsScreen, path: Path, modifier: Any = CTRL) -> bytes:
    workstation.prompts.answers.append(path)
    workstation.qtbot.keyClick(screen.kinds, Qt.Key.Key_S, modifier)
    return path.read_bytes()


def _words(path: Path) -> str:
    document = pdfium.PdfDocument(path)
    try:
        return "\n".join(document[n].get_textpage().get_text_range() for n in range(len(document)))
    finally:
        document.close()


def test_before_a_report_is_made_the_page_says_what_it_will_be(screen: ReportsScreen) -> None:
    assert screen.nothing.isVisible()
    assert screen.nothing.title.text() == "Stock reconciliation"
    assert not screen.save_pdf.isEnabled()
    assert not screen.stop.isVisible()


@pytest.mark.parametrize("kind", ReportKind)
def test_what_is_saved_is_what_headless_writes_for_the_same_wish(
    workstation: Workstation, screen: ReportsScreen, settled: int, tmp_path: Path, kind: ReportKind
) -> None:
    target = _target(workstation, kind, settled)
    _choose(workstation, screen, kind, target)
    assert screen.wrong.text() == ""
    seen = _save(workstation, screen, tmp_path / "seen.pdf")
    dated = kind not in (ReportKind.COUNT_SHEET, ReportKind.CASE_TRAIL)
    wish = Wish(
        kind,
        since=_since(workstation, screen) if dated else None,
        target=int(target.rpartition("-")[2]) if target else None,
    )
    headless = tmp_path / "headless.pdf"
    write(compose(workstation.services, _manager(workstation), wish), headless)
    assert seen == headless.read_bytes()


@pytest.mark.parametrize("kind", ReportKind)
def test_every_report_is_seen_page_by_page(
    workstation: Workstation, screen: ReportsScreen, settled: int, kind: ReportKind
) -> None:
    _choose(workstation, screen, kind, _target(workstation, kind, settled))
    assert screen.view.isVisible()
    assert screen.view.page_count >= 1
    assert screen.state.text().startswith(f"Page 1 of {screen.view.page_count}")
    workstation.qtbot.waitUntil(lambda: len(_colours(screen)) > 3)  # there is print on the paper


def _colours(screen: ReportsScreen) -> set[str]:
    """The colours of the upper part of what the preview shows."""
    seen = screen.view.viewport().grab().toImage()
    return {seen.pixelColor(x, y).name() for x in range(20, 500, 3) for y in range(20, 300, 3)}


def test_the_workbook_holds_the_same_adjustment(
    workstation: Workstation, screen: ReportsScreen, tmp_path: Path
) -> None:
    _choose(workstation, screen, ReportKind.REGISTER)
    _save(workstation, screen, tmp_path / "register.xlsx", CTRL | SHIFT)
    book = load_workbook(str(tmp_path / "register.xlsx"))
    cells = [str(cell) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()
             for cell in row]  # fmt: skip
    assert "BRG-6204" in cells
    assert any("Mara Manager" in cell for cell in cells)


def test_the_suggested_name_says_what_and_when(
    workstation: Workstation, screen: ReportsScreen, tmp_path: Path
) -> None:
    _choose(workstation, screen, ReportKind.NEGATIVES)
    _save(workstation, screen, tmp_path / "x.pdf")
    name = workstation.prompts.asked[-1][2]
    assert name.endswith(".pdf")
    assert " " not in name
    assert "2026" in name


def test_as_of_yesterday_shows_what_was_known_then(
    workstation: Workstation, screen: ReportsScreen, settled: int, tmp_path: Path
) -> None:
    floor_now = workstation.warehouse.clock()
    _choose(workstation, screen, ReportKind.REGISTER)
    assert "BRG-6204" in _words(_path(workstation, screen, tmp_path / "now.pdf"))
    screen.now.setFocus()
    workstation.qtbot.keyClick(screen.now, Qt.Key.Key_Space)
    assert screen.as_of.isVisible()
    before = QDateTime.fromMSecsSinceEpoch((floor_now - 2 * DAY) // 1000, screen.as_of.timeZone())
    screen.as_of.setDateTime(before)
    workstation.qtbot.keyClick(screen.as_of, Qt.Key.Key_Return, CTRL)
    assert "BRG-6204" not in _words(_path(workstation, screen, tmp_path / "then.pdf"))


def _path(workstation: Workstation, screen: ReportsScreen, path: Path) -> Path:
    _save(workstation, screen, path)
    return path


def test_a_period_that_ends_before_it_begins_is_refused_in_words(
    workstation: Workstation, screen: ReportsScreen
) -> None:
    screen.since.setDate(screen.since.date().addDays(90))
    _choose(workstation, screen, ReportKind.NEGATIVES)
    assert screen.wrong.text().endswith(".")
    assert not screen.save_pdf.isEnabled()
    assert screen.nothing.isVisible()


def test_a_sheet_that_was_not_named_is_asked_for_beside_the_field(
    workstation: Workstation, screen: ReportsScreen
) -> None:
    _choose(workstation, screen, ReportKind.COUNT_SHEET)
    assert screen.wrong.text()
    assert QApplication.focusWidget() is screen.target


def test_another_report_clears_the_one_before(workstation: Workstation, screen: ReportsScreen) -> None:
    _choose(workstation, screen, ReportKind.RECONCILIATION)
    assert screen.save_pdf.isEnabled()
    screen.kinds.setFocus()
    workstation.qtbot.keyClick(screen.kinds, Qt.Key.Key_Down)
    assert not screen.save_pdf.isEnabled()
    assert screen.nothing.title.text() == "Negative exceptions"


def test_a_screen_that_leads_here_finds_its_report_made(workstation: Workstation, settled: int) -> None:
    screen = workstation.show(ReportsScreen(workstation.desk(_manager(workstation))), ("case-trail", settled))
    assert screen.kind is ReportKind.CASE_TRAIL
    assert screen.view.page_count >= 1


def test_letter_paper_is_another_size(
    workstation: Workstation, screen: ReportsScreen, tmp_path: Path
) -> None:
    screen.paper.setCurrentIndex(1)
    _choose(workstation, screen, ReportKind.NEGATIVES)
    _save(workstation, screen, tmp_path / "letter.pdf")
    document = pdfium.PdfDocument(tmp_path / "letter.pdf")
    assert sorted(round(side) for side in document[0].get_size()) == [612, 792]
    document.close()


def test_a_report_under_way_can_be_stopped(console: Console, floor: Floor) -> None:
    for n in range(400):
        floor.warehouse.move(f"ITEM-{n:04d}", f"B-{n % 40:02d}", "-1", cases=n == 399)
    console.inline = False
    window = console.open()
    console.sign_in(floor.people.manager)
    assert window.workplace is not None
    window.workplace.go(Place("reports"))
    screen = console.here
    console.press("Make the report", screen)
    assert screen.stop.isVisible()
    console.press("Stop", screen)
    console.until(lambda: not screen.stop.isVisible())
    assert screen.nothing.isVisible()
    assert not screen.save_pdf.isEnabled()
    console.press("Make the report", screen)
    console.until(lambda: screen.view.page_count > 0)


@pytest.mark.parametrize("who", ["manager", "administrator"])
def test_who_answers_for_the_books_names_the_company_that_reports_are_of(
    workstation: Workstation, settled: int, who: str
) -> None:
    person = getattr(workstation.warehouse.people, who)
    screen = workstation.show(ReportsScreen(workstation.desk(person)))
    assert screen.entity.text() == "not named yet"
    workstation.prompts.answers.append("  Nordhafen   GmbH ")
    button = next(
        one for one in screen.findChildren(QPushButton) if one.text().startswith("Name the company")
    )
    workstation.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert screen.entity.text() == "Nordhafen GmbH"
    _choose(workstation, screen, ReportKind.REGISTER)
    assert "Nordhafen GmbH" in _words_of_saved(workstation, screen)


def test_a_name_that_cannot_be_printed_is_refused_in_a_sentence(
    workstation: Workstation, screen: ReportsScreen
) -> None:
    workstation.prompts.answers.append("N" * 81)
    assert screen.name_entity is not None
    screen.name_entity.trigger()
    assert screen.wrong.text() == "Write the name of the company, up to 80 characters."
    assert screen.entity.text() == "not named yet"


def test_others_read_whose_books_these_are_and_cannot_change_it(
    workstation: Workstation, settled: int
) -> None:
    workstation.services.sites.name_entity("Acme")
    auditor = workstation.warehouse.people.auditor
    screen = workstation.show(ReportsScreen(workstation.desk(auditor)))
    assert screen.entity.text() == "Acme"
    assert screen.name_entity is None


def _words_of_saved(workstation: Workstation, screen: ReportsScreen) -> str:
    path = workstation.settings.with_name("saved.pdf")
    _save(workstation, screen, path)
    return _words(path)


def test_a_pdf_that_cannot_be_put_in_its_place_leaves_nothing_half_written(
    workstation: Workstation, screen: ReportsScreen, tmp_path: Path
) -> None:
    _choose(workstation, screen, ReportKind.NEGATIVES)
    taken = tmp_path / "saved" / "negatives.pdf"
    (taken / "something").mkdir(parents=True)
    troubles: list[str] = []
    workstation.tasks.trouble.connect(lambda problem: troubles.append(problem.trouble.code))
    workstation.prompts.answers.append(taken)
    screen.save_pdf.trigger()
    assert troubles == ["file-unwritable"]
    assert list(taken.parent.iterdir()) == [taken]
