"""A mail server and a receiver of webhooks, real ones on this machine, that keep what they are given."""

from __future__ import annotations

import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest


class MailBox(socketserver.TCPServer):
    """Answers SMTP. ``refuse`` holds what it says instead, by the first word of a command (``.``: to the
    message itself); ``QUIT`` as an answer hangs up without a word."""

    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Smtp)
        self.messages: list[EmailMessage] = []
        self.connections = 0
        self.refuse: dict[str, str] = {}

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def environment(self) -> dict[str, str]:
        """What a sender is set to."""
        return {
            "ZEROLINE_SMTP_HOST": "127.0.0.1",
            "ZEROLINE_SMTP_PORT": str(self.port),
            "ZEROLINE_SMTP_SECURITY": "none",
            "ZEROLINE_MAIL_FROM": "zeroline@example.com",
        }


class _Smtp(socketserver.StreamRequestHandler):
    server: MailBox

    def handle(self) -> None:
        self.server.connections += 1
        self.say(self.server.refuse.get("HELLO", "220 here"))
        while line := self.rfile.readline().decode().strip():
            word = line.split()[0].upper()
            answer = self.server.refuse.get(word) or {"DATA": "354 go on", "QUIT": "221 bye"}.get(
                word, "250 fine"
            )
            if answer == "QUIT":
                return
            self.say(answer)
            if answer.startswith("354"):
                self.take()
            if word == "QUIT":
                return

    def take(self) -> None:
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        answer = self.server.refuse.get(".", "250 taken")
        if answer.startswith("250"):
            made = message_from_bytes(b"".join(lines), policy=policy.default)
            self.server.messages.append(made)  # type: ignore[arg-type]
        self.say(answer)

    def say(self, answer: str) -> None:
        self.wfile.write(f"{answer}\r\n".encode())


class Hooked(HTTPServer):
    """Takes webhooks; ``answer`` is the code it gives, ``location`` where it sends the sender instead."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Http)
        self.taken: list[tuple[dict[str, str], bytes]] = []
        self.answer = 204
        self.location = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hook?token=unsaid"

    def environment(self) -> dict[str, str]:
        """What a sender is set to."""
        return {"ZEROLINE_WEBHOOK_URL": self.url, "ZEROLINE_WEBHOOK_KEY": "a common key, long enough"}


class _Http(BaseHTTPRequestHandler):
    server: Hooked

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(self.server.answer)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.end_headers()

    do_GET = do_POST

    def log_message(self, *_said: Any) -> None:
        pass


@contextmanager
def serving(server: Any) -> Iterator[Any]:
    """Answer in a thread of its own inside the block."""
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def mailbox() -> Iterator[MailBox]:
    """A mail server."""
    with serving(MailBox()) as made:
        yield made


@pytest.fixture
def hooked() -> Iterator[Hooked]:
    """A receiver of webhooks."""
    with serving(Hooked()) as made:
        yield made
