"""What timestamps of several systems say about each other."""

from __future__ import annotations

from itertools import product
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from support.postings import MONDAY, postings
from zeroline.domain.diagnosis.clocks import ClockOffset, Clocks, Stream, read_clocks
from zeroline.domain.diagnosis.patterns import Blame
from zeroline.domain.instant import DAY, HOUR, MINUTE


def row(occurred: int, recorded: int | None = None, **more: Any) -> dict[str, Any]:
    """Minutes after Monday midnight."""
    at = MONDAY + occurred * MINUTE
    return {
        "occurred": at,
        "recorded": at if recorded is None else MONDAY + recorded * MINUTE,
        "key": more.pop("key", 900 + occurred),
    } | more


def read(*rows: dict[str, Any], blames: tuple[Blame, ...] = ()) -> Clocks:
    return read_clocks(postings(rows), blames)


# --- lags


def test_lags_of_a_source_are_told_by_kind_and_week() -> None:
    late = [row(at, at + 90, source="erp") for at in range(20)]
    prompt = [row(7 * 1440 + at, 7 * 1440 + at + 1, source="erp") for at in range(100)]
    picks = [row(at, at, kind="pick") for at in range(3)]
    clocks = read(*late, *prompt, *picks)
    first, second = clocks.streams
    assert (first.source, first.kind) == ("erp", "receipt")
    assert (first.whole.count, first.whole.late, first.whole.middle) == (120, 20, MINUTE)
    assert first.whole.high == 90 * MINUTE
    assert [(monday, lags.count, lags.middle) for monday, lags in first.weeks] == [
        (MONDAY, 20, 90 * MINUTE),
        (MONDAY + 7 * DAY, 100, MINUTE),
    ]
    assert (second.source, second.kind, second.whole.late) == ("wms", "pick", 0)


def test_exactly_an_hour_is_not_late_yet() -> None:
    (stream,) = read(row(0, 60), row(5, 66)).streams
    assert stream.whole.late == 1


def test_what_was_recorded_before_it_happened_shows_a_clock_that_is_ahead() -> None:
    blamed = (Blame(7, "T6", 2), Blame(8, "T1", 3))
    (stream,) = read(row(30, 20), row(40, 39), row(50, 55), blames=blamed).streams
    assert (stream.whole.ahead, stream.whole.furthest) == (2, 10 * MINUTE)
    assert (stream.whole.cases, stream.whole.ahead_cases) == ((7, 8), (7,))


def test_cases_stand_with_the_lag_that_caused_them() -> None:
    rows = (row(0, 600, source="erp"), row(7 * 1440, 7 * 1440 + 5, source="erp"), row(1, 2))
    clocks = read(*rows, blames=(Blame(11, "T1", 1), Blame(12, "T1", 1), Blame(13, "T1", 99)))
    erp = next(stream for stream in clocks.streams if stream.source == "erp")
    assert erp.whole.cases == (11, 12)
    assert [lags.cases for _, lags in erp.weeks] == [(11, 12), ()]


def test_a_movement_of_which_one_time_is_known_says_nothing() -> None:
    clocks = read(row(0, 500, timed=False), row(1, 2))
    assert (clocks.timed, clocks.untimed) == (1, 1)
    assert clocks.streams[0].whole.count == 1


def test_nothing_was_recorded() -> None:
    assert read() == Clocks((), (), (), 0, 0)


# --- order


def test_what_one_source_told_after_another_had_told_what_came_later() -> None:
    """
    erp  08:40  16:30  receipt of the document
    wms  09:12  09:12  putaway of the same document
    wms  09:40  09:40  another document
    """
    rows = (
        row(520, 990, source="erp", document="IN/7"),
        row(552, document="IN/7", kind="putaway"),
        row(580, document="IN/8", kind="putaway"),
    )
    (found,) = read(*rows, blames=(Blame(5, "T1", 1),)).inversions
    assert (found.late, found.early) == ("erp", "wms")
    assert (found.pairs, found.movements, found.among) == (1, 1, 1)
    assert found.middle == (990 - 552) * MINUTE
    assert found.cases == (5,)


def test_movements_of_one_place_are_compared_too_and_a_pair_counts_once() -> None:
    rows = (
        row(10, 100, source="erp", key=4, document="D/1"),
        row(20, 20, key=4, document="D/1", kind="pick"),
        row(30, 30, key=4, kind="pick"),
    )
    (found,) = read(*rows).inversions
    assert (found.pairs, found.movements, found.among) == (2, 1, 1)


def test_one_source_alone_is_in_no_wrong_order() -> None:
    assert read(row(10, 100, key=4), row(20, 20, key=4)).inversions == ()


@given(
    st.lists(
        st.tuples(
            st.integers(0, 40), st.integers(0, 60), st.sampled_from(["erp", "wms", "mes"]), st.integers(1, 3)
        ),
        max_size=25,
    )
)
def test_pairs_in_the_wrong_order_are_those_that_comparing_all_of_them_gives(
    rows: list[tuple[int, int, str, int]],
) -> None:
    made = [
        row(at, at + lag, source=source, key=key, document=f"D/{key % 2}" if key > 1 else "")
        for at, lag, source, key in rows
    ]
    wanted: dict[tuple[str, str], int] = {}
    for one, other in product(made, made):
        together = one["key"] == other["key"] or (one["document"] and one["document"] == other["document"])
        if (
            together
            and one["source"] != other["source"]
            and one["occurred"] < other["occurred"]
            and one["recorded"] > other["recorded"]
        ):
            pair = (one["source"], other["source"])
            wanted[pair] = wanted.get(pair, 0) + 1
    found = {(one.late, one.early): one.pairs for one in read(*made).inversions}
    assert found == wanted
    assert all(one.movements <= min(one.pairs, one.among) for one in read(*made).inversions)


# --- clocks against each other


def seen(
    number: int, earlier: int, later: int, first: str = "erp", then: str = "wms"
) -> list[dict[str, Any]]:
    """A receipt in one system and its putaway in another, minutes on each one's own clock."""
    document = f"IN/{number}"
    return [
        row(earlier, source=first, document=document, key=number * 2),
        row(later, source=then, document=document, kind="putaway", key=number * 2 + 1),
    ]


def offset(*documents: list[dict[str, Any]], blames: tuple[Blame, ...] = ()) -> ClockOffset:
    (found,) = read(*[one for document in documents for one in document], blames=blames).offsets
    return found


def test_a_clock_that_is_behind_puts_what_follows_before_what_came_first() -> None:
    """Putaways follow within 10 to 40 minutes, on a clock 30 minutes behind."""
    found = offset(*[seen(n, 100 * n, 100 * n + gap - 30) for n, gap in enumerate((10, 15, 20, 25, 40), 1)])
    assert (found.one, found.other, found.pairs, found.against) == ("erp", "wms", 5, 4)
    assert found.high == -20 * MINUTE
    assert found.low is None
    assert found.least == -20 * MINUTE
    assert found.middle == -10 * MINUTE


def test_both_directions_hold_the_offset_between_two_bounds() -> None:
    """wms is 30 minutes ahead of erp; some documents begin in wms and end in erp."""
    there = [seen(n, 100 * n, 100 * n + gap + 30) for n, gap in enumerate((4, 9, 30), 1)]
    back = [seen(n, 100 * n + 30, 100 * n + gap, "wms", "erp") for n, gap in enumerate((6, 12, 50), 11)]
    found = offset(*there, *back)
    assert (found.low, found.high) == (24 * MINUTE, 34 * MINUTE)
    assert found.fits
    assert found.least == 24 * MINUTE
    assert found.against == 2


def test_clocks_that_agree_are_not_said_to_differ() -> None:
    there = [seen(n, 100 * n, 100 * n + n) for n in range(1, 4)]
    back = [seen(n, 100 * n, 100 * n + n, "wms", "erp") for n in range(11, 14)]
    found = offset(*there, *back)
    assert (found.against, found.least) == (0, 0)
    assert found.low is not None
    assert found.high is not None
    assert found.low < 0 < found.high


def test_what_no_single_offset_explains_is_said_so() -> None:
    there = [seen(n, 100 * n, 100 * n - 5) for n in range(1, 4)]
    back = [seen(n, 100 * n, 100 * n - 5, "wms", "erp") for n in range(11, 14)]
    found = offset(*there, *back, blames=(Blame(3, "T6", 2), Blame(4, "T6", 999)))
    assert not found.fits
    assert found.least == 0
    assert found.cases == (3,)


def test_a_single_mistyped_time_in_many_decides_nothing() -> None:
    documents = [seen(n, 100 * n, 100 * n + 5) for n in range(1, 60)]
    documents.append(seen(60, 6_000, 0))
    found = offset(*documents)
    assert found.against == 1
    assert found.high == 5 * MINUTE
    assert found.least == 0


def test_few_observations_say_nothing_about_a_clock() -> None:
    assert read(*seen(1, 10, 5), *seen(2, 110, 105)).offsets == ()


def test_the_legs_of_a_transfer_are_compared_and_one_system_is_never_compared_with_itself() -> None:
    rows = []
    for n in range(1, 7):
        rows += [
            row(100 * n, source="a", document=f"TR/{n}", kind="transfer out", key=2 * n),
            row(100 * n + 40, source="b", document=f"TR/{n}", kind="transfer in", key=2 * n + 1),
            row(100 * n + 30, source="a", document=f"TR/{n}", kind="transfer in", key=2 * n + 1),
        ]
    (found,) = read(*rows).offsets
    assert (found.pairs, found.high) == (6, 40 * MINUTE)


def test_a_source_that_saw_a_stage_twice_counts_with_the_first_time() -> None:
    documents = [seen(n, 100 * n, 100 * n + 30) for n in range(1, 6)]
    for number, document in enumerate(documents, 1):
        document.append(
            document[1] | {"occurred": MONDAY + (100 * number + 20) * MINUTE, "key": 500 + number}
        )
        document.append(
            document[1] | {"occurred": MONDAY + (100 * number + 60) * MINUTE, "key": 600 + number}
        )
    assert offset(*documents).high == 20 * MINUTE


def test_streams_come_with_the_latest_first() -> None:
    clocks = read(row(0, 200, kind="pick"), row(1, 1), row(2, 300, kind="pick"))
    assert [type(one) for one in clocks.streams] == [Stream, Stream]
    assert [one.kind for one in clocks.streams] == ["pick", "receipt"]
    assert clocks.streams[0].whole.high == 298 * MINUTE
    assert clocks.streams[0].whole.middle == 200 * MINUTE
    assert clocks.streams[0].whole.late == 2
    assert clocks.streams[0].weeks[0][0] == MONDAY
    assert clocks.streams[0].whole.middle > HOUR


def test_what_somebody_only_found_says_nothing_about_a_clock() -> None:
    """A correction happens at its count and is posted when it is approved: no system told it late."""
    rows = (row(0, 900, kind="count correction"), row(0, 900, kind="adjustment"), row(0, 900, kind="opening"))
    clocks = read(*rows, row(1, 2))
    assert [stream.kind for stream in clocks.streams] == ["receipt"]
    assert (clocks.timed, clocks.untimed) == (1, 0)
