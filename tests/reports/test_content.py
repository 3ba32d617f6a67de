"""The five reports on paper and in the workbook, read back: nothing an auditor asks for is missing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from support import reports
from support.reading import extent, opened, page_text, printed, smallest_type, symbols, texts, whole_text
from zeroline.domain.quantity import SCALE
from zeroline.domain.views.explanation import Explained, Standing
from zeroline.domain.views.reporting import NegativeRow, Register
from zeroline.reports.content.count_sheet import count_sheet_report
from zeroline.reports.content.negatives import exception_report
from zeroline.reports.content.reconciliation import reconciliation_report
from zeroline.reports.content.register import register_report
from zeroline.reports.content.trail import trail_report
from zeroline.reports.documents import Document, Flag, Flagged, Table
from zeroline.reports.pdf import write_pdf
from zeroline.reports.press import write


def trail(count: int, awkward: bool = False) -> Document:
    case, entries = reports.case(count, awkward)
    return trail_report(case, entries, reports.basis())


REPORTS: dict[str, Callable[[int, bool], Document]] = {
    "reconciliation": lambda count, awkward: reconciliation_report(reports.reconciliation(count, awkward)),
    "negatives": lambda count, awkward: exception_report(reports.exceptions(count, awkward)),
    "count-sheet": lambda count, awkward: count_sheet_report(reports.sheet(count, awkward), reports.basis()),
    "register": lambda count, awkward: register_report(reports.register(count, awkward)),
    "case-trail": trail,
}
each_report = pytest.mark.parametrize("kind", REPORTS)


def flat(text: str) -> str:
    return " ".join(text.split())


def whole(document: Document, folder: Path) -> str:
    with printed(document, folder) as pdf:
        return flat(" ".join(texts(pdf)))


def with_why(row: NegativeRow, why: Explained) -> NegativeRow:
    return replace(row, why=why)


def table(document: Document, key: str) -> Table:
    return next(block for block in document.blocks if isinstance(block, Table) and block.key == key)


# --- every report


@each_report
@pytest.mark.parametrize("count", [0, 1, 300])
def test_every_page_is_numbered_and_says_what_it_is_as_of_when_and_of_which_data(
    kind: str, count: int, tmp_path: Path
) -> None:
    document = REPORTS[kind](count, False)
    with printed(document, tmp_path) as pdf:
        pages = [flat(text) for text in texts(pdf)]
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page
        assert document.title in page
        assert "2026-03-01 10:00" in page
        assert document.integrity.data_hash[:16] in page
        assert "1259:8ab2cd01efa97c33" in page.replace(",", "")


@each_report
def test_the_header_names_company_scope_zone_currency_policy_and_who_made_it(
    kind: str, tmp_path: Path
) -> None:
    with printed(REPORTS[kind](3, False), tmp_path) as pdf:
        first = flat(page_text(pdf, 0))
    for told in (
        "Nordhafen Industrial Supply GmbH",
        "Europe/Berlin",
        "EUR",
        "Ada Auditor",
        "Policy version 2",
    ):
        assert told in first


@each_report
def test_the_last_part_proves_the_data(kind: str, tmp_path: Path) -> None:
    document = REPORTS[kind](3, False)
    told = whole(document, tmp_path)
    assert document.integrity.data_hash in told.replace(" ", "")
    assert reports.basis().chain_head in told.replace(" ", "")
    assert document.integrity.row_count is not None


@each_report
def test_the_audit_head_can_be_scanned_from_the_first_page(kind: str, tmp_path: Path) -> None:
    with printed(REPORTS[kind](3, False), tmp_path) as pdf:
        scanned = [text for _, text in symbols(pdf, 0)]
    assert f"1259:{reports.basis().chain_head}" in scanned


@each_report
def test_the_same_data_give_the_same_bytes(kind: str, tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_pdf(REPORTS[kind](40, True), tmp_path / name)
    one, two = (hashlib.sha256((tmp_path / name).read_bytes()).digest() for name in ("one", "two"))
    assert one == two


@each_report
def test_long_codes_and_descriptions_stay_on_the_page_and_whole(kind: str, tmp_path: Path) -> None:
    with printed(REPORTS[kind](12, True), tmp_path) as pdf:
        for index in range(len(pdf)):
            left, bottom, right, top = extent(pdf, index)
            width, height = pdf[index].get_size()
            assert min(left, bottom) >= 0
            assert right <= width
            assert top <= height
            assert smallest_type(pdf, index) >= 5
        told = "".join("".join(texts(pdf)).split())
    assert reports.LONG_CODE in told
    assert "".join(reports.LONG_TEXT.split()) in told


@each_report
def test_nothing_to_report_is_said_in_words(kind: str, tmp_path: Path) -> None:
    document = REPORTS[kind](0, False)
    told = whole(document, tmp_path)
    for block in document.blocks:
        if isinstance(block, Table) and not block.row_count():
            assert flat(block.nothing) in told


@each_report
def test_the_workbook_holds_every_table_with_every_row(kind: str, tmp_path: Path) -> None:
    document = REPORTS[kind](30, True)
    path = tmp_path / "report.xlsx"
    write(document, path)
    book = CalamineWorkbook.from_path(str(path))
    sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    cells = {str(cell) for sheet in sheets for row in sheet for cell in row}
    assert document.integrity.data_hash in cells
    assert "Nordhafen Industrial Supply GmbH" in cells
    rows = sum(len(sheet) for sheet in sheets)
    assert rows >= sum(block.row_count() for block in document.blocks if isinstance(block, Table))
    for block in document.blocks:
        if isinstance(block, Table):
            for row in block.all_rows():
                if isinstance(row[0], str) and row[0]:
                    assert row[0] in cells


# --- (a) the reconciliation


def test_all_nine_parts_are_there_in_order(tmp_path: Path) -> None:
    told = whole(REPORTS["reconciliation"](40, False), tmp_path)
    parts = [
        "1 Scope",
        "2 Coverage",
        "3 Lines",
        "4 Totals",
        "5 Roll-forward",
        "6 Negatives",
        "7 Approvals",
        "8 Sign-off",
        "Hash of the data",
    ]
    places = [told.index(part) for part in parts]
    assert places == sorted(places)


def test_a_line_is_told_from_the_snapshot_to_the_adjustment(tmp_path: Path) -> None:
    told = whole(REPORTS["reconciliation"](6, False), tmp_path)
    for fact in (
        "BRG-00005",
        "Book at snapshot",
        "Cora Counter",
        "Otto Othercounter",
        "failed: below zero",
        "K3 Over- or under-pick",
        "ADJ-000005",
        "count CNT-000001 line 1; document receipt PO-4501666; attachment shelf.jpg",
        "posted",
    ):
        assert fact in told


def test_a_line_without_variance_is_kept_and_one_not_counted_says_why(tmp_path: Path) -> None:
    told = whole(REPORTS["reconciliation"](8, False), tmp_path)
    for words in ("BRG-00001", "no variance", "BRG-00007", "not counted: the aisle was blocked"):
        assert words in told


def test_ten_thousand_lines_are_all_printed(tmp_path: Path) -> None:
    path = tmp_path / "large.pdf"
    document = REPORTS["reconciliation"](10_000, False)
    write_pdf(document, path)
    with opened(path) as pdf:
        pages = [page_text(pdf, index) for index in range(0, len(pdf), 97)]
        assert all(f"of {len(pdf)}" in flat(page) for page in pages)
        last = flat(" ".join(page_text(pdf, index) for index in range(len(pdf) - 3, len(pdf))))
    assert "10,000" in last
    assert document.integrity.row_count == 10_000


def test_totals_add_up_to_their_rows() -> None:
    document = REPORTS["reconciliation"](70, False)
    lines = table(document, "lines")
    place = [column.key for column in lines.columns].index("value")
    values = [row[place] for row in lines.all_rows()]
    net, gross = (total.cells[place] for total in lines.totals)
    assert net == sum(value for value in values if isinstance(value, int))
    assert gross == sum(abs(value) for value in values if isinstance(value, int))
    assert {fact.label: fact.value for fact in document.integrity.controls}["Sum of variances, net"] == net
    coverage = table(document, "coverage")
    for total in coverage.totals:
        for place in range(1, 7):
            assert total.cells[place] == sum(row[place] for row in coverage.all_rows())  # type: ignore[misc]


def test_signatures_say_what_they_mean_and_the_auditor_has_room_both_ways(tmp_path: Path) -> None:
    told = whole(REPORTS["reconciliation"](3, False), tmp_path)
    for words in ("I counted", "I traced", "I approve", "sheet to floor", "floor to sheet"):
        assert words in told


# --- (b) the negative exceptions


def test_the_negatives_are_open_aged_by_cause_by_location_with_their_days(tmp_path: Path) -> None:
    told = whole(REPORTS["negatives"](40, False), tmp_path)
    for words in (
        "Open negatives by age",
        "Episodes of the period by likely cause",
        "By location",
        "By likely cause",
        "over 90 days",
        "Days negative",
        "Still below zero",
        "Mean time to repair",
        "Transient share",
        "Episodes per item",
    ):
        assert words in told


def test_groups_of_negatives_add_up_to_the_headline() -> None:
    data = reports.exceptions(60)
    document = exception_report(data)
    for key in ("by-location", "by-cause"):
        found = table(document, key)
        names = [column.key for column in found.columns]
        (total,) = found.totals
        for name, expected in (
            ("open", data.measures.negative_keys),
            ("episodes", 60),
            ("days", data.measures.days_negative),
            ("value_days", data.measures.value_days),
        ):
            place = names.index(name)
            assert total.cells[place] == expected
            assert sum(row[place] for row in found.all_rows()) == expected  # type: ignore[misc]


def test_a_schedule_tells_a_person_s_word_from_a_guess_and_prints_the_evidence(tmp_path: Path) -> None:
    told = whole(REPORTS["negatives"](6, False), tmp_path)
    for words in (
        "accepted the program's guess Sam Supervisor 2026-03-01 09:00",
        "only guessed: nobody has confirmed it",
        "not enough to say; nobody has said why",
        "92.0 %",
        "movement b1, PO-1: The receipt of 30 happened 2026-02-28 09:00 but was recorded",
        "movement m1, SO-1: This pick of −8 took the book below zero, recorded 2026-02-28 10:00.",
    ):
        assert words in told


def test_a_cause_that_the_program_did_not_think_of_rests_on_words_and_links() -> None:
    [row] = reports.exceptions(1).negatives
    found = Explained(
        Standing.CORRECTED,
        cause="L1",
        by="Sam",
        comment="a torn box",
        guess="T1",
        evidence_for="L1",
        linked=(("count", "CNT-000001 line 3"),),
    )
    schedule = table(
        exception_report(replace(reports.exceptions(1), negatives=(with_why(row, found),))), "negatives"
    )
    assert next(schedule.all_rows())[-1] == "For L1:\nsaid: “a torn box”\nlinked: count CNT-000001 line 3"


def test_a_cause_without_any_evidence_says_so() -> None:
    [row] = reports.exceptions(1).negatives
    shown = with_why(row, Explained(Standing.SAID, cause="S1", guess="K3", evidence_for="S1"))
    schedule = table(exception_report(replace(reports.exceptions(1), negatives=(shown,))), "negatives")
    assert next(schedule.all_rows())[-1] == "For S1:\nthe program has no evidence for it"


def test_evidence_for_another_cause_than_the_guess_says_so() -> None:
    [row] = reports.exceptions(1).negatives
    found = replace(reports.explained(1), cause="K3", guess="T1", evidence_for="K3")
    pieces = reports.crossed(1) * 2
    shown = with_why(row, replace(found, standing=Standing.CORRECTED, evidence=pieces))
    schedule = table(exception_report(replace(reports.exceptions(1), negatives=(shown,))), "negatives")
    lines = str(next(schedule.all_rows())[-1]).split("\n")
    assert (lines[0], lines[-1], len(lines)) == ("For K3:", "and 1 more", 5)


@pytest.mark.parametrize("standing", Standing)
def test_every_standing_has_its_words_and_what_nobody_confirmed_is_marked(standing: Standing) -> None:
    [row] = reports.exceptions(1).negatives
    shown = with_why(row, Explained(standing, guess="" if standing is Standing.SAID else "T1"))
    document = exception_report(replace(reports.exceptions(1), negatives=(shown,)))
    schedule = table(document, "negatives")
    cell = next(schedule.all_rows())[[column.key for column in schedule.columns].index("standing")]
    marked = isinstance(cell, Flagged) and cell.flag is Flag.ATTENTION
    assert marked != (shown.why.confirmed or standing is Standing.PRESUMED)
    assert table(document, "standings").row_count() == 1


def test_ten_thousand_episodes_are_all_printed_with_their_evidence(tmp_path: Path) -> None:
    path = tmp_path / "large.pdf"
    document = REPORTS["negatives"](10_000, False)
    write_pdf(document, path)
    with opened(path) as pdf:
        last = flat(" ".join(page_text(pdf, index) for index in range(len(pdf) - 4, len(pdf))))
    assert "movement b" in last
    assert "10,000" in last
    standings = table(document, "standings")
    assert sum(row[2] for row in standings.rows) == 10_000  # type: ignore[misc]


def test_a_workbook_has_the_cause_its_standing_and_the_probability_in_cells_of_their_own(
    tmp_path: Path,
) -> None:
    path = tmp_path / "negatives.xlsx"
    write(REPORTS["negatives"](3, False), path)
    sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("Negatives schedule").to_python()
    titles = sheet[0]
    accepted = next(row for row in sheet if row[titles.index("Item")] == "BRG-00001")
    told = {title: accepted[titles.index(title)] for title in ("Said by", "Probability", "Program's guess")}
    assert told == {
        "Said by": "Sam Supervisor",
        "Probability": 0.92,
        "Program's guess": "T1 Receipt posted late",
    }
    assert "accepted the program's guess" in str(accepted[titles.index("Stands on")])
    assert "took the book below zero" in str(accepted[titles.index("Evidence")])


# --- (c) the count sheet


def test_a_count_sheet_can_be_scanned_and_never_tells_the_book(tmp_path: Path) -> None:
    with printed(REPORTS["count-sheet"](3, False), tmp_path) as pdf:
        scanned = {text for _, text in symbols(pdf, 0)}
        told = flat(" ".join(texts(pdf)))
    assert {"CNT-000001", "BRG-00001", "N1-A-01"} <= scanned
    for word in ("Expected", "On hand", "Book", "Variance"):
        assert word not in told


# --- (d) the register


def test_the_register_names_tier_limit_required_and_actual_signer_time_and_comment(tmp_path: Path) -> None:
    told = whole(REPORTS["register"](1, False), tmp_path)
    for words in (
        "50,000.00",
        "manager",
        "value, open documents",
        "Mara · manager",
        "approved, posted",
        "agreed",
    ):
        assert words in told
    assert "against open documents: the delivery is for another bin" in told


def test_two_hands_of_one_person_are_a_conflict(tmp_path: Path) -> None:
    rows = (reports.approved(1, conflict=True), reports.approved(2))
    told = whole(register_report(Register(reports.basis(), rows)), tmp_path)
    assert "Approver = Investigator, Approver = Proposer" in told


def test_the_register_adds_up_net_and_gross() -> None:
    data = reports.register(7)
    approvals = table(register_report(data), "approvals")
    place = [column.key for column in approvals.columns].index("value")
    net, gross = (total.cells[place] for total in approvals.totals)
    assert (net, gross) == (sum(row.value for row in data.rows), 7 * reports.COST)
    assert net == -reports.COST


# --- (e) the trail


def test_a_trail_shows_state_chart_log_movements_and_the_chain(tmp_path: Path) -> None:
    told = whole(trail(9), tmp_path)
    for words in ("closed", "Balance over time", "What was done", "crossed zero", "case note", "T1 "):
        assert words in told


def test_a_trail_shows_every_hypothesis_and_every_answer_to_it(tmp_path: Path) -> None:
    told = whole(trail(3), tmp_path)
    for words in (
        "What the program guessed",
        "Guesses, not findings",
        "Nothing is missing; no count is needed.",
        "not enough to say",
        "What people said to it",
        "accepted the program's guess",
    ):
        assert words in told


def test_causes_that_explain_it_only_together_are_named(tmp_path: Path) -> None:
    case, entries = reports.case(3)
    assert case.guess is not None
    both = replace(case.guess, diagnosis=replace(case.guess.diagnosis, together=("T1", "K3")))
    told = whole(trail_report(replace(case, guess=both), entries, reports.basis()), tmp_path)
    assert "Only together they explain it: T1 Receipt posted late, K3 Over- or under-pick." in told


def test_an_adjustment_says_what_its_cause_stands_on(tmp_path: Path) -> None:
    rows = (
        replace(reports.approved(1), why=replace(reports.explained(1), cause="K3", guess="K3")),
        replace(reports.approved(2), why=Explained(Standing.SAID, cause="K3", by="Sam")),
        replace(reports.approved(3), why=Explained(Standing.SAID, cause="K3", by="Sam", guess="T1")),
        reports.approved(4),
    )
    told = whole(register_report(Register(reports.basis(), rows)), tmp_path)
    for words in (
        "Sam Supervisor: accepted the program's guess (K3, 92 %)",
        "Sam: said by a person, without a guess",
        "the guess was another (T1, 0 %)",
        "said with the proposal",
    ):
        assert words in told


def test_a_long_trail_says_how_much_is_left_out(tmp_path: Path) -> None:
    assert "180 movements further away are left out" in whole(trail(300), tmp_path)


def test_figures_without_ground_are_left_empty_not_zero() -> None:
    empty = reports.measures([], [])
    shares = (empty.transient_share, empty.negative_share, empty.first_count_yield, empty.recurrence)
    assert shares == (None,) * 4
    assert (empty.frequency, empty.adjustments_per_item) == (None, None)


def test_figures_follow_their_formulas() -> None:
    found = reports.exceptions(60).measures
    assert found.frequency == SCALE  # 60 episodes of 60 items in 30 days
    assert found.transient_share == SCALE // 4
    assert found.negative_share == SCALE // 4


def test_a_report_of_who_sees_only_some_sites_says_so(tmp_path: Path) -> None:
    rows = reports.register(3, False)
    document = register_report(replace(rows, basis=replace(rows.basis, limited=("MAIN", "NORTH"))))
    assert document.scope == "Only MAIN, NORTH"
    told = " ".join(whole_text(document, tmp_path).split())
    assert "MAIN, NORTH: what other sites have is hidden from Ada Auditor" in told
