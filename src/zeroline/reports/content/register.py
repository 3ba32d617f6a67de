"""Approvals, the separation-of-duties matrix, and report (d) around them."""

from __future__ import annotations

from collections.abc import Sequence

from zeroline.domain.duties import HANDS
from zeroline.domain.views.reporting import ApprovedRow, Register
from zeroline.reports.content import frame, why, words
from zeroline.reports.documents import (
    Block,
    Cell,
    Column,
    Document,
    Fact,
    Flag,
    Flagged,
    Heading,
    Kind,
    Paper,
    Row,
    Table,
    Total,
)

_COLUMNS = (
    Column("number", "Adjustment", Kind.CODE, strong=True),
    Column("kind", "Kind", under="number"),
    Column("item", "Item", Kind.CODE),
    Column("place", "Location", Kind.CODE, under="item"),
    Column("quantity", "Quantity", Kind.QUANTITY, flag_negative=True),
    Column("unit", "Unit", under="quantity"),
    Column("before", "Before", Kind.QUANTITY, flag_negative=True),
    Column("after", "After", Kind.QUANTITY, under="before", flag_negative=True),
    Column("value", "Value", Kind.MONEY, flag_negative=True),
    Column("cost", "Unit cost", Kind.MONEY, under="value"),
    Column("cause", "Cause", share=1.4),
    Column("said", "Stands on", under="cause"),
    Column("evidence", "Evidence", under="cause"),
    Column("tier", "Tier", Kind.COUNT),
    Column("limit", "Limit", Kind.MONEY, under="tier"),
    Column("cumulated", "Day's sum", Kind.MONEY, under="tier"),
    Column("required", "Required"),
    Column("reasons", "Because of, policy", under="required"),
    Column("proposer", "Proposed by"),
    Column("proposed", "Proposed", Kind.INSTANT, under="proposer"),
    Column("approver", "Decided by"),
    Column("decided", "Decided", Kind.INSTANT, under="approver"),
    Column("decision", "Decision", share=1.2),
    Column("comment", "Comment", under="decision"),
    Column("poster", "Posted by"),
    Column("posted", "Posted", Kind.INSTANT, under="poster"),
)


def _row(row: ApprovedRow) -> Row:
    comment = "; ".join(
        part
        for part in (
            row.comment,
            row.decision_comment,
            f"reverses {row.reversal_of}" if row.reversal_of else "",
        )
        if part
    )
    cells: list[Cell] = [
        row.number,
        row.kind,
        row.key.item,
        words.place(row.key),
        row.quantity,
        row.key.unit,
        row.before,
        row.before + row.quantity,
        row.value,
        row.unit_cost,
        words.cause(row.cause),
        why.said_of(row.why),
        words.evidence(row.evidence),
        row.tier,
        row.limit_value,
        row.cumulated_value,
        " or ".join(row.required) or "nobody",
        " · ".join(p for p in (words.tier_reasons(row.tier_reasons), f"policy {row.policy}") if p),
        row.proposer,
        row.proposed_at,
        " · ".join(part for part in (row.approver, row.approver_role) if part),
        row.decided_at,
        _decision(row),
        comment,
        row.poster,
        row.posted_at,
    ]
    return cells


def _decision(row: ApprovedRow) -> str:
    if row.state in ("posted", "withdrawn") and row.decision:
        return f"{row.decision}, {row.state}"
    return row.decision or {"proposed": "waits for a decision"}.get(row.state, row.state)


def approvals_table(rows: Sequence[ApprovedRow]) -> Table:
    """Tier, limit, who was required and who decided, when, with which comment."""
    totals = []
    posted = [row for row in rows if row.state == "posted"]
    if posted:
        for label, value in (
            ("Posted, net", sum(row.value for row in posted)),
            ("Posted, gross", sum(abs(row.value) for row in posted)),
        ):
            cells: list[Cell] = [None] * len(_COLUMNS)
            cells[8] = value
            totals.append(Total(label, cells))
    return Table(
        "approvals",
        "Each adjustment with who had to sign it and who did",
        _COLUMNS,
        rows=[_row(row) for row in rows],
        totals=totals,
        nothing="No adjustment was proposed, decided or posted in this period.",
    )


def duties_table(rows: Sequence[ApprovedRow]) -> Table:
    """The separation-of-duties matrix: six hands each, and whether two that must differ were one person."""
    return Table(
        "duties",
        "Whose hands each adjustment went through",
        (
            Column("number", "Adjustment", Kind.CODE, strong=True),
            *(Column(hand, words.HANDS[hand]) for hand in HANDS),
            Column("conflict", "Conflict", share=1.2),
            Column("overrides", "Overrides", share=1.6),
        ),
        rows=[
            (
                row.number,
                *(dict(row.names)[hand] for hand in HANDS),
                _conflict(row),
                words.overrides(row.overrides),
            )
            for row in rows
        ],
        nothing="No adjustment, so no hands to keep apart.",
    )


def _conflict(row: ApprovedRow) -> Cell:
    if not row.conflicts:
        return Flagged("none", Flag.VERIFIED)
    return Flagged(
        ", ".join(f"{words.HANDS[one]} = {words.HANDS[other]}" for one, other in row.conflicts),
        Flag.ATTENTION,
    )


def register_report(data: Register, paper: Paper = Paper.A4) -> Document:
    """Report (d): the adjustment register with approvals."""
    posted = [row for row in data.rows if row.state == "posted"]
    net, gross = sum(row.value for row in posted), sum(abs(row.value) for row in posted)
    blocks: list[Block] = [
        frame.headline(
            [
                Fact("Adjustments", len(data.rows), Kind.COUNT),
                Fact("Posted", len(posted), Kind.COUNT),
                Fact("Posted, net", net, Kind.MONEY),
                Fact("Posted, gross", gross, Kind.MONEY),
                Fact("Up", sum(row.quantity > 0 for row in posted), Kind.COUNT),
                Fact("Down", sum(row.quantity < 0 for row in posted), Kind.COUNT),
                Fact("Rejected", sum(row.state == "rejected" for row in data.rows), Kind.COUNT),
                Fact(
                    "Conflicts of duty",
                    words.wrong_unless_zero(sum(bool(row.conflicts) for row in data.rows)),
                    Kind.COUNT,
                ),
            ]
        ),
        Heading("Adjustments and approvals"),
        approvals_table(data.rows),
        Heading("Separation of duties"),
        duties_table(data.rows),
    ]
    return frame.document(
        "register",
        "Adjustment register",
        data.basis,
        blocks,
        rows=len(data.rows),
        controls=(Fact("Posted, net", net, Kind.MONEY), Fact("Posted, gross", gross, Kind.MONEY)),
        paper=paper,
    )
