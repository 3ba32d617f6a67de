"""The verb ``alerts``: one round of a sender, as a job runs it every few minutes."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from support.command_line import Line
from support.receivers import Hooked, MailBox, hooked, mailbox
from support.warehouse import CHEAP, SECRET, hire
from zeroline.cli import Exit
from zeroline.domain.instant import DAY
from zeroline.domain.person import Person, Role
from zeroline.services.workbench import Workbench

__all__ = ["hooked", "mailbox"]


def now() -> int:
    return time.time_ns() // 1_000


@pytest.fixture
def set_to(monkeypatch: pytest.MonkeyPatch, mailbox: MailBox, hooked: Hooked) -> None:
    """This machine can send."""
    for name, value in (mailbox.environment() | hooked.environment()).items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def manager(line: Line, tmp_path: Path) -> Person:
    """Somebody who is written to, and a balance below zero."""
    moved = tmp_path / "movements.csv"
    moved.write_text("movement_id,item,location,quantity,recorded_at\nm1,00123,A-01,-5,2026-01-01\n", "utf-8")
    line("import", moved)
    bench = Workbench(f"sqlite:///{line.database}", now, hasher=CHEAP)
    wanted = {
        "first": ("First Administrator", Role.ADMINISTRATOR),
        "second": ("Second Administrator", Role.ADMINISTRATOR),
        "kaya": ("Mia Kaya", Role.MANAGER),
    }
    made = hire(bench.people, wanted)["kaya"]
    bench.alerting.set_email(made, made.id, "kaya@example.com")
    bench.dispose()
    return made


@pytest.mark.usefixtures("set_to", "manager")
def test_a_round_tells_everybody_once(line: Line, mailbox: MailBox, hooked: Hooked) -> None:
    answer = line("alerts", "send")
    assert (answer.code, answer.out, answer.err) == (
        *(Exit.DONE, "1 e-mail and 1 webhook message sent\n"),
        "",
    )
    again = line("alerts", "send")
    assert (again.code, again.out) == (Exit.DONE, "0 e-mails and 0 webhook messages sent\n")
    assert (len(mailbox.messages), len(hooked.taken)) == (1, 1)


@pytest.mark.usefixtures("set_to")
def test_a_digest_tells_what_is_open_at_the_end_of_a_shift(
    line: Line, mailbox: MailBox, manager: Person
) -> None:
    bench = Workbench(f"sqlite:///{line.database}", now, hasher=CHEAP)
    policy = bench.policies.current()
    minute = (now() % DAY) // 60_000_000
    ends = tuple(sorted({(minute - 1) % (24 * 60), (minute - 2) % (24 * 60)}))
    bench.policies.change(manager, replace(policy, shift_ends=ends), "for the test")
    bench.dispose()
    assert line("alerts", "digest").code == Exit.DONE
    assert ": new negatives 1." in mailbox.messages[-1].get_content()


@pytest.mark.usefixtures("set_to", "manager")
def test_what_could_not_be_sent_is_said(line: Line, mailbox: MailBox, hooked: Hooked) -> None:
    mailbox.refuse["HELLO"] = "421 not now"
    hooked.answer = 422
    answer = line("alerts", "send")
    assert (answer.code, answer.out) == (Exit.TROUBLE, "0 e-mails and 0 webhook messages sent\n")
    assert answer.err == (
        "1 message could not be sent; tried again later.\n"
        "1 message given up; an administrator finds it under Messages.\n"
    )


@pytest.mark.usefixtures("manager")
def test_without_settings_people_are_told_in_the_window_only(line: Line, manager: Person) -> None:
    answer = line("alerts", "send")
    assert answer.code == Exit.TROUBLE
    assert "no mail server and no webhook is set" in answer.err
    bench = Workbench(f"sqlite:///{line.database}", now, hasher=CHEAP)
    assert bench.alerting.mine(manager).unseen == 1
    bench.dispose()


@pytest.mark.usefixtures("manager")
def test_a_setting_that_cannot_be_used_is_named_and_nobody_is_told(
    line: Line, monkeypatch: pytest.MonkeyPatch, manager: Person
) -> None:
    monkeypatch.setenv("ZEROLINE_SMTP_HOST", "mail.example.com")
    answer = line("alerts", "send")
    assert answer.code == Exit.TROUBLE
    assert "ZEROLINE_MAIL_FROM is missing or cannot be used" in answer.err


def test_the_help_says_what_can_be_set(line: Line) -> None:
    assert "ZEROLINE_WEBHOOK_KEY" in line.bare("alerts", "send", "--help").out
    assert SECRET not in line.bare("alerts", "--help").out
