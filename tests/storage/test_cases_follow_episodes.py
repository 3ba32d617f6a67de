"""What the ledger is told becomes cases, and cases stay with what they are about."""

from __future__ import annotations

from sqlalchemy import select, update

from support.warehouse import Warehouse
from zeroline.domain.instant import DAY, HOUR, parse
from zeroline.domain.quantity import SCALE
from zeroline.storage import casework, ledger
from zeroline.storage.schema import audit_entry, case_event, stock_case

NINE = parse("2026-03-01T09:00:00Z")


def cases(warehouse: Warehouse, queue: str = "negative") -> list:
    with warehouse.database.read() as connection:
        query = select(stock_case).where(stock_case.c.queue == queue).order_by(stock_case.c.id)
        return list(connection.execute(query))


def log(warehouse: Warehouse, case_id: int) -> list[str]:
    with warehouse.database.read() as connection:
        query = select(case_event.c.kind).where(case_event.c.case_id == case_id).order_by(case_event.c.id)
        return list(connection.execute(query).scalars())


def facts(warehouse: Warehouse, case_id: int, kind: str) -> str:
    with warehouse.database.read() as connection:
        query = select(case_event.c.facts).where(case_event.c.case_id == case_id, case_event.c.kind == kind)
        return connection.execute(query).scalar_one()


def work_on(warehouse: Warehouse, case_id: int, **columns) -> None:
    with warehouse.database.write() as work:
        work.connection.execute(update(stock_case).where(stock_case.c.id == case_id).values(**columns))
        work.audit("test", f"case {case_id}")
        work.changed(cases={case_id})
        work.commit()


def sync(warehouse: Warehouse, keys=None) -> int:
    with warehouse.database.write() as work:
        touched = casework.sync(work, keys)
        work.audit("test sync", "ledger")
        work.changed(everything=True)
        work.commit()
    return touched


def test_going_below_zero_opens_a_case(warehouse):
    """+5, −8"""
    warehouse.move("BRG-6204", "E-02", "5", "2026-03-01T08:00:00Z")
    crossing = warehouse.move("BRG-6204", "E-02", "-8", "2026-03-01T09:12:00Z")
    [case] = cases(warehouse)
    assert (case.state, case.opening_seq, case.closing_seq) == ("new", crossing, None)
    assert log(warehouse, case.id) == ["opened"]


def test_staying_above_zero_opens_nothing(warehouse):
    """+5, −5"""
    warehouse.move("ITEM-1", "A-01", "5", "2026-03-01T08:00:00Z")
    warehouse.move("ITEM-1", "A-01", "-5", "2026-03-01T09:00:00Z")
    assert cases(warehouse) == []


def test_synchronising_again_changes_nothing(warehouse):
    """−8"""
    warehouse.move("ITEM-1", "A-01", "-8", "2026-03-01T09:00:00Z")
    before = cases(warehouse)
    assert sync(warehouse) == 0
    assert cases(warehouse) == before


def test_a_shallow_case_may_take_longer_than_one_an_order_waits_for(warehouse):
    """−1 of a cheap item; −1 of one that costs 1,000 for a day"""
    warehouse.item("CHEAP", cost="0.01")
    warehouse.item("DEAR", cost="1000")
    warehouse.move("CHEAP", "A-01", "-1", "2026-03-01T06:00:00Z")
    warehouse.move("DEAR", "A-02", "-1", "2026-03-01T06:00:00Z")
    cheap, dear = cases(warehouse)
    assert cheap.due_at == warehouse.clock() + 24 * HOUR
    assert dear.due_at == warehouse.clock() + 8 * HOUR


def test_a_receipt_posted_late_makes_the_case_transient_with_its_owner(warehouse):
    """−8 at nine; +30 that happened at eight, posted at half past four"""
    warehouse.move("ITEM-1", "A-01", "-8", "2026-03-01T09:00:00Z")
    [case] = cases(warehouse)
    work_on(warehouse, case.id, owner_id=warehouse.people.supervisor.id, state="assigned")
    warehouse.move("ITEM-1", "A-01", "30", "2026-03-01T16:30:00Z", "2026-03-01T08:40:00Z")
    [moved] = cases(warehouse, "transient")
    assert cases(warehouse) == []
    assert (moved.id, moved.owner_id, moved.state) == (case.id, warehouse.people.supervisor.id, "assigned")
    assert log(warehouse, case.id) == ["opened", "moved"]


def test_transients_that_came_and_went_in_one_import_have_cases_to_close(warehouse):
    """−8 at nine, +30 of eight posted later: appended together"""
    key = warehouse.key("ITEM-1", "A-01")
    rows = [
        ledger.NewMovement(key, -8 * SCALE, "pick", NINE, NINE, warehouse.source(), "a"),
        ledger.NewMovement(key, 30 * SCALE, "receipt", NINE - HOUR, NINE + HOUR, warehouse.source(), "b"),
    ]
    with warehouse.database.write() as work:
        casework.sync(work, ledger.append(work.connection, rows).keys)
        work.commit()
    assert [case.closing_seq for case in cases(warehouse, "transient")] == [2]


def test_back_above_zero_without_a_cause_the_case_stays_to_be_explained(warehouse):
    """−8, then an ordinary receipt of 30"""
    warehouse.move("ITEM-1", "A-01", "-8", "2026-03-01T09:00:00Z")
    lifted = warehouse.move("ITEM-1", "A-01", "30", "2026-03-01T16:30:00Z")
    [case] = cases(warehouse)
    assert (case.state, case.closing_seq) == ("new", lifted)
    assert log(warehouse, case.id) == ["opened", "above zero"]


def test_a_case_that_waited_for_its_late_document_is_verified_when_it_comes(warehouse):
    """−8, tagged T1 and waiting; the receipt comes"""
    warehouse.move("ITEM-1", "A-01", "-8", "2026-03-01T09:00:00Z")
    [case] = cases(warehouse)
    work_on(warehouse, case.id, cause="T1", state="waiting for a document")
    warehouse.move("ITEM-1", "A-01", "30", "2026-03-01T16:30:00Z")
    assert [row.state for row in cases(warehouse)] == ["verified"]


def test_a_wrong_bin_stays_open_although_a_receipt_lifted_the_book(warehouse):
    """−8, tagged K2; an ordinary receipt does not make the bin right"""
    warehouse.move("ITEM-1", "A-01", "-8", "2026-03-01T09:00:00Z")
    [case] = cases(warehouse)
    work_on(warehouse, case.id, cause="K2", state="cause proposed")
    warehouse.move("ITEM-1", "A-01", "30", "2026-03-01T16:30:00Z")
    assert [row.state for row in cases(warehouse)] == ["cause proposed"]


def test_a_movement_recorded_before_the_crossing_closes_the_case_and_is_named(warehouse):
    """−8 at nine; an import brings +30 recorded at eight"""
    warehouse.move("ITEM-1", "A-01", "-8", "2026-03-01T09:00:00Z")
    [case] = cases(warehouse)
    late = warehouse.move("ITEM-1", "A-01", "30", "2026-03-01T08:00:00Z", document="IN/00007")
    [closed] = cases(warehouse)
    assert (closed.state, closed.reason, closed.cause) == ("closed", "late movement", "T6")
    told = facts(warehouse, case.id, "explained")
    assert f'"seq":{late}' in told
    assert '"document":"IN/00007"' in told


def test_a_key_explained_by_a_late_movement_can_go_negative_in_the_same_way_again(warehouse):
    """−8; +8 recorded before it; then −3"""
    warehouse.move("ITEM-1", "A-01", "-8", "2026-03-01T09:00:00Z")
    warehouse.move("ITEM-1", "A-01", "8", "2026-03-01T08:00:00Z")
    warehouse.move("ITEM-1", "A-01", "-3", "2026-03-01T10:00:00Z")
    assert [case.state for case in cases(warehouse)] == ["closed", "new"]


def test_a_crossing_that_moves_keeps_the_case_and_says_so(warehouse):
    """+5, −8; then −6 recorded between: the crossing is earlier"""
    warehouse.move("ITEM-1", "A-01", "5", "2026-03-01T08:00:00Z")
    warehouse.move("ITEM-1", "A-01", "-8", "2026-03-01T10:00:00Z")
    [case] = cases(warehouse)
    work_on(warehouse, case.id, cause="K2", owner_id=warehouse.people.supervisor.id)
    earlier = warehouse.move("ITEM-1", "A-01", "-6", "2026-03-01T09:00:00Z")
    [moved] = cases(warehouse)
    assert (moved.id, moved.opening_seq, moved.cause) == (case.id, earlier, "K2")
    assert log(warehouse, case.id) == ["opened", "shifted"]


def test_two_cases_that_become_one_keep_what_each_knew(warehouse):
    """−2, +2, −4 are two episodes; −1 before the receipt joins them"""
    warehouse.move("ITEM-1", "A-01", "-2", "2026-03-01T08:00:00Z")
    warehouse.move("ITEM-1", "A-01", "2", "2026-03-01T09:00:00Z")
    warehouse.move("ITEM-1", "A-01", "-4", "2026-03-01T10:00:00Z")
    first, second = cases(warehouse)
    work_on(warehouse, second.id, cause="K2", owner_id=warehouse.people.supervisor.id, state="assigned")
    warehouse.move("ITEM-1", "A-01", "-1", "2026-03-01T08:30:00Z")
    kept, closed = cases(warehouse)
    assert (kept.id, kept.state, kept.cause) == (first.id, "assigned", "K2")
    assert (closed.id, closed.state, closed.reason) == (second.id, "dismissed", "merged")


def test_a_stretch_cut_by_a_late_receipt_leaves_the_case_with_what_is_still_below_zero(warehouse):
    """−2 at eight, −4 at ten; +2 recorded at nine arrives last"""
    warehouse.move("ITEM-1", "A-01", "-2", "2026-03-01T08:00:00Z")
    still = warehouse.move("ITEM-1", "A-01", "-4", "2026-03-01T10:00:00Z")
    [case] = cases(warehouse)
    warehouse.move("ITEM-1", "A-01", "2", "2026-03-01T09:00:00Z")
    [kept] = cases(warehouse)
    assert (kept.id, kept.opening_seq, kept.closing_seq) == (case.id, still, None)


def test_a_late_issue_takes_a_case_below_zero_again(warehouse):
    """−8, +8; an issue of 1 recorded between"""
    warehouse.move("ITEM-1", "A-01", "-8", "2026-03-01T08:00:00Z")
    warehouse.move("ITEM-1", "A-01", "8", "2026-03-01T10:00:00Z")
    warehouse.move("ITEM-1", "A-01", "-1", "2026-03-01T09:00:00Z")
    [case] = cases(warehouse)
    assert case.closing_seq is None
    assert log(warehouse, case.id) == ["opened", "above zero", "below again"]


def test_the_same_process_within_the_watch_window_reopens_the_case(warehouse):
    """−8, +8, closed with K2; −3 by another pick a week later"""
    warehouse.move("ITEM-1", "A-01", "-8", "2026-03-01T08:00:00Z")
    warehouse.move("ITEM-1", "A-01", "8", "2026-03-01T10:00:00Z")
    [case] = cases(warehouse)
    work_on(warehouse, case.id, cause="K2", state="closed", closed_at=warehouse.clock())
    warehouse.clock.forward(7 * DAY)
    warehouse.move("ITEM-1", "A-01", "-3")
    [again] = cases(warehouse)
    assert (again.id, again.state, again.reopened, again.cause) == (case.id, "reopened", 1, "K2")
    assert again.due_at > warehouse.clock()


def test_after_the_watch_window_it_is_a_new_case(warehouse):
    """−8, +8, closed with K2; −3 by another pick five weeks later"""
    warehouse.move("ITEM-1", "A-01", "-8", "2026-03-01T08:00:00Z")
    warehouse.move("ITEM-1", "A-01", "8", "2026-03-01T10:00:00Z")
    [case] = cases(warehouse)
    work_on(warehouse, case.id, cause="K2", state="closed", closed_at=warehouse.clock())
    warehouse.clock.forward(35 * DAY)
    warehouse.move("ITEM-1", "A-01", "-3")
    assert [row.state for row in cases(warehouse)] == ["closed", "new"]


def test_another_process_is_another_case(warehouse):
    """−8 by a pick, closed with K2; −3 by a component issue"""
    warehouse.move("ITEM-1", "A-01", "-8", "2026-03-01T08:00:00Z")
    warehouse.move("ITEM-1", "A-01", "8", "2026-03-01T10:00:00Z")
    [case] = cases(warehouse)
    work_on(warehouse, case.id, cause="K2", state="closed", closed_at=warehouse.clock())
    warehouse.move("ITEM-1", "A-01", "-3", kind="component issue")
    assert [row.state for row in cases(warehouse)] == ["closed", "new"]


def test_a_dismissed_case_is_not_opened_again_for_the_same_episode(warehouse):
    """−8 dismissed; −1 more"""
    warehouse.move("ITEM-1", "A-01", "-8", "2026-03-01T08:00:00Z")
    [case] = cases(warehouse)
    work_on(warehouse, case.id, state="dismissed", reason="seen", closed_at=warehouse.clock())
    warehouse.move("ITEM-1", "A-01", "-1", "2026-03-01T09:00:00Z")
    assert [row.state for row in cases(warehouse)] == ["dismissed"]


def test_a_closed_episode_that_opens_again_brings_its_case_back(warehouse):
    """−8, +8, closed; a late −1 before the receipt"""
    warehouse.move("ITEM-1", "A-01", "-8", "2026-03-01T08:00:00Z")
    warehouse.move("ITEM-1", "A-01", "8", "2026-03-01T10:00:00Z")
    [case] = cases(warehouse)
    work_on(warehouse, case.id, cause="K2", state="closed", closed_at=warehouse.clock())
    warehouse.move("ITEM-1", "A-01", "-1", "2026-03-01T09:00:00Z")
    assert [row.state for row in cases(warehouse)] == ["reopened"]


def test_a_case_that_waits_for_approval_is_not_closed_under_the_approver(warehouse):
    """−8, correction proposed; then a late receipt explains it"""
    warehouse.move("ITEM-1", "A-01", "-8", "2026-03-01T09:00:00Z")
    [case] = cases(warehouse)
    work_on(warehouse, case.id, cause="K2", state="waiting for approval")
    warehouse.move("ITEM-1", "A-01", "30", "2026-03-01T08:00:00Z")
    assert [row.state for row in cases(warehouse)] == ["waiting for approval"]
    assert log(warehouse, case.id) == ["opened", "explained"]


def test_a_forced_movement_below_zero_has_a_case_of_its_own(warehouse):
    """+5, −8 forced, −1 forced: both went or stayed below; −1 of plenty did not"""
    warehouse.move("ITEM-1", "A-01", "5", "2026-03-01T08:00:00Z")
    first = warehouse.move("ITEM-1", "A-01", "-8", "2026-03-01T09:00:00Z", override=True)
    second = warehouse.move("ITEM-1", "A-01", "-1", "2026-03-01T09:30:00Z", override=True)
    warehouse.move("ITEM-2", "A-01", "5", "2026-03-01T08:00:00Z")
    warehouse.move("ITEM-2", "A-01", "-1", "2026-03-01T09:00:00Z", override=True)
    assert [case.opening_seq for case in cases(warehouse, "override")] == [first, second]


def test_two_episodes_within_ninety_days_make_a_repeat(warehouse):
    """−1, +1, −1, +1"""
    for hour, quantity in ((8, "-1"), (9, "1"), (10, "-1"), (11, "1")):
        warehouse.move("ITEM-1", "A-01", quantity, f"2026-03-01T{hour:02d}:00:00Z")
    warehouse.move("ITEM-2", "A-01", "-1", "2026-03-01T08:00:00Z")
    assert [case.key_id for case in cases(warehouse, "repeat")] == [warehouse.key("ITEM-1", "A-01")]


def test_two_episodes_half_a_year_apart_are_no_repeat(warehouse):
    """−1, +1 in September; −1 in March"""
    warehouse.move("ITEM-1", "A-01", "-1", "2025-09-01T08:00:00Z")
    warehouse.move("ITEM-1", "A-01", "1", "2025-09-01T09:00:00Z")
    warehouse.move("ITEM-1", "A-01", "-1", "2026-03-01T08:00:00Z")
    assert cases(warehouse, "repeat") == []


def test_a_settled_repeat_comes_back_with_the_next_episode(warehouse):
    """−1, +1, −1, +1, dismissed; −1 again"""
    for hour, quantity in ((1, "-1"), (2, "1"), (3, "-1"), (4, "1")):
        warehouse.move("ITEM-1", "A-01", quantity, f"2026-03-02T{hour:02d}:00:00Z")
    [case] = cases(warehouse, "repeat")
    work_on(warehouse, case.id, state="dismissed", reason="seen", closed_at=warehouse.clock())
    sync(warehouse)
    assert [row.state for row in cases(warehouse, "repeat")] == ["dismissed"]
    warehouse.clock.forward(HOUR)
    warehouse.move("ITEM-1", "A-01", "-1")
    assert [row.state for row in cases(warehouse, "repeat")] == ["reopened"]


def test_what_the_program_did_to_a_case_stands_in_the_audit_trail(warehouse):
    """−8, +8"""
    warehouse.move("ITEM-1", "A-01", "-8", "2026-03-01T08:00:00Z")
    warehouse.move("ITEM-1", "A-01", "8", "2026-03-01T10:00:00Z")
    with warehouse.database.read() as connection:
        actions = list(connection.execute(select(audit_entry.c.action)).scalars())
    assert "cases opened" in actions
    assert "case above zero" in actions


def test_many_cases_that_follow_the_ledger_at_once_share_an_audit_entry(warehouse):
    """201 keys go below zero and come back"""
    keys = [warehouse.key(f"ITEM-{number}", "A-01") for number in range(201)]
    for quantity, at, name in ((-1, NINE, "a"), (1, NINE + HOUR, "b")):
        rows = [
            ledger.NewMovement(key, quantity * SCALE, "pick", at, at, warehouse.source(), f"{name}{key}")
            for key in keys
        ]
        with warehouse.database.write() as work:
            casework.sync(work, ledger.append(work.connection, rows).keys)
            work.commit()
    with warehouse.database.read() as connection:
        actions = list(connection.execute(select(audit_entry.c.action)).scalars())
    assert (actions.count("cases followed"), actions.count("case above zero")) == (1, 0)
    assert all(log(warehouse, case.id) == ["opened", "above zero"] for case in cases(warehouse))
