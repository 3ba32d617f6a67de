"""Cases stay with the stretch they were opened for, whatever the ledger is told late."""

from hypothesis import given
from hypothesis import strategies as st

from zeroline.domain.following import Stretch, follow


def open_since(seq: int, at: int) -> Stretch:
    return Stretch(seq, at, None, None)


def ended(seq: int, at: int, closing: int, until: int) -> Stretch:
    return Stretch(seq, at, closing, until)


def test_a_case_keeps_the_episode_with_its_crossing_movement():
    now = ended(5, 100, 9, 200)
    assert follow([(1, open_since(5, 100))], [], [now]).pairs == {1: now}


def test_an_episode_nobody_stands_for_is_told():
    fresh = open_since(7, 300)
    assert follow([], [], [fresh]).unfollowed == (fresh,)


def test_a_crossing_that_moved_earlier_takes_the_case_along():
    now = open_since(12, 50)
    assert follow([(1, open_since(5, 100))], [], [now]).pairs == {1: now}


def test_a_crossing_that_moved_later_takes_the_case_along():
    now = open_since(6, 150)
    assert follow([(1, open_since(5, 100))], [], [now]).pairs == {1: now}


def test_a_stretch_that_is_never_below_zero_any_more_has_vanished():
    followed = follow([(1, open_since(5, 100))], [], [ended(2, 10, 3, 20)])
    assert followed.vanished == (1,)
    assert followed.pairs == {}


def test_of_two_cases_whose_stretches_became_one_the_one_with_the_crossing_stays():
    was = [(1, ended(5, 100, 6, 200)), (2, open_since(7, 300))]
    followed = follow(was, [], [open_since(5, 100)])
    assert followed.pairs == {1: open_since(5, 100)}
    assert followed.merged == {2: 1}


def test_a_stretch_cut_in_two_by_a_late_receipt_leaves_the_case_with_the_part_still_below_zero():
    """−5 at 100 (seq 5), −5 at 300 (seq 6); then +5 recorded at 200 arrives as seq 9."""
    parts = [ended(5, 100, 9, 200), open_since(6, 300)]
    followed = follow([(1, open_since(5, 100))], [], parts)
    assert followed.pairs == {1: parts[1]}
    assert followed.unfollowed == (parts[0],)


def test_a_new_crossing_after_the_closing_movement_is_a_new_episode():
    parts = [ended(5, 100, 6, 200), open_since(7, 300)]
    followed = follow([(1, open_since(5, 100))], [], parts)
    assert followed.pairs == {1: parts[0]}
    assert followed.unfollowed == (parts[1],)


def test_a_dismissed_case_still_stands_for_its_episode():
    assert follow([], [(1, open_since(5, 100))], [open_since(5, 100)]).unfollowed == ()


def test_a_working_case_chooses_before_one_that_is_over():
    now = open_since(5, 100)
    followed = follow([(2, ended(6, 150, 7, 160))], [(1, open_since(5, 100))], [now])
    assert followed.pairs == {2: now}


def test_a_case_that_is_over_neither_vanishes_nor_merges():
    gone = follow([], [(1, ended(5, 100, 6, 200))], [])
    taken = follow([(2, open_since(8, 90))], [(1, ended(5, 100, 6, 200))], [open_since(8, 90)])
    assert gone.vanished == ()
    assert taken.merged == {}


def test_touching_within_one_instant_goes_by_arrival():
    was = ended(5, 100, 6, 200)
    assert follow([(1, was)], [], [open_since(7, 200)]).vanished == (1,)


@st.composite
def stretches(draw: st.DrawFn) -> list[Stretch]:
    """Disjoint stretches in book order; only the last may be open."""
    marks = draw(st.lists(st.integers(0, 60), max_size=8, unique=True).map(sorted))
    seqs = draw(st.permutations(range(1, 10)))
    found = [ended(seqs[i], marks[i], seqs[i + 1], marks[i + 1]) for i in range(0, len(marks) - 1, 2)]
    if len(marks) % 2:
        found.append(open_since(seqs[len(marks) - 1], marks[-1]))
    return found


@given(stretches(), stretches(), st.sets(st.integers(0, 4)))
def test_every_case_and_every_episode_ends_up_in_exactly_one_place(before, now, over_at):
    working = [(i, was) for i, was in enumerate(before) if i not in over_at]
    over = [(i, was) for i, was in enumerate(before) if i in over_at]
    followed = follow(working, over, now)
    held = [stretch.opening_seq for stretch in followed.pairs.values()]
    assert sorted(held + [s.opening_seq for s in followed.unfollowed]) == sorted(s.opening_seq for s in now)
    placed = set(followed.pairs) | set(followed.vanished) | set(followed.merged)
    assert {case_id for case_id, _ in working} <= placed
    assert len(followed.pairs) + len(followed.vanished) + len(followed.merged) == len(placed)
    assert set(followed.merged.values()) <= set(followed.pairs)
