"""People in words: what each role does, and whether somebody can sign in."""

from __future__ import annotations

from collections.abc import Mapping

from zeroline.domain.person import Role
from zeroline.domain.views.people import PersonRow
from zeroline.ui.text.format import Format
from zeroline.ui.theme.tone import Tone

ROLES: Mapping[Role, str] = {
    Role.COUNTER: "Counts blind. Sees no book quantity and approves nothing.",
    Role.SUPERVISOR: "Works on cases, sends to count, proposes; approves within limits what others proposed.",
    Role.MANAGER: "As a supervisor, approves above the supervisor's limit, and sets the policy.",
    Role.AUDITOR: "Reads everything, prints and verifies. Changes nothing.",
    Role.ADMINISTRATOR: "Looks after people, imports and connections. Neither approves nor counts.",
}
"""What a role may do, and what not."""


def account_state(row: PersonRow, form: Format, now: int) -> str:
    """'active', 'switched off', or how long wrong passwords keep it locked."""
    if not row.person.active:
        return "switched off"
    if row.locked_until > now:
        return f"locked until {form.time(row.locked_until)}"
    return "active"


def account_tone(row: PersonRow, now: int) -> Tone | None:
    """Muted when switched off, amber when locked."""
    if not row.person.active:
        return Tone.MUTED
    return Tone.CAUTION if row.locked_until > now else None
