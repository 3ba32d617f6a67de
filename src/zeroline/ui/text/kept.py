"""Counts that are kept on this workstation, in words: how many wait, whose they are, what came of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from zeroline.ui.text.phrase import counted

if TYPE_CHECKING:
    from zeroline.domain.views.kept import KeptCount, RefusedCount, Sent, Waiting
    from zeroline.ui.text.format import Format


def while_lost(waiting: int) -> str:
    """What becomes of counts while there is no connection; so many wait already."""
    if not waiting:
        return "Counts on the open sheet are kept here."
    return f"{counted(waiting, 'count is', 'counts are')} kept here and will be sent in order."


def submit_later(waiting: int) -> str:
    """Why a sheet is not submitted now."""
    if not waiting:
        return "There is no connection. Submit the sheet when it is back."
    are = counted(waiting, "count of this sheet is", "counts of this sheet are")
    return f"{are} kept here and not sent yet. Submit the sheet when they are."


def in_short(found: Waiting) -> str:
    """For a button: '3 counts kept here', '1 refused'; '' when nothing is kept."""
    others = sum(number for _, number in found.others)
    waiting = len(found.mine) + others
    told = [f"{counted(waiting, 'count', 'counts')} kept here"] if waiting else []
    told += [f"{counted(len(found.refused), 'count', 'counts')} refused"] if found.refused else []
    told += ["kept counts damaged"] if found.unreadable else []
    return " · ".join(told)


def of_others(found: Waiting) -> list[str]:
    """Whose counts wait here besides, one sentence each."""
    return [
        f"{counted(number, 'count', 'counts')} of {name} {'waits' if number == 1 else 'wait'} here. Only "
        f"{name} can send {'it' if number == 1 else 'them'}, by signing in at this workstation."
        for name, number in found.others
    ]


def still_refused(refused: Sequence[RefusedCount]) -> str:
    """What waits for a decision of the person; '' when nothing does."""
    number = len(refused)
    if not number:
        return ""
    was, it = ("was", "It stays") if number == 1 else ("were", "They stay")
    return f"{counted(number, 'count', 'counts')} kept here {was} refused. {it} here until you decide."


def damaged(found: Waiting) -> str:
    """What cannot be read any more; '' when all can."""
    if not found.unreadable:
        return ""
    lines = counted(found.unreadable, "count", "counts")
    return (
        f"{lines} kept here cannot be read: the file is damaged, or another version of the program wrote it. "
        "Look through your open sheets and count again what is missing."
    )


def came_of(sent: Sent) -> str:
    """What sending did; '' when nothing was sent."""
    number = len(sent.sent)
    return f"{counted(number, 'count kept here is', 'counts kept here are')} sent." if number else ""


def label(count: KeptCount, form: Format) -> str:
    """'3cs+4 for ITEM-1 at A-01 on CS-000001, counted today 10:42'."""
    at = count.at if count.paper_at is None else count.paper_at
    return f"{count.text} for {count.item} at {count.location} on {count.sheet}, counted {form.when(at)}"
