"""The figures of a case in one line: how much, how deep, how long, what it costs."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout

from zeroline.domain.views.case import CaseView
from zeroline.ui.text.format import Format
from zeroline.ui.theme import GRID, Size, Tone, kind, sized, tone


class Figures(QFrame):
    """Small headings over figures, side by side."""

    def __init__(self, form: Format) -> None:
        super().__init__()
        kind(self, "raised")
        self._form = form
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(3 * GRID, GRID, 3 * GRID, GRID)
        self._row.setSpacing(6 * GRID)

    def show_case(self, view: CaseView) -> None:
        """The figures of this case."""
        while (item := self._row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for title, figure, meaning, help in figures(view, self._form):
            self._row.addWidget(_Figure(title, figure, meaning, help))
        self._row.addStretch(1)


def figures(view: CaseView, form: Format) -> list[tuple[str, str, Tone, str]]:
    """(heading, figure, tone, explanation) of everything that this case has."""
    key, money, episode = view.key, view.money, view.episode

    def below(micro: int) -> Tone:
        return Tone.NEGATIVE if micro < 0 else Tone.NORMAL

    made = [("On hand", form.quantity(view.on_hand, key.unit), below(view.on_hand), "By the book, now")]
    if episode is not None:
        made.append(("Lowest", form.quantity(episode.depth, key.unit), Tone.NEGATIVE, "Deepest point"))
        over = "Below zero for" if episode.ended_at is None else "Was below zero for"
        made.append((over, form.duration(episode.duration), Tone.NORMAL, form.exact(episode.started_at)))
    made.append(("Value", form.money(money.value, money.currency), below(money.value), "On hand × unit cost"))
    if episode is not None:
        days = form.money(money.value_days, money.currency)
        made.append(("Value-days", days, Tone.NORMAL, "Money short × days short: what severity goes by"))
    made.append(("Unit cost", form.money(money.unit_cost, money.currency), Tone.NORMAL, "Per base unit"))
    made.append(
        (
            "Item at your sites" if view.item_hidden else "Item in all places",
            form.quantity(view.item_on_hand, key.unit),
            below(view.item_on_hand),
            "Book balance of the item over all bins, lots and statuses"
            + (" that you see; other sites have it too" if view.item_hidden else ""),
        )
    )
    promised = sum(one.quantity for one in view.reservations)
    if promised:
        made.append(("Promised", form.quantity(promised, key.unit), Tone.CAUTION, "Reserved for orders"))
    coming = sum(one.outstanding for one in view.documents if one.explains)
    if coming:
        made.append(("Still to come", form.quantity(coming, key.unit), Tone.CAUTION, "Open documents"))
    return made


class _Figure(QFrame):
    def __init__(self, title: str, figure: str, meaning: Tone, help: str) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QLabel(title)
        sized(head, Size.SMALL)
        tone(head, Tone.MUTED)
        value = QLabel(figure)
        font = value.font()
        font.setBold(True)
        value.setFont(font)
        tone(value, meaning)
        column.addWidget(head)
        column.addWidget(value)
        self.setToolTip(help)
        self.setAccessibleName(f"{title}: {figure}")
