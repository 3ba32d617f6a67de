"""The one door for questions to the person; tests answer them with a script.

Every question opens and returns at once; the answer comes to ``accepted``, a refusal to ``rejected``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from PySide6.QtWidgets import QWidget

Done = Callable[[], None]


class Choice(NamedTuple):
    """One of several answers: what comes back, what it is called, what it means."""

    value: Any
    label: str
    explanation: str = ""


class Prompts(Protocol):
    """Questions a screen can ask. ``parent`` is the widget the question belongs to.

    ``action`` is the verb with its object on the button that says yes ('Post +15'). ``final``: it cannot be
    taken back; then no key but Tab and Space reaches the yes, and a scanner's Enter does nothing.
    """

    def confirm(
        self,
        parent: QWidget,
        title: str,
        text: str,
        *,
        action: str,
        accepted: Done,
        rejected: Done | None = None,
        final: bool = False,
    ) -> None:
        """Yes or no."""

    def choose(
        self,
        parent: QWidget,
        title: str,
        text: str,
        choices: Sequence[Choice],
        *,
        action: str,
        accepted: Callable[[Any], None],
        rejected: Done | None = None,
    ) -> None:
        """One of several."""

    def ask_text(
        self,
        parent: QWidget,
        title: str,
        text: str,
        *,
        action: str,
        accepted: Callable[[str], None],
        rejected: Done | None = None,
        initial: str = "",
        lines: int = 1,
        required: bool = True,
        check: Callable[[str], str | None] | None = None,
    ) -> None:
        """A line or some lines of text; ``check`` answers a sentence when the text will not do."""

    def ask_secret(
        self,
        parent: QWidget,
        title: str,
        text: str,
        *,
        action: str,
        accepted: Callable[[str], None],
        rejected: Done | None = None,
    ) -> None:
        """The person's secret once more; ``text`` says what the signature means."""

    def open_file(
        self,
        parent: QWidget,
        title: str,
        kinds: str,
        *,
        accepted: Callable[[Path], None],
        rejected: Done | None = None,
    ) -> None:
        """An existing file. ``kinds`` as Qt writes them: 'Ledgers (*.csv *.xlsx)'."""

    def save_file(
        self,
        parent: QWidget,
        title: str,
        kinds: str,
        *,
        accepted: Callable[[Path], None],
        rejected: Done | None = None,
        suggested: str = "",
    ) -> None:
        """A file to be written; ``suggested`` is its name."""

    def close_all(self) -> None:
        """Close every open question as refused (the window locks)."""
