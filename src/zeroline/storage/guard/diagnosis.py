"""Guards of what the program thought of a case and what people said to it."""

from __future__ import annotations

from zeroline.domain.cause import CATALOGUE
from zeroline.domain.person import RIGHTS, Right
from zeroline.storage.guard.records import SETTING_POLICY
from zeroline.storage.guard.trigger import Triggers, append_only, must, not_back_dated, one_of, whole

_TRIAGING = one_of(*(role.value for role, rights in RIGHTS.items() if Right.TRIAGE in rights))

_OF_THE_CASE = must(
    "NEW.site_id = (SELECT l.site_id FROM stock_case AS c JOIN stock_key AS k ON k.id = c.key_id"
    " JOIN location AS l ON l.id = k.location_id WHERE c.id = NEW.case_id)",
    "verdict-site",
    "a verdict counts at the site of its case",
)

_OF_THE_GUESS = must(
    "CASE WHEN NEW.guess = '' THEN NEW.probability = 0 ELSE EXISTS (SELECT 1 FROM diagnosis AS d"
    " WHERE d.id = (SELECT max(n.id) FROM diagnosis AS n WHERE n.case_id = NEW.case_id)"
    " AND d.cause = NEW.guess AND d.probability = NEW.probability) END",
    "verdict-guess",
    "a verdict answers the guess that stands",
)

_A_CAUSE = must(
    f"NEW.cause IN {one_of('', *CATALOGUE)}", "verdict-cause", "a verdict names a cause, or none of these"
)


def triggers() -> Triggers:
    """All guards of this part."""
    return (
        append_only(
            "diagnosis",
            "id",
            conditions=[
                whole("case_id", "at", "ledger_seq", "probability", "explained", "missing"),
                not_back_dated("at"),
                must(
                    "EXISTS (SELECT 1 FROM stock_case AS c WHERE c.id = NEW.case_id)",
                    "diagnosis-case",
                    "a diagnosis is of a case",
                ),
                must("json_valid(NEW.hypotheses)", "diagnosis-unreadable", "a diagnosis can be read"),
            ],
        )
        | append_only(
            "cause_verdict",
            "id",
            conditions=[
                whole("case_id", "site_id", "at", "person_id", "probability"),
                not_back_dated("at"),
                _OF_THE_CASE,
                _OF_THE_GUESS,
                _A_CAUSE,
                must(
                    f"EXISTS (SELECT 1 FROM person AS p WHERE p.id = NEW.person_id AND p.active"
                    f" AND p.role IN {_TRIAGING})",
                    "not-allowed",
                    "who works on cases says what the cause was, not the program",
                ),
                must(
                    "NEW.accepted = (NEW.cause <> '' AND NEW.cause = NEW.guess)",
                    "verdict-accepted",
                    "accepted means that the cause is the one that was guessed",
                ),
            ],
        )
        | append_only(
            "learning_reset",
            "id",
            conditions=[
                whole("site_id", "at", "last_verdict", "person_id"),
                not_back_dated("at"),
                must(
                    f"EXISTS (SELECT 1 FROM person AS p WHERE p.id = NEW.person_id AND p.active"
                    f" AND p.role IN {SETTING_POLICY})",
                    "not-allowed",
                    "only who may set policy makes the program forget",
                ),
                must(
                    "trim(NEW.reason) <> '' AND NEW.last_verdict ="
                    " (SELECT COALESCE(max(v.id), 0) FROM cause_verdict AS v WHERE v.site_id = NEW.site_id)",
                    "learning-reset",
                    "forgetting has a reason and covers all that was said so far",
                ),
            ],
        )
    )
