"""What a write touched, so that every visible screen can decide whether to reload."""

from __future__ import annotations

from dataclasses import dataclass, fields

_NONE: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Changes:
    """Ids of what one committed write touched; every field is a set of record ids of that kind."""

    ledger: frozenset[int] = _NONE  # stock key ids whose movements, balance or episodes changed
    cases: frozenset[int] = _NONE
    counts: frozenset[int] = _NONE  # count sheet ids
    adjustments: frozenset[int] = _NONE
    people: frozenset[int] = _NONE
    policy: frozenset[int] = _NONE  # policy versions
    imports: frozenset[int] = _NONE
    views: frozenset[int] = _NONE  # saved filters
    everything: bool = False  # an import or restore touched too much to list

    def __or__(self, other: Changes) -> Changes:
        return Changes(**{f.name: getattr(self, f.name) | getattr(other, f.name) for f in fields(self)})

    def __bool__(self) -> bool:
        return any(getattr(self, f.name) for f in fields(self))
