"""Exact quantities and money: whole micro-units (10**-6) in a Python int, never a float (rule 1)."""

from __future__ import annotations

import re

from zeroline.domain.errors import DomainError

SCALE = 1_000_000
DECIMALS = 6
LARGEST = 9_000_000_000_000 * SCALE  # leaves room below 2**63 for sums of a few such rows

_PLAIN = re.compile(r"([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?")
MINUS = "−"  # U+2212, the real minus sign


def parse(text: str, decimal: str = ".", thousands: str = "") -> int:
    """Micro-units of a written number such as ``-1,234.5`` (thousands ``,``); exact or refused.

    Accepts U+2212 as minus, a trailing minus and accounting parentheses. Raises DomainError
    ``quantity-empty``, ``quantity-unreadable``, ``quantity-decimals`` (more than six decimals that are not
    zero) or ``quantity-too-large``.
    """
    written = text.strip()
    if not written:
        raise DomainError("quantity-empty")
    if len(written) > 60:
        raise DomainError("quantity-unreadable", value=written[:40] + "…")
    number = written.replace(MINUS, "-").replace("\u00a0", "").replace("\u202f", "")
    if number.startswith("(") and number.endswith(")"):
        number = "-" + number[1:-1].strip()
    if number.endswith("-"):
        number = "-" + number[:-1].strip()
    for mark in thousands:
        number = number.replace(mark, "")
    if decimal != ".":
        if "." in number:
            raise DomainError("quantity-unreadable", value=written)
        number = number.replace(decimal, ".")
    match = _PLAIN.fullmatch(number)
    if match is None or not number.isascii() or not (match[2] or match[3]):
        raise DomainError("quantity-unreadable", value=written)
    sign, whole, fraction, exponent = match[1], match[2], match[3] or "", int(match[4] or 0)
    digits = int((whole + fraction) or "0")
    power = DECIMALS - len(fraction) + exponent
    if power > 40 and digits:
        raise DomainError("quantity-too-large", value=written)
    if power >= 0:
        micro = digits * int(10 ** min(power, 60))
    else:
        micro, rest = divmod(digits, 10**-power)
        if rest:
            raise DomainError("quantity-decimals", value=written)
    if micro > LARGEST:
        raise DomainError("quantity-too-large", value=written)
    return -micro if sign == "-" else micro


def plain(micro: int) -> str:
    """The shortest plain decimal for files and machines: ``-8``, ``2.5``, ``0``; ASCII minus, no grouping."""
    sign = "-" if micro < 0 else ""
    whole, rest = divmod(abs(micro), SCALE)
    return f"{sign}{whole}.{rest:06d}".rstrip("0") if rest else f"{sign}{whole}"


def half_even(numerator: int, denominator: int) -> int:
    """numerator ÷ denominator rounded half to even, in whole numbers; denominator > 0."""
    whole, rest = divmod(numerator, denominator)
    return whole + (2 * rest > denominator or (2 * rest == denominator and whole % 2 == 1))


def value_of(quantity: int, unit_cost: int) -> int:
    """Money in micro-currency of ``quantity`` micro-units at ``unit_cost`` micro-currency per base unit."""
    return half_even(quantity * unit_cost, SCALE)


def to_base(entered: int, numerator: int, denominator: int = 1) -> int:
    """Base micro-units of ``entered`` micro-units of a unit worth numerator/denominator base units.

    Exact, or DomainError ``quantity-decimals``: a third of a piece is never rounded in silence.
    """
    micro, rest = divmod(entered * numerator, denominator)
    if rest:
        raise DomainError("quantity-decimals", value=plain(entered))
    if abs(micro) > LARGEST:
        raise DomainError("quantity-too-large", value=plain(entered))
    return micro
