"""The ten rules of the trade, read from the database alone: each answers what breaks it.

Nothing here uses the program's own arithmetic. ``since`` names the last row of a table that was looked at
before, so that a step is held against what it wrote; without it everything is looked at.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from support.ledger import Row
from support.naive_replay import naive_balances, naive_episodes

Since = Mapping[str, int]
ALL: Since = {}


class Readable(Protocol):
    """Whatever answers SQL."""

    name: str

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """What a statement reads."""


Rule = Callable[[Readable, Since], list[Any]]

EVIDENCE = {
    "movement": "seq", "approval": "id", "adjustment_evidence": "id", "count_entry": "id",
    "count_expectation": "entry_id", "audit_entry": "seq", "policy_version": "version",
    "role_request": "id", "role_answer": "id", "case_event": "id", "case_evidence": "id", "attachment": "id",
    "import_reject": "id", "cause_verdict": "id", "diagnosis": "id", "command": "key",
}  # fmt: skip
"""Append-only tables and what orders them."""

_EXACT = {
    "movement": ("quantity", "entered_quantity", "occurred_at", "recorded_at"),
    "balance": ("on_hand",),
    "adjustment": ("quantity", "book_before", "unit_cost", "value"),
    "approval": ("limit_value", "cumulated_value"),
    "count_entry": ("quantity",),
    "count_expectation": ("book", "late"),
    "document_line": ("quantity", "done_quantity"),
}
_ORDER = EVIDENCE | {"balance": "key_id", "adjustment": "id", "document_line": "id"}


def exact(place: Readable, since: Since) -> list[Any]:
    """1: quantities, money and instants are whole numbers, and a value is its quantity at its cost."""
    found: list[Any] = [
        (table, *row)
        for table, columns in _EXACT.items()
        for row in place.rows(
            f"SELECT {', '.join(columns)} FROM {table} WHERE {_ORDER[table]} > ?",
            -1 if table in ("balance", "document_line") else since.get(table, -1),
        )
        if any(type(value) is not int for value in row)
    ]
    valued = "SELECT id, quantity, unit_cost, value FROM adjustment WHERE id > ?"
    return found + [
        ("value", *row)
        for row in place.rows(valued, since.get("adjustment", -1))
        if abs(row[1] * row[2] - row[3] * 1_000_000) * 2 > 1_000_000
    ]


def separated(place: Readable, since: Since) -> list[Any]:
    """3: nobody approves what their hand was in, recounts their own count, or posts what they approved."""
    last = since.get("approval", -1)
    approved = (
        "FROM approval p JOIN adjustment a ON a.id = p.adjustment_id WHERE p.decision = 'approved' "
        "AND p.id > ? AND "
    )
    return (
        place.rows(
            f"SELECT 'own hand', a.id {approved}(p.approver_id = a.proposer_id OR p.approver_id IN "
            "(a.investigator_id, a.counter_id, a.recounter_id))",
            last,
        )
        + place.rows(
            f"SELECT 'counted', a.id {approved}EXISTS (SELECT 1 FROM count_entry e JOIN count_line l "
            "ON l.id = e.line_id WHERE e.counter_id = p.approver_id AND e.submitted_at < p.at AND ("
            "l.id = (SELECT f.line_id FROM count_entry f WHERE f.id = a.entry_id) OR l.case_id = a.case_id "
            "OR e.id IN (SELECT v.target FROM adjustment_evidence v "
            "WHERE v.adjustment_id = a.id AND v.kind = 'count')))",
            last,
        )
        + place.rows(
            f"SELECT 'investigated', a.id {approved}EXISTS (SELECT 1 FROM case_event e WHERE e.case_id = "
            "a.case_id AND e.kind = 'cause' AND e.person_id = p.approver_id AND e.at < p.at)",
            last,
        )
        + place.rows(
            f"SELECT 'changed the policy', a.id {approved}EXISTS (SELECT 1 FROM policy_version v WHERE "
            "v.person_id = p.approver_id AND v.at < p.at AND v.at >= COALESCE((SELECT c.opened_at "
            "FROM stock_case c WHERE c.id = a.case_id), a.proposed_at))",
            last,
        )
        + place.rows(
            "SELECT 'recount', e.id FROM count_entry e JOIN count_entry f ON f.line_id = e.line_id "
            "AND f.id < e.id WHERE e.counter_id = f.counter_id AND e.id > ?",
            since.get("count_entry", -1),
        )
        + place.rows(
            f"SELECT 'poster', a.id {approved}(a.tier > 2 OR p.tier > 2) AND a.poster_id = p.approver_id", -1
        )
        + place.rows(
            f"SELECT 'over the limit', a.id {approved}(p.limit_value < p.cumulated_value "
            "OR p.cumulated_value < abs(a.value) OR p.tier < a.tier)",
            last,
        )
        + place.rows(  # what was posted of one key, proposer and day up to this one
            f"SELECT 'split', a.id {approved}p.limit_value < (SELECT SUM(abs(b.value)) FROM adjustment b "
            "JOIN approval q ON q.adjustment_id = b.id WHERE b.key_id = a.key_id AND b.state = 'posted' "
            "AND b.proposer_id = a.proposer_id AND b.proposed_at / 86400000000 = a.proposed_at / 86400000000 "
            "AND q.id <= p.id) AND a.state = 'posted'",
            last,
        )
    )


def founded(place: Readable, since: Since) -> list[Any]:
    """4: what is posted has a cause, evidence, one approval of its tier, one movement of its quantity."""
    posted = "FROM adjustment a WHERE a.state = 'posted' AND "
    evidence = "(SELECT 1 FROM adjustment_evidence v WHERE v.adjustment_id = a.id AND v.kind IN {})"
    return (
        place.rows(f"SELECT 'cause', a.id {posted}(trim(a.cause) = '' OR a.proposer_id = 0)")
        + place.rows(
            f"SELECT 'evidence', a.id {posted}NOT EXISTS "
            + evidence.format("('count', 'document', 'attachment', 'movement')")
            + " OR (a.kind = 'count correction' AND NOT EXISTS "
            + evidence.format("('count')")
            + ") OR (a.kind = 'adjustment' AND NOT EXISTS "
            + evidence.format("('document', 'attachment')")
            + ")"
        )
        + place.rows(
            f"SELECT 'approval', a.id {posted}(SELECT COUNT(*) FROM approval p WHERE p.adjustment_id = a.id "
            "AND p.decision = 'approved' AND p.tier >= a.tier AND p.shown_hash = a.shown_hash) <> 1"
        )
        + place.rows(
            f"SELECT 'movement', a.id {posted}(SELECT COUNT(*) FROM movement m WHERE m.adjustment_id = a.id "
            "AND m.quantity = a.quantity AND m.key_id = a.key_id) <> 1"
        )
        + place.rows(
            "SELECT 'origin', m.seq FROM movement m LEFT JOIN adjustment a ON a.id = m.adjustment_id "
            "JOIN source s ON s.id = m.source_id WHERE m.seq > ? AND ((s.code = 'zeroline' AND a.id IS NULL) "
            "OR (a.id IS NOT NULL AND a.state <> 'posted'))",
            since.get("movement", -1),
        )
        + _under_tier(place, since.get("adjustment", -1))
    )


def _under_tier(place: Readable, last: int) -> list[Any]:
    found = []
    for id, value, quantity, tier, content in place.rows(
        "SELECT a.id, a.value, a.quantity, a.tier, p.content FROM adjustment a "
        "JOIN policy_version p ON p.version = a.policy WHERE a.id > ?",
        last,
    ):
        sizes = {"value": abs(value), "quantity": abs(quantity)}
        beyond = [
            any(one[name] is not None and size > one[name] for name, size in sizes.items())
            for one in json.loads(content)["tiers"]
        ]
        if tier < (3 if beyond[1] else 2 if beyond[0] else 1):
            found.append(("tier", id, tier))
    return found


def tolerant(place: Readable, since: Since) -> list[Any]:
    """5: what passed was within every limit of the most specific rule, and never by percentage below zero."""
    found: list[Any] = place.rows(
        "SELECT 'accepted', l.id FROM count_line l WHERE l.state = 'accepted' AND (? < 0 OR l.id IN "
        "(SELECT n.line_id FROM count_entry n WHERE n.id > ?)) AND NOT EXISTS (SELECT 1 "
        "FROM count_entry e JOIN count_expectation x ON x.entry_id = e.id WHERE e.line_id = l.id "
        "AND CAST(json_extract(x.tolerance, '$.within') AS BIGINT) = 1)",
        *(since.get("count_entry", -1), since.get("count_entry", -1)),
    )
    policies: dict[int, Any] = {}
    for entry, verdict, counted, book, late, cost, *names in place.rows(
        "SELECT e.id, x.tolerance, e.quantity, x.book, x.late, i.unit_cost, i.code, p.code, i.item_class, "
        "i.abc_class, p.warehouse, s.code FROM count_expectation x JOIN count_entry e ON e.id = x.entry_id "
        "JOIN count_line l ON l.id = e.line_id JOIN stock_key k ON k.id = l.key_id JOIN item i "
        "ON i.id = k.item_id JOIN location p ON p.id = k.location_id JOIN site s ON s.id = p.site_id "
        "WHERE x.entry_id > ?",
        since.get("count_expectation", -1),
    ):
        said = json.loads(verdict)
        version = said["policy"]
        if version not in policies:
            ((content,),) = place.rows("SELECT content FROM policy_version WHERE version = ?", version)
            policies[version] = json.loads(content)["tolerances"]
        off, expected = abs(counted - book - late), book + late
        rule = _most_specific(policies[version], names)
        limits = {name: limit for name, limit in (rule or {}).items() if limit is not None}
        passes = off == 0 or (
            bool(limits)
            and ("percent" not in limits
                 or (book >= 0 and expected > 0
                     and off * 1_000_000 <= limits["percent"] * max(expected, counted, 1_000_000)))
            and off <= limits.get("quantity", off)
            and off * cost <= limits.get("value", off * cost) * 1_000_000
        )  # fmt: skip
        if bool(said["within"]) and not passes:
            found.append((entry, said, limits))
    return found


def _most_specific(rules: Mapping[str, Any], names: list[str]) -> Any:
    scopes = ("item", "location", "item class", "class", "warehouse", "site")
    for scope, name in zip(scopes, names, strict=True):
        if name and f"{scope}:{name}" in rules:
            return rules[f"{scope}:{name}"]
    return rules.get("everywhere")


def rolled(place: Readable, since: Since) -> list[Any]:
    """6: the book of a count is that of its instant; what is posted is what was counted less what had
    happened by then, as far as the ledger knew when it was posted."""
    return place.rows(
        "SELECT 'book', x.entry_id FROM count_expectation x JOIN count_entry e ON e.id = x.entry_id "
        "JOIN count_line l ON l.id = e.line_id WHERE x.entry_id > ? AND x.book <> COALESCE((SELECT "
        "SUM(m.quantity) FROM movement m WHERE m.key_id = l.key_id AND m.recorded_at <= e.counted_at "
        "AND m.seq <= x.book_seq), 0)",
        since.get("count_expectation", -1),
    ) + place.rows(
        "SELECT 'posted', a.id FROM adjustment a JOIN count_entry e ON e.id = a.entry_id JOIN movement m "
        "ON m.adjustment_id = a.id WHERE a.kind = 'count correction' AND m.seq > ? AND a.quantity <> "
        "e.quantity - COALESCE((SELECT SUM(b.quantity) FROM movement b WHERE b.key_id = a.key_id "
        "AND b.seq < m.seq AND b.occurred_at <= e.counted_at), 0)",
        since.get("movement", -1),
    )


def guarded(place: Readable, since: Since) -> list[Any]:
    """7: what an open document may explain is proposed and approved with a typed reason only.

    Documents stand as they are now, so this holds for what was written since they changed.
    """
    found = place.rows(
        "SELECT 'proposed', id FROM adjustment WHERE guard NOT IN ('', '[]') AND trim(guard_reason) = ''"
    ) + place.rows(
        "SELECT 'approved', p.id FROM approval p JOIN adjustment a ON a.id = p.adjustment_id WHERE "
        "p.decision = 'approved' AND a.guard NOT IN ('', '[]') AND trim(p.guard_reason) = ''"
    )
    if since is ALL:
        return found
    explaining = (
        "a.quantity > 0 AND EXISTS (SELECT 1 FROM document d JOIN document_line l ON l.document_id = d.id "
        "JOIN stock_key k ON k.id = a.key_id WHERE l.item_id = k.item_id AND d.state = 'open' "
        "AND d.kind <> 'order' AND l.done_quantity < l.quantity AND l.lot IN ('', k.lot) "
        "AND (l.location_id IS NULL OR l.location_id = k.location_id))"
    )
    return (
        found
        + place.rows(
            "SELECT 'not shown', a.id FROM adjustment a WHERE a.id > ? AND a.guard IN ('', '[]') "
            f"AND {explaining}",
            since.get("adjustment", -1),
        )
        + place.rows(
            "SELECT 'no reason', p.id FROM approval p JOIN adjustment a ON a.id = p.adjustment_id "
            f"WHERE p.id > ? AND p.decision = 'approved' AND trim(p.guard_reason) = '' AND {explaining}",
            since.get("approval", -1),
        )
    )


def kept(place: Readable, since: Since) -> list[Any]:
    """8: each count has its expectation, without a difference too; what was not counted says why and is no
    count of zero."""
    return (
        place.rows(
            "SELECT 'expectation', e.id FROM count_entry e WHERE e.id > ? AND NOT EXISTS "
            "(SELECT 1 FROM count_expectation x WHERE x.entry_id = e.id) AND NOT EXISTS "
            "(SELECT 1 FROM count_line l WHERE l.id = e.line_id AND l.state = 'handed in')",
            since.get("count_entry", -1),
        )
        + place.rows(
            "SELECT 'line', l.id FROM count_line l WHERE (l.state IN ('accepted', 'variance') "
            "AND NOT EXISTS (SELECT 1 FROM count_entry e WHERE e.line_id = l.id)) "
            "OR (l.state = 'not counted' AND (l.reason = '' "
            "OR EXISTS (SELECT 1 FROM count_entry e WHERE e.line_id = l.id)))"
        )
        + place.rows(
            "SELECT 'nobody typed it', e.id FROM count_entry e WHERE e.quantity = 0 "
            "AND e.entered NOT LIKE '%0%' AND e.id > ?",
            since.get("count_entry", -1),
        )
    )


def allowed(place: Readable, _since: Since) -> list[Any]:
    """9: what is below zero now has the case of its stretch, unless somebody with a name settled it."""
    return place.rows(
        "SELECT 'balance', b.key_id FROM balance b WHERE b.on_hand < 0 AND NOT EXISTS "
        "(SELECT 1 FROM episode e JOIN stock_case c ON c.key_id = e.key_id AND c.opening_seq = e.opening_seq "
        "WHERE e.key_id = b.key_id AND e.ended_at IS NULL AND c.queue = 'negative')"
    )


def once(place: Readable, since: Since) -> list[Any]:
    """10: nothing came in twice; of an import every row was added, known, left out, or is listed with why."""
    return (
        place.rows(
            "SELECT 'twice', source_id, reference FROM movement GROUP BY source_id, reference "
            "HAVING COUNT(*) > 1"
        )
        + place.rows(
            "SELECT 'lost', r.id FROM import_run r WHERE r.kind = 'movements' AND r.id > ? AND ("
            "r.rows_read <> r.rows_added + r.rows_known + r.rows_skipped + r.rows_rejected "
            "OR r.rows_added <> (SELECT COUNT(*) FROM movement m WHERE m.import_id = r.id) "
            "OR r.rows_rejected <> (SELECT COUNT(*) "
            "FROM import_reject j WHERE j.import_id = r.id))",
            since.get("import_run", -1),
        )
        + place.rows(
            "SELECT 'unsaid', id FROM import_reject WHERE id > ? AND (code = '' OR \"row\" < 1 "
            "OR cells IN ('', '[]'))",
            since.get("import_reject", -1),
        )
    )


_HANDS = (
    ("count_entry", "counter_id", "JOIN count_line l ON l.id = t.line_id", "l.key_id"),
    ("adjustment", "proposer_id", "", "t.key_id"),
    ("approval", "approver_id", "JOIN adjustment a ON a.id = t.adjustment_id", "a.key_id"),
    ("case_event", "person_id", "JOIN stock_case c ON c.id = t.case_id", "c.key_id"),
)


def placed(place: Readable, since: Since) -> list[Any]:
    """Who works at some sites only wrote nothing about another one."""
    return [
        (table, *row)
        for table, who, joined, key in _HANDS
        for row in place.rows(
            f"SELECT t.id FROM {table} t {joined} JOIN stock_key k ON k.id = {key} JOIN location p "
            f"ON p.id = k.location_id WHERE t.id > ? AND EXISTS (SELECT 1 FROM person_site s "
            f"WHERE s.person_id = t.{who}) AND NOT EXISTS (SELECT 1 FROM person_site s "
            f"WHERE s.person_id = t.{who} AND s.site_id = p.site_id)",
            since.get(table, -1),
        )
    ]


def summed(place: Readable, _since: Since) -> list[Any]:
    """A balance is the sum of its movements."""
    return place.rows(
        "SELECT k.id FROM stock_key k LEFT JOIN balance b ON b.key_id = k.id LEFT JOIN (SELECT key_id, "
        "SUM(quantity) AS total FROM movement GROUP BY key_id) m ON m.key_id = k.id "
        "WHERE COALESCE(b.on_hand, 0) <> COALESCE(m.total, 0)"
    )


def replayed(place: Readable, _since: Since) -> list[Any]:
    """Balances and episodes are those of the slow replay."""
    found = place.rows("SELECT key_id, seq, occurred_at, recorded_at, quantity FROM movement ORDER BY seq")
    rows = [Row(*row) for row in found]
    episodes = {(*one[:6], one[7]) for one in naive_episodes(rows) if one[2] is not None}
    stored = {
        (*row[:6], bool(row[6]))
        for row in place.rows(
            "SELECT key_id, started_at, ended_at, opening_seq, closing_seq, depth, transient FROM episode "
            "WHERE ended_at IS NOT NULL"
        )
    }
    balances = set(naive_balances(rows).items()) ^ set(place.rows("SELECT key_id, on_hand FROM balance"))
    return [*balances, *(episodes ^ stored)]


RULES: dict[str, Rule] = {
    "1": exact, "3": separated, "4": founded, "5": tolerant, "6": rolled, "7": guarded, "8": kept,
    "9": allowed, "10": once, "balance": summed,
    "sites": placed,
}  # fmt: skip
"""Held after each step; rule 2, that nothing is changed or taken away, is the watch's."""
