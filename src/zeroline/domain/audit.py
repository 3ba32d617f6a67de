"""The audit chain: each entry's SHA-256 covers its own canonical text and the hash before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

GENESIS = "0" * 64
SHORTEST_HEAD = 16
"""Hexadecimal digits of a hash that say which one is meant: nobody makes another entry that shares them."""


def canonical(value: Mapping[str, Any] | list[Any]) -> str:
    """JSON with sorted keys, no blanks and no NaN: one text for one value."""
    return json.dumps(
        value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_refuse
    )


def _refuse(value: object) -> object:
    if isinstance(value, frozenset | set):
        return sorted(value)
    raise TypeError(f"no canonical text for {type(value).__name__}")


class AuditEntry(NamedTuple):
    """One thing somebody did. ``facts`` is canonical JSON; ``person_id`` 0 is the program itself."""

    seq: int
    at: int
    person_id: int
    action: str
    subject: str
    facts: str
    previous: str
    hash: str


def entry_hash(
    seq: int, at: int, person_id: int, action: str, subject: str, facts: str, previous: str
) -> str:
    """SHA-256 (hex) over the six parts and the previous hash, one JSON list, UTF-8."""
    text = canonical([previous, seq, at, person_id, action, subject, facts])
    return hashlib.sha256(text.encode()).hexdigest()


class Verdict(NamedTuple):
    """Result of walking the chain: how many entries, the head, and the first fault if any.

    ``fault`` is '' or one of: edited, gap, broken link, head not found.
    """

    entries: int
    head: str
    fault: str = ""
    fault_seq: int = 0


def verify(entries: Iterable[AuditEntry], head: str = "") -> Verdict:
    """Walk the whole chain in order; with ``head`` (from paper) also demand that it stands in the chain.

    ``head`` is a hash, or position and hash as ``17:ab12…``; the first SHORTEST_HEAD digits of the hash will
    do, as every page foot has them. The head before any entry counts only with its position ``0:``. Without
    a head from outside, a tail that was cut off cannot be seen.
    """
    position, _, digest = head.rpartition(":")
    previous, count = GENESIS, 0
    long = len(digest) >= SHORTEST_HEAD
    seen = not head or (long and position == "0" and GENESIS.startswith(digest))
    for entry in entries:
        if entry.seq != count + 1:
            return Verdict(count, previous, "gap", entry.seq)
        if entry.previous != previous:
            return Verdict(count, previous, "broken link", entry.seq)
        made = _made(entry)
        if made is None or made != entry.hash:
            return Verdict(count, previous, "edited", entry.seq)
        previous, count = entry.hash, entry.seq
        seen = seen or (long and entry.hash.startswith(digest) and position in ("", str(entry.seq)))
    return Verdict(count, previous) if seen else Verdict(count, previous, "head not found", count)


def _made(entry: AuditEntry) -> str | None:
    try:
        return entry_hash(
            entry.seq,
            entry.at,
            entry.person_id,
            entry.action,
            entry.subject,
            entry.facts,
            entry.previous,
        )
    except (TypeError, ValueError):  # bytes, half a letter: nothing that was ever written by the program
        return None
