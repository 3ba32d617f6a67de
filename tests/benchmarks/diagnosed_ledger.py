"""A ledger given as tables, imported as any user would import it, diagnosed, and held against its truth."""

from __future__ import annotations

import contextlib
import csv
import io
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from zeroline.app import main
from zeroline.domain import instant
from zeroline.domain.cause import UNDETERMINED
from zeroline.services.workbench import Workbench

Table = Sequence[Mapping[str, str]]
Where = tuple[str, str, str, str, int]
"""Item, location, lot, status and the instant (µs) of the crossing or of the count."""

NOTHING = UNDETERMINED
"""What is right for a shortage that nothing explains."""


@dataclass(frozen=True)
class Known:
    """A ledger's tables in the program's own column names, and the truth: acceptable causes by place."""

    name: str
    movements: Table
    items: Table = ()
    documents: Table = ()
    episodes: Mapping[Where, frozenset[str]] = field(default_factory=dict)
    variances: Mapping[Where, frozenset[str]] = field(default_factory=dict)


def where(row: Mapping[str, str], at: str) -> Where:
    """The place of a row of a table."""
    status = row.get("status") or "available"
    return row["item"], row["location"], row.get("lot", ""), status, instant.parse(at)


def load(known: Known, folder: Path) -> str:
    """Import the tables into a new database; answers its address."""
    url = f"sqlite:///{folder / (known.name + '.db')}"
    for kind, table in (
        ("items", known.items),
        ("documents", known.documents),
        ("movements", known.movements),
    ):
        if not table:
            continue
        file = folder / f"{known.name}-{kind}.csv"
        with file.open("w", newline="", encoding="utf-8") as out:
            writer = csv.DictWriter(out, list(table[0]))
            writer.writeheader()
            writer.writerows(table)
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            code = main(["--database", url, "import", str(file), "--kind", kind])
        if code:
            raise SystemExit(f"{known.name}: {kind} were not imported whole: {said.getvalue()[:2000]}")
    return url


@dataclass
class Score:
    """How often the engine was right. ``ranked``: (acceptable causes, causes ranked, chance of the first)."""

    ranked: list[tuple[frozenset[str], tuple[str, ...], float]] = field(default_factory=list)

    def add(self, right: frozenset[str], causes: tuple[str, ...], probability: float) -> None:
        """One shortage."""
        self.ranked.append((right, causes, probability))

    def __iadd__(self, other: Score) -> Score:
        self.ranked += other.ranked
        return self

    @property
    def caused(self) -> list[tuple[frozenset[str], tuple[str, ...], float]]:
        """Those with a cause."""
        return [entry for entry in self.ranked if entry[0] != {NOTHING}]

    def top(self, rank: int) -> float:
        """Share of shortages with a cause that is among the first ``rank``."""
        hits = sum(bool(right & set(causes[:rank])) for right, causes, _ in self.caused)
        return hits / max(1, len(self.caused))

    def silent(self) -> float:
        """Share of shortages without a cause of which the engine said there is not enough to say."""
        none = [entry for entry in self.ranked if entry[0] == {NOTHING}]
        return sum(causes[0] == NOTHING for _, causes, _ in none) / max(1, len(none))

    def by_cause(self) -> dict[str, tuple[int, int, int]]:
        """Cause → how many, right at once, right among three."""
        found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        for right, causes, _ in self.caused:
            name = "+".join(sorted(right))
            found[name][0] += 1
            found[name][1] += causes[0] in right
            found[name][2] += bool(right & set(causes[:3]))
        return {name: (n, first, three) for name, (n, first, three) in sorted(found.items())}

    def calibration(self, bins: int = 10) -> float:
        """Expected calibration error of the leading probability, in equally wide bins."""
        sums = [[0, 0.0, 0] for _ in range(bins)]
        for right, causes, probability in self.ranked:
            place = min(bins - 1, int(probability * bins))
            sums[place][0] += 1
            sums[place][1] += probability
            sums[place][2] += causes[0] in right
        total = max(1, len(self.ranked))
        return sum(abs(said - hits) for count, said, hits in sums if count) / total

    def confusion(self) -> Counter[tuple[str, str]]:
        """(true, said) → how often, where they differ."""
        return Counter(
            ("+".join(sorted(right)), causes[0]) for right, causes, _ in self.ranked if causes[0] not in right
        )


def judge(known: Known, url: str, *, variances: bool = False) -> tuple[Score, list[Where]]:
    """Diagnose every shortage of the database; the places that the truth does not know come second."""
    truth = known.variances if variances else known.episodes
    score, unknown = Score(), []
    services = Workbench(url, lambda: 0, read_only=True)
    try:
        for line in services.diagnosing.lines(variances=variances):
            place = (line.item, line.location, line.lot, line.status, line.started_at)
            right = truth.get(place)
            if right is None:
                unknown.append(place)
                continue
            causes = tuple(hypothesis.cause for hypothesis in line.hypotheses)
            score.add(right, causes, line.hypotheses[0].probability)
    finally:
        services.dispose()
    return score, unknown


def report(name: str, score: Score, missed: int = 0) -> str:
    """Figures in a few lines."""
    lines = [
        f"{name}: {len(score.ranked)} shortages, top 1 {score.top(1):.1%}, top 3 {score.top(3):.1%}, "
        f"calibration error {score.calibration():.3f}, "
        f"not enough to say where nothing is known {score.silent():.1%}"
        + (f", {missed} of unknown truth" if missed else "")
    ]
    lines.append(
        "  "
        + "  ".join(f"{cause} {first}/{n}({three})" for cause, (n, first, three) in score.by_cause().items())
    )
    lines.append(
        "  wrong: " + ", ".join(f"{true}→{said} {n}" for (true, said), n in score.confusion().most_common(40))
    )
    return "\n".join(lines)


def of_tables(
    name: str,
    movements: Table,
    items: Table,
    documents: Table,
    truth: Iterable[Mapping[str, str]],
    variance_truth: Iterable[Mapping[str, str]],
) -> Known:
    """A known ledger from tables as other hands write them."""
    episodes: dict[Where, frozenset[str]] = {}
    for row in truth:
        place = where(row, row["started_at"])
        episodes[place] = episodes.get(place, frozenset()) | {row["cause"] or NOTHING}
    by_id = {row["movement_id"]: row for row in movements}
    variances: dict[Where, frozenset[str]] = {}
    for row in variance_truth:
        movement = by_id[row["movement_id"]]
        variances[where(movement, movement["recorded_at"])] = frozenset({row["cause"] or NOTHING})
    papers = [
        {
            "document_kind": row["kind"],
            "document": row["document"],
            "document_line": row["line"],
            "item": row["item"],
            "location": row["location"],
            "quantity": row["quantity"],
            "done_quantity": row["done"],
            "state": row["state"],
            "due_at": row["due_at"],
            "partner": row["partner"],
        }
        for row in documents
    ]
    return Known(name, movements, items, papers, episodes, variances)
