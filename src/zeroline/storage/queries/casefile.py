"""The papers of a case: its log, counts, adjustments, attachments and evidence."""

from __future__ import annotations

import json

from sqlalchemy import Connection

from zeroline.domain.errors import DomainError
from zeroline.domain.verdict import said
from zeroline.domain.views.case import (
    AdjustmentFacts,
    AttachmentFacts,
    CountFacts,
    EventFacts,
    EvidenceFacts,
)
from zeroline.domain.views.diagnosis import VerdictFacts
from zeroline.storage.casework.cases import StoredCase
from zeroline.storage.counting.entries import entries
from zeroline.storage.diagnosis import learning


def events(connection: Connection, case_id: int, names: dict[int, str]) -> tuple[EventFacts, ...]:
    """The log, oldest first."""
    rows = connection.exec_driver_sql(
        "SELECT id, at, person_id, kind, text, facts FROM case_event WHERE case_id = ? ORDER BY id",
        (case_id,),
    )
    return tuple(
        EventFacts(
            row.id, row.at, row.person_id, names[row.person_id], row.kind, row.text, json.loads(row.facts)
        )
        for row in rows
    )


_LINES = """
SELECT n.id, n.state, s.id AS sheet_id, s.number, s.state AS sheet_state
FROM count_line n JOIN count_sheet s ON s.id = n.sheet_id
WHERE n.key_id = ? ORDER BY n.id
"""


def counts(connection: Connection, key_id: int) -> tuple[tuple[CountFacts, ...], bool]:
    """Counts of the key, newest first, and whether an open sheet still asks for its first count."""
    lines = {row.id: row for row in connection.exec_driver_sql(_LINES, (key_id,))}
    if not lines:
        return (), False
    found = [
        CountFacts(
            sheet_id=lines[line_id].sheet_id,
            sheet=lines[line_id].number,
            line_id=line_id,
            entry_id=entry.entry_id,
            round=entry.round,
            counter_id=entry.counter_id,
            counter=entry.counter,
            counted_at=entry.counted_at,
            counted=entry.quantity,
            entered=entry.entered,
            book=entry.book,
            late=entry.late,
            expected=entry.expected,
            variance=entry.variance,
            percent=entry.percent,
            value=entry.value,
            line_state=lines[line_id].state,
            within=entry.within,
            reasons=entry.reasons,
            movements=entry.movements,
        )
        for line_id, of_line in entries(connection, "n.key_id = ?", key_id).items()
        for entry in of_line
    ]
    asked = any(line.state == "to count" and line.sheet_state == "open" for line in lines.values())
    return tuple(sorted(found, key=lambda count: (-count.counted_at, -count.round))), asked


_ADJUSTMENTS = """
SELECT a.id, a.number, a.kind, a.state, a.quantity, a.value, a.cause, a.comment, a.tier, a.proposed_at,
       a.proposer_id, p.at AS decided_at, COALESCE(p.decision, '') AS decision, p.approver_id, a.posted_at,
       a.poster_id, a.case_id
FROM adjustment a LEFT JOIN approval p ON p.adjustment_id = a.id
WHERE a.key_id = ? ORDER BY a.id DESC
"""


def adjustments(connection: Connection, key_id: int, names: dict[int, str]) -> tuple[AdjustmentFacts, ...]:
    """Adjustments of the key in any state, newest first."""
    return tuple(
        AdjustmentFacts(
            adjustment_id=row.id,
            number=row.number,
            kind=row.kind,
            state=row.state,
            quantity=row.quantity,
            value=row.value,
            cause=row.cause,
            comment=row.comment,
            tier=row.tier,
            proposed_at=row.proposed_at,
            proposer=names[row.proposer_id],
            decided_at=row.decided_at,
            decision=row.decision,
            approver=names.get(row.approver_id, ""),
            posted_at=row.posted_at,
            poster=names.get(row.poster_id, ""),
            case_id=row.case_id,
        )
        for row in connection.exec_driver_sql(_ADJUSTMENTS, (key_id,))
    )


def attachments(connection: Connection, case_id: int, names: dict[int, str]) -> tuple[AttachmentFacts, ...]:
    """What was attached, oldest first; the content stays where it is."""
    rows = connection.exec_driver_sql(
        "SELECT id, name, media_type, sha256, length(content) AS size, person_id, at FROM attachment "
        "WHERE case_id = ? ORDER BY id",
        (case_id,),
    )
    return tuple(
        AttachmentFacts(row.id, row.name, row.media_type, row.sha256, row.size, names[row.person_id], row.at)
        for row in rows
    )


def attachment(connection: Connection, attachment_id: int) -> tuple[str, str, bytes]:
    """Name, media type and content; DomainError ``attachment-unknown`` (attachment)."""
    row = connection.exec_driver_sql(
        "SELECT name, media_type, content FROM attachment WHERE id = ?", (attachment_id,)
    ).first()
    if row is None:
        raise DomainError("attachment-unknown", attachment=attachment_id)
    return row.name, row.media_type, row.content


_EVIDENCE = """
SELECT e.kind, e.target, e.person_id, e.at,
       CASE e.kind
       WHEN 'movement' THEN (SELECT CASE m.document WHEN '' THEN m.reference ELSE m.document END
                             FROM movement m WHERE m.seq = e.target)
       WHEN 'document' THEN (SELECT d.number FROM document d WHERE d.id = e.target)
       WHEN 'attachment' THEN (SELECT a.name FROM attachment a WHERE a.id = e.target)
       ELSE (SELECT s.number FROM count_entry c JOIN count_line n ON n.id = c.line_id
             JOIN count_sheet s ON s.id = n.sheet_id WHERE c.id = e.target)
       END AS label
FROM case_evidence e WHERE e.case_id = ? ORDER BY e.id
"""


def evidence(connection: Connection, case_id: int, names: dict[int, str]) -> tuple[EvidenceFacts, ...]:
    """What was linked to the cause, oldest first."""
    return tuple(
        EvidenceFacts(row.kind, row.target, row.label, names[row.person_id], row.at)
        for row in connection.exec_driver_sql(_EVIDENCE, (case_id,))
    )


def verdict(word: learning.Word | None, names: dict[int, str]) -> VerdictFacts | None:
    """What somebody said last to a guess, with their name."""
    if word is None:
        return None
    return VerdictFacts(
        said(word.guess, word.cause),
        word.guess,
        word.probability,
        word.cause,
        word.person_id,
        names.get(word.person_id, ""),
        word.at,
    )


def other_cases(connection: Connection, case: StoredCase) -> tuple[tuple[int, str, str], ...]:
    """(case id, queue, state) of the key's other cases, newest first."""
    rows = connection.exec_driver_sql(
        "SELECT id, queue, state FROM stock_case WHERE key_id = ? AND id <> ? ORDER BY id DESC",
        (case.key_id, case.id),
    )
    return tuple((row.id, row.queue, row.state) for row in rows)
