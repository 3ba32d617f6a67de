"""Making, assigning and cancelling count sheets: ask what must be asked, then write."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from zeroline.domain.count import SheetOrigin
from zeroline.domain.person import Person, Right
from zeroline.domain.views.counting import SheetRow
from zeroline.ui.desk import Desk
from zeroline.ui.screens.counting.sheets import lines_of
from zeroline.ui.text.phrase import counted
from zeroline.ui.theme import Tone
from zeroline.wording import sentence


class SheetVerbs(QObject):
    """``done`` with the id of the sheet that was made or changed."""

    done = Signal(int)

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._parent = desk, parent

    def make(self) -> None:
        """Ask what is to be counted, then make the sheet."""
        from zeroline.ui.dialogs.count_sheet import CountSheetDialog, SheetWish

        counting, person = self._desk.services.counting, self._desk.person

        def chosen(dialog: CountSheetDialog, wish: SheetWish) -> None:
            origin = SheetOrigin.OVERDUE if wish.overdue else SheetOrigin.FILTER
            dialog.send(
                lambda: counting.create_sheet(
                    person,
                    key_ids=wish.key_ids,
                    title=wish.title,
                    assigned_to=wish.assigned_to,
                    due_at=wish.due_at,
                    origin=origin,
                ),
                made,
            )

        def made(sheet: Any) -> None:
            lines = counted(sheet.lines, "line", "lines")
            self._said(sheet.sheet_id, f"{sheet.number} with {lines} is made. Print it, or count it.")

        CountSheetDialog(self._parent, self._desk, chosen).open()

    def assign(self, row: SheetRow) -> None:
        """Ask who counts it."""
        services, person = self._desk.services, self._desk.person

        def ask(people: dict[int, str]) -> None:
            from zeroline.ui.dialogs.assign import AssignDialog

            shown = [row.version]  # said once: who presses again has read who was faster

            def chosen(dialog: AssignDialog, counter: int) -> None:
                dialog.send(
                    lambda: services.counting.assign(
                        person, row.sheet_id, counter, row.due_at, version=shown.pop(0) if shown else None
                    ),
                    lambda _: self._said(row.sheet_id, f"{people[counter]} counts {row.number}."),
                )

            what = f"Who counts {row.number} ({lines_of(row)})?"
            AssignDialog(self._parent, self._desk, what, people, chosen).open()

        def counters() -> dict[int, str]:
            everybody: tuple[Person, ...] = tuple(one.person for one in services.people.list(person))
            return {one.id: one.name for one in everybody if one.may(Right.COUNT)}

        self._desk.tasks.query(counters, ask, owner=self, key="people")

    def cancel(self, row: SheetRow) -> None:
        """Ask why it is stopped."""
        counting, person = self._desk.services.counting, self._desk.person
        self._desk.prompts.ask_text(
            self._parent,
            "Cancel the sheet",
            f"{row.number}: {counted(row.to_count, 'line', 'lines')} nobody counted stay visible as not "
            "counted, entries not submitted yet are dropped. Why is it cancelled?",
            action=f"Cancel {row.number}",
            accepted=lambda reason: self._desk.tasks.command(
                lambda: counting.cancel(person, row.sheet_id, reason, version=row.version),
                owner=self,
                done=lambda _: self._said(row.sheet_id, f"{row.number} is cancelled."),
                failed=lambda error: self._desk.ways.say(sentence(error), Tone.NEGATIVE),
            ),
        )

    def _said(self, sheet_id: int, words: str) -> None:
        self._desk.ways.say(words)
        self.done.emit(sheet_id)
