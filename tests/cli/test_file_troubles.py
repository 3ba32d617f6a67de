"""A damaged, a read-only and a wrong file on the command line: a sentence, an exit code, no harm done."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from support.command_line import Line
from zeroline.cli.exits import Exit
from zeroline.storage.driver import PAGE

MOVEMENTS = "item,location,quantity,recorded_at\nA,B,-1,2026-03-01T10:00:00Z\n"


@pytest.fixture
def movements(tmp_path: Path) -> Path:
    (file := tmp_path / "m.csv").write_text(MOVEMENTS)
    return file


@pytest.fixture
def filled(line: Line, movements: Path) -> Path:
    """The database with one movement below zero."""
    assert line("import", movements).code == Exit.DONE
    return line.database


def test_a_damaged_file_is_told_and_can_still_be_read_where_it_is_whole(
    line: Line, filled: Path, movements: Path
) -> None:
    with closing(sqlite3.connect(filled)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'balance'").fetchone()
    content = bytearray(filled.read_bytes())
    content[(page - 1) * PAGE : page * PAGE] = b"\xff" * PAGE
    filled.write_bytes(content)
    said = "The database file is damaged. Restore the last backup, or open it read-only"
    movements.write_text(MOVEMENTS.replace("-1", "-2"))
    for verb in (("import", movements), ("backup", "--to", filled.with_name("b"))):
        answer = line(*verb)
        assert (answer.code, answer.out) == (Exit.TROUBLE, "")
        assert said in answer.err
    assert not filled.with_name("b").exists()
    assert line("episodes").code == Exit.DONE


def test_a_file_that_may_only_be_read_is_read_and_not_written(
    line: Line, filled: Path, movements: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = filled.read_bytes()
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)  # root may write everywhere
    read = line("negatives")
    assert (read.code, "A" in read.out) == (Exit.DONE, True)
    movements.write_text(MOVEMENTS.replace("-1", "-2"))
    written = line("import", movements)
    assert (written.code, written.out) == (Exit.TROUBLE, "")
    assert "can only be read here. Ask for the right to write" in written.err
    assert filled.read_bytes() == before


def test_a_file_that_is_no_database_is_told(line: Line, movements: Path) -> None:
    line.database.write_text("Dear Sir or Madam, " * 200)
    for verb in (("negatives",), ("import", movements), ("setup",)):
        answer = line(*verb)
        assert (answer.code, answer.out) == (Exit.TROUBLE, "")
        assert "not a database. Choose another file" in answer.err
    assert line.database.read_text().startswith("Dear Sir")
