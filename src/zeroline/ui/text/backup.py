"""What backups and restoring say."""

from __future__ import annotations

from zeroline.domain.backup import ENDING, Logins, Proven
from zeroline.ui.text.phrase import counted

KINDS = f"Backups of Zeroline (*{ENDING})"
DATABASES = "Databases (*.db)"

STEPS = {
    "copy": "Copying the database",
    "check": "Going through the copy",
    "pack": "Packing",
    "prove": "Reading the backup back",
    "unpack": "Unpacking",
    "fill": "Filling the new database",
    "compare": "Comparing it with the backup",
}


def holds(proven: Proven) -> str:
    """What a proven backup holds."""
    told = proven.manifest
    return (
        f"{told.database}: {counted(told.movements, 'movement', 'movements')}, "
        f"{counted(told.head_seq, 'audit entry', 'audit entries')}.\nHead {proven.head}"
    )


def how_to_open(proven: Proven) -> str:
    """What to do with a restored database."""
    url = f"sqlite:///{proven.file}" if proven.logins is None else proven.file
    return f"To work with it, close Zeroline and start it with\nzeroline --database {url}"


def logins_kept(logins: Logins | None) -> str:
    """Of the backup of a server: what it has of the logins."""
    if logins is None or not logins.made:
        return ""
    if logins.silent:
        return (
            "\nWithout the proofs of people's passwords, which only a superuser of the server may read: on "
            "another server they need new ones."
        )
    return f"\nWith {counted(len(logins.made), 'login', 'logins')} and the proofs of their passwords."


def logins_restored(logins: Logins | None) -> str:
    """What became of the logins when a backup of a server was put back."""
    if logins is None:
        return ""
    said = (
        ("Logins made", logins.made),
        ("Already there, left as they were", logins.left),
        ("Logins of the server that are nobody of Zeroline's, left as they were", logins.strangers),
        ("In need of a password before anybody signs in with them", logins.silent),
    )
    return "".join(f"\n{words}: {', '.join(which)}." for words, which in said if which)
