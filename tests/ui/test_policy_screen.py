"""The policy in the window: read by all, changed with a reason by those who may."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt

from support.desk import Workstation
from support.screen import focus
from zeroline.domain.policy import DEFAULT, PERCENT, NegativeRule, Policy, Rule, Scope
from zeroline.domain.quantity import SCALE
from zeroline.domain.tolerance import Tolerance
from zeroline.ui.dialogs.policy_entry import PolicyEntryDialog
from zeroline.ui.screens.policy import PolicyScreen
from zeroline.ui.screens.policy.merging import merged
from zeroline.ui.tables.view import TableView
from zeroline.ui.theme import Tone


def seated(workstation: Workstation, who: str = "manager") -> PolicyScreen:
    return workstation.show(PolicyScreen(workstation.desk(getattr(workstation.warehouse.people, who))))


def cells(view: TableView) -> list[list[str]]:
    model = view.table
    return [
        [
            str(model.index(row, place).data() or "").replace("\u00a0", " ")
            for place in range(len(view.columns))
        ]
        for row in range(model.rowCount())
    ]


def in_force(workstation: Workstation) -> Policy:
    return workstation.services.policies.current()


def edit(screen: PolicyScreen, workstation: Workstation, view: TableView, id: str) -> Any:
    """Open the editor of a row by key, as a person does."""
    focus(workstation.qtbot, view)
    view.select_ids([id])
    workstation.qtbot.keyClick(view, Qt.Key.Key_F2)
    return workstation.dialog(PolicyEntryDialog)


def test_the_policy_reads_in_plain_words(workstation: Workstation) -> None:
    screen = seated(workstation)
    assert cells(screen.tolerances) == [
        ["ABC class A", "±1 %"],
        ["ABC class B", "±3 %"],
        ["ABC class C", "±5 %"],
    ]
    assert cells(screen.negatives) == [["Everywhere", "forbidden"]]
    assert ["A supervisor signs", "up to tier 1, € 250.00"] in cells(screen.approval)
    assert ["Class A is counted", "4 times a year"] in cells(screen.times)


def test_a_change_is_put_in_force_with_its_reason(workstation: Workstation) -> None:
    screen = seated(workstation)
    dialog = edit(screen, workstation, screen.tolerances, "class:B")
    dialog.fields["percent"].setText("2.5")
    dialog.fields["value"].setText("50")
    dialog.yes.click()
    assert screen.save_action.text().replace("\u00a0", " ") == "Save 2 changes as version 2"
    workstation.prompts.answers = ["Bearings got dear"]
    screen.save_action.trigger()
    rule = Rule(Scope.ABC_CLASS, "B")
    assert in_force(workstation).tolerances[rule] == Tolerance(percent=PERCENT * 5 // 2, value=50 * SCALE)
    newest = workstation.services.policies.history()[0]
    assert (newest.version, newest.reason) == (2, "Bearings got dear")
    assert not screen.unsaved


def test_the_question_shows_before_and_after(workstation: Workstation) -> None:
    screen = seated(workstation)
    dialog = edit(screen, workstation, screen.times, "number:watch_window_days")
    dialog.fields["number"].setText("45")
    dialog.yes.click()
    workstation.prompts.answers = [None]
    screen.save_action.trigger()
    asked = workstation.prompts.asked[0][2]
    assert asked.startswith("A case reopens when it recurs within: 30 days → 45 days")
    assert in_force(workstation) == DEFAULT


def test_the_ends_of_shifts_are_written_as_times_of_day(workstation: Workstation) -> None:
    screen = seated(workstation)
    dialog = edit(screen, workstation, screen.times, "shifts")
    assert dialog.fields["ends"].text() == "06:00, 14:00, 22:00"
    for wrong in ("25:00", "6", "six", ""):
        dialog.fields["ends"].setText(wrong)
        dialog.yes.click()
        assert dialog.wrong.text().startswith("Write when shifts end as times of day")
    dialog.fields["ends"].setText("18:30, 6:00")
    dialog.yes.click()
    workstation.prompts.answers = ["Two shifts"]
    screen.save_action.trigger()
    assert in_force(workstation).shift_ends == (6 * 60, 18 * 60 + 30)
    assert "End of shift 2: 14:00 → 18:30" in workstation.prompts.asked[0][2]


def test_nothing_is_in_force_before_it_is_saved_and_discarding_takes_it_back(
    workstation: Workstation,
) -> None:
    screen = seated(workstation)
    edit(screen, workstation, screen.tolerances, "class:C").reject()
    screen.remove_action.trigger()
    assert len(cells(screen.tolerances)) == 2
    assert in_force(workstation) == DEFAULT
    screen.discard_action.trigger()
    assert len(cells(screen.tolerances)) == 3


def test_a_rule_for_one_bin_wins_over_everywhere_and_the_tester_says_so(workstation: Workstation) -> None:
    screen = seated(workstation)
    focus(workstation.qtbot, screen.negatives)
    screen.add_action.trigger()
    dialog = workstation.dialog(PolicyEntryDialog)
    dialog.fields["scope"].setCurrentText("bin")
    dialog.fields["code"].setText("DOCK-1")
    dialog.fields["rule"].setCurrentText("allowed")
    dialog.yes.click()
    assert screen.draft is not None
    assert screen.draft.negatives[Rule(Scope.LOCATION, "DOCK-1")] is NegativeRule.ALLOWED
    nothing = "Of counts nothing passes but an exact count (no rule names this place)"
    assert screen.tester.tolerance.text() == nothing
    screen.tester.fields["location"].setText("DOCK-1")
    assert screen.tester.negative.text() == "Below zero is allowed (the rule for bin DOCK-1)"
    screen.tester.fields["location"].setText("A-01")
    assert screen.tester.negative.text() == "Below zero is forbidden (the rule for everywhere)"


def test_a_contradiction_is_said_beside_the_fields_and_stays_typed(workstation: Workstation) -> None:
    screen = seated(workstation)
    dialog = edit(screen, workstation, screen.approval, "tier:1")
    dialog.fields["value"].setText("9999")
    dialog.yes.click()
    assert dialog.isVisible()
    assert (
        dialog.wrong.text() == "The tiers contradict each other: tier 1 must not reach further than tier 2."
    )
    assert dialog.fields["value"].text() == "9999"
    dialog.reject()


def test_what_is_no_number_is_refused_at_its_field(workstation: Workstation) -> None:
    screen = seated(workstation)
    dialog = edit(screen, workstation, screen.tolerances, "class:A")
    dialog.fields["quantity"].setText("a few")
    dialog.yes.click()
    assert "“a few” is not a number" in dialog.wrong.text()
    dialog.reject()


def test_an_auditor_reads_and_cannot_change(workstation: Workstation) -> None:
    screen = seated(workstation, "auditor")
    assert len(cells(screen.tolerances)) == 3
    assert not any(
        action.isVisible() for action in (screen.edit_action, screen.add_action, screen.save_action)
    )
    focus(workstation.qtbot, screen.tolerances)
    workstation.qtbot.keyClick(screen.tolerances, Qt.Key.Key_Return)
    assert screen.unsaved == ()


def test_a_change_by_somebody_else_keeps_mine_on_top_and_says_who(workstation: Workstation) -> None:
    screen = seated(workstation)
    dialog = edit(screen, workstation, screen.times, "number:watch_window_days")
    dialog.fields["number"].setText("45")
    dialog.yes.click()
    theirs = replace(DEFAULT, idle_lock_seconds=120)
    workstation.services.policies.change(workstation.warehouse.people.other_manager, theirs, "Open hall")
    workstation.prompts.answers = ["Longer watch"]
    screen.save_action.trigger()
    assert screen.banner.tone is Tone.CAUTION
    assert screen.banner.text.startswith("Omar Othermanager put version 2 in force meanwhile.")
    assert [one.path for one in screen.unsaved] == ["watch_window_days"]
    workstation.prompts.answers = ["Longer watch"]
    screen.save_action.trigger()
    assert (in_force(workstation).watch_window_days, in_force(workstation).idle_lock_seconds) == (45, 120)


def test_two_rules_changed_by_two_people_are_both_kept() -> None:
    a, b = Rule(Scope.ITEM, "A"), Rule(Scope.ITEM, "B")
    mine = replace(DEFAULT, tolerances={**DEFAULT.tolerances, a: Tolerance(quantity=SCALE)})
    theirs = replace(DEFAULT, tolerances={**DEFAULT.tolerances, b: Tolerance(quantity=SCALE)})
    assert {a, b} <= set(merged(DEFAULT, mine, theirs).tolerances)


def test_the_history_shows_each_change_before_and_after(workstation: Workstation) -> None:
    people = workstation.warehouse.people
    workstation.services.policies.change(
        people.other_manager, replace(DEFAULT, watch_window_days=45), "Seasonal goods"
    )
    screen = seated(workstation)
    screen.tabs.setCurrentIndex(1)
    rows = cells(screen.versions)
    assert rows[0][2:] == ["Omar Othermanager", "Seasonal goods", "1"]
    assert cells(screen.changes) == [["A case reopens when it recurs within", "30 days", "45 days"]]


def test_leaving_with_unsaved_changes_says_so_once(workstation: Workstation) -> None:
    screen = seated(workstation)
    dialog = edit(screen, workstation, screen.times, "number:watch_window_days")
    dialog.fields["number"].setText("45")
    dialog.yes.click()
    assert screen.leave() is False
    assert screen.banner.text.replace("\u00a0", " ").startswith("1 change not saved.")
    assert screen.leave() is True
