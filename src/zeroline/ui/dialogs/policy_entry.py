"""One entry of the policy, filled in; what contradicts itself is said beside the fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QWidget

from zeroline.domain.errors import DomainError
from zeroline.domain.policy import Policy
from zeroline.ui.desk import Desk
from zeroline.ui.dialogs.form import Form
from zeroline.ui.theme import Tone, tone
from zeroline.wording import sentence


@dataclass(frozen=True)
class EntryField:
    """A field: ``choices`` (value, words) make it a list to choose from."""

    key: str
    label: str
    text: str = ""
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class PolicyEntry:
    """What is edited; ``apply`` makes the policy with the typed texts or raises DomainError."""

    title: str
    fields: Sequence[EntryField]
    apply: Callable[[Mapping[str, str]], Policy]
    explain: str = ""


class PolicyEntryDialog(Form):
    """``chosen`` gets the changed policy; nothing is written before the whole of it is saved."""

    def __init__(
        self, parent: QWidget, desk: Desk, entry: PolicyEntry, chosen: Callable[[Policy], None]
    ) -> None:
        super().__init__(parent, desk, entry.title, "Apply", width=440)
        self._entry, self._chosen = entry, chosen
        self.fields: dict[str, QLineEdit | QComboBox] = {}
        if entry.explain:
            told = QLabel(entry.explain)
            told.setWordWrap(True)
            tone(told, Tone.MUTED)
            self.body.addWidget(told)
        for field in entry.fields:
            made: QLineEdit | QComboBox
            if field.choices:
                made = QComboBox()
                for value, words in field.choices:
                    made.addItem(words, value)
                made.setCurrentIndex(max(0, made.findData(field.text)))
            else:
                made = QLineEdit(field.text)
                made.setPlaceholderText(field.hint)
                made.returnPressed.connect(self._go_if_ready)
            self.fields[field.key] = made
            self.field(field.label, made)
        first = next(iter(self.fields.values()), None)
        if first is not None:
            first.setFocus()

    def texts(self) -> dict[str, str]:
        """What is filled in, by key."""
        return {
            key: str(field.currentData()) if isinstance(field, QComboBox) else field.text().strip()
            for key, field in self.fields.items()
        }

    def go(self) -> None:
        try:
            policy = self._entry.apply(self.texts())
        except DomainError as error:
            self.say_wrong(sentence(error))
            field = self.fields.get(str(error.fields.get("field", "")))
            if field is not None:
                field.setFocus()
            return
        self.accept()
        self._chosen(policy)
