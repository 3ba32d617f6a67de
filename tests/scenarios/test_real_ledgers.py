"""Three ledgers nobody here wrote, imported whole by their shipped mappings, against the raw rows."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from functools import cache
from itertools import accumulate
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from support.real_ledgers import (
    DAY,
    MICRO,
    Raw,
    RawEpisode,
    ledger_folder,
    raw_balances,
    raw_episodes,
    raw_rows,
)
from support.warehouse import SettableClock, open_database
from zeroline import assets
from zeroline.domain.changes import Changes
from zeroline.domain.incoming import RecordKind
from zeroline.domain.instant import of
from zeroline.domain.person import PROGRAM
from zeroline.domain.replay import Order
from zeroline.domain.views.intake import ImportResult
from zeroline.services.intake import Intake
from zeroline.services.listing import Listing
from zeroline.sources import load_mapping, plan
from zeroline.storage import schema
from zeroline.storage.ledger import verify


class Imported:
    """A database into which a ledger was imported."""

    def __init__(self, folder: Path, path: Path) -> None:
        self.folder = folder
        self.path = path
        self.result = ImportResult((), (), (), Changes())  # of the first import
        self.database = open_database(path, SettableClock(of(datetime(2026, 3, 2, tzinfo=ZoneInfo("UTC")))))

    def load(self, *kinds: RecordKind) -> ImportResult:
        """Import everything the mapping names, or only some kinds."""
        mapping = load_mapping(assets.resource(f"sample/{self.folder.name}/ledger.toml"))
        sources = [source for kind in kinds or (None,) for source in plan([self.folder], mapping, kind)]
        return Intake(self.database).load(PROGRAM, sources)

    def keyed(self, table: str, *columns: str) -> list[tuple]:
        """Rows of a table that belongs to stock keys: item, location, then the columns."""
        chosen = schema.metadata.tables[table]
        query = (
            select(schema.item.c.code, schema.location.c.code, *(chosen.c[name] for name in columns))
            .join_from(chosen, schema.stock_key, schema.stock_key.c.id == chosen.c.key_id)
            .join(schema.item, schema.item.c.id == schema.stock_key.c.item_id)
            .join(schema.location, schema.location.c.id == schema.stock_key.c.location_id)
        )
        with self.database.read() as connection:
            return [tuple(row) for row in connection.execute(query)]

    def balances(self) -> dict[tuple[str, str], Fraction]:
        """Stored balances by item and location."""
        return {(item, place): Fraction(q, MICRO) for item, place, q in self.keyed("balance", "on_hand")}

    def episodes(self, order: Order = Order.BOOK) -> list[RawEpisode]:
        """Episodes as the headless verb lists them."""
        return [
            RawEpisode(
                line.item,
                line.location,
                line.started_at,
                line.ended_at,
                Fraction(line.depth, MICRO),
                Fraction(line.unit_days, MICRO),
                line.opening_movement,
                line.closing_movement,
            )
            for line in Listing(self.database).episodes(order)
        ]

    def count(self, table: str) -> int:
        """Rows of a table."""
        with self.database.read() as connection:
            return len(connection.execute(select(schema.metadata.tables[table])).all())


def _empty(name: str, tmp: pytest.TempPathFactory, template: Path) -> Imported:
    folder = ledger_folder(name)
    path = tmp.mktemp(name) / "ledger.db"
    path.write_bytes(template.read_bytes())
    return Imported(folder, path)


@cache
def _day(text: str, form: str, zone: str = "UTC") -> int:
    return of(datetime.strptime(text, form).replace(tzinfo=ZoneInfo(zone)))


# --- Crestline ---------------------------------------------------------------------------------------

LAGOS = "Africa/Lagos"


@pytest.fixture(scope="module")
def crestline(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Imported:
    imported = _empty("crestline", tmp_path_factory, template)
    imported.result = imported.load()
    return imported


def _crestline_rows(folder: Path) -> list[Raw]:
    """Every movement of the ledger, read file by file in its own habit."""
    cartons = {row["ProductID"]: int(row["UnitsPerCarton"]) for row in raw_rows(folder / "dim_products.csv")}
    rows = [
        Raw(
            (row["ProductID"], row["WarehouseID"]),
            _day(row["TxnDate"], "%Y-%m-%d", LAGOS),
            Fraction(row["QtyChange"]),
            row["TxnID"],
        )
        for row in raw_rows(folder / "inventory_transactions.csv")
    ]
    habits = (
        ("lagos_main", "WH-LAG1", "%Y-%m-%d"),
        ("lagos_annex", "WH-LAG2", "%d/%m/%Y"),
        ("ibadan", "WH-IBD", "%Y-%m-%d"),
        ("abuja", "WH-ABJ", "%d-%b-%y"),
        ("port_harcourt", "WH-PHC", "%Y-%m-%d"),
    )
    for name, place, form in habits:
        for row in dict.fromkeys(tuple(r.items()) for r in raw_rows(folder / f"sales_{name}.csv")):
            cells = dict(row)
            item = cells["ProductID"].upper()
            sold = Decimal((cells.get("Quantity") or cells.get("Qty") or "").replace(",", ""))
            if cells.get("UOM") == "CARTON":
                sold = (sold * cartons[item]).quantize(Decimal(1), ROUND_HALF_EVEN)
            rows.append(
                Raw((item, place), _day(cells["OrderDate"], form, LAGOS), -Fraction(sold), cells["OrderID"])
            )
    return rows


def test_crestline_loses_no_row_and_rejects_none(crestline: Imported) -> None:
    for file in crestline.result.files:
        assert file.read == sum(1 for _ in raw_rows(crestline.folder / file.file_name))
        assert file.added + file.known + file.skipped == file.read
        assert file.problems == ()
    assert crestline.count("movement") == len(_crestline_rows(crestline.folder)) + 850
    assert (crestline.result.created_items, crestline.result.created_locations) == ((), ())


def test_crestlines_122_double_rows_count_once(crestline: Imported) -> None:
    abuja = next(file for file in crestline.result.files if file.file_name == "sales_abuja.csv")
    assert (abuja.known, abuja.repeated, abuja.added) == (122, 122, 10_820)


def test_every_month_end_of_crestline_is_reproduced_exactly(crestline: Imported) -> None:
    by_key: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for item, place, at, quantity in crestline.keyed("movement", "recorded_at", "quantity"):
        by_key.setdefault((item, place), []).append((at, quantity))
    history = {
        key: (sorted(at for at, _ in rows), list(accumulate(quantity for _, quantity in sorted(rows))))
        for key, rows in by_key.items()
    }

    def book(row: dict[str, str]) -> int:
        times, balances = history[row["ProductID"], row["WarehouseID"]]
        until = bisect_right(times, _day(row["SnapshotDate"], "%Y-%m-%d", LAGOS) + DAY - 1)
        return balances[until - 1]

    months = list(raw_rows(crestline.folder / "month_end_inventory.csv"))
    wrong = [row for row in months if book(row) != int(row["SystemQty"]) * MICRO]
    assert len(months) == 20_400
    assert wrong == []


def test_crestline_was_never_below_zero_and_needs_no_case(crestline: Imported) -> None:
    assert crestline.episodes() == []
    assert crestline.episodes(Order.PHYSICAL) == []
    assert crestline.count("stock_case") == 0


def test_crestlines_openings_are_what_the_first_month_end_leaves(crestline: Imported) -> None:
    first = {
        (row["ProductID"], row["WarehouseID"]): Fraction(row["SystemQty"])
        for row in raw_rows(crestline.folder / "month_end_inventory.csv")
        if row["SnapshotDate"] == "2024-07-31"
    }
    moved = raw_balances(
        [row for row in _crestline_rows(crestline.folder) if row.at <= _day("2024-07-31", "%Y-%m-%d", LAGOS)]
    )
    openings = {
        (item, place): (Fraction(quantity, MICRO), at)
        for item, place, kind, quantity, at in crestline.keyed("movement", "kind", "quantity", "recorded_at")
        if kind == "opening"
    }
    day = _day("2024-07-01", "%Y-%m-%d", LAGOS) - 1  # the last moment of 30 June
    assert openings == {key: (on_hand - moved.get(key, 0), day) for key, on_hand in first.items()}


def test_crestlines_balances_are_its_openings_and_all_its_rows(crestline: Imported) -> None:
    total = raw_balances(_crestline_rows(crestline.folder))
    for item, place, kind, quantity in crestline.keyed("movement", "kind", "quantity"):
        if kind == "opening":
            total[item, place] = total.get((item, place), Fraction(0)) + Fraction(quantity, MICRO)
    assert crestline.balances() == total


def test_importing_crestline_again_adds_nothing(crestline: Imported) -> None:
    names = ("movement", "item", "item_unit", "location", "document_line", "stored_balance", "stock_case")
    before = {name: crestline.count(name) for name in names}
    again = crestline.load()
    assert (again.added, again.changed, again.rejected) == (0, 0, 0)
    assert {name: crestline.count(name) for name in names} == before


# --- Discount Tire -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def discount_tire(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Imported:
    imported = _empty("discount_tire", tmp_path_factory, template)
    imported.result = imported.load()
    return imported


def _discount_tire_rows(folder: Path) -> list[Raw]:
    return [
        Raw(
            (row["product_id"], "STORE-" + row["store_id"]),
            _day(row["movement_date"], "%Y-%m-%d", "America/Phoenix"),
            Fraction(row["quantity"]),
            row["movement_id"],
        )
        for row in raw_rows(folder / "inventory_movements.csv")
    ]


def test_discount_tire_has_exactly_the_negatives_of_its_raw_rows(discount_tire: Imported) -> None:
    rows = _discount_tire_rows(discount_tire.folder)
    assert discount_tire.result.rejected == 0
    assert discount_tire.balances() == raw_balances(rows)
    assert discount_tire.episodes() == raw_episodes(rows)
    assert len(raw_episodes(rows)) > 100


def test_discount_tires_kinds_are_kept(discount_tire: Imported) -> None:
    assert Counter(kind for *_, kind in discount_tire.keyed("movement", "kind")) == {
        "receipt": 369,
        "shipment": 340,
        "customer return": 350,
        "adjustment": 359,
        "transfer in": 382,
    }


def test_the_self_check_finds_where_discount_tires_stock_is_not_its_movements(
    discount_tire: Imported,
) -> None:
    sums = raw_balances(_discount_tire_rows(discount_tire.folder))
    different = {
        (row["product_id"], "STORE-" + row["store_id"])
        for row in raw_rows(discount_tire.folder / "inventory.csv")
        if sums.get((row["product_id"], "STORE-" + row["store_id"]), 0) != int(row["stock_qty"])
    }
    found = {
        (i, place) for i, place, queue in discount_tire.keyed("stock_case", "queue") if queue == "self-check"
    }
    assert found == different


# --- AdventureWorks ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def from_zero(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Imported:
    """The movements alone: openings of zero. Tests leave it as it is."""
    imported = _empty("adventureworks", tmp_path_factory, template)
    imported.result = imported.load(RecordKind.ITEMS, RecordKind.MOVEMENTS)
    imported.database.dispose()
    return imported


def _adventureworks_rows(folder: Path) -> list[Raw]:
    sign = {"W": 1, "P": 1, "S": -1}
    return [
        Raw(
            (row["ProductID"], "AW"),
            _day(row["TransactionDate"], "%Y-%m-%d %H:%M:%S"),
            sign[row["TransactionType"]] * Fraction(row["Quantity"]),
            row["TransactionID"],
        )
        for name in ("TransactionHistoryArchive", "TransactionHistory")
        for row in raw_rows(folder / f"Production.{name}.csv")
    ]


def test_adventureworks_from_zero_has_exactly_the_episodes_of_its_raw_rows(from_zero: Imported) -> None:
    rows = _adventureworks_rows(from_zero.folder)
    movements = [file for file in from_zero.result.files if file.kind is RecordKind.MOVEMENTS]
    assert len(rows) == sum(file.added for file in movements) == 202_696
    assert from_zero.result.rejected == 0
    assert from_zero.balances() == raw_balances(rows)
    expected = raw_episodes(rows)
    assert len(expected) > 5_000
    assert from_zero.episodes() == expected


def test_adventureworks_openings_from_the_stock_leave_few_negatives(
    from_zero: Imported, tmp_path: Path
) -> None:
    path = tmp_path / "with-openings.db"
    path.write_bytes(from_zero.path.read_bytes())
    opened = Imported(from_zero.folder, path)
    rows = _adventureworks_rows(opened.folder)
    moved = raw_balances(rows)
    stored: dict[tuple[str, str], Fraction] = {}
    for row in raw_rows(opened.folder / "Production.ProductInventory.csv"):
        key = (row["ProductID"], "AW")
        stored[key] = stored.get(key, Fraction(0)) + Fraction(row["Quantity"])
    first_day = _day("2011-04-15", "%Y-%m-%d")
    openings = [
        Raw(key, first_day, on_hand - moved.get(key, 0), f"opening:{key[0]}|AW||available")
        for key, on_hand in stored.items()
    ]

    result = opened.load(RecordKind.OPENINGS, RecordKind.BALANCES, RecordKind.DOCUMENTS)

    assert result.rejected == 0
    assert opened.balances() == {**moved, **stored}
    assert opened.episodes() == raw_episodes([*openings, *rows])
    assert len(opened.episodes()) < len(from_zero.episodes()) / 5
    assert [case for case in opened.keyed("stock_case", "queue") if case[2] == "self-check"] == []
    with opened.database.read() as connection:
        assert verify(connection) == []
        query = select(schema.document.c.kind, schema.document.c.state)
        assert Counter(tuple(row) for row in connection.execute(query)) == {
            ("production", "closed"): 72_591,
            ("receipt", "closed"): 3_689 + 86,
            ("receipt", "open"): 225 + 12,
        }
