"""One thing a person told the program to do, under a key of its own, so that saying it twice does it once.

Whoever can lose an answer (the window, the outbox of counts) does its work ``under`` a key; each verb that
must not be repeated says so when it writes. A second try under the same key finds what the first one did.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import fields, is_dataclass
from typing import Any, NamedTuple

from zeroline.domain.changes import Changes
from zeroline.domain.errors import DomainError


class Command(NamedTuple):
    """A verb told under a key. ``arguments`` is a digest of what it was told with."""

    key: str
    verb: str
    arguments: str


class _Said:
    """Keys of the verbs of one work, in order: the first has the work's own key."""

    def __init__(self, key: str) -> None:
        self.key = key
        self._number = 0

    def next(self) -> str:
        number, self._number = self._number, self._number + 1
        return self.key if number == 0 else str(uuid.uuid5(uuid.UUID(self.key), str(number)))


_under: ContextVar[_Said | None] = ContextVar("under", default=None)
_now: ContextVar[Command | None] = ContextVar("now", default=None)


def new_key() -> str:
    """A key that nobody else makes."""
    return str(uuid.uuid4())


def key_here() -> str:
    """The key of the work under way; a new one where it has none."""
    said = _under.get()
    return new_key() if said is None else said.key


@contextmanager
def under(key: str) -> Iterator[None]:
    """Verbs inside are told under this key (a uuid); a second verb under one that follows from it."""
    token = _under.set(_Said(key))
    try:
        yield
    finally:
        _under.reset(token)


@contextmanager
def told(verb: str, arguments: Mapping[str, Any]) -> Iterator[None]:
    """The writes inside carry out this verb, under the key of the work, if it has one."""
    said = _under.get()
    token = _now.set(None if said is None else Command(said.next(), verb, digest(arguments)))
    try:
        yield
    finally:
        _now.reset(token)


def current() -> Command | None:
    """The verb being carried out, if it is one that is done once."""
    return _now.get()


def digest(arguments: Mapping[str, Any]) -> str:
    """SHA-256 of what a verb was told with, the same on every machine."""
    text = json.dumps(_plain(arguments), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, (set, frozenset)):
        return sorted(_plain(one) for one in value)
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value


def written(result: Any) -> str:
    """What a verb answered (a frozen shape of plain values, or Changes), as text."""
    return json.dumps(_plain(result), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def read_back(kind: type[Any], text: str) -> Any:
    """The answer of a verb as it was :func:`written`."""
    values = json.loads(text)
    if kind is Changes:
        return _changes(values)
    return kind(**{name: _changes(one) if name == "changes" else _fixed(one) for name, one in values.items()})


def _changes(values: Mapping[str, Any]) -> Changes:
    touched: dict[str, Any] = {
        name: one if isinstance(one, bool) else frozenset(one) for name, one in values.items()
    }
    return Changes(**touched)


def _fixed(value: Any) -> Any:
    return tuple(_fixed(one) for one in value) if isinstance(value, list) else value


class Repeated(Exception):
    """This command was carried out before; ``result`` is what it answered then, as text."""

    def __init__(self, result: str) -> None:
        super().__init__(result)
        self.result = result


def judged(command: Command, person_id: int, before: tuple[int, str, str, str] | None) -> None:
    """Let a new command pass. ``before``: (person id, verb, arguments, result) kept under its key, or None.

    Raises Repeated for the same command of the same person, DomainError ``command-key-used`` for another.
    """
    if before is None:
        return
    who, verb, arguments, result = before
    if (who, verb, arguments) != (person_id, command.verb, command.arguments):
        raise DomainError("command-key-used")
    raise Repeated(result)
