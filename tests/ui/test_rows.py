"""Filtering, sorting and grouping against what plain Python does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zeroline.domain.views.queue import Words
from zeroline.ui.tables.column import Column, code_column, number_column, text_column
from zeroline.ui.tables.fields import Amounts, Coded, field_of
from zeroline.ui.tables.filters import UnreadableFilter, joined, narrowed, parts, without, words
from zeroline.ui.tables.rows import Rows, Sort, Wish, arrange, sorted_positions


@dataclass(frozen=True)
class Line:
    id: int
    item: str
    bin: str | None
    on_hand: int
    cause: str


COLUMNS = (
    code_column("item", "Item"),
    code_column("bin", "Bin"),
    number_column("on_hand", "On hand", lambda micro, decimals: f"{micro / 1e6:.{decimals}f}", total=True),
    text_column("cause", "Cause"),
)

lines = st.lists(
    st.builds(
        Line,
        id=st.integers(0, 10**9),
        item=st.sampled_from(["A-2", "A-10", "a-3", "B", "Straße", "İSTANBUL"]),
        bin=st.sampled_from([None, "", "E-1", "E-2", "E-10"]),
        on_hand=st.integers(-(10**12), 10**12),
        cause=st.sampled_from(["T1 late", "K2 bin", ""]),
    ),
    max_size=40,
    unique_by=lambda line: line.id,
)


def shown(rows: Rows, wish: Wish) -> list[Any]:
    arrangement = arrange(rows, COLUMNS, wish)
    return [rows.ids[row] for row in arrangement.display.tolist() if row >= 0]


@given(lines, st.booleans(), st.booleans())
def test_sorting_by_two_columns_is_that_of_plain_python(
    objects: list[Line], item_down: bool, hand_down: bool
) -> None:
    rows = Rows.of(COLUMNS, objects)
    result = shown(rows, Wish(sort=(Sort("cause", item_down), Sort("on_hand", hand_down))))
    filled = [line for line in objects if line.cause]
    empty = [line for line in objects if not line.cause]
    for some in (filled, empty):
        some.sort(key=lambda line: line.on_hand, reverse=hand_down)
    filled.sort(key=lambda line: line.cause.casefold(), reverse=item_down)
    # reverse=True keeps equal elements in their order, as the table does
    assert result == [line.id for line in (*filled, *empty)]


def test_codes_sort_as_people_count() -> None:
    rows = Rows.of(
        COLUMNS, [Line(n, item, "E-1", 0, "") for n, item in enumerate(["A-10", "a-3", "A-2", "B"])]
    )
    assert shown(rows, Wish(sort=(Sort("item"),))) == [2, 1, 0, 3]
    assert shown(rows, Wish(sort=(Sort("item", True),))) == [3, 0, 1, 2]


@pytest.mark.parametrize("descending", [False, True])
def test_empty_cells_come_last_either_way(descending: bool) -> None:
    rows = Rows.of(COLUMNS, [Line(1, "A", None, 0, ""), Line(2, "A", "E-1", 0, ""), Line(3, "A", "", 0, "")])
    assert shown(rows, Wish(sort=(Sort("bin", descending),))) == [2, 1, 3]


def test_equal_rows_keep_their_order() -> None:
    rows = Rows.of(COLUMNS, [Line(n, "A", "E-1", n % 2, "") for n in range(9)])
    assert shown(rows, Wish(sort=(Sort("on_hand"),))) == [0, 2, 4, 6, 8, 1, 3, 5, 7]


@given(st.lists(st.lists(st.integers(0, 2**61), min_size=7, max_size=7), min_size=1, max_size=4))
def test_packed_and_lexicographic_order_agree(keys: list[list[int]]) -> None:
    arrays = [np.array(key) for key in keys]
    expected = sorted(range(7), key=lambda at: tuple(key[at] for key in keys))
    assert sorted_positions(arrays, [max(key) for key in keys]).tolist() == expected


def _plain(text: str | None) -> str:
    """Without case and without the dots by which Turkish tells its two letters i."""
    return (text or "").casefold().replace("\u0307", "").replace("\u0131", "i")


@given(lines, st.text(max_size=3))
def test_searching_finds_what_a_plain_search_finds(objects: list[Line], typed: str) -> None:
    rows = Rows.of(COLUMNS, objects)
    wanted = _plain(typed).split()
    expected = [
        line.id
        for line in objects
        if all(any(word in _plain(text) for text in (line.item, line.bin, line.cause)) for word in wanted)
    ]
    assert shown(rows, Wish(search=typed)) == expected


def test_every_word_must_be_found_each_in_any_column() -> None:
    rows = Rows.of(COLUMNS, [Line(1, "BRG", "E-1", 0, "T1 late"), Line(2, "BRG", "E-2", 0, "K2 bin")])
    assert shown(rows, Wish(search="brg late")) == [1]
    assert shown(rows, Wish(search="e- LATE")) == [1]
    assert shown(rows, Wish(search="brg nothing")) == []


def test_a_search_does_not_run_from_one_cell_into_the_next() -> None:
    rows = Rows.of(COLUMNS, [Line(n, f"X{n}", "Y", 0, "") for n in range(5)])
    assert shown(rows, Wish(search="x1x2")) == []


RECORDS = [
    Line(1, "BRG", "E-1", -8_000_000, "T1 late"),
    Line(2, "BRG", "E-2", -3_000_000, "K2 bin"),
    Line(3, "GLV", None, 5_000_000, "T1 late"),
]


@pytest.mark.parametrize(
    ("tree", "passing"),
    [
        ({"field": "item", "is": ["BRG"]}, [1, 2]),
        ({"not": {"field": "item", "is": ["BRG"]}}, [3]),
        ({"field": "bin", "contains": "e-"}, [1, 2]),
        ({"field": "bin", "empty": True}, [3]),
        ({"field": "bin", "empty": False}, [1, 2]),
        ({"field": "on_hand", "below": -3_000_000}, [1]),
        ({"field": "on_hand", "above": -3_000_000}, [3]),
        ({"any": [{"field": "bin", "is": ["E-2"]}, {"field": "on_hand", "above": 0}]}, [2, 3]),
        ({"all": [{"field": "item", "is": ["BRG"]}, {"field": "cause", "is": ["K2 bin"]}]}, [2]),
        ({"all": []}, [1, 2, 3]),
        ({"any": []}, []),
    ],
)
def test_a_filter_tree_lets_pass(tree: dict[str, Any], passing: list[int]) -> None:
    assert shown(Rows.of(COLUMNS, RECORDS), Wish(filter=tree)) == passing


@pytest.mark.parametrize("tree", [{"field": "secret", "is": ["x"]}, {"field": "item", "like": "%"}, {}])
def test_a_filter_from_elsewhere_is_refused(tree: dict[str, Any]) -> None:
    with pytest.raises(UnreadableFilter):
        arrange(Rows.of(COLUMNS, RECORDS), COLUMNS, Wish(filter=tree))


def test_conditions_are_added_replaced_and_taken_away() -> None:
    brg, glv = {"field": "item", "is": ["BRG"]}, {"field": "item", "is": ["GLV"]}
    low = {"field": "on_hand", "below": 0}
    tree = narrowed(narrowed(None, brg), low)
    assert parts(tree) == [brg, low]
    assert parts(narrowed(tree, glv)) == [low, glv]
    assert without(tree, brg) == low
    assert joined([]) is None


def test_chips_speak_in_words() -> None:
    titles = {"item": "Item", "on_hand": "On hand"}

    def number(field: str, limit: int) -> str:
        return f"{limit // 10**6}"

    said = [
        words(node, titles, number)
        for node in (
            {"field": "item", "is": ["BRG", ""]},
            {"not": {"field": "item", "is": ["BRG"]}},
            {"field": "on_hand", "below": 5_000_000},
            {"field": "item", "contains": "br"},
            {"field": "item", "empty": True},
            {"field": "stock_status", "is": ["damaged"]},
            {"any": [{"field": "item", "empty": False}, {"field": "on_hand", "above": 0}]},
        )
    ]
    assert said == [
        "Item: BRG, (empty)",
        "Item: not BRG",
        "On hand below 5",
        "Item contains “br”",
        "Item: empty",
        "Stock status: damaged",
        "Item: not empty or On hand above 0",
    ]


@given(lines, st.sampled_from(["cause", "bin", "on_hand"]), st.booleans())
def test_groups_hold_every_row_once_with_exact_sums(objects: list[Line], by: str, down: bool) -> None:
    rows = Rows.of(COLUMNS, objects)
    arrangement = arrange(rows, COLUMNS, Wish(group_by=by, sort=(Sort("on_hand", down),)))
    display = arrangement.display.tolist()
    assert sorted(row for row in display if row >= 0) == list(range(len(rows)))
    assert arrangement.matched == len(rows)
    group = None
    for row in display:
        if row < 0:
            group = arrangement.groups[-1 - row]
            inside = [line for line in objects if getattr(line, by) == group.value]
            assert group.size == len(inside)
            assert group.totals["on_hand"] == sum(line.on_hand for line in inside)
        else:
            assert group is not None
            assert getattr(objects[row], by) == group.value


def test_the_group_of_the_most_important_row_comes_first() -> None:
    rows = Rows.of(COLUMNS, RECORDS)
    arrangement = arrange(rows, COLUMNS, Wish(group_by="cause", sort=(Sort("on_hand", True),)))
    assert [group.value for group in arrangement.groups] == ["T1 late", "K2 bin"]
    assert shown(rows, Wish(group_by="cause", sort=(Sort("on_hand", True),))) == [3, 1, 2]


def test_a_folded_group_keeps_its_heading_and_its_count() -> None:
    rows = Rows.of(COLUMNS, RECORDS)
    wish = Wish(group_by="cause", collapsed=frozenset({"T1 late"}))
    arrangement = arrange(rows, COLUMNS, wish)
    assert arrangement.display.tolist() == [-1, -2, 1]
    assert arrangement.matched == 3


def test_sums_beyond_64_bits_are_exact() -> None:
    huge = 9 * 10**18
    rows = Rows.of(COLUMNS, [Line(n, "A", "E", huge, "x") for n in range(3)])
    assert arrange(rows, COLUMNS, Wish(group_by="cause")).groups[0].totals["on_hand"] == 3 * huge


def test_a_column_needs_the_decimals_of_its_most_exact_cell() -> None:
    column = COLUMNS[2]
    assert Rows.of(COLUMNS, RECORDS).decimals(column) == 0
    mixed = [*RECORDS, Line(4, "A", "E", 2_500_000, "")]
    assert Rows.of(COLUMNS, mixed).decimals(column) == 1
    assert Rows.of(COLUMNS, [Line(1, "A", "E", 1, "")]).decimals(column) == 6


def test_whole_numbers_become_amounts_and_everything_else_is_coded() -> None:
    assert isinstance(field_of([1, 2]), Amounts)
    assert isinstance(field_of([1, None]), Coded)
    assert isinstance(field_of([True, False]), Coded)
    assert isinstance(field_of([2**70]), Coded)
    assert isinstance(field_of([]), Coded)


def test_rows_are_taken_from_the_columns_of_a_queue_without_looking_at_each() -> None:
    columns = (code_column("item", "Item"), COLUMNS[2])
    rows = Rows.table(
        columns, np.array([7, 9]), {"item": Words.of(["GLV", "BRG"]), "on_hand": np.array([-1, -2])}
    )
    assert rows.value("item", 1) == "BRG"
    assert [rows.ids[row] for row in arrange(rows, columns, Wish(sort=(Sort("item"),))).display] == [9, 7]


def test_fields_must_be_as_long_as_the_ids() -> None:
    with pytest.raises(ValueError, match="item"):
        Rows([1, 2], {"item": Coded.of(["A"])})


def test_a_column_may_order_by_something_else_than_its_text() -> None:
    ranks = {"low": 0, "medium": 1, "high": 2}
    columns = (Column("level", "Severity", sort_key=lambda level: ranks[level]),)

    @dataclass
    class Case:
        id: int
        level: str

    rows = Rows.of(columns, [Case(1, "low"), Case(2, "high"), Case(3, "medium")])
    assert arrange(rows, columns, Wish(sort=(Sort("level", True),))).display.tolist() == [1, 2, 0]


@pytest.mark.parametrize("typed", ["istanbul", "İSTANBUL", "ISTANBUL", "ıstanbul"])
def test_a_turkish_name_is_found_with_and_without_its_dot(typed: str) -> None:
    rows = Rows.of(COLUMNS, [Line(1, "İSTANBUL", "E-1", 0, ""), Line(2, "ANKARA", "E-1", 0, "")])
    assert shown(rows, Wish(search=typed)) == [1]
