"""What the program guessed, what people said to it, and what it learned; probabilities in millionths."""

from __future__ import annotations

from dataclasses import dataclass

from zeroline.domain.changes import Changes
from zeroline.domain.verdict import Said


@dataclass(frozen=True, slots=True)
class VerdictFacts:
    """What somebody said to a guess. ``guess`` '' where there was none, ``cause`` '' for none of these."""

    said: Said
    guess: str
    probability: int
    cause: str
    by_id: int
    by: str
    at: int


@dataclass(frozen=True, slots=True)
class CauseTotal:
    """Cases to be tagged with one cause; ``value`` micro-currency of what is below zero in them."""

    cause: str
    cases: int
    value: int
    currency: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A case that is left as it is. ``reason``: below (the stated confidence), unclear (not enough to say),
    tagged, rejected, state (nothing can be tagged now), changed (the guess is not the one shown), none."""

    case_id: int
    item: str
    location: str
    reason: str
    cause: str
    probability: int


@dataclass(frozen=True, slots=True)
class Acceptable:
    """What accepting would do: ``chosen`` (case id, cause) and the rest with its reason."""

    least: int
    chosen: tuple[tuple[int, str], ...]
    totals: tuple[CauseTotal, ...]
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True, slots=True)
class Accepted:
    """What accepting did."""

    changes: Changes
    cases: tuple[int, ...]
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True, slots=True)
class Belief:
    """How common a cause is held to be at a site: the documented prior, how often it was confirmed since the
    last reset, and what both make."""

    cause: str
    prior: int
    confirmed: int
    mean: int


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often people said ``cause`` ('': none of these) where the guess was ``guess`` ('': none)."""

    guess: str
    cause: str
    count: int


@dataclass(frozen=True, slots=True)
class Reset:
    """When a site's counts were reset, by whom and why."""

    at: int
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Learned:
    """What a site taught: each case's last verdict since the last reset counts once.

    ``weight``: as many confirmed causes as the documented priors are worth.
    """

    site: str
    weight: int
    beliefs: tuple[Belief, ...]
    confusion: tuple[Confusion, ...]
    resets: tuple[Reset, ...]

    @property
    def verdicts(self) -> int:
        """How many cases people said something about."""
        return sum(one.count for one in self.confusion)

    @property
    def accepted(self) -> int:
        """How many times the cause was the one that was guessed."""
        return sum(one.count for one in self.confusion if one.guess and one.guess == one.cause)
