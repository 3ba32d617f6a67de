"""What the house has decided: tolerances, approval tiers, where negatives are allowed, and all windows.

A policy is one frozen value; every change makes a new version of the whole of it, so that a record can say
under which version it was made.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from zeroline.domain.audit import canonical
from zeroline.domain.errors import DomainError
from zeroline.domain.person import Role
from zeroline.domain.quantity import LARGEST, SCALE
from zeroline.domain.tolerance import NOTHING_PASSES, Tolerance

PERCENT = SCALE // 100
"""One per cent as a fraction in millionths."""


class Scope(StrEnum):
    """What a rule is set for, from the widest to the most specific; the most specific wins (rule 9)."""

    EVERYWHERE = "everywhere"
    SITE = "site"
    WAREHOUSE = "warehouse"
    ABC_CLASS = "class"
    ITEM_CLASS = "item class"
    LOCATION = "location"
    ITEM = "item"


class NegativeRule(StrEnum):
    """Whether a movement may take a balance below zero."""

    FORBIDDEN = "forbidden"
    OVERRIDE = "override"
    ALLOWED = "allowed"


class Flag(StrEnum):
    """What lifts an adjustment to a tier, whatever its size."""

    THEFT = "theft"  # cause L4
    UNEXPLAINED = "unexplained"  # cause L5
    OPEN_DOCUMENTS = "open documents"  # against the double-correction guard (rule 7)
    RESTRICTED_STATUS = "restricted status"  # stock that is not available
    REVERSAL = "reversal"
    NO_COUNT = "no count"  # documents are the only evidence


@dataclass(frozen=True, slots=True)
class Target:
    """The stock key a rule is looked up for, with everything a scope can name; '' where unknown."""

    item: str = ""
    item_class: str = ""
    abc_class: str = ""
    location: str = ""
    warehouse: str = ""
    site: str = ""

    def name(self, scope: Scope) -> str:
        """What this target is called in a scope."""
        return {
            Scope.EVERYWHERE: "",
            Scope.SITE: self.site,
            Scope.WAREHOUSE: self.warehouse,
            Scope.ABC_CLASS: self.abc_class,
            Scope.ITEM_CLASS: self.item_class,
            Scope.LOCATION: self.location,
            Scope.ITEM: self.item,
        }[scope]


@dataclass(frozen=True, slots=True, order=True)
class Rule:
    """Where a rule is set: a scope and the code in it ('' for everywhere)."""

    scope: Scope
    code: str = ""

    def __post_init__(self) -> None:
        if (self.scope is Scope.EVERYWHERE) != (not self.code):
            raise DomainError("policy-scope", scope=self.scope.value)

    def __str__(self) -> str:
        return f"{self.scope.value}:{self.code}" if self.code else self.scope.value

    @classmethod
    def read(cls, text: str) -> Rule:
        """The rule's place as written by ``str``; DomainError ``policy-scope`` for anything else."""
        scope, _, code = text.partition(":")
        try:
            return cls(Scope(scope), code)
        except ValueError as error:
            raise DomainError("policy-scope", scope=scope) from error


EVERYWHERE = Rule(Scope.EVERYWHERE)


@dataclass(frozen=True, slots=True)
class Tier:
    """How far a tier reaches: every limit that is set must hold (None: not set); none set: nothing fits.

    ``value`` micro-currency, ``quantity`` micro-units, ``percent`` millionths.
    """

    value: int | None = None
    quantity: int | None = None
    percent: int | None = None

    def fits(self, value: int, quantity: int, percent: int) -> bool:
        """Whether an adjustment of this size (absolute amounts) stays within the tier."""
        pairs = ((self.value, value), (self.quantity, quantity), (self.percent, percent))
        limits = [(limit, amount) for limit, amount in pairs if limit is not None]
        return bool(limits) and all(amount <= limit for limit, amount in limits)


@dataclass(frozen=True, slots=True)
class Limit:
    """What a role may sign: the highest tier, and the cumulated value of a key, proposer and day."""

    tier: int
    value: int


@dataclass(frozen=True, slots=True)
class TierVerdict:
    """The tier an adjustment needs and why: ``value``, ``quantity``, ``percent``, ``cumulated`` or a flag."""

    tier: int
    reasons: tuple[str, ...] = ()


def _frozen(values: Mapping[Any, Any]) -> Mapping[Any, Any]:
    return MappingProxyType(dict(sorted(values.items())))


def _mapping(values: Mapping[Any, Any]) -> Any:
    return field(default_factory=lambda: values)


_CLASSES = ("A", "B", "C")
_SIGNING = (Role.SUPERVISOR, Role.MANAGER)


@dataclass(frozen=True, slots=True)
class Policy:
    """The whole policy; the defaults are those the program ships with.

    Mappings are read-only and sorted. Raises DomainError ``policy-…`` for values that contradict each other.
    """

    tolerances: Mapping[Rule, Tolerance] = _mapping(
        {
            Rule(Scope.ABC_CLASS, "A"): Tolerance(percent=1 * PERCENT),
            Rule(Scope.ABC_CLASS, "B"): Tolerance(percent=3 * PERCENT),
            Rule(Scope.ABC_CLASS, "C"): Tolerance(percent=5 * PERCENT),
        }
    )
    negatives: Mapping[Rule, NegativeRule] = _mapping({EVERYWHERE: NegativeRule.FORBIDDEN})
    tiers: tuple[Tier, Tier] = (
        Tier(value=250 * SCALE, quantity=500 * SCALE),
        Tier(value=2_500 * SCALE, quantity=5_000 * SCALE),
    )
    flags: Mapping[Flag, int] = _mapping(
        {
            Flag.THEFT: 3,
            Flag.UNEXPLAINED: 2,
            Flag.OPEN_DOCUMENTS: 2,
            Flag.RESTRICTED_STATUS: 2,
            Flag.REVERSAL: 2,
            Flag.NO_COUNT: 2,
        }
    )
    limits: Mapping[Role, Limit] = _mapping(
        {Role.SUPERVISOR: Limit(1, 250 * SCALE), Role.MANAGER: Limit(3, LARGEST)}
    )
    counts_per_year: Mapping[str, int] = _mapping({"A": 4, "B": 2, "C": 1})
    abc_shares: tuple[int, int] = (80 * PERCENT, 95 * PERCENT)  # usage value up to A, and up to B, millionths
    due_hours: Mapping[str, int] = _mapping({"high": 8, "medium": 24, "low": 72})  # by severity
    watch_window_days: int = 30
    repeat_window_days: int = 90
    repeat_counts: int = 2
    repeat_episodes: int = 2
    undetermined_days: int = 14  # cause Z0 expires
    idle_lock_seconds: int = 300
    approval_age_hours: int = 24  # an adjustment that waits longer is told of again
    shift_ends: tuple[int, ...] = (6 * 60, 14 * 60, 22 * 60)  # minutes after midnight, at the site

    def __post_init__(self) -> None:
        for name in ("tolerances", "negatives", "flags", "limits", "counts_per_year", "due_hours"):
            object.__setattr__(self, name, _frozen(getattr(self, name)))
        self._check()

    def __hash__(self) -> int:
        return hash(self.to_json())

    # --- looking up

    def tolerance(self, target: Target) -> Tolerance:
        """The tolerance of the most specific scope naming the target; none set: nothing passes (rule 5)."""
        found: Tolerance = _most_specific(self.tolerances, target, NOTHING_PASSES)
        return found

    def negative(self, target: Target) -> NegativeRule:
        """Whether the target may go below zero, by the most specific scope; forbidden where none is set."""
        found: NegativeRule = _most_specific(self.negatives, target, NegativeRule.FORBIDDEN)
        return found

    def tier(
        self,
        value: int,
        quantity: int,
        percent: int,
        flags: frozenset[Flag] = frozenset(),
        cumulated: int = 0,
    ) -> TierVerdict:
        """The lowest tier that an adjustment of this size fits, lifted by its flags.

        ``value`` micro-currency, ``quantity`` micro-units, ``percent`` millionths, signs ignored.
        ``cumulated`` is the sum of |value| of the key, proposer and day including this one: the value that
        counts is the larger of both, so that splitting does not help (rule 3).
        """
        value, quantity = abs(value), abs(quantity)
        counted = max(value, cumulated)
        fitting = (n for n, tier in enumerate(self.tiers, start=1) if tier.fits(counted, quantity, percent))
        tier, reasons = next(fitting, 3), []
        if tier > 1:
            limit = self.tiers[tier - 2]
            if limit.value is not None and counted > limit.value:
                reasons.append("value" if value > limit.value else "cumulated")
            if limit.quantity is not None and quantity > limit.quantity:
                reasons.append("quantity")
            if limit.percent is not None and percent > limit.percent:
                reasons.append("percent")
        for flag in sorted(flags):
            wanted = self.flags.get(flag, 1)
            if wanted > 1 and wanted >= tier:
                reasons = [*(reasons if wanted == tier else ()), flag.value]
                tier = wanted
        return TierVerdict(tier, tuple(reasons))

    def limit(self, role: Role) -> Limit:
        """What a role may sign; Limit(0, 0), nothing at all, where policy names no limit."""
        return self.limits.get(role, Limit(0, 0))

    # --- writing and reading

    def data(self) -> dict[str, Any]:
        """The policy as plain JSON data; a limit that is not set is null."""
        return {
            "tolerances": {
                str(rule): {"percent": t.percent, "quantity": t.quantity, "value": t.value}
                for rule, t in self.tolerances.items()
            },
            "negatives": {str(rule): negative.value for rule, negative in self.negatives.items()},
            "tiers": [{"value": t.value, "quantity": t.quantity, "percent": t.percent} for t in self.tiers],
            "flags": {flag.value: tier for flag, tier in self.flags.items()},
            "limits": {role.value: {"tier": x.tier, "value": x.value} for role, x in self.limits.items()},
            "counts_per_year": dict(self.counts_per_year),
            "abc_shares": list(self.abc_shares),
            "due_hours": dict(self.due_hours),
            "shift_ends": list(self.shift_ends),
            **{name: getattr(self, name) for name in _NUMBERS},
        }

    def to_json(self) -> str:
        """One canonical text for one policy."""
        return canonical(self.data())

    @classmethod
    def from_json(cls, text: str) -> Policy:
        """The policy of such a text; what an older version did not know yet has its default.

        Raises DomainError ``policy-unreadable`` (detail) or one of the contradictions.
        """
        try:
            data = dict(json.loads(text).items())
            known: dict[str, Any] = {name: _number(data[name]) for name in _NUMBERS if name in data}
            for name, read in _READERS.items():
                if name in data:
                    known[name] = read(data[name])
            surplus = sorted(set(data) - set(known))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DomainError("policy-unreadable", detail=str(error)) from error
        if surplus:
            raise DomainError("policy-unreadable", detail=", ".join(surplus))
        return cls(**known)

    # --- contradictions

    def _check(self) -> None:
        for name in _NUMBERS:
            if getattr(self, name) < 1:
                raise DomainError("policy-number", field=name, least=1)
        for name in ("counts_per_year", "due_hours"):
            if any(number < 1 for number in getattr(self, name).values()):
                raise DomainError("policy-number", field=name, least=1)
        if len(self.tiers) != 2:
            raise DomainError("policy-tiers")
        first, second = self.tiers
        for name in ("value", "quantity", "percent"):
            low, high = getattr(first, name), getattr(second, name)
            if any(limit is not None and limit < 0 for limit in (low, high)):
                raise DomainError("policy-limit-negative")
            if low is not None and high is not None and low > high:
                raise DomainError("policy-tiers")
        if any(tier not in (1, 2, 3) for tier in self.flags.values()):
            raise DomainError("policy-tiers")
        for role, limit in self.limits.items():
            if role not in _SIGNING or limit.tier not in (1, 2, 3) or not 0 <= limit.value <= LARGEST:
                raise DomainError("policy-limit", role=role.value)
        ends = self.shift_ends
        if not ends or tuple(sorted(set(ends))) != ends or not all(0 <= end < 24 * 60 for end in ends):
            raise DomainError("policy-shifts", field="shift_ends")
        a, b = self.abc_shares
        if not 0 < a <= b <= SCALE:
            raise DomainError("policy-shares")


_NUMBERS = tuple(f.name for f in fields(Policy) if f.type == "int")


def _tier(data: Any) -> Tier:
    return Tier(_whole(data["value"]), _whole(data["quantity"]), _whole(data["percent"]))


def _whole(value: Any) -> int | None:
    return None if value is None else _number(value)


def _number(value: Any) -> int:
    if type(value) is not int:
        raise TypeError(f"{value!r} is not a whole number")
    return value


_READERS: dict[str, Any] = {
    "tolerances": lambda data: {
        Rule.read(rule): Tolerance(_whole(t["percent"]), _whole(t["quantity"]), _whole(t["value"]))
        for rule, t in data.items()
    },
    "negatives": lambda data: {Rule.read(rule): NegativeRule(name) for rule, name in data.items()},
    "tiers": lambda data: tuple(_tier(tier) for tier in data),
    "flags": lambda data: {Flag(flag): _number(tier) for flag, tier in data.items()},
    "limits": lambda data: {
        Role(role): Limit(_number(x["tier"]), _number(x["value"])) for role, x in data.items()
    },
    "counts_per_year": lambda data: {str(name): _number(number) for name, number in data.items()},
    "abc_shares": lambda data: (_number(data[0]), _number(data[1])),
    "due_hours": lambda data: {str(name): _number(number) for name, number in data.items()},
    "shift_ends": lambda data: tuple(_number(end) for end in data),
}

_ORDER = tuple(reversed(Scope))


def _most_specific(rules: Mapping[Rule, Any], target: Target, otherwise: Any) -> Any:
    for scope in _ORDER:
        code = target.name(scope)
        if scope is Scope.EVERYWHERE or code:
            found = rules.get(Rule(scope, code))
            if found is not None:
                return found
    return otherwise


DEFAULT = Policy()
"""The policy a new database starts with."""


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """One value that differs between two policies: its path, before and after ('' where it was not there).

    ``path`` is like ``tolerances/item:4711/percent``; values are the plain data as text, ``–`` for not set.
    """

    path: str
    before: str
    after: str


def diff(before: Policy, after: Policy) -> tuple[PolicyChange, ...]:
    """Every value that differs, by path."""
    old, new = _flat(before.data()), _flat(after.data())
    return tuple(
        PolicyChange(path, old.get(path, ""), new.get(path, ""))
        for path in sorted(old.keys() | new.keys())
        if old.get(path) != new.get(path)
    )


def _flat(data: Any, path: str = "") -> dict[str, str]:
    if isinstance(data, list):
        data = {str(number): part for number, part in enumerate(data, start=1)}
    if not isinstance(data, dict):
        return {path: "–" if data is None else str(data)}
    found: dict[str, str] = {}
    for name, part in data.items():
        found |= _flat(part, f"{path}/{name}" if path else name)
    return found
