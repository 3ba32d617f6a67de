"""The screens, what the side bar calls them, who may go there; each is imported when it is first opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from zeroline.domain.case import Queue
from zeroline.domain.person import Person, Right
from zeroline.ui.desk import Desk
from zeroline.ui.screens.screen import Screen


@dataclass(frozen=True)
class Entry:
    """A place of the side bar (``section`` '' keeps it out of the bar)."""

    key: str
    title: str
    icon: str
    section: str
    right: Right
    make: Callable[[Desk], Screen]
    shortcut: str = ""
    count: str = ""  # name of the number shown beside it


def _screen(module: str, name: str, *arguments: object) -> Callable[[Desk], Screen]:
    """Makes a screen, importing its module only then: the window opens before most of them are needed."""

    def make(desk: Desk) -> Screen:
        made = getattr(import_module(f"zeroline.ui.screens.{module}"), name)(desk, *arguments)
        assert isinstance(made, Screen)
        return made

    return make


def _queue(queue: Queue, title: str, icon: str, number: int) -> Entry:
    return Entry(
        f"queue:{queue.value}",
        title,
        icon,
        "Queues",
        Right.READ_BOOK,
        _screen("queue", "QueueScreen", queue),
        f"Ctrl+{number}",
        queue.value,
    )


ENTRIES: tuple[Entry, ...] = (
    _queue(Queue.NEGATIVE, "Negative on hand", "queue-negative", 1),
    _queue(Queue.TRANSIENT, "Transient", "queue-transient", 2),
    _queue(Queue.REPEAT, "Repeat discrepancy", "queue-repeat", 3),
    _queue(Queue.OVERRIDE, "Overrides", "queue-override", 4),
    _queue(Queue.SELF_CHECK, "Self-check", "queue-selfcheck", 5),
    _queue(Queue.COUNTS_DUE, "Counts due", "queue-count", 6),
    Entry("case", "Case", "box", "", Right.READ_BOOK, _screen("case", "CaseScreen")),
    Entry("stock", "Stock", "box", "", Right.READ_BOOK, _screen("stock", "StockScreen")),
    Entry(
        "counting", "Count sheets", "count", "Work", Right.COUNT, _screen("counting", "CountingScreen"),
        "Ctrl+7", "sheets",
    ),
    Entry(
        "approvals", "To approve", "queue-approve", "Work", Right.APPROVE,
        _screen("approvals", "ApprovalsScreen"), "Ctrl+8", "approvals",
    ),
    Entry(
        "alerts", "Alerts", "bell", "Work", Right.COUNT, _screen("alerts", "AlertsScreen"), "Ctrl+B", "alerts"
    ),
    Entry("why", "Why it happens", "chart", "Work", Right.READ_BOOK, _screen("why", "WhyScreen"), "Ctrl+R"),
    Entry(
        "reports", "Reports", "report", "Office", Right.REPORT, _screen("reports", "ReportsScreen"), "Ctrl+9"
    ),
    Entry("import", "Import", "import", "Office", Right.IMPORT, _screen("intake", "IntakeScreen"), "Ctrl+0"),
    Entry("policy", "Policy", "policy", "Office", Right.READ_BOOK, _screen("policy", "PolicyScreen")),
    Entry(
        "people", "People", "people", "Office", Right.PEOPLE, _screen("people", "PeopleScreen"),
        count="requests",
    ),
    Entry(
        "letters", "Messages", "mail", "Office", Right.PEOPLE, _screen("letters", "LettersScreen"),
        count="letters",
    ),
    Entry("backups", "Backups", "save", "Office", Right.PEOPLE, _screen("backups", "BackupsScreen")),
)  # fmt: skip


def entries_for(person: Person) -> tuple[Entry, ...]:
    """The places this person may go to."""
    return tuple(entry for entry in ENTRIES if person.may(entry.right))


def warm() -> None:
    """Import what the first screen of most people needs, before somebody waits for it."""
    import_module("zeroline.ui.screens.queue")
    import_module("zeroline.services.lookup")
