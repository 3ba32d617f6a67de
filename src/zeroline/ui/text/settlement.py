"""Adjustments in words: what, how it came about, why this tier, whose hand is in the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from zeroline.domain.approval import ONE_SIGNATURE
from zeroline.domain.errors import DomainError
from zeroline.domain.quantity import LARGEST
from zeroline.domain.views.counting import CountedEntry
from zeroline.domain.views.key import KeyFacts, Reason
from zeroline.domain.views.settlement import ApprovalView, Arithmetic, Evidence, GuardDocument, Hand
from zeroline.ui.text.counting import Sums, place
from zeroline.ui.text.format import Format
from zeroline.ui.text.phrase import counted
from zeroline.wording import cause_label, sentence

TIERS: Mapping[int, str] = {
    1: "Tier 1: a supervisor approves",
    2: "Tier 2: a manager approves",
    3: "Tier 3: a manager approves, another person posts",
}
_TIER_REASONS: Mapping[str, str] = {
    "tier-value": "by its value",
    "tier-quantity": "by its quantity",
    "tier-percent": "by its percentage",
    "tier-cumulated": "together with the proposer's others of the day",
    "tier-theft": "theft",
    "tier-unexplained": "unexplained loss",
    "tier-open-documents": "open documents explain it too",
    "tier-restricted-status": "the stock is not available",
    "tier-reversal": "it reverses a posting",
    "tier-no-count": "no count proves it",
}
STATES: Mapping[str, str] = {
    "proposed": "waits for approval",
    "approved": "approved, to be posted",
    "rejected": "rejected",
    "withdrawn": "withdrawn",
    "posted": "posted",
}
MEANINGS: Mapping[str, str] = {
    "approved-as-shown": "I saw this adjustment with its evidence and approve its posting.",
    "rejected-as-shown": "I saw this adjustment with its evidence and refuse it.",
}
"""What a signature means, as the person reads it before signing."""

Line = tuple[str, str, str]
"""What, the figure or words, a remark."""


def tier_words(reason: Reason) -> str:
    """Why an adjustment needs its tier."""
    return _TIER_REASONS.get(reason.code, reason.code.removeprefix("tier-").replace("-", " "))


def tier_line(tier: int, reasons: Sequence[Reason]) -> str:
    """'Tier 2: a manager approves (by its value)'."""
    why = ", ".join(tier_words(reason) for reason in reasons)
    return TIERS.get(tier, f"Tier {tier}") + (f" ({why})" if why else "")


def hand_words(hand: Hand, number: str) -> str:
    """Exactly whose hand is in the way, as a sentence."""
    return sentence(DomainError(hand.reason.code, number=number, **hand.reason.facts))


def cause_words_of(view: ApprovalView) -> str:
    """The cause with the proposer's comment."""
    return cause_label(view.cause) + (f" “{view.comment}”" if view.comment else "")


class Terms:
    """Writes adjustments with one person's Format."""

    def __init__(self, form: Format) -> None:
        self._form = form
        self._sums = Sums(form)

    def amount(self, micro: int, key: KeyFacts) -> str:
        """'+15 EA'."""
        return self._sums.quantity(micro, key, sign=True)

    def heading(self, view: ApprovalView) -> str:
        """'BRG-6204 at E-02: +15 EA'."""
        return f"{place(view.key)}: {self.amount(view.arithmetic.quantity, view.key)}"

    def lines(self, view: ApprovalView) -> list[Line]:
        """The page line by line, in the order in which an approver asks."""
        key, sums, form = view.key, view.arithmetic, self._form
        lines: list[Line] = [("Why", cause_words_of(view), "")]
        if view.reversal_of_number:
            lines.append(("Reverses", view.reversal_of_number, ""))
        if view.wait_reason:
            lines.append(("Not waiting, because", view.wait_reason, ""))
        lines += self._arithmetic(sums, key, view.counts)
        now, after = self._sums.quantity(sums.on_hand, key), self._sums.quantity(sums.after, key)
        if view.state == "posted":
            lines.append(("On hand", now, ""))
        else:
            lines.append(("On hand", f"{now} → {after}", ""))
        share = self._sums.percent(view.money.percent)
        cost = f"{form.money(view.money.unit_cost)} each, {share} of what was booked or counted"
        lines.append(("Value", form.money(view.money.value, sign=True), cost))
        lines.append(("Approval", tier_line(view.tier, view.tier_reasons), f"policy version {view.policy}"))
        lines.append(("Limits", self._limits(view), ""))
        for entry in view.counts:
            lines.append(("" if entry is not view.counts[0] else "Counts", *self._count(entry, key)))
        lines += self._hands(view)
        return lines

    def _arithmetic(self, sums: Arithmetic, key: KeyFacts, counts: Sequence[CountedEntry]) -> list[Line]:
        if sums.counted is None or sums.book_at_count is None:
            return [("How much", self.amount(sums.quantity, key), "from documents, not from a count")]
        told = self._sums.arithmetic(sums.counted, sums.book_at_count, sums.late or 0, key)
        lines: list[Line] = [("How much", told, f"counted {self._form.when(sums.counted_at)}")]
        lines += [("Late", self._sums.movement(movement, key), "") for movement in sums.late_movements]
        if sums.since_movements:
            number = counted(len(sums.since_movements), "movement", "movements")
            since = f"{self.amount(sums.since or 0, key)} in {number}"
            lines.append(("Since the count", since, "stays as it is"))
        return lines

    def _limits(self, view: ApprovalView) -> str:
        form = self._form
        together = f"{form.money(view.cumulated_value)} with the proposer's others of the day here"
        if view.limit_value is None:
            return f"{together}; you approve nothing"
        if view.limit_value >= LARGEST:
            return f"{together}; you sign without a limit of value"
        return f"{together}; you sign up to {form.money(view.limit_value)}"

    def _count(self, entry: CountedEntry, key: KeyFacts) -> tuple[str, str]:
        off = self._sums.quantity(entry.variance, key, sign=True)
        verdict = "within tolerance" if entry.within else "out of tolerance"
        return self._sums.entry(entry, key), f"{off}, {verdict}"

    def _hands(self, view: ApprovalView) -> list[Line]:
        form = self._form
        lines: list[Line] = [("Proposed by", view.proposer, form.when(view.proposed_at))]
        if view.investigator:
            lines.append(("Cause tagged by", view.investigator, ""))
        decision = view.decision
        if decision is not None:
            said = f"“{decision.comment}”" if decision.comment else ""
            name = "Approved by" if decision.decision == "approved" else "Rejected by"
            lines.append((name, decision.person, f"{form.when(decision.at)} {said}".strip()))
        if view.poster:
            lines.append(("Posted by", view.poster, form.when(view.posted_at)))
        if view.reversed_by:
            lines.append(("Reversed by", view.reversed_by, ""))
        return lines

    def guard(self, document: GuardDocument, key: KeyFacts) -> str:
        """One open document that would explain the same shortfall (rule 7)."""
        form = self._form
        amount = self._sums.quantity(document.open_quantity, key, sign=True)
        if document.kind == "correction":
            return f"Another system corrected {amount} after the count ({document.number or 'no number'})."
        late = form.is_late(document.due_at)
        due = f", {'' if late else 'due '}{form.due(document.due_at)}" if document.due_at else ""
        where = f" to {document.location}" if document.location else ""
        partner = f", {document.partner}" if document.partner else ""
        return f"Open {document.kind} {document.number} still brings {amount}{where}{due}{partner}."

    def outdated(self, view: ApprovalView) -> str:
        """Why the figure is not right any more, and what would be."""
        old = self.amount(view.arithmetic.quantity, view.key)
        new = self.amount(view.renewed_quantity, view.key)
        return (
            f"Since it was proposed, a movement from before the count came in: {new} would be right now, "
            f"not {old}. It cannot be approved like this; renew it with the new figure."
        )

    def evidence(self, evidence: Evidence) -> str:
        """One piece of evidence: 'Count on CNT-000012, Cora Counter, today 09:12'."""
        names = {"count": "Count on", "movement": "Movement", "document": "Document", "attachment": "File"}
        parts = [f"{names.get(evidence.kind, evidence.kind)} {evidence.label}".strip(), evidence.person]
        return ", ".join(filter(None, [*parts, self._form.when(evidence.at)]))

    def signing(self, view: ApprovalView) -> str:
        """What approving means and does, before the secret is asked."""
        amount, money = self.amount(view.arithmetic.quantity, view.key), self._form.money(view.money.value)
        does = (
            f"This posts {amount} ({money}) to {place(view.key)} now. What is posted is only ever reversed."
            if view.tier <= ONE_SIGNATURE
            else f"{amount} ({money}) for {place(view.key)} is then posted by somebody else than you."
        )
        return f"Your signature means: {MEANINGS['approved-as-shown']}\n\n{does}"

    def refusing(self, view: ApprovalView) -> str:
        """What rejecting means and does."""
        amount = self.amount(view.arithmetic.quantity, view.key)
        does = f"{amount} for {place(view.key)} is not posted; its case goes back to {view.proposer}."
        return f"Your signature means: {MEANINGS['rejected-as-shown']}\n\n{does}"

    def posting(self, view: ApprovalView) -> str:
        """What posting an approved adjustment does."""
        amount, money = self.amount(view.arithmetic.quantity, view.key), self._form.money(view.money.value)
        by = view.decision.person if view.decision is not None else "somebody else"
        return f"{by} approved it. This posts {amount} ({money}) to {place(view.key)} now."
