"""The file a workstation keeps counts in: whole lines only, in order, safe before they count as kept."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from zeroline.storage.outbox import OutboxFile


@pytest.fixture
def file(tmp_path: Path) -> OutboxFile:
    return OutboxFile(tmp_path / "outbox" / "counts.jsonl")


def add(file: OutboxFile, *values: int | str) -> None:
    file.add(lambda _: [{"value": value} for value in values])


def values(file: OutboxFile) -> list[int | str]:
    return [row["value"] for row in file.read().rows]


def test_what_was_added_is_read_in_order_and_nothing_is_there_before(file: OutboxFile) -> None:
    assert values(file) == []
    add(file, 1, "Zählung “3cs+4”\n")
    add(file, 3)
    assert values(file) == [1, "Zählung “3cs+4”\n", 3]


@pytest.mark.parametrize("mask", [0o000, 0o022])
def test_nobody_else_on_the_machine_may_read_it(file: OutboxFile, mask: int) -> None:
    before = os.umask(mask)
    try:
        add(file, 1)
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.path.parent.stat().st_mode) == 0o700


def test_a_last_line_that_a_crash_tore_is_dropped_and_the_next_one_is_whole(file: OutboxFile) -> None:
    add(file, 1, 2)
    whole = file.path.read_bytes()
    for torn in range(1, len(whole) // 2):
        file.path.write_bytes(whole[:-torn])
        assert values(file) == [1]
        add(file, 3)
        assert values(file) == [1, 3]
        assert file.read().unreadable == 0


def test_a_line_that_was_altered_is_told_and_never_taken_for_another_count(file: OutboxFile) -> None:
    add(file, 1, 2, 3)
    file.path.write_bytes(file.path.read_bytes().replace(b'"value":2', b'"value":7'))
    add(file, 4)
    assert values(file) == [1, 3, 4]
    assert file.read().unreadable == 1
    file.empty_if(lambda _: True)
    assert values(file) == [1, 3, 4]
    file.empty_if(lambda _: True, damaged_too=True)
    assert (values(file), file.read().unreadable) == ([], 0)


@pytest.mark.parametrize("rubbish", [b"\xff\xfe\n", b"[1]\n", b"\n", b'{"value":1}\n', b'{"sum":"x"}\n'])
def test_rubbish_is_counted_and_passed_over(file: OutboxFile, rubbish: bytes) -> None:
    add(file, 1)
    file.path.write_bytes(rubbish + file.path.read_bytes())
    assert values(file) == [1]
    assert file.read().unreadable == 1


def test_it_is_emptied_only_when_nothing_is_needed_any_more(file: OutboxFile) -> None:
    add(file, 1)
    file.empty_if(lambda rows: len(rows) > 1)
    assert values(file) == [1]
    file.empty_if(lambda rows: len(rows) == 1)
    assert file.path.read_bytes() == b""
    add(file, 2)
    assert values(file) == [2]


def test_a_full_disk_leaves_the_file_as_it_was(file: OutboxFile, monkeypatch: pytest.MonkeyPatch) -> None:
    add(file, 1)
    before = file.path.read_bytes()
    write = os.write

    def half(number: int, data: bytes) -> int:
        write(number, data[: len(data) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(os, "write", half)
        with pytest.raises(OSError, match="No space left"):
            add(file, 2)
    assert file.path.read_bytes() == before
    add(file, 3)
    assert values(file) == [1, 3]


def test_many_programs_add_to_it_at_once_and_no_line_is_lost(file: OutboxFile) -> None:
    program = (
        "import sys; from pathlib import Path; from zeroline.storage.outbox import OutboxFile\n"
        "for n in range(25):\n"
        "    OutboxFile(Path(sys.argv[1])).add("
        "lambda rows: [{'who': sys.argv[2], 'value': n, 'seq': 1 + len(rows)}])\n"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", program, str(file.path), who]) for who in ("a", "b", "c")
    ]
    assert [one.wait(60) for one in running] == [0, 0, 0]
    rows = file.read().rows
    assert [row["seq"] for row in rows] == list(range(1, 76))
    for who in ("a", "b", "c"):
        assert [row["value"] for row in rows if row["who"] == who] == list(range(25))


def test_a_link_laid_in_its_place_is_not_followed(file: OutboxFile, tmp_path: Path) -> None:
    file.path.parent.mkdir()
    (tmp_path / "other").write_text("somebody's")
    file.path.symlink_to(tmp_path / "other")
    with pytest.raises(OSError):
        add(file, 1)
    assert (tmp_path / "other").read_text() == "somebody's"


def test_what_a_killed_program_said_was_kept_is_there(file: OutboxFile) -> None:
    program = (
        "import sys; from pathlib import Path; from zeroline.storage.outbox import OutboxFile\n"
        "for n in range(100_000):\n"
        "    OutboxFile(Path(sys.argv[1])).add(lambda rows: [{'value': n}])\n"
        "    print(n, flush=True)\n"
    )
    command = [sys.executable, "-c", program, str(file.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        told = [int(running.stdout.readline()) for _ in range(30)]
        running.kill()
    found = values(file)
    assert found[:30] == told == list(range(30))
    assert found == list(range(len(found)))
    add(file, "next")
    assert values(file) == [*found, "next"]
