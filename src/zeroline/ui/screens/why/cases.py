"""The cases behind what is selected, and the way from them to the queue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from zeroline.domain.case import Queue
from zeroline.domain.views.patterns import PatternCase
from zeroline.ui.desk import CaseSet, Desk
from zeroline.ui.screens.queue.words import TITLES
from zeroline.ui.tables.column import Column, code_column, text_column
from zeroline.ui.tables.rows import Rows
from zeroline.ui.tables.view import TableView
from zeroline.ui.text.columns import quantity_column, when_column
from zeroline.ui.text.format import Format
from zeroline.ui.text.phrase import counted, state_words
from zeroline.ui.theme import GRID, Row, Tone, tone
from zeroline.ui.widgets.elided_label import ElidedLabel
from zeroline.wording import cause_label


class CaseList(QWidget):
    """Enter or a double click opens the case."""

    def __init__(self, desk: Desk, several_causes: bool) -> None:
        super().__init__()
        self._desk = desk
        self.cases: tuple[PatternCase, ...] = ()
        self.title = ElidedLabel()
        self.title.setProperty("textsize", "small")
        tone(self.title, Tone.MUTED)
        self.table = TableView(_columns(desk.format, several_causes), height=Row.COMPACT)
        self.table.setAccessibleName("Cases behind it")
        self.table.activated_id.connect(lambda id: desk.ways.go("case", id))
        self.title.setBuddy(self.table)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self.title)
        column.addWidget(self.table, 1)
        self.setFocusProxy(self.table)

    def show_cases(self, ids: Iterable[int], known: Mapping[int, PatternCase]) -> None:
        """The cases of these numbers that are known."""
        self.cases = tuple(known[id] for id in ids if id in known)
        self.table.set_rows(Rows.of(self.table.columns, self.cases, id="case_id"))
        if self.table.current_id() is None:
            self.table.select_first()
        self.title.setText(self._told())

    def _told(self) -> str:
        if not self.cases:
            return "No case behind it"
        over = sum(not case.open for case in self.cases)
        told = counted(len(self.cases), "case behind it", "cases behind it")
        return f"{told}, {over} of them closed" if over else told


def open_in_queue(desk: Desk, cases: Sequence[PatternCase], called: str) -> None:
    """The queue that holds most of them, narrowed to them; the rest is said."""
    places = Counter(case.queue for case in cases if case.open)
    if not places:
        desk.ways.say("All of these cases are closed: open them from the list.", Tone.CAUTION)
        return
    queue, number = places.most_common(1)[0]
    ids = tuple(case.case_id for case in cases if case.open and case.queue == queue)
    desk.ways.go(f"queue:{queue}", CaseSet(ids, called))
    rest = [
        f"{counted(count, 'case is', 'cases are')} in {TITLES[Queue(other)]}"
        for other, count in places.items()
        if other != queue
    ]
    closed = sum(not case.open for case in cases)
    if closed:
        rest.append(f"{counted(closed, 'is', 'are')} closed")
    if rest:
        desk.ways.say(f"{counted(number, 'case', 'cases')} here; {', '.join(rest)}.")


def _columns(form: Format, several_causes: bool) -> tuple[Column, ...]:
    return (
        code_column("item", "Item", width=104),
        code_column("location", "Bin", width=84),
        when_column("started_at", "Crossed", form, width=96),
        quantity_column("depth", "Lowest", form, width=76),
        text_column("cause", "Cause", text=cause_label, width=88, stretch=True, hidden=not several_causes),
        Column(
            "tagged",
            "Cause by",
            text=lambda tagged: "a person" if tagged else "guess",
            width=72,
            hidden=several_causes,
        ),
        text_column("state", "State", text=state_words, width=88, stretch=not several_causes),
        text_column(
            "owner", "Owner", text=lambda name: name or "–", paper=str, width=96, hidden=several_causes
        ),
    )
