"""What belongs to every list: search, chips, layout that is remembered, copy, export, saved views."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu, QToolButton

from support.prompts import ScriptedPrompts
from support.screen import focus, form, line_centre, put_on_screen
from zeroline.domain.views.seen import SeenTable
from zeroline.ui.memory import Memory
from zeroline.ui.tables.chooser import ColumnChooser
from zeroline.ui.tables.column import Column, code_column, text_column
from zeroline.ui.tables.menus import NamedView
from zeroline.ui.tables.panel import Empty, ListPanel
from zeroline.ui.tables.rows import Rows, Sort, Wish
from zeroline.ui.tables.seen import as_text, seen
from zeroline.ui.tables.shown import Shown
from zeroline.ui.tasks import InlineTasks
from zeroline.ui.text.columns import count_column, money_column, quantity_column, when_column


class Line:
    def __init__(self, id: int, item: str, location: str, on_hand: int, value: int, user: str) -> None:
        self.id, self.item, self.location, self.on_hand, self.value, self.user = (
            id,
            item,
            location,
            on_hand * 1_000_000,
            value * 1_000_000,
            user,
        )
        self.unit = "EA"
        self.since = 1_773_300_000_000_000


LINES = [
    Line(1, "BRG-6204", "E-02", -8, -96, "R. Diaz"),
    Line(2, "GLV-XL", "A-02", -3, -12, "=cmd()"),
    Line(3, "BRG-6204", "A-02", 5, 60, "M. Okafor"),
    Line(4, "HOSE-12", "E-02", -20, -40, "R. Diaz"),
]


def columns() -> tuple[Column, ...]:
    english = form()
    return (
        code_column("item", "Item"),
        code_column("location", "Bin"),
        quantity_column("on_hand", "On hand", english),
        money_column("value", "Value (€)", english),
        text_column("user", "User"),
        when_column("since", "Since", english, hidden=True),
    )


class Panel:
    """A panel on the screen with everything it was given."""

    def __init__(self, qtbot: Any, folder: Path, person: str = "okafor") -> None:
        self.prompts, self.tasks = ScriptedPrompts(), InlineTasks()
        self.memory = Memory(folder / "window.ini", person)
        self.sheets: list[SeenTable] = []
        self.panel = put_on_screen(
            qtbot,
            ListPanel(
                columns(),
                view="queue/negative",
                memory=self.memory,
                prompts=self.prompts,
                tasks=self.tasks,
                write_sheet=lambda table, file: self.write(table, file),
                empty=Empty("Nothing is below zero", "Import the next ledger."),
                title="Negative on hand",
                sort=(Sort("value"),),
                groupable=("location", "user"),
            ),
        )
        self.panel.set_rows(Rows.of(self.panel.table.columns, LINES))

    def write(self, table: SeenTable, file: Path) -> None:
        self.sheets.append(table)
        file.write_text("a workbook")

    @property
    def ids(self) -> list[Any]:
        model = self.panel.table.table
        return [model.id_at(line) for line in range(model.rowCount())]


@pytest.fixture
def made(qtbot: Any, tmp_path: Path) -> Panel:
    return Panel(qtbot, tmp_path)


def test_ctrl_f_and_typing_filters_across_item_bin_and_user(qtbot: Any, made: Panel) -> None:
    panel = made.panel
    focus(qtbot, panel.table)
    qtbot.keyClick(panel.table, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.focusWidget() is panel.search
    qtbot.keyClicks(panel.search, "diaz e-")
    assert made.ids == [1, 4]
    qtbot.keyClick(panel.search, Qt.Key.Key_Escape)
    assert len(made.ids) == 4
    qtbot.keyClick(panel.search, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is panel.table


def test_down_from_the_search_goes_to_the_first_row(qtbot: Any, made: Panel) -> None:
    focus(qtbot, made.panel.search)
    qtbot.keyClick(made.panel.search, Qt.Key.Key_Down)
    assert QApplication.focusWidget() is made.panel.table
    assert made.panel.table.current_id() == 1


def test_the_list_comes_in_the_order_it_was_designed_for(made: Panel) -> None:
    assert made.ids == [1, 4, 2, 3]


def test_a_cell_narrows_the_list_to_its_value_and_its_chip_takes_that_back(qtbot: Any, made: Panel) -> None:
    panel = made.panel
    focus(qtbot, panel.table)
    panel.table.select_ids([4])
    panel.only_action.trigger()
    assert made.ids == [4]
    chip = next(
        button for button in panel.chips.findChildren(QToolButton) if button.text() == "Item: HOSE-12"
    )
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert len(made.ids) == 4
    assert panel.chips.isHidden()


def test_a_value_can_be_left_out_by_key(qtbot: Any, made: Panel) -> None:
    panel = made.panel
    focus(qtbot, panel.table)
    panel.table.select_ids([1])
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(panel.table, Qt.Key.Key_X, both)
    assert sorted(made.ids) == [2, 4]
    assert panel.table.wish.filter == {"not": {"field": "item", "is": ["BRG-6204"]}}


def test_a_number_narrows_to_exactly_itself(qtbot: Any, made: Panel) -> None:
    panel = made.panel
    panel.table.select_ids([2])
    focus(qtbot, panel.table)
    for _ in range(2):
        qtbot.keyClick(panel.table, Qt.Key.Key_Right)
    panel.only_action.trigger()
    assert made.ids == [2]


def test_several_chips_are_cleared_at_once(qtbot: Any, made: Panel) -> None:
    panel = made.panel
    panel.set_filter({"all": [{"field": "item", "is": ["BRG-6204"]}, {"field": "on_hand", "below": 0}]})
    assert made.ids == [1]
    clear = next(button for button in panel.chips.findChildren(QToolButton) if button.text() == "Clear all")
    qtbot.mouseClick(clear, Qt.MouseButton.LeftButton)
    assert len(made.ids) == 4


def test_a_list_without_rows_says_what_to_do_next(made: Panel) -> None:
    panel = made.panel
    panel.set_rows(Rows.empty(panel.table.columns))
    assert panel.nothing.isVisible()
    assert panel.nothing.title.text() == "Nothing is below zero"
    assert panel.nothing.text.text() == "Import the next ledger."


def test_a_search_without_result_offers_to_clear_it(qtbot: Any, made: Panel) -> None:
    panel = made.panel
    focus(qtbot, panel.table)
    panel.search.setText("unicorn")
    assert panel.nothing.title.text() == "Nothing matches"
    assert "unicorn" in panel.nothing.text.text()
    assert QApplication.focusWidget() is panel.search
    panel.clear_action.trigger()
    assert not panel.nothing.isVisible()
    assert len(made.ids) == 4


def test_widths_order_sort_and_grouping_are_remembered_for_each_person(qtbot: Any, tmp_path: Path) -> None:
    first = Panel(qtbot, tmp_path).panel
    first.table.move_column("user", 0)
    first.table.set_width("item", 222)
    first.table.show_column("since", True)
    first.table.sort_by("location", True)
    first.table.sort_by("value", False, further=True)
    first.table.group_by("user")
    first.close()
    again = Panel(qtbot, tmp_path).panel.table
    keys = [again.columns[place].key for place in again.visible_columns()]
    assert keys == ["user", "item", "location", "on_hand", "value", "since"]
    assert again.horizontalHeader().sectionSize(again.table.place("item")) == 222
    assert again.wish.sort == (Sort("location", True), Sort("value"))
    assert again.wish.group_by == "user"
    other = Panel(qtbot, tmp_path, "diaz").panel.table
    assert other.wish.sort == (Sort("value"),)
    assert other.visible_columns()[0] == other.table.place("item")


def test_reset_layout_brings_back_the_design_and_forgets(qtbot: Any, tmp_path: Path) -> None:
    panel = Panel(qtbot, tmp_path).panel
    panel.table.move_column("user", 0)
    panel.table.show_column("item", False)
    panel.table.group_by("user")
    panel.remember()
    panel.reset_action.trigger()
    assert panel.table.visible_columns() == [0, 1, 2, 3, 4]
    assert panel.table.wish.group_by == ""
    assert panel.table.wish.sort == (Sort("value"),)
    assert Panel(qtbot, tmp_path).panel.table.visible_columns() == [0, 1, 2, 3, 4]


def test_a_damaged_memory_is_ignored(qtbot: Any, tmp_path: Path) -> None:
    (tmp_path / "window.ini").write_text('[okafor]\nqueue\\negative\\v1="{broken"\n')
    assert Panel(qtbot, tmp_path).ids == [1, 4, 2, 3]


def test_copied_headings_and_cells_agree_after_columns_were_moved_and_hidden(qtbot: Any, made: Panel) -> None:
    panel = made.panel
    panel.table.move_column("user", 0)
    panel.table.show_column("location", False)
    panel.table.select_ids([1, 3])
    focus(qtbot, panel.table)
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(panel.table, Qt.Key.Key_C, both)
    assert QGuiApplication.clipboard().text().split("\n") == [
        "User\tItem\tOn hand\tOn hand, unit\tValue (€)",
        "R. Diaz\tBRG-6204\t-8\tEA\t-96",
        "M. Okafor\tBRG-6204\t5\tEA\t60",
    ]


def test_copy_export_and_print_show_the_same_cells(made: Panel, tmp_path: Path) -> None:
    panel = made.panel
    panel.table.move_column("value", 0)
    panel.search.setText("a-02")
    made.prompts.answers = [tmp_path / "seen.xlsx", tmp_path / "seen.csv"]
    panel.export(False)
    panel.export(False)
    panel.copy()
    seen = panel.seen()
    assert made.sheets == [seen]
    assert [row.texts for row in seen.rows] == [
        ("−12.00", "GLV-XL", "A-02", "−3", "EA", "=cmd()"),
        ("60.00", "BRG-6204", "A-02", "5", "EA", "M. Okafor"),
    ]
    assert [row.amounts[0] for row in seen.rows] == [-12_000_000, 60_000_000]
    assert seen.scope == ("contains “a-02”", "sorted by Value (€)")
    read = list(csv.reader(io.StringIO((tmp_path / "seen.csv").read_text("utf-8-sig"))))
    assert read[0] == [column.title for column in seen.columns]
    assert read[1] == ["-12", "GLV-XL", "A-02", "-3", "EA", "'=cmd()"]


def test_everything_is_exported_with_hidden_columns_and_exact_times(made: Panel, tmp_path: Path) -> None:
    panel = made.panel
    panel.search.setText("glv")
    panel.table.group_by("user")
    made.prompts.answers = [tmp_path / "all.csv"]
    panel.export(True)
    read = list(csv.reader(io.StringIO((tmp_path / "all.csv").read_text("utf-8-sig"))))
    assert len(read) == 5
    assert read[0][-1] == "Since"
    assert read[1][-1] == "2026-03-12 07:20"


def test_group_headings_are_part_of_what_is_seen(made: Panel) -> None:
    made.panel.table.group_by("location")
    first = made.panel.seen().rows[0]
    assert first.group
    assert first.texts == ("E-02 (2)", "", "", "", "−136.00", "")
    assert first.amounts == (None, None, None, None, -136_000_000, None)


def test_plain_counts_leave_the_screen_as_numbers(qapp: Any) -> None:
    many = (count_column("id", "Episodes", form()), code_column("item", "Item"))
    table = seen(Shown(many, Rows.of(many, LINES), Wish()), [0, 1])
    assert table.columns[0].numeric
    assert as_text(table).split("\n")[1] == "1\tBRG-6204"
    assert table.rows[3].amounts == (4_000_000, None)


def test_a_narrow_window_shortens_the_summary_before_anything_else(qtbot: Any, made: Panel) -> None:
    panel = made.panel
    panel.set_summary("38 open · 12 mine · −€\u00a041,870 · 4 late · 11 of them transient")
    panel.resize(620, 400)
    qtbot.waitUntil(lambda: panel.width() == 620)
    assert panel.summary.shown().endswith("…")
    assert all(button.geometry().right() < 620 for button in panel.menus.buttons)
    panel.resize(1600, 400)
    qtbot.waitUntil(lambda: panel.summary.shown() == panel.summary.text())


def test_an_export_that_cannot_be_written_leaves_nothing_and_is_trouble(
    qtbot: Any, made: Panel, tmp_path: Path
) -> None:
    target = tmp_path / "gone" / "seen.csv"
    made.prompts.answers = [target]
    with qtbot.waitSignal(made.tasks.trouble):
        made.panel.export(False)
    assert not target.exists()


def test_an_export_that_fails_half_way_keeps_the_old_file(qtbot: Any, made: Panel, tmp_path: Path) -> None:
    target = tmp_path / "seen.xlsx"
    target.write_text("last week's")

    def full(table: SeenTable, file: Path) -> None:
        file.write_text("half")
        raise OSError(28, "No space left on device")

    made.write = full  # type: ignore[method-assign]
    made.prompts.answers = [target]
    with qtbot.waitSignal(made.tasks.trouble):
        made.panel.export(False)
    assert target.read_text() == "last week's"
    assert [file.name for file in tmp_path.iterdir() if "part" in file.name] == []


def test_a_view_is_saved_by_name_and_taken_up_again(qtbot: Any, made: Panel) -> None:
    panel = made.panel
    panel.search.setText("brg")
    panel.set_filter({"field": "on_hand", "below": 0})
    panel.table.sort_by("item", True)
    panel.table.group_by("location")
    made.prompts.answers = ["My bearings"]
    with qtbot.waitSignal(panel.save_wanted) as wanted:
        panel.save_action.trigger()
    name, state = wanted.args
    assert name == "My bearings"
    assert json.loads(state)["filter"] == {"field": "on_hand", "below": 0}
    panel.clear_filter()
    panel.table.group_by("")
    panel.set_saved_views([NamedView(1, name, state)])
    menu = panel.menus.views.menu()
    menu.aboutToShow.emit()
    next(action for action in menu.actions() if action.text() == "My bearings").trigger()
    assert panel.search.text() == "brg"
    assert panel.table.wish.group_by == "location"
    assert panel.table.wish.sort == (Sort("item", True),)
    assert [id for id in made.ids if id is not None] == [1]


def test_a_saved_view_of_another_version_leaves_out_what_it_cannot_say(made: Panel) -> None:
    made.panel.apply_view_state("not json")
    made.panel.apply_view_state(
        json.dumps({"sort": [["gone", True]], "group": "gone", "filter": {"field": "gone", "is": ["x"]}})
    )
    assert len(made.ids) == 4


def test_a_saved_view_can_be_forgotten(qtbot: Any, made: Panel) -> None:
    panel = made.panel
    panel.set_saved_views([NamedView(7, "Old", "{}")])
    menu = panel.menus.views.menu()
    menu.aboutToShow.emit()
    forget = next(action.menu() for action in menu.actions() if action.text() == "Forget a view")
    with qtbot.waitSignal(panel.forget_wanted) as wanted:
        forget.actions()[0].trigger()
    assert wanted.args == [7]


def test_grouping_is_chosen_in_its_menu(made: Panel) -> None:
    menu = made.panel.menus.group.menu()
    menu.aboutToShow.emit()
    next(action for action in menu.actions() if action.text() == "User").trigger()
    assert made.panel.table.wish.group_by == "user"
    menu.aboutToShow.emit()
    checked = [action.text() for action in menu.actions() if action.isChecked()]
    assert checked == ["User"]


def open_menu() -> QMenu:
    found = QApplication.activePopupWidget()
    assert isinstance(found, QMenu)
    return found


def test_the_menu_of_a_row_begins_with_the_actions_of_the_screen(qtbot: Any, made: Panel) -> None:
    panel, done = made.panel, []
    assign = QAction("Assign to me", panel)
    assign.triggered.connect(lambda: done.append("assigned"))
    panel.row_actions = lambda: [assign]
    panel.table.customContextMenuRequested.emit(line_centre(panel.table, 1))
    menu = open_menu()
    assert menu.actions()[0].text() == "Assign to me"
    menu.actions()[0].trigger()
    menu.close()
    assert done == ["assigned"]


def test_the_menu_of_a_heading_sorts_groups_and_hides(qtbot: Any, made: Panel) -> None:
    panel = made.panel
    header = panel.table.horizontalHeader()
    at = QPoint(header.sectionViewportPosition(panel.table.table.place("user")) + 20, 10)
    for text in ("Sort down", "Group by this column", "Hide this column"):
        header.customContextMenuRequested.emit(at)
        menu = open_menu()
        next(action for action in menu.actions() if action.text() == text).trigger()
        menu.close()
    assert panel.table.wish.sort == (Sort("user", True),)
    assert panel.table.wish.group_by == "user"
    assert panel.table.table.place("user") not in panel.table.visible_columns()


def test_columns_are_chosen_and_moved_with_the_keyboard(qtbot: Any, made: Panel) -> None:
    panel = made.panel
    panel.columns_action.trigger()
    chooser = panel.table.findChild(ColumnChooser)
    qtbot.waitUntil(lambda: chooser.isActiveWindow())
    focus(qtbot, chooser.listed)
    chooser.listed.setCurrentRow(1)
    qtbot.keyClick(chooser.listed, Qt.Key.Key_Space)
    assert panel.table.visible_columns() == [0, 2, 3, 4]
    qtbot.keyClick(chooser.listed, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(chooser.listed, Qt.Key.Key_Space)
    assert panel.table.visible_columns() == [0, 2, 1, 3, 4]
    qtbot.mouseClick(chooser.up, Qt.MouseButton.LeftButton)
    assert panel.table.visible_columns() == [0, 1, 2, 3, 4]
    qtbot.mouseClick(chooser.down, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(chooser.reset_button, Qt.MouseButton.LeftButton)
    assert panel.table.visible_columns() == [0, 1, 2, 3, 4]
    qtbot.mouseClick(chooser.close_button, Qt.MouseButton.LeftButton)
    assert not chooser.isVisible()


def test_every_control_of_the_panel_has_a_name_for_screen_readers(made: Panel) -> None:
    panel = made.panel
    named = [panel.search, panel.table, panel.table.horizontalHeader()]
    assert all(widget.accessibleName() for widget in named)
    assert all(button.text().strip() for button in panel.menus.buttons)
