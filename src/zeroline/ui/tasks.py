"""The only threads of the window: reads side by side, writes one after the other, answers on the screen.

Work is a plain callable without Qt; it opens its own session and returns frozen values. Results, errors and
progress come back in the thread of the window.
"""

from __future__ import annotations

import errno
import itertools
import logging
import threading
import traceback
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from PySide6.QtCore import QObject, Qt, QThreadPool, QTimer, Signal, Slot
from shiboken6 import isValid

from zeroline.domain.changes import Changes
from zeroline.domain.command import new_key, under
from zeroline.domain.errors import Cancelled, DomainError, Trouble

T = TypeVar("T")
Failed = Callable[[DomainError], None]

_PATIENCE = 2_000
"""ms that a write may take before the person is told that it is still under way."""

_log = logging.getLogger(__name__)


class Problem(NamedTuple):
    """The surroundings failed: what, how to try again (the bar with Retry), and whose work it was."""

    trouble: Trouble
    retry: Callable[[], None]
    owner: QObject | None = None
    writes: bool = False


class Crash(NamedTuple):
    """An error that nobody foresaw, for the crash dialog. ``details`` is the whole traceback."""

    summary: str
    details: str


class Ticket(QObject):
    """Progress and cancelling of one long work.

    The work gets ``ticket.report`` as its progress callback and ``ticket.cancelled`` (a threading.Event)
    to look at; the screen listens to ``progressed(done, total, text)`` and calls ``cancel()``. ``ended``
    comes once, whatever happened.
    """

    progressed = Signal(int, int, str)
    ended = Signal()
    _reported = Signal(int, int, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.cancelled = threading.Event()
        self._reported.connect(self._pass_on, Qt.ConnectionType.QueuedConnection)

    def report(self, done: int, total: int, text: str = "") -> None:
        """Say how far the work is; from any thread. Raises Cancelled once the person gave up."""
        self.check()
        self._reported.emit(done, total, text)

    @Slot(int, int, str)
    def _pass_on(self, done: int, total: int, text: str) -> None:
        self.progressed.emit(done, total, text)

    def check(self) -> None:
        """Raises Cancelled once the person gave up."""
        if self.cancelled.is_set():
            raise Cancelled

    def cancel(self) -> None:
        self.cancelled.set()


class _Job(NamedTuple):
    """One piece of work on its way; only the window's thread sees it."""

    number: int
    work: Callable[[], Any]
    done: Callable[[Any], None] | None
    failed: Failed | None
    owner: QObject | None
    key: str
    writes: bool
    ticket: Ticket | None


class _Outcome(NamedTuple):
    value: Any = None
    error: BaseException | None = None


class _Errand:
    """What a background thread carries out.

    It lets go of the work and of the outcome before the window hears of it: the last reference to a widget
    that the work closes over must never be dropped in a background thread.
    """

    def __init__(self, job: _Job, outcomes: dict[int, _Outcome], finished: Callable[[int], None]) -> None:
        self._number = job.number
        self._work: Callable[[], Any] | None = job.work
        self._cancelled = job.ticket.cancelled if job.ticket is not None else None
        self._outcomes = outcomes
        self._finished = finished

    def __call__(self) -> None:
        self._outcomes[self._number] = self._carry_out()
        self._work = None
        self._finished(self._number)

    def _carry_out(self) -> _Outcome:
        assert self._work is not None
        try:
            if self._cancelled is not None and self._cancelled.is_set():
                raise Cancelled
            return _Outcome(value=self._work())
        except BaseException as error:
            return _Outcome(error=error)


class Tasks(QObject):
    """Runs the work of the screens.

    ``changed(Changes, owner)`` once for each write that touched something · ``refused(DomainError, owner)``
    when nobody took the error with ``failed`` · ``told(DomainError)`` for each error, taken or not ·
    ``answered`` when no trouble was in the way of a work ·
    ``trouble(Problem)`` · ``crashed(Crash)`` · ``busy_changed(bool)`` when the first work starts and the last
    one ends · ``slow_changed(bool)`` when a write takes long that shows no progress (another program may hold
    the database), and when it is over.
    """

    changed = Signal(object, object)
    refused = Signal(object, object)
    told = Signal(object)
    trouble = Signal(object)
    crashed = Signal(object)
    busy_changed = Signal(bool)
    slow_changed = Signal(bool)
    answered = Signal()
    _finished = Signal(int)

    def __init__(self, parent: QObject | None = None, readers: int = 4) -> None:
        super().__init__(parent)
        self._readers = QThreadPool(self)
        self._readers.setMaxThreadCount(readers)
        self._writer = QThreadPool(self)
        self._writer.setMaxThreadCount(1)
        self._numbers = itertools.count(1)
        self._running: dict[int, _Job] = {}
        self._outcomes: dict[int, _Outcome] = {}
        self._newest: dict[tuple[int, str], int] = {}
        self._closed = self._slow = False
        self._since = QTimer(self)
        self._since.setSingleShot(True)
        self._since.setInterval(_PATIENCE)
        self._since.timeout.connect(lambda: self._tell_slow(True))
        self.together = False
        """While it is set one thread does everything, in order: what it imports no other one imports too.

        Two threads that import parts of one package at once can each wait for the other (Python then raises).
        """
        self.offline = False
        """While it is set nothing is written to the database: each such write is refused at once, DomainError
        ``offline``."""
        self._waiting: list[tuple[Callable[[], None], QObject]] = []
        self._drawn = QTimer(self)  # without delay: it fires after what is to be drawn now
        self._drawn.setSingleShot(True)
        self._drawn.timeout.connect(self._call_waiting)
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        """Whether any work is under way."""
        return bool(self._running)

    @property
    def long_write(self) -> bool:
        """Whether a write that shows its progress, and that closing would stop, is under way."""
        return any(job.writes and job.ticket is not None for job in self._running.values())

    @property
    def _silent_write(self) -> bool:
        return any(job.writes and job.ticket is None for job in self._running.values())

    def _tell_slow(self, slow: bool) -> None:
        if self._slow != slow:
            self._slow = slow
            self.slow_changed.emit(slow)

    def query(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        *,
        owner: QObject,
        key: str = "",
        failed: Failed | None = None,
        ticket: Ticket | None = None,
    ) -> None:
        """Read in the background and hand the answer to ``done``.

        A newer read of the same owner and key makes this answer disappear, and so does the owner's end.
        """
        job = self._job(work, done, failed, owner, key, False, ticket)
        self._newest[id(owner), key] = job.number
        self._begin(job)

    def command(
        self,
        work: Callable[[], Any],
        *,
        owner: QObject | None = None,
        done: Callable[[Any], None] | None = None,
        failed: Failed | None = None,
        ticket: Ticket | None = None,
        offline_too: bool = False,
    ) -> None:
        """Write, after all writes before it.

        ``work`` returns Changes, a value with ``.changes``, or (value, Changes); ``done`` gets the Changes,
        the value, or the value of the pair; then ``changed`` is announced once. A write whose owner has
        gone is still made and announced. It is made under a key of its own (:mod:`zeroline.domain.command`):
        trying it again after trouble never does twice what was done once. ``offline_too``: it keeps what it
        is told on this workstation where there is no line.
        """
        job = self._job(_under(new_key(), work), done, failed, owner, "", True, ticket)
        if self.offline and not offline_too:
            self._fail(job, DomainError("offline"))
            if ticket is not None:
                ticket.ended.emit()
            return
        self._begin(job)

    def tell(self, trouble: Trouble, again: Callable[[], None]) -> None:
        """Say that a work met this trouble and put what it was told in safety."""
        self.trouble.emit(Problem(trouble, again))

    def knock(self, work: Callable[[], None], done: Callable[[Trouble | None], None]) -> None:
        """See whether something outside answers: ``done`` gets None, or what the trouble still is."""

        def tried() -> Trouble | None:
            try:
                work()
            except Trouble as trouble:
                return trouble
            except Cancelled:  # nobody is signed in meanwhile
                return Trouble("connection-lost")
            return None

        self.query(tried, done, owner=self, key="knock")

    def soon(self, call: Callable[[], None], *, owner: QObject, ahead: bool = False) -> None:
        """Call once the reads under way are answered and drawn: for what the first picture can do without.

        ``ahead``: before what waits already.
        """
        self._waiting.insert(0 if ahead else len(self._waiting), (call, owner))
        self._look_whether_quiet()

    def _look_whether_quiet(self) -> None:
        reading = any(not job.writes and job.ticket is None for job in self._running.values())
        if self._waiting and not reading and not self._closed:
            self._drawn.start()
        else:
            self._drawn.stop()

    def _call_waiting(self) -> None:
        waiting, self._waiting = self._waiting, []
        for call, owner in waiting:
            if isValid(owner):
                call()

    def _job(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None] | None,
        failed: Failed | None,
        owner: QObject | None,
        key: str,
        writes: bool,
        ticket: Ticket | None,
    ) -> _Job:
        return _Job(next(self._numbers), work, done, failed, owner, key, writes, ticket)

    def _begin(self, job: _Job) -> None:
        if self._closed:
            return
        self._running[job.number] = job
        self._look_whether_quiet()
        if len(self._running) == 1:
            self.busy_changed.emit(True)
        if self._silent_write and not self._slow and not self._since.isActive():
            self._since.start()
        self._run(job)

    def _run(self, job: _Job) -> None:
        pool = self._writer if job.writes or self.together else self._readers
        pool.start(_Errand(job, self._outcomes, self._finished.emit))

    @Slot(int)
    def _deliver(self, number: int) -> None:
        outcome, job = self._outcomes.pop(number), self._running.pop(number)
        place = (id(job.owner), job.key)
        newest = self._newest.get(place) == job.number
        if newest:
            del self._newest[place]
        try:
            if self._closed and not job.writes:
                return
            wanted = (job.owner is None or isValid(job.owner)) and (job.writes or newest)
            self._hand_over(job, outcome, wanted)
        except Exception as error:
            self._crash(error)
        finally:
            if job.ticket is not None and isValid(job.ticket):
                job.ticket.ended.emit()
            if not self._silent_write:
                self._since.stop()
                self._tell_slow(False)
            if not self._running:
                self.busy_changed.emit(False)
            self._look_whether_quiet()

    def _hand_over(self, job: _Job, outcome: _Outcome, wanted: bool) -> None:
        error = outcome.error
        if not isinstance(error, Trouble) and job.owner is not self:
            self.answered.emit()
        if error is not None:
            if wanted:
                self._fail(job, error)
            elif not isinstance(error, (DomainError, Trouble, OSError, Cancelled)):
                self._crash(error)
            return
        value, changes = outcome.value, None
        if job.writes:
            value, changes = _split(outcome.value)
        try:
            if wanted and job.done is not None:
                job.done(value)
        finally:
            if changes:
                owner = job.owner if job.owner is not None and isValid(job.owner) else None
                self.changed.emit(changes, owner)

    def _fail(self, job: _Job, error: BaseException) -> None:
        if isinstance(error, Cancelled):
            return
        if isinstance(error, DomainError):
            if job.failed is not None:
                job.failed(error)
            else:
                self.refused.emit(error, job.owner)
            self.told.emit(error)
        elif isinstance(error, Trouble):
            self.trouble.emit(Problem(error, lambda: self._again(job), job.owner, job.writes))
        elif isinstance(error, OSError):
            self.trouble.emit(Problem(_of_files(error), lambda: self._again(job), job.owner))
        else:
            self._crash(error)

    def _again(self, job: _Job) -> None:
        if job.owner is not None and not isValid(job.owner):
            return
        if not job.writes:
            if (id(job.owner), job.key) in self._newest:
                return  # a newer read is under way
            self._newest[id(job.owner), job.key] = job.number
        self._begin(job)

    def _crash(self, error: BaseException) -> None:
        details = "".join(traceback.format_exception(error))
        _log.error("unexpected error\n%s", details)
        self.crashed.emit(Crash(f"{type(error).__name__}: {error}", details))

    def close(self, wait: int = 30_000) -> bool:
        """Take no more work, let reads go, wait at most ``wait`` ms for writes. False: a write still runs.

        Outcomes of writes that were waited for are still delivered by the event loop.
        """
        self._closed = True
        self._since.stop()
        for job in self._running.values():
            if job.ticket is not None:
                job.ticket.cancel()
        self._readers.clear()
        done = self._writer.waitForDone(wait)
        return self._readers.waitForDone(wait) and done


def _under(key: str, work: Callable[[], T]) -> Callable[[], T]:
    def carried_out() -> T:
        with under(key):
            return work()

    return carried_out


def _of_files(error: OSError) -> Trouble:
    """What the file system refused; files that are read are judged where they are read."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Trouble("disk-full")
    return Trouble("file-unwritable", file=str(error.filename or ""), detail=error.strerror or str(error))


def _split(result: Any) -> tuple[Any, Changes | None]:
    """The value for ``done`` and the Changes to announce."""
    if isinstance(result, Changes):
        return result, result
    if isinstance(result, tuple) and len(result) == 2 and isinstance(result[1], Changes):
        return result[0], result[1]
    changes = getattr(result, "changes", None)
    if isinstance(changes, Changes):
        return result, changes
    raise TypeError(f"a write must say what it changed, not {type(result).__name__}")


class InlineTasks(Tasks):
    """The same in the calling thread at once, for tests of screens."""

    def soon(self, call: Callable[[], None], *, owner: QObject, ahead: bool = False) -> None:
        call()

    def _run(self, job: _Job) -> None:
        _Errand(job, self._outcomes, self._deliver)()
