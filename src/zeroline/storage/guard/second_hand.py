"""Guards of who gets a role: two administrators, each with a record of their own (the domain's second_hand).

A change of an account that needs a second administrator goes through only with a confirmed request for
exactly it, answered for the account as it stands: an answer is good for one change.
"""

from __future__ import annotations

from zeroline.domain.person import RIGHTS, Right
from zeroline.domain.second_hand import POWERS, WINDOW
from zeroline.storage.guard.trigger import Triggers, append_only, must, not_back_dated, one_of, trigger, whole
from zeroline.storage.people import SECRET_GIVEN

_POWERS = one_of(*sorted(role.value for role in POWERS))
_ADMINISTRATORS = one_of(*(role.value for role, rights in RIGHTS.items() if Right.PEOPLE in rights))


def _others(person: str) -> str:
    """How many other people are active administrators."""
    return (
        f"(SELECT COUNT(*) FROM person AS o WHERE o.id IS DISTINCT FROM {person} AND o.active"
        f" AND o.role IN {_ADMINISTRATORS})"
    )


def _administers(person: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM person AS a WHERE a.id = {person} AND a.active"
        f" AND a.role IN {_ADMINISTRATORS})"
    )


def _grants(row: str, role: str, active: str) -> str:
    return f"({row}active AND {row}role IN {_POWERS} AND (NOT {active} OR {role} <> {row}role))"


def _leaves(row: str, role: str, active: str) -> str:
    return f"({active} AND {role} IN {_ADMINISTRATORS} AND NOT ({row}active AND {row}role IN {_POWERS}))"


_ASKED = "(SELECT {} FROM role_request AS r WHERE r.id = NEW.request_id)"
_CONFIRMED = (
    "NEW.version = OLD.version + 1 AND EXISTS (SELECT 1 FROM role_request AS r"
    " JOIN role_answer AS d ON d.request_id = r.id"
    " WHERE r.person_id = OLD.id AND r.role = NEW.role AND r.active IS NOT DISTINCT FROM NEW.active"
    " AND d.answer = 'confirmed' AND d.version = OLD.version)"
)
_SECOND = "this takes effect when a second administrator has confirmed it"


def _people() -> Triggers:
    first_two = f"NEW.role IN {_ADMINISTRATORS} AND {_others('NEW.id')} <= 1"
    return (
        trigger(
            "person_power",
            "BEFORE INSERT ON person",
            [must(first_two, "second-missing", _SECOND)],
            when=f"NEW.active AND NEW.role IN {_POWERS}",
        )
        | trigger(
            "person_more_power",
            "BEFORE UPDATE OF role, active ON person",
            [must(f"({first_two}) OR ({_CONFIRMED})", "second-missing", _SECOND)],
            when=_grants("NEW.", "OLD.role", "OLD.active"),
        )
        | trigger(
            "person_leaving",
            "BEFORE UPDATE OF role, active ON person",
            [must(f"{_others('OLD.id')} <> 1 OR ({_CONFIRMED})", "second-missing", _SECOND)],
            when=_leaves("NEW.", "OLD.role", "OLD.active"),
        )
        | trigger(
            "person_version",
            "BEFORE UPDATE OF version ON person",
            [must("NEW.version >= OLD.version", "person-identity", "the version of an account only rises")],
        )
    )


def _requests() -> Triggers:
    standing = (
        "EXISTS (SELECT 1 FROM person AS p WHERE p.id = NEW.person_id AND p.role = NEW.role_before"
        " AND p.active IS NOT DISTINCT FROM NEW.active_before)"
    )
    waiting = (
        "SELECT 1 FROM role_request AS r JOIN person AS p ON p.id = r.person_id"
        " WHERE r.person_id = NEW.person_id AND r.role_before = p.role"
        " AND r.active_before IS NOT DISTINCT FROM p.active"
        f" AND {_administers('r.asked_by')}"
        f" AND (r.asked_at + {WINDOW} > NEW.asked_at OR"
        f" {_leaves('r.', 'r.role_before', 'r.active_before')})"
        " AND NOT EXISTS (SELECT 1 FROM role_answer AS d WHERE d.request_id = r.id)"
    )
    return append_only(
        "role_request",
        "id",
        conditions=[
            whole("person_id", "asked_by", "asked_at"),
            not_back_dated("asked_at"),
            must(_administers("NEW.asked_by"), "not-allowed", "only an administrator asks for this"),
            must(standing, "second-outdated", "the request says what the account is now"),
            must(f"NOT EXISTS ({waiting})", "second-waiting", "a request for this person waits already"),
        ],
    )


def _answers() -> Triggers:
    asked_by, concerned = _ASKED.format("r.asked_by"), _ASKED.format("r.person_id")
    grant = _ASKED.format(_grants("r.", "r.role_before", "r.active_before"))
    leaving = _ASKED.format(_leaves("r.", "r.role_before", "r.active_before"))
    late = f"NEW.at >= {_ASKED.format(f'r.asked_at + {WINDOW}')}"
    current = (
        "EXISTS (SELECT 1 FROM role_request AS r JOIN person AS p ON p.id = r.person_id"
        " WHERE r.id = NEW.request_id AND p.role = r.role_before"
        " AND p.active IS NOT DISTINCT FROM r.active_before AND p.version = NEW.version)"
    )
    given = (
        "SELECT e.person_id FROM audit_entry AS e WHERE e.subject = 'person ' || NEW.person_id"
        f" AND e.action IN {SECRET_GIVEN} ORDER BY e.seq DESC LIMIT 1"
    )
    confirmed, by = "NEW.answer = 'confirmed'", "NEW.person_id"
    return append_only(
        "role_answer",
        "id",
        "request_id",
        conditions=[
            whole("request_id", "person_id", "at", "version"),
            not_back_dated("at"),
            must(f"NEW.at >= {_ASKED.format('r.asked_at')}", "back-dated", "an answer follows its request"),
            must(_administers(by), "not-allowed", "only an administrator answers this"),
            must(current, "second-outdated", "the account is not what it was when this was asked"),
            must(_administers(asked_by), "second-outdated", "who asked is no administrator any more"),
            must(
                f"NEW.answer <> 'withdrawn' OR {by} = {asked_by}",
                "second-not-asked",
                "only who asked withdraws",
            ),
            must(
                f"NEW.answer = 'withdrawn' OR NOT {grant} OR NOT {late}",
                "second-late",
                "the request was not confirmed in time",
            ),
            must(
                f"NEW.answer = 'withdrawn' OR {by} <> {asked_by}"
                f" OR ({leaving} AND ({by} = {concerned} OR ({confirmed} AND {late})))",
                "second-asked",
                "who asked does not confirm",
            ),
            must(
                f"NEW.answer = 'withdrawn' OR {by} <> {concerned} OR {leaving}",
                "second-concerned",
                "nobody confirms a power of their own",
            ),
            must(
                f"NOT {confirmed} OR {by} = {asked_by} OR ({given}) IS DISTINCT FROM {asked_by}",
                "second-secret",
                "who confirms has a secret that who asked did not give them",
            ),
        ],
    )


def triggers() -> Triggers:
    """All guards of this part."""
    return _people() | _requests() | _answers()
