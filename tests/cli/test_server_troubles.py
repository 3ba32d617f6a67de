"""A server's troubles on the command line: each has its sentence and exit code, and nothing was done."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from support.colleagues import Colleagues
from support.command_line import Line
from zeroline.cli import command
from zeroline.cli.exits import Exit
from zeroline.domain.instant import HOUR
from zeroline.storage.postgres import setting_up


def test_a_wrong_password_is_told(line: Line, colleagues: Colleagues) -> None:
    answer = line.bare("--database", colleagues.url("manager", "wrong"), "negatives")
    assert (answer.code, answer.out) == (Exit.REFUSED, "")
    assert "do not belong together, or on a server the password has run out" in answer.err


def test_a_server_that_is_too_old_is_told(
    line: Line, colleagues: Colleagues, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setting_up, "OLDEST", 99)
    for verb in ("negatives", "setup"):
        answer = line.bare("--database", colleagues.server.url(colleagues.name), verb)
        assert (answer.code, answer.out) == (Exit.TROUBLE, "")
        assert answer.err.startswith(
            f"This server is PostgreSQL {colleagues.server.version}. Zeroline needs 99"
        )


def test_a_job_whose_clock_is_an_hour_off_reads_with_a_word_and_writes_nothing(
    line: Line, colleagues: Colleagues, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "_now", lambda: time.time_ns() // 1_000 + HOUR)
    before = colleagues.trail()
    read = line.bare("--database", colleagues.server.url(colleagues.name), "negatives")
    assert (read.code, "60 minutes ahead" in read.err) == (Exit.DONE, True)
    (tmp_path / "m.csv").write_text("item,location,quantity,recorded_at\nA,B,-1,2026-03-01T10:00:00Z\n")
    written = line.bare("--database", colleagues.server.url(colleagues.name), "import", tmp_path / "m.csv")
    assert (written.code, written.out) == (Exit.TROUBLE, "")
    assert "nothing was done. Set this clock right." in written.err
    new = f"{colleagues.name}_clock"
    colleagues.server.create(new)
    set_up = line.bare("--database", colleagues.server.url(new), "setup")
    assert (set_up.code, "Set this clock right." in set_up.err) == (Exit.TROUBLE, True)
    colleagues.server.drop(new)
    assert colleagues.trail() == before
