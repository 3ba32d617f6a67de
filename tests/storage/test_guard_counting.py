"""Counts against a hand with plain SQL (rules 3 and 8)."""

from __future__ import annotations

import pytest

from support.attack import Attacker
from zeroline.domain.instant import DAY
from zeroline.domain.quantity import SCALE


def test_a_recount_is_made_by_somebody_else(attacker: Attacker) -> None:
    line = attacker.line()
    attacker.entry(line)
    with attacker.refused("count-same-person"):
        attacker.entry(line, round=2)
    attacker.entry(line, round=2, counter_id=attacker.people.other_counter.id)
    with attacker.refused("count-same-person"):
        attacker.entry(line, round=3)


def test_rounds_follow_each_other(attacker: Attacker) -> None:
    line = attacker.line()
    for number in (0, 2):
        with attacker.refused("count-round"):
            attacker.entry(line, round=number)


def test_the_first_count_is_not_replaced_by_another(attacker: Attacker) -> None:
    line = attacker.line()
    attacker.entry(line)
    with attacker.refused("append-only"):
        attacker.entry(line, "INSERT OR REPLACE", counter_id=attacker.people.other_counter.id)


@pytest.mark.parametrize("quantity", [-1, -SCALE])
def test_a_count_is_never_below_zero(attacker: Attacker, quantity: int) -> None:
    with attacker.refused("count-negative"):
        attacker.entry(quantity=quantity)


@pytest.mark.parametrize("quantity", [0.5, "12cs", None])
def test_a_count_is_a_whole_number_of_micro_units(attacker: Attacker, quantity: object) -> None:
    attacker.keeps_whole("count_entry", attacker.entry, quantity=quantity)


def test_only_active_people_count(attacker: Attacker) -> None:
    attacker.run("UPDATE person SET active = FALSE WHERE id = ?", attacker.people.counter.id)
    with attacker.refused("not-allowed"):
        attacker.entry()


def test_only_people_who_may_count_count(attacker: Attacker) -> None:
    for person in (attacker.people.auditor, attacker.people.administrator):
        with attacker.refused("not-allowed"):
            attacker.entry(counter_id=person.id)
    with attacker.refused("not-allowed"):
        attacker.entry(counter_id=4711)


def test_nothing_is_counted_on_a_cancelled_sheet(attacker: Attacker) -> None:
    with attacker.refused("count-line-unknown"):
        attacker.entry(attacker.line("cancelled"))


def test_a_count_belongs_to_a_line(attacker: Attacker) -> None:
    with attacker.refused("count-line-unknown"):
        attacker.entry(4711)


def test_an_expectation_belongs_to_a_count(attacker: Attacker) -> None:
    with attacker.refused("count-line-unknown"):
        attacker.insert("count_expectation", entry_id=4711, book=0, book_seq=0, late=0)


@pytest.mark.parametrize("column", ["number", "created_by", "created_at", "id"])
def test_what_a_count_sheet_is_never_changes(attacker: Attacker, column: str) -> None:
    attacker.line()
    with attacker.refused("count-identity"):
        attacker.run(f"UPDATE count_sheet SET {column} = {attacker.another('count_sheet', column)}")


def test_a_count_sheet_is_neither_deleted_nor_replaced(attacker: Attacker) -> None:
    attacker.line()
    with attacker.refused("append-only"):
        attacker.run("DELETE FROM count_sheet")
    with attacker.refused("append-only"):
        attacker.copy("count_sheet", "id = 1", id=99)


def test_a_count_is_not_moved_to_another_stock_key(attacker: Attacker) -> None:
    attacker.entry()
    with attacker.refused("count-identity"):
        attacker.run("UPDATE count_line SET key_id = key_id + 1")


def test_a_counted_line_is_not_detached_from_its_case(attacker: Attacker) -> None:
    line = attacker.line()
    attacker.run("UPDATE count_line SET case_id = ? WHERE id = ?", attacker.case(), line)
    attacker.entry(line)
    with attacker.refused("count-identity"):
        attacker.run("UPDATE count_line SET case_id = NULL")


def test_a_counted_line_is_neither_deleted_nor_replaced(attacker: Attacker) -> None:
    attacker.entry()
    with attacker.refused("append-only"):
        attacker.run("DELETE FROM count_line")
    with attacker.refused("append-only"):
        attacker.copy("count_line", "id = 1", id=99)


def test_a_line_that_a_sheet_asks_for_does_not_leave_it_uncounted(attacker: Attacker) -> None:
    line = attacker.line()
    with attacker.refused("append-only"):
        attacker.run("DELETE FROM count_line WHERE id = ?", line)


def test_a_found_line_that_nobody_counted_can_leave_an_open_sheet(attacker: Attacker) -> None:
    line = attacker.line(found=True)
    attacker.run("DELETE FROM count_line WHERE id = ?", line)
    line = attacker.line(found=True)
    attacker.run("UPDATE count_sheet SET state = 'submitted'")
    with attacker.refused("append-only"):
        attacker.run("DELETE FROM count_line WHERE id = ?", line)


def test_what_is_expected_cannot_be_made_up(attacker: Attacker) -> None:
    for quantity in (5, -8):
        last = attacker.movement(quantity=quantity * SCALE)
    entry = attacker.entry(counted_at=attacker.now)
    honest = {"entry_id": entry, "book": -3 * SCALE, "book_seq": last, "late": 0}
    for wrong in ({"book": 4 * SCALE}, {"book_seq": last - 1}, {"book_seq": last + 1}):
        with attacker.refused("count-expected"):
            attacker.insert("count_expectation", **(honest | wrong))
    attacker.insert("count_expectation", **honest)


def test_what_came_into_the_book_after_the_count_was_not_expected(attacker: Attacker) -> None:
    first = attacker.movement(quantity=5 * SCALE, recorded_at=attacker.now - 10)
    attacker.movement(quantity=-8 * SCALE, recorded_at=attacker.now - 4)
    entry = attacker.entry(counted_at=attacker.now - 5)
    with attacker.refused("count-expected"):
        attacker.insert("count_expectation", entry_id=entry, book=-3 * SCALE, book_seq=first + 1, late=0)
    attacker.insert("count_expectation", entry_id=entry, book=5 * SCALE, book_seq=first, late=0)


def test_a_count_is_not_handed_in_yesterday(attacker: Attacker) -> None:
    with attacker.refused("back-dated"):
        attacker.entry(counted_at=attacker.now - 2 * DAY, submitted_at=attacker.now - DAY)
    with attacker.refused("count-not-yet"):
        attacker.entry(counted_at=attacker.now + 1)
    attacker.entry(counted_at=attacker.now - 2 * DAY)


def _counted(attacker: Attacker, book: int, found: int, limits: str, *, rule: str = "everywhere") -> int:
    """A count of ``found`` against ``book`` written as within tolerance, under a policy with these limits."""
    content = f'{{"tolerances": {{"{rule}": {{{limits}}}}}}}'
    attacker.policy(content=content)
    last = attacker.movement(quantity=book * SCALE)
    line = attacker.line()
    entry = attacker.entry(line, quantity=found * SCALE)
    expected = {"entry_id": entry, "book": book * SCALE, "book_seq": last, "late": 0}
    attacker.insert("count_expectation", **expected, tolerance='{"within": true}')
    return line


NONE = '"percent": null, "quantity": null, "value": null'
TEN_PERCENT = '"percent": 100000, "quantity": null, "value": null'


@pytest.mark.parametrize(
    ("book", "found", "limits"),
    [
        (10, 12, NONE),
        (10, 12, TEN_PERCENT),
        (-3, 1, '"percent": 99000000, "quantity": null, "value": null'),
        (0, 1, '"percent": 99000000, "quantity": null, "value": null'),
        (10, 12, '"percent": null, "quantity": 1000000, "value": null'),
        (10, 12, '"percent": null, "quantity": null, "value": 3000000'),
        (100, 102, '"percent": 100000, "quantity": 1000000, "value": null'),
    ],
)
def test_a_count_is_not_called_within_a_tolerance_that_it_fails(
    attacker: Attacker, book: int, found: int, limits: str
) -> None:
    with attacker.refused("count-verdict"):
        _counted(attacker, book, found, limits)


@pytest.mark.parametrize(
    ("book", "found", "limits"),
    [
        (10, 10, NONE),
        (10, 11, TEN_PERCENT),
        (10, 12, '"percent": null, "quantity": 2000000, "value": 4000000'),
        (-1, 1, '"percent": null, "quantity": 2000000, "value": null'),
    ],
)
def test_a_count_within_tolerance_is_called_so(
    attacker: Attacker, book: int, found: int, limits: str
) -> None:
    line = _counted(attacker, book, found, limits)
    attacker.run("UPDATE count_line SET state = 'accepted' WHERE id = ?", line)


def test_the_most_specific_tolerance_decides_about_a_verdict(attacker: Attacker) -> None:
    both = f'{NONE}}}, "everywhere": {{{TEN_PERCENT}'
    with attacker.refused("count-verdict"):
        _counted(attacker, 10, 11, both, rule="item:ITEM-1")


def test_a_line_is_accepted_by_a_count_within_tolerance_only(attacker: Attacker) -> None:
    line = attacker.line()
    with attacker.refused("count-verdict"):
        attacker.run("UPDATE count_line SET state = 'accepted' WHERE id = ?", line)
    sheet, other = attacker.one("SELECT sheet_id FROM count_line"), attacker.warehouse.key("ITEM-1", "A-02")
    with attacker.refused("count-verdict"):
        attacker.insert("count_line", sheet_id=sheet, key_id=other, position=2, state="accepted")
