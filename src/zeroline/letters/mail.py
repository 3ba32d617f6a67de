"""E-mail through a mail server: one connection for all letters of a round."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from typing import Final

from zeroline.letters.failure import Failed
from zeroline.letters.settings import MailServer

PATIENCE: Final = 10
"""Seconds that the server is waited for, at each step."""


class Mailer:
    """A connection to a mail server, made with the first letter and closed at the end of the ``with`` block.

    A server that could not be reached is not asked again in the same round: each letter fails alike.
    """

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._open: smtplib.SMTP | None = None
        self._unreachable: Failed | None = None

    def __enter__(self) -> Mailer:
        return self

    def __exit__(self, *_gone: object) -> None:
        if self._open is not None:
            try:
                self._open.quit()
            except OSError:
                self._open.close()

    def send(self, message: EmailMessage) -> None:
        """Hand a message over; raises Failed ``mail-unreachable`` or ``mail-refused``."""
        connection = self._connected()
        try:
            connection.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise _refused(code, said, of_letter=True) from error
        except smtplib.SMTPDataError as error:
            raise _refused(error.smtp_code, error.smtp_error, of_letter=True) from error
        except smtplib.SMTPResponseException as error:
            raise _refused(error.smtp_code, error.smtp_error) from error
        except OSError as error:  # of smtplib's own kinds too
            connection.close()
            self._open = None  # the next letter tries a new line
            raise Failed.by("mail-unreachable", error) from error

    def _connected(self) -> smtplib.SMTP:
        if self._unreachable is not None:
            raise self._unreachable
        if self._open is None:
            try:
                self._open = self._connect()
            except smtplib.SMTPResponseException as error:
                self._unreachable = _refused(error.smtp_code, error.smtp_error)
            except OSError as error:
                self._unreachable = Failed.by("mail-unreachable", error)
            if self._unreachable is not None:
                raise self._unreachable
        assert self._open is not None
        return self._open

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        if server.security == "tls":
            context = ssl.create_default_context()
            made: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=PATIENCE, context=context)
        else:
            made = smtplib.SMTP(server.host, server.port, timeout=PATIENCE)
        try:
            if server.security == "starttls":
                made.starttls(context=ssl.create_default_context())
            if server.user:
                made.login(server.user, server.password)
        except BaseException:
            made.close()
            raise
        return made


def _refused(code: int, said: bytes | str, *, of_letter: bool = False) -> Failed:
    """A refusal of the server; one of this letter with a code of 500 or more stays one."""
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return Failed("mail-refused", f"{code} {words}", for_good=of_letter and code >= 500)
