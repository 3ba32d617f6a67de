"""Looking after people in the window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from support.desk import Workstation
from support.screen import focus
from support.warehouse import SECRET
from zeroline.domain.errors import DomainError
from zeroline.domain.person import Person, Role
from zeroline.ui.dialogs.person import AddPersonDialog, BadgeDialog, SecretDialog
from zeroline.ui.screens import entries_for
from zeroline.ui.screens.people import PeopleScreen
from zeroline.ui.theme import Tone


@pytest.fixture
def screen(workstation: Workstation) -> PeopleScreen:
    made = workstation.show(PeopleScreen(workstation.desk(workstation.warehouse.people.administrator)))
    focus(workstation.qtbot, made.table)
    return made


def on(screen: PeopleScreen, person: Person) -> None:
    screen.table.select_ids([person.id])


def test_somebody_added_can_sign_in(workstation: Workstation, screen: PeopleScreen) -> None:
    workstation.qtbot.keyClick(screen.table, Qt.Key.Key_N)
    dialog = workstation.dialog(AddPersonDialog)
    for key, text in (("name", "Nina New"), ("login", "nina"), ("secret", SECRET), ("again", SECRET)):
        dialog.fields[key].setText(text)
    dialog.role.setCurrentText("auditor")
    dialog.yes.click()
    assert workstation.services.people.sign_in("nina", SECRET).role is Role.AUDITOR
    row = screen.current()
    assert row is not None
    assert row.person.name == "Nina New"


def test_passwords_that_differ_are_not_taken(workstation: Workstation, screen: PeopleScreen) -> None:
    screen.add()
    dialog = workstation.dialog(AddPersonDialog)
    for key, text in (("name", "Nina"), ("login", "nina"), ("secret", SECRET), ("again", "other words")):
        dialog.fields[key].setText(text)
    dialog.yes.click()
    assert dialog.wrong.text() == "The two do not agree. Type both again."
    assert dialog.fields["name"].text() == "Nina"
    dialog.reject()


def test_a_login_that_was_given_before_is_refused_at_its_field(
    workstation: Workstation, screen: PeopleScreen
) -> None:
    screen.add()
    dialog = workstation.dialog(AddPersonDialog)
    for key, text in (("name", "Cora"), ("login", "counter"), ("secret", SECRET), ("again", SECRET)):
        dialog.fields[key].setText(text)
    dialog.yes.click()
    assert "“counter” was already given" in dialog.wrong.text()
    assert dialog.isVisible()
    dialog.reject()


def test_a_role_is_changed_with_what_it_means(workstation: Workstation, screen: PeopleScreen) -> None:
    on(screen, workstation.warehouse.people.counter)
    workstation.prompts.answers = [Role.SUPERVISOR]
    workstation.qtbot.keyClick(screen.table, Qt.Key.Key_R)
    assert "they still cannot approve" in workstation.prompts.asked[0][2]
    row = screen.current()
    assert row is not None
    assert row.person.role is Role.SUPERVISOR


@pytest.mark.parametrize("verb", ["change_role", "switch"])
def test_the_last_administrator_stays_and_the_screen_says_why(
    workstation: Workstation, screen: PeopleScreen, verb: str
) -> None:
    on(screen, workstation.warehouse.people.administrator)
    workstation.prompts.answers = [Role.AUDITOR]
    getattr(screen, verb)()
    assert screen.banner.tone is Tone.NEGATIVE
    assert screen.banner.text == (
        "Somebody must be left who can look after people. Make another administrator first."
    )


def test_somebody_switched_off_cannot_sign_in_and_can_be_let_in_again(
    workstation: Workstation, screen: PeopleScreen
) -> None:
    on(screen, workstation.warehouse.people.counter)
    workstation.prompts.answers = [True]
    workstation.qtbot.keyClick(screen.table, Qt.Key.Key_D)
    with pytest.raises(DomainError, match="person-disabled"):
        workstation.services.people.sign_in("counter", SECRET)
    assert screen.switch_action.text() == "Switch on"
    workstation.qtbot.keyClick(screen.table, Qt.Key.Key_D)
    assert workstation.services.people.sign_in("counter", SECRET).name == "Cora Counter"


def test_a_new_password_for_somebody_else_unlocks_them(
    workstation: Workstation, screen: PeopleScreen
) -> None:
    on(screen, workstation.warehouse.people.counter)
    workstation.qtbot.keyClick(screen.table, Qt.Key.Key_S)
    dialog = workstation.dialog(SecretDialog)
    dialog.fields["secret"].setText("battery staple")
    dialog.fields["again"].setText("battery staple")
    dialog.yes.click()
    assert workstation.services.people.sign_in("counter", "battery staple").name == "Cora Counter"


def test_ones_own_password_wants_the_present_one(workstation: Workstation, screen: PeopleScreen) -> None:
    on(screen, workstation.warehouse.people.administrator)
    screen.new_secret()
    dialog = workstation.dialog(SecretDialog)
    for key, text in (("old", "guessed"), ("secret", "battery staple"), ("again", "battery staple")):
        dialog.fields[key].setText(text)
    dialog.yes.click()
    assert dialog.wrong.text() == "This is not your password. Nothing was signed."
    dialog.fields["old"].setText(SECRET)
    dialog.yes.click()
    assert workstation.services.people.sign_in("administrator", "battery staple")


def test_a_scanned_badge_and_a_pin_let_somebody_in(workstation: Workstation, screen: PeopleScreen) -> None:
    on(screen, workstation.warehouse.people.counter)
    workstation.qtbot.keyClick(screen.table, Qt.Key.Key_B)
    dialog = workstation.dialog(BadgeDialog)
    workstation.scanner.scanned.emit("NEW-BADGE-7")
    assert dialog.fields["badge"].text() == "NEW-BADGE-7"
    dialog.fields["pin"].setText("1357")
    dialog.fields["again"].setText("1357")
    dialog.yes.click()
    assert workstation.services.people.sign_in_by_badge("NEW-BADGE-7", "1357").login == "counter"


def test_somebody_elses_badge_is_refused_by_name(workstation: Workstation, screen: PeopleScreen) -> None:
    on(screen, workstation.warehouse.people.counter)
    screen.badge()
    dialog = workstation.dialog(BadgeDialog)
    dialog.fields["badge"].setText("BADGE-manager")
    dialog.fields["pin"].setText("1357")
    dialog.fields["again"].setText("1357")
    dialog.yes.click()
    assert "belongs to somebody else" in dialog.wrong.text()
    dialog.reject()


def test_a_locked_account_says_until_when(workstation: Workstation, screen: PeopleScreen) -> None:
    for _ in range(5):
        with pytest.raises(DomainError):
            workstation.services.people.sign_in("counter", "wrong wrong")
    screen.reload()
    row = screen.table.table.rows.row_of(workstation.warehouse.people.counter.id)
    assert row is not None
    assert screen.table.table.rows.value("state", row) == "locked until 06:00"


def test_only_the_administrator_has_this_place(workstation: Workstation) -> None:
    people = workstation.warehouse.people
    having = [
        person.login
        for person in (
            people.counter,
            people.supervisor,
            people.manager,
            people.auditor,
            people.administrator,
        )
        if "people" in [entry.key for entry in entries_for(person)]
    ]
    assert having == ["administrator"]
