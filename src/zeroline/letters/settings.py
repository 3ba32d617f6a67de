"""What a sender is set to send with: from its environment only, secrets also from a file that is named there.

Nothing of it is kept in the database or written to a log, so any machine that has it may be the sender.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from zeroline.domain.alert import Channel, address
from zeroline.domain.errors import DomainError, Trouble

_PORTS: Final = {"starttls": 587, "tls": 465, "none": 25}
_HERE: Final = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server: ``security`` starttls, tls or none; ``user`` '' for no sign-in."""

    host: str
    port: int
    security: str
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Hook:
    """Where the house is told, and the key that every message is signed with."""

    url: str = field(repr=False)  # some receivers take the address itself for a secret
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Post:
    """What there is to send with; None for what is not set."""

    mail: MailServer | None
    hook: Hook | None

    @property
    def channels(self) -> tuple[Channel, ...]:
        """The channels that can be served."""
        mail = (Channel.MAIL,) if self.mail is not None else ()
        return (*mail, Channel.WEBHOOK) if self.hook is not None else mail


def read(environment: Mapping[str, str]) -> Post:
    """The settings of this machine; Trouble ``letters-setting`` (name) for one that cannot be used."""
    return Post(_mail(environment), _hook(environment))


def _mail(environment: Mapping[str, str]) -> MailServer | None:
    host = environment.get("ZEROLINE_SMTP_HOST", "").strip()
    if not host:
        return None
    security = environment.get("ZEROLINE_SMTP_SECURITY", "").strip() or "starttls"
    if security not in _PORTS:
        raise Trouble("letters-setting", name="ZEROLINE_SMTP_SECURITY")
    port = environment.get("ZEROLINE_SMTP_PORT", "").strip() or str(_PORTS[security])
    if not port.isdecimal() or not 0 < int(port) < 65_536:
        raise Trouble("letters-setting", name="ZEROLINE_SMTP_PORT")
    try:
        sender = address(environment.get("ZEROLINE_MAIL_FROM", ""))
    except DomainError:
        sender = ""
    if not sender:
        raise Trouble("letters-setting", name="ZEROLINE_MAIL_FROM")
    user = environment.get("ZEROLINE_SMTP_USER", "").strip()
    password = _secret(environment, "ZEROLINE_SMTP_PASSWORD")
    if user and security == "none" and host not in _HERE:  # a password is not sent where anybody can read it
        raise Trouble("letters-setting", name="ZEROLINE_SMTP_SECURITY")
    if bool(user) != bool(password):
        raise Trouble("letters-setting", name="ZEROLINE_SMTP_PASSWORD")
    return MailServer(host, int(port), security, sender, user, password)


def _hook(environment: Mapping[str, str]) -> Hook | None:
    url = _secret(environment, "ZEROLINE_WEBHOOK_URL")
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or not url.isascii() or " " in url:
        raise Trouble("letters-setting", name="ZEROLINE_WEBHOOK_URL")
    key = _secret(environment, "ZEROLINE_WEBHOOK_KEY")
    if len(key) < 16:
        raise Trouble("letters-setting", name="ZEROLINE_WEBHOOK_KEY")
    return Hook(url, key)


def _secret(environment: Mapping[str, str], name: str) -> str:
    """A value that is given itself or stands in a file whose name is given."""
    file = environment.get(f"{name}_FILE", "").strip()
    if not file:
        return environment.get(name, "").strip()
    try:
        return Path(file).read_text("utf-8").strip()
    except (OSError, ValueError) as error:
        raise Trouble("letters-setting", name=f"{name}_FILE") from error
