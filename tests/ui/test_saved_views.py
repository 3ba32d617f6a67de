"""Saved views of any list: kept for the person, shown again, forgotten when asked."""

from __future__ import annotations

import pytest

from support.desk import Workstation
from zeroline.ui.screens.people import PeopleScreen


@pytest.fixture
def screen(workstation: Workstation) -> PeopleScreen:
    return workstation.show(PeopleScreen(workstation.desk(workstation.warehouse.people.administrator)))


def names(screen: PeopleScreen) -> list[str]:
    return [view.name for view in screen.panel.saved_views]


def test_a_saved_view_is_there_the_next_time_the_list_is_opened(
    workstation: Workstation, screen: PeopleScreen
) -> None:
    screen.panel.save_wanted.emit("Only counters", screen.panel.view_state())
    again = PeopleScreen(screen.desk)
    workstation.show(again)
    assert names(screen) == names(again) == ["Only counters"]


def test_a_view_belongs_to_the_person_who_saved_it(workstation: Workstation, screen: PeopleScreen) -> None:
    screen.panel.save_wanted.emit("Only counters", screen.panel.view_state())
    somebody = workstation.show(PeopleScreen(workstation.desk(workstation.warehouse.people.manager)))
    assert names(somebody) == []


def test_a_forgotten_view_is_gone(screen: PeopleScreen) -> None:
    screen.panel.save_wanted.emit("Only counters", screen.panel.view_state())
    screen.panel.forget_wanted.emit(screen.panel.saved_views[0].id)
    assert names(screen) == []
