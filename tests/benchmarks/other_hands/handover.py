"""From a world's book to the tables of an export, and the truth as a replay of them finds it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from benchmarks.other_hands.ledger import Ledger, Table, number, text
from benchmarks.other_hands.world import DONE_BY, Row, World


def hand_over(world: World, name: Callable[[Row, int], str], stamp: str = "%Y-%m-%dT%H:%M:%SZ") -> Ledger:
    """Write the tables, and the truth as replaying the book finds it."""
    truth: Table = []
    for key, rows in list(world.index.items()):
        last = 0
        for row in world.book(key):
            row.recorded = last = max(row.recorded, last + 1)
        world.index[key] = [row for row in rows if row.qty]
    for key in world.index:
        for cross, _ in world.episodes(key):
            claim = world.owner(key, cross.recorded)
            assert claim is not None, f"a negative nobody put in: {cross}"
            truth.append(
                {
                    "cause": claim.cause,
                    **dict(zip(("item", "location", "lot", "status"), key, strict=True)),
                    "started_at": text(cross.recorded, stamp),
                    "quantity": number(-claim.deviation(key, cross.recorded)),
                    "note": claim.note,
                }
            )
    ordered = sorted(
        (row for rows in world.index.values() for row in rows),
        key=lambda row: (row.recorded, row.occurred, row.seq),
    )
    movements: Table = []
    done: dict[tuple[str, str, str, str], int] = defaultdict(int)
    for at, row in enumerate(ordered):
        row.id = name(row, at)
        factor = world.items[row.item].units.get(row.unit, 1)
        if not row.uncounted:
            done[row.kind, row.document, row.line, row.item] += row.qty
        movements.append(
            {
                "movement_id": row.id,
                "item": row.item,
                "location": row.location,
                "lot": row.lot,
                "status": row.status,
                "quantity": number(row.qty // factor),
                "unit": row.unit or world.items[row.item].base,
                "kind": row.kind,
                "occurred_at": text(row.occurred, stamp),
                "recorded_at": text(row.recorded, stamp),
                "document": row.document,
                "document_line": row.line,
                "user": row.user,
                "source": row.source,
                "override": "true" if row.override else "false",
            }
        )
    documents: Table = []
    for doc in world.docs.values():
        so_far = sum(abs(done.get((k, doc.document, doc.line, doc.item), 0)) for k in DONE_BY[doc.kind])
        shut = doc.short_closed or so_far >= doc.qty
        documents.append(
            {
                "kind": doc.kind,
                "document": doc.document,
                "line": doc.line,
                "item": doc.item,
                "location": doc.location,
                "quantity": number(doc.qty),
                "done": number(so_far),
                "state": "closed" if shut else "open",
                "due_at": text(doc.due, stamp),
                "partner": doc.partner,
            }
        )
    items: Table = []
    for item in world.items.values():
        for unit, factor in item.units.items() or [("", 1)]:
            items.append(
                {
                    "item": item.code,
                    "description": item.description,
                    "base_unit": item.base,
                    "unit_cost": f"{item.cost:.2f}",
                    "abc_class": item.abc,
                    "item_class": item.group,
                    "unit": unit,
                    "factor": str(factor) if unit else "",
                }
            )
    truth.sort(key=lambda entry: entry["started_at"])
    found = [{"movement_id": row.id, "cause": cause} for row, cause in world.variances]
    return Ledger(movements, items, documents, truth, found)
