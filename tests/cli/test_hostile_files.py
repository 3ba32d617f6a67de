"""Hostile files through the command line: one clear reason each, good rows kept, nothing half-written."""

from __future__ import annotations

import random
import zipfile
from pathlib import Path

import pytest

from support.command_line import Line
from support.files import text_file, workbook
from zeroline.cli import Exit

HEAD = "movement_id,item,location,quantity,recorded_at\n"
GOOD = "g1,A,X,5,2026-01-01\n"


def _import_beside_good_row(line: Line, folder: Path, row: str | bytes) -> str:
    """Import the row between two good ones; both are taken. Answers what was said of the row."""
    bad = row if isinstance(row, bytes) else row.encode()
    answer = line(
        "import", text_file(folder, HEAD.encode() + GOOD.encode() + bad + b"\ng2,A,X,-6,2026-01-02\n")
    )
    assert answer.code == Exit.SOME_REJECTED
    assert "3 rows read, 2 added, 0 already known, 1 rejected" in answer.out
    assert line("negatives", "--format", "csv").out.splitlines()[1].startswith("A,X,,available,-1,2026-01-02")
    (said,) = answer.err.splitlines()
    return said.strip()


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b"b,A\x00,X,1,2026-01-01", "row 3, item: The cell holds a NUL"),
        (b"b," + b"A" * 10_000_000 + b",X,1,2026-01-01", "row 3, item: The cell has 10000000 characters"),
        (b"b,A,X", "row 3: The row has 3 cells, the header has 5."),
        (b"b,A,X,1,2026-01-01,more", "row 3: The row has 6 cells, the header has 5."),
        (b"b,A,X,1e308,2026-01-01", "row 3, quantity: “1e308” is larger than any stock"),
        (b"b,A,X,nan,2026-01-01", "row 3, quantity: “nan” is not a number"),
        (b"b,A,X,-inf,2026-01-01", "row 3, quantity: “-inf” is not a number"),
        (b"b,A,X,1,2026-13-01", "row 3, recorded_at: “2026-13-01” is not a date"),
        (
            b"b,A,X,1,9999-12-31T23:59:59-14:00",
            "row 3, recorded_at: “9999-12-31T23:59:59-14:00” lies outside the years",
        ),
        (
            b"b,A,X,1,0001-01-01T00:00:00+14:00",
            "row 3, recorded_at: “0001-01-01T00:00:00+14:00” lies outside",
        ),
        (b'b,"A,X,1,2026-01-01', "row 3: A quotation mark in this row is never closed."),
        (b"b,,X,1,2026-01-01", "row 3, item: Nothing is given."),
        (
            b"g1,A,X,7,2026-01-01",
            "row 3, movement_id: A movement g1 is known already and says something else",
        ),
        ("b,\N{RIGHT-TO-LEFT OVERRIDE}A\tB,X,1,2026-01-01".encode(), "row 3, item: “"),
    ],
)
def test_one_bad_row_loses_nothing_else(line: Line, tmp_path: Path, row: bytes, reason: str) -> None:
    assert _import_beside_good_row(line, tmp_path, row).startswith(reason)


def test_a_text_that_looks_like_sql_is_only_a_text(line: Line, tmp_path: Path) -> None:
    nasty = "'); DROP TABLE movement; --"
    line("import", text_file(tmp_path, HEAD + f'1,"{nasty}",X,-1,2026-01-01\n'))
    assert line("negatives", "--format", "csv").out.splitlines()[1].startswith(f"{nasty},X,")


@pytest.mark.parametrize(
    "rows", [b"", b"\x00" * 20_000, b"PK\x05\x06" + b"\x00" * 18, b"%PDF-1.4", b"\xff\xfe"]
)
def test_what_is_no_table_is_refused(line: Line, tmp_path: Path, rows: bytes) -> None:
    answer = line("import", text_file(tmp_path, rows))
    assert (answer.code, len(answer.err.splitlines())) == (Exit.REFUSED, 1)
    assert not line.database.exists()


def test_a_zip_bomb_is_refused_at_once(line: Line, tmp_path: Path) -> None:
    honest = workbook(tmp_path, [HEAD.strip().split(",")])
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(honest) as old, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            large = part == "xl/worksheets/sheet1.xml"
            new.writestr(part, b"0" * (64 << 20) if large else old.read(part))
    answer = line("import", bomb)
    assert (answer.code, answer.err.startswith("bomb.xlsx would unpack to far more")) == (Exit.REFUSED, True)


def test_a_wrong_sheet_is_refused_with_the_names_there_are(line: Line, tmp_path: Path) -> None:
    mapping = text_file(
        tmp_path,
        'kind = "items"\nsheet = "Items"\n[columns]\nitem = "item"\n',
        "m.toml",
    )
    answer = line("import", workbook(tmp_path, [["item"], ["A"]], sheet="Sheet1"), "--mapping", mapping)
    assert (answer.code, answer.err) == (Exit.REFUSED, "book.xlsx has no sheet “Items”. It has: Sheet1.\n")


@pytest.mark.parametrize("seed", range(12))
def test_noise_is_never_a_fault_of_the_program(line: Line, tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    content = bytearray((HEAD + GOOD * 3 + "g2,A,X,-6,2026-01-02\n" * 20).encode())
    for _ in range(40):
        content[dice.randrange(len(content))] = dice.choice(b'\x00\x01",;\n\r\xe4\xff A0-.')
    answer = line("import", text_file(tmp_path, bytes(content)))
    assert answer.code in (Exit.DONE, Exit.SOME_REJECTED, Exit.REFUSED)
    assert "Traceback" not in answer.err
    if line.database.exists():
        assert line("audit", "verify").code == Exit.DONE
