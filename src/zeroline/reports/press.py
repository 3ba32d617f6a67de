"""From a wish to paper: collects a report's rows, makes its Document, writes it as PDF or workbook."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from zeroline.domain.errors import DomainError
from zeroline.domain.instant import DAY
from zeroline.domain.person import Person, Role
from zeroline.domain.views.reporting import Scope
from zeroline.domain.views.trail import TrailEntry
from zeroline.reports.content.count_sheet import count_sheet_report
from zeroline.reports.content.negatives import exception_report
from zeroline.reports.content.reconciliation import reconciliation_report
from zeroline.reports.content.register import register_report
from zeroline.reports.content.trail import trail_report
from zeroline.reports.documents import Document, Paper
from zeroline.services.workbench import Workbench

PERIOD = 30 * DAY
"""What a report covers when nobody says since when."""

_PROGRAM_COUNTING = Person(0, "zeroline", "Zeroline", Role.COUNTER)


class ReportKind(StrEnum):
    """The five reports, by the names the command line uses."""

    RECONCILIATION = "reconciliation"
    NEGATIVES = "negatives"
    COUNT_SHEET = "count-sheet"
    REGISTER = "register"
    CASE_TRAIL = "case-trail"


@dataclass(frozen=True, slots=True)
class Wish:
    """Which report over what. ``target``: the sheet id of a count sheet, the case id of a trail.

    ``as_of`` None means now; ``since`` None means 30 days before it.
    """

    kind: ReportKind
    as_of: int | None = None
    since: int | None = None
    site: str = ""
    target: int | None = None
    paper: Paper = Paper.A4

    def scope(self, now: int) -> Scope:
        """The period, bounded."""
        as_of = now if self.as_of is None else self.as_of
        since = as_of - PERIOD if self.since is None else self.since
        if since > as_of:
            raise DomainError("period-upside-down", since_at=since, as_of_at=as_of, field="since")
        sheet = self.target if self.kind is ReportKind.RECONCILIATION else None
        return Scope(since, as_of, self.site, sheet)


def compose(services: Workbench, actor: Person | None, wish: Wish) -> Document:
    """The Document of a report; ``actor`` None is the headless program.

    Raises DomainError ``not-allowed``, ``report-target-missing``, ``period-upside-down`` and those of the
    services.
    """
    scope = wish.scope(services.clock())
    reporting = services.reporting
    if wish.kind is ReportKind.RECONCILIATION:
        return reconciliation_report(reporting.reconciliation(actor, scope), wish.paper)
    if wish.kind is ReportKind.NEGATIVES:
        return exception_report(reporting.exceptions(actor, scope), wish.paper)
    if wish.kind is ReportKind.REGISTER:
        return register_report(reporting.register(actor, scope), wish.paper)
    if wish.target is None:
        raise DomainError("report-target-missing", kind=wish.kind.value, field="target")
    if wish.kind is ReportKind.COUNT_SHEET:
        sheet = services.counting.blind_sheet(actor or _PROGRAM_COUNTING, wish.target)
        return count_sheet_report(sheet, reporting.basis(None, scope), wish.paper)
    names = services.people.names()
    entries = tuple(
        TrailEntry(e.seq, e.at, names.get(e.person_id, ""), e.action, e.subject, e.facts, e.hash)
        for e in services.auditing.entries(case_id=wish.target)
        if e.at <= scope.as_of
    )
    ground, case = reporting.case(actor, wish.target, scope)
    return trail_report(case, entries, ground, wish.paper)


def write(
    document: Document,
    path: Path,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> None:
    """Write the document as its ending says: ``.xlsx`` a workbook, anything else a PDF.

    The file appears whole or not at all. Raises Cancelled and OSError.
    """
    if path.suffix.lower() == ".xlsx":
        from zeroline.reports.sheets import write_xlsx

        write_xlsx(document, path, progress, cancelled)
    else:
        from zeroline.reports.pdf import write_pdf

        write_pdf(document, path, progress, cancelled)
