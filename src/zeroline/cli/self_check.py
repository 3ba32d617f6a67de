"""``--self-check``: does this installation work? Files, time zones, database, import, replay, paper."""

from __future__ import annotations

import sqlite3
import tempfile
import zoneinfo
from collections.abc import Callable
from pathlib import Path

from zeroline import assets
from zeroline.cli.exits import Exit
from zeroline.cli.setting import Setting
from zeroline.domain.errors import DomainError, Trouble
from zeroline.domain.person import PROGRAM
from zeroline.services.listing import Listing
from zeroline.services.workbench import Workbench
from zeroline.sources import plan
from zeroline.wording import catalogue, sentence

_LEDGER = """\
movement_id,item,location,quantity,recorded_at
1,CHECK,A-01,-2,2026-01-01T00:00:00Z
2,CHECK,A-01,5,2026-01-02T12:00:00Z
3,CHECK,A-01,-4,2026-01-03T00:00:00Z
"""


class _Wrong(Exception):
    """A check came out otherwise than it must."""


def self_check(setting: Setting) -> int:
    """Do every check and say how it came out; answers DONE or NOT_VERIFIED."""
    checks: tuple[tuple[str, Callable[[Setting], str]], ...] = (
        ("shipped files", _files),
        ("time zones", _zones),
        ("database and replay", _ledger),
        ("paper", _paper),
    )
    good = True
    for name, check in checks:
        try:
            setting.say(f"{name}: {check(setting)}")
        except (DomainError, Trouble) as error:
            good = False
            setting.say(f"{name}: FAILED: {sentence(error)}")
        except Exception as error:
            good = False
            setting.say(f"{name}: FAILED: {type(error).__name__}: {error}")
    return Exit.DONE if good else Exit.NOT_VERIFIED


def _files(setting: Setting) -> str:
    fonts = [assets.font(name) for name in assets.FONT_FILES]
    icons = [assets.icon(name) for name in assets.icon_names()]
    if not icons or any(not file.stat().st_size for file in (*fonts, *icons)):
        raise _Wrong("an empty file, or no icons at all")
    return f"{len(fonts)} fonts, {len(icons)} icons, {len(catalogue())} sentences"


def _zones(setting: Setting) -> str:
    return str(zoneinfo.ZoneInfo("Europe/Istanbul"))


def _ledger(setting: Setting) -> str:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        file = Path(folder, "movements.csv")
        file.write_text(_LEDGER, encoding="utf-8")
        services = Workbench(f"sqlite:///{Path(folder, 'check.db')}", setting.clock)
        try:
            services.prepare()
            services.intake.load(PROGRAM, plan([file]))
            found = [
                (e.opening_movement, e.closing_movement, e.depth, e.unit_days)
                for e in Listing(services.database).episodes()
            ]
            verdict = services.auditing.verify()
            if found != [("1", "2", -2_000_000, 3_000_000), ("3", "", -1_000_000, 0)]:
                raise _Wrong(f"episodes {found}")
            if verdict.fault or services.auditing.missing_guards():
                raise _Wrong("the audit trail or the guards of a new database")
        finally:
            services.dispose()
    return f"SQLite {sqlite3.sqlite_version}, an import, its episodes and its audit trail"


def _paper(setting: Setting) -> str:
    from zeroline.reports.press import ReportKind, Wish, compose, write

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        services = Workbench(f"sqlite:///{Path(folder, 'check.db')}", setting.clock)
        try:
            services.prepare()
            file = Path(folder, "check.pdf")
            write(compose(services, None, Wish(ReportKind.NEGATIVES)), file)
            if not file.read_bytes().startswith(b"%PDF"):
                raise _Wrong("no PDF was written")
        finally:
            services.dispose()
    return "a report as PDF"
