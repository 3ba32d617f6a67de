"""Figures of the lists from outside: transience, value and late files, against a replay by hand."""

from __future__ import annotations

import csv
import io
import tempfile
from contextlib import redirect_stdout
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from support.files import text_file
from support.ledger import Row
from support.naive_replay import naive_episodes
from zeroline.app import main
from zeroline.domain import instant
from zeroline.domain.instant import DAY, HOUR
from zeroline.domain.quantity import half_even, parse, plain

ITEMS = {1: ("00B", "1234.5"), 2: ("A", "0.333333")}  # with what one of them costs
START = instant.parse("2026-03-28T18:30:00Z")
STEP = 7 * HOUR  # from one instant to the next, so that days do not divide evenly

_told = st.lists(
    st.tuples(
        st.sampled_from(list(ITEMS)),
        st.sampled_from(["-7", "-2.5", "-0.1", "\N{MINUS SIGN}0.3", "0.1", "3", "2.500000", "-0"]),
        st.integers(0, 8),
        st.integers(0, 8),
    ),
    min_size=1,
    max_size=25,
)


def _said(*arguments: str) -> list[list[str]]:
    said = io.StringIO()
    with redirect_stdout(said):
        assert main(arguments) == 0
    return list(csv.reader(io.StringIO(said.getvalue())))


def _wanted(rows: list[Row], names: dict[int, str], as_of: int) -> list[list[str]]:
    found = []
    for key, start, end, opening, closing, depth, integral, transient in naive_episodes(rows, as_of):
        code, cost = ITEMS[key]
        found.append(
            [
                *(code, "X", "", "available"),
                instant.iso(start),
                "" if end is None else instant.iso(end),
                plain(depth),
                plain(half_even(integral, DAY)),
                plain(half_even(integral * parse(cost), DAY * 10**6)),
                str(transient).lower(),
                names[opening],
                "" if closing is None else names[closing],
            ]
        )
    return found


@given(_told, st.integers(0, 25), st.sampled_from([None, 0, 3, 40]))
@settings(max_examples=12)
def test_late_files_transience_value_and_other_instants_equal_a_replay_by_hand(
    told: list[tuple[int, str, int, int]], cut: int, step: int | None
) -> None:
    arriving = [*range(cut, len(told)), *range(min(cut, len(told)))]  # the file's first rows come last
    rows = [
        Row(told[n][0], sequence, START + told[n][2] * STEP, START + told[n][3] * STEP, parse(told[n][1]))
        for sequence, n in enumerate(arriving)
    ]
    names = {sequence: f"m{n}" for sequence, n in enumerate(arriving)}
    newest = max(row.recorded_at for row in rows)
    as_of = newest if step is None else START + step * STEP
    lines = [
        f"m{n},{ITEMS[row.key][0]},X,{told[n][1]},{instant.iso(row.occurred_at)},{instant.iso(row.recorded_at)}"
        for n, row in zip(arriving, rows, strict=True)
    ]
    split = max(0, len(told) - cut)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        address = ("--database", f"sqlite:///{folder / 'inventory.db'}")
        costs = "".join(f"{code},{cost}\n" for code, cost in ITEMS.values())
        _said(
            *address, "import", str(text_file(folder, "item,unit_cost\n" + costs, "i.csv")), "--kind", "items"
        )
        for part in (lines[:split], lines[split:]):
            content = "movement_id,item,location,quantity,occurred_at,recorded_at\n" + "\n".join(part) + "\n"
            _said(*address, "import", str(text_file(folder, content, "m.csv")))
        asked = () if step is None else ("--as-of", instant.iso(as_of))
        shown = _said(*address, "episodes", "--format", "csv", *asked)
    counted = [row for row in rows if row.recorded_at <= as_of]
    assert shown[1:] == _wanted(counted, names, as_of)
