"""Counting: sheets, blind entry, submission with its frozen expectation, recounts, results."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from zeroline.domain.case import CaseState, EventKind, check_transition
from zeroline.domain.changes import Changes
from zeroline.domain.count import (
    COUNTABLE,
    Judged,
    LineState,
    SheetOrigin,
    SheetState,
    due_at,
    judgement,
    parse_entry,
    standing,
)
from zeroline.domain.errors import DomainError
from zeroline.domain.person import Person, Right, require
from zeroline.domain.policy import Target
from zeroline.domain.stock import StockStatus
from zeroline.domain.views.counting import (
    BlindSheet,
    DueLine,
    EnteredLine,
    FoundLine,
    SheetMade,
    SheetResults,
    SheetRow,
    SubmitResult,
)
from zeroline.domain.views.key import KeyFacts
from zeroline.storage import casework, people, policies
from zeroline.storage.casework import cases
from zeroline.storage.counting import arithmetic, blind, entries, sheets
from zeroline.storage.engine import Database
from zeroline.storage.keys import key_facts
from zeroline.storage.unit_of_work import UnitOfWork

LONGEST_REASON = 500
MOST_LINES = 20_000


class Counting:
    """Every verb of counting, over one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- sheets

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
            made_from = origin or (SheetOrigin.CASES if case_ids else SheetOrigin.FILTER)
            sheet_id, number = sheets.add_sheet(
                work, lines, title.strip()[:200], made_from.value, assigned_to, due_at
            )
            for case in found:
                if case.key_id not in asked:
                    if case.state is not CaseState.COUNTING:
                        check_transition(case.state, CaseState.COUNTING)
                    facts = {"sheet_id": sheet_id, "sheet": number}
                    cases.change(work, case, EventKind.COUNT, facts=facts, state=CaseState.COUNTING.value)
            work.audit("count sheet made", f"count sheet {sheet_id}", number=number, lines=len(lines))
            work.changed(counts={sheet_id})
            return SheetMade(work.commit(), sheet_id, number, len(lines), already)

    def overdue(self, actor: Person, now: int | None = None) -> tuple[DueLine, ...]:
        """Stock keys that policy wants counted by ``now`` (µs; default the clock), longest overdue first.

        A key that holds something or moved within the last year and was never counted comes first of all.
        """
        require(actor, Right.TRIAGE)
        moment = self._database.clock() if now is None else now
        with self._database.read() as connection:
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
        keys = [line.key.key_id for line in self.overdue(actor, now) if not line.open_sheet][:most]
        if not keys:
            raise DomainError("count-nothing-overdue")
        return self.create_sheet(
            actor,
            key_ids=keys,
            title=title,
            assigned_to=assigned_to,
            due_at=due_at,
            origin=SheetOrigin.OVERDUE,
        )

    def sheets(self, actor: Person, open_only: bool = False) -> tuple[SheetRow, ...]:
        """Count sheets, newest first; counters see them too, the rows hold no book."""
        if not actor.may(Right.COUNT):
            require(actor, Right.READ_BOOK)
        with self._database.read() as connection:
            return sheets.sheet_rows(connection, open_only)

    def assign(self, actor: Person, sheet_id: int, person_id: int | None, due_at: int | None) -> Changes:
        """Ask somebody to count a sheet by an instant; None takes it back."""
        require(actor, Right.TRIAGE)
        with self._database.write(actor.id) as work:
            people.require(work, Right.TRIAGE)
            self._check_counter(work, person_id)
            _open(blind.sheet_row(work.connection, sheet_id).state)
            blind.touch_sheet(work, sheet_id, assigned_to=person_id, due_at=due_at)
            work.audit("count sheet assigned", f"count sheet {sheet_id}", person=person_id, due_at=due_at)
            work.changed(counts={sheet_id})
            return work.commit()

    def cancel(self, actor: Person, sheet_id: int, reason: str) -> Changes:
        """Stop a sheet: what nobody counted stays visible as not counted; drafts on it are dropped."""
        require(actor, Right.TRIAGE)
        why = _reason(reason)
        with self._database.write(actor.id) as work:
            people.require(work, Right.TRIAGE)
            _open(blind.sheet_row(work.connection, sheet_id).state)
            self._release_cases(work, sheet_id)
            sheets.cancel_lines(work, sheet_id, why)
            blind.drop_drafts(work, sheet_id)
            blind.touch_sheet(work, sheet_id, state=SheetState.CANCELLED.value)
            work.audit("count sheet cancelled", f"count sheet {sheet_id}", reason=why)
            work.changed(counts={sheet_id})
            return work.commit()

    # --- blind entry

    def blind_sheet(self, actor: Person, sheet_id: int) -> BlindSheet:
        """What a counter works from; fetches nothing of the book. DomainError ``count-sheet-unknown``."""
        require(actor, Right.COUNT)
        with self._database.read() as connection:
            return blind.blind_sheet(connection, sheet_id, actor.id)

    def enter(
        self,
        actor: Person,
        line_id: int,
        text: str,
        counted_at: int | None = None,
        *,
        decimal: str = ".",
        thousands: str = "",
    ) -> EnteredLine:
        """Keep what was counted on a line as a draft, at once and durably; says what it makes.

        ``counted_at`` (µs) is for counts keyed from paper; the present where absent. Raises the errors of
        :func:`zeroline.domain.count.parse_entry`, and ``count-line-closed``, ``count-sheet-closed``,
        ``count-by-same-person`` (rule 3), ``count-taken`` (who), ``count-in-future``, ``count-too-early``
        (since_at), ``count-line-unknown``, ``not-allowed``.
        """
        require(actor, Right.COUNT)
        with self._database.write(actor.id) as work:
            line = self._line_for(work, line_id)
            entry = parse_entry(text, line.base_unit, line.units, decimal, thousands)
            moment = work.at if counted_at is None else counted_at
            if moment > work.at:
                raise DomainError("count-in-future", field="counted_at", counted_at=moment)
            since = max([line.sheet_created_at, *(at for _, at in line.counted)])
            if moment < since:
                raise DomainError("count-too-early", field="counted_at", counted_at=moment, since_at=since)
            blind.keep_draft(work, line, entry.quantity, text.strip(), "", moment)
            work.audit(
                "count drafted", f"count line {line_id}", entered=text.strip(), quantity=entry.quantity
            )
            work.changed(counts={line.sheet_id})
            changes = work.commit()
        return EnteredLine(changes, line_id, text.strip(), entry.quantity, line.base_unit, moment)

    def not_counted(self, actor: Person, line_id: int, reason: str) -> Changes:
        """Say why a line cannot be counted; it never becomes zero (rule 8). A recount cannot be waved off.

        Raises ``count-reason-missing``, ``count-recount-needed`` and as :meth:`enter`.
        """
        require(actor, Right.COUNT)
        why = _reason(reason)
        with self._database.write(actor.id) as work:
            line = self._line_for(work, line_id)
            if line.state == LineState.RECOUNT:
                raise DomainError("count-recount-needed")
            blind.keep_draft(work, line, None, "", why, work.at)
            work.audit("count waived", f"count line {line_id}", reason=why)
            work.changed(counts={line.sheet_id})
            return work.commit()

    def undo(self, actor: Person, sheet_id: int) -> Changes:
        """Take back this person's newest entry on a sheet. DomainError ``count-nothing-to-undo``."""
        require(actor, Right.COUNT)
        with self._database.write(actor.id) as work:
            people.require(work, Right.COUNT)
            log = blind.history(work.connection, sheet_id, actor.id)
            live = [(draft, line) for draft, line, undone in log if not undone]
            if not live:
                raise DomainError("count-nothing-to-undo")
            return self._mark(work, sheet_id, *live[-1], undone=True)

    def redo(self, actor: Person, sheet_id: int) -> Changes:
        """Put back what was taken back last. DomainError ``count-nothing-to-redo`` and as :meth:`enter`."""
        require(actor, Right.COUNT)
        with self._database.write(actor.id) as work:
            people.require(work, Right.COUNT)
            log = blind.history(work.connection, sheet_id, actor.id)
            undone = [(draft, line) for draft, line, gone in log if gone]
            if not undone:
                raise DomainError("count-nothing-to-redo")
            self._line_for(work, undone[0][1])
            return self._mark(work, sheet_id, *undone[0], undone=False)

    def release(self, actor: Person, sheet_id: int, person_id: int) -> Changes:
        """Drop the entries that somebody never submitted, so that others can count those lines."""
        require(actor, Right.TRIAGE)
        with self._database.write(actor.id) as work:
            people.require(work, Right.TRIAGE)
            _open(blind.sheet_row(work.connection, sheet_id).state)
            dropped = blind.drop_drafts(work, sheet_id, person_id)
            if not dropped:
                raise DomainError("count-nothing-entered")
            work.audit("count drafts dropped", f"count sheet {sheet_id}", person=person_id, drafts=dropped)
            work.changed(counts={sheet_id})
            return work.commit()

    def add_found(
        self,
        actor: Person,
        sheet_id: int,
        item: str,
        location: str,
        lot: str = "",
        status: str = StockStatus.AVAILABLE.value,
    ) -> FoundLine:
        """Add a line for something found that the sheet does not list; item and location by code.

        Answers the line that is there already where the sheet has one. Raises ``item-unknown``,
        ``location-unknown``, ``status-unknown``, ``count-sheet-closed``, ``not-allowed``.
        """
        require(actor, Right.COUNT)
        if status not in list(StockStatus):
            raise DomainError("status-unknown", field="status", status=status)
        with self._database.write(actor.id) as work:
            people.require(work, Right.COUNT)
            _open(blind.sheet_row(work.connection, sheet_id).state)
            item_id, location_id = blind.master_ids(work.connection, item.strip(), location.strip())
            key_id = blind.key_of(work, item_id, location_id, lot.strip(), status)
            known = blind.line_of(work.connection, sheet_id, key_id)
            if known is not None:
                return FoundLine(Changes(), known, key_id, known=True)
            line_id = blind.add_line(work, sheet_id, key_id)
            blind.touch_sheet(work, sheet_id, state=SheetState.OPEN.value)
            work.audit("found line added", f"count sheet {sheet_id}", line=line_id, key=key_id)
            work.changed(counts={sheet_id})
            return FoundLine(work.commit(), line_id, key_id)

    def remove_found(self, actor: Person, line_id: int) -> Changes:
        """Take a found line away again while nobody has counted it. DomainError ``count-line-closed``."""
        require(actor, Right.COUNT)
        with self._database.write(actor.id) as work:
            line = self._line_for(work, line_id)
            if not line.found or line.counted:
                raise DomainError("count-line-closed")
            blind.remove_line(work, line_id)
            blind.touch_sheet(
                work, line.sheet_id, state=sheets.state_after(work.connection, line.sheet_id).value
            )
            work.audit("found line removed", f"count sheet {line.sheet_id}", line=line_id)
            work.changed(counts={line.sheet_id})
            return work.commit()

    # --- submission

    def submit(self, actor: Person, sheet_id: int, uncounted_reason: str = "") -> SubmitResult:
        """Make this person's entries on a sheet counts: all of them or none.

        Each expectation is frozen at the instant its line was counted and judged by the policy in force;
        a first count out of tolerance leaves its line waiting for another person. Lines nobody entered
        anything for need ``uncounted_reason`` and stay visible as not counted (rule 8). Raises
        ``count-lines-open`` (lines), ``count-nothing-entered``, ``count-sheet-closed``, ``not-allowed``.
        """
        require(actor, Right.COUNT)
        with self._database.write(actor.id) as work:
            people.require(work, Right.COUNT)
            _open(blind.sheet_row(work.connection, sheet_id).state)
            lines = {line.id: line for line in entries.lines_to_submit(work.connection, sheet_id)}
            held = {
                line: draft
                for line, draft in blind.drafts(work.connection, sheet_id).items()
                if line in lines
            }
            mine = {line: draft for line, draft in held.items() if draft.person_id == actor.id}
            left = [
                line for line, row in lines.items() if line not in held and row.state == LineState.TO_COUNT
            ]
            if left and not uncounted_reason.strip():
                raise DomainError("count-lines-open", field="uncounted_reason", lines=len(left))
            if not mine and not left:
                raise DomainError("count-nothing-entered")

            policy = policies.newest(work.connection)
            keys = key_facts(work.connection, (lines[line].key_id for line in mine))
            costs = entries.unit_costs(work.connection, keys)
            counted = blind.counters(work.connection, sheet_id)
            told: list[list[int | str]] = []
            for line_id, draft in sorted(mine.items(), key=lambda pair: lines[pair[0]].position):
                row = lines[line_id]
                if draft.quantity is None:
                    entries.set_line(work, line_id, LineState.NOT_COUNTED, draft.reason)
                    continue
                count = arithmetic.freeze(work.connection, row.key_id, draft.counted_at)
                judged = judgement(
                    count.rolled.book,
                    count.rolled.late,
                    draft.quantity,
                    costs[row.key_id],
                    policy.policy.tolerance(target(keys[row.key_id])),
                ) | {"policy": policy.version}
                earlier = entries.judged_of_line(work.connection, line_id)
                this = Judged(draft.quantity - count.rolled.expected, bool(judged["within"]))
                entry_id = entries.add_entry(work, draft, len(counted.get(line_id, ())) + 1, count, judged)
                stands = standing([*earlier, this]).state
                entries.set_line(work, line_id, stands)
                told.append([entry_id, line_id, draft.quantity, count.rolled.expected, stands.value])
            for line_id in left:
                entries.set_line(
                    work, line_id, LineState.NOT_COUNTED, uncounted_reason.strip()[:LONGEST_REASON]
                )
            blind.drop_drafts(work, sheet_id, actor.id)

            state = sheets.state_after(work.connection, sheet_id)
            blind.touch_sheet(
                work,
                sheet_id,
                state=state.value,
                **({} if state is SheetState.OPEN else {"submitted_by": actor.id, "submitted_at": work.at}),
            )
            waiting = [draft for line, draft in held.items() if line not in mine]
            touched = [line for line in [*mine, *left] if lines[line].case_id is not None]
            for line_id in touched:
                case_id = lines[line_id].case_id
                cases.log(work, case_id, EventKind.COUNT, facts={"sheet_id": sheet_id, "line_id": line_id})
                work.changed(cases={case_id})
            casework.sync(work, {lines[line].key_id for line in mine})
            work.audit("count submitted", f"count sheet {sheet_id}", counts=told, not_counted=len(left))
            work.changed(counts={sheet_id})
            states = [str(one[4]) for one in told]
            changes = work.commit()
        return SubmitResult(
            changes,
            sheet_id,
            state.value,
            len(told),
            states.count(LineState.ACCEPTED),
            states.count(LineState.VARIANCE),
            states.count(LineState.RECOUNT),
            len(left) + len(mine) - len(told),
            tuple(sorted({draft.person for draft in waiting})),
        )

    def ask_recount(self, actor: Person, line_ids: Iterable[int]) -> Changes:
        """Want one more count of lines, by somebody who has not counted them yet.

        Raises ``count-line-closed`` for a line that was never counted or has an adjustment on its way.
        """
        require(actor, Right.TRIAGE)
        with self._database.write(actor.id) as work:
            people.require(work, Right.TRIAGE)
            for line_id in sorted(set(line_ids)):
                line = blind.line_head(work.connection, line_id)
                if line.sheet_state == SheetState.CANCELLED or line.state not in (
                    LineState.ACCEPTED,
                    LineState.VARIANCE,
                ):
                    raise DomainError("count-line-closed")
                if entries.settled(work.connection, line_id):
                    raise DomainError("count-line-settled")
                entries.set_line(work, line_id, LineState.RECOUNT)
                blind.touch_sheet(
                    work, line.sheet_id, state=sheets.state_after(work.connection, line.sheet_id).value
                )
                work.audit("recount asked", f"count line {line_id}")
                work.changed(counts={line.sheet_id})
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

    def _check_counter(self, work: UnitOfWork, person_id: int | None) -> None:
        if person_id is None:
            return
        account = people.by_id(work.connection, person_id)
        if account is None or not account.person.may(Right.COUNT):
            raise DomainError("person-cannot-count", field="assigned_to")

    def _line_for(self, work: UnitOfWork, line_id: int) -> blind.LineHead:
        """A line that this person may count now."""
        people.require(work, Right.COUNT)
        line = blind.line_head(work.connection, line_id)
        _open(line.sheet_state)
        if line.state not in COUNTABLE:
            raise DomainError("count-line-closed")
        if any(counter == work.person_id for counter, _ in line.counted):
            raise DomainError("count-by-same-person")
        draft = blind.draft_of(work.connection, line_id, line.sheet_id)
        if draft is not None and draft.person_id != work.person_id:
            raise DomainError("count-taken", who=draft.person)
        return line

    def _mark(self, work: UnitOfWork, sheet_id: int, draft_id: int, line_id: int, undone: bool) -> Changes:
        blind.set_undone(work, draft_id, undone)
        work.audit("count undone" if undone else "count redone", f"count line {line_id}", draft=draft_id)
        work.changed(counts={sheet_id})
        return work.commit()

    def _release_cases(self, work: UnitOfWork, sheet_id: int) -> None:
        """Cases that only waited for this sheet are assigned again."""
        wanted = sheets.sheet_cases(work.connection, sheet_id)
        for case in cases.some(work.connection, wanted.values()) if wanted else ():
            if case.state is CaseState.COUNTING:
                cases.change(
                    work,
                    case,
                    EventKind.COUNT,
                    facts={"sheet_id": sheet_id, "cancelled": True},
                    state=CaseState.ASSIGNED.value,
                )


def target(key: KeyFacts) -> Target:
    """The key as policy looks it up."""
    return Target(key.item, key.item_class, key.abc_class, key.location, key.warehouse, key.site)


def _open(state: str) -> None:
    if state not in (SheetState.OPEN, SheetState.RECOUNT):
        raise DomainError("count-sheet-closed", state=state)


def _reason(text: str) -> str:
    reason = text.strip()
    if not reason:
        raise DomainError("count-reason-missing", field="reason")
    return reason[:LONGEST_REASON]
