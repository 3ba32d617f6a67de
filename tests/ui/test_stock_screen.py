"""What Ctrl+K leads to where there is no open case: places, balances and how they came about."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from support.console import CTRL, Console
from support.desk import Workstation
from support.floor import Floor
from support.warehouse import Warehouse
from zeroline.domain.errors import DomainError
from zeroline.domain.views.found import HitKind
from zeroline.ui.screens.stock import StockScreen


@pytest.fixture
def stocked(warehouse: Warehouse) -> Warehouse:
    """20 tapes in two bins, nothing wrong; gloves that are short."""
    warehouse.move("TAPE-48", "C-01", "12", "2026-02-20T08:00:00Z", document="IN/1", user="J. Weber")
    warehouse.move("TAPE-48", "C-01", "-2", "2026-02-21T08:00:00Z", document="OUT/7")
    warehouse.move("TAPE-48", "C-02", "10", "2026-02-22T08:00:00Z", document="IN/2")
    warehouse.move("GLV-XL", "C-01", "-3", "2026-02-23T08:00:00Z", document="OUT/9")
    return warehouse


def find(console: Console, text: str) -> None:
    """Ctrl+K, type, Enter on the first answer."""
    assert console.window.workplace is not None
    finder = console.window.workplace.finder
    console.key(Qt.Key.Key_K, CTRL)
    console.until(lambda: QApplication.focusWidget() is finder)
    console.type(text)
    console.key(Qt.Key.Key_Return)


def test_an_item_that_is_nobodys_case_is_shown_with_its_balances_and_its_ledger(
    console: Console, stocked: Warehouse
) -> None:
    window = console.open()
    console.sign_in(stocked.people.supervisor)
    find(console, "tape")
    assert window.workplace is not None
    assert window.workplace.place.screen == "stock"
    screen: StockScreen = console.here
    assert screen.name.text() == "TAPE-48"
    assert "20 EA in all places" in screen.about.text().replace("\u00a0", " ")
    rows = screen.table.table.rows
    assert [(rows.value("location", n), rows.value("on_hand", n)) for n in range(len(rows))] == [
        ("C-01", 10_000_000),
        ("C-02", 10_000_000),
    ]
    balances = screen.ledger.table.rows
    assert [balances.value("balance", n) for n in range(len(balances))] == [12_000_000, 10_000_000]
    console.key(Qt.Key.Key_Down)
    assert [screen.ledger.table.rows.value("document", 0)] == ["IN/2"]
    console.key(Qt.Key.Key_Escape)
    assert window.workplace.place.screen == "queue:negative"


def test_a_bin_names_the_case_of_what_is_short_in_it(workstation: Workstation, stocked: Warehouse) -> None:
    workstation.services.casework.sync()
    person = stocked.people.auditor
    bin_id = stocked.location("C-01")
    screen = workstation.show(StockScreen(workstation.desk(person)), (HitKind.LOCATION, bin_id))
    rows = screen.table.table.rows
    assert [rows.value("item", n) for n in range(len(rows))] == ["GLV-XL", "TAPE-48"]
    workstation.qtbot.keyClick(screen.table, Qt.Key.Key_Return)
    assert workstation.went[-1].screen == "case"
    workstation.qtbot.keyClick(screen.table, Qt.Key.Key_Down)
    assert not screen.to_case.isEnabled()
    workstation.went.clear()
    workstation.qtbot.keyClick(screen.table, Qt.Key.Key_Return)
    assert workstation.went == []


def test_a_document_leads_to_the_stock_of_its_items(
    workstation: Workstation, stocked: Warehouse, floor: Floor
) -> None:
    number = floor.document("receipt", "TAPE-48", "5")
    target = (HitKind.DOCUMENT, number)
    screen = workstation.show(StockScreen(workstation.desk(stocked.people.manager)), target)
    assert screen.name.text() == "DOC-1"
    rows = screen.table.table.rows
    assert {rows.value("item", n) for n in range(len(rows))} == {"TAPE-48"}


def test_an_item_without_any_stock_says_so(workstation: Workstation, stocked: Warehouse) -> None:
    item = stocked.item("NEW-1", description="Not yet stocked")
    screen = workstation.show(StockScreen(workstation.desk(stocked.people.manager)), (HitKind.ITEM, item))
    assert screen.panel.nothing.isVisible()
    assert screen.panel.nothing.title.text() == "No stock"


def test_a_counter_is_shown_no_balance(workstation: Workstation, stocked: Warehouse) -> None:
    lookup, counter = workstation.services.lookup, stocked.people.counter
    with pytest.raises(DomainError, match="not-allowed"):
        lookup.stock(counter, HitKind.ITEM, 1)
    with pytest.raises(DomainError, match="not-allowed"):
        lookup.ledger(counter, 1)
