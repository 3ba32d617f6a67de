"""The verb ``alerts``, for a job that is run every few minutes on one machine or on several."""

from __future__ import annotations

import argparse
import os

from zeroline.cli.exits import Exit
from zeroline.cli.setting import Setting
from zeroline.domain.errors import DomainError, Trouble
from zeroline.domain.person import PROGRAM
from zeroline.letters import settings
from zeroline.letters.round import send_round
from zeroline.services.workbench import Workbench

_EPILOG = """settings, from the environment only:
  ZEROLINE_SMTP_HOST       mail server; without it no e-mail is sent
  ZEROLINE_SMTP_SECURITY   starttls (default), tls or none
  ZEROLINE_SMTP_PORT       587, 465 or 25 by default
  ZEROLINE_SMTP_USER       if the server wants a sign-in
  ZEROLINE_SMTP_PASSWORD   its password, or ZEROLINE_SMTP_PASSWORD_FILE with the name of a file
  ZEROLINE_MAIL_FROM       the address that e-mails come from
  ZEROLINE_WEBHOOK_URL     where the house is told, or ZEROLINE_WEBHOOK_URL_FILE
  ZEROLINE_WEBHOOK_KEY     at least 16 characters that sign it, or ZEROLINE_WEBHOOK_KEY_FILE"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    parser.epilog = _EPILOG
    verbs = parser.add_subparsers(dest="alerts_verb", metavar="VERB", required=True)
    for name, what in (
        ("send", "look for what is new, and send what waits by e-mail and webhook, once"),
        ("digest", "the same, and what is open for each person if a shift ended in the last two hours"),
    ):
        verbs.add_parser(
            name,
            help=what,
            description=what,
            epilog=_EPILOG,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )


def run(setting: Setting, chosen: argparse.Namespace) -> int:
    """One round of a sender."""
    post = settings.read(os.environ)
    with setting.existing() as services:
        if services.actor().id != PROGRAM.id:
            raise DomainError("alerts-program")
        services.alerting.notice(PROGRAM, house=post.hook is not None)
        if chosen.alerts_verb == "digest":
            services.alerting.end_shift(PROGRAM)
        if not post.channels:
            raise Trouble("letters-unset")
        return _send(setting, services, post)


def _send(setting: Setting, services: Workbench, post: settings.Post) -> int:
    done = send_round(services, post)
    setting.say(f"{_count(done.mails, 'e-mail')} and {_count(done.hooks, 'webhook message')} sent")
    if done.later:
        setting.tell(f"{_count(done.later, 'message')} could not be sent; tried again later.")
    if done.dead:
        setting.tell(f"{_count(done.dead, 'message')} given up; an administrator finds it under Messages.")
    return Exit.TROUBLE if done.later or done.dead else Exit.DONE


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
