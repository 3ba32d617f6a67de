"""Say why: the two-level list of causes, searched by typing, with what each looks like and what to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from zeroline.domain.cause import CATALOGUE, AdjustmentRight
from zeroline.ui.desk import Desk
from zeroline.ui.dialogs.form import Form
from zeroline.ui.tables.column import code_column, text_column
from zeroline.ui.tables.rows import Rows
from zeroline.ui.tables.view import TableView
from zeroline.ui.theme import GRID, Row, Tone, kind, tone
from zeroline.ui.widgets.search_field import SearchField
from zeroline.wording import CauseWords, cause_words

Chosen = Callable[["CauseDialog", str, str], None]
"""Gets the dialog (to ``send`` from), the code and the comment."""

_COLUMNS = (
    code_column("code", "Code", width=64),
    text_column("title", "Cause", width=230, stretch=True),
    text_column("group", "Group", hidden=True),
    text_column("looks", "Looks like", hidden=True),
)
_RIGHT = {
    AdjustmentRight.YES: ("Adjust once counted and approved.", Tone.NORMAL),
    AdjustmentRight.LATER: ("Make the missing record first; adjust only what is left then.", Tone.CAUTION),
    AdjustmentRight.NO: ("Do not adjust: the late document brings it right.", Tone.CAUTION),
}
_RECENT = 5


class CauseDialog(Form):
    """Type to search, 1–5 for the recent causes while the search is empty, Enter in the list to choose."""

    def __init__(
        self,
        parent: QWidget,
        desk: Desk,
        title: str,
        action: str,
        chosen: Chosen,
        *,
        current: str = "",
        comment: str = "",
        comment_required: bool = False,
    ) -> None:
        super().__init__(parent, desk, title, action, width=860)
        self._action, self._chosen, self._comment_required = action, chosen, comment_required
        self.resize(900, 560)
        self.search = SearchField("Search causes: code, words, what it looks like")
        self.list = TableView(_COLUMNS, height=Row.COMPACT)
        self.list.setAccessibleName("Causes")
        self.list.setSelectionMode(self.list.SelectionMode.SingleSelection)
        self.list.horizontalHeader().hide()
        self.list.set_rows(Rows.of(_COLUMNS, cause_words().values(), id="code"))
        self.list.arrange(group_by="group")
        self.recent = QLabel()
        self.recent.setWordWrap(True)
        tone(self.recent, Tone.MUTED)
        self.words = _Words()
        self.comment = QPlainTextEdit(comment)
        self.comment.setTabChangesFocus(True)
        self.comment.setFixedHeight(56)
        self.comment.setPlaceholderText("What you saw (required for Z9)")
        self._lay_out()
        self._recent: list[str] = []
        self._show_recent(())
        self.list.current_changed.connect(lambda _: self._look())
        self.list.activated_id.connect(lambda _: self._go_if_ready())
        self.search.textChanged.connect(self._searched)
        self.search.left.connect(self.list.setFocus)
        self.search.installEventFilter(self)
        self.comment.textChanged.connect(self._ready)
        self.list.select_ids([current or "T1"])
        self.search.setFocus()
        self._look()
        lookup, person = desk.services.lookup, desk.person
        desk.tasks.query(
            lambda: lookup.recent_causes(person, _RECENT), self._show_recent, owner=self, key="recent"
        )

    def _lay_out(self) -> None:
        self.body.addWidget(self.search)
        self.body.addWidget(self.recent)
        middle = QHBoxLayout()
        middle.setSpacing(3 * GRID)
        middle.addWidget(self.list, 1)
        right = QVBoxLayout()
        right.setSpacing(2 * GRID)
        right.addWidget(self.words, 1)
        label = QLabel("Comment")
        label.setBuddy(self.comment)
        label.setProperty("textsize", "small")
        tone(label, Tone.MUTED)
        self.comment.setAccessibleName("Comment")
        right.addWidget(label)
        right.addWidget(self.comment)
        middle.addLayout(right, 1)
        self.body.addLayout(middle, 1)

    @property
    def code(self) -> str:
        """The cause the cursor is on, '' on a heading."""
        return str(self.list.current_id() or "")

    def _show_recent(self, codes: Sequence[str]) -> None:
        words = cause_words()
        self._recent = [code for code in codes if code in words]
        listed = [f"{n}  {words[code].label}" for n, code in enumerate(self._recent, 1)]
        self.recent.setText("Recent:   " + "      ".join(listed))
        self.recent.setVisible(bool(listed))

    def _searched(self, text: str) -> None:
        self.list.arrange(search=text, collapsed=frozenset())
        if self.list.current_id() is None:
            self.list.select_first()
        self._look()

    def _look(self) -> None:
        words = cause_words().get(self.code)
        self.words.show_cause(words)
        self.name_action(f"{self._action} {self.code}".rstrip())
        self._ready()

    def _ready(self) -> None:
        needed = self._comment_required or (self.code in CATALOGUE and CATALOGUE[self.code].comment_required)
        typed = bool(self.comment.toPlainText().strip())
        self.yes.setEnabled(bool(self.code) and (typed or not needed))
        self.yes.setToolTip("Write a comment first" if needed and not typed else "Ctrl+Enter")

    def go(self) -> None:
        self._chosen(self, self.code, self.comment.toPlainText().strip())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            digit = event.key() - Qt.Key.Key_0.value
            if not self.search.text() and 1 <= digit <= len(self._recent) and not event.modifiers():
                self.list.select_ids([self._recent[digit - 1]])
                self._go_if_ready()
                return True
            if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                self._step(1 if event.key() == Qt.Key.Key_Down else -1)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.search.text():
                self._go_if_ready()
                return True
        return super().eventFilter(watched, event)

    def _step(self, by: int) -> None:
        """The next cause below or above, over headings."""
        line = self.list.currentIndex().row() + by
        while 0 <= line < self.list.table.rowCount():
            id = self.list.table.id_at(line)
            if id is not None:
                self.list.select_ids([id])
                return
            line += by


class _Words(QFrame):
    """What one cause looks like and what to do about it."""

    def __init__(self) -> None:
        super().__init__()
        kind(self, "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(*[3 * GRID] * 4)
        column.setSpacing(GRID)
        self.title = QLabel()
        self.title.setProperty("textsize", "large")
        self.title.setWordWrap(True)
        column.addWidget(self.title)
        self.right = QLabel()
        self.right.setWordWrap(True)
        column.addWidget(self.right)
        self._texts: list[QLabel] = []
        for heading in ("Looks like", "Do now", "So that it does not come back", "Tell"):
            column.addSpacing(GRID)
            label = QLabel(heading)
            label.setProperty("textsize", "small")
            tone(label, Tone.MUTED)
            text = QLabel()
            text.setWordWrap(True)
            text.setTextFormat(Qt.TextFormat.PlainText)
            column.addWidget(label)
            column.addWidget(text)
            self._texts.append(text)
        column.addStretch(1)

    def show_cause(self, words: CauseWords | None) -> None:
        """The words of a cause, or what to do to see some."""
        if words is None:
            self.title.setText("Choose a cause")
            self.right.setText("")
            for text in self._texts:
                text.setText("–")
            return
        self.title.setText(words.label)
        said, meaning = _RIGHT[CATALOGUE[words.code].adjustment_right]
        if words.code == "Z0":
            said = "Nothing is known yet: it blocks closing until the cause is found."
        self.right.setText(said)
        tone(self.right, meaning)
        for text, given in zip(self._texts, (words.looks, words.fix, words.process, words.tell), strict=True):
            text.setText(given)
