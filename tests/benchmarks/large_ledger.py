"""A made-up ledger of millions of movements, for the benchmarks of replay.

    python -m tests.benchmarks.large_ledger FILE [--rows 10000000]

Ten movements a stock key (50,000 items in 20 bins each at 10 million rows) over a year, arriving in the
order in which they are recorded; every tenth happened up to a day before that. The same numbers each time.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from sqlalchemy import Connection, insert

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from zeroline.domain.instant import DAY, HOUR, MINUTE
from zeroline.storage import guard, migrate, schema
from zeroline.storage.engine import Database
from zeroline.storage.ledger import rebuild, seal
from zeroline.storage.ledger.appending import insert_rows

START = 1_750_000_000_000_000
LONG = 365 * DAY
UNIT = 1_000_000
BINS = 20
A_KEY = 10  # movements
STEP = 200_000
SOURCE = 2


def movements(rows: int, seed: int = 11) -> dict[str, np.ndarray]:
    """Columns of ``rows`` movements by their names in the table, in order of arrival."""
    random = np.random.default_rng(seed)
    keys = max(1, rows // A_KEY)
    key = np.concatenate([random.permutation(keys), random.integers(0, keys, rows - keys)]) + 1
    recorded = START + np.sort(random.integers(0, LONG // 1000, rows)) * 1000
    late = np.where(random.random(rows) < 0.1, random.integers(0, DAY // MINUTE, rows) * MINUTE, 0)
    quantity = random.integers(-6, 7, rows)
    quantity[:keys] = random.integers(15, 60, keys)
    return {
        "key_id": key,
        "quantity": quantity * UNIT,
        "occurred_at": recorded - late,
        "recorded_at": recorded,
    }


def make(path: Path, rows: int) -> Database:
    """The database file with such a ledger, its segments, balances and episodes."""
    database = Database(f"sqlite:///{path}", lambda: START + LONG)
    migrate.prepare(database)
    with database.write() as work:
        connection = work.connection
        for name in guard.STATEMENTS:  # put back below; they would double the time it takes
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        _master_data(connection, max(1, rows // A_KEY))
        # The index grows with the rows, as it does in use. Made afterwards its pages would be full to the
        # brim, and each further movement tear two or three of them apart until all of them have been once.
        connection.exec_driver_sql("PRAGMA cache_size = -1000000")
        columns = movements(rows)
        for first in range(0, rows, STEP):
            part = [column[first : first + STEP].tolist() for column in columns.values()]
            insert_rows(
                connection,
                [
                    (
                        sequence,
                        key,
                        quantity,
                        "receipt" if quantity > 0 else "shipment",
                        occurred,
                        recorded,
                        SOURCE,
                        f"{sequence:09d}",
                        "both",
                        f"D{sequence // 7}",
                        "1",
                        "wms",
                        quantity,
                        "EA",
                        False,
                        None,
                        None,
                    )
                    for sequence, (key, quantity, occurred, recorded) in enumerate(
                        zip(*part, strict=True), first + 1
                    )
                ],
            )
        seal(connection)
        rebuild(connection)
        guard.restore(connection)
        work.audit("benchmark ledger", "ledger")
        work.changed(everything=True)
        work.commit()
    return database


def _master_data(connection: Connection, keys: int) -> None:
    items = -(-keys // BINS)
    connection.execute(insert(schema.source).values(id=SOURCE, code="wms"))
    connection.execute(insert(schema.site).values(id=1, code="MAIN"))
    connection.execute(
        insert(schema.item),
        [{"id": i, "code": f"ITEM-{i:06d}", "unit_cost": UNIT} for i in range(1, items + 1)],
    )
    connection.execute(
        insert(schema.location),
        [{"id": i, "code": f"BIN-{i:05d}", "site_id": 1} for i in range(1, BINS * 50 + 1)],
    )
    connection.exec_driver_sql(
        "INSERT INTO stock_key (id, item_id, location_id, lot, status) VALUES (?, ?, ?, '', 'available')",
        [(key + 1, key // BINS + 1, key // BINS % 50 * BINS + key % BINS + 1) for key in range(keys)],
    )


def new_rows(rows: int, batch: int = 0, count: int = 1000) -> dict[str, np.ndarray]:
    """``count`` further movements of the hour ``batch`` after those, every fifth up to 30 days back-dated."""
    random = np.random.default_rng(100 + batch)
    recorded = START + LONG + batch * HOUR + np.sort(random.integers(0, HOUR, count))
    back_dated = random.random(count) < 0.2
    recorded = np.where(back_dated, recorded - random.integers(1, 30 * DAY, count), recorded)
    return {
        "key_id": random.integers(0, max(1, rows // A_KEY), count) + 1,
        "quantity": random.integers(-6, 7, count) * UNIT,
        "occurred_at": recorded - np.where(random.random(count) < 0.1, HOUR, 0),
        "recorded_at": recorded,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--rows", type=int, default=10_000_000)
    wishes = parser.parse_args()
    database = make(wishes.file, wishes.rows)
    with database.read() as connection:
        for table in (schema.movement, schema.balance, schema.episode, schema.ledger_segment):
            count = connection.exec_driver_sql(f"SELECT count(*) FROM {table.name}").scalar_one()
            print(f"{table.name:15} {count:>12,}")
    database.dispose()


if __name__ == "__main__":
    main()
