"""Stock as the book has it, whether or not it is a case: places with balances, and the ledger of one."""

from __future__ import annotations

from dataclasses import dataclass

from zeroline.domain.views.case import CaseKey, LedgerRow
from zeroline.domain.views.history import BalanceHistory


@dataclass(frozen=True, slots=True)
class Place:
    """One stock key. ``on_hand`` micro-units; ``last_recorded_at`` None where nothing ever moved; ``case_id``
    of its open case, if any."""

    key_id: int
    item: str
    description: str
    location: str
    site: str
    lot: str
    status: str
    on_hand: int
    unit: str
    decimals: int
    last_recorded_at: int | None
    case_id: int | None


@dataclass(frozen=True, slots=True)
class Stock:
    """What was looked for, in words, and every stock key that belongs to it."""

    label: str
    detail: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class KeyLedger:
    """The ledger of one stock key: all of it as a line, the newest movements as rows."""

    key: CaseKey
    on_hand: int
    history: BalanceHistory
    ledger: tuple[LedgerRow, ...]
    ledger_before: int
    crossing: LedgerRow | None = None
    closing: LedgerRow | None = None
