"""Tables on paper: nothing clipped, nothing lost, figures aligned, groups together."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.pdfbase.pdfdoc import PDFDocument

from support.paper import LONG, UNIT, auditors_table, document, simple_table
from support.reading import extent, page_text, places, printed, symbols, texts, whole_text
from zeroline.reports.documents import Column, Flag, Flagged, Group, Kind, Orientation, Table, Total
from zeroline.reports.pdf.typeface import Styles, clean


def words(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_no_rows_are_said_in_a_sentence(tmp_path: Path) -> None:
    text = whole_text(document(simple_table(0)), tmp_path)
    assert "Nothing to report: no line of this scope was due for a count in this period." in text


def test_ten_thousand_rows_are_all_there_once_and_in_order(tmp_path: Path) -> None:
    made = simple_table(10_000)
    with printed(document(made), tmp_path) as pdf:
        found = [item for text in texts(pdf) for item in re.findall(r"(?:BRG|GLV|VLV|HSE)-\d{4}", text)]
    assert found == [row[1] for row in made.rows]


def test_column_titles_repeat_on_every_page(tmp_path: Path) -> None:
    with printed(document(simple_table(200)), tmp_path) as pdf:
        pages = [text for text in texts(pdf) if re.search("BRG|GLV|VLV|HSE", text)]
    assert len(pages) > 3
    assert all("Description" in text and "Counted at" in text for text in pages)


@pytest.mark.parametrize("orientation", [Orientation.PORTRAIT, Orientation.LANDSCAPE])
def test_twenty_eight_columns_stay_inside_the_page_and_apart(
    orientation: Orientation, tmp_path: Path
) -> None:
    with printed(document(auditors_table(60), orientation=orientation), tmp_path) as pdf:
        width, _ = pdf[0].get_size()
        for index in range(len(pdf)):
            left, _, right, _ = extent(pdf, index)
            assert left >= 34
            assert right <= width - 34
        text = "\n".join(texts(pdf))
    assert words(LONG) in words(text)
    for part in ("ADJ-00001", "J. Lindqvist", "2026-03-01 11:01", "value > 50.00"):
        assert part in text


def test_a_table_too_wide_to_stand_side_by_side_is_stacked_and_nothing_is_lost(tmp_path: Path) -> None:
    columns = [Column(f"c{n}", f"Column {n}", Kind.QUANTITY) for n in range(40)]
    row = tuple((n + 1) * 1_000_000 * UNIT + 123_456 for n in range(40))
    with printed(document(Table("t", "Wide", columns, [row])), tmp_path) as pdf:
        text = page_text(pdf, 0)
        width, _ = pdf[0].get_size()
        assert extent(pdf, 0)[2] <= width - 34
    for n in range(40):
        assert f"{n + 1},000,000.123456" in text


def test_the_auditors_columns_choose_landscape_and_few_columns_portrait(tmp_path: Path) -> None:
    with printed(document(auditors_table(5)), tmp_path) as pdf:
        width, height = pdf[0].get_size()
        assert width > height
    few = Table("t", "T", (Column("a", "A"), Column("b", "B", Kind.QUANTITY)), (("x", 1),))
    with printed(document(few), tmp_path) as pdf:
        width, height = pdf[0].get_size()
        assert width < height


def test_long_codes_break_after_their_separators(tmp_path: Path) -> None:
    code = "SITE-NORTH/WAREHOUSE-01/ZONE-B/RACK-0042/LEVEL-03/BIN-0000017"
    columns = [Column("code", "Code", Kind.CODE), *(Column(f"t{n}", f"Text {n}") for n in range(6))]
    rows = [(code, *["some words that wrap"] * 6)]
    with printed(document(Table("t", "T", columns, rows), orientation=Orientation.PORTRAIT), tmp_path) as pdf:
        text = page_text(pdf, 0)
    pieces = [line for line in text.splitlines() if len(line) > 2 and line in code]
    assert "".join(pieces) == code
    assert len(pieces) > 1
    assert all(piece[-1] in "-/7" for piece in pieces)


def test_a_word_without_any_break_is_cut_by_the_character_and_whole(tmp_path: Path) -> None:
    word = "".join(chr(ord("a") + n % 26) for n in range(400))
    columns = (Column("word", "Word"), Column("n", "N", Kind.COUNT))
    assert word in words(whole_text(document(Table("t", "T", columns, [(word, 1)])), tmp_path))


def test_a_cell_taller_than_a_page_flows_on(tmp_path: Path) -> None:
    told = [f"w{n}" for n in range(9000)]
    columns = (Column("n", "N", Kind.COUNT), Column("text", "Text"))
    rows = [(1, "before"), (2, " ".join(told)), (3, "after")]
    with printed(document(Table("t", "T", columns, rows)), tmp_path) as pdf:
        pages = texts(pdf)
    text = "\n".join(pages)
    assert re.findall(r"w\d+", text) == told
    assert text.index("before") < text.index("w0") < text.index("after")


def test_figures_stand_on_their_decimal_mark(tmp_path: Path) -> None:
    columns = (Column("item", "Item"), Column("q", "Quantity", Kind.QUANTITY))
    rows = [("a", 1_500_000), ("b", 1_234_250_000), ("c", 7_777 * UNIT), ("d", -3_125_000)]
    with printed(document(Table("t", "T", columns, rows)), tmp_path) as pdf:
        ends = [places(pdf, 0, part)[0][2] for part in ("1.", "1,234.", "−3.")]
        whole = places(pdf, 0, "7,777")[0][2]
    assert max(ends) - min(ends) < 0.3
    assert min(ends) - 4 < whole < min(ends)


def test_what_is_below_zero_is_marked_by_more_than_colour_and_explained(tmp_path: Path) -> None:
    columns = (Column("item", "Item"), Column("q", "Book", Kind.QUANTITY, flag_negative=True))
    text = whole_text(document(Table("t", "T", columns, [("a", -8 * UNIT), ("b", 8 * UNIT)])), tmp_path)
    assert "▼ −8" in text
    assert "▼ below zero" in text


def test_without_a_mark_there_is_no_legend(tmp_path: Path) -> None:
    columns = (Column("item", "Item"), Column("q", "Book", Kind.QUANTITY, flag_negative=True))
    assert "below zero" not in whole_text(document(Table("t", "T", columns, [("a", 8 * UNIT)])), tmp_path)


def test_flags_carry_their_mark_in_text_columns_too(tmp_path: Path) -> None:
    rows = [(Flagged("overdue", Flag.ATTENTION),), (Flagged("counted", Flag.VERIFIED),)]
    text = whole_text(document(Table("t", "T", (Column("s", "State"),), rows)), tmp_path)
    assert "◆ overdue" in text
    assert "✓ counted" in text


def test_a_word_in_a_column_of_figures_is_printed_as_it_is(tmp_path: Path) -> None:
    columns = (Column("item", "Item"), Column("q", "Counted", Kind.QUANTITY, empty="not counted"))
    text = whole_text(document(Table("t", "T", columns, [("a", "out of scope"), ("b", None)])), tmp_path)
    assert "out of scope" in text
    assert "not counted" in text


def grouped(sizes: list[int]) -> Table:
    columns = (Column("item", "Item"), Column("q", "Quantity", Kind.QUANTITY))
    groups = [
        Group(
            f"Group {number}",
            [(f"g{number}r{row}", row * UNIT) for row in range(size)],
            (Total(f"Subtotal {number}", (None, size * UNIT)),),
        )
        for number, size in enumerate(sizes)
    ]
    return Table("t", "T", columns, groups=groups, totals=(Total("Everything", (None, sum(sizes) * UNIT)),))


def test_a_group_that_fits_on_a_page_is_kept_whole_near_its_foot(tmp_path: Path) -> None:
    with printed(document(grouped([12] * 20)), tmp_path) as pdf:
        pages = texts(pdf)
    assert len(pages) > 3
    for number in range(20):
        holding = [text for text in pages if f"g{number}r0\n" in text or f"g{number}r0 " in text]
        assert len(holding) == 1
        if f"Group {number} (continued)" not in "".join(pages):
            assert f"Subtotal {number}" in holding[0]


def test_a_group_longer_than_a_page_says_that_it_continues(tmp_path: Path) -> None:
    with printed(document(grouped([150])), tmp_path) as pdf:
        pages = texts(pdf)
    assert "Group 0 (continued)" in pages[1]
    assert all(f"g0r{row}" in "\n".join(pages) for row in range(150))


@pytest.mark.parametrize("rows", range(36, 62))
def test_totals_never_stand_alone_at_the_head_of_a_page(rows: int, tmp_path: Path) -> None:
    columns = (Column("item", "Item"), Column("q", "Quantity", Kind.QUANTITY))
    lines = [(f"item{row}", UNIT) for row in range(rows)]
    made = Table("t", "", columns, lines, totals=(Total("The sum", (None, rows * UNIT)),))
    with printed(document(made), tmp_path) as pdf:
        holding = next(text for text in texts(pdf) if "The sum" in text)
    assert f"item{rows - 1}" in holding


def test_a_missing_glyph_does_not_stop_the_report(tmp_path: Path) -> None:
    rows = [("汉字 עברית 🙂",), ("e\u0301te\u0301",), ("tab\tand\x00control",), ("lone \ud800 half",)]
    text = whole_text(document(Table("t", "T", (Column("t", "Text"),), rows)), tmp_path)
    assert "été" in text
    assert "tab and control" in text


def test_more_different_characters_than_one_font_subset_holds_are_all_shown(tmp_path: Path) -> None:
    letters = "".join(chr(code) for code in (*range(0xC0, 0x180), *range(0x391, 0x3CA), *range(0x410, 0x450)))
    letters = "".join(letter for letter in letters if letter.isalpha())
    rows = [(letters[start : start + 20],) for start in range(0, len(letters), 20)]
    text = whole_text(document(Table("t", "T", (Column("t", "Text"),), rows)), tmp_path)
    styles = Styles(PDFDocument())
    shown = [letter for letter in letters if styles.sans.has(letter)]
    assert len(shown) > 230
    assert [letter for letter in shown if letter not in text] == []


def test_a_code_that_is_no_code_128_becomes_a_qr_code(tmp_path: Path) -> None:
    columns = (Column("code", "Code", Kind.BARCODE), Column("box", "Counted", Kind.WRITE_IN))
    rows = [("Süd-17", None), ("X" * 70, "pcs")]
    with printed(document(Table("t", "T", columns, rows)), tmp_path) as pdf:
        found = {text: form for form, text in symbols(pdf, 0)}
        text = page_text(pdf, 0)
    assert "QR" in found["X" * 70]
    assert "QR" in found["Süd-17"]
    assert "Süd-17" in text


def test_line_breaks_in_a_cell_are_kept(tmp_path: Path) -> None:
    text = whole_text(document(Table("t", "T", (Column("t", "Text"),), [("first\nsecond",)])), tmp_path)
    assert "first\nsecond" in text


_STYLE = Styles(PDFDocument())(8.0)


@settings(max_examples=150)
@given(st.text(max_size=120), st.floats(12, 200))
def test_wrapped_lines_fit_and_hold_every_character(text: str, width: float) -> None:
    lines = _STYLE.wrap(text, width)
    assert lines
    assert words("".join(lines)) == words(clean(text))
    for line in lines:
        assert _STYLE.width(line) <= width + 0.01 or len(line) == 1
