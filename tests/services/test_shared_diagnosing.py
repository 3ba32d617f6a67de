"""A second process that helps where thousands of shortages are diagnosed."""

from __future__ import annotations

import gc
import multiprocessing.context
import pickle

import pytest

from support.warehouse import Warehouse
from zeroline.domain.views.listing import DiagnosisLine
from zeroline.services import shared_diagnosing
from zeroline.services.diagnosing import Diagnosing
from zeroline.storage.diagnosis import gathering, rows


@pytest.fixture
def alone(warehouse: Warehouse) -> tuple[DiagnosisLine, ...]:
    """Six shortages of items of their own; what one process says of them."""
    for number in range(6):
        warehouse.move(f"ITEM-{number}", "E-02", "3", "2026-02-26T08:00:00Z", document=f"IN/{number}")
        warehouse.move(f"ITEM-{number}", "E-02", "-11", "2026-03-01T09:12:00Z", document=f"OUT/{number}")
        warehouse.move(
            f"ITEM-{number}", "E-02", "30", "2026-03-01T16:30:00Z", "2026-03-01T08:40:00Z", document="IN/7"
        )
    return Diagnosing(warehouse.database).lines()


@pytest.fixture
def many(alone: tuple[DiagnosisLine, ...], monkeypatch: pytest.MonkeyPatch) -> tuple[DiagnosisLine, ...]:
    """The same shortages, taken for so many that they are shared, an item at a time."""
    monkeypatch.setattr(shared_diagnosing, "SHARED", 1)
    monkeypatch.setattr(gathering, "GROUP", 1)
    return alone


def test_several_processes_say_what_one_says(warehouse: Warehouse, many: tuple[DiagnosisLine, ...]) -> None:
    assert len(many) == 6
    assert Diagnosing(warehouse.database).lines() == many


def test_the_helper_finds_the_same(warehouse: Warehouse, many: tuple[DiagnosisLine, ...]) -> None:
    here = multiprocessing.get_context("spawn")
    ours, theirs = here.Pipe(duplex=False)
    with warehouse.database.read() as connection:
        groups = gathering.grouped(gathering.episodes(connection))
        wanted = rows.state(connection)
    shared_diagnosing.help_along(warehouse.url, wanted, groups, here.Value("i", 2), theirs)
    found = ours.recv()
    assert sorted(found) == [2, 3, 4, 5]
    assert [line for number in sorted(found) for line in pickle.loads(found[number])] == list(many[2:])


def test_a_helper_that_sees_another_state_leaves_all_to_the_other(
    warehouse: Warehouse, many: tuple[DiagnosisLine, ...]
) -> None:
    here = multiprocessing.get_context("spawn")
    ours, theirs = here.Pipe(duplex=False)
    shared_diagnosing.help_along(warehouse.url, (0, 0), [{}], here.Value("i", 0), theirs)
    assert ours.recv() == {}


def test_what_a_helper_took_and_did_not_answer_is_done_here(
    warehouse: Warehouse, many: tuple[DiagnosisLine, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken(process: multiprocessing.context.SpawnProcess) -> None:
        *_, turn, _ = process._args  # type: ignore[attr-defined]
        turn.value = 2
        raise OSError

    monkeypatch.setattr(multiprocessing.context.SpawnProcess, "start", taken)
    assert Diagnosing(warehouse.database).lines() == many


def test_who_collects_no_garbage_does_not_afterwards(
    warehouse: Warehouse, alone: tuple[DiagnosisLine, ...]
) -> None:
    gc.disable()
    try:
        assert Diagnosing(warehouse.database).lines() == alone
        assert not gc.isenabled()
    finally:
        gc.enable()
