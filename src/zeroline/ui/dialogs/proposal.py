"""Propose an adjustment: what was counted, what the book said, what it would become, who must approve."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from zeroline.domain.errors import DomainError
from zeroline.domain.views.key import Reason
from zeroline.domain.views.settlement import Proposal
from zeroline.ui.desk import Desk
from zeroline.ui.dialogs.form import Form
from zeroline.ui.text.counting import place
from zeroline.ui.text.diagnosis import Reasoning
from zeroline.ui.text.format import Format
from zeroline.ui.text.phrase import counted
from zeroline.ui.text.settlement import TIERS, Terms, tier_words
from zeroline.ui.theme import GRID, Tone, kind, tone
from zeroline.wording import cause_label, sentence

Read = Callable[[], Proposal]
Chosen = Callable[["ProposalDialog", str, str, str], None]
"""Gets the dialog, the comment, the reason against waiting and the reason against the guard."""


class ProposalDialog(Form):
    """Reads what proposing would do, shows it in numbers, asks for the reasons that the rules require."""

    def __init__(
        self,
        parent: QWidget,
        desk: Desk,
        read: Read,
        chosen: Chosen,
        instead: Callable[[], None] | None,
        from_documents: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(parent, desk, "Propose an adjustment", "Propose", width=620)
        self._read, self._chosen = read, chosen
        self._terms = Terms(desk.format)
        self._reasoning = Reasoning(desk.format)
        self.proposal: Proposal | None = None
        self.head = QLabel("Reading …")
        self.head.setProperty("textsize", "large")
        self.head.setWordWrap(True)
        self.body.addWidget(self.head)
        self.sums = _Sums()
        self.body.addWidget(self.sums)
        self.warning = QLabel()
        self.warning.setWordWrap(True)
        self.warning.setTextFormat(Qt.TextFormat.PlainText)
        tone(self.warning, Tone.CAUTION)
        self.body.addWidget(self.warning)
        self.wait_reason = self._reason()
        self._wait_label = self.field("Why it cannot wait for the document (required)", self.wait_reason)
        self.guard_reason = self._reason()
        self._guard_label = self.field(
            "Why these open documents do not explain it (required)", self.guard_reason
        )
        self.comment = self._reason()
        self.field("Comment for the approver", self.comment)
        self.instead = QPushButton("Wait for the document")
        self.instead.setAutoDefault(False)
        self.instead.setVisible(False)
        if instead is not None:
            self.instead.clicked.connect(self.reject)
            self.instead.clicked.connect(instead)
        self.feet.insertWidget(0, self.instead)
        self._offer = instead is not None
        if from_documents is not None:
            self.from_documents = QPushButton("From documents instead")
            self.from_documents.setAutoDefault(False)
            self.from_documents.clicked.connect(self.reject)
            self.from_documents.clicked.connect(from_documents)
            self.feet.insertWidget(0, self.from_documents)
        for label, field in ((self._wait_label, self.wait_reason), (self._guard_label, self.guard_reason)):
            label.hide()
            field.hide()
        self.warning.hide()
        self.yes.setEnabled(False)
        self.stale.connect(self.read)
        self.read()

    def _reason(self) -> QPlainTextEdit:
        made = QPlainTextEdit()
        made.setTabChangesFocus(True)
        made.setFixedHeight(48)
        made.textChanged.connect(self._look)
        return made

    def read(self) -> None:
        """Ask again what proposing would do; what was typed stays."""
        self.desk.tasks.query(
            self._read, self._show, owner=self, key="preview", failed=lambda e: self.say_wrong(sentence(e))
        )

    def _show(self, proposal: Proposal) -> None:
        form = self.desk.format
        self.proposal = proposal
        key, sums = proposal.key, proposal.arithmetic
        quantity = form.quantity(sums.quantity, key.unit, key.decimals, sign=True)
        self.head.setText(f"{place(key)}: {quantity}")
        self.name_action(f"Propose {quantity}")
        self.sums.show_lines(sum_lines(proposal, form))
        self.sums.show()
        told = []
        if proposal.needs_wait_reason:
            told.append(
                f"{cause_label(proposal.cause)}: waiting is right, an adjustment would correct twice."
            )
        told += [self._terms.guard(document, key) for document in proposal.guard]
        told += self._reasoning.too_much(proposal.too_much, sums.quantity, key.unit, key.decimals)
        self.warning.setText("\n".join(told))
        self.warning.setVisible(bool(told))
        for label, field, needed in (
            (self._wait_label, self.wait_reason, proposal.needs_wait_reason),
            (self._guard_label, self.guard_reason, proposal.needs_guard_reason),
        ):
            label.setVisible(needed)
            field.setVisible(needed)
        self.instead.setVisible(self._offer and proposal.next != "adjust")
        self.say_wrong("\n".join(map(reason_words, proposal.blocked)))
        self._look()
        self._take_focus()

    def forget(self) -> None:
        """Nothing is worked out any more: what was asked has changed."""
        self.proposal = None
        self.sums.hide()
        self.say_wrong("")
        self.name_action("Propose")
        self.yes.setEnabled(False)

    def _take_focus(self) -> None:
        """To the first reason that is asked for."""
        fields = (self.wait_reason, self.guard_reason, self.comment)
        next(field for field in fields if not field.isHidden()).setFocus()

    def _look(self) -> None:
        proposal = self.proposal
        if proposal is None:
            return
        missing = (proposal.needs_wait_reason and not _typed(self.wait_reason)) or (
            proposal.needs_guard_reason and not _typed(self.guard_reason)
        )
        self.yes.setEnabled(not missing and not proposal.blocked)
        self.yes.setToolTip("Type the reasons first" if missing else "Ctrl+Enter")

    def go(self) -> None:
        self._chosen(self, _typed(self.comment), _typed(self.wait_reason), _typed(self.guard_reason))


def sum_lines(proposal: Proposal, form: Format) -> list[tuple[str, str, str]]:
    """The arithmetic as (what, figure, remark), in the order it is worked out."""
    key, sums = proposal.key, proposal.arithmetic

    def amount(micro: int | None, sign: bool = False) -> str:
        return form.quantity(micro, key.unit, key.decimals, sign=sign)

    lines: list[tuple[str, str, str]] = []
    if sums.counted is not None:
        final = proposal.counts[-1] if proposal.counts else None
        by = f"{final.counter}, {form.when(sums.counted_at)}" if final is not None else ""
        rounds = f", count {final.round}" if final is not None and final.round > 1 else ""
        lines.append(("Counted", amount(sums.counted), by + rounds))
        lines.append(("Book when counted", amount(sums.book_at_count), ""))
        if sums.late:
            number = counted(len(sums.late_movements), "movement", "movements")
            lines.append(("Posted late, happened before", amount(sums.late, sign=True), number))
        lines.append(("Difference", amount(sums.quantity, sign=True), "counted − (book + late)"))
        if sums.since:
            lines.append(("Moved since the count", amount(sums.since, sign=True), "stays as it is"))
    else:
        lines.append(("Difference", amount(sums.quantity, sign=True), "from documents"))
    lines.append(("On hand now → after", f"{amount(sums.on_hand)} → {amount(sums.after)}", ""))
    percent = form.percent(proposal.money.percent, 1_000_000)
    lines.append(("Value", form.money(proposal.money.value, sign=True), percent))
    tier, _, who = TIERS[proposal.tier].partition(": ")
    why = ", ".join(map(tier_words, proposal.tier_reasons))
    lines.append(("Approval", tier, f"{who} ({why})" if why else who))
    if proposal.cause:
        lines.append(("Cause", proposal.cause, cause_label(proposal.cause).partition(" ")[2]))
    return lines


def reason_words(reason: Reason) -> str:
    """The sentence of a reason; its code is one of the catalogue of errors."""
    return sentence(DomainError(reason.code, **reason.facts))


def _typed(field: QPlainTextEdit) -> str:
    return field.toPlainText().strip()


class _Sums(QFrame):
    """Figures under each other: what, how much, remark."""

    def __init__(self) -> None:
        super().__init__()
        kind(self, "card")
        self._grid = QGridLayout()
        self._grid.setContentsMargins(*[3 * GRID] * 4)
        self._grid.setHorizontalSpacing(4 * GRID)
        self._grid.setVerticalSpacing(GRID)
        self._grid.setColumnStretch(2, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._grid)

    def show_lines(self, lines: list[tuple[str, str, str]]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for row, (what, figure, remark) in enumerate(lines):
            for column, text in enumerate((what, figure, remark)):
                label = QLabel(text)
                label.setTextFormat(Qt.TextFormat.PlainText)
                if column != 1:
                    tone(label, Tone.MUTED)
                side = Qt.AlignmentFlag.AlignRight if column == 1 else Qt.AlignmentFlag.AlignLeft
                label.setWordWrap(column == 2)
                if column == 2:
                    self._grid.addWidget(label, row, column, Qt.AlignmentFlag.AlignVCenter)
                else:
                    self._grid.addWidget(label, row, column, side)
