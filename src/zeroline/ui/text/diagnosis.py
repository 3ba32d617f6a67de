"""Guesses in sentences: why, how much it explains, what speaks for and against it, what it asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from zeroline.domain.cause import UNDETERMINED
from zeroline.domain.diagnosis import Diagnosis, Evidence, EvidenceKind, Hypothesis
from zeroline.domain.diagnosis.what_if import TooMuch
from zeroline.domain.quantity import SCALE
from zeroline.domain.verdict import Said
from zeroline.domain.views.case import CaseView
from zeroline.ui.text.format import Format
from zeroline.ui.text.phrase import guess_label, sure
from zeroline.wording import catalogue, cause_label, cause_words, evidence, settling, span

_HALF = 500_000


def told(code: str, **facts: Any) -> str:
    """A sentence of the catalogue of guesses."""
    return catalogue("diagnosis")[code].format_map(facts)


def percent(probability: float) -> str:
    """A probability between 0 and 1 in whole per cent; never a promise of all or nothing."""
    return sure(round(probability * SCALE))


def cited(hypothesis: Hypothesis | None) -> dict[int, int]:
    """Numbers of the evidence, by the movement that it is; as the sentences are numbered."""
    return {
        one.target: number
        for number, one in enumerate(hypothesis.evidence if hypothesis is not None else (), 1)
        if one.kind is EvidenceKind.MOVEMENT
    }


class Reasoning:
    """Tells diagnoses of cases with one person's Format."""

    def __init__(self, form: Format) -> None:
        self._form = form

    # why

    def leading(self, view: CaseView) -> str:
        """The likeliest in one line; '' where the case is none that can be diagnosed."""
        found = view.diagnosis
        if found is None:
            return ""
        if not found.enough:
            return told("unclear")
        code = "likely" if found.leading.probability * SCALE >= _HALF else "perhaps"
        return told(code, cause=cause_label(found.leading.cause), percent=percent(found.leading.probability))

    def looked_at(self, hypothesis: Hypothesis) -> str:
        """The head over a hypothesis that is not the likeliest."""
        cause, share = guess_label(hypothesis.cause), percent(hypothesis.probability)
        return told("looking", cause=cause, percent=share)

    def explains(self, view: CaseView, hypothesis: Hypothesis) -> str:
        """How much it accounts for and what an adjustment would be; honest where nothing is known."""
        found = view.diagnosis
        if found is None:
            return ""
        if hypothesis.cause == UNDETERMINED:
            return told("adjust-none")
        right = told(f"adjust-{hypothesis.adjustment.value}")
        if not hypothesis.explained:
            return right
        missing = self._amount(abs(found.missing), view)
        if not hypothesis.left_over:
            code = "explains-all" if found.missing > 0 else "explains-all-over"
            return f"{told(code, missing=missing)} {right}"
        part = told(
            "explains-part",
            explained=self._amount(abs(hypothesis.explained), view),
            missing=missing,
            left=self._amount(abs(hypothesis.left_over), view),
        )
        return f"{part} {right}"

    def besides(self, found: Diagnosis, unit: str = "") -> list[str]:
        """What holds whatever hypothesis is looked at: two causes together, a wrong earlier correction."""
        lines = []
        if found.together:
            first, second = (cause_label(code) for code in found.together)
            lines.append(told("together", first=first, second=second))
        if found.fixed_wrongly is not None:
            lines.append(told("fixed-wrongly", sentence=self.evidence(found.fixed_wrongly, unit)))
        return lines

    def evidence(self, found: Evidence, unit: str = "") -> str:
        """One plain sentence, with the document in front where it does not name it itself."""
        said = evidence(found.code, found.facts, self._speaker(unit))
        name = str(found.facts.get("document") or found.label)
        return said if not name or name in said else f"{name}: {said}"

    def settle(self, hypothesis: Hypothesis, unit: str = "") -> str:
        """What would settle it, '' where nothing is named."""
        if hypothesis.settle is None:
            return ""
        words = settling(hypothesis.settle.code, hypothesis.settle.facts, self._speaker(unit))
        return told("settle", sentence=words)

    def fixes(self, hypothesis: Hypothesis) -> list[str]:
        """The immediate and the process fix."""
        words = cause_words().get(hypothesis.cause)
        if words is None or hypothesis.cause == UNDETERMINED:
            return []
        return [told("fix", text=words.fix), told("process", text=words.process)]

    def helps(self, found: Diagnosis) -> list[str]:
        """What would help where there is not enough to say."""
        lines = []
        nearest = next((one for one in found.hypotheses if one.cause != UNDETERMINED), None)
        if nearest is not None:
            share = percent(nearest.probability)
            lines.append(told("help-nearest", cause=cause_label(nearest.cause), percent=share))
        return [*lines, told("help-count"), told("help-documents")]

    # what a person said

    def said(self, view: CaseView) -> str:
        """Who said why, and whether it was guessed; who refused the guesses."""
        verdict, cause = view.verdict, view.cause
        if cause is None or not cause.code:
            refused = verdict is not None and verdict.said is Said.REJECTED
            return told("refused", by=verdict.by) if refused and verdict is not None else ""
        by = cause.by or "Somebody"
        if verdict is None or verdict.cause != cause.code or not verdict.guess:
            return f"{by} said so" + (f": “{cause.comment}”" if cause.comment else ".")
        comment = f" “{cause.comment}”" if cause.comment else ""
        if verdict.guess == UNDETERMINED:
            return told("guess-none", by=by) + comment
        code = "guess-same" if verdict.said is Said.ACCEPTED else "guess-other"
        guessed = cause_label(verdict.guess)
        return told(code, by=by, cause=guessed, percent=sure(verdict.probability)) + comment

    # what next

    def accepting(self, facts: Mapping[str, Any]) -> str:
        """What accepting the guess leads to."""
        cause, share = cause_label(str(facts["cause"])), sure(int(facts["probability"]))
        return told(f"accept-{facts['adjustment']}", cause=cause, percent=share)

    def closing(self, facts: Mapping[str, Any]) -> str:
        """Closing a transient as what it is guessed to be."""
        cause, share = cause_label(str(facts["cause"])), sure(int(facts["probability"]))
        return told("close-as", cause=cause, percent=share)

    # the guard

    def too_much(self, found: Sequence[TooMuch], adjustment: int, unit: str, decimals: int = 0) -> list[str]:
        """What adjusting now leaves too much, a sentence for each hypothesis that speaks against it."""
        form = self._form
        lines = []
        for one in found:
            code = "too-much-once" if one.since is None else "too-much-from"
            if one.since is not None and form.is_late(one.since):
                code = "too-much-now"
            lines.append(
                told(
                    code,
                    cause=cause_label(one.cause),
                    percent=sure(one.probability),
                    adjustment=form.quantity(adjustment, unit, decimals, sign=True),
                    quantity=form.quantity(one.quantity, unit, decimals),
                    since=form.when(one.since),
                )
            )
        return lines

    # facts

    def _amount(self, micro: int, view: CaseView) -> str:
        return self._form.quantity(micro, view.key.unit)

    def _speaker(self, unit: str) -> Any:
        form = self._form

        def speak(name: str, value: Any) -> str:
            if value is None:
                return "–"
            if isinstance(value, int) and name.endswith("quantity"):
                return form.quantity(value, unit)
            if isinstance(value, int) and name.endswith("_at"):
                return f"{form.date(value)} {form.time(value)}"
            if isinstance(value, int) and name.endswith("_span"):
                return span(value)
            return str(value)

        return speak
