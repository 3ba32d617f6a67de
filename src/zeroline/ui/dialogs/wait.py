"""Wait for the document that brings it right instead of adjusting."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QDateTime, QTimeZone
from PySide6.QtWidgets import QComboBox, QDateTimeEdit, QLabel, QPlainTextEdit, QWidget

from zeroline.domain.instant import DAY, SECOND
from zeroline.domain.views.case import CaseView
from zeroline.ui.desk import Desk
from zeroline.ui.dialogs.form import Form
from zeroline.ui.text.story import Story

Chosen = Callable[["WaitDialog", str, str, int], None]
"""Gets the dialog, the document, the comment and when to look again (µs)."""


class WaitDialog(Form):
    """Which document (the open ones are offered), until when, and a remark."""

    def __init__(self, parent: QWidget, desk: Desk, view: CaseView, chosen: Chosen) -> None:
        super().__init__(parent, desk, "Wait for the document", "Wait for the document")
        self._chosen = chosen
        story = Story(desk.format)
        told = QLabel(f"{story.place(view.key)} stays as it is until the document is posted.")
        told.setWordWrap(True)
        self.body.addWidget(told)
        self.document = QComboBox()
        self.document.setEditable(True)
        open_documents = sorted(view.documents, key=lambda one: (not one.explains, one.due_at or 2**62))
        self._due = {one.number: one.due_at for one in reversed(open_documents)}
        for one in open_documents:
            if self.document.findText(one.number) < 0:
                self.document.addItem(one.number)
        wanted = str(view.next_step.facts.get("document") or "")
        self.document.setCurrentText(wanted or self.document.currentText())
        self.field("Document, or what is missing", self.document)
        self.until = QDateTimeEdit()
        self.until.setCalendarPopup(True)
        self.until.setDisplayFormat("ddd d MMM yyyy HH:mm")
        self._zone = desk.format.zone
        self.until.setTimeZone(QTimeZone(self._zone.key.encode()))
        self.field("Look again at", self.until)
        self.comment = QPlainTextEdit()
        self.comment.setTabChangesFocus(True)
        self.comment.setFixedHeight(52)
        self.field("Remark (optional)", self.comment)
        self._now = desk.services.clock()
        self.document.currentTextChanged.connect(lambda _: self._look())
        self.document.activated.connect(lambda _: self._take_due())
        self._take_due()
        self._look()

    def _take_due(self) -> None:
        """The document's own due time when it is still to come, else tomorrow."""
        due = self._due.get(self.document.currentText())
        at = due if due is not None and due > self._now else self._now + DAY
        zone = QTimeZone(self._zone.key.encode())
        self.until.setDateTime(QDateTime.fromSecsSinceEpoch(at // SECOND, zone))

    def _look(self) -> None:
        document = self.document.currentText().strip()
        self.yes.setEnabled(bool(document))
        self.name_action(f"Wait for {document}" if 0 < len(document) <= 24 else "Wait for the document")

    def until_instant(self) -> int:
        """When to look again, µs."""
        return self.until.dateTime().toSecsSinceEpoch() * SECOND

    def go(self) -> None:
        self._chosen(
            self,
            self.document.currentText().strip(),
            self.comment.toPlainText().strip(),
            self.until_instant(),
        )
