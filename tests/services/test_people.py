from support.warehouse import CHEAP, SECRET, Warehouse
from zeroline.services.people import People


def test_a_person_signs_in_with_login_and_secret(warehouse: Warehouse) -> None:
    people = People(warehouse.database, CHEAP)
    assert people.sign_in("Supervisor", SECRET) == warehouse.people.supervisor


def test_moves(warehouse: Warehouse) -> None:
    assert warehouse.move("X", "A", "5") > 0
