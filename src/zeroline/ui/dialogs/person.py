"""Accounts: add somebody, give a new password, give a badge with its PIN."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QWidget

from zeroline.domain.errors import DomainError
from zeroline.domain.person import Person, Role
from zeroline.domain.views.people import Given
from zeroline.ui.desk import Desk
from zeroline.ui.dialogs.form import Form
from zeroline.ui.text.people import ROLES, takes_two
from zeroline.ui.theme import Tone, tone


def _secret(name: str) -> QLineEdit:
    field = QLineEdit()
    field.setEchoMode(QLineEdit.EchoMode.Password)
    field.setAccessibleName(name)
    return field


class _Account(Form):
    """Fields that point at what is wrong; passwords and PINs are typed twice."""

    def __init__(self, parent: QWidget, desk: Desk, title: str, action: str) -> None:
        super().__init__(parent, desk, title, action, width=420)
        self.fields: dict[str, QLineEdit] = {}

    def add_field(self, key: str, label: str, *, secret: bool = False) -> QLineEdit:
        """A line to fill in; Enter goes to the next one."""
        field = _secret(label) if secret else QLineEdit()
        self.fields[key] = field
        self.field(label, field)
        field.returnPressed.connect(lambda: self._following(field))
        return field

    def _following(self, field: QLineEdit) -> None:
        order = list(self.fields.values())
        after = order[order.index(field) + 1 :]
        (after[0] if after else self.yes).setFocus()

    def text(self, key: str) -> str:
        """What is typed; passwords exactly as typed."""
        field = self.fields[key]
        hidden = field.echoMode() == QLineEdit.EchoMode.Password
        return field.text() if hidden else field.text().strip()

    def differs(self, key: str, again: str) -> bool:
        """Say so when the second writing is another one."""
        if self.text(key) == self.text(again):
            return False
        self.say_wrong("The two do not agree. Type both again.")
        for name in (key, again):
            self.fields[name].clear()
        self.fields[key].setFocus()
        return True

    def _refused(self, error: DomainError) -> None:
        super()._refused(error)
        field = self.fields.get(str(error.fields.get("field", "")))
        if field is not None:
            field.setFocus()
            field.selectAll()


class AddPersonDialog(_Account):
    """``added`` gets what became of it. ``administrators``: how many there are now."""

    def __init__(
        self, parent: QWidget, desk: Desk, administrators: int, added: Callable[[Given], None]
    ) -> None:
        super().__init__(parent, desk, "Add a person", "Add the person")
        self._administrators, self._added = administrators, added
        self.add_field("name", "Name")
        self.add_field("login", "Login (never given to anybody else)")
        self.role = QComboBox()
        for role in Role:
            self.role.addItem(role.value, role.value)
        self.field("Role", self.role)
        self.explains = QLabel()
        self.explains.setWordWrap(True)
        tone(self.explains, Tone.MUTED)
        self.body.addWidget(self.explains)
        self.add_field("secret", "First password, at least 8 characters", secret=True)
        self.add_field("again", "The password again", secret=True)
        self.role.currentIndexChanged.connect(lambda _: self._explain())
        self._explain()
        self.fields["name"].setFocus()

    def _explain(self) -> None:
        role = Role(self.role.currentData())
        self.explains.setText(f"{ROLES[role]} {takes_two(role, self._administrators)}".strip())

    def go(self) -> None:
        if self.differs("secret", "again"):
            return
        people, actor = self.desk.services.people, self.desk.person
        login, name, secret = self.text("login"), self.text("name"), self.text("secret")
        role = Role(self.role.currentData())
        self.send(lambda: people.add(actor, login, name, role, secret), self._added)


class SecretDialog(_Account):
    """A new password: one's own (the old one is asked first) or somebody else's by who looks after people."""

    def __init__(
        self, parent: QWidget, desk: Desk, person: Person, done: Callable[[], None] | None = None
    ) -> None:
        self._own = person.id == desk.person.id
        title = "Change your password" if self._own else f"New password for {person.name}"
        super().__init__(parent, desk, title, "Change the password" if self._own else "Set the password")
        self._person, self._done = person, done
        if self._own:
            self.add_field("old", "Your present password", secret=True)
        else:
            told = QLabel(f"Tell {person.name} the new password; it also unlocks the account.")
            told.setWordWrap(True)
            tone(told, Tone.MUTED)
            self.body.addWidget(told)
        self.add_field("secret", "New password, at least 8 characters", secret=True)
        self.add_field("again", "The new password again", secret=True)
        next(iter(self.fields.values())).setFocus()

    def go(self) -> None:
        if self.differs("secret", "again"):
            return
        people, actor, id = self.desk.services.people, self.desk.person, self._person.id
        old, secret = self.text("old") if self._own else "", self.text("secret")

        def write() -> object:
            if self._own:
                people.check_secret(id, old)
            return people.set_secret(actor, id, secret)

        def done(_: object) -> None:
            self.desk.ways.say("The password is changed.", Tone.VERIFIED)
            if self._done is not None:
                self._done()

        self.send(write, done)


class BadgeDialog(_Account):
    """A badge with its PIN; an empty badge takes it away. A scan fills the badge."""

    def __init__(self, parent: QWidget, desk: Desk, person: Person, has_badge: bool) -> None:
        super().__init__(parent, desk, f"Badge of {person.name}", "Give the badge")
        self._person, self._has = person, has_badge
        told = QLabel(
            "Scan the badge, then type its PIN twice: at least 4 digits."
            + (" Leave the badge empty to take the present one away." if has_badge else "")
        )
        told.setWordWrap(True)
        tone(told, Tone.MUTED)
        self.body.addWidget(told)
        self.add_field("badge", "Badge")
        self.add_field("pin", "PIN", secret=True)
        self.add_field("again", "PIN again", secret=True)
        self.fields["badge"].textChanged.connect(lambda _: self._look())
        desk.scanner.scanned.connect(self.take_code)
        self._look()
        self.fields["badge"].setFocus()

    def _look(self) -> None:
        badge = bool(self.text("badge"))
        self.name_action("Give the badge" if badge or not self._has else "Take the badge away")
        self.yes.setEnabled(badge or self._has)

    def take_code(self, code: str) -> None:
        """A badge was scanned over this dialog."""
        if self.isVisible():
            self.fields["badge"].setText(code)
            self.fields["pin"].setFocus()

    def go(self) -> None:
        if self.differs("pin", "again"):
            return
        people, actor, id = self.desk.services.people, self.desk.person, self._person.id
        badge, pin = self.text("badge"), self.text("pin")
        told = (
            f"{self._person.name} signs in with the badge and PIN." if badge else "The badge is taken away."
        )
        self.send(
            lambda: people.set_badge(actor, id, badge, pin), lambda _: self.desk.ways.say(told, Tone.VERIFIED)
        )
