"""The verbs ``backup`` and ``restore``."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from zeroline.cli.exits import Exit
from zeroline.cli.setting import Setting
from zeroline.domain.backup import Manifest
from zeroline.domain.instant import iso
from zeroline.domain.person import PROGRAM
from zeroline.domain.quantity import plain
from zeroline.services.safekeeping import check, file_of, restore

_STEPS = {
    "copy": "Copying the database …",
    "check": "Going through every page and every audit entry …",
    "pack": "Packing …",
    "prove": "Reading the backup back …",
    "unpack": "Unpacking …",
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
            made, _ = services.safekeeping.back_up(PROGRAM, chosen.to, _Steps(setting))
        setting.say(f"The backup is whole: {made.file}")
        _tell(setting, made.manifest)
        setting.say(f"head {made.head}")
        return Exit.DONE


class RestoreVerb:
    """``zeroline restore FILE --to sqlite:///NEW.db`` and ``zeroline restore --check FILE``."""

    def arguments(self, parser: argparse.ArgumentParser, /) -> None:
        parser.add_argument("backup", type=Path, metavar="FILE", help="the backup")
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--to", metavar="URL", help="a new file, such as sqlite:///new.db")
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
            proven = restore(
                chosen.backup, file_of(chosen.to, setting.clock), setting.clock, steps, chosen.head
            )
            setting.say(f"Restored: {proven.file}")
        _tell(setting, proven.manifest)
        setting.say(f"head {proven.head}")
        if not chosen.check:
            setting.say(f"Open it: zeroline --database {chosen.to}")
        return Exit.DONE


def _tell(setting: Setting, manifest: Manifest) -> None:
    setting.say(
        f"{manifest.database}, of {iso(manifest.made_at)}, by {manifest.made_by}: "
        f"{manifest.movements} movements in sum {plain(manifest.moved)}, "
        f"{sum(manifest.tables.values())} rows in {len(manifest.tables)} tables"
    )


BACKUP, RESTORE = BackupVerb(), RestoreVerb()
