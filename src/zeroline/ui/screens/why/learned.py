"""What we learned: guesses against what people said, cause by cause, and what the program believes for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSplitter, QVBoxLayout, QWidget

from zeroline.domain.cause import UNDETERMINED
from zeroline.domain.errors import DomainError
from zeroline.domain.person import Right
from zeroline.domain.views.diagnosis import Learned
from zeroline.domain.views.sites import SiteFacts
from zeroline.reports.sheets.seen import write_seen
from zeroline.ui.desk import Desk
from zeroline.ui.screens.screen import Screen
from zeroline.ui.screens.why.page import foot
from zeroline.ui.tables.column import Align, Column, text_column
from zeroline.ui.tables.panel import Empty, ListPanel
from zeroline.ui.tables.rows import Rows
from zeroline.ui.tables.view import TableView
from zeroline.ui.text.columns import count_column
from zeroline.ui.text.format import Format
from zeroline.ui.text.phrase import counted
from zeroline.ui.theme import GRID, Row, Tone, kind, tone
from zeroline.ui.widgets.banner import Banner
from zeroline.ui.widgets.buttons import ActionButton
from zeroline.wording import cause_label, sentence

_EMPTY = Empty(
    "No site yet",
    "Import locations (Ctrl+0): what people say about causes is learned site by site.",
    "location",
)


@dataclass(frozen=True, slots=True)
class CauseRow:
    """One cause: millionths of belief, and how guesses of it and answers of it met."""

    cause: str
    prior: int
    confirmed: int
    mean: int
    guessed: int
    right: int
    missed: int
    share: int | None
    instead: str


@dataclass(frozen=True, slots=True)
class ConfusionRow:
    """How often people said something else, or the same."""

    id: str
    guess: str
    cause: str
    count: int


class LearnedPage(Screen):
    """Enter or the arrows choose a cause; the list beside it shows how it was confused, both ways."""

    reloads_on = ("cases",)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "What we learned")
        kind(self, "surface")
        self._learned: Learned | None = None
        self.banner = Banner()
        self.reset_action = self.action("Forget what was learned …", "", self.reset)
        self.reset_action.setVisible(desk.person.may(Right.POLICY))
        self.site = QComboBox()
        self.site.setAccessibleName("Site")
        self.panel = ListPanel(
            _cause_columns(desk.format),
            view="learned",
            memory=desk.memory,
            prompts=desk.prompts,
            tasks=desk.tasks,
            write_sheet=write_seen,
            empty=_EMPTY,
            title="By cause",
            search_hint="Filter causes",
            height=Row.COMPACT,
            decimal=desk.format.decimal,
        )
        self.table = self.panel.table
        self.table.setSelectionMode(self.table.SelectionMode.SingleSelection)
        self.confusion = TableView(_confusion_columns(desk.format), height=Row.COMPACT)
        self.confusion.setAccessibleName("Guesses and answers")
        self.told, self.explained, self.forgotten = QLabel(), QLabel(), QLabel()
        self.title = QLabel()
        self._lay_out()
        self.table.current_changed.connect(lambda _: self._look())
        self.site.currentIndexChanged.connect(lambda _: self.reload())
        self.setFocusProxy(self.table)

    def _lay_out(self) -> None:
        for label in (self.explained, self.forgotten):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            tone(label, Tone.MUTED)
        self.title.setProperty("textsize", "small")
        tone(self.title, Tone.MUTED)
        self.title.setBuddy(self.confusion)
        beside = QWidget()
        column = QVBoxLayout(beside)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(2 * GRID)
        self._places = QWidget()
        row = QHBoxLayout(self._places)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(QLabel("Site"))
        row.addWidget(self.site, 1)
        self.told.setWordWrap(True)
        font = self.told.font()
        font.setBold(True)
        self.told.setFont(font)
        for widget in (self._places, self.told, self.title):
            column.addWidget(widget)
        column.addWidget(self.confusion, 1)
        column.addWidget(self.explained)
        column.addWidget(self.forgotten)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(self.panel)
        splitter.addWidget(beside)
        splitter.setSizes([740, 420])
        splitter.setChildrenCollapsible(False)
        self.desk.memory.follow(splitter, "splitter learned")
        self.feet = foot(ActionButton(self.reset_action, "danger"))
        self.feet.setVisible(self.reset_action.isVisible())
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.banner)
        outer.addWidget(splitter, 1)
        outer.addWidget(self.feet)

    # reading

    def reload(self) -> None:
        services, person, chosen = self.desk.services, self.desk.person, self.site.currentData()
        columns = self.table.columns

        def work() -> tuple[tuple[SiteFacts, ...], Learned | None, Rows]:
            sites = services.sites.list()
            known = [site.code for site in sites]
            code = chosen if chosen in known else next(iter(known), None)
            learned = None if code is None else services.diagnosing.learned(person, code)
            rows = () if learned is None else rows_of(learned)
            return sites, learned, Rows.of(columns, rows, id="cause")

        self.desk.tasks.query(work, self._read, owner=self, key="learned", failed=self._refused)

    def _read(self, answer: tuple[tuple[SiteFacts, ...], Learned | None, Rows]) -> None:
        sites, learned, rows = answer
        self._learned = learned
        self.site.blockSignals(True)
        self.site.clear()
        for site in sites:
            self.site.addItem(site.name or site.code, site.code)
        self.site.setCurrentIndex(self.site.findData(learned.site) if learned is not None else -1)
        self.site.blockSignals(False)
        self._places.setVisible(len(sites) > 1)
        self.panel.set_rows(rows)
        if self.table.current_id() is None:
            self.table.select_first()
        self._tell(learned)
        self._look()

    def _tell(self, learned: Learned | None) -> None:
        if learned is None:
            self.panel.set_summary("")
            self.told.setText("")
            self.explained.setText("")
            self.forgotten.setText("")
            self.reset_action.setEnabled(False)
            return
        said, form = learned.verdicts, self.desk.format
        if said:
            right = form.percent(learned.accepted, said, decimals=0)
            answered = counted(said, "case", "cases")
            accepted = form.count(learned.accepted)
            self.panel.set_summary(f"{answered} answered · {right} as guessed")
            self.told.setText(f"People answered {answered}: {accepted} ({right}) as the program had guessed.")
        else:
            self.panel.set_summary("not asked yet")
            self.told.setText(
                "Nobody has answered a guess yet: accept or correct some in the queue (Ctrl+1)."
            )
        self.explained.setText(
            "Before anything is seen, a cause is believed as often as the documented priors say, which weigh "
            f"as much as {learned.weight} answered cases, and as people confirmed at this site. A person's "
            "word always wins over the guess."
        )
        last = learned.resets[0] if learned.resets else None
        told = f"Forgotten {form.when(last.at)} by {last.by}: {last.reason}" if last is not None else ""
        self.forgotten.setText(told)
        self.forgotten.setVisible(last is not None)
        self.reset_action.setEnabled(bool(said))

    def _look(self) -> None:
        cause = str(self.table.current_id() or "")
        rows = [] if self._learned is None else list(_confused(self._learned, cause))
        self.confusion.set_rows(Rows.of(self.confusion.columns, rows))
        what = cause_label(cause)
        told = f"Where {what} was guessed or said" if rows else f"Nobody has said anything about {what} yet"
        self.title.setText(told if what else "")

    # writing

    def reset(self) -> None:
        """Ask why, say what it does in numbers, then forget."""
        learned = self._learned
        if learned is None or not learned.verdicts:
            return
        services, person, site = self.desk.services, self.desk.person, learned.site
        number = counted(learned.verdicts, "answer", "answers")
        self.desk.prompts.ask_text(
            self,
            "Forget what was learned",
            f"{number} at {self.site.currentText()} will not count any more: causes are believed as the "
            "documented priors say until people answer again. The answers themselves, and the causes of the "
            "cases, stay as they are.\n\nWhy? The reason is kept with it.",
            action=f"Forget {number}",
            lines=3,
            accepted=lambda reason: self.desk.tasks.command(
                lambda: services.diagnosing.reset(person, site, reason),
                owner=self,
                done=lambda _: self.desk.ways.say(f"{number} forgotten.", Tone.VERIFIED),
                failed=self._refused,
            ),
        )

    def _refused(self, error: DomainError) -> None:
        self.banner.say(sentence(error), Tone.NEGATIVE)


def rows_of(learned: Learned) -> list[CauseRow]:
    """A line a cause, those that people or the program spoke of first."""
    guessed: Counter[str] = Counter()
    said: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for one in learned.confusion:
        guessed[one.guess] += one.count
        said[one.cause] += one.count
        if one.guess == one.cause:
            right[one.cause] += one.count
    rows = [
        CauseRow(
            belief.cause,
            belief.prior,
            belief.confirmed,
            belief.mean,
            guessed[belief.cause],
            right[belief.cause],
            said[belief.cause] - right[belief.cause],
            round(right[belief.cause] * 1_000_000 / guessed[belief.cause]) if guessed[belief.cause] else None,
            _instead(learned, belief.cause),
        )
        for belief in learned.beliefs
    ]
    rows.sort(key=lambda row: (-(row.guessed + row.missed), -row.mean))
    return rows


def _instead(learned: Learned, cause: str) -> str:
    """What people said most often where this cause was guessed and was not it."""
    wrong = [one for one in learned.confusion if one.guess == cause != one.cause]
    return _said(max(wrong, key=lambda one: one.count).cause) if wrong else ""


def _said(cause: str) -> str:
    return cause_label(cause) if cause else "none of the guesses"


def _guessed(cause: str) -> str:
    return "nothing" if not cause else "not enough to say" if cause == UNDETERMINED else cause_label(cause)


def _confused(learned: Learned, cause: str) -> Iterator[ConfusionRow]:
    for one in sorted(learned.confusion, key=lambda one: -one.count):
        if cause in (one.guess, one.cause):
            yield ConfusionRow(f"{one.guess} {one.cause}", _guessed(one.guess), _said(one.cause), one.count)


def _cause_columns(form: Format) -> tuple[Column, ...]:
    def belief(key: str, title: str, help: str) -> Column:
        return Column(
            key, title, text=lambda m: form.percent(m, decimals=1), align=Align.RIGHT, width=92, help=help
        )

    def times(key: str, title: str, width: int, help: str) -> Column:
        return count_column(
            key, title, form, text=lambda n: form.count(n) if n else "–", width=width, help=help
        )

    return (
        text_column("cause", "Cause", text=cause_label, width=190, stretch=True),
        belief("prior", "Documented", "How common it is held to be before anybody has answered"),
        times("confirmed", "Confirmed", 80, "Cases in which people said so here"),
        belief("mean", "Believed", "How common it is held to be at this site now"),
        times("guessed", "Guessed", 72, "Answered cases in which it was the guess"),
        times("right", "Right", 56, "… and people said the same"),
        Column(
            "share",
            "Right %",
            text=lambda share: "–" if share is None else form.percent(share, decimals=0),
            align=Align.RIGHT,
            width=68,
            help="Of the guesses of this cause that people answered",
        ),
        times("missed", "Missed", 64, "People said it, the guess was another"),
        text_column(
            "instead", "Mostly was", width=160, hidden=True, help="What it was when the guess was wrong"
        ),
    )


def _confusion_columns(form: Format) -> tuple[Column, ...]:
    return (
        text_column("guess", "Guessed", width=96, stretch=True),
        text_column("cause", "People said", width=128, stretch=True),
        count_column("count", "Cases", form, width=56),
    )
