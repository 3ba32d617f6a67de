"""What can go wrong in the trade, as values: a stable code and the facts, never a sentence.

The sentences live in ``resources/text/errors.en.toml`` under the same codes and are filled in by
:func:`zeroline.wording.sentence`; a house test holds codes and sentences together.
"""

from __future__ import annotations

from typing import Any


class DomainError(Exception):
    """A rule, an input or a state refused what was asked.

    ``code`` is stable and names one sentence of the catalogue; ``fields`` are the facts that the sentence
    quotes (plain str, int or tuple of these; instants as µs, quantities as micro-units under names ending
    in ``_quantity``, money under names ending in ``_value``, instants under names ending in ``_at``, lengths
    of time in µs under names ending in ``_span``).
    ``field`` in ``fields``, if present, is the input field the person must mend.
    """

    def __init__(self, code: str, /, **fields: Any) -> None:
        super().__init__(code)
        self.code = code
        self.fields = fields

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value!r}" for name, value in sorted(self.fields.items()))
        return f"{self.code}({facts})"


class ChangedMeanwhile(DomainError):
    """Somebody else changed the record since it was shown: reload, keep what was typed, say who."""


class Trouble(Exception):
    """The surroundings failed (file locked, disk full, file damaged, read-only): ``code`` as above."""

    def __init__(self, code: str, /, **fields: Any) -> None:
        super().__init__(code)
        self.code = code
        self.fields = fields


class Cancelled(Exception):
    """The person stopped long work; nothing of it was kept."""


LINE_LOST = frozenset({"connection-lost", "server-starting", "server-full"})
"""Trouble that goes by itself once the server can be reached again."""
