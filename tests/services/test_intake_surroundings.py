"""Importing items, locations, openings, stored balances, documents and reservations."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from support.files import source, text_file
from support.warehouse import Warehouse
from zeroline.domain.incoming import RecordKind
from zeroline.domain.instant import parse
from zeroline.domain.person import PROGRAM
from zeroline.domain.views.intake import ImportResult
from zeroline.services.intake import Intake
from zeroline.services.listing import Listing
from zeroline.storage import schema
from zeroline.storage.engine import Database

MICRO = 1_000_000


class Shop:
    """Imports texts and looks at tables."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.folder = folder

    def load(self, kind: RecordKind, content: str, mapping: str = "") -> ImportResult:
        found = source(text_file(self.folder, content), mapping, None if mapping else kind)
        return Intake(self.database).load(PROGRAM, found)

    def movements(self, rows: str) -> ImportResult:
        return self.load(RecordKind.MOVEMENTS, "movement_id,item,location,quantity,unit,recorded_at\n" + rows)

    def rows(self, table: str, *columns: str) -> list[tuple]:
        chosen = schema.metadata.tables[table]
        with self.database.read() as connection:
            query = select(*(chosen.c[name] for name in columns)).order_by(*chosen.primary_key.columns)
            return [tuple(row) for row in connection.execute(query)]

    def count(self, table: str) -> int:
        with self.database.read() as connection:
            return connection.execute(
                select(func.count()).select_from(schema.metadata.tables[table])
            ).scalar_one()


@pytest.fixture
def shop(database: Database, tmp_path: Path) -> Shop:
    return Shop(database, tmp_path)


def _figures(result: ImportResult) -> tuple[int, int, int, int]:
    return result.added, result.changed, result.known, result.rejected


def _codes(result: ImportResult) -> list[tuple[int, str]]:
    return [(problem.row, problem.code) for file in result.files for problem in file.problems]


# --- items

ITEMS = "item,description,base_unit,unit_cost,unit,factor,barcode,barcode_unit\n"


def test_items_are_made_with_units_and_barcodes_over_several_rows(shop: Shop) -> None:
    rows = "A,Apple,EA,2.50,CS,12,111,CS\nA,,,,PAL,480,222,\nB,Pear,KG,1,,,,\n"
    assert _figures(shop.load(RecordKind.ITEMS, ITEMS + rows)) == (2, 1, 0, 0)
    assert shop.rows("item", "code", "description", "base_unit", "unit_cost") == [
        ("A", "Apple", "EA", 2_500_000),
        ("B", "Pear", "KG", MICRO),
    ]
    assert shop.rows("item_unit", "unit", "numerator", "denominator") == [("CS", 12, 1), ("PAL", 480, 1)]
    assert shop.rows("item_barcode", "barcode", "unit") == [("111", "CS"), ("222", "")]


def test_items_read_again_are_known_and_only_what_is_told_changes(shop: Shop) -> None:
    shop.load(RecordKind.ITEMS, ITEMS + "A,Apple,EA,2.50,CS,12,111,CS\n")
    assert _figures(shop.load(RecordKind.ITEMS, ITEMS + "A,Apple,EA,2.50,CS,12,111,CS\n")) == (0, 0, 1, 0)
    assert _figures(shop.load(RecordKind.ITEMS, ITEMS + "A,,,3,cs,24,111,\n")) == (0, 1, 0, 0)
    assert shop.rows("item", "description", "unit_cost") == [("Apple", 3 * MICRO)]
    assert shop.rows("item_unit", "unit", "numerator") == [("CS", 24)]
    assert shop.rows("item_barcode", "unit") == [("",)]


def test_what_an_item_cost_when_is_kept(warehouse: Warehouse, tmp_path: Path) -> None:
    shop = Shop(warehouse.database, tmp_path)
    start = warehouse.clock.now
    shop.load(RecordKind.ITEMS, ITEMS + "A,,EA,2,,,,\n")
    shop.load(RecordKind.ITEMS, ITEMS + "A,,EA,3,,,,\n")
    warehouse.clock.forward(10 * MICRO)
    shop.load(RecordKind.ITEMS, ITEMS + "A,,EA,4,,,,\nA,,EA,5,,,,\n")
    shop.load(RecordKind.ITEMS, ITEMS + "A,,EA,5,,,,\n")
    assert shop.rows("item_cost", "since", "unit_cost") == [
        (start, 2 * MICRO),
        (start + 1, 3 * MICRO),
        (start + 10 * MICRO, 5 * MICRO),
    ]


def test_item_faults_that_only_the_database_shows_are_rejected(shop: Shop) -> None:
    result = shop.load(
        RecordKind.ITEMS,
        ITEMS + "A,,EA,,,,111,\nB,,EA,,,,111,\nC,,EA,,EA,12,,\nD,,EA,,EA,1,,\n",
    )
    assert _codes(result) == [(3, "barcode-taken"), (4, "unit-is-base")]
    assert [code for (code,) in shop.rows("item", "code")] == ["A", "D"]
    assert _codes(shop.load(RecordKind.ITEMS, ITEMS + "B,,EA,,,,111,\n")) == [(2, "barcode-taken")]


def test_a_base_unit_that_was_only_assumed_may_be_named_later(shop: Shop) -> None:
    shop.movements("1,A,X,5,,2026-01-01\n")
    assert _figures(shop.load(RecordKind.ITEMS, ITEMS + "A,,PCS,,,,,\n")) == (0, 1, 0, 0)
    assert shop.rows("item", "base_unit") == [("PCS",)]


def test_a_base_unit_that_movements_were_entered_in_stays(shop: Shop) -> None:
    shop.movements("1,A,X,5,KG,2026-01-01\n")
    assert _codes(shop.load(RecordKind.ITEMS, ITEMS + "A,,TON,,,,,\n")) == [(2, "base-unit-settled")]
    assert _figures(shop.load(RecordKind.ITEMS, ITEMS + "A,,Kg,,,,,\n")) == (0, 1, 0, 0)


def test_decimals_of_an_item_can_be_set(shop: Shop) -> None:
    shop.load(RecordKind.ITEMS, "item,decimals\nA,2\nB,\n")
    assert _figures(shop.load(RecordKind.ITEMS, "item,decimals\nA,3\nB,0\n")) == (0, 1, 1, 0)
    assert shop.rows("item", "decimals") == [(3,), (0,)]


# --- locations

PLACES = "location,site,site_name,time_zone,currency,warehouse,zone,location_kind\n"


def test_locations_are_made_with_their_sites(shop: Shop) -> None:
    rows = "A-01,HAM,Hamburg,Europe/Berlin,EUR,W1,Z1,bin\nA-02,HAM,,,,W1,Z2,dock\nB-01,,,,,,,\n"
    assert _figures(shop.load(RecordKind.LOCATIONS, PLACES + rows)) == (3, 0, 0, 0)
    assert shop.rows("site", "code", "name", "zone", "currency") == [
        ("HAM", "Hamburg", "Europe/Berlin", "EUR"),
        ("MAIN", "", "UTC", "EUR"),
    ]
    assert shop.rows("location", "code", "site_id", "zone", "kind") == [
        ("A-01", 1, "Z1", "bin"),
        ("A-02", 1, "Z2", "dock"),
        ("B-01", 2, "", "bin"),
    ]


def test_locations_read_again_are_known_and_may_move_to_another_site(shop: Shop) -> None:
    row = "A-01,HAM,Hamburg,Europe/Berlin,EUR,W1,Z1,bin\n"
    shop.load(RecordKind.LOCATIONS, PLACES + row)
    assert _figures(shop.load(RecordKind.LOCATIONS, PLACES + row)) == (0, 0, 1, 0)
    assert _figures(shop.load(RecordKind.LOCATIONS, PLACES + "A-01,BER,,,,,Z9,\n")) == (0, 1, 0, 0)
    assert shop.rows("location", "site_id", "warehouse", "zone") == [(2, "W1", "Z9")]


def test_a_location_that_a_movement_created_gets_its_place_later(shop: Shop) -> None:
    shop.movements("1,A,X,5,,2026-01-01\n")
    assert _figures(shop.load(RecordKind.LOCATIONS, PLACES + "X,,Hamburg,,,W1,,\n")) == (0, 1, 0, 0)
    assert _figures(shop.load(RecordKind.LOCATIONS, PLACES + "X,HAM,,,,,,\n")) == (0, 1, 0, 0)
    assert shop.rows("location", "site_id", "warehouse") == [(2, "W1")]


# --- openings


def test_openings_are_movements_of_their_kind(shop: Shop) -> None:
    content = "item,location,quantity,recorded_at\nA,X,5,2026-01-01\n"
    assert _figures(shop.load(RecordKind.OPENINGS, content)) == (1, 0, 0, 0)
    assert shop.rows("movement", "kind", "quantity") == [("opening", 5 * MICRO)]


DERIVED = """
kind = "openings"
derive_from = "balance"
combine = true
[columns]
item = "item"
location = "location"
quantity = "quantity"
as_of = "as_of"
[constants]
recorded_at = "2025-12-31"
"""
MONTHS = "item,location,quantity,as_of\n"


def test_openings_follow_from_the_first_stored_balance_of_each_key(shop: Shop) -> None:
    shop.movements("1,A,X,-5,,2026-01-10\n2,A,X,-1,,2026-02-10\n3,B,X,4,,2026-02-10\n")
    months = "A,X,20,2026-02-28\nA,X,2,2026-01-31\nA,X,1,2026-01-31\nB,X,4,2026-01-31\nC,X,7,2026-01-31\n"
    result = shop.load(RecordKind.OPENINGS, MONTHS + months, DERIVED)
    assert (*_figures(result), result.skipped) == (4, 0, 0, 0, 1)
    assert shop.rows("movement", "reference", "quantity", "recorded_at")[3:] == [
        ("opening:A|X||available", 8 * MICRO, parse("2025-12-31")),
        ("opening:B|X||available", 4 * MICRO, parse("2025-12-31")),
        ("opening:C|X||available", 7 * MICRO, parse("2025-12-31")),
    ]
    assert Listing(shop.database).episodes() == ()


def test_a_derived_opening_is_made_once_and_kept(shop: Shop) -> None:
    shop.load(RecordKind.OPENINGS, MONTHS + "A,X,3,2026-01-31\n", DERIVED)
    shop.movements("1,A,X,-5,,2026-01-10\n")
    assert _figures(shop.load(RecordKind.OPENINGS, MONTHS + "A,X,3,2026-01-31\n", DERIVED)) == (0, 0, 1, 0)
    assert shop.rows("balance", "on_hand") == [(-2 * MICRO,)]


def test_an_opening_needs_an_instant_and_a_balance_without_one_is_of_now(shop: Shop) -> None:
    mapping = DERIVED.replace("[constants]\n", "").replace(
        'recorded_at = "2025-12-31"', 'recorded_at = "booked"'
    )
    content = "item,location,quantity,as_of,booked\nA,X,3,,\nB,X,3,,2025-01-01\nB,X,3,2027-01-01,2025-01-01\n"
    result = shop.load(RecordKind.OPENINGS, content, mapping)
    assert _codes(result) == [(2, "time-missing")]
    assert (result.added, result.skipped) == (1, 1)


# --- stored balances


def test_stored_balances_are_kept_by_instant_and_open_self_check_cases(shop: Shop) -> None:
    shop.movements("1,A,X,5,,2026-01-10\n")
    assert _figures(shop.load(RecordKind.BALANCES, MONTHS + "A,X,4,2026-01-31\nB,X,0,2026-01-31\n")) == (
        2,
        0,
        0,
        0,
    )
    assert shop.rows("stock_case", "queue") == [("self-check",)]
    assert _figures(shop.load(RecordKind.BALANCES, MONTHS + "A,X,4,2026-01-31\nA,X,5,2026-02-28\n")) == (
        1,
        0,
        1,
        0,
    )
    assert shop.rows("stock_case", "state") == [("dismissed",)]


def test_two_different_balances_of_one_instant_are_rejected_or_added_up(shop: Shop) -> None:
    rows = MONTHS + "A,X,4,2026-01-31\nA,X,4,2026-01-31\nA,X,5,2026-01-31\n"
    result = shop.load(RecordKind.BALANCES, rows)
    assert (*_figures(result), result.files[0].repeated) == (1, 0, 1, 1, 1)
    mapping = DERIVED.replace('"openings"\nderive_from = "balance"', '"balances"').replace("2025-12-31", "")
    mapping = mapping.replace('[constants]\nrecorded_at = ""\n', "").replace(
        '"as_of"', '{ constant = "2026-03-31" }'
    )
    assert _figures(shop.load(RecordKind.BALANCES, rows, mapping)) == (3, 0, 0, 0)
    assert shop.rows("stored_balance", "on_hand") == [(4 * MICRO,), (13 * MICRO,)]
    assert _codes(shop.load(RecordKind.BALANCES, MONTHS + "A,X,9,2026-01-31\n")) == [(2, "balance-differs")]


def test_a_balance_without_an_instant_is_of_now_and_known_while_it_is_the_same(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    shop = Shop(warehouse.database, tmp_path)
    content = "item,location,quantity\nA,X,4\n"
    assert _figures(shop.load(RecordKind.BALANCES, content)) == (1, 0, 0, 0)
    warehouse.clock.forward(MICRO)
    assert _figures(shop.load(RecordKind.BALANCES, content)) == (0, 0, 1, 0)
    assert _figures(shop.load(RecordKind.BALANCES, content.replace("4", "5"))) == (1, 0, 0, 0)


def test_a_balance_in_a_unit_nobody_knows_is_rejected(shop: Shop) -> None:
    shop.movements("1,A,X,5,KG,2026-01-10\n")
    content = "item,location,quantity,unit\nA,X,4,CS\n"
    assert _codes(shop.load(RecordKind.BALANCES, content)) == [(2, "unit-unknown")]


# --- documents and reservations

LINES = "document_kind,document,document_line,item,location,quantity,done_quantity,state,due_at,partner\n"


def test_documents_stand_as_their_lines_say(shop: Shop) -> None:
    rows = (
        "receipt,PO1,1,A,X,10,4,,2026-02-01,ACME\nreceipt,PO1,2,B,,5,5,,,\nreceipt,PO2,,A,,1,1,,,\n"
        "order,SO1,1,A,,1,0,closed,,\norder,SO1,2,B,,1,0,open,,\norder,SO1,3,C,,1,0,closed,,\n"
    )
    result = shop.load(RecordKind.DOCUMENTS, LINES + rows)
    assert _figures(result) == (6, 0, 0, 0)
    assert result.created_items == ("A", "B", "C")
    assert shop.rows("document", "number", "state", "partner", "due_at") == [
        ("PO1", "open", "ACME", parse("2026-02-01")),
        ("PO2", "closed", "", None),
        ("SO1", "open", "", None),
    ]
    assert shop.rows("document_line", "line", "quantity", "done_quantity")[:3] == [
        ("1", 10 * MICRO, 4 * MICRO),
        ("2", 5 * MICRO, 5 * MICRO),
        ("1", MICRO, MICRO),
    ]
    assert _figures(shop.load(RecordKind.DOCUMENTS, LINES + rows)) == (0, 0, 6, 0)


def test_a_document_read_again_may_have_gone_on(shop: Shop) -> None:
    shop.load(RecordKind.DOCUMENTS, LINES + "receipt,PO1,1,A,X,10,4,,2026-02-01,ACME\n")
    result = shop.load(RecordKind.DOCUMENTS, LINES + "receipt,PO1,1,A,X,10,10,,2026-03-01,ACME Ltd\n")
    assert _figures(result) == (0, 1, 0, 0)
    assert shop.rows("document", "state", "partner", "due_at") == [
        ("closed", "ACME Ltd", parse("2026-03-01"))
    ]


def test_a_line_twice_in_a_file_is_known_or_rejected(shop: Shop) -> None:
    rows = "receipt,PO1,1,A,X,10,4,,,\nreceipt,PO1,1,A,X,10,4,,,\nreceipt,PO1,1,A,X,11,4,,,\n"
    result = shop.load(RecordKind.DOCUMENTS, LINES + rows)
    assert (*_figures(result), _codes(result)) == (1, 0, 1, 1, [(4, "line-twice")])


def test_a_document_line_in_a_unit_nobody_knows_is_rejected(shop: Shop) -> None:
    shop.movements("1,A,X,5,KG,2026-01-10\n")
    content = "document_kind,document,item,quantity,unit\nreceipt,PO1,A,4,CS\n"
    assert _codes(shop.load(RecordKind.DOCUMENTS, content)) == [(2, "unit-unknown")]
    assert shop.count("document") == 0


RESERVED = "reference,item,location,quantity,unit,document,due_at\n"


def test_reservations_are_made_changed_and_released(shop: Shop) -> None:
    assert _figures(
        shop.load(RecordKind.RESERVATIONS, RESERVED + "R1,A,X,5,,SO1,2026-02-01\nR2,B,,1,,,\n")
    ) == (
        2,
        0,
        0,
        0,
    )
    again = "R1,A,X,6,,SO1,2026-02-01\nR2,B,,1,,,\nR3,A,,0,,,\n"
    assert _figures(shop.load(RecordKind.RESERVATIONS, RESERVED + again)) == (0, 1, 2, 0)
    released = "R1,A,X,0,,SO1,\nR1,A,X,0,,SO1,\nR2,B,,1,KG,,\n"
    result = shop.load(RecordKind.RESERVATIONS, RESERVED + released)
    assert (*_figures(result), _codes(result)) == (0, 1, 1, 1, [(4, "unit-unknown")])
    assert shop.rows("reservation", "reference", "quantity") == [("R2", MICRO)]
