"""Alerts and messages in words, and where an alert leads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from zeroline.domain.alert import AlertKind, Channel
from zeroline.domain.person import Person, Right
from zeroline.domain.views.alerting import AlertRow, DeadLetter
from zeroline.ui.desk import Place
from zeroline.ui.text.format import Format
from zeroline.ui.text.phrase import counted
from zeroline.wording import alert, alert_title, say_plainly

CHANNELS = {Channel.MAIL: "E-mail", Channel.WEBHOOK: "Webhook"}

_SUBJECTS = {"case": "case", "adjustment": "approvals", "count sheet": "counting"}
_KINDS = {
    AlertKind.NEGATIVE: "queue:negative",
    AlertKind.APPROVAL: "approvals",
    AlertKind.POSTING: "approvals",
    AlertKind.AGEING: "approvals",
    AlertKind.COUNT: "counting",
}


class AlertWords:
    """Tells alerts with one person's Format."""

    def __init__(self, form: Format) -> None:
        self._form = form

    def said(self, row: AlertRow) -> str:
        """One alert in one or two sentences."""
        return alert(row.kind, row.facts, self._speak)

    def together(self, rows: Sequence[AlertRow]) -> tuple[str, str]:
        """A title and a text for all of some alerts, of which there is one at least."""
        if len(rows) == 1:
            return alert_title(rows[0].kind), self.said(rows[0])
        kinds = dict.fromkeys(alert_title(row.kind) for row in rows)
        return counted(len(rows), "alert", "alerts"), "\n".join(kinds)

    def _speak(self, name: str, value: Any) -> str:
        if isinstance(value, int):
            if name.endswith("quantity"):
                return self._form.quantity(value)
            if name.endswith("_at"):
                return self._form.minute(value)
            return self._form.count(value)
        return say_plainly(name, value)


def place_of(row: AlertRow, person: Person) -> Place:
    """Where one looks at what an alert is about."""
    subject, _, number = row.subject.rpartition(" ")
    if subject:
        return Place(_SUBJECTS[subject], int(number))
    own = "queue:negative" if person.may(Right.READ_BOOK) else "counting"
    return Place(_KINDS.get(AlertKind(row.kind), own))


def addressed(letter: DeadLetter) -> str:
    """Whom a message is for."""
    return letter.name or "the house"
