"""Whether a scanned code is the bin or the item of the line being counted, and if not, what it is."""

from __future__ import annotations

from zeroline.domain.views.counting import BlindLine
from zeroline.domain.views.found import Scan, ScanKind
from zeroline.ui.text.counting import place

_LONGEST_COUNT = 8
"""So many digits in a row are a barcode, not what somebody counted."""

_KINDS = {
    ScanKind.ITEM: "item",
    ScanKind.LOCATION: "bin",
    ScanKind.BADGE: "the badge of",
    ScanKind.SHEET: "count sheet",
}


def is_bin(code: str, line: BlindLine) -> bool:
    """Whether the code is the bin of the line, as far as the sheet alone can tell."""
    return code.casefold() == line.key.location.casefold()


def is_item(code: str, line: BlindLine) -> bool:
    """Whether the code is the item of the line or one of its barcodes."""
    return code.casefold() == line.key.item.casefold() or any(code == known for known, _ in line.barcodes)


def unit_of(code: str, line: BlindLine) -> str:
    """The unit that a barcode of the line stands for; '' where it says none."""
    return next((unit for known, unit in line.barcodes if known == code), "")


def is_code(text: str, line: BlindLine) -> bool:
    """Whether a typed quantity is rather a code that a scanner put into the field."""
    return text.isdecimal() and (len(text) >= _LONGEST_COUNT or is_item(text, line))


def wrong_bin(scan: Scan, line: BlindLine) -> str:
    """Why this code does not show that the counter stands at the bin; '' when it does."""
    if scan.kind is ScanKind.LOCATION and scan.label == line.key.location:
        return ""
    return f"{_what(scan)}, but this line is bin {line.key.location}. Go to that bin."


def wrong_item(scan: Scan, line: BlindLine) -> str:
    """Why this code is not what the line counts; '' when it is."""
    if scan.kind is not ScanKind.ITEM or scan.label != line.key.item:
        return f"{_what(scan)}, but this line is item {line.key.item}. Scan that item."
    if scan.lot and line.key.lot and scan.lot != line.key.lot:
        return f"That is lot {scan.lot}, but this line counts lot {line.key.lot}. Scan that lot."
    return ""


def unknown_here(code: str, line: BlindLine, *, at_bin: bool) -> str:
    """A code that the sheet does not explain, while nothing else can be asked."""
    wanted = f"bin {line.key.location}" if at_bin else f"item {line.key.item}"
    return f"{code} is not {wanted}. Without a connection only the codes of this line are known."


def too_early(code: str, line: BlindLine) -> str:
    """A code was scanned while the quantity is asked."""
    return f"{code} was scanned, but the quantity of {place(line.key)} comes first. Type it, then Enter."


def _what(scan: Scan) -> str:
    """What a scanned code turned out to be, to begin a sentence."""
    if scan.kind is ScanKind.UNKNOWN:
        return f"Nobody knows the code {scan.text}"
    return f"That is {_KINDS[scan.kind]} {scan.label}"
