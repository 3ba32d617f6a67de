"""Counting in words: states of sheets and lines, what is in the way, what a count comes to."""

from __future__ import annotations

from collections.abc import Mapping

from zeroline.domain.quantity import MINUS, SCALE
from zeroline.domain.views.counting import (
    ArithmeticMovement,
    BlindLine,
    CountedEntry,
    ResultLine,
    SheetRow,
    SubmitResult,
)
from zeroline.domain.views.key import KeyFacts, Reason
from zeroline.ui.text.format import NO_BREAK, Format
from zeroline.ui.text.phrase import counted
from zeroline.ui.theme.tone import Tone

SHEET_STATES: Mapping[str, str] = {
    "open": "to count",
    "recount": "to recount",
    "submitted": "counted",
    "cancelled": "cancelled",
}
SHEET_RANK: Mapping[str, int] = {"open": 0, "recount": 1, "submitted": 2, "cancelled": 3}
ORIGINS: Mapping[str, str] = {"cases": "cases", "filter": "chosen", "overdue": "overdue by policy"}
ROUNDS = ("", "First count", "Recount", "Third count")


def place(key: KeyFacts) -> str:
    """'BRG-6204 at E-02', with lot and status where they matter."""
    return ", ".join([f"{key.item} at {key.location}", *_marks(key)])


def marks(key: KeyFacts) -> str:
    """Lot and status where they matter: 'lot L-7 · quarantine'; nothing for plain stock."""
    return " · ".join(_marks(key))


def _marks(key: KeyFacts) -> list[str]:
    found = [f"lot {key.lot}"] if key.lot else []
    return found if key.status in ("", "available") else [*found, key.status]


def round_name(number: int) -> str:
    """'First count', 'Recount', 'Third count', 'Count 4'."""
    return ROUNDS[number] if number < len(ROUNDS) else f"Count {number}"


# --- sheets


def progress(row: SheetRow) -> str:
    """'7 of 12 counted', or how many lines wait for somebody else."""
    if row.state == "recount":
        return f"{counted(row.recount, 'line', 'lines')} to recount"
    done = row.lines - row.to_count
    return f"{done} of {row.lines} counted"


def sheet_tone(row: SheetRow) -> Tone | None:
    """Amber where a sheet waits for a second person, muted once nothing is left to do."""
    if row.state == "recount":
        return Tone.CAUTION
    return Tone.MUTED if row.state in ("submitted", "cancelled") else None


# --- blind lines


def blocked(line: BlindLine) -> str:
    """Why this person may not count a line, as a whole sentence; nothing when they may."""
    if line.blocked == "counted-before":
        return "You counted this line before. Somebody else counts it again."
    if line.blocked == "taken":
        return f"{line.taken_by} has counted this line and not submitted it yet."
    return ""


def blind_state(line: BlindLine) -> tuple[str, Tone | None]:
    """The state of a line for its counter, in one or two words."""
    if line.blocked == "counted-before":
        return "not for you", Tone.MUTED
    if line.blocked == "taken":
        return f"with {line.taken_by}", Tone.MUTED
    if line.state == "entered":
        return "counted", Tone.VERIFIED
    if line.state == "kept":
        return "kept here, will be sent", Tone.CAUTION
    if line.state == "not counted":
        return "not counted", Tone.CAUTION
    if line.state == "done":
        return "submitted", Tone.MUTED
    return ("recount" if line.round > 1 else "to count"), None


def submission(result: SubmitResult) -> str:
    """What a submission did, for the counter: numbers only, nothing of the book."""
    told = [f"{counted(result.counted, 'line', 'lines')} submitted"]
    if result.not_counted:
        told.append(f"{result.not_counted} not counted")
    if result.recount:
        told.append(f"{counted(result.recount, 'line waits', 'lines wait')} for a recount by somebody else")
    if result.waiting_for:
        told.append(f"{', '.join(result.waiting_for)} still has entries to submit")
    return f"{', '.join(told)}."


# --- results

_LINE_STATES: Mapping[str, tuple[str, Tone | None]] = {
    "to count": ("to count", Tone.MUTED),
    "recount": ("recount wanted", Tone.CAUTION),
    "accepted": ("within tolerance", Tone.VERIFIED),
    "variance": ("out of tolerance", Tone.NEGATIVE),
    "not counted": ("not counted", Tone.CAUTION),
}


def verdict(line: ResultLine) -> tuple[str, Tone | None]:
    """What a line came to, in words."""
    words, meaning = _LINE_STATES.get(line.state, (line.state, None))
    final = line.final
    if final is not None and final.variance == 0:
        return "exactly right", Tone.VERIFIED
    return words, meaning


class Sums:
    """Writes the figures of counts with one person's Format."""

    def __init__(self, form: Format) -> None:
        self._form = form

    def arithmetic(self, counted: int, book: int, late: int, key: KeyFacts) -> str:
        """'Counted 12 − (book −3 + late 0) = +15 EA' (rule 6)."""
        number = self._number
        off = self.quantity(counted - book - late, key, sign=True)
        expected = f"book {number(book, key)} + late {number(late, key)}"
        return f"Counted {number(counted, key)} {MINUS} ({expected}) = {off}"

    def entry(self, entry: CountedEntry, key: KeyFacts) -> str:
        """Who counted what and when: 'First count: 12 EA by Cora Counter, today 09:12 (typed 1cs)'."""
        made = self.quantity(entry.quantity, key)
        typed = f" (typed {entry.entered})" if not entry.entered.isdecimal() else ""
        when = self._form.when(entry.counted_at)
        return f"{round_name(entry.round)}: {made} by {entry.counter}, {when}{typed}"

    def movement(self, movement: ArithmeticMovement, key: KeyFacts) -> str:
        """A movement that the arithmetic mentions, with the reason."""
        what = f"{movement.kind} {movement.document}".rstrip()
        amount = self.quantity(movement.quantity, key, sign=True)
        happened, recorded = self._form.when(movement.occurred_at), self._form.when(movement.recorded_at)
        why = {
            "recorded-later": f"happened before the count ({happened}), posted after it ({recorded})",
            "arrived-later": f"happened before the count ({happened}), arrived here after it",
            "posted-ahead": f"posted before the count, happened after it ({happened}): taken out again",
            "since": f"happened after the count ({happened}); it changes nothing about the correction",
        }.get(movement.why, "")
        by = f", {movement.user}" if movement.user else ""
        return f"{what} {amount}{by}: {why}"

    def reason(self, reason: Reason, key: KeyFacts) -> str:
        """Which limit a count failed."""
        facts = reason.facts
        if reason.code == "tolerance-percent":
            return f"more than {self._form.percent(int(facts.get('limit_percent', 0)))} off"
        if reason.code == "tolerance-quantity":
            return f"more than {self.quantity(int(facts.get('limit_quantity', 0)), key)} off"
        if reason.code == "tolerance-value":
            return f"more than {self._form.money(int(facts.get('limit_value', 0)))} off"
        return {
            "tolerance-below-zero": "the book was not above zero, so no percentage passes",
            "tolerance-none": "policy sets no tolerance here, so only an exact count passes",
        }.get(reason.code, reason.code)

    def quantity(self, micro: int, key: KeyFacts, sign: bool = False) -> str:
        """A quantity of the item with its unit."""
        return self._form.quantity(micro, key.unit, key.decimals, sign=sign)

    def percent(self, millionths: int) -> str:
        """A share of what was expected, '15.8 %'."""
        return f"{self._form.scaled(millionths * 100, 1)}{NO_BREAK}%"

    def _number(self, micro: int, key: KeyFacts) -> str:
        return self._form.quantity(micro, "", key.decimals)


def makes(text: str, micro: int, key: KeyFacts, form: Format) -> str:
    """What a typed count makes: '3cs+4 = 40 EA'; only the quantity where nothing was worked out."""
    amount = form.quantity(micro, key.unit, key.decimals)
    plain = micro % SCALE == 0 and text == str(micro // SCALE)
    return amount if plain else f"{text} = {amount}"
