"""The verbs ``backup`` and ``restore``."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from zeroline.cli.exits import Exit
from zeroline.cli.setting import Setting
from zeroline.domain.backup import Logins, Proven
from zeroline.domain.instant import iso
from zeroline.domain.quantity import plain
from zeroline.services.safekeeping import check, restore

_STEPS = {
    "copy": "Copying the database …",
    "check": "Going through every page and every audit entry …",
    "pack": "Packing …",
    "prove": "Reading the backup back …",
    "unpack": "Unpacking …",
    "fill": "Filling the new database …",
    "compare": "Comparing the new database with the backup …",
}


@dataclass
class _Steps:
    """Says each step once."""

    setting: Setting
    step: str = ""

    def __call__(self, _done: int, _of: int, step: str) -> None:
        if step != self.step:
            self.step = step
            self.setting.tell(_STEPS[step])


class BackupVerb:
    """``zeroline backup --to FILE``."""

    def arguments(self, parser: argparse.ArgumentParser, /) -> None:
        parser.add_argument(
            "--to",
            type=Path,
            required=True,
            metavar="FILE",
            help="a new file, or a folder, where it is named by database and time",
        )

    def run(self, setting: Setting, chosen: argparse.Namespace, /) -> int:
        """Make a backup while others work, and print its head."""
        with setting.existing() as services:
            made, _ = services.safekeeping.back_up(services.actor(), chosen.to, _Steps(setting))
        setting.say(f"The backup is whole: {made.file}")
        _tell(setting, made)
        if made.logins is not None:
            setting.say(f"{len(made.logins.made)} logins of its people")
            if made.logins.silent:
                setting.say(
                    f"Without proof of a password: {', '.join(made.logins.silent)}. Only a superuser may read"
                    " it; without it they need new passwords after restoring."
                )
        setting.say(f"head {made.head}")
        return Exit.DONE


class RestoreVerb:
    """``zeroline restore FILE --to URL`` and ``zeroline restore --check FILE``."""

    def arguments(self, parser: argparse.ArgumentParser, /) -> None:
        parser.add_argument("backup", type=Path, metavar="FILE", help="the backup")
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument(
            "--to",
            metavar="URL",
            help="a new database: sqlite:///new.db, or postgresql://LOGIN@HOST/NEW for a server's backup",
        )
        what.add_argument("--check", action="store_true", help="only prove the backup")
        parser.add_argument(
            "--head", default="", metavar="HASH", help="a head from paper that must stand in its audit trail"
        )

    def run(self, setting: Setting, chosen: argparse.Namespace, /) -> int:
        """Prove a backup, and put it back."""
        steps = _Steps(setting)
        if chosen.check:
            proven = check(chosen.backup, steps, chosen.head)
            setting.say(f"The backup can be restored: {proven.file}")
        else:
            proven = restore(chosen.backup, chosen.to, setting.clock, steps, chosen.head)
            setting.say(f"Restored: {proven.file}")
            _tell_logins(setting, proven.logins or Logins())
        _tell(setting, proven)
        setting.say(f"head {proven.head}")
        if not chosen.check:
            url = proven.file if proven.logins is not None else chosen.to
            setting.say(f"Open it: zeroline --database {url}")
        return Exit.DONE


def _tell(setting: Setting, proven: Proven) -> None:
    manifest = proven.manifest
    setting.say(
        f"{manifest.database}, of {iso(manifest.made_at)}, by {manifest.made_by}: "
        f"{manifest.movements} movements in sum {plain(manifest.moved)}, "
        f"{sum(manifest.tables.values())} rows in {len(manifest.tables)} tables"
    )


def _tell_logins(setting: Setting, logins: Logins) -> None:
    for said, which in (
        ("Logins made", logins.made),
        ("Logins that were there, left as they were", logins.left),
        ("Logins of the server that are nobody of Zeroline's, left as they were", logins.strangers),
        ("Logins that need a password before anybody signs in with them", logins.silent),
    ):
        if which:
            setting.say(f"{said}: {', '.join(which)}")


BACKUP, RESTORE = BackupVerb(), RestoreVerb()
