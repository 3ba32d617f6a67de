"""A field for a quantity as it is spoken on the floor: 12, 2.5, 3cs+4; it says what it makes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from zeroline.domain.errors import DomainError
from zeroline.ui.theme import GRID, Size, Tone, sized, tone
from zeroline.wording import sentence

Parse = Callable[[str], int]
"""Typed text to micro-units of the base unit; raises DomainError for what it cannot be."""
Explain = Callable[[int], str]
"""Micro-units to what people read, with the unit."""


class QuantityEdit(QWidget):
    """``entered(micro)`` on Enter when the text is a quantity; ``changed()`` on every keystroke.

    ``parse`` turns the typed text into micro-units (the units of the item are its business), ``explain``
    writes the result under the field. What is wrong is said there too, once Enter was pressed or the text
    can no longer become right by typing on.
    """

    entered = Signal(object)
    changed = Signal()

    def __init__(
        self,
        parse: Parse,
        explain: Explain,
        name: str = "Quantity",
        size: Size = Size.BODY,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._parse, self._explain = parse, explain
        self.field = _Field(self)
        self.field.setAccessibleName(name)
        if size is not Size.BODY:
            font = self.field.font()
            font.setPixelSize(int(size))
            self.field.setFont(font)
            self.field.setStyleSheet(f"font-size: {int(size)}px;")
        self.makes = QLabel()
        sized(self.makes, Size.LARGE if size is Size.DISPLAY else Size.SMALL)
        self.makes.setAccessibleName("What the quantity makes")
        self.makes.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self.field)
        column.addWidget(self.makes)
        self.setFocusProxy(self.field)
        self.field.textEdited.connect(self._typed)
        self.field.returnPressed.connect(self._enter)

    def use(self, parse: Parse, explain: Explain) -> None:
        """Another item: other units."""
        self._parse, self._explain = parse, explain
        self._typed()

    def text(self) -> str:
        """As it was typed; kept with the count."""
        return self.field.text().strip()

    def set_text(self, text: str) -> None:
        self.field.setText(text)
        self._typed()

    def clear(self) -> None:
        self.set_text("")

    def value(self) -> int | None:
        """Micro-units, None while the text is not a quantity."""
        try:
            return self._parse(self.text())
        except DomainError:
            return None

    def say_wrong(self, words: str) -> None:
        """Why this quantity was refused; what was typed stays."""
        self._mark(True)
        tone(self.makes, Tone.NEGATIVE)
        self.makes.setText(words)

    def _mark(self, wrong: bool) -> None:
        if bool(self.field.property("wrong")) != wrong:
            self.field.setProperty("wrong", wrong)
            self.field.style().unpolish(self.field)
            self.field.style().polish(self.field)

    def _typed(self) -> None:
        self._mark(False)
        value = self.value()
        tone(self.makes, Tone.MUTED)
        self.makes.setText("" if value is None else f"= {self._explain(value)}")
        self.changed.emit()

    def _enter(self) -> None:
        try:
            value = self._parse(self.text())
        except DomainError as error:
            self.say_wrong(sentence(error))
            self.field.selectAll()
        else:
            self.entered.emit(value)


class _Field(QLineEdit):
    """Escape takes back what was typed since the field was entered, and never leaves the screen with it."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.isModified() and self.text():
            while self.isUndoAvailable():
                self.undo()
            self.textEdited.emit(self.text())
            return
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
