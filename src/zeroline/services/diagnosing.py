"""Why: shortages diagnosed, guesses accepted or refused by people, and what was learned from that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from zeroline.domain.case import TAGGABLE, CaseState, EventKind
from zeroline.domain.cause import CATALOGUE, UNDETERMINED
from zeroline.domain.cause import cause as cause_of
from zeroline.domain.changes import Changes
from zeroline.domain.diagnosis import Beliefs, Hypothesis
from zeroline.domain.diagnosis.catalogue import PRIORS
from zeroline.domain.diagnosis.weighing import WEIGHT_OF_PRIORS
from zeroline.domain.errors import DomainError
from zeroline.domain.person import Person, Right, require
from zeroline.domain.verdict import refuses
from zeroline.domain.views.diagnosis import (
    Acceptable,
    Accepted,
    Belief,
    CauseTotal,
    Confusion,
    Learned,
    Reset,
    Skipped,
)
from zeroline.domain.views.listing import DiagnosisLine
from zeroline.services import tagging
from zeroline.services.shared_diagnosing import diagnosed
from zeroline.storage import elsewhere, people, policies
from zeroline.storage.casework import cases
from zeroline.storage.diagnosis import gathering, guesses, keeping, learning
from zeroline.storage.diagnosis.guesses import Guess
from zeroline.storage.diagnosis.record import StoredDiagnosis, millionths, newest
from zeroline.storage.engine import Database
from zeroline.storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from zeroline.storage.engine import Connection


class Diagnosing:
    """Explains shortages from the ledger and its documents, and hears what people say to it.

    Saying something needs the right to triage (``not-allowed``); a person's word always wins over a guess.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def lines(self, *, variances: bool = False) -> tuple[DiagnosisLine, ...]:
        """Every episode of the ledger, or every count variance, diagnosed; by item, location, lot, status and
        time. DomainError ``sites-limited`` where rows are hidden from who is connected."""
        with self._database.read() as connection:
            elsewhere.require_all(connection)
            asked = gathering.variances(connection) if variances else gathering.episodes(connection)
            lines = diagnosed(self._database, connection, asked)
        return tuple(sorted(lines, key=lambda e: (e.item, e.location, e.lot, e.status, e.started_at)))

    def take_up(self, actor: Person) -> Changes:
        """Diagnose what was left by people who do not see all sites of an item; nothing where nothing was, or
        where the actor does not see them either."""
        require(actor, Right.TRIAGE)
        with self._database.read() as connection:
            if elsewhere.limited(connection) or not keeping.left(connection):
                return Changes()
        with self._writing(actor) as work:
            if not keeping.left(work.connection):  # another console was quicker
                return Changes()
            keeping.take_up(work)
            work.changed(everything=True)
            return work.commit()

    # --- what people say to a guess

    def acceptable(self, actor: Person, case_ids: Sequence[int], least_millionths: int) -> Acceptable:
        """What :meth:`accept` would do with these cases: by cause how many and what they are worth, and what
        it would leave with the reason."""
        require(actor, Right.READ_BOOK)
        with self._database.read() as connection:
            chosen, skipped = _chosen(connection, case_ids, least_millionths, None)
        sums: dict[tuple[str, str], list[int]] = defaultdict(list)
        for guess in chosen:
            sums[guess.cause, guess.currency].append(guess.value)
        totals = [CauseTotal(cause, len(v), sum(v), currency) for (cause, currency), v in sums.items()]
        return Acceptable(
            least_millionths,
            tuple((guess.case_id, guess.cause) for guess in chosen),
            tuple(sorted(totals, key=lambda total: (-total.cases, total.cause))),
            tuple(skipped),
        )

    def accept(
        self,
        actor: Person,
        case_ids: Sequence[int],
        least_millionths: int,
        shown: Mapping[int, str] | None = None,
    ) -> Accepted:
        """Tag each case with its likeliest cause if that is at least so probable, and link its evidence.

        ``shown``: cause by case as the person saw it; a case whose guess has become another one is left.
        What is left is named with its reason, see :class:`Skipped`.
        """
        with self._writing(actor) as work:
            chosen, skipped = _chosen(work.connection, case_ids, least_millionths, shown)
            if not chosen:
                return Accepted(Changes(), (), tuple(skipped))
            policy = policies.newest(work.connection).policy
            stored = newest(work.connection, [guess.case_id for guess in chosen])
            for case in cases.some(work.connection, (guess.case_id for guess in chosen)):
                guess = stored[case.id]
                links = tagging.links_of(work, case, guess.diagnosis.leading.evidence)
                tagging.tag(work, case, cause_of(guess.cause), "", policy, guess, links)
            done = tuple(guess.case_id for guess in chosen)
            work.audit("causes accepted", "cases", cases=list(done), least=least_millionths)
            return Accepted(work.commit(), done, tuple(skipped))

    def accept_case(self, actor: Person, case_id: int, cause: str, *, version: int | None = None) -> Changes:
        """Tag one case with one of its hypotheses, the likeliest or another, and link its evidence.

        Raises DomainError ``diagnosis-changed`` when the ledger does not speak for the cause any more,
        ``case-unknown``, ``case-state``, and ChangedMeanwhile.
        """
        with self._writing(actor) as work:
            case = cases.one(work.connection, case_id)
            cases.check_version(work.connection, case, version, by=work.person_id)
            guess = keeping.refresh_case(work, case_id)
            found = None if guess is None else _hypothesis(guess, cause)
            if guess is None or found is None:
                raise DomainError("diagnosis-changed", case=case_id, cause=cause)
            policy = policies.newest(work.connection).policy
            links = tagging.links_of(work, case, found.evidence)
            tagging.tag(work, case, cause_of(cause), "", policy, guess, links)
            return work.commit()

    def none_of_these(self, actor: Person, case_id: int, *, version: int | None = None) -> Changes:
        """Say that none of the guesses is right. ``diagnosis-nothing`` where none is, ``case-state``."""
        with self._writing(actor) as work:
            case = cases.one(work.connection, case_id)
            cases.check_version(work.connection, case, version, by=work.person_id)
            if case.state not in TAGGABLE:
                wanted = CaseState.CAUSE_PROPOSED.value
                raise DomainError("case-state", state=case.state.value, wanted=wanted)
            guess = keeping.refresh_case(work, case_id)
            if guess is None or guess.cause == UNDETERMINED:
                raise DomainError("diagnosis-nothing", case=case_id)
            facts = tagging.answer(work, case, guess, "")
            cases.change(work, case, EventKind.NONE_OF_THESE, facts=facts)
            return work.commit()

    # --- what was learned

    def learned(self, actor: Person, site: str) -> Learned:
        """What people's verdicts at a site come to. ``site-unknown``."""
        require(actor, Right.READ_BOOK)
        with self._database.read() as connection:
            site_id = _site(connection, site)
            names = people.names(connection)
            believed = learning.beliefs(connection).get(site_id, Beliefs())
            confusion = learning.confusion(connection, site_id)
            resets = learning.resets(connection, site_id)
        plain = Beliefs()
        return Learned(
            site=site,
            weight=round(WEIGHT_OF_PRIORS),
            beliefs=tuple(
                Belief(
                    code,
                    millionths(plain.of(code)),
                    believed.confirmed.get(code, 0),
                    millionths(believed.of(code)),
                )
                for code in CATALOGUE
                if code in PRIORS or code in believed.confirmed
            ),
            confusion=tuple(Confusion(*one) for one in confusion),
            resets=tuple(Reset(one.at, names.get(one.person_id, ""), one.reason) for one in resets),
        )

    def reset(self, actor: Person, site: str, reason: str) -> Changes:
        """Let what people said at a site so far not count any more; the verdicts themselves are kept.

        Raises DomainError ``learning-reason-missing``, ``site-unknown``, ``not-allowed``.
        """
        require(actor, Right.POLICY)
        why = reason.strip()[: tagging.LONGEST_TEXT]
        if not why:
            raise DomainError("learning-reason-missing", field="reason")
        with self._database.write(actor.id) as work:
            people.require(work, Right.POLICY)
            last = learning.reset(work, _site(work.connection, site), why)
            work.audit("learning reset", f"site {site}", reason=why, last_verdict=last)
            work.changed(everything=True)
            return work.commit()

    @contextmanager
    def _writing(self, actor: Person) -> Iterator[UnitOfWork]:
        with self._database.write(actor.id) as work:
            people.require(work, Right.TRIAGE)
            yield work


def _chosen(
    connection: Connection, case_ids: Iterable[int], least: int, shown: Mapping[int, str] | None
) -> tuple[list[Guess], list[Skipped]]:
    """The guesses that can be accepted, and the cases that are left."""
    chosen, skipped = [], []
    for guess in guesses.guesses(connection, list(case_ids)):
        reason = _in_the_way(guess, least, shown)
        if not reason:
            chosen.append(guess)
        else:
            skipped.append(
                Skipped(
                    *(guess.case_id, guess.item, guess.location),
                    *(reason, guess.cause, guess.probability),
                )
            )
    return chosen, skipped


def _in_the_way(guess: Guess, least: int, shown: Mapping[int, str] | None) -> str:
    """Why a guess is not accepted, '' where nothing is in the way."""
    tagged = CATALOGUE.get(guess.tagged)
    if tagged is not None and tagged.final:
        return "tagged"
    if guess.state not in TAGGABLE:
        return "state"
    if not guess.cause:
        return "none"
    if guess.cause == UNDETERMINED:
        return "unclear"
    if guess.verdict is not None and refuses(*guess.verdict, guess.cause):
        return "rejected"
    if guess.probability < least:
        return "below"
    return "" if shown is None or shown.get(guess.case_id) == guess.cause else "changed"


def _hypothesis(guess: StoredDiagnosis, cause: str) -> Hypothesis | None:
    return next((h for h in guess.diagnosis.hypotheses if h.cause == cause != UNDETERMINED), None)


def _site(connection: Connection, code: str) -> int:
    found = learning.site(connection, code)
    if found is None:
        raise DomainError("site-unknown", site=code)
    return found
