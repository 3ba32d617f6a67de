"""Why stock went wrong: the catalogue of causes (product law, 'Causes').

Codes are stable and stored; the words about each (title, what it looks like, immediate fix, process fix,
whom to tell) are in ``resources/text/causes.en.toml`` under the code. A cause says why it happened, never
what was posted about it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from zeroline.domain.errors import DomainError
from zeroline.domain.verdict import UNDETERMINED as UNDETERMINED


class CauseGroup(StrEnum):
    """First level: the letter that begins the codes."""

    TIMING = "T"
    RECEIVING = "R"
    PICKING = "K"
    LOCATION = "M"
    UNIT = "U"
    PRODUCTION = "P"
    RETURNS = "N"
    LOSS = "L"
    COUNT = "C"
    SYSTEM = "S"
    OTHER = "Z"


class AdjustmentRight(StrEnum):
    """Whether a quantity adjustment is right for a cause at all.

    YES: once counted and approved · LATER: first the missing record is made (the receipt, the move, the
    shipment, the return); only what still differs then is adjusted · NO: the late document brings it,
    an adjustment would correct it twice (or nothing is known yet, Z0).
    """

    YES = "yes"
    LATER = "later"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause. ``x12``: code of element 181 (W1901) that an adjustment for it is sent out with.

    ``increase``: the X12 code where the adjustment adds stock and the two directions have different codes.
    """

    code: str
    group: CauseGroup
    x12: str
    adjustment_right: AdjustmentRight
    increase: str = ""

    @property
    def comment_required(self) -> bool:
        """Z9 says nothing by itself."""
        return self.code == OTHER

    @property
    def final(self) -> bool:
        """Whether a case may be closed with it: Z0 only stands in until the cause is known."""
        return self.code != UNDETERMINED

    def x12_for(self, quantity: int) -> str:
        """The code for an adjustment of ``quantity`` (only its sign matters)."""
        return self.increase if quantity > 0 and self.increase else self.x12


OTHER: Final = "Z9"
LATE_INTERFACE: Final = "T6"
TRANSIENT: Final = "T2"
"""What closing a transient case says: an issue was posted before the receipt that covered it."""

_YES, _LATER, _NO = AdjustmentRight.YES, AdjustmentRight.LATER, AdjustmentRight.NO

# code: (X12 for a decrease, X12 for an increase or '', adjustment right)
_ROWS: Final = {
    "T1": ("04", "54", _NO),
    "T2": ("AB", "", _NO),
    "T3": ("AK", "", _NO),
    "T4": ("AB", "", _NO),
    "T5": ("AB", "", _LATER),
    "T6": ("AB", "", _NO),
    "R1": ("04", "54", _YES),
    "R2": ("AY", "", _YES),
    "R3": ("AY", "", _LATER),
    "R4": ("AY", "54", _LATER),
    "R5": ("04", "54", _YES),
    "K1": ("AR", "", _YES),
    "K2": ("AR", "", _LATER),
    "K3": ("03", "53", _YES),
    "K4": ("03", "53", _LATER),
    "K5": ("03", "53", _YES),
    "M1": ("51", "", _YES),
    "M2": ("AK", "", _LATER),
    "M3": ("AK", "", _LATER),
    "M4": ("AC", "", _LATER),
    "U1": ("AN", "", _YES),
    "U2": ("AN", "", _YES),
    "U3": ("AE", "", _YES),
    "U4": ("AE", "", _YES),
    "U5": ("AF", "", _LATER),
    "P1": ("BA", "", _LATER),
    "P2": ("BA", "", _LATER),
    "P3": ("BA", "", _YES),
    "P4": ("BA", "", _YES),
    "N1": ("52", "", _LATER),
    "N2": ("52", "", _LATER),
    "L1": ("AU", "", _YES),
    "L2": ("AV", "", _YES),
    "L3": ("AX", "", _YES),
    "L4": ("06", "", _YES),
    "L5": ("06", "", _YES),
    "L6": ("AI", "", _YES),
    "C1": ("AA", "", _YES),
    "C2": ("AA", "", _LATER),
    "C3": ("AA", "", _YES),
    "C4": ("AA", "", _YES),
    "S1": ("AB", "", _LATER),
    "S2": ("AB", "", _YES),
    "S3": ("AB", "", _YES),
    "S4": ("AB", "", _YES),
    "Z0": ("AH", "", _NO),
    "Z9": ("AH", "", _YES),
}

CATALOGUE: Mapping[str, Cause] = MappingProxyType(
    {
        code: Cause(code, CauseGroup(code[0]), x12, right, increase)
        for code, (x12, increase, right) in _ROWS.items()
    }
)
"""All causes by code, in the order of the product law."""


def cause(code: str) -> Cause:
    """The cause of a code; DomainError ``cause-unknown`` (cause)."""
    try:
        return CATALOGUE[code]
    except KeyError:
        raise DomainError("cause-unknown", cause=code, field="cause") from None


def check_tag(code: str, comment: str) -> Cause:
    """The cause, if it may be tagged so; raises ``cause-unknown`` or ``cause-comment-required`` (Z9)."""
    found = cause(code)
    if found.comment_required and not comment.strip():
        raise DomainError("cause-comment-required", cause=code, field="comment")
    return found
