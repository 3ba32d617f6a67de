"""What diagnosis answered, in the short words that tests compare."""

from __future__ import annotations

from collections.abc import Iterable

from zeroline.domain.diagnosis import Diagnosis, Evidence, Hypothesis, Settle


def causes(diagnosis: Diagnosis) -> list[str]:
    """The causes named, likeliest first."""
    return [hypothesis.cause for hypothesis in diagnosis.hypotheses]


def named(diagnosis: Diagnosis) -> list[str]:
    """The causes named without 'not enough to say', likeliest first."""
    return [cause for cause in causes(diagnosis) if cause != "Z0"]


def told(evidence: Iterable[Evidence]) -> list[str]:
    """Each piece of evidence as its code and the paper, the place or the kind of movement it names."""
    return [
        f"{e.code} {e.facts.get('document') or e.facts.get('location') or e.facts.get('kind')}"
        for e in evidence
    ]


def hypothesis(diagnosis: Diagnosis, cause: str) -> Hypothesis:
    """What is said of one cause."""
    return next(h for h in diagnosis.hypotheses if h.cause == cause)


def asked(settle: Settle | None) -> str:
    """What would settle it: its code and the facts it names."""
    assert settle is not None
    return " ".join([settle.code, *(str(fact) for fact in settle.facts.values() if fact)])


def weak(diagnosis: Diagnosis, cause: str) -> bool:
    """Whether a cause is not named, or less likely than that there is not enough to say."""
    chance = {h.cause: h.probability for h in diagnosis.hypotheses}
    return chance.get(cause, 0.0) < chance["Z0"]


def silent(diagnosis: Diagnosis) -> bool:
    """Whether nothing is named but what cannot be excluded where one record alone says what left."""
    return diagnosis.leading.cause == "Z0" and set(causes(diagnosis)) <= {"Z0", "K1", "K3"}
