"""What measuring adds to the judged strength of a trace.

A fingerprint's strength is a judgement of how warehouses fail. How often the same trace is there by chance,
without its cause, is no matter of judgement: it was measured on ledgers with known faults, simulated and
written by others, as one correction for each cause and kind of trace.
``tests/benchmarks/measure_weights.py`` says how and makes the table anew; the seeds it learns from are not
those that ``bench_diagnosis`` judges by.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from zeroline.domain.cause import UNDETERMINED
from zeroline.domain.diagnosis.hypothesis import Finding
from zeroline.domain.diagnosis.neighbourhood import Neighbourhood

MEASURED: Final[Mapping[tuple[str, str], float]] = MappingProxyType(
    {
        ("C1", "counted-too-little"): 0.4, ("C2", "counted-between"): 1.1, ("C3", "counted-too-little"): 0.9,
        ("K1", "confirmed-on-this"): 0.4, ("K1", "left-without-pick"): 0.8, ("K1", "no-second-record"): -0.8,
        ("K1", "other-item-short"): -1.0, ("K1", "picked"): 0.5, ("K2", "booked-here"): -0.6,
        ("K2", "confirmed-here"): -0.9, ("K2", "confirmed-this-lot"): -1.5, ("K2", "took-as-much"): 1.1,
        ("K3", "less-is-missing"): 0.3, ("K3", "picked"): 0.2, ("K4", "never-shipped"): 0.7,
        ("K4", "order-open-past-due"): 0.8, ("K5", "confirmed-again"): 1.0, ("K5", "taken-again"): 1.0,
        ("L1", "scrapped"): 0.7, ("L3", "old-lot"): 1.0, ("L5", "counted-less"): 0.3,
        ("M1", "corrected-there"): 0.7, ("M1", "found-here"): 1.3, ("M1", "never-there-before"): 0.9,
        ("M2", "had-it"): -0.5, ("M2", "had-it-in-the-book"): -0.2, ("M2", "open-transfer"): 0.7,
        ("M2", "piled-up-there"): 0.5, ("M3", "booked-elsewhere"): -0.9, ("M4", "booked-as"): 1.4,
        ("N1", "return-not-booked"): -0.2, ("N2", "returned-as"): 0.7, ("P1", "used-before"): 1.5,
        ("P2", "output-missing"): -0.5, ("P3", "reported-again"): 0.6, ("P4", "used-though-none"): 0.3,
        ("R1", "booked-in"): -0.4, ("R1", "booked-in-part"): 0.9, ("R2", "ordered-this-item"): 0.3,
        ("R3", "received-elsewhere"): -1.2, ("R4", "part-past-due"): -0.7, ("R4", "put-away-alone"): -0.7,
        ("R5", "booked-again"): 2.0, ("S1", "never-arrived"): -0.9, ("S1", "point-shifted"): 0.8,
        ("S1", "wrong-sign"): 0.9, ("S2", "delivered-again"): 2.0, ("S3", "forced"): 0.8,
        ("S3", "forced-before"): 0.6, ("S4", "carried-over"): -0.7, ("S4", "only-carried-over"): -1.4,
        ("T1", "came-on-top"): 0.2, ("T1", "recorded-late"): 0.5, ("T2", "recorded-after"): 0.2,
        ("T3", "never-arrived"): 0.6, ("T4", "supplied-late"): 0.2, ("T5", "back-dated"): 1.7,
        ("T5", "taken-back"): 1.4, ("T6", "recorded-late"): 1.6, ("U1", "booked-in-larger-unit"): 0.7,
        ("U1", "booked-in-smaller-unit"): 0.8, ("U1", "brought-more"): -0.4,
        ("U1", "keyed-in-larger-unit"): -1.5, ("U2", "came-in-cases"): -0.4, ("U2", "converted-by"): 1.9,
        ("U2", "ordered"): 0.3, ("U2", "short-since-cases"): 1.4, ("U3", "ordered-this-item"): 0.8,
        ("U4", "takes-more"): 1.1, ("U4", "took-more"): 0.4, ("U5", "nearly-this-lot"): -1.1,
        ("Z0", "counted"): 1.2, ("Z0", "found-more"): 1.4, ("Z0", "not-counted"): 0.5,
    }
)  # fmt: skip
"""What to add to a strength (natural logarithm of a likelihood ratio), by cause and the code of the leading
evidence; nothing where there is no entry."""


def corrected(finding: Finding) -> float:
    """The strength of a finding as judged and measured."""
    code = finding.evidence[0].code if finding.evidence else ""
    return finding.strength + MEASURED.get((finding.cause, code), 0.0)


def unexplained(n: Neighbourhood) -> float:
    """The strength of 'not enough to say', which nothing speaks for."""
    return MEASURED.get(nothing_known(n), 0.0)


def nothing_known(n: Neighbourhood) -> tuple[str, str]:
    """The entry for 'not enough to say'. A count tells how much is missing, so that what fits by chance is
    rarer after one. Where less was found than the book has, unexplained loss (L5) is the name of what leaves
    no trace: no shortage without a cause was there to measure by, and there is no entry."""
    if n.is_episode:
        return UNDETERMINED, "counted" if n.exact else "not-counted"
    return UNDETERMINED, "found-more" if n.low else "found-less"
