"""Count sheets: made, given to people, cancelled, and read with everything the counters were not shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from zeroline.domain.case import CaseState, EventKind, check_transition
from zeroline.domain.changes import Changes
from zeroline.domain.count import (
    LineState,
    SheetOrigin,
    SheetState,
    due_at,
)
from zeroline.domain.errors import ChangedMeanwhile, DomainError
from zeroline.domain.person import Person, Right, require
from zeroline.domain.views.counting import (
    Choice,
    DueLine,
    SheetMade,
    SheetResults,
    SheetRow,
)
from zeroline.services.once import once
from zeroline.storage import audit_trail, elsewhere, people, policies
from zeroline.storage.casework import cases
from zeroline.storage.counting import blind, entries, sheets
from zeroline.storage.engine import Database
from zeroline.storage.keys import key_facts
from zeroline.storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from zeroline.storage.engine import Connection

LONGEST_REASON = 500
MOST_LINES = 20_000


class Sheets:
    """What supervisors do with count sheets."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- sheets

    @once("count sheet made", SheetMade)
    def create_sheet(
        self,
        actor: Person,
        *,
        key_ids: Sequence[int] = (),
        case_ids: Sequence[int] = (),
        title: str = "",
        assigned_to: int | None = None,
        due_at: int | None = None,
        origin: SheetOrigin | None = None,
    ) -> SheetMade:
        """A sheet over stock keys and over the keys of cases, which are then being counted.

        Keys that an open sheet still asks for are left out and listed in ``already``. Raises DomainError
        ``count-nothing-to-count``, ``count-already-asked`` (sheet), ``count-too-many-lines`` (most),
        ``stock-key-unknown``, ``case-unknown``, ``case-state``, ``person-cannot-count``, ``not-allowed``.
        """
        require(actor, Right.TRIAGE)
        with self._database.write(actor.id) as work:
            people.require(work, Right.TRIAGE)
            made_from = origin or (SheetOrigin.CASES if case_ids else SheetOrigin.FILTER)
            return work.answer(self._make(work, key_ids, case_ids, title, assigned_to, due_at, made_from))

    def overdue(self, actor: Person, now: int | None = None) -> tuple[DueLine, ...]:
        """Stock keys that policy wants counted by ``now`` (µs; default the clock), longest overdue first.

        A key that holds something or moved within the last year and was never counted comes first of all.
        """
        require(actor, Right.TRIAGE)
        with self._database.read() as connection:
            return _overdue(connection, self._database.clock() if now is None else now)

    @once("overdue sheet made", SheetMade)
    def create_overdue_sheet(
        self,
        actor: Person,
        *,
        most: int = 50,
        title: str = "",
        assigned_to: int | None = None,
        due_at: int | None = None,
        now: int | None = None,
    ) -> SheetMade:
        """A sheet over the ``most`` longest overdue keys that no open sheet asks for yet.

        Raises DomainError ``count-nothing-overdue`` and as :meth:`create_sheet`.
        """
        require(actor, Right.TRIAGE)
        with self._database.write(actor.id) as work:
            people.require(work, Right.TRIAGE)
            moment = self._database.clock() if now is None else now
            due = _overdue(work.connection, moment)
            keys = [line.key.key_id for line in due if not line.open_sheet][:most]
            if not keys:
                raise DomainError("count-nothing-overdue")
            origin = SheetOrigin.OVERDUE
            return work.answer(self._make(work, keys, (), title, assigned_to, due_at, origin))

    def candidates(self, actor: Person, choice: Choice) -> tuple[DueLine, ...]:
        """Stock keys that a choice names and that hold something or moved within a year, in walking order."""
        require(actor, Right.TRIAGE)
        with self._database.read() as connection:
            a_year = policies.newest(connection).policy.counts_per_year
            keys = sheets.matching(connection, choice)
            facts = key_facts(connection, keys)
            last, asked = entries.last_counts(connection), sheets.asked_for(connection)
        return tuple(
            DueLine(
                facts[key],
                wanted := a_year.get(facts[key].abc_class, 0),
                last.get(key),
                due_at(last.get(key), wanted) or None,
                asked.get(key, ""),
            )
            for key in keys
        )

    def places(self, actor: Person) -> tuple[tuple[str, str, str], ...]:
        """(site, warehouse, zone) that sheets can be made for."""
        require(actor, Right.TRIAGE)
        with self._database.read() as connection:
            return sheets.places(connection)

    def sheets(self, actor: Person, open_only: bool = False) -> tuple[SheetRow, ...]:
        """Count sheets, newest first; counters see them too, the rows hold no book."""
        if not actor.may(Right.COUNT):
            require(actor, Right.READ_BOOK)
        with self._database.read() as connection:
            return sheets.sheet_rows(connection, open_only)

    def assign(
        self,
        actor: Person,
        sheet_id: int,
        person_id: int | None,
        due_at: int | None,
        *,
        version: int | None = None,
    ) -> Changes:
        """Ask somebody to count a sheet by an instant; None takes it back. ChangedMeanwhile as shown."""
        require(actor, Right.TRIAGE)
        with self._database.write(actor.id) as work:
            people.require(work, Right.TRIAGE)
            self._check_counter(work, person_id)
            _check_shown(work, sheet_id, version)
            check_open(blind.sheet_row(work.connection, sheet_id).state)
            blind.touch_sheet(work, sheet_id, assigned_to=person_id, due_at=due_at)
            work.audit("count sheet assigned", f"count sheet {sheet_id}", person=person_id, due_at=due_at)
            work.changed(counts={sheet_id})
            return work.commit()

    def cancel(self, actor: Person, sheet_id: int, reason: str, *, version: int | None = None) -> Changes:
        """Stop a sheet: what nobody counted stays visible as not counted; drafts on it are dropped."""
        require(actor, Right.TRIAGE)
        why = reason_of(reason)
        with self._database.write(actor.id) as work:
            people.require(work, Right.TRIAGE)
            _check_shown(work, sheet_id, version)
            check_open(blind.sheet_row(work.connection, sheet_id).state)
            elsewhere.require_sheet(work.connection, sheet_id)
            left = sheets.lines_in(work.connection, sheet_id, LineState.TO_COUNT)
            self._release_cases(work, sheet_id, left)
            sheets.cancel_lines(work, sheet_id, why)
            blind.drop_drafts(work, sheet_id)
            blind.touch_sheet(work, sheet_id, state=SheetState.CANCELLED.value)
            work.audit("count sheet cancelled", f"count sheet {sheet_id}", reason=why)
            work.changed(counts={sheet_id})
            return work.commit()

    # --- results

    def results(self, actor: Person, sheet_id: int) -> SheetResults:
        """A sheet with book, late movements, variance and verdict of every count."""
        require(actor, Right.READ_BOOK)
        with self._database.read() as connection:
            sheet = sheets.sheet_row(connection, sheet_id)
            if sheet is None:
                raise DomainError("count-sheet-unknown", sheet=sheet_id)
            lines = entries.result_lines(connection, sheet_id)
        finals = [line.final for line in lines if line.final is not None]
        counters = {entry.counter for line in lines for entry in line.entries}
        return SheetResults(
            sheet,
            lines,
            len(finals),
            sum(final.within for final in finals),
            sum(final.value for final in finals),
            sum(abs(final.value) for final in finals),
            tuple(sorted(counters)),
        )

    # --- inside

    def _make(
        self,
        work: UnitOfWork,
        key_ids: Sequence[int],
        case_ids: Sequence[int],
        title: str,
        assigned_to: int | None,
        due_at: int | None,
        origin: SheetOrigin,
    ) -> SheetMade:
        self._check_counter(work, assigned_to)
        asked = sheets.asked_for(work.connection)
        found = cases.some(work.connection, case_ids) if case_ids else ()
        wanted: dict[int, int | None] = dict.fromkeys(key_ids)
        wanted |= {case.key_id: case.id for case in found}
        if not wanted:
            raise DomainError("count-nothing-to-count")
        if len(wanted) > MOST_LINES:
            raise DomainError("count-too-many-lines", most=MOST_LINES, lines=len(wanted))
        if len(sheets.known_keys(work.connection, list(wanted))) < len(wanted):
            raise DomainError("stock-key-unknown")
        already = tuple((key, asked[key]) for key in wanted if key in asked)
        lines = {key: case for key, case in wanted.items() if key not in asked}
        if not lines:
            raise DomainError("count-already-asked", sheet=already[0][1])
        sheet_id, number = sheets.add_sheet(
            work, lines, title.strip()[:200], origin.value, assigned_to, due_at
        )
        for case in found:
            if case.key_id not in asked:
                if case.state is not CaseState.COUNTING:
                    check_transition(case.state, CaseState.COUNTING)
                facts = {"sheet_id": sheet_id, "sheet": number}
                cases.change(work, case, EventKind.COUNT, facts=facts, state=CaseState.COUNTING.value)
        work.audit("count sheet made", f"count sheet {sheet_id}", number=number, lines=len(lines))
        work.changed(counts={sheet_id})
        return SheetMade(work.changes, sheet_id, number, len(lines), already)

    def _check_counter(self, work: UnitOfWork, person_id: int | None) -> None:
        if person_id is None:
            return
        account = people.by_id(work.connection, person_id)
        if account is None or not account.person.may(Right.COUNT):
            raise DomainError("person-cannot-count", field="assigned_to")

    def _release_cases(self, work: UnitOfWork, sheet_id: int, line_ids: Sequence[int]) -> None:
        """Cases whose lines are not counted after all are assigned again."""
        waiting = sheets.waiting_cases(work.connection, line_ids)
        for case in cases.some(work.connection, waiting) if waiting else ():
            facts = {"sheet_id": sheet_id, "not_counted": True}
            cases.change(work, case, EventKind.COUNT, facts=facts, state=CaseState.ASSIGNED.value)


def _overdue(connection: Connection, moment: int) -> tuple[DueLine, ...]:
    """What policy wants counted by ``moment``, longest overdue first."""
    a_year = policies.newest(connection).policy.counts_per_year
    last = entries.last_counts(connection)
    asked = sheets.asked_for(connection)
    due: dict[int, tuple[int, int]] = {}
    for key, abc_class in sheets.countable(connection):
        wanted = a_year.get(abc_class, 0)
        at = due_at(last.get(key), wanted)
        if at is not None and at <= moment:
            due[key] = (at, wanted)
    facts = key_facts(connection, due)
    ordered = sorted(due, key=lambda key: (due[key][0], -due[key][1], facts[key].location, key))
    return tuple(
        DueLine(facts[key], due[key][1], last.get(key), due[key][0] or None, asked.get(key, ""))
        for key in ordered
    )


def _check_shown(work: UnitOfWork, sheet_id: int, version: int | None) -> None:
    """ChangedMeanwhile ``sheet-changed`` (what, number, who, changed_at, events) unless it is as shown."""
    if version is None:
        return
    row = blind.sheet_row(work.connection, sheet_id)
    if row.version == version:
        return
    entry = audit_trail.of_subjects(work.connection, [f"count sheet {sheet_id}"])[-1]
    who, at = audit_trail.last_hand(work.connection, entry.subject)
    did = entry.action.removeprefix("count sheet ")
    raise ChangedMeanwhile(
        "sheet-changed", what=entry.subject, number=row.number, who=who, changed_at=at, events=(did,)
    )


def check_open(state: str) -> None:
    if state not in (SheetState.OPEN, SheetState.RECOUNT):
        raise DomainError("count-sheet-closed", state=state)


def reason_of(text: str) -> str:
    reason = text.strip()
    if not reason:
        raise DomainError("count-reason-missing", field="reason")
    return reason[:LONGEST_REASON]
