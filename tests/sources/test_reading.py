"""Rows understood: signs, kinds, times, units, words, transfers, and what is wrong with a row."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.files import read, source, text_file, workbook
from zeroline.domain import instant
from zeroline.domain.errors import DomainError
from zeroline.domain.incoming import (
    BalanceRow,
    DocumentRow,
    ItemRow,
    LocationRow,
    MovementRow,
    RecordKind,
    ReservationRow,
    TransferRow,
)
from zeroline.domain.movement import MovementKind, TimeBasis
from zeroline.domain.quantity import SCALE

MOVED = """
kind = "movements"
[columns]
item = "Item"
location = "Bin"
quantity = "Qty"
occurred_at = "Date"
"""


def _one(folder: Path, content: str, mapping: str = MOVED) -> MovementRow:
    records, problems = read(text_file(folder, content), mapping)
    assert problems == []
    (record,) = records
    assert isinstance(record, MovementRow)
    return record


def _problem(folder: Path, content: str | bytes, mapping: str = MOVED) -> tuple[int, str, str]:
    records, problems = read(text_file(folder, content), mapping)
    assert records == []
    (problem,) = problems
    return problem.row, problem.field, problem.code


# --- our own columns


def test_our_own_columns_need_no_mapping_in_any_order_and_case(tmp_path: Path) -> None:
    row = _one(tmp_path, "Quantity,ITEM,recorded_at,location,note\n-5,00123,2026-01-01,A-01,hi\n", "")
    assert (row.item, row.location, row.measure.entered) == ("00123", "A-01", -5 * SCALE)
    assert (row.kind, row.status, row.time_basis) == (
        MovementKind.SHIPMENT,
        "available",
        TimeBasis.RECORDED,
    )


def test_every_own_column_is_understood(tmp_path: Path) -> None:
    row = _one(
        tmp_path,
        "movement_id,item,location,lot,status,quantity,unit,kind,occurred_at,recorded_at,document,"
        "document_line,user,source,override\n"
        "M1,A,B,L7,On_Hold,2.5,CS,Transfer-In,2026-01-01T10:00:00Z,2026-01-02T10:00:00+02:00,PO1,3,eve,erp,yes\n",
        "",
    )
    assert (row.reference, row.lot, row.status, row.measure.unit) == ("M1", "L7", "on hold", "CS")
    assert (row.kind, row.document, row.document_line, row.user) == (
        MovementKind.TRANSFER_IN,
        "PO1",
        "3",
        "eve",
    )
    assert (row.source, row.override, row.time_basis) == ("erp", True, TimeBasis.BOTH)
    assert instant.iso(row.recorded_at or 0) == "2026-01-02T08:00:00Z"


@pytest.mark.parametrize(
    ("header", "missing"),
    [
        ("item,location,recorded_at", "quantity"),
        ("item,quantity,recorded_at", "location"),
        ("item,location,quantity", "occurred_at / recorded_at"),
    ],
)
def test_a_required_column_that_is_not_there_refuses_the_file(
    tmp_path: Path, header: str, missing: str
) -> None:
    with pytest.raises(DomainError, match="columns-missing") as refused:
        read(text_file(tmp_path, header + "\n1,2,3\n"))
    assert refused.value.fields["missing"] == (missing,)


def test_an_item_code_of_a_workbook_keeps_its_zeros_and_has_no_decimals(tmp_path: Path) -> None:
    head = ["item", "location", "quantity", "recorded_at"]
    path = workbook(tmp_path, [head, ["00123", 7.0, 1, "2026-01-01"], [123.0, "A", 1, "2026-01-01"]])
    records, _ = read(path)
    assert [(r.item, r.location) for r in records if isinstance(r, MovementRow)] == [
        ("00123", "7"),
        ("123", "A"),
    ]


# --- times


@pytest.mark.parametrize(
    ("occurred", "recorded", "basis"),
    [
        ("2026-01-01", "2026-01-02", TimeBasis.BOTH),
        ("2026-01-01", "", TimeBasis.OCCURRED),
        ("", "2026-01-02", TimeBasis.RECORDED),
    ],
)
def test_a_missing_time_is_taken_from_the_other(
    tmp_path: Path, occurred: str, recorded: str, basis: TimeBasis
) -> None:
    row = _one(tmp_path, f"item,location,quantity,occurred_at,recorded_at\nA,B,1,{occurred},{recorded}\n", "")
    assert row.time_basis is basis
    assert row.occurred_at == instant.parse(occurred or recorded)
    assert row.recorded_at == instant.parse(recorded or occurred)


def test_a_row_without_any_time_is_a_problem_where_the_file_has_times(tmp_path: Path) -> None:
    content = "item,location,quantity,occurred_at,recorded_at\nA,B,1,,\n"
    assert _problem(tmp_path, content, "") == (2, "occurred_at / recorded_at", "time-missing")


def test_a_mapping_may_let_file_order_fill_missing_times(tmp_path: Path) -> None:
    mapping = 'missing_time = "file order"' + MOVED
    path = text_file(tmp_path, "Item,Bin,Qty,Date\nA,B,1,\nA,B,1,2026-01-05\nA,B,1,\n")
    records, _ = read(path, mapping)
    assert [(r.recorded_at, r.time_basis) for r in records if isinstance(r, MovementRow)] == [
        (None, TimeBasis.FILE_ORDER),
        (instant.parse("2026-01-05"), TimeBasis.OCCURRED),
        (instant.parse("2026-01-05"), TimeBasis.FILE_ORDER),
    ]


def test_one_column_for_both_times_tells_one_time(tmp_path: Path) -> None:
    mapping = MOVED + 'recorded_at = "Date"\n'
    assert _one(tmp_path, "Item,Bin,Qty,Date\nA,B,1,2026-01-05\n", mapping).time_basis is TimeBasis.RECORDED


# --- numbers and signs


@pytest.mark.parametrize(
    ("settings", "written", "meant"),
    [
        ('decimal = ","\nthousands = "."', '"1.234,5"', 1234.5),
        ('thousands = ","', '"1,234"', 1234),
        ("", "\N{MINUS SIGN}3", -3),
        ("", "(3)", -3),
        ("", "3-", -3),
        ('sign = "-"', "3", -3),
        ('sign = "+"', "3", 3),
        ('sign = "reverse"', "-3", 3),
    ],
)
def test_numbers_are_read_as_written(tmp_path: Path, settings: str, written: str, meant: float) -> None:
    row = _one(tmp_path, f"Item,Bin,Qty,Date\nA,B,{written},2026-01-05\n", settings + MOVED)
    assert row.measure.entered == meant * SCALE


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("1e308", "quantity-too-large"),
        ("0.0000001", "quantity-decimals"),
        ("abc", "quantity-unreadable"),
        ("nan", "quantity-unreadable"),
        ("1.2.3", "quantity-unreadable"),
        ("", "quantity-empty"),
        ("9" * 100, "quantity-unreadable"),
    ],
)
def test_what_is_no_quantity_is_a_problem_of_its_field(tmp_path: Path, written: str, code: str) -> None:
    assert _problem(tmp_path, f"Item,Bin,Qty,Date\nA,B,{written},2026-01-05\n") == (2, "Qty", code)


DIRECTED = (
    MOVED
    + """direction = "Way"
[directions]
H = "-"
S = "+"
"""
)


@pytest.mark.parametrize(("way", "meant"), [("H", -3), ("s", 3), ("OUT", -3), ("in", 3)])
def test_a_direction_column_gives_the_sign(tmp_path: Path, way: str, meant: int) -> None:
    row = _one(tmp_path, f"Item,Bin,Qty,Date,Way\nA,B,3,2026-01-05,{way}\n", DIRECTED)
    assert row.measure.entered == meant * SCALE
    assert row.kind is (MovementKind.RECEIPT if meant > 0 else MovementKind.SHIPMENT)


def test_a_direction_nobody_knows_and_a_sign_beside_a_direction_are_problems(tmp_path: Path) -> None:
    head = "Item,Bin,Qty,Date,Way\n"
    assert _problem(tmp_path, head + "A,B,3,2026-01-05,?\n", DIRECTED) == (2, "Way", "direction-unknown")
    assert _problem(tmp_path, head + "A,B,-3,2026-01-05,H\n", DIRECTED) == (2, "Qty", "quantity-signed")


IN_OUT = """
kind = "movements"
[columns]
item = "Item"
location = "Bin"
quantity_in = "In"
quantity_out = "Out"
occurred_at = "Date"
"""


@pytest.mark.parametrize(
    ("came", "went", "meant"), [("5", "", 5), ("", "5", -5), ("5", "2", 3), ("0", "0", 0)]
)
def test_two_columns_in_and_out_make_one_quantity(tmp_path: Path, came: str, went: str, meant: int) -> None:
    row = _one(tmp_path, f"Item,Bin,In,Out,Date\nA,B,{came},{went},2026-01-05\n", IN_OUT)
    assert row.measure.entered == meant * SCALE


def test_neither_in_nor_out_or_a_sign_in_one_of_them_is_a_problem(tmp_path: Path) -> None:
    head = "Item,Bin,In,Out,Date\n"
    assert _problem(tmp_path, head + "A,B,,,2026-01-05\n", IN_OUT) == (2, "In / Out", "quantity-empty")
    assert _problem(tmp_path, head + "A,B,,-4,2026-01-05\n", IN_OUT) == (2, "Out", "quantity-signed")


# --- kinds and statuses

KINDS = (
    MOVED
    + """kind = "Type"
status = "State"
[kinds]
W = { kind = "production receipt", sign = "+" }
S = { kind = "shipment", sign = "-" }
[statuses]
Q7 = "quarantine"
"""
)


@pytest.mark.parametrize(
    ("word", "written", "kind", "meant"),
    [
        ("W", 4, MovementKind.PRODUCTION_RECEIPT, 4),
        ("s", 4, MovementKind.SHIPMENT, -4),
        ("transfer", -4, MovementKind.TRANSFER_OUT, -4),
        ("TRANSFER", 4, MovementKind.TRANSFER_IN, 4),
        ("component_issue", -4, MovementKind.COMPONENT_ISSUE, -4),
        ("", 4, MovementKind.RECEIPT, 4),
    ],
)
def test_kinds_are_translated_with_their_signs(
    tmp_path: Path, word: str, written: int, kind: MovementKind, meant: int
) -> None:
    row = _one(tmp_path, f"Item,Bin,Qty,Date,Type,State\nA,B,{written},2026-01-05,{word},q7\n", KINDS)
    assert (row.kind, row.measure.entered, row.status) == (kind, meant * SCALE, "quarantine")


@pytest.mark.parametrize(
    ("cells", "field", "code"),
    [
        ("A,B,1,2026-01-05,Z,", "Type", "kind-unknown"),
        ("A,B,-1,2026-01-05,S,", "Qty", "quantity-signed"),
        ("A,B,1,2026-01-05,W,broken", "State", "row-status-unknown"),
        (",B,1,2026-01-05,W,", "Item", "field-empty"),
        ("A, ,1,2026-01-05,W,", "Bin", "field-empty"),
        ("A,B,1,05/01/2026,W,", "Date", "instant-unreadable"),
        (f"{'A' * 201},B,1,2026-01-05,W,", "Item", "text-too-long"),
        ('"A\nB",B,1,2026-01-05,W,', "Item", "text-control"),
        (f"{'A' * 40_000},B,1,2026-01-05,W,", "Item", "cell-too-long"),
        ("A\0,B,1,2026-01-05,W,", "Item", "cell-nul"),
    ],
)
def test_each_fault_names_its_field(tmp_path: Path, cells: str, field: str, code: str) -> None:
    content = f"Item,Bin,Qty,Date,Type,State\n{cells}\n".encode()
    assert _problem(tmp_path, content, KINDS) == (2, field, code)


def test_bytes_that_do_not_fit_the_encoding_are_a_problem_of_their_row(tmp_path: Path) -> None:
    content = b"Item,Bin,Qty,Date\nA\xff,B,1,2026-01-05\n"
    mapping = 'encoding = "utf-8"' + MOVED
    assert _problem(tmp_path, content, mapping) == (2, "Item", "cell-undecodable")


def test_a_monstrous_cell_in_a_column_nobody_needs_does_no_harm(tmp_path: Path) -> None:
    content = "Item,Bin,Qty,Date,Note\nA,B,1,2026-01-05," + "x" * 10_000_000 + "\n"
    row = _one(tmp_path, content)
    assert max(len(cell) for cell in row.cells) < 3_000


def test_an_override_is_yes_or_no(tmp_path: Path) -> None:
    mapping = MOVED + 'override = "Forced"\n'
    head = "Item,Bin,Qty,Date,Forced\n"
    assert _one(tmp_path, head + "A,B,1,2026-01-05,X\n", mapping).override
    assert not _one(tmp_path, head + "A,B,1,2026-01-05,\n", mapping).override
    assert _problem(tmp_path, head + "A,B,1,2026-01-05,maybe\n", mapping) == (2, "Forced", "flag-unreadable")


# --- cells


def test_a_cell_may_be_joined_changed_translated_and_defaulted(tmp_path: Path) -> None:
    mapping = """
    kind = "movements"
    [columns]
    item = { column = "Item", change = ["upper"] }
    location = { columns = ["Shelf", "Bin"], prefix = "WH1/" }
    lot = { column = "Lot", translate = { none = "" }, default = "NOLOT" }
    document = { column = "Doc", translate = { "*" = "known" } }
    quantity = "Qty"
    occurred_at = "Date"
    """
    row = _one(tmp_path, "Item,Shelf,Bin,Lot,Doc,Qty,Date\nab-1,A,7,None,x,1,2026-01-05\n", mapping)
    assert (row.item, row.location, row.lot, row.document) == ("AB-1", "WH1/A-7", "NOLOT", "known")


def test_cells_and_factors_may_be_looked_up_in_a_side_file(tmp_path: Path) -> None:
    text_file(tmp_path, "Id,Code,PerCarton\n1,ABC,12\n2,DEF,\n", "products.csv")
    mapping = """
    kind = "movements"
    rounding = "whole"
    [columns]
    item = { column = "Item", lookup = "products", value = "Code" }
    location = "Bin"
    quantity = "Qty"
    unit = "Unit"
    occurred_at = "Date"
    [units]
    CARTON = { lookup = "cartons", value = "PerCarton" }
    EACH = { factor = 1 }
    [lookups.products]
    file = "products.csv"
    key = "Id"
    [lookups.cartons]
    file = "products.csv"
    key = "Code"
    """
    path = text_file(
        tmp_path,
        "Item,Bin,Qty,Unit,Date\n1,B,0.21,carton,2026-01-05\n1,B,3,EACH,2026-01-05\n"
        "9,B,1,EACH,2026-01-05\n2,B,1,CARTON,2026-01-05\n",
    )
    records, problems = read(path, mapping)
    measures = [r.measure for r in records if isinstance(r, MovementRow)]
    assert [(m.entered, m.unit, m.factor, m.whole) for m in measures] == [
        (210_000, "CARTON", (12, 1), True),
        (3 * SCALE, "EACH", (1, 1), True),
    ]
    assert [(p.row, p.field, p.code) for p in problems] == [
        (4, "Item", "lookup-nothing"),
        (5, "Unit", "factor"),
    ]


def test_a_lookup_file_without_the_wanted_column_refuses_the_mapping(tmp_path: Path) -> None:
    text_file(tmp_path, "Id,Code\n1,ABC\n", "products.csv")
    mapping = (
        MOVED
        + '[units]\nC = { lookup = "p", value = "Per" }\n[lookups.p]\nfile = "products.csv"\nkey = "Id"\n'
    )
    with pytest.raises(DomainError, match="column-missing"):
        read(text_file(tmp_path, "Item,Bin,Qty,Date\n"), mapping)


def test_rows_may_be_left_out_and_exact_copies_dropped(tmp_path: Path) -> None:
    mapping = """
    duplicates = "drop"
    skip = [{ column = "Type", equals = "info" }, { column = "Item", empty = true }]
    """
    path = text_file(
        tmp_path,
        "Item,Bin,Qty,Date,Type\nA,B,1,2026-01-05,x\nA,B,1,2026-01-05,info\n,,,,\n,B,1,2026-01-05,x\n"
        "A,B,1,2026-01-05,x\nA,B,2,2026-01-05,x\n",
    )
    batches = list(source(path, mapping + MOVED).batches())
    assert [(b.read, len(b.records), b.skipped, b.repeated) for b in batches] == [(6, 2, 3, 1)]


# --- transfers in one row

TRANSFER = """
kind = "movements"
[columns]
movement_id = "Id"
item = "Item"
from_location = "From"
to_location = "To"
quantity = "Qty"
occurred_at = "Date"
transit_days = "Days"
"""


def test_a_transfer_in_one_row_is_two_movements_and_the_second_arrives_later(tmp_path: Path) -> None:
    records, _ = read(
        text_file(tmp_path, "Id,Item,From,To,Qty,Date,Days\nT1,A,X,Y,5,2026-01-05,2\n"), TRANSFER
    )
    (transfer,) = records
    assert isinstance(transfer, TransferRow)
    out, into = transfer.legs
    assert [(leg.reference, leg.location, leg.measure.entered // SCALE, leg.kind) for leg in (out, into)] == [
        ("T1/out", "X", -5, MovementKind.TRANSFER_OUT),
        ("T1/in", "Y", 5, MovementKind.TRANSFER_IN),
    ]
    assert (into.occurred_at or 0) - (out.occurred_at or 0) == 2 * instant.DAY


def test_an_arrival_date_decides_over_days_in_transit(tmp_path: Path) -> None:
    mapping = TRANSFER.replace('transit_days = "Days"', 'arrived_at = "Came"')
    records, _ = read(
        text_file(tmp_path, "Id,Item,From,To,Qty,Date,Came\nT1,A,X,Y,5,2026-01-05,2026-01-09\n"), mapping
    )
    (transfer,) = records
    assert isinstance(transfer, TransferRow)
    assert transfer.legs[1].recorded_at == instant.parse("2026-01-09")


@pytest.mark.parametrize(
    ("cells", "location", "meant"),
    [("T1,A,,Y,5,2026-01-05,", "Y", 5), ("T1,A,X,,5,2026-01-05,", "X", -5)],
)
def test_a_transfer_with_one_end_is_one_movement(
    tmp_path: Path, cells: str, location: str, meant: int
) -> None:
    row = _one(tmp_path, f"Id,Item,From,To,Qty,Date,Days\n{cells}\n", TRANSFER)
    assert (row.location, row.measure.entered) == (location, meant * SCALE)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ("T1,A,,,5,2026-01-05,", "field-empty"),
        ("T1,A,X,X,5,2026-01-05,", "transfer-nowhere"),
        ("T1,A,X,Y,-5,2026-01-05,", "quantity-signed"),
        ("T1,A,X,Y,5,2026-01-05,-1", "transit-days"),
    ],
)
def test_a_transfer_that_goes_nowhere_is_a_problem(tmp_path: Path, cells: str, code: str) -> None:
    assert _problem(tmp_path, f"Id,Item,From,To,Qty,Date,Days\n{cells}\n", TRANSFER)[2] == code


def test_an_ordinary_movement_may_stand_among_transfers(tmp_path: Path) -> None:
    mapping = TRANSFER + 'location = "Bin"\n'
    row = _one(tmp_path, "Id,Item,From,To,Qty,Date,Days,Bin\nT1,A,,,-5,2026-01-05,,Z\n", mapping)
    assert (row.location, row.reference, row.measure.entered) == ("Z", "T1", -5 * SCALE)


# --- what a whole file lacks


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        ('kind = "movements"\n[columns]\nitem = "Item"', "mapping-gaps"),
        ('[columns]\nitem = "Item"', "mapping-kind-missing"),
        ('kind = "items"\n[columns]\nitem = "Item"\nquantity = "Qty"', "mapping-field-kind"),
        (
            'kind = "openings"\n[columns]\nitem = "Item"\nlocation = "Bin"\nquantity = "Qty"',
            "mapping-opening-time",
        ),
        (MOVED.replace('"Bin"', '"Lager"'), "column-missing"),
    ],
)
def test_a_mapping_that_cannot_fit_the_file_refuses_it(tmp_path: Path, mapping: str, code: str) -> None:
    with pytest.raises(DomainError, match=code):
        read(text_file(tmp_path, "Item,Bin,Qty,Date\nA,B,1,2026-01-05\n"), mapping)


def test_a_column_name_that_is_there_twice_refuses_the_file(tmp_path: Path) -> None:
    with pytest.raises(DomainError, match="column-twice"):
        read(text_file(tmp_path, "Item,Bin,Qty,Qty,Date\nA,B,1,1,2026-01-05\n"), MOVED)


# --- the other kinds


def test_items_are_read_with_units_and_barcodes(tmp_path: Path) -> None:
    path = text_file(
        tmp_path,
        "item,description,base_unit,unit_cost,abc_class,decimals,unit,factor,barcode,barcode_unit\n"
        "A,Apple,EA,2.50,a,0,CS,12,4006381333931,CS\nB,,,,,,DZ,1/12,,\nC,,,,,,,,,\n",
    )
    records, problems = read(path, kind=RecordKind.ITEMS)
    assert problems == []
    first, second, third = (r for r in records if isinstance(r, ItemRow))
    assert (first.description, first.unit_cost, first.abc_class, first.factor) == (
        "Apple",
        2_500_000,
        "A",
        (12, 1),
    )
    assert (second.description, second.unit_cost, second.factor) == (None, None, (1, 12))
    assert (third.unit, third.decimals) == ("", None)


def test_the_only_unit_of_an_item_list_is_its_base_unit(tmp_path: Path) -> None:
    records, _ = read(text_file(tmp_path, "item,unit\nA,KG\n"), kind=RecordKind.ITEMS)
    assert [(r.base_unit, r.unit) for r in records if isinstance(r, ItemRow)] == [("KG", "")]


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ("A,-1,A,0,,", "cost-negative"),
        ("A,1,D,0,,", "abc-unknown"),
        ("A,1,A,1.5,,", "decimals-range"),
        ("A,1,A,9,,", "decimals-range"),
        ("A,1,A,0,CS,", "unit-and-factor"),
        ("A,1,A,0,,12", "unit-and-factor"),
        ("A,1,A,0,CS,-12", "factor"),
    ],
)
def test_an_item_with_a_fault_is_a_problem(tmp_path: Path, cells: str, code: str) -> None:
    path = text_file(tmp_path, f"item,unit_cost,abc_class,decimals,unit,factor\n{cells}\n")
    assert [p.code for p in read(path, kind=RecordKind.ITEMS)[1]] == [code]


def test_locations_are_read_with_their_site(tmp_path: Path) -> None:
    path = text_file(
        tmp_path,
        "location,site,time_zone,warehouse,zone,location_kind\nA-01,HAM,Europe/Berlin,W1,Z1,Dock\n"
        "A-02,,Europe/Nowhere,,,\nA-03,,,,,cellar\n",
    )
    records, problems = read(path, kind=RecordKind.LOCATIONS)
    (place,) = records
    assert isinstance(place, LocationRow)
    assert (place.site, place.time_zone, place.kind, place.zone) == ("HAM", "Europe/Berlin", "dock", "Z1")
    assert [p.code for p in problems] == ["zone-unknown", "location-kind-unknown"]


def test_balances_documents_and_reservations_are_read(tmp_path: Path) -> None:
    balances, _ = read(
        text_file(tmp_path, "item,location,quantity,as_of\nA,B,-3,2026-01-31\n"), kind=RecordKind.BALANCES
    )
    documents, wrong = read(
        text_file(
            tmp_path,
            "document_kind,document,item,quantity,done_quantity,state\nReceipt,PO1,A,10,4,\nbill,PO2,A,1,0,\n"
            "order,SO1,A,1,0,lost\norder,SO1,A,-1,0,open\n",
        ),
        kind=RecordKind.DOCUMENTS,
    )
    reservations, refused = read(
        text_file(tmp_path, "reference,item,quantity\nR1,A,5\nR2,A,-5\n"), kind=RecordKind.RESERVATIONS
    )
    assert isinstance(balances[0], BalanceRow)
    assert (balances[0].measure.entered, balances[0].as_of) == (-3 * SCALE, instant.parse("2026-01-31"))
    assert isinstance(documents[0], DocumentRow)
    assert (documents[0].kind, documents[0].quantity.entered, documents[0].done.entered) == (
        "receipt",
        10 * SCALE,
        4 * SCALE,
    )
    assert [p.code for p in wrong] == ["document-kind-unknown", "document-state-unknown", "quantity-signed"]
    assert isinstance(reservations[0], ReservationRow)
    assert [p.code for p in refused] == ["quantity-signed"]
