"""Guards of counts: what one person counted, once, and never twice the same person (rules 3 and 8)."""

from __future__ import annotations

from zeroline.domain.person import RIGHTS, Right
from zeroline.storage.guard.trigger import (
    Triggers,
    append_only,
    kept,
    must,
    no_replacing,
    not_back_dated,
    one_of,
    refuse,
    trigger,
    whole,
)

COUNTING = one_of(*(role.value for role, rights in RIGHTS.items() if Right.COUNT in rights))

_BOOK = (  # balance in book order and last movement at the instant of the count, as the ledger has it
    "(SELECT COALESCE(sum(m.quantity), 0), COALESCE(max(m.seq), 0) FROM count_entry AS e"
    " JOIN count_line AS l ON l.id = e.line_id"
    " JOIN movement AS m ON m.key_id = l.key_id AND m.recorded_at <= e.counted_at"
    " WHERE e.id = NEW.entry_id)"
)


def triggers() -> Triggers:
    """All guards of this part."""
    return (
        append_only(
            "count_entry",
            "id",
            "line_id, round",
            conditions=[
                whole("line_id", "round", "counter_id", "counted_at", "quantity", "submitted_at"),
                not_back_dated("submitted_at"),
                must(
                    "NEW.counted_at <= NEW.submitted_at",
                    "count-not-yet",
                    "nothing is handed in before it is counted",
                ),
                must("NEW.quantity >= 0", "count-negative", "a count is never below zero"),
                must(
                    "NEW.round = COALESCE((SELECT max(o.round) FROM count_entry AS o"
                    " WHERE o.line_id = NEW.line_id), 0) + 1",
                    "count-round",
                    "rounds follow each other",
                ),
                must(
                    "NOT EXISTS (SELECT 1 FROM count_entry AS o WHERE o.line_id = NEW.line_id"
                    " AND o.counter_id = NEW.counter_id)",
                    "count-same-person",
                    "a recount is made by somebody else",
                ),
                must(
                    "EXISTS (SELECT 1 FROM person AS p WHERE p.id = NEW.counter_id AND p.active = 1"
                    f" AND p.role IN {COUNTING})",
                    "not-allowed",
                    "only an active person who may count counts",
                ),
                must(
                    "EXISTS (SELECT 1 FROM count_line AS l JOIN count_sheet AS s ON s.id = l.sheet_id"
                    " WHERE l.id = NEW.line_id AND s.state <> 'cancelled')",
                    "count-line-unknown",
                    "a count belongs to a line of a sheet that was not cancelled",
                ),
            ],
        )
        | append_only(
            "count_expectation",
            "entry_id",
            conditions=[
                whole("entry_id", "book", "book_seq", "late"),
                must(
                    "EXISTS (SELECT 1 FROM count_entry AS e WHERE e.id = NEW.entry_id)",
                    "count-line-unknown",
                    "an expectation belongs to a count",
                ),
                must(
                    f"(NEW.book, NEW.book_seq) = {_BOOK}",
                    "count-expected",
                    "what is expected is the book at the instant of the count",
                ),
            ],
        )
        | trigger(
            "count_sheet_insert",
            "BEFORE INSERT ON count_sheet",
            [no_replacing("count_sheet", "id", "number")],
        )
        | kept("count_sheet", "count-identity", "id", "number", "created_by", "created_at")
        | trigger(
            "count_line_insert",
            "BEFORE INSERT ON count_line",
            [no_replacing("count_line", "id", "sheet_id, key_id")],
        )
        | trigger(
            "count_line_identity",
            "BEFORE UPDATE ON count_line",
            [
                must(
                    "NEW.id IS OLD.id AND NEW.sheet_id IS OLD.sheet_id AND NEW.key_id IS OLD.key_id",
                    "count-identity",
                    "what a count line is never changes",
                ),
                must(
                    "NEW.case_id IS OLD.case_id"
                    " OR NOT EXISTS (SELECT 1 FROM count_entry AS e WHERE e.line_id = OLD.id)",
                    "count-identity",
                    "what a line was counted for never changes",
                ),
            ],
        )
        | refuse(
            "count_line_delete",
            "BEFORE DELETE ON count_line",
            "append-only",
            "a counted line is never deleted",
            when="EXISTS (SELECT 1 FROM count_entry AS e WHERE e.line_id = OLD.id)"
            " OR NOT EXISTS (SELECT 1 FROM count_sheet AS s WHERE s.id = OLD.sheet_id AND s.state = 'open')",
        )
    )
