"""What diagnosis answers: findings of single fingerprints, and hypotheses ranked with a probability."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from zeroline.domain.cause import CATALOGUE, UNDETERMINED, AdjustmentRight

NEVER = float("-inf")
"""Weaker than any finding. Of one cause only the strongest finding counts: a fingerprint that looks at very
many rows or places need not tell those that are weaker than one it has told."""


class EvidenceKind(StrEnum):
    """What a piece of evidence is."""

    MOVEMENT = "movement"
    DOCUMENT = "document"
    COUNT = "count"
    STOCK = "stock"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that speaks for or against, by its id: ``target`` is a movement's seq, a document line's
    id, a count entry's id or a stock key's id; ``label`` what people call it.

    ``code`` names the sentence, ``facts`` are what it quotes (``…_quantity`` micro-units, ``…_at`` µs,
    ``…_span`` µs).
    """

    kind: EvidenceKind
    target: int
    label: str
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Settle:
    """What would settle it: ``code`` names the sentence (look in a bin, ask for a paper, count a place)."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one fingerprint saw.

    ``strength``: natural logarithm of how much likelier this trace is if the cause is true than if the
    shortage has nothing to do with it. ``explained``: micro-units of the shortage that it accounts for,
    signed like ``Neighbourhood.missing``. ``lift``: (seq, new instant µs, new quantity) of the rows as they
    would stand had it been done right; a seq of 0 is a row that was never booked (replay 'what if').
    """

    cause: str
    strength: float
    explained: int
    evidence: tuple[Evidence, ...]
    against: tuple[Evidence, ...] = ()
    settle: Settle | None = None
    lift: tuple[tuple[int, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One cause with its probability (0 to 1). ``left_over``: micro-units that it does not explain."""

    cause: str
    probability: float
    explained: int
    left_over: int
    evidence: tuple[Evidence, ...] = ()
    against: tuple[Evidence, ...] = ()
    settle: Settle | None = None
    lift: tuple[tuple[int, int, int], ...] = ()

    @property
    def adjustment(self) -> AdjustmentRight:
        """Whether a quantity adjustment is right (yes), wrong (no) or not yet (later)."""
        return CATALOGUE[self.cause].adjustment_right


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Hypotheses, likeliest first; 'not enough to say' (Z0) is one of them and has its own probability.

    ``together``: codes of causes that explain the shortage only together. ``fixed_wrongly``: the evidence of
    an earlier correction that was posted although a document brought the stock.
    """

    hypotheses: tuple[Hypothesis, ...]
    missing: int
    exact: bool
    together: tuple[str, ...] = ()
    fixed_wrongly: Evidence | None = None

    @property
    def leading(self) -> Hypothesis:
        """The likeliest."""
        return self.hypotheses[0]

    @property
    def enough(self) -> bool:
        """Whether there is enough to say anything."""
        return self.leading.cause != UNDETERMINED
