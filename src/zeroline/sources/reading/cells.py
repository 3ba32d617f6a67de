"""Getting the text of each field out of a row."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from zeroline.domain.errors import DomainError
from zeroline.sources.lookup import LookupTable
from zeroline.sources.mapping.model import Cell, FileRules

Getter: TypeAlias = Callable[[Sequence[str]], str]

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_BREAK = re.compile(r"[ \t\r\n\v\f]*[\t\r\n\v\f][ \t\r\n\v\f]*")
LONGEST_CODE = 200
LONGEST_TEXT = 2_000


def refused(code: str, field: str, value: str = "", **facts: object) -> DomainError:
    """A row's fault in one field; ``value`` as read, cut to a readable length."""
    return DomainError(code, **{"value": value[:80], **facts}, field=field)


class Fields:
    """The fields that a file's header and rules give, each as text with blanks around it removed.

    Raises DomainError ``column-missing`` or ``column-twice`` for a column of the rules that the header has
    not exactly once, and as LookupTable.
    """

    def __init__(
        self, header: Sequence[str], rules: FileRules, lookups: Mapping[str, LookupTable], file: str
    ) -> None:
        self._header = tuple(header)
        self._file = file
        self._lookups = lookups
        self._folded = [column.casefold() for column in header]
        self.named: dict[str, str] = {}  # the column a person looks at for a field
        self._getters: dict[str, Getter] = {}
        self.used: set[int] = set()
        for field, value in rules.constants.items():
            self._add(field, Cell(constant=value))
        for field, cell in rules.columns.items():
            self._add(field, cell)

    def __contains__(self, field: str) -> bool:
        return field in self._getters

    def place(self, column: str) -> int:
        """Where a column of the file stands."""
        wanted = column.strip()
        found = [place for place, name in enumerate(self._header) if name == wanted]
        if not found:
            found = [place for place, name in enumerate(self._folded) if name == wanted.casefold()]
        if not found:
            raise DomainError("column-missing", file=self._file, column=column, columns=self._header[:30])
        if len(found) > 1:
            raise DomainError("column-twice", file=self._file, column=column)
        self.used.add(found[0])
        return found[0]

    def get(self, field: str) -> Getter:
        """What answers the field's text, '' for a field that the file does not have."""
        return self._getters.get(field, _nothing)

    def name(self, field: str) -> str:
        """What the file calls a field."""
        return self.named.get(field, field)

    def code(self, field: str, *, required: bool = False) -> Getter:
        """The field as a code: not empty if required, not overlong, without control characters.

        Its getter raises DomainError ``field-empty``, ``text-too-long`` or ``text-control``.
        """
        return self._checked(field, LONGEST_CODE, required)

    def text(self, field: str) -> Getter:
        """The field as a longer text; as :meth:`words`."""
        return self._checked(field, LONGEST_TEXT, required=False, folded=True)

    def words(self, field: str, *, required: bool = False) -> Getter:
        """The field as a name that only people read: as :meth:`code`, but a line break becomes a blank."""
        return self._checked(field, LONGEST_CODE, required, folded=True)

    def _checked(self, field: str, longest: int, required: bool, *, folded: bool = False) -> Getter:
        if field not in self and not required:
            return _nothing
        getter, name = self.get(field), self.name(field)
        good: set[str] = {""} if not required else set()

        def checked(cells: Sequence[str]) -> str:
            text = getter(cells)
            if text in good:
                return text
            if not text:
                raise refused("field-empty", name)
            if len(text) > longest:
                raise refused("text-too-long", name, text, longest=longest)
            if folded:
                text = _BREAK.sub(" ", text)
            if _CONTROL.search(text):
                raise refused("text-control", name, _CONTROL.sub(_shown, text))
            if len(good) < 50_000:
                good.add(text)
            return text

        return checked

    def _add(self, field: str, cell: Cell) -> None:
        self.named[field] = cell.column or (", ".join(cell.columns) if cell.columns else field)
        self._getters[field] = self._getter(field, cell)

    def _getter(self, field: str, cell: Cell) -> Getter:
        base = self._base(cell)
        plain = not (cell.change or cell.translate or cell.lookup or cell.prefix or cell.suffix)
        if plain and not cell.default:
            return base
        table = self._lookups.get(cell.lookup)
        wanted = table.column(cell.value) if table is not None else 0
        translate = {word.casefold(): meaning for word, meaning in cell.translate.items()}
        any_other = translate.pop("*", None)
        name = self.named[field]

        def shaped(cells: Sequence[str]) -> str:
            text = base(cells)
            for change in cell.change:
                text = text.upper() if change == "upper" else text.lower()
            if text and table is not None:
                found = table.find(text, wanted)
                if found is None:
                    raise refused("lookup-nothing", name, text, lookup=cell.lookup)
                text = found
            text = translate.get(text.casefold(), text if any_other is None or not text else any_other)
            if text:
                text = f"{cell.prefix}{text}{cell.suffix}"
            return text or cell.default

        return shaped

    def _base(self, cell: Cell) -> Getter:
        if cell.constant is not None:
            constant = cell.constant
            return lambda cells: constant
        if cell.column:
            place = self.place(cell.column)
            return lambda cells: cells[place].strip()
        places = [self.place(column) for column in cell.columns]
        return lambda cells: cell.join.join(part for p in places if (part := cells[p].strip()))


def _shown(control: re.Match[str]) -> str:
    """The sign that stands for a control character: ␊ for a line break."""
    code = ord(control[0])
    return "␡" if code == 0x7F else chr(0x2400 + code)


def _nothing(cells: Sequence[str]) -> str:
    return ""
