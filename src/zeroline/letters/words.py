"""What letters say: a subject and a plain text for people, JSON for machines."""

from __future__ import annotations

import json
from collections.abc import Callable
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any
from zoneinfo import ZoneInfo

from zeroline.domain import instant
from zeroline.domain.alert import AlertKind
from zeroline.domain.quantity import MINUS
from zeroline.domain.views.alerting import AlertRow, Letter
from zeroline.wording import alert, alert_title, say_plainly

Speak = Callable[[str, Any], str]


def speaking(zone: ZoneInfo) -> Speak:
    """Facts in plain words, times on the clocks of a place."""

    def speak(name: str, value: Any) -> str:
        if isinstance(value, int) and name.endswith("_at"):
            return f"{instant.at(value, zone):%Y-%m-%d %H:%M}"
        return say_plainly(name, value)

    return speak


def message(letter: Letter, sender: str, place: str, speak: Speak) -> EmailMessage:
    """The e-mail, about the books of ``place``; its Message-ID is the same however often it is sent."""
    made = EmailMessage(SMTP)
    title = f"[{place}] {subject(letter, speak)}" if place else subject(letter, speak)
    made["Subject"] = title.replace(MINUS, "-")  # plain letters are folded without a trace
    made["From"] = Address("Zeroline", addr_spec=sender)
    made["To"] = Address(letter.name, addr_spec=letter.address)
    made["Date"] = instant.at(letter.made_at)
    made["Message-ID"] = f"<{letter.token}@{sender.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    lines = [f"Hello {letter.name},", ""]
    lines += [f"- {said(row, speak)}" for row in letter.alerts]
    lines += ["", "Open Zeroline to deal with it. You can change there where you are written to."]
    made.set_content("\n".join(lines) + "\n")
    return made


def subject(letter: Letter, speak: Speak) -> str:
    """What a letter is about, in one line."""
    first = letter.alerts[0]
    if len(letter.alerts) == 1:
        return f"{alert_title(first.kind)}: {said(first, speak)}"[:200]
    kinds = dict.fromkeys(alert_title(row.kind) for row in letter.alerts)
    return f"{len(letter.alerts)} alerts: {', '.join(kinds)}"


def said(row: AlertRow, speak: Speak) -> str:
    """One alert in words, on one line whatever the codes hold."""
    return " ".join(alert(row.kind, row.facts, speak).split())


def payload(letter: Letter, place: str, speak: Speak) -> bytes:
    """The JSON of a webhook: id, time and database, and of each alert kind, subject, sentence and facts.

    Quantities and money in it are whole millionths, times whole µs, as everywhere inside.
    """
    data = {
        "id": letter.token,
        "made_at": instant.iso(letter.made_at),
        "entity": place,
        "alerts": [
            {
                "kind": AlertKind(row.kind).value,
                "subject": row.subject,
                "text": said(row, speak),
                "at": instant.iso(row.at),
                "facts": dict(row.facts),
            }
            for row in letter.alerts
        ],
    }
    return json.dumps(data, ensure_ascii=False, sort_keys=True).encode()
