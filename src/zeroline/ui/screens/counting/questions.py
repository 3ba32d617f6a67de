"""What entry asks before it writes: why a line is not counted, and whether the sheet is done."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from zeroline.domain.views.counting import BlindLine, BlindSheet
from zeroline.ui.desk import Desk
from zeroline.ui.prompts import Choice
from zeroline.ui.text.counting import place
from zeroline.ui.text.phrase import counted

REASONS = ("The bin cannot be reached", "The bin is blocked or locked", "The item cannot be identified")
"""Why a line is not counted, ready to choose; any other reason can be typed."""

Reasoned = Callable[[str], None]


def ask_not_counted(parent: QWidget, desk: Desk, line: BlindLine, accepted: Reasoned) -> None:
    """Ask why a line is not counted; ``accepted`` gets the reason."""
    where = place(line.key)

    def other() -> None:
        desk.prompts.ask_text(
            parent,
            "Not counted",
            f"Why is {where} not counted?",
            action="Keep as not counted",
            accepted=accepted,
        )

    desk.prompts.choose(
        parent,
        "Not counted",
        f"Why is {where} not counted? It stays visible as not counted and never becomes zero.",
        [*(Choice(reason, reason) for reason in REASONS), Choice("", "Another reason", "You type it next")],
        action="Keep as not counted",
        accepted=lambda reason: accepted(reason) if reason else other(),
    )


def ask_submit(parent: QWidget, desk: Desk, sheet: BlindSheet, accepted: Reasoned) -> str:
    """Ask with the numbers; ``accepted`` gets why lines were left out ('' when none was).

    Answers what to say instead of asking when there is nothing to submit, '' otherwise.
    """
    free = [line for line in sheet.lines if not line.blocked]
    entered = sum(line.state == "entered" for line in free)
    waived = sum(line.state == "not counted" for line in free)
    left = sum(line.state == "to count" and line.round == 1 for line in free)
    if not entered and not waived and not left:
        return "There is nothing to submit yet."
    numbers = f"{counted(entered, 'line is', 'lines are')} counted"
    if waived:
        numbers += f", {waived} not counted with a reason"
    title = f"Submit {sheet.number}"
    if left:
        desk.prompts.ask_text(
            parent,
            title,
            f"{numbers}, {left} of {len(sheet.lines)} not touched. Those stay visible as not counted. "
            "Why were they left out?",
            action=f"Submit, leave {left} uncounted",
            accepted=accepted,
            lines=2,
        )
        return ""
    desk.prompts.confirm(
        parent,
        title,
        f"{numbers}. After this the entries cannot be changed; what must be counted again is counted by "
        "somebody else.",
        action=f"Submit {counted(entered, 'count', 'counts')}",
        accepted=lambda: accepted(""),
        final=True,
    )
    return ""
