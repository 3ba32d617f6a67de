"""How wide the columns of a table are: numbers are never cut, texts share what is left."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from zeroline.domain.instant import DAY, HOUR
from zeroline.domain.quantity import DECIMALS, SCALE
from zeroline.reports.documents import (
    NUMBERS,
    TIMES,
    Align,
    Cell,
    Column,
    Flag,
    Flagged,
    Kind,
    Notation,
    Table,
)
from zeroline.reports.pdf.flow import MM
from zeroline.reports.pdf.symbols import barcode_width, can_be_barcode
from zeroline.reports.pdf.typeface import Style, Styles

SIZES = (8.0, 7.5, 7.0, 6.5)
PAD = 3.0
MARKS = {Flag.BELOW_ZERO: "▼ ", Flag.ATTENTION: "◆ ", Flag.VERIFIED: "✓ "}
_SPARE = 26.0
_READABLE = 230.0
"""Width up to which texts are served first; the eye loses wider lines."""
_REFERENCE = 10.0
_WORD = re.compile(r"\S+")
_CODE_PART = re.compile(r"[^-/_.,:;|\\\s]+[-/_.,:;|\\]*")


@dataclass(slots=True)
class Setting:
    """One column at one size: how it is written, and what its content weighs in points."""

    column: Column
    index: int
    style: Style
    strong: Style
    write: Callable[[int], str]
    align: Align
    least: float = 0.0
    natural: float = 0.0
    fraction: float = 0.0
    """Width kept right of the last whole digit, for alignment on the decimal mark."""
    fixed_least: float = 0.0
    """Least width of what does not grow with the type: barcodes and boxes."""
    fixed_natural: float = 0.0


@dataclass(slots=True)
class Slot:
    """Columns printed one beneath the other; ``x`` is the left edge of the text, ``width`` its room."""

    settings: list[Setting]
    least: float = 0.0
    natural: float = 0.0
    x: float = 0.0
    width: float = 0.0
    air: float = 2 * PAD
    """White space to the next slot; more where figures meet the beginning of words."""

    def weigh(self) -> None:
        """Widths of the slot from its columns."""
        self.least = max(setting.least for setting in self.settings)
        self.natural = max(self.least, *(setting.natural for setting in self.settings))

    @property
    def comfortable(self) -> float:
        """A width at which texts do not become towers."""
        return self.least + 0.45 * max(0.0, min(self.natural, 180.0) - self.least)

    @property
    def share(self) -> float:
        return max(setting.column.share for setting in self.settings)


class Weights:
    """What the cells of one table weigh, measured once at ten points; widths are linear in the size."""

    def __init__(self, table: Table, styles: Styles, notation: Notation) -> None:
        self._table, self._styles, self._notation = table, styles, notation
        cells = _cells_by_column(table)
        self._measured = [self._setting(index, _REFERENCE) for index in range(len(table.columns))]
        for setting, column in zip(self._measured, cells, strict=True):
            _weigh(setting, column, notation)

    def fit(self, measure: float) -> tuple[float, list[Slot]]:
        """The type size and the slots, with places, of a table at most ``measure`` points wide.

        The largest size at which the columns sit comfortably; at the smallest size neighbouring columns
        are stacked until even their least widths fit.
        """
        size, slots = SIZES[0], self.slots(SIZES[0])
        for size in SIZES:
            slots = self.slots(size)
            if sum(slot.comfortable for slot in slots) + _air(slots) <= measure:
                break
        while len(slots) > 1 and sum(slot.least for slot in slots) + _air(slots) > measure:
            _stack_two(slots)
        _distribute(slots, measure)
        return size, slots

    def needs_landscape(self, measure: float) -> bool:
        """Whether the columns would be cramped in ``measure`` points at a middle size."""
        slots = self.slots(SIZES[1])
        return sum(slot.comfortable for slot in slots) + _air(slots) > measure

    def slots(self, size: float) -> list[Slot]:
        """The slots at one size, not yet placed."""
        slots: dict[str, Slot] = {}
        for measured in self._measured:
            column = measured.column
            setting = self._setting(measured.index, size)
            scale = size / _REFERENCE
            title_style = self._styles(size, strong=column.under is None)
            words = [title_style.width(word) for word in column.title.split()] or [0.0]
            setting.fraction = measured.fraction * scale
            setting.least = max(
                measured.least * scale,
                measured.fixed_least,
                column.least * MM,
                title_style.width(column.title) / 3,
                *words,
            )
            setting.natural = max(measured.natural * scale, measured.fixed_natural, setting.least)
            slots.setdefault(column.under or column.key, Slot([])).settings.append(setting)
        for slot in slots.values():
            slot.settings.sort(key=lambda setting: setting.column.under is not None)
            slot.weigh()
            top = slot.settings[0]
            for setting in slot.settings[1:]:
                if (
                    setting.column.align is None
                    and setting.align is Align.LEFT
                    and top.align is not Align.LEFT
                ):
                    setting.align = Align.RIGHT
        return list(slots.values())

    def _setting(self, index: int, size: float) -> Setting:
        column = self._table.columns[index]
        mono = column.kind is Kind.CODE
        strong = self._styles(size, strong=True, mono=mono)
        return Setting(
            column,
            index,
            strong if column.strong else self._styles(size, mono=mono),
            strong,
            self._notation.writer(column.kind, column.decimals, column.seconds),
            column.alignment,
        )


def _cells_by_column(table: Table) -> Sequence[Sequence[Cell]]:
    rows = list(table.all_rows())
    totals = [total.cells for group in table.groups for total in group.totals]
    totals += [total.cells for total in table.totals]
    if not rows and not totals:
        return [()] * len(table.columns)
    return list(zip(*rows, *totals, strict=True))


def _weigh(setting: Setting, cells: Sequence[Cell], notation: Notation) -> None:
    column, style = setting.column, setting.strong
    flags = {cell.flag for cell in cells if isinstance(cell, Flagged)}
    values = [cell.value if isinstance(cell, Flagged) else cell for cell in cells] if flags else cells
    numbers = [value for value in values if isinstance(value, int)]
    texts = list(dict.fromkeys([value for value in values if isinstance(value, str)]))
    if column.empty and None in values:
        texts.append(column.empty)
    if column.flag_negative and numbers and min(numbers) < 0:
        flags.add(Flag.BELOW_ZERO)
    mark = max((style.width(MARKS[flag]) for flag in flags), default=0.0)
    if column.kind is Kind.WRITE_IN:
        setting.fixed_least = setting.fixed_natural = max(column.least, 18.0) * MM
        return
    if column.kind is Kind.BARCODE:
        _weigh_barcodes(setting, texts)
        return
    if numbers:
        if setting.align is Align.DECIMAL:
            setting.fraction = _fraction_width(setting, numbers, notation)
        setting.least = max(style.width(text) for text in _widest_candidates(setting, numbers))
        if setting.fraction:
            whole = max(
                style.width(setting.write(value).partition(notation.decimal)[0])
                for value in (min(numbers), max(numbers))
            )
            setting.least = max(setting.least, whole + setting.fraction)
        setting.least += mark
        setting.natural = setting.least
    if texts:
        _weigh_texts(setting, texts, mark)


def _weigh_texts(setting: Setting, texts: list[str], mark: float) -> None:
    style = setting.strong
    longest = sorted(texts, key=len)[-40:]
    widest = max(style.width(line) for text in longest for line in text.split("\n"))
    setting.natural = max(setting.natural, widest + mark)
    pattern = _CODE_PART if setting.column.kind is Kind.CODE else _WORD
    sample = texts[:1500] + longest
    words = max((style.width(word) for text in sample for word in pattern.findall(text)), default=0.0)
    setting.least = max(setting.least, min(words, 9 * style.size) + mark)


def _weigh_barcodes(setting: Setting, texts: list[str]) -> None:
    widths = [barcode_width(text) for text in sorted(texts, key=len)[-40:] if can_be_barcode(text)]
    setting.fixed_natural = min(max(widths, default=20 * MM), 62 * MM)
    setting.fixed_least = min(setting.fixed_natural, 48 * MM)


def _widest_candidates(setting: Setting, numbers: list[int]) -> list[str]:
    kind, write = setting.column.kind, setting.write
    ends = [write(min(numbers)), write(max(numbers))]
    if kind in TIMES:
        return [write(hour * HOUR) for hour in dict.fromkeys([number // HOUR for number in numbers])]
    if kind is Kind.DURATION:
        return [*ends, write(DAY - 1), write(min(max(numbers), 99 * DAY))]
    return ends


def _fraction_width(setting: Setting, numbers: list[int], notation: Notation) -> float:
    if setting.column.kind not in NUMBERS:
        return 0.0
    if setting.column.decimals is not None:
        digits = setting.column.decimals
    elif setting.column.kind is Kind.QUANTITY:
        rests = dict.fromkeys([number % SCALE for number in numbers])
        digits = max(len(f"{rest:0{DECIMALS}d}".rstrip("0")) for rest in rests)
    else:
        return 0.0
    return setting.strong.width(notation.decimal + "0" * digits) if digits else 0.0


def _air(slots: Sequence[Slot]) -> float:
    for slot, following in pairwise(slots):
        ends_ragged = slot.settings[0].align is Align.LEFT
        slot.air = 2 * PAD if ends_ragged or following.settings[0].align is not Align.LEFT else 3.6 * PAD
    return sum(slot.air for slot in slots[:-1])


def _stack_two(slots: list[Slot]) -> None:
    """Puts the neighbour under the slot where that saves the most width at the fewest levels."""

    def cost(index: int) -> tuple[float, int]:
        first, second = slots[index], slots[index + 1]
        levels = len(first.settings) + len(second.settings)
        saved = min(first.least, second.least)
        return (-saved / max(1, levels - 1), index)

    movable = [
        index
        for index in range(len(slots) - 1)
        if not any(
            setting.column.kind in (Kind.WRITE_IN, Kind.BARCODE)
            for setting in slots[index].settings + slots[index + 1].settings
        )
    ] or list(range(len(slots) - 1))
    best = min(movable, key=cost)
    slots[best].settings.extend(slots.pop(best + 1).settings)
    slots[best].weigh()


def _share_out(slots: Sequence[Slot], widths: list[float], spare: float, limit: float) -> float:
    """Gives texts that would wrap more width, by their shares, up to ``limit``; what is left over."""
    goals = [min(slot.natural, max(limit, slot.least)) for slot in slots]
    wanting = [index for index, goal in enumerate(goals) if goal > widths[index] + 0.01]
    while wanting and spare > 0.5:
        weight = sum(slots[index].share for index in wanting)
        given = 0.0
        for index in list(wanting):
            more = min(spare * slots[index].share / weight, goals[index] - widths[index])
            widths[index] += more
            given += more
            if widths[index] >= goals[index] - 0.01:
                wanting.remove(index)
        spare -= given
    return max(spare, 0.0)


def _distribute(slots: list[Slot], measure: float) -> None:
    inner = measure - _air(slots)
    widths = [slot.least for slot in slots]
    spare = inner - sum(widths)
    if spare < 0:  # a single slot wider than the page: its texts break by the character
        widths = [width * inner / sum(widths) for width in widths]
    else:
        spare = _share_out(slots, widths, spare, _READABLE)
        each = min(_SPARE, spare / len(slots))
        widths = [width + each for width in widths]
        _share_out(slots, widths, spare - each * len(slots), inner)
    x = 0.0
    for slot, width in zip(slots, widths, strict=True):
        slot.x, slot.width = x, width
        x += width + slot.air
