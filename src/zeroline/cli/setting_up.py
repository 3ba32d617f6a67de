"""The verb ``setup``."""

from __future__ import annotations

import argparse
import getpass
import sys

from zeroline.cli.exits import Exit
from zeroline.cli.setting import Setting
from zeroline.domain.errors import Trouble


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    parser.add_argument(
        "--administrator",
        metavar="LOGIN",
        help="also make the first administrator; the secret is asked for, or read from standard input",
    )
    parser.add_argument("--entity", metavar="COMPANY", help="whose books these are, for the reports' header")
    parser.add_argument(
        "--rebuild", action="store_true", help="make balances and episodes anew from the movements"
    )
    parser.add_argument("--name", default="", help="the administrator's name")
    parser.add_argument(
        "--beside-others",
        action="store_true",
        help="on a server: put the inventory beside what the database holds already, without asking",
    )


def run(setting: Setting, chosen: argparse.Namespace) -> int:
    """Create the database, or upgrade it after a backup; on a server schema, roles, rights and guards."""
    try:
        return _set_up(setting, chosen, chosen.beside_others)
    except Trouble as trouble:
        if trouble.code != "database-holds-others" or not _agreed(setting, trouble):
            raise
    return _set_up(setting, chosen, True)


def _agreed(setting: Setting, trouble: Trouble) -> bool:
    """Whether somebody at the keyboard wants the inventory beside what is there."""
    if sys.stdin is None or not sys.stdin.isatty():
        return False
    setting.tell(f"This database holds other things already: {', '.join(trouble.fields['tables'])}.")
    return input("Put the inventory beside them, in a schema of its own? [y/N] ").strip().lower() == "y"


def _set_up(setting: Setting, chosen: argparse.Namespace, beside_others: bool) -> int:
    with setting.setting_up(beside_others=beside_others) as services:
        setting.say(f"The database is ready: {services.database.place}")
        if chosen.rebuild:
            services.auditing.rebuild()
            setting.say("Balances and episodes were made anew from the movements.")
        if chosen.entity:
            services.sites.name_entity(chosen.entity)
            setting.say(f"The reports name {services.sites.entity()}.")
        if chosen.administrator:
            person = services.first_administrator(
                chosen.administrator, chosen.name or chosen.administrator, secret()
            )
            setting.say(f"{person.name} can sign in as {person.login}.")
        elif services.people.is_empty():
            setting.say(
                "The first start of the window makes the administrator."
                if services.database.server is None
                else "Nobody can sign in yet: set up again with --administrator LOGIN."
            )
    return Exit.DONE


def secret(prompt: str = "Secret: ") -> str:
    """A secret typed at the terminal, or the next line of standard input."""
    if sys.stdin is not None and sys.stdin.isatty():
        return getpass.getpass(prompt)
    return sys.stdin.readline().rstrip("\r\n")
