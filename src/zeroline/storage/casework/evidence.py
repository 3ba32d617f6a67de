"""Evidence and attachments of a case."""

from __future__ import annotations

import hashlib
from typing import Final

from sqlalchemy import Connection, insert, select

from zeroline.domain.errors import DomainError
from zeroline.storage.casework.cases import StoredCase
from zeroline.storage.schema import attachment, case_evidence
from zeroline.storage.unit_of_work import UnitOfWork

_KNOWN: Final = {
    "count": "SELECT 1 FROM count_entry e JOIN count_line n ON n.id = e.line_id "
    "JOIN stock_key k ON k.id = n.key_id WHERE e.id = :target AND k.item_id = :item",
    "movement": "SELECT 1 FROM movement m JOIN stock_key k ON k.id = m.key_id "
    "WHERE m.seq = :target AND (k.item_id = :item OR (m.document <> '' AND EXISTS (SELECT 1 FROM movement o "
    "JOIN stock_key p ON p.id = o.key_id WHERE o.document = m.document AND p.item_id = :item)))",
    "document": "SELECT 1 FROM document_line dl WHERE dl.document_id = :target AND dl.item_id = :item",
    "attachment": "SELECT 1 FROM attachment a WHERE a.id = :target AND a.case_id = :case",
}
"""That a piece of evidence exists and is about the item or a paper of it (or an attachment of the case)."""


def known(connection: Connection, case: StoredCase, kind: str, target: int) -> bool:
    """Whether there is such a thing about the case's item."""
    item_id = connection.exec_driver_sql(
        "SELECT item_id FROM stock_key WHERE id = ?", (case.key_id,)
    ).scalar_one()
    given = {"target": target, "item": item_id, "case": case.id}
    return kind in _KNOWN and connection.exec_driver_sql(_KNOWN[kind], given).first() is not None


def document_of_line(connection: Connection, line_id: int) -> int | None:
    """The document that a line stands on."""
    found: int | None = connection.exec_driver_sql(
        "SELECT document_id FROM document_line WHERE id = ?", (line_id,)
    ).scalar()
    return found


def link(work: UnitOfWork, case: StoredCase, kind: str, target: int) -> bool:
    """Link a count entry, movement, document or attachment; False when it was linked already.

    Raises DomainError ``evidence-unknown`` (kind, target) when there is no such thing about this item.
    """
    if not known(work.connection, case, kind, target):
        raise DomainError("evidence-unknown", kind=kind, target=target)
    there = select(case_evidence.c.id).where(
        case_evidence.c.case_id == case.id, case_evidence.c.kind == kind, case_evidence.c.target == target
    )
    if work.connection.execute(there).first():
        return False
    work.connection.execute(
        insert(case_evidence).values(
            case_id=case.id, kind=kind, target=target, person_id=work.person_id, at=work.at
        )
    )
    return True


def attach(work: UnitOfWork, case: StoredCase, name: str, media_type: str, content: bytes) -> tuple[int, str]:
    """Keep a file with the case; its id and SHA-256."""
    digest = hashlib.sha256(content).hexdigest()
    made: int = work.connection.execute(
        insert(attachment)
        .values(
            case_id=case.id,
            name=name,
            media_type=media_type,
            sha256=digest,
            content=content,
            person_id=work.person_id,
            at=work.at,
        )
        .returning(attachment.c.id)
    ).scalar_one()
    return made, digest
