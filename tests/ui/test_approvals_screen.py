"""Deciding adjustments in the window: everything on one page, signed, with the right hands."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from support.desk import Workstation
from support.floor import Floor
from support.screen import focus, scan
from support.warehouse import SECRET, Warehouse
from zeroline.domain.instant import DAY, MINUTE
from zeroline.domain.policy import DEFAULT
from zeroline.domain.views.settlement import Proposed
from zeroline.ui.desk import Place
from zeroline.ui.dialogs.attachment import AttachmentDialog
from zeroline.ui.screens.approvals import ApprovalsScreen
from zeroline.ui.theme import Tone


@pytest.fixture
def proposed(floor: Floor, warehouse: Warehouse) -> Proposed:
    """ITEM-1 at A-01: −3 on the book, counted 12 twice, +15 proposed by the supervisor; 2.50 each."""
    warehouse.move("ITEM-1", "A-01", "-3")
    return floor.propose(warehouse.key("ITEM-1", "A-01"), "12", comment="Two boxes too many")


def seated(workstation: Workstation, who: str = "other_supervisor", target: Any = None) -> ApprovalsScreen:
    person = getattr(workstation.warehouse.people, who)
    return workstation.show(ApprovalsScreen(workstation.desk(person)), target)


def page_words(screen: ApprovalsScreen) -> str:
    labels = screen.page.findChildren(QLabel)
    return "\n".join(label.text() for label in labels if not label.isHidden()).replace("\u00a0", " ")


def test_the_page_holds_everything_an_approver_asks(workstation: Workstation, proposed: Proposed) -> None:
    told = page_words(seated(workstation))
    for wanted in (
        "ITEM-1 at A-01: +15 EA",
        "K3 Over- or under-pick “Two boxes too many”",
        "Counted 12 − (book −3 + late 0) = +15 EA",
        "−3 EA → 12 EA",
        "+€ 37.50",
        "Tier 1: a supervisor approves",
        "you sign up to € 250.00",
        "First count: 12 EA by Cora Counter",
        "Recount: 12 EA by Otto Othercounter",
        "Sam Supervisor",
        "Count on CNT-000001, Cora Counter",
    ):
        assert wanted in told


def test_approving_asks_the_secret_says_what_it_means_and_posts(
    qtbot: Any, workstation: Workstation, proposed: Proposed
) -> None:
    screen = seated(workstation)
    focus(qtbot, screen.table)
    workstation.prompts.answers = [SECRET]
    qtbot.keyClick(screen.table, Qt.Key.Key_Y)
    qtbot.waitUntil(lambda: bool(workstation.said))
    kind, title, text = workstation.prompts.asked[0]
    assert (kind, title) == ("secret", "Approve ADJ-000001")
    assert "I saw this adjustment with its evidence and approve its posting." in text
    assert "This posts +15 EA (€ 37.50) to ITEM-1 at A-01 now." in text.replace("\u00a0", " ")
    assert (
        workstation.said[-1][0].replace("\u00a0", " ") == "ADJ-000001: +15 EA for ITEM-1 at A-01 is posted."
    )
    assert screen.panel.nothing.title.text() == "Nothing waits for approval"


def test_a_wrong_secret_signs_nothing_and_keeps_the_comment(
    workstation: Workstation, proposed: Proposed
) -> None:
    screen = seated(workstation)
    screen.page.comment.setPlainText("Seen")
    workstation.prompts.answers = ["wrong"]
    screen.approve_action.trigger()
    assert screen.banner.text == "This is not your password. Nothing was signed."
    assert screen.page.comment_text == "Seen"
    assert screen.page.view is not None
    assert screen.page.view.state == "proposed"


def test_whose_hand_is_in_the_way_is_said_and_disables_the_button(
    workstation: Workstation, proposed: Proposed
) -> None:
    screen = seated(workstation, "supervisor")
    assert screen.page.hand.text() == "Sam Supervisor proposed this. Somebody else must decide ADJ-000001."
    assert not screen.approve_action.isEnabled()
    assert screen.approve_action.toolTip() == screen.page.hand.text()


def test_a_scanners_enter_approves_nothing(qtbot: Any, workstation: Workstation, proposed: Proposed) -> None:
    screen = seated(workstation)
    focus(qtbot, screen.table)
    scan(screen.table, "YYYY", 1_000)
    assert workstation.prompts.asked == []


def test_rejecting_needs_a_comment_and_the_secret(workstation: Workstation, proposed: Proposed) -> None:
    screen = seated(workstation)
    screen.reject_action.trigger()
    assert (screen.banner.tone, workstation.prompts.asked) == (Tone.CAUTION, [])
    screen.page.comment.setPlainText("Count it again in daylight")
    workstation.prompts.answers = [SECRET]
    screen.reject_action.trigger()
    view = workstation.services.settlement.approval_view(
        workstation.warehouse.people.supervisor, proposed.adjustment_id
    )
    assert view.decision is not None
    assert (view.state, view.decision.comment) == ("rejected", "Count it again in daylight")


def test_open_documents_want_a_typed_reason_first(
    workstation: Workstation, floor: Floor, proposed: Proposed
) -> None:
    floor.document("receipt", "ITEM-1", "15", location="A-01")
    screen = seated(workstation, "manager")
    assert "Open receipt DOC-1 still brings +15 EA to A-01." in page_words(screen)
    assert not screen.approve_action.isEnabled()
    screen.page.guard_reason.setPlainText("That receipt is for another customer")
    assert screen.approve_action.isEnabled()
    workstation.prompts.answers = [SECRET]
    screen.approve_action.trigger()
    view = workstation.services.settlement.approval_view(
        workstation.warehouse.people.manager, proposed.adjustment_id
    )
    assert view.decision is not None
    assert view.decision.guard_reason == "That receipt is for another customer"


def test_an_outdated_figure_is_explained_and_renewed(
    workstation: Workstation, warehouse: Warehouse, proposed: Proposed
) -> None:
    """A receipt of 5 from the day before the counts is told now: +10 is right, not +15."""
    warehouse.move("ITEM-1", "A-01", "5", occurred=warehouse.clock() - DAY, document="IN/7")
    screen = seated(workstation)
    assert "+10 EA would be right now, not +15 EA" in page_words(screen)
    assert not screen.approve_action.isEnabled()
    assert screen.renew_action.text().replace("\u00a0", " ") == "Renew with +10 EA"
    screen.renew_action.trigger()
    assert screen.page.view is not None
    assert screen.page.view.number == "ADJ-000002"
    assert "ITEM-1 at A-01: +10 EA" in page_words(screen)


def test_somebody_faster_keeps_what_was_typed_and_is_named(
    workstation: Workstation, floor: Floor, proposed: Proposed
) -> None:
    screen = seated(workstation)
    screen.page.comment.setPlainText("Looks right")
    floor.approve(workstation.warehouse.people.manager, proposed.adjustment_id)
    workstation.prompts.answers = [SECRET]
    screen.approve_action.trigger()
    assert screen.banner.tone is Tone.CAUTION
    assert "Mara Manager" in screen.banner.text
    assert screen.page.comment_text == "Looks right"
    assert screen.page.view is not None
    assert screen.page.view.state == "posted"


def test_a_change_behind_the_page_must_be_looked_at_again(
    workstation: Workstation, floor: Floor, proposed: Proposed
) -> None:
    screen = seated(workstation, "manager")
    floor.document("receipt", "ITEM-1", "15", location="A-01")
    screen.page.comment.setPlainText("Looks right")
    workstation.prompts.answers = [SECRET]
    screen.approve_action.trigger()
    assert screen.banner.tone is Tone.CAUTION
    assert "Open receipt DOC-1" in page_words(screen)
    assert screen.page.comment_text == "Looks right"


def test_several_of_tier_one_are_approved_with_one_signature(
    workstation: Workstation, floor: Floor, warehouse: Warehouse, proposed: Proposed
) -> None:
    warehouse.move("ITEM-2", "A-02", "-2")
    other = floor.propose(warehouse.key("ITEM-2", "A-02"), "4")
    screen = seated(workstation)
    screen.table.select_ids([proposed.adjustment_id, other.adjustment_id])
    assert screen.approve_action.isEnabled()
    workstation.prompts.answers = [SECRET]
    screen.approve_action.trigger()
    text = workstation.prompts.asked[0][2].replace("\u00a0", " ")
    assert "This posts 2 adjustments now: net +€ 52.50, gross € 52.50." in text
    assert workstation.said[-1][0] == "2 adjustments are posted."


def test_several_are_refused_when_one_is_above_tier_one(
    workstation: Workstation, floor: Floor, warehouse: Warehouse, proposed: Proposed
) -> None:
    warehouse.item("DEAR", cost="500")
    warehouse.move("DEAR", "A-02", "-2")
    dear = floor.propose(warehouse.key("DEAR", "A-02"), "1")
    screen = seated(workstation, "manager")
    screen.table.select_ids([proposed.adjustment_id, dear.adjustment_id])
    assert not screen.approve_action.isEnabled()
    assert screen.approve_action.toolTip() == "ADJ-000002 is of tier 2: decide it on its own page."


def test_above_tier_two_another_person_posts(
    workstation: Workstation, floor: Floor, warehouse: Warehouse
) -> None:
    warehouse.item("DEAR", cost="5000")
    warehouse.move("DEAR", "A-02", "-2")
    dear = floor.propose(warehouse.key("DEAR", "A-02"), "1")
    floor.approve(warehouse.people.manager, dear.adjustment_id)
    first = seated(workstation, "manager")
    assert first.page.hand.text().startswith("Mara Manager approved ADJ-000001.")
    assert first.post_action.isVisible()
    assert not first.post_action.isEnabled()
    first.close()
    screen = seated(workstation, "other_manager")
    workstation.prompts.answers = [SECRET]
    screen.post_action.trigger()
    assert workstation.said[-1][0].endswith("for DEAR at A-02 is posted.")


def test_ones_own_proposal_can_be_withdrawn_and_nobody_elses(
    workstation: Workstation, proposed: Proposed
) -> None:
    other = seated(workstation)
    assert not other.withdraw_action.isVisible()
    other.close()
    screen = seated(workstation, "supervisor")
    workstation.prompts.answers = [True]
    screen.withdraw_action.trigger()
    assert workstation.said[-1][0] == "ADJ-000001 is withdrawn."


def test_what_is_typed_stays_with_its_adjustment(
    workstation: Workstation, floor: Floor, warehouse: Warehouse, proposed: Proposed
) -> None:
    warehouse.move("ITEM-2", "A-02", "-2")
    other = floor.propose(warehouse.key("ITEM-2", "A-02"), "4")
    screen = seated(workstation)
    screen.table.select_ids([proposed.adjustment_id])
    screen.page.comment.setPlainText("Ask the picker")
    screen.table.select_ids([other.adjustment_id])
    assert screen.page.comment_text == ""
    screen.table.select_ids([proposed.adjustment_id])
    assert screen.page.comment_text == "Ask the picker"


def test_an_attached_photo_opens_and_the_case_is_one_key_away(
    workstation: Workstation, floor: Floor, warehouse: Warehouse
) -> None:
    people = warehouse.people
    warehouse.move("ITEM-1", "A-01", "-3")
    warehouse.clock.forward(MINUTE)
    services = workstation.services
    case_id = services.lookup.find(people.supervisor, "ITEM-1")[0].case_ids[0]
    line = floor.count(warehouse.key("ITEM-1", "A-01"), "12", "12")
    kept = services.casework.attach(people.supervisor, case_id, "shelf.png", _picture(), "image/png")
    assert line.final is not None
    services.settlement.propose(
        people.supervisor,
        case_id=case_id,
        entry_id=line.final.entry_id,
        cause="K3",
        evidence=(("attachment", kept.attachment_id),),
    )
    screen = seated(workstation)
    assert screen.page.view is not None
    photo = next(proof for proof in screen.page.view.evidence if proof.kind == "attachment")
    screen.page.evidence_wanted.emit(photo)
    dialog = workstation.dialog(AttachmentDialog)
    assert dialog.windowTitle() == "shelf.png"
    dialog.reject()
    screen.case_action.trigger()
    assert workstation.went == [Place("case", case_id)]


def _picture() -> bytes:
    from PySide6.QtCore import QBuffer, QIODevice
    from PySide6.QtGui import QImage

    assert QApplication.instance() is not None
    picture = QImage(40, 30, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.darkGreen)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def test_the_policys_maker_is_told_that_somebody_else_must_decide(
    workstation: Workstation, warehouse: Warehouse, proposed: Proposed
) -> None:
    from dataclasses import replace

    warehouse.clock.forward(MINUTE)
    workstation.services.policies.change(
        warehouse.people.manager, replace(DEFAULT, watch_window_days=31), "A month"
    )
    screen = seated(workstation, "manager")
    assert screen.page.hand.text().startswith("Mara Manager changed the policy (version 2)")
