"""Any movements file, imported headless: the lists equal a replay of the file's own rows, done by hand."""

from __future__ import annotations

import csv
import io
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from support.command_line import Called
from zeroline import cli

START = datetime(2026, 1, 1, tzinfo=UTC)
COLUMNS = ("movement_id", "item", "location", "lot", "quantity", "unit", "occurred_at", "recorded_at")

_times = st.integers(0, 6).map(lambda half: START + timedelta(hours=12 * half))
_rows = st.lists(
    st.tuples(
        st.sampled_from(["A", "00B"]),
        st.sampled_from(["X", "Y"]),
        st.sampled_from(["", "L1"]),
        st.sampled_from(["-7", "-2.5", "-1", "0", "1", "2.500000", "+4", "\N{MINUS SIGN}3", "1e1"]),
        st.one_of(st.none(), _times),
        st.one_of(st.none(), _times),
        st.sampled_from(["Z", "+02:00", "-0530", ""]),
    ).filter(lambda row: row[4] is not None or row[5] is not None),
    max_size=40,
)


def _written(moment: datetime | None, zone: str) -> str:
    if moment is None:
        return ""
    if zone in ("", "Z"):
        return moment.strftime("%Y-%m-%dT%H:%M:%S") + zone
    offset = timedelta(hours=2) if zone == "+02:00" else -timedelta(hours=5, minutes=30)
    return (moment + offset).strftime("%Y-%m-%d %H:%M:%S") + zone


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _plain(amount: Fraction) -> str:
    micro = round(amount * 10**6)
    text = f"{'-' if micro < 0 else ''}{abs(micro) // 10**6}.{abs(micro) % 10**6:06d}"
    return text.rstrip("0").rstrip(".")


def _by_hand(rows: list[tuple], physical: bool) -> tuple[list[list[str]], list[list[str]]]:
    """Episodes (without their transience) and negatives as printed, from the rows of the file."""
    told = [
        (
            (item, place, lot),
            Fraction(amount.replace("\N{MINUS SIGN}", "-")),
            occurred or recorded,
            recorded or occurred,
            str(number),
        )
        for number, (item, place, lot, amount, occurred, recorded, _) in enumerate(rows)
    ]
    newest = max((row[3] for row in told), default=START)
    episodes, negatives = [], []
    for key in sorted({row[0] for row in told}):
        mine = [row for row in told if row[0] == key]
        mine.sort(key=(lambda row: (row[2], row[3])) if physical else (lambda row: row[3]))
        when = 2 if physical else 3
        balance, began, depth, area, last = Fraction(0), None, Fraction(0), Fraction(0), START
        for row in mine:
            if began is not None:
                area -= balance * Fraction(int((row[when] - last).total_seconds()), 86_400)
            balance, last = balance + row[1], row[when]
            if balance < 0 and began is None:
                began, depth, area = row, balance, Fraction(0)
            depth = min(depth, balance)
            if began is not None and balance >= 0:
                episodes.append(
                    [
                        *key,
                        "available",
                        _iso(began[when]),
                        _iso(last),
                        _plain(depth),
                        _plain(area),
                        began[4],
                        row[4],
                    ]
                )
                began = None
        if began is not None:
            open_for = max(timedelta(0), newest - last)
            area -= balance * Fraction(int(open_for.total_seconds()), 86_400)
            opened = _iso(began[when])
            episodes.append([*key, "available", opened, "", _plain(depth), _plain(area), began[4], ""])
            negatives.append([*key, "available", _plain(balance), opened, _plain(depth), _plain(area)])
    return episodes, negatives


def _run(*arguments: object) -> str:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = cli.run([str(argument) for argument in arguments], Called())
    assert (code, err.getvalue()) == (0, "")
    return out.getvalue()


@given(
    _rows,
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from(["\n", "\r\n"]),
    st.integers(0, 14),
)
@settings(max_examples=15)
def test_the_lists_equal_a_replay_of_the_file_by_hand(
    rows: list[tuple], encoding: str, line_end: str, cut: int
) -> None:
    text = [
        line_end.join(
            [",".join(COLUMNS)]
            + [
                ",".join(
                    (
                        str(number),
                        item,
                        place,
                        lot,
                        amount,
                        "EA",
                        _written(occurred, zone),
                        _written(recorded, zone),
                    )
                )
                for number, (item, place, lot, amount, occurred, recorded, zone) in enumerate(rows)
                if chosen(number)
            ]
        )
        + line_end
        for chosen in (lambda n: n < cut, lambda n: True)
    ]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        url = f"sqlite:///{folder}/ledger.db"
        for content in text:  # first a part, then the whole file, of which that part is known already
            path = Path(folder, "movements.csv")
            path.write_bytes(content.encode(encoding))
            _run("--database", url, "import", path)
        for order in ("book", "physical"):
            episodes, negatives = _by_hand(rows, order == "physical")
            shown = list(
                csv.reader(
                    io.StringIO(_run("--database", url, "episodes", "--format", "csv", "--order", order))
                )
            )
            assert [[*row[:8], *row[10:]] for row in shown[1:]] == episodes
            shown = list(
                csv.reader(
                    io.StringIO(_run("--database", url, "negatives", "--format", "csv", "--order", order))
                )
            )
            assert [row[:8] for row in shown[1:]] == negatives
