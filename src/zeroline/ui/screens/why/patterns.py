"""Patterns: what cases share beyond chance, the pattern under the cursor explained, its cases beside it."""

from __future__ import annotations

from typing import Any, TypeAlias

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from zeroline.domain.cause import CATALOGUE
from zeroline.domain.diagnosis.patterns import Cluster
from zeroline.domain.views.patterns import PatternsView
from zeroline.reports.sheets.seen import write_seen
from zeroline.ui.desk import Desk
from zeroline.ui.dialogs.casework import Casework
from zeroline.ui.screens.why.page import PeriodPage, foot
from zeroline.ui.tables.column import Align, Column, text_column
from zeroline.ui.tables.panel import Empty, ListPanel
from zeroline.ui.tables.rows import Rows
from zeroline.ui.text.columns import count_column
from zeroline.ui.text.patterns import PatternWords, acts, chance
from zeroline.ui.text.phrase import counted
from zeroline.ui.theme import GRID, Tone
from zeroline.ui.widgets.buttons import ActionButton
from zeroline.ui.widgets.prose import prose
from zeroline.ui.widgets.reading_pane import ReadingPane
from zeroline.wording import cause_label

ClusterId: TypeAlias = tuple[Any, ...]

_NO_CASE = Empty(
    "No case began in this period",
    "Choose a longer period, or import the newest movements (Ctrl+0).",
)
_NO_GUESS = Empty(
    "Nothing is known of these cases yet",
    "Import newer movements (Ctrl+0) so that they are explained, or tag their causes in the queue (Ctrl+1).",
    "info",
)


def identity(cluster: Cluster) -> ClusterId:
    """What makes it the same pattern when it is read again."""
    return (cluster.cause, cluster.kind, *cluster.features)


class PatternsPage(PeriodPage):
    """O opens the cases of the pattern in their queue, T tags all of them with its cause."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Patterns", several_causes=False)
        self._words = PatternWords(desk.format)
        self._view: PatternsView | None = None
        self._clusters: dict[ClusterId, Cluster] = {}
        self._verbs = Casework(desk, self)
        self.tag_action = self.action("Tag all its cases", "T", self.tag, help="Shows first what it will do")
        self.other_action = self.action("Tag them with another cause …", "Shift+T", self.tag_otherwise)
        self.tag_action.setVisible(self.may_tag)
        self.other_action.setVisible(self.may_tag)
        self.panel = ListPanel(
            self._columns(),
            view="patterns",
            memory=desk.memory,
            prompts=desk.prompts,
            tasks=desk.tasks,
            write_sheet=write_seen,
            empty=_NO_CASE,
            title="Patterns",
            groupable=("cause", "kind"),
            search_hint="Filter patterns",
            decimal=desk.format.decimal,
        )
        self.table = self.panel.table
        self.table.setSelectionMode(self.table.SelectionMode.SingleSelection)
        self.panel.row_actions = lambda: (self.queue_action, self.tag_action, self.other_action)
        self.happened, self.compared = prose(strong=True), prose()
        self.company, self.tested = prose(Tone.MUTED), prose(Tone.MUTED)
        self.next = prose()
        self._lay_out()
        self.table.current_changed.connect(lambda _: self._look())
        self.table.activated_id.connect(lambda _: self.open_queue())
        self.setFocusProxy(self.table)
        self._look()

    def _columns(self) -> tuple[Column, ...]:
        form, words = self.desk.format, self._words
        return (
            text_column("what", "What they share", value=words.headline, width=292, stretch=True),
            text_column("cause", "Cause", text=cause_label, width=176),
            text_column("kind", "Movement", width=112, hidden=True),
            count_column("shared", "Share it", form, width=80, hidden=True),
            count_column("of", "Of", form, width=56, hidden=True),
            Column(
                "rate",
                "Usually",
                value=lambda one: one.usual / one.among,
                text=lambda rate: form.percent(round(rate * 1_000_000), decimals=1),
                align=Align.RIGHT,
                width=84,
                help="How many of all movements of that kind share it",
            ),
            Column(
                "corrected",
                "By chance",
                text=chance,
                align=Align.RIGHT,
                width=92,
                help="p of Fisher's exact test, corrected for all comparisons that were made",
            ),
            count_column("cases", "Cases", form, value=lambda one: len(one.cases), width=72),
        )

    def _lay_out(self) -> None:
        pane = ReadingPane("The pattern explained")
        pane.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        pane.column.setContentsMargins(3 * GRID, 2 * GRID, 3 * GRID, 2 * GRID)
        pane.column.setSpacing(2 * GRID)
        for label in (self.happened, self.compared, self.company, self.tested, self.next):
            pane.column.addWidget(label)
        pane.column.addStretch(1)
        beside = QWidget()
        column = QVBoxLayout(beside)
        column.setContentsMargins(0, 2 * GRID, 2 * GRID, 0)
        column.addWidget(self.cases)
        self.below = QSplitter(Qt.Orientation.Horizontal)
        self.below.addWidget(pane)
        self.below.addWidget(beside)
        self.below.setChildrenCollapsible(False)
        self.below.setSizes([460, 700])
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.addWidget(self.panel)
        splitter.addWidget(self.below)
        splitter.setChildrenCollapsible(False)
        splitter.setSizes([300, 320])
        self.desk.memory.follow(splitter, "splitter patterns")
        self.desk.memory.follow(self.below, "splitter pattern cases")
        self.feet = foot(
            ActionButton(self.other_action, "quiet"),
            ActionButton(self.queue_action, "" if self.may_tag else "primary"),
            ActionButton(self.tag_action, "primary"),
        )
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(splitter, 1)
        outer.addWidget(self.feet)

    # reading

    def reload(self) -> None:
        surveying, person, days = self.desk.services.surveying, self.desk.person, self.days
        columns = self.table.columns
        self.panel.set_summary("comparing …")

        def work() -> tuple[PatternsView, Rows]:
            view = surveying.patterns(person, days)
            return view, Rows.of(columns, view.found.clusters, id=identity)

        self.desk.tasks.query(work, self._read, owner=self, key="patterns")

    def _read(self, answer: tuple[PatternsView, Rows]) -> None:
        view, rows = answer
        self._view = view
        self._clusters = {identity(one): one for one in view.found.clusters}
        self.panel.set_empty(self._nothing(view))
        self.panel.set_rows(rows)
        if self.table.current_id() is None:
            self.table.select_first()
        told = counted(len(rows), "pattern", "patterns")
        self.panel.set_summary(f"{told} · {self.looked_at(view.period)}")
        self.period_told.emit(self.dates(view.period))
        self.below.setVisible(len(rows) > 0)
        self.feet.setVisible(len(rows) > 0)
        self._look()

    def _nothing(self, view: PatternsView) -> Empty:
        if not view.period.cases:
            return _NO_CASE
        if not view.found.compared:
            return _NO_GUESS
        ways = f"{self.desk.format.count(view.found.comparisons)} comparisons"
        return Empty(
            "No pattern stands out",
            f"{counted(view.found.compared, 'case was', 'cases were')} looked at in {ways}: what they share "
            "is no more than chance gives. A pattern needs 4 cases of one cause; a longer period shows "
            "slower ones.",
        )

    def current(self) -> Cluster | None:
        """The pattern the cursor is on."""
        return self._clusters.get(self.table.current_id() or ())

    def _look(self) -> None:
        cluster, view, words = self.current(), self._view, self._words
        known = view.cases if view is not None else {}
        self.cases.show_cases(cluster.cases if cluster is not None else (), known)
        for action in (self.queue_action, self.tag_action, self.other_action):
            action.setEnabled(cluster is not None)
        if cluster is None:
            for label in (self.happened, self.compared, self.company, self.tested, self.next):
                label.setText("")
            return
        self.happened.setText(words.happened(cluster))
        self.compared.setText(words.compared(cluster))
        self.company.setText(words.company(cluster))
        self.company.setVisible(bool(cluster.company))
        self.tested.setText(words.tested(cluster))
        final = CATALOGUE[cluster.cause].final
        fits = self._fits(cluster)
        if not final:
            self.next.setText("Next: look at them together; nothing explains them yet, but they share this.")
        elif fits:
            number = counted(len(fits), "case", "cases")
            self.next.setText(f"Next: look at them together, then tag {number} {cluster.cause}.")
            self.tag_action.setText(f"Tag {number} {cluster.cause}")
        else:
            self.next.setText("Next: all of them have their cause. See that it does not come back.")
        self.tag_action.setVisible(self.may_tag and final)
        self.tag_action.setEnabled(bool(fits))

    def called(self) -> str:
        cluster = self.current()
        if cluster is None:
            return ""
        return f"Pattern: {acts(cluster.kind)} that {self._words.all_shares(cluster)}"

    # writing

    def _fits(self, cluster: Cluster) -> list[int]:
        """Its cases that can be tagged with its cause and are not yet."""
        return [
            case.case_id
            for case in self.cases.cases
            if case.taggable and not (case.tagged and case.cause == cluster.cause)
        ]

    def tag(self) -> None:
        """Say what tagging would do, then tag all of them in one write."""
        cluster = self.current()
        if cluster is None or not CATALOGUE[cluster.cause].final:
            return
        casework, person, cause = self.desk.services.casework, self.desk.person, cluster.cause
        fits = self._fits(cluster)
        told = self._words.tagging(cause, self.cases.cases)
        comment = f"Pattern: {self._words.headline(cluster)}"
        number = counted(len(fits), "case", "cases")
        self.desk.prompts.confirm(
            self,
            "Tag the cases of this pattern",
            f"{self._words.happened(cluster)}\n\n{told}",
            action=f"Tag {number} {cause}",
            accepted=lambda: self.desk.tasks.command(
                lambda: casework.tag_causes(person, fits, cause, comment),
                owner=self,
                done=lambda _: self.desk.ways.say(f"{number} tagged {cause}.", Tone.VERIFIED),
            ),
        )

    def tag_otherwise(self) -> None:
        """Ask for the cause, then tag those that can be."""
        cluster = self.current()
        fits = [case.case_id for case in self.cases.cases if case.taggable]
        if cluster is not None and fits:
            self._verbs.tag(fits, current=cluster.cause)
