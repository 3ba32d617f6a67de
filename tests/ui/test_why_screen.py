"""Patterns and clocks in the window, with real keys over a real ledger."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from support.desk import Workstation
from support.planted import Planted, causes, guess, plant
from support.screen import focus
from zeroline.domain.case import Queue
from zeroline.domain.instant import DAY
from zeroline.ui.desk import CaseSet, Place
from zeroline.ui.dialogs.cause import CauseDialog
from zeroline.ui.screens import entries_for
from zeroline.ui.screens.queue import QueueScreen
from zeroline.ui.screens.why import WhyScreen
from zeroline.ui.theme import Tone


@pytest.fixture
def planted(workstation: Workstation) -> Planted:
    return plant(workstation.warehouse)


@pytest.fixture
def screen(workstation: Workstation, planted: Planted) -> WhyScreen:
    made = workstation.show(WhyScreen(workstation.desk(workstation.warehouse.people.supervisor)))
    focus(workstation.qtbot, made.patterns.table)
    return made


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


# --- patterns


def test_the_pattern_is_told_in_a_sentence_with_its_numbers(screen: WhyScreen) -> None:
    page = screen.patterns
    assert page.happened.text() == "10 of the 11 receipts behind T1 Receipt posted late came from ACME."
    assert plain(page.compared.text()) == "Of all 71 receipts of the period 20 % do (14)."
    assert "Fisher's exact test" in page.tested.text()
    assert "4 × 10⁻⁷ after correction for 18 comparisons" in plain(page.tested.text())
    assert plain(page.next.text()) == "Next: look at them together, then tag 10 cases T1."
    assert len(page.cases.cases) == 10
    assert "1 pattern · " in plain(page.panel.summary.text())
    assert "11 cases" in plain(page.panel.summary.text())


def test_o_opens_the_queue_narrowed_to_its_cases(
    workstation: Workstation, screen: WhyScreen, planted: Planted
) -> None:
    workstation.qtbot.keyClick(screen.patterns.table, Qt.Key.Key_O)
    place = workstation.went[-1]
    assert place == Place("queue:transient", CaseSet(planted.late, "Pattern: receipts that came from ACME"))
    queue = workstation.show(
        QueueScreen(workstation.desk(workstation.warehouse.people.supervisor), Queue.TRANSIENT), place.target
    )
    assert sorted(queue.table.table.rows.ids) == sorted((*planted.late, planted.other))
    display = queue.table.table.arrangement.display.tolist()
    assert {queue.table.table.rows.ids[row] for row in display if row >= 0} == set(planted.late)
    assert queue.table.current_id() == planted.late[0]
    chips = [chip.text() for chip in queue.panel.chips.findChildren(QToolButton)]
    assert set(chips) == {"Pattern: receipts that came from ACME"}
    queue.panel.clear_filter()
    assert queue.table.table.arrangement.matched == 11


def test_t_says_what_it_will_do_and_tags_them_in_one_write(
    workstation: Workstation, screen: WhyScreen, planted: Planted
) -> None:
    workstation.prompts.answers = [True]
    workstation.qtbot.keyClick(screen.patterns.table, Qt.Key.Key_T)
    (_, title, text) = workstation.prompts.asked[0]
    assert title == "Tag the cases of this pattern"
    assert plain(text).endswith(
        "10 cases get the cause T1 Receipt posted late. This cause wants no adjustment: the late document "
        "brings it right."
    )
    tagged = causes(workstation.warehouse)
    assert {case for case, cause in tagged.items() if cause == "T1"} == set(planted.late)
    assert (plain(workstation.said[-1][0]), workstation.said[-1][1]) == ("10 cases tagged T1.", Tone.VERIFIED)
    with workstation.warehouse.database.read() as connection:
        said = connection.exec_driver_sql("SELECT DISTINCT cause_comment FROM stock_case WHERE cause <> ''")
        assert said.scalars().all() == ["Pattern: 10 of 11 receipts came from ACME"]


def test_refusing_tags_nothing(workstation: Workstation, screen: WhyScreen) -> None:
    workstation.prompts.answers = [None]
    workstation.qtbot.keyClick(screen.patterns.table, Qt.Key.Key_T)
    assert set(causes(workstation.warehouse).values()) == {""}


def test_those_that_have_the_cause_already_are_counted_and_left(
    workstation: Workstation, screen: WhyScreen, planted: Planted
) -> None:
    supervisor = workstation.warehouse.people.supervisor
    workstation.services.casework.tag_causes(supervisor, planted.late, "T1")
    screen.reload()
    assert screen.patterns.next.text().startswith("Next: all of them have their cause.")
    assert not screen.patterns.tag_action.isEnabled()
    workstation.qtbot.keyClick(screen.patterns.table, Qt.Key.Key_T)
    assert workstation.prompts.asked == []


def test_what_stays_as_it_is_is_said_before_tagging(
    workstation: Workstation, screen: WhyScreen, planted: Planted
) -> None:
    supervisor, casework = workstation.warehouse.people.supervisor, workstation.services.casework
    casework.tag_cause(supervisor, planted.late[0], "T1")
    casework.close(supervisor, planted.late[1:3], cause="T1")
    screen.reload()
    workstation.prompts.answers = [None]
    workstation.qtbot.keyClick(screen.patterns.table, Qt.Key.Key_T)
    text = plain(workstation.prompts.asked[0][2])
    assert "7 cases get the cause T1" in text
    assert "3 cases have it already." in text


def test_another_cause_is_asked_for(workstation: Workstation, screen: WhyScreen, planted: Planted) -> None:
    workstation.qtbot.keyClick(screen.patterns.table, Qt.Key.Key_T, Qt.KeyboardModifier.ShiftModifier)
    dialog = workstation.dialog(CauseDialog)
    dialog.list.select_ids(["T6"])
    dialog.yes.click()
    assert {case for case, cause in causes(workstation.warehouse).items() if cause == "T6"} == set(
        planted.late
    )


def test_enter_on_a_case_opens_it(workstation: Workstation, screen: WhyScreen, planted: Planted) -> None:
    cases = screen.patterns.cases
    focus(workstation.qtbot, cases.table)
    workstation.qtbot.keyClick(cases.table, Qt.Key.Key_Return)
    assert workstation.went[-1] == Place("case", planted.late[0])


def test_a_reader_sees_patterns_but_tags_nothing(workstation: Workstation, planted: Planted) -> None:
    made = workstation.show(WhyScreen(workstation.desk(workstation.warehouse.people.auditor)))
    assert made.patterns.current() is not None
    assert not made.patterns.tag_action.isVisible()
    assert not made.patterns.other_action.isVisible()


def test_closed_cases_are_said_and_not_looked_for_in_the_queue(
    workstation: Workstation, screen: WhyScreen, planted: Planted
) -> None:
    supervisor = workstation.warehouse.people.supervisor
    workstation.services.casework.close(supervisor, planted.late[:3], cause="T1")
    screen.reload()
    workstation.qtbot.keyClick(screen.patterns.table, Qt.Key.Key_O)
    assert workstation.went[-1].target.ids == planted.late[3:]
    assert plain(workstation.said[-1][0]) == "7 cases here; 3 are closed."
    workstation.services.casework.close(supervisor, planted.late[3:], cause="T1")
    screen.reload()
    went = len(workstation.went)
    workstation.qtbot.keyClick(screen.patterns.table, Qt.Key.Key_O)
    assert len(workstation.went) == went
    assert workstation.said[-1][0].startswith("All of these cases are closed")


def test_a_period_without_cases_says_what_to_do_next(workstation: Workstation) -> None:
    made = workstation.show(WhyScreen(workstation.desk(workstation.warehouse.people.supervisor)))
    assert made.patterns.panel.nothing.title.text() == "No case began in this period"
    assert not made.patterns.feet.isVisible()


def test_cases_that_share_nothing_say_how_many_ways_were_looked_at(workstation: Workstation) -> None:
    warehouse = workstation.warehouse
    warehouse.source()
    crossings = {}
    for number in range(5):
        seq = warehouse.move(f"ITEM-{number}", f"A-0{number}", -1, cases=False)
        crossings[seq] = seq
    warehouse.clock.forward(DAY)
    workstation.services.casework.sync()
    guess(warehouse, crossings, "K1")
    made = workstation.show(WhyScreen(workstation.desk(warehouse.people.supervisor)))
    nothing = made.patterns.panel.nothing
    assert nothing.title.text() == "No pattern stands out"
    assert plain(nothing.text.text()).startswith("5 cases were looked at in ")


def test_another_period_is_read_and_remembered(workstation: Workstation, screen: WhyScreen) -> None:
    focus(workstation.qtbot, screen.period)
    workstation.qtbot.keyClick(screen.period, Qt.Key.Key_Up)
    assert screen.period.currentText() == "last 30 days"
    assert screen.patterns.days == screen.clocks.days == 30
    again = WhyScreen(workstation.desk(workstation.warehouse.people.supervisor))
    workstation.qtbot.addWidget(again)
    assert again.period.currentText() == "last 30 days"


def test_what_somebody_tags_elsewhere_is_read_again(
    workstation: Workstation, screen: WhyScreen, planted: Planted
) -> None:
    supervisor, casework = workstation.warehouse.people.supervisor, workstation.services.casework
    workstation.tasks.command(lambda: casework.tag_cause(supervisor, planted.late[0], "T3"))
    assert len(screen.patterns.cases.cases) == 9


# --- clocks


@pytest.fixture
def clocks(workstation: Workstation, screen: WhyScreen) -> WhyScreen:
    workstation.qtbot.keyClick(screen.patterns.table, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert screen.page is screen.clocks
    focus(workstation.qtbot, screen.clocks.table)
    return screen


def test_lags_are_listed_with_the_latest_first_and_drawn_by_week(clocks: WhyScreen) -> None:
    page = clocks.clocks
    assert page.table.current_id() == ("erp", "receipt")
    told = plain(page.said.text())
    assert told.startswith(
        "Half of the 71 receipts that erp told were recorded within 1 min, 95 % within 8 h"
    )
    assert "11 (15.5 %) took over an hour" in told
    assert len(page.cases.cases) == 11
    assert page.chart.title.text() == "receipts of erp"
    assert sum(week.count for week in page.chart.weeks) == 71
    assert "weeks, latest: week of" in plain(page.chart.accessibleDescription())


def test_stepping_through_the_weeks_shows_their_cases(workstation: Workstation, clocks: WhyScreen) -> None:
    page = clocks.clocks
    focus(workstation.qtbot, page.chart)
    workstation.qtbot.keyClick(page.chart, Qt.Key.Key_Left)
    assert page.chart.selected == len(page.chart.weeks) - 1
    workstation.qtbot.keyClick(page.chart, Qt.Key.Key_Left)
    week = page.chart.weeks[page.chart.selected or 0]
    assert week.cases == len(page.cases.cases) > 0
    assert plain(page.chart.readout.text()) == plain(page.said.text())


def test_a_click_on_a_week_in_the_drawing_selects_it(workstation: Workstation, clocks: WhyScreen) -> None:
    chart = clocks.clocks.chart
    plot = chart._plot
    assert plot is not None
    QTest.mouseMove(plot.viewport, plot.place_of(1).toPoint())
    assert "week of" in chart.readout.text()
    QTest.mouseClick(
        plot.viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, plot.place_of(1).toPoint()
    )
    assert chart.selected == 1


def test_what_stands_out_is_a_sentence_with_its_cases(workstation: Workstation, clocks: WhyScreen) -> None:
    page = clocks.clocks
    focus(workstation.qtbot, page.remarks)
    assert plain(page.said.text()) == (
        "erp told 11 of 11 movements after wms had told what came after them, half of them by more than 7 h."
    )
    workstation.qtbot.keyClick(page.remarks, Qt.Key.Key_O)
    place = workstation.went[-1]
    assert place.screen == "queue:transient"
    assert len(place.target.ids) == 11
    focus(workstation.qtbot, page.table)
    assert page.remarks.current_id() is None
    assert page.said.text().startswith("Half of")


# --- what we learned


def learned(workstation: Workstation, who: str = "manager") -> WhyScreen:
    made = WhyScreen(workstation.desk(getattr(workstation.warehouse.people, who)))
    workstation.show(made, "learned")
    assert made.page is made.learned
    return made


@pytest.fixture
def answered(workstation: Workstation, planted: Planted) -> str:
    """Six guesses are right, two were something else; answers what was guessed."""
    supervisor, casework = workstation.warehouse.people.supervisor, workstation.services.casework
    guess = workstation.services.diagnosing.lines()[0].hypotheses[0].cause
    casework.tag_causes(supervisor, planted.late[:6], guess)
    casework.tag_causes(supervisor, planted.late[6:8], "K1")
    return guess


def test_guesses_and_answers_meet_by_cause(workstation: Workstation, answered: str) -> None:
    page = learned(workstation).learned
    assert plain(page.told.text()) == "People answered 8 cases: 6 (75 %) as the program had guessed."
    rows = page.table.table.rows
    line = rows.row_of(answered)
    assert line is not None
    told = {key: rows.value(key, line) for key in ("confirmed", "guessed", "right", "share", "missed")}
    assert told == {"confirmed": 6, "guessed": 8, "right": 6, "share": 750_000, "missed": 0}
    assert rows.value("mean", line) > rows.value("prior", line)
    assert rows.value("instead", line).startswith("K1")
    assert page.table.current_id() == answered
    confused = page.confusion.table.rows
    assert [
        (str(confused.value("guess", n))[:2], str(confused.value("cause", n))[:2], confused.value("count", n))
        for n in range(len(confused))
    ] == [(answered, answered, 6), (answered, "K1", 2)]


def test_a_manager_makes_the_program_forget_with_a_reason(
    workstation: Workstation, answered: Planted
) -> None:
    page = learned(workstation).learned
    workstation.prompts.answers = ["the dock was rebuilt"]
    page.reset_action.trigger()
    assert "8 answers at MAIN will not count any more" in plain(workstation.prompts.asked[0][2])
    assert page.told.text().startswith("Nobody has answered a guess yet")
    assert "by Mara Manager: the dock was rebuilt" in page.forgotten.text()
    assert not page.reset_action.isEnabled()
    assert list(causes(workstation.warehouse).values()).count(answered) == 6


def test_a_supervisor_reads_what_was_learned_and_resets_nothing(
    workstation: Workstation, answered: str
) -> None:
    page = learned(workstation, "supervisor").learned
    assert not page.reset_action.isVisible()
    assert not page.feet.isVisible()
    page.table.select_ids(["P1"])
    assert page.title.text().startswith("Nobody has said anything about P1")


def test_without_a_site_it_says_where_learning_begins(workstation: Workstation) -> None:
    page = learned(workstation).learned
    assert page.panel.nothing.title.text() == "No site yet"
    assert not page.reset_action.isEnabled()


def test_who_may_read_the_book_finds_the_screen_in_the_side_bar(workstation: Workstation) -> None:
    people = workstation.warehouse.people
    assert "why" in {entry.key for entry in entries_for(people.auditor)}
    assert "why" not in {entry.key for entry in entries_for(people.counter)}
