"""A command whose answer was lost is told again under its key, and is done once."""

from __future__ import annotations

import pytest

from support.floor import Floor
from support.warehouse import Warehouse
from zeroline.domain.command import new_key, under
from zeroline.domain.errors import DomainError
from zeroline.domain.person import Person
from zeroline.domain.views.settlement import Posted, Proposed
from zeroline.services.counting import Counting


@pytest.fixture
def line(warehouse: Warehouse) -> tuple[int, int]:
    """An open sheet over one stock key: sheet id, line id."""
    warehouse.move("ITEM-1", "A-01", "5")
    counting = Counting(warehouse.database)
    made = counting.create_sheet(warehouse.people.supervisor, key_ids=[warehouse.key("ITEM-1", "A-01")])
    sheet = counting.blind_sheet(warehouse.people.counter, made.sheet_id)
    return made.sheet_id, sheet.lines[0].line_id


def audited(warehouse: Warehouse, action: str) -> int:
    """How often the trail names this."""
    with warehouse.database.read() as connection:
        found = connection.exec_driver_sql("SELECT count(*) FROM audit_entry WHERE action = ?", (action,))
        return int(found.scalar_one())


def entered(warehouse: Warehouse, key: str, who: Person, line_id: int, text: str = "4") -> object:
    with under(key):
        return Counting(warehouse.database).enter(who, line_id, text)


def test_an_entry_told_twice_under_one_key_is_kept_once_and_answered_alike(
    warehouse: Warehouse, line: tuple[int, int]
) -> None:
    key = new_key()
    first = entered(warehouse, key, warehouse.people.counter, line[1])
    assert entered(warehouse, key, warehouse.people.counter, line[1]) == first
    assert audited(warehouse, "count drafted") == 1


def test_a_sheet_over_what_is_overdue_is_made_once_though_nothing_is_overdue_any_more(
    warehouse: Warehouse,
) -> None:
    warehouse.item("BRG", abc_class="A")
    warehouse.move("BRG", "A-01", "5")
    counting, key = Counting(warehouse.database), new_key()
    with under(key):
        first = counting.create_overdue_sheet(warehouse.people.supervisor)
    with under(key):
        assert counting.create_overdue_sheet(warehouse.people.supervisor) == first
    assert audited(warehouse, "count sheet made") == 1


def test_the_same_key_with_another_quantity_is_refused(warehouse: Warehouse, line: tuple[int, int]) -> None:
    key = new_key()
    entered(warehouse, key, warehouse.people.counter, line[1])
    with pytest.raises(DomainError, match="command-key-used"):
        entered(warehouse, key, warehouse.people.counter, line[1], "5")
    assert audited(warehouse, "count drafted") == 1


def test_the_same_key_of_another_person_is_refused(warehouse: Warehouse, line: tuple[int, int]) -> None:
    key = new_key()
    entered(warehouse, key, warehouse.people.counter, line[1])
    with pytest.raises(DomainError, match="command-key-used"):
        entered(warehouse, key, warehouse.people.other_counter, line[1])


def test_a_refused_entry_leaves_its_key_free(warehouse: Warehouse, line: tuple[int, int]) -> None:
    key = new_key()
    with pytest.raises(DomainError):
        entered(warehouse, key, warehouse.people.counter, line[1], "lots")
    entered(warehouse, key, warehouse.people.counter, line[1], "4")
    assert audited(warehouse, "count drafted") == 1


def test_each_verb_of_one_work_has_a_key_of_its_own(warehouse: Warehouse, line: tuple[int, int]) -> None:
    counting, counter = Counting(warehouse.database), warehouse.people.counter
    key = new_key()

    def work() -> object:
        with under(key):
            return counting.enter(counter, line[1], "5"), counting.submit(counter, line[0])

    assert work() == work()
    assert audited(warehouse, "count drafted") == audited(warehouse, "count submitted") == 1


def test_a_proposal_and_its_approval_told_twice_post_once(floor: Floor) -> None:
    warehouse, staff = floor.warehouse, floor.people
    warehouse.item("GLV", cost="1.00", abc_class="C")
    warehouse.move("GLV", "A-02", "-3", document="OUT/1")
    count = floor.count(warehouse.key("GLV", "A-02"), "9", "9")
    assert count.final is not None
    keys = new_key(), new_key()
    made: list[Proposed] = []
    for _ in range(2):
        with under(keys[0]):
            entry = count.final.entry_id
            made.append(floor.settlement.propose(staff.supervisor, entry_id=entry, cause="K3"))
    assert made[0] == made[1]
    shown = floor.shown(made[0].adjustment_id, to=staff.manager)
    posted: list[Posted] = []
    for _ in range(2):
        with under(keys[1]):
            posted.append(floor.approve(staff.manager, made[0].adjustment_id, shown_hashes=shown))
    assert posted[0] == posted[1]
    assert posted[0].posted == (made[0].adjustment_id,)
    assert floor.one("SELECT count(*) FROM movement WHERE adjustment_id IS NOT NULL") == 1


def test_what_was_told_is_never_changed_or_taken_away(warehouse: Warehouse, line: tuple[int, int]) -> None:
    entered(warehouse, new_key(), warehouse.people.counter, line[1])
    for statement in ("UPDATE command SET result = ''", "DELETE FROM command"):
        with (
            pytest.raises(DomainError, match="append-only"),
            warehouse.database.write(warehouse.people.counter.id) as work,
        ):
            work.connection.exec_driver_sql(statement)
