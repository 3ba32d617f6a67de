"""An import that is killed in the middle of its work leaves the database as it was."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from support.files import source, text_file
from zeroline.domain.person import PROGRAM
from zeroline.services.intake import Intake
from zeroline.services.listing import Listing
from zeroline.storage.engine import Database
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

services = Workbench(sys.argv[1], lambda: 0)
services.prepare()
services.intake.load(PROGRAM, plan([Path(sys.argv[2])]), progress)
"""


def test_an_import_killed_in_the_middle_keeps_nothing_and_can_be_repeated(
    database: Database, tmp_path: Path
) -> None:
    head = "movement_id,item,location,quantity,recorded_at\n"
    first = text_file(tmp_path, head + "x1,A,X,-5,2026-01-01\n", "first.csv")
    rows = "".join(f"{n},I{n % 50},X,{(-1) ** n},2026-01-01\n" for n in range(ROWS))
    second = text_file(tmp_path, head + rows, "second.csv")
    Intake(database).load(PROGRAM, source(first))
    database.dispose()

    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM_TEXT, database.url, str(second)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as importer:
        assert importer.stdout is not None
        assert importer.stdout.readline() == "now\n"
        importer.kill()

    with database.read() as connection:
        if database.server is None:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
        assert connection.exec_driver_sql("SELECT count(*) FROM movement").scalar_one() == 1
        assert connection.exec_driver_sql("SELECT count(*) FROM import_run").scalar_one() == 1
    assert [line.item for line in Listing(database).negatives()] == ["A"]
    assert Intake(database).load(PROGRAM, source(second)).added == ROWS
    with database.read() as connection:
        assert verify(connection) == []
