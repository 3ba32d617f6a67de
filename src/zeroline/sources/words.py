"""Words that files use for kinds of movements, stock statuses and yes or no, beside our own."""

from __future__ import annotations

import re
from functools import lru_cache

from zeroline.domain.movement import MovementKind as Kind
from zeroline.domain.stock import StockStatus as Status

_OTHER_WORDS: dict[Kind, str] = {
    Kind.RECEIPT: "goods receipt, goods received, purchase, purchase receipt, po receipt, received, inbound,"
    " in, stock in, grn",
    Kind.PUTAWAY: "put away",
    Kind.PICK: "picking, picked",
    Kind.SHIPMENT: "sale, sales, ship, shipped, shipping, goods issue, issue, issued, delivery, dispatch,"
    " despatch, outbound, out, stock out",
    Kind.TRANSFER_OUT: "transfer shipment, move out, transfer from",
    Kind.TRANSFER_IN: "transfer receipt, move in, transfer to",
    Kind.PRODUCTION_RECEIPT: "production, production output, output, assembly, manufacture,"
    " work order receipt",
    Kind.COMPONENT_ISSUE: "backflush, component issue/backflush, consumption, component consumption, consume,"
    " material issue, production issue, work order issue",
    Kind.SCRAP: "waste, scrapped, write off, writeoff, damage, disposal",
    Kind.CUSTOMER_RETURN: "sales return, return from customer, refund",
    Kind.SUPPLIER_RETURN: "purchase return, vendor return, return to supplier, return to vendor",
    Kind.ADJUSTMENT: "adjust, correction, stock adjustment, inventory adjustment, shrinkage, loss, found",
    Kind.COUNT_CORRECTION: "cycle count, count, stocktake, stock take, count adjustment, physical inventory,"
    " physical count, inventory count",
    Kind.OPENING: "opening balance, initial, initial balance, beginning balance",
}

_KINDS: dict[str, Kind | tuple[Kind, Kind]] = {
    **{kind.value: kind for kind in Kind},
    **{word.strip(): kind for kind, listed in _OTHER_WORDS.items() for word in listed.split(",")},
    "transfer": (Kind.TRANSFER_IN, Kind.TRANSFER_OUT),
    "move": (Kind.TRANSFER_IN, Kind.TRANSFER_OUT),
    "internal transfer": (Kind.TRANSFER_IN, Kind.TRANSFER_OUT),
    "return": (Kind.CUSTOMER_RETURN, Kind.SUPPLIER_RETURN),
}

_STATUSES = {
    **{status.value: status for status in Status},
    "": Status.AVAILABLE,
    "ok": Status.AVAILABLE,
    "unrestricted": Status.AVAILABLE,
    "hold": Status.ON_HOLD,
    "blocked": Status.ON_HOLD,
    "damage": Status.DAMAGED,
    "recall": Status.RECALLED,
}

_YES = frozenset(("1", "true", "yes", "y", "x", "t", "on"))
_NO = frozenset(("", "0", "false", "no", "n", "f", "off"))


@lru_cache(maxsize=1_000)
def _plain(text: str) -> str:
    return re.sub(r"[\s_-]+", " ", text.strip().lower())


def kind_of(text: str, quantity: int) -> Kind | None:
    """The kind that a word means, by the sign where a word is used for both ways; None if not known.

    Without a word, what comes in is a receipt and what goes out a shipment.
    """
    word = _plain(text)
    if not word:
        return Kind.SHIPMENT if quantity < 0 else Kind.RECEIPT
    found = _KINDS.get(word)
    return found[quantity < 0] if isinstance(found, tuple) else found


def status_of(text: str) -> Status | None:
    """The stock status that a word means (available where there is none); None if not known."""
    return _STATUSES.get(_plain(text))


def yes_or_no(text: str) -> bool | None:
    """Whether a word means yes; None if it means neither."""
    word = text.strip().lower()
    return True if word in _YES else False if word in _NO else None
