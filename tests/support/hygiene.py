"""Leak detectors: a test fails for a log record nobody expected and for what it leaves behind."""

from __future__ import annotations

import gc
import logging
import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _only_expected_log_records(
    request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> Iterator[None]:
    patterns = [re.compile(mark.args[0]) for mark in request.node.iter_markers("expects_log")]
    yield
    records = [
        record
        for phase in ("setup", "call", "teardown")
        for record in caplog.get_records(phase)
        if record.levelno >= logging.WARNING
    ]
    lines = [f"{record.name} {record.levelname}: {record.getMessage()}" for record in records]
    unexpected = [line for line in lines if not any(pattern.search(line) for pattern in patterns)]
    if unexpected:
        pytest.fail("log records nobody expected:\n" + "\n".join(unexpected), pytrace=False)
    absent = [pattern.pattern for pattern in patterns if not any(pattern.search(line) for line in lines)]
    if absent:
        pytest.fail(f"expected log records that did not come: {absent}", pytrace=False)


@pytest.fixture(autouse=True)
def _no_thread_left_running() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    # Qt's pooled threads look like dummies here; the screen detector asks the pool itself.
    left = [
        thread.name
        for thread in threading.enumerate()
        if thread not in before and not isinstance(thread, threading._DummyThread)
    ]
    if left:
        pytest.fail(f"threads left running: {left}", pytrace=False)


@pytest.fixture(autouse=True)
def _nothing_left_on_screen(request: pytest.FixtureRequest) -> Iterator[None]:
    if not {"qapp", "qtbot"} & set(request.fixturenames):
        yield
        return
    windows, timers = _visible_windows(), _active_timers()
    yield
    left = [f"window {_name(window)}" for window in _visible_windows() - windows]
    left += [f"timer of {_name(timer.parent() or timer)}" for timer in _active_timers() - timers]
    left += _busy_pool()
    if left:
        for window in _visible_windows() - windows:
            window.close()
        pytest.fail("left behind: " + ", ".join(left), pytrace=False)


def _name(thing: Any) -> str:
    return f"{type(thing).__name__} {thing.objectName()!r}"


def _visible_windows() -> set[Any]:
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtWidgets import QApplication

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    return {window for window in QApplication.topLevelWidgets() if window.isVisible()}


def _active_timers() -> set[Any]:
    from PySide6.QtCore import QTimer
    from shiboken6 import isValid

    return {
        thing
        for thing in gc.get_objects()
        if issubclass(type(thing), QTimer) and isValid(thing) and thing.isActive()
    }


def _busy_pool() -> list[str]:
    from PySide6.QtCore import QThreadPool

    pool = QThreadPool.globalInstance()
    return [] if pool.waitForDone(2000) else [f"{pool.activeThreadCount()} tasks of the thread pool"]
