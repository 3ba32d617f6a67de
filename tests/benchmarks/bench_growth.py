"""What one PostgreSQL server bears: the dear reads and writes at 1, 10 and 30 million movements.

    python -m tests.benchmarks.bench_growth [--millions 1 10 30]

The ledger is that of ``large_ledger`` (ten movements a stock key, a year), put in by COPY with guards and
secondary indexes away, which are put back before anything is measured. The server is one of the tests' own,
with its settings for tests but durable (fsync on). Times are medians of several runs on this machine; what
carries over is how they grow from one size to the next.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy import Connection

from benchmarks.large_ledger import A_KEY, BINS, LONG, SOURCE, START, UNIT, movements, new_rows
from support.postgres import Server, binaries
from zeroline.domain.case import Queue
from zeroline.domain.person import Person, Role
from zeroline.services.lookup import Lookup
from zeroline.storage import casework, ledger
from zeroline.storage.engine import Database
from zeroline.storage.ledger import NewMovement
from zeroline.storage.postgres import setting_up
from zeroline.storage.unit_of_work import UnitOfWork

STEP = 500_000
RUNS = 5
TOGETHER = 2_000
WORKED_ON = 100_000
"""Stock keys whose cases are open. What waits for people does not grow with the ledger."""
READER = Person(0, "bench", "Bench", Role.AUDITOR)

_INDEXES = """
SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'zeroline' AND tablename = 'movement'
AND indexname NOT IN (SELECT conname FROM pg_constraint)
"""
_COPY = """
COPY movement (seq, key_id, quantity, kind, occurred_at, recorded_at, source_id, reference, document,
               document_line, user_name, entered_quantity, entered_unit) FROM STDIN
"""


def fill(database: Database, rows: int) -> dict[str, float]:
    """The ledger, its balances, episodes and cases; seconds that each takes."""
    keys = max(1, rows // A_KEY)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        _guards(connection, "DISABLE")
        indexes = connection.exec_driver_sql(_INDEXES).all()
        for name, _ in indexes:
            connection.exec_driver_sql(f"DROP INDEX zeroline.{name}")
        _master_data(connection, keys)
        raw: Any = connection.connection.driver_connection
        columns = movements(rows)
        with raw.cursor() as cursor, cursor.copy(_COPY) as copy:
            for first in range(0, rows, STEP):
                part = [column[first : first + STEP].tolist() for column in columns.values()]
                lines = (
                    f"{seq}\t{key}\t{quantity}\t{'receipt' if quantity > 0 else 'shipment'}\t{occurred}\t"
                    f"{recorded}\t{SOURCE}\t{seq:09d}\tD{seq // 7}\t1\twms\t{quantity}\tEA\n"
                    for seq, (key, quantity, occurred, recorded) in enumerate(
                        zip(*part, strict=True), first + 1
                    )
                )
                copy.write("".join(lines))
        for _, made in indexes:
            connection.exec_driver_sql(made)
        connection.exec_driver_sql(
            "SELECT setval(pg_get_serial_sequence('zeroline.movement', 'seq'), ?)", (rows,)
        )
        _guards(connection, "ENABLE ALWAYS")
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
    with database.write() as work:
        took = {"seal": timed(lambda: ledger.seal(work.connection))}
        took["rebuild"] = timed(lambda: ledger.rebuild(work.connection))
        work.refresh_statistics()
        took["cases"] = timed(lambda: _cases(work, min(keys, WORKED_ON)))
        work.audit("benchmark ledger", "ledger")
        work.changed(everything=True)
        work.commit()
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
    return took


def _cases(work: UnitOfWork, keys: int) -> None:
    """A few thousand stock keys at once, as imports bring them; all at once would be all of the ledger."""
    for first in range(1, keys + 1, TOGETHER):
        casework.sync(work, range(first, min(first + TOGETHER, keys + 1)))


def _guards(connection: Connection, how: str) -> None:
    named = connection.exec_driver_sql(
        "SELECT c.relname, t.tgname FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid"
        " JOIN pg_namespace AS n ON n.oid = c.relnamespace"
        " WHERE n.nspname = 'zeroline' AND NOT t.tgisinternal"
        " AND c.relname IN ('movement', 'stock_key', 'item', 'location', 'site', 'source')"
    )
    for table, trigger in named.all():
        connection.exec_driver_sql(f"ALTER TABLE {table} {how} TRIGGER {trigger}")


def _master_data(connection: Connection, keys: int) -> None:
    items = -(-keys // BINS)
    for statement in (
        f"INSERT INTO source (id, code) VALUES ({SOURCE}, 'wms')",
        "INSERT INTO site (id, code) VALUES (1, 'MAIN')",
        f"""INSERT INTO item (id, code, unit_cost)
            SELECT i, 'ITEM-' || lpad(i::text, 6, '0'), {UNIT} FROM generate_series(1, {items}) AS i""",
        f"""INSERT INTO location (id, code, site_id)
            SELECT i, 'BIN-' || lpad(i::text, 5, '0'), 1 FROM generate_series(1, {BINS * 50}) AS i""",
        f"""INSERT INTO stock_key (id, item_id, location_id, lot, status)
            SELECT k + 1, k / {BINS} + 1, k / {BINS} % 50 * {BINS} + k % {BINS} + 1, '', 'available'
            FROM generate_series(0, {keys - 1}) AS k""",
    ):
        connection.exec_driver_sql(statement)


def measured(database: Database, rows: int, took: dict[str, float]) -> list[tuple[str, str]]:
    """What is measured, and what came out."""
    lookup = Lookup(database)
    queue = lookup.queue(READER, Queue.NEGATIVE)
    case = int(queue.ids[len(queue.ids) // 2])
    batches = iter(range(RUNS))

    def append() -> None:
        columns = [column.tolist() for column in new_rows(rows, next(batches)).values()]
        with database.write() as work:
            made = [
                NewMovement(key, quantity, "receipt", occurred, recorded, SOURCE, f"N{recorded}-{place}")
                for place, (key, quantity, occurred, recorded) in enumerate(zip(*columns, strict=True))
            ]
            casework.sync(work, ledger.append(work.connection, made).keys)
            work.audit("benchmark rows", "ledger")
            work.changed(everything=True)
            work.commit()

    with database.read() as connection:
        table, whole = connection.exec_driver_sql(
            "SELECT pg_table_size('zeroline.movement'), pg_database_size(current_database())"
        ).one()
    return [
        ("movements on disk, GB", f"{table / 1e9:.2f}"),
        ("whole database, GB", f"{whole / 1e9:.2f}"),
        ("balances and episodes all anew, s", f"{took['rebuild']:.1f}"),
        ("cases of 100,000 stock keys, s", f"{took['cases']:.1f}"),
        ("open negatives", f"{len(queue.ids)}"),
        ("queue of them, ms", _ms(lambda: lookup.queue(READER, Queue.NEGATIVE))),
        ("counts of all queues, ms", _ms(lambda: lookup.queue_counts(READER))),
        ("one case, ms", _ms(lambda: lookup.case(READER, case))),
        ("1,000 movements appended, ms", _ms(append)),
    ]


def _ms(act: Callable[[], object]) -> str:
    return f"{statistics.median(timed(act) for _ in range(RUNS)) * 1e3:.0f}"


def timed(act: Callable[[], object]) -> float:
    """Seconds it takes."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--millions", type=float, nargs="+", default=[1, 10, 30])
    chosen = parser.parse_args(arguments)
    server = Server(binaries())
    try:
        with server.admin() as admin:
            for setting in (
                "fsync = on",
                "full_page_writes = on",
                "autovacuum = on",
                "shared_buffers = '2GB'",
                "maintenance_work_mem = '1GB'",
                "max_wal_size = '8GB'",
            ):
                admin.execute(f"ALTER SYSTEM SET {setting}")
        server.restart()
        for millions in chosen.millions:
            rows = int(millions * 1_000_000)
            name = f"growth_{rows}"
            server.create(name)
            database = Database(server.url(name), lambda: START + LONG)
            setting_up.set_up(database)
            took = fill(database, rows)
            print(f"{millions:g} million movements", flush=True)
            for what, came in measured(database, rows, took):
                print(f"  {what:<36}{came:>12}", flush=True)
            database.dispose()
            server.drop(name)
    finally:
        server.remove()
    return 0


if __name__ == "__main__":
    sys.exit(main())
