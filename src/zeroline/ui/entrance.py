"""The door: make the first administrator, sign in by login or badge, unlock. It covers the whole window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
)

from zeroline.domain.errors import DomainError
from zeroline.domain.person import Person
from zeroline.services.people import People
from zeroline.ui.tasks import Tasks
from zeroline.ui.theme import GRID, Tone, kind, tone
from zeroline.wording import sentence


def _field(name: str, *, secret: bool = False) -> QLineEdit:
    field = QLineEdit()
    field.setAccessibleName(name)
    if secret:
        field.setEchoMode(QLineEdit.EchoMode.Password)
    return field


class Entrance(QFrame):
    """Asks who is there. ``entered`` carries the Person.

    A badge scan leaves only its PIN to type, Esc goes back to the login; Enter goes on from every field.
    """

    entered = Signal(object)
    restore_wanted = Signal()

    def __init__(self, people: People, tasks: Tasks, where: str) -> None:
        super().__init__()
        self._people = people
        self._tasks = tasks
        self._badge = ""
        kind(self, "window")
        self.setAccessibleName("Sign in")
        self.title = QLabel()
        self.title.setProperty("textsize", "display")
        self.hint = QLabel()
        self.hint.setWordWrap(True)
        tone(self.hint, Tone.MUTED)
        self.login = _field("Login")
        self.name = _field("Your name")
        self.secret = _field("Password", secret=True)
        self.again = _field("Password again", secret=True)
        self.button = QPushButton("Sign in")
        kind(self.button, "primary")
        self.button.setAutoDefault(False)
        self.wrong = QLabel()
        self.wrong.setWordWrap(True)
        self.wrong.setAccessibleName("What went wrong")
        tone(self.wrong, Tone.NEGATIVE)
        self.retry = QPushButton("Try again")
        self.retry.setAutoDefault(False)
        self.retry.hide()
        self._again: Callable[[], None] | None = None
        self.retry.clicked.connect(self._try_again)
        place = QLabel(f"Database: {where}")
        place.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        place.setWordWrap(True)
        tone(place, Tone.MUTED)

        self._form = QFormLayout()
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignRight)
        self._form.setHorizontalSpacing(3 * GRID)
        self._form.setVerticalSpacing(2 * GRID)
        for title, field in (
            ("&Login", self.login),
            ("&Name", self.name),
            ("&Password", self.secret),
            ("&Again", self.again),
        ):
            self._form.addRow(title, field)
            field.returnPressed.connect(self._go_on)
        self.button.clicked.connect(self._enter)

        card = QFrame()
        kind(card, "card")
        card.setFixedWidth(440)
        column = QVBoxLayout(card)
        column.setContentsMargins(*[8 * GRID] * 4)
        column.setSpacing(4 * GRID)
        column.addWidget(self.title)
        column.addWidget(self.hint)
        column.addLayout(self._form)
        column.addWidget(self.wrong)
        self.restore = QPushButton("Restore a backup…")
        kind(self.restore, "quiet")
        self.restore.setAutoDefault(False)
        self.restore.clicked.connect(lambda _checked=False: self.restore_wanted.emit())
        row = QHBoxLayout()
        row.addWidget(self.restore)
        row.addStretch(1)
        row.addWidget(self.retry)
        row.addWidget(self.button)
        column.addLayout(row)
        column.addWidget(place)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(card)
        middle.addStretch(1)
        outer = QVBoxLayout(self)
        outer.addStretch(1)
        outer.addLayout(middle)
        outer.addStretch(1)
        self._first = False
        self._locked_for: Person | None = None
        self.ask()

    # what is asked

    def ask(self, first: bool = False, locked_for: Person | None = None) -> None:
        """Ask for the first administrator, for whoever comes, or for the person the window is locked for."""
        self._first, self._locked_for, self._badge = first, locked_for, ""
        for field in (self.secret, self.again):
            field.clear()
        self._clear_wrong()
        self.button.setEnabled(True)
        if first:
            self._say("Welcome", "Nobody works with this database yet. You become its administrator.")
        elif locked_for is not None:
            self._say(
                "Locked",
                f"{locked_for.name} was working here; nothing is lost. Unlock, or sign in as somebody else.",
            )
            self.login.setText(locked_for.login)
        else:
            self._say("Zeroline", "Sign in with your login, or scan your badge and type your PIN.")
            self.login.clear()
        self.restore.setVisible(locked_for is None)
        self._form.setRowVisible(self.login, True)
        self._name_secret("&Password")
        self._form.setRowVisible(self.name, first)
        self._form.setRowVisible(self.again, first)
        self.button.setText("Become administrator" if first else "Unlock" if locked_for else "Sign in")
        (self.secret if locked_for is not None else self.login).setFocus()

    def _say(self, title: str, hint: str) -> None:
        self.title.setText(title)
        self.hint.setText(hint)

    def _name_secret(self, title: str) -> None:
        label = self._form.labelForField(self.secret)
        assert isinstance(label, QLabel)
        label.setText(title)
        self.secret.setAccessibleName(title.replace("&", ""))

    def take_badge(self, code: str) -> None:
        """A badge was scanned: only its PIN is still asked."""
        if self._first:
            return
        self._badge = code
        self._clear_wrong()
        self._say(self.title.text(), "Badge read. Type its PIN; Esc goes back to your login.")
        self._form.setRowVisible(self.login, False)
        self._name_secret("&PIN")
        self.button.setText("Sign in")
        self.secret.clear()
        self.secret.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._badge:
            self.ask(locked_for=self._locked_for)
        else:
            super().keyPressEvent(event)

    # what happens

    def _go_on(self) -> None:
        """Enter: to the next empty field, or through the door from the last one."""
        shown = [field for field in (self.login, self.name, self.secret, self.again) if field.isVisible()]
        for field in shown:
            if not field.text():
                field.setFocus()
                return
        self._enter()

    def _enter(self) -> None:
        if not self.button.isEnabled():
            return
        login, name, secret = self.login.text(), self.name.text(), self.secret.text()
        if self._first and secret != self.again.text():
            self._refused(DomainError("secrets-differ", field="again"))
            return
        self.button.setEnabled(False)
        self._clear_wrong()
        badge, people = self._badge, self._people
        work: Callable[[], Person]
        if self._first:
            work = lambda: people.create_first_administrator(login, name, secret)  # noqa: E731
        elif badge:
            work = lambda: people.sign_in_by_badge(badge, secret)  # noqa: E731
        else:
            work = lambda: people.sign_in(login, secret)  # noqa: E731
        self._tasks.query(work, self._entered, owner=self, key="enter", failed=self._refused)

    def _entered(self, person: Person) -> None:
        self.secret.clear()
        self.again.clear()
        self.button.setEnabled(True)
        self.entered.emit(person)

    def turn_out(self, now: Person | None) -> None:
        """Say why the door was shut: an account that was switched off, or that has another role now."""
        if now is None or not now.active:
            self.wrong.setText(sentence(DomainError("person-disabled")))
        else:
            self.login.setText(now.login)
            self.secret.setFocus()
            self.wrong.setText(f"Your role was changed: you are {now.role.value} now. Sign in again.")
        self.wrong.show()

    def say_trouble(self, text: str, again: Callable[[], None]) -> None:
        """Something around the program failed while nobody was inside; ``again`` tries once more."""
        self.button.setEnabled(True)
        self.wrong.setText(text)
        self.wrong.show()
        self._again = again
        self.retry.show()

    def _try_again(self) -> None:
        again = self._again
        self._clear_wrong()
        if again is not None:
            again()

    def _clear_wrong(self) -> None:
        self._again = None
        self.retry.hide()
        self.wrong.hide()

    def _refused(self, error: DomainError) -> None:
        self.button.setEnabled(True)
        self.wrong.setText(sentence(error))
        self.wrong.show()
        field = {"login": self.login, "name": self.name, "again": self.again}.get(
            str(error.fields.get("field", "")), self.secret
        )
        field.setFocus()
        field.selectAll()
