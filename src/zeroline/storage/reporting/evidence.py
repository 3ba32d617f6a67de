"""What adjustments and causes rest on, by the names that people find it under."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import Connection

_NAME = """CASE v.kind
       WHEN 'movement' THEN (SELECT m.kind || ' ' || CASE m.document WHEN '' THEN m.reference
                             ELSE m.document END FROM movement m WHERE m.seq = v.target)
       WHEN 'document' THEN (SELECT d.kind || ' ' || d.number FROM document d WHERE d.id = v.target)
       WHEN 'attachment' THEN (SELECT a.name FROM attachment a WHERE a.id = v.target)
       ELSE (SELECT s.number || ' line ' || n.position FROM count_entry c
             JOIN count_line n ON n.id = c.line_id JOIN count_sheet s ON s.id = n.sheet_id
             WHERE c.id = v.target)
       END AS name"""

_EVIDENCE = f"""
SELECT v.adjustment_id, v.kind, {_NAME}
FROM adjustment_evidence v ORDER BY v.id
"""
_LINKED = f"""
SELECT v.case_id, v.kind, {_NAME}
FROM case_evidence v WHERE v.at <= ? ORDER BY v.id
"""


def evidence(connection: Connection, adjustments: set[int]) -> dict[int, tuple[tuple[str, str], ...]]:
    """(kind, name) pairs of each adjustment's evidence, each once: 'count', 'CNT-000012 line 3'."""
    found: dict[int, dict[tuple[str, str], None]] = defaultdict(dict)  # the rounds of a line are one proof
    for row in connection.exec_driver_sql(_EVIDENCE):
        if row.adjustment_id in adjustments:
            found[row.adjustment_id][row.kind, row.name or "gone"] = None
    return {name: tuple(pairs) for name, pairs in found.items()}


def linked(connection: Connection, cases: set[int], as_of: int) -> dict[int, tuple[tuple[str, str], ...]]:
    """(kind, name) pairs of what people had linked to each case by the instant."""
    found: dict[int, dict[tuple[str, str], None]] = defaultdict(dict)
    for row in connection.exec_driver_sql(_LINKED, (as_of,)):
        if row.case_id in cases:
            found[row.case_id][row.kind, row.name or "gone"] = None
    return {name: tuple(pairs) for name, pairs in found.items()}
