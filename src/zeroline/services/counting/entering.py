"""Blind entry: drafts kept at once, taken back and put back, and what was found besides."""

from __future__ import annotations

from zeroline.domain.changes import Changes
from zeroline.domain.count import (
    COUNTABLE,
    LineState,
    SheetState,
    parse_entry,
)
from zeroline.domain.errors import DomainError
from zeroline.domain.person import Person, Right, require
from zeroline.domain.stock import StockStatus
from zeroline.domain.views.counting import (
    BlindSheet,
    EnteredLine,
    FoundLine,
)
from zeroline.services.counting.sheets import Sheets, check_open, reason_of
from zeroline.services.once import once
from zeroline.storage import people
from zeroline.storage.counting import blind, sheets
from zeroline.storage.unit_of_work import UnitOfWork


class Entering(Sheets):
    """What counters do before they submit; nothing here looks at the book."""

    # --- blind entry

    def blind_sheet(self, actor: Person, sheet_id: int) -> BlindSheet:
        """What a counter works from; fetches nothing of the book. DomainError ``count-sheet-unknown``."""
        require(actor, Right.COUNT)
        with self._database.read() as connection:
            return blind.blind_sheet(connection, sheet_id, actor.id)

    @once("count entered", EnteredLine, but=frozenset({"counted_at", "kept"}))
    def enter(
        self,
        actor: Person,
        line_id: int,
        text: str,
        counted_at: int | None = None,
        *,
        kept: bool = False,
        decimal: str = ".",
        thousands: str = "",
    ) -> EnteredLine:
        """Keep what was counted on a line as a draft, at once and durably; says what it makes.

        ``counted_at`` (µs) is for counts keyed from paper and for those that were ``kept`` on a workstation
        meanwhile; the present where absent. A kept one never replaces an entry that was counted after it
        (``count-newer``). Raises the errors of :func:`zeroline.domain.count.parse_entry`, and
        ``count-line-closed``, ``count-sheet-closed``, ``count-by-same-person`` (rule 3), ``count-taken``
        (who), ``count-in-future``, ``count-too-early`` (since_at), ``count-line-unknown``, ``not-allowed``.
        """
        require(actor, Right.COUNT)
        with self._database.write(actor.id, [("line", line_id)]) as work:
            line = self._line_for(work, line_id)
            entry = parse_entry(text, line.base_unit, line.units, decimal, thousands)
            moment = work.at if counted_at is None else counted_at
            if moment > work.at:
                raise DomainError("count-in-future", field="counted_at", counted_at=moment)
            since = max([line.sheet_created_at, *(at for _, at in line.counted)])
            if moment < since:
                raise DomainError("count-too-early", field="counted_at", counted_at=moment, since_at=since)
            draft = blind.draft_of(work.connection, line_id, line.sheet_id) if kept else None
            if draft is not None and draft.counted_at > moment:
                raise DomainError("count-newer", counted_at=draft.counted_at)
            blind.keep_draft(work, line, entry.quantity, text.strip(), "", moment)
            facts: dict[str, int | str] = {"entered": text.strip(), "quantity": entry.quantity}
            if kept:  # the time is the workstation's
                facts["kept_since"] = moment
            work.audit("count drafted", f"count line {line_id}", **facts)
            work.changed(counts={line.sheet_id})
            return work.answer(
                EnteredLine(work.changes, line_id, text.strip(), entry.quantity, line.base_unit, moment)
            )

    @once("count waived", Changes)
    def not_counted(self, actor: Person, line_id: int, reason: str) -> Changes:
        """Say why a line cannot be counted; it never becomes zero (rule 8). A recount cannot be waved off.

        Raises ``count-reason-missing``, ``count-recount-needed`` and as :meth:`enter`.
        """
        require(actor, Right.COUNT)
        why = reason_of(reason)
        with self._database.write(actor.id, [("line", line_id)]) as work:
            line = self._line_for(work, line_id)
            if line.state == LineState.RECOUNT:
                raise DomainError("count-recount-needed")
            blind.keep_draft(work, line, None, "", why, work.at)
            work.audit("count waived", f"count line {line_id}", reason=why)
            work.changed(counts={line.sheet_id})
            return work.answer(work.changes)

    @once("count undone", Changes)
    def undo(self, actor: Person, sheet_id: int) -> Changes:
        """Take back this person's newest entry on a sheet. DomainError ``count-nothing-to-undo``."""
        require(actor, Right.COUNT)
        with self._database.write(actor.id, [("sheet", sheet_id)]) as work:
            people.require(work, Right.COUNT)
            log = blind.history(work.connection, sheet_id, actor.id)
            live = [(draft, line) for draft, line, undone in log if not undone]
            if not live:
                raise DomainError("count-nothing-to-undo")
            return self._mark(work, sheet_id, *live[-1], undone=True)

    @once("count redone", Changes)
    def redo(self, actor: Person, sheet_id: int) -> Changes:
        """Put back what was taken back last. DomainError ``count-nothing-to-redo`` and as :meth:`enter`."""
        require(actor, Right.COUNT)
        with self._database.write(actor.id, [("sheet", sheet_id)]) as work:
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
            check_open(blind.sheet_row(work.connection, sheet_id).state)
            dropped = blind.drop_drafts(work, sheet_id, person_id)
            if not dropped:
                raise DomainError("count-nothing-entered")
            work.audit("count drafts dropped", f"count sheet {sheet_id}", person=person_id, drafts=dropped)
            work.changed(counts={sheet_id})
            return work.commit()

    @once("found line added", FoundLine)
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
            raise DomainError("count-status-unknown", field="status", status=status)
        with self._database.write(actor.id) as work:
            people.require(work, Right.COUNT)
            check_open(blind.sheet_row(work.connection, sheet_id).state)
            item_id, location_id = blind.master_ids(work.connection, item.strip(), location.strip())
            key_id = blind.key_of(work, item_id, location_id, lot.strip(), status)
            known = blind.line_of(work.connection, sheet_id, key_id)
            if known is not None:
                return FoundLine(Changes(), known, key_id, known=True)
            line_id = blind.add_line(work, sheet_id, key_id)
            blind.touch_sheet(work, sheet_id, state=SheetState.OPEN.value)
            work.audit("found line added", f"count sheet {sheet_id}", line=line_id, key=key_id)
            work.changed(counts={sheet_id})
            return work.answer(FoundLine(work.changes, line_id, key_id))

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

    # --- inside

    def _line_for(self, work: UnitOfWork, line_id: int) -> blind.LineHead:
        """A line that this person may count now."""
        people.require(work, Right.COUNT)
        line = blind.line_head(work.connection, line_id)
        check_open(line.sheet_state)
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
        return work.answer(work.changes)
