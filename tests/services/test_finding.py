"""Finding by what things are called, and by scanning."""

from __future__ import annotations

import pytest

from support.surroundings import open_document, put
from support.warehouse import Warehouse
from zeroline.domain.quantity import SCALE
from zeroline.domain.views.found import HitKind, ScanKind
from zeroline.services.counting import Counting
from zeroline.services.lookup import Lookup
from zeroline.storage import schema


@pytest.fixture
def lookup(warehouse: Warehouse) -> Lookup:
    return Lookup(warehouse.database)


def test_finding_puts_the_exact_code_first(warehouse, lookup):
    for code in ("XBRG", "BRG-62045", "BRG-6204"):
        warehouse.item(code)
    hits = lookup.find(warehouse.people.supervisor, "brg-6204")
    assert [hit.label for hit in hits] == ["BRG-6204", "BRG-62045"]
    assert [hit.label for hit in lookup.find(warehouse.people.supervisor, "BRG")][-1] == "XBRG"


def test_an_item_is_found_by_its_description_and_its_barcode_with_its_cases(warehouse, lookup):
    warehouse.item("BRG-6204", description="Ball bearing")
    put(
        warehouse, schema.item_barcode, barcode="5901234123457", item_id=warehouse.item("BRG-6204"), unit="CS"
    )
    warehouse.move("BRG-6204", "E-02", "-8", "2026-03-01T09:00:00Z")
    [by_words] = lookup.find(warehouse.people.supervisor, "ball")
    [by_barcode] = lookup.find(warehouse.people.supervisor, "59012341")
    assert by_words == by_barcode
    assert (by_words.kind, by_words.label, by_words.case_ids) == (HitKind.ITEM, "BRG-6204", (1,))


def test_a_bin_is_found_with_where_it_is(warehouse, lookup):
    warehouse.location("E-02", warehouse="WH1", zone="E")
    [hit] = lookup.find(warehouse.people.supervisor, "e-02")
    assert (hit.kind, hit.label, hit.detail) == (HitKind.LOCATION, "E-02", "MAIN · WH1 · E")


def test_a_document_is_found_imported_or_in_the_ledger_of_a_case(warehouse, lookup):
    open_document(warehouse, "receipt", "IN/00007", "BRG-6204", "E-02", 30)
    warehouse.move("BRG-6204", "E-02", "-8", "2026-03-01T09:00:00Z", document="OUT/00033", kind="shipment")
    [receipt] = lookup.find(warehouse.people.supervisor, "IN/0")
    [shipment] = lookup.find(warehouse.people.supervisor, "00033")
    assert (receipt.kind, receipt.detail, receipt.state) == (HitKind.DOCUMENT, "receipt", "open")
    assert (shipment.label, shipment.detail, shipment.case_ids) == ("OUT/00033", "shipment", (1,))


def test_a_case_is_found_by_its_number(warehouse, lookup):
    warehouse.move("BRG-6204", "E-02", "-8", "2026-03-01T09:00:00Z")
    for text in ("1", "#1", "case 1"):
        hit = lookup.find(warehouse.people.supervisor, text)[0]
        assert (hit.kind, hit.target, hit.detail) == (HitKind.CASE, 1, "BRG-6204 · E-02")
    assert lookup.find(warehouse.people.supervisor, "#99") == ()


def test_signs_that_mean_anything_in_sql_are_only_themselves(warehouse, lookup):
    warehouse.item("50%-OFF")
    warehouse.item("500-OFF")
    assert [hit.label for hit in lookup.find(warehouse.people.supervisor, "50%")] == ["50%-OFF"]
    assert lookup.find(warehouse.people.supervisor, "  ") == ()


def test_a_scan_knows_badges_sheets_bins_and_items_of_the_house(warehouse, lookup):
    warehouse.item("BRG-6204")
    warehouse.location("E-02")
    put(warehouse, schema.item_barcode, barcode="X-CASE", item_id=warehouse.item("BRG-6204"), unit="CS")
    key_id = warehouse.key("BRG-6204", "E-02")
    sheet = Counting(warehouse.database).create_sheet(warehouse.people.supervisor, key_ids=[key_id])
    badge = lookup.scan("BADGE-counter")
    assert (badge.kind, badge.target) == (ScanKind.BADGE, warehouse.people.counter.id)
    assert (lookup.scan("E-02").kind, lookup.scan("e-02").label) == (ScanKind.LOCATION, "E-02")
    assert (lookup.scan("BRG-6204").kind, lookup.scan("brg-6204").label) == (ScanKind.ITEM, "BRG-6204")
    assert (lookup.scan("X-CASE").label, lookup.scan("X-CASE").unit) == ("BRG-6204", "CS")
    assert (lookup.scan(sheet.number).kind, lookup.scan(sheet.number).target) == (
        ScanKind.SHEET,
        sheet.sheet_id,
    )


def test_a_scan_of_nothing_known_is_unknown(warehouse, lookup):
    assert lookup.scan("nonsense").kind is ScanKind.UNKNOWN
    assert lookup.scan("  ").kind is ScanKind.UNKNOWN


def test_a_gs1_code_brings_item_lot_quantity_and_expiry(warehouse, lookup):
    put(
        warehouse, schema.item_barcode, barcode="5901234123457", item_id=warehouse.item("BRG-6204"), unit="CS"
    )
    scan = lookup.scan("]C1010590123412345717260131\x1d10LOT-7\x1d3712\x1d21S1")
    assert (scan.kind, scan.label, scan.unit, scan.lot) == (ScanKind.ITEM, "BRG-6204", "CS", "LOT-7")
    assert (scan.quantity, scan.expires, scan.serial) == (12 * SCALE, "2026-01-31", "S1")


def test_a_gtin_that_no_item_has_is_told_all_the_same(warehouse, lookup):
    scan = lookup.scan("(01)05901234123457(10)L1")
    assert (scan.kind, scan.gtin, scan.lot) == (ScanKind.UNKNOWN, "05901234123457", "L1")
