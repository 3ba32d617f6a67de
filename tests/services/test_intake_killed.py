"""An import that is killed in the middle of its work leaves the database as it was."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

from support.files import source, text_file
from support.warehouse import SettableClock, open_database
from zeroline.domain.person import PROGRAM
from zeroline.services.intake import Intake
from zeroline.services.listing import Listing
from zeroline.storage.ledger import verify

ROWS = 60_000
PROGRAM_TEXT = """
import sys
from pathlib import Path
from zeroline.domain.person import PROGRAM
from zeroline.services.workbench import Workbench
from zeroline.sources import plan

def progress(done, total):
    if done >= 50_000:  # two thirds are appended by now
        print("now", flush=True)
        sys.stdin.read()  # waits to be killed

services = Workbench(f"sqlite:///{sys.argv[1]}", lambda: 0)
services.prepare()
services.intake.load(PROGRAM, plan([Path(sys.argv[2])]), progress)
"""


def test_an_import_killed_in_the_middle_keeps_nothing_and_can_be_repeated(
    template: Path, tmp_path: Path
) -> None:
    path = tmp_path / "inventory.db"
    path.write_bytes(template.read_bytes())
    head = "movement_id,item,location,quantity,recorded_at\n"
    first = text_file(tmp_path, head + "x1,A,X,-5,2026-01-01\n", "first.csv")
    rows = "".join(f"{n},I{n % 50},X,{(-1) ** n},2026-01-01\n" for n in range(ROWS))
    second = text_file(tmp_path, head + rows, "second.csv")
    database = open_database(path, SettableClock())
    Intake(database).load(PROGRAM, source(first))
    database.dispose()

    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM_TEXT, str(path), str(second)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as importer:
        assert importer.stdout is not None
        assert importer.stdout.readline() == "now\n"
        importer.kill()

    with sqlite3.connect(path) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert raw.execute("SELECT count(*) FROM movement").fetchone() == (1,)
        assert raw.execute("SELECT count(*) FROM import_run").fetchone() == (1,)
    raw.close()
    database = open_database(path, SettableClock())
    assert [line.item for line in Listing(database).negatives()] == ["A"]
    assert Intake(database).load(PROGRAM, source(second)).added == ROWS
    with database.read() as connection:
        assert verify(connection) == []
    database.dispose()
