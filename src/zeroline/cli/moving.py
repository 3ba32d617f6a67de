"""The verb ``move``."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from typing import NamedTuple

from zeroline.cli.exits import Exit
from zeroline.cli.output import write_rows
from zeroline.cli.setting import Setting
from zeroline.cli.setting_up import secret
from zeroline.domain.errors import Cancelled, DomainError, Trouble
from zeroline.domain.views.moving import Moved, Planned
from zeroline.services.moving import Moving
from zeroline.wording import sentence

_STEPS = {
    "check": "Going through the audit trail of the file …",
    "copy": "Copying …",
    "compare": "Comparing both sides, row by row …",
    "finish": "Making logins and opening the database …",
}
_DIGITS = 16


class _Asked(NamedTuple):
    administrator: str
    secret: str


@dataclass
class _Progress:
    """Says each step once, and on a terminal how far it is."""

    setting: Setting
    step: str = ""

    def __call__(self, done: int, of: int, step: str, table: str) -> None:
        if step != self.step:
            self.clear()
            self.step = step
            self.setting.tell(_STEPS[step])
        if self.setting.err.isatty() and table:
            self.setting.err.write(f"\r{done:,} of {of:,} rows, {table:<25}")
            self.setting.err.flush()

    def stopped(self) -> None:
        """Say what is kept."""
        kept = self.step in ("copy", "compare", "finish")
        arrived = "What has arrived is kept: the same command goes on from there."
        self.clear()
        self.setting.tell(f"Stopped. {arrived if kept else 'Nothing was written.'}")

    def clear(self) -> None:
        """Take the line of figures away."""
        if self.setting.err.isatty():
            self.setting.err.write("\r" + " " * 70 + "\r")


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    parser.add_argument(
        "--from", dest="source", required=True, metavar="URL", help="the file, such as sqlite:///inventory.db"
    )
    parser.add_argument(
        "--to",
        dest="target",
        required=True,
        metavar="URL",
        help="the server's database, empty or just set up, such as postgresql://postgres@HOST/NAME",
    )
    parser.add_argument(
        "--administrator",
        metavar="LOGIN",
        help="who signs in there first and gives the others their passwords; the secret is asked for, or read"
        " from standard input",
    )
    parser.add_argument(
        "--same-people",
        action="store_true",
        help="logins that another Zeroline database on the server has are the same people's",
    )
    parser.add_argument(
        "--beside-others",
        action="store_true",
        help="put the inventory beside what the database holds already",
    )


def run(setting: Setting, chosen: argparse.Namespace) -> int:
    """Carry a file over to a server; interrupted, the same command goes on."""
    moving = Moving(chosen.source, chosen.target, setting.clock, same_people=chosen.same_people)
    try:
        plan = moving.plan()
        if plan.problems:
            for problem in plan.problems:
                setting.tell(sentence(problem))
            return Exit.REFUSED
        if plan.begun:
            setting.tell("This move was begun before; it goes on.")
        asked = _ask(plan, chosen.administrator)
        progress = _Progress(setting)
        try:
            moved = moving.move(progress, *asked, beside_others=chosen.beside_others)
        except (Cancelled, KeyboardInterrupt):
            progress.stopped()
            return Exit.CANCELLED
        except Trouble:
            progress.stopped()
            raise
        finally:
            progress.clear()
    finally:
        moving.dispose()
    _show(setting, moved)
    if not moved.finished:
        setting.tell("The two sides differ. The server's database stays shut: drop it, move into a new one.")
        return Exit.NOT_VERIFIED
    _say_who(setting, moved, asked.administrator)
    return Exit.DONE


def _ask(plan: Planned, named: str | None) -> _Asked:
    """Who gets the first password, and which; nobody where there is no administrator."""
    logins = plan.administrators
    if not named and not logins:
        return _Asked("", "")
    terminal = sys.stdin is not None and sys.stdin.isatty()
    if not named and len(logins) > 1 and terminal:
        named = input(f"Whose password shall be set ({', '.join(logins)})? ").strip()
    login = named or (logins[0] if len(logins) == 1 else "")
    if login not in logins:
        raise DomainError("move-administrator", logins=logins)
    given = secret(f"A password for {login} on the server: ")
    if terminal and secret("The same again: ") != given:
        raise DomainError("secrets-differ")
    return _Asked(login, given)


def _show(setting: Setting, moved: Moved) -> None:
    columns = ("table", "rows_in_file", "rows_on_server", "sha256_in_file", "sha256_on_server", "compared")
    rows = [
        (
            one.table,
            str(one.rows_before),
            str(one.rows_after),
            one.digest_before[:_DIGITS],
            one.digest_after[:_DIGITS],
            "the same" if one.same else f"differs from {one.differs} on",
        )
        for one in moved.tables
    ]
    write_rows(setting.out, "table", columns, rows, "")


def _say_who(setting: Setting, moved: Moved, administrator: str) -> None:
    setting.say(f"Everything is there: {moved.rows} rows in {len(moved.tables)} tables.")
    setting.say(f"The audit trail goes on behind head {moved.head}")
    if administrator:
        setting.say(f"{administrator} can sign in, and gives the others their passwords under People.")
    else:
        setting.say("Nobody can sign in yet: zeroline --database … setup --administrator LOGIN")
    if moved.waiting:
        setting.say(f"Without a password yet: {', '.join(moved.waiting)}")
    if moved.kept:
        setting.say(f"With the password they have on this server: {', '.join(moved.kept)}")
    setting.tell("Work goes on there from now on. The file is as it was; put it away.")
