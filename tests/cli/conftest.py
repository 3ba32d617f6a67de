"""The command line over a database file that does not exist at first."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.command_line import Line


@pytest.fixture
def line(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Line:
    monkeypatch.delenv("ZEROLINE_DATABASE", raising=False)
    return Line(capsys, tmp_path / "inventory.db")
