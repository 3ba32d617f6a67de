"""Guards of adjustments, their evidence and their approval (rules 3, 4 and 7)."""

from __future__ import annotations

from zeroline.domain.cause import CATALOGUE
from zeroline.domain.instant import DAY
from zeroline.domain.person import RIGHTS, Right
from zeroline.storage.guard.trigger import (
    Condition,
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

PROPOSING = one_of(*(role.value for role, rights in RIGHTS.items() if Right.PROPOSE in rights))
APPROVING = one_of(*(role.value for role, rights in RIGHTS.items() if Right.APPROVE in rights))

_POLICY = "(SELECT content FROM policy_version ORDER BY version DESC LIMIT 1)"

_CUMULATED = (  # Σ |value| of one key, proposer and UTC day of the proposal, this one included (rule 3)
    "(SELECT COALESCE(sum(abs(o.value)), 0) FROM adjustment AS o JOIN adjustment AS a"
    " ON o.key_id = a.key_id AND o.proposer_id = a.proposer_id"
    f" AND o.proposed_at / {DAY} = a.proposed_at / {DAY}"
    " WHERE a.id = NEW.adjustment_id AND o.state IN ('proposed', 'approved', 'posted'))"
)

_LAST_COST = (
    "(SELECT c.unit_cost FROM item_cost AS c JOIN stock_key AS k ON k.item_id = c.item_id"
    " WHERE k.id = NEW.key_id ORDER BY c.since DESC LIMIT 1)"
)


def _open_lines(adjustment: str) -> str:
    """Lines still open that would bring the stock which this adjustment adds (rule 7)."""
    return (
        "SELECT 1 FROM document AS d JOIN document_line AS l ON l.document_id = d.id"
        f" JOIN stock_key AS k ON k.id = {adjustment}.key_id"
        f" WHERE {adjustment}.quantity > 0 AND l.item_id = k.item_id AND d.state = 'open'"
        " AND l.quantity > l.done_quantity AND d.kind IN ('receipt', 'transfer', 'production', 'return')"
        " AND (l.location_id IS NULL OR l.location_id = k.location_id) AND l.lot IN ('', k.lot)"
    )


_LISTED = (  # the guard list of a proposal names a line with what is open on it
    "EXISTS (SELECT 1 FROM json_each(CASE WHEN json_valid(NEW.guard) THEN NEW.guard ELSE '[]' END) AS g"
    " WHERE CASE g.type WHEN 'array' THEN CAST(json_extract(g.value, '$[1]') AS BIGINT) = d.id"
    " AND json_extract(g.value, '$[3]') = l.line"
    " AND CAST(json_extract(g.value, '$[4]') AS BIGINT) = l.quantity - l.done_quantity END)"
)


def _tier_of(value: str, quantity: str) -> str:
    """The least tier that policy gives this value and quantity (flags and percentage may lift it)."""

    def limit(tier: int, name: str) -> str:
        return f"CAST(json_extract({_POLICY}, '$.tiers[{tier}].{name}') AS BIGINT)"

    def beyond(tier: int) -> str:
        parts = [(value, "value"), (quantity, "quantity")]
        return " OR ".join(f"COALESCE({sql} > {limit(tier, name)}, FALSE)" for sql, name in parts if sql)

    return f"CASE WHEN {beyond(1)} THEN 3 WHEN {beyond(0)} THEN 2 ELSE 1 END"


def _of_role(person: str, name: str) -> str:
    return (
        f"(SELECT COALESCE(CAST(json_extract({_POLICY}, '$.limits.' || p.role || '.{name}') AS BIGINT), 0)"
        f" FROM person AS p WHERE p.id = {person})"
    )


def _active(person: str, roles: str) -> str:
    return f"EXISTS (SELECT 1 FROM person AS p WHERE p.id = {person} AND p.active AND p.role IN {roles})"


_IDENTITY = (
    *("id", "number", "kind", "key_id", "case_id", "entry_id", "reversal_of", "quantity", "book_before"),
    *("unit_cost", "value", "arithmetic", "cause", "comment", "tier", "tier_reasons", "policy"),
    *("proposer_id", "investigator_id", "counter_id", "recounter_id", "proposed_at", "guard"),
    *("guard_reason", "wait_reason", "shown_hash"),
)


def _proposing() -> Triggers:
    conditions: list[Condition] = [
        no_replacing("adjustment", "id", "number"),
        whole(
            "key_id", "quantity", "book_before", "unit_cost", "value", "tier", "proposer_id", "proposed_at"
        ),
        not_back_dated("proposed_at"),
        must(
            "NEW.state = 'proposed' AND NEW.poster_id IS NULL AND NEW.posted_at IS NULL",
            "adjustment-state",
            "an adjustment begins as a proposal",
        ),
        must(
            f"NEW.cause IN {one_of(*CATALOGUE)} AND length(NEW.shown_hash) = 64",
            "adjustment-cause",
            "an adjustment has a cause and says what it showed",
        ),
        must(
            "NEW.quantity <> 0 OR NEW.kind = 'count correction'",
            "adjustment-quantity",
            "an adjustment changes something",
        ),
        must(_active("NEW.proposer_id", PROPOSING), "not-allowed", "only who may propose proposes"),
        must(
            "abs(NEW.quantity * 1.0 * NEW.unit_cost / 1000000.0 - NEW.value) <= 1 + abs(NEW.value) * 1e-9",
            "adjustment-value",
            "the value is quantity times unit cost",
        ),
        must(
            "NEW.unit_cost = COALESCE("
            "(SELECT o.unit_cost FROM adjustment AS o WHERE o.id = NEW.reversal_of),"
            " (SELECT i.unit_cost FROM stock_key AS k JOIN item AS i ON i.id = k.item_id"
            " WHERE k.id = NEW.key_id))",
            "adjustment-value",
            "the unit cost is the item's",
        ),
        must(
            f"NEW.reversal_of IS NOT NULL OR NEW.unit_cost = COALESCE({_LAST_COST}, NEW.unit_cost)",
            "adjustment-value",
            "the item's cost was changed past its history",
        ),
        must(
            "NEW.policy = (SELECT max(version) FROM policy_version)"
            f" AND NEW.tier BETWEEN {_tier_of('abs(NEW.value)', 'abs(NEW.quantity)')} AND 3",
            "adjustment-tier",
            "the tier is below what policy demands for this size",
        ),
        must(
            "NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM count_entry AS e JOIN count_line AS l"
            " ON l.id = e.line_id WHERE e.id = NEW.entry_id AND l.key_id = NEW.key_id)",
            "adjustment-entry",
            "the count is of another stock key",
        ),
        must(
            "(NEW.kind = 'reversal') = (NEW.reversal_of IS NOT NULL) AND (NEW.reversal_of IS NULL"
            " OR EXISTS (SELECT 1 FROM adjustment AS o WHERE o.id = NEW.reversal_of AND o.state = 'posted'"
            " AND o.key_id = NEW.key_id AND o.quantity = -NEW.quantity)"
            " AND NOT EXISTS (SELECT 1 FROM adjustment AS o WHERE o.reversal_of = NEW.reversal_of"
            " AND o.state IN ('proposed', 'approved', 'posted')))",
            "adjustment-reversal",
            "a reversal undoes exactly one posted adjustment, once",
        ),
        must(
            f"NOT EXISTS ({_open_lines('NEW')} AND NOT {_LISTED})",
            "guard-incomplete",
            "a proposal names every open document that would explain the same",
        ),
        must(
            "NEW.guard IN ('[]', '') OR trim(NEW.guard_reason) <> ''",
            "guard-reason-missing",
            "proposing against open documents needs a reason",
        ),
    ]
    return trigger("adjustment_insert", "BEFORE INSERT ON adjustment", conditions)


def _states() -> Triggers:
    decided = (
        "EXISTS (SELECT 1 FROM approval AS p WHERE p.adjustment_id = NEW.id AND p.decision = '{0}'"
        " AND p.shown_hash = NEW.shown_hash)"
    )
    return (
        kept("adjustment", "adjustment-changed", *_IDENTITY)
        | trigger(
            "adjustment_state",
            "BEFORE UPDATE ON adjustment",
            [
                must(
                    "NEW.state = OLD.state"
                    " OR (OLD.state = 'proposed' AND NEW.state IN ('approved', 'rejected', 'withdrawn'))"
                    " OR (OLD.state = 'approved' AND NEW.state IN ('posted', 'withdrawn'))",
                    "adjustment-state",
                    "an adjustment does not go this way",
                ),
                must(
                    "NEW.state <> 'withdrawn' OR NOT EXISTS"
                    " (SELECT 1 FROM movement AS m WHERE m.adjustment_id = NEW.id)",
                    "adjustment-state",
                    "what is posted is not withdrawn",
                ),
                must(
                    "NEW.state = 'posted' OR (NEW.poster_id IS NULL AND NEW.posted_at IS NULL)",
                    "adjustment-state",
                    "only a posted adjustment names its poster",
                ),
                must(
                    "OLD.state <> 'posted'"
                    " OR (NEW.poster_id IS NOT DISTINCT FROM OLD.poster_id"
                    " AND NEW.posted_at IS NOT DISTINCT FROM OLD.posted_at)",
                    "adjustment-changed",
                    "who posted it never changes",
                ),
                must(
                    "NEW.state <> 'approved' OR " + decided.format("approved"),
                    "approval-missing",
                    "an adjustment is approved by an approval of what was shown",
                ),
                must(
                    "NEW.state <> 'rejected' OR " + decided.format("rejected"),
                    "approval-missing",
                    "an adjustment is rejected by a decision of somebody",
                ),
            ],
        )
        | trigger(
            "adjustment_posting",
            "BEFORE UPDATE ON adjustment",
            [
                must(
                    "EXISTS (SELECT 1 FROM movement AS m WHERE m.adjustment_id = NEW.id"
                    " AND m.key_id = NEW.key_id AND m.quantity = NEW.quantity)",
                    "movement-missing",
                    "a posted adjustment has its movement in the ledger",
                ),
                must(
                    "trim(NEW.cause) <> '' AND EXISTS"
                    " (SELECT 1 FROM adjustment_evidence AS e WHERE e.adjustment_id = NEW.id)",
                    "evidence-missing",
                    "an adjustment posts with cause and evidence only",
                ),
                Condition(
                    "typeof(NEW.posted_at) = 'integer'",
                    "not-allowed",
                    "only who may approve posts",
                    typed=True,
                ),
                must(
                    "NEW.posted_at IS NOT NULL AND " + _active("NEW.poster_id", APPROVING),
                    "not-allowed",
                    "only who may approve posts",
                ),
                must(
                    "EXISTS (SELECT 1 FROM approval AS p WHERE p.adjustment_id = NEW.id"
                    " AND p.decision = 'approved' AND (p.tier <= 2 OR p.approver_id <> NEW.poster_id))",
                    "approver-posts",
                    "above tier 2 the poster is not the approver",
                ),
            ],
            when="NEW.state = 'posted' AND OLD.state <> 'posted'",
        )
    )


def _evidence() -> Triggers:
    places = {"count": "count_entry.id", "movement": "movement.seq"}
    places |= {"document": "document.id", "attachment": "attachment.id"}
    found = " OR ".join(
        f"(NEW.kind = '{kind}' AND EXISTS (SELECT 1 FROM {place.split('.')[0]} AS t"
        f" WHERE t.{place.split('.')[1]} = NEW.target))"
        for kind, place in places.items()
    )
    return append_only(
        "adjustment_evidence",
        "id",
        "adjustment_id, kind, target",
        conditions=[
            must(
                "EXISTS (SELECT 1 FROM adjustment AS a WHERE a.id = NEW.adjustment_id"
                " AND a.state = 'proposed')",
                "adjustment-state",
                "evidence is added to a proposal only",
            ),
            must(found, "evidence-unknown", "the evidence does not exist"),
        ],
    )


def _approving() -> Triggers:
    this = "FROM adjustment AS a WHERE a.id = NEW.adjustment_id"
    cases = (  # the adjustment's own, and those that it or its evidence was counted for
        "(SELECT a.case_id UNION SELECT l.case_id FROM count_entry AS e JOIN count_line AS l"
        " ON l.id = e.line_id WHERE e.id = a.entry_id OR e.id IN (SELECT v.target FROM adjustment_evidence"
        " AS v WHERE v.adjustment_id = a.id AND v.kind = 'count'))"
    )
    counted = (  # everybody who counted this line, a line in evidence or a line of the case
        "SELECT 1 FROM count_entry AS c JOIN count_line AS l ON l.id = c.line_id"
        " JOIN adjustment AS a ON a.id = NEW.adjustment_id WHERE c.counter_id = NEW.approver_id AND ("
        "l.id = (SELECT e.line_id FROM count_entry AS e WHERE e.id = a.entry_id)"
        f" OR (l.case_id IS NOT NULL AND l.case_id IN {cases})"
        " OR l.id IN (SELECT e.line_id FROM adjustment_evidence AS v JOIN count_entry AS e"
        " ON e.id = v.target WHERE v.adjustment_id = a.id AND v.kind = 'count'))"
    )
    investigated = (
        f"SELECT 1 {this} AND (a.investigator_id = NEW.approver_id"
        f" OR EXISTS (SELECT 1 FROM stock_case AS s WHERE s.id IN {cases} AND s.cause_by = NEW.approver_id)"
        f" OR EXISTS (SELECT 1 FROM case_event AS v WHERE v.case_id IN {cases} AND v.kind = 'cause'"
        " AND v.person_id = NEW.approver_id))"
    )
    opened = f"COALESCE((SELECT min(s.opened_at) FROM stock_case AS s WHERE s.id IN {cases}), a.proposed_at)"
    signing = "NEW.decision <> 'approved' OR "
    return append_only(
        "approval",
        "id",
        "adjustment_id",
        conditions=[
            whole("adjustment_id", "approver_id", "tier", "limit_value", "cumulated_value", "at"),
            not_back_dated("at"),
            must("NEW.decision IN ('approved', 'rejected')", "approval-decision", "a decision is yes or no"),
            must(
                f"EXISTS (SELECT 1 {this} AND a.state = 'proposed' AND a.proposed_at <= NEW.at)",
                "adjustment-state",
                "only a proposal is decided",
            ),
            must(
                f"EXISTS (SELECT 1 {this} AND a.shown_hash = NEW.shown_hash)",
                "approval-other-record",
                "what was shown is not what is signed",
            ),
            must(_active("NEW.approver_id", APPROVING), "not-allowed", "only who may approve decides"),
            must(
                f"{signing}NOT EXISTS (SELECT 1 {this} AND a.proposer_id = NEW.approver_id)",
                "approver-proposed",
                "nobody approves what they proposed",
            ),
            must(
                f"{signing}NOT EXISTS ({investigated})",
                "approver-investigated",
                "nobody approves what they investigated",
            ),
            must(
                f"{signing}(NOT EXISTS (SELECT 1 {this}"
                " AND NEW.approver_id IN (a.counter_id, a.recounter_id))"
                f" AND NOT EXISTS ({counted}))",
                "approver-counted",
                "nobody approves what they counted",
            ),
            must(
                f"{signing}NOT EXISTS (SELECT 1 FROM policy_version AS v JOIN adjustment AS a"
                f" ON a.id = NEW.adjustment_id WHERE v.person_id = NEW.approver_id AND v.at >= {opened})",
                "approver-changed-policy",
                "nobody approves under a policy they changed for the case",
            ),
            must(
                f"{signing}EXISTS (SELECT 1 FROM adjustment_evidence AS e"
                " WHERE e.adjustment_id = NEW.adjustment_id)",
                "evidence-missing",
                "an adjustment is approved on evidence only",
            ),
            must(
                f"{signing}trim(NEW.guard_reason) <> ''"
                f" OR EXISTS (SELECT 1 {this} AND a.guard IN ('[]', '') AND NOT EXISTS ({_open_lines('a')}))",
                "guard-reason-missing",
                "approving against open documents needs a reason",
            ),
            must(
                f"{signing}(NEW.cumulated_value >= {_CUMULATED})",
                "approval-cumulated",
                "the cumulated value leaves something out",
            ),
            must(
                f"{signing}(NEW.tier BETWEEN (SELECT a.tier {this}) AND 3"
                f" AND NEW.tier >= {_tier_of('NEW.cumulated_value', '')})",
                "adjustment-tier",
                "the tier is below what policy demands",
            ),
            must(
                f"{signing}(NEW.tier <= {_of_role('NEW.approver_id', 'tier')}"
                f" AND NEW.limit_value <= {_of_role('NEW.approver_id', 'value')}"
                " AND NEW.cumulated_value <= NEW.limit_value)",
                "approval-limit",
                "this is above the limit of who signs",
            ),
        ],
    )


def triggers() -> Triggers:
    """All guards of this part."""
    return _proposing() | _states() | _evidence() | _approving()
