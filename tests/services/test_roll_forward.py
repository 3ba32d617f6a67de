"""Rule 6 and rule 3 by Hypothesis through the services and the real database."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.floor import Floor
from support.warehouse import SettableClock, Staff, Warehouse, open_database
from zeroline.domain.instant import DAY, HOUR, MINUTE
from zeroline.domain.quantity import SCALE, plain
from zeroline.storage import ledger

FEW = settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])


@contextmanager
def fresh_floor(staffed: tuple[Path, Staff]) -> Iterator[Floor]:
    template, staff = staffed
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "warehouse.db"
        shutil.copyfile(template, path)
        clock = SettableClock()
        floor = Floor(Warehouse(open_database(path, clock), clock, staff, path))
        floor.warehouse.source()
        floor.warehouse.item("IT", cost="0.10")
        yield floor
        floor.database.dispose()


def offered(floor: Floor, entry: int) -> int:
    """The adjustment proposed from a count; 0 where it comes to nothing."""
    found = floor.settlement.preview(floor.people.supervisor, entry_id=entry, cause="K3")
    if [reason.code for reason in found.blocked] == ["adjustment-zero"]:
        return 0
    return floor.settlement.propose(floor.people.supervisor, entry_id=entry, cause="K3").adjustment_id


quantities = st.integers(-40, 40).filter(bool)
minutes = st.integers(-300, 300)
movements = st.lists(st.tuples(quantities, minutes, minutes), max_size=4)
"""(units, minutes from the count at which it happened, … at which it was recorded)"""


@FEW
@given(before=movements, between=movements, after=movements, unrecorded=st.integers(-30, 30))
def test_whatever_moves_and_whenever_it_is_recorded_the_book_ends_at_what_the_shelf_holds(
    staffed: tuple[Path, Staff],
    before: list[tuple[int, int, int]],
    between: list[tuple[int, int, int]],
    after: list[tuple[int, int, int]],
    unrecorded: int,
) -> None:
    """``before`` the count is submitted, ``between`` that and the proposal, ``after`` the proposal rows reach
    the ledger; each happened and was recorded at any time around the count."""
    with fresh_floor(staffed) as floor:
        floor.warehouse.move("IT", "A-01", "1000", floor.clock() - DAY)
        key = floor.warehouse.key("IT", "A-01")
        sheet = floor.sheet(key)
        moment = floor.clock.forward(6 * HOUR)
        arrived: list[tuple[int, int, int]] = []

        def arrive(rows: list[tuple[int, int, int]]) -> None:
            for units, occurred, recorded in rows:
                arrived.append((units, occurred, recorded))
                floor.warehouse.move(
                    "IT", "A-01", units * SCALE, moment + recorded * MINUTE, moment + occurred * MINUTE
                )

        everything = before + between + after
        counted = 1000 + unrecorded + sum(units for units, occurred, _ in everything if occurred <= 0)
        shelf_now = 1000 + unrecorded + sum(units for units, _, _ in everything)
        for person in (floor.people.counter, floor.people.other_counter):
            floor.counting.enter(person, floor.line(sheet), plain(counted * SCALE), moment)
            arrive(before)
            before = []
            floor.counting.submit(person, sheet)
            if floor.lines(sheet)[0].state != "recount":
                break
        arrive(between)
        floor.clock.forward(DAY)
        entry = floor.lines(sheet)[0].entries[-1].entry_id
        made = offered(floor, entry)
        arrive(after)
        if made and floor.settlement.approval_view(floor.people.manager, made).outdated:
            floor.settlement.withdraw(floor.people.supervisor, made)
            made = 0
        made = made or offered(floor, entry)
        if made:
            floor.approve(floor.people.manager, made)
        assert floor.on_hand(key) == shelf_now * SCALE
        with floor.database.read() as connection:
            assert ledger.verify(connection) == []


@FEW
@given(parts=st.lists(st.integers(1, 900), min_size=1, max_size=4), hours=st.integers(0, 5))
def test_no_supervisor_ever_signs_more_than_their_limit_of_one_key_proposer_and_day(
    staffed: tuple[Path, Staff], parts: list[int], hours: int
) -> None:
    """Corrections of one key one after the other, each offered to a supervisor; 0.50 a piece, limit 250."""
    with fresh_floor(staffed) as floor:
        floor.warehouse.item("DEAR", cost="0.50")
        floor.warehouse.move("DEAR", "A-01", "10")
        key = floor.warehouse.key("DEAR", "A-01")
        shelf, signed = 10, 0
        for part in parts:
            shelf += part
            made = floor.propose(key, str(shelf))
            hand = floor.settlement.hand_in_the_way(floor.people.other_supervisor, made.adjustment_id)
            signed += 0 if hand else part
            floor.approve(floor.people.manager if hand else floor.people.other_supervisor, made.adjustment_id)
            floor.clock.forward(hours * HOUR)
        total = floor.one("SELECT sum(abs(value)) FROM adjustment")
        assert signed * SCALE // 2 <= 250 * SCALE
        assert total == sum(parts) * SCALE // 2
