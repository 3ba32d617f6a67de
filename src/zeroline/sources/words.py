"""Words that files use for kinds of movements, stock statuses and yes or no, beside our own."""

from __future__ import annotations

import re
from functools import lru_cache

from zeroline.domain.movement import MovementKind as Kind
from zeroline.domain.stock import StockStatus as Status

_KINDS: dict[str, Kind | tuple[Kind, Kind]] = {
    **{kind.value: kind for kind in Kind},
    "goods receipt": Kind.RECEIPT,
    "purchase": Kind.RECEIPT,
    "purchase receipt": Kind.RECEIPT,
    "received": Kind.RECEIPT,
    "put away": Kind.PUTAWAY,
    "sale": Kind.SHIPMENT,
    "sales": Kind.SHIPMENT,
    "ship": Kind.SHIPMENT,
    "shipped": Kind.SHIPMENT,
    "goods issue": Kind.SHIPMENT,
    "issue": Kind.SHIPMENT,
    "picking": Kind.PICK,
    "transfer": (Kind.TRANSFER_IN, Kind.TRANSFER_OUT),
    "production": Kind.PRODUCTION_RECEIPT,
    "production output": Kind.PRODUCTION_RECEIPT,
    "backflush": Kind.COMPONENT_ISSUE,
    "component issue/backflush": Kind.COMPONENT_ISSUE,
    "consumption": Kind.COMPONENT_ISSUE,
    "waste": Kind.SCRAP,
    "return": (Kind.CUSTOMER_RETURN, Kind.SUPPLIER_RETURN),
    "sales return": Kind.CUSTOMER_RETURN,
    "purchase return": Kind.SUPPLIER_RETURN,
    "adjust": Kind.ADJUSTMENT,
    "correction": Kind.ADJUSTMENT,
    "cycle count": Kind.COUNT_CORRECTION,
    "count": Kind.COUNT_CORRECTION,
    "opening balance": Kind.OPENING,
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
