"""Diagnoses, verdicts and what is forgotten, against a hand with plain SQL."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from support.attack import Attacker


def diagnosed(attacker: Attacker, verb: str = "INSERT", **changed: Any) -> int:
    values = {
        "case_id": attacker.case() if "case_id" not in changed else changed["case_id"],
        "at": attacker.now,
        "ledger_seq": 1,
        "cause": "T1",
        "probability": 920_000,
        "explained": 8_000_000,
        "missing": 8_000_000,
        "hypotheses": "[]",
    }
    return attacker.insert("diagnosis", verb, **(values | changed))


def said(attacker: Attacker, verb: str = "INSERT", **changed: Any) -> int:
    """With the diagnosis it answers, unless the case is given."""
    if "case_id" not in changed:
        changed["case_id"] = attacker.case()
        diagnosed(attacker, case_id=changed["case_id"])
    values = {
        "site_id": attacker.one("SELECT id FROM site"),
        "at": attacker.now,
        "person_id": attacker.people.supervisor.id,
        "guess": "T1",
        "probability": 920_000,
        "second": "R4",
        "cause": "T1",
        "accepted": True,
    }
    return attacker.insert("cause_verdict", verb, **(values | changed))


def forgotten(attacker: Attacker, verb: str = "INSERT", **changed: Any) -> int:
    values = {
        "site_id": attacker.one("SELECT id FROM site"),
        "at": attacker.now,
        "last_verdict": attacker.one("SELECT COALESCE(max(id), 0) FROM cause_verdict"),
        "person_id": attacker.people.manager.id,
        "reason": "new scanners",
    }
    return attacker.insert("learning_reset", verb, **(values | changed))


MADE = {"diagnosis": diagnosed, "cause_verdict": said, "learning_reset": forgotten}


@pytest.mark.parametrize("table", MADE)
def test_what_was_thought_and_said_neither_changes_nor_leaves(attacker: Attacker, table: str) -> None:
    made = MADE[table](attacker)
    with attacker.refused("append-only"):
        attacker.run(f"UPDATE {table} SET at = at + 1")
    with attacker.refused("append-only"):
        attacker.run(f"DELETE FROM {table}")
    with attacker.refused("append-only"):
        attacker.copy(table, f"id = {made}")
    with attacker.refused("append-only"):
        attacker.copy(table, f"id = {made}", "INSERT OR IGNORE")
    assert attacker.one(f"SELECT count(*) FROM {table}") == 1


@pytest.mark.parametrize("table", MADE)
def test_nothing_is_said_yesterday(attacker: Attacker, table: str) -> None:
    with attacker.refused("back-dated"):
        MADE[table](attacker, at=attacker.now - 1)


@pytest.mark.parametrize(
    ("table", "column"),
    [("diagnosis", "probability"), ("cause_verdict", "case_id"), ("learning_reset", "last_verdict")],
)
def test_numbers_are_whole(attacker: Attacker, table: str, column: str) -> None:
    attacker.keeps_whole(table, partial(MADE[table], attacker), **{column: 0.5})


def test_a_diagnosis_can_be_read(attacker: Attacker) -> None:
    with attacker.refused("diagnosis-unreadable"):
        diagnosed(attacker, hypotheses="[")


def test_a_verdict_counts_at_the_site_of_its_case(attacker: Attacker) -> None:
    other = attacker.warehouse.site("NORTH")
    with attacker.refused("verdict-site"):
        said(attacker, site_id=other)


def test_the_program_does_not_confirm_itself_and_only_who_works_on_cases_does(attacker: Attacker) -> None:
    for person in (0, 4711, attacker.people.counter.id, attacker.people.auditor.id):
        with attacker.refused("not-allowed"):
            said(attacker, person_id=person)


def test_a_disabled_person_confirms_nothing(attacker: Attacker) -> None:
    attacker.run("UPDATE person SET active = FALSE WHERE id = ?", attacker.people.supervisor.id)
    with attacker.refused("not-allowed"):
        said(attacker)


@pytest.mark.parametrize(
    ("cause", "accepted"),
    [("K2", True), ("T1", False), ("", True)],
    ids=["another", "the same", "none of these"],
)
def test_accepted_means_that_the_guess_was_right(attacker: Attacker, cause: str, accepted: bool) -> None:
    with attacker.refused("verdict-accepted"):
        said(attacker, cause=cause, accepted=accepted)


def test_where_nothing_was_guessed_nothing_was_accepted(attacker: Attacker) -> None:
    with attacker.refused("verdict-accepted"):
        said(attacker, guess="", probability=0, cause="", accepted=True)
    said(attacker, guess="", probability=0, cause="", accepted=False)


def test_only_who_sets_policy_makes_the_program_forget(attacker: Attacker) -> None:
    with attacker.refused("not-allowed"):
        forgotten(attacker, person_id=attacker.people.supervisor.id)


def test_the_program_forgets_for_a_reason_and_all_that_was_said(attacker: Attacker) -> None:
    said(attacker)
    said(attacker)
    with attacker.refused("learning-reset"):
        forgotten(attacker, reason="  ")
    for last in (0, 1, 3):
        with attacker.refused("learning-reset"):
            forgotten(attacker, last_verdict=last)
    forgotten(attacker)


@pytest.mark.parametrize(
    "claimed",
    [
        {"guess": "K5", "cause": "K5"},
        {"probability": 999_999},
        {"guess": "", "probability": 1, "accepted": False},
    ],
    ids=["another cause", "surer than it was", "sure of nothing"],
)
def test_nobody_answers_a_guess_that_the_program_did_not_make(
    attacker: Attacker, claimed: dict[str, Any]
) -> None:
    with attacker.refused("verdict-guess"):
        said(attacker, **claimed)


def test_a_guess_that_another_has_replaced_is_not_answered(attacker: Attacker) -> None:
    case = attacker.case()
    diagnosed(attacker, case_id=case)
    diagnosed(attacker, case_id=case, cause="K5", probability=510_000)
    with attacker.refused("verdict-guess"):
        said(attacker, case_id=case)
    said(attacker, case_id=case, guess="K5", probability=510_000, cause="K5")


def test_a_verdict_names_a_cause_of_the_catalogue(attacker: Attacker) -> None:
    with attacker.refused("verdict-cause"):
        said(attacker, cause="XX9", accepted=False)


def test_a_diagnosis_is_of_a_case(attacker: Attacker) -> None:
    with attacker.refused("diagnosis-case"):
        diagnosed(attacker, case_id=4711)
