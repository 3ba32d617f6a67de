"""Questions answered by a script instead of a person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from zeroline.ui.prompts import Choice, Done


@dataclass
class ScriptedPrompts:
    """Answers from a list, in order: True or False to confirm, a value, a text or a Path otherwise.

    None refuses. ``asked`` keeps (kind, title, text) of every question. An unexpected question fails.
    """

    answers: list[Any] = field(default_factory=list)
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    def _answer(
        self,
        kind: str,
        title: str,
        text: str,
        accepted: Callable[[Any], None],
        rejected: Done | None,
        check: Callable[[str], str | None] | None = None,
    ) -> None:
        self.asked.append((kind, title, text))
        if not self.answers:
            raise AssertionError(f"nobody expected the question '{title}': {text}")
        answer = self.answers.pop(0)
        while check is not None and answer is not None and check(answer):
            self.asked.append(("wrong", title, str(check(answer))))
            answer = self.answers.pop(0)
        if answer is None or answer is False:
            if rejected is not None:
                rejected()
        else:
            accepted(answer)

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
        self._answer("confirm", title, text, lambda _: accepted(), rejected)

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
        self._answer("choose", title, text, accepted, rejected)

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
        self._answer("text", title, text, accepted, rejected, check)

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
        self._answer("secret", title, text, accepted, rejected)

    def open_file(
        self,
        parent: QWidget,
        title: str,
        kinds: str,
        *,
        accepted: Callable[[Path], None],
        rejected: Done | None = None,
    ) -> None:
        self._answer("open", title, kinds, accepted, rejected)

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
        self._answer("save", title, suggested or kinds, accepted, rejected)

    def close_all(self) -> None:
        self.asked.append(("close all", "", ""))
