"""What there is to tell whom: for each person the occasions that concern them, told before or not."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from zeroline.domain.adjustment import AdjustmentState
from zeroline.domain.alert import HOUSE, AlertKind, Occasion
from zeroline.domain.count import SheetState
from zeroline.domain.instant import HOUR
from zeroline.domain.person import Person, Right
from zeroline.services.settlement.present import Present, present
from zeroline.storage import people, policies
from zeroline.storage.alerts import Recipient
from zeroline.storage.policies import StoredPolicy
from zeroline.storage.queries import alerting as queries
from zeroline.storage.queries.alerting import Negative, Sheet
from zeroline.storage.settlement import records

if TYPE_CHECKING:
    from zeroline.storage.engine import Connection


_COUNTED = {AlertKind.APPROVAL: "approvals", AlertKind.POSTING: "postings", AlertKind.AGEING: "ageing"}


class Pending(NamedTuple):
    """An adjustment that waits, as it stands now, with its site and who proposed it."""

    now: Present
    site_id: int
    proposer: str


class Found(NamedTuple):
    """Everything there is to tell of at ``at`` (µs), whoever it concerns."""

    at: int
    policy: StoredPolicy
    negatives: tuple[Negative, ...]
    pending: tuple[Pending, ...]
    sheets: tuple[Sheet, ...]

    def occasions(self, to: Recipient) -> tuple[Occasion, ...]:
        """What concerns one person, or the house: that of their sites, of their duty, for their hand."""
        found: list[Occasion] = []
        if to.person.id == HOUSE or to.person.may(Right.TRIAGE):
            found += [_negative(one) for one in self.negatives if _theirs(to, one.site_id)]
        for one in self.pending:
            if _theirs(to, one.site_id):
                found += self._waiting(to.person, one)
        for sheet in self.sheets:
            if _here(to, sheet) and (to.person.id == HOUSE or _counts(to.person, sheet)):
                found.append(_due(sheet))
        return tuple(found)

    def open_for(self, to: Recipient) -> dict[str, int]:
        """How much waits for this person's hand: ``approvals``, ``postings``, ``ageing``, ``sheets``."""
        counts = dict.fromkeys(("approvals", "postings", "ageing"), 0)
        for one in self.pending:
            if _theirs(to, one.site_id):
                for occasion in self._waiting(to.person, one):
                    counts[_COUNTED[occasion.kind]] += 1
        mine = [sheet for sheet in self.sheets if _here(to, sheet) and _counts(to.person, sheet)]
        return counts | {"sheets": len(mine)}

    def _waiting(self, person: Person, one: Pending) -> Iterable[Occasion]:
        record = one.now.record
        free = person.id == HOUSE or (not one.now.outdated and one.now.hand(person, self.policy) is None)
        kind = AlertKind.APPROVAL if record["state"] == AdjustmentState.PROPOSED else AlertKind.POSTING
        if free:
            yield _adjustment(kind, one)
        waited = self.at - record["proposed_at"]
        old = waited >= self.policy.policy.approval_age_hours * HOUR
        if old and (free or person.id == record["proposer_id"]):
            yield _adjustment(AlertKind.AGEING, one)


def look(connection: Connection, at: int, *, book: bool, all_sheets: bool = False) -> Found:
    """Read what there is to tell of; only count sheets without ``book``, for whoever may not see it.

    ``all_sheets``: those that are not due too.
    """
    policy = policies.newest(connection)
    sheets = queries.sheets_open(connection) if all_sheets else queries.sheets_due(connection, at)
    if not book:
        return Found(at, policy, (), (), sheets)
    waiting = records.in_states(connection, (AdjustmentState.PROPOSED, AdjustmentState.APPROVED))
    names = people.names(connection)
    sites = queries.sites_of_keys(connection, json.dumps(sorted({record["key_id"] for record in waiting})))
    pending = tuple(
        Pending(present(connection, policy, record), sites[record["key_id"]], names[record["proposer_id"]])
        for record in waiting
    )
    return Found(at, policy, queries.new_negatives(connection, at), pending, sheets)


def _here(to: Recipient, sheet: Sheet) -> bool:
    return not to.sites or bool(to.sites & sheet.sites)


def _theirs(to: Recipient, site_id: int) -> bool:
    return not to.sites or site_id in to.sites


def _counts(person: Person, sheet: Sheet) -> bool:
    """Whether a sheet waits for this person: theirs, or nobody's; a recount for anybody else."""
    if not person.may(Right.COUNT):
        return False
    if sheet.state == SheetState.RECOUNT:
        return person.id not in sheet.counters
    return sheet.assigned_to in (None, person.id)


def _negative(one: Negative) -> Occasion:
    facts = {
        "item": one.item,
        "location": one.location,
        "site": one.site,
        "on_hand_quantity": one.on_hand,
        "unit": one.unit,
    }
    key = f"negative case {one.case_id} {one.reopened}"
    return Occasion(key, AlertKind.NEGATIVE, f"case {one.case_id}", facts)


def _adjustment(kind: AlertKind, one: Pending) -> Occasion:
    record, key = one.now.record, one.now.key
    facts: Mapping[str, Any] = {
        "number": record["number"],
        "item": key.item,
        "location": key.location,
        "site": key.site,
        "quantity": record["quantity"],
        "unit": key.unit,
        "adjustment_value": record["value"],
        "proposer": one.proposer,
        "proposed_at": record["proposed_at"],
    }
    subject = f"adjustment {record['id']}"
    return Occasion(f"{kind.value} {subject} {record['state']}", kind, subject, facts)


def _due(sheet: Sheet) -> Occasion:
    facts = {"number": sheet.number, "title": sheet.title, "lines": sheet.lines, "due_at": sheet.due_at}
    subject = f"count sheet {sheet.sheet_id}"
    key = f"count {subject} {sheet.state} {sheet.due_at}"
    return Occasion(key, AlertKind.COUNT, subject, facts)
