"""The verb ``setup``."""

from __future__ import annotations

import argparse
import getpass
import sys

from zeroline.cli.exits import Exit
from zeroline.cli.setting import Setting


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


def run(setting: Setting, chosen: argparse.Namespace) -> int:
    """Create the database, or upgrade it after a backup."""
    with setting.writing() as services:
        path = services.database.path
        setting.say(f"The database is ready: {path or setting.url}")
        if chosen.rebuild:
            services.auditing.rebuild()
            setting.say("Balances and episodes were made anew from the movements.")
        if chosen.entity:
            services.sites.name_entity(chosen.entity)
            setting.say(f"The reports name {services.sites.entity()}.")
        if chosen.administrator:
            person = services.people.create_first_administrator(
                chosen.administrator, chosen.name or chosen.administrator, _secret()
            )
            setting.say(f"{person.name} can sign in as {person.login}.")
        elif services.people.is_empty():
            setting.say("The first start of the window makes the administrator.")
    return Exit.DONE


def _secret() -> str:
    if sys.stdin is not None and sys.stdin.isatty():
        return getpass.getpass("Secret: ")
    return sys.stdin.readline().rstrip("\r\n")
