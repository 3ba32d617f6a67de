"""From findings to probabilities: prior times likelihood ratio as judged and measured, over all causes and
'not enough to say'."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import exp

from zeroline.domain.cause import UNDETERMINED
from zeroline.domain.diagnosis.catalogue import FINGERPRINTS, PRIORS
from zeroline.domain.diagnosis.hypothesis import Diagnosis, Evidence, Finding, Hypothesis
from zeroline.domain.diagnosis.measured import corrected, unexplained
from zeroline.domain.diagnosis.neighbourhood import CORRECTIONS, Neighbourhood
from zeroline.domain.diagnosis.traces import alone, late_rows, movement

WEIGHT_OF_PRIORS = 60.0
"""As many confirmed causes at a site as the documented priors are worth."""

SHOWN = 0.01
"""Hypotheses below this probability are left out, where at least three are named."""

NAMED = 3
"""As many hypotheses are named if so many fingerprints saw anything, however small their probability."""


_ALL = sum(PRIORS.values())


@dataclass(frozen=True, slots=True)
class Beliefs:
    """How common causes are at a site: the documented priors, and what people confirmed there.

    ``confirmed``: how often each cause was confirmed (Dirichlet counts); empty: the priors alone.
    """

    confirmed: Mapping[str, int] = field(default_factory=dict)

    def of(self, cause: str) -> float:
        """Probability of a cause before anything is seen; the mean of the Dirichlet distribution."""
        seen = sum(self.confirmed.values())
        prior = WEIGHT_OF_PRIORS * PRIORS.get(cause, 0.0) / _ALL
        return (prior + self.confirmed.get(cause, 0)) / (WEIGHT_OF_PRIORS + seen)


GOES_ON = 0.4
"""What a trace loses when it belongs to an earlier stretch below zero that no count has corrected."""

_OVER = frozenset({"T1", "T2", "T3", "T4", "T6"})
"""Causes that end with the stretch they made: the late document came."""

_TIMELY = 3.5
"""From this strength on, an earlier stretch was a matter of timing, and is over."""


def findings(n: Neighbourhood) -> list[Finding]:
    """The strongest finding of every fingerprint that saw anything, here or where the shortage began."""
    found = _looked(n)
    earlier = n.at_root
    if earlier is not None:
        before = _looked(earlier)
        if all(finding.strength < _TIMELY for cause, finding in before.items() if cause in _OVER):
            for cause, finding in before.items():
                strength = finding.strength - GOES_ON
                if cause not in _OVER and (cause not in found or found[cause].strength < strength):
                    found[cause] = replace(finding, strength=strength)
    return list(found.values())


def _looked(n: Neighbourhood) -> dict[str, Finding]:
    found: dict[str, Finding] = {}
    for _, look in FINGERPRINTS:
        for finding in look(n):
            known = found.get(finding.cause)
            if known is None or finding.strength > known.strength:
                found[finding.cause] = finding
    return found


def diagnose(n: Neighbourhood, beliefs: Beliefs | None = None) -> Diagnosis:
    """Why this shortage is there: ranked hypotheses with probabilities that sum to 1."""
    believed = beliefs or Beliefs()
    seen = findings(n)
    weights = {finding.cause: believed.of(finding.cause) * exp(corrected(finding)) for finding in seen}
    nothing = believed.of(UNDETERMINED) * exp(unexplained(n))
    total = sum(weights.values()) + nothing
    likeliest = sorted(seen, key=lambda finding: -weights[finding.cause])
    hypotheses = [
        Hypothesis(
            finding.cause,
            weights[finding.cause] / total,
            finding.explained,
            left_over(n, finding.explained),
            finding.evidence,
            finding.against,
            finding.settle,
            finding.lift,
        )
        for place, finding in enumerate(likeliest)
        if weights[finding.cause] / total >= SHOWN or place < NAMED - 1
    ]
    hypotheses.append(Hypothesis(UNDETERMINED, nothing / total, 0, n.missing))
    hypotheses.sort(key=lambda hypothesis: -hypothesis.probability)
    leading = hypotheses[0]
    enough = leading.cause != UNDETERMINED and leading.left_over == 0
    together = () if enough else _together(n, seen)
    return Diagnosis(tuple(hypotheses), n.missing, n.exact, together, _fixed_wrongly(n, leading))


def left_over(n: Neighbourhood, explained: int) -> int:
    """Micro-units of the shortage that a quantity does not explain; 0 when it covers all of it."""
    return 0 if alone(n, explained) else n.missing - explained


def _together(n: Neighbourhood, seen: Iterable[Finding]) -> tuple[str, ...]:
    """The two causes that explain the shortage only together: each strong, each too small."""
    parts = sorted(
        (f for f in seen if f.strength >= 1.5 and f.explained and not alone(n, f.explained)),
        key=lambda finding: -finding.strength,
    )
    rows = [{(found.kind, found.target) for found in part.evidence} for part in parts]
    for first in range(len(parts)):
        for second in range(first + 1, len(parts)):
            if rows[first] & rows[second]:
                continue
            if alone(n, parts[first].explained + parts[second].explained):
                return parts[first].cause, parts[second].cause
    return ()


def _fixed_wrongly(n: Neighbourhood, leading: Hypothesis) -> Evidence | None:
    """A correction that lifted the book although the stock's own document came as well."""
    late = late_rows(n)
    if not late or not leading.cause.startswith(("T", "M", "R")):
        return None
    for row in n.after:
        if (
            row.kind in CORRECTIONS
            and row.quantity > 0
            and any(other.recorded > row.recorded for other in late)
        ):
            return movement(row, "corrected-twice")
    return None
