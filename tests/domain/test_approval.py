"""Whose hand is in the way of a decision (rule 3)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zeroline.domain.approval import Involved, Weight, hands, posting_hand
from zeroline.domain.person import Person, Role
from zeroline.domain.policy import DEFAULT, Limit

SAM = Person(1, "sam", "Sam", Role.SUPERVISOR)
MARA = Person(2, "mara", "Mara", Role.MANAGER)
AINO = Person(3, "aino", "Aino", Role.AUDITOR)
SMALL = Weight(1, 100, 100)
LIMIT = Limit(1, 250)


def codes(person: Person, involved: Involved, weight: Weight = SMALL, limit: Limit = LIMIT) -> list[str]:
    return [hand.code for hand in hands(person, involved, weight, limit)]


def test_nothing_is_in_the_way_of_a_stranger_within_their_limit() -> None:
    assert codes(SAM, Involved(proposer=9)) == []


def test_a_role_that_approves_nothing_is_named() -> None:
    assert codes(AINO, Involved(proposer=9)) == ["role"]


def test_a_disabled_person_approves_nothing() -> None:
    assert codes(Person(1, "sam", "Sam", Role.SUPERVISOR, active=False), Involved(9)) == ["role"]


def test_the_first_counter_counted_and_a_later_one_recounted() -> None:
    assert codes(SAM, Involved(9, counters=((1, 1), (2, 2)))) == ["counted"]
    assert codes(MARA, Involved(9, counters=((1, 1), (2, 2)))) == ["recounted"]


def test_every_hand_is_listed_the_plainest_first() -> None:
    involved = Involved(1, ((1, 1),), frozenset({1}), ((1, 3),))
    assert codes(SAM, involved, Weight(2, 300, 300)) == [
        "proposed",
        "counted",
        "investigated",
        "changed-policy",
        "over-limit",
    ]


def test_a_limit_is_passed_by_tier_by_value_or_together_with_others() -> None:
    assert codes(SAM, Involved(9), Weight(2, 100, 100)) == ["over-limit"]
    assert codes(SAM, Involved(9), Weight(1, 251, 251)) == ["over-limit"]
    assert codes(SAM, Involved(9), Weight(1, 200, 251)) == ["cumulated"]
    assert codes(SAM, Involved(9), Weight(1, 250, 250)) == []


def test_a_hand_names_the_person_and_the_figures() -> None:
    (hand,) = hands(SAM, Involved(9), Weight(1, 200, 251), LIMIT)
    assert hand.reason.code == "hand-cumulated"
    assert hand.reason.facts == {"person": "Sam", "cumulated_value": 251, "limit_value": 250}


def test_a_policy_change_of_somebody_else_is_in_nobodys_way() -> None:
    assert codes(SAM, Involved(9, policy_changers=((2, 3),))) == []


def test_above_tier_two_the_approver_does_not_post() -> None:
    hand = posting_hand(MARA, Involved(9, approver=2), 3)
    assert hand is not None
    assert hand.code == "approved"
    assert posting_hand(MARA, Involved(9, approver=2), 2) is None
    assert posting_hand(MARA, Involved(9, approver=1), 3) is None


def test_who_may_not_approve_may_not_post() -> None:
    hand = posting_hand(AINO, Involved(9, approver=1), 1)
    assert hand is not None
    assert hand.code == "role"


people = st.integers(1, 5)


@given(
    st.builds(
        Involved,
        proposer=people,
        counters=st.lists(st.tuples(people, st.integers(1, 3)), max_size=3).map(tuple),
        investigators=st.frozensets(people, max_size=3),
        policy_changers=st.lists(st.tuples(people, st.integers(1, 9)), max_size=3).map(tuple),
    ),
    people,
    st.sampled_from(Role),
    st.integers(1, 3),
    st.integers(0, 5_000_000_000),
)
def test_nobody_with_a_hand_in_it_ever_approves_whatever_their_role(
    involved: Involved, who: int, role: Role, tier: int, value: int
) -> None:
    person = Person(who, "x", "X", role)
    free = not hands(person, involved, Weight(tier, value, value), DEFAULT.limit(role))
    touched = (
        who == involved.proposer
        or who in {counter for counter, _ in involved.counters}
        or who in involved.investigators
        or who in {changer for changer, _ in involved.policy_changers}
    )
    assert not (free and touched)
    assert not (free and role not in (Role.SUPERVISOR, Role.MANAGER))
    assert not (free and value > DEFAULT.limit(role).value)
