"""Propose an adjustment from papers: how much they say, which papers, and what it would do (rule 4)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLabel, QWidget

from zeroline.domain.count import parse_entry
from zeroline.domain.quantity import MINUS
from zeroline.domain.views.case import CaseKey, CaseView
from zeroline.domain.views.settlement import Proposal
from zeroline.ui.desk import Desk
from zeroline.ui.dialogs.evidence import Pair, proofs
from zeroline.ui.dialogs.proposal import Chosen, ProposalDialog
from zeroline.ui.tables.column import code_column, text_column
from zeroline.ui.tables.rows import Rows
from zeroline.ui.tables.view import TableView
from zeroline.ui.text.columns import minute_column
from zeroline.ui.text.phrase import upper_first
from zeroline.ui.theme import Row, Tone, tone
from zeroline.ui.widgets.quantity_edit import QuantityEdit

Read = Callable[[int, list[Pair]], Proposal]
"""What proposing a quantity (signed micro-units) on these papers would do."""

PAPERS = ("document", "attachment")
_LINES = 4


class DocumentsDialog(ProposalDialog):
    """Works out the proposal anew whenever the quantity or the chosen papers change."""

    _reading = False
    """Whether the fields are there that a proposal is read from."""

    def __init__(self, parent: QWidget, desk: Desk, view: CaseView, read: Read, chosen: Chosen) -> None:
        self._by_papers = read
        super().__init__(parent, desk, self._read_papers, chosen, None)
        self.setWindowTitle("Propose from documents")
        self.setAccessibleName("Propose from documents")
        key, form = view.key, desk.format
        self.quantity = QuantityEdit(
            lambda text: signed(text, key, form.decimal, form.group),
            lambda micro: form.quantity(micro, key.unit, key.decimals, sign=True),
            "Quantity by the papers",
        )
        self.quantity.field.setPlaceholderText("12 or 3cs+4 is missing in the book, -5 is too much in it")
        self.papers = TableView(
            (
                text_column("kind", "Kind", width=84, text=upper_first),
                code_column("label", "Paper", width=130),
                text_column("detail", "Details", stretch=True, width=180),
                minute_column("at", "When", form),
            ),
            height=Row.COMPACT,
        )
        self.papers.setAccessibleName("Papers that prove it")
        found = [one for one in proofs(view, form) if one.id[0] in PAPERS]
        self.papers.set_rows(Rows.of(self.papers.columns, found, id="id"))
        self.papers.setFixedHeight(28 + 24 * min(max(len(found), 1), _LINES) + 4)
        self.papers.setVisible(bool(found))
        linked = [one.label for one in view.evidence if one.kind in PAPERS]
        told = QLabel(_about(linked, bool(found)))
        told.setWordWrap(True)
        tone(told, Tone.MUTED)
        for place, widget in enumerate(
            (QLabel("How much do the papers say?"), self.quantity, told, self.papers)
        ):
            self.body.insertWidget(place, widget)
        self.quantity.changed.connect(self.read)
        self.papers.selection_changed.connect(self.read)
        self._reading = True
        self.read()
        self.quantity.setFocus()

    def _read_papers(self) -> Proposal:
        return self._by_papers(self._asked, self._picked)

    def picked(self) -> list[Pair]:
        """The papers that are chosen."""
        return list(self.papers.selected_ids())

    def read(self) -> None:
        if not self._reading:
            return
        self.forget()
        quantity = self.quantity.value()
        if not quantity:
            self.head.setText("Type what the papers say, and choose them.")
            return
        self._asked, self._picked = quantity, self.picked()
        super().read()

    def _take_focus(self) -> None:
        """The keys stay where somebody is typing."""


def signed(text: str, key: CaseKey, decimal: str, group: str) -> int:
    """'12', '3cs+4' and '+12' bring stock into the book, '-5' takes it out: micro-units.

    Raises as :func:`zeroline.domain.count.parse_entry`.
    """
    written = text.strip()
    minus = written[:1] in ("-", MINUS)
    amount = written[1:] if minus or written[:1] == "+" else written
    total = parse_entry(amount, key.unit, key.units, decimal, group).quantity
    return -total if minus else total


def _about(linked: list[str], others: bool) -> str:
    if linked:
        return f"It rests on what is linked already: {', '.join(linked)}." + (
            " Choose more if they belong to it:" if others else ""
        )
    if others:
        return "Which papers prove it? Select one or several:"
    return (
        "No paper is here yet. Cancel, attach a photo or a PDF of it (F) or import the document, "
        "then propose again."
    )
