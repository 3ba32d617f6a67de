"""The words of each queue: its title, what may group it, and what it says when it is empty."""

from __future__ import annotations

from collections.abc import Mapping

from zeroline.domain.case import Queue

TITLES: Mapping[Queue, str] = {
    Queue.NEGATIVE: "Negative on hand",
    Queue.TRANSIENT: "Transient negatives",
    Queue.REPEAT: "Repeat discrepancy",
    Queue.OVERRIDE: "Overrides",
    Queue.SELF_CHECK: "Self-check",
    Queue.COUNTS_DUE: "Counts due",
}

EMPTY: Mapping[Queue, tuple[str, str]] = {
    Queue.NEGATIVE: (
        "Nothing is below zero",
        "Import the newest movements (Ctrl+0) to be sure, or look at what is due to be counted (Ctrl+6).",
    ),
    Queue.TRANSIENT: (
        "Nothing was posted in the wrong order",
        "When a receipt is posted after its issue, the pattern shows here and can be closed as one.",
    ),
    Queue.REPEAT: (
        "No place comes back again and again",
        "A place shows here after two counts out of tolerance or two times below zero in 90 days.",
    ),
    Queue.OVERRIDE: (
        "Nobody forced a movement below zero",
        "Movements that the source marks as forced show here, with who did it.",
    ),
    Queue.SELF_CHECK: (
        "Every stored balance agrees with its movements",
        "Import stored balances of a source (Ctrl+0) to compare them with the sum of its movements.",
    ),
    Queue.COUNTS_DUE: (
        "No count is due",
        "The policy says how often each class is counted; all of it has been done.",
    ),
}

GROUPS: Mapping[Queue, tuple[str, ...]] = {
    Queue.NEGATIVE: (
        "guess",
        "cause",
        "owner",
        "state",
        "level",
        "zone",
        "warehouse",
        "site",
        "item",
        "user",
    ),
    Queue.TRANSIENT: ("pattern", "guess", "cause", "owner", "zone", "site", "item", "user"),
    Queue.REPEAT: ("guess", "cause", "owner", "state", "zone", "site", "item"),
    Queue.OVERRIDE: ("user", "cause", "owner", "zone", "site", "item"),
    Queue.SELF_CHECK: ("source", "cause", "owner", "zone", "site", "item"),
    Queue.COUNTS_DUE: ("zone", "warehouse", "site", "abc_class", "item_class"),
}

FIRST_GROUP: Mapping[Queue, str] = {Queue.TRANSIENT: "pattern"}
"""How a queue is grouped before somebody chooses."""
