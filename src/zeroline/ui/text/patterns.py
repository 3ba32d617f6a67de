"""Patterns in sentences: what is shared, how usual that is, how it was tested, what else is shared."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, log10

from zeroline.domain import instant
from zeroline.domain.cause import CATALOGUE, UNDETERMINED, AdjustmentRight
from zeroline.domain.diagnosis.patterns import Cluster, Feature
from zeroline.domain.views.patterns import PatternCase
from zeroline.ui.text.format import NO_BREAK, Format
from zeroline.ui.text.phrase import counted
from zeroline.wording import cause_label

_POWERS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

_SHARED = {
    "user": "were posted by {}",
    "shift": "happened in the {} shift",
    "document type": "have {} documents",
    "source": "were told by {}",
    "item class": "are of item class {}",
    "zone": "touched zone {}",
    "aisle": "touched aisle {}",
    "weekday": "happened on a {}",
    "unit": "were entered in {}",
    "site": "were at site {}",
}
_PARTNER = {
    "receipt": "came from {}",
    "customer return": "came back from {}",
    "supplier return": "went to {}",
}
_OUTGOING = ("pick", "shipment")
_PLURALS = {
    "transfer out": "transfers out",
    "transfer in": "transfers in",
    "scrap": "scrap postings",
    "opening": "openings",
}


def acts(kind: str, number: int = 2) -> str:
    """'receipts', '1 transfer in' without its number."""
    return kind if number == 1 else _PLURALS.get(kind, f"{kind}s")


def chance(p: float) -> str:
    """'0.004', '2 × 10⁻⁷': a probability with one figure that says its size."""
    if p <= 0:
        return "0"
    power = floor(log10(p))
    figure = round(p / 10.0**power) if power > -300 else 1
    if figure == 10:
        figure, power = 1, power + 1
    if power >= -3:
        return f"{p:.3f}"
    return f"{figure}{NO_BREAK}×{NO_BREAK}10{str(power).translate(_POWERS)}"


class PatternWords:
    """Tells clusters with the numbers of one person's Format."""

    def __init__(self, form: Format) -> None:
        self._form = form

    def shares(self, feature: Feature, kind: str) -> str:
        """'came from ACME', 'happened in the night shift'."""
        if feature.name == "partner":
            told = _PARTNER.get(kind, "went to {}" if kind in _OUTGOING else "are of {}")
            return told.format(feature.value)
        if feature.name == "day":
            return f"happened on {self._form.date(instant.parse(feature.value, self._form.zone))}"
        return _SHARED[feature.name].format(feature.value)

    def all_shares(self, cluster: Cluster) -> str:
        """Both halves of a pair in one breath."""
        return " and ".join(self.shares(feature, cluster.kind) for feature in cluster.features)

    def headline(self, cluster: Cluster) -> str:
        """'11 of 14 receipts came from ACME'."""
        return (
            f"{self._form.count(cluster.shared)} of {self._form.count(cluster.of)} "
            f"{acts(cluster.kind, cluster.of)} {self.all_shares(cluster)}"
        )

    def usual(self, cluster: Cluster) -> str:
        """'12 %': how many of all comparable movements share it."""
        decimals = 0 if cluster.usual * 100 >= cluster.among else 1
        return self._form.percent(cluster.usual, cluster.among, decimals)

    def happened(self, cluster: Cluster) -> str:
        """The sentence of the pattern."""
        if cluster.cause == UNDETERMINED:
            behind = "cases that nothing explains yet"
        else:
            behind = cause_label(cluster.cause)
        count = self._form.count
        return (
            f"{count(cluster.shared)} of the {count(cluster.of)} {acts(cluster.kind, cluster.of)} behind "
            f"{behind} {self.all_shares(cluster)}."
        )

    def compared(self, cluster: Cluster) -> str:
        """How usual it is."""
        count, cases = self._form.count, len(cluster.cases)
        told = (
            f"Of all {count(cluster.among)} {acts(cluster.kind)} of the period {self.usual(cluster)} do "
            f"({count(cluster.usual)})."
        )
        if cases == cluster.shared:
            return told
        return (
            f"{told} A document counts once: these {count(cluster.shared)} are behind {count(cases)} cases."
        )

    def company(self, cluster: Cluster) -> str:
        """What most of them share besides; '' for nothing."""
        if not cluster.company:
            return ""
        told = [
            f"{self._form.count(one.shared)} {self.shares(one.feature, cluster.kind)}"
            for one in cluster.company
        ]
        return f"Of these, {'; '.join(told)}: that goes with it and says nothing more."

    def tested(self, cluster: Cluster) -> str:
        """The test and its numbers."""
        return (
            f"Fisher's exact test, one-sided: p = {chance(cluster.p)}; "
            f"{chance(cluster.corrected)} after correction for "
            f"{self._form.count(cluster.comparisons)} comparisons (Benjamini–Hochberg, 1 % false "
            "discoveries)."
        )

    def tagging(self, cause: str, cases: Sequence[PatternCase]) -> str:
        """What tagging all of these will do, in numbers."""
        fits = [case for case in cases if case.taggable and not (case.tagged and case.cause == cause)]
        already = sum(case.tagged and case.cause == cause for case in cases)
        other = sum(case.tagged for case in fits)
        fixed = len(cases) - len(fits) - already
        told = [f"{counted(len(fits), 'case gets', 'cases get')} the cause {cause_label(cause)}."]
        if other:
            told.append(
                f"{counted(other, 'of them has', 'of them have')} another cause now, which is replaced."
            )
        if already:
            told.append(f"{counted(already, 'case has', 'cases have')} it already.")
        if fixed:
            stay = counted(fixed, "case stays as it is", "cases stay as they are")
            told.append(f"{stay}: closed, or a correction rests on the cause.")
        if CATALOGUE[cause].adjustment_right is AdjustmentRight.NO:
            told.append("This cause wants no adjustment: the late document brings it right.")
        return " ".join(told)
