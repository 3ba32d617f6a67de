"""The audit trail of a real file, and a hand that tampers with it after taking the guards away."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from support.attack import Attacker, attacker
from support.warehouse import Warehouse
from zeroline.domain.audit import GENESIS
from zeroline.services.auditing import Auditing

__all__ = ["attacker"]


@pytest.fixture
def auditing(warehouse: Warehouse) -> Auditing:
    return Auditing(warehouse.database)


@pytest.fixture
def unguarded(attacker: Attacker) -> Attacker:
    """A hand that has dropped the guards of the trail."""
    attacker.warehouse.drop_guards(
        *(f"guard_audit_entry_{event}" for event in ("insert", "update", "delete"))
    )
    return attacker


def test_the_trail_of_a_warehouse_is_whole(auditing: Auditing) -> None:
    seq, head = auditing.head()
    verdict = auditing.verify(head)
    assert (verdict.entries, verdict.head, verdict.fault) == (seq, head, "")
    assert seq > 10
    assert auditing.missing_guards() == ()


def test_a_head_is_found_as_it_was_typed_from_paper(auditing: Auditing) -> None:
    _, head = auditing.head()
    typed = " ".join(head[place : place + 8] for place in range(0, 64, 8)).upper()
    assert auditing.verify(typed + "\n").fault == ""


def test_a_head_with_its_position_stands_at_that_position(auditing: Auditing) -> None:
    seq, head = auditing.head()
    assert auditing.verify(f" {seq}:{head.upper()}").fault == ""
    assert auditing.verify(f"{seq - 1}:{head}").fault == "head not found"


TAMPERED: dict[str, tuple[str, str]] = {
    "edited": ("UPDATE audit_entry SET person_id = person_id + 1 WHERE seq = 5", "edited"),
    "dropped": ("DELETE FROM audit_entry WHERE seq = 5", "gap"),
    "first dropped": ("DELETE FROM audit_entry WHERE seq = 1", "gap"),
    "moved": ("UPDATE audit_entry SET seq = seq + 100 WHERE seq > 5", "gap"),
    "hash forged": ("UPDATE audit_entry SET hash = '" + "0" * 64 + "' WHERE seq = 5", "edited"),
    "link forged": ("UPDATE audit_entry SET previous = '" + "0" * 64 + "' WHERE seq = 5", "broken link"),
}

UNTYPED: dict[str, str] = {
    "text made bytes": "UPDATE audit_entry SET facts = x'ff00' WHERE seq = 5",
    "no longer text": "UPDATE audit_entry SET action = CAST(x'c328' AS TEXT) WHERE seq = 5",
    "time made text": "UPDATE audit_entry SET at = 'noon' WHERE seq = 5",
}
"""What a server's types keep out by themselves."""


@pytest.mark.sqlite
@pytest.mark.parametrize("how", UNTYPED)
def test_what_is_no_longer_of_its_type_shows_as_edited(
    unguarded: Attacker, auditing: Auditing, how: str
) -> None:
    unguarded.run(UNTYPED[how])
    assert auditing.verify().fault == "edited"


@pytest.mark.parametrize("how", TAMPERED)
def test_tampering_shows_without_any_paper(unguarded: Attacker, auditing: Auditing, how: str) -> None:
    statement, fault = TAMPERED[how]
    unguarded.run(statement)
    verdict = auditing.verify()
    assert verdict.fault == fault
    assert verdict.entries in (0, 4, 5)


def test_two_swapped_entries_show(unguarded: Attacker, auditing: Auditing) -> None:
    for before, after in ((5, 1000), (6, 5), (1000, 6)):
        unguarded.run("UPDATE audit_entry SET seq = ? WHERE seq = ?", after, before)
    assert auditing.verify().fault == "broken link"


def cut(hand: Attacker) -> None:
    hand.run("DELETE FROM audit_entry WHERE seq > 5")


def cut_and_continue(hand: Attacker) -> None:
    cut(hand)
    hand.audit(action="signed in")


def empty(hand: Attacker) -> None:
    hand.run("DELETE FROM audit_entry")


@pytest.mark.parametrize("attack", [cut, cut_and_continue, empty])
def test_a_cut_tail_shows_only_against_the_printed_head(
    unguarded: Attacker, auditing: Auditing, attack: Callable[[Attacker], None]
) -> None:
    _, head = auditing.head()
    attack(unguarded)
    assert auditing.verify().fault == ""
    assert auditing.verify(head).fault == "head not found"


def test_an_empty_trail_begins_at_genesis(unguarded: Attacker, auditing: Auditing) -> None:
    empty(unguarded)
    assert auditing.head() == (0, GENESIS)


def test_a_head_that_was_never_printed_is_not_found(auditing: Auditing) -> None:
    assert auditing.verify("f" * 64).fault == "head not found"


def test_guards_that_were_taken_away_are_missed(unguarded: Attacker, auditing: Auditing) -> None:
    assert auditing.missing_guards() == (
        "guard_audit_entry_delete",
        "guard_audit_entry_insert",
        "guard_audit_entry_update",
    )


def test_the_trail_of_a_case_has_its_adjustments_and_counts(
    attacker: Attacker, auditing: Auditing, warehouse: Warehouse
) -> None:
    case = attacker.case()
    line = attacker.line(case_id=case)
    adjustment = attacker.propose(case_id=case)
    subjects = [f"case {case}", f"count sheet {line}", f"count line {line}", f"adjustment {adjustment}"]
    with warehouse.database.write() as work:
        for subject in (*subjects, "case 99", f"adjustment {adjustment + 1}"):
            work.audit("seen", subject)
        work.changed(everything=True)
        work.commit()
    assert [entry.subject for entry in auditing.entries(case_id=case)] == subjects
    assert [entry.action for entry in auditing.entries("case 99")] == ["seen"]
    assert auditing.entries("case 100") == ()


def test_the_newest_entries_come_first_page_by_page(auditing: Auditing) -> None:
    seq, _ = auditing.head()
    first = auditing.latest(3)
    assert [entry.seq for entry in first] == [seq, seq - 1, seq - 2]
    assert [entry.seq for entry in auditing.latest(2, before=first[-1].seq)] == [seq - 3, seq - 4]


def test_the_trail_is_narrowed_to_a_person_and_a_word(auditing: Auditing, warehouse: Warehouse) -> None:
    administrator = warehouse.people.administrator.id
    found = auditing.latest(person_id=administrator, text="BADGE")
    assert len(found) == 9
    assert {entry.action for entry in found} == {"badge set"}
    assert auditing.latest(person_id=warehouse.people.counter.id) == ()
    assert auditing.latest(text="%") == ()
