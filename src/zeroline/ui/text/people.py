"""People in words: what each role does, and whether somebody can sign in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from zeroline.domain.person import Person, Right, Role
from zeroline.domain.second_hand import POWERS
from zeroline.domain.views.people import PersonRow, RoleRequest
from zeroline.ui.text.format import Format
from zeroline.ui.theme.tone import Tone

ROLES: Mapping[Role, str] = {
    Role.COUNTER: "Counts blind. Sees no book quantity and approves nothing.",
    Role.SUPERVISOR: "Works on cases, sends to count, proposes; approves within limits what others proposed.",
    Role.MANAGER: "As a supervisor, approves above the supervisor's limit, and sets the policy.",
    Role.AUDITOR: "Reads everything, prints and verifies. Changes nothing.",
    Role.ADMINISTRATOR: "Looks after people, imports and connections. Neither approves nor counts.",
}
"""What a role may do, and what not."""


def account_state(row: PersonRow, form: Format, now: int, waits: bool = False) -> str:
    """'active', 'switched off', 'not yet in' while a request waits, or how long it is locked."""
    if not row.person.active:
        return "not yet in" if waits else "switched off"
    if row.locked_until > now:
        return f"locked until {form.time(row.locked_until)}"
    return "active"


def account_tone(row: PersonRow, now: int) -> Tone | None:
    """Muted when switched off, amber when locked."""
    if not row.person.active:
        return Tone.MUTED
    return Tone.CAUTION if row.locked_until > now else None


def wanted(request: RoleRequest) -> str:
    """What is asked for, in a word or two: 'supervisor', 'leave'."""
    if not request.wanted.active:
        return "leave"
    return request.wanted.role.value


def asked(request: RoleRequest) -> str:
    """Who asks what for whom, as one sentence."""
    who, person, role = request.asked_by.name, request.person, request.wanted.role.value
    if not request.wanted.active:
        return f"{who} asks that {person.name} leave as {person.role.value}."
    if not person.active:
        return f"{who} asks that {person.name} come in as {role}."
    return f"{who} asks that {person.name}, now {person.role.value}, become {role}."


def meaning(request: RoleRequest) -> str:
    """What the second administrator signs."""
    if not request.wanted.active:
        return f"{request.person.name} cannot sign in any more."
    return ROLES[request.wanted.role]


def done(request: RoleRequest) -> str:
    """What is so once it is confirmed."""
    if not request.wanted.active:
        return f"{request.person.name} is switched off."
    return f"{request.person.name} is {request.wanted.role.value} from now on."


def what_if_nobody_answers(request: RoleRequest, form: Format, now: int) -> str:
    """When it was asked, and what becomes of it."""
    since, until = form.when(request.asked_at), form.minute(request.ends_at)
    if not request.leaving:
        return f"Asked {since}; if nobody confirms it by {until}, it counts no more."
    if now < request.ends_at:
        return f"Asked {since}; without an answer by {until} it needs no agreement any more."
    return f"Asked {since} and not answered for a week: any administrator may confirm it."


def who_confirms(request: RoleRequest, people: Iterable[Person], now: int) -> str:
    """Whose turn it is, by name; how there will be somebody where there is nobody."""
    names = [person.name for person in people if request.may_confirm(person, now)]
    if names:
        return f"Waiting for a second administrator: {' or '.join(names)} confirms it in People."
    return "Waiting for a second administrator. There is none yet who may confirm it: add one."


def takes_two(role: Role, administrators: int) -> str:
    """What stands between somebody and this role, '' where nothing does."""
    second = role is Role.ADMINISTRATOR and administrators == 1
    if role not in POWERS or second:
        return ""
    return "Takes effect when a second administrator has confirmed it."


def administrators(people: Iterable[Person]) -> int:
    """How many of them look after people now."""
    return sum(person.may(Right.PEOPLE) for person in people)


def sites_of(codes: Sequence[str]) -> str:
    """Where somebody works: 'All sites', or the codes; '' is a site hidden from the reader."""
    if not codes:
        return "All sites"
    named = [code for code in codes if code]
    hidden = len(codes) - len(named)
    return ", ".join([*named, *([f"{hidden} more"] if hidden else [])])
