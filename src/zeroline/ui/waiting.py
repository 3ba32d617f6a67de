"""What waits in each place for who sits here, and how far the ledger reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from zeroline.domain.person import Person, Right

if TYPE_CHECKING:
    from zeroline.domain.views.people import RoleRequest
    from zeroline.services.workbench import Workbench


class Waiting(NamedTuple):
    """Who sits here as of now, what waits in each place (how much, how much of it late), and for them."""

    person: Person | None
    counts: dict[str, tuple[int, int]]
    requests: tuple[RoleRequest, ...]
    recorded_to: int
    takes_up: bool  # counts that were handed in


def waiting(services: Workbench, person: Person) -> Waiting:
    """Look at all of it; in a thread of the tasks."""
    counts: dict[str, tuple[int, int]] = {}
    requests: tuple[RoleRequest, ...] = ()
    now = services.people.now(person.id)
    if person.may(Right.READ_BOOK):
        for row in services.lookup.queue_counts(person):
            counts[row.queue.value] = (row.total, row.overdue)
    if person.may(Right.COUNT):
        services.outbox.compare_clocks()
        open_sheets = [s for s in services.counting.sheets(person) if s.state in ("open", "recount")]
        counts["sheets"] = (len(open_sheets), 0)
        counts["alerts"] = (services.alerting.unseen(person), 0)
    if person.may(Right.APPROVE):
        counts["approvals"] = (len(services.settlement.approvals(person)), 0)
    if person.may(Right.PEOPLE):
        at, asked = services.clock(), services.people.requests(person)
        requests = tuple(request for request in asked if request.may_confirm(person, at))
        counts["requests"] = (len(requests), 0)
        dead = len(services.alerting.outbox(person).dead)
        counts["letters"] = (dead, dead)
    takes_up = person.may(Right.TRIAGE) and services.hands_in
    return Waiting(now, counts, requests, services.sites.recorded_to(), takes_up)
