"""The lists of the import screen: what was read, how it is understood, what was rejected and imported."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QTabWidget

from zeroline.domain.errors import DomainError
from zeroline.domain.incoming import RecordKind
from zeroline.domain.quantity import MINUS
from zeroline.domain.views.intake import ImportRun, Rejects
from zeroline.sources import Preview
from zeroline.ui.screens.intake.matching import title_of
from zeroline.ui.tables.column import Align, Column, text_column
from zeroline.ui.tables.rows import Rows
from zeroline.ui.tables.view import TableView
from zeroline.ui.text.format import Format
from zeroline.wording import sentence

KINDS = {
    RecordKind.MOVEMENTS: "Movements",
    RecordKind.ITEMS: "Items",
    RecordKind.LOCATIONS: "Locations",
    RecordKind.OPENINGS: "Opening balances",
    RecordKind.BALANCES: "Stored balances (self-check)",
    RecordKind.RESERVATIONS: "Reservations",
    RecordKind.DOCUMENTS: "Open documents",
}
_FIGURES = frozenset(("quantity", "done_quantity", "unit_cost"))
_CODES = frozenset(
    ("item", "location", "lot", "document", "movement_id", "reference", "from_location", "to_location")
)
_WIDTHS = {
    "item": 104,
    "location": 84,
    "lot": 84,
    "status": 84,
    "quantity": 76,
    "unit": 52,
    "kind": 84,
    "occurred_at": 172,
    "recorded_at": 172,
}
_LONGEST = 200  # characters of a cell that are shown


@dataclass(frozen=True)
class _Line:
    """A row of a list of texts."""

    id: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class _Look:
    """How a column is drawn: width in pixels, figures to the right, codes in the fixed-width face."""

    width: int = 130
    right: bool = False
    code: bool = False
    stretch: bool = False


def why(code: str, facts: Mapping[str, object]) -> str:
    """The sentence for a row that is not taken."""
    return sentence(DomainError(code, **facts))


class IntakeLists(QTabWidget):
    """``reason_changed`` carries the whole sentence about the row one is on, '' for a row that is well.

    ``run_wanted`` the id of an earlier import whose rejected rows are to be seen.
    """

    reason_changed = Signal(str)
    run_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._reasons: dict[str, dict[int, str]] = {}
        self.runs = self._list("Imported before", (), ())
        self.raw = self._list("As read", (), ())
        self.understood = self._list("As understood", (), ())
        self.rejected = self._list("Rejected", (), ())
        self.currentChanged.connect(lambda _n: self._tell_reason())
        self.show_file(False)

    def _list(
        self,
        title: str,
        names: Sequence[tuple[str, _Look]],
        lines: Sequence[_Line],
        reasons: Mapping[int, str] | None = None,
    ) -> TableView:
        """The tab of this title with these rows; its view is kept as long as its columns are the same."""
        columns = [_column(place, name, look) for place, (name, look) in enumerate(names)]
        self._reasons[title] = dict(reasons or {})
        for place in range(self.count()):
            if self.tabText(place) != title:
                continue
            old = self.widget(place)
            assert isinstance(old, TableView)
            if [c.title for c in old.columns] == [c.title for c in columns]:
                old.set_rows(Rows.of(columns, lines))
                self._tell_reason()
                return old
            here = self.currentIndex() == place
            view = self._view(title, columns, lines)
            visible = self.isTabVisible(place)
            self.removeTab(place)
            self.insertTab(place, view, title)
            self.setTabVisible(place, visible)
            if here:
                self.setCurrentIndex(place)
            old.deleteLater()
            return view
        view = self._view(title, columns, lines)
        self.addTab(view, title)
        return view

    def _view(self, title: str, columns: Sequence[Column], lines: Sequence[_Line]) -> TableView:
        view = TableView(columns)
        view.setAccessibleName(title)
        view.set_rows(Rows.of(columns, lines))
        view.current_changed.connect(lambda _id: self._tell_reason())
        return view

    def _tell_reason(self) -> None:
        view = self.currentWidget()
        reasons = self._reasons.get(self.tabText(self.currentIndex()), {})
        current = view.current_id() if isinstance(view, TableView) else None
        self.reason_changed.emit(reasons.get(current, "") if current is not None else "")

    # filling

    def show_file(self, chosen: bool) -> None:
        """Whether there is a file to be shown; without one only the earlier imports are."""
        for view in (self.raw, self.understood):
            self.setTabVisible(self.indexOf(view), chosen)

    def show_runs(self, runs: Sequence[ImportRun], format: Format) -> None:
        """What was imported before, newest first; Enter shows the rejected rows of one."""
        numbers = ("Read", "Added", "Known", "Left out", "Rejected")
        names = [
            ("File", _Look(150, stretch=True)),
            ("Rows are", _Look(92)),
            ("When", _Look(120)),
            *((name, _Look(72 if name == "Rejected" else 60, right=True)) for name in numbers),
        ]
        lines = [
            _Line(
                run.id,
                (
                    run.file_name,
                    KINDS[RecordKind(run.kind)].partition(" (")[0],
                    format.minute(run.at),
                    *map(format.count, (run.read, run.added, run.known, run.skipped, run.rejected)),
                ),
            )
            for run in runs
        ]
        before = self.runs
        self.runs = self._list("Imported before", names, lines)
        if self.runs is not before:
            self.runs.activated_id.connect(self.run_wanted)

    def show_raw(self, header: Sequence[str], rows: Sequence[tuple[int, Sequence[str]]]) -> None:
        """The first rows, cell by cell as they stand in the file."""
        names = [
            ("Row", _Look(52, right=True)),
            *((name or f"column {n + 1}", _Look()) for n, name in enumerate(header)),
        ]
        lines = [_Line(number, (str(number), *(cell[:_LONGEST] for cell in cells))) for number, cells in rows]
        self.raw = self._list("As read", names, lines)

    def show_understood(self, found: Preview) -> None:
        """The first rows as they would be taken; the column Problem is there only when there is one."""
        problems = bool(found.problems)
        plain = all(part.get("time_basis", "both") == "both" for row in found.rows for part in row.understood)
        fields = [field for field in found.fields if not (plain and field == "time_basis")]
        names = [("Row", _Look(52, right=True))]
        if problems:
            names.append(("Problem", _Look(232)))
        names += [
            (title_of(field), _Look(_WIDTHS.get(field, 120), field in _FIGURES, field in _CODES))
            for field in fields
        ]
        lines, reasons = [], {}
        for row in found.rows:
            reason = why(row.problem.code, row.problem.facts) if row.problem is not None else ""
            for part, understood in enumerate(row.understood or ({},)):
                id = row.number * 2 + part
                texts = (_shown(field, understood.get(field, "")) for field in fields)
                lines.append(_Line(id, (str(row.number), *([reason] if problems else []), *texts)))
                if reason:
                    reasons[id] = reason
        self.understood = self._list("As understood", names, lines, reasons)
        self.setCurrentWidget(self.understood)

    def show_rejects(self, rejects: Rejects | None) -> None:
        """The rows that were not taken, each with its reason."""
        rows = rejects.rows if rejects is not None else ()
        names = (
            ("Row", _Look(52, right=True)),
            ("Column", _Look(104)),
            ("Value", _Look(120)),
            ("Why, and the cure", _Look(320, stretch=True)),
        )
        reasons = {n: why(row.code, row.facts) for n, row in enumerate(rows)}
        lines = [
            _Line(n, (str(row.row), row.field, row.value[:_LONGEST], reasons[n]))
            for n, row in enumerate(rows)
        ]
        self.rejected = self._list("Rejected", names, lines, reasons)
        self.setTabVisible(self.indexOf(self.rejected), bool(rows))
        if rows:
            self.setCurrentWidget(self.rejected)
            self.rejected.select_first()


def _shown(field: str, text: str) -> str:
    return text.replace("-", MINUS) if field in _FIGURES else text


def _column(place: int, name: str, look: _Look) -> Column:
    def value(line: _Line) -> str:
        return line.cells[place] if place < len(line.cells) else ""

    more: dict[str, Callable[[_Line], str] | object] = {
        "value": value,
        "width": look.width,
        "align": Align.RIGHT if look.right else Align.LEFT,
        "code": look.code,
        "stretch": look.stretch,
    }
    return text_column(f"c{place}", name, **more)
