"""What a sender is set to, and that no secret shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from zeroline.domain.alert import Channel
from zeroline.domain.errors import Trouble
from zeroline.letters.settings import read

MAIL = {"ZEROLINE_SMTP_HOST": "mail.example.com", "ZEROLINE_MAIL_FROM": "zeroline@example.com"}
SIGNED_IN = {"ZEROLINE_SMTP_USER": "zeroline", "ZEROLINE_SMTP_PASSWORD": "unsaid word"}
HOOK = {
    "ZEROLINE_WEBHOOK_URL": "https://example.com/unsaid",
    "ZEROLINE_WEBHOOK_KEY": "unsaid key, 16 or more",
}


def test_nothing_set_is_nothing_to_send_with() -> None:
    assert read({}).channels == ()


@pytest.mark.parametrize(("security", "port"), [("", 587), ("starttls", 587), ("tls", 465), ("none", 25)])
def test_a_mail_server_is_asked_at_its_usual_port_with_encryption_unless_told_otherwise(
    security: str, port: int
) -> None:
    mail = read(MAIL | {"ZEROLINE_SMTP_SECURITY": security}).mail
    assert mail is not None
    assert (mail.port, mail.security) == (port, security or "starttls")


def test_what_is_set_says_what_can_be_sent() -> None:
    assert read(MAIL).channels == (Channel.MAIL,)
    assert read(HOOK).channels == (Channel.WEBHOOK,)
    assert read(MAIL | HOOK).channels == (Channel.MAIL, Channel.WEBHOOK)


def test_secrets_are_read_from_files_and_shown_nowhere(tmp_path: Path) -> None:
    environment = MAIL | {"ZEROLINE_SMTP_USER": "zeroline"}
    for name, secret in (SIGNED_IN | HOOK).items():
        if name != "ZEROLINE_SMTP_USER":
            (tmp_path / name).write_text(f"{secret}\n", "utf-8")
            environment[f"{name}_FILE"] = str(tmp_path / name)
    post = read(environment)
    assert post == read(MAIL | SIGNED_IN | HOOK)
    assert "unsaid" not in repr(post)


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"ZEROLINE_SMTP_SECURITY": "ssl"}, "ZEROLINE_SMTP_SECURITY"),
        ({"ZEROLINE_SMTP_PORT": "smtp"}, "ZEROLINE_SMTP_PORT"),
        ({"ZEROLINE_SMTP_PORT": "70000"}, "ZEROLINE_SMTP_PORT"),
        ({"ZEROLINE_MAIL_FROM": ""}, "ZEROLINE_MAIL_FROM"),
        ({"ZEROLINE_MAIL_FROM": "nobody"}, "ZEROLINE_MAIL_FROM"),
        ({"ZEROLINE_SMTP_USER": "zeroline"}, "ZEROLINE_SMTP_PASSWORD"),
        ({"ZEROLINE_SMTP_PASSWORD": "x"}, "ZEROLINE_SMTP_PASSWORD"),
        ({**SIGNED_IN, "ZEROLINE_SMTP_SECURITY": "none"}, "ZEROLINE_SMTP_SECURITY"),
        ({"ZEROLINE_SMTP_PASSWORD_FILE": "/there/is/none"}, "ZEROLINE_SMTP_PASSWORD_FILE"),
        ({"ZEROLINE_WEBHOOK_URL": "file:///etc/passwd"}, "ZEROLINE_WEBHOOK_URL"),
        ({"ZEROLINE_WEBHOOK_URL": "https://example.com/"}, "ZEROLINE_WEBHOOK_KEY"),
        ({**HOOK, "ZEROLINE_WEBHOOK_KEY": "short"}, "ZEROLINE_WEBHOOK_KEY"),
    ],
)
def test_what_cannot_be_used_is_named(wrong: dict[str, str], name: str) -> None:
    with pytest.raises(Trouble) as caught:
        read(MAIL | wrong)
    assert (caught.value.code, caught.value.fields["name"]) == ("letters-setting", name)
