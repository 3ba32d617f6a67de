"""How people are called: their logins, and the names that are shown."""

from __future__ import annotations

import unicodedata

from zeroline.domain.errors import DomainError


def as_login(text: str) -> str:
    """A login in its one stored form."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def checked_login(text: str) -> str:
    """A login to be given; DomainError ``login-unusable``."""
    login = as_login(text)
    if not login or len(login) > 40 or not all(c.isalnum() or c in "._-@" for c in login):
        raise DomainError("login-unusable", field="login", login=text[:40])
    return login


def checked_name(text: str) -> str:
    """A name to be shown; DomainError ``name-missing``."""
    name = " ".join(text.split())
    if not name or len(name) > 80 or not name.isprintable():
        raise DomainError("name-missing", field="name")
    return name
