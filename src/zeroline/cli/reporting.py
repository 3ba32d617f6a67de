"""The verb ``report``."""

from __future__ import annotations

import argparse
from pathlib import Path

from zeroline.cli.exits import Exit
from zeroline.cli.listing import as_of
from zeroline.cli.setting import Setting
from zeroline.domain.errors import Trouble
from zeroline.reports.press import ReportKind, Wish, compose, write


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    parser.add_argument(
        "kind",
        metavar="KIND",
        choices=[kind.value for kind in ReportKind],
        help=", ".join(kind.value for kind in ReportKind),
    )
    parser.add_argument("--out", metavar="FILE", type=_file, required=True, help="FILE.pdf or FILE.xlsx")
    parser.add_argument("--as-of", type=as_of, metavar="T", help="the instant the books are taken at; now")
    parser.add_argument("--since", type=as_of, metavar="T", help="start of the period; 30 days before")
    parser.add_argument("--site", default="", help="one site only")
    parser.add_argument("--id", type=int, metavar="N", dest="target", help="of the count sheet or the case")


def _file(text: str) -> Path:
    """Where a report goes, for argparse: its ending says what it becomes."""
    if Path(text).suffix.lower() not in (".pdf", ".xlsx"):
        raise argparse.ArgumentTypeError(f"{text} ends neither in .pdf nor in .xlsx")
    return Path(text)


def run(setting: Setting, chosen: argparse.Namespace) -> int:
    """Write the report."""
    wish = Wish(ReportKind(chosen.kind), chosen.as_of, chosen.since, chosen.site, chosen.target)
    with setting.reading() as services:
        document = compose(services, None, wish)
        try:
            write(document, chosen.out)
        except OSError as error:
            detail = error.strerror or str(error)
            raise Trouble("file-unwritable", file=str(chosen.out), detail=detail) from error
    setting.say(f"Written: {chosen.out}")
    return Exit.DONE
