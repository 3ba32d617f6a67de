"""What a scanned GS1 code says: GTIN, lot, serial, expiry and quantity (GS1 General Specifications)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zeroline.domain.quantity import SCALE, parse

if TYPE_CHECKING:
    from biip.gs1_messages import GS1Message


@dataclass(frozen=True, slots=True)
class Gs1:
    """``gtin`` as written in the code; ``barcodes`` the ways master data may write it, GTIN-14 first.

    ``quantity`` micro-units: a count of pieces (AI 30, 37) or a net weight or measure (AI 310–316), with
    ``unit`` of the measure ('KG', …) or '' for pieces; None when the code holds none.
    """

    gtin: str
    barcodes: tuple[str, ...]
    lot: str = ""
    serial: str = ""
    expires: str = ""
    quantity: int | None = None
    unit: str = ""


_MEASURES = {"310": "KG", "311": "M", "312": "M", "313": "M", "314": "M2", "315": "L", "316": "M3"}


def gs1(text: str) -> Gs1 | None:
    """The GS1 content of a scanned text, None when it is not a GS1 code with a GTIN.

    Understands symbology identifiers, FNC1 as 0x1D, plain GTIN-8, -12, -13 and -14, and the bracketed form
    that people copy from labels.
    """
    import biip  # a tenth of a second that no start should wait for
    from biip.gs1_messages import GS1Message

    try:
        if text.startswith("("):
            return _content(GS1Message.parse_hri(text))
        found = biip.parse(text)
    except biip.ParseError:
        return None
    content = _content(found.gs1_message) if found.gs1_message else None
    if content is None and found.gtin:
        return Gs1(found.gtin.value, _ways(found.gtin.value))
    return content


def _content(message: GS1Message) -> Gs1 | None:
    values = {element.ai.ai: element for element in message.element_strings}
    named = values.get("01") or values.get("02")  # the article itself, or what the case contains
    if named is None:
        return None
    quantity: int | None = None
    unit = ""
    for ai, element in values.items():
        if ai in ("30", "37"):
            quantity = int(element.value) * SCALE
        elif ai[:3] in _MEASURES and element.decimal is not None:
            quantity, unit = parse(str(element.decimal)), _MEASURES[ai[:3]]
    expires = values.get("17") or values.get("15")
    return Gs1(
        named.value,
        _ways(named.value),
        lot=values["10"].value if "10" in values else "",
        serial=values["21"].value if "21" in values else "",
        expires=expires.date.isoformat() if expires and expires.date else "",
        quantity=quantity,
        unit=unit,
    )


def _ways(gtin: str) -> tuple[str, ...]:
    """A GTIN as 14, 13, 12 and 8 digits, as far as its leading zeros allow, and as it was written."""
    long = gtin.zfill(14)
    ways = [long, *(long[-size:] for size in (13, 12, 8) if not long[:-size].strip("0")), gtin]
    return tuple(dict.fromkeys(ways))
