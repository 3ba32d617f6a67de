"""The ten rules that must never break, each tried through the services and with plain sqlite3 on the file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from support.floor import Floor, refused
from support.warehouse import CHEAP, confirmed
from zeroline.domain.instant import HOUR, MINUTE
from zeroline.domain.policy import EVERYWHERE, NegativeRule, Rule, Scope, Target
from zeroline.domain.quantity import SCALE
from zeroline.domain.tolerance import Tolerance
from zeroline.services.intake import Intake
from zeroline.services.people import People
from zeroline.services.policies import Policies
from zeroline.sources import plan
from zeroline.sources.rejects import write_rejects

U = SCALE


class Hand:
    """Plain ``sqlite3`` on the file of the warehouse, with nothing switched on."""

    def __init__(self, floor: Floor) -> None:
        self.path = floor.warehouse.path

    def run(self, sql: str, *values: Any) -> list[Any]:
        with closing(sqlite3.connect(self.path, isolation_level=None)) as connection:
            return connection.execute(sql, values).fetchall()

    def copy(self, table: str, verb: str = "INSERT", **changed: Any) -> None:
        """Put the newest row of a table in again, as another row, with some columns changed."""
        names = [row[1] for row in self.run(f"PRAGMA table_info({table})")]
        row = dict(zip(names, self.run(f"SELECT * FROM {table} ORDER BY rowid DESC LIMIT 1")[0], strict=True))
        first = names[0]
        if first not in changed:
            changed[first] = row[first] + 1
        row |= changed
        marks = ", ".join("?" * len(row))
        self.run(f"{verb} INTO {table} ({', '.join(row)}) VALUES ({marks})", *row.values())

    def record(self, adjustment: int) -> str:
        """The hash of what an adjustment shows."""
        return str(self.run("SELECT shown_hash FROM adjustment WHERE id = ?", adjustment)[0][0])

    @contextmanager
    def refused(self, *codes: str) -> Iterator[None]:
        with pytest.raises(sqlite3.IntegrityError, match=f"^zeroline:({'|'.join(codes)}): "):
            yield


@pytest.fixture
def hand(floor: Floor) -> Hand:
    return Hand(floor)


@pytest.fixture
def glove(floor: Floor) -> int:
    """Three gloves below zero at A-02, one currency unit each, with a case."""
    floor.warehouse.item("GLV", cost="1.00", abc_class="C")
    floor.warehouse.move("GLV", "A-02", "-3", document="OUT/1")
    return floor.warehouse.key("GLV", "A-02")


def load(floor: Floor, name: str, *rows: str) -> Any:
    """Import rows of movements; answers what came of it."""
    file = floor.warehouse.path.with_name(name)
    file.write_text("\n".join(["movement_id,item,location,quantity,recorded_at", *rows]), encoding="utf-8")
    return Intake(floor.database).load(floor.people.administrator, plan([file]))


def test_rule_1_quantities_are_exact(floor: Floor, hand: Hand) -> None:
    """0.3 less three times 0.1 is nothing, and no negative of a ten-millionth."""
    quantities = ("0.3", "-0.1", "-0.1", "-0.1")
    rows = [f"m{n},OIL,A-01,{q},2026-03-01T0{n}:00:00Z" for n, q in enumerate(quantities)]
    assert load(floor, "oil.csv", *rows).added == 4
    assert floor.on_hand(floor.warehouse.key("OIL", "A-01")) == 0
    assert floor.one("SELECT count(*) FROM episode") == 0
    for inexact in (0.1, "0.1", 1e300, None):
        with hand.refused("not-a-whole-number"):
            hand.copy("movement", quantity=inexact, reference="x")


def test_rule_2_what_happened_is_neither_changed_nor_taken_away(floor: Floor, hand: Hand, glove: int) -> None:
    adjustment = floor.settle(glove, "9")
    tables: tuple[str, ...] = ("movement", "audit_entry", "approval", "adjustment_evidence", "count_entry")
    tables += ("count_expectation", "case_event", "policy_version", "stock_key", "adjustment", "stock_case")
    for table in tables:
        assert hand.run(f"SELECT count(*) FROM {table}")[0][0], f"nothing in {table} to try it on"
        column = hand.run(f"PRAGMA table_info({table})")[1][1]
        with hand.refused("append-only", "adjustment-changed", "case-identity"):
            hand.run(f"UPDATE {table} SET {column} = {column} || '0'")
        with hand.refused("append-only"):
            hand.run(f"DELETE FROM {table}")
        with hand.refused("append-only"):
            hand.run(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1")
    made = floor.settlement.reverse(
        floor.people.supervisor, adjustment, cause="C4", comment="the wrong bin was counted"
    )
    floor.approve(floor.people.manager, made.adjustment_id)
    assert floor.on_hand(glove) == -3 * U
    assert floor.one("SELECT count(*) FROM movement WHERE adjustment_id IS NOT NULL") == 2


def test_rule_3_nobody_approves_their_own_hands_by_person_and_not_by_role(
    floor: Floor, hand: Hand, glove: int
) -> None:
    staff = floor.people
    adjustment = floor.propose(glove, "9").adjustment_id
    shown = hand.record(adjustment)
    with refused("hand-proposed"):
        floor.approve(staff.supervisor, adjustment)
    people = People(floor.database, CHEAP)
    asked = people.change_role(staff.administrator, staff.counter.id, staff.manager.role)
    promoted = confirmed(people, staff.other_administrator, asked)
    assert promoted.role is staff.manager.role
    with refused("hand-counted"):
        floor.approve(promoted, adjustment)
    signature = {
        "adjustment_id": adjustment,
        "decision": "approved",
        "comment": "",
        "tier": 1,
        "limit_value": 250 * U,
        "cumulated_value": 12 * U,
        "shown_hash": shown,
        "meaning": "",
        "guard_reason": "",
        "at": floor.clock(),
    }
    marks = ", ".join("?" * (len(signature) + 1))
    sql = f"INSERT INTO approval ({', '.join(signature)}, approver_id) VALUES ({marks})"
    for person, code in (
        (staff.supervisor, "approver-proposed"),
        (staff.counter, "approver-counted"),
        (staff.auditor, "not-allowed"),
        (staff.administrator, "not-allowed"),
    ):
        with hand.refused(code):
            hand.run(sql, *signature.values(), person.id)


def test_rule_3_a_recount_is_made_by_somebody_else(floor: Floor, hand: Hand, glove: int) -> None:
    sheet = floor.sheet(glove)
    floor.counting.enter(floor.people.counter, floor.line(sheet), "9")
    floor.counting.submit(floor.people.counter, sheet)
    with refused("count-by-same-person"):
        floor.counting.enter(floor.people.counter, floor.line(sheet), "9")
    with hand.refused("count-same-person"):
        hand.copy("count_entry", round=2)


def test_rule_3_a_split_correction_does_not_stay_under_the_limit(floor: Floor, hand: Hand) -> None:
    """200 and then 100 of a key, proposer and day are 300; a supervisor signs up to 250."""
    floor.warehouse.item("BOLT", cost="1.00", abc_class="C")
    floor.warehouse.move("BOLT", "A-01", "-5")
    key = floor.warehouse.key("BOLT", "A-01")
    first = floor.propose(key, "195").adjustment_id
    floor.approve(floor.people.other_supervisor, first)
    second = floor.propose(key, "295").adjustment_id
    with refused("hand-over-limit"):
        floor.approve(floor.people.other_supervisor, second)
    with hand.refused("approval-cumulated"):
        hand.copy(
            "approval",
            adjustment_id=second,
            tier=2,
            cumulated_value=100 * U,
            shown_hash=hand.record(second),
            at=floor.clock(),
        )
    floor.approve(floor.people.manager, second)


def test_rule_4_nothing_posts_without_cause_evidence_and_approval(
    floor: Floor, hand: Hand, glove: int
) -> None:
    line = floor.count(glove, "9", "9")
    assert line.final is not None
    for cause, code in (
        ("", "cause-missing"),
        ("fix negative", "cause-unknown"),
        ("Z9", "cause-comment-required"),
    ):
        with refused(code):
            floor.settlement.propose(floor.people.supervisor, entry_id=line.final.entry_id, cause=cause)
    with refused("evidence-missing"):
        floor.settlement.propose(floor.people.supervisor, key_id=glove, quantity=12 * U, cause="K3")
    made = floor.settlement.propose(floor.people.supervisor, entry_id=line.final.entry_id, cause="K3")
    with refused("adjustment-state"):
        floor.settlement.post(floor.people.manager, made.adjustment_id, "correct horse")
    with hand.refused("adjustment-cause"):
        hand.copy("adjustment", number="ADJ-9", cause=" ")
    own = hand.run("SELECT id FROM source WHERE code = 'zeroline'")[0][0]
    for origin in (made.adjustment_id, 4711, None):
        with hand.refused("movement-origin"):
            hand.copy(
                "movement",
                kind="count correction",
                quantity=12 * U,
                source_id=own,
                reference="forged",
                adjustment_id=origin,
                import_id=None,
                recorded_at=floor.clock(),
            )
    for state in ("approved", "posted"):
        with hand.refused("adjustment-state", "approval-missing"):
            hand.run("UPDATE adjustment SET state = ?", state)
    assert floor.on_hand(glove) == -3 * U


@pytest.mark.parametrize(("book", "counted"), [("-1000", "0"), ("0", "1"), ("-1", "0"), ("-1000000", "1")])
def test_rule_5_no_percentage_passes_at_or_below_zero(floor: Floor, book: str, counted: str) -> None:
    floor.policy(tolerances={EVERYWHERE: Tolerance(percent=10**12)})
    floor.warehouse.move("IT", "A-01", "1")
    floor.warehouse.move("IT", "A-01", str(int(book) - 1))
    line = floor.count(floor.warehouse.key("IT", "A-01"), counted)
    assert (line.state, [reason.code for reason in line.entries[0].reasons]) == (
        "recount",
        ["tolerance-below-zero"],
    )


@pytest.mark.parametrize(
    ("tolerance", "state"),
    [
        (Tolerance(quantity=5 * U, value=5 * U), "accepted"),
        (Tolerance(quantity=5 * U, value=4 * U), "recount"),
        (Tolerance(quantity=4 * U, value=5 * U), "recount"),
        (Tolerance(), "recount"),
    ],
)
def test_rule_5_quantity_and_value_both_hold_and_no_limit_passes_nothing(
    floor: Floor, hand: Hand, tolerance: Tolerance, state: str
) -> None:
    floor.policy(tolerances={EVERYWHERE: tolerance})
    floor.warehouse.item("IT", cost="1.00")
    floor.warehouse.move("IT", "A-01", "100")
    line = floor.count(floor.warehouse.key("IT", "A-01"), "95")
    assert line.state == state
    with hand.refused("append-only"):
        hand.run("UPDATE count_expectation SET tolerance = '{\"within\": true}'")


def test_rule_6_a_count_keyed_from_paper_is_rolled_forward_with_what_came_late_and_early(
    floor: Floor, hand: Hand, glove: int
) -> None:
    """At the count the book says −3. Two more had been received and were booked too late; one pick of the
    future was booked too early; four are picked before it is posted. Nine lay there."""
    staff, clock, move = floor.people, floor.clock, floor.warehouse.move
    sheet = floor.sheet(glove)
    clock.forward(10 * MINUTE)
    move("GLV", "A-02", "-1", occurred=clock() + HOUR)  # booked before it happens
    counted_at = clock.forward(10 * MINUTE)
    clock.forward(10 * MINUTE)
    move("GLV", "A-02", "2", occurred=counted_at - 5 * MINUTE)  # booked after it happened
    clock.forward(2 * HOUR)
    for person in (staff.counter, staff.other_counter):
        floor.counting.enter(person, floor.line(sheet), "9", counted_at=counted_at)
        floor.counting.submit(person, sheet)
    line = floor.lines(sheet)[0]
    assert line.final is not None
    assert (line.final.book, line.final.late, line.final.expected) == (-4 * U, 3 * U, -1 * U)
    move("GLV", "A-02", "-4")
    made = floor.settlement.propose(staff.supervisor, entry_id=line.final.entry_id, cause="K3")
    assert floor.settlement.approval_view(staff.manager, made.adjustment_id).arithmetic.quantity == 10 * U
    floor.approve(staff.manager, made.adjustment_id)
    assert floor.on_hand(glove) == 9 * U - 1 * U - 4 * U
    with hand.refused("append-only"):
        hand.run("UPDATE count_expectation SET book = 0, late = 0")
    with hand.refused("count-expected"):
        sheet = floor.line(floor.sheet(glove))
        hand.copy("count_entry", line_id=sheet, round=1, counted_at=floor.clock(), submitted_at=floor.clock())
        hand.copy("count_expectation", book=0)


def test_rule_7_an_open_document_stands_in_the_way_until_a_reason_is_typed_twice(
    floor: Floor, hand: Hand, glove: int
) -> None:
    """Of ten to come seven have come: the three that are open explain the three that are missing."""
    floor.document("receipt", "GLV", "10", location="A-02", done="7")
    with refused("guard-reason-missing"):
        floor.propose(glove, "0")
    made = floor.settlement.propose(
        floor.people.supervisor,
        case_id=floor.case_of(glove),
        cause="K3",
        guard_reason="the rest was refused at the dock",
    )
    view = floor.settlement.approval_view(floor.people.manager, made.adjustment_id)
    assert [one.open_quantity for one in view.guard] == [3 * U]
    with refused("guard-reason-missing"):
        floor.approve(floor.people.manager, made.adjustment_id)
    for reason in ("", "  "):
        with hand.refused("guard-reason-missing"):
            hand.run(
                "INSERT INTO approval (adjustment_id, approver_id, decision, tier, limit_value,"
                " cumulated_value, shown_hash, guard_reason, at) SELECT id, ?, 'approved', 2, 3000000,"
                " 3000000, shown_hash, ?, ? FROM adjustment",
                floor.people.manager.id,
                reason,
                floor.clock(),
            )
    with hand.refused("adjustment-changed"):
        hand.run("UPDATE adjustment SET guard = '[]'")
    with hand.refused("append-only"):
        hand.run("DELETE FROM document")


def test_rule_8_a_line_without_variance_is_kept_and_one_not_counted_never_becomes_zero(
    floor: Floor, hand: Hand, glove: int
) -> None:
    for code in ("NUT", "PIN"):
        floor.warehouse.move(code, "A-01", "5")
    sheet = floor.sheet(floor.warehouse.key("NUT", "A-01"), floor.warehouse.key("PIN", "A-01"))
    floor.counting.enter(floor.people.counter, floor.line(sheet, 1), "5")
    with refused("count-lines-open"):
        floor.counting.submit(floor.people.counter, sheet)
    floor.counting.submit(floor.people.counter, sheet, "no ladder")
    counted, left = floor.lines(sheet)
    assert (counted.state, counted.entries[0].variance) == ("accepted", 0)
    assert (left.state, left.reason, left.entries, left.final) == ("not counted", "no ladder", (), None)
    assert floor.on_hand(floor.warehouse.key("PIN", "A-01")) == 5 * U
    with hand.refused("append-only"):
        hand.run("DELETE FROM count_line")
    with hand.refused("append-only"):
        hand.run("DELETE FROM count_entry")


def test_rule_9_the_most_specific_policy_on_negatives_wins(floor: Floor, hand: Hand) -> None:
    rules = {
        EVERYWHERE: NegativeRule.ALLOWED,
        Rule(Scope.SITE, "MAIN"): NegativeRule.OVERRIDE,
        Rule(Scope.WAREHOUSE, "WH1"): NegativeRule.FORBIDDEN,
        Rule(Scope.ITEM_CLASS, "bulk"): NegativeRule.ALLOWED,
        Rule(Scope.LOCATION, "STAGE"): NegativeRule.OVERRIDE,
        Rule(Scope.ITEM, "GLV"): NegativeRule.FORBIDDEN,
    }
    floor.policy(negatives=rules)
    policy = Policies(floor.database).current()
    steps: dict[str, str] = {}
    for name, code, rule in (
        ("", "", NegativeRule.ALLOWED),
        ("site", "MAIN", NegativeRule.OVERRIDE),
        ("warehouse", "WH1", NegativeRule.FORBIDDEN),
        ("item_class", "bulk", NegativeRule.ALLOWED),
        ("location", "STAGE", NegativeRule.OVERRIDE),
        ("item", "GLV", NegativeRule.FORBIDDEN),
    ):
        steps |= {name: code} if name else {}
        assert policy.negative(Target(**steps)) is rule
    with refused("not-allowed"):
        Policies(floor.database).change(floor.people.supervisor, policy, "mine")
    with hand.refused("append-only"):
        hand.run("UPDATE policy_version SET content = replace(content, 'forbidden', 'allowed')")
    with hand.refused("not-allowed"):
        hand.copy("policy_version", person_id=floor.people.supervisor.id)


def test_rule_10_importing_twice_changes_nothing_and_one_bad_row_loses_nothing_else(
    floor: Floor, hand: Hand, tmp_path: Path
) -> None:
    rows = (
        "m1,NUT,A-01,5,2026-03-01T08:00:00Z",
        "m2,NUT,A-01,many,2026-03-01T09:00:00Z",
        "m3,NUT,A-01,-1,2026-03-01T10:00:00Z",
    )
    first = load(floor, "nuts.csv", *rows)
    assert (first.read, first.added, first.known, first.rejected) == (3, 2, 0, 1)
    (problem,) = first.files[0].problems
    assert (problem.row, problem.field, problem.value) == (3, "quantity", "many")
    again = load(floor, "nuts.csv", *rows)
    assert (again.added, again.known, again.rejected) == (0, 2, 1)
    assert floor.on_hand(floor.warehouse.key("NUT", "A-01")) == 4 * U

    rejects = Intake(floor.database).rejects(first.files[0].import_id)
    file = tmp_path / "rejects.csv"
    write_rejects(file, rejects, lambda row: row.code)
    file.write_text(file.read_text(encoding="utf-8-sig").replace("many", "2"), encoding="utf-8")
    mended = Intake(floor.database).load(floor.people.administrator, plan([file]))
    assert (mended.added, mended.rejected) == (1, 0)
    assert floor.on_hand(floor.warehouse.key("NUT", "A-01")) == 6 * U
    with hand.refused("append-only"):
        hand.copy("movement", reference="m1")
    with hand.refused("append-only"):
        hand.copy("movement", "INSERT OR REPLACE", reference="m1", quantity=99 * U)
