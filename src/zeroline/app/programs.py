"""What the command line hands over because it needs a window: each part is imported only when asked for."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from platformdirs import user_data_path

from zeroline import __version__
from zeroline.domain.errors import Trouble
from zeroline.domain.instant import HOUR


def machine_clock() -> int:
    """The present instant of this machine (µs)."""
    return time.time_ns() // 1_000


def data_folder() -> Path:
    """Where this person's own database, layout and log are kept."""
    return user_data_path("zeroline", False, ensure_exists=True)


def _look_for_display() -> None:
    """Raise Trouble ``display-missing`` where Qt would end the program with a core dump."""
    named = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform == "linux" and not any(os.environ.get(name) for name in named):
        raise Trouble("display-missing")


def _made(folder: Path) -> Path:
    """The folder, made if there is none. Raises Trouble ``file-unwritable``."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Trouble("file-unwritable", file=str(folder), detail=error.strerror or str(error)) from error
    return folder


class Programs:
    """The programs behind ``zeroline``, ``zeroline demo`` and ``zeroline screenshots``."""

    def window(self, url: str | None) -> int:
        """Open the console on ``url``, by default on the person's own database."""
        _look_for_display()
        gc.disable()  # imports leave no garbage; the window looks for it once it is open
        from zeroline.ui.application import run

        folder = data_folder()
        return run(url or f"sqlite:///{folder / 'inventory.db'}", folder, machine_clock)

    def demo(self, folder: Path | None, url: str | None, say: Callable[[str], None] = print) -> int:
        """Open the demo warehouse, or with ``folder`` do its whole job headless and say where all lies."""
        if folder is not None:
            from zeroline.app.headless import whole_job

            return whole_job(_made(folder), machine_clock, say)
        _look_for_display()
        gc.disable()
        from zeroline.simulator.password import SECRET, hasher
        from zeroline.ui.application import run

        place = data_folder() / "demo"
        place.mkdir(parents=True, exist_ok=True)
        address = url or self._demo(place / f"demo-{__version__}.db", say)
        say(f"Everybody's password in the demo is {SECRET}: okafor, lindqvist (supervisors), kaya (manager),")
        say(
            "moreau (counter), stein (auditor), weber, haddad (administrators). Ctrl+Shift+L switches person."
        )
        return run(address, place, machine_clock, enter_as="okafor", secret=SECRET, hasher=hasher())

    def screenshots(self, folder: Path, say: Callable[[str], None]) -> int:
        """Draw every screen and state of the demo warehouse, in every look, into ``folder``."""
        from zeroline.app.gallery import draw_all
        from zeroline.app.headless import build_in

        url, now = build_in(_made(folder) / "demo.db", machine_clock, say)
        count = draw_all(url, lambda: now, folder, say)
        say(f"{count} pictures in {folder}")
        return 0

    def _demo(self, file: Path, say: Callable[[str], None]) -> str:
        """The address of the demo database; it is built on first use."""
        url = f"sqlite:///{file}"
        if not file.exists():
            from zeroline.simulator.demo import build

            say("Building the demo warehouse, about 20 seconds …")
            half = file.with_suffix(".building")
            for old in (half, half.with_name(half.name + "-wal"), half.with_name(half.name + "-shm")):
                old.unlink(missing_ok=True)
            build(f"sqlite:///{half}", machine_clock() - 10 * HOUR, lambda _done, _of, _what: None)
            half.replace(file)
        return url
