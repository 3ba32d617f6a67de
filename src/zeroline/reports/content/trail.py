"""Report (e): the audit trail of a case: what happened, and each entry of the chain that concerns it."""

from __future__ import annotations

from collections.abc import Sequence

from zeroline.domain.views.case import CaseView, EventFacts
from zeroline.domain.views.reporting import Basis, TrailEntry
from zeroline.reports.content import frame, words
from zeroline.reports.documents import (
    BalanceChart,
    Band,
    Block,
    Column,
    Document,
    Fact,
    Facts,
    Heading,
    Kind,
    Mark,
    Marker,
    Paper,
    Table,
)


def trail_report(
    view: CaseView, entries: Sequence[TrailEntry], basis: Basis, paper: Paper = Paper.A4
) -> Document:
    """The case in figures, its balance as a chart, its log, and its entries in the audit chain."""
    key, episode = view.key, view.episode
    blocks: list[Block] = [
        Facts(
            (
                Fact("Case", view.case_id, Kind.COUNT),
                Fact("Queue", words.QUEUES[view.queue.value]),
                Fact("State", view.state.value),
                Fact("Item", key.item, Kind.CODE),
                Fact("Description", key.description),
                Fact("Location", " · ".join(p for p in (key.location, key.lot, key.status) if p), Kind.CODE),
                Fact("On hand", words.negative(view.on_hand), Kind.QUANTITY),
                Fact("Crossed zero", episode.started_at if episode else None, Kind.INSTANT),
                Fact("Back at zero", episode.ended_at if episode else None, Kind.INSTANT),
                Fact("Deepest", words.negative(episode.depth) if episode else None, Kind.QUANTITY),
                Fact("Owner", view.owner or "nobody"),
                Fact("Cause", words.cause(view.cause.code if view.cause else "")),
            ),
            columns=3,
        ),
        _chart(view),
        Heading("Log of the case"),
        Table(
            "log",
            "What was done",
            (
                Column("at", "When", Kind.INSTANT, seconds=True),
                Column("person", "Who"),
                Column("kind", "What"),
                Column("text", "In words", share=3.0),
            ),
            rows=[(event.at, event.person or "Zeroline", event.kind, _said(event)) for event in view.events],
            nothing="Nothing was done yet.",
        ),
        Heading("Movements around it"),
        Table(
            "ledger",
            "Ledger in book order",
            (
                Column("recorded", "Recorded", Kind.INSTANT, seconds=True),
                Column("occurred", "Happened", Kind.INSTANT, under="recorded", seconds=True),
                Column("kind", "Kind"),
                Column("reference", "Movement", Kind.CODE, under="kind"),
                Column("document", "Document", Kind.CODE),
                Column("user", "By", under="document"),
                Column("quantity", "Quantity", Kind.QUANTITY),
                Column("balance", "Balance", Kind.QUANTITY, flag_negative=True),
            ),
            rows=[
                (
                    row.recorded_at,
                    row.occurred_at,
                    row.kind,
                    row.reference,
                    row.document,
                    row.user,
                    row.quantity,
                    row.balance,
                )
                for row in view.ledger
            ],
            nothing="No movement.",
        ),
        Heading("Entries in the audit chain"),
        Table(
            "chain",
            "Who did what, as chained",
            (
                Column("seq", "Position", Kind.COUNT),
                Column("at", "When", Kind.INSTANT, seconds=True),
                Column("person", "Who"),
                Column("action", "Action"),
                Column("subject", "To what", Kind.CODE, under="action"),
                Column("facts", "Facts", Kind.CODE, share=1.6),
                Column("hash", "Hash", Kind.CODE),
            ),
            rows=[
                (e.seq, e.at, e.person or "Zeroline", e.action, e.subject, e.facts, e.hash[:16])
                for e in entries
            ],
            nothing="No entry of the chain concerns this case yet.",
        ),
    ]
    return frame.document(
        "case-trail",
        "Audit trail of a case",
        basis,
        blocks,
        rows=len(entries),
        scope=f"Case {view.case_id} · {key.item} · {key.location}",
        paper=paper,
        period=False,
    )


_NAMED = {
    "cause": "cause",
    "sheet": "sheet",
    "number": "adjustment",
    "state": "state",
    "document": "document",
    "reference": "movement",
    "reason": "reason",
    "queue": "queue",
    "kind": "kind",
}


def _said(event: EventFacts) -> str:
    """The person's words, then the facts that have a name on paper."""
    facts = dict(event.facts)
    named = [
        f"{name} {words.cause(str(facts[key])) if key == 'cause' else facts[key]}"
        for key, name in _NAMED.items()
        if facts.get(key) and str(facts[key]) != event.text
    ]
    return " · ".join([part for part in (event.text,) if part] + named)


def _chart(view: CaseView) -> BalanceChart:
    history = view.history
    crossing = view.episode.opening_seq if view.episode else None
    at = history.position(crossing) if crossing is not None else None
    shown = range(max(0, (at or 0) - 60), min(len(history), (at or 0) + 60))
    markers = []
    if at is not None:
        markers.append(
            Marker(
                int(history.recorded_at[at]), int(history.balances[at]), Mark.CROSSING, history.documents[at]
            )
        )
    return BalanceChart(
        "Balance over time",
        view.key.unit,
        [(int(history.recorded_at[n]), int(history.balances[n])) for n in shown],
        physical=_physical(view, shown) if history.physical_known else (),
        bands=[
            Band(band.started_at, band.ended_at, transient=band.transient)
            for band in history.episodes
            if shown and (band.ended_at is None or band.ended_at >= int(history.recorded_at[shown[0]]))
        ],
        markers=markers,
        until=view.as_of if shown and shown[-1] == len(history) - 1 else None,
    )


def _physical(view: CaseView, shown: range) -> list[tuple[int, int]]:
    history = view.history
    if not shown:
        return []
    low, high = int(history.recorded_at[shown[0]]), int(history.recorded_at[shown[-1]])
    times = history.occurred_at[history.physical_order]
    return [
        (int(when), int(balance))
        for when, balance in zip(times, history.physical_balances, strict=True)
        if low <= when <= high
    ]
