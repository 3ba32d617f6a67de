"""What backups and restoring say."""

from __future__ import annotations

from zeroline.domain.backup import ENDING, Proven
from zeroline.ui.text.phrase import counted

KINDS = f"Backups of Zeroline (*{ENDING})"
DATABASES = "Databases (*.db)"

STEPS = {
    "copy": "Copying the database",
    "check": "Going through the copy",
    "pack": "Packing",
    "prove": "Reading the backup back",
    "unpack": "Unpacking",
}


def holds(proven: Proven) -> str:
    """What a proven backup holds."""
    told = proven.manifest
    return (
        f"{told.database}: {counted(told.movements, 'movement', 'movements')}, "
        f"{counted(told.head_seq, 'audit entry', 'audit entries')}.\nHead {proven.head}"
    )


def how_to_open(file: str) -> str:
    """What to do with a restored database."""
    return f"To work with it, close Zeroline and start it with\nzeroline --database sqlite:///{file}"
