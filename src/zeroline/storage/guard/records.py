"""Guards of the ledger, the audit trail, people, policy, sources and cases (rules 2 and 4)."""

from __future__ import annotations

from zeroline.domain.audit import GENESIS
from zeroline.domain.cause import CATALOGUE
from zeroline.domain.person import RIGHTS, Right
from zeroline.storage.guard.trigger import (
    Triggers,
    append_only,
    kept,
    must,
    no_replacing,
    not_back_dated,
    one_of,
    trigger,
    whole,
)

_DETERMINED = one_of(*(code for code, cause in CATALOGUE.items() if cause.final))

SETTING_POLICY = one_of(*(role.value for role, rights in RIGHTS.items() if Right.POLICY in rights))


def _ledger() -> Triggers:
    posted = "SELECT 1 FROM adjustment AS a JOIN approval AS p ON p.adjustment_id = a.id WHERE"
    origin = (
        "NEW.adjustment_id IS NOT NULL OR NEW.source_id = (SELECT id FROM source WHERE code = 'zeroline')"
    )
    return (
        append_only(
            "movement",
            "seq",
            "source_id, reference",
            conditions=[
                whole("quantity", "occurred_at", "recorded_at", "key_id", "source_id", "entered_quantity")
            ],
        )
        | trigger(  # the sequence given by the database is known only afterwards
            "movement_order",
            "AFTER INSERT ON movement",
            [
                must(
                    "NEW.seq > 0 AND NOT EXISTS (SELECT 1 FROM movement AS o WHERE o.seq > NEW.seq)",
                    "ledger-order",
                    "a movement is appended after the last one",
                )
            ],
        )
        | trigger(
            "movement_origin",
            "BEFORE INSERT ON movement",
            [
                must(
                    "NEW.adjustment_id IS NOT NULL",
                    "movement-origin",
                    "a posting of this program has an approved adjustment as its origin",
                ),
                no_replacing("movement", "adjustment_id"),
                must(
                    "NEW.source_id = (SELECT id FROM source WHERE code = 'zeroline')"
                    " AND NEW.kind IN ('adjustment', 'count correction')",
                    "movement-origin",
                    "an adjustment is posted by this program, as an adjustment",
                ),
                must(
                    f"EXISTS ({posted} a.id = NEW.adjustment_id AND a.state = 'approved'"
                    " AND p.decision = 'approved' AND p.at <= NEW.recorded_at)",
                    "movement-origin",
                    "the adjustment is not approved, or posted before",
                ),
                must(
                    "EXISTS (SELECT 1 FROM adjustment AS a WHERE a.id = NEW.adjustment_id"
                    " AND a.key_id = NEW.key_id AND a.quantity = NEW.quantity)",
                    "movement-origin",
                    "the posting is not what was approved",
                ),
            ],
            when=origin,
        )
        | trigger(
            "movement_import",
            "BEFORE INSERT ON movement",
            [
                must(
                    "EXISTS (SELECT 1 FROM import_run AS r WHERE r.id = NEW.import_id)",
                    "movement-origin",
                    "an adjustment of another system comes with its import",
                )
            ],
            when="NEW.adjustment_id IS NULL AND NEW.kind IN ('adjustment', 'count correction')",
        )
    )


def _audit() -> Triggers:
    last = "(SELECT {} FROM audit_entry ORDER BY seq DESC LIMIT 1)"
    return append_only(
        "audit_entry",
        "seq",
        conditions=[
            whole("seq", "at", "person_id"),
            must(
                f"NEW.seq = COALESCE({last.format('seq')}, 0) + 1"
                f" AND NEW.previous = COALESCE({last.format('hash')}, '{GENESIS}')"
                f" AND NEW.at >= COALESCE({last.format('at')}, NEW.at)",
                "audit-chain",
                "an audit entry continues the chain",
            ),
            must(
                "length(NEW.hash) = 64 AND ltrim(NEW.hash, '0123456789abcdef') = ''"
                " AND json_valid(NEW.facts)",
                "audit-chain",
                "an audit entry carries its hash and its facts",
            ),
        ],
    )


def _people() -> Triggers:
    return (
        trigger(
            "person_insert",
            "BEFORE INSERT ON person",
            [
                no_replacing("person", "id", "login", "badge"),
                must(
                    "NEW.login = lower(trim(NEW.login)) AND NEW.login <> ''",
                    "login-unusable",
                    "a login has one way to write it, so that none is used twice",
                ),
            ],
        )
        | kept("person", "person-identity", "id", "login", "created_at")
        | trigger(
            "person_badge",
            "BEFORE UPDATE OF badge ON person",
            [
                must(
                    "NOT EXISTS (SELECT 1 FROM person AS o WHERE o.badge = NEW.badge AND o.id <> NEW.id)",
                    "badge-taken",
                    "the badge belongs to somebody else",
                )
            ],
        )
        | trigger(
            "person_administrator",
            "BEFORE UPDATE OF role, active ON person",
            [
                must(
                    "EXISTS (SELECT 1 FROM person AS o WHERE o.id <> OLD.id AND o.active"
                    " AND o.role = 'administrator')",
                    "last-administrator",
                    "somebody must be left who can look after people",
                )
            ],
            when="OLD.role = 'administrator' AND OLD.active"
            " AND (NEW.role <> 'administrator' OR NOT NEW.active)",
        )
    )


def _policy() -> Triggers:
    return append_only(
        "policy_version",
        "version",
        conditions=[
            whole("version", "at", "person_id"),
            not_back_dated("at"),
            must(
                "NEW.version = COALESCE((SELECT max(version) FROM policy_version), 0) + 1"
                " AND json_valid(NEW.content)",
                "policy-order",
                "a policy version follows the last one",
            ),
            must(
                f"(NEW.person_id = 0 AND NEW.version = 1) OR EXISTS (SELECT 1 FROM person AS p"
                f" WHERE p.id = NEW.person_id AND p.active AND p.role IN {SETTING_POLICY})",
                "not-allowed",
                "only who may set policy sets policy",
            ),
        ],
    )


def _sources() -> Triggers:
    figures = ("rows_read", "rows_added", "rows_known", "rows_rejected")
    return (
        trigger("source_insert", "BEFORE INSERT ON source", [no_replacing("source", "id", "code")])
        | kept("source", "source-identity", "id", "code")
        | append_only("stock_key", "id", "item_id, location_id, lot, status")
        | trigger("item_insert", "BEFORE INSERT ON item", [no_replacing("item", "id", "code")])
        | kept("item", "item-identity", "id", "code")
        | append_only(
            "item_cost",
            "item_id, since",
            "rowid",
            conditions=[
                whole("item_id", "since", "unit_cost"),
                not_back_dated("since"),
                must(
                    "NEW.since > COALESCE((SELECT max(c.since) FROM item_cost AS c"
                    " WHERE c.item_id = NEW.item_id), NEW.since - 1)",
                    "append-only",
                    "what an item cost follows what it cost before",
                ),
            ],
        )
        | trigger("location_insert", "BEFORE INSERT ON location", [no_replacing("location", "id", "code")])
        | kept("location", "location-identity", "id", "code")
        | append_only(
            "item_past",
            "item_id, until",
            "rowid",
            conditions=[whole("item_id", "until"), not_back_dated("until")],
        )
        | append_only(
            "location_past",
            "location_id, until",
            "rowid",
            conditions=[whole("location_id", "until"), not_back_dated("until")],
        )
        | trigger("site_insert", "BEFORE INSERT ON site", [no_replacing("site", "id", "code")])
        | kept("site", "site-identity", "id", "code")
        | trigger(
            "document_insert",
            "BEFORE INSERT ON document",
            [no_replacing("document", "id", "source_id, kind, number")],
        )
        | kept("document", "document-identity", "id", "source_id", "kind", "number")
        | trigger(
            "document_line_insert",
            "BEFORE INSERT ON document_line",
            [no_replacing("document_line", "id", "document_id, line")],
        )
        | kept("document_line", "document-identity", "id", "document_id", "line", "item_id")
        | append_only("import_reject", "id")
        | trigger("import_run_insert", "BEFORE INSERT ON import_run", [no_replacing("import_run", "id")])
        | kept("import_run", "append-only", "id", "kind", "file_name", "person_id", "at")
        | trigger(
            "import_run_figures",
            "BEFORE UPDATE ON import_run",
            [must("FALSE", "append-only", "the figures of a finished import never change")],
            when=" OR ".join(f"OLD.{figure} <> 0" for figure in figures),
        )
    )


def _cases() -> Triggers:
    closing = [
        must(
            f"NEW.state NOT IN ('closed', 'verified') OR NEW.cause IN {_DETERMINED}",
            "case-cause-missing",
            "a case without a determined cause does not close",
        ),
        must(
            "NEW.state <> 'dismissed' OR trim(NEW.reason) <> ''",
            "case-reason-missing",
            "a case is dismissed with a reason",
        ),
    ]
    # The case of an episode follows it: a late movement can move its crossing or show it to be transient.
    of_episode = "OLD.queue IN ('negative', 'transient') AND NEW.queue IN ('negative', 'transient')"
    following = [
        must(
            f"({of_episode}) OR (NEW.queue = OLD.queue AND NEW.subject = OLD.subject)",
            "case-identity",
            "what a stock case is about never changes",
        ),
        must(
            "NOT EXISTS (SELECT 1 FROM stock_case AS o"
            " WHERE o.queue = NEW.queue AND o.subject = NEW.subject AND o.id <> NEW.id)",
            "case-identity",
            "no stock case pushes out another",
        ),
    ]
    return (
        trigger(
            "stock_case_insert",
            "BEFORE INSERT ON stock_case",
            [no_replacing("stock_case", "id", "queue, subject"), *closing],
        )
        | trigger("stock_case_closing", "BEFORE UPDATE ON stock_case", closing)
        | kept("stock_case", "case-identity", "id", "key_id", "opened_at")
        | trigger("stock_case_place", "BEFORE UPDATE ON stock_case", following)
        | append_only("case_event", "id", conditions=[whole("at", "person_id", "case_id")])
        | append_only("attachment", "id", conditions=[whole("at", "person_id", "case_id")])
        | append_only(
            "case_evidence",
            "id",
            "case_id, kind, target",
            conditions=[whole("at", "person_id", "case_id", "target")],
        )
    )


def _commands() -> Triggers:
    return append_only("command", "key", "rowid", conditions=[whole("at", "person_id")])


def triggers() -> Triggers:
    """All guards of this part."""
    return _ledger() | _audit() | _people() | _policy() | _sources() | _cases() | _commands()
