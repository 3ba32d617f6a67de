"""One round of a sender: take what is due, send it, say what became of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import NamedTuple
from uuid import uuid4

from zeroline.domain.alert import ATTEMPTS, LEASE, Channel
from zeroline.domain.instant import SECOND
from zeroline.domain.person import PROGRAM
from zeroline.domain.views.alerting import Letter
from zeroline.letters.failure import Failed
from zeroline.letters.mail import Mailer
from zeroline.letters.settings import Post
from zeroline.letters.webhook import post
from zeroline.letters.words import Speak, message, payload, speaking
from zeroline.services.alerting.shifts import zone
from zeroline.services.workbench import Workbench


class Sent(NamedTuple):
    """What became of the letters of a round; ``later`` are tried again, ``dead`` given up."""

    mails: int = 0
    hooks: int = 0
    later: int = 0
    dead: int = 0


def send_round(services: Workbench, settings: Post) -> Sent:
    """Send all letters that are due by the channels there are settings for; times by the first site's clocks.

    A sender that dies between sending and saying so leaves a letter that is sent again under the same id. As
    the program: raises as :class:`~zeroline.services.alerting.Alerting`.
    """
    done = Sent()
    holder, alerting = uuid4().hex, services.alerting
    sites = services.sites.list()
    place, speak = services.sites.entity(), speaking(zone(sites[0].zone if sites else "UTC"))
    with ExitStack() as stack:
        ways: dict[str, Callable[[Letter], None]] = {}
        if settings.mail is not None:
            mailer, sender = stack.enter_context(Mailer(settings.mail)), settings.mail.sender
            ways[Channel.MAIL] = lambda letter: _mail(mailer, letter, sender, place, speak)
        if settings.hook is not None:
            hook = settings.hook
            ways[Channel.WEBHOOK] = lambda letter: post(
                hook, letter.token, services.clock() // SECOND, payload(letter, place, speak)
            )
        while letters := alerting.due(PROGRAM, holder, settings.channels):
            taken_at = services.clock()
            for letter in letters:
                if services.clock() - taken_at > LEASE // 2:
                    break  # somebody else may have the rest by the time it would be sent
                try:
                    ways[letter.channel](letter)
                except Failed as failure:
                    alerting.failed(PROGRAM, holder, letter, failure.kept, for_good=failure.for_good)
                    given_up = failure.for_good or letter.attempts + 1 >= ATTEMPTS
                    done = done._replace(later=done.later + (not given_up), dead=done.dead + given_up)
                    continue
                alerting.sent(PROGRAM, holder, letter)
                by_mail = letter.channel == Channel.MAIL
                done = done._replace(mails=done.mails + by_mail, hooks=done.hooks + (not by_mail))
    return done


def _mail(mailer: Mailer, letter: Letter, sender: str, place: str, speak: Speak) -> None:
    if not letter.address:
        raise Failed("mail-nobody", for_good=True)
    mailer.send(message(letter, sender, place, speak))
