"""Counts kept on a workstation: sent once, in order, by who made them, and what a rule refuses stays."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from support.floor import Floor
from support.warehouse import Warehouse
from zeroline.domain.command import new_key, under
from zeroline.domain.errors import Cancelled, DomainError, Trouble
from zeroline.domain.instant import HOUR, MINUTE, SECOND
from zeroline.domain.person import Person
from zeroline.domain.views.counting import BlindSheet, EnteredLine
from zeroline.domain.views.kept import Entered, Kept, Waiting
from zeroline.services.counting import Counting
from zeroline.services.outbox import Outbox, Typed
from zeroline.storage.outbox import OutboxFile


class Line(Counting):
    """Counting over a line that can be cut: before the database hears of it, or after it has done it."""

    def __init__(self, warehouse: Warehouse) -> None:
        super().__init__(warehouse.database)
        self.cut = ""
        self.told = 0
        self.refuses: Exception | None = None
        self.then: Callable[[], None] = lambda: None

    def enter(self, *args: object, **more: object) -> EnteredLine:
        self.told += 1
        if self.refuses is not None:
            raise self.refuses
        if self.cut == "before":
            raise Trouble("connection-lost")
        made = super().enter(*args, **more)  # type: ignore[arg-type]
        self.then()
        if self.cut == "after":
            raise Trouble("connection-lost")
        return made


@dataclass
class Station:
    """A workstation at which the counter sits, in front of a sheet of three lines."""

    floor: Floor
    folder: Path
    line: Line = field(init=False)
    outbox: Outbox = field(init=False)
    sheet_id: int = 0

    def __post_init__(self) -> None:
        self.line = Line(self.floor.warehouse)
        self.restart()

    def restart(self) -> None:
        self.outbox = Outbox(self.floor.database, self.line, self.folder)

    @property
    def counter(self) -> Person:
        return self.floor.people.counter

    def sheet(self, person: Person | None = None) -> BlindSheet:
        return self.floor.counting.blind_sheet(person or self.counter, self.sheet_id)

    def keep(self, position: int, text: str, person: Person | None = None) -> Kept:
        sheet = self.sheet()
        self.floor.clock.forward(MINUTE)
        return self.outbox.keep(person or self.counter, sheet, sheet.lines[position - 1], Typed(text))

    def enter(self, position: int, text: str, key: str = "") -> Entered | Kept:
        sheet = self.sheet()
        self.floor.clock.forward(MINUTE)
        with under(key or new_key()):
            return self.outbox.enter(self.counter, sheet, sheet.lines[position - 1], Typed(text))

    def waiting(self, person: Person | None = None) -> Waiting:
        return self.outbox.waiting(person or self.counter)

    def entered(self) -> list[str]:
        return [line.entered for line in self.sheet().lines]

    def drafted(self) -> list[tuple[str, str]]:
        """(line, what was entered) of every entry in the audit trail, in order."""
        with self.floor.database.read() as connection:
            rows = connection.exec_driver_sql(
                "SELECT subject, json_extract(facts, '$.entered') FROM audit_entry "
                "WHERE action = 'count drafted' ORDER BY seq"
            )
            return [(row[0], row[1]) for row in rows]


@pytest.fixture
def station(floor: Floor, warehouse: Warehouse, tmp_path: Path) -> Station:
    warehouse.item("ITEM-1", units={"CS": 12})
    keys = [warehouse.key(f"ITEM-{n}", f"A-0{n}") for n in (1, 2, 3)]
    for n in (1, 2, 3):
        warehouse.move(f"ITEM-{n}", f"A-0{n}", "5")
    made = Station(floor, tmp_path / "outbox")
    made.sheet_id = floor.sheet(*keys)
    warehouse.clock.forward(MINUTE)
    return made


def test_kept_counts_are_sent_in_order_with_the_time_at_which_they_were_counted(station: Station) -> None:
    times = [station.keep(n, text).count.at for n, text in ((2, "7"), (1, "3cs+4"), (2, "8"))]
    station.floor.clock.forward(HOUR)
    assert [count.seq for count in station.waiting().mine] == [1, 2, 3]
    sent = station.outbox.send(station.counter)
    assert [count.text for count in sent.sent] == ["7", "3cs+4", "8"]
    assert sent.changes.counts == {station.sheet_id}
    assert station.entered() == ["3cs+4", "8", ""]
    lines = station.sheet().lines
    assert [(line.quantity, line.counted_at) for line in lines[:2]] == [
        (40_000_000, times[1]),
        (8_000_000, times[2]),
    ]
    assert [text for _, text in station.drafted()] == ["7", "3cs+4", "8"]
    assert station.waiting() == Waiting()
    assert [file.read_bytes() for file in station.folder.iterdir()] == [b""]


def test_a_line_that_goes_in_the_middle_leaves_the_rest_for_the_next_time(station: Station) -> None:
    for n in (1, 2, 3):
        station.keep(n, str(n))
    station.line.cut = "before"
    sent = station.outbox.send(station.counter)
    assert sent.lost is not None
    assert (sent.sent, station.line.told) == ((), 1)
    station.restart()
    assert len(station.waiting().mine) == 3
    station.line.cut = ""
    assert len(station.outbox.send(station.counter).sent) == 3


def test_an_answer_lost_after_the_database_had_it_counts_once_however_often_it_is_sent(
    station: Station,
) -> None:
    station.line.cut = "after"
    made = station.enter(1, "4")
    assert isinstance(made, Kept)
    assert made.lost is not None
    for _ in range(2):
        station.floor.clock.forward(HOUR)
        assert station.outbox.send(station.counter).lost is not None
    station.restart()
    station.line.cut = ""
    assert [count.text for count in station.outbox.send(station.counter).sent] == ["4"]
    assert len(station.drafted()) == 1
    assert station.sheet().lines[0].counted_at == made.count.at


def test_a_count_that_never_reached_the_database_keeps_its_key_and_its_time(station: Station) -> None:
    key = new_key()
    station.line.cut = "before"
    made = station.enter(1, "4", key)
    assert isinstance(made, Kept)
    assert made.count.key == key
    station.line.cut = ""
    station.floor.clock.forward(HOUR)
    station.outbox.send(station.counter)
    assert station.sheet().lines[0].counted_at == made.count.at


def test_while_older_ones_wait_a_newer_count_waits_behind_them(station: Station) -> None:
    station.keep(1, "4")
    made = station.enter(1, "5")
    assert isinstance(made, Kept)
    assert made.lost is None
    assert station.line.told == 0
    station.outbox.send(station.counter)
    assert station.entered() == ["5", "", ""]
    assert isinstance(station.enter(2, "6"), Entered)


def test_what_cannot_be_read_as_a_count_is_refused_before_it_is_kept(station: Station) -> None:
    with pytest.raises(DomainError, match="count-unreadable"):
        station.keep(1, "lots")
    assert station.waiting() == Waiting()


def test_a_sheet_closed_meanwhile_refuses_its_counts_and_the_rest_goes_on(station: Station) -> None:
    other = station.floor.sheet(station.floor.warehouse.key("ITEM-4", "A-04"))
    first = station.keep(1, "4")
    sheet = station.floor.counting.blind_sheet(station.counter, other)
    station.floor.clock.forward(MINUTE)
    station.outbox.keep(station.counter, sheet, sheet.lines[0], Typed("9"))
    station.floor.counting.cancel(station.floor.people.supervisor, station.sheet_id, "not needed")
    sent = station.outbox.send(station.counter)
    assert [one.error.code for one in sent.refused] == ["count-sheet-closed"]
    assert [count.text for count in sent.sent] == ["9"]
    station.restart()
    found = station.waiting()
    assert found.mine == ()
    assert [(one.count, one.error.fields) for one in found.refused] == [
        (first.count, sent.refused[0].error.fields)
    ]
    assert station.outbox.send(station.counter).refused == ()
    assert station.outbox.discard(station.counter, first.count.key).counts == {station.sheet_id}
    assert station.waiting() == Waiting()
    assert not station.outbox.discard(station.counter, first.count.key)


def test_a_line_that_somebody_else_counts_meanwhile_is_theirs(station: Station) -> None:
    station.keep(1, "4")
    station.floor.counting.enter(station.floor.people.other_counter, station.sheet().lines[0].line_id, "6")
    (refused,) = station.outbox.send(station.counter).refused
    assert (refused.error.code, refused.error.fields["who"]) == ("count-taken", "Otto Othercounter")


def test_an_older_count_never_replaces_one_made_after_it_elsewhere(station: Station) -> None:
    station.keep(1, "4")
    station.floor.clock.forward(MINUTE)
    station.floor.counting.enter(station.counter, station.sheet().lines[0].line_id, "6")
    (refused,) = station.outbox.send(station.counter).refused
    assert refused.error.code == "count-newer"
    assert station.entered() == ["6", "", ""]


def test_another_person_is_told_whose_counts_wait_and_never_sends_them(station: Station) -> None:
    station.keep(1, "4")
    station.keep(2, "5")
    other = station.floor.people.other_counter
    assert station.waiting(other) == Waiting(others=(("Cora Counter", 2),))
    assert station.outbox.send(other).sent == ()
    assert station.drafted() == []
    assert station.outbox.discard(other, station.waiting().mine[0].key).counts == frozenset()
    assert len(station.outbox.send(station.counter).sent) == 2
    assert station.waiting(other) == Waiting()


def test_whoever_has_the_same_number_in_a_database_made_anew_sends_nothing_of_it(station: Station) -> None:
    station.keep(1, "4")
    namesake = replace(station.counter, login="somebody", name="Some Body")
    assert station.waiting(namesake) == Waiting(others=(("Cora Counter", 1),))
    assert station.outbox.send(namesake).sent == ()
    assert station.drafted() == []


def test_the_trail_says_since_when_a_count_was_kept(station: Station) -> None:
    kept = station.keep(1, "4").count
    station.outbox.send(station.counter)
    station.enter(2, "5")
    with station.floor.database.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT facts FROM audit_entry WHERE action = 'count drafted' ORDER BY seq"
        ).fetchall()
    assert [json.loads(row[0]).get("kept_since") for row in rows] == [kept.at, None]


def test_a_clock_that_is_wrong_is_put_right_by_what_it_was_off(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, clock = station.floor.database, station.floor.clock
    monkeypatch.setattr(database, "now", lambda: clock() - HOUR)  # this workstation is an hour ahead
    station.outbox.compare_clocks()
    clock.forward(2 * HOUR)
    kept = station.keep(1, "4").count
    assert kept.offset == -HOUR
    clock.forward(2 * HOUR)
    station.outbox.send(station.counter)
    assert station.sheet().lines[0].counted_at == kept.at - HOUR


def test_a_count_is_never_from_after_the_moment_it_is_sent(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, clock = station.floor.database, station.floor.clock
    with monkeypatch.context() as ahead:
        ahead.setattr(database, "now", lambda: clock() + 5 * SECOND)
        station.outbox.compare_clocks()
        station.keep(1, "4")
    station.outbox.send(station.counter)
    assert station.sheet().lines[0].counted_at == clock()


def test_a_line_that_stands_for_something_else_now_is_not_told(station: Station) -> None:
    sheet = station.sheet()
    line = sheet.lines[0]
    strange = replace(line, key=replace(line.key, item="ITEM-9"))
    station.outbox.keep(station.counter, sheet, strange, Typed("4"))
    (refused,) = station.outbox.send(station.counter).refused
    assert refused.error.code == "count-line-other"
    assert station.drafted() == []


def test_there_is_nothing_secret_and_nothing_expected_in_the_file(station: Station) -> None:
    station.keep(1, "4")
    (file,) = station.folder.iterdir()
    text = file.read_text()
    assert "correct horse" not in text
    assert not {"book", "expected", "on_hand", "quantity", "password", "secret"} & set(text.split('"'))


def test_a_workstation_without_a_folder_keeps_nothing(station: Station) -> None:
    station.outbox = Outbox(station.floor.database, station.line, None)
    with pytest.raises(DomainError, match="offline"):
        station.keep(1, "4")
    station.line.cut = "before"
    with pytest.raises(Trouble):
        station.enter(1, "4")
    assert station.waiting() == Waiting()
    assert station.outbox.send(station.counter).sent == ()
    assert not station.outbox.discard(station.counter, "k")
    assert not station.outbox.forget_damaged(station.counter)


def test_two_windows_that_send_at_once_count_once(station: Station) -> None:
    for n in (1, 2, 3):
        station.keep(n, str(n))
    other = Outbox(station.floor.database, station.floor.counting, station.folder)
    told = [0]

    def meanwhile() -> None:
        if not told[0]:
            told[0] = len(other.send(station.counter).sent)

    station.line.then = meanwhile
    assert len(station.outbox.send(station.counter).sent) == 3
    assert told == [3]
    assert [text for _, text in station.drafted()] == ["1", "2", "3"]
    assert station.waiting() == Waiting()


def test_a_count_from_paper_keeps_the_time_of_the_paper(station: Station) -> None:
    sheet, counted_at = station.sheet(), station.floor.clock()
    station.floor.clock.forward(HOUR)
    typed = Typed("4", paper_at=counted_at)
    station.outbox.keep(station.counter, sheet, sheet.lines[0], typed)
    station.floor.clock.forward(HOUR)
    station.outbox.send(station.counter)
    assert station.sheet().lines[0].counted_at == counted_at


def test_a_password_that_expired_meanwhile_refuses_no_count(station: Station) -> None:
    station.keep(1, "4")
    station.line.refuses = DomainError("sign-in-refused")
    with pytest.raises(DomainError, match="sign-in-refused"):
        station.outbox.send(station.counter)
    assert len(station.waiting().mine) == 1


def test_a_count_whose_counter_left_before_it_was_told_waits_for_them(station: Station) -> None:
    station.line.refuses = Cancelled()
    assert isinstance(station.enter(1, "4"), Kept)
    station.line.refuses = None
    assert len(station.outbox.send(station.counter).sent) == 1


def test_trouble_that_is_not_the_line_is_told_and_nothing_is_kept(station: Station) -> None:
    station.line.refuses = Trouble("database-locked")
    with pytest.raises(Trouble):
        station.enter(1, "4")
    assert station.waiting() == Waiting()


def test_the_present_is_the_clock_that_writes_go_by(warehouse: Warehouse) -> None:
    assert warehouse.database.now() == warehouse.clock()


def test_a_count_in_words_of_another_version_is_told_as_unreadable(station: Station) -> None:
    station.keep(1, "4")
    (file,) = station.folder.iterdir()
    OutboxFile(file).add(lambda rows: [{"count": {**rows[0]["count"], "key": "k", "weight": 3}}])
    found = station.waiting()
    assert (len(found.mine), found.unreadable) == (1, 1)
    station.outbox.forget_damaged(station.counter)
    assert len(station.waiting().mine) == 1
    station.outbox.send(station.counter)
    assert b"weight" in file.read_bytes()
    station.outbox.forget_damaged(station.counter)
    assert station.waiting() == Waiting()
