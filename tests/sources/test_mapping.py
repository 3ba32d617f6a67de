"""Mappings: TOML, checked, each mistake named by its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.files import text_file
from zeroline import assets
from zeroline.domain.errors import DomainError, Trouble
from zeroline.domain.incoming import RecordKind
from zeroline.sources import load_mapping, mapping_text, read_mapping, suggest
from zeroline.sources.mapping.model import Cell, FileRules, KindRule, Lookup, Mapping, Skip, UnitRule
from zeroline.wording import sentence

SAMPLES = ("adventureworks", "crestline", "discount_tire")


def _mistake(toml: str) -> tuple[str, str]:
    with pytest.raises(DomainError) as refused:
        read_mapping(toml, "m.toml")
    assert "–" not in sentence(refused.value)  # every fact of the sentence is there
    return refused.value.code, str(refused.value.fields.get("place"))


@pytest.mark.parametrize("name", SAMPLES)
def test_a_mapping_written_and_read_again_is_the_same(name: str) -> None:
    mapping = load_mapping(assets.resource(f"sample/{name}/ledger.toml"))
    assert read_mapping(mapping_text(mapping)) == mapping


def test_every_setting_survives_writing() -> None:
    mapping = read_mapping(
        """
        kind = "movements"
        zone = "Europe/Berlin"
        dates = ["%d.%m.%Y", "excel"]
        decimal = ","
        thousands = "."
        skip = [{ column = "Type", equals = ["X", "Y"] }, { column = "Item", empty = true }]
        missing_time = "file order"
        [columns]
        item = { columns = ["A", "B"], join = "/", change = ["upper"], default = "?" }
        location = { column = "Bin", lookup = "bins", value = "Code", prefix = "L", suffix = "-1" }
        document = { column = "Doc", translate = { x = "y" } }
        [constants]
        lot = ""
        [kinds]
        IN = "receipt"
        OUT = { kind = "shipment", sign = "-" }
        [directions]
        H = "-"
        [statuses]
        Q = "quarantine"
        [units]
        CS = { factor = "12" }
        DZ = { code = "DOZEN", factor = "1/12" }
        PAL = { lookup = "bins", value = "PerPallet" }
        [lookups.bins]
        file = "bins.csv"
        key = "Id"
        """
    )
    assert read_mapping(mapping_text(mapping)) == mapping
    assert mapping.units["DZ"].factor == (1, 12)


@pytest.mark.parametrize(
    ("toml", "code", "place"),
    [
        ("colums = {}", "mapping-unknown-key", "colums"),
        ('[columns]\nitem = { colum = "A" }', "mapping-unknown-key", "columns.item.colum"),
        ('kind = "movement"', "mapping-choice", "kind"),
        ('[kinds]\nW = "assembly"', "mapping-choice", "kinds.W.kind"),
        ('dates = ["%d/%q"]', "mapping-date-format", "dates"),
        ('zone = "Mars/Olympus"', "mapping-zone", "zone"),
        ('[columns]\nitm = "A"', "mapping-field", "columns"),
        ('[columns]\nitem = { column = "A", constant = "B" }', "mapping-cell-origin", "columns.item"),
        ('[columns]\nitem = { column = "A", lookup = "x" }', "mapping-lookup-value", "columns.item"),
        ('[units]\nCS = { lookup = "x" }', "mapping-lookup-value", "units.CS"),
        ('[units]\nCS = { factor = "0" }', "mapping-factor", "units.CS.factor"),
        ('[units]\nCS = { factor = "a lot" }', "mapping-factor", "units.CS.factor"),
        ('[units]\nCS = { factor = 2, lookup = "x", value = "y" }', "mapping-unit-factor", "units.CS"),
        ('skip = [{ column = "A" }]', "mapping-skip", "skip.1"),
        ('decimal = ","\nthousands = ","', "mapping-marks", ""),
        ('[columns]\nitem = { column = "A", lookup = "x", value = "y" }', "mapping-lookup-missing", ""),
        ('[lookups.x]\nfile = "x.csv"', "mapping-key-missing", "lookups.x.key"),
        ("header_row = 0", "mapping-value", "header_row"),
        ('[[files]]\nkind = "items"', "mapping-key-missing", "[[files]] 1: file"),
        (
            '[[files]]\nfile = "a.csv"\n[[files]]\nfile = "b.csv"\nsing = "-"',
            "mapping-unknown-key",
            "[[files]] 2 (b.csv): sing",
        ),
    ],
)
def test_each_mistake_is_named_by_its_place(toml: str, code: str, place: str) -> None:
    assert _mistake(toml) == (code, place)


@pytest.mark.parametrize("toml", ["kind = ", "[columns", "a = " + "[" * 5000])
def test_what_is_no_toml_is_refused(toml: str) -> None:
    assert _mistake(toml)[0] == "mapping-unreadable"


def test_a_mapping_file_that_is_not_utf8_or_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DomainError, match="mapping-unreadable"):
        load_mapping(text_file(tmp_path, b'name = "\xff"', "m.toml"))
    with pytest.raises(DomainError, match="mapping-unreadable"):
        load_mapping(text_file(tmp_path, b"#" * (2 << 20), "m.toml"))
    with pytest.raises(DomainError, match="file-missing"):
        load_mapping(tmp_path / "absent.toml")
    with pytest.raises(Trouble, match="file-unreadable"):
        load_mapping(tmp_path)


def test_a_file_inherits_and_overrides_entry_by_entry() -> None:
    mapping = read_mapping(
        """
        kind = "movements"
        dates = ["iso"]
        [columns]
        item = "Item"
        quantity = "Qty"
        [constants]
        location = "A"
        [[files]]
        file = "b.csv"
        dates = ["%d/%m/%Y"]
        [files.columns]
        quantity = "Menge"
        location = "Ort"
        [[files]]
        file = "items.csv"
        kind = "items"
        """
    )
    movements, items = (mapping.rules(part) for part in mapping.files)
    assert {name: cell.column for name, cell in movements.columns.items()} == {
        "item": "Item",
        "quantity": "Menge",
        "location": "Ort",
    }
    assert (movements.constants, movements.dates) == ({}, ("%d/%m/%Y",))
    assert (set(items.columns), items.constants, items.dates) == ({"item"}, {}, ("iso",))


def test_columns_are_suggested_by_the_names_that_people_give() -> None:
    assert suggest(
        ["TxnID", "TxnDate", "TxnType", "WarehouseID", "ProductID", "QtyChange", "Reference", "EmployeeID"],
        RecordKind.MOVEMENTS,
    ) == {
        "movement_id": "TxnID",
        "item": "ProductID",
        "location": "WarehouseID",
        "quantity": "QtyChange",
        "kind": "TxnType",
        "occurred_at": "TxnDate",
        "document": "Reference",
        "user": "EmployeeID",
    }


def test_our_own_names_are_suggested_before_any_other() -> None:
    found = suggest(["date", "occurred_at", "qty", "quantity", "item", "sku"], RecordKind.MOVEMENTS)
    assert found == {"item": "item", "quantity": "quantity", "occurred_at": "occurred_at"}


def test_two_columns_in_and_out_are_suggested_as_such() -> None:
    found = suggest(["Item", "Bin", "Qty In", "Qty Out", "Units", "Date"], RecordKind.MOVEMENTS)
    assert (found["quantity_in"], found["quantity_out"]) == ("Qty In", "Qty Out")
    assert "quantity" not in found


def test_the_template_shows_every_setting_and_is_a_mapping() -> None:
    text = assets.resource("sample/template.toml").read_text("utf-8")
    shown = read_mapping(text)
    assert read_mapping(mapping_text(shown)) == shown
    for model in (Mapping, FileRules, Cell, UnitRule, KindRule, Skip, Lookup):
        missing = [name for name in model.model_fields if f"{name}" not in text]
        assert missing == [], model.__name__
