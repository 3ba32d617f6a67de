"""Whole reports on paper: framing, proof, order of pages, stopping half-way."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from support.paper import (
    HEAD,
    UNIT,
    balance_chart,
    bar_chart,
    count_sheet,
    document,
    simple_table,
    whole_report,
)
from support.reading import (
    extent,
    opened,
    page_text,
    places,
    printed,
    smallest_type,
    symbols,
    texts,
    whole_text,
)
from zeroline.domain.errors import Cancelled
from zeroline.reports.documents import (
    QR,
    BalanceChart,
    BarChart,
    Fact,
    Facts,
    Heading,
    Orientation,
    PageBreak,
    Paper,
    Paragraph,
    Signature,
    SignatureBlock,
    WriteIn,
)
from zeroline.reports.pdf import write_pdf


def test_the_first_page_says_what_where_when_as_of_and_by_whom(tmp_path: Path) -> None:
    with printed(whole_report(), tmp_path) as pdf:
        first = page_text(pdf, 0)
    for part in (
        "Stock reconciliation",
        "Site North",
        "2026-03-15 10:00:00",
        "M. Okafor",
        "Europe/Berlin",
        "EUR",
    ):
        assert part in first
    assert "C-0042" in first


def test_every_page_tells_its_number_the_count_of_pages_and_the_proof(tmp_path: Path) -> None:
    report = whole_report()
    with printed(report, tmp_path) as pdf:
        pages = texts(pdf)
    assert len(pages) > 3
    for number, text in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in text
        assert report.integrity.data_hash[:16] in text
        assert HEAD[:16] in text


def test_later_pages_repeat_title_scope_and_as_of(tmp_path: Path) -> None:
    with printed(whole_report(), tmp_path) as pdf:
        assert all("As of 2026-03-15 10:00" in text for text in texts(pdf)[1:])


def test_the_same_document_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "a.pdf", tmp_path / "b.pdf"
    write_pdf(whole_report(), first)
    write_pdf(document(simple_table(30)), tmp_path / "between.pdf")
    write_pdf(whole_report(), second)
    assert first.read_bytes() == second.read_bytes()


def test_the_shipped_faces_are_embedded(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    write_pdf(whole_report(), path)
    names = set(re.findall(rb"/FontName /[A-Z]{6}\+([A-Za-z0-9]+)", path.read_bytes()))
    assert any(name.startswith(b"SourceSans") for name in names)
    assert any(name.startswith(b"SourceCode") for name in names)
    assert b"Helvetica-Bold" not in path.read_bytes()


def test_the_chain_head_can_be_scanned_from_the_first_page(tmp_path: Path) -> None:
    with printed(whole_report(), tmp_path) as pdf:
        assert any(text == f"80214:{HEAD}" for _, text in symbols(pdf, 0))


def test_the_full_hashes_and_control_totals_close_the_report(tmp_path: Path) -> None:
    report = whole_report()
    with printed(report, tmp_path) as pdf:
        last = page_text(pdf, len(pdf) - 1)
    assert report.integrity.data_hash in last
    assert HEAD in last
    assert "12,345.5" in last


@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("orientation", Orientation)
def test_nothing_is_printed_outside_the_margins(
    paper: Paper, orientation: Orientation, tmp_path: Path
) -> None:
    with printed(replace(whole_report(paper), orientation=orientation), tmp_path) as pdf:
        for index in range(len(pdf)):
            width, height = pdf[index].get_size()
            left, bottom, right, top = extent(pdf, index)
            assert left >= 34
            assert bottom >= 34
            assert right <= width - 34
            assert top <= height - 34


@pytest.mark.parametrize("paper", Paper)
def test_pages_have_the_size_that_was_asked_for(paper: Paper, tmp_path: Path) -> None:
    with printed(document(simple_table(3), paper=paper, orientation=Orientation.PORTRAIT), tmp_path) as pdf:
        assert pdf[0].get_size() == pytest.approx(paper.value, abs=0.01)


def test_no_type_is_smaller_than_six_points_and_a_half(tmp_path: Path) -> None:
    with printed(whole_report(), tmp_path) as pdf:
        assert min(smallest_type(pdf, index) for index in range(len(pdf))) >= 6.1  # fixed width looks larger


def test_headings_are_the_outline_and_stay_with_what_follows(tmp_path: Path) -> None:
    filler = [Paragraph("\n".join(["A line."] * lines)) for lines in range(30, 62)]
    blocks = [block for text in filler for block in (text, Heading("The heading"), Paragraph("Follows it."))]
    with printed(document(*blocks), tmp_path) as pdf:
        outline = [bookmark.get_title() for bookmark in pdf.get_toc()]
        pages = texts(pdf)
    assert outline.count("The heading") == len(filler)
    for text in pages:
        assert text.count("The heading") == text.count("Follows it.")


def test_a_page_break_begins_a_page_and_never_leaves_an_empty_one(tmp_path: Path) -> None:
    blocks = (Paragraph("one"), PageBreak(), PageBreak(), Paragraph("two"), PageBreak())
    with printed(document(*blocks), tmp_path) as pdf:
        pages = texts(pdf)
    assert len(pages) == 3  # the last holds the proof
    assert "two" in pages[1]


def test_long_running_text_flows_over_pages_without_loss(tmp_path: Path) -> None:
    words = [f"word{number}" for number in range(6000)]
    text = whole_text(document(Paragraph(" ".join(words))), tmp_path)
    assert re.findall(r"word\d+", text) == words


def test_headline_figures_and_facts_are_written_by_their_kind(tmp_path: Path) -> None:
    text = whole_text(whole_report(), tmp_path)
    for part in ("1,204", "97.3 %", "−41,870.00", "▼ 38"):
        assert part in text


def test_a_fact_without_a_value_shows_a_dash(tmp_path: Path) -> None:
    assert "Recounted by\n–" in whole_text(document(Facts((Fact("Recounted by", None),))), tmp_path)


def test_the_balance_chart_names_what_it_draws(tmp_path: Path) -> None:
    text = whole_text(document(balance_chart()), tmp_path)
    for part in (
        "book order",
        "physical order",
        "crossed zero",
        "OUT/00033 −11, R. Diaz",
        "−10",
        "2026-03-04",
    ):
        assert part in text


def test_a_chart_of_many_movements_stays_small(tmp_path: Path) -> None:
    points = [(number * 60_000_000, (number % 37 - 5) * UNIT) for number in range(100_000)]
    path = tmp_path / "chart.pdf"
    write_pdf(document(BalanceChart("Busy", "pcs", points)), path)
    assert path.stat().st_size < 300_000


@pytest.mark.parametrize("points", [[], [(0, -5 * UNIT)], [(0, 0), (0, 0)], [(0, 10**21), (1, -(10**21))]])
def test_a_chart_of_next_to_nothing_is_drawn_all_the_same(
    points: list[tuple[int, int]], tmp_path: Path
) -> None:
    text = whole_text(document(BalanceChart("Odd", "pcs", points)), tmp_path)
    assert "Odd" in text
    assert ("No movements to draw." in text) == (not points)


def test_bars_carry_their_values_in_print(tmp_path: Path) -> None:
    text = whole_text(document(bar_chart()), tmp_path)
    assert "41,870.00 · 12 cases" in text
    assert "◆ 23,000.00 · 15 cases" in text


def test_a_bar_chart_without_bars_says_so(tmp_path: Path) -> None:
    assert "Nothing to draw." in whole_text(document(BarChart("By cause", ())), tmp_path)


def test_signatures_leave_room_for_a_hand_and_keep_together(tmp_path: Path) -> None:
    hands = SignatureBlock(
        "Sign-off", tuple(Signature(f"Role {n}", "checked", f"Name {n}") for n in range(4))
    )
    with printed(document(Paragraph("\n".join(["x"] * 50)), hands), tmp_path) as pdf:
        pages = texts(pdf)
        page = next(index for index, text in enumerate(pages) if "Role 0" in text)
        heights = [places(pdf, page, f"Role {number}")[0][1] for number in range(4)]
    assert all(upper - lower >= 39 for upper, lower in pairwise(heights))


def test_an_electronic_signature_is_printed_with_its_time(tmp_path: Path) -> None:
    signed = SignatureBlock(
        "Sign-off", (Signature("Supervisor", "approved", "M. Okafor", 1_772_355_600_000_000),)
    )
    assert "2026-03-01 10:00" in whole_text(document(signed), tmp_path)


def test_lines_to_write_on_go_on_over_pages_with_their_labels(tmp_path: Path) -> None:
    with printed(document(WriteIn("Test counts", ("Item", "Counted"), 60)), tmp_path) as pdf:
        labelled = sum("Counted" in text for text in texts(pdf))
    assert labelled >= 2


def test_a_qr_block_can_be_scanned(tmp_path: Path) -> None:
    with printed(document(QR("https://example.org/verify", "Scan to verify")), tmp_path) as pdf:
        assert any(text == "https://example.org/verify" for _, text in symbols(pdf, 0))


def test_count_sheets_print_barcodes_a_scanner_reads(tmp_path: Path) -> None:
    with printed(document(count_sheet(6), kind="count-sheet"), tmp_path) as pdf:
        found = {text for form, text in symbols(pdf, 0) if "128" in form}
    assert found >= {"N1-B-00-3", "BRG-6200-2RS1/C3", "N1-B-05-3", "BRG-6205-2RS1/C3"}


def test_a_cancelled_print_leaves_nothing_behind(tmp_path: Path) -> None:
    asked = iter([False] * 8 + [True] * 1000)
    with pytest.raises(Cancelled):
        write_pdf(document(simple_table(9000)), tmp_path / "a.pdf", cancelled=lambda: next(asked))
    assert list(tmp_path.iterdir()) == []


def test_a_failed_print_keeps_the_older_file(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"older")
    with pytest.raises(Cancelled):
        write_pdf(document(simple_table(10)), path, cancelled=lambda: True)
    assert path.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_does_not_exist_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="missing"):
        write_pdf(document(), tmp_path / "missing" / "a.pdf")


def test_progress_never_goes_back_and_ends_at_the_whole(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    write_pdf(
        document(simple_table(3000)),
        tmp_path / "a.pdf",
        progress=lambda done, whole: told.append((done, whole)),
    )
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]
    assert len(told) > 10


def test_the_number_of_pages_is_returned(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    pages = write_pdf(whole_report(), path)
    with opened(path) as pdf:
        assert len(pdf) == pages


def test_two_reports_can_be_printed_side_by_side(tmp_path: Path) -> None:
    alone = tmp_path / "alone.pdf"
    write_pdf(whole_report(), alone)
    with ThreadPoolExecutor(4) as pool:
        paths = [tmp_path / f"{number}.pdf" for number in range(8)]
        list(pool.map(lambda path: write_pdf(whole_report(), path), paths))
    assert {path.read_bytes() for path in paths} == {alone.read_bytes()}
