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

_PATTERN_COLUMNS = (
    *("cause", "kind", "feature", "shared", "of", "usual", "among"),
    *("p", "corrected", "comparisons", "cases"),
)
_DAYS = 90


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which shortages, and how they are printed."""
    parser.add_argument("--format", choices=FORMATS, default="table", help="table (default), csv or json")
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument(
        "--variances",
        action="store_true",
        help="explain the differences that counts found instead of the stretches below zero",
    )
    instead.add_argument(
        "--patterns",
        action="store_true",
        help="print what the cases of the last 90 days share beyond chance instead",
    )


def run(setting: Setting, chosen: argparse.Namespace) -> int:
    """Print every hypothesis of every shortage, likeliest first; Z0 stands for 'not enough to say'."""
    if chosen.patterns:
        return _patterns(setting, chosen.format)
    with setting.reading() as services:
        lines = services.diagnosing.lines(variances=chosen.variances)
    nothing = "No count differed." if chosen.variances else "Nothing was ever below zero."
    write_rows(setting.out, chosen.format, _COLUMNS, _rows(lines), nothing)
    return Exit.DONE


def _patterns(setting: Setting, form: str) -> int:
    """Print the clusters, strongest first; ``shared`` of ``of`` share it, ``usual`` of all ``among`` do."""
    with setting.reading() as services:
        found = services.surveying.patterns(services.actor(), _DAYS).found
    rows = [
        (
            *(cluster.cause, cluster.kind),
            " & ".join(f"{feature.name}={feature.value}" for feature in cluster.features),
            *(str(number) for number in (cluster.shared, cluster.of, cluster.usual, cluster.among)),
            *(f"{cluster.p:.3g}", f"{cluster.corrected:.3g}", str(cluster.comparisons)),
            " ".join(map(str, cluster.cases)),
        )
        for cluster in found.clusters
    ]
    nothing = f"No pattern stands out: {found.compared} cases, {found.comparisons} comparisons."
    write_rows(setting.out, form, _PATTERN_COLUMNS, rows, nothing)
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
