"""The one next step of a case as a button: verb, object, key."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton, QWidget

from zeroline.domain.case import CaseState
from zeroline.domain.next_step import Step
from zeroline.domain.views.case import CaseView
from zeroline.ui.text.format import Format
from zeroline.ui.text.story import step_object
from zeroline.ui.theme import kind

_STEPS: Mapping[Step, tuple[str, str]] = {
    Step.CLOSE_TRANSIENT: ("close", "Close as {}"),
    Step.CLOSE_AGREES: ("close", "Close the case"),
    Step.ASSIGN: ("take", "Assign to me"),
    Step.COUNT: ("count", "Send to count"),
    Step.ENTER_COUNT: ("sheet", "Go to the count sheet"),
    Step.RECOUNT: ("sheet", "Go to the count sheet"),
    Step.TAG_CAUSE: ("tag", "Tag the cause"),
    Step.ACCEPT: ("accept", "Accept {}"),
    Step.WAIT_DOCUMENT: ("wait", "Wait for {}"),
    Step.MAKE_RECORD: ("wait", "Wait for the record"),
    Step.PROPOSE: ("propose", "Propose {}"),
    Step.DECIDE: ("approval", "Go to the approval"),
    Step.POST: ("approval", "Go to the posting"),
    Step.VERIFY: ("verify", "It holds: verify"),
    Step.CLOSE: ("close", "Close the case"),
    Step.EXAMINE: ("tag", "Tag the cause"),
    Step.NOTHING: ("reopen", "Reopen the case"),
}
"""The name of the action that does the step, and what its button says ({} is the object)."""


class StepButton(QPushButton):
    """The primary button. ``actions`` are the screen's by name: close, take, count, sheet, tag, accept,
    wait, propose, approval, verify, reopen; a step whose action is missing or not allowed has no button."""

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._action: QAction | None = None
        self.setAutoDefault(False)
        kind(self, "primary")
        self.clicked.connect(self.press)
        self.hide()

    @property
    def action(self) -> QAction | None:
        """What a press does."""
        return self._action

    def show_step(self, view: CaseView, form: Format) -> None:
        """Say and offer the step of this case."""
        name, text = _STEPS[view.next_step.code]
        waiting = view.next_step.code is Step.WAIT_DOCUMENT and view.state is CaseState.WAITING_DOCUMENT
        told = "Set another time" if waiting else text.format(step_object(view.next_step, view, form))
        self.show_action(name, told)
        kind(self, "" if waiting or view.next_step.code is Step.NOTHING else "primary")

    def show_action(self, name: str, text: str = "") -> None:
        """Offer an action, under its own text or another; none of that name: no button."""
        self._action = self._actions.get(name)
        if self._action is None or not self._action.isEnabled():
            self._action = None
            self.hide()
            return
        shortcut = self._action.shortcut()
        key = shortcut.toString(shortcut.SequenceFormat.NativeText)
        told = text or self._action.text()
        self.setText(f"{told}   {key or 'Ctrl+↵'}")
        self.setAccessibleName(told)
        self.setToolTip("The next step: Ctrl+Enter")
        self.setEnabled(True)
        self.show()

    def wait(self) -> None:
        """Not now: another case is being read."""
        self._action = None
        self.setEnabled(False)

    def press(self) -> None:
        """Do the step."""
        if self._action is not None and self._action.isEnabled():
            self._action.trigger()


def sheet_of(view: CaseView) -> int | None:
    """The count sheet that the case was last sent to."""
    sent = [event.facts["sheet_id"] for event in view.events if event.facts.get("sheet_id")]
    return int(sent[-1]) if sent else None


def adjustment_of(view: CaseView) -> int | None:
    """The adjustment of the case's place that waits for a decision or a posting."""
    waiting = [one.adjustment_id for one in view.adjustments if one.state in ("proposed", "approved")]
    return waiting[-1] if waiting else None
