"""The people of a file as logins of a server: what stands in the way, and how they are made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from zeroline.domain.errors import DomainError
from zeroline.domain.person import Role
from zeroline.storage.postgres import logins
from zeroline.storage.postgres.access import GROUPS, PEOPLE
from zeroline.storage.postgres.functions import PROGRAM
from zeroline.storage.postgres.logins import DEFINER
from zeroline.storage.unit_of_work import UnitOfWork

Who = tuple[int, str, str]
"""Id, login and role of a person."""

_LONGEST = 63
"""Bytes of a name that a server tells apart."""
_KEPT_NAMES = ("public", "none")
_KEPT_STARTS = ("pg_", "zeroline_")

_ROLES = """
SELECT r.rolname, r.rolcanlogin, r.rolsuper OR r.rolcreaterole,
       COALESCE(shobj_description(r.oid, 'pg_authid'), '') = 'Zeroline',
       ARRAY(SELECT g.rolname::text FROM pg_roles AS g
             WHERE g.rolname::text = ANY(%s::text[]) AND pg_has_role(r.oid, g.oid, 'MEMBER'))
FROM pg_roles AS r WHERE r.rolname::text = ANY(%s::text[])
"""


class _There(NamedTuple):
    """A login that the server has: whether one can sign in with it, whether it is a person's of Zeroline,
    and in which groups of roles."""

    opens: bool
    ours: bool
    groups: frozenset[str]


def problems(raw: Any, people: Sequence[Who], same_people: bool) -> tuple[DomainError, ...]:
    """What keeps people from getting their logins: DomainError ``move-logins-unusable``,
    ``move-logins-taken``, ``move-logins-role``, and ``move-logins-shared`` unless the people of another
    database on the server are said to be the ``same_people`` (all: logins)."""
    unusable = [login for _, login, _ in people if not _usable(login)]
    taken, shared, other_role = [], [], []
    there = _there(raw, [login for _, login, _ in people])
    for _, login, role in people:
        if login in unusable or login not in there:
            continue
        if not there[login].ours:
            taken.append(login)
        elif not same_people:
            shared.append(login)
        elif not there[login].groups <= {GROUPS[Role(role)]}:
            other_role.append(login)
    found = (
        DomainError("move-logins-unusable", logins=tuple(unusable)),
        DomainError("move-logins-taken", logins=tuple(taken)),
        DomainError("move-logins-shared", logins=tuple(shared)),
        DomainError("move-logins-role", logins=tuple(other_role)),
    )
    return tuple(one for one in found if one.fields["logins"])


def _usable(login: str) -> bool:
    return len(login.encode()) <= _LONGEST and login not in _KEPT_NAMES and not login.startswith(_KEPT_STARTS)


def _there(raw: Any, names: Sequence[str]) -> dict[str, _There]:
    roles = [PEOPLE, PROGRAM, *GROUPS.values()]
    found = {}
    for name, opens, above, known, member_of in raw.execute(_ROLES, (roles, list(names))).fetchall():
        ours = (known or PEOPLE in member_of) and not above and PROGRAM not in member_of
        found[name] = _There(opens, ours, frozenset(member_of) & frozenset(GROUPS.values()))
    return found


def make(
    work: UnitOfWork, raw: Any, people: Sequence[Who], administrator: str, verifier: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Everybody's login in the group of their role: who waits for a password, and who keeps theirs.

    Nobody but the ``administrator`` can sign in until a password is set.
    """
    there = _there(raw, [login for _, login, _ in people])
    waiting, kept = [], []
    for id, login, _ in people:
        logins.keep(work, id, verifier if login == administrator else None)
        if login == administrator:
            continue
        if login in there and there[login].opens:
            kept.append(login)
        else:
            raw.execute(f"SET LOCAL ROLE {DEFINER}")
            raw.execute('ALTER ROLE "{}" NOLOGIN'.format(login.replace('"', '""')))
            raw.execute("RESET ROLE")
            waiting.append(login)
    return tuple(waiting), tuple(kept)
