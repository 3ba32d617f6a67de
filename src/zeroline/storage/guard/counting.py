"""Guards of counts: what one person counted, once, and never twice the same person (rules 3 and 8)."""

from __future__ import annotations

from zeroline.domain.person import RIGHTS, Right
from zeroline.domain.quantity import SCALE
from zeroline.storage.guard.trigger import (
    Triggers,
    append_only,
    kept,
    must,
    no_replacing,
    not_back_dated,
    one_of,
    refuse,
    trigger,
    whole,
)

COUNTING = one_of(*(role.value for role, rights in RIGHTS.items() if Right.COUNT in rights))

_BOOK = (  # balance in book order and last movement at the instant of the count, as the ledger has it
    "(SELECT COALESCE(sum(m.quantity), 0), COALESCE(max(m.seq), 0) FROM count_entry AS e"
    " JOIN count_line AS l ON l.id = e.line_id"
    " JOIN movement AS m ON m.key_id = l.key_id AND m.recorded_at <= e.counted_at"
    " WHERE e.id = NEW.entry_id)"
)

_SCOPES = (  # where a tolerance can be set, the most specific first, and what a place of the count is called
    ("item:", "i.code"),
    ("location:", "p.code"),
    ("item class:", "i.item_class"),
    ("class:", "i.abc_class"),
    ("warehouse:", "p.warehouse"),
    ("site:", "s.code"),
    ("everywhere", "''"),
)
_RULES = "json_each((SELECT content FROM policy_version ORDER BY version DESC LIMIT 1), '$.tolerances')"
_OFF, _EXPECTED = "abs(e.quantity - NEW.book - NEW.late)", "(NEW.book + NEW.late)"


def _rank(rule: str) -> str:
    """How specific a rule of policy is for the count; NULL where it is about something else."""
    named = (f" WHEN {rule}.key = '{scope}' || {code} THEN {n}" for n, (scope, code) in enumerate(_SCOPES))
    return f"CASE{''.join(named)} END"


def _limit(name: str, holds: str) -> str:
    limit = f"CAST(json_extract(r.value, '$.{name}') AS BIGINT)"
    return f"({limit} IS NULL OR {holds.format(limit)})"


_COUNT = (
    "SELECT 1 FROM count_entry AS e JOIN count_line AS n ON n.id = e.line_id"
    " JOIN stock_key AS k ON k.id = n.key_id JOIN item AS i ON i.id = k.item_id"
    " JOIN location AS p ON p.id = k.location_id JOIN site AS s ON s.id = p.site_id{}"
    " WHERE e.id = NEW.entry_id AND "
)
_WITHIN = (  # the most specific tolerance of policy: every limit that is set holds, and one is set (rule 5)
    f"{_rank('r')} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {_RULES} AS q WHERE {_rank('q')} < {_rank('r')})"
    " AND COALESCE(json_extract(r.value, '$.percent'), json_extract(r.value, '$.quantity'),"
    " json_extract(r.value, '$.value')) IS NOT NULL AND "
    + _limit(
        "percent",
        f"(NEW.book >= 0 AND {_EXPECTED} > 0 AND {_OFF} * {SCALE}.0"
        f" <= {{0}} * 1.000000001 * CASE WHEN abs({_EXPECTED}) >= e.quantity AND abs({_EXPECTED}) >= {SCALE}"
        f" THEN abs({_EXPECTED}) WHEN e.quantity >= {SCALE} THEN e.quantity ELSE {SCALE} END)",
    )
    + " AND "
    + _limit("quantity", f"{_OFF} <= {{0}}")
    + " AND "
    + _limit("value", f"{_OFF} * 1.0 * i.unit_cost <= {{0}} * {SCALE}.0 * 1.000000001")
)
_VERDICT = (
    "COALESCE(CAST(json_extract(CASE WHEN json_valid(NEW.tolerance) THEN NEW.tolerance ELSE '{}' END,"
    f" '$.within') AS BIGINT), 0) = 0 OR EXISTS ({_COUNT.format('')}{_OFF} = 0)"
    f" OR EXISTS ({_COUNT.format(f' CROSS JOIN {_RULES} AS r')}{_WITHIN})"
)


def triggers() -> Triggers:
    """All guards of this part."""
    return (
        append_only(
            "count_entry",
            "id",
            "line_id, round",
            conditions=[
                whole("line_id", "round", "counter_id", "counted_at", "quantity", "submitted_at"),
                not_back_dated("submitted_at"),
                must(
                    "NEW.counted_at <= NEW.submitted_at",
                    "count-not-yet",
                    "nothing is handed in before it is counted",
                ),
                must("NEW.quantity >= 0", "count-negative", "a count is never below zero"),
                must(
                    "NEW.round = COALESCE((SELECT max(o.round) FROM count_entry AS o"
                    " WHERE o.line_id = NEW.line_id), 0) + 1",
                    "count-round",
                    "rounds follow each other",
                ),
                must(
                    "NOT EXISTS (SELECT 1 FROM count_entry AS o WHERE o.line_id = NEW.line_id"
                    " AND o.counter_id = NEW.counter_id)",
                    "count-same-person",
                    "a recount is made by somebody else",
                ),
                must(
                    "EXISTS (SELECT 1 FROM person AS p WHERE p.id = NEW.counter_id AND p.active"
                    f" AND p.role IN {COUNTING})",
                    "not-allowed",
                    "only an active person who may count counts",
                ),
                must(
                    "EXISTS (SELECT 1 FROM count_line AS l JOIN count_sheet AS s ON s.id = l.sheet_id"
                    " WHERE l.id = NEW.line_id AND s.state <> 'cancelled')",
                    "count-line-unknown",
                    "a count belongs to a line of a sheet that was not cancelled",
                ),
            ],
        )
        | append_only(
            "count_expectation",
            "entry_id",
            conditions=[
                whole("entry_id", "book", "book_seq", "late"),
                must(
                    "EXISTS (SELECT 1 FROM count_entry AS e WHERE e.id = NEW.entry_id)",
                    "count-line-unknown",
                    "an expectation belongs to a count",
                ),
                must(
                    f"(NEW.book, NEW.book_seq) = {_BOOK}",
                    "count-expected",
                    "what is expected is the book at the instant of the count",
                ),
                must(
                    _VERDICT,
                    "count-verdict",
                    "a count is within tolerance only if the limits of policy say so",
                ),
            ],
        )
        | trigger(
            "count_sheet_insert",
            "BEFORE INSERT ON count_sheet",
            [no_replacing("count_sheet", "id", "number")],
        )
        | kept("count_sheet", "count-identity", "id", "number", "created_by", "created_at")
        | trigger(
            "count_line_insert",
            "BEFORE INSERT ON count_line",
            [
                no_replacing("count_line", "id", "sheet_id, key_id"),
                must("NEW.state = 'to count'", "count-verdict", "a line begins uncounted"),
            ],
        )
        | trigger(
            "count_line_accepted",
            "BEFORE UPDATE ON count_line",
            [
                must(
                    "EXISTS (SELECT 1 FROM count_entry AS e JOIN count_expectation AS x ON x.entry_id = e.id"
                    " WHERE e.line_id = NEW.id"
                    " AND CAST(json_extract(x.tolerance, '$.within') AS BIGINT) = 1)",
                    "count-verdict",
                    "a line is accepted by a count that is within tolerance",
                )
            ],
            when="NEW.state = 'accepted' AND OLD.state <> 'accepted'",
        )
        | trigger(
            "count_line_identity",
            "BEFORE UPDATE ON count_line",
            [
                must(
                    "NEW.id = OLD.id AND NEW.sheet_id = OLD.sheet_id AND NEW.key_id = OLD.key_id",
                    "count-identity",
                    "what a count line is never changes",
                ),
                must(
                    "NEW.case_id IS NOT DISTINCT FROM OLD.case_id"
                    " OR NOT EXISTS (SELECT 1 FROM count_entry AS e WHERE e.line_id = OLD.id)",
                    "count-identity",
                    "what a line was counted for never changes",
                ),
            ],
        )
        | refuse(
            "count_line_delete",
            "BEFORE DELETE ON count_line",
            "append-only",
            "a line that a sheet asks for, or that was counted, is never deleted",
            when="NOT OLD.found OR EXISTS (SELECT 1 FROM count_entry AS e WHERE e.line_id = OLD.id)"
            " OR NOT EXISTS (SELECT 1 FROM count_sheet AS s WHERE s.id = OLD.sheet_id AND s.state = 'open')",
        )
    )
