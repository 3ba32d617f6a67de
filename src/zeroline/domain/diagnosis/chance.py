"""How likely something is by chance alone: exact tails, and the correction for having looked many times."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, fsum, lgamma, log

NEVER = float("-inf")


def hypergeometric_tail(k: int, n: int, m: int, total: int) -> float:
    """ln P(X ≥ k) when n of ``total`` are drawn of which m are marked: Fisher's exact test, one-sided.

    Exact but for the rounding of logarithms (about 10⁻⁹ of the answer); 0.0 for k below anything possible.
    """
    least, most = max(0, n + m - total), min(n, m)
    if k <= least:
        return 0.0
    if k > most:
        return NEVER
    whole = _choose(total, n)
    terms = [_choose(m, hit) + _choose(total - m, n - hit) - whole for hit in range(k, most + 1)]
    highest = max(terms)
    return min(0.0, highest + log(fsum(exp(term - highest) for term in terms)))


def _choose(total: int, some: int) -> float:
    """ln of 'total over some'."""
    return lgamma(total + 1) - lgamma(some + 1) - lgamma(total - some + 1)


def benjamini_hochberg(logs: Sequence[float], comparisons: int) -> list[float]:
    """Corrected p (0 to 1) of each ln p, when ``comparisons`` were made in all; those not given had p = 1.

    What is kept at a level has, on average, no more than that share of false discoveries.
    """
    order = sorted(range(len(logs)), key=logs.__getitem__)
    corrected = [1.0] * len(logs)
    best = 1.0
    for rank in range(len(order), 0, -1):
        best = min(best, exp(min(0.0, logs[order[rank - 1]] + log(max(1, comparisons) / rank))))
        corrected[order[rank - 1]] = best
    return corrected
