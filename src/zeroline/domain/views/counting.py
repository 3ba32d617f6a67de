"""Counting as people see it: sheets, the blind sheet, and the results with their arithmetic.

Quantities and money are micro-units, instants µs UTC. ``percent`` is in millionths (12.5 % is 125_000).
The blind shapes hold nothing that was read from the ledger, its balances or expectations.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from zeroline.domain.changes import Changes
from zeroline.domain.stock import Unit
from zeroline.domain.views.key import KeyFacts, Reason


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A count sheet in the list. ``state``: open, recount, submitted, cancelled.

    ``lines`` = ``to_count`` + ``recount`` + ``accepted`` + ``variance`` + ``not_counted``.
    """

    sheet_id: int
    number: str
    title: str
    origin: str
    state: str
    created_by: str
    created_at: int
    assigned_to_id: int | None
    assigned_to: str
    due_at: int | None
    submitted_by: str
    submitted_at: int | None
    lines: int
    to_count: int
    recount: int
    accepted: int
    variance: int
    not_counted: int
    version: int


@dataclass(frozen=True, slots=True)
class SheetMade:
    """A new sheet. ``already``: (key id, number of the open sheet that asks for it) of keys left out."""

    changes: Changes
    sheet_id: int
    number: str
    lines: int
    already: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class DueLine:
    """A stock key that the policy wants counted. ``last_counted_at`` None: never counted."""

    key: KeyFacts
    counts_per_year: int
    last_counted_at: int | None
    due_at: int | None  # None: at once, it was never counted
    open_sheet: str = ""  # number of a sheet that already asks for it


@dataclass(frozen=True, slots=True)
class Choice:
    """Which stock keys somebody wants counted: '' leaves a part open, ``location`` and ``item`` are how the
    codes begin, ``most`` how many lines the sheet may have."""

    site: str = ""
    warehouse: str = ""
    zone: str = ""
    location: str = ""
    item: str = ""
    abc_class: str = ""
    most: int = 500


@dataclass(frozen=True, slots=True)
class BlindLine:
    """One line to count. ``state``: to count, entered, not counted, done.

    ``round`` is the count this entry would be (1 first, 2 recount, …). ``blocked`` is '' or why this
    person may not count it: ``counted-before`` (they made an earlier count of it) or ``taken`` (somebody
    else, named in ``taken_by``, has an entry that is not submitted yet).
    """

    line_id: int
    position: int
    key: KeyFacts
    units: tuple[Unit, ...]
    barcodes: tuple[tuple[str, str], ...]  # (barcode, unit code)
    round: int
    state: str
    entered: str = ""
    quantity: int | None = None
    reason: str = ""
    counted_at: int | None = None
    found: bool = False
    blocked: str = ""
    taken_by: str = ""
    taken_by_id: int = 0


@dataclass(frozen=True, slots=True)
class BlindSheet:
    """What a counter works from; made without touching balances, movements or expectations."""

    sheet_id: int
    number: str
    title: str
    state: str
    assigned_to_id: int | None
    assigned_to: str
    due_at: int | None
    lines: tuple[BlindLine, ...]
    can_undo: bool
    can_redo: bool
    version: int

    @property
    def done(self) -> int:
        """Lines that need nothing more from this person."""
        return sum(line.state != "to count" or bool(line.blocked) for line in self.lines)

    @property
    def next_line(self) -> BlindLine | None:
        """The first line this person can still count."""
        return next((line for line in self.lines if line.state == "to count" and not line.blocked), None)


@dataclass(frozen=True, slots=True)
class EnteredLine:
    """A draft that is now kept: what was typed and what it makes in base units."""

    changes: Changes
    line_id: int
    entered: str
    quantity: int
    unit: str
    counted_at: int


@dataclass(frozen=True, slots=True)
class FoundLine:
    """A line that was added because something was found that the sheet does not list."""

    changes: Changes
    line_id: int
    key_id: int
    known: bool = False  # the sheet had that line already; it was not added twice


@dataclass(frozen=True, slots=True)
class SubmitResult:
    """What one submission did. ``recount`` lines now wait for somebody else; ``waiting_for`` names people
    whose entries on this sheet are not submitted yet."""

    changes: Changes
    sheet_id: int
    state: str
    counted: int
    accepted: int
    variance: int
    recount: int
    not_counted: int
    waiting_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ArithmeticMovement:
    """A movement that the count's arithmetic mentions, and ``why``:

    ``recorded-later`` happened before the count, recorded after it (+) · ``arrived-later`` recorded and
    happened before the count, but reached Zeroline after the book was read (+) · ``posted-ahead`` recorded
    before the count, happened after it (its quantity is taken out again) · ``since`` happened after the
    count; it changes what is on hand, never the adjustment.
    """

    movement_id: int
    kind: str
    quantity: int
    occurred_at: int
    recorded_at: int
    document: str
    user: str
    why: str


@dataclass(frozen=True, slots=True)
class CountedEntry:
    """One person's count with its frozen expectation: ``variance`` = quantity − (book + late)."""

    entry_id: int
    round: int
    counter_id: int
    counter: str
    counted_at: int
    entered: str
    quantity: int
    book: int
    late: int
    expected: int
    variance: int
    percent: int
    value: int
    within: bool
    reasons: tuple[Reason, ...] = ()  # which limits failed, or which rule
    movements: tuple[ArithmeticMovement, ...] = ()  # those in ``late``
    book_seq: int = 0  # highest sequence in ``book``


@dataclass(frozen=True, slots=True)
class ResultLine:
    """A line after (or before) counting. ``state``: to count, recount, accepted, variance, not counted.

    ``final`` is the count that stands, None while there is none. ``agreed``: two counts found the same
    variance. ``on_hand`` is the book balance now.
    """

    line_id: int
    position: int
    key: KeyFacts
    unit_cost: int
    state: str
    reason: str
    found: bool
    case_id: int | None
    entries: tuple[CountedEntry, ...]
    final: CountedEntry | None
    agreed: bool
    on_hand: int
    adjustments: tuple[tuple[int, str, str], ...] = ()  # (id, number, state)


@dataclass(frozen=True, slots=True)
class SheetResults:
    """A sheet with everything the counters were not shown. Totals are over lines that have a final count."""

    sheet: SheetRow
    lines: tuple[ResultLine, ...]
    counted: int
    within: int
    value_net: int
    value_gross: int
    counters: tuple[str, ...] = field(default=())
