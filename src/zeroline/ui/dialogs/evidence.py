"""Link what proves the cause: movements, documents, counts and files of the case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QLabel, QWidget

from zeroline.domain.views.case import CaseView
from zeroline.ui.desk import Desk
from zeroline.ui.dialogs.form import Form
from zeroline.ui.tables.column import code_column, text_column
from zeroline.ui.tables.rows import Rows
from zeroline.ui.tables.view import TableView
from zeroline.ui.text.columns import minute_column
from zeroline.ui.text.format import Format
from zeroline.ui.text.phrase import counted, upper_first
from zeroline.ui.theme import Row
from zeroline.ui.widgets.search_field import SearchField

Pair = tuple[str, int]
"""Kind (count, movement, document, attachment) and the id of it."""
Chosen = Callable[["EvidenceDialog", list[Pair]], None]


@dataclass(frozen=True, slots=True)
class Proof:
    """Something that can be linked."""

    id: Pair
    kind: str
    label: str
    detail: str
    at: int | None


class EvidenceDialog(Form):
    """A list to pick from, with several at once; ``picked`` are chosen already."""

    def __init__(
        self, parent: QWidget, desk: Desk, view: CaseView, picked: Sequence[Pair], chosen: Chosen
    ) -> None:
        super().__init__(parent, desk, "Link evidence", "Link", width=720)
        self._chosen = chosen
        self.resize(760, 480)
        columns = (
            text_column("kind", "Kind", width=110, hidden=True, text=upper_first),
            code_column("label", "What", width=150),
            text_column("detail", "Details", stretch=True, width=260),
            minute_column("at", "When", desk.format),
        )
        self.body.addWidget(QLabel("Select one or several (Shift or Ctrl with the arrows, Space)."))
        self.search = SearchField("Search movements, documents, counts, files")
        self.list = TableView(columns, height=Row.COMPACT)
        self.list.setAccessibleName("What can be linked")
        self.list.set_rows(Rows.of(columns, proofs(view, desk.format), id="id"))
        self.list.arrange(group_by="kind")
        self.body.addWidget(self.search)
        self.body.addWidget(self.list, 1)
        self.search.textChanged.connect(lambda text: self.list.arrange(search=text))
        self.search.left.connect(self.list.setFocus)
        self.list.selection_changed.connect(self._look)
        self.list.activated_id.connect(lambda _: self._go_if_ready())
        if picked:
            self.list.select_ids(picked)
            self.list.setFocus()
        else:
            self.search.setFocus()
        self._look()

    def _look(self) -> None:
        number = len(self.list.selected_ids())
        self.yes.setEnabled(number > 0)
        self.name_action(f"Link {counted(number, 'record', 'records')}" if number else "Link")

    def go(self) -> None:
        self._chosen(self, self.list.selected_ids())


def proofs(view: CaseView, form: Format) -> list[Proof]:
    """Everything of a case that can be its evidence, but not what is linked already."""
    linked = {(one.kind, one.target) for one in view.evidence}
    unit, decimals = view.key.unit, view.key.decimals
    found = [
        Proof(
            ("count", one.entry_id),
            "count",
            one.sheet,
            f"counted {form.quantity(one.counted, unit, decimals)} by {one.counter}",
            one.counted_at,
        )
        for one in view.counts
    ]
    documents = {one.document_id: one for one in view.documents}
    found += [
        Proof(
            ("document", one.document_id),
            "document",
            one.number,
            f"{one.kind}, still open {form.quantity(one.outstanding, unit, decimals)}",
            one.due_at,
        )
        for one in documents.values()
    ]
    found += [
        Proof(("attachment", one.attachment_id), "file", one.name, f"attached by {one.person}", one.at)
        for one in view.attachments
    ]
    found += [
        Proof(
            ("movement", row.seq),
            "movement",
            row.document or row.reference,
            f"{row.kind} {form.quantity(row.quantity, unit, decimals, sign=True)} {row.user}".rstrip(),
            row.recorded_at,
        )
        for row in reversed(view.ledger)
    ]
    return [one for one in found if one.id not in linked]
