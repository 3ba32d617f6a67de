"""One exception queue: the list, what can be done with its rows, and the row under the cursor explained."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QGuiApplication, QShowEvent
from PySide6.QtWidgets import QApplication, QFrame, QSplitter, QVBoxLayout

from zeroline.domain.case import GUESSED, Queue
from zeroline.domain.person import Right
from zeroline.domain.views.queue import QueueTable, Words
from zeroline.ui.desk import CaseSet, Desk
from zeroline.ui.saved_views import SavedViewsOf
from zeroline.ui.screens.queue.columns import case_filter, columns_of, rows_of, versions_of
from zeroline.ui.screens.queue.words import EMPTY, FIRST_GROUP, GROUPS, TITLES
from zeroline.ui.screens.screen import Screen
from zeroline.ui.tables.filters import narrowed, parts, without
from zeroline.ui.tables.panel import Empty, ListPanel
from zeroline.ui.tables.rows import Group, Rows
from zeroline.ui.tables.shown import Shown
from zeroline.ui.text.format import NO_BREAK
from zeroline.ui.theme import Tone, kind

if TYPE_CHECKING:
    from zeroline.domain.views.case import CaseView
    from zeroline.domain.views.seen import SeenTable
    from zeroline.ui.dialogs.proposing import CaseVerbs
    from zeroline.ui.screens.queue.explain import ExplainPane

_MANY = "Tags the selected rows, or all that are listed, from a confidence on; says first what it will do"
_PAUSE = 70
"""ms on a row before its case is read: stepping through the list reads only where it stops."""

_ROOMY = 1800


class QueueScreen(Screen):
    """``queue`` says which. Target of a visit: a case id to stand on, a CaseSet to narrow to, or None."""

    def __init__(self, desk: Desk, queue: Queue) -> None:
        super().__init__(desk, TITLES[queue])
        self.queue = queue
        self.of_cases = queue is not Queue.COUNTS_DUE
        self.reloads_on = ("cases", "ledger", "counts") if self.of_cases else ("counts", "ledger", "policy")
        self._data: QueueTable | None = None
        self._wanted: int | None = None
        self._narrow: CaseSet | None = None
        self._loaded = False
        self._wants_focus = False
        self.panel = ListPanel(
            columns_of(queue, desk.format, desk.services.clock, desk.person.name, _is_roomy()),
            view=f"list {queue.value}",
            memory=desk.memory,
            prompts=desk.prompts,
            tasks=desk.tasks,
            write_sheet=_write_sheet,
            empty=Empty(*EMPTY[queue]),
            title=TITLES[queue],
            groupable=GROUPS[queue],
            group_by=FIRST_GROUP.get(queue, ""),
            search_hint="Item, bin, user, document" if self.of_cases else "Item, bin, zone",
            decimal=desk.format.decimal,
        )
        self.table = self.panel.table
        self.actions_by_name = self._actions()
        self.panel.row_actions = self._row_actions
        self._pane: ExplainPane | None = None
        self._below = QFrame()  # the place of the explanation
        self._lay_out()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self._explain)
        self.table.current_changed.connect(self._moved)
        self.table.selection_changed.connect(self._selected)
        self.table.activated_id.connect(lambda _: self._open())
        SavedViewsOf(self.panel, desk, f"queue {queue.value}")
        self.panel.exported.connect(lambda file: desk.ways.say(f"Written to {file.name}."))
        self.panel.copied.connect(self._copied)
        self.setFocusProxy(self.table)

    def _lay_out(self) -> None:
        kind(self, "surface")
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.addWidget(self.panel)
        self.splitter.addWidget(self._below)
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 2)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setSizes([380, 290])
        self.desk.memory.follow(self.splitter, f"splitter {self.queue.value}")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.splitter)

    @property
    def pane(self) -> ExplainPane:
        """The explanation below the list; made once the list is on show."""
        if self._pane is None:
            from zeroline.ui.screens.queue.explain import ExplainPane

            self._pane = ExplainPane(self.desk, self.actions_by_name, self._beside())
            room = QVBoxLayout(self._below)
            room.setContentsMargins(0, 0, 0, 0)
            room.addWidget(self._pane)
            self._pane.show()
        return self._pane

    @cached_property
    def verbs(self) -> CaseVerbs:
        """What can be done with cases; needed from the first key on."""
        from zeroline.ui.dialogs.proposing import CaseVerbs

        made = CaseVerbs(self.desk, self)
        made.versions = lambda ids: versions_of(self.table.table.rows, ids)
        made.stale.connect(self.reload)
        return made

    # what can be done

    def _actions(self) -> dict[str, QAction]:
        person = self.desk.person
        made: dict[str, QAction] = {}
        if self.of_cases:
            made["open"] = self.action("Open the case", "", self._open, help="Enter in the list")
        if person.may(Right.TRIAGE):
            made["count"] = self.action(
                "Send to count" if self.of_cases else "Make a count sheet",
                "C",
                self._count,
                help="One count sheet of the selected rows",
            )
        if self.of_cases and person.may(Right.TRIAGE):
            made["take"] = self.action("Assign to me", "A", lambda: self.verbs.take(self.chosen()))
            made["assign"] = self.action("Assign to …", "Shift+A", lambda: self.verbs.assign(self.chosen()))
            if self.queue in GUESSED:
                made["accept"] = self.action(
                    "Accept", "Y", self._accept, help="Tag the likely cause, with what speaks for it"
                )
                made["accept many"] = self.action(
                    "Accept the likeliest causes …", "Shift+Y", self._accept_many, help=_MANY
                )
                made["refuse"] = self.action("None of these causes", "U", self._verb("refuse"))
            made["tag"] = self.action("Tag the cause", "T", self._tag, help="Say why it went wrong")
            made["dismiss"] = self.action("Dismiss …", "D", lambda: self.verbs.dismiss(self.chosen()))
            made["close"] = self.action("Close", "X", self._close)
            made["wait"] = self.action("Wait for the document", "W", self._verb("wait"))
            made["note"] = self.action("Note", "N", self._verb("note"))
            made["verify"] = self.action("Verify", "V", self._verb("verify"))
            made["reopen"] = self.action("Reopen", "", self._verb("reopen"))
        if self.of_cases and person.may(Right.PROPOSE):
            made["propose"] = self.action("Propose the adjustment", "P", self._verb("propose"))
        if self.of_cases and person.may(Right.COUNT):
            made["sheet"] = self.action("Go to the count sheet", "", self._with_view(self._go_to_sheet))
        if self.of_cases and person.may(Right.APPROVE):
            made["approval"] = self.action("Go to the approval", "", self._with_view(self._go_to_approval))
        if self.queue in (Queue.NEGATIVE, Queue.TRANSIENT) and person.may(Right.REPORT):
            report = ("negatives", "")
            self.action("Print the exception report", "Ctrl+P", lambda: self.desk.ways.go("reports", report))
        if self.of_cases:
            self.action("Only mine, or all", "M", self._only_mine)
        if made:
            self.action("Do the next step", "Ctrl+Return", lambda: self.pane.step.press())
        return made

    def _beside(self) -> list[QAction]:
        names = ("accept", "take", "tag", "count", "dismiss", "open") if self.of_cases else ()
        return [self.actions_by_name[name] for name in names if name in self.actions_by_name]

    def _row_actions(self) -> list[QAction]:
        names = (
            *("open", "take", "assign", "count", "accept", "accept many", "refuse", "tag", "note", "wait"),
            *("propose", "dismiss", "close"),
        )
        return [self.actions_by_name[name] for name in names if name in self.actions_by_name]

    def _verb(self, name: str) -> Callable[[], None]:
        """A verb of ``verbs`` with the case that is explained, once it is."""
        return self._with_view(lambda view: getattr(self.verbs, name)(view))

    def _with_view(self, run: Callable[[CaseView], None]) -> Callable[[], None]:
        """What is done with the case that is explained, once it is."""

        def go() -> None:
            if self.pane.view is not None:
                run(self.pane.view)

        return go

    def chosen(self) -> list[int]:
        """Ids of the selected rows, else of the row under the cursor, else of the group under its heading."""
        selected = self.table.selected_ids()
        current = self.table.current_id()
        return selected or ([current] if current is not None else self._of_group())

    def _group(self) -> Group | None:
        index = self.table.currentIndex()
        return self.table.table.group_at(index.row()) if index.isValid() else None

    def _of_group(self) -> list[int]:
        """Ids of all rows under the heading that the cursor is on, folded or not."""
        group, shown = self._group(), self.table.table.shown
        if group is None:
            return []
        if group.collapsed:
            shown = Shown(shown.columns, shown.rows, shown.wish._replace(collapsed=frozenset()))
        ids: list[int] = []
        inside = False
        for row in shown.arrangement.display.tolist():
            if row < 0:
                inside = shown.arrangement.groups[-1 - row].value == group.value
            elif inside:
                ids.append(shown.rows.ids[row])
        return ids

    def _count(self) -> None:
        if self.of_cases:
            self.verbs.send_to_count(case_ids=self.chosen())
        else:
            self.verbs.send_to_count(key_ids=self.chosen())

    def _one(self) -> CaseView | None:
        """The case that is explained, where it is the only one chosen."""
        view = self.pane.view
        return view if view is not None and self.chosen() == [view.case_id] else None

    def _accept(self) -> None:
        """The case under the cursor at once; several after it was said what will happen."""
        view = self._one()
        if view is None:
            self._accept_many()
        elif view.diagnosis is not None and view.diagnosis.enough:
            self.verbs.accept(view, view.diagnosis.leading.cause)
        else:
            from zeroline.ui.text.diagnosis import told

            self.desk.ways.say(told("unclear"), Tone.CAUTION)

    def _accept_many(self) -> None:
        """The selected rows or the group; with one row or none of them, all that the list shows."""
        chosen = self.chosen()
        self.verbs.accept_many(chosen if len(chosen) > 1 else self._listed())

    def _listed(self) -> list[int]:
        """Ids of all rows that pass the filter."""
        shown = self.table.table.shown
        return [shown.rows.ids[row] for row in shown.arrangement.display.tolist() if row >= 0]

    def _close(self) -> None:
        view = self._one()
        if view is not None:
            self.verbs.close_one(view)
        else:
            self.verbs.close(self.chosen())

    def _tag(self) -> None:
        ids, view = self.chosen(), self._one()
        cause = view.cause if view is not None else None
        found = view.diagnosis if view is not None else None
        guessed = found.leading.cause if found is not None and found.enough else ""
        self.verbs.tag(
            ids,
            current=cause.code if cause is not None else guessed,
            comment=cause.comment if cause is not None else "",
        )

    def _open(self) -> None:
        id = self.table.current_id()
        if id is not None and self.of_cases:
            self.desk.ways.go("case", id)

    def _only_mine(self) -> None:
        """Narrow the list to the person's own cases, and back."""
        tree, mine = self.table.wish.filter, {"field": "owner", "is": ["me"]}
        narrow = mine not in parts(tree)
        self.panel.set_filter(narrowed(tree, mine) if narrow else without(tree, mine))

    def _go_to_sheet(self, view: CaseView) -> None:
        from zeroline.ui.screens.next_step import sheet_of

        self.desk.ways.go("counting", sheet_of(view))

    def _go_to_approval(self, view: CaseView) -> None:
        from zeroline.ui.screens.next_step import adjustment_of

        self.desk.ways.go("approvals", adjustment_of(view))

    # reading

    def load(self, target: Any = None) -> None:
        self._narrow = target if isinstance(target, CaseSet) else None
        self._wanted = target if isinstance(target, int) else None
        super().load(target)

    def reload(self) -> None:
        lookup, person, form = self.desk.services.lookup, self.desk.person, self.desk.format
        columns = self.table.columns

        def work() -> tuple[QueueTable, Rows]:
            data = lookup.queue(person, self.queue)
            return data, rows_of(data, columns, form)

        still = self.still()
        self.desk.tasks.query(work, lambda read: self._show(read, still), owner=self, key="rows")

    def _show(self, read: tuple[QueueTable, Rows], still: bool) -> None:
        data, rows = read
        self._data = data
        first, self._loaded = not self._loaded, True
        if first:
            self._show_lots(data)
        self.table.set_rows(rows, still=still)
        if self._narrow is not None:
            self.panel.search.clear()
            self.panel.set_filter(case_filter(self._narrow))
            self._wanted, self._narrow = self._narrow.ids[0], None
        if self._wanted is not None:
            self.table.select_ids([self._wanted])
            self._wanted = None
        elif self.table.current_id() is None:
            self.table.select_first()
        self.panel.set_summary(self._totals(data))
        self._below.setVisible(len(self.table.table.rows) > 0)
        self._take_focus()
        if not len(self.table.table.rows) and self.isAncestorOf(QApplication.focusWidget() or self):
            self.panel.search.setFocus()
        if first:
            self.desk.tasks.soon(self._explain, owner=self, ahead=True)
        else:
            self._explain()

    def _totals(self, data: QueueTable) -> str:
        form, count = self.desk.format, len(data)
        told = [f"{form.count(count)} {'open' if self.of_cases else 'due'}"]
        owners = data.columns.get("owner_id")
        if isinstance(owners, Words):
            mine = [place for place, id in enumerate(owners.values) if id == self.desk.person.id]
            told.append(f"{form.count(sum(int((owners.codes == place).sum()) for place in mine))} mine")
        currency, value = data.columns.get("currency"), data.columns.get("value")
        if isinstance(currency, Words) and value is not None and not isinstance(value, Words):
            sums: dict[str, int] = defaultdict(int)
            for place, code in enumerate(currency.values):
                sums[str(code)] += int(value[currency.codes == place].sum())
            told += [form.money(total, code, decimals=0) for code, total in sums.items() if total]
        return " · ".join(told)

    def _show_lots(self, data: QueueTable) -> None:
        """Lots, and on a large screen statuses, have columns where there are any; they may be hidden."""
        for key in ("lot", "status") if _is_roomy() else ("lot",):
            values = data.columns.get(key)
            told = isinstance(values, Words) and bool(set(values.values) - {"", "available"})
            if told and not self.desk.memory.read(f"{key} shown {self.queue.value}", "1"):
                self.desk.memory.write(f"{key} shown {self.queue.value}", "1", True)
                self.table.show_column(key, True)

    # explaining

    def _moved(self, id: Any) -> None:
        if self._pane is None:
            return  # the list is not on show yet
        if id is None:
            self.pane.show_nothing(self._about_group())
            self._pause.stop()
            return
        self.pane.reading(id)
        self._pause.start()

    def _explain(self) -> None:
        id = self.table.current_id()
        self._pause.stop()
        if id is None or self._data is None:
            self.pane.show_nothing(self._about_group())
            return
        if not self.of_cases:
            row = self.table.table.rows.row_of(id)
            if row is not None:
                self.pane.show_key(self._data.row(row))
            return
        lookup, person = self.desk.services.lookup, self.desk.person
        self.desk.tasks.query(
            lambda: lookup.case(person, id), self._explained, owner=self, key="explain", failed=lambda _: None
        )

    def _about_group(self) -> str:
        """What the keys would work on where no single row is under the cursor."""
        group, form = self._group(), self.desk.format
        selected = len(self.table.selected_ids())
        if group is None and not selected:
            return "Select a row to see what happened."
        if group is None or selected:
            told = f"{form.count(selected)}{NO_BREAK}{'row is' if selected == 1 else 'rows are'} selected"
        else:
            title = self.table.table.shown.group_title(group)
            told = f"{title}: {form.count(group.size)}{NO_BREAK}{'row' if group.size == 1 else 'rows'}"
        keys = (
            "A assign · C count · Y accept · T tag · X close · D dismiss"
            if self.of_cases
            else "C makes a count sheet"
        )
        return f"{told}. The keys work on all of them: {keys}."

    def _copied(self, number: int) -> None:
        rows = "row" if number == 1 else "rows"
        self.desk.ways.say(f"{self.desk.format.count(number)} {rows} copied with headings.")

    def _explained(self, view: CaseView) -> None:
        if view.case_id == self.table.current_id():
            self.pane.show_case(view)

    def _selected(self) -> None:
        number = len(self.table.selected_ids())
        if self._pane is not None:
            self._pane.show_selected(number)
            if self.table.current_id() is None:
                self._pane.show_nothing(self._about_group())

    # Qt's side

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._wants_focus = True
        self._take_focus()

    def _take_focus(self) -> None:
        """The list takes the keys once there is a list to see."""
        if self._wants_focus and self.table.isVisible():
            self._wants_focus = False
            self.table.setFocus()


def _is_roomy() -> bool:
    """Whether the screen has room for whole causes and names."""
    screen = QGuiApplication.primaryScreen()
    return screen is not None and screen.availableGeometry().width() >= _ROOMY


def _write_sheet(table: SeenTable, path: Path) -> None:
    """As a workbook; its writer is only needed now."""
    from zeroline.reports.sheets.seen import write_seen

    write_seen(table, path)
