"""The counter's writes, one at a time: what is scanned while one is under way is taken up after it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from zeroline.domain.errors import DomainError
from zeroline.ui.tasks import Tasks, Ticket
from zeroline.wording import sentence


class Writing:
    """Writes for the page ``owner``; codes that came meanwhile go to ``take_code``."""

    def __init__(self, tasks: Tasks, owner: QWidget, take_code: Callable[[str], None]) -> None:
        self._tasks = tasks
        self._owner = owner
        self._take_code = take_code
        self._meanwhile: list[str] = []
        self.under_way = False

    def later(self, code: str) -> None:
        """Take up a code once the write has ended."""
        self._meanwhile.append(code)

    def write(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        wrong: Callable[[str], None],
        *,
        offline_too: bool = False,
    ) -> None:
        """As :meth:`Tasks.command`; ``wrong`` gets the sentence of what refused it."""

        def failed(error: DomainError) -> None:
            wrong(sentence(error))

        self.under_way = True
        ticket = Ticket(self._owner)
        ticket.ended.connect(self._ended)
        ticket.ended.connect(ticket.deleteLater)
        self._tasks.command(
            work, owner=self._owner, done=done, failed=failed, ticket=ticket, offline_too=offline_too
        )

    def _ended(self) -> None:
        self.under_way = False
        codes, self._meanwhile = self._meanwhile, []
        for code in codes:
            self._take_code(code)
