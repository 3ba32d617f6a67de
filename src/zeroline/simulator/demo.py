"""The demo warehouse: a simulated ledger loaded batch by batch, and people who work on what they find.

Everything goes through the same services as in real work; only the clock is turned. What is left at the end
shows every queue and every state of a case.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random

from zeroline.domain.case import CaseState, Queue
from zeroline.domain.cause import CATALOGUE
from zeroline.domain.errors import DomainError
from zeroline.domain.instant import DAY, HOUR, MINUTE, iso
from zeroline.domain.person import Person, Role
from zeroline.domain.policy import Limit, Tier
from zeroline.domain.quantity import SCALE, plain
from zeroline.domain.stock import StockKey
from zeroline.domain.views.counting import BlindSheet
from zeroline.services.workbench import Workbench
from zeroline.simulator import told
from zeroline.simulator.password import SECRET, hasher
from zeroline.simulator.warehouse import Simulation, simulate
from zeroline.simulator.world import Plan

PIN = "1234"

STAFF = {
    "weber": ("Robin Weber", Role.ADMINISTRATOR),
    "haddad": ("Samira Haddad", Role.ADMINISTRATOR),
    "okafor": ("Mary Okafor", Role.SUPERVISOR),
    "lindqvist": ("Jonas Lindqvist", Role.SUPERVISOR),
    "kaya": ("Aylin Kaya", Role.MANAGER),
    "novak": ("Peter Novak", Role.MANAGER),
    "moreau": ("Ines Moreau", Role.COUNTER),
    "becker": ("Tom Becker", Role.COUNTER),
    "stein": ("Ruth Stein", Role.AUDITOR),
}

Progress = Callable[[int, int, str], None]
_CLOSING = {True: "Posted and checked at the shelf.", False: "The document arrived; the balance is back."}
_STEP = 2 * DAY
_WORKED = 24 * DAY  # the last days are loaded step by step, with people at work


class StoryClock:
    """A clock that the story turns; never backwards."""

    def __init__(self, now: int) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now

    def forward(self, span: int) -> None:
        """Some time passes (µs)."""
        self.now += span

    def reach(self, moment: int) -> None:
        """It is now ``moment`` at least (µs)."""
        self.now = max(self.now, moment)


@dataclass(slots=True)
class Story:
    """Fills an empty database. ``services`` must have been opened with ``clock``."""

    services: Workbench
    clock: StoryClock
    simulation: Simulation
    random: Random
    people: dict[str, Person] = field(default_factory=dict)
    causes: dict[StockKey, str] = field(default_factory=dict)
    heard: int = 0  # how many movements the sources have told

    def tell(self, progress: Progress) -> None:
        """From the first administrator to a morning with work in every queue."""
        simulation, end = self.simulation, self.simulation.plan.ends_at
        for found in simulation.answers:
            if found.symptom.kind == "negative":
                self.causes[found.symptom.key] = found.causes[0]
        since = end - _WORKED - 10 * DAY
        lines = [line for line in simulation.documents if line.state == "open" or line.made_at > since]
        progress(0, 100, "people")
        self._hire()
        self._set_policy()
        admin, intake = self.people["weber"], self.services.intake
        progress(4, 100, "items and locations")
        intake.load(admin, told.items(simulation))
        intake.load(admin, told.locations(simulation))
        intake.load(admin, told.documents(lines))
        intake.load(admin, told.reservations(lines))
        moments = [*range(end - _WORKED, end, _STEP), end]
        for number, moment in enumerate(moments):
            progress(6 + 84 * number // len(moments), 100, "movements")
            self.clock.reach(moment)
            self._hear()
            if moment != end:
                self._work(number)
        progress(92, 100, "this morning")
        intake.load(admin, told.balances(simulation, self.random, end))
        self._leave_open()
        progress(100, 100, "ready")

    def _hear(self) -> None:
        """The sources tell what they have recorded by now."""
        told_before, rows = self.heard, self.simulation.movements
        while self.heard < len(rows) and rows[self.heard].recorded_at <= self.clock():
            self.heard += 1
        if self.heard > told_before:
            name = f"movements to {iso(self.clock())[:16]}"
            source = told.movements(rows[told_before : self.heard], name)
            self.services.intake.load(self.people["weber"], source)

    # people

    def _hire(self) -> None:
        people = self.services.people
        name, _ = STAFF["weber"]
        admin = self.people["weber"] = people.create_first_administrator("weber", name, SECRET)
        for login, (name, role) in STAFF.items():
            if login != "weber":
                given = people.add(admin, login, name, role, SECRET)
                if given.waiting is not None:
                    given = people.confirm(self.people["haddad"], given.waiting.id, SECRET)
                self.people[login] = given.person
            if login == "haddad":  # who confirms has a password of their own
                people.set_secret(given.person, given.person.id, SECRET)
            people.set_badge(admin, self.people[login].id, f"BADGE-{login.upper()}", PIN)

    def _set_policy(self) -> None:
        self.services.sites.name_entity("Nordhafen Industrial Supply GmbH")
        policies = self.services.policies
        policy = policies.current()
        limits = dict(policy.limits) | {
            Role.SUPERVISOR: Limit(1, 400 * SCALE),
            Role.MANAGER: Limit(3, 50_000 * SCALE),
        }
        changed = replace(
            policy,
            tiers=(
                Tier(value=150 * SCALE, quantity=50 * SCALE),
                Tier(value=1_500 * SCALE, quantity=500 * SCALE),
            ),
            limits=limits,
        )
        policies.change(self.people["kaya"], changed, "Limits agreed with finance for this warehouse")

    # a working day

    def _work(self, day: int) -> None:
        supervisor = self.people["okafor" if day % 2 else "lindqvist"]
        fresh = self._cases(Queue.NEGATIVE, CaseState.NEW)
        to_count = []
        for case_id, key in fresh[:5]:
            self.services.casework.take(supervisor, [case_id])
            cause = self.causes.get(key, "")
            if cause.startswith("T"):
                self._wait(supervisor, case_id, cause)
            else:
                to_count.append(case_id)
        if to_count:
            self._count_and_settle(supervisor, to_count)
        self._settle_waiting(supervisor)
        self._count_cycle(supervisor)
        for case_id, key in self._cases(Queue.TRANSIENT, CaseState.NEW)[:2]:
            cause = self.causes.get(key, "")
            self.services.casework.close(
                supervisor,
                [case_id],
                cause=cause if cause.startswith("T") else "T2",
                reason="Posted too late or in the wrong order; nothing is missing.",
            )

    def _cases(self, queue: Queue, *states: CaseState) -> list[tuple[int, StockKey]]:
        table = self.services.lookup.queue(self.people["kaya"], queue)
        wanted = {state.value for state in states}
        rows = []
        for row in range(len(table)):
            if table.value("state", row) in wanted:
                key = StockKey(*(table.value(name, row) for name in ("item", "location", "lot", "status")))
                rows.append((int(table.ids[row]), key))
        return rows

    def _wait(self, supervisor: Person, case_id: int, cause: str) -> None:
        casework = self.services.casework
        casework.tag_cause(supervisor, case_id, cause, "Delivery note seen at the dock.")
        casework.wait_for_document(
            supervisor, case_id, "", "Receiving posts it today.", self.clock() + 20 * HOUR
        )

    def _settle_waiting(self, supervisor: Person) -> None:
        """What came back above zero by itself is closed with the cause that was tagged."""
        table = self.services.lookup.queue(supervisor, Queue.NEGATIVE)
        for row in range(len(table)):
            if table.value("ended_at", row) is not None and table.value("cause", row):
                try:
                    self.services.casework.close(
                        supervisor,
                        [int(table.ids[row])],
                        reason=_CLOSING[table.value("state", row) == CaseState.POSTED.value],
                    )
                except DomainError:
                    continue  # a count or an adjustment of it is still under way

    def _count_and_settle(self, supervisor: Person, case_ids: list[int]) -> None:
        self.clock.forward(2 * HOUR)
        made = self.services.counting.create_sheet(
            supervisor,
            case_ids=case_ids,
            title="Negatives of the morning",
            assigned_to=self.people["moreau"].id,
            due_at=self.clock() + 8 * HOUR,
        )
        self._count(made.sheet_id, wrong=self.random.random() < 0.4)
        for case_id in case_ids:
            self._settle(supervisor, case_id)

    def _count(self, sheet_id: int, wrong: bool = False, shrink: int = 0) -> None:
        """One person counts what truly lies there (or misses a piece), another recounts where asked."""
        counting = self.services.counting
        for name in ("moreau", "becker"):
            sheet = counting.blind_sheet(self.people[name], sheet_id)
            if not self._enter(self.people[name], sheet, wrong=wrong and name == "moreau", shrink=shrink):
                continue
            self.clock.forward(45 * MINUTE)
            self._hear()
            counting.submit(self.people[name], sheet_id, "Not reached today.")

    def _enter(self, person: Person, sheet: BlindSheet, *, wrong: bool = False, shrink: int = 0) -> int:
        entered = 0
        for line in sheet.lines:
            if line.state != "to count" or line.blocked:
                continue
            self.clock.forward(MINUTE)
            lies = self._lies(line.key.item, line.key.location, line.key.lot, line.key.status)
            if wrong and lies >= SCALE:
                lies, wrong = lies - SCALE, False
            elif shrink and entered % shrink == shrink - 1 and lies >= 2 * SCALE:
                lies -= 2 * SCALE
            self.services.counting.enter(person, line.line_id, plain(lies))
            entered += 1
        return entered

    def _lies(self, item: str, location: str, lot: str, status: str) -> int:
        return max(0, self.simulation.lay_at(StockKey(item, location, lot, status), self.clock()))

    def _propose(self, supervisor: Person, case_id: int) -> int | None:
        """The adjustment that the count asks for, or None where there is nothing to adjust (any more)."""
        settlement = self.services.settlement
        view = self.services.lookup.case(supervisor, case_id)
        key = StockKey(view.key.item, view.key.location, view.key.lot, view.key.status)
        cause = self.causes.get(key) or "L5"
        comment = "Counted twice, cause found at the shelf."
        try:
            preview = settlement.preview(supervisor, case_id=case_id, cause=cause)
            if preview.blocked:
                return None
            made = settlement.propose(
                supervisor,
                case_id=case_id,
                cause=cause,
                comment=comment,
                wait_reason="The document was asked for and does not exist."
                if preview.needs_wait_reason
                else "",
                guard_reason="The open delivery is another order, checked."
                if preview.needs_guard_reason
                else "",
            )
        except DomainError:
            return None  # the case went another way meanwhile: nothing to adjust
        return made.adjustment_id

    def _settle(self, supervisor: Person, case_id: int) -> None:
        adjustment = self._propose(supervisor, case_id)
        if adjustment is None:
            return
        self.clock.forward(30 * MINUTE)
        self._approve(adjustment, self.people["kaya"], self.people["novak"])

    def _approve(self, adjustment_id: int, approver: Person, poster: Person | None) -> None:
        settlement = self.services.settlement
        page = settlement.approval_view(approver, adjustment_id)
        if page.hand is not None or page.outdated:
            return
        reason = {adjustment_id: "Asked purchasing: not for this bin."} if page.needs_guard_reason else None
        decided = settlement.approve(
            approver,
            [adjustment_id],
            SECRET,
            comment="Agreed.",
            shown_hashes={adjustment_id: page.shown_hash},
            guard_reasons=reason,
        )
        if decided.waiting_for_posting and poster is not None:
            self.clock.forward(20 * MINUTE)
            settlement.post(poster, adjustment_id, SECRET)

    def _count_cycle(self, supervisor: Person) -> None:
        made = self.services.counting.create_overdue_sheet(
            supervisor, most=24, title="Cycle count", due_at=self.clock() + DAY
        )
        self._count(made.sheet_id, shrink=17)

    # what is left for whoever opens the demo

    def _leave_open(self) -> None:
        becker = self.people["becker"]
        self.services.people.change_role(self.people["weber"], becker.id, Role.SUPERVISOR)
        okafor, lindqvist = self.people["okafor"], self.people["lindqvist"]
        casework = self.services.casework
        cases = self._cases(Queue.NEGATIVE, CaseState.NEW, CaseState.REOPENED)
        timing = [case for case in cases if self.causes.get(case[1], "").startswith("T")]
        others = [case for case in cases if case not in timing]
        for case_id, key in timing[:2]:
            casework.take(okafor, [case_id])
            self._wait(okafor, case_id, self.causes[key])
        counted = [case_id for case_id, _ in others[:7]]
        if counted:
            casework.take(okafor, counted)
            made = self.services.counting.create_sheet(
                okafor, case_ids=counted, title="Negatives of yesterday", assigned_to=self.people["becker"].id
            )
            self._count(made.sheet_id)
        proposed = [number for case_id in counted if (number := self._propose(okafor, case_id)) is not None]
        if proposed:
            self._reject(proposed[0], lindqvist)
        for adjustment in proposed[1:]:
            page = self.services.settlement.approval_view(self.people["kaya"], adjustment)
            if page.tier == 3:
                self._approve(adjustment, self.people["kaya"], None)
                break
        self._leave_counts(okafor, [case_id for case_id, _ in others[7:12]])
        for case_id, key in others[12:15]:
            casework.take(lindqvist, [case_id])
            cause = self.causes.get(key, "")
            casework.tag_cause(lindqvist, case_id, cause if cause in CATALOGUE else "Z0")
        if len(others) > 15:
            casework.dismiss(okafor, [others[15][0]], "Test bin of the trainers, emptied every evening.")
        for case_id, _ in others[16:18]:
            casework.take(lindqvist, [case_id])
            casework.note(lindqvist, case_id, "Asked the night shift. Answer expected at noon.")
        for case_id, _ in self._cases(Queue.OVERRIDE, CaseState.NEW)[:1]:
            casework.take(okafor, [case_id])

    def _reject(self, adjustment_id: int, person: Person) -> None:
        page = self.services.settlement.approval_view(person, adjustment_id)
        self.services.settlement.reject(
            person,
            [adjustment_id],
            SECRET,
            comment="The photo shows the neighbouring bin. Please look again.",
            shown_hashes={adjustment_id: page.shown_hash},
        )

    def _leave_counts(self, supervisor: Person, case_ids: list[int]) -> None:
        """One sheet half entered, one waiting for a recount, one untouched."""
        counting = self.services.counting
        becker, moreau = self.people["becker"], self.people["moreau"]
        if case_ids:
            made = counting.create_sheet(
                supervisor,
                case_ids=case_ids,
                title="Negatives of today",
                assigned_to=moreau.id,
                due_at=self.clock() + 6 * HOUR,
            )
            sheet = counting.blind_sheet(moreau, made.sheet_id)
            for line in sheet.lines[:2]:
                self.clock.forward(MINUTE)
                counting.enter(moreau, line.line_id, "3")
        made = counting.create_overdue_sheet(supervisor, most=12, title="Cycle count, zone by zone")
        self._enter(becker, counting.blind_sheet(becker, made.sheet_id), wrong=True, shrink=3)
        counting.submit(becker, made.sheet_id, "Aisle was blocked by a truck.")
        counting.create_overdue_sheet(
            supervisor, most=20, title="Class A of the week", due_at=self.clock() + 2 * DAY
        )


def build(url: str, ends_at: int, progress: Progress, *, plan: Plan | None = None) -> Simulation:
    """Build the demo in the empty database behind ``url``, as of ``ends_at`` (µs); answers its truth."""
    simulation = simulate(plan or Plan(ends_at=ends_at))
    clock = StoryClock(ends_at - _WORKED - DAY)
    services = Workbench(url, clock, hasher=hasher())
    try:
        services.prepare()
        Story(services, clock, simulation, Random(1)).tell(progress)
    finally:
        services.dispose()
    return simulation
