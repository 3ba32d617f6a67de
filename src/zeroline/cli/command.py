"""The command itself: arguments, dispatch, and what is said when something goes wrong."""

from __future__ import annotations

import argparse
import logging
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
from zeroline.cli.setting import Setting
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
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        chosen = _parser().parse_args(list(arguments))
    except SystemExit as done:
        return int(done.code or 0)
    setting = Setting(_url(chosen.database), chosen.database, _now, sys.stdout, sys.stderr)
    try:
        return _dispatch(chosen, setting, programs)
    except DomainError as error:
        return _say(setting, sentence(error), Exit.REFUSED)
    except Trouble as error:
        return _say(setting, sentence(error), Exit.TROUBLE)
    except (Cancelled, KeyboardInterrupt):
        return _say(setting, "Stopped; nothing of this was kept.", Exit.CANCELLED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.DONE
    except Exception:
        return _bug(setting)


def _dispatch(chosen: argparse.Namespace, setting: Setting, programs: Programs) -> int:
    if chosen.self_check:
        from zeroline.cli.self_check import self_check

        return self_check(setting)
    if chosen.verb is None:
        return programs.window(setting.given_url)
    if chosen.verb == "demo":
        return programs.demo(chosen.headless, setting.given_url)
    if chosen.verb == "screenshots":
        return programs.screenshots(chosen.folder, setting.say)
    verb = VERBS[chosen.verb]
    return verb.run(setting, chosen)


def _parser() -> argparse.ArgumentParser:
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
        verb.arguments(
            verbs.add_parser(
                name,
                parents=[where],
                help=verb.summary,
                description=verb.description or verb.summary,
                formatter_class=argparse.RawDescriptionHelpFormatter,
            )
        )
    demo = verbs.add_parser("demo", parents=[where], help="a warehouse with known faults, to try everything")
    demo.add_argument("--headless", metavar="DIR", type=Path, help="write its reports into DIR, no window")
    pictures = verbs.add_parser("screenshots", parents=[where], help="a picture of every screen and state")
    pictures.add_argument("folder", metavar="DIR", type=Path)
    return parser


def _url(given: str | None) -> str:
    """The database of the arguments, of the environment, or the person's own file."""
    url = given or os.environ.get("ZEROLINE_DATABASE", "")
    return url or f"sqlite:///{user_data_path('zeroline', False) / 'inventory.db'}"


def _now() -> int:
    return time.time_ns() // 1_000


def _say(setting: Setting, words: str, code: Exit) -> int:
    setting.tell(words)
    return code


def _bug(setting: Setting) -> int:
    """A fault of our own: one sentence for the person, the details in a file for whoever mends it."""
    details = traceback.format_exc()
    logging.getLogger(__name__).debug("fault", exc_info=True)
    try:
        folder = user_log_path("zeroline", False, ensure_exists=True)
        file = folder / f"fault-{time.strftime('%Y%m%dT%H%M%S')}-{os.getpid()}.txt"
        file.write_text(f"zeroline {__version__}\n{details}", encoding="utf-8")
        setting.tell(f"Zeroline failed by a fault of its own. The details are in {file}.")
    except OSError:
        setting.tell(f"Zeroline failed by a fault of its own:\n{details}")
    return Exit.BUG
