"""Submission: drafts become counts, each with the expectation of its instant."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from zeroline.domain.case import EventKind
from zeroline.domain.changes import Changes
from zeroline.domain.count import (
    Judged,
    LineState,
    SheetState,
    judgement,
    standing,
)
from zeroline.domain.errors import DomainError
from zeroline.domain.person import Person, Right, require
from zeroline.domain.policy import Target
from zeroline.domain.views.counting import (
    SubmitResult,
)
from zeroline.domain.views.key import KeyFacts
from zeroline.services.counting.entering import Entering
from zeroline.services.counting.sheets import LONGEST_REASON, check_open
from zeroline.services.once import once
from zeroline.storage import casework, elsewhere, people, policies
from zeroline.storage.casework import cases
from zeroline.storage.counting import arithmetic, blind, entries, sheets
from zeroline.storage.counting.arithmetic import Count
from zeroline.storage.keys import key_facts
from zeroline.storage.policies import StoredPolicy


class Counting(Entering):
    """Every verb of counting, over one database."""

    # --- submission

    @once("count submitted", SubmitResult)
    def submit(self, actor: Person, sheet_id: int, uncounted_reason: str = "") -> SubmitResult:
        """Make this person's entries on a sheet counts: all of them or none.

        Each expectation is frozen at the instant its line was counted and judged by the policy in force;
        a first count out of tolerance leaves its line waiting for another person. Lines nobody entered
        anything for need ``uncounted_reason`` and stay visible as not counted (rule 8). Raises
        ``count-lines-open`` (lines), ``count-nothing-entered``, ``count-sheet-closed``, ``not-allowed``,
        ``sheet-elsewhere`` (it has lines hidden from the actor).
        """
        require(actor, Right.COUNT)
        if self._database.by_login and not actor.may(Right.READ_BOOK):
            return self._hand_in(actor, sheet_id, uncounted_reason.strip()[:LONGEST_REASON])
        with self._database.write(actor.id) as work:
            people.require(work, Right.COUNT)
            head = blind.sheet_row(work.connection, sheet_id)
            check_open(head.state)
            elsewhere.require_sheet(work.connection, sheet_id)
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
                judged = _judged(count, draft.quantity, costs[row.key_id], policy, keys[row.key_id])
                earlier = entries.judged_of_line(work.connection, line_id)
                this = Judged(draft.quantity - count.rolled.expected, bool(judged["within"]))
                entry_id = entries.add_entry(work, draft, len(counted.get(line_id, ())) + 1, count, judged)
                stands = standing([*earlier, this]).state
                entries.set_line(work, line_id, stands)
                told.append([entry_id, line_id, draft.quantity, count.rolled.expected, stands.value])
            why = uncounted_reason.strip()[:LONGEST_REASON]
            for line_id in left:
                entries.set_line(work, line_id, LineState.NOT_COUNTED, why)
            blind.drop_drafts(work, sheet_id, actor.id)

            state = sheets.state_after(work.connection, sheet_id)
            first = state is not SheetState.OPEN and head.submitted_at is None
            signed = {"submitted_by": actor.id, "submitted_at": work.at} if first else {}
            blind.touch_sheet(work, sheet_id, state=state.value, **signed)
            waiting = [draft for line, draft in held.items() if line not in mine]
            waived = [line for line, draft in mine.items() if draft.quantity is None]
            self._release_cases(work, sheet_id, [*waived, *left])
            touched = [line for line in mine if line not in waived and lines[line].case_id is not None]
            for line_id in touched:
                case_id = lines[line_id].case_id
                cases.log(work, case_id, EventKind.COUNT, facts={"sheet_id": sheet_id, "line_id": line_id})
                work.changed(cases={case_id})
            casework.sync(work, {lines[line].key_id for line in mine})
            given_up = [[line, mine[line].reason] for line in waived] + [[line, why] for line in left]
            work.audit(
                "count submitted",
                f"count sheet {sheet_id}",
                counts=told,
                not_counted=len(left),
                **({"given_up": given_up} if given_up else {}),
            )
            work.changed(counts={sheet_id})
            states = [str(one[4]) for one in told]
            made = SubmitResult(
                work.changes,
                sheet_id,
                state.value,
                len(told),
                states.count(LineState.ACCEPTED),
                states.count(LineState.VARIANCE),
                states.count(LineState.RECOUNT),
                len(left) + len(mine) - len(told),
                tuple(sorted({draft.person for draft in waiting})),
            )
            return work.answer(made)

    def _hand_in(self, actor: Person, sheet_id: int, why: str) -> SubmitResult:
        """The same by somebody whom the server shows no book: what was counted is kept, and compared with the
        book by whoever may see it."""
        from zeroline.storage.postgres.handing_in import hand_in

        with self._database.write(actor.id, [("sheet", sheet_id)]) as work:
            people.require(work, Right.COUNT)
            check_open(blind.sheet_row(work.connection, sheet_id).state)
            lines = entries.lines_to_submit(work.connection, sheet_id)
            held = blind.drafts(work.connection, sheet_id)
            left = [row.id for row in lines if row.id not in held and row.state == LineState.TO_COUNT]
            mine = [row.id for row in lines if row.id in held and held[row.id].person_id == actor.id]
            if left and not why:
                raise DomainError("count-lines-open", field="uncounted_reason", lines=len(left))
            if not mine and not left:
                raise DomainError("count-nothing-entered")
            made = hand_in(work, sheet_id, why)
            waived = [[line, held[line].reason] for line in mine if held[line].quantity is None]
            given_up = waived + [[line, why] for line in left]
            work.audit(
                "count handed in",
                f"count sheet {sheet_id}",
                counts=[list(one) for one in made],
                **({"given_up": given_up} if given_up else {}),
            )
            work.changed(counts={sheet_id})
            waiting = {draft.person for draft in held.values() if draft.person_id != actor.id}
            return work.answer(
                SubmitResult(
                    work.changes,
                    sheet_id,
                    "open",
                    len(made),
                    0,
                    0,
                    0,
                    len(given_up),
                    tuple(sorted(waiting)),
                )
            )

    def take_up(self, actor: Person) -> Changes:
        """Compare the counts that were handed in on a server with the book, each as of its instant.

        Any console of somebody who may work on cases does it as soon as it hears of them; where there are
        none, nothing is written and the Changes are empty. A sheet with lines hidden from the actor is left.
        """
        require(actor, Right.TRIAGE)
        with self._database.read() as connection:
            seen = {row.id: row for row in entries.waiting(connection)}
            hidden = {
                sheet
                for sheet in {row.sheet_id for row in seen.values()}
                if elsewhere.has_lines(connection, sheet)
            }
        seen = {id: row for id, row in seen.items() if row.sheet_id not in hidden}
        if not seen:
            return Changes()
        touched = [one for row in seen.values() for one in (("sheet", row.sheet_id), ("key", row.key_id))]
        with self._database.write(actor.id, touched) as work:
            people.require(work, Right.TRIAGE)
            rows = [row for row in entries.waiting(work.connection) if row.id in seen]
            if not rows:
                return Changes()
            policy = policies.newest(work.connection)
            keys = key_facts(work.connection, {row.key_id for row in rows})
            costs = entries.unit_costs(work.connection, keys)
            told: dict[int, list[list[int | str]]] = {}
            for row in rows:
                count = arithmetic.freeze(work.connection, row.key_id, row.counted_at)
                judged = _judged(count, row.quantity, costs[row.key_id], policy, keys[row.key_id])
                earlier = entries.judged_of_line(work.connection, row.line_id)
                entries.add_expectation(work, row.id, count, judged)
                this = Judged(row.quantity - count.rolled.expected, bool(judged["within"]))
                stands = standing([*earlier, this]).state
                entries.set_line(work, row.line_id, stands)
                told.setdefault(row.sheet_id, []).append(
                    [row.id, row.line_id, row.quantity, count.rolled.expected, stands.value]
                )
                if row.case_id is not None:
                    facts = {"sheet_id": row.sheet_id, "line_id": row.line_id}
                    cases.log(work, row.case_id, EventKind.COUNT, facts=facts)
                    work.changed(cases={row.case_id})
            for sheet_id, counts in told.items():
                head = blind.sheet_row(work.connection, sheet_id)
                state = sheets.state_after(work.connection, sheet_id)
                blind.touch_sheet(work, sheet_id, state=state.value)
                left = sheets.lines_in(work.connection, sheet_id, LineState.NOT_COUNTED)
                self._release_cases(work, sheet_id, left)
                work.audit("counts taken up", f"count sheet {sheet_id}", counts=counts, before=head.state)
            casework.sync(work, set(keys))
            work.changed(counts=set(told))
            return work.commit()

    def ask_recount(self, actor: Person, line_ids: Iterable[int]) -> Changes:
        """Want one more count of lines, by somebody who has not counted them yet.

        Raises ``count-line-closed`` for a line that was never counted or has an adjustment on its way.
        """
        require(actor, Right.TRIAGE)
        with self._database.write(actor.id) as work:
            people.require(work, Right.TRIAGE)
            for line_id in sorted(set(line_ids)):
                line = blind.line_head(work.connection, line_id)
                elsewhere.require_sheet(work.connection, line.sheet_id)
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


def _judged(count: Count, quantity: int, cost: int, policy: StoredPolicy, key: KeyFacts) -> dict[str, Any]:
    """How a count is judged by the policy in force."""
    return judgement(
        count.rolled.book, count.rolled.late, quantity, cost, policy.policy.tolerance(target(key))
    ) | {"policy": policy.version}


def target(key: KeyFacts) -> Target:
    """The key as policy looks it up."""
    return Target(key.item, key.item_class, key.abc_class, key.location, key.warehouse, key.site)
