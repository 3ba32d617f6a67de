"""Reports as workbooks: real numbers and dates, text that stays text, the same bytes twice."""

from __future__ import annotations

import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from support.paper import HEAD, T0, UNIT, auditors_table, document, simple_table, whole_report
from zeroline.domain.errors import Cancelled
from zeroline.domain.instant import HOUR
from zeroline.reports.documents import (
    Cell,
    Column,
    Document,
    Flag,
    Flagged,
    Group,
    Kind,
    Paragraph,
    Table,
    Total,
)
from zeroline.reports.sheets import LONGEST_TEXT, write_xlsx


def read(made: Document, folder: Path) -> CalamineWorkbook:
    path = folder / made.file_name("xlsx")
    write_xlsx(made, path)
    return CalamineWorkbook.from_path(path)


def cells(folder: Path, kind: Kind, *values: Cell, **options: Any) -> list[Any]:
    made = Table("t", "T", (Column("c", "C", kind, **options),), [(value,) for value in values])
    return [row[0] for row in read(document(made), folder).get_sheet_by_name("T").to_python()[1:]]


def test_there_is_a_cover_and_a_sheet_for_each_table(tmp_path: Path) -> None:
    names = read(whole_report(), tmp_path).sheet_names
    assert names == ["Report", "Negatives by cause", "Lines counted, zero variance in"]


def test_the_cover_tells_scope_times_facts_and_proof(tmp_path: Path) -> None:
    report = whole_report()
    told = {row[0]: row[1] for row in read(report, tmp_path).get_sheet_by_name("Report").to_python()}
    assert told["Scope"] == report.scope
    assert told["As of"] == datetime(2026, 3, 15, 10, 0)  # noqa: DTZ001
    assert told["Count"] == "C-0042"
    assert told["Hash of the data (SHA-256)"] == report.integrity.data_hash
    assert told["Head of the audit chain (SHA-256)"] == HEAD
    assert told["Position in the audit chain"] == 80_214
    assert told["Still below zero"] == 38


def test_numbers_are_numbers_and_dates_are_dates(tmp_path: Path) -> None:
    assert cells(tmp_path, Kind.QUANTITY, -8_500_000, 1_234 * UNIT) == [-8.5, 1234]
    assert cells(tmp_path, Kind.MONEY, -41_870_250_000) == [-41_870.25]
    assert cells(tmp_path, Kind.COUNT, 7) == [7]
    assert cells(tmp_path, Kind.SHARE, 973_000) == [0.973]
    assert cells(tmp_path, Kind.INSTANT, T0) == [datetime(2026, 3, 1, 10, 0)]  # noqa: DTZ001
    assert [value.day for value in cells(tmp_path, Kind.DAY, T0)] == [1]
    assert cells(tmp_path, Kind.DURATION, 30 * HOUR) == [timedelta(hours=30)]


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    evil = ["=1+1", "+SUM(A1)", "-2+3", "@cmd", '=HYPERLINK("x")', "http://x.test", "{=A1}", "0012", "1e5"]
    assert cells(tmp_path, Kind.TEXT, *evil) == evil
    path = next(tmp_path.glob("*.xlsx"))
    book = openpyxl.load_workbook(path)
    assert {cell.data_type for row in book["T"].iter_rows() for cell in row} == {"s"}
    with zipfile.ZipFile(path) as parts:
        assert not any(
            b"<f>" in parts.read(name) or b"hyperlink" in parts.read(name) for name in parts.namelist()
        )


def test_leading_zeros_and_lone_surrogates_and_controls_survive_the_file(tmp_path: Path) -> None:
    found = cells(tmp_path, Kind.CODE, "000123", "half \ud800", "bell\x07")
    assert found[0] == "000123"
    assert found[1] == "half ?"
    assert len(found) == 3


def test_a_number_that_a_spreadsheet_would_round_is_kept_as_text(tmp_path: Path) -> None:
    exact = 1_234_567_890_123_456_789
    assert cells(tmp_path, Kind.QUANTITY, exact, 9 * 10**18) == ["1,234,567,890,123.456789", 9e12]


def test_a_text_too_long_for_a_cell_is_cut_and_says_so(tmp_path: Path) -> None:
    [found] = cells(tmp_path, Kind.TEXT, "x" * 40_000)
    assert len(found) == LONGEST_TEXT
    assert found.endswith("(cut: a spreadsheet cell holds no more)")


def test_a_minus_is_shown_as_a_real_one_and_below_zero_as_more_than_a_colour(tmp_path: Path) -> None:
    cells(tmp_path, Kind.QUANTITY, -8 * UNIT, flag_negative=True)
    book = openpyxl.load_workbook(next(tmp_path.glob("*.xlsx")))
    cell = book["T"]["A2"]
    assert cell.number_format == '"▼ "#,##0;"▼ ""−"#,##0'
    assert cell.font.b


def test_flagged_words_carry_their_mark(tmp_path: Path) -> None:
    assert cells(tmp_path, Kind.TEXT, Flagged("overdue", Flag.ATTENTION)) == ["◆ overdue"]


def test_groups_have_a_column_of_their_own_and_totals_follow_their_rows(tmp_path: Path) -> None:
    columns = (Column("item", "Item"), Column("q", "Quantity", Kind.QUANTITY))
    groups = (Group("T1", (("a", UNIT), ("b", UNIT)), (Total("Subtotal", (None, 2 * UNIT)),)),)
    made = Table("t", "By cause", columns, groups=groups, totals=(Total("All", (None, 2 * UNIT)),))
    rows = read(document(made), tmp_path).get_sheet_by_name("By cause").to_python()
    assert rows == [
        ["Group", "Item", "Quantity"],
        ["T1", "a", 1],
        ["T1", "b", 1],
        ["T1 · Subtotal", "", 2],
        ["All", "", 2],
    ]


def test_stacked_columns_stand_side_by_side_under_titles_that_explain_themselves(tmp_path: Path) -> None:
    rows = read(document(auditors_table(3)), tmp_path).get_sheet_by_index(1).to_python()
    assert len(rows[0]) == 28
    assert "First count · by" in rows[0]
    assert "Recount · at" in rows[0]
    assert len(rows) == 4


def test_no_rows_are_said_on_the_cover(tmp_path: Path) -> None:
    rows = read(document(simple_table(0)), tmp_path).get_sheet_by_name("Report").to_python()
    assert any("Nothing to report" in str(row[0]) for row in rows)


def test_names_of_sheets_are_made_fit_and_kept_apart(tmp_path: Path) -> None:
    tables = [
        Table(f"t{n}", "Lines: [all] / by *cause* and location?", (Column("a", "A"),), [("x",)])
        for n in (1, 2)
    ]
    names = read(
        document(*tables, Table("h", "History", (Column("a", "A"),), [("x",)])), tmp_path
    ).sheet_names
    assert len(set(names)) == 4
    assert all(len(name) <= 31 for name in names)


def test_the_same_document_gives_the_same_bytes(tmp_path: Path) -> None:
    write_xlsx(whole_report(), tmp_path / "a.xlsx")
    write_xlsx(whole_report(), tmp_path / "b.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_paper_and_workbook_hold_the_same_lines(tmp_path: Path) -> None:
    made = simple_table(40)
    rows = read(document(made), tmp_path).get_sheet_by_name("Lines").to_python()[1:-1]
    assert [row[1] for row in rows] == [row[1] for row in made.rows]
    assert [round(row[5] * UNIT) for row in rows] == [row[5] for row in made.rows]


def test_a_cancelled_export_leaves_nothing_behind(tmp_path: Path) -> None:
    asked = iter([False, False] + [True] * 1000)
    with pytest.raises(Cancelled):
        write_xlsx(document(simple_table(5000)), tmp_path / "a.xlsx", cancelled=lambda: next(asked))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_does_not_exist_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_xlsx(document(Paragraph("x")), tmp_path / "missing" / "a.xlsx")


def test_progress_ends_at_the_whole(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    write_xlsx(
        document(simple_table(2000)),
        tmp_path / "a.xlsx",
        progress=lambda done, whole: told.append((done, whole)),
    )
    assert told[-1] == (2000, 2000)
    assert told == sorted(told)
