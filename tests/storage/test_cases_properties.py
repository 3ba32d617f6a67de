"""Whatever order the ledger is told things in, cases and episodes stand for each other."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, update

from support.warehouse import START, SettableClock, open_database
from zeroline.domain.case import OPEN_STATES, CaseState
from zeroline.domain.instant import HOUR
from zeroline.domain.quantity import SCALE
from zeroline.storage import casework, ledger, schema
from zeroline.storage.schema import episode, stock_case

BEGIN = START - 200 * HOUR

movements = st.lists(
    st.tuples(
        st.integers(-6, 6).filter(bool),
        st.integers(0, 40),  # recorded, hours
        st.integers(0, 6),  # happened so many hours before
    ),
    min_size=1,
    max_size=5,
)
people_do = st.sampled_from(["nothing", "cause", "close", "dismiss"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(movements, people_do), min_size=1, max_size=5))
def test_every_open_or_transient_episode_has_one_case_and_no_working_case_is_without_one(template, told):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "inventory.db"
        shutil.copyfile(template, path)
        clock = SettableClock()
        database = open_database(path, clock)
        try:
            run(database, clock, told)
        finally:
            database.dispose()


def run(database, clock, told) -> None:
    with database.write() as work:
        connection = work.connection
        connection.execute(insert(schema.site).values(id=1, code="S"))
        connection.execute(insert(schema.source).values(id=9, code="wms"))
        connection.execute(insert(schema.item).values(id=1, code="I", unit_cost=SCALE))
        connection.execute(insert(schema.location).values(id=1, code="L", site_id=1))
        connection.execute(insert(schema.stock_key).values(id=1, item_id=1, location_id=1))
        work.audit("test", "world")
        work.changed(everything=True)
        work.commit()
    number = 0
    for batch, deed in told:
        rows = []
        for quantity, recorded, before in batch:
            at = BEGIN + recorded * HOUR
            number += 1
            rows.append(
                ledger.NewMovement(1, quantity * SCALE, "pick", at - before * HOUR, at, 9, f"m{number}")
            )
        with database.write() as work:
            casework.sync(work, ledger.append(work.connection, rows).keys)
            agree(work.connection)
            assert casework.sync(work, None) == 0
            work.audit("test", "batch")
            work.changed(everything=True)
            work.commit()
        do(database, deed)
        clock.forward(HOUR)


def agree(connection) -> None:
    episodes = {row.opening_seq: row for row in connection.execute(select(episode))}
    cases = connection.execute(select(stock_case).where(stock_case.c.queue.in_(["negative", "transient"])))
    standing: dict[int, list] = {}
    for case in cases:
        if case.opening_seq:
            standing.setdefault(case.opening_seq, []).append(case)
        else:
            assert CaseState(case.state) not in OPEN_STATES
    for seq, found in episodes.items():
        if found.closing_seq is None or found.transient:
            assert len(standing.get(seq, [])) == 1, "an episode without a case, or with two"
    for seq, of_episode in standing.items():
        for case in of_episode:
            if CaseState(case.state) in OPEN_STATES:
                assert seq in episodes, "a working case without an episode"
                assert case.closing_seq == episodes[seq].closing_seq
                wanted = "transient" if episodes[seq].transient else "negative"
                assert case.queue == wanted


def do(database, deed: str) -> None:
    """What people might do with all open cases meanwhile."""
    columns = {
        "nothing": {},
        "cause": {"cause": "K2", "state": "cause proposed"},
        "close": {"cause": "K2", "state": "closed", "closed_at": database.clock()},
        "dismiss": {"reason": "known", "state": "dismissed", "closed_at": database.clock()},
    }[deed]
    if columns:
        with database.write() as work:
            work.connection.execute(update(stock_case).where(stock_case.c.opening_seq != 0).values(**columns))
            work.audit("test", deed)
            work.changed(everything=True)
            work.commit()
