"""The command itself: arguments, dispatch, and what is said when something goes wrong."""

from __future__ import annotations

import argparse
import os
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from platformdirs import user_data_path, user_log_path

from zeroline import __version__
from zeroline.cli.exits import MEANINGS, Exit
from zeroline.cli.verbs import VERBS
from zeroline.domain.errors import Cancelled, DomainError, Trouble
from zeroline.wording import sentence


class Programs(Protocol):
    """What needs a window or a renderer; the composition root hands it over."""

    def window(self, url: str | None) -> int:
        """Open the console."""

    def demo(self, folder: Path | None, url: str | None) -> int:
        """Open the demo warehouse, or do its job headless into ``folder``."""

    def screenshots(self, folder: Path, say: Callable[[str], None]) -> int:
        """Draw every screen and state."""


def run(arguments: Sequence[str], programs: Programs) -> int:
    """Do what the arguments say; answers the exit code. Without a verb the window opens."""
    _stand_in_for_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        chosen = _parser(arguments).parse_args(list(arguments))
    except SystemExit as done:
        return int(done.code or 0)
    try:
        code = _dispatch(chosen, programs)
        sys.stdout.flush()
        return code
    except DomainError as error:
        return _end(sentence(error), Exit.REFUSED)
    except Trouble as error:
        return _end(sentence(error), Exit.TROUBLE)
    except (Cancelled, KeyboardInterrupt):
        return _end("Stopped; nothing of this was kept.", Exit.CANCELLED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.DONE
    except OSError as error:
        return _bug() if error.filename is not None else _output_lost(error)
    except Exception:
        return _bug()


def _dispatch(chosen: argparse.Namespace, programs: Programs) -> int:
    given = chosen.database or os.environ.get("ZEROLINE_DATABASE") or None
    if chosen.verb == "demo":
        return programs.demo(chosen.headless, chosen.database)
    if chosen.verb == "screenshots":
        return programs.screenshots(chosen.folder, _say)
    if chosen.verb is None and not chosen.self_check:
        return programs.window(given)
    from zeroline.cli.setting import Setting

    own = f"sqlite:///{user_data_path('zeroline', False) / 'inventory.db'}"
    setting = Setting(given or own, given, _now, sys.stdout, sys.stderr)
    if chosen.self_check:
        from zeroline.cli.self_check import self_check

        return self_check(setting)
    return VERBS[chosen.verb].module().run(setting, chosen)


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    """The parser; of the verbs only one that is among the arguments says what it takes."""
    codes = "\n".join(f"  {code.value:>3}  {meaning}" for code, meaning in MEANINGS.items())
    where = argparse.ArgumentParser(add_help=False)
    where.add_argument(
        "--database", metavar="URL", default=argparse.SUPPRESS, help="such as sqlite:///inventory.db"
    )
    parser = argparse.ArgumentParser(
        prog="zeroline",
        description="Clears up negative inventory. Without a verb the window opens.",
        epilog=f"exit codes:\n{codes}\n\nThe database is --database, else the environment variable"
        " ZEROLINE_DATABASE,\nelse a file of your own. It is created when something is first imported.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--database", metavar="URL", default=None, help="such as sqlite:///inventory.db")
    parser.add_argument("--version", action="version", version=f"zeroline {__version__}")
    parser.add_argument(
        "--self-check", action="store_true", help="check that this installation works, without a window"
    )
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", title="verbs")
    for name, verb in VERBS.items():
        made = verbs.add_parser(
            name,
            parents=[where],
            help=verb.summary,
            description=verb.summary,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        if name in arguments:
            verb.module().arguments(made)
    demo = verbs.add_parser("demo", parents=[where], help="a warehouse with known faults, to try everything")
    demo.add_argument("--headless", metavar="DIR", type=Path, help="write its reports into DIR, no window")
    pictures = verbs.add_parser("screenshots", parents=[where], help="a picture of every screen and state")
    pictures.add_argument("folder", metavar="DIR", type=Path)
    return parser


def _now() -> int:
    return time.time_ns() // 1_000


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")


def _end(words: str, code: Exit) -> Exit:
    sys.stderr.write(words + "\n")
    return code


def _stand_in_for_closed_streams() -> None:
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


def _output_lost(error: OSError) -> Exit:
    """Standard output is on a full disk or went away; what is left in its buffer must not be tried again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    trouble = Trouble("file-unwritable", file="The output", detail=error.strerror or str(error))
    return _end(sentence(trouble), Exit.TROUBLE)


def _bug() -> Exit:
    """A fault of our own: one sentence for the person, the details in a file for whoever mends it."""
    details = traceback.format_exc()
    try:
        folder = user_log_path("zeroline", False, ensure_exists=True)
        file = folder / f"fault-{time.strftime('%Y%m%dT%H%M%S')}-{os.getpid()}.txt"
        file.write_text(f"zeroline {__version__}\n{details}", encoding="utf-8")
        return _end(f"Zeroline failed by a fault of its own. The details are in {file}.", Exit.BUG)
    except OSError:
        return _end(f"Zeroline failed by a fault of its own:\n{details}", Exit.BUG)
