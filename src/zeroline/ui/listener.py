"""Hears what other workstations do: a thread that only waits, and says it in the thread of the window."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt, Signal, Slot

from zeroline.domain.changes import Changes, Heard, News
from zeroline.domain.errors import Trouble
from zeroline.domain.instant import SECOND

_WAIT = 60 * SECOND
"""µs of one wait for news."""

_AGAIN, _PARTING = 1, 2
"""Seconds until the next after a failure, and for the thread to end."""

_log = logging.getLogger(__name__)


class Listener(QObject):
    """Waits for news in a thread of its own. ``heard(list of Heard)`` comes in the thread of the window.

    ``source`` makes the news for each :meth:`start`. Once it has begun, everything counts as changed: what is
    on show was read before. While the database cannot be asked it waits and asks again: what happened
    meanwhile comes then.
    """

    heard = Signal(object)
    _passed_on = Signal(int, object)

    def __init__(self, source: Callable[[], News], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._news: News | None = None
        self._turn = 0
        self._begun = threading.Event()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self._passed_on.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def listening(self) -> bool:
        """Whether what happens now will be heard."""
        return self._thread is not None and self._begun.is_set()

    def start(self) -> None:
        """Listen to what happens from now on."""
        if self._thread is None:
            self._turn += 1
            self._begun, self._stopped = threading.Event(), threading.Event()
            self._news = self._source()
            listening = (self._turn, self._news, self._begun, self._stopped)
            self._thread = threading.Thread(target=self._listen, args=listening, daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Listen no more; nothing is heard after this."""
        thread, self._thread = self._thread, None
        self._turn += 1
        self._stopped.set()
        if self._news is not None:
            self._news.stop()
        if thread is not None:
            thread.join(_PARTING)

    def _listen(self, turn: int, news: News, begun: threading.Event, stopped: threading.Event) -> None:
        while not stopped.is_set():
            try:
                if begun.is_set():
                    heard = news.wait(_WAIT)
                else:
                    news.begin()
                    begun.set()
                    heard = (Heard(Changes(everything=True)),)
            except Trouble as trouble:
                _log.info("no news: %s", trouble.code)
                stopped.wait(_AGAIN)
                continue
            if heard and not stopped.is_set():
                self._passed_on.emit(turn, list(heard))
        news.close()

    @Slot(int, object)
    def _deliver(self, turn: int, heard: Sequence[Heard]) -> None:
        if turn == self._turn:
            self.heard.emit(heard)
