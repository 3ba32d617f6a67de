"""Why stock went below zero, as reports say it: what a person said and what the program guessed, kept apart.

Instants µs UTC, probabilities in millionths.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from zeroline.domain.diagnosis import Diagnosis, Evidence


class Standing(StrEnum):
    """What a cause stands on at an instant."""

    ACCEPTED = "accepted"
    """A person agreed to the program's guess."""
    CORRECTED = "corrected"
    """A person said another cause than the program's guess."""
    SAID = "said"
    """A person said it; the program had no guess, or nobody asked it."""
    REJECTED = "rejected"
    """A person said that none of the guesses is right, and did not say what is."""
    PRESUMED = "presumed"
    """A person closed the case as transient, without saying a cause."""
    CARRIED = "carried"
    """Said of an earlier stretch of the same case; nobody has said it of this one."""
    GUESSED = "guessed"
    """Only the program's guess: nobody has confirmed it."""
    UNCLEAR = "unclear"
    """The program found that there is not enough to say, and nobody has said why."""
    NOTHING = "nothing"
    """Neither a word nor a guess."""
    NO_CASE = "no case"
    """There was no case, so that nobody was asked: it was over when the program first heard of it."""


CONFIRMED = frozenset({Standing.ACCEPTED, Standing.CORRECTED, Standing.SAID})
"""A person said why, of this very stretch."""


@dataclass(frozen=True, slots=True)
class Explained:
    """Why a stretch below zero came about, as far as it was known.

    ``cause``: what a person said ('' nobody), ``by`` whom, ``at`` when, ``comment`` in their words.
    ``guess``: the program's likeliest cause, as it stood when the person spoke ('' none, Z0 not enough to
    say). ``evidence`` of the program for ``evidence_for``: the cause said, else the guess. ``linked``: (kind,
    name) of what people linked to the cause.
    """

    standing: Standing = Standing.NOTHING
    cause: str = ""
    by: str = ""
    at: int | None = None
    comment: str = ""
    guess: str = ""
    probability: int = 0
    evidence_for: str = ""
    evidence: tuple[Evidence, ...] = ()
    linked: tuple[tuple[str, str], ...] = ()

    @property
    def confirmed(self) -> bool:
        """Whether a person said why."""
        return self.standing in CONFIRMED

    @property
    def likely(self) -> str:
        """The likeliest cause: a person's word, else the program's guess; '' where neither says anything."""
        if self.cause:
            return self.cause
        return self.guess if self.standing is Standing.GUESSED else ""


@dataclass(frozen=True, slots=True)
class GuessThen:
    """The program's newest diagnosis of a case by the instant."""

    at: int
    ledger_seq: int
    diagnosis: Diagnosis


@dataclass(frozen=True, slots=True)
class WordThen:
    """What somebody said of a case where ``guess`` stood ('' none): ``cause``, '' for none of these."""

    at: int
    by: str
    standing: Standing
    guess: str
    probability: int
    cause: str
