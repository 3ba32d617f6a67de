"""Header, scope and integrity that every report shares."""

from __future__ import annotations

from collections.abc import Sequence

from zeroline.domain import instant
from zeroline.domain.views.reporting import Basis
from zeroline.reports.documents import (
    Block,
    Column,
    Document,
    Fact,
    Facts,
    Integrity,
    Kind,
    Orientation,
    Paper,
    Table,
    data_hash,
)


def document(
    kind: str,
    title: str,
    basis: Basis,
    blocks: Sequence[Block],
    *,
    rows: int,
    controls: Sequence[Fact] = (),
    scope: str = "",
    paper: Paper = Paper.A4,
    orientation: Orientation = Orientation.AUTO,
    period: bool = True,
) -> Document:
    """A whole Document over ``basis``; ``rows`` and ``controls`` are the control totals.

    ``period`` False: the report is about one thing, not about a period.
    """
    return Document(
        kind=kind,
        title=title,
        scope=scope or where(basis),
        as_of=basis.as_of,
        generated_at=basis.generated_at,
        generated_by=basis.generated_by or "Zeroline, without a person",
        integrity=Integrity(
            data_hash(kind, basis.as_of, blocks),
            basis.chain_head,
            basis.chain_position,
            rows,
            controls,
        ),
        blocks=tuple(blocks),
        facts=header_facts(basis, period),
        zone=basis.zone,
        currency=basis.currency,
        paper=paper,
        orientation=orientation,
    )


def where(basis: Basis) -> str:
    """The scope in words: site or all sites (of a reader who sees only some: those), or one count."""
    site = basis.site or (f"Only {', '.join(basis.limited)}" if basis.limited else "All sites")
    return f"{site} · count {basis.sheet}" if basis.sheet else site


def _sites(basis: Basis) -> str:
    if basis.site or not basis.limited:
        return basis.site or "all sites"
    reader = basis.generated_by or "the reader"
    return f"{', '.join(basis.limited)}: what other sites have is hidden from {reader}"


def header_facts(basis: Basis, period: bool = True) -> tuple[Fact, ...]:
    """Entity, period, policy and how far the knowledge goes."""
    facts = [Fact("Entity", basis.entity or "not named"), Fact("Site", _sites(basis))]
    if period:
        facts += [
            Fact("Period from", basis.since, Kind.INSTANT),
            Fact("Period to", basis.as_of, Kind.INSTANT),
            Fact(
                "How selected",
                f"count {basis.sheet}" if basis.sheet else "every count and every stock key of the scope",
            ),
        ]
    facts += [
        Fact("Policy version", basis.policy, Kind.COUNT),
        Fact("Ledger known by", basis.known_by, Kind.INSTANT),
        Fact("Last movement counted", basis.last_seq, Kind.COUNT),
    ]
    return tuple(facts)


def cut_off(basis: Basis) -> Table:
    """The last document of each kind of movement that is still in."""
    return Table(
        "cut-off",
        "Cut-off documents",
        (
            Column("kind", "Kind of movement"),
            Column("document", "Last document counted", Kind.CODE),
            Column("at", "Recorded", Kind.INSTANT, seconds=True),
        ),
        rows=list(basis.cut_off),
        nothing="No movement of the period carries a document.",
    )


def period_days(basis: Basis) -> int:
    """Whole days of the period."""
    return max(1, (basis.as_of - basis.since) // instant.DAY)


def headline(facts: Sequence[Fact]) -> Facts:
    """The answer of the first page in large figures."""
    return Facts(tuple(facts), columns=4, large=True)
