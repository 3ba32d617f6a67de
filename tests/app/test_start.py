"""What a start waits for, looked at in a process of its own."""

from __future__ import annotations

import subprocess
import sys

from support.warehouse import SECRET, Warehouse

START = """
import sys
from argon2 import PasswordHasher
from zeroline.domain.case import Queue
from zeroline.services.workbench import Workbench
services = Workbench(sys.argv[1], lambda: int(sys.argv[2]), hasher=PasswordHasher(1, 8, 1))
services.prepare()
person = services.people.sign_in("supervisor", sys.argv[3])
print(person.login, len(services.sites.list()), len(services.lookup.queue(person, Queue.NEGATIVE)))
import zeroline.ui.application, zeroline.ui.screens.queue
print(*sorted({"sqlalchemy", "alembic", "pandas", "reportlab"} & set(sys.modules)))
services.dispose()
"""

HOOK = """
import builtins
import zeroline.ui
print(builtins.__import__ is getattr(builtins, "__feature_import__", None))
import PySide6.QtWidgets
print(builtins.__import__ is getattr(builtins, "__feature_import__", None))
"""


def run(code: str, *arguments: str) -> list[str]:
    """The lines that a fresh interpreter prints."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_signing_in_and_the_first_queue_do_without_sqlalchemy(warehouse: Warehouse) -> None:
    warehouse.move("ITEM-1", "A-01", "5")
    warehouse.move("ITEM-1", "A-01", "-6")
    login = warehouse.people.supervisor.login
    warehouse.database.dispose()
    code = START.replace('"supervisor"', repr(login))
    told = run(code, f"sqlite:///{warehouse.path}", str(warehouse.clock.forward(1)), SECRET)
    assert told == [f"{login} 1 1", ""]


def test_the_binding_does_not_read_the_source_of_every_module() -> None:
    assert run(HOOK) == ["False", "False"]
