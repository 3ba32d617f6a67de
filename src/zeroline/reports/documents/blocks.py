"""Frozen blocks a report is made of. Cells are raw values: a renderer writes them through Notation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What the raw value of a column or fact is, and with it how it is written and aligned."""

    TEXT = "text"
    """str; wraps at spaces, long words by character."""
    CODE = "code"
    """str in the fixed-width face; breaks after separators."""
    QUANTITY = "quantity"
    """int, micro-units; aligned on the decimal mark."""
    MONEY = "money"
    """int, micro-currency; the currency's decimals."""
    COUNT = "count"
    """int, a plain whole number."""
    SHARE = "share"
    """int, a ratio with 1,000,000 = 100 %."""
    INSTANT = "instant"
    """int, µs since 1970 UTC; written in site time to the minute (``seconds=True``: to the second)."""
    DAY = "day"
    """int, an instant of which only the site's calendar day is written."""
    DURATION = "duration"
    """int, µs; ``3 d 04 h``."""
    BARCODE = "barcode"
    """str, as Code 128 with the text below (as a QR code where it cannot be or would be too wide)."""
    WRITE_IN = "write-in"
    """An empty box for a hand; a str is printed small inside it as a hint (the unit)."""


NUMBERS = frozenset({Kind.QUANTITY, Kind.MONEY, Kind.COUNT, Kind.SHARE})
TIMES = frozenset({Kind.INSTANT, Kind.DAY})


class Align(Enum):
    LEFT = "left"
    RIGHT = "right"
    CENTER = "center"
    DECIMAL = "decimal"


class Flag(Enum):
    """Emphasis that survives a black-and-white printer: semibold, a colour and a drawn mark."""

    BELOW_ZERO = "below-zero"
    ATTENTION = "attention"
    VERIFIED = "verified"


@dataclass(frozen=True, slots=True)
class Flagged:
    """A cell with emphasis; what the flag means stands in ``Words``."""

    value: str | int | None
    flag: Flag


class Quoted(str):
    """A text that quotes times and numbers as this paper writes them; ``raw`` is what they are made from, and
    what the hash of the data covers."""

    raw: str

    def __new__(cls, text: str, raw: str) -> Quoted:
        """``text`` for people, ``raw`` for the hash."""
        made = super().__new__(cls, text)
        made.raw = raw
        return made


Cell = str | int | Flagged | None
"""A raw value by the column's kind. A str in a number or time column is printed as it is ('not counted');
None is printed as the column's ``empty`` text."""
Row = Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    ``under`` names the key of another column beneath whose cell this one is printed on paper, so that many
    columns stay legible (in a spreadsheet it is a column of its own). ``share`` weighs spare width among
    texts. ``least`` is a width in mm it never goes below. ``decimals`` fixes the decimals of a number,
    rounded half to even. ``flag_negative`` flags every number below zero.
    """

    key: str
    title: str
    kind: Kind = Kind.TEXT
    under: str | None = None
    align: Align | None = None
    share: float = 1.0
    least: float = 0.0
    decimals: int | None = None
    seconds: bool = False
    empty: str = ""
    flag_negative: bool = False
    strong: bool = False

    @property
    def alignment(self) -> Align:
        """The given alignment, or the one of its kind."""
        if self.align is not None:
            return self.align
        if self.kind is Kind.QUANTITY:
            return Align.DECIMAL
        return Align.RIGHT if self.kind in NUMBERS or self.kind is Kind.DURATION else Align.LEFT


@dataclass(frozen=True, slots=True)
class Total:
    """A closing row: ``label`` runs over the leading empty cells; one cell for each column."""

    label: str
    cells: Row


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one heading, with subtotals; a group that fits on a page is kept on one page."""

    title: str
    rows: Sequence[Row]
    totals: Sequence[Total] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under repeated column titles. ``rows`` (without a heading) come before ``groups``.

    ``key`` is stable (names the sheet in hashes), ``title`` is printed above. ``nothing`` is the sentence
    shown when there is not one row. ``row_room`` is the least height of a row in mm, for hands and barcodes.
    Raises ValueError when a row or total has another number of cells than there are columns, or when
    ``under`` names no column that stands on its own.
    """

    key: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Row] = ()
    groups: Sequence[Group] = ()
    totals: Sequence[Total] = ()
    nothing: str = "Nothing to report."
    note: str = ""
    row_room: float = 0.0

    def __post_init__(self) -> None:
        width = len(self.columns)
        tops = {column.key for column in self.columns if column.under is None}
        for column in self.columns:
            if column.under is not None and column.under not in tops:
                raise ValueError(
                    f"column {column.key!r} stands under {column.under!r}, which is no top column"
                )
        if len({column.key for column in self.columns}) != width:
            raise ValueError(f"column keys of table {self.key!r} repeat")
        for rows in (self.rows, *(group.rows for group in self.groups)):
            for row in rows:
                if len(row) != width:
                    raise ValueError(f"a row of table {self.key!r} has {len(row)} cells, not {width}")
        for total in (*self.totals, *(total for group in self.groups for total in group.totals)):
            if len(total.cells) != width:
                raise ValueError(f"a total of table {self.key!r} has {len(total.cells)} cells, not {width}")

    def all_rows(self) -> Iterator[Row]:
        """Every data row in printed order, without totals."""
        yield from self.rows
        for group in self.groups:
            yield from group.rows

    def row_count(self) -> int:
        """Data rows, without totals."""
        return len(self.rows) + sum(len(group.rows) for group in self.groups)


@dataclass(frozen=True, slots=True)
class Heading:
    """A section title, also in the PDF's outline; ``level`` 1 or 2."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; ``quiet`` prints it small and grey, as a footnote."""

    text: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """One label with its value."""

    label: str
    value: Cell
    kind: Kind = Kind.TEXT
    decimals: int | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels and values in ``columns`` columns, read downwards; ``large`` sets values as headline figures."""

    facts: Sequence[Fact]
    columns: int = 3
    large: bool = False


class Mark(Enum):
    """What a marker of the balance chart stands for; each has its own shape."""

    RECEIPT = "receipt"
    ISSUE = "issue"
    COUNT = "count"
    ADJUSTMENT = "adjustment"
    CROSSING = "crossing"


@dataclass(frozen=True, slots=True)
class Marker:
    """A marked point: at an instant (µs), on a balance (micro-units)."""

    at: int
    balance: int
    mark: Mark
    label: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """A shaded stretch, an episode, from and to in µs; ``to`` None runs to the right edge."""

    start: int
    to: int | None
    label: str = ""
    transient: bool = False


@dataclass(frozen=True, slots=True)
class BalanceChart:
    """Balance over time as steps: (instant µs, balance after it in micro-units), in order of time.

    ``book`` is filled below zero; ``physical`` is drawn dashed over it. ``since`` and ``until`` (µs) are the
    edges of the window: a point at or before ``since`` gives the balance at its left edge (0 without one).
    Labels of markers that find no room are left out, the markers stay: the ledger beside it names them.
    """

    title: str
    unit: str
    book: Sequence[tuple[int, int]]
    physical: Sequence[tuple[int, int]] = ()
    bands: Sequence[Band] = ()
    markers: Sequence[Marker] = ()
    since: int | None = None
    until: int | None = None
    height: float = 62.0
    """mm"""
    nothing: str = "No movements to draw."


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    value: int
    """By the chart's kind."""
    flag: Flag | None = None
    note: str = ""
    """Printed after the value, for example '12 cases'."""


@dataclass(frozen=True, slots=True)
class BarChart:
    """Horizontal bars with their values written beside them; values of one number kind."""

    title: str
    bars: Sequence[Bar]
    kind: Kind = Kind.COUNT
    decimals: int | None = None
    nothing: str = "Nothing to draw."


@dataclass(frozen=True, slots=True)
class Signature:
    """One hand: role and meaning are printed; name and date too where known, else left to be written."""

    role: str
    meaning: str
    name: str = ""
    signed_at: int | None = None
    """µs; when signed electronically."""


@dataclass(frozen=True, slots=True)
class SignatureBlock:
    title: str
    rows: Sequence[Signature]


@dataclass(frozen=True, slots=True)
class WriteIn:
    """Empty ruled lines under column labels, for test counts and remarks by hand."""

    title: str
    columns: Sequence[str]
    lines: int = 5
    widths: Sequence[float] = ()
    """Relative widths, one a column; equal when empty."""


@dataclass(frozen=True, slots=True)
class QR:
    """A QR code with a caption beside it."""

    text: str
    caption: str = ""
    size: float = 22.0
    """mm"""


@dataclass(frozen=True, slots=True)
class PageBreak:
    pass


Block = (
    Heading | Paragraph | Facts | Table | BalanceChart | BarChart | SignatureBlock | WriteIn | QR | PageBreak
)
