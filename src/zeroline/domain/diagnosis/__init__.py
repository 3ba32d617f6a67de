"""Why a balance went negative: one shortage and its neighbourhood in, ranked and cited hypotheses out.

Pure: no clock, no database. A fingerprint is a small function that looks for the trace of one cause
(``fingerprints``, listed in ``catalogue``); ``weighing`` turns what they saw into probabilities.
"""

from __future__ import annotations

from zeroline.domain.diagnosis.hypothesis import (
    Diagnosis,
    Evidence,
    EvidenceKind,
    Finding,
    Hypothesis,
    Settle,
)
from zeroline.domain.diagnosis.neighbourhood import (
    Count,
    Line,
    Neighbourhood,
    Row,
    Stock,
    Subject,
    SubjectKind,
)
from zeroline.domain.diagnosis.weighing import Beliefs, diagnose

__all__ = [
    "Beliefs",
    "Count",
    "Diagnosis",
    "Evidence",
    "EvidenceKind",
    "Finding",
    "Hypothesis",
    "Line",
    "Neighbourhood",
    "Row",
    "Settle",
    "Stock",
    "Subject",
    "SubjectKind",
    "diagnose",
]
