"""The audit chain against everything a hostile hand can do to it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zeroline.domain.audit import GENESIS, SHORTEST_HEAD, AuditEntry, Verdict, canonical, entry_hash, verify


def chain(*actions: str) -> list[AuditEntry]:
    """A whole chain with one entry an action."""
    entries: list[AuditEntry] = []
    for seq, action in enumerate(actions, start=1):
        previous = entries[-1].hash if entries else GENESIS
        facts = canonical({"number": seq})
        digest = entry_hash(seq, seq * 10, 7, action, "case 1", facts, previous)
        entries.append(AuditEntry(seq, seq * 10, 7, action, "case 1", facts, previous, digest))
    return entries


def again(entries: list[AuditEntry]) -> list[AuditEntry]:
    """The same entries chained anew from the first on: what a forger with time would do."""
    made: list[AuditEntry] = []
    for seq, entry in enumerate(entries, start=1):
        previous = made[-1].hash if made else GENESIS
        digest = entry_hash(
            seq, entry.at, entry.person_id, entry.action, entry.subject, entry.facts, previous
        )
        made.append(entry._replace(seq=seq, previous=previous, hash=digest))
    return made


WHOLE = chain("opened", "counted", "approved", "posted")
HEAD = WHOLE[-1].hash


def test_a_whole_chain_is_sound() -> None:
    assert verify(WHOLE) == Verdict(4, HEAD)
    assert verify([]) == Verdict(0, GENESIS)


def test_every_head_that_was_ever_printed_is_found() -> None:
    for entry in WHOLE:
        assert verify(WHOLE, entry.hash) == Verdict(4, HEAD)
        assert verify(WHOLE, f"{entry.seq}:{entry.hash}") == Verdict(4, HEAD)
        assert verify(WHOLE, f"{entry.seq}:{entry.hash[:SHORTEST_HEAD]}") == Verdict(4, HEAD)
    assert verify(WHOLE, f"0:{GENESIS}") == Verdict(4, HEAD)


@pytest.mark.parametrize("head", [GENESIS, f"4:{HEAD[:15]}", f"3:{HEAD}", HEAD[1:], "4:", "nonsense"])
def test_what_is_no_head_of_this_chain_is_not_found(head: str) -> None:
    assert verify(WHOLE, head).fault == "head not found"


@pytest.mark.parametrize(
    "change",
    [
        {"at": 31},
        {"person_id": 8},
        {"action": "rejected"},
        {"subject": "case 2"},
        {"facts": '{"number":4}'},
        {"facts": '{"number": 3}'},
        {"hash": "0" * 64},
        {"hash": ""},
        {"hash": WHOLE[2].hash.upper()},
        {"facts": b"{}"},
        {"action": "half a letter \udcff"},
        {"facts": None},
    ],
)
def test_an_edited_entry_is_found(change: dict[str, Any]) -> None:
    entries = list(WHOLE)
    entries[2] = entries[2]._replace(**change)
    verdict = verify(entries)
    assert (verdict.fault, verdict.fault_seq, verdict.entries) == ("edited", 3, 2)


def test_an_entry_that_cannot_be_hashed_is_not_excused_by_an_empty_hash() -> None:
    entries = [*WHOLE[:3], WHOLE[3]._replace(facts=b"", hash=None)]  # type: ignore[arg-type]
    assert verify(entries).fault == "edited"


def test_an_entry_edited_together_with_its_hash_breaks_the_link() -> None:
    entries = list(WHOLE)
    entries[1] = again([*WHOLE[:1], WHOLE[1]._replace(action="not counted")])[1]
    assert verify(entries) == Verdict(2, entries[1].hash, "broken link", 3)


def test_a_dropped_entry_leaves_a_gap() -> None:
    assert verify([*WHOLE[:1], *WHOLE[2:]]) == Verdict(1, WHOLE[0].hash, "gap", 3)
    assert verify(WHOLE[1:]) == Verdict(0, GENESIS, "gap", 2)


def test_a_dropped_entry_with_the_rest_numbered_anew_breaks_the_link() -> None:
    entries = [WHOLE[0], WHOLE[2]._replace(seq=2), WHOLE[3]._replace(seq=3)]
    assert verify(entries) == Verdict(1, WHOLE[0].hash, "broken link", 2)


def test_a_repeated_entry_is_found() -> None:
    assert verify([*WHOLE[:2], *WHOLE[1:]]).fault == "gap"


def test_swapped_entries_are_found() -> None:
    assert verify([WHOLE[0], WHOLE[2], WHOLE[1], WHOLE[3]]).fault == "gap"
    swapped = [WHOLE[0], WHOLE[2]._replace(seq=2), WHOLE[1]._replace(seq=3), WHOLE[3]]
    assert verify(swapped).fault == "broken link"


def test_a_tail_of_another_chain_breaks_the_link() -> None:
    other = chain("opened", "counted", "rejected", "withdrawn")
    assert verify([*WHOLE[:2], *other[2:]]).fault == ""  # the same up to there: it is one chain
    different = chain("opened", "forged", "rejected", "withdrawn")
    assert verify([*WHOLE[:2], *different[2:]]) == Verdict(2, WHOLE[1].hash, "broken link", 3)


def test_a_tail_that_was_cut_off_shows_only_against_a_head_from_outside() -> None:
    assert verify(WHOLE[:3]).fault == ""
    assert verify(WHOLE[:3], HEAD) == Verdict(3, WHOLE[2].hash, "head not found", 3)


def test_a_chain_made_anew_shows_only_against_a_head_from_outside() -> None:
    forged = again([WHOLE[0]._replace(action="never opened"), *WHOLE[1:]])
    assert verify(forged).fault == ""
    assert verify(forged, HEAD).fault == "head not found"


@pytest.mark.parametrize("head", ["f" * 64, "x", ":", HEAD[:10], HEAD + "0", f"3:{HEAD}", f"1:{GENESIS}"])
def test_a_head_that_was_never_printed_is_not_found(head: str) -> None:
    assert verify(WHOLE, head).fault == "head not found"


def test_an_empty_chain_does_not_satisfy_a_head() -> None:
    assert verify([], HEAD).fault == "head not found"


def test_the_first_entry_begins_at_genesis() -> None:
    entries = again(WHOLE)
    entries[0] = entries[0]._replace(previous="1" * 64)
    assert verify(entries).fault == "broken link"


def test_facts_have_one_text_whatever_order_they_were_given_in() -> None:
    assert canonical({"b": {2, 1}, "a": "ä"}) == canonical({"a": "ä", "b": {1, 2}}) == '{"a":"ä","b":[1,2]}'


@pytest.mark.parametrize("value", [{"a": object()}, {"a": float("nan")}, {"a": b"1"}])
def test_facts_that_have_no_text_are_refused(value: dict[str, Any]) -> None:
    with pytest.raises((TypeError, ValueError)):
        canonical(value)


parts = st.tuples(st.text(max_size=5), st.text(max_size=5), st.text(max_size=5))


@given(parts, parts)
def test_no_two_different_entries_share_a_text(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    hashes = {entry_hash(1, 1, 1, *texts, GENESIS) for texts in (one, other)}
    assert len(hashes) == len({one, other})
