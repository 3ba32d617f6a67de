"""Ledgers of a few rows, as somebody would write them by hand: one item, one fault, through the real road."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from support.surroundings import open_document
from support.warehouse import Warehouse
from zeroline.domain.diagnosis import diagnose
from zeroline.storage.diagnosis import gathering
from zeroline.storage.diagnosis.rows import Reading

ITEM, BIN = "BRG-6204", "E-02"


def at(day: int, clock: str) -> str:
    return f"2026-02-{day:02}T{clock}:00Z"


def causes(warehouse: Warehouse) -> list[str]:
    """The causes of the only shortage below zero, likeliest first."""
    with warehouse.database.read() as connection:
        reading = Reading(connection)
        found = [
            diagnose(near)
            for group in gathering.grouped(gathering.episodes(connection))
            for _, near in gathering.gathered(reading, group)
        ]
    [only] = found
    return [hypothesis.cause for hypothesis in only.hypotheses]


@pytest.fixture
def book(warehouse: Warehouse) -> Callable[..., None]:
    """40 carried over, and two weeks of picks and receipts that end at 40."""

    def row(quantity: str, recorded: str, occurred: str | None = None, **more: str) -> None:
        warehouse.move(ITEM, more.pop("place", BIN), quantity, recorded, occurred, **more)  # type: ignore[arg-type]

    row("40", at(1, "00:00"), kind="opening", document="MIG")
    for day in range(2, 14):
        row("-6", at(day, f"09:{day:02}"), document=f"SO-{day}", user="anna" if day % 2 else "ben")
        if day % 4 == 1:
            row("24", at(day + 1, "08:00"), document=f"PO-{day}", user="dora")
    return row


def test_a_receipt_posted_two_days_late(warehouse, book):
    book("-50", at(16, "09:00"), document="SO-50")
    book("60", at(17, "11:00"), at(15, "15:00"), document="PO-50")
    assert causes(warehouse)[0] == "T1"


def test_a_pick_posted_minutes_before_its_receipt(warehouse, book):
    book("-50", at(16, "09:00"), at(16, "08:58"), document="SO-50")
    book("60", at(16, "09:04"), at(16, "08:50"), document="PO-50")
    assert causes(warehouse)[0] == "T2"


def test_a_transfer_leg_that_came_a_day_late(warehouse, book):
    book("200", at(1, "00:00"), kind="opening", place="C-02")
    book("-30", at(15, "14:00"), kind="transfer out", document="TR-1", place="C-02")
    book("-50", at(16, "09:00"), document="SO-50")
    book("30", at(17, "09:00"), at(15, "15:00"), kind="transfer in", document="TR-1")
    assert causes(warehouse)[0] == "T3"


def test_a_receipt_taken_back_and_entered_again(warehouse, book):
    book("30", at(14, "16:00"), document="PO-9")
    book("-30", at(15, "16:00"), kind="receipt", document="PO-9")
    book("-50", at(16, "09:00"), document="SO-50")
    book("30", at(17, "16:00"), at(14, "16:00"), document="PO-9")
    assert causes(warehouse)[0] == "T5"


def test_a_delivery_that_was_never_booked(warehouse, book):
    open_document(warehouse, "receipt", "PO-77", ITEM, BIN, 50)
    book("-53", at(16, "09:00"), document="SO-50")
    assert "R4" in causes(warehouse)[:3]


def test_a_miscount_found_by_the_next_count(warehouse, book):
    book("-17", at(15, "07:00"), kind="count correction", document="INV-1", user="cora")
    book("-30", at(16, "09:00"), document="SO-50")
    book("17", at(18, "09:00"), kind="count correction", document="INV-2")
    assert causes(warehouse)[0] == "C1"


def test_a_count_while_a_pick_was_under_way(warehouse, book):
    book("-17", at(15, "12:00"), kind="count correction", document="INV-1", user="cora")
    book("-17", at(15, "14:00"), at(15, "10:00"), document="SO-49")
    book("-20", at(16, "09:00"), document="SO-50")
    assert causes(warehouse)[0] == "C2"


def test_a_receipt_with_the_wrong_sign(warehouse, book):
    book("-20", at(15, "08:00"), kind="receipt", document="PO-88")
    book("-28", at(16, "09:00"), document="SO-50")
    assert causes(warehouse)[0] == "S1"


def test_one_message_delivered_twice(warehouse, book):
    book("-30", at(15, "09:00"), document="SO-49", reference="M-1")
    book("-30", at(15, "09:06"), at(15, "09:00"), document="SO-49", reference="M-2")
    assert causes(warehouse)[0] == "S2"


def test_a_pick_forced_past_an_empty_book(warehouse, book):
    book("-40", at(15, "09:00"), document="SO-49")
    warehouse.move(ITEM, BIN, "-20", at(16, "09:00"), document="SO-50", user="boss", override=True)
    assert causes(warehouse)[0] == "S3"


def test_too_little_carried_over(warehouse):
    warehouse.move(ITEM, BIN, "10", at(1, "00:00"), kind="opening", document="MIG")
    for day in range(2, 7):
        warehouse.move(ITEM, BIN, "-4", at(day, "09:00"), document=f"SO-{day}")
    assert set(causes(warehouse)[:2]) == {"S4", "Z0"}  # as a loss before the first count would leave it


def test_a_return_announced_and_not_booked(warehouse, book):
    open_document(warehouse, "return", "RMA-1", ITEM, BIN, 8, partner="SO-4")
    book("-48", at(16, "09:00"), document="SO-50")
    assert "N1" in causes(warehouse)[:3]
