"""Names of codes as the paper prints them."""

from __future__ import annotations

from zeroline.domain.views.key import KeyFacts, Reason
from zeroline.reports.documents import Cell, Flag, Flagged
from zeroline.wording import cause_label

QUEUES = {
    "negative": "Negative on hand",
    "transient": "Transient",
    "repeat": "Repeat discrepancy",
    "override": "Override",
    "self-check": "Self-check",
    "counts due": "Counts due",
}

LIMITS = {
    "tolerance-percent": "percentage",
    "tolerance-quantity": "quantity",
    "tolerance-value": "value",
    "tolerance-below-zero": "below zero",
    "tolerance-none": "no limit is set",
}

HANDS = {
    "counter": "Counter",
    "recounter": "Recounter",
    "investigator": "Investigator",
    "proposer": "Proposer",
    "approver": "Approver",
    "poster": "Poster",
}


def cause(code: str) -> str:
    """'T1 Receipt posted late', or the plain statement that it is open."""
    return cause_label(code) or "not yet determined"


def place(key: KeyFacts) -> str:
    """Bin with the lot and a status that is not the ordinary one."""
    status = key.status if key.status != "available" else ""
    return " · ".join(part for part in (key.location, f"lot {key.lot}" if key.lot else "", status) if part)


def abc(name: str) -> str:
    """The class, or that there is none."""
    return name or "no class"


def limits(reasons: tuple[Reason, ...]) -> str:
    """Which limits a count failed."""
    return ", ".join(LIMITS.get(reason.code, reason.code.replace("-", " ")) for reason in reasons)


def negative(value: int | None) -> Cell:
    """A number that is flagged when it is below zero."""
    return Flagged(value, Flag.BELOW_ZERO) if value is not None and value < 0 else value


def wrong_unless_zero(value: int) -> Cell:
    """Verified at zero, flagged otherwise."""
    return Flagged(value, Flag.VERIFIED if value == 0 else Flag.ATTENTION)


def evidence(pairs: tuple[tuple[str, str], ...]) -> str:
    """'count CNT-000012 line 3; document receipt PO-4501666'."""
    return "; ".join(f"{kind} {name}" for kind, name in pairs)


ORIGINS = {
    "cases": "from cases of the queues",
    "filter": "chosen by filter",
    "overdue": "counts due by policy",
    "recount": "recount",
}

OVERRIDES = {
    "waiting": "not waiting for the document",
    "open documents": "against open documents",
}

TIER_REASONS = {"percent": "percentage", "cumulated": "the day's sum"}


def tier_reasons(reasons: tuple[str, ...]) -> str:
    """Why an adjustment needs its tier."""
    return ", ".join(TIER_REASONS.get(reason, reason.replace("-", " ")) for reason in reasons)


def overrides(pairs: tuple[tuple[str, str], ...]) -> str:
    """What was overridden and the reason typed for it."""
    return "; ".join(f"{OVERRIDES[what]}: {reason}" for what, reason in pairs)
