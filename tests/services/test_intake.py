"""Importing movements: each once, every good row or none, every bad row with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from support.files import source, text_file
from support.warehouse import Warehouse
from zeroline.domain.errors import Cancelled, DomainError
from zeroline.domain.incoming import Batch, Measure, MovementRow, RecordKind
from zeroline.domain.instant import parse
from zeroline.domain.movement import MovementKind, TimeBasis
from zeroline.domain.person import PROGRAM
from zeroline.domain.views.intake import ImportResult
from zeroline.services.intake import Intake
from zeroline.services.listing import Listing
from zeroline.sources import plan
from zeroline.sources.rejects import write_rejects
from zeroline.storage import schema
from zeroline.storage.engine import Database
from zeroline.storage.ledger import verify

HEAD = "movement_id,item,location,quantity,recorded_at\n"


def _import(
    database: Database, path: Path, mapping: str = "", kind: RecordKind | None = None
) -> ImportResult:
    return Intake(database).load(PROGRAM, source(path, mapping, kind))


def _figures(result: ImportResult) -> tuple[int, int, int, int]:
    return result.read, result.added, result.known, result.rejected


def _codes(result: ImportResult) -> list[tuple[int, str, str]]:
    return [(p.row, p.field, p.code) for file in result.files for p in file.problems]


def _movements(database: Database, *columns: str) -> list[tuple]:
    chosen = [schema.movement.c[name] for name in columns]
    with database.read() as connection:
        return [tuple(r) for r in connection.execute(select(*chosen).order_by(schema.movement.c.seq))]


def _count(database: Database, table: str) -> int:
    with database.read() as connection:
        query = select(func.count()).select_from(schema.metadata.tables[table])
        return connection.execute(query).scalar_one()


# --- what comes in


def test_unknown_items_and_locations_are_created_and_listed(database: Database, tmp_path: Path) -> None:
    path = text_file(tmp_path, HEAD + "1,A,X,5,2026-01-01\n2,B,X,5,2026-01-01\n3,A,Y,5,2026-01-01\n")
    result = _import(database, path)
    assert _figures(result) == (3, 3, 0, 0)
    assert result.created_items == ("A", "B")
    assert result.created_locations == ("X", "Y")
    assert result.changes.ledger == {1, 2, 3}


def test_a_movement_keeps_everything_that_the_source_told(database: Database, tmp_path: Path) -> None:
    path = text_file(
        tmp_path,
        "movement_id,item,location,lot,status,quantity,unit,kind,occurred_at,recorded_at,document,"
        "document_line,user,source,override\n"
        "M1,A,B,L7,damaged,-2.5,KG,scrap,2026-01-01,2026-01-02,SC1,3,eve,erp,1\n",
    )
    _import(database, path)
    names = (
        "quantity",
        "kind",
        "occurred_at",
        "recorded_at",
        "reference",
        "time_basis",
        "document",
        "document_line",
        "user_name",
        "entered_quantity",
        "entered_unit",
        "override",
    )
    assert _movements(database, *names) == [
        (
            -2_500_000,
            "scrap",
            parse("2026-01-01"),
            parse("2026-01-02"),
            "M1",
            "both",
            "SC1",
            "3",
            "eve",
            -2_500_000,
            "KG",
            True,
        )
    ]


def test_an_item_shows_as_many_decimals_as_its_quantities_need(database: Database, tmp_path: Path) -> None:
    _import(database, text_file(tmp_path, HEAD + "1,A,X,5,2026-01-01\n2,A,X,0.125,2026-01-01\n"))
    with database.read() as connection:
        assert connection.execute(select(schema.item.c.decimals)).scalar_one() == 3


def test_an_unknown_item_takes_the_unit_it_is_first_named_with(database: Database, tmp_path: Path) -> None:
    head = "movement_id,item,location,quantity,unit,recorded_at\n"
    path = text_file(
        tmp_path,
        head + "1,A,X,5,KG,2026-01-01\n2,A,X,5,kg,2026-01-01\n3,A,X,5,,2026-01-01\n4,A,X,1,TON,2026-01-01\n",
    )
    result = _import(database, path)
    assert _codes(result) == [(5, "unit", "unit-unknown")]
    with database.read() as connection:
        assert connection.execute(select(schema.item.c.base_unit)).scalar_one() == "KG"


def test_a_rejected_row_creates_nothing(database: Database, tmp_path: Path) -> None:
    head = "movement_id,item,location,quantity,unit,source,recorded_at\n"
    result = _import(database, text_file(tmp_path, head + "1,A,X,5,EA,zeroline,2026-01-01\n"))
    assert _codes(result) == [(2, "source", "source-reserved")]
    assert (_count(database, "item"), _count(database, "location")) == (0, 0)


def test_units_of_the_item_give_the_base_quantity(warehouse: Warehouse, tmp_path: Path) -> None:
    warehouse.item("A", units={"CS": 12})
    head = "movement_id,item,location,quantity,unit,recorded_at\n"
    _import(warehouse.database, text_file(tmp_path, head + "1,A,X,-2,cs,2026-01-01\n"))
    assert _movements(warehouse.database, "quantity", "entered_quantity", "entered_unit") == [
        (-24_000_000, -2_000_000, "cs")
    ]


def test_a_third_of_a_piece_is_refused_unless_the_mapping_rounds(database: Database, tmp_path: Path) -> None:
    mapping = """
    kind = "movements"
    [columns]
    movement_id = "movement_id"
    item = "item"
    location = "location"
    quantity = "quantity"
    unit = "unit"
    recorded_at = "recorded_at"
    [units]
    BIT = { factor = "1/3" }
    """
    path = text_file(tmp_path, HEAD.replace("quantity", "quantity,unit") + "1,A,X,4,BIT,2026-01-01\n")
    assert _codes(_import(database, path, mapping)) == [(2, "quantity", "quantity-decimals")]
    assert _figures(_import(database, path, 'rounding = "whole"' + mapping)) == (1, 1, 0, 0)
    assert _movements(database, "quantity", "entered_quantity") == [(1_000_000, 4_000_000)]


def test_a_rounded_quantity_can_still_be_too_large(database: Database, tmp_path: Path) -> None:
    mapping = """
    kind = "movements"
    rounding = "whole"
    [columns]
    item = "item"
    location = "location"
    quantity = "quantity"
    unit = "unit"
    recorded_at = "recorded_at"
    [units]
    LOT = { factor = "1000000" }
    """
    path = text_file(
        tmp_path, HEAD.replace("quantity", "quantity,unit") + "1,A,X,9000000000,LOT,2026-01-01\n"
    )
    assert _codes(_import(database, path, mapping)) == [(2, "quantity", "quantity-too-large")]


def test_file_order_decides_between_equal_times(database: Database, tmp_path: Path) -> None:
    rows = "2,A,X,5,2026-01-01\n1,A,X,-5,2026-01-01\n3,B,X,-5,2026-01-01\n4,B,X,5,2026-01-01\n"
    _import(database, text_file(tmp_path, HEAD + rows))
    (episode,) = Listing(database).episodes()
    assert (episode.item, episode.opening_movement, episode.closing_movement) == ("B", "3", "4")
    assert episode.unit_days == 0


def test_a_file_without_times_is_in_file_order_of_the_import(warehouse: Warehouse, tmp_path: Path) -> None:
    mapping = 'kind = "movements"\n[columns]\nitem = "item"\nlocation = "location"\nquantity = "quantity"\n'
    path = text_file(tmp_path, "item,location,quantity\nA,X,-5\nA,X,5\n")
    _import(warehouse.database, path, mapping)
    assert (
        _movements(warehouse.database, "recorded_at", "time_basis")
        == [(warehouse.clock.now, TimeBasis.FILE_ORDER.value)] * 2
    )
    warehouse.clock.forward(1_000_000)
    assert _figures(_import(warehouse.database, path, mapping)) == (2, 0, 2, 0)


def test_several_sources_in_one_file_keep_their_ids_apart(database: Database, tmp_path: Path) -> None:
    head = "movement_id,item,location,quantity,source,recorded_at\n"
    rows = "1,A,X,5,erp,2026-01-01\n1,A,X,-5,wms,2026-01-01\n1,A,X,1,,2026-01-01\n"
    assert _figures(_import(database, text_file(tmp_path, head + rows))) == (3, 3, 0, 0)


def test_back_dated_rows_of_a_later_file_change_the_episodes_they_hit(
    database: Database, tmp_path: Path
) -> None:
    _import(database, text_file(tmp_path, HEAD + "1,A,X,-5,2026-01-02\n2,A,X,9,2026-01-04\n"))
    _import(database, text_file(tmp_path, HEAD + "3,A,X,2,2026-01-01\n4,A,X,4,2026-01-03\n", "late.csv"))
    (episode,) = Listing(database).episodes()
    assert (episode.depth, episode.closing_movement) == (-3_000_000, "4")
    with database.read() as connection:
        assert verify(connection) == []


def test_a_forced_negative_and_a_negative_open_cases(database: Database, tmp_path: Path) -> None:
    head = HEAD.replace("recorded_at", "recorded_at,override")
    _import(database, text_file(tmp_path, head + "1,A,X,-5,2026-01-01,yes\n"))
    with database.read() as connection:
        assert set(connection.execute(select(schema.stock_case.c.queue)).scalars()) == {
            "negative",
            "override",
        }


# --- importing twice


def test_importing_twice_adds_nothing(database: Database, tmp_path: Path) -> None:
    path = text_file(tmp_path, HEAD + "1,A,X,5,2026-01-01\n2,A,X,-7,2026-01-02\n")
    _import(database, path)
    before = _movements(database, "seq", "reference", "quantity")
    result = _import(database, path)
    assert _figures(result) == (2, 0, 2, 0)
    assert not result.changes.ledger
    assert _movements(database, "seq", "reference", "quantity") == before


def test_rows_without_an_id_are_told_apart_by_content_and_count(database: Database, tmp_path: Path) -> None:
    head = "item,location,quantity,recorded_at\n"
    path = text_file(tmp_path, head + "A,X,-1,2026-01-01\nA,X,-1,2026-01-01\nA,X,-2,2026-01-01\n")
    assert _figures(_import(database, path)) == (3, 3, 0, 0)
    assert _figures(_import(database, path)) == (3, 0, 3, 0)
    longer = text_file(tmp_path, head + "A,X,-1,2026-01-01\n" * 3, "longer.csv")
    assert _figures(_import(database, longer)) == (3, 1, 2, 0)


def test_the_same_id_with_the_same_content_in_one_file_counts_once(
    database: Database, tmp_path: Path
) -> None:
    result = _import(database, text_file(tmp_path, HEAD + "1,A,X,5,2026-01-01\n1,A,X,5,2026-01-01\n"))
    assert _figures(result) == (2, 1, 1, 0)
    assert result.files[0].repeated == 1


@pytest.mark.parametrize("same_file", [True, False])
def test_the_same_id_with_other_content_is_rejected_and_the_first_row_stays(
    database: Database, tmp_path: Path, same_file: bool
) -> None:
    first, second = "1,A,X,5,2026-01-01\n", "1,A,Y,6,2026-01-01\n"
    if same_file:
        result = _import(database, text_file(tmp_path, HEAD + first + second))
    else:
        _import(database, text_file(tmp_path, HEAD + first))
        result = _import(database, text_file(tmp_path, HEAD + second, "second.csv"))
    (problem,) = result.files[0].problems
    assert (problem.code, problem.facts["names"]) == ("reference-differs", ("location", "entered quantity"))
    assert _movements(database, "quantity") == [(5_000_000,)]


def test_a_transfer_in_one_row_is_taken_whole_or_not_at_all(database: Database, tmp_path: Path) -> None:
    mapping = """
    kind = "movements"
    [columns]
    movement_id = "id"
    item = "item"
    from_location = "from"
    to_location = "to"
    quantity = "quantity"
    recorded_at = "at"
    """
    head = "id,item,from,to,quantity,at\n"
    good = text_file(tmp_path, head + "T1,A,X,Y,5,2026-01-01\n")
    assert _figures(_import(database, good, mapping)) == (1, 1, 0, 0)
    assert _movements(database, "reference", "quantity", "kind") == [
        ("T1/out", -5_000_000, "transfer out"),
        ("T1/in", 5_000_000, "transfer in"),
    ]
    assert _figures(_import(database, good, mapping)) == (1, 0, 1, 0)
    other_end = text_file(tmp_path, head + "T1,A,X,Z,5,2026-01-01\n", "other.csv")
    assert _figures(_import(database, other_end, mapping)) == (1, 0, 0, 1)
    assert _count(database, "movement") == 2


# --- rejects


def test_mended_rejects_add_only_themselves(database: Database, tmp_path: Path) -> None:
    path = text_file(
        tmp_path,
        HEAD + "1,A,X,5,2026-01-01\n2,A,X,five,2026-01-01\n3,A,X\n4,A,X,-9,2026-01-02\n5,,X,1,2026-01-02\n",
    )
    intake = Intake(database)
    result = _import(database, path)
    assert _codes(result) == [
        (3, "quantity", "quantity-unreadable"),
        (4, "", "row-ragged"),
        (6, "item", "field-empty"),
    ]
    rejects = intake.rejects(result.import_id)
    assert rejects.header == ("movement_id", "item", "location", "quantity", "recorded_at")
    out = tmp_path / "rejects.csv"
    write_rejects(out, rejects, lambda row: f"because of {row.code}")
    text = out.read_text(encoding="utf-8-sig")
    assert text.splitlines()[:3] == [
        "movement_id,item,location,quantity,recorded_at,reject_row,reject_reason",
        "2,A,X,five,2026-01-01,3,because of quantity-unreadable",
        "3,A,X,,,4,because of row-ragged",
    ]
    mended = text.replace("five", "3").replace("3,A,X,,", "3,A,X,2,2026-01-02").replace("5,,X", "5,B,X")
    out.write_text(mended, encoding="utf-8-sig")
    assert _figures(_import(database, out)) == (3, 3, 0, 0)
    assert sum(quantity for (quantity,) in _movements(database, "quantity")) == 2_000_000


def test_rejects_of_rejects_carry_one_reason(database: Database, tmp_path: Path) -> None:
    out = tmp_path / "rejects.csv"
    path = text_file(tmp_path, HEAD + "1,A,X,five,2026-01-01\n")
    for _ in range(2):
        result = _import(database, path)
        write_rejects(out, Intake(database).rejects(result.import_id), lambda row: row.code)
        path = out
    assert out.read_text(encoding="utf-8-sig").splitlines() == [
        "movement_id,item,location,quantity,recorded_at,reject_row,reject_reason",
        "1,A,X,five,2026-01-01,2,quantity-unreadable",
    ]


def test_the_result_shows_the_first_problems_and_the_import_keeps_all(
    database: Database, tmp_path: Path
) -> None:
    result = _import(database, text_file(tmp_path, HEAD + "1,A,X,?,2026-01-01\n" * 300))
    assert (result.rejected, len(result.files[0].problems)) == (300, 200)
    assert len(Intake(database).rejects(result.import_id).rows) == 300


def test_an_import_nobody_made_has_no_rejects(database: Database) -> None:
    with pytest.raises(DomainError, match="import-unknown"):
        Intake(database).rejects(7)


# --- runs, progress, cancelling, failing


def test_each_file_is_a_run_with_its_figures(warehouse: Warehouse, tmp_path: Path) -> None:
    path = text_file(tmp_path, HEAD + "1,A,X,5,2026-01-01\n2,A,X,?,2026-01-01\n", "stock.csv")
    Intake(warehouse.database).load(warehouse.people.supervisor, source(path))
    (run,) = Intake(warehouse.database).runs()
    assert (run.kind, run.file_name, run.person_id, run.at) == (
        "movements",
        "stock.csv",
        warehouse.people.supervisor.id,
        warehouse.clock.now,
    )
    assert (run.read, run.added, run.known, run.skipped, run.rejected) == (2, 1, 0, 0, 1)
    with warehouse.database.read() as connection:
        assert connection.execute(select(schema.import_run.c.last_seq)).scalar_one() == 1


@pytest.mark.parametrize("who", ["counter", "auditor"])
def test_who_may_not_import_does_not(warehouse: Warehouse, tmp_path: Path, who: str) -> None:
    path = text_file(tmp_path, HEAD + "1,A,X,5,2026-01-01\n")
    with pytest.raises(DomainError, match="not-allowed"):
        Intake(warehouse.database).load(getattr(warehouse.people, who), source(path))
    assert _count(warehouse.database, "movement") == 0


def test_a_stale_right_to_import_is_none(warehouse: Warehouse, tmp_path: Path) -> None:
    path = text_file(tmp_path, HEAD + "1,A,X,5,2026-01-01\n")
    pretender = replace(warehouse.people.counter, role=warehouse.people.manager.role)
    with pytest.raises(DomainError, match="not-allowed"):
        Intake(warehouse.database).load(pretender, source(path))


def test_nothing_to_import_is_refused(database: Database) -> None:
    with pytest.raises(DomainError, match="import-nothing"):
        Intake(database).load(PROGRAM, [])


@dataclass
class Told:
    """A source that tells movements batch by batch and may break off."""

    sizes: tuple[int, ...]
    breaks: bool = False
    kind = RecordKind.MOVEMENTS
    file_name = "told"
    sha256 = ""
    mapping = ""
    derive = False
    combine = False
    time_zone = "Europe/Berlin"
    header: tuple[str, ...] = ()

    def batches(self) -> Iterator[Batch]:
        done = 0
        for size in self.sizes:
            rows = [self._row(done + number) for number in range(size)]
            done += size
            yield Batch(size, rows, (), share=done / sum(self.sizes))
        if self.breaks:
            raise DomainError("file-damaged", file="told")

    def _row(self, number: int) -> MovementRow:
        return MovementRow(
            number + 1,
            f"ITEM-{number % 7}",
            "A",
            "",
            "available",
            Measure(1_000_000),
            MovementKind.RECEIPT,
            number,
            number,
            TimeBasis.BOTH,
            f"R{number}",
        )


def test_progress_is_told_and_grows_to_the_whole(database: Database) -> None:
    told: list[tuple[int, int]] = []
    Intake(database).load(PROGRAM, [Told((5000, 5000)), Told((10,))], lambda d, t: told.append((d, t)))
    done = [rows for rows, _ in told]
    assert done == sorted(done)
    assert told[-1] == (10_010, 10_010)
    assert all(total >= rows for rows, total in told)
    assert (5000, 20_000) in told


def test_a_cancelled_import_keeps_nothing(database: Database) -> None:
    asked = iter([False, False, True])
    with pytest.raises(Cancelled):
        Intake(database).load(PROGRAM, Told((5000,) * 4), cancelled=lambda: next(asked))
    assert [_count(database, name) for name in ("movement", "item", "import_run", "balance")] == [0, 0, 0, 0]


def test_a_source_that_breaks_off_keeps_nothing(database: Database) -> None:
    with pytest.raises(DomainError, match="file-damaged"):
        Intake(database).load(PROGRAM, [Told((10,)), Told((30_000,), breaks=True)])
    assert [_count(database, name) for name in ("movement", "item", "import_run", "balance")] == [0, 0, 0, 0]


def test_more_rows_than_are_appended_at_once_are_all_there(database: Database) -> None:
    result = Intake(database).load(PROGRAM, Told((20_000, 20_000, 17)))
    assert (result.added, _count(database, "movement"), _count(database, "balance")) == (40_017, 40_017, 7)
    assert Intake(database).load(PROGRAM, Told((20_000, 20_000, 17))).known == 40_017
    with database.read() as connection:
        zone = connection.execute(select(schema.site.c.zone)).scalar_one()
    assert zone == "Europe/Berlin"


def test_files_of_one_import_know_of_each_other(database: Database, tmp_path: Path) -> None:
    first = text_file(tmp_path, HEAD + "1,A,X,5,2026-01-01\n", "first.csv")
    second = text_file(tmp_path, HEAD + "1,A,X,5,2026-01-01\n2,A,X,5,2026-01-01\n", "second.csv")
    result = Intake(database).load(PROGRAM, plan([first, second]))
    assert [(file.added, file.known) for file in result.files] == [(1, 0), (1, 1)]
    assert (result.read, result.changed, result.skipped) == (3, 0, 0)


# --- saved mappings


def test_a_mapping_is_kept_replaced_and_forgotten(warehouse: Warehouse) -> None:
    intake, manager = Intake(warehouse.database), warehouse.people.manager
    intake.save_mapping(manager, " ERP ", 'kind = "items"')
    intake.save_mapping(manager, "ERP", 'kind = "movements"')
    assert [(m.name, m.toml, m.changed_at) for m in intake.mappings()] == [
        ("ERP", 'kind = "movements"', warehouse.clock.now)
    ]
    intake.delete_mapping(manager, "ERP")
    assert intake.mappings() == ()
    with pytest.raises(DomainError, match="mapping-unknown"):
        intake.delete_mapping(manager, "ERP")
    with pytest.raises(DomainError, match="mapping-name-missing"):
        intake.save_mapping(manager, "  ", "")
    with pytest.raises(DomainError, match="not-allowed"):
        intake.save_mapping(warehouse.people.counter, "ERP", "")


def test_decimals_never_shrink(database: Database, tmp_path: Path) -> None:
    _import(database, text_file(tmp_path, HEAD + "1,A,X,0.125,2026-01-01\n2,A,X,0.5,2026-01-01\n"))
    with database.read() as connection:
        assert connection.execute(select(schema.item.c.decimals)).scalar_one() == 3
