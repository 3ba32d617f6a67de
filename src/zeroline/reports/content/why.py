"""Why, on paper: what people said and what the program only guessed, kept apart, each with its evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from zeroline.domain.audit import canonical
from zeroline.domain.cause import UNDETERMINED
from zeroline.domain.diagnosis import Evidence, Hypothesis
from zeroline.domain.quantity import SCALE, half_even
from zeroline.domain.views.explanation import CONFIRMED, Explained, GuessThen, Standing, WordThen
from zeroline.domain.views.reporting import Basis, NegativeRow
from zeroline.reports.content import words
from zeroline.reports.documents import (
    Align,
    Cell,
    Column,
    Flag,
    Flagged,
    Kind,
    Notation,
    Quoted,
    Row,
    Table,
    Total,
)
from zeroline.wording import cause_label, settling, span
from zeroline.wording import evidence as sentence

NOT_ENOUGH = "not enough to say"
MOST = 3
"""Pieces of evidence printed in a row of a schedule; the case trail has them all."""

STANDINGS = {
    Standing.ACCEPTED: "accepted the program's guess",
    Standing.CORRECTED: "corrected the program's guess",
    Standing.SAID: "said by a person, no guess answered",
    Standing.REJECTED: "none of the guesses, says a person",
    Standing.PRESUMED: "closed as transient, no cause said",
    Standing.CARRIED: "said of an earlier stretch only",
    Standing.GUESSED: "only guessed: nobody has confirmed it",
    Standing.UNCLEAR: "not enough to say; nobody has said why",
    Standing.NOTHING: "nobody has said why; no guess was made",
    Standing.NO_CASE: "no case was opened for it",
}

Speak = Callable[[str, Any], str]


def speaker(basis: Basis) -> Speak:
    """How a fact is said on paper: numbers and times as everywhere on it."""
    notation = Notation(zone=basis.zone, currency=basis.currency)

    def speak(name: str, value: Any) -> str:
        if not isinstance(value, int):
            return "–" if value is None else str(value)
        if name.endswith("quantity"):
            return notation.quantity(value)
        if name.endswith("_at"):
            return notation.instant(value)
        return span(value) if name.endswith("_span") else str(value)

    return speak


def standing(found: Explained) -> Cell:
    """What the cause stands on. What nobody has confirmed is marked; a word is not yet a verification."""
    if found.confirmed or found.standing is Standing.PRESUMED:
        return _stands_on(found)
    return Flagged(_stands_on(found), Flag.ATTENTION)


def _stands_on(found: Explained) -> str:
    """The standing; of a cause that was said without an answer to a guess, whether the guess was the same."""
    if found.standing is not Standing.SAID:
        return STANDINGS[found.standing]
    if found.guess in ("", UNDETERMINED):
        return "said by a person, without a guess"
    return f"said by a person; the guess was {'the same' if found.guess == found.cause else 'another'}"


def guess(found: Explained) -> str:
    """The program's guess, or that there is none."""
    return guess_label(found.guess) or "no guess was made"


def guess_label(code: str) -> str:
    """A guessed cause in words; Z0 is an honest answer."""
    return NOT_ENOUGH if code == UNDETERMINED else cause_label(code)


def probability(found: Explained) -> int | None:
    """Of the guess; none where there is not enough to say."""
    return found.probability if found.guess not in ("", UNDETERMINED) else None


def evidence(found: Explained, speak: Speak, most: int = MOST) -> Cell:
    """The first pieces of evidence for the cause, each under the name of its movement, document or place;
    of a cause that the program did not think of, the person's words and what was linked."""
    said: list[str] = []
    raw: list[str] = []
    if found.comment:
        said.append(f"said: “{found.comment}”")
        raw.append(found.comment)
    if not found.evidence:
        said += [f"linked: {words.evidence(found.linked)}"] if found.linked else []
        raw.append(canonical([list(pair) for pair in found.linked]))
    for one in found.evidence[:most]:
        said.append(_piece(one, speak))
        raw.append(_raw(one))
    left = len(found.evidence) - most
    if left > 0:
        said.append(f"and {left} more")
        raw.append(str(left))
    if not said and found.cause:
        said.append("the program has no evidence for it")
    if not said:
        return ""
    other = found.evidence_for not in ("", found.guess)
    begin = [f"For {found.evidence_for}:"] if other else []
    return Quoted("\n".join([*begin, *said]), "\n".join([found.evidence_for, *raw]))


def _piece(one: Evidence, speak: Speak) -> str:
    told = sentence(one.code, one.facts, speak)
    document = str(one.facts.get("document") or "")
    name = one.label
    if one.kind.value != "document" and document and document not in told and document != name:
        name = f"{name}, {document}"
    return f"{one.kind.value} {name}: {told}"


def _raw(one: Evidence) -> str:
    return canonical([one.kind.value, one.target, one.label, one.code, dict(one.facts)])


# --- the schedule's columns

COLUMNS = (
    Column("cause", "Cause", share=0.9),
    Column("standing", "Stands on", under="cause"),
    Column("said_by", "Said by", under="cause"),
    Column("said_at", "Said", Kind.INSTANT, under="cause"),
    Column("guess", "Program's guess", share=3.0),
    Column("probability", "Probability", Kind.SHARE, under="guess", align=Align.LEFT),
    Column("evidence", "Evidence", under="guess"),
)


def cells(found: Explained, cause: str, speak: Speak) -> list[Cell]:
    """The cells of ``COLUMNS``; ``cause`` as the schedule says it."""
    return [
        cause,
        standing(found),
        found.by,
        found.at,
        guess(found),
        probability(found),
        evidence(found, speak),
    ]


# --- how many


def summary(rows: Sequence[NegativeRow]) -> Table:
    """How many causes a person said, and how many are only guessed."""
    counted, still = (
        Counter(row.why.standing for row in some) for some in (rows, [r for r in rows if r.is_open])
    )
    total = len(rows)
    confirmed = sum(row.why.confirmed for row in rows)
    share = half_even(confirmed * SCALE, total) if total else None
    return Table(
        "standings",
        "What the causes stand on",
        (
            Column("standing", "Stands on", share=2.0),
            Column("confirmed", "Confirmed by a person"),
            Column("episodes", "Episodes", Kind.COUNT),
            Column("open", "Still below zero", Kind.COUNT),
            Column("share", "Of the episodes", Kind.SHARE),
        ),
        rows=[
            (
                STANDINGS[one],
                "yes" if one in CONFIRMED else "no",
                counted[one],
                still[one],
                half_even(counted[one] * SCALE, total),
            )
            for one in Standing
            if counted[one]
        ],
        totals=(
            Total("Together", (None, None, total, sum(still.values()), SCALE)),
            Total("Confirmed by a person", (None, None, confirmed, _confirmed_open(rows), share)),
        )
        if rows
        else (),
        note="A guess is what the program makes of the ledger and its documents; its probability is the "
        "program's own. It is no finding until a person has said so.",
        nothing="Nothing was below zero in this period, so that there is no cause to say.",
    )


def _confirmed_open(rows: Iterable[NegativeRow]) -> int:
    return sum(row.why.confirmed and row.is_open for row in rows)


# --- one case


def hypotheses(found: GuessThen | None, speak: Speak, unit: str) -> Table:
    """Everything that the program thought possible, likeliest first."""
    ranked = () if found is None else found.diagnosis.hypotheses
    return Table(
        "hypotheses",
        "What the program guessed",
        (
            Column("rank", "Rank", Kind.COUNT),
            Column("cause", "Cause", strong=True, share=1.2),
            Column("probability", "Probability", Kind.SHARE),
            Column("explained", f"Explains, {unit}", Kind.QUANTITY),
            Column("left", f"Leaves, {unit}", Kind.QUANTITY, under="explained"),
            Column("evidence", "Evidence", share=3.0),
            Column("settle", "What would settle it", share=1.4),
            Column("against", "Against it", under="settle"),
        ),
        rows=[_hypothesis(rank, one, speak) for rank, one in enumerate(ranked, start=1)],
        note=_compound(found),
        nothing="The program made no guess about this case.",
    )


def _compound(found: GuessThen | None) -> str:
    if found is None:
        return ""
    note = f"As the ledger stood up to movement {found.ledger_seq:,}. Guesses, not findings."
    if found.diagnosis.together:
        note += (
            " Only together they explain it: " + ", ".join(map(guess_label, found.diagnosis.together)) + "."
        )
    return note


def _hypothesis(rank: int, one: Hypothesis, speak: Speak) -> Row:
    settle: Cell = ""
    if one.settle is not None:
        facts = dict(one.settle.facts)
        settle = Quoted(settling(one.settle.code, facts, speak), canonical([one.settle.code, facts]))
    return (
        rank,
        guess_label(one.cause),
        round(one.probability * SCALE),
        one.explained,
        one.left_over,
        _told(one.evidence, speak),
        settle,
        _told(one.against, speak),
    )


def _told(found: Sequence[Evidence], speak: Speak) -> Cell:
    if not found:
        return ""
    return Quoted("\n".join(_piece(one, speak) for one in found), "\n".join(map(_raw, found)))


def verdicts(said: Sequence[WordThen]) -> Table:
    """Everything that people answered to the program's guesses."""
    return Table(
        "verdicts",
        "What people said to it",
        (
            Column("at", "When", Kind.INSTANT, seconds=True),
            Column("person", "Who"),
            Column("standing", "Said", share=1.6),
            Column("cause", "Cause", share=1.4),
            Column("guess", "Where the guess was", share=1.4),
            Column("probability", "Probability", Kind.SHARE),
        ),
        rows=[
            (
                word.at,
                word.by,
                "not known yet" if word.standing is Standing.UNCLEAR else STANDINGS[word.standing],
                cause_label(word.cause) or "none of these",
                guess_label(word.guess) or "none",
                word.probability if word.guess not in ("", UNDETERMINED) else None,
            )
            for word in said
        ],
        nothing="Nobody has answered the program's guess.",
    )


def said_of(found: Explained | None) -> str:
    """Of an adjustment's cause: who said it of the case, and whether it was the program's guess."""
    if found is None:
        return "said with the proposal"
    told = f"{found.by}: {_stands_on(found)}"
    if found.guess in ("", UNDETERMINED):
        return told
    share = Notation().share(found.probability, 0)
    return f"{told} ({found.guess}, {share})"
