"""Exit codes, documented where they are made."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """What the command came to."""

    DONE = 0
    BUG = 1
    USAGE = 2
    REFUSED = 3
    SOME_REJECTED = 4
    TROUBLE = 5
    NOT_VERIFIED = 6
    CANCELLED = 130


MEANINGS = {
    Exit.DONE: "done",
    Exit.BUG: "a fault of the program itself; the message says where the details are",
    Exit.USAGE: "the command was not understood",
    Exit.REFUSED: "the input was refused; nothing of it was kept",
    Exit.SOME_REJECTED: "imported, but some rows were rejected",
    Exit.TROUBLE: "the database or the machine: locked, full, missing, damaged, a newer version",
    Exit.NOT_VERIFIED: "a check found something wrong",
    Exit.CANCELLED: "stopped by the person; nothing was kept, but a move goes on where it stopped",
}
