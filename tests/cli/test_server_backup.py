"""Backing up a server's database and putting it back, from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.colleagues import Colleagues
from support.command_line import Line
from support.warehouse import SECRET
from zeroline.cli.exits import Exit


@pytest.fixture(autouse=True)
def _programs(colleagues: Colleagues, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZEROLINE_PG_BIN", str(colleagues.server.bin))


def test_a_servers_database_is_backed_up_checked_and_restored(
    line: Line, colleagues: Colleagues, tmp_path: Path
) -> None:
    server, file, name = colleagues.server, tmp_path / "b.zeroline-backup", f"{colleagues.name}_new"
    made = line.bare("--database", server.url(colleagues.name), "backup", "--to", file)
    assert (made.code, made.err.splitlines()[0]) == (Exit.DONE, "Copying the database …")
    assert "9 logins of its people" in made.out
    head = made.out.splitlines()[-1].removeprefix("head ")
    checked = line.bare("restore", "--check", file, "--head", head)
    assert (checked.code, checked.out.splitlines()[-1]) == (Exit.DONE, f"head {head}")
    restored = line.bare("restore", file, "--to", server.url(name), "--head", head)
    assert restored.code == Exit.DONE
    assert "Logins that were there, left as they were: administrator, auditor" in restored.out
    assert restored.out.splitlines()[-1].endswith(f"postgresql://{server.host}:{server.port}/{name}")
    assert server.password not in made.out + made.err + restored.out + restored.err
    verified = line.bare("--database", server.url(name), "audit", "verify", "--head", head)
    assert verified.code == Exit.DONE
    again = line.bare("restore", file, "--to", server.url(name))
    assert (again.code, "nothing is ever written over" in again.err) == (Exit.REFUSED, True)
    server.drop(name)


def test_a_persons_own_login_makes_no_backup(line: Line, colleagues: Colleagues, tmp_path: Path) -> None:
    url = colleagues.url("administrator", SECRET).replace(" ", "%20")
    answer = line.bare("--database", url, "backup", "--to", tmp_path / "b")
    assert (answer.code, answer.out) == (Exit.REFUSED, "")
    assert "The login administrator does not see all rows" in answer.err
    assert not (tmp_path / "b").exists()
