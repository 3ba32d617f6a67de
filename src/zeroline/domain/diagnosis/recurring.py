"""What keeps going wrong at one place: the diagnoses of several occasions, read together.

Each occasion is a shortage or a count that did not agree, diagnosed by itself. How likely a cause is behind
the trouble of the place is its mean probability over them: the share of occasions that it would account for.
Quantities are said of the occasions, not of the place: one late paper may explain several of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from zeroline.domain.diagnosis.hypothesis import Diagnosis, Hypothesis
from zeroline.domain.diagnosis.neighbourhood import Stock
from zeroline.domain.diagnosis.traces import stock

FITS = 0.1
"""From this probability on an occasion is said to fit a cause."""

CITED = 6
"""The most occasions that are cited for a cause."""


def recurring(here: Stock, occasions: Sequence[Diagnosis]) -> Diagnosis:
    """The occasions of one place, in order of time, as one diagnosis; at least one."""
    if len(occasions) == 1:
        return occasions[0]
    told: dict[str, list[Hypothesis]] = defaultdict(list)
    for occasion in occasions:
        for hypothesis in occasion.hypotheses:
            told[hypothesis.cause].append(hypothesis)
    whole = sum(hypothesis.probability for found in told.values() for hypothesis in found)
    hypotheses = [_behind(here, found, len(occasions), whole) for found in told.values()]
    wrongly = [occasion.fixed_wrongly for occasion in occasions if occasion.fixed_wrongly is not None]
    return Diagnosis(
        tuple(sorted(hypotheses, key=lambda hypothesis: (-hypothesis.probability, hypothesis.cause))),
        0,
        all(occasion.exact for occasion in occasions),
        fixed_wrongly=wrongly[-1] if wrongly else None,
    )


def _behind(here: Stock, found: Sequence[Hypothesis], of: int, whole: float) -> Hypothesis:
    """One cause over the occasions where it is possible."""
    surest = max(found, key=lambda hypothesis: hypothesis.probability)
    fitting = [hypothesis for hypothesis in found if hypothesis.probability >= FITS and hypothesis.evidence]
    cited = sorted(fitting, key=lambda hypothesis: -hypothesis.probability)[:CITED]
    often = stock(here, "fits-often", times=len(fitting), of=of)
    rows = {(one.kind, one.target): one for one in (hypothesis.evidence[0] for hypothesis in cited)}
    return replace(
        surest,
        probability=sum(hypothesis.probability for hypothesis in found) / whole,
        explained=0,
        left_over=0,
        evidence=(often, *sorted(rows.values(), key=lambda one: one.target)) if fitting else (),
        lift=tuple(dict.fromkeys(row for hypothesis in fitting for row in hypothesis.lift)),
    )
