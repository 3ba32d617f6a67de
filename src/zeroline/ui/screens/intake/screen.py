"""The import screen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from zeroline.domain.errors import DomainError
from zeroline.domain.views.intake import ImportResult, ImportRun, Rejects, SavedMapping
from zeroline.sources import (
    FileSource,
    Layout,
    Preview,
    Probe,
    load_mapping,
    plan,
    preview,
    probe,
    read_mapping,
)
from zeroline.ui.desk import Desk
from zeroline.ui.screens.intake.lists import IntakeLists
from zeroline.ui.screens.intake.mending import as_csv
from zeroline.ui.screens.intake.side import MappingSide
from zeroline.ui.screens.screen import Screen
from zeroline.ui.tasks import Ticket
from zeroline.ui.theme import GRID, Tone, tone
from zeroline.ui.widgets.buttons import ActionButton
from zeroline.wording import sentence

_NAMED = 6  # new codes that are named


class IntakeScreen(Screen):
    """Files at the left, what they look like and what they are understood as at the right."""

    reloads_on = ("imports",)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Import")
        self._files: tuple[Path, ...] = ()
        self._ticket: Ticket | None = None
        self._rejects: Rejects | None = None
        self.files = QLabel()
        self.files.setWordWrap(True)
        self.wrong = QLabel()
        self.wrong.setWordWrap(True)
        tone(self.wrong, Tone.NEGATIVE)
        self.wrong.hide()
        self.verdict = QLabel()
        self.verdict.setWordWrap(True)
        self.bar = QProgressBar()
        self.bar.setAccessibleName("Progress of the import")
        self.bar.hide()
        self.more = QLabel()
        self.more.setWordWrap(True)
        tone(self.more, Tone.MUTED)
        self.more.hide()
        self.lists = IntakeLists()
        self.reason = QLabel()
        self.reason.setWordWrap(True)
        self.reason.setAccessibleName("Why this row is not taken")
        tone(self.reason, Tone.CAUTION)
        self.reason.hide()
        self.choose = self.action("Choose files…", "Ctrl+O", self._choose)
        self.folder = self.action("Choose a folder…", "Ctrl+Shift+O", self._choose_folder)
        self.save = self.action("Save mapping", "Ctrl+S", self._save)
        self.run = self.action("Import", "Ctrl+Return", self._import)
        self.stop = self.action("Stop", "Ctrl+.", self._stop)
        self.export = self.action("Save rejected rows…", "Ctrl+E", self._export)
        self.side = MappingSide(self.save)
        self.form = self.side.form
        for action in (self.stop, self.export):
            action.setVisible(False)
        for action in (self.run, self.save):
            action.setEnabled(False)
        self._build()
        self.lists.reason_changed.connect(self._show_reason)
        self.lists.run_wanted.connect(self._show_rejects_of)
        self.lists.show_rejects(None)
        self.side.edited.connect(self.check)
        self.side.columns_wanted.connect(self._look)
        self.side.file_wanted.connect(self._choose_mapping)
        self.setAcceptDrops(True)

    def _build(self) -> None:
        left_side = QWidget()
        left_side.setMinimumWidth(380)
        left = QVBoxLayout(left_side)
        left.setContentsMargins(4 * GRID, 4 * GRID, 2 * GRID, 4 * GRID)
        left.setSpacing(2 * GRID)
        title = QLabel("Import")
        title.setProperty("textsize", "large")
        left.addWidget(title)
        row = QHBoxLayout()
        for action in (self.choose, self.folder):
            row.addWidget(ActionButton(action))
        row.addStretch(1)
        left.addLayout(row)
        self.files.setText(
            "No file chosen yet. Choose one, or drop it on this page: movements, items, locations, balances, "
            "reservations or open documents, as CSV or XLSX. Nothing is kept before you have seen how it is "
            "understood."
        )
        left.addWidget(self.files)
        left.addWidget(self.side, 1)
        left.addStretch(0)
        self.side.hide()
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(2 * GRID, 4 * GRID, 4 * GRID, 4 * GRID)
        column.setSpacing(2 * GRID)
        column.addWidget(self.verdict)
        column.addWidget(self.more)
        column.addWidget(self.wrong)
        column.addWidget(self.lists, 1)
        column.addWidget(self.reason)
        column.addWidget(self.bar)
        row = QHBoxLayout()
        row.addWidget(ActionButton(self.export))
        row.addStretch(1)
        row.addWidget(ActionButton(self.stop))
        row.addWidget(ActionButton(self.run, "primary"))
        column.addLayout(row)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(left_side)
        split.addWidget(right)
        split.setStretchFactor(1, 1)
        split.setSizes([430, 730])
        self.desk.memory.follow(split, "intake")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(split)

    # what was imported before, what is saved

    def reload(self) -> None:
        """Runs and saved mappings."""
        intake = self.desk.services.intake
        self.desk.tasks.query(lambda: (intake.runs(), intake.mappings()), self._known, owner=self, key="runs")

    def _known(self, answer: tuple[tuple[ImportRun, ...], tuple[SavedMapping, ...]]) -> None:
        runs, saved = answer
        self.side.show_saved(saved)
        self.lists.show_runs(runs, self.desk.format)
        if not self._files:
            self.verdict.setText(
                "A movements file with Zeroline's own column names needs no mapping. "
                "Importing the same file twice adds nothing."
            )

    def _show_reason(self, sentence: str) -> None:
        self.reason.setText(sentence)
        self.reason.setVisible(bool(sentence))

    # choosing

    def load(self, target: Any = None) -> None:
        """``target``: a file to begin with."""
        super().load(target)
        if isinstance(target, (str, Path)):
            self.take([Path(target)])

    def _choose(self) -> None:
        self.desk.prompts.open_file(
            self,
            "Choose a file",
            "Ledgers (*.csv *.txt *.tsv *.xlsx)",
            accepted=lambda path: self.take([path]),
        )

    def _choose_folder(self) -> None:
        dialog = QFileDialog(self, "Choose a folder whose files one mapping describes")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(lambda name: self.take([Path(name)]))
        dialog.open()

    def dragEnterEvent(self, event: Any) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: Any) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            self.take(paths)

    def take(self, paths: Sequence[Path]) -> None:
        """Look at these files (or one folder with a mapping that names its files)."""
        self._files = tuple(paths)
        self.files.setText(", ".join(path.name for path in paths))
        self.files.setToolTip("\n".join(str(path) for path in paths))
        self._show_rejects(None)
        self.more.hide()
        self.side.show()
        self.save.setEnabled(True)
        self.lists.show_file(True)
        self.form.show_sheets((), "")
        self._look()

    def _look(self) -> None:
        """Read the first rows and suggest which column is what."""
        if not self._files:
            return
        self._reading()
        if self._files[0].is_dir() or self.side.by_hand:
            self.check()
            return
        path, kind = self._files[0], self.side.record_kind
        layout = Layout(sheet=self.form.sheet.currentText())
        self.desk.tasks.query(
            lambda: probe(path, kind, layout), self._looked, owner=self, key="look", failed=self._refused
        )

    def _looked(self, found: Probe) -> None:
        self.form.show_sheets(found.sheets, found.layout.sheet)
        self.form.show_file(self.side.record_kind, found.header, found.columns)
        self.lists.show_raw(found.header, found.rows)
        self.check()

    def _choose_mapping(self) -> None:
        self.desk.prompts.open_file(
            self,
            "Choose a mapping",
            "Mappings (*.toml)",
            accepted=self._take_mapping,
            rejected=self.side.match,
        )

    def _take_mapping(self, path: Path) -> None:
        def work() -> str:
            load_mapping(path)
            return path.read_text("utf-8")

        def failed(error: DomainError) -> None:
            self.side.match()
            self._refused(error)

        self.desk.tasks.query(
            work, lambda text: self.side.write(text, path.stem), owner=self, key="mapping", failed=failed
        )

    # checking

    def _reading(self) -> None:
        """Nothing can be imported before it was seen how it is understood."""
        self.run.setEnabled(False)
        self.verdict.setText("Reading the first rows …")
        tone(self.verdict, Tone.MUTED)

    def check(self) -> None:
        """Read the first rows under the mapping as it stands; nothing is written."""
        if not self._files:
            return
        self._reading()
        files, text, name = self._files, self.side.text(), self.side.given_name
        kind = None if self.side.by_hand else self.side.record_kind

        def work() -> tuple[tuple[FileSource, ...], Preview]:
            sources = plan(files, read_mapping(text, name), kind)
            return sources, preview(sources[0])

        self.desk.tasks.query(work, self._checked, owner=self, key="check", failed=self._refused)

    def _checked(self, answer: tuple[tuple[FileSource, ...], Preview]) -> None:
        sources, found = answer
        self.wrong.hide()
        self.run.setEnabled(self._ticket is None)
        if not self.side.by_hand:
            place = (
                found.header.index(column) if (column := self.form.column_of("kind")) in found.header else -1
            )
            if place >= 0:
                self.form.show_words([row.cells[place] for row in found.rows if place < len(row.cells)])
        self.lists.show_raw(found.header, [(row.number, row.cells) for row in found.rows])
        self.lists.show_understood(found)
        self.more.hide()
        problems = len(found.problems)
        shown, files = len(found.rows), len(sources)
        more = f" {files} files will be imported together." if files > 1 else ""
        if problems:
            self.verdict.setText(
                f"{problems} of the first {shown} rows would be rejected: see the column Problem.{more}"
            )
            tone(self.verdict, Tone.CAUTION)
        else:
            self.verdict.setText(f"The first {shown} rows are understood.{more}")
            tone(self.verdict, Tone.VERIFIED)

    def _refused(self, error: DomainError) -> None:
        self.wrong.setText(sentence(error))
        self.wrong.show()
        self.verdict.clear()
        self.more.hide()
        self.run.setEnabled(False)

    # saving and importing

    def _save(self) -> None:
        text, name = self.side.text(), self.side.given_name
        person, intake = self.desk.person, self.desk.services.intake

        def work() -> Any:
            read_mapping(text, name)
            return intake.save_mapping(person, name, text)

        self.desk.tasks.command(
            work,
            owner=self,
            done=lambda _c: self.desk.ways.say(f"Mapping “{name}” saved.", Tone.VERIFIED),
            failed=self._refused,
        )

    def _import(self) -> None:
        if not self._files or self._ticket is not None:
            return
        files, text, name = self._files, self.side.text(), self.side.given_name
        kind = None if self.side.by_hand else self.side.record_kind
        person, intake = self.desk.person, self.desk.services.intake
        ticket = self._ticket = Ticket(self)
        ticket.progressed.connect(self._progressed)
        ticket.ended.connect(self._ended)

        def work() -> ImportResult:
            sources = plan(files, read_mapping(text, name), kind)
            return intake.load(person, sources, ticket.report, ticket.cancelled.is_set)

        self.bar.setRange(0, 0)
        self.bar.show()
        self.stop.setVisible(True)
        self.run.setEnabled(False)
        self.desk.tasks.command(work, owner=self, done=self._imported, failed=self._refused, ticket=ticket)

    def _progressed(self, done: int, total: int, _text: str) -> None:
        self.bar.setRange(0, max(total, done, 1))
        self.bar.setValue(done)
        self.bar.setFormat(f"{self.desk.format.count(done)} of about {self.desk.format.count(total)} rows")

    def _ended(self) -> None:
        if self._ticket is not None:
            if self._ticket.cancelled.is_set():
                self.desk.ways.say("Stopped. Nothing of this import was kept.", Tone.CAUTION)
            self._ticket.deleteLater()
            self._ticket = None
        self.bar.hide()
        self.stop.setVisible(False)
        self.run.setEnabled(bool(self._files))

    def _stop(self) -> None:
        if self._ticket is not None:
            self._ticket.cancel()

    def _imported(self, result: ImportResult) -> None:
        count = self.desk.format.count
        parts = [
            f"{count(result.read)} rows read",
            f"{count(result.added)} added",
            f"{count(result.known)} already known",
            f"{count(result.rejected)} rejected",
        ]
        if result.changed:
            parts.insert(2, f"{count(result.changed)} changed")
        if result.skipped:
            parts.append(f"{count(result.skipped)} left out by the mapping")
        self.verdict.setText(", ".join(parts) + ".")
        made = self._made(result)
        self.more.setText(made)
        self.more.setVisible(bool(made))
        tone(self.verdict, Tone.CAUTION if result.rejected else Tone.VERIFIED)
        with_rejects = [file for file in result.files if file.rejected]
        if with_rejects:
            self._show_rejects_of(with_rejects[0].import_id)
        else:
            self._show_rejects(None)

    def _made(self, result: ImportResult) -> str:
        """New items and locations, by name as far as there is room."""
        words = []
        for one, many, names in (
            ("item was", "items were", result.created_items),
            ("location was", "locations were", result.created_locations),
        ):
            if names:
                more = len(names) - _NAMED
                listed = ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
                count = self.desk.format.count(len(names))
                words.append(f"{count} {one if len(names) == 1 else many} not known and created: {listed}.")
        return " ".join(words)

    # what was rejected

    def _show_rejects_of(self, import_id: int) -> None:
        intake = self.desk.services.intake
        self.desk.tasks.query(
            lambda: intake.rejects(import_id), self._show_rejects, owner=self, key="rejects"
        )

    def _show_rejects(self, rejects: Rejects | None) -> None:
        self._rejects = rejects if rejects is not None and rejects.rows else None
        self.export.setVisible(self._rejects is not None)
        self.lists.show_rejects(self._rejects)

    def _export(self) -> None:
        rejects = self._rejects
        if rejects is None:
            return
        name = f"{Path(rejects.file_name).stem}-rejected.csv"

        def save(path: Path) -> None:
            def work() -> Path:
                temporary = path.with_name(path.name + ".part")
                temporary.write_text(as_csv(rejects), "utf-8-sig", newline="")
                temporary.replace(path)
                return path

            self.desk.tasks.query(
                work,
                lambda kept: self.desk.ways.say(f"Saved {kept}. Mend it and import it the same way."),
                owner=self,
                key="export",
            )

        self.desk.prompts.save_file(
            self, "Save the rejected rows", "CSV (*.csv)", accepted=save, suggested=name
        )
