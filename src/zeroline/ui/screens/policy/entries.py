"""The rows of a policy as people read them, and how each one is edited."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from zeroline.domain.errors import DomainError
from zeroline.domain.person import Role
from zeroline.domain.policy import Flag, Limit, NegativeRule, Policy, Rule, Scope, Tier
from zeroline.domain.quantity import LARGEST, parse, plain
from zeroline.domain.tolerance import Tolerance
from zeroline.ui.dialogs.policy_entry import EntryField, PolicyEntry
from zeroline.ui.text.format import Format
from zeroline.ui.text.phrase import counted, upper_first
from zeroline.ui.text.policy import FLAGS, NUMBERS, RULES, SCOPES, SEVERITIES, PolicyWords, of_day, rule_words

Texts = Mapping[str, str]
_TIERS = (("1", "tier 1"), ("2", "tier 2"), ("3", "tier 3"))


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """One line of a section: ``scope`` and ``code`` for rules, ``name`` and ``value`` for everything."""

    id: str
    name: str
    value: str
    rank: int = 0


class Entries:
    """Reads the rows of a policy and makes their editors, in the writing of one Format."""

    def __init__(self, form: Format) -> None:
        self._form = form
        self._words = PolicyWords(form)

    # rows

    def tolerances(self, policy: Policy) -> list[PolicyRow]:
        """Tolerances, the most specific scope first: it wins."""
        return _ordered(policy.tolerances, self._words.tolerance)

    def negatives(self, policy: Policy) -> list[PolicyRow]:
        """Where stock may go below zero, the most specific scope first: it wins."""
        return _ordered(policy.negatives, RULES.__getitem__)

    def approval(self, policy: Policy) -> list[PolicyRow]:
        """Tiers, who signs how far, and what lifts the tier."""
        words = self._words
        first, second = policy.tiers
        rows = [
            ("tier:1", "Tier 1 reaches to", words.tier(first)),
            ("tier:2", "Tier 2 reaches to", words.tier(second)),
            ("", "Tier 3", "everything above; another person posts it"),
        ]
        rows += [
            (f"limit:{role}", f"A {role.value} signs", words.limit(policy.limit(role)))
            for role in (Role.SUPERVISOR, Role.MANAGER)
        ]
        for flag, name in FLAGS.items():
            tier = policy.flags.get(flag, 1)
            rows.append((f"flag:{flag}", name, f"at least tier {tier}" if tier > 1 else "by size alone"))
        return [PolicyRow(id or "tier:3", name, value, n) for n, (id, name, value) in enumerate(rows)]

    def times(self, policy: Policy) -> list[PolicyRow]:
        """How often is counted, when work is due, and all windows of time."""
        form, words = self._form, self._words
        rows = []
        for name in sorted(policy.counts_per_year):
            often = counted(policy.counts_per_year[name], "time a year", "times a year")
            rows.append((f"counts:{name}", f"Class {name} is counted", often))
        a, b = policy.abc_shares
        shares = f"A to {words.percent(a)}, B to {words.percent(b)}, C the rest"
        rows.append(("shares", "ABC by usage value", shares))
        for name, title in SEVERITIES.items():
            if name in policy.due_hours:
                within = f"within {counted(policy.due_hours[name], 'hour', 'hours')}"
                rows.append((f"due:{name}", f"{title} severity is due", within))
        rows.append(("shifts", "Shifts end at", ", ".join(map(of_day, policy.shift_ends))))
        for name, (title, unit) in NUMBERS.items():
            rows.append((f"number:{name}", title, f"{form.count(getattr(policy, name))} {unit}"))
        return [PolicyRow(id, name, value, n) for n, (id, name, value) in enumerate(rows)]

    # editors

    def editor(self, policy: Policy, id: str) -> PolicyEntry | None:
        """How a row is edited; None for what follows from the others."""
        kind, _, name = id.partition(":")
        match kind:
            case "tier":
                return None if name == "3" else self._tier(policy, int(name))
            case "limit":
                return self._limit(policy, Role(name))
            case "flag":
                return self._flag(policy, Flag(name))
            case "counts":
                return self._named(policy, "counts_per_year", name, f"Class {name}: counts a year")
            case "due":
                return self._named(
                    policy, "due_hours", name, f"{upper_first(name)} severity: due within hours"
                )
            case "shares":
                return self._shares(policy)
            case "shifts":
                return _shifts(policy)
            case "number":
                return self._number(policy, name)
        return None

    def tolerance(self, policy: Policy, rule: Rule | None) -> PolicyEntry:
        """Edit a tolerance, or add one for another scope."""
        before = policy.tolerances.get(rule, Tolerance()) if rule is not None else Tolerance()

        def apply(texts: Texts) -> Policy:
            made = Tolerance(
                self._percent(texts, "percent"), self._micro(texts, "quantity"), self._micro(texts, "value")
            )
            kept = {known: value for known, value in policy.tolerances.items() if known != rule}
            return replace(policy, tolerances={**kept, rule or _rule_of(texts): made})

        limits = (
            EntryField("percent", "Percent of what was expected", self._percent_text(before.percent)),
            EntryField("quantity", "Quantity, in base units", self._text(before.quantity)),
            EntryField("value", f"Value, {self._form.currency}", self._text(before.value)),
        )
        return PolicyEntry(
            "Tolerance" if rule is not None else "Add a tolerance",
            (*_scope_fields(rule), *limits),
            apply,
            "Every limit that is set must hold. With none set, only an exact count passes. A percentage "
            "never passes where the book is below zero.",
        )

    def negative(self, policy: Policy, rule: Rule | None) -> PolicyEntry:
        """Edit where stock may go below zero, or add a scope."""
        before = policy.negatives.get(rule, NegativeRule.FORBIDDEN) if rule is not None else None

        def apply(texts: Texts) -> Policy:
            kept = {known: value for known, value in policy.negatives.items() if known != rule}
            return replace(policy, negatives={**kept, rule or _rule_of(texts): NegativeRule(texts["rule"])})

        choices = tuple((known.value, words) for known, words in RULES.items())
        field = EntryField("rule", "Below zero is", (before or NegativeRule.OVERRIDE).value, choices=choices)
        title = "Below zero" if rule is not None else "Add where stock may go below zero"
        return PolicyEntry(title, (*_scope_fields(rule), field), apply)

    def _tier(self, policy: Policy, number: int) -> PolicyEntry:
        tier = policy.tiers[number - 1]

        def apply(texts: Texts) -> Policy:
            made = Tier(
                self._micro(texts, "value"), self._micro(texts, "quantity"), self._percent(texts, "percent")
            )
            tiers = (made, policy.tiers[1]) if number == 1 else (policy.tiers[0], made)
            return replace(policy, tiers=tiers)

        return PolicyEntry(
            f"Tier {number} reaches to",
            (
                EntryField("value", f"Value, {self._form.currency}", self._text(tier.value)),
                EntryField("quantity", "Quantity, in base units", self._text(tier.quantity)),
                EntryField("percent", "Percent", self._percent_text(tier.percent)),
            ),
            apply,
            "Every limit that is set must hold; leave a field empty for no limit of that kind.",
        )

    def _limit(self, policy: Policy, role: Role) -> PolicyEntry:
        limit = policy.limit(role)

        def apply(texts: Texts) -> Policy:
            value = self._micro(texts, "value")
            made = Limit(int(texts["tier"]), LARGEST if value is None else value)
            return replace(policy, limits={**policy.limits, role: made})

        return PolicyEntry(
            f"A {role.value} signs",
            (
                EntryField("tier", "Up to", str(limit.tier or 1), choices=_TIERS),
                EntryField(
                    "value",
                    f"Value together with the day's others, {self._form.currency}",
                    "" if limit.value >= LARGEST else self._text(limit.value),
                    "empty: without limit",
                ),
            ),
            apply,
        )

    def _flag(self, policy: Policy, flag: Flag) -> PolicyEntry:
        def apply(texts: Texts) -> Policy:
            return replace(policy, flags={**policy.flags, flag: int(texts["tier"])})

        choices = (("1", "by size alone"), ("2", "at least tier 2"), ("3", "at least tier 3"))
        field = EntryField("tier", "Needs", str(policy.flags.get(flag, 1)), choices=choices)
        return PolicyEntry(FLAGS[flag], (field,), apply)

    def _named(self, policy: Policy, which: str, name: str, title: str) -> PolicyEntry:
        known: Mapping[str, int] = getattr(policy, which)

        def apply(texts: Texts) -> Policy:
            changed: dict[str, Any] = {which: {**known, name: _count(texts["number"])}}
            return replace(policy, **changed)

        return PolicyEntry(title, (EntryField("number", "Number", str(known[name])),), apply)

    def _number(self, policy: Policy, name: str) -> PolicyEntry:
        title, unit = NUMBERS[name]

        def apply(texts: Texts) -> Policy:
            changed: dict[str, Any] = {name: _count(texts["number"])}
            return replace(policy, **changed)

        return PolicyEntry(
            title, (EntryField("number", upper_first(unit), str(getattr(policy, name))),), apply
        )

    def _shares(self, policy: Policy) -> PolicyEntry:
        a, b = policy.abc_shares

        def apply(texts: Texts) -> Policy:
            first, second = self._percent(texts, "a"), self._percent(texts, "b")
            return replace(policy, abc_shares=(first or 0, second or 0))

        return PolicyEntry(
            "ABC by usage value",
            (
                EntryField("a", "A reaches to, percent", self._percent_text(a)),
                EntryField("b", "B reaches to, percent", self._percent_text(b)),
            ),
            apply,
        )

    # texts to numbers and back

    def _text(self, micro: int | None) -> str:
        return "" if micro is None else plain(micro).replace(".", self._form.decimal)

    def _percent_text(self, millionths: int | None) -> str:
        return "" if millionths is None else self._text(millionths * 100)

    def _micro(self, texts: Texts, key: str) -> int | None:
        if not texts[key]:
            return None
        try:
            return parse(texts[key], self._form.decimal, self._form.group)
        except DomainError as error:
            raise DomainError(error.code, **{**error.fields, "field": key}) from error

    def _percent(self, texts: Texts, key: str) -> int | None:
        micro = self._micro({key: texts[key].replace("%", "").strip()}, key)
        if micro is None:
            return None
        millionths, rest = divmod(micro, 100)
        if rest:
            raise DomainError("quantity-decimals", field=key, value=texts[key])
        return millionths


def _ordered(rules: Mapping[Rule, Any], words: Callable[[Any], str]) -> list[PolicyRow]:
    order = list(reversed(Scope))
    ranked = sorted(rules, key=lambda rule: (order.index(rule.scope), rule.code))
    return [
        PolicyRow(str(rule), upper_first(rule_words(rule)), words(rules[rule]), n)
        for n, rule in enumerate(ranked)
    ]


def _scope_fields(rule: Rule | None) -> tuple[EntryField, ...]:
    if rule is not None:
        return ()
    choices = tuple((scope.value, words) for scope, words in reversed(tuple(SCOPES.items())))
    return (
        EntryField("scope", "For", Scope.ITEM.value, choices=choices),
        EntryField("code", "Code", "", "empty only for everywhere"),
    )


def _rule_of(texts: Texts) -> Rule:
    return Rule(Scope(texts["scope"]), texts["code"])


def _shifts(policy: Policy) -> PolicyEntry:
    def apply(texts: Texts) -> Policy:
        ends = {_minutes(text) for text in texts["ends"].replace(",", " ").split()}
        return replace(policy, shift_ends=tuple(sorted(ends)))

    written = ", ".join(map(of_day, policy.shift_ends))
    return PolicyEntry(
        "Shifts end at",
        (EntryField("ends", "Times of day at the site", written, "such as 06:00, 14:00, 22:00"),),
        apply,
        "At the end of each shift everybody who is written to gets one message of what is open for them.",
    )


def _minutes(text: str) -> int:
    hours, colon, minutes = text.partition(":")
    if not (colon and hours.isdecimal() and minutes.isdecimal() and int(hours) < 24 and int(minutes) < 60):
        raise DomainError("policy-shifts", field="ends")
    return int(hours) * 60 + int(minutes)


def _count(text: str) -> int:
    if not text.isdecimal() or len(text) > 9:
        raise DomainError("quantity-unreadable", field="number", value=text)
    return int(text)
