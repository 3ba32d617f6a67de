"""What holds for every test: its own home, no unexpected log record, nothing left running or on screen.

* Warnings are errors and a Qt message of level warning or above fails the test (``pyproject.toml``).
* ``@pytest.mark.expects_log("regular expression")`` lets a test provoke a record of level WARNING or above;
  without such a record it fails too.
* ``ZEROLINE_HYPOTHESIS=deep`` searches twenty times as long.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = (
    "support.hygiene",
    "support.postgres",
    "support.warehouse",
    "support.colleagues",
    "support.moving",
)

settings.register_profile(
    "usual", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("deep", settings.get_profile("usual"), max_examples=2000)
settings.load_profile(os.environ.get("ZEROLINE_HYPOTHESIS", "usual"))

_HOME: tempfile.TemporaryDirectory[str] | None = None


def pytest_configure(config: pytest.Config) -> None:
    """Give the run a home, settings and caches of its own, before anything can ask for the person's."""
    global _HOME
    _HOME = tempfile.TemporaryDirectory(prefix="zeroline-test-home-", ignore_cleanup_errors=True)
    home = Path(_HOME.name)
    os.environ["HOME"] = str(home)
    places = {
        "XDG_CONFIG_HOME": "config",
        "XDG_DATA_HOME": "data",
        "XDG_CACHE_HOME": "cache",
        "XDG_STATE_HOME": "state",
        "XDG_RUNTIME_DIR": "run",
    }
    if sys.platform == "win32":
        places |= {"APPDATA": "roaming", "LOCALAPPDATA": "local"}
    for name, folder in places.items():
        (home / folder).mkdir(mode=0o700)
        os.environ[name] = str(home / folder)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    config.addinivalue_line("markers", "expects_log(pattern): the test must cause a log record that matches")
    config.addinivalue_line("markers", "sqlite: the test is about a SQLite file; it is not run on PostgreSQL")


def pytest_unconfigure() -> None:
    if _HOME is not None:
        _HOME.cleanup()
