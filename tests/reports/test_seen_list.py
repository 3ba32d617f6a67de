"""A list of the window as a workbook."""

from __future__ import annotations

from pathlib import Path

from openpyxl import load_workbook

from zeroline.domain.views.seen import SeenColumn, SeenRow, SeenTable
from zeroline.reports.sheets.seen import write_seen


def test_a_list_becomes_a_workbook_with_numbers_and_harmless_text(tmp_path: Path) -> None:
    table = SeenTable(
        "Count sheets",
        (SeenColumn("Item"), SeenColumn("On hand", numeric=True, decimals=1)),
        (
            SeenRow(("Zone A (1)", ""), (None, None), group=True),
            SeenRow(("=1+1", "−2.5"), (None, -2_500_000)),
            SeenRow(("BRG", "many"), (None, 1_234_567_890_123_456_789)),
        ),
        ("Zone: A",),
    )
    write_seen(table, tmp_path / "list.xlsx")
    sheet = load_workbook(tmp_path / "list.xlsx").active
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["Count sheets", None],
        ["Zone: A", None],
        ["Item", "On hand"],
        ["Zone A (1)", None],
        ["=1+1", -2.5],
        ["BRG", "many"],
    ]
    assert sheet["A5"].data_type == "s"
