"""Evidence and attachments of a case."""

from __future__ import annotations

import hashlib
from typing import Final

from sqlalchemy import insert, select

from zeroline.domain.errors import DomainError
from zeroline.storage.casework.cases import StoredCase
from zeroline.storage.schema import attachment, case_evidence
from zeroline.storage.unit_of_work import UnitOfWork

_KNOWN: Final = {
    "count": "SELECT 1 FROM count_entry e JOIN count_line n ON n.id = e.line_id "
    "JOIN stock_key k ON k.id = n.key_id WHERE e.id = :target AND k.item_id = :item",
    "movement": "SELECT 1 FROM movement m JOIN stock_key k ON k.id = m.key_id "
    "WHERE m.seq = :target AND k.item_id = :item",
    "document": "SELECT 1 FROM document_line dl WHERE dl.document_id = :target AND dl.item_id = :item",
    "attachment": "SELECT 1 FROM attachment a WHERE a.id = :target AND a.case_id = :case",
}
"""That a piece of evidence exists and is about the item (or is an attachment of the case itself)."""


def link(work: UnitOfWork, case: StoredCase, kind: str, target: int) -> bool:
    """Link a count entry, movement, document or attachment; False when it was linked already.

    Raises DomainError ``evidence-unknown`` (kind, target) when there is no such thing about this item.
    """
    item_id = work.connection.exec_driver_sql(
        "SELECT item_id FROM stock_key WHERE id = ?", (case.key_id,)
    ).scalar_one()
    given = {"target": target, "item": item_id, "case": case.id}
    if kind not in _KNOWN or not work.connection.exec_driver_sql(_KNOWN[kind], given).first():
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
