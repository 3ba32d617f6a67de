"""The list as a person uses it: headers, wheel, keys, selection, columns, groups."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QLineEdit

from support.screen import focus, form, line_centre, put_on_screen
from zeroline.ui.tables.column import Align, Column, code_column, text_column
from zeroline.ui.tables.filters import UnreadableFilter
from zeroline.ui.tables.model import ID_ROLE, TONE_ROLE, VALUE_ROLE, TableModel
from zeroline.ui.tables.rows import Rows, Sort, Wish
from zeroline.ui.tables.shown import Shown
from zeroline.ui.tables.view import TableView
from zeroline.ui.text.columns import money_column, quantity_column
from zeroline.ui.theme import Row, Scheme, Theme, Tone


@dataclass(frozen=True)
class Line:
    id: int
    item: str
    description: str
    on_hand: int
    value: int
    cause: str
    unit: str = "EA"
    why: str = "3 orders wait"


def lines(count: int) -> list[Line]:
    causes = ("T1 receipt late", "K2 other bin", "")
    return [
        Line(
            n,
            f"BRG-{n}",
            f"Ball bearing {n}",
            -(n % 7) * 500_000,
            -n * 10_000,
            causes[n % 3],
            "BOX" if n % 5 == 0 else "EA",
        )
        for n in range(count)
    ]


def columns() -> tuple[Column, ...]:
    english = form()
    return (
        code_column("item", "Item", tooltip_from="why"),
        text_column("description", "Description", stretch=True, width=160),
        quantity_column("on_hand", "On hand", english),
        money_column("value", "Value (€)", english),
        text_column("cause", "Cause"),
        Column("unit", "Unit", hidden=True),
    )


@pytest.fixture
def view(qtbot: Any) -> TableView:
    made = TableView(columns())
    made.tester = QAbstractItemModelTester(  # type: ignore[attr-defined]
        made.table, QAbstractItemModelTester.FailureReportingMode.Fatal, made
    )
    put_on_screen(qtbot, made)
    made.set_rows(Rows.of(made.columns, lines(200)))
    focus(qtbot, made)
    return made


def texts(view: TableView, place: int, count: int = 5) -> list[str]:
    model = view.model()
    return [str(model.index(line, place).data()) for line in range(min(count, model.rowCount()))]


def click_heading(
    qtbot: Any, view: TableView, key: str, modifier: Any = Qt.KeyboardModifier.NoModifier
) -> None:
    header = view.horizontalHeader()
    place = view.table.place(key)
    at = QPoint(header.sectionViewportPosition(place) + header.sectionSize(place) // 2, 10)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, modifier, at)


def test_cells_read_as_they_are_written(view: TableView) -> None:
    assert texts(view, 0, 2) == ["BRG-0", "BRG-1"]
    assert texts(view, 2, 3) == ["0.0", "−0.5", "−1.0"]
    assert view.model().index(1, 2).data(int(Qt.ItemDataRole.AccessibleTextRole)) == "−0.5 EA"
    assert view.model().index(1, 2).data(TONE_ROLE) == Tone.NEGATIVE
    assert view.model().index(1, 2).data(VALUE_ROLE) == -500_000
    assert view.model().index(1, 2).data(ID_ROLE) == 1
    assert view.model().index(1, 0).data(int(Qt.ItemDataRole.ToolTipRole)) == "3 orders wait"
    alignment = view.model().index(1, 2).data(int(Qt.ItemDataRole.TextAlignmentRole))
    assert alignment & int(Qt.AlignmentFlag.AlignRight)


def test_a_click_on_a_heading_sorts_and_a_second_turns_it_round(qtbot: Any, view: TableView) -> None:
    click_heading(qtbot, view, "value")
    assert texts(view, 0, 2) == ["BRG-199", "BRG-198"]
    click_heading(qtbot, view, "value")
    assert texts(view, 0, 2) == ["BRG-0", "BRG-1"]


def test_shift_click_adds_a_further_order(qtbot: Any, view: TableView) -> None:
    click_heading(qtbot, view, "cause")
    click_heading(qtbot, view, "value", Qt.KeyboardModifier.ShiftModifier)
    assert view.wish.sort == (Sort("cause"), Sort("value"))
    assert texts(view, 0, 2) == ["BRG-199", "BRG-196"]
    click_heading(qtbot, view, "value", Qt.KeyboardModifier.ShiftModifier)
    assert view.wish.sort == (Sort("cause"), Sort("value", True))


def test_the_heading_shows_the_place_of_each_column_in_the_order(qtbot: Any, view: TableView) -> None:
    header = view.horizontalHeader()
    plain = header.grab().toImage()
    click_heading(qtbot, view, "cause")
    one = header.grab().toImage()
    click_heading(qtbot, view, "value", Qt.KeyboardModifier.ShiftModifier)
    assert plain != one != header.grab().toImage()


def test_the_keyboard_sorts_by_the_column_of_the_cursor(qtbot: Any, view: TableView) -> None:
    view.select_ids([5])
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert view.wish.sort == (Sort("value", False),)
    qtbot.keyClick(view, Qt.Key.Key_Left)
    more = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(view, Qt.Key.Key_Down, more)
    assert view.wish.sort == (Sort("value", False), Sort("on_hand", True))


def test_selection_and_cursor_stay_with_their_rows_through_sorting_and_searching(
    qtbot: Any, view: TableView
) -> None:
    view.select_ids([3, 4, 60])
    click_heading(qtbot, view, "value")
    assert sorted(view.selected_ids()) == [3, 4, 60]
    assert view.current_id() == 3
    view.arrange(search="brg-6")
    assert view.selected_ids() == [60]
    view.arrange(search="")
    assert view.selected_ids() == [60]


def test_selection_stays_when_other_rows_come(view: TableView) -> None:
    view.select_ids([3, 4])
    view.set_rows(Rows.of(view.columns, [line for line in reversed(lines(200)) if line.id != 4]))
    assert view.selected_ids() == [3]
    assert view.current_id() == 3


def test_the_cursor_is_announced_once_for_each_row(qtbot: Any, view: TableView) -> None:
    seen: list[Any] = []
    view.current_changed.connect(seen.append)
    view.select_ids([2])
    view.select_ids([3])
    qtbot.keyClick(view, Qt.Key.Key_Down)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    view.arrange(sort=(Sort("value"),))
    assert seen == [2, 3, 4]


def test_enter_and_double_click_open_the_row(qtbot: Any, view: TableView) -> None:
    opened: list[Any] = []
    view.activated_id.connect(opened.append)
    view.select_ids([2])
    qtbot.keyClick(view, Qt.Key.Key_Return)
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=line_centre(view, 4))
    assert opened == [2, 4]


def test_clicks_with_control_and_shift_select_several(qtbot: Any, view: TableView) -> None:
    port, left = view.viewport(), Qt.MouseButton.LeftButton
    qtbot.mouseClick(port, left, pos=line_centre(view, 1))
    qtbot.mouseClick(port, left, Qt.KeyboardModifier.ControlModifier, pos=line_centre(view, 4))
    assert view.selected_ids() == [1, 4]
    qtbot.mouseClick(port, left, Qt.KeyboardModifier.ShiftModifier, pos=line_centre(view, 6))
    assert view.selected_ids() == [1, 4, 5, 6]
    qtbot.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(view.selected_ids()) == 200


def test_typing_letters_does_not_jump_in_the_list(qtbot: Any, view: TableView) -> None:
    view.select_ids([3])
    qtbot.keyClicks(view, "brg-99")
    assert view.current_id() == 3


def test_groups_have_headings_with_count_and_sum_and_fold(qtbot: Any, view: TableView) -> None:
    view.arrange(sort=(Sort("value", True),))
    view.group_by("cause")
    first = view.table.group_at(0)
    assert first is not None
    assert (first.value, first.size) == ("T1 receipt late", 67)
    assert texts(view, 0, 1) == ["T1 receipt late (67)"]
    assert texts(view, 3, 1) == ["−66.33"]
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=line_centre(view, 0))
    assert view.model().rowCount() == 3 + 200 - 67
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert view.model().rowCount() == 203
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert view.model().rowCount() == 136
    assert view.selected_ids() == []
    assert view.current_id() is None


def test_a_group_without_a_value_says_so(view: TableView) -> None:
    view.group_by("cause")
    headings = [view.table.shown.group_title(group) for group in view.table.arrangement.groups]
    assert headings == ["T1 receipt late", "K2 other bin", "no cause"]


def test_all_groups_fold_and_unfold_at_once(view: TableView) -> None:
    view.group_by("cause")
    view.fold_all(True)
    assert view.model().rowCount() == 3
    view.fold_all(False)
    assert view.model().rowCount() == 203


def test_selecting_over_a_heading_selects_rows_only(qtbot: Any, view: TableView) -> None:
    view.group_by("cause")
    view.selectAll()
    assert len(view.selected_ids()) == 200


def test_a_hidden_column_is_not_read_and_the_last_visible_one_stays(view: TableView) -> None:
    assert view.visible_columns() == [0, 1, 2, 3, 4]
    for key in ("item", "description", "on_hand", "value", "cause"):
        view.show_column(key, False)
    assert [view.columns[place].key for place in view.visible_columns()] == ["cause"]


def test_columns_are_moved_and_narrowed_by_keyboard_too(qtbot: Any, view: TableView) -> None:
    view.move_column("value", 0)
    assert view.visible_columns()[0] == view.table.place("value")
    view.select_ids([1])
    width = view.horizontalHeader().sectionSize(view.table.place("value"))
    wider = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    qtbot.keyClick(view, Qt.Key.Key_Right, wider)
    assert view.horizontalHeader().sectionSize(view.table.place("value")) == width + 16


def test_the_stretching_column_takes_the_room_there_is(qtbot: Any, view: TableView) -> None:
    view.resize(1200, 400)
    header = view.horizontalHeader()
    qtbot.waitUntil(lambda: header.length() == view.viewport().width())
    view.resize(500, 400)
    qtbot.waitUntil(lambda: header.sectionSize(1) == 160)


def test_a_shortened_text_is_whole_in_its_tooltip(view: TableView) -> None:
    long = "A centrifugal pump with a stainless housing and a name that no column can hold"
    view.set_rows(Rows.of(view.columns, [replace(lines(2)[1], description=long), lines(1)[0]]))
    view.set_width("description", 160)
    assert view.tooltip_at(line_centre(view, 0)) == long
    assert view.tooltip_at(line_centre(view, 1)) == ""


@pytest.mark.parametrize("height", Row)
def test_lines_have_one_of_three_heights(view: TableView, height: Row) -> None:
    view.set_row_height(height)
    assert view.rowHeight(7) == height


def test_a_filter_that_cannot_be_read_changes_nothing(view: TableView) -> None:
    view.select_ids([4])
    with pytest.raises(UnreadableFilter):
        view.arrange(filter={"field": "nothing", "is": ["x"]})
    assert view.wish == Wish()
    assert view.selected_ids() == [4]


def test_an_edited_cell_is_announced_and_changes_only_with_new_rows(qtbot: Any) -> None:
    table = put_on_screen(qtbot, TableView((code_column("item", "Item", editable=True),)))
    table.set_rows(Rows.of(table.columns, lines(3)))
    focus(qtbot, table)
    edited: list[Any] = []
    table.table.edited.connect(lambda *args: edited.append(args))
    table.select_ids([1])
    qtbot.keyClick(table, Qt.Key.Key_F2)
    editor = table.findChild(QLineEdit)
    qtbot.keyClicks(editor, "X-1")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: edited == [(1, "item", "X-1")])
    assert texts(table, 0, 3) == ["BRG-0", "BRG-1", "BRG-2"]


def test_an_empty_list_has_no_cursor(view: TableView) -> None:
    view.set_rows(Rows.empty(view.columns))
    assert view.model().rowCount() == 0
    assert view.selected_ids() == []
    assert view.current_id() is None


def test_what_is_outside_the_list_reads_as_nothing(qapp: Any) -> None:
    model = TableModel(columns())
    model.show(Shown(model.columns, Rows.of(model.columns, lines(2)), Wish()))
    assert model.data(model.index(5, 0)) is None
    assert model.headerData(99, Qt.Orientation.Horizontal) is None
    assert model.headerData(0, Qt.Orientation.Vertical) is None
    assert not model.flags(model.index(-1, 0)) & Qt.ItemFlag.ItemIsSelectable


def pixels(view: TableView, line: int, place: int) -> set[str]:
    area = view.visualRect(view.table.index(line, place))
    picture = view.viewport().grab(area).toImage()
    return {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height())}


@pytest.mark.parametrize("scheme", Scheme)
def test_selected_lines_and_grounds_are_painted_in_the_colours_of_the_theme(
    view: TableView, scheme: Scheme
) -> None:
    theme = Theme.active()
    theme.use(scheme)
    try:
        view.select_ids([1])
        assert theme.palette.selection in pixels(view, 1, 2)
        assert theme.palette.surface in pixels(view, 2, 2)
        assert theme.palette.grid in pixels(view, 2, 2)
    finally:
        theme.use(Scheme.LIGHT)


def test_every_alignment_and_icon_is_painted(qtbot: Any) -> None:
    table = put_on_screen(
        qtbot,
        TableView(
            (
                Column("item", "", text=lambda _: "", icon=lambda _: "warning", align=Align.CENTRE, width=40),
                Column("cause", "Cause", align=Align.CENTRE),
                Column("why", "Why", icon=lambda _: "info"),
            )
        ),
    )
    table.set_rows(Rows.of(table.columns, lines(3)))
    for place in range(3):
        assert len(pixels(table, 1, place)) > 3
