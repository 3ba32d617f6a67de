"""Rows that surround the ledger: stored balances, documents and reservations."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from zeroline.domain.incoming import BalanceRow, DocumentRow, Measure, ReservationRow
from zeroline.domain.quantity import plain
from zeroline.sources.mapping.model import FileRules
from zeroline.sources.reading.cells import Fields, refused
from zeroline.sources.reading.values import Values

DOCUMENT_KINDS = ("receipt", "transfer", "production", "return", "order")
_STATES = ("", "open", "closed")


def balance_reader(
    fields: Fields, values: Values, rules: FileRules
) -> Callable[[int, Sequence[str], tuple[str, ...]], BalanceRow]:
    """Reads what a source says is on hand, signed."""
    item, location = fields.code("item", required=True), fields.code("location", required=True)
    lot, status = fields.code("lot"), values.status()
    quantity, measure = values.number("quantity"), values.measure(item)
    as_of = values.instant("as_of")
    occurred, recorded = values.instant("occurred_at"), values.instant("recorded_at")
    source, own_source = fields.code("source"), rules.source or ""

    def read(number: int, cells: Sequence[str], kept: tuple[str, ...]) -> BalanceRow:
        booked = recorded(cells)
        return BalanceRow(
            number,
            item(cells),
            location(cells),
            lot(cells),
            status(cells),
            measure(cells, quantity(cells) or 0),
            as_of(cells),
            occurred(cells) if booked is None else booked,
            source(cells) or own_source,
            kept,
        )

    return read


def document_reader(
    fields: Fields, values: Values, rules: FileRules
) -> Callable[[int, Sequence[str], tuple[str, ...]], DocumentRow]:
    """Reads lines of documents as they stand now."""
    kind, kind_name = fields.get("document_kind"), fields.name("document_kind")
    state, state_name = fields.get("state"), fields.name("state")
    document, line = fields.words("document", required=True), fields.words("document_line")
    item, location, lot = fields.code("item", required=True), fields.code("location"), fields.code("lot")
    quantity, done = values.number("quantity"), values.number("done_quantity", required=False)
    quantity_name = fields.name("quantity")
    measure, due = values.measure(item), values.instant("due_at")
    partner, source, own_source = fields.words("partner"), fields.code("source"), rules.source or ""

    def read(number: int, cells: Sequence[str], kept: tuple[str, ...]) -> DocumentRow:
        word, standing = kind(cells).lower(), state(cells).lower()
        if word not in DOCUMENT_KINDS:
            raise refused("document-kind-unknown", kind_name, word, known=DOCUMENT_KINDS)
        if standing not in _STATES:
            raise refused("document-state-unknown", state_name, standing)
        ordered = quantity(cells) or 0
        if ordered < 0:
            raise refused("quantity-signed", quantity_name, plain(ordered))
        wanted: Measure = measure(cells, ordered)
        return DocumentRow(
            number,
            word,
            document(cells),
            line(cells),
            item(cells),
            location(cells),
            lot(cells),
            wanted,
            measure(cells, done(cells) or 0),
            standing,
            due(cells),
            partner(cells),
            source(cells) or own_source,
            kept,
        )

    return read


def reservation_reader(
    fields: Fields, values: Values, rules: FileRules
) -> Callable[[int, Sequence[str], tuple[str, ...]], ReservationRow]:
    """Reads stock promised to somebody; zero releases it."""
    reference, item = fields.code("reference", required=True), fields.code("item", required=True)
    location, lot, document = fields.code("location"), fields.code("lot"), fields.words("document")
    quantity, measure, due = values.number("quantity"), values.measure(item), values.instant("due_at")
    quantity_name = fields.name("quantity")
    source, own_source = fields.code("source"), rules.source or ""

    def read(number: int, cells: Sequence[str], kept: tuple[str, ...]) -> ReservationRow:
        wanted = quantity(cells) or 0
        if wanted < 0:
            raise refused("quantity-signed", quantity_name, plain(wanted))
        return ReservationRow(
            number,
            reference(cells),
            item(cells),
            location(cells),
            lot(cells),
            measure(cells, wanted),
            document(cells),
            due(cells),
            source(cells) or own_source,
            kept,
        )

    return read
