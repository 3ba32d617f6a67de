"""Work behind the window, with the real threads."""

from __future__ import annotations

import threading
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QObject, QThread

from zeroline.domain.changes import Changes
from zeroline.domain.errors import Cancelled, DomainError, Trouble
from zeroline.ui.tasks import InlineTasks, Tasks, Ticket


@pytest.fixture
def tasks(qapp: Any) -> Any:
    made = Tasks()
    yield made
    assert made.close(5_000)


def test_an_answer_arrives_in_the_thread_of_the_window(qtbot: Any, tasks: Tasks) -> None:
    owner, answers = QObject(), []
    tasks.query(
        lambda: QThread.currentThread(),
        lambda worked_in: answers.append((worked_in, QThread.currentThread())),
        owner=owner,
    )
    qtbot.waitUntil(lambda: bool(answers))
    worked_in, answered_in = answers[0]
    assert answered_in is owner.thread()
    assert worked_in is not answered_in


def test_a_newer_read_of_the_same_key_makes_the_older_answer_disappear(qtbot: Any, tasks: Tasks) -> None:
    owner, answers, first_may_end = QObject(), [], threading.Event()

    def slow() -> str:
        first_may_end.wait(5)
        return "old"

    tasks.query(slow, answers.append, owner=owner, key="queue")
    tasks.query(lambda: "new", answers.append, owner=owner, key="queue")
    qtbot.waitUntil(lambda: answers == ["new"])
    first_may_end.set()
    qtbot.waitUntil(lambda: not tasks.busy)
    assert answers == ["new"]


def test_reads_of_different_keys_run_side_by_side(qtbot: Any, tasks: Tasks) -> None:
    owner, answers, meeting = QObject(), [], threading.Barrier(2, timeout=5)
    tasks.query(meeting.wait, answers.append, owner=owner, key="one")
    tasks.query(meeting.wait, answers.append, owner=owner, key="two")
    qtbot.waitUntil(lambda: len(answers) == 2)
    assert sorted(answers) == [0, 1]


def test_an_answer_for_a_widget_that_is_gone_is_dropped(qtbot: Any, tasks: Tasks) -> None:
    owner, answers, may_end = QObject(), [], threading.Event()
    tasks.query(lambda: may_end.wait(5), answers.append, owner=owner)
    owner.deleteLater()
    with qtbot.waitSignal(owner.destroyed):
        pass
    may_end.set()
    qtbot.waitUntil(lambda: not tasks.busy)
    assert answers == []


def test_writes_go_one_after_the_other_in_order(qtbot: Any, tasks: Tasks) -> None:
    order: list[int] = []

    def write(number: int) -> Changes:
        order.append(number)
        return Changes(cases=frozenset({number}))

    announced: list[Any] = []
    tasks.changed.connect(lambda changes, _: announced.append(*changes.cases))
    for number in range(30):
        tasks.command(lambda number=number: write(number))
    qtbot.waitUntil(lambda: len(announced) == 30)
    assert order == announced == list(range(30))


def test_a_write_is_announced_once_with_who_began_it(qtbot: Any, tasks: Tasks) -> None:
    owner, announced, done = QObject(), [], []
    tasks.changed.connect(lambda changes, initiator: announced.append((changes, initiator)))
    touched = Changes(cases=frozenset({7}))
    tasks.command(lambda: ("the case", touched), owner=owner, done=done.append)
    qtbot.waitUntil(lambda: bool(announced))
    assert done == ["the case"]
    assert announced == [(touched, owner)]


def test_a_result_that_carries_its_changes_is_handed_over_whole(qtbot: Any, tasks: Tasks) -> None:
    class Posted:
        changes = Changes(adjustments=frozenset({1}))

    posted, done = Posted(), []
    with qtbot.waitSignal(tasks.changed) as announced:
        tasks.command(lambda: posted, done=done.append)
    assert done == [posted]
    assert announced.args[0] == Posted.changes


def test_a_write_whose_screen_has_gone_is_still_announced(qtbot: Any, tasks: Tasks) -> None:
    owner, may_end = QObject(), threading.Event()

    def write() -> Changes:
        may_end.wait(5)
        return Changes(cases=frozenset({1}))

    tasks.command(write, owner=owner)
    owner.deleteLater()
    with qtbot.waitSignal(owner.destroyed):
        pass
    with qtbot.waitSignal(tasks.changed) as announced:
        may_end.set()
    assert announced.args == [Changes(cases=frozenset({1})), None]


@pytest.mark.expects_log("unexpected error")
def test_a_write_that_does_not_say_what_it_changed_is_a_bug(qtbot: Any, tasks: Tasks) -> None:
    with qtbot.waitSignal(tasks.crashed) as crash:
        tasks.command(lambda: 5)
    assert "must say what it changed" in crash.args[0].summary


def refuse() -> Changes:
    raise DomainError("self-approval", person="M. Okafor")


def test_a_refusal_goes_to_who_asked(qtbot: Any, tasks: Tasks) -> None:
    refused: list[DomainError] = []
    tasks.command(refuse, failed=refused.append)
    qtbot.waitUntil(lambda: bool(refused))
    assert refused[0].code == "self-approval"


def test_a_refusal_that_nobody_takes_is_told_to_the_window(qtbot: Any, tasks: Tasks) -> None:
    owner = QObject()
    with qtbot.waitSignal(tasks.refused) as refused:
        tasks.command(refuse, owner=owner)
    assert refused.args[0].code == "self-approval"
    assert refused.args[1] is owner


def test_retry_after_trouble_does_the_same_work_again(qtbot: Any, tasks: Tasks) -> None:
    owner, answers, locked = QObject(), [], [True]

    def read() -> str:
        if locked.pop() if locked else False:
            raise Trouble("database-locked")
        return "rows"

    with qtbot.waitSignal(tasks.trouble) as trouble:
        tasks.query(read, answers.append, owner=owner)
    assert trouble.args[0].trouble.code == "database-locked"
    trouble.args[0].retry()
    qtbot.waitUntil(lambda: answers == ["rows"])


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(28, "No space left on device", "report.pdf"), "disk-full"),
        (PermissionError(13, "Permission denied", "report.pdf"), "file-unwritable"),
    ],
)
def test_a_full_disk_or_a_locked_folder_is_trouble_and_no_crash(
    qtbot: Any, tasks: Tasks, error: OSError, code: str
) -> None:
    def write() -> Changes:
        raise error

    with qtbot.waitSignal(tasks.trouble) as trouble:
        tasks.command(write)
    assert trouble.args[0].trouble.code == code


@pytest.mark.expects_log("unexpected error")
def test_an_unforeseen_error_is_a_crash_with_its_traceback(qtbot: Any, tasks: Tasks) -> None:
    def broken() -> None:
        raise KeyError("bin")

    with qtbot.waitSignal(tasks.crashed) as crash:
        tasks.query(broken, lambda _: None, owner=QObject())
    assert crash.args[0].summary == "KeyError: 'bin'"
    assert "in broken" in crash.args[0].details


@pytest.mark.expects_log("unexpected error")
def test_an_error_while_showing_the_answer_is_a_crash_and_the_write_is_announced(
    qtbot: Any, tasks: Tasks
) -> None:
    def show(_: Any) -> None:
        raise ValueError("no such row")

    with qtbot.waitSignals([tasks.crashed, tasks.changed]):
        tasks.command(lambda: Changes(cases=frozenset({1})), done=show)


def test_progress_arrives_in_the_thread_of_the_window(qtbot: Any, tasks: Tasks) -> None:
    ticket, seen = Ticket(), []
    ticket.progressed.connect(lambda *args: seen.append((*args, QThread.currentThread())))

    def work() -> int:
        ticket.report(1, 2, "rows.csv")
        return 2

    with qtbot.waitSignal(ticket.ended):
        tasks.query(work, lambda _: None, owner=ticket, ticket=ticket)
    assert seen == [(1, 2, "rows.csv", ticket.thread())]


def test_cancelled_work_ends_quietly(qtbot: Any, tasks: Tasks) -> None:
    ticket, answers, troubles = Ticket(), [], []
    begun = threading.Event()
    tasks.crashed.connect(troubles.append)

    def work() -> Changes:
        begun.set()
        ticket.cancelled.wait(5)
        ticket.check()
        raise AssertionError("not reached")

    with qtbot.waitSignal(ticket.ended):
        tasks.command(work, done=answers.append, ticket=ticket)
        assert begun.wait(5)
        ticket.cancel()
    assert answers == troubles == []


def test_work_cancelled_before_its_turn_never_begins(qtbot: Any, tasks: Tasks) -> None:
    ticket, begun = Ticket(), []
    ticket.cancel()
    with qtbot.waitSignal(ticket.ended):
        tasks.command(lambda: begun.append(1), ticket=ticket)
    assert begun == []
    with pytest.raises(Cancelled):
        ticket.report(1, 1)


def test_busy_begins_with_the_first_work_and_ends_with_the_last(qtbot: Any, tasks: Tasks) -> None:
    states: list[bool] = []
    tasks.busy_changed.connect(states.append)
    meeting = threading.Barrier(2, timeout=5)
    owner = QObject()
    for key in "ab":
        tasks.query(meeting.wait, lambda _: None, owner=owner, key=key)
    qtbot.waitUntil(lambda: states == [True, False])


def test_closing_waits_for_writes_and_still_tells_what_they_changed(qtbot: Any) -> None:
    tasks, written = Tasks(), []

    def write() -> Changes:
        written.append(1)
        return Changes(cases=frozenset({1}))

    with qtbot.waitSignal(tasks.changed):
        for _ in range(5):
            tasks.command(write)
        assert tasks.close(5_000)
        assert len(written) == 5
    tasks.command(write)
    assert len(written) == 5
    qtbot.waitUntil(lambda: not tasks.busy)


def test_thousands_of_reads_leave_nothing_behind(qtbot: Any, tasks: Tasks) -> None:
    owner, answers = QObject(), []
    for number in range(3_000):
        tasks.query(lambda number=number: number, answers.append, owner=owner, key=str(number))
    qtbot.waitUntil(lambda: len(answers) == 3_000, timeout=20_000)
    assert sorted(answers) == list(range(3_000))


def test_the_inline_runner_answers_at_once(qapp: Any) -> None:
    tasks, announced, answers = InlineTasks(), [], []
    tasks.changed.connect(lambda changes, _: announced.append(changes))
    tasks.query(lambda: "rows", answers.append, owner=tasks)
    tasks.command(lambda: Changes(cases=frozenset({1})))
    assert answers == ["rows"]
    assert announced == [Changes(cases=frozenset({1}))]


def test_what_can_wait_is_called_once_the_reads_are_answered(qtbot: Any, tasks: Tasks) -> None:
    owner, order, may_end = QObject(), [], threading.Event()
    tasks.soon(lambda: order.append("soon"), owner=owner)
    tasks.query(lambda: may_end.wait(5), lambda _: order.append("read"), owner=owner)
    qtbot.waitUntil(lambda: tasks.busy)
    may_end.set()
    qtbot.waitUntil(lambda: len(order) == 2)
    assert order == ["read", "soon"]


def test_what_can_wait_does_not_wait_for_a_long_write(qtbot: Any, tasks: Tasks) -> None:
    owner, called, may_end = QObject(), [], threading.Event()
    tasks.command(lambda: (may_end.wait(5), Changes())[1])
    tasks.soon(lambda: called.append(1), owner=owner)
    qtbot.waitUntil(lambda: called == [1])
    may_end.set()
    qtbot.waitUntil(lambda: not tasks.busy)


def test_what_can_wait_is_not_called_for_an_owner_that_has_gone(qtbot: Any, tasks: Tasks) -> None:
    owner, other, called = QObject(), QObject(), []
    tasks.soon(lambda: called.append("gone"), owner=owner)
    tasks.soon(lambda: called.append("here"), owner=other)
    shiboken6.delete(owner)
    qtbot.waitUntil(lambda: called == ["here"])


def test_kept_together_reads_and_writes_go_one_after_the_other(qtbot: Any, tasks: Tasks) -> None:
    owner, order = QObject(), []
    tasks.together = True
    for name in "abc":
        tasks.query(threading.get_ident, order.append, owner=owner, key=name)
    tasks.command(lambda: (order.append(threading.get_ident()), Changes())[1])
    qtbot.waitUntil(lambda: len(order) == 4)
    assert len(set(order)) == 1
