"""Verbs that are done once, however often their answer is lost."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from zeroline.domain.command import Repeated, read_back, told
from zeroline.domain.person import Person

P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S")
_UNTOLD = frozenset({"secret"})
"""Arguments that prove who speaks and say nothing about what: no trace of them is kept."""


def once(
    verb: str, kind: type[R], *, but: frozenset[str] = frozenset()
) -> Callable[[Callable[Concatenate[S, Person, P], R]], Callable[Concatenate[S, Person, P], R]]:
    """Make a service's verb answer a second try under the same key with what the first one did.

    ``kind`` is what it answers. The verb ends its write with ``work.answer(result)``. ``but`` names arguments
    that may be others the second time, and then count for nothing: what was done first stands.
    """

    def made(method: Callable[Concatenate[S, Person, P], R]) -> Callable[Concatenate[S, Person, P], R]:
        signature = inspect.signature(method)

        @wraps(method)
        def verb_once(self: S, actor: Person, /, *args: P.args, **kwargs: P.kwargs) -> R:
            given: dict[str, Any] = dict(signature.bind(self, actor, *args, **kwargs).arguments)
            own = {name: value for name, value in list(given.items())[2:] if name not in _UNTOLD | but}
            try:
                with told(verb, own):
                    return method(self, actor, *args, **kwargs)
            except Repeated as before:
                answer: R = read_back(kind, before.result)
                return answer

        return verb_once

    return made
