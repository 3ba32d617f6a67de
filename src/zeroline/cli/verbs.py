"""The table of verbs. To add one: a module with ``arguments`` and ``run``, and a line here."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass

from zeroline.cli import auditing, importing, listing, reporting, setting_up
from zeroline.cli.setting import Setting


@dataclass(frozen=True, slots=True)
class Verb:
    """``arguments`` adds what the verb takes to its parser, ``run`` does it and answers the exit code."""

    summary: str
    arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[Setting, argparse.Namespace], int]
    description: str = ""


VERBS: dict[str, Verb] = {
    "import": Verb(
        "movements, items, openings and more from CSV or XLSX",
        importing.arguments,
        importing.run,
        importing.DESCRIPTION,
    ),
    "negatives": Verb("what is below zero", listing.arguments, listing.negatives),
    "episodes": Verb("every stretch below zero", listing.arguments, listing.episodes),
    "report": Verb("a report as PDF or XLSX", reporting.arguments, reporting.run),
    "setup": Verb("create or upgrade the database", setting_up.arguments, setting_up.run),
    "audit": Verb("verify the audit trail", auditing.arguments, auditing.run),
}
