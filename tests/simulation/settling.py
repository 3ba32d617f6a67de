"""Steps of settlement, of people and of policy."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

from simulation.steps import CAUSES, Deed, Numbers, World
from support.warehouse import SECRET
from zeroline.domain.errors import DomainError
from zeroline.domain.person import Person, Right, Role
from zeroline.domain.policy import EVERYWHERE, PERCENT, Limit, NegativeRule, Rule, Scope, Tolerance
from zeroline.domain.quantity import LARGEST, SCALE

WAITING = "SELECT id FROM adjustment WHERE state = 'proposed' ORDER BY id DESC LIMIT 4"
ENTRIES = (
    "SELECT e.id FROM count_entry e JOIN count_line l ON l.id = e.line_id WHERE l.state = 'variance' "
    "AND NOT EXISTS (SELECT 1 FROM adjustment a LEFT JOIN count_entry f ON f.id = a.entry_id WHERE "
    "(f.line_id = l.id AND a.state = 'posted') "
    "OR (a.key_id = l.key_id AND a.state IN ('proposed', 'approved'))) "
    "AND NOT EXISTS (SELECT 1 FROM count_line n JOIN count_entry g ON g.line_id = n.id "
    "WHERE n.key_id = l.key_id AND g.id > e.id) ORDER BY e.id DESC LIMIT 6"
)
FREE = (
    "SELECT k.id FROM stock_key k WHERE NOT EXISTS (SELECT 1 FROM adjustment a WHERE a.key_id = k.id "
    "AND a.state IN ('proposed', 'approved')) ORDER BY k.id"
)
POSTED = (
    "SELECT a.id FROM adjustment a WHERE a.state = 'posted' AND NOT EXISTS (SELECT 1 FROM adjustment b "
    "WHERE b.key_id = a.key_id AND b.id > a.id AND b.state IN ('proposed', 'approved', 'posted')) "
    "ORDER BY a.id DESC LIMIT 5"
)
REASONS = {"wait_reason": "it cannot wait", "guard_reason": "it is another one"}


def propose(world: World, n: Numbers) -> Deed:
    """What a count found is proposed."""
    entry = world.one(n[1], ENTRIES)
    if not entry or n[4] % 9 == 0:
        entry = world.one(n[1], "SELECT id FROM count_entry ORDER BY id DESC LIMIT 6")
    actor, cause = world.hand(n[0], Right.PROPOSE), CAUSES[n[2] % len(CAUSES)]
    reasons = REASONS if n[3] % 8 else {}
    return lambda: (
        world.place.bench.settlement.propose(
            actor, entry_id=entry, cause=cause, comment="as counted", **reasons
        ).tier
    )


def correct(world: World, n: Numbers) -> Deed:
    """What a document or a photograph says is proposed."""
    key = world.one(n[1], FREE if n[5] % 8 else "SELECT id FROM stock_key ORDER BY id")
    actor, cause = world.hand(n[0], Right.PROPOSE), CAUSES[n[4] % len(CAUSES)]
    document = world.one(n[3], "SELECT id FROM document ORDER BY id DESC LIMIT 6")
    picture = world.one(n[3], "SELECT id FROM attachment ORDER BY id DESC LIMIT 4")
    evidence = (("document", document), ("attachment", picture), ("movement", 1))[
        0 if n[5] % 4 else n[5] // 4 % 3
    ]
    return lambda: (
        world.place.bench.settlement.propose(
            actor,
            key_id=key,
            quantity=(n[2] % 40 - 20) * SCALE,
            cause=cause,
            comment="by its paper",
            evidence=[evidence],
            **REASONS,
        ).tier
    )


def renew(world: World, n: Numbers) -> Deed:
    """A proposal is made anew with the figure of now."""
    actor, chosen = world.hand(n[0], Right.PROPOSE), world.one(n[1], WAITING)
    return lambda: world.place.bench.settlement.renew(actor, chosen, **REASONS).tier


_HANDS = """
WITH a AS (SELECT * FROM adjustment WHERE id = ?)
SELECT proposer_id FROM a UNION SELECT investigator_id FROM a WHERE investigator_id IS NOT NULL
UNION SELECT e.counter_id FROM count_entry e JOIN count_line l ON l.id = e.line_id
  JOIN a ON l.case_id = a.case_id OR l.id = (SELECT f.line_id FROM count_entry f WHERE f.id = a.entry_id)
UNION SELECT v.person_id FROM case_event v JOIN a ON v.case_id = a.case_id WHERE v.kind = 'cause'
UNION SELECT p.person_id FROM policy_version p JOIN a ON p.at >= COALESCE(
  (SELECT c.opened_at FROM stock_case c WHERE c.id = a.case_id), a.proposed_at)
ORDER BY 1
"""


def _signer(world: World, adjustment: int, number: int) -> Any:
    """Whoever had no hand in it, as far as its record tells."""
    involved = tuple(world.ids(_HANDS, adjustment)) if number % 5 else ()
    if number // 8 % 3:  # most of them need a manager
        involved += tuple(world.ids("SELECT id FROM person WHERE role = 'supervisor' ORDER BY id"))
    return world.hand(number, Right.APPROVE, involved)


def approve(world: World, n: Numbers) -> Deed:
    """One proposal, or now and then two at once, signed as shown."""
    chosen = world.one(n[1], WAITING)
    also = world.one(n[1] + 1, WAITING) if n[5] % 8 == 0 else 0
    wanted = [one for one in dict.fromkeys((chosen, also)) if one] or [0]
    actor = _signer(world, chosen, n[0])
    shown: dict[int, str] = {}
    for one in wanted:
        shown |= world.shown(actor, one, n[2])
    reasons = dict.fromkeys(wanted, "it is another one") if n[4] % 6 else None
    secret = SECRET if n[3] % 31 else "wrong"

    def sign() -> Any:
        done = world.place.bench.settlement.approve(
            actor, wanted, secret, comment="seen", shown_hashes=shown, guard_reasons=reasons
        )
        return len(done.decided), len(done.posted), len(done.waiting_for_posting)

    return sign


def reject(world: World, n: Numbers) -> Deed:
    """A proposal is refused."""
    chosen = world.one(n[1], WAITING)
    actor = _signer(world, chosen, n[0])
    shown = world.shown(actor, chosen, n[2])
    return lambda: bool(
        world.place.bench.settlement.reject(
            actor, [chosen], SECRET, comment="count again", shown_hashes=shown
        )
    )


def withdraw(world: World, n: Numbers) -> Deed:
    """A proposal is taken back, approved ones too."""
    chosen = world.one(
        n[1], "SELECT id FROM adjustment WHERE state IN ('proposed', 'approved') ORDER BY id DESC LIMIT 6"
    )
    actor = world.hand(n[0], Right.PROPOSE)
    return lambda: bool(world.place.bench.settlement.withdraw(actor, chosen))


def post(world: World, n: Numbers) -> Deed:
    """What was approved in tier 3 is posted, by the approver too if they try."""
    chosen = world.one(n[1], "SELECT id FROM adjustment WHERE state = 'approved' ORDER BY id")
    signed = world.ids("SELECT approver_id FROM approval WHERE adjustment_id = ?", chosen)
    actor = world.hand(n[0], Right.APPROVE, tuple(signed) if n[2] % 5 else ())
    return lambda: len(world.place.bench.settlement.post(actor, chosen, SECRET).posted)


def reverse(world: World, n: Numbers) -> Deed:
    """What was posted is to be taken back, by the same road."""
    every = "SELECT id FROM adjustment WHERE state = 'posted' ORDER BY id DESC LIMIT 5"
    chosen = world.one(n[1], POSTED if n[3] % 4 else every)
    actor, cause = world.hand(n[0], Right.PROPOSE), CAUSES[n[2] % len(CAUSES)]
    return lambda: (
        world.place.bench.settlement.reverse(
            actor, chosen, cause=cause, comment="it was wrong", **REASONS
        ).tier
    )


# --- people and policy


def _administrators(world: World) -> tuple[Person, Person]:
    """Two who look after people, or one twice where there is one."""
    there = _looking_after(world)
    return there[0], there[-1]


def people(world: World, n: Numbers) -> Deed:
    """Somebody gets another role, leaves or comes back; a second administrator confirms where needed."""
    target = tuple(vars(world.place.staff).values())[n[1] % len(vars(world.place.staff))]
    actor, second = _administrators(world)
    confirming = second if n[4] % 5 else actor
    role = tuple(Role)[n[3] % len(Role)]

    def change() -> Any:
        known = world.place.bench.people
        if n[2] % 3 == 0:
            given = known.set_active(actor, target.id, bool(n[3] % 3))
        else:
            given = known.change_role(actor, target.id, role)
        if given.waiting is None:
            return given.person.role
        if n[5] % 4 == 0:
            return bool(known.withdraw(actor, given.waiting.id))
        return known.confirm(confirming, given.waiting.id, SECRET).person.role

    return change


def restore(world: World, _n: Numbers) -> Deed:
    """Everybody is what they were at the beginning, administrators first."""
    staff = world.place.staff
    everybody = sorted(
        vars(staff).values(), key=lambda person: (person.role != Role.ADMINISTRATOR, person.id)
    )

    def back() -> Any:
        for request in world.ids(
            "SELECT id FROM role_request r WHERE NOT EXISTS "
            "(SELECT 1 FROM role_answer a WHERE a.request_id = r.id) ORDER BY id"
        ):
            for one in _looking_after(world):
                with suppress(DomainError):  # it lapsed by itself, or is about whoever refuses
                    world.place.bench.people.refuse(one, request)
                    break
        return sum(_back(world, person) for person in (*everybody, *everybody))

    return back


def _looking_after(world: World) -> list[Person]:
    """Whoever looks after people now."""
    found = world.ids("SELECT id FROM person WHERE role = 'administrator' AND active ORDER BY id")
    return [one for one in map(world.place.bench.people.now, found) if one is not None]


def _back(world: World, person: Person) -> bool:
    """Whether somebody had to become what they were, and two were found who may do that."""
    known, did = world.place.bench.people, False
    for wanted in ("active", "role"):
        now = known.now(person.id)
        if now is None or getattr(now, wanted) == getattr(person, wanted):
            continue
        did = any(_given(world, actor, person, wanted) for actor in _looking_after(world)) or did
    return did


def _given(world: World, actor: Person, person: Person, wanted: str) -> bool:
    known = world.place.bench.people
    try:
        if wanted == "active":
            given = known.set_active(actor, person.id, True)
        else:
            given = known.change_role(actor, person.id, person.role)
    except DomainError:
        return False
    if given.waiting is None:
        return True
    for second in _looking_after(world):
        with suppress(DomainError):  # who asked, who is concerned, or whose secret is from who asked
            known.confirm(second, given.waiting.id, SECRET)
            return True
    known.withdraw(actor, given.waiting.id)
    return False


_PLACES = (
    *(Rule(Scope.ABC_CLASS, name) for name in "ABC"),
    *(EVERYWHERE, Rule(Scope.ITEM, "GLV"), Rule(Scope.LOCATION, "N-01"), Rule(Scope.SITE, "NORTH")),
)


def policy(world: World, n: Numbers) -> Deed:
    """The house decides: tolerances, where negatives are forbidden, what a role may sign."""
    actor, rule = world.hand(n[0], Right.POLICY), _PLACES[n[1] % len(_PLACES)]
    now = world.place.bench.policies.current()
    limits = Tolerance(
        percent=(n[3] % 20 + 1) * PERCENT if n[3] % 3 else None,
        quantity=(n[4] % 4) * SCALE if n[4] % 3 else None,
        value=(n[5] % 30) * SCALE if n[5] % 3 else None,
    )
    tolerances = {one: limit for one, limit in now.tolerances.items() if one != rule}
    negatives = dict(now.negatives) | {rule: tuple(NegativeRule)[n[3] % 3]}
    changed = (
        replace(now, tolerances=tolerances | ({rule: limits} if n[2] % 4 else {})),
        replace(now, negatives=negatives),
        replace(now, limits={
            Role.SUPERVISOR: Limit(1 + n[3] % 2, (100 + n[4] % 400) * SCALE), Role.MANAGER: Limit(3, LARGEST)
        }),
    )[0 if n[2] % 5 < 3 else n[2] % 5 - 2]  # fmt: skip
    return lambda: bool(world.place.bench.policies.change(actor, changed, "as the house decided"))
