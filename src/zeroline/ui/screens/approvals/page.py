"""Everything an approver needs about one adjustment, on one page."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from zeroline.domain.views.settlement import ApprovalView, Evidence
from zeroline.ui.text.diagnosis import Reasoning
from zeroline.ui.text.format import Format
from zeroline.ui.text.settlement import STATES, Line, Terms, hand_words
from zeroline.ui.theme import GRID, Tone, kind
from zeroline.ui.widgets.badge import Badge
from zeroline.ui.widgets.prose import prose
from zeroline.ui.widgets.reading_pane import ReadingPane


def _field(name: str, hint: str) -> QPlainTextEdit:
    field = QPlainTextEdit()
    field.setAccessibleName(name)
    field.setPlaceholderText(hint)
    field.setTabChangesFocus(True)
    field.setFixedHeight(48)
    return field


class ApprovalPage(ReadingPane):
    """``typed()`` when a comment or reason changed; ``evidence_wanted(Evidence)`` to open a file. What is
    typed belongs to the adjustment and stays with it, whatever is shown in between."""

    typed = Signal()
    evidence_wanted = Signal(object)

    def __init__(self, form: Format) -> None:
        super().__init__("The adjustment")
        self._terms = Terms(form)
        self._reasoning = Reasoning(form)
        self._kept: dict[int, tuple[str, str]] = {}
        self.view: ApprovalView | None = None
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.head = QLabel()
        self.head.setProperty("textsize", "large")
        self.head.setWordWrap(True)
        self.head.setAccessibleName("What is to be decided")
        self.told = prose(Tone.MUTED, name="Item")
        self.state, self.tier = Badge(), Badge()
        self.outdated = prose(Tone.CAUTION, name="Outdated")
        self.guard = prose(Tone.CAUTION, name="Open documents")
        self.guard_reason = _field("Reason", "Why these open documents do not explain it (required)")
        self.comment = _field("Comment", "Comment, kept with the decision (required to reject)")
        self.hand = prose(Tone.NEGATIVE, name="Whose hand is in the way")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(3 * GRID)
        self._grid.setVerticalSpacing(GRID)
        self._grid.setColumnStretch(1, 1)
        self._proofs = QVBoxLayout()
        self._proofs.setSpacing(GRID)
        self._lay_out()
        for field in (self.guard_reason, self.comment):
            field.textChanged.connect(self._keep)

    def _lay_out(self) -> None:
        column = self.column
        top = QHBoxLayout()
        top.setSpacing(2 * GRID)
        top.addWidget(self.head, 1)
        top.addWidget(self.tier, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.state, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(top)
        column.addWidget(self.told)
        self._warning = self._card("caution", self.outdated)
        self._guard_card = self._card("caution", self.guard, self.guard_reason)
        self._hand_card = self._card("negative", self.hand)
        for widget in (self._hand_card, self._warning, self._guard_card):
            column.addWidget(widget)
        column.addLayout(self._grid)
        column.addLayout(self._proofs)
        column.addWidget(self.comment)
        column.addStretch(1)

    @staticmethod
    def _card(look: str, *widgets: QWidget) -> QFrame:
        card = QFrame()
        card.setProperty("banner", look)
        column = QVBoxLayout(card)
        column.setContentsMargins(3 * GRID, 2 * GRID, 3 * GRID, 2 * GRID)
        column.setSpacing(2 * GRID)
        for widget in widgets:
            column.addWidget(widget)
        return card

    # what is shown

    def show_view(self, view: ApprovalView | None) -> None:
        """Show an adjustment with what was typed about it; None shows nothing."""
        other = view is None or self.view is None or view.adjustment_id != self.view.adjustment_id
        self.view = view
        self.sheet.setVisible(view is not None)
        if view is None:
            return
        terms, key = self._terms, view.key
        self.head.setText(terms.heading(view))
        zone = f"zone {key.zone}" if key.zone else ""
        abc = f"class {key.abc_class}" if key.abc_class else ""
        parts = [f"{view.number}, {view.kind}", key.description, key.site, key.warehouse, zone, abc]
        self.told.setText(" · ".join(filter(None, parts)))
        self.tier.show_as(f"Tier {view.tier}", Tone.CAUTION if view.tier > 1 else Tone.MUTED)
        posted = view.state == "posted"
        self.state.show_as(STATES.get(view.state, view.state), Tone.VERIFIED if posted else Tone.MUTED)
        self._warning.setVisible(view.outdated)
        self.outdated.setText(terms.outdated(view) if view.outdated else "")
        self._show_guard(view)
        self._hand_card.setVisible(view.hand is not None)
        self.hand.setText(hand_words(view.hand, view.number) if view.hand is not None else "")
        self._show_lines(terms.lines(view))
        self._show_proofs(view.evidence)
        if other:
            comment, reason = self._kept.get(view.adjustment_id, ("", ""))
            for field, text in ((self.comment, comment), (self.guard_reason, reason)):
                field.blockSignals(True)
                field.setPlainText(text)
                field.blockSignals(False)
            self.verticalScrollBar().setValue(0)
        waiting = view.state == "proposed"
        self.comment.setVisible(waiting)
        self.guard_reason.setVisible(waiting and view.needs_guard_reason and view.hand is None)
        self.fit()

    def _show_guard(self, view: ApprovalView) -> None:
        told = [self._terms.guard(document, view.key) for document in view.guard]
        if told:
            told.insert(0, "This would explain the same shortfall; correcting too would correct it twice:")
        quantity, key = view.arithmetic.quantity, view.key
        told += self._reasoning.too_much(view.too_much, quantity, key.unit, key.decimals)
        if view.guard_reason:
            told.append(f"{view.proposer} wrote: “{view.guard_reason}”")
        self.guard.setText("\n".join(told))
        self._guard_card.setVisible(bool(told))

    def _show_lines(self, lines: list[Line]) -> None:
        _clear(self._grid)
        for row, (what, words, remark) in enumerate(lines):
            name, told = prose(Tone.MUTED), prose(name=what)
            name.setText(what)
            told.setText(f"{words} · {remark}" if remark else words)
            name.setFixedWidth(120)
            for place, label in enumerate((name, told)):
                self._grid.addWidget(label, row, place, Qt.AlignmentFlag.AlignTop)
                label.show()

    def _show_proofs(self, evidence: tuple[Evidence, ...]) -> None:
        _clear(self._proofs)
        title = prose(Tone.MUTED, name="Evidence")
        title.setText("Evidence" if evidence else "Evidence: none is linked")
        self._proofs.addWidget(title)
        for proof in evidence:
            words = self._terms.evidence(proof)
            if proof.kind == "attachment":
                button = QPushButton(f"Open {words}")
                kind(button, "quiet")
                button.setAutoDefault(False)
                button.clicked.connect(lambda _=False, proof=proof: self.evidence_wanted.emit(proof))
                self._proofs.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
                button.show()
            else:
                label = prose(name=words)
                label.setText(words)
                self._proofs.addWidget(label)
                label.show()

    # what is typed

    @property
    def comment_text(self) -> str:
        return self.comment.toPlainText().strip()

    @property
    def reason_text(self) -> str:
        return self.guard_reason.toPlainText().strip()

    @property
    def misses_reason(self) -> bool:
        """Whether the open documents still want a typed reason (rule 7)."""
        return self.view is not None and self.view.needs_guard_reason and not self.reason_text

    def _keep(self) -> None:
        if self.view is not None:
            self._kept[self.view.adjustment_id] = (
                self.comment.toPlainText(),
                self.guard_reason.toPlainText(),
            )
        self.typed.emit()

    def forget(self, adjustment_id: int) -> None:
        """It is decided: what was typed went with the decision."""
        self._kept.pop(adjustment_id, None)


def _clear(layout: QGridLayout | QVBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
