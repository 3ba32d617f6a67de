"""Choosing and compiling the reader of a file's rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from zeroline.domain.errors import DomainError
from zeroline.domain.incoming import Problem, Record, RecordKind
from zeroline.sources.fields import BY_KIND, TIMES, gaps
from zeroline.sources.lookup import LookupTable
from zeroline.sources.mapping.model import FileRules
from zeroline.sources.reading.cells import Fields
from zeroline.sources.reading.masters import item_reader, location_reader
from zeroline.sources.reading.movements import movement_reader
from zeroline.sources.reading.surroundings import balance_reader, document_reader, reservation_reader
from zeroline.sources.reading.values import Values
from zeroline.sources.table.row import LONGEST_CELL, RawRow, shortened

Reader: TypeAlias = Callable[[int, Sequence[str], tuple[str, ...]], Record]

_READERS: dict[RecordKind, Callable[[Fields, Values, FileRules], Reader]] = {
    RecordKind.MOVEMENTS: movement_reader,
    RecordKind.OPENINGS: movement_reader,
    RecordKind.ITEMS: item_reader,
    RecordKind.LOCATIONS: location_reader,
    RecordKind.BALANCES: balance_reader,
    RecordKind.DOCUMENTS: document_reader,
    RecordKind.RESERVATIONS: reservation_reader,
}


class RowReader:
    """Reads rows of one file: each is a record, a problem, or skipped (None) by the rules."""

    def __init__(
        self,
        read: Reader,
        skips: Sequence[Callable[[Sequence[str]], bool]],
        names: Mapping[int, str],
    ) -> None:
        self._read = read
        self._skips = skips
        self._names = names  # the used columns by place

    def read(self, row: RawRow) -> Record | Problem | None:
        """The row as a record; what is wrong with it as a problem; None when the rules leave it out."""
        number, cells, fault = row
        if fault is not None:
            return Problem(number, "", "", fault.code, fault.facts, shortened(cells))
        try:
            text = "".join(cells)
            if len(text) > LONGEST_CELL or "\0" in text or "\ufffd" in text:
                self._check(cells)
            for skip in self._skips:
                if skip(cells):
                    return None
            return self._read(number, cells, tuple(cells) if len(text) <= LONGEST_CELL else shortened(cells))
        except DomainError as error:
            facts = dict(error.fields)
            field, value = str(facts.pop("field", "")), str(facts.get("value", ""))
            return Problem(number, field, value, error.code, facts, shortened(cells))

    def _check(self, cells: Sequence[str]) -> None:
        for place, name in self._names.items():
            cell = cells[place]
            shown = cell[:40].replace("\0", "␀")
            if len(cell) > LONGEST_CELL:
                raise DomainError("cell-too-long", field=name, value=shown + "…", length=len(cell))
            if "\0" in cell:
                raise DomainError("cell-nul", field=name, value=shown)
            if "\ufffd" in cell:
                raise DomainError("cell-undecodable", field=name, value=shown)


def compile_reader(
    header: Sequence[str], rules: FileRules, lookups: Mapping[str, LookupTable], file: str
) -> RowReader:
    """The reader for a file with this header.

    Raises DomainError for what makes the whole file impossible to understand: ``column-missing``,
    ``column-twice``, ``mapping-gaps`` (``missing``: fields that nothing is mapped to),
    ``mapping-kind-missing``, ``mapping-field-kind`` (a field that records of this
    kind do not have), ``mapping-opening-time``.
    """
    kind = rules.kind
    if kind is None:
        raise DomainError("mapping-kind-missing", file=file)
    foreign = sorted((rules.columns.keys() | rules.constants.keys()) - set(BY_KIND[kind]))
    if foreign:
        raise DomainError("mapping-field-kind", file=file, names=tuple(foreign), kind=kind.value)
    fields = Fields(header, rules, lookups, file)
    known = frozenset(name for name in BY_KIND[kind] if name in fields)
    lacking = gaps(kind, known)
    if lacking:
        missing = tuple(" / ".join(gap.fields) for gap in lacking)
        raise DomainError("mapping-gaps", file=file, missing=missing, kind=kind.value)
    if kind is RecordKind.OPENINGS and not known & set(TIMES):
        raise DomainError("mapping-opening-time", file=file)
    derived = kind is RecordKind.OPENINGS and rules.derive_from == "balance"
    read = (balance_reader if derived else _READERS[kind])(fields, Values(fields, rules, lookups), rules)
    skips = [_skip(fields.place(skip.column), skip.equals, skip.empty) for skip in rules.skip or ()]
    return RowReader(read, skips, {place: header[place] for place in sorted(fields.used)})


def _skip(place: int, equals: Sequence[str], empty: bool) -> Callable[[Sequence[str]], bool]:
    words = {word.strip() for word in equals} | ({""} if empty else set())
    return lambda cells: cells[place].strip() in words
