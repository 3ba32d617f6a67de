"""Column types that keep quantities, money and instants exact."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Dialect, Integer
from sqlalchemy.types import TypeDecorator

BIG = BigInteger().with_variant(Integer(), "sqlite")


class Whole(TypeDecorator[int]):
    """A whole 64-bit number (micro-units, micro-currency or µs); refuses float, bool and text."""

    impl = BIG
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> int | None:
        if value is None or type(value) is int:
            return value
        raise TypeError(f"a whole number is stored here, not {value!r}")


Micro = Whole  # quantity or money in micro-units
Instant = Whole  # µs since 1970-01-01 UTC
