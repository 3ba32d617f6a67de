"""The table of verbs. A new one: a module with ``arguments`` and ``run``, a function importing it, a line.

A verb's module is imported only when it is asked for: the window must not wait for what only verbs need.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from zeroline.cli.setting import Setting


class VerbModule(Protocol):
    """``arguments`` adds what the verb takes to its parser, ``run`` does it and answers the exit code."""

    def arguments(self, parser: argparse.ArgumentParser, /) -> None: ...

    def run(self, setting: Setting, chosen: argparse.Namespace, /) -> int: ...


class Verb(NamedTuple):
    """One line of the table."""

    summary: str
    module: Callable[[], VerbModule]


def _importing() -> VerbModule:
    from zeroline.cli import importing

    return importing


def _mapping() -> VerbModule:
    from zeroline.cli import mapping

    return mapping


def _negatives() -> VerbModule:
    from zeroline.cli.listing import NEGATIVES

    return NEGATIVES


def _episodes() -> VerbModule:
    from zeroline.cli.listing import EPISODES

    return EPISODES


def _diagnosing() -> VerbModule:
    from zeroline.cli import diagnosing

    return diagnosing


def _reporting() -> VerbModule:
    from zeroline.cli import reporting

    return reporting


def _setting_up() -> VerbModule:
    from zeroline.cli import setting_up

    return setting_up


def _backup() -> VerbModule:
    from zeroline.cli.safekeeping import BACKUP

    return BACKUP


def _restore() -> VerbModule:
    from zeroline.cli.safekeeping import RESTORE

    return RESTORE


def _moving() -> VerbModule:
    from zeroline.cli import moving

    return moving


def _auditing() -> VerbModule:
    from zeroline.cli import auditing

    return auditing


def _alerting() -> VerbModule:
    from zeroline.cli import alerting

    return alerting


VERBS: dict[str, Verb] = {
    "import": Verb("movements, items, openings and more from CSV or XLSX", _importing),
    "mapping": Verb("print a mapping to start from, or suggest one for a file", _mapping),
    "negatives": Verb("what is below zero", _negatives),
    "episodes": Verb("every stretch below zero", _episodes),
    "diagnose": Verb("why each balance went below zero, or why a count did not agree", _diagnosing),
    "report": Verb("a report as PDF or XLSX", _reporting),
    "setup": Verb("create or upgrade the database", _setting_up),
    "backup": Verb("one file that holds everything and proves it", _backup),
    "restore": Verb("prove a backup, and put it back as a new database", _restore),
    "move": Verb("carry a file over to a server, compare both sides, and open it there", _moving),
    "alerts": Verb("tell people what is new and send what waits, by e-mail and webhook", _alerting),
    "audit": Verb("verify the audit trail", _auditing),
}
