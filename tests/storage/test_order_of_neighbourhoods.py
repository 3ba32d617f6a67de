"""What a diagnosis is made from comes in the same order from a file and from a server."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.floor import Floor
from support.surroundings import open_document
from support.warehouse import Served, SettableClock, Staff, Warehouse, open_database
from zeroline.storage.diagnosis import gathering

HERE = "2026-03-01T08:00:00Z"


def filled(warehouse: Warehouse) -> list[str]:
    """Shortages with ties everywhere: one instant, one document number, two counts of one line, late rows.

    Answers them with their neighbourhoods.
    """
    floor = Floor(warehouse)
    for item in ("BRG", "GLV", "OIL", "NUT", "BLT", "CAP", "PIN", "ROD", "CUP", "JAR"):
        warehouse.move(item, "A-02", "-5", HERE, document="OUT/1", cases=False)
        warehouse.move(item, "A-01", "5", HERE, kind="count correction", document="CC/1", cases=False)
        warehouse.move(item, "A-03", "-5", HERE, kind="component issue", document="OUT/1", cases=False)
    for item in ("OIL", "BRG"):  # closed and opened again: rows of episodes are written anew
        warehouse.move(item, "A-02", "6", "2026-03-01T10:00:00Z", "2026-03-01T07:00:00Z", document="IN/1")
        warehouse.move(item, "A-02", "-4", "2026-03-01T11:00:00Z", document="OUT/1")
        for kind in ("transfer", "receipt", "return"):
            open_document(warehouse, kind, f"D-{item}", item, None, 5)
        floor.count(warehouse.key(item, "A-01"), "3", "4", "3")
        floor.count(warehouse.key(item, "A-03"), "2", "2")
    with warehouse.database.read() as connection:
        asked = gathering.episodes(connection) + gathering.variances(connection)
        found = [f"{one} {vars(n)}" for one, n in gathering.neighbourhoods(connection, asked)]
        return [told.replace("False", "0").replace("True", "1") for told in found]


def test_a_server_answers_in_the_order_of_a_file(
    request: pytest.FixtureRequest, served: Served, tmp_path: Path
) -> None:
    found: tuple[Path, Staff] = request.getfixturevalue("_staffed")
    path, staff = found
    copied = tmp_path / "warehouse.db"
    copied.write_bytes(path.read_bytes())
    clock = SettableClock()
    file = Warehouse(open_database(copied, clock), clock, staff, copied)
    on_file = filled(file)
    file.database.dispose()
    clock = SettableClock()
    for database in served.opened(served.full, clock):
        on_server = filled(Warehouse(database, clock, served.staff, tmp_path / "other"))
    assert len(on_file) > 20
    assert on_server == on_file
