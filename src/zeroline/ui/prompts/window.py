"""The questions as real dialogs over the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from zeroline.ui.prompts import Choice, Done
from zeroline.ui.theme import Theme

if TYPE_CHECKING:
    from PySide6.QtWidgets import QFileDialog, QPlainTextEdit


class WindowPrompts:
    """Asks in real dialogs, which are imported with the first question."""

    def __init__(self) -> None:
        self._open: list[QDialog] = []

    def _show(self, dialog: QDialog, accepted: Done, rejected: Done | None) -> None:
        self._open.append(dialog)

        def finished(result: int) -> None:
            if dialog not in self._open:
                return  # a double click answers once
            self._open.remove(dialog)
            if result == QDialog.DialogCode.Accepted:
                accepted()
            elif rejected is not None:
                rejected()

        dialog.finished.connect(finished)
        dialog.open()

    def close_all(self) -> None:
        for dialog in list(self._open):
            dialog.reject()

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
        from zeroline.ui.prompts.question import Question

        self._show(Question(parent, title, text, action, final=final), accepted, rejected)

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
        from PySide6.QtWidgets import QListWidget, QListWidgetItem

        from zeroline.ui.prompts.question import Question

        dialog = Question(parent, title, text, action)
        listed = QListWidget()
        listed.setAccessibleName(title)
        for choice in choices:
            item = QListWidgetItem(choice.label + (f"\n{choice.explanation}" if choice.explanation else ""))
            listed.addItem(item)
        listed.setCurrentRow(0)
        listed.itemDoubleClicked.connect(lambda _: dialog.accept())
        dialog.put(listed)
        self._show(dialog, lambda: accepted(choices[listed.currentRow()].value), rejected)

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
        from PySide6.QtWidgets import QPlainTextEdit

        from zeroline.ui.prompts.question import Question

        dialog = Question(parent, title, text, action, typed=lines > 1)
        field: QLineEdit | QPlainTextEdit
        if lines > 1:
            field = QPlainTextEdit(initial)
            field.setTabChangesFocus(True)
            field.setFixedHeight(lines * 20 + 16)
        else:
            field = QLineEdit(initial)
            field.selectAll()
        field.setAccessibleName(text)
        dialog.put(field)

        def typed() -> str:
            return (field.text() if isinstance(field, QLineEdit) else field.toPlainText()).strip()

        def look() -> None:
            dialog.yes.setEnabled(bool(typed()) or not required)
            dialog.say_wrong("")

        field.textChanged.connect(look)
        if check is not None:
            dialog.check = lambda: check(typed())
        look()
        self._show(dialog, lambda: accepted(typed()), rejected)

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
        from zeroline.ui.prompts.question import Question

        dialog = Question(parent, title, text, action)
        field = QLineEdit()
        field.setEchoMode(QLineEdit.EchoMode.Password)
        field.setAccessibleName("Your password")
        field.setPlaceholderText("Your password")
        field.addAction(Theme.active().icon("lock", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        field.textChanged.connect(lambda typed: dialog.yes.setEnabled(bool(typed)))
        dialog.yes.setEnabled(False)
        dialog.put(field)
        self._show(dialog, lambda: accepted(field.text()), rejected)

    def open_file(
        self,
        parent: QWidget,
        title: str,
        kinds: str,
        *,
        accepted: Callable[[Path], None],
        rejected: Done | None = None,
    ) -> None:
        from PySide6.QtWidgets import QFileDialog

        dialog = self._files(parent, title, kinds)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        self._show(dialog, lambda: accepted(Path(dialog.selectedFiles()[0])), rejected)

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
        from PySide6.QtWidgets import QFileDialog

        dialog = self._files(parent, title, kinds)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(Path(suggested).suffix.removeprefix("."))
        dialog.selectFile(suggested)
        self._show(dialog, lambda: accepted(_with_suffix(dialog)), rejected)

    @staticmethod
    def _files(parent: QWidget, title: str, kinds: str) -> QFileDialog:
        from PySide6.QtWidgets import QFileDialog

        dialog = QFileDialog(parent, title)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setNameFilter(kinds)
        return dialog


def _with_suffix(dialog: QFileDialog) -> Path:
    """The file that was named, with the ending of the kind that was chosen when it has none of its own."""
    chosen = Path(dialog.selectedFiles()[0])
    kinds = dialog.selectedNameFilter()
    ending = kinds.partition("*")[2].partition(")")[0].split()[0] if "*." in kinds else ""
    known = [f"*{chosen.suffix.lower()}" in filter for filter in dialog.nameFilters()]
    return chosen if any(known) and chosen.suffix else chosen.with_name(chosen.name + ending)
