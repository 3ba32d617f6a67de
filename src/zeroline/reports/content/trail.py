"""Report (e): the audit trail of a case: what happened, and each entry of the chain that concerns it."""

from __future__ import annotations

from collections.abc import Sequence

from zeroline.domain.episode import Episode
from zeroline.domain.views.reporting import Basis
from zeroline.domain.views.trail import CaseThen, EventThen, TrailEntry
from zeroline.reports.content import frame, why, words
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
    view: CaseThen, entries: Sequence[TrailEntry], basis: Basis, paper: Paper = Paper.A4
) -> Document:
    """The case in figures, its balance as a chart, its log, and its entries in the audit chain."""
    key, episode = view.key, view.episode
    blocks: list[Block] = [
        Facts(
            (
                Fact("Case", view.case_id, Kind.COUNT),
                Fact("Queue", words.QUEUES[view.queue]),
                Fact("State", view.state),
                Fact("Item", key.item, Kind.CODE),
                Fact("Description", key.description),
                Fact("Location", words.place(key), Kind.CODE),
                Fact(f"On hand, {key.unit}", words.negative(view.on_hand), Kind.QUANTITY),
                Fact("Crossed zero", episode.started_at if episode else None, Kind.INSTANT),
                Fact("Back at zero", _ended(episode), Kind.INSTANT),
                Fact(
                    f"Deepest, {key.unit}",
                    words.negative(episode.depth) if episode else None,
                    Kind.QUANTITY,
                ),
                Fact("Owner", view.owner or "nobody"),
                Fact("Cause", words.cause(view.cause)),
                Fact("Stands on", why.standing(view.why)),
                Fact("Said by", view.why.by or "nobody"),
                Fact("Said", view.why.at, Kind.INSTANT),
            ),
            columns=3,
        ),
        _chart(view, basis.as_of),
        Heading("Why"),
        why.hypotheses(view.guess, why.speaker(basis), key.unit),
        why.verdicts(view.words),
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
                Column("quantity", f"Quantity, {key.unit}", Kind.QUANTITY),
                Column("balance", "Balance", Kind.QUANTITY, flag_negative=True),
                Column("note", "", strong=True),
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
                    "crossed zero" if row.crossing else "",
                )
                for row in view.movements
            ],
            nothing="No movement.",
            note=f"{view.left_out:,} movements further away are left out." if view.left_out else "",
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


def _said(event: EventThen) -> str:
    """The person's words, then the facts that have a name on paper."""
    facts = dict(event.facts)
    named = [
        f"{name} {words.cause(str(facts[key])) if key == 'cause' else facts[key]}"
        for key, name in _NAMED.items()
        if facts.get(key) and str(facts[key]) != event.text
    ]
    return " · ".join([part for part in (event.text,) if part] + named)


def _ended(episode: Episode | None) -> int | str | None:
    if episode is None:
        return None
    return "still below" if episode.ended_at is None else episode.ended_at


def _chart(view: CaseThen, as_of: int) -> BalanceChart:
    """The steps between the first and the last movement that is listed."""
    low, high = (view.movements[0].recorded_at, view.movements[-1].recorded_at) if view.movements else (0, -1)
    crossing = next((row for row in view.movements if row.crossing), None)
    return BalanceChart(
        "Balance over time",
        view.key.unit,
        [(at, balance) for at, balance in view.book if low <= at <= high],
        physical=[(at, balance) for at, balance in view.physical if low <= at <= high],
        bands=[
            Band(start, to, transient=transient)
            for start, to, transient in view.bands
            if start <= high and (to is None or to >= low)
        ],
        markers=[Marker(crossing.recorded_at, crossing.balance, Mark.CROSSING, crossing.document)]
        if crossing
        else (),
        until=as_of if view.book and view.book[-1][0] == high else None,
    )
