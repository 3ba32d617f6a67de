"""What the cases of a period share beyond chance: 'eleven of the fourteen late receipts came through dock 3'.

Cases of one cause are compared with all movements of the kind that is to blame. One act (a document) counts
once for each value of a feature, so that the twenty lines of one late receipt are one late receipt. For every
value, and every pair of values of two features, the one-sided exact test of Fisher (the hypergeometric tail)
says how likely so many would be by chance. Which comparisons are made depends only on how many cases and how
many movements there are, never on how they fall together; all of them, pairs too, are corrected for together
(Benjamini and Hochberg).

A pair stands only if each half says something that the other does not; a single day is never half of one.
What is left once the stronger patterns' movements are taken away must still stand by itself, else it is
named as their company.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from math import exp, log
from typing import NamedTuple

import numpy as np

from zeroline.domain.diagnosis.chance import benjamini_hochberg, hypergeometric_tail
from zeroline.domain.diagnosis.postings import FEATURES, Ints, Mask, Postings

LEVEL = 0.01
"""Share of false discoveries that is put up with."""

LEAST = 4
"""A pattern has at least so many cases."""

COMPANY = 3
"""At most so many further features are named with a pattern, each shared by four in five of its cases."""

_RECURRING = {"weekday", "shift"}
_DATES = 3  # what is said to recur has been seen on so many dates

_MOST_COMPANY_MISSES = 5  # one in so many cases may lack it


class Blame(NamedTuple):
    """A case, its leading cause, and the movement that is to blame (seq)."""

    case: int
    cause: str
    seq: int


class Feature(NamedTuple):
    """One value of one of FEATURES."""

    name: str
    value: str


class Company(NamedTuple):
    """A further feature that ``shared`` of a pattern's acts have as well."""

    feature: Feature
    shared: int


@dataclass(frozen=True, slots=True)
class Cluster:
    """``shared`` of the ``of`` acts of a kind behind the cases of a cause have the features, while ``usual``
    of all ``among`` have them.

    ``p`` of Fisher's exact test, ``corrected`` for ``comparisons``; ``cases`` are those that share it.
    """

    cause: str
    kind: str
    features: tuple[Feature, ...]
    shared: int
    of: int
    usual: int
    among: int
    p: float
    corrected: float
    comparisons: int
    cases: tuple[int, ...]
    company: tuple[Company, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, strongest first; ``comparisons`` made; ``compared``: cases that were looked at."""

    clusters: tuple[Cluster, ...]
    comparisons: int
    compared: int


@dataclass(frozen=True, slots=True, eq=False)
class _Column:
    """One feature, or two at once, of the movements of one kind: a code a row. ``known``: by code, whether it
    says anything."""

    names: tuple[str, ...]
    codes: Ints
    values: tuple[tuple[str, ...], ...]
    known: Mask


@dataclass(frozen=True, slots=True, eq=False)
class _Candidate:
    column: _Column
    code: int
    tally: tuple[int, int, int, int]
    log_p: float
    corrected: float = 1.0

    @property
    def features(self) -> tuple[Feature, ...]:
        return tuple(map(Feature, self.column.names, self.column.values[self.code]))


@dataclass(slots=True)
class _Family:
    """The cases of one cause that one kind of movement is to blame for."""

    cause: str
    kind: str
    blamed: Ints  # rows within the kind's, one a case
    cases: tuple[int, ...]
    candidates: list[_Candidate] = field(default_factory=list)


def find_patterns(
    postings: Postings, blames: Iterable[Blame], *, level: float = LEVEL, least: int = LEAST
) -> Found:
    """The clusters of a period: ``postings`` are its movements, those to blame among them."""
    comparisons, compared = 0, 0
    families: list[tuple[_Kind, _Family]] = []
    for kind, own in _families(postings, blames):
        crowd = _Kind(postings, kind)
        for family in own:
            family.blamed = crowd.within(family.blamed)
            compared += len(family.cases)
            comparisons += crowd.compare(family, least)
            families.append((crowd, family))
    everyone = [(crowd, family, one) for crowd, family in families for one in family.candidates]
    corrected = benjamini_hochberg([one.log_p for _, _, one in everyone], comparisons)
    kept: dict[int, list[_Candidate]] = defaultdict(list)
    for (_, family, one), q in zip(everyone, corrected, strict=True):
        if q <= level:
            kept[id(family)].append(replace(one, corrected=q))
    clusters = [
        cluster
        for crowd, family in families
        for cluster in crowd.clusters(family, kept[id(family)], comparisons, level, least)
    ]
    clusters.sort(key=lambda one: (one.p, -one.shared, one.cause, one.features))
    return Found(tuple(clusters), comparisons, compared)


def _families(postings: Postings, blames: Iterable[Blame]) -> Iterator[tuple[str, list[_Family]]]:
    """By kind of the movement to blame: cases of each cause."""
    given = sorted(set(blames))
    rows = postings.places([blame.seq for blame in given]).tolist()
    by_kind: dict[str, dict[str, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    for blame, row in zip(given, rows, strict=True):
        if row >= 0:
            by_kind[postings.kind.at(row)][blame.cause].append((blame.case, row))
    for kind in sorted(by_kind):
        yield (
            kind,
            [
                _Family(cause, kind, np.array([r for _, r in own], dtype=np.int64), tuple(c for c, _ in own))
                for cause, own in sorted(by_kind[kind].items())
            ],
        )


class _Kind:
    """All movements of one kind, with their features."""

    def __init__(self, postings: Postings, kind: str) -> None:
        self.rows = np.flatnonzero(postings.kind.codes == postings.kind.values.index(kind))
        self.acts = postings.unit_of_posting[self.rows]
        single = [_single(postings, name, self.rows) for name in FEATURES]
        self.singles = [column for column in single if column.known.sum() > 0 and len(column.values) > 1]
        self.pairs = [
            pair
            for one, other in combinations([one for one in self.singles if one.names != ("day",)], 2)
            if (pair := _paired(one, other)) is not None
        ]
        self.days = postings.features["day"].codes[self.rows]
        self._all = np.ones(len(self.rows), dtype=np.bool_)
        self._usual: dict[tuple[str, ...], Ints] = {}

    def within(self, rows: Ints) -> Ints:
        """Places among the rows of the kind."""
        return np.searchsorted(self.rows, rows)

    def marks(self, column: _Column, rows: Mask | Ints) -> Ints:
        """How many acts have each value: one act counts once for each."""
        size = len(column.values)
        distinct = np.unique(self.acts[rows] * size + column.codes[rows])
        return np.bincount(distinct % size, minlength=size)

    def usual(self, column: _Column) -> Ints:
        """The marks of all movements of the kind, counted once."""
        if column.names not in self._usual:
            self._usual[column.names] = self.marks(column, self._all)
        return self._usual[column.names]

    def compare(self, family: _Family, least: int) -> int:
        """Test every value that could become a pattern; answers how many were compared."""
        made = 0
        for column in (*self.singles, *self.pairs):
            usual = self.usual(column)
            shared = self.marks(column, family.blamed)
            of, among = int(shared.sum()), int(usual.sum())
            if of < least:
                continue
            tested = column.known & (usual >= least) & (usual < among)
            made += int(tested.sum())
            for code in np.flatnonzero(tested & (shared >= least)).tolist():
                tally = (int(shared[code]), of, int(usual[code]), among)
                if tally[0] * among > of * tally[2]:
                    family.candidates.append(_Candidate(column, code, tally, hypergeometric_tail(*tally)))
        return made

    # --- what stands

    def clusters(
        self, family: _Family, kept: Sequence[_Candidate], comparisons: int, level: float, least: int
    ) -> list[Cluster]:
        """The candidates that say something of their own, with those that only keep them company."""
        ordered = sorted(
            (one for one in kept if len(one.column.names) == 1 or self._sharper(family, one, kept, level)),
            key=lambda one: (one.log_p, len(one.column.names), tuple(map(FEATURES.index, one.column.names))),
        )
        left = self._all.copy()
        made: list[Cluster] = []
        stand: list[_Candidate] = []
        rest: list[_Candidate] = []
        for one in ordered:
            if self._stands(family, one, left, level, least):
                stand.append(one)
                left &= one.column.codes != one.code
            elif len(one.column.names) == 1:
                rest.append(one)
        for one in stand:
            hit = family.blamed[one.column.codes[family.blamed] == one.code]
            made.append(
                Cluster(
                    family.cause,
                    family.kind,
                    one.features,
                    *one.tally,
                    exp(one.log_p),
                    one.corrected,
                    comparisons,
                    tuple(
                        case
                        for case, row in zip(family.cases, family.blamed.tolist(), strict=True)
                        if one.column.codes[row] == one.code
                    ),
                    self._company(one, hit, rest),
                )
            )
        return made

    def _sharper(self, family: _Family, pair: _Candidate, kept: Sequence[_Candidate], level: float) -> bool:
        """Whether a pair is less likely than each half alone, and each half adds to the other."""
        halves = {Feature(*feature) for feature in pair.features}
        alone = [one.log_p for one in kept if len(one.column.names) == 1 and one.features[0] in halves]
        if any(pair.log_p >= log_p for log_p in alone):
            return False
        usual, shared = self.usual(pair.column), self.marks(pair.column, family.blamed)
        for half in (0, 1):
            same = np.array(
                [value[half] == pair.column.values[pair.code][half] for value in pair.column.values]
            )
            tally = (pair.tally[0], int(shared[same].sum()), pair.tally[2], int(usual[same].sum()))
            if hypergeometric_tail(*tally) > log(level):
                return False
        return True

    def _stands(self, family: _Family, one: _Candidate, left: Mask, level: float, least: int) -> bool:
        """Whether it would still be a pattern without the movements of the stronger ones."""
        usual = self.marks(one.column, left)
        shared = self.marks(one.column, family.blamed[left[family.blamed]])
        k = int(shared[one.code])
        if k < least or (_RECURRING & set(one.column.names) and self._dates(family, one, left) < _DATES):
            return False
        return hypergeometric_tail(k, int(shared.sum()), int(usual[one.code]), int(usual.sum())) <= log(level)

    def _dates(self, family: _Family, one: _Candidate, left: Mask) -> int:
        """On how many dates it happened: two Mondays are no weekday."""
        rows = family.blamed[left[family.blamed]]
        return len(np.unique(self.days[rows[one.column.codes[rows] == one.code]]))

    def _company(self, one: _Candidate, hit: Ints, rest: Sequence[_Candidate]) -> tuple[Company, ...]:
        own = len(np.unique(self.acts[hit]))
        on_a_day = one.column.names == ("day",)
        found: list[Company] = []
        for other in rest:
            if other.features[0] in one.features or (_RECURRING & {other.features[0].name} and on_a_day):
                continue
            also = len(np.unique(self.acts[hit[other.column.codes[hit] == other.code]]))
            if (own - also) * _MOST_COMPANY_MISSES <= own:
                found.append(Company(other.features[0], also))
        return tuple(found[:COMPANY])


def _single(postings: Postings, name: str, rows: Ints) -> _Column:
    words = postings.features[name]
    used, codes = np.unique(words.codes[rows], return_inverse=True)
    values = tuple((words.values[code],) for code in used.tolist())
    return _Column(
        (name,),
        codes.astype(np.int64),
        values,
        np.array([bool(value[0]) for value in values], dtype=np.bool_),
    )


def _paired(one: _Column, other: _Column) -> _Column | None:
    """Both features at once; None where one of them says all that both say."""
    size = len(other.values)
    used, codes = np.unique(one.codes * size + other.codes, return_inverse=True)
    if len(used) in (len(one.values), len(other.values)):
        return None
    values = tuple((*one.values[code // size], *other.values[code % size]) for code in used.tolist())
    return _Column(
        (*one.names, *other.names),
        codes.astype(np.int64),
        values,
        np.array([all(value) for value in values], dtype=np.bool_),
    )
