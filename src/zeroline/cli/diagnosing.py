"""The verb ``diagnose``."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from zeroline.cli.exits import Exit
from zeroline.cli.output import FORMATS, amount, moment, write_rows
from zeroline.cli.setting import Setting
from zeroline.domain.diagnosis import Hypothesis
from zeroline.domain.views.listing import DiagnosisLine
from zeroline.wording import evidence

_COLUMNS = (
    *("item", "location", "lot", "status", "started_at"),
    *("rank", "cause", "probability", "explained", "evidence"),
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which shortages, and how they are printed."""
    parser.add_argument("--format", choices=FORMATS, default="table", help="table (default), csv or json")
    parser.add_argument(
        "--variances",
        action="store_true",
        help="explain the differences that counts found instead of the stretches below zero",
    )


def run(setting: Setting, chosen: argparse.Namespace) -> int:
    """Print every hypothesis of every shortage, likeliest first; Z0 stands for 'not enough to say'."""
    with setting.reading() as services:
        lines = services.diagnosing.lines(variances=chosen.variances)
    nothing = "No count differed." if chosen.variances else "Nothing was ever below zero."
    write_rows(setting.out, chosen.format, _COLUMNS, _rows(lines), nothing)
    return Exit.DONE


def _rows(lines: tuple[DiagnosisLine, ...]) -> Iterator[tuple[str, ...]]:
    for line in lines:
        for rank, hypothesis in enumerate(line.hypotheses, 1):
            yield (
                line.item,
                line.location,
                line.lot,
                line.status,
                moment(line.started_at),
                str(rank),
                hypothesis.cause,
                f"{hypothesis.probability:.4f}",
                amount(hypothesis.explained),
                _evidence(hypothesis),
            )


def _evidence(hypothesis: Hypothesis) -> str:
    told = ((found, evidence(found.code, found.facts)) for found in hypothesis.evidence)
    return " | ".join(f"{found.kind.value} {found.label}: {sentence}" for found, sentence in told)
