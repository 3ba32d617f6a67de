"""The ledger in the database: appended to, kept, rebuilt, checked."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, delete, insert, select, update

from support.ledger import Row, at, read_ledger
from support.ledger_store import append_rows, kept_balances, kept_episodes, make_keys, new_movement, plain
from support.naive_replay import naive_episodes
from zeroline.domain.errors import DomainError
from zeroline.domain.quantity import LARGEST
from zeroline.domain.replay import Order
from zeroline.storage import schema
from zeroline.storage.engine import Database
from zeroline.storage.ledger import (
    Difference,
    append,
    balance_history,
    catch_up,
    key_columns,
    rebuild,
    replay_ledger,
    reseal,
    seal,
    stored_episodes,
    verify,
)

UNIT = 1_000_000


@pytest.fixture
def ledger(request: pytest.FixtureRequest) -> list[Row]:
    return read_ledger(request.function.__doc__)


@pytest.fixture
def connection(database: Database):
    """A writing connection with stock keys 1 to 9; nothing is kept after the test."""
    with database.write() as work:
        make_keys(work.connection, 9)
        yield work.connection


def segment_rows(connection: Connection) -> list[tuple]:
    table = schema.ledger_segment.c
    return [
        tuple(row) for row in connection.execute(select(table.first_seq, table.last_seq, table.row_count))
    ]


def test_a_back_dated_receipt_changes_only_what_came_after_it(connection, ledger):
    """
    1/08:00  1/08:00  −1  shipment
    1/09:00  1/09:00  +1  receipt
    2/08:00  2/08:00  −5  shipment
    2/07:00  3/08:00  +9  receipt
    """
    append_rows(connection, ledger[:3])
    before = list(stored_episodes(connection))
    append_rows(connection, ledger[3:])
    first, second = stored_episodes(connection)
    assert first == before[0]
    assert (second.ended_at, second.transient) == (at("3/08:00"), True)
    assert kept_episodes(connection) == naive_episodes(ledger)


def test_a_movement_recorded_in_the_past_reopens_history(connection, ledger):
    """
    08:00  08:00  +5  receipt
    10:00  10:00  −5  shipment
    09:00  09:00  −3  shipment
    12:00  12:00  +9  receipt
    """
    append_rows(connection, ledger[:2])
    assert kept_episodes(connection) == []
    append_rows(connection, ledger[2:])
    (episode,) = stored_episodes(connection)
    assert (episode.opening_sequence, episode.closing_sequence) == (2, 4)
    assert (episode.started_at, episode.depth) == (at("10:00"), -3 * UNIT)


def test_a_late_shipment_can_take_transience_from_an_episode_that_had_ended(connection, ledger):
    """
    09:00  09:00  −10  shipment
    08:00  12:00  +10  receipt
    13:00  13:00  +20  receipt
    10:00  14:00   −5  shipment
    """
    append_rows(connection, ledger[:3])
    assert [episode.transient for episode in stored_episodes(connection)] == [True]
    append_rows(connection, ledger[3:])
    assert [episode.transient for episode in stored_episodes(connection)] == [False]


def test_the_balance_knows_its_last_movement_in_book_order(connection, ledger):
    """
    08:00  12:00  +5  receipt
    09:00  09:00  −3  shipment
    """
    append_rows(connection, ledger)
    kept = connection.execute(select(schema.balance)).one()
    assert (kept.on_hand, kept.movements, kept.last_seq) == (2 * UNIT, 2, 1)
    assert kept.last_recorded_at == at("12:00")


def test_appending_nothing_changes_nothing(connection):
    appended = append(connection, [])
    assert (appended.first, appended.last, appended.keys) == (1, 0, frozenset())


def test_movements_written_past_the_program_are_taken_in_with_the_next_append(connection, ledger):
    """
    A  08:00  08:00  −5  shipment
    B  09:00  09:00  −3  shipment
    """
    alien, own = ledger
    row = {"seq": 1, **new_movement(alien)._asdict()}
    connection.execute(insert(schema.movement).values(row))
    appended = append_rows(connection, [own])
    assert appended.keys == {1, 2}
    assert kept_balances(connection) == {1: -5 * UNIT, 2: -3 * UNIT}
    assert verify(connection) == []


def test_catching_up_with_nothing_new_touches_no_key(connection, ledger):
    """
    08:00  08:00  −5  shipment
    """
    append_rows(connection, ledger)
    assert catch_up(connection).keys == frozenset()


@pytest.mark.parametrize("bulk", [0, 1000])
def test_parts_of_an_import_are_taken_in_together_at_its_end(connection, ledger, monkeypatch, bulk):
    """
    A  08:00  08:00  −5  shipment
    B  09:00  09:00  −3  shipment
    A  10:00  10:00  +5  receipt
    """
    monkeypatch.setattr("zeroline.storage.ledger.appending.BULK_ROWS", bulk)
    for row in ledger:
        part = append(connection, [new_movement(row)], take_in=False)
        assert part.keys == {row.key}
    assert kept_balances(connection) == {}
    assert catch_up(connection).keys == {1, 2}
    assert kept_episodes(connection) == naive_episodes(ledger)
    assert verify(connection) == []


def test_a_quantity_that_is_not_a_whole_number_is_refused(connection, ledger):
    """
    08:00  08:00  −5  shipment
    """
    with pytest.raises(TypeError):
        append(connection, [new_movement(ledger[0])._replace(quantity=1.5)])


def test_a_balance_beyond_64_bits_is_refused_with_its_key(connection):
    append_rows(connection, [Row(3, 1, 0, 0, LARGEST)])
    with pytest.raises(DomainError) as refused:
        append_rows(connection, [Row(2, 2, 5, 5, 1), Row(3, 3, 5, 5, LARGEST)])
    assert (refused.value.code, refused.value.fields) == ("balance-too-large", {"key": 3})


def test_an_episode_whose_unit_days_leave_64_bits_is_refused_with_its_key(connection):
    rows = [Row(3, 1, 0, 0, -LARGEST), Row(3, 2, at("5/00:00"), at("5/00:00"), LARGEST)]
    with pytest.raises(DomainError) as refused:
        append_rows(connection, rows)
    assert (refused.value.code, refused.value.fields) == ("episode-too-large", {"key": 3})


def test_a_late_row_among_huge_swings_is_judged_like_a_full_replay(connection):
    """Physical balances before the stretch do not fit 64 bits, so it begins at the beginning."""
    swings = [Row(1, i, i % 2, i, -LARGEST if i % 2 else LARGEST) for i in range(1, 9)]
    rows = [*swings, Row(1, 9, 8, 20, -UNIT), Row(1, 10, 7, 21, UNIT)]
    for row in rows:
        append_rows(connection, [row])
        assert kept_episodes(connection) == naive_episodes(rows[: row.sequence])


def test_an_open_episode_is_exact_at_any_later_instant(connection, ledger):
    """
    08:00  08:00  −0.000001  shipment
    08:01  08:01  −0.000001  shipment
    """
    append_rows(connection, ledger)
    later = at("9/13:17") + 1
    (episode,) = stored_episodes(connection)
    assert [plain(episode.measured(later, on_hand=-2))] == naive_episodes(ledger, as_of=later)


def test_stored_episodes_can_be_asked_for_some_keys_only(connection, ledger):
    """
    A  08:00  08:00  −5  shipment
    B  09:00  09:00  −3  shipment
    """
    append_rows(connection, ledger)
    only = select(schema.stock_key.c.id).where(schema.stock_key.c.lot == "2")
    assert [episode.key for episode in stored_episodes(connection, only)] == [2]


def test_full_blocks_are_sealed_and_the_rest_is_read_as_rows(connection, ledger, monkeypatch):
    """
    A  08:00  08:00  −5  shipment
    B  09:00  09:00  −3  shipment
    A  08:30  10:00  +5  receipt
    B  11:00  11:00  +4  receipt
    B  12:00  12:00  −7  shipment
    """
    monkeypatch.setattr("zeroline.storage.ledger.sealing.SEGMENT_ROWS", 2)
    append_rows(connection, ledger)
    assert segment_rows(connection) == [(1, 2, 2), (3, 4, 2)]
    assert seal(connection) == 0
    (replayed,) = replay_ledger(connection)
    assert [plain(episode) for episode in replayed.episodes] == naive_episodes(ledger)


def test_segments_can_be_made_anew_from_the_movements(connection, ledger, monkeypatch):
    """
    08:00  08:00  −5  shipment
    09:00  09:00  +3  shipment
    """
    monkeypatch.setattr("zeroline.storage.ledger.sealing.SEGMENT_ROWS", 1)
    append_rows(connection, ledger)
    connection.execute(update(schema.ledger_segment).values(columns=b"nonsense"))
    assert verify(connection) == [Difference("segment", 1), Difference("segment", 2)]
    assert reseal(connection) == 2
    assert verify(connection) == []


def test_segments_are_not_made_of_gaps(connection, monkeypatch):
    monkeypatch.setattr("zeroline.storage.ledger.sealing.SEGMENT_ROWS", 3)
    for sequence in (1, 7):
        row = {"seq": sequence, **new_movement(Row(1, sequence, 5, 5, 1))._asdict()}
        connection.execute(insert(schema.movement).values(row))
    catch_up(connection)
    assert segment_rows(connection) == []
    assert kept_balances(connection) == {1: 2}


def test_a_replay_as_of_an_earlier_instant_leaves_out_what_was_recorded_later(connection, ledger):
    """
    08:00  08:00  −5  shipment
    07:00  09:00  +5  receipt
    """
    append_rows(connection, ledger)
    (then,) = replay_ledger(connection, recorded_to=at("08:30"), as_of=at("08:30"))
    assert [plain(e) for e in then.episodes] == naive_episodes(ledger[:1], as_of=at("08:30"))
    (physical,) = replay_ledger(connection, order=Order.PHYSICAL)
    assert list(physical.episodes) == []


def test_an_empty_ledger_replays_rebuilds_and_verifies(connection):
    assert list(replay_ledger(connection)) == []
    rebuild(connection)
    assert verify(connection) == []


def test_a_rebuild_mends_what_was_derived_and_verification_finds_it(connection, ledger):
    """
    A  08:00  08:00  −5  shipment
    B  09:00  09:00  −3  shipment
    C  10:00  10:00  +3  receipt
    """
    append_rows(connection, ledger)
    kept = kept_episodes(connection)
    connection.execute(update(schema.balance).where(schema.balance.c.key_id == 3).values(on_hand=4))
    connection.execute(delete(schema.episode).where(schema.episode.c.key_id == 1))
    connection.execute(update(schema.episode).values(depth=-1))
    assert verify(connection) == [
        Difference("balance", 3),
        Difference("episode", 1),
        Difference("episode", 2),
    ]
    rebuild(connection)
    assert verify(connection) == []
    assert kept_episodes(connection) == kept


@pytest.mark.parametrize(
    ("second", "quantities", "code"),
    [
        ("08:00", (LARGEST, LARGEST), "balance-too-large"),
        ("5/08:00", (-LARGEST, LARGEST), "episode-too-large"),
    ],
)
def test_a_rebuild_refuses_what_leaves_64_bits_with_its_key(connection, second, quantities, code):
    moments = (at("08:00"), at(second))
    for sequence, (moment, quantity) in enumerate(zip(moments, quantities, strict=True), 1):
        row = {"seq": sequence, **new_movement(Row(3, sequence, moment, moment, quantity))._asdict()}
        connection.execute(insert(schema.movement).values(row))
    with pytest.raises(DomainError) as refused:
        rebuild(connection)
    assert (refused.value.code, refused.value.fields) == (code, {"key": 3})


def test_a_segment_without_movements_is_found(connection):
    connection.execute(
        insert(schema.ledger_segment).values(first_seq=5, last_seq=6, row_count=2, columns=b"")
    )
    assert verify(connection) == [Difference("segment", 5)]


def test_a_key_history_has_both_lines_and_the_episodes(connection, ledger):
    """
    08:40  16:30  +30  receipt
    09:12  09:12  −11  shipment
    """
    append_rows(connection, ledger)
    history = balance_history(connection, 1, as_of=at("17:00"))
    assert (history.item, history.location, history.unit) == ("ITEM-1", "A-01", "EA")
    assert history.movement_ids.tolist() == [2, 1]
    assert history.kinds == ("shipment", "receipt")
    assert history.balances.tolist() == [-11 * UNIT, 19 * UNIT]
    assert history.physical_order.tolist() == [1, 0]
    assert history.physical_balances.tolist() == [30 * UNIT, 19 * UNIT]
    (band,) = history.episodes
    assert (band.opening_movement, band.closing_movement, band.transient) == (2, 1, True)
    assert history.physical_known


def test_the_physical_line_is_unknown_when_a_source_gave_one_time_only(connection, ledger):
    """
    08:40  08:40  +30  receipt
    """
    append(connection, [new_movement(ledger[0])._replace(time_basis="recorded")])
    assert not balance_history(connection, 1, as_of=0).physical_known


def test_a_key_without_movements_has_an_empty_history(connection):
    assert len(balance_history(connection, 4, as_of=0)) == 0


def test_the_history_of_no_key_is_refused(connection):
    with pytest.raises(LookupError):
        balance_history(connection, 99, as_of=0)


def test_the_movements_of_a_key_can_be_read_as_of_an_instant(connection, ledger):
    """
    A  08:00  08:00  −5  shipment
    B  08:00  08:00  −5  shipment
    A  07:00  09:00  +5  receipt
    """
    append_rows(connection, ledger)
    assert key_columns(connection, 1).sequence.tolist() == [1, 3]
    assert key_columns(connection, 1, recorded_to=at("08:30")).sequence.tolist() == [1]
