"""XLSX workbooks, honest and hostile."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest

from support.files import text_file, workbook
from zeroline.domain.errors import DomainError
from zeroline.sources.table import Layout, open_table, sheet_names


def _cells(path: Path, sheet: str = "") -> list[list[str]]:
    return [row.cells for row in open_table(path, Layout(sheet=sheet)).rows()]


def _repacked(path: Path, name: str, content: bytes) -> Path:
    """The workbook with one part replaced."""
    other = path.with_name("repacked.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
    return other


def test_text_keeps_its_zeros_and_whole_numbers_have_no_decimals(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["item", "quantity"], ["00123", 5], [123.0, -0.25], ["A", 0.1 + 0.2]])
    assert _cells(path) == [["00123", "5"], ["123", "-0.25"], ["A", "0.3"]]


def test_dates_and_truths_are_texts(tmp_path: Path) -> None:
    rows = [["a", "b", "c"], [datetime.fromisoformat("2026-03-01T09:12"), date(2026, 3, 1), True]]
    assert _cells(workbook(tmp_path, rows)) == [["2026-03-01 09:12:00", "2026-03-01", "true"]]


def test_rows_are_numbered_as_in_the_sheet_and_blank_ones_passed_over(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["a", "b"], [], ["1", "2"], [], ["3", "4"]])
    assert [row.number for row in open_table(path).rows()] == [3, 5]


def test_the_first_sheet_is_read_unless_another_is_named(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["a"], ["1"]], sheet="Stock")
    assert sheet_names(path) == ("Stock",)
    assert _cells(path) == _cells(path, "Stock") == [["1"]]


def test_a_wrong_sheet_is_refused_with_the_names_there_are(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["a"]], sheet="Stock")
    with pytest.raises(DomainError, match="sheet-missing") as refused:
        open_table(path, Layout(sheet="Stick"))
    assert refused.value.fields["sheets"] == ("Stock",)


def test_an_empty_sheet_is_an_empty_file(tmp_path: Path) -> None:
    with pytest.raises(DomainError, match="file-empty"):
        open_table(workbook(tmp_path, []))


def test_a_text_file_has_no_sheets(tmp_path: Path) -> None:
    assert sheet_names(text_file(tmp_path, "a,b\n")) == ()


def test_an_enormous_number_stays_a_text_that_says_so(tmp_path: Path) -> None:
    assert _cells(workbook(tmp_path, [["a"], [1e308]])) == [["1e+308"]]


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["a"], ["1"]])
    bomb = _repacked(path, "xl/worksheets/sheet1.xml", b" " * (200 << 20))
    assert bomb.stat().st_size < 1 << 20
    with pytest.raises(DomainError, match="workbook-bomb"):
        open_table(bomb)


def test_two_cells_at_the_ends_of_the_sheet_are_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["a"], ["1"]])
    sheet = (
        b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    with pytest.raises(DomainError, match="workbook-bomb"):
        open_table(_repacked(path, "xl/worksheets/sheet1.xml", sheet))


def test_a_directory_that_lies_about_a_size_is_found_out(tmp_path: Path) -> None:
    path = _repacked(workbook(tmp_path, [["a"], ["1"]]), "xl/worksheets/sheet1.xml", b" " * (200 << 20))
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    lying = tmp_path / "lying.xlsx"
    lying.write_bytes(path.read_bytes().replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little")))
    with pytest.raises(DomainError, match="file-damaged"):
        open_table(lying)


def test_thousands_of_parts_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "parts.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(5_001):
            archive.writestr(f"part{number}", b"")
    with pytest.raises(DomainError, match="workbook-bomb"):
        open_table(path)


@pytest.mark.parametrize("cut", [30, 500, 3000])
def test_a_truncated_workbook_is_damaged(tmp_path: Path, cut: int) -> None:
    path = workbook(tmp_path, [["a", "b"]] + [[str(n), "x"] for n in range(500)])
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(DomainError, match="file-damaged"):
        open_table(path)


def test_an_archive_that_is_no_workbook_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "notes.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("notes.txt", "hello")
    with pytest.raises(DomainError, match="file-damaged"):
        open_table(path)


def test_text_under_a_workbooks_name_is_damaged(tmp_path: Path) -> None:
    with pytest.raises(DomainError, match="file-damaged"):
        open_table(text_file(tmp_path, "item,quantity\n", "fake.xlsx"))


@pytest.mark.parametrize("content", [b"\xd0\xcf\x11\xe0 old office", b"%PDF-1.7"])
def test_other_kinds_of_files_are_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(DomainError, match="file-kind"):
        open_table(text_file(tmp_path, content, "file.csv"))


def test_a_workbook_with_a_password_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["a"], ["1"]])
    content = bytearray(path.read_bytes())
    place = content.find(b"PK\x01\x02")
    while place >= 0:  # the flag of each directory entry that says 'encrypted'
        content[place + 8] |= 1
        place = content.find(b"PK\x01\x02", place + 4)
    path.write_bytes(content)
    with pytest.raises(DomainError, match="file-protected"):
        open_table(path)


def test_a_part_that_does_not_unpack_is_damaged(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["a", "b"]] + [[str(n), f"text {n * 7919}"] for n in range(2000)])
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        part = archive.getinfo("xl/sharedStrings.xml")
    start = part.header_offset + 200
    content[start : start + 60] = b"\xff" * 60
    path.write_bytes(content)
    with pytest.raises(DomainError, match="file-damaged"):
        open_table(path)
