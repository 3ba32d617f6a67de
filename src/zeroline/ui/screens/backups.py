"""Backups: make one, prove one, put one back, and which were made."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from zeroline.domain.backup import Kept, Proven
from zeroline.domain.changes import Changes
from zeroline.domain.errors import DomainError
from zeroline.reports.sheets.seen import write_seen
from zeroline.ui.desk import Desk
from zeroline.ui.dialogs.restoring import RestoreDialog
from zeroline.ui.dialogs.server_backup import ServerBackupDialog
from zeroline.ui.screens.screen import Screen
from zeroline.ui.tables.column import code_column, text_column
from zeroline.ui.tables.panel import Empty, ListPanel
from zeroline.ui.tables.rows import Rows, Sort
from zeroline.ui.text.backup import KINDS, STEPS, holds, logins_kept
from zeroline.ui.text.columns import when_column
from zeroline.ui.text.phrase import counted
from zeroline.ui.theme import GRID, Tone, kind, tone
from zeroline.ui.widgets.banner import Banner
from zeroline.ui.widgets.buttons import ActionButton
from zeroline.ui.widgets.progress import ProgressStrip
from zeroline.wording import sentence


class BackupsScreen(Screen):
    """The backups that were made, newest first; below, what can be done."""

    reloads_on = ("people",)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Backups")
        self.banner = Banner()
        self.make = self.action("Back up now…", "B", self.back_up)
        self.check = self.action("Check a backup…", "C", lambda: self._open(restoring=False))
        self.restore = self.action("Restore a backup…", "R", lambda: self._open(restoring=True))
        self.make.setIcon(desk.theme.icon("save"))
        self.progress = ProgressStrip("Progress of the backup", STEPS)
        self.stop = self.action("Stop the backup", "Ctrl+.", self.progress.cancel)
        self.progress.ended.connect(self._look)
        self.result = QLabel()
        self.result.setWordWrap(True)
        self.result.setTextFormat(Qt.TextFormat.PlainText)
        self.result.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        tone(self.result, Tone.VERIFIED)
        self.result.hide()
        self.columns = (
            when_column("at", "Made", desk.format),
            text_column("who", "By", width=160),
            text_column("file", "File", stretch=True),
            code_column("head", "Head", text=lambda head: head[:24], tooltip=str, width=240),
        )
        self.panel = ListPanel(
            self.columns,
            view="backups",
            memory=desk.memory,
            prompts=desk.prompts,
            tasks=desk.tasks,
            write_sheet=write_seen,
            empty=Empty(
                "No backup yet",
                "A backup is one file that holds everything and proves it. Others go on working meanwhile.",
                "save",
                self.make,
            ),
            title="Backups",
            sort=(Sort("at", descending=True),),
            search_hint="Filter backups",
            decimal=desk.format.decimal,
        )
        self.table = self.panel.table
        foot = QWidget()
        kind(foot, "raised")
        feet = QVBoxLayout(foot)
        feet.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        feet.setSpacing(2 * GRID)
        feet.addWidget(self.result)
        feet.addWidget(self.progress)
        buttons = QHBoxLayout()
        buttons.setSpacing(2 * GRID)
        buttons.addStretch(1)
        buttons.addWidget(ActionButton(self.check))
        buttons.addWidget(ActionButton(self.restore))
        buttons.addWidget(ActionButton(self.make, "primary"))
        feet.addLayout(buttons)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.banner)
        outer.addWidget(self.panel, 1)
        outer.addWidget(foot)
        self.setFocusProxy(self.table)
        self._look()

    def reload(self) -> None:
        keeping, person = self.desk.services.safekeeping, self.desk.person
        self.desk.tasks.query(
            lambda: keeping.latest(person), self._read, owner=self, key="backups", failed=self._refused
        )

    def _read(self, found: tuple[Kept, ...]) -> None:
        self.panel.set_rows(Rows.of(self.columns, found, id=lambda row: row.seq))
        self.panel.set_summary(counted(len(found), "backup", "backups") if found else "")

    def _look(self) -> None:
        self.make.setEnabled(not self.progress.busy)
        self.stop.setEnabled(self.progress.busy)

    def back_up(self) -> None:
        """Ask where to, and make it; a read beside other work, for others in this window go on writing."""
        if self.desk.services.safekeeping.on_server:
            ServerBackupDialog(self, self.desk, self._make).open()
            return
        self.desk.prompts.save_file(
            self,
            "Back up to",
            KINDS,
            accepted=self._make,
            suggested=self.desk.services.safekeeping.suggested(),
        )

    def _make(self, to: Path, by: tuple[str, str] | None = None) -> None:
        keeping, person = self.desk.services.safekeeping, self.desk.person
        self.banner.clear()
        self.result.hide()
        ticket, watch = self.progress.begin()
        self._look()
        self.desk.tasks.query(
            lambda: keeping.back_up(person, to, watch, by),
            self._made,
            owner=self,
            key="back up",
            failed=self._refused,
            ticket=ticket,
        )

    def _made(self, answer: tuple[Proven, Changes]) -> None:
        proven, _ = answer
        made = self.desk.format.exact(proven.manifest.made_at)
        kept = logins_kept(proven.logins)
        self.result.setText(f"The backup of {made} is whole: {proven.file}\n{holds(proven)}{kept}")
        self.result.show()
        self.reload()

    def _open(self, *, restoring: bool) -> None:
        desk = self.desk
        beside = desk.services.safekeeping.beside
        RestoreDialog(
            self, desk.tasks, desk.prompts, desk.services.clock, restoring=restoring, beside=beside
        ).open()

    def _refused(self, error: DomainError) -> None:
        self.banner.say(sentence(error), Tone.NEGATIVE)
