"""Accept the likeliest cause of many cases at once: from which confidence on, and what that comes to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from zeroline.domain.views.diagnosis import Acceptable, Accepted
from zeroline.ui.desk import Desk
from zeroline.ui.dialogs.form import Form
from zeroline.ui.dialogs.writing import cases
from zeroline.ui.text.diagnosis import told
from zeroline.ui.text.format import Format
from zeroline.ui.text.phrase import counted, sure
from zeroline.ui.theme import Tone, tone
from zeroline.wording import cause_label, sentence

USUAL = 90
"""Per cent that are asked for unless somebody says otherwise."""

_ORDER = ("below", "unclear", "rejected", "tagged", "state", "none", "changed")


class AcceptDialog(Form):
    """The confidence in per cent; under it, by cause, what will be tagged, and what is left and why."""

    def __init__(self, parent: QWidget, desk: Desk, ids: Sequence[int]) -> None:
        super().__init__(parent, desk, "Accept the likeliest causes", "Accept", width=560)
        self._ids = list(ids)
        self.plan: Acceptable | None = None
        self.least = QLineEdit(str(USUAL))
        self.least.setValidator(QIntValidator(1, 99, self.least))
        self.least.setFixedWidth(64)
        self.field(told("bulk-ask"), self.least)
        self.will, self.left = QLabel(), QLabel()
        for label in (self.will, self.left):
            label.setWordWrap(True)
            self.body.addWidget(label)
        tone(self.left, Tone.MUTED)
        self.yes.setEnabled(False)
        self.least.textChanged.connect(lambda _: self.read())
        self.stale.connect(self.read)
        self.least.setFocus()
        self.least.selectAll()
        self.read()

    def read(self) -> None:
        """Ask what accepting from this confidence on would do."""
        diagnosing, person = self.desk.services.diagnosing, self.desk.person
        self.yes.setEnabled(False)
        if not self.least.hasAcceptableInput():
            return
        least = int(self.least.text()) * 10_000
        self.desk.tasks.query(
            lambda: diagnosing.acceptable(person, self._ids, least),
            self._show,
            owner=self,
            key="plan",
            failed=lambda error: self.say_wrong(sentence(error)),
        )

    def _show(self, plan: Acceptable) -> None:
        self.plan = plan
        number = len(plan.chosen)
        self.will.setText("\n".join(will_lines(plan, self.desk.format)))
        self.left.setText("\n".join(left_lines(plan)))
        self.left.setVisible(bool(plan.skipped))
        self.yes.setEnabled(number > 0)
        self.name_action(f"Tag {counted(number, 'case', 'cases')}" if number else "Tag")

    def go(self) -> None:
        plan = self.plan
        if plan is None:
            return
        diagnosing, person = self.desk.services.diagnosing, self.desk.person
        ids = [case for case, _ in plan.chosen]

        def done(result: Accepted) -> None:
            left = len(ids) - len(result.cases)
            code = "bulk-done-left" if left else "bulk-done"
            self.desk.ways.say(told(code, cases=cases(result.cases), left=left))

        self.send(lambda: diagnosing.accept(person, ids, plan.least, dict(plan.chosen)), done)


def will_lines(plan: Acceptable, form: Format) -> list[str]:
    """What will be tagged, by cause: how many and what is below zero in them."""
    if not plan.chosen:
        return [told("bulk-nothing")]
    lines = [told("bulk-will", cases=cases([case for case, _ in plan.chosen]))]
    for total in plan.totals:
        worth = f", {form.money(total.value, total.currency)}" if total.value else ""
        lines.append(f"{cause_label(total.cause)}: {counted(total.cases, 'case', 'cases')}{worth}")
    return lines


def left_lines(plan: Acceptable) -> list[str]:
    """What is left as it is, by reason."""
    numbers = Counter(one.reason for one in plan.skipped)
    return [
        told("bulk-left"),
        *(
            told(f"skip-{reason}", cases=counted(numbers[reason], "case", "cases"), least=sure(plan.least))
            for reason in _ORDER
            if numbers[reason]
        ),
    ]
