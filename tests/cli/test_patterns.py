"""What cases share, printed for other programs."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

from support.command_line import Line
from support.files import text_file
from zeroline.cli import Exit

HEAD = "movement_id,item,location,quantity,occurred_at,recorded_at,kind,document,user"
BEGIN = datetime(2026, 1, 5, tzinfo=UTC)


def ledger() -> str:
    """diaz posts eight receipts a day after they came, each picked from meanwhile."""
    rows = [HEAD]

    def row(
        number: str, item: str, amount: int, at: datetime, posted: datetime, document: str, user: str
    ) -> None:
        kind = "receipt" if amount > 0 else "pick"
        rows.append(f"{number},{item},A-01,{amount},{at:%FT%T},{posted:%FT%T},{kind},{document},{user}")

    for day in range(50):
        at = BEGIN + timedelta(days=day, hours=9)
        user = ("lind", "sato", "okoye", "diaz")[day % 4]
        row(f"o{day}", f"ITEM-{day}", 20, at, at + timedelta(minutes=5), f"IN/{day}", user)
    for day in range(8):
        at = BEGIN + timedelta(days=3 + 5 * day, hours=10)
        row(f"l{day}", f"LATE-{day}", 40, at, at + timedelta(days=1), f"IN/9{day}", "diaz")
        picked = at + timedelta(hours=3)
        row(f"p{day}", f"LATE-{day}", -15, picked, picked, f"OUT/{day}", "roe")
    return "\n".join(rows) + "\n"


def test_patterns_are_printed_with_their_numbers(line: Line, tmp_path: Path) -> None:
    line("import", text_file(tmp_path, ledger()))
    answer = line("diagnose", "--patterns", "--format", "csv")
    assert (answer.code, answer.err) == (Exit.DONE, "")
    (row,) = csv.DictReader(io.StringIO(answer.out))
    assert (row["cause"][0], row["kind"], row["feature"]) == ("T", "receipt", "user=diaz")
    assert (row["shared"], row["of"], row["usual"], row["among"]) == ("8", "8", "20", "58")
    assert float(row["p"]) <= float(row["corrected"]) < 0.01
    assert int(row["comparisons"]) > 5
    assert len(row["cases"].split()) == 8


def test_nothing_that_stands_out_is_said(line: Line, tmp_path: Path) -> None:
    line("import", text_file(tmp_path, f"{HEAD}\nm1,A,A-01,-5,2026-01-01,2026-01-01,pick,OUT/1,roe\n"))
    answer = line("diagnose", "--patterns")
    assert answer.out == "No pattern stands out: 1 cases, 0 comparisons.\n"
