"""Which files are read, and what a person sees of them before anything is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.files import text_file, workbook
from zeroline.domain.errors import DomainError
from zeroline.domain.incoming import RecordKind
from zeroline.sources import FileSource, plan, preview, probe, read_mapping
from zeroline.sources.rejects import write_rejects

TWO = """
[[files]]
file = "sales_*.csv"
kind = "movements"
sign = "-"
[files.columns]
item = "Item"
quantity = "Qty"
occurred_at = "Date"
[files.constants]
location = "A"
[[files]]
file = "items.csv"
kind = "items"
[files.columns]
item = "Item"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    text_file(tmp_path, "Item,Qty,Date\nA,1,2026-01-05\n", "sales_north.csv")
    text_file(tmp_path, "Item,Qty,Date\nB,1,2026-01-05\n", "sales_east.csv")
    text_file(tmp_path, "Item\nA\n", "items.csv")
    return tmp_path


def _names(sources: tuple[FileSource, ...]) -> list[tuple[str, RecordKind]]:
    return [(source.file_name, source.kind) for source in sources]


def test_a_folder_stands_for_its_files_in_the_order_of_the_mapping(folder: Path) -> None:
    assert _names(plan([folder], read_mapping(TWO))) == [
        ("sales_east.csv", RecordKind.MOVEMENTS),
        ("sales_north.csv", RecordKind.MOVEMENTS),
        ("items.csv", RecordKind.ITEMS),
    ]


def test_a_kind_keeps_only_what_is_of_it(folder: Path) -> None:
    assert _names(plan([folder], read_mapping(TWO), RecordKind.ITEMS)) == [("items.csv", RecordKind.ITEMS)]


def test_one_file_is_read_by_the_entry_that_names_it(folder: Path) -> None:
    found = plan([folder / "sales_north.csv"], read_mapping(TWO))
    assert _names(found) == [("sales_north.csv", RecordKind.MOVEMENTS)]


@pytest.mark.parametrize(
    ("name", "mapping", "kind", "code"),
    [
        ("absent.csv", TWO, None, "file-missing"),
        ("other.csv", TWO, None, "mapping-not-for-file"),
        ("items.csv", TWO, RecordKind.BALANCES, "mapping-not-for-file"),
        (".", "", None, "file-is-folder"),
        (".", 'kind = "items"', None, "file-is-folder"),
        (".", '[[files]]\nfile = "none.csv"\nkind = "items"', None, "mapping-file-missing"),
        (
            "items.csv",
            'kind = "items"\n[columns]\nitem = "Item"',
            RecordKind.BALANCES,
            "mapping-not-for-file",
        ),
        ("items.csv", '[columns]\nitem = "Item"', None, "mapping-kind-missing"),
    ],
)
def test_what_cannot_be_planned_is_refused(
    folder: Path, name: str, mapping: str, kind: RecordKind | None, code: str
) -> None:
    text_file(folder, "Item\nA\n", "other.csv")
    with pytest.raises(DomainError, match=code):
        plan([folder / name], read_mapping(mapping) if mapping else None, kind)


def test_a_kind_may_be_given_beside_a_mapping_that_names_none(folder: Path) -> None:
    found = plan([folder / "items.csv"], read_mapping('[columns]\nitem = "Item"'), RecordKind.ITEMS)
    assert _names(found) == [("items.csv", RecordKind.ITEMS)]


def test_a_probe_shows_the_file_and_suggests_columns(tmp_path: Path) -> None:
    path = text_file(tmp_path, "SKU;Bin;Qty;Date\n7;A;1,5;05.01.2026\n".encode("cp1252"))
    found = probe(path, RecordKind.MOVEMENTS)
    assert (found.layout.delimiter, found.header, found.sheets) == (";", ("SKU", "Bin", "Qty", "Date"), ())
    assert found.rows == ((2, ("7", "A", "1,5", "05.01.2026")),)
    assert found.columns == {"item": "SKU", "location": "Bin", "quantity": "Qty", "occurred_at": "Date"}


def test_a_probe_names_the_sheets_of_a_workbook(tmp_path: Path) -> None:
    assert probe(workbook(tmp_path, [["item"], ["A"]]), RecordKind.ITEMS).sheets == ("Data",)


def test_a_preview_shows_each_row_as_read_and_as_understood(tmp_path: Path) -> None:
    mapping = read_mapping(
        """
        kind = "movements"
        skip = [{ column = "Type", equals = "info" }]
        [columns]
        item = "Item"
        from_location = "From"
        to_location = "To"
        quantity = "Qty"
        occurred_at = "Date"
        unit = "Unit"
        [units]
        CS = { factor = "12" }
        """
    )
    path = text_file(
        tmp_path,
        "Item,From,To,Qty,Date,Type,Unit\nA,X,Y,5,2026-01-05,t,CS\nB,X,Y,?,2026-01-05,t,\nC,,,,,info,\n",
    )
    (source,) = plan([path], mapping)
    seen = preview(source)
    moved, wrong, left_out = seen.rows
    assert [record["location"] + " " + record["quantity"] for record in moved.understood] == ["X -5", "Y 5"]
    assert moved.understood[0]["factor"] == "12/1"
    assert moved.cells[:4] == ("A", "X", "Y", "5")
    assert wrong.problem is not None
    assert (wrong.problem.row, wrong.problem.field, wrong.understood) == (3, "Qty", ())
    assert (left_out.problem, left_out.understood) == (None, ())
    assert seen.problems == (wrong.problem,)
    assert seen.fields[:4] == ("item", "location", "status", "quantity")


def test_a_preview_reads_no_more_than_it_shows(tmp_path: Path) -> None:
    path = text_file(tmp_path, "item,location,quantity,recorded_at\n" + "A,B,1,2026-01-05\n" * 1000)
    assert len(preview(plan([path])[0], 20).rows) == 20


def test_every_kind_has_a_preview(tmp_path: Path) -> None:
    path = text_file(tmp_path, "item,unit_cost,decimals,unit,factor\nA,2.50,1,CS,12\n")
    (source,) = plan([path], kind=RecordKind.ITEMS)
    assert preview(source).rows[0].understood == (
        {"item": "A", "unit_cost": "2.5", "decimals": "1", "unit": "CS", "factor": "12/1"},
    )


def test_rejects_that_cannot_be_written_are_trouble(tmp_path: Path) -> None:
    from zeroline.domain.errors import Trouble
    from zeroline.domain.views.intake import Rejects

    with pytest.raises(Trouble, match="file-unwritable"):
        write_rejects(tmp_path / "no" / "rejects.csv", Rejects(1, "f.csv", ("a",), ()), str)


def test_a_pattern_that_leads_out_of_any_folder_is_refused(folder: Path) -> None:
    with pytest.raises(DomainError, match="mapping-file-missing"):
        plan([folder], read_mapping('[[files]]\nfile = "/etc/passwd"\nkind = "items"'))


def test_a_lookup_file_that_is_not_there_is_trouble(tmp_path: Path) -> None:
    from zeroline.domain.errors import Trouble

    mapping = read_mapping(
        'kind = "items"\n[columns]\nitem = { column = "Id", lookup = "x", value = "Code" }\n'
        '[lookups.x]\nfile = "x.csv"\nkey = "Id"\n'
    )
    with pytest.raises(Trouble, match="file-unreadable"):
        plan([text_file(tmp_path, "Id\n1\n")], mapping)
