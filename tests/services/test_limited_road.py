"""What somebody limited to one site does with their own login: right for that site, or refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from support.colleagues import Colleagues, SignedIn
from support.command_line import Called
from support.files import source, text_file
from support.warehouse import SECRET
from zeroline import cli
from zeroline.domain.case import Queue
from zeroline.domain.errors import DomainError
from zeroline.domain.incoming import RecordKind
from zeroline.domain.instant import DAY
from zeroline.domain.person import Person
from zeroline.domain.policy import Policy
from zeroline.domain.quantity import SCALE
from zeroline.domain.views.intake import ImportResult
from zeroline.domain.views.reporting import Scope
from zeroline.services.workbench import Workbench
from zeroline.storage import ledger
from zeroline.wording import sentence

HEAD = "movement_id,item,location,quantity,recorded_at\n"


@pytest.fixture
def north(colleagues: Colleagues) -> int:
    """ITEM-2 four below zero at NORTH; its stock key. At MAIN something is below zero too."""
    warehouse = colleagues.warehouse
    warehouse.location("N-01", site="NORTH")
    warehouse.move("ITEM-2", "N-01", "-4")
    warehouse.move("ITEM-1", "A-01", "-3")
    for person in (colleagues.staff.supervisor, colleagues.staff.other_supervisor, colleagues.staff.counter):
        limit(colleagues, person, "NORTH")
    return warehouse.key("ITEM-2", "N-01")


def limit(colleagues: Colleagues, person: Person, *sites: str) -> None:
    ids = [colleagues.warehouse.site(site) for site in sites]
    with colleagues.warehouse.database.write() as work:
        for site_id in ids:
            work.connection.exec_driver_sql("INSERT INTO person_site VALUES (?, ?)", (person.id, site_id))
        work.audit("sites changed", f"person {person.id}")
        work.changed(people={person.id})
        work.commit()


def bring(services: Workbench, person: Person, folder: Path, content: str, **more: Any) -> ImportResult:
    return services.intake.load(person, source(text_file(folder, content), **more))


def problems(result: ImportResult) -> list[tuple[int, str]]:
    return [(found.row, found.code) for file in result.files for found in file.problems]


def whole(colleagues: Colleagues) -> list[ledger.Difference]:
    """Where what is kept differs from a replay of everything."""
    with colleagues.warehouse.database.read() as connection:
        return ledger.verify(connection)


def count(colleagues: Colleagues, sql: str) -> int:
    with colleagues.warehouse.database.read() as connection:
        return int(connection.exec_driver_sql(sql).scalar_one())


# --- importing


def test_rows_of_another_site_are_rejected_and_the_rest_is_kept_rightly(
    colleagues: Colleagues, signed_in: SignedIn, north: int, tmp_path: Path
) -> None:
    """The newest movement is one of MAIN, which the importer does not see: the next sequence is behind it."""
    staff = colleagues.staff
    services = signed_in(staff.supervisor)
    before = count(colleagues, "SELECT COUNT(*) FROM item")
    result = bring(
        services,
        staff.supervisor,
        tmp_path,
        HEAD
        + "1,ITEM-2,N-01,10,2026-03-03\n"
        + "2,ITEM-1,A-01,5,2026-03-03\n"  # of MAIN
        + "3,NEW-ITEM,NEW-BIN,5,2026-03-03\n",  # would come into being at MAIN
    )
    assert problems(result) == [(3, "location-elsewhere"), (4, "site-elsewhere")]
    assert result.added == 1
    assert count(colleagues, "SELECT COUNT(*) FROM item") == before
    assert count(colleagues, f"SELECT on_hand FROM balance WHERE key_id = {north}") == 6 * SCALE
    assert count(colleagues, "SELECT applied_seq - (SELECT MAX(seq) FROM movement) FROM ledger_state") == 0
    assert whole(colleagues) == []


def test_an_id_that_another_site_has_given_is_rejected(
    colleagues: Colleagues, signed_in: SignedIn, north: int, tmp_path: Path
) -> None:
    staff = colleagues.staff
    colleagues.warehouse.move("ITEM-1", "A-01", "1", reference="77", source="file")
    result = bring(
        signed_in(staff.supervisor),
        staff.supervisor,
        tmp_path,
        HEAD + "77,ITEM-2,N-01,10,2026-03-03\n78,ITEM-2,N-01,10,2026-03-03\n",
    )
    assert problems(result) == [(2, "reference-elsewhere")]
    assert result.added == 1
    assert whole(colleagues) == []


def test_master_data_of_another_site_stay_as_they_are(
    colleagues: Colleagues, signed_in: SignedIn, north: int, tmp_path: Path
) -> None:
    staff = colleagues.staff
    content = "location,site,zone\nA-01,NORTH,Q\nN-01,MAIN,Q\nN-02,NORTH,Q\nS-01,SOUTH,Q\nN-01,NORTH,R\n"
    result = bring(
        signed_in(staff.supervisor), staff.supervisor, tmp_path, content, kind=RecordKind.LOCATIONS
    )
    assert problems(result) == [(2, "location-elsewhere"), (3, "site-elsewhere"), (5, "site-elsewhere")]
    assert count(colleagues, "SELECT COUNT(*) FROM location WHERE zone = 'Q'") == 1
    assert count(colleagues, "SELECT COUNT(*) FROM site WHERE code = 'SOUTH'") == 0


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (RecordKind.BALANCES, "item,location,quantity\nNEW,A-01,5\nITEM-2,N-01,-4\n"),
        (RecordKind.OPENINGS, "item,location,quantity,occurred_at\nNEW,A-01,5,2026-03-01\n"),
        (RecordKind.DOCUMENTS, "document_kind,document,item,location,quantity\nreceipt,P-1,NEW,A-01,5\n"),
        (RecordKind.RESERVATIONS, "reference,item,location,quantity\nR-1,NEW,A-01,5\n"),
    ],
    ids=lambda one: one.value if isinstance(one, RecordKind) else "",
)
def test_whatever_a_file_holds_its_rows_of_another_site_make_nothing(
    colleagues: Colleagues, signed_in: SignedIn, north: int, tmp_path: Path, kind: RecordKind, content: str
) -> None:
    staff = colleagues.staff
    result = bring(signed_in(staff.supervisor), staff.supervisor, tmp_path, content, kind=kind)
    assert problems(result) == [(2, "location-elsewhere")]
    assert count(colleagues, "SELECT COUNT(*) FROM item WHERE code = 'NEW'") == 0


def test_the_base_unit_of_an_item_that_lies_elsewhere_is_settled(
    colleagues: Colleagues, signed_in: SignedIn, north: int, tmp_path: Path
) -> None:
    staff = colleagues.staff
    result = bring(
        signed_in(staff.supervisor),
        staff.supervisor,
        tmp_path,
        "item,base_unit\nITEM-1,BOX\n",
        kind=RecordKind.ITEMS,
    )
    assert problems(result) == [(2, "base-unit-settled")]


def test_nothing_is_taken_in_past_movements_that_are_hidden(
    colleagues: Colleagues, signed_in: SignedIn, north: int, tmp_path: Path
) -> None:
    """A movement of MAIN lies in the table that balances do not know of yet."""
    staff = colleagues.staff
    with colleagues.warehouse.database.write() as work:
        ledger.append(
            work.connection,
            [
                ledger.NewMovement(
                    colleagues.warehouse.key("ITEM-1", "A-01"), SCALE, "receipt", 1, 1,
                    colleagues.warehouse.source(), "late", import_id=1,
                )
            ],
            take_in=False,
        )  # fmt: skip
        work.audit("test", "ledger")
        work.changed(everything=True)
        work.commit()
    applied = count(colleagues, "SELECT applied_seq FROM ledger_state")
    with pytest.raises(DomainError, match="sites-limited"):
        bring(
            signed_in(staff.supervisor),
            staff.supervisor,
            tmp_path,
            HEAD + "1,ITEM-2,N-01,10,2026-03-03\n",
        )
    assert count(colleagues, "SELECT applied_seq FROM ledger_state") == applied


def test_a_full_block_is_sealed_by_whoever_sees_all_of_it(
    colleagues: Colleagues,
    signed_in: SignedIn,
    north: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("zeroline.storage.ledger.sealing.SEGMENT_ROWS", 2)
    staff = colleagues.staff
    bring(signed_in(staff.supervisor), staff.supervisor, tmp_path, HEAD + "1,ITEM-2,N-01,10,2026-03-03\n")
    assert count(colleagues, "SELECT COUNT(*) FROM ledger_segment") == 0
    colleagues.warehouse.move("ITEM-1", "A-01", "1")
    assert count(colleagues, "SELECT COUNT(*) FROM ledger_segment") == 2
    assert whole(colleagues) == []


# --- counting, proposing, approving


def test_the_road_of_one_site_from_count_to_posting(
    colleagues: Colleagues, signed_in: SignedIn, north: int
) -> None:
    staff, floor = colleagues.staff, colleagues.floor
    floor.settle(colleagues.warehouse.key("ITEM-1", "A-01"), "3")  # number and sheet 1 are of MAIN
    own = signed_in(staff.supervisor)
    assert [row.number for row in own.counting.sheets(staff.supervisor)] == []
    sheet = own.counting.create_sheet(staff.supervisor, key_ids=[north])
    assert sheet.number == "CNT-000002"
    for person in (staff.counter, staff.other_supervisor):
        theirs = signed_in(person)
        [line] = theirs.counting.blind_sheet(person, sheet.sheet_id).lines
        theirs.counting.enter(person, line.line_id, "3")
        theirs.counting.submit(person, sheet.sheet_id)
        if person is staff.counter:
            own.counting.take_up(staff.supervisor)
    final = own.counting.results(staff.supervisor, sheet.sheet_id).lines[0].final
    assert final is not None
    made = own.settlement.propose(staff.supervisor, entry_id=final.entry_id, cause="K3")
    assert made.number == "ADJ-000002"

    limit(colleagues, staff.other_manager, "MAIN")
    with pytest.raises(DomainError):
        signed_in(staff.other_manager).settlement.approval_view(staff.other_manager, made.adjustment_id)
    limit(colleagues, staff.manager, "NORTH")
    approver = signed_in(staff.manager)
    [row] = approver.settlement.approvals(staff.manager)
    shown = approver.settlement.approval_view(staff.manager, made.adjustment_id).shown_hash
    approver.settlement.approve(
        staff.manager, [made.adjustment_id], SECRET, shown_hashes={made.adjustment_id: shown}
    )
    assert row.adjustment_id == made.adjustment_id
    assert count(colleagues, f"SELECT on_hand FROM balance WHERE key_id = {north}") == 3 * SCALE
    assert whole(colleagues) == []


def test_a_sheet_of_two_sites_is_closed_by_whoever_sees_all_of_it(
    colleagues: Colleagues, signed_in: SignedIn, north: int
) -> None:
    staff, floor = colleagues.staff, colleagues.floor
    sheet = floor.sheet(north, colleagues.warehouse.key("ITEM-1", "A-01"), by=staff.manager)
    services = signed_in(staff.supervisor)
    [line] = services.counting.blind_sheet(staff.supervisor, sheet).lines
    services.counting.enter(staff.supervisor, line.line_id, "3")
    with pytest.raises(DomainError, match="sheet-elsewhere"):
        services.counting.submit(staff.supervisor, sheet)
    with pytest.raises(DomainError, match="sheet-elsewhere"):
        services.counting.cancel(staff.supervisor, sheet, "not today")
    assert count(colleagues, "SELECT COUNT(*) FROM count_entry") == 0


# --- why and how urgent


def test_orders_that_hidden_stock_covers_are_not_at_risk(
    colleagues: Colleagues, signed_in: SignedIn, north: int
) -> None:
    staff = colleagues.staff
    supervisor = signed_in(staff.supervisor)
    colleagues.floor.document("order", "ITEM-2", "5")

    def at_risk() -> int:
        return int(supervisor.lookup.queue(staff.supervisor, Queue.NEGATIVE).value("orders", 0))

    assert at_risk() == 1
    colleagues.warehouse.move("ITEM-2", "A-01", "9")  # at MAIN
    assert at_risk() == 0


def test_an_item_that_lies_elsewhere_too_is_diagnosed_by_whoever_sees_all_of_it(
    colleagues: Colleagues, signed_in: SignedIn, north: int, tmp_path: Path
) -> None:
    staff = colleagues.staff
    colleagues.warehouse.move("ITEM-2", "A-01", "5")  # at MAIN
    case = count(colleagues, f"SELECT id FROM stock_case WHERE key_id = {north}")
    kept = count(colleagues, "SELECT COUNT(*) FROM diagnosis")
    services = signed_in(staff.supervisor)
    bring(services, staff.supervisor, tmp_path, HEAD + "1,ITEM-2,N-01,-2,2026-03-03\n")
    assert count(colleagues, "SELECT COUNT(*) FROM diagnosis") == kept
    assert services.lookup.case(staff.supervisor, case) is not None
    assert not services.diagnosing.take_up(staff.supervisor)
    with pytest.raises(DomainError, match="sites-limited"):
        services.diagnosing.lines()

    sees_all = signed_in(staff.manager)
    assert sees_all.diagnosing.take_up(staff.manager)
    assert not sees_all.diagnosing.take_up(staff.manager)
    assert [one[1] for one in colleagues.trail()].count("diagnoses taken up") == 1
    assert services.lookup.case(staff.supervisor, case) is not None


def test_a_guess_whose_evidence_is_hidden_is_shown_and_accepted_without_it(
    colleagues: Colleagues, signed_in: SignedIn, north: int
) -> None:
    """What NORTH lacks left MAIN for it: the leg is seen by the program and hidden from the supervisor."""
    staff, warehouse = colleagues.staff, colleagues.warehouse
    warehouse.move("ITEM-2", "A-01", "9", "2026-02-20T06:00:00Z")
    there = warehouse.move(
        "ITEM-2", "A-01", "-4", "2026-03-01T06:00:00Z", kind="transfer out", document="TO-1"
    )
    case = count(colleagues, f"SELECT id FROM stock_case WHERE key_id = {north}")
    services = signed_in(staff.supervisor)
    view = services.lookup.case(staff.supervisor, case)
    assert view.diagnosis is not None
    cited = [found for one in view.diagnosis.hypotheses for found in one.evidence if found.target == there]
    assert cited
    leading = view.diagnosis.hypotheses[0].cause
    services.diagnosing.accept_case(staff.supervisor, case, leading)
    assert leading == "T3"
    assert count(colleagues, f"SELECT COUNT(*) FROM stock_case WHERE id = {case} AND cause = 'T3'") == 1
    assert services.lookup.case(staff.supervisor, case).item_hidden


# --- reading


def test_a_report_has_the_rows_of_ones_sites_and_says_which(
    colleagues: Colleagues, signed_in: SignedIn, north: int
) -> None:
    staff = colleagues.staff
    services = signed_in(staff.supervisor)
    scope = Scope(0, services.clock() + DAY)
    found = services.reporting.exceptions(staff.supervisor, scope)
    assert {row.key.site for row in found.negatives} == {"NORTH"}
    assert found.basis.limited == ("NORTH",)
    everything = signed_in(staff.auditor).reporting.exceptions(staff.auditor, scope)
    assert {row.key.site for row in everything.negatives} == {"MAIN", "NORTH"}
    assert everything.basis.limited == ()


def test_the_trail_is_verified_whole_and_figures_of_ones_own_sites(
    colleagues: Colleagues, signed_in: SignedIn, north: int
) -> None:
    services = signed_in(colleagues.staff.supervisor)
    assert services.auditing.verify().fault == ""
    assert services.auditing.kept_wrongly() == ()
    with colleagues.warehouse.database.write() as work:
        work.connection.exec_driver_sql("UPDATE balance SET on_hand = 1 WHERE key_id = ?", (north,))
        work.audit("test", "ledger")
        work.changed(everything=True)
        work.commit()
    assert services.auditing.kept_wrongly() == (f"balance {north}",)


def test_the_ledger_is_not_rebuilt_from_a_part_of_it(
    colleagues: Colleagues, signed_in: SignedIn, north: int
) -> None:
    with pytest.raises(DomainError, match="sites-limited") as told:
        signed_in(colleagues.staff.supervisor).auditing.rebuild()
    assert "somebody who sees all sites" in sentence(told.value)
    assert whole(colleagues) == []


def test_the_policy_is_changed_by_who_sees_all_sites(
    colleagues: Colleagues, signed_in: SignedIn, north: int
) -> None:
    manager = colleagues.staff.manager
    limit(colleagues, manager, "NORTH")
    with pytest.raises(DomainError, match="sites-limited"):
        signed_in(manager).policies.change(manager, Policy(watch_window_days=5), "shorter")


def test_the_command_line_says_of_which_sites_it_verified(
    colleagues: Colleagues, north: int, capsys: pytest.CaptureFixture[str]
) -> None:
    staff = colleagues.staff
    for person, sites in ((staff.supervisor, " of NORTH, all that you see,"), (staff.auditor, "")):
        assert cli.run(["--database", colleagues.url(person.login), "audit", "verify"], Called()) == 0
        told = capsys.readouterr().out
        assert f"Balances and episodes{sites} are what a full replay of the movements gives." in told
        assert "The audit trail is whole" in told
    assert cli.run(["--database", colleagues.url(staff.supervisor.login), "setup", "--rebuild"], Called())
