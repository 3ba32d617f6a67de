"""Why each stretch below zero came about, as of an instant: people's words and the program's guesses."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from zeroline.domain.case import EventKind
from zeroline.domain.cause import UNDETERMINED
from zeroline.domain.diagnosis import Evidence
from zeroline.domain.verdict import Said, refuses, said
from zeroline.domain.views.explanation import Explained, GuessThen, Standing, WordThen
from zeroline.storage import people
from zeroline.storage.diagnosis.record import StoredDiagnosis, newest_between
from zeroline.storage.reporting.evidence import linked
from zeroline.storage.schema import case_event, cause_verdict

_END = 2**62
_STANDINGS = {Said.ACCEPTED: Standing.ACCEPTED, Said.CORRECTED: Standing.CORRECTED}


class Stretch(NamedTuple):
    """A case from one reopening of it to the next, in instants: ``until`` is not in it any more."""

    case_id: int
    since: int
    until: int


class _Word(NamedTuple):
    at: int
    person_id: int
    guess: str
    probability: int
    second: str
    cause: str


class _Tag(NamedTuple):
    """A cause that a case was given; ``presumed``: it was closed as transient, and no cause was said."""

    at: int
    person_id: int
    cause: str
    comment: str
    presumed: bool


class Explanations:
    """What was known by ``as_of`` of the causes of all cases. Reads append-only tables only."""

    def __init__(self, connection: Connection, as_of: int) -> None:
        self._connection, self._as_of = connection, as_of
        self._names = people.names(connection)
        self._words: dict[int, list[_Word]] = defaultdict(list)
        self._tags: dict[int, list[_Tag]] = defaultdict(list)
        self._reopened: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self._hear()
        self._follow()

    def _hear(self) -> None:
        said_by_then = (
            select(cause_verdict).where(cause_verdict.c.at <= self._as_of).order_by(cause_verdict.c.id)
        )
        for row in self._connection.execute(said_by_then):
            self._words[row.case_id].append(
                _Word(row.at, row.person_id, row.guess, row.probability, row.second, row.cause)
            )

    def _follow(self) -> None:
        """The causes that cases were given, and the crossings that they left when they were reopened."""
        merging: set[tuple[int, int]] = set()
        kinds = (EventKind.CAUSE, EventKind.CLOSED, EventKind.REOPENED, EventKind.MERGED)
        events = (
            select(case_event)
            .where(case_event.c.kind.in_([kind.value for kind in kinds]), case_event.c.at <= self._as_of)
            .order_by(case_event.c.id)
        )
        for row in self._connection.execute(events):
            facts: dict[str, Any] = json.loads(row.facts)
            tags, kind = self._tags[row.case_id], EventKind(row.kind)
            if kind is EventKind.REOPENED:
                if facts.get("before"):
                    self._reopened[row.case_id].append((row.at, int(facts["before"])))
            elif kind is EventKind.MERGED:  # told of the case that goes, then of the one that inherits
                other = int(facts.get("case_id", 0))
                if (other, row.case_id) in merging and not tags:
                    tags += self._tags[other]
                merging.add((row.case_id, other))
            elif cause := str(facts.get("cause", "")):
                if kind is EventKind.CLOSED and tags and tags[-1].cause == cause:
                    continue
                spoken = any(word.at == row.at and word.cause == cause for word in self._words[row.case_id])
                presumed = kind is EventKind.CLOSED and not spoken
                tags.append(_Tag(row.at, row.person_id, cause, row.text, presumed))

    # --- which part of a case is meant

    def crossing(self, case_id: int, opening: int) -> Stretch:
        """The part of a case that was about this crossing movement."""
        since = 0
        for at, before in self._reopened[case_id]:
            if before == opening:
                return Stretch(case_id, since, at)
            since = at
        return Stretch(case_id, since, _END)

    def moment(self, case_id: int, at: int) -> Stretch:
        """The part of a case that an instant lies in."""
        turns = [turn for turn, _ in self._reopened[case_id]]
        since = max((turn for turn in turns if turn <= at), default=0)
        return Stretch(case_id, since, min((turn for turn in turns if turn > at), default=_END))

    # --- what was known

    def explained(self, stretches: Iterable[Stretch]) -> dict[Stretch, Explained]:
        """Why each of these came about."""
        wanted = list(dict.fromkeys(stretches))
        tags = {stretch: self._tag(stretch) for stretch in wanted}
        asked = []
        for stretch in wanted:
            tag, until = tags[stretch], min(stretch.until, self._as_of + 1)
            if tag is not None and tag.at >= stretch.since and tag.cause != UNDETERMINED:
                until = min(until, tag.at + 1)  # the guess that the person saw
            asked.append((stretch.case_id, stretch.since, until))
        guesses = newest_between(self._connection, asked)
        links = linked(self._connection, {stretch.case_id for stretch in wanted}, self._as_of)
        return {
            stretch: self._explained(stretch, tags[stretch], guesses.get(given), links)
            for stretch, given in zip(wanted, asked, strict=True)
        }

    def of_adjustments(self, rows: Iterable[Any]) -> dict[int, Explained]:
        """By adjustment id: why its case stood as it did when it was proposed, where that is its cause."""
        parts = {row: self.moment(row.case_id, row.proposed_at) for row in rows if row.case_id is not None}
        why = self.explained(parts.values())
        return {row.id: why[part] for row, part in parts.items() if why[part].cause == row.cause}

    def words(self, case_id: int) -> tuple[WordThen, ...]:
        """Everything that people said to guesses about a case, oldest first."""
        return tuple(
            WordThen(
                word.at,
                self._names.get(word.person_id, ""),
                _standing(word),
                word.guess,
                word.probability,
                word.cause,
            )
            for word in self._words[case_id]
        )

    def guess(self, case_id: int) -> GuessThen | None:
        """The program's newest diagnosis of a case."""
        asked = (case_id, 0, self._as_of + 1)
        found = newest_between(self._connection, [asked]).get(asked)
        return None if found is None else GuessThen(found.at, found.ledger_seq, found.diagnosis)

    def _tag(self, stretch: Stretch) -> _Tag | None:
        """The cause that the case carried in the stretch."""
        given = [tag for tag in self._tags[stretch.case_id] if tag.at < stretch.until]
        return given[-1] if given else None

    def _word(self, stretch: Stretch, tag: _Tag | None) -> _Word | None:
        """What was said in the stretch: with its cause, or last where no cause stands."""
        heard = [word for word in self._words[stretch.case_id] if stretch.since <= word.at < stretch.until]
        if tag is not None:
            heard = [word for word in heard if word.cause == tag.cause and word.at == tag.at]
        return heard[-1] if heard else None

    def _explained(
        self,
        stretch: Stretch,
        tag: _Tag | None,
        found: StoredDiagnosis | None,
        links: dict[int, tuple[tuple[str, str], ...]],
    ) -> Explained:
        guess, probability = (found.cause, found.probability) if found is not None else ("", 0)
        if tag is not None and tag.cause != UNDETERMINED:
            word = self._word(stretch, tag)
            if tag.at < stretch.since:
                standing = Standing.CARRIED
            elif tag.presumed:
                standing = Standing.PRESUMED
            else:
                standing = Standing.SAID if word is None else _standing(word)
            if word is not None:
                guess, probability = word.guess, word.probability
            return Explained(
                standing=standing,
                cause=tag.cause,
                by=self._names.get(tag.person_id, ""),
                at=tag.at,
                comment=tag.comment,
                guess=guess,
                probability=probability,
                evidence_for=tag.cause,
                evidence=_speaks_for(found, tag.cause),
                linked=links.get(stretch.case_id, ()),
            )
        word = self._word(stretch, None)
        refused = word is not None and (
            guess in ("", UNDETERMINED) or refuses(word.guess, word.second, word.cause, guess)
        )
        if word is not None and refused and not word.cause:
            return Explained(
                standing=Standing.REJECTED,
                by=self._names.get(word.person_id, ""),
                at=word.at,
                guess=word.guess,
                probability=word.probability,
                evidence_for=word.guess,
                evidence=_speaks_for(found, word.guess),
            )
        if found is None:
            return Explained()
        standing = Standing.UNCLEAR if guess == UNDETERMINED else Standing.GUESSED
        return Explained(
            standing=standing,
            guess=guess,
            probability=probability,
            evidence_for=guess,
            evidence=_speaks_for(found, guess),
        )


def _standing(word: _Word) -> Standing:
    if word.cause in ("", UNDETERMINED):
        return Standing.REJECTED if not word.cause else Standing.UNCLEAR
    if word.guess in ("", UNDETERMINED):
        return Standing.SAID
    return _STANDINGS[said(word.guess, word.cause)]


def _speaks_for(found: StoredDiagnosis | None, cause: str) -> tuple[Evidence, ...]:
    if found is None:
        return ()
    return next((one.evidence for one in found.diagnosis.hypotheses if one.cause == cause), ())
