"""What an adjustment rests on, and what speaks against it: counts, evidence, open documents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from zeroline.domain.audit import canonical
from zeroline.domain.count import LineState
from zeroline.domain.errors import DomainError
from zeroline.domain.views.counting import CountedEntry
from zeroline.domain.views.settlement import Evidence, GuardDocument
from zeroline.storage.counting.arithmetic import Count
from zeroline.storage.counting.entries import entries, final_of

_FINAL_ENTRY = """
SELECT n.id AS line_id, n.state, max(e.counted_at) AS counted_at
FROM count_line n JOIN count_entry e ON e.line_id = n.id JOIN count_sheet s ON s.id = n.sheet_id
WHERE n.key_id = ?
  AND (n.state IN ('accepted', 'variance') OR (n.state = 'recount' AND s.state <> 'cancelled'))
GROUP BY n.id ORDER BY 3 DESC, n.id DESC LIMIT 1
"""

_OPEN_CASE = """
SELECT id FROM stock_case
WHERE (key_id = ? OR id = ?) AND state IN ('new', 'assigned', 'counting', 'waiting for a document',
                                           'cause proposed', 'reopened')
ORDER BY id = ? DESC, queue = 'negative' DESC, id DESC LIMIT 1
"""

_EXPLAINING = """
SELECT d.id, d.kind, d.number, l.line, l.quantity - l.done_quantity, d.due_at, d.partner,
       coalesce(p.code, ''), l.lot
FROM document d JOIN document_line l ON l.document_id = d.id
JOIN stock_key k ON k.id = ? LEFT JOIN location p ON p.id = l.location_id
WHERE l.item_id = k.item_id AND d.state = 'open' AND l.quantity > l.done_quantity
  AND d.kind IN ('receipt', 'transfer', 'production', 'return')
  AND (l.location_id IS NULL OR l.location_id = k.location_id) AND (l.lot = '' OR l.lot = k.lot)
ORDER BY d.due_at IS NULL, d.due_at, d.kind, d.number, l.line
"""


@dataclass(frozen=True, slots=True)
class Line:
    """A counted line with everything counted on it."""

    line_id: int
    key_id: int
    state: str
    case_id: int | None
    counts: tuple[CountedEntry, ...]
    final: CountedEntry | None


def line_of_entry(connection: Connection, entry_id: int) -> Line:
    """The line of a count; DomainError ``count-entry-unknown``."""
    found = _line(connection, "id = (SELECT line_id FROM count_entry WHERE id = ?)", entry_id)
    if found is None:
        raise DomainError("count-entry-unknown", entry=entry_id)
    return found


def newest_line(connection: Connection, key_id: int) -> Line | None:
    """The line of a key that was counted last; a recount that was called off is none."""
    row = connection.exec_driver_sql(_FINAL_ENTRY, (key_id,)).first()
    return None if row is None else _line(connection, "id = ?", row.line_id)


def _line(connection: Connection, where: str, value: int) -> Line | None:
    row = connection.exec_driver_sql(
        f"SELECT id, key_id, state, case_id FROM count_line WHERE {where}", (value,)
    ).first()
    if row is None:
        return None
    counts = entries(connection, "e.line_id = ?", row.id).get(row.id, [])
    final = None if row.state == LineState.RECOUNT else final_of(counts)[0]
    return Line(row.id, row.key_id, row.state, row.case_id, tuple(counts), final)


def guard_documents(
    connection: Connection, key_id: int, quantity: int, count: Count | None
) -> tuple[GuardDocument, ...]:
    """What would explain the same difference (rule 7), for an adjustment of ``quantity``.

    Stock that is still to be booked in speaks against adding the same stock by an adjustment; a correction
    that another system posted in the same direction after the count speaks against a second one.
    """
    found = []
    if quantity > 0:
        found = [GuardDocument(*row) for row in connection.exec_driver_sql(_EXPLAINING, (key_id,))]
    for row in () if count is None else count.rolled.since_rows:
        if row.correction and not row.own and row.quantity * quantity > 0:
            words = count.words[row.seq] if count is not None else None
            number = words.document if words is not None else ""
            found.append(
                GuardDocument(row.seq, "correction", number, "", row.quantity, row.recorded_at, "", "", "")
            )
    return tuple(found)


def guard_text(documents: Iterable[GuardDocument]) -> str:
    """The canonical text of open documents, as it is kept with a proposal and signed."""
    return canonical(
        [[d.kind, d.document_id, d.number, d.line, d.open_quantity, d.location, d.lot] for d in documents]
    )


_LABELS = {
    "count": (
        "SELECT e.id, s.number, e.counted_at, p.name FROM count_entry e "
        "JOIN count_line n ON n.id = e.line_id JOIN count_sheet s ON s.id = n.sheet_id "
        "JOIN person p ON p.id = e.counter_id WHERE e.id = ?"
    ),
    "movement": (
        "SELECT seq, CASE WHEN document <> '' THEN document ELSE reference END, recorded_at, user_name "
        "FROM movement WHERE seq = ?"
    ),
    "document": "SELECT id, number, due_at, partner FROM document WHERE id = ?",
    "attachment": (
        "SELECT a.id, a.name, a.at, p.name FROM attachment a JOIN person p ON p.id = a.person_id "
        "WHERE a.id = ?"
    ),
}


def labelled(connection: Connection, pairs: Iterable[tuple[str, int]]) -> tuple[Evidence, ...]:
    """Evidence in words; DomainError ``evidence-unknown`` (kind, target) for what is not there."""
    found = []
    for kind, target in pairs:
        query = _LABELS.get(kind)
        row = None if query is None else connection.exec_driver_sql(query, (target,)).first()
        if row is None:
            raise DomainError("evidence-unknown", kind=kind, target=target)
        found.append(Evidence(kind, target, row[1], row[2], row[3]))
    return tuple(found)


def evidence_of(connection: Connection, adjustment_id: int) -> tuple[tuple[str, int], ...]:
    """What an adjustment names as its evidence: (kind, target)."""
    rows = connection.exec_driver_sql(
        "SELECT kind, target FROM adjustment_evidence WHERE adjustment_id = ? ORDER BY id", (adjustment_id,)
    )
    return tuple((row[0], row[1]) for row in rows)


def case_evidence(connection: Connection, case_id: int) -> tuple[tuple[str, int], ...]:
    """What the investigator linked to the cause of a case."""
    rows = connection.exec_driver_sql(
        "SELECT kind, target FROM case_evidence WHERE case_id = ? ORDER BY id", (case_id,)
    )
    return tuple((row[0], row[1]) for row in rows)


def open_case_of(connection: Connection, key_id: int, rather: int | None = None) -> int | None:
    """The case of a key that somebody is working on: ``rather`` if it is one, else the negative one first."""
    case: int | None = connection.exec_driver_sql(_OPEN_CASE, (key_id, rather, rather)).scalar()
    return case


def recorded_at(connection: Connection, seq: int) -> int | None:
    """When a movement was recorded, None for none."""
    at: int | None = connection.exec_driver_sql(
        "SELECT recorded_at FROM movement WHERE seq = ?", (seq,)
    ).scalar()
    return at
