"""Causes in the reports: what people said and what was only guessed, as of an instant and never later."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import update

from support.warehouse import CHEAP, Warehouse
from zeroline.domain.diagnosis import EvidenceKind
from zeroline.domain.instant import DAY, HOUR, MINUTE
from zeroline.domain.views.explanation import Explained, Standing
from zeroline.domain.views.reporting import NegativeRow, Scope
from zeroline.reports.documents import Document, Table
from zeroline.reports.press import ReportKind, Wish, compose
from zeroline.services.workbench import Workbench
from zeroline.sources import plan
from zeroline.storage import schema

REPORTS = (ReportKind.NEGATIVES, ReportKind.RECONCILIATION, ReportKind.REGISTER, ReportKind.CASE_TRAIL)


@pytest.fixture
def services(warehouse: Warehouse) -> Iterator[Workbench]:
    made = Workbench(warehouse.url, warehouse.clock, hasher=CHEAP)
    yield made
    made.dispose()


COLUMNS = "movement_id,item,location,quantity,recorded_at,occurred_at,kind,document,user"


def bring(warehouse: Warehouse, services: Workbench, *rows: str) -> int:
    """Import these movements; answers the newest case."""
    file = warehouse.path.with_name("movements.csv")
    file.write_text("\n".join([COLUMNS, *rows]))
    services.intake.load(warehouse.people.administrator, plan([file]))
    return newest_case(warehouse)


def confirmed_twice(warehouse: Warehouse, services: Workbench, item: str = "GLV-XL") -> int:
    """+20; −12; −12 again under the same document a minute later. Answers the case."""
    at = "2026-03-01T08:0{0}:00Z,2026-03-01T08:0{0}:00Z"
    return bring(
        warehouse,
        services,
        f"{item}1,{item},A-02,20,2026-02-26T08:00:00Z,2026-02-26T08:00:00Z,receipt,IN/2,",
        f"{item}2,{item},A-02,-12,{at.format(0)},pick,OUT/40,r.diaz",
        f"{item}3,{item},A-02,-12,{at.format(1)},pick,OUT/40,r.diaz",
    )


def newest_case(warehouse: Warehouse) -> int:
    with warehouse.database.read() as connection:
        found: int = connection.exec_driver_sql(
            "SELECT MAX(id) FROM stock_case WHERE opening_seq <> 0"
        ).scalar_one()
    return found


def negatives(warehouse: Warehouse, services: Workbench, back: int = 0) -> list[NegativeRow]:
    now = warehouse.clock() - back
    return list(services.reporting.exceptions(None, Scope(now - 30 * DAY, now)).negatives)


def why(warehouse: Warehouse, services: Workbench, back: int = 0) -> Explained:
    [row] = negatives(warehouse, services, back)
    return row.why


def hashes(services: Workbench, as_of: int) -> list[str]:
    wishes = [Wish(kind, as_of=as_of, target=1) for kind in REPORTS if kind is ReportKind.CASE_TRAIL]
    wishes += [Wish(kind, as_of=as_of) for kind in REPORTS if kind is not ReportKind.CASE_TRAIL]
    return [compose(services, None, wish).integrity.data_hash for wish in wishes]


def table(document: Document, key: str) -> Table:
    return next(block for block in document.blocks if isinstance(block, Table) and block.key == key)


# --- who said it


def test_a_guess_that_nobody_confirmed_is_only_a_guess(warehouse: Warehouse, services: Workbench) -> None:
    confirmed_twice(warehouse, services)
    found = why(warehouse, services)
    assert (found.standing, found.cause, found.by, found.at) == (Standing.GUESSED, "", "", None)
    assert (found.guess, found.likely, found.confirmed) == ("K5", "K5", False)
    assert 500_000 < found.probability <= 1_000_000
    assert found.evidence[0].kind is EvidenceKind.MOVEMENT
    assert "OUT/40" in found.evidence[0].facts["document"]


def test_an_accepted_guess_names_who_accepted_it_and_when(warehouse: Warehouse, services: Workbench) -> None:
    case = confirmed_twice(warehouse, services)
    warehouse.clock.forward(HOUR)
    services.diagnosing.accept_case(warehouse.people.supervisor, case, "K5")
    found = why(warehouse, services)
    assert (found.standing, found.cause, found.guess) == (Standing.ACCEPTED, "K5", "K5")
    assert (found.by, found.at) == (warehouse.people.supervisor.name, warehouse.clock())
    assert found.evidence
    assert found.confirmed
    assert why(warehouse, services, back=MINUTE).standing is Standing.GUESSED


def test_a_corrected_guess_keeps_the_guess_beside_the_cause(
    warehouse: Warehouse, services: Workbench
) -> None:
    case = confirmed_twice(warehouse, services)
    entry = ("movement", 3)
    services.casework.tag_cause(warehouse.people.supervisor, case, "L1", "a torn box", [entry])
    found = why(warehouse, services)
    assert (found.standing, found.cause, found.guess, found.likely) == (Standing.CORRECTED, "L1", "K5", "L1")
    assert (found.comment, found.evidence, found.linked) == (
        "a torn box",
        (),
        (("movement", "pick OUT/40"),),
    )


def test_none_of_these_is_no_cause(warehouse: Warehouse, services: Workbench) -> None:
    case = confirmed_twice(warehouse, services)
    services.diagnosing.none_of_these(warehouse.people.supervisor, case)
    found = why(warehouse, services)
    assert (found.standing, found.cause, found.guess, found.likely) == (Standing.REJECTED, "", "K5", "")
    assert (found.by, found.confirmed) == (warehouse.people.supervisor.name, False)


def test_a_guess_that_comes_after_a_refusal_is_a_guess_again(
    warehouse: Warehouse, services: Workbench
) -> None:
    case = confirmed_twice(warehouse, services)
    services.diagnosing.none_of_these(warehouse.people.supervisor, case)
    with warehouse.database.write() as work:
        work.connection.exec_driver_sql(
            "INSERT INTO diagnosis (case_id, at, ledger_seq, cause, probability, explained, missing,"
            " hypotheses) SELECT case_id, at, ledger_seq, 'T1', 700000, explained, missing,"
            " replace(hypotheses, '\"K5\"', '\"T1\"') FROM diagnosis ORDER BY id DESC LIMIT 1"
        )
        work.audit("test", "diagnosis")
        work.changed(everything=True)
        work.commit()
    found = why(warehouse, services)
    assert (found.standing, found.guess, found.probability) == (Standing.GUESSED, "T1", 700_000)


def test_not_known_yet_is_not_a_word_that_confirms(warehouse: Warehouse, services: Workbench) -> None:
    case = confirmed_twice(warehouse, services)
    services.casework.tag_cause(warehouse.people.supervisor, case, "Z0")
    found = why(warehouse, services)
    assert (found.standing, found.cause, found.guess) == (Standing.GUESSED, "", "K5")
    trail = compose(services, None, Wish(ReportKind.CASE_TRAIL, target=case))
    [row] = table(trail, "verdicts").rows
    assert row[2] == "not known yet"


def test_not_enough_to_say_is_said(warehouse: Warehouse, services: Workbench) -> None:
    confirmed_twice(warehouse, services)
    with warehouse.database.write() as work:
        work.connection.exec_driver_sql(
            "INSERT INTO diagnosis (case_id, at, ledger_seq, cause, probability, explained, missing,"
            " hypotheses) SELECT case_id, at, ledger_seq, 'Z0', 900000, 0, missing,"
            ' \'{"exact":false,"fixed_wrongly":null,"together":[],"hypotheses":[{"cause":"Z0",'
            '"probability":900000,"explained":0,"left_over":0,"evidence":[],"against":[],'
            '"settle":null,"lift":[]}]}\' FROM diagnosis ORDER BY id DESC LIMIT 1'
        )
        work.audit("test", "diagnosis")
        work.changed(everything=True)
        work.commit()
    found = why(warehouse, services)
    assert (found.standing, found.likely, found.evidence) == (Standing.UNCLEAR, "", ())


@pytest.mark.parametrize(
    ("cause", "standing"), [("K5", Standing.ACCEPTED), ("L5", Standing.CORRECTED)], ids=["guessed", "another"]
)
def test_a_cause_said_with_the_proposal_answers_the_guess(
    warehouse: Warehouse, services: Workbench, cause: str, standing: Standing
) -> None:
    confirmed_twice(warehouse, services)
    staff, counting = warehouse.people, services.counting
    sheet = counting.create_sheet(staff.supervisor, key_ids=[warehouse.key("GLV-XL", "A-02")]).sheet_id
    for person in (staff.counter, staff.other_counter):
        warehouse.clock.forward(10 * MINUTE)
        line = counting.blind_sheet(person, sheet).lines[0].line_id
        counting.enter(person, line, "8")
        counting.submit(person, sheet)
    entry = counting.results(staff.supervisor, sheet).lines[0].entries[-1].entry_id
    services.settlement.propose(staff.supervisor, entry_id=entry, cause=cause, comment="scanned twice")
    found = why(warehouse, services)
    assert (found.standing, found.cause, found.guess) == (standing, cause, "K5")
    now = warehouse.clock()
    report = services.reporting.reconciliation(None, Scope(now - 30 * DAY, now))
    assert report.lines[0].why == report.approvals[0].why == found


def test_closing_a_transient_presumes_a_cause_and_says_none(
    warehouse: Warehouse, services: Workbench
) -> None:
    """+3; −11 at nine; +30 of 08:40 posted at 16:30."""
    case = bring(
        warehouse,
        services,
        "b1,BRG-1,E-02,3,2026-02-26T08:00:00Z,2026-02-26T08:00:00Z,receipt,IN/1,",
        "b2,BRG-1,E-02,-11,2026-03-01T09:12:00Z,2026-03-01T09:12:00Z,pick,OUT/33,r.diaz",
        "b3,BRG-1,E-02,30,2026-03-01T16:30:00Z,2026-03-01T08:40:00Z,receipt,IN/7,",
    )
    services.casework.close(warehouse.people.supervisor, [case])
    found = why(warehouse, services)
    assert (found.standing, found.cause, found.confirmed) == (Standing.PRESUMED, "T1", False)


def test_what_was_said_of_an_earlier_stretch_is_not_said_of_the_next(
    warehouse: Warehouse, services: Workbench
) -> None:
    case = confirmed_twice(warehouse, services)
    staff = warehouse.people
    warehouse.clock.set("2026-03-02T08:00:00Z")
    services.diagnosing.accept_case(staff.supervisor, case, "K5")
    warehouse.clock.set("2026-03-02T09:30:00Z")
    bring(
        warehouse,
        services,
        "g4,GLV-XL,A-02,10,2026-03-02T09:00:00Z,2026-03-02T09:00:00Z,receipt,IN/3,",
    )
    services.casework.close(staff.supervisor, [case], reason="the second pick was reversed by hand")
    before = warehouse.clock()
    warehouse.clock.set("2026-03-02T12:00:00Z")
    bring(
        warehouse,
        services,
        "g5,GLV-XL,A-02,-9,2026-03-02T11:00:00Z,2026-03-02T11:00:00Z,pick,OUT/41,r.diaz",
    )
    later, earlier = negatives(warehouse, services)
    assert (later.case_id, earlier.case_id) == (case, case)
    assert (later.why.standing, later.why.cause) == (Standing.CARRIED, "K5")
    assert (earlier.why.standing, earlier.why.cause) == (Standing.ACCEPTED, "K5")
    services.casework.tag_cause(staff.supervisor, case, "L5", "gone")
    later, earlier = negatives(warehouse, services)
    assert later.why.cause == "L5"
    assert (earlier.why.standing, earlier.why.cause) == (Standing.ACCEPTED, "K5")
    assert [row.why.cause for row in negatives(warehouse, services, warehouse.clock() - before)] == ["K5"]


def test_a_case_that_inherits_another_inherits_what_was_said_of_it(
    warehouse: Warehouse, services: Workbench
) -> None:
    """−5, +5, −3; then −2 between the first two arrives late: the two stretches are one."""
    at = "2026-03-01T{0}:00Z,2026-03-01T{0}:00Z"
    younger = bring(
        warehouse,
        services,
        f"n1,NUT-1,A-01,-5,{at.format('09:00')},pick,OUT/1,",
        f"n2,NUT-1,A-01,5,{at.format('10:00')},receipt,IN/1,",
        f"n3,NUT-1,A-01,-3,{at.format('11:00')},pick,OUT/2,",
    )
    services.casework.tag_cause(warehouse.people.supervisor, younger, "L5", "gone")
    warehouse.clock.forward(HOUR)
    bring(warehouse, services, f"n4,NUT-1,A-01,-2,{at.format('09:30')},pick,OUT/3,")
    [row] = negatives(warehouse, services)
    with warehouse.database.read() as connection:
        kept = connection.exec_driver_sql(
            "SELECT id, cause FROM stock_case WHERE queue = 'negative' AND opening_seq <> 0"
        ).one()
    assert (row.case_id, row.cause, row.why.by) == (*kept, warehouse.people.supervisor.name)
    assert row.cause == "L5"


def test_a_forced_crossing_is_told_by_the_case_of_its_episode(
    warehouse: Warehouse, services: Workbench
) -> None:
    """−8 past the stock check: one case of the negative, one of the override."""
    warehouse.move("ITEM-1", "A-01", "-8", "2026-03-01T09:00:00Z", override=True)
    with warehouse.database.read() as connection:
        found = connection.exec_driver_sql("SELECT queue, id FROM stock_case")
        cases = {row.queue: row.id for row in found}
    services.casework.tag_cause(warehouse.people.supervisor, cases["negative"], "L5", "gone")
    [row] = negatives(warehouse, services)
    assert (row.case_id, row.cause) == (cases["negative"], "L5")
    now = warehouse.clock()
    for case in cases.values():
        trail = services.reporting.case(None, case, Scope(now - 30 * DAY, now))[1]
        assert trail.episode is not None


def test_an_episode_from_before_the_first_case_has_none(warehouse: Warehouse, services: Workbench) -> None:
    warehouse.move("OLD-1", "A-01", "-2", "2026-02-20T08:00:00Z", cases=False)
    warehouse.move("OLD-1", "A-01", "2", "2026-02-21T08:00:00Z", cases=False)
    assert why(warehouse, services).standing is Standing.NO_CASE


# --- as of then


def test_a_report_of_then_knows_no_later_guess(warehouse: Warehouse, services: Workbench) -> None:
    """−8 here; an hour later it is known that eight were put away next door a minute before."""
    at = "2026-03-01T0{0}:00Z,2026-03-01T0{0}:00Z"
    bring(warehouse, services, f"i1,ITEM-1,A-01,-8,{at.format('9:00')},pick,OUT/1,")
    then = warehouse.clock()
    first, told = hashes(services, then), why(warehouse, services)
    warehouse.clock.forward(HOUR)
    bring(warehouse, services, f"i2,ITEM-1,A-02,8,{at.format('8:59')},putaway,IN/5,")
    assert why(warehouse, services, back=HOUR) == told
    assert why(warehouse, services) != told
    assert hashes(services, then) == first


@pytest.mark.parametrize("word", ["accept", "correct", "none of these"])
def test_a_report_of_then_knows_no_later_word(warehouse: Warehouse, services: Workbench, word: str) -> None:
    case = confirmed_twice(warehouse, services)
    then, supervisor = warehouse.clock(), warehouse.people.supervisor
    first = hashes(services, then)
    warehouse.clock.forward(HOUR)
    if word == "accept":
        services.diagnosing.accept_case(supervisor, case, "K5")
    elif word == "correct":
        services.casework.tag_cause(supervisor, case, "L1", "a torn box")
    else:
        services.diagnosing.none_of_these(supervisor, case)
    assert hashes(services, then) == first
    now = hashes(services, warehouse.clock())
    warehouse.clock.forward(DAY)
    assert hashes(services, warehouse.clock() - DAY) == now
    assert now != first


def test_the_site_s_clock_is_no_part_of_the_data(warehouse: Warehouse, services: Workbench) -> None:
    confirmed_twice(warehouse, services)
    then = warehouse.clock()
    wish = Wish(ReportKind.NEGATIVES, as_of=then)
    first = compose(services, None, wish)
    with warehouse.database.write() as work:
        work.connection.execute(update(schema.site).values(zone="America/New_York"))
        work.audit("test", "site")
        work.changed(everything=True)
        work.commit()
    again = compose(services, None, wish)
    evidence = [
        str(row[-1]) for document in (first, again) for row in table(document, "negatives").all_rows()
    ]
    assert evidence[0] != evidence[1]
    assert again.integrity.data_hash == first.integrity.data_hash


# --- on paper


def test_the_schedule_counts_what_is_confirmed_and_what_is_guessed(
    warehouse: Warehouse, services: Workbench
) -> None:
    case = confirmed_twice(warehouse, services)
    confirmed_twice(warehouse, services, "GLV-S")
    services.diagnosing.accept_case(warehouse.people.supervisor, case, "K5")
    document = compose(services, None, Wish(ReportKind.NEGATIVES))
    found = {row[0]: row[1:3] for row in table(document, "standings").rows}
    assert found == {
        "accepted the program's guess": ("yes", 1),
        "only guessed: nobody has confirmed it": ("no", 1),
    }
    by_cause = table(document, "by-cause")
    names = [column.key for column in by_cause.columns]
    [row] = by_cause.rows
    assert [row[names.index(name)] for name in ("episodes", "confirmed", "guessed")] == [2, 1, 1]
