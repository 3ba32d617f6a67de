"""Rows that are movements, with every habit of writing signs and times."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

from zeroline.domain.errors import DomainError
from zeroline.domain.incoming import MovementRow, RecordKind, TransferRow
from zeroline.domain.instant import DAY
from zeroline.domain.movement import MovementKind, TimeBasis
from zeroline.domain.quantity import SCALE, plain
from zeroline.sources import words
from zeroline.sources.mapping.model import FileRules
from zeroline.sources.reading.cells import Fields, refused
from zeroline.sources.reading.values import Values

Row: TypeAlias = Sequence[str]
_DIRECTIONS = {
    **dict.fromkeys(("in", "i", "+", "receipt", "debit", "d"), "+"),
    **dict.fromkeys(("out", "o", "-", "issue", "credit", "c"), "-"),
}
_MOST_DAYS = 3_660


def movement_reader(
    fields: Fields, values: Values, rules: FileRules
) -> Callable[[int, Row, tuple[str, ...]], MovementRow | TransferRow]:
    """Reads movements, opening balances, and transfers written as one row (``from_location`` to
    ``to_location``) that become two movements."""
    item = fields.code("item", required=True)
    transfers = "from_location" in fields or "to_location" in fields
    location = fields.code("location", required=not transfers)
    lot, status = fields.code("lot"), values.status()
    quantity = _quantity_reader(fields, values, rules)
    kind = _kind_reader(fields, rules)
    measure = values.measure(item)
    times = _time_reader(fields, values, rules)
    reference, document, line = (
        fields.code("movement_id"),
        fields.words("document"),
        fields.words("document_line"),
    )
    user, source, override = fields.words("user"), fields.code("source"), values.flag("override")
    own_source = rules.source or ""

    def read(number: int, cells: Row, kept: tuple[str, ...]) -> MovementRow:
        amount = quantity(cells)
        meant, amount = kind(cells, amount)
        occurred, recorded, basis = times(cells)
        return MovementRow(
            number,
            item(cells),
            location(cells),
            lot(cells),
            status(cells),
            measure(cells, amount),
            meant,
            occurred,
            recorded,
            basis,
            reference(cells),
            document(cells),
            line(cells),
            user(cells),
            override(cells),
            source(cells) or own_source,
            kept,
        )

    if not transfers:
        return read
    legs = _leg_reader(fields, values)

    def read_transfer(number: int, cells: Row, kept: tuple[str, ...]) -> MovementRow | TransferRow:
        row = read(number, cells, kept)
        return legs(row, cells)

    return read_transfer


def _quantity_reader(fields: Fields, values: Values, rules: FileRules) -> Callable[[Row], int]:
    """Signed micro-units as far as columns tell; a kind may still turn the sign."""
    if "quantity" not in fields:
        came, went = (
            values.number("quantity_in", required=False),
            values.number("quantity_out", required=False),
        )
        names = fields.name("quantity_in"), fields.name("quantity_out")

        def both(cells: Row) -> int:
            more, less = came(cells), went(cells)
            if more is None and less is None:
                raise refused("quantity-empty", " / ".join(names))
            for name, amount in zip(names, (more, less), strict=True):
                if amount is not None and amount < 0:
                    raise refused("quantity-signed", name, plain(amount))
            return (more or 0) - (less or 0)

        return both
    number = values.number("quantity")
    name = fields.name("quantity")
    if "direction" in fields:
        direction, direction_name = fields.get("direction"), fields.name("direction")
        meanings = {**_DIRECTIONS, **{word.casefold(): way for word, way in rules.directions.items()}}

        def directed(cells: Row) -> int:
            amount = number(cells) or 0
            word = direction(cells)
            way = meanings.get(word.casefold())
            if way is None:
                raise refused("direction-unknown", direction_name, word)
            return _signed(amount, way, name)

        return directed
    sign = rules.sign or "signed"
    return lambda cells: _signed(number(cells) or 0, sign, name)


def _signed(amount: int, sign: str, name: str) -> int:
    if sign == "signed":
        return amount
    if sign == "reverse":
        return -amount
    if amount < 0:
        raise DomainError("quantity-signed", field=name, value=plain(amount))
    return -amount if sign == "-" else amount


def _kind_reader(fields: Fields, rules: FileRules) -> Callable[[Row, int], tuple[MovementKind, int]]:
    getter, name, quantity_name = fields.get("kind"), fields.name("kind"), fields.name("quantity")
    own = {word.casefold(): (rule.kind, rule.sign) for word, rule in rules.kinds.items()}
    opening = rules.kind is RecordKind.OPENINGS

    def read(cells: Row, amount: int) -> tuple[MovementKind, int]:
        if opening:
            return MovementKind.OPENING, amount
        word = getter(cells)
        rule = own.get(word.casefold())
        if rule is not None:
            return rule[0], _signed(amount, rule[1], quantity_name)
        meant = words.kind_of(word, amount)
        if meant is None:
            raise refused("kind-unknown", name, word, known=tuple(kind.value for kind in MovementKind))
        return meant, amount

    return read


def _time_reader(
    fields: Fields, values: Values, rules: FileRules
) -> Callable[[Row], tuple[int | None, int | None, TimeBasis]]:
    occurred, recorded = values.instant("occurred_at"), values.instant("recorded_at")
    timed = "occurred_at" in fields or "recorded_at" in fields
    carry = rules.missing_time == "file order"
    same = "occurred_at" in rules.columns and rules.columns["occurred_at"] == rules.columns.get(
        "recorded_at"
    )  # one column for both tells one time only
    names = [fields.name(field) for field in ("occurred_at", "recorded_at") if field in fields]
    last: list[int | None] = [None]

    def read(cells: Row) -> tuple[int | None, int | None, TimeBasis]:
        happened, written = occurred(cells), recorded(cells)
        if happened is None and written is None:
            if timed and not carry:
                raise refused("time-missing", " / ".join(names))
            return last[0], last[0], TimeBasis.FILE_ORDER
        if written is None:
            basis, written = TimeBasis.OCCURRED, happened
        elif happened is None or same:
            basis, happened = TimeBasis.RECORDED, written
        else:
            basis = TimeBasis.BOTH
        last[0] = written
        return happened, written, basis

    return read


def _leg_reader(fields: Fields, values: Values) -> Callable[[MovementRow, Row], MovementRow | TransferRow]:
    """Both legs of a transfer row, or the one whose location is given."""
    start, end = fields.code("from_location"), fields.code("to_location")
    days, arrived = values.number("transit_days", required=False), values.instant("arrived_at")
    names = fields.name("from_location"), fields.name("to_location")
    quantity_name = fields.name("quantity")
    days_name = fields.name("transit_days")

    def read(row: MovementRow, cells: Row) -> MovementRow | TransferRow:
        here, there = start(cells), end(cells)
        amount = row.measure.entered
        if not here and not there:
            if row.location:
                return row  # an ordinary movement among transfers
            raise refused("field-empty", " / ".join(names))
        if amount < 0:
            raise DomainError("quantity-signed", field=quantity_name, value=plain(amount))
        if here == there:
            raise refused("transfer-nowhere", " / ".join(names), here)
        out = replace(
            row,
            location=here,
            measure=replace(row.measure, entered=-amount),
            kind=MovementKind.TRANSFER_OUT,
            reference=f"{row.reference}/out" if row.reference else "",
        )
        later = days(cells) or 0
        if not 0 <= later <= _MOST_DAYS * SCALE:
            raise refused("transit-days", days_name, plain(later))
        arrival = arrived(cells)
        into = replace(
            row,
            location=there,
            kind=MovementKind.TRANSFER_IN,
            occurred_at=_arrival(row.occurred_at, later, arrival),
            recorded_at=_arrival(row.recorded_at, later, arrival),
            reference=f"{row.reference}/in" if row.reference else "",
        )
        if not here:
            return into
        return TransferRow(row.row, (out, into), row.cells) if there else out

    return read


def _arrival(departed: int | None, days: int, arrived: int | None) -> int | None:
    if arrived is not None:
        return arrived
    return None if departed is None else departed + days * DAY // SCALE
