"""The log of a case, line by line, in sentences."""

from __future__ import annotations

from collections.abc import Mapping

from zeroline.domain.case import EventKind
from zeroline.domain.cause import UNDETERMINED
from zeroline.domain.views.case import EventFacts
from zeroline.ui.text.format import Format
from zeroline.wording import cause_label


def event_words(event: EventFacts, form: Format, names: Mapping[int, str], unit: str = "") -> str:
    """What happened to the case, without who and when; ``names`` are people by id."""
    facts, text = event.facts, event.text
    match event.kind:
        case EventKind.NOTE:
            return text
        case EventKind.ASSIGNED:
            owner = facts.get("owner_id")
            who = names.get(int(owner), "somebody") if owner else ""
            if owner and int(owner) == event.person_id:
                return "took it"
            return f"gave it to {who}" if owner else "took the owner off"
        case EventKind.CAUSE:
            before = cause_label(str(facts.get("before") or ""))
            told = f"cause: {cause_label(str(facts.get('cause') or ''))}"
            return told + (f", before: {before}" if before else "") + _guess(facts) + _comment(text)
        case EventKind.NONE_OF_THESE:
            return "said that none of the guesses is right" + _guess(facts)
        case EventKind.DISMISSED | EventKind.CLOSED | EventKind.REOPENED:
            reason = str(facts.get("reason") or text or "")
            return _STATES[event.kind] + (f": {reason}" if reason else "")
        case EventKind.WAITING:
            due = facts.get("due_at")
            told = f"waits for {facts.get('document') or 'the document'}"
            return told + (f" until {form.minute(int(due))}" if due else "") + _comment(text)
        case EventKind.EVIDENCE:
            return f"linked a {facts.get('kind', 'record')} as evidence" + _comment(text)
        case EventKind.ATTACHMENT:
            return "attached a file" + _comment(text)
        case EventKind.MOVED:
            return f"moved from {facts.get('before', '–')} to {facts.get('queue', '–')}"
        case EventKind.EXPLAINED:
            document = facts.get("document") or facts.get("reference") or ""
            return f"a late movement explained it {document}".rstrip()
        case EventKind.MERGED | EventKind.RECURRED:
            return f"{_STATES[event.kind]} case {facts.get('case_id', '')}".rstrip()
        case EventKind.AGREES:
            summed = facts.get("summed")
            at = f" at {form.quantity(int(summed), unit)}" if summed is not None else ""
            return f"the source agrees with its movements again{at}"
        case EventKind.COUNT:
            if facts.get("cancelled"):
                return "the count sheet was cancelled"
            if facts.get("line_id"):
                return "counted it"
            return f"sent to count {facts.get('sheet', '')}".rstrip()
        case EventKind.ADJUSTMENT:
            state = str(facts.get("state", ""))
            return f"adjustment {facts.get('number', '')} {state}".rstrip() + _comment(text)
    told = _STATES.get(event.kind, event.kind)
    return told + _comment(text)


def _guess(facts: Mapping[str, object]) -> str:
    """What the program had guessed, beside what the person said."""
    guess, probability = str(facts.get("guess") or ""), facts.get("probability")
    if not guess or not isinstance(probability, int):
        return ""
    if guess == UNDETERMINED:
        return " (no guess)"
    same = "accepted" if guess == facts.get("cause") else f"guess: {guess}"
    return f" ({same}, {probability // 10_000} %)"


def _comment(text: str) -> str:
    return f" “{text}”" if text else ""


_STATES: Mapping[str, str] = {
    EventKind.OPENED: "opened",
    EventKind.REOPENED: "reopened",
    EventKind.DISMISSED: "dismissed",
    EventKind.CLOSED: "closed",
    EventKind.VERIFIED: "verified: the book is above zero",
    EventKind.ABOVE_ZERO: "the book came back above zero",
    EventKind.BELOW_AGAIN: "the book went below zero again",
    EventKind.SHIFTED: "a late movement moved the crossing",
    EventKind.MERGED: "became one with",
    EventKind.RECURRED: "the same cause as in",
    EventKind.STATE: "changed state",
}
