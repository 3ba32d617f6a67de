"""Delimited text with every fault that files of other systems have."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.files import text_file
from zeroline.domain.errors import DomainError, Trouble
from zeroline.sources.table import Layout, RawRow, open_table


def _rows(path: Path, **layout: object) -> list[RawRow]:
    table = open_table(path, Layout(**layout))
    try:
        return list(table.rows())
    finally:
        table.close()


def _cells(path: Path, **layout: object) -> list[list[str]]:
    return [row.cells for row in _rows(path, **layout)]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_separator_is_found_out(tmp_path: Path, mark: str) -> None:
    path = text_file(tmp_path, f"item{mark}quantity\nA{mark}5\n")
    assert _cells(path) == [["A", "5"]]


def test_a_decimal_comma_in_a_semicolon_file_is_no_separator(tmp_path: Path) -> None:
    path = text_file(tmp_path, "item;quantity\nA;1,5\nB;2,5\n")
    assert _cells(path) == [["A", "1,5"], ["B", "2,5"]]


def test_a_separator_named_in_the_first_line_counts(tmp_path: Path) -> None:
    path = text_file(tmp_path, "sep=|\nitem,name|quantity\nA|5\n")
    table = open_table(path)
    assert table.header == ("item,name", "quantity")
    assert [(row.number, row.cells) for row in table.rows()] == [(3, ["A", "5"])]
    table.close()


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1254", "cp1254"),
    ],
)
def test_the_encoding_is_found_out(tmp_path: Path, encoding: str, found: str) -> None:
    path = text_file(tmp_path, "item,name\nA,İğneli Şişe\n".encode(encoding))
    table = open_table(path)
    assert (table.header, table.layout.encoding) == (("item", "name"), found)
    assert [row.cells for row in table.rows()] == [["A", "İğneli Şişe"]]
    table.close()


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "Größe XL – Café"),
        ("cp1254", "Şişe ığüöç"),
        ("cp1250", "Příliš žluťoučký kůň"),
        ("cp1251", "Склад номер пять"),
        ("cp1253", "Αποθήκη νούμερο πέντε"),
    ],
)
def test_windows_code_pages_are_told_apart_by_their_letters(tmp_path: Path, encoding: str, text: str) -> None:
    path = text_file(tmp_path, f"i,n\n1,{text}\n".encode(encoding))
    assert _cells(path) == [["1", text]]


def test_an_encoding_that_is_named_is_not_guessed(tmp_path: Path) -> None:
    path = text_file(tmp_path, "item,name\nA,ağaç\n".encode("cp1254"))
    assert _cells(path, encoding="latin-1") == [["A", "aðaç"]]


def test_an_encoding_nobody_knows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DomainError, match="encoding-unknown"):
        open_table(text_file(tmp_path, "a,b\n"), Layout(encoding="klingon"))


def test_windows_and_old_mac_line_ends_are_line_ends(tmp_path: Path) -> None:
    assert _cells(text_file(tmp_path, b"a,b\r\n1,2\r\n3,4")) == [["1", "2"], ["3", "4"]]
    assert _cells(text_file(tmp_path, b"a,b\r1,2\r3,4\r")) == [["1", "2"], ["3", "4"]]


def test_a_quoted_cell_may_hold_separators_quotes_and_line_breaks(tmp_path: Path) -> None:
    path = text_file(tmp_path, b'a,b\n"1,""x""\n2",3\n4,5\n')
    assert [(row.number, row.cells) for row in _rows(path)] == [(2, ['1,"x"\n2', "3"]), (4, ["4", "5"])]


def test_a_ragged_row_is_listed_and_its_neighbours_are_read(tmp_path: Path) -> None:
    rows = _rows(text_file(tmp_path, "a,b,c\n1,2,3\n4,5\n6,7,8,9\n10,11,12\n"))
    assert [row.fault and (row.fault.code, row.fault.facts["found"]) for row in rows] == [
        None,
        ("row-ragged", 2),
        ("row-ragged", 4),
        None,
    ]


def test_empty_cells_beyond_the_header_do_no_harm(tmp_path: Path) -> None:
    assert _cells(text_file(tmp_path, "a,b,,\n1,2,,\n3,4\n")) == [["1", "2"], ["3", "4"]]


def test_blank_lines_are_passed_over_and_counted(tmp_path: Path) -> None:
    rows = _rows(text_file(tmp_path, b"\n\na,b\n\n1,2\n   \n3,4\n\n"))
    assert [(row.number, row.cells) for row in rows] == [(5, ["1", "2"]), (7, ["3", "4"])]


def test_a_quote_that_is_never_closed_costs_one_row(tmp_path: Path) -> None:
    path = text_file(tmp_path, b'a,b\n1,2\n"3,4\n' + b"5,6\n" * 1000)
    rows = _rows(path)
    assert [(row.number, row.fault.code) for row in rows if row.fault] == [(3, "row-quote-open")]
    assert len(rows) == 1002


def test_a_quote_left_open_in_the_last_lines_costs_one_row(tmp_path: Path) -> None:
    rows = _rows(text_file(tmp_path, b'a,b\n1,2\n"3,4\n5,6\n'))
    assert [(row.number, bool(row.fault)) for row in rows] == [(2, False), (3, True), (4, False)]


def test_a_quote_that_meets_the_next_row_costs_one_row(tmp_path: Path) -> None:
    rows = _rows(text_file(tmp_path, b'a,b\n"1,2\n"3,4\n5,6\n'))
    assert [(row.number, row.fault and row.fault.code) for row in rows] == [
        (2, "row-quote-open"),
        (3, "row-quote-open"),
        (4, None),
    ]


def test_a_cell_of_ten_megabytes_is_read(tmp_path: Path) -> None:
    path = text_file(tmp_path, b'a,b\n1,"' + b"x" * 10_000_000 + b'"\n3,4\n')
    assert [len(cells[1]) for cells in _cells(path)] == [10_000_000, 1]


def test_a_line_without_end_is_cut_and_the_next_one_read(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    with path.open("wb") as file:
        file.write(b"a,b\n1,")
        for _ in range(66):
            file.write(b"x" * (1 << 20))
        file.write(b"\n3,4\n")
    rows = _rows(path)
    assert rows[0].fault is not None
    assert rows[0].fault.code == "row-too-long"
    assert rows[1].cells == ["3", "4"]


def test_nul_bytes_are_read_as_what_they_are(tmp_path: Path) -> None:
    assert _cells(text_file(tmp_path, b"a,b\n1\x00,2\n3,4\n")) == [["1\0", "2"], ["3", "4"]]


@pytest.mark.parametrize("content", [b"", b"\n\n", b" , ,\n", "\ufeff".encode()])
def test_a_file_without_a_header_is_empty(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(DomainError, match="file-empty"):
        open_table(text_file(tmp_path, content))


def test_the_header_may_stand_in_a_later_row(tmp_path: Path) -> None:
    path = text_file(tmp_path, "Stock list\nprinted today\nitem,quantity\nA,5\n")
    table = open_table(path, Layout(header_row=3, delimiter=","))
    assert table.header == ("item", "quantity")
    assert [row.cells for row in table.rows()] == [["A", "5"]]
    table.close()


def test_a_header_with_an_open_quote_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DomainError, match="header-unreadable"):
        open_table(text_file(tmp_path, b'"item,quantity\n' + b"A,5\n" * 300))


def test_how_much_is_read_is_known_on_the_way(tmp_path: Path) -> None:
    table = open_table(text_file(tmp_path, b"a,b\n" + b"1,2\n" * 50_000))
    rows = table.rows()
    next(rows)
    first = table.share()
    for _ in rows:
        pass
    assert first < 0.6
    assert table.share() == 1.0
    table.close()


def test_a_file_that_cannot_be_opened_is_trouble_not_a_crash(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="file-unreadable"):
        open_table(tmp_path / "absent.csv")
