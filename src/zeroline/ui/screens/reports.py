"""Reports: choose one, see the real PDF, print it, save it as PDF or workbook."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QDateTime, QRectF, QSize, Qt, QTemporaryDir, QTime, QTimeZone
from PySide6.QtGui import QPageLayout, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateEdit,
    QDateTimeEdit,
    QDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QVBoxLayout,
)

from zeroline.domain import instant
from zeroline.domain.errors import DomainError
from zeroline.domain.person import Right
from zeroline.domain.views.sites import SiteFacts
from zeroline.reports.documents import Document, Paper
from zeroline.reports.press import ReportKind, Wish, compose, write
from zeroline.ui.desk import Desk
from zeroline.ui.screens.screen import Screen
from zeroline.ui.tasks import Ticket
from zeroline.ui.theme import GRID, Tone, kind, tone
from zeroline.ui.widgets.buttons import ActionButton
from zeroline.ui.widgets.empty import EmptyState
from zeroline.ui.widgets.pdf_view import PdfPages, PdfView
from zeroline.ui.widgets.reading_pane import ReadingPane
from zeroline.wording import sentence

_TITLES = {
    ReportKind.RECONCILIATION: ("Stock reconciliation", "For the auditor: all nine parts, ready to sign."),
    ReportKind.NEGATIVES: ("Negative exceptions", "What is below zero, how old, why and where."),
    ReportKind.REGISTER: ("Adjustment register", "Every correction with its approval and its hands."),
    ReportKind.COUNT_SHEET: ("Blind count sheet", "To carry along: barcodes and room to write."),
    ReportKind.CASE_TRAIL: ("Audit trail of a case", "Everything that was done about one negative."),
}
_TARGETS = {
    ReportKind.RECONCILIATION: "Only count sheet",
    ReportKind.COUNT_SHEET: "Count sheet",
    ReportKind.CASE_TRAIL: "Case number",
}


@dataclass(frozen=True)
class _Made:
    """A report that is ready: its document, the PDF of it and the pages for the screen."""

    document: Document
    pdf: Path
    pages: PdfPages


class ReportsScreen(Screen):
    """``open((kind, target))`` chooses a report, for example ``("count-sheet", 12)``."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Reports")
        self._folder = QTemporaryDir()
        self._number = 0
        self._made: _Made | None = None
        self._ticket: Ticket | None = None
        self.kinds = QListWidget()
        self.kinds.setAccessibleName("Reports")
        for report, (title, hint) in _TITLES.items():
            entry = QListWidgetItem(title)
            entry.setToolTip(hint)
            entry.setData(0x0100, report.value)
            self.kinds.addItem(entry)
        for row in range(self.kinds.count()):
            self.kinds.item(row).setSizeHint(QSize(0, 28))
        self.kinds.setFixedHeight(self.kinds.count() * 28)
        self.hint = QLabel()
        self.hint.setWordWrap(True)
        tone(self.hint, Tone.MUTED)
        self.entity = QLabel()
        self.entity.setWordWrap(True)
        self.entity.setTextFormat(Qt.TextFormat.PlainText)
        self._entity = ""
        self.site = QComboBox()
        self.site.setAccessibleName("Site")
        self.since = QDateEdit()
        self.since.setCalendarPopup(True)
        self.since.setDisplayFormat("yyyy-MM-dd")
        self.since.setAccessibleName("Period from")
        self.now = QCheckBox("this moment")
        self.now.setChecked(True)
        self.as_of = QDateTimeEdit()
        self.as_of.setDisplayFormat("yyyy-MM-dd HH:mm:ss")
        self.as_of.setAccessibleName("As of")
        self.as_of.setCalendarPopup(True)
        self.target = QLineEdit()
        self.target.setAccessibleName("Number of the count sheet or case")
        self.paper = QComboBox()
        self.paper.addItems(["A4", "Letter"])
        self.paper.setAccessibleName("Paper")
        self.wrong = QLabel()
        self.wrong.setWordWrap(True)
        tone(self.wrong, Tone.NEGATIVE)
        self.state = QLabel()
        self.state.setWordWrap(True)
        tone(self.state, Tone.MUTED)
        self.view = PdfView(desk.tasks)
        self.view.page_changed.connect(self._show_state)
        self.make = self.action("Make the report", "Ctrl+Return", self.reload)
        self.save_pdf = self.action("Save PDF…", "Ctrl+S", lambda: self._save("pdf", "PDF (*.pdf)"))
        self.save_xlsx = self.action(
            "Save workbook…", "Ctrl+Shift+S", lambda: self._save("xlsx", "Workbook (*.xlsx)")
        )
        self.print_out = self.action("Print…", "Ctrl+P", self._print)
        self.stop = self.action("Stop", "Ctrl+.", self._cancel)
        self.name_entity = None
        if desk.person.may(Right.ENTITY):
            self.name_entity = self.action("Name the company…", "", self._name_entity)
        self._build()
        self.kinds.setCurrentRow(0)
        self._period()
        self._moment(True)
        self._chosen()
        self.kinds.currentRowChanged.connect(lambda _row: self._chosen())
        self.now.toggled.connect(self._moment)
        self.kinds.itemActivated.connect(lambda _item: self.reload())
        self.target.returnPressed.connect(self.reload)

    def _build(self) -> None:
        side = QFrame()
        kind(side, "raised")
        side.setFixedWidth(300)
        form = QFormLayout()
        form.setVerticalSpacing(2 * GRID)
        form.addRow("Books of", self.entity)
        if self.name_entity is not None:
            form.addRow("", ActionButton(self.name_entity, "quiet"))
        form.addRow("Site", self.site)
        form.addRow("From", self.since)
        form.addRow("As of", self.now)
        form.addRow("", self.as_of)
        form.addRow("Only count sheet", self.target)
        form.addRow("Paper", self.paper)
        self._form = form
        column = QVBoxLayout(side)
        column.setContentsMargins(*[4 * GRID] * 4)
        column.setSpacing(3 * GRID)
        title = QLabel("Reports")
        title.setProperty("textsize", "large")
        column.addWidget(title)
        wishes = ReadingPane("What to report")
        wishes.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        kind(wishes.sheet, "raised")
        wishes.column.setContentsMargins(0, 0, 0, 0)
        wishes.column.addWidget(self.kinds)
        wishes.column.addWidget(self.hint)
        wishes.column.addLayout(form)
        wishes.column.addStretch(1)
        column.addWidget(wishes, 1)
        column.addWidget(self.wrong)
        column.addWidget(ActionButton(self.make, "primary"))
        column.addWidget(ActionButton(self.stop, "quiet"))
        column.addWidget(self.state)
        for action in (self.save_pdf, self.save_xlsx, self.print_out):
            column.addWidget(ActionButton(action))
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(side)
        self.nothing = EmptyState()
        self.pages = QStackedWidget()
        self.pages.addWidget(self.nothing)
        self.pages.addWidget(self.view)
        outer.addWidget(self.pages, 1)

    # what is wished

    @property
    def kind(self) -> ReportKind:
        """The chosen report."""
        return list(_TITLES)[max(0, self.kinds.currentRow())]

    def _period(self) -> None:
        zone = QTimeZone(str(self.desk.format.zone).encode())
        now = QDateTime.fromMSecsSinceEpoch(self.desk.services.clock() // 1000, zone)
        self.as_of.setTimeZone(zone)
        self.as_of.setDateTime(now)
        self.since.setDate(now.date().addDays(-30))

    def _moment(self, now: bool) -> None:
        """As of this moment, or as of one that is asked for."""
        self._form.setRowVisible(self.as_of, not now)

    def _chosen(self) -> None:
        self.hint.setText(_TITLES[self.kind][1])
        label = self._form.labelForField(self.target)
        needed = _TARGETS.get(self.kind, "")
        self._form.setRowVisible(self.target, bool(needed))
        if isinstance(label, QLabel):
            label.setText(needed)
        sheet = self.kind is ReportKind.COUNT_SHEET
        for field in (self.since, self.site):
            self._form.setRowVisible(field, not sheet and self.kind is not ReportKind.CASE_TRAIL)
        self.wrong.clear()
        self._ready(None)

    def load(self, target: Any = None) -> None:
        """Take up (kind, target) and make it at once."""
        self._stale = False
        if self.site.count() == 0:
            self.desk.tasks.query(self.desk.services.sites.list, self._sites, owner=self, key="sites")
        self._read_entity()
        if isinstance(target, tuple):
            wanted, number = target
            self.kinds.setCurrentRow([report.value for report in _TITLES].index(wanted))
            self.target.setText(str(number))
            self.reload()

    def _sites(self, sites: tuple[SiteFacts, ...]) -> None:
        self.site.clear()
        self.site.addItem("All sites", "")
        for site in sites:
            self.site.addItem(site.name, site.code)

    def _read_entity(self) -> None:
        self.desk.tasks.query(self.desk.services.sites.entity, self._show_entity, owner=self, key="entity")

    def _show_entity(self, name: str) -> None:
        """Whose books the header of a report will say these are."""
        self._entity = name
        self.entity.setText(name or "not named yet")
        tone(self.entity, Tone.NORMAL if name else Tone.CAUTION)

    def _name_entity(self) -> None:
        sites, person = self.desk.services.sites, self.desk.person

        def named(_: object) -> None:
            self.desk.ways.say("Reports made from now on carry the new name.", Tone.VERIFIED)
            self._read_entity()

        self.desk.prompts.ask_text(
            self,
            "Whose books are these?",
            "The company's name, as every report's header says it",
            action="Name the company",
            accepted=lambda name: self.desk.tasks.command(
                lambda: sites.name_entity(name, person), owner=self, done=named, failed=self._refused
            ),
            initial=self._entity,
        )

    def _wish(self) -> Wish:
        text = self.target.text().strip()
        digits = text.rpartition("-")[2]
        if text and not digits.isdecimal():
            raise DomainError("report-target-missing", kind=self.kind.value, field="target")
        as_of = None if self.now.isChecked() else _instant(self.as_of.dateTime())
        since = _instant(QDateTime(self.since.date(), QTime(0, 0), self.as_of.timeZone()))
        target = int(digits) if text and self.kind in _TARGETS else None
        return Wish(
            self.kind,
            as_of,
            None if self.kind in (ReportKind.COUNT_SHEET, ReportKind.CASE_TRAIL) else since,
            str(self.site.currentData() or ""),
            target,
            Paper.A4 if self.paper.currentIndex() == 0 else Paper.LETTER,
        )

    # making

    def reload(self) -> None:
        """Make the report as it is wished now."""
        self.wrong.clear()
        try:
            wish = self._wish()
        except DomainError as error:
            self._refused(error)
            return
        services, person = self.desk.services, self.desk.person
        self._number += 1
        path = Path(self._folder.path()) / f"report-{self._number}.pdf"
        ticket = Ticket(self)
        self._cancel()
        self._ticket = ticket
        ticket.progressed.connect(lambda done, total, _t: self._progressed(ticket, done, total))
        ticket.ended.connect(lambda: self._ended(ticket))

        def work() -> _Made:
            document = compose(services, person, wish)
            write(document, path, ticket.report, ticket.cancelled.is_set)
            return _Made(document, path, PdfPages(path))

        self.state.setText("Collecting …")
        self.stop.setVisible(True)
        self.desk.tasks.query(
            work, self._ready, owner=self, key="report", failed=self._refused, ticket=ticket
        )

    def _progressed(self, ticket: Ticket, done: int, total: int) -> None:
        if self._ticket is ticket:
            count = self.desk.format.count
            self.state.setText(f"Writing line {count(done)} of {count(total)}")

    def _ended(self, ticket: Ticket) -> None:
        if self._ticket is ticket:
            self._ticket = None
            self.stop.setVisible(False)
            if self._made is None:
                self.state.setText("")
        ticket.deleteLater()

    def _cancel(self) -> None:
        if self._ticket is not None:
            self._ticket.cancel()

    def _refused(self, error: DomainError) -> None:
        self.wrong.setText(sentence(error))
        self._ready(None)
        if error.fields.get("field") == "target":
            self.target.setFocus()

    def _ready(self, made: _Made | None) -> None:
        self._made = made
        for action in (self.save_pdf, self.save_xlsx, self.print_out):
            action.setEnabled(made is not None)
        if self._ticket is None:
            self.stop.setVisible(False)
        self.view.show_pages(made.pages if made is not None else None)
        self.pages.setCurrentWidget(self.view if made is not None else self.nothing)
        self.nothing.show_as(*self._empty())
        if made is None:
            self.state.setText("")

    def _empty(self) -> tuple[str, str, str]:
        """What stands where the pages will be."""
        title, hint = _TITLES[self.kind]
        return title, f"{hint} Make the report to see its pages; what you see is what is saved.", "report"

    def _show_state(self, page: int) -> None:
        if self._made is None:
            return
        integrity = self._made.document.integrity
        self.state.setText(
            f"Page {page} of {self.view.page_count} · data {integrity.data_hash[:12]} · "
            f"audit chain {integrity.chain_position}"
        )

    # keeping

    def _save(self, ending: str, kinds: str) -> None:
        made = self._made
        if made is None:
            return

        def save(path: Path) -> None:
            path = path if path.suffix else path.with_suffix(f".{ending}")

            def work() -> Path:
                if ending == "pdf":
                    temporary = path.with_name(path.name + ".part")
                    try:
                        shutil.copyfile(made.pdf, temporary)
                        temporary.replace(path)
                    finally:
                        temporary.unlink(missing_ok=True)
                else:
                    write(made.document, path)
                return path

            self.desk.tasks.query(
                work, lambda kept: self.desk.ways.say(f"Saved {kept}."), owner=self, key="save"
            )

        self.desk.prompts.save_file(
            self, "Save the report", kinds, accepted=save, suggested=made.document.file_name(ending)
        )

    def _print(self) -> None:
        made = self._made
        if made is None:
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(made.document.file_name("pdf"))
        width, height = made.pages.sizes[0]
        printer.setPageOrientation(
            QPageLayout.Orientation.Landscape if width > height else QPageLayout.Orientation.Portrait
        )
        dialog = QPrintDialog(printer, self)
        dialog.setMinMax(1, len(made.pages.sizes))
        dialog.accepted.connect(lambda: self._send(printer, made.pages))
        QDialog.open(dialog)

    def _send(self, printer: QPrinter, pages: PdfPages) -> None:
        """Draw the pages in the background; the printer is handed over whole."""
        first = printer.fromPage() or 1
        last = printer.toPage() or len(pages.sizes)
        scale = min(printer.resolution(), 300) / 72

        def work() -> int:
            painter = QPainter(printer)
            try:
                for number in range(first - 1, last):
                    if number >= first:
                        printer.newPage()
                    picture = pages.picture(number, scale)
                    area = QRectF(painter.viewport())
                    fitted = picture.size().scaled(area.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
                    painter.drawImage(QRectF(0, 0, fitted.width(), fitted.height()), picture)
            finally:
                painter.end()
            return last - first + 1

        self.desk.tasks.query(
            work,
            lambda count: self.desk.ways.say(f"{count} pages sent to the printer."),
            owner=self,
            key="print",
        )


def _instant(moment: QDateTime) -> int:
    return moment.toMSecsSinceEpoch() * (instant.SECOND // 1000)
