"""Letters leave once: to a mail server and a receiver of webhooks that answer, refuse, hang up and return."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator

import pytest

from support.receivers import Hooked, MailBox
from support.warehouse import CHEAP, SettableClock, Warehouse
from zeroline.domain.alert import ATTEMPTS, LEASE
from zeroline.domain.instant import HOUR, MINUTE, SECOND
from zeroline.domain.person import PROGRAM
from zeroline.domain.views.alerting import DeadLetter
from zeroline.letters import settings
from zeroline.letters.round import Sent, send_round
from zeroline.services.workbench import Workbench
from zeroline.wording import letter_trouble


@pytest.fixture
def bench(warehouse: Warehouse) -> Iterator[Workbench]:
    """Sam is written to, and a balance went below zero."""
    made = Workbench(warehouse.url, warehouse.clock, hasher=CHEAP)
    supervisor = warehouse.people.supervisor
    made.sites.name_entity("Northgate")
    made.alerting.set_email(supervisor, supervisor.id, "sam@example.com")
    warehouse.move("BRG-6204", "E-02", "-8")
    yield made
    made.dispose()


def send(bench: Workbench, *servers: MailBox | Hooked) -> Sent:
    environment = {name: value for server in servers for name, value in server.environment().items()}
    post = settings.read(environment)
    bench.alerting.notice(PROGRAM, house=post.hook is not None)
    return send_round(bench, post)


def dead(bench: Workbench, warehouse: Warehouse) -> tuple[DeadLetter, ...]:
    return bench.alerting.outbox(warehouse.people.administrator).dead


def test_an_e_mail_says_in_its_subject_what_happened_where(bench: Workbench, mailbox: MailBox) -> None:
    assert send(bench, mailbox) == Sent(mails=1)
    (mail,) = mailbox.messages
    assert mail["To"] == "Sam Supervisor <sam@example.com>"
    assert mail["From"] == "Zeroline <zeroline@example.com>"
    said = "BRG-6204 in E-02 (MAIN) went below zero: −8 EA."
    title = str(mail["Subject"]).strip()
    assert title == "[Northgate] Below zero: BRG-6204 in E-02 (MAIN) went below zero: -8 EA."
    assert f"- {said}" in mail.get_content()


def test_names_and_codes_of_any_language_arrive_as_they_are(
    bench: Workbench, mailbox: MailBox, warehouse: Warehouse
) -> None:
    sam = warehouse.people.supervisor
    bench.sites.name_entity("Łódź Śródmieście")
    bench.people.rename(warehouse.people.administrator, sam.id, "Şükrü Özgür, Œdipe")
    warehouse.move("ΛΑΔΙ-6204", "E-03", "-8")
    send(bench, mailbox)
    (mail,) = mailbox.messages
    assert mail["To"].addresses[0].display_name == "Şükrü Özgür, Œdipe"
    assert mail["Subject"].split() == ["[Łódź", "Śródmieście]", "2", "alerts:", "Below", "zero"]
    assert "ΛΑΔΙ-6204 in E-03 (MAIN) went below zero: −8 EA." in mail.get_content()


def test_nobody_is_written_to_twice(bench: Workbench, mailbox: MailBox, hooked: Hooked) -> None:
    assert send(bench, mailbox, hooked) == Sent(mails=1, hooks=1)
    assert send(bench, mailbox, hooked) == Sent()
    assert (len(mailbox.messages), len(hooked.taken)) == (1, 1)


def test_several_alerts_are_one_e_mail_over_one_connection(
    bench: Workbench, mailbox: MailBox, warehouse: Warehouse
) -> None:
    manager = warehouse.people.manager
    bench.alerting.set_email(manager, manager.id, "mara@example.com")
    warehouse.move("BRG-6205", "E-03", "-1")
    assert send(bench, mailbox) == Sent(mails=2)
    assert mailbox.connections == 1
    assert {mail["Subject"] for mail in mailbox.messages} == {"[Northgate] 2 alerts: Below zero"}


def test_a_webhook_is_signed_over_its_time_and_body(
    bench: Workbench, hooked: Hooked, clock: SettableClock
) -> None:
    assert send(bench, hooked) == Sent(hooks=1)
    ((headers, body),) = hooked.taken
    timestamp = headers["x-zeroline-timestamp"]
    assert int(timestamp) == clock() // SECOND
    key = hooked.environment()["ZEROLINE_WEBHOOK_KEY"]
    made = hmac.digest(key.encode(), timestamp.encode() + b"." + body, "sha256").hex()
    assert headers["x-zeroline-signature"] == f"v1={made}"
    told = json.loads(body)
    assert told["id"] == headers["x-zeroline-id"]
    (alert,) = told["alerts"]
    assert (alert["kind"], alert["subject"], told["entity"]) == ("negative", "case 1", "Northgate")
    assert alert["facts"]["on_hand_quantity"] == -8_000_000


@pytest.mark.parametrize("answer", [404, 500, 503, 301])
def test_a_webhook_that_fails_is_sent_again_later_under_the_same_id(
    bench: Workbench, hooked: Hooked, clock: SettableClock, answer: int
) -> None:
    hooked.answer, hooked.location = answer, hooked.url if answer == 301 else ""
    assert send(bench, hooked) == Sent(later=1)
    assert send(bench, hooked) == Sent()
    hooked.answer = 204
    clock.forward(MINUTE)
    assert send(bench, hooked) == Sent(hooks=1)
    first, second = (headers["x-zeroline-id"] for headers, _ in hooked.taken)
    assert first == second


def test_a_webhook_that_is_refused_for_what_it_is_is_given_up_and_its_address_stays_unsaid(
    bench: Workbench, hooked: Hooked, warehouse: Warehouse
) -> None:
    hooked.answer = 422
    assert send(bench, hooked) == Sent(dead=1)
    (letter,) = dead(bench, warehouse)
    assert letter_trouble(letter.trouble) == (
        "The receiver of the webhook refused the message: 422 Unprocessable Entity"
    )
    assert "unsaid" not in letter.trouble


def test_a_mail_server_that_is_down_is_asked_once_a_round_until_the_letter_is_given_up(
    bench: Workbench, mailbox: MailBox, warehouse: Warehouse, clock: SettableClock
) -> None:
    manager = warehouse.people.manager
    bench.alerting.set_email(manager, manager.id, "mara@example.com")
    mailbox.refuse["HELLO"] = "421 not now"
    for _ in range(ATTEMPTS - 1):
        assert send(bench, mailbox) == Sent(later=2)
        clock.forward(4 * HOUR)
    assert send(bench, mailbox) == Sent(dead=2)
    assert mailbox.connections == ATTEMPTS
    assert send(bench, mailbox) == Sent()
    letters = dead(bench, warehouse)
    assert {letter_trouble(one.trouble) for one in letters} == {
        "The mail server refused the message: 421 not now"
    }
    mailbox.refuse.clear()
    for one in letters:
        bench.alerting.again(warehouse.people.administrator, one.id)
    assert send(bench, mailbox) == Sent(mails=2)


def test_a_mailbox_that_does_not_exist_is_given_up_at_once_and_others_are_written_to(
    bench: Workbench, mailbox: MailBox, warehouse: Warehouse
) -> None:
    mailbox.refuse["RCPT"] = "550 no such mailbox"
    assert send(bench, mailbox) == Sent(dead=1)
    assert dead(bench, warehouse)[0].trouble == "mail-refused 550 no such mailbox"


@pytest.mark.parametrize(
    ("word", "answer", "came"),
    [
        ("RCPT", "450 busy", Sent(later=1)),
        (".", "554 not wanted", Sent(dead=1)),
        (".", "451 try again", Sent(later=1)),
        ("MAIL", "553 not from you", Sent(later=1)),
        ("DATA", "QUIT", Sent(later=1)),
    ],
)
def test_a_refusal_that_may_pass_is_tried_again(
    bench: Workbench, mailbox: MailBox, clock: SettableClock, word: str, answer: str, came: Sent
) -> None:
    mailbox.refuse[word] = answer
    assert send(bench, mailbox) == came
    mailbox.refuse.clear()
    clock.forward(MINUTE)
    assert send(bench, mailbox) == Sent(mails=came.later)


def test_a_server_that_is_not_there_is_told_so(
    bench: Workbench, hooked: Hooked, mailbox: MailBox, clock: SettableClock, warehouse: Warehouse
) -> None:
    gone = Hooked()
    nowhere = MailBox()
    for server in (gone, nowhere):
        server.server_close()
    assert send(bench, gone, nowhere) == Sent(later=2)
    with warehouse.database.read() as connection:
        troubles = connection.exec_driver_sql("SELECT trouble FROM letter ORDER BY channel").scalars().all()
    assert list(map(letter_trouble, troubles)) == [
        "The mail server did not answer: Connection refused",
        "The receiver of the webhook did not answer: Connection refused",
    ]
    clock.forward(MINUTE)
    assert send(bench, hooked, mailbox) == Sent(mails=1, hooks=1)


def test_a_server_without_encryption_gets_no_letter_where_encryption_is_wanted(
    bench: Workbench, mailbox: MailBox
) -> None:
    post = settings.read(mailbox.environment() | {"ZEROLINE_SMTP_SECURITY": "starttls"})
    bench.alerting.notice(PROGRAM)
    assert send_round(bench, post) == Sent(later=1)
    assert mailbox.messages == []


def test_a_server_that_speaks_no_tls_gets_no_letter_where_tls_is_wanted(
    bench: Workbench, mailbox: MailBox
) -> None:
    post = settings.read(mailbox.environment() | {"ZEROLINE_SMTP_SECURITY": "tls"})
    bench.alerting.notice(PROGRAM)
    assert send_round(bench, post) == Sent(later=1)
    assert mailbox.messages == []


def test_a_sign_in_goes_with_the_letter_and_a_wrong_one_is_said_without_the_password(
    bench: Workbench, mailbox: MailBox, warehouse: Warehouse, clock: SettableClock
) -> None:
    post = settings.read(
        mailbox.environment() | {"ZEROLINE_SMTP_USER": "zeroline", "ZEROLINE_SMTP_PASSWORD": "unsaid word"}
    )
    mailbox.refuse |= {"EHLO": "250-here\r\n250 AUTH PLAIN", "AUTH": "535 5.7.8 not you"}
    bench.alerting.notice(PROGRAM)
    assert send_round(bench, post) == Sent(later=1)
    with warehouse.database.read() as connection:
        trouble = connection.exec_driver_sql("SELECT trouble FROM letter").scalar_one()
    assert trouble == "mail-refused 535 5.7.8 not you"
    mailbox.refuse["AUTH"] = "235 come in"
    clock.forward(MINUTE)
    assert send_round(bench, post) == Sent(mails=1)


def test_a_server_that_hangs_up_before_the_farewell_has_the_letter(
    bench: Workbench, mailbox: MailBox
) -> None:
    mailbox.refuse["QUIT"] = "QUIT"
    assert send(bench, mailbox) == Sent(mails=1)


def test_who_has_no_address_any_more_is_not_written_to(
    bench: Workbench, mailbox: MailBox, warehouse: Warehouse
) -> None:
    bench.alerting.notice(PROGRAM)
    supervisor = warehouse.people.supervisor
    bench.alerting.set_email(supervisor, supervisor.id, "")
    assert send(bench, mailbox) == Sent(dead=1)
    assert dead(bench, warehouse)[0].trouble == "mail-nobody"


def test_a_sender_that_dies_after_sending_leaves_a_letter_that_is_recognised(
    bench: Workbench, mailbox: MailBox, hooked: Hooked, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as dying:
        dying.setattr(bench.alerting, "sent", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        for server in (mailbox, hooked):
            with pytest.raises(KeyboardInterrupt):
                send(bench, server)
    assert send(bench, mailbox, hooked) == Sent()  # the dead sender's, still
    clock.forward(LEASE)
    assert send(bench, mailbox, hooked) == Sent(mails=1, hooks=1)
    assert len({mail["Message-ID"] for mail in mailbox.messages}) == 1
    assert len({headers["x-zeroline-id"] for headers, _ in hooked.taken}) == 1


def test_a_slow_round_leaves_to_others_what_it_cannot_send_in_time(
    bench: Workbench, mailbox: MailBox, warehouse: Warehouse, clock: SettableClock
) -> None:
    manager = warehouse.people.manager
    bench.alerting.set_email(manager, manager.id, "mara@example.com")
    taken = mailbox.messages

    class Slow(list[object]):
        def append(self, one: object) -> None:
            super().append(one)
            clock.forward(LEASE // 2 + 1)

    mailbox.messages = slow = Slow()  # type: ignore[assignment]
    assert send(bench, mailbox) == Sent(mails=1)
    mailbox.messages = taken
    clock.forward(LEASE)
    assert send(bench, mailbox) == Sent(mails=1)
    assert slow[0]["To"] != taken[0]["To"]  # type: ignore[index]
