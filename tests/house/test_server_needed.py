"""A run of the tests on a machine without any PostgreSQL server fails and says so: nothing is skipped."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_run_without_any_server_fails_with_a_sentence(tmp_path: Path) -> None:
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    asked = ["tests/storage/test_engine.py", "-k", "test_a_write_is_kept_after_commit"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *asked],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=ROOT,
        env=surroundings | {"ZEROLINE_PG_BIN": str(tmp_path)},
    )
    told = done.stdout + done.stderr
    assert done.returncode != 0, told
    assert f"There is no PostgreSQL server in {tmp_path}." in told
    assert "skipped" not in told
