"""The import screen."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from zeroline.domain.errors import DomainError
from zeroline.domain.incoming import RecordKind
from zeroline.domain.views.intake import ImportResult, ImportRun, RejectedRow, Rejects, SavedMapping
from zeroline.sources import FileSource, Preview, Probe, load_mapping, plan, preview, probe, read_mapping
from zeroline.ui.desk import Desk
from zeroline.ui.screens.intake.matching import MatchingForm, title_of
from zeroline.ui.screens.screen import Screen
from zeroline.ui.tables.column import Column, text_column
from zeroline.ui.tables.rows import Rows
from zeroline.ui.tables.view import TableView
from zeroline.ui.tasks import Ticket
from zeroline.ui.theme import GRID, Tone, face, tone
from zeroline.ui.widgets.buttons import ActionButton
from zeroline.wording import sentence

_KINDS = {
    RecordKind.MOVEMENTS: "Movements",
    RecordKind.ITEMS: "Items",
    RecordKind.LOCATIONS: "Locations",
    RecordKind.OPENINGS: "Opening balances",
    RecordKind.BALANCES: "Stored balances (self-check)",
    RecordKind.RESERVATIONS: "Reservations",
    RecordKind.DOCUMENTS: "Open documents",
}
_NEW = "Match the columns here"
_CHECK_AFTER = 250  # ms after the last change of the mapping


@dataclass(frozen=True)
class _Line:
    """A row of a list of texts."""

    id: int
    cells: tuple[str, ...]


def _columns(names: Sequence[str], widths: Sequence[int] = ()) -> list[Column]:
    return [
        text_column(
            f"c{n}",
            name or f"column {n + 1}",
            value=lambda line, n=n: line.cells[n] if n < len(line.cells) else "",
            width=widths[n] if n < len(widths) else 130,
        )
        for n, name in enumerate(names)
    ]


class IntakeScreen(Screen):
    """Files at the left, what they look like and what they are understood as at the right."""

    reloads_on = ("imports",)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Import")
        self._files: tuple[Path, ...] = ()
        self._ticket: Ticket | None = None
        self._saved: dict[str, SavedMapping] = {}
        self._by_hand = False
        self._rejects: Rejects | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_CHECK_AFTER)
        self._timer.timeout.connect(self.check)
        self.files = QLabel("No file chosen yet. Choose one, or drop it on this page.")
        self.files.setWordWrap(True)
        self.kind = QComboBox()
        self.kind.setAccessibleName("What its rows are")
        for kind, words in _KINDS.items():
            self.kind.addItem(words, kind)
        self.mapping = QComboBox()
        self.mapping.setAccessibleName("Mapping")
        self.mapping.addItem(_NEW, "")
        self.name = QLineEdit()
        self.name.setAccessibleName("Name of the mapping")
        self.name.setPlaceholderText("Name to save it under")
        self.form = MatchingForm()
        self.written = QPlainTextEdit()
        self.written.setFont(face(code=True))
        self.written.setAccessibleName("Mapping as text")
        self.sides = QTabWidget()
        self.sides.addTab(self.form, "Columns")
        self.sides.addTab(self.written, "As text")
        self.wrong = QLabel()
        self.wrong.setWordWrap(True)
        tone(self.wrong, Tone.NEGATIVE)
        self.wrong.hide()
        self.verdict = QLabel()
        self.verdict.setWordWrap(True)
        self.bar = QProgressBar()
        self.bar.setAccessibleName("Progress of the import")
        self.bar.hide()
        self.tables = QTabWidget()
        self.raw = self.understood = self.runs = self.rejected = TableView(_columns(["File"]))
        self.choose = self.action("Choose files…", "Ctrl+O", self._choose)
        self.folder = self.action("Choose a folder…", "Ctrl+Shift+O", self._choose_folder)
        self.save = self.action("Save mapping", "Ctrl+S", self._save)
        self.run = self.action("Import", "Ctrl+Return", self._import)
        self.stop = self.action("Stop", "Ctrl+.", self._stop)
        self.export = self.action("Save rejected rows…", "", self._export)
        self.stop.setVisible(False)
        self.export.setVisible(False)
        self.run.setEnabled(False)
        self._build()
        self.form.edited.connect(self._timer.start)
        self.written.textChanged.connect(self._typed)
        self.kind.activated.connect(lambda _n: self._look())
        self.mapping.activated.connect(lambda _n: self._pick())
        self.setAcceptDrops(True)

    def _build(self) -> None:
        side = QWidget()
        side.setMinimumWidth(380)
        left = QVBoxLayout(side)
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
        left.addWidget(self.files)
        for words, field in (("Its rows are", self.kind), ("Mapping", self.mapping)):
            row = QHBoxLayout()
            label = QLabel(words)
            label.setBuddy(field)
            label.setFixedWidth(88)
            row.addWidget(label)
            row.addWidget(field, 1)
            left.addLayout(row)
        left.addWidget(self.sides, 1)
        row = QHBoxLayout()
        row.addWidget(self.name, 1)
        row.addWidget(ActionButton(self.save))
        left.addLayout(row)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(2 * GRID, 4 * GRID, 4 * GRID, 4 * GRID)
        column.setSpacing(2 * GRID)
        column.addWidget(self.verdict)
        column.addWidget(self.wrong)
        column.addWidget(self.tables, 1)
        column.addWidget(self.bar)
        row = QHBoxLayout()
        row.addWidget(ActionButton(self.export))
        row.addStretch(1)
        row.addWidget(ActionButton(self.stop))
        row.addWidget(ActionButton(self.run, "primary"))
        column.addLayout(row)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(side)
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
        chosen = self.mapping.currentText()
        self._saved = {mapping.name: mapping for mapping in saved}
        self.mapping.clear()
        self.mapping.addItem(_NEW, "")
        for name in self._saved:
            self.mapping.addItem(name, name)
        self.mapping.addItem("From a file (.toml)…", "\0file")
        self.mapping.setCurrentIndex(max(0, self.mapping.findText(chosen)))
        names = ("File", "Rows are", "When", "Read", "Added", "Known", "Left out", "Rejected")
        lines = [
            _Line(
                run.id,
                (
                    run.file_name,
                    run.kind,
                    self.desk.format.minute(run.at),
                    *(
                        self.desk.format.count(number)
                        for number in (run.read, run.added, run.known, run.skipped, run.rejected)
                    ),
                ),
            )
            for run in runs
        ]
        self.runs = self._table("Imported before", names, lines, (260, 110, 140, 80, 80, 80, 80, 80))
        self.runs.activated_id.connect(self._show_rejects_of)
        if not self._files:
            self.verdict.setText(
                "A movements file with Zeroline's own column names needs no mapping. "
                "Importing the same file twice adds nothing."
            )

    def _table(
        self, title: str, names: Sequence[str], lines: Sequence[_Line], widths: Sequence[int] = ()
    ) -> TableView:
        """A tab with a list of texts, in place of the one of the same title."""
        columns = _columns(names, widths)
        view = TableView(columns)
        view.setAccessibleName(title)
        view.set_rows(Rows.of(columns, lines))
        for place in range(self.tables.count()):
            if self.tables.tabText(place).split(" (")[0] == title:
                old, current = self.tables.widget(place), self.tables.currentIndex()
                self.tables.removeTab(place)
                self.tables.insertTab(place, view, title)
                self.tables.setCurrentIndex(current)
                if old is not None:
                    old.deleteLater()
                return view
        self.tables.addTab(view, title)
        return view

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
        self._look()

    def _look(self) -> None:
        """Read the first rows and suggest which column is what."""
        if not self._files:
            return
        if self._files[0].is_dir() or self._by_hand:
            self.check()
            return
        path, kind = self._files[0], self.kind.currentData()
        self.desk.tasks.query(
            lambda: probe(path, kind), self._looked, owner=self, key="look", failed=self._refused
        )

    def _looked(self, found: Probe) -> None:
        self.form.show_file(self.kind.currentData(), found.header, found.columns)
        self._show_raw(found.header, [(number, cells) for number, cells in found.rows])
        self.check()

    def _show_raw(self, header: Sequence[str], rows: Sequence[tuple[int, tuple[str, ...]]]) -> None:
        lines = [_Line(number, (str(number), *cells)) for number, cells in rows]
        self.raw = self._table("As read", ("Row", *header), lines, (56,))

    def _pick(self) -> None:
        """A saved mapping, one from a file, or the form again."""
        chosen = str(self.mapping.currentData())
        if chosen == "\0file":
            self.desk.prompts.open_file(
                self,
                "Choose a mapping",
                "Mappings (*.toml)",
                accepted=self._from_file,
                rejected=lambda: self.mapping.setCurrentIndex(0),
            )
        elif chosen:
            self._by_hand = True
            self.name.setText(chosen)
            self._write(self._saved[chosen].toml)
        else:
            self._by_hand = False
            self._look()

    def _from_file(self, path: Path) -> None:
        def done(text: str) -> None:
            self._by_hand = True
            self.name.setText(path.stem)
            self._write(text)

        def work() -> str:
            load_mapping(path)
            return path.read_text("utf-8")

        self.desk.tasks.query(work, done, owner=self, key="mapping", failed=self._refused)

    def _write(self, text: str) -> None:
        self.written.blockSignals(True)
        self.written.setPlainText(text)
        self.written.blockSignals(False)
        if self._by_hand:
            self.sides.setCurrentWidget(self.written)
        self.check()

    def _typed(self) -> None:
        self._by_hand = True
        self._timer.start()

    # checking

    def _text(self) -> str:
        if self._by_hand:
            return self.written.toPlainText()
        text = self.form.text(self.name.text().strip())
        self.written.blockSignals(True)
        self.written.setPlainText(text)
        self.written.blockSignals(False)
        return text

    def check(self) -> None:
        """Read the first rows under the mapping as it stands; nothing is written."""
        if not self._files:
            return
        files, text, name = self._files, self._text(), self.name.text().strip()
        kind = None if self._by_hand else self.kind.currentData()

        def work() -> tuple[tuple[FileSource, ...], Preview]:
            sources = plan(files, read_mapping(text, name), kind)
            return sources, preview(sources[0])

        self.desk.tasks.query(work, self._checked, owner=self, key="check", failed=self._refused)

    def _checked(self, answer: tuple[tuple[FileSource, ...], Preview]) -> None:
        sources, found = answer
        self.wrong.hide()
        self.run.setEnabled(self._ticket is None)
        if not self._by_hand:
            place = (
                found.header.index(column) if (column := self.form.column_of("kind")) in found.header else -1
            )
            if place >= 0:
                self.form.show_words([row.cells[place] for row in found.rows if place < len(row.cells)])
        self._show_raw(found.header, [(row.number, row.cells) for row in found.rows])
        fields = found.fields
        lines = [
            _Line(
                row.number * 2 + part,
                (
                    str(row.number),
                    "" if row.problem is None else self._why(row.problem.code, dict(row.problem.facts)),
                    *(understood.get(field, "") for field in fields),
                ),
            )
            for row in found.rows
            for part, understood in enumerate(row.understood or ({},))
        ]
        names = ("Row", "Problem", *(title_of(field) for field in fields))
        self.understood = self._table("As understood", names, lines, (56, 220))
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
        self.tables.setCurrentWidget(self.understood)

    def _why(self, code: str, facts: dict[str, object]) -> str:
        return sentence(DomainError(code, **facts))

    def _refused(self, error: DomainError) -> None:
        self.wrong.setText(sentence(error))
        self.wrong.show()
        self.verdict.clear()
        self.run.setEnabled(False)

    # saving and importing

    def _save(self) -> None:
        text, name = self._text(), self.name.text().strip()
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
        files, text, name = self._files, self._text(), self.name.text().strip()
        kind = None if self._by_hand else self.kind.currentData()
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
        self.verdict.setText(", ".join(parts) + "." + self._made(result))
        tone(self.verdict, Tone.CAUTION if result.rejected else Tone.VERIFIED)
        with_rejects = [file for file in result.files if file.rejected]
        if with_rejects:
            self._show_rejects_of(with_rejects[0].import_id)
        else:
            self._show_rejects(None)

    def _made(self, result: ImportResult) -> str:
        """New items and locations, by name as far as there is room."""
        words = ""
        for what, names in (("items", result.created_items), ("locations", result.created_locations)):
            if names:
                listed = ", ".join(names[:6]) + (" …" if len(names) > 6 else "")
                words += f" {len(names)} {what} were not known and were created: {listed}."
        return words

    # what was rejected

    def _show_rejects_of(self, import_id: int) -> None:
        intake = self.desk.services.intake
        self.desk.tasks.query(
            lambda: intake.rejects(import_id), self._show_rejects, owner=self, key="rejects"
        )

    def _show_rejects(self, rejects: Rejects | None) -> None:
        self._rejects = rejects if rejects is not None and rejects.rows else None
        self.export.setVisible(self._rejects is not None)
        lines = [
            _Line(n, (str(row.row), row.field, row.value[:200], self._why(row.code, dict(row.facts))))
            for n, row in enumerate(self._rejects.rows if self._rejects is not None else ())
        ]
        self.rejected = self._table(
            "Rejected", ("Row", "Column", "Value", "Why, and the cure"), lines, (64, 130, 160, 520)
        )
        if lines:
            self.tables.setCurrentWidget(self.rejected)

    def _export(self) -> None:
        rejects = self._rejects
        if rejects is None:
            return
        name = f"{Path(rejects.file_name).stem}-rejected.csv"

        def save(path: Path) -> None:
            def work() -> Path:
                temporary = path.with_name(path.name + ".part")
                temporary.write_text(self._csv(rejects), "utf-8-sig", newline="")
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

    def _csv(self, rejects: Rejects) -> str:
        """The rows under the file's own column names, with row and reason behind them."""
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow([*rejects.header, "zeroline_row", "zeroline_reason"])
        width = len(rejects.header)
        for row in rejects.rows:
            writer.writerow([*_fitted(row, width), row.row, self._why(row.code, dict(row.facts))])
        return out.getvalue()


def _fitted(row: RejectedRow, width: int) -> list[str]:
    return [*row.cells[:width], *[""] * (width - len(row.cells))]
