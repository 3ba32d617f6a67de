"""The chart of a balance: drawn, pointed at, clicked and walked through."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from support.screen import NOON, focus, form, put_on_screen
from zeroline.domain.instant import DAY, HOUR
from zeroline.domain.movement import MovementKind
from zeroline.domain.views.history import BalanceHistory, EpisodeBand
from zeroline.ui.theme import Scheme, Theme
from zeroline.ui.widgets.balance_chart import BalanceChart, lines, markers

START = NOON - 8 * DAY
# (recorded, happened, quantity, kind, document); the receipt was posted 20 h late
MOVES = (
    (0, 0, 20, "opening", "OPEN"),
    (30, 30, -7, "pick", "OUT/00021"),
    (52, 52, -10, "pick", "OUT/00027"),
    (100, 100, -11, "shipment", "OUT/00033"),
    (118, 98, 30, "receipt", "IN/00007"),
    (140, 140, -3, "pick", "OUT/00041"),
    (150, 150, 2, "count correction", "CNT/2"),
)


def history(moves: tuple[Any, ...] = MOVES, physical_known: bool = True) -> BalanceHistory:
    recorded = np.array([START + move[0] * HOUR for move in moves], dtype=np.int64)
    occurred = np.array([START + move[1] * HOUR for move in moves], dtype=np.int64)
    quantities = np.array([move[2] * 1_000_000 for move in moves], dtype=np.int64)
    order = np.argsort(occurred, kind="stable")
    episodes = ()
    if len(moves) == len(MOVES):
        episodes = (EpisodeBand(int(recorded[3]), int(recorded[4]), 104, 105, -8_000_000, True),)
    return BalanceHistory(
        item="BRG-6204",
        location="E-02",
        unit="EA",
        movement_ids=np.arange(101, 101 + len(moves)),
        recorded_at=recorded,
        occurred_at=occurred,
        quantities=quantities,
        balances=np.cumsum(quantities),
        kinds=tuple(move[3] for move in moves),
        documents=tuple(move[4] for move in moves),
        people=("R. Diaz",) * len(moves),
        physical_order=order,
        physical_balances=np.cumsum(quantities[order]),
        episodes=episodes,
        physical_known=physical_known,
        as_of=NOON,
    )


@pytest.fixture
def chart(qtbot: Any) -> BalanceChart:
    made = put_on_screen(qtbot, BalanceChart(form()), 1000, 280)
    made.show_history(history())
    focus(qtbot, made)
    return made


def drawn(chart: BalanceChart) -> Any:
    plot = chart._plot
    assert plot is not None
    return plot


def test_the_episode_is_in_sight_first_and_z_shows_the_whole_history(qtbot: Any, chart: BalanceChart) -> None:
    left, right = drawn(chart).in_sight()
    assert START / 1e6 < left < (START + 98 * HOUR) / 1e6
    assert (START + 118 * HOUR) / 1e6 < right < (START + 150 * HOUR) / 1e6
    qtbot.keyClick(chart, Qt.Key.Key_Z)
    assert chart.shows_whole
    left, right = drawn(chart).in_sight()
    assert left < START / 1e6
    assert right > (START + 150 * HOUR) / 1e6
    qtbot.keyClick(chart, Qt.Key.Key_Z)
    assert not chart.shows_whole


def test_a_click_on_a_movement_selects_it_and_says_so(qtbot: Any, chart: BalanceChart) -> None:
    plot = drawn(chart)
    with qtbot.waitSignal(chart.movement_selected) as selected:
        qtbot.mouseClick(plot.viewport, Qt.MouseButton.LeftButton, pos=plot.place_of(3).toPoint())
    assert selected.args == [104]
    assert chart.selected_movement() == 104
    assert "OUT/00033 · shipment −11\u00a0EA · balance −8\u00a0EA" in chart.readout.text()


def test_a_click_beside_every_movement_selects_nothing(qtbot: Any, chart: BalanceChart) -> None:
    plot = drawn(chart)
    at = plot.place_of(3).toPoint() + QPoint(60, 40)
    qtbot.mouseClick(plot.viewport, Qt.MouseButton.LeftButton, pos=at)
    assert chart.selected_movement() is None


def test_pointing_reads_the_ledger_row_out_and_leaving_takes_it_back(qtbot: Any, chart: BalanceChart) -> None:
    plot = drawn(chart)
    before = chart.readout.text()
    qtbot.mouseMove(plot.viewport, plot.place_of(4).toPoint() + QPoint(3, 3))
    qtbot.mouseMove(plot.viewport, plot.place_of(4).toPoint())
    assert chart.readout.text().startswith("IN/00007 · receipt +30\u00a0EA · balance 22\u00a0EA · recorded")
    assert "happened" in chart.readout.text()
    qtbot.mouseMove(plot.viewport, plot.place_of(4).toPoint() + QPoint(0, 90))
    assert chart.readout.text() == before


def test_arrow_keys_step_through_the_movements_from_the_crossing(qtbot: Any, chart: BalanceChart) -> None:
    chosen: list[Any] = []
    chart.movement_selected.connect(chosen.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Home, Qt.Key.Key_Left):
        qtbot.keyClick(chart, key)
    qtbot.keyClick(chart, Qt.Key.Key_End)
    assert chosen == [104, 105, 104, 101, 101, 107]


def test_a_movement_out_of_sight_is_brought_into_it(qtbot: Any, chart: BalanceChart) -> None:
    qtbot.keyClick(chart, Qt.Key.Key_Home)
    left, right = drawn(chart).in_sight()
    assert left <= START / 1e6 <= right


def test_a_movement_chosen_in_the_ledger_is_marked_without_an_echo(qtbot: Any, chart: BalanceChart) -> None:
    with qtbot.assertNotEmitted(chart.movement_selected):
        chart.select_movement(102)
    assert chart.selected_movement() == 102
    assert "OUT/00021" in chart.readout.text()
    chart.select_movement(None)
    assert chart.selected_movement() is None


def test_the_marked_movement_stays_when_the_history_is_read_again(chart: BalanceChart) -> None:
    chart.select_movement(105)
    chart.show_history(history())
    assert chart.selected_movement() == 105


def numbers(chart: BalanceChart) -> list[Any]:
    """The numbers of evidence as they are painted, in pixels of the scene, in order of time."""
    chart.grab()
    return [label.mapRectToScene(label.boundingRect()) for label in drawn(chart)._numbers]


def test_numbers_of_evidence_fit_into_the_drawing_and_stand_side_by_side(
    qtbot: Any, chart: BalanceChart
) -> None:
    chart.resize(1000, 170)
    chart.cite({101: 1, 105: 2, 106: 3, 107: 4})
    qtbot.keyClick(chart, Qt.Key.Key_Z)
    top = drawn(chart)._box.sceneBoundingRect().top()
    assert len(numbers(chart)) == 4
    assert all(box.top() >= top for box in numbers(chart))
    for _ in range(6):
        qtbot.keyClick(chart, Qt.Key.Key_Minus)
    assert not any(box.intersects(other) for box, other in pairwise(numbers(chart)))


def test_plus_and_minus_zoom(qtbot: Any, chart: BalanceChart) -> None:
    left, right = drawn(chart).in_sight()
    qtbot.keyClick(chart, Qt.Key.Key_Plus)
    nearer = drawn(chart).in_sight()
    assert nearer[1] - nearer[0] == pytest.approx((right - left) / 2, rel=1e-3)
    qtbot.keyClick(chart, Qt.Key.Key_Minus)
    assert drawn(chart).in_sight() == pytest.approx((left, right), rel=1e-6)


def test_the_chart_is_told_in_words(chart: BalanceChart) -> None:
    assert chart.accessibleName() == "Balance of BRG-6204 at E-02 over time"
    assert chart.accessibleDescription() == "7 movements, once below zero, lowest −8\u00a0EA, now 21\u00a0EA."
    assert "as it happened" in chart.legend.accessibleName()
    assert "crossed zero" in chart.legend.accessibleName()


def test_without_physical_times_no_second_line_is_drawn_and_it_says_why(chart: BalanceChart) -> None:
    chart.show_history(history(physical_known=False))
    assert "as it happened" not in chart.legend.accessibleName()
    assert (
        chart.readout.text() == "The source does not say when things happened: physical order is not known."
    )


def test_a_key_without_movements_says_so(qtbot: Any, chart: BalanceChart) -> None:
    chart.show_history(history(()))
    assert chart.accessibleDescription() == "No movements yet."
    qtbot.keyClick(chart, Qt.Key.Key_Right)
    assert chart.selected_movement() is None


@pytest.mark.parametrize("scheme", Scheme)
def test_below_zero_is_filled_in_every_theme(chart: BalanceChart, scheme: Scheme) -> None:
    theme = Theme.active()
    theme.use(scheme)
    try:
        plot = drawn(chart)
        crossing, closing = plot.place_of(3), plot.place_of(4)
        picture = plot.viewport.grab().toImage()
        middle = int((crossing.x() + closing.x()) / 2)
        ratio = picture.width() / plot.viewport.width()
        under = picture.pixelColor(int(middle * ratio), int((crossing.y() - 6) * ratio))
        ground = picture.pixelColor(int(middle * ratio), int((crossing.y() + 8) * ratio))
        assert under != ground
        assert under.red() > under.green()
        assert picture.pixelColor(2, 2).name() == theme.palette.surface
    finally:
        theme.use(Scheme.LIGHT)


def test_colours_that_changed_while_it_was_hidden_are_taken_when_it_is_seen(chart: BalanceChart) -> None:
    plot, theme = drawn(chart), Theme.active()
    seen = plot.in_sight()
    chart.hide()
    theme.use(Scheme.DARK)
    try:
        chart.show()
        assert plot.viewport.grab().toImage().pixelColor(2, 2).name() == theme.palette.surface
        assert plot.in_sight() == seen
    finally:
        theme.use(Scheme.LIGHT)


def test_a_chart_that_was_hidden_is_drawn_when_it_comes_on_screen(qtbot: Any) -> None:
    window = QWidget()
    hidden = BalanceChart(form(), window)
    QVBoxLayout(window).addWidget(hidden)
    hidden.hide()
    put_on_screen(qtbot, window)
    hidden.show_history(history())
    assert hidden._plot is None
    hidden.show()
    assert drawn(hidden).in_sight()[0] > START / 1e6


def test_pyqtgraph_is_not_loaded_before_a_chart_is_shown() -> None:
    code = "import zeroline.ui.widgets.balance_chart, sys; sys.exit('pyqtgraph' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_every_movement_kind_has_a_shape() -> None:
    assert set(markers.BY_KIND) == {str(kind) for kind in MovementKind}


def test_thousands_of_movements_mark_only_what_matters(qtbot: Any, chart: BalanceChart) -> None:
    many = tuple((n / 100, n / 100, 1 if n % 2 else -1, "pick", f"D{n}") for n in range(9_000))
    chart.show_history(history((*many, (95, 95, 3, "count correction", "CNT/1"))))
    assert len(drawn(chart)._dots.points()) == 1


def test_the_line_holds_each_balance_until_the_next_movement() -> None:
    line = lines.steps(np.array([10, 20]), np.array([5_000_000, -1_000_000]), 2_000_000, 0, 30)
    assert line.x.tolist() == [0, 1e-05, 1e-05, 2e-05, 2e-05, 3e-05]
    assert line.y.tolist() == [2, 2, 5, 5, -1, -1]


def test_zero_is_always_in_sight() -> None:
    low, high = lines.bounds([lines.Steps(np.array([0.0, 10.0]), np.array([5.0, 7.0]))], 0, 10)
    assert low < 0 < 7 < high


@pytest.mark.parametrize(("zone", "first"), [("Europe/Berlin", "00:00"), ("America/New_York", "00:00")])
def test_days_on_the_axis_begin_at_the_midnight_of_the_site(qapp: Any, zone: str, first: str) -> None:
    from zeroline.ui.widgets.balance_chart.axis import TimeAxis

    local = form(zone=zone)
    axis = TimeAxis(local)
    around_summer_time = 1_774_602_000  # 27 March 2026 09:00 UTC
    values = axis.tickValues(around_summer_time, around_summer_time + 5 * 86_400, 800)[0][1]
    assert {f"{local.local(int(value * 1e6)):%H:%M}" for value in values} == {first}
    assert axis.tickStrings(values, 1, 86_400)[0] == "28 Mar"
