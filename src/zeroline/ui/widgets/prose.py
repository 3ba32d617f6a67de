"""Running text of a screen: wrapped, plain, and there to be copied."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from zeroline.ui.theme import Tone, tone


def prose(meaning: Tone = Tone.NORMAL, strong: bool = False, *, name: str = "") -> QLabel:
    """A label for one or more sentences; ``name`` is its accessible name where the text does not say it."""
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    label.setAccessibleName(name)
    if meaning is not Tone.NORMAL:
        tone(label, meaning)
    if strong:
        font = label.font()
        font.setBold(True)
        label.setFont(font)
    return label


def say(label: QLabel, text: str) -> None:
    """Show a text; without one the label takes no room."""
    label.setText(text)
    label.setVisible(bool(text))
