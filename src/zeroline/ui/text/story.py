"""The story of a case in sentences: what happened, why, what next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zeroline.domain.case import CaseState, Queue
from zeroline.domain.cause import TRANSIENT
from zeroline.domain.next_step import NextStep, Step
from zeroline.domain.views.case import CaseKey, CaseView, LedgerRow
from zeroline.ui.text.diagnosis import Reasoning
from zeroline.ui.text.format import Format
from zeroline.ui.text.phrase import counted, upper_first
from zeroline.wording import cause_words

NOT_KNOWN = "not yet known"


class Story:
    """Tells views of cases with the numbers and times of one person's Format."""

    def __init__(self, form: Format) -> None:
        self._form = form
        self._reasoning = Reasoning(form)

    # what happened

    def place(self, key: CaseKey) -> str:
        """'BRG-6204 at E-02', with lot and status where they matter."""
        parts = [f"{key.item} at {key.location}"]
        if key.lot:
            parts.append(f"lot {key.lot}")
        if key.status and key.status != "available":
            parts.append(key.status)
        return ", ".join(parts)

    def happened(self, view: CaseView) -> str:
        """One sentence: what, where, when, by which movement, by whom."""
        if view.queue is Queue.OVERRIDE and view.forced is not None:
            return self._forced(view, view.forced)
        if view.self_check is not None:
            return self._differs(view)
        if view.queue is Queue.REPEAT and view.repeat is not None:
            return self._repeats(view)
        if view.crossing is not None:
            with_what = self.movement(view.crossing, view.key)
            when = self.on(view.crossing.recorded_at)
            return f"{self.place(view.key)} crossed zero {when} with {with_what}."
        return f"{self.place(view.key)}: {self._quantity(view.on_hand, view)} on hand."

    def lasting(self, view: CaseView) -> str:
        """How deep, how long, and how it came back; nothing where no episode belongs to the case."""
        episode = view.episode
        if episode is None:
            return ""
        depth, long = self._quantity(episode.depth, view), self._form.duration(episode.duration)
        if episode.ended_at is None and episode.depth == view.on_hand:
            return f"Below zero for {long}, and now at its lowest: {depth}."
        if episode.ended_at is None:
            return f"Below zero for {long}, at its lowest {depth}; now {self._quantity(view.on_hand, view)}."
        told = f"It was below zero for {long}, at its lowest {depth}"
        if view.closing is not None:
            told += f", and came back with {self.movement(view.closing, view.key)}"
        return f"{told}."

    def movement(self, row: LedgerRow, key: CaseKey) -> str:
        """'shipment OUT/00033 (−11 EA, R. Diaz)'."""
        quantity = self._form.quantity(row.quantity, key.unit, sign=True)
        named = f"{row.kind} {row.document}".rstrip()
        return f"{named} ({quantity}{f', {row.user}' if row.user else ''})"

    def on(self, instant: int) -> str:
        """When, to stand inside a sentence: '3 h ago', 'today 09:12', 'on Thu 09:12'."""
        text = self._form.when(instant)
        return text if text.endswith("ago") or text.startswith(("just", "today")) else f"on {text}"

    def _forced(self, view: CaseView, row: LedgerRow) -> str:
        who = row.user or "Somebody"
        left = self._form.quantity(row.balance, view.key.unit)
        quantity = self._form.quantity(row.quantity, view.key.unit, sign=True)
        what = f"{row.kind} {row.document}".rstrip()
        return (
            f"{who} forced {what} ({quantity}) past the check {self.on(row.recorded_at)}: "
            f"{self.place(view.key)} went to {left}."
        )

    def _differs(self, view: CaseView) -> str:
        check = view.self_check
        assert check is not None
        keeps, summed = self._quantity(check.stored, view), self._quantity(check.summed, view)
        return (
            f"Source {check.source} keeps {keeps} for {self.place(view.key)}, but its movements up to "
            f"{self._form.when(check.as_of)} add up to {summed}: "
            f"a difference of {self._quantity(check.difference, view, sign=True)}."
        )

    def _repeats(self, view: CaseView) -> str:
        repeat = view.repeat
        assert repeat is not None
        return (
            f"{self.place(view.key)}: {often(repeat.episodes, repeat.misses)} within {repeat.days} days "
            f"up to {self._form.when(repeat.until)}."
        )

    # why

    def why(self, view: CaseView) -> str:
        """The cause as tagged, else the likeliest, or that nobody knows yet."""
        if view.cause is None or not view.cause.code:
            guessed = self._reasoning.leading(view)
            if guessed:
                return guessed
            if view.episode is not None and view.episode.transient:
                return f"Why: only the order of posting was wrong. Closing tags it {TRANSIENT}."
            return f"Why: {NOT_KNOWN}."
        words = cause_words().get(view.cause.code)
        return f"Why: {words.label if words is not None else view.cause.code}."

    def said(self, view: CaseView) -> str:
        """Who said why, with the comment and what was guessed; who refused the guesses."""
        return self._reasoning.said(view)

    def traces(self, view: CaseView) -> tuple[str, ...]:
        """What the ledger and the open documents show that bears on the cause."""
        told: list[str] = []
        if not view.physical_known:
            told.append("The source does not say when things happened, so the physical order is unknown.")
        told += self._posted_late(view)
        if view.episode is not None and view.episode.transient:
            told.append("In the order things happened it never went below zero: nothing is missing.")
        for document in [one for one in view.documents if one.explains][:2]:
            due = f", due {self._form.due(document.due_at)}" if document.due_at else ""
            told.append(
                f"Open {document.kind} {document.number} still brings "
                f"{self._quantity(document.outstanding, view)}{due}."
            )
        if view.on_hand < 0:
            elsewhere = [other for other in view.elsewhere if other.on_hand > 0]
            if elsewhere:
                most = max(elsewhere, key=lambda other: (other.relation == "lot", other.on_hand))
                where = most.location if most.relation != "lot" else f"lot {most.lot or '–'} ({most.status})"
                others = counted(len(elsewhere) - 1, "other place", "other places")
                more = f", and more in {others}" if len(elsewhere) > 1 else ""
                told.append(f"The book has {self._quantity(most.on_hand, view)} in {where}{more}.")
        return tuple(told)

    def _posted_late(self, view: CaseView) -> list[str]:
        closing, crossing = view.closing, view.crossing
        if closing is None or crossing is None or not view.physical_known:
            return []
        if not closing.occurred_at <= crossing.occurred_at < closing.recorded_at:
            return []
        happened, posted = self._form.when(closing.occurred_at), self._form.when(closing.recorded_at)
        what = upper_first(self.movement(closing, view.key))
        return [f"{what} happened {happened}, before it, but was posted {posted}."]

    # what next

    def next(self, view: CaseView) -> str:
        """What to do now, as a sentence without the verb's button."""
        step, facts = view.next_step.code, view.next_step.facts
        if step is Step.WAIT_DOCUMENT:
            return self._waiting(view, facts)
        if step is Step.ACCEPT:
            return self._reasoning.accepting(facts)
        if step is Step.CLOSE_TRANSIENT and facts.get("cause"):
            return self._reasoning.closing(facts)
        if step is Step.MAKE_RECORD:
            words = cause_words().get(str(facts.get("cause", "")))
            return f"First the missing record: {words.fix}" if words is not None else _NEXT[Step.MAKE_RECORD]
        if step is Step.TAG_CAUSE:
            variance = facts.get("variance_quantity") or 0
            if variance:
                return f"The count is off by {self._quantity(variance, view, sign=True)}. Say why."
            return "Say why it went below zero; nothing has to be adjusted."
        if step is Step.RECOUNT:
            off = self._quantity(facts.get("variance_quantity") or 0, view, sign=True)
            return f"The count is off by {off}, out of tolerance. Somebody else counts it again."
        if step is Step.VERIFY:
            return f"Posted. See that it holds: the book is at {self._quantity(view.on_hand, view)}."
        if step is Step.PROPOSE:
            off = self._quantity(facts.get("variance_quantity") or 0, view, sign=True)
            return f"Counted, and the cause is known. Propose {off} for approval."
        if step is Step.EXAMINE and view.queue is Queue.SELF_CHECK:
            return "Compare the source with its movements, then say why they differ."
        if step is Step.NOTHING:
            return self._over(view)
        return _NEXT[step]

    def _waiting(self, view: CaseView, facts: Mapping[str, Any]) -> str:
        document = facts.get("document") or "the document"
        due_at = facts.get("due_at")
        due = ""
        if due_at:
            late = self._form.is_late(due_at)
            due = f", {self._form.due(due_at)}" if late else f", due {self._form.due(due_at)}"
        if view.state is CaseState.WAITING_DOCUMENT and self._form.is_late(due_at):
            return f"Waiting for {document}{due}. Ask who has it, or have the shelf counted."
        if view.state is CaseState.WAITING_DOCUMENT:
            return f"Waiting for {document}{due}. Nothing to do until it is posted."
        return f"Wait for {document}{due}. Adjusting now would correct it twice."

    def _over(self, view: CaseView) -> str:
        when = f" {self.on(view.closed_at)}" if view.closed_at else ""
        if view.state is CaseState.DISMISSED:
            return f"Dismissed{when}: {view.reason or 'no reason kept'}. Nothing left to do."
        return f"Closed{when}. Nothing left to do."

    # how bad

    def severity(self, code: str, facts: Mapping[str, Any]) -> str:
        """Why a case stands where it stands in its queue; codes as in ``QueueTable.severity_reason``."""
        form, unit = self._form, str(facts.get("unit", ""))
        match code:
            case "orders-at-risk":
                orders = counted(int(facts["orders"]), "order needs", "orders need")
                return f"{orders} {form.quantity(facts['orders_quantity'], unit)} of it"
            case "value-days":
                worth = form.money(facts["value_days"], str(facts.get("currency", "")), decimals=0)
                return f"{worth} value-days: so much money, so many days"
            case "age":
                return f"Below zero for {form.duration(facts['as_of'] - facts['since'])}"
            case "above-zero":
                return f"Above zero again since {form.when(facts.get('ended_at'))}"
            case "transient":
                return "Nothing is missing: posted in another order than it happened"
            case "difference":
                return f"Off by {form.quantity(facts['difference'], unit, sign=True)}"
            case "repeats":
                return upper_first(often(int(facts["episodes"]), int(facts["misses"])))
            case "forced":
                return f"{facts.get('user') or 'Somebody'} forced {form.quantity(facts['quantity'], unit)}"
        return ""

    def _quantity(self, micro: int, view: CaseView, sign: bool = False) -> str:
        return self._form.quantity(micro, view.key.unit, sign=sign)


def often(episodes: int, misses: int) -> str:
    """'3 times below zero and 2 counts out of tolerance'."""
    told = []
    if episodes:
        told.append(f"{counted(episodes, 'time', 'times')} below zero")
    if misses:
        told.append(f"{counted(misses, 'count', 'counts')} out of tolerance")
    return " and ".join(told) or "nothing"


def step_object(step: NextStep, view: CaseView, form: Format) -> str:
    """What the button of the step names besides its verb: a document, a quantity."""
    if step.code is Step.WAIT_DOCUMENT:
        return str(step.facts.get("document") or "the document")
    if step.code in (Step.ACCEPT, Step.CLOSE_TRANSIENT):
        return str(step.facts.get("cause") or "transient")
    if step.code is Step.PROPOSE:
        off = step.facts.get("variance_quantity") or 0
        return form.quantity(off, view.key.unit, sign=True)
    return ""


_NEXT: Mapping[Step, str] = {
    Step.CLOSE_TRANSIENT: "Close it as transient. Counting is not needed.",
    Step.CLOSE_AGREES: "The source agrees with its movements again. Close it.",
    Step.ASSIGN: "Nobody has it yet. Take it and look into it.",
    Step.COUNT: "Have the shelf counted, so that the true quantity is known.",
    Step.ENTER_COUNT: "A count sheet is out for it. The count comes next.",
    Step.MAKE_RECORD: "First the missing record; then see what is left.",
    Step.DECIDE: "The adjustment waits for an approval by somebody else.",
    Step.POST: "Approved. Somebody other than the approver posts it.",
    Step.CLOSE: "Explained, and nothing is missing. Close it.",
    Step.EXAMINE: "Look at the movement that was forced, then say why.",
}
