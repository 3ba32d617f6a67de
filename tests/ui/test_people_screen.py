"""Looking after people in the window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from support.desk import Workstation
from support.screen import focus
from support.warehouse import SECRET
from zeroline.domain.errors import DomainError
from zeroline.domain.person import Person, Role
from zeroline.domain.second_hand import WINDOW
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
    workstation.prompts.answers = [Role.AUDITOR]
    workstation.qtbot.keyClick(screen.table, Qt.Key.Key_R)
    assert "they still cannot approve" in workstation.prompts.asked[0][2]
    row = screen.current()
    assert row is not None
    assert row.person.role is Role.AUDITOR


@pytest.mark.parametrize("verb", ["change_role", "switch"])
def test_the_last_administrator_stays_and_the_screen_says_why(
    workstation: Workstation, screen: PeopleScreen, verb: str
) -> None:
    second = workstation.warehouse.people.other_administrator
    workstation.services.people.set_active(second, second.id, False)
    screen.reload()
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


# the second administrator


@pytest.fixture
def second(workstation: Workstation) -> PeopleScreen:
    """The screen of the other administrator, while the first one asks that the counter be a supervisor."""
    staff = workstation.warehouse.people
    workstation.services.people.change_role(staff.administrator, staff.counter.id, Role.SUPERVISOR)
    made = workstation.show(PeopleScreen(workstation.desk(staff.other_administrator)))
    focus(workstation.qtbot, made.table)
    return made


def words(screen: PeopleScreen) -> str:
    """What is said under the list."""
    labels = (screen.strip.title, screen.strip.turn, screen.strip.fate)
    return " ".join(label.text() for label in labels if label.isVisible())


def test_who_asks_for_a_supervisor_reads_whose_turn_it_is(
    workstation: Workstation, screen: PeopleScreen
) -> None:
    on(screen, workstation.warehouse.people.counter)
    workstation.prompts.answers = [Role.SUPERVISOR]
    workstation.qtbot.keyClick(screen.table, Qt.Key.Key_R)
    turn = "Waiting for a second administrator: Orla Otheradministrator confirms it in People."
    assert workstation.said[-1] == (turn, Tone.CAUTION)
    assert words(screen) == (
        "Ada Administrator asks that Cora Counter, now counter, become supervisor. "
        f"{turn} Asked just now; if nobody confirms it by 2026-03-09 06:00, it counts no more."
    )
    row = screen.current()
    assert row is not None
    assert row.person.role is Role.COUNTER
    assert not screen.confirm_action.isEnabled()
    assert screen.withdraw_action.isEnabled()


def test_a_new_supervisor_waits_and_the_dialog_says_so_before(
    workstation: Workstation, screen: PeopleScreen
) -> None:
    workstation.qtbot.keyClick(screen.table, Qt.Key.Key_N)
    dialog = workstation.dialog(AddPersonDialog)
    assert "second administrator" not in dialog.explains.text()
    dialog.role.setCurrentText("manager")
    assert dialog.explains.text().endswith("Takes effect when a second administrator has confirmed it.")
    for key, text in (("name", "Nina New"), ("login", "nina"), ("secret", SECRET), ("again", SECRET)):
        dialog.fields[key].setText(text)
    dialog.yes.click()
    row = screen.current()
    assert row is not None
    assert (row.person.name, row.person.active) == ("Nina New", False)
    assert words(screen).startswith("Ada Administrator asks that Nina New come in as manager.")


def test_the_second_administrator_confirms_with_one_key_and_their_password(
    workstation: Workstation, second: PeopleScreen
) -> None:
    assert second.current() is not None  # what waits is the first line
    assert "It waits for you: confirm it with your password." in words(second)
    workstation.prompts.answers = [SECRET]
    workstation.qtbot.keyClick(second.table, Qt.Key.Key_Y)
    kind, _, text = workstation.prompts.asked[0]
    assert kind == "secret"
    assert "approves within limits" in text
    assert workstation.services.people.sign_in("counter", SECRET).role is Role.SUPERVISOR
    assert workstation.said[-1] == ("Cora Counter is supervisor from now on.", Tone.VERIFIED)
    assert not second.strip.isVisible()


def test_a_wrong_password_confirms_nothing(workstation: Workstation, second: PeopleScreen) -> None:
    workstation.prompts.answers = ["not mine"]
    workstation.qtbot.keyClick(second.table, Qt.Key.Key_Y)
    assert second.banner.text == "This is not your password. Nothing was signed."
    assert second.strip.isVisible()


def test_the_second_administrator_refuses_with_one_key(
    workstation: Workstation, second: PeopleScreen
) -> None:
    workstation.qtbot.keyClick(second.table, Qt.Key.Key_X)
    assert workstation.said[-1] == ("The request is refused.", Tone.VERIFIED)
    assert not second.strip.isVisible()
    assert workstation.services.people.sign_in("counter", SECRET).role is Role.COUNTER


def test_who_asked_withdraws_with_one_key(workstation: Workstation, screen: PeopleScreen) -> None:
    on(screen, workstation.warehouse.people.counter)
    workstation.prompts.answers = [Role.SUPERVISOR]
    workstation.qtbot.keyClick(screen.table, Qt.Key.Key_R)
    workstation.qtbot.keyClick(screen.table, Qt.Key.Key_W)
    assert workstation.said[-1] == ("The request is withdrawn.", Tone.VERIFIED)
    assert not screen.strip.isVisible()


def test_from_another_line_one_button_leads_to_what_waits(
    workstation: Workstation, second: PeopleScreen
) -> None:
    on(second, workstation.warehouse.people.auditor)
    assert words(second) == "1\u00a0request waits for a second administrator."
    second.strip.go.click()
    row = second.current()
    assert row is not None
    assert row.person == workstation.warehouse.people.counter


def test_an_answer_that_came_too_late_says_who_was_first(
    workstation: Workstation, second: PeopleScreen
) -> None:
    people, staff = workstation.services.people, workstation.warehouse.people
    request = second.request()
    assert request is not None
    people.withdraw(staff.administrator, request.id)
    workstation.prompts.answers = [SECRET]
    workstation.qtbot.keyClick(second.table, Qt.Key.Key_Y)
    assert second.banner.text == (
        "Ada Administrator has answered this already: withdrawn. Look at the list again."
    )
    assert not second.strip.isVisible()


def test_of_two_administrators_one_is_asked_to_leave_and_agrees(
    workstation: Workstation, screen: PeopleScreen
) -> None:
    staff = workstation.warehouse.people
    on(screen, staff.other_administrator)
    workstation.prompts.answers = [True]
    workstation.qtbot.keyClick(screen.table, Qt.Key.Key_D)
    assert "without an answer by 2026-03-09 06:00 it needs no agreement any more" in words(screen)
    other = workstation.show(PeopleScreen(workstation.desk(staff.other_administrator)))
    focus(workstation.qtbot, other.table)
    workstation.prompts.answers = [SECRET]
    workstation.qtbot.keyClick(other.table, Qt.Key.Key_Y)
    assert "You agree to leave." in workstation.prompts.asked[-1][2]
    with pytest.raises(DomainError, match="person-disabled"):
        workstation.services.people.sign_in("other_administrator", SECRET)


def test_a_leaving_that_nobody_answered_needs_no_agreement(
    workstation: Workstation, screen: PeopleScreen
) -> None:
    staff = workstation.warehouse.people
    workstation.services.people.set_active(staff.administrator, staff.other_administrator.id, False)
    workstation.warehouse.clock.forward(WINDOW)
    screen.reload()
    on(screen, staff.other_administrator)
    assert words(screen).endswith("not answered for a week: any administrator may confirm it.")
    workstation.prompts.answers = [SECRET]
    workstation.qtbot.keyClick(screen.table, Qt.Key.Key_Y)
    assert workstation.said[-1] == ("Orla Otheradministrator is switched off.", Tone.VERIFIED)


def test_who_is_alone_reads_that_a_second_is_to_be_added(
    workstation: Workstation, screen: PeopleScreen
) -> None:
    staff = workstation.warehouse.people
    workstation.services.people.set_active(staff.other_administrator, staff.other_administrator.id, False)
    screen.reload()
    on(screen, staff.counter)
    workstation.prompts.answers = [Role.SUPERVISOR]
    workstation.qtbot.keyClick(screen.table, Qt.Key.Key_R)
    assert "There is none yet who may confirm it: add one." in words(screen)
    on(screen, staff.auditor)
    workstation.prompts.answers = [Role.ADMINISTRATOR]
    workstation.qtbot.keyClick(screen.table, Qt.Key.Key_R)
    assert workstation.said[-1] == ("Aino Auditor is administrator from now on.", Tone.VERIFIED)


def test_a_file_keeps_no_rows_from_anybody_and_offers_no_sites(
    workstation: Workstation, screen: PeopleScreen
) -> None:
    on(screen, workstation.warehouse.people.counter)
    assert "sites" not in [column.key for column in screen.columns]
    assert screen.sites_action not in screen.panel.row_actions()
    workstation.qtbot.keyClick(screen.table, Qt.Key.Key_T)
    assert workstation.prompts.asked == []
    assert not screen.sites_action.isVisible()
