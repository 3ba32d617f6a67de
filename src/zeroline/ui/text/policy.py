"""Policy in words: scopes, rules, flags, limits, and what a change changed."""

from __future__ import annotations

from collections.abc import Mapping

from zeroline.domain.policy import Flag, Limit, NegativeRule, PolicyChange, Rule, Scope, Tier
from zeroline.domain.quantity import LARGEST
from zeroline.domain.tolerance import Tolerance
from zeroline.ui.text.format import NO_BREAK, Format
from zeroline.ui.text.phrase import counted, upper_first

SCOPES: Mapping[Scope, str] = {
    Scope.EVERYWHERE: "everywhere",
    Scope.SITE: "site",
    Scope.WAREHOUSE: "warehouse",
    Scope.ABC_CLASS: "ABC class",
    Scope.ITEM_CLASS: "item class",
    Scope.LOCATION: "bin",
    Scope.ITEM: "item",
}
RULES: Mapping[NegativeRule, str] = {
    NegativeRule.FORBIDDEN: "forbidden",
    NegativeRule.OVERRIDE: "with a manager's override",
    NegativeRule.ALLOWED: "allowed",
}
FLAGS: Mapping[Flag, str] = {
    Flag.THEFT: "Theft (cause L4)",
    Flag.UNEXPLAINED: "Unexplained loss (cause L5)",
    Flag.OPEN_DOCUMENTS: "Against open documents",
    Flag.RESTRICTED_STATUS: "Stock that is not available",
    Flag.REVERSAL: "Reversal of a posting",
    Flag.NO_COUNT: "Without a count",
}
SEVERITIES: Mapping[str, str] = {"high": "High", "medium": "Medium", "low": "Low"}
NUMBERS: Mapping[str, tuple[str, str]] = {
    "watch_window_days": ("A case reopens when it recurs within", "days"),
    "repeat_window_days": ("Repeats are looked for within", "days"),
    "repeat_counts": ("Repeat: counts out of tolerance", "or more"),
    "repeat_episodes": ("Repeat: times below zero", "or more"),
    "undetermined_days": ("'Not yet determined' expires after", "days"),
    "idle_lock_seconds": ("The window locks after idle", "seconds"),
    "approval_age_hours": ("An adjustment that waits is told of again after", "hours"),
}
"""Plain numbers of a policy: what they are called, and their unit."""


def of_day(minutes: int) -> str:
    """Minutes after midnight: '06:00'."""
    return "{:02d}:{:02d}".format(*divmod(minutes, 60))


def rule_words(rule: Rule) -> str:
    """'item BRG-6204', 'everywhere'."""
    return f"{SCOPES[rule.scope]} {rule.code}".strip()


class PolicyWords:
    """Writes policies with one person's Format."""

    def __init__(self, form: Format) -> None:
        self._form = form

    def percent(self, millionths: int | None) -> str:
        """'1.5 %'; nothing for not set."""
        return "" if millionths is None else f"{self._form.quantity(millionths * 100)}{NO_BREAK}%"

    def money(self, micro: int | None) -> str:
        """An amount; 'without limit' for the largest there is."""
        if micro is None:
            return ""
        return "without limit" if micro >= LARGEST else self._form.money(micro)

    def number(self, micro: int | None) -> str:
        """A quantity in base units."""
        return "" if micro is None else self._form.quantity(micro)

    def tolerance(self, tolerance: Tolerance) -> str:
        """'±3 % and ±€ 50.00'; what holds where nothing is set."""
        limits = (
            self.percent(tolerance.percent),
            f"{self.number(tolerance.quantity)} units" if tolerance.quantity is not None else "",
            self.money(tolerance.value),
        )
        return " and ".join(f"±{text}" for text in limits if text) or "nothing passes but an exact count"

    def tier(self, tier: Tier) -> str:
        """'€ 250.00, 500 units'."""
        limits = (
            self.money(tier.value),
            f"{self.number(tier.quantity)} units" if tier.quantity is not None else "",
            self.percent(tier.percent),
        )
        return " and ".join(text for text in limits if text) or "nothing"

    def limit(self, limit: Limit) -> str:
        """'up to tier 1 and € 250.00'."""
        return f"up to tier {limit.tier}, {self.money(limit.value)}"

    def change(self, change: PolicyChange) -> tuple[str, str, str]:
        """What changed, before and after, in words."""
        parts = change.path.split("/")
        unit = parts[-1]
        return (
            self._path(parts),
            self._value(change.before, unit, parts),
            self._value(change.after, unit, parts),
        )

    def _path(self, parts: list[str]) -> str:
        head, rest = parts[0], parts[1:]
        if head in NUMBERS:
            return NUMBERS[head][0]
        if head in ("tolerances", "negatives") and rest:
            where = rule_words(Rule.read(rest[0]))
            what = "Tolerance" if head == "tolerances" else "Below zero"
            return ", ".join([f"{what} {where}", *rest[1:]])
        if head == "tiers":
            return f"Tier {rest[0]}, {rest[1]}"
        if head == "limits":
            return f"{upper_first(rest[0])} signs, {rest[1]}"
        if head == "flags":
            return FLAGS.get(Flag(rest[0]), rest[0])
        if head == "counts_per_year":
            return f"Class {rest[0]}, counts a year"
        if head == "abc_shares":
            return f"ABC shares up to {'AB'[int(rest[0]) - 1]}"
        if head == "shift_ends":
            return f"End of shift {rest[0]}"
        if head == "due_hours":
            return f"Due, {rest[0]} severity"
        return change_words(parts)

    def _value(self, text: str, unit: str, parts: list[str]) -> str:
        if text in ("", "–"):
            return "not set"
        if not text.lstrip("-").isdecimal():
            return RULES.get(NegativeRule(text), text) if parts[0] == "negatives" else text
        amount = int(text)
        if unit == "percent" or parts[0] == "abc_shares":
            return self.percent(amount)
        if unit == "value":
            return self.money(amount)
        if unit == "quantity":
            return f"{self.number(amount)} units"
        if parts[0] == "flags" or unit == "tier":
            return f"tier {amount}"
        if parts[0] in NUMBERS:
            return f"{self._form.count(amount)} {NUMBERS[parts[0]][1]}"
        if parts[0] == "shift_ends":
            return of_day(amount)
        if parts[0] == "due_hours":
            return counted(amount, "hour", "hours")
        return self._form.count(amount)


def change_words(parts: list[str]) -> str:
    """A path that has no words of its own."""
    return ", ".join(part.replace("_", " ") for part in parts)
