"""Try the policy on a place: which rule holds there, and why that one."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QLineEdit, QVBoxLayout

from zeroline.domain.policy import Policy, Rule, Scope, Target
from zeroline.domain.tolerance import NOTHING_PASSES
from zeroline.ui.text.phrase import upper_first
from zeroline.ui.text.policy import RULES, SCOPES, PolicyWords, rule_words
from zeroline.ui.theme import GRID, Tone, kind, tone

_FIELDS = (
    ("item", "Item"),
    ("location", "Bin"),
    ("item_class", "Item class"),
    ("abc_class", "ABC class"),
    ("warehouse", "Warehouse"),
    ("site", "Site"),
)


class Tester(QFrame):
    """Answers at every keystroke, for the policy as it is being edited."""

    tried = Signal()

    def __init__(self, words: PolicyWords) -> None:
        super().__init__()
        kind(self, "card")
        self.setAccessibleName("Try the policy on a place")
        self._words = words
        self._policy: Policy | None = None
        title = QLabel("What holds where? The most specific wins.")
        title.setProperty("textsize", "small")
        tone(title, Tone.MUTED)
        self.fields = {name: QLineEdit() for name, _ in _FIELDS}
        grid = QGridLayout()
        grid.setHorizontalSpacing(2 * GRID)
        grid.setVerticalSpacing(GRID)
        for place, (name, label) in enumerate(_FIELDS):
            field = self.fields[name]
            field.setPlaceholderText(label)
            field.setAccessibleName(label)
            field.textChanged.connect(lambda _: self._answer())
            grid.addWidget(field, 0, place)
        self.tolerance, self.negative = QLabel(), QLabel()
        for label_, name in ((self.tolerance, "Tolerance there"), (self.negative, "Below zero there")):
            label_.setWordWrap(True)
            label_.setAccessibleName(name)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * GRID, 2 * GRID, 3 * GRID, 2 * GRID)
        column.setSpacing(GRID)
        column.addWidget(title)
        column.addLayout(grid)
        column.addWidget(self.tolerance)
        column.addWidget(self.negative)

    def show_policy(self, policy: Policy) -> None:
        """Answer for another policy."""
        self._policy = policy
        self._answer()

    def target(self) -> Target:
        """The place that is filled in."""
        return Target(**{name: field.text().strip() for name, field in self.fields.items()})

    def _answer(self) -> None:
        policy = self._policy
        if policy is None:
            return
        target = self.target()
        tolerance, negative = policy.tolerance(target), policy.negative(target)
        by_tolerance = _deciding(policy.tolerances, target)
        by_negative = _deciding(policy.negatives, target)
        words = self._words.tolerance(tolerance)
        told = f"A count may be off by {words}" if tolerance != NOTHING_PASSES else f"Of counts {words}"
        self.tolerance.setText(f"{told} {_by(by_tolerance)}")
        self.negative.setText(f"Below zero is {RULES[negative]} {_by(by_negative)}")
        self.tried.emit()


def _deciding(rules: object, target: Target) -> Rule | None:
    """The rule that decides for a target: the most specific one that names it."""
    known = rules if hasattr(rules, "__contains__") else ()
    for scope in reversed(Scope):
        code = target.name(scope)
        if scope is Scope.EVERYWHERE or code:
            rule = Rule(scope, code)
            if rule in known:
                return rule
    return None


def _by(rule: Rule | None) -> str:
    if rule is None:
        return "(no rule names this place)"
    if rule.scope is Scope.EVERYWHERE:
        return "(the rule for everywhere)"
    return f"(the rule for {rule_words(rule)})"


def scope_order() -> str:
    """The scopes from the most specific to the widest, in words."""
    return upper_first(", ".join(SCOPES[scope] for scope in reversed(Scope)))
