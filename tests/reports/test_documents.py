from __future__ import annotations

from dataclasses import replace

import pytest

from support.paper import HEAD, T0, document, simple_table
from zeroline.reports.documents import (
    Cell,
    Column,
    Fact,
    Facts,
    Flag,
    Flagged,
    Group,
    Kind,
    Quoted,
    Table,
    Total,
    data_hash,
)


def table(*rows: tuple[str, int | None], groups: tuple[Group, ...] = ()) -> Table:
    return Table("t", "T", (Column("item", "Item"), Column("book", "Book", Kind.QUANTITY)), rows, groups)


def test_a_row_with_a_missing_cell_is_refused() -> None:
    with pytest.raises(ValueError, match="has 1 cells, not 2"):
        table(("A", 1), ("B",))  # type: ignore[arg-type]


def test_a_total_with_a_missing_cell_is_refused() -> None:
    with pytest.raises(ValueError, match="a total"):
        Table("t", "T", (Column("a", "A"),), totals=(Total("Sum", ()),))


def test_a_column_cannot_stand_under_one_that_does_not_exist() -> None:
    with pytest.raises(ValueError, match="no top column"):
        Table("t", "T", (Column("a", "A"), Column("b", "B", under="c")))


def test_column_keys_are_unique() -> None:
    with pytest.raises(ValueError, match="repeat"):
        Table("t", "T", (Column("a", "A"), Column("a", "B")))


def test_the_data_hash_is_the_same_whoever_prints_it_when_and_in_which_language() -> None:
    blocks = (simple_table(5), Facts((Fact("Lines", 5, Kind.COUNT),)))
    other = (simple_table(5), Facts((Fact("Zeilen", 5, Kind.COUNT),)))
    assert data_hash("reconciliation", T0, blocks) == data_hash("reconciliation", T0, other)


def test_the_data_hash_changes_with_any_cell_the_kind_and_the_instant() -> None:
    hashes = {
        data_hash("r", T0, (table(("A", 1)),)),
        data_hash("r", T0, (table(("A", 2)),)),
        data_hash("r", T0, (table(("A", None)),)),
        data_hash("r", T0, (table(("A1", None)),)),
        data_hash("r", T0, (table(("A", 1), ("A", 1)),)),
        data_hash("r", T0, (table(groups=(Group("g", (("A", 1),)),)),)),
        data_hash("s", T0, (table(("A", 1)),)),
        data_hash("r", T0 + 1, (table(("A", 1)),)),
    }
    assert len(hashes) == 8


def test_no_text_can_pretend_to_be_two_cells_or_two_rows() -> None:
    two = Table("t", "T", (Column("a", "A"), Column("b", "B")), (("x", "y"), ("z", "w")))
    sly = Table("t", "T", (Column("a", "A"), Column("b", "B")), (("x", "y\nsz\x1fsw"),))
    assert data_hash("r", T0, (two,)) != data_hash("r", T0, (sly,))


def test_emphasis_is_not_data() -> None:
    plain = Table("t", "T", (Column("a", "A", Kind.QUANTITY),), ((-5,),))
    flagged = Table("t", "T", (Column("a", "A", Kind.QUANTITY),), ((Flagged(-5, Flag.BELOW_ZERO),),))
    assert data_hash("r", T0, (plain,)) == data_hash("r", T0, (flagged,))


def test_the_file_name_is_fit_for_mail() -> None:
    made = replace(document(), scope='Lager "Süd"/Zone A: alles?')
    assert made.file_name("pdf") == "reconciliation_lager-sud-zone-a-alles_20260315T090000Z.pdf"


def test_the_chain_text_is_position_and_head() -> None:
    assert document().integrity.chain_text == f"80214:{HEAD}"


def test_rows_are_counted_and_read_through_groups_without_totals() -> None:
    made = table(("A", 1), groups=(Group("g", (("B", 2), ("C", 3)), (Total("Sum", (None, 5)),)),))
    assert made.row_count() == 3
    assert [row[0] for row in made.all_rows()] == ["A", "B", "C"]


def test_a_text_that_quotes_times_counts_by_what_it_is_made_from() -> None:
    def of(cell: Cell) -> str:
        return data_hash("x", 1, [Table("t", "T", (Column("a", "A"),), rows=[(cell,)])])

    berlin, york = (Quoted(f"recorded {time}", "7") for time in ("10:00", "04:00"))
    assert of(berlin) == of(york) == of(Flagged(berlin, Flag.ATTENTION)) == of("7")
    assert of(Quoted("recorded 10:00", "8")) != of(berlin)
