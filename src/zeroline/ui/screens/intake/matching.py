"""The form of a mapping: which column is which field, and how dates, numbers, signs and kinds are written."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from typing import Any

import tomlkit
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from zeroline.domain.incoming import RecordKind
from zeroline.domain.movement import MovementKind
from zeroline.sources.fields import BY_KIND, REQUIRED
from zeroline.ui.theme import GRID, Tone, tone

_TITLES = {
    "movement_id": "Movement id",
    "occurred_at": "Happened at",
    "recorded_at": "Recorded at",
    "document_line": "Document line",
    "override": "Forced (override)",
    "direction": "Direction (in / out)",
    "quantity_in": "Quantity in",
    "quantity_out": "Quantity out",
    "from_location": "From location",
    "to_location": "To location",
    "time_basis": "Time known from",
    "transit_days": "Days in transit",
    "arrived_at": "Arrived at",
    "as_of": "As of",
    "abc_class": "ABC class",
    "done_quantity": "Quantity done",
    "due_at": "Due at",
}
_SIGNS = (
    ("signed", "as written: − goes out"),
    ("reverse", "turned round: + goes out"),
    ("+", "always in"),
    ("-", "always out"),
)
_NOT_HERE = "– not in this file –"


def title_of(field: str) -> str:
    """The name of a field for people."""
    return _TITLES.get(field, field.replace("_", " ").capitalize())


class MatchingForm(QWidget):
    """``edited`` whenever a person changed something; :meth:`text` is the mapping as TOML.

    ``sheet_chosen`` when another sheet of a workbook is to be read: its columns must be offered anew.
    """

    edited = Signal()
    sheet_chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._kind = RecordKind.MOVEMENTS
        self._header: tuple[str, ...] = ()
        self._columns: dict[str, QComboBox] = {}
        self._constants: dict[str, QLineEdit] = {}
        self._words: dict[str, tuple[QComboBox, QComboBox]] = {}
        self._quiet = False
        self.dates = self._line("Date format", "ISO, or 31/12/2026: %d/%m/%Y")
        self.zone = self._line("Time zone", "Europe/Berlin; UTC when empty")
        self.decimal = self._choice("Decimal mark", ((".", "1234.5"), (",", "1234,5")))
        self.thousands = self._choice(
            "Thousands mark", (("", "none"), (",", "1,234"), (".", "1.234"), (" ", "1 234"), ("'", "1'234"))
        )
        self.sign = self._choice("Sign of quantities", _SIGNS)
        self.missing_time = self._choice(
            "Rows without a time", (("reject", "reject them"), ("file order", "take them in file order"))
        )
        self.duplicates = self._choice(
            "Identical rows", (("keep", "each one counts"), ("drop", "only the first counts"))
        )
        self.sheet = QComboBox()
        self.sheet.setAccessibleName("Sheet of the workbook")
        self.sheet.activated.connect(lambda _n: self.sheet_chosen.emit())
        inner = QFrame()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 2 * GRID, 2 * GRID, 0)
        column.setSpacing(GRID)
        self._sheet_title = self._title("Sheet")
        column.addWidget(self._sheet_title)
        column.addWidget(self.sheet)
        column.addWidget(self._title("Which column is what"))
        self._grid = self._new_grid(column)
        self._kinds_title = self._title("What its words for movements mean")
        column.addWidget(self._kinds_title)
        self._kinds_grid = self._new_grid(column)
        column.addWidget(self._title("How it is written"))
        form = QFormLayout()
        form.setVerticalSpacing(GRID)
        for field in (
            self.dates,
            self.zone,
            self.decimal,
            self.thousands,
            self.sign,
            self.missing_time,
            self.duplicates,
        ):
            form.addRow(field.accessibleName(), field)
        column.addLayout(form)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)
        for away in (self._kinds_title, self._sheet_title, self.sheet):
            away.hide()

    @staticmethod
    def _title(words: str) -> QLabel:
        label = QLabel(words)
        label.setProperty("textsize", "small")
        label.setContentsMargins(0, 2 * GRID, 0, 0)
        tone(label, Tone.MUTED)
        return label

    @staticmethod
    def _new_grid(column: QVBoxLayout) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(2 * GRID)
        grid.setVerticalSpacing(GRID)
        grid.setColumnStretch(1, 3)
        grid.setColumnStretch(2, 2)
        column.addLayout(grid)
        return grid

    @staticmethod
    def _narrow(field: QComboBox) -> QComboBox:
        """Long column names do not push the form wider than its side."""
        field.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        field.setMinimumContentsLength(6)
        field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        return field

    def _line(self, name: str, hint: str) -> QLineEdit:
        field = QLineEdit()
        field.setAccessibleName(name)
        field.setPlaceholderText(hint)
        field.textEdited.connect(self._tell)
        return field

    def _choice(self, name: str, choices: Sequence[tuple[str, str]]) -> QComboBox:
        field = self._narrow(QComboBox())
        field.setAccessibleName(name)
        for value, words in choices:
            field.addItem(words, value)
        field.activated.connect(self._tell)
        return field

    def _tell(self) -> None:
        if not self._quiet:
            self.edited.emit()

    # filling

    def show_sheets(self, sheets: Sequence[str], chosen: str) -> None:
        """Offer the sheets of a workbook; nothing for one sheet or a text file."""
        several = len(sheets) > 1
        self.sheet.clear()
        self.sheet.addItems(list(sheets) if several else [])
        self.sheet.setCurrentIndex(max(0, self.sheet.findText(chosen)))
        for field in (self._sheet_title, self.sheet):
            field.setVisible(several)

    def show_file(self, kind: RecordKind, header: Sequence[str], suggested: AnyMapping[str, str]) -> None:
        """Offer the columns of a file for the fields of a kind, as suggested."""
        self._quiet = True
        self._kind, self._header = kind, tuple(header)
        for grid in (self._grid, self._kinds_grid):
            while (item := grid.takeAt(0)) is not None:
                if (old := item.widget()) is not None:
                    old.hide()
                    old.deleteLater()
        self._columns, self._constants, self._words = {}, {}, {}
        self._kinds_title.hide()
        needed = {name for group in REQUIRED[kind] for name in group[:1]}
        for row, field in enumerate(BY_KIND[kind]):
            label = QLabel(title_of(field) + (" *" if field in needed else ""))
            if field in needed:
                label.setToolTip("Needed")
            columns = self._narrow(QComboBox())
            columns.setAccessibleName(f"Column for {title_of(field)}")
            columns.addItem(_NOT_HERE, "")
            for name in self._header:
                columns.addItem(name, name)
            columns.setCurrentIndex(max(0, columns.findData(suggested.get(field, ""))))
            constant = self._line(f"The same {title_of(field)} for every row", "for every row")
            constant.setToolTip(f"The same {title_of(field).lower()} for every row of the file")
            self._columns[field], self._constants[field] = columns, constant
            label.setBuddy(columns)
            self._grid.addWidget(label, row, 0)
            self._make_room(row, columns, constant)
            columns.activated.connect(
                lambda _n, row=row, columns=columns, constant=constant: self._chosen(row, columns, constant)
            )
        self._quiet = False

    def _make_room(self, row: int, columns: QComboBox, constant: QLineEdit) -> None:
        """A field that is no column may have one value for every row: only then it is asked for."""
        constant.setVisible(not columns.currentData())
        self._grid.addWidget(columns, row, 1, 1, 2 if columns.currentData() else 1)
        if not columns.currentData():
            self._grid.addWidget(constant, row, 2)

    def _chosen(self, row: int, columns: QComboBox, constant: QLineEdit) -> None:
        for widget in (columns, constant):
            self._grid.removeWidget(widget)
        self._make_room(row, columns, constant)
        self._tell()

    def show_words(self, words: Sequence[str]) -> None:
        """The file's own words for kinds of movement, to be given a meaning."""
        wanted = [word for word in dict.fromkeys(words) if word]
        if self._kind is not RecordKind.MOVEMENTS or set(wanted) <= self._words.keys():
            self._kinds_title.setVisible(bool(self._words) and self._kind is RecordKind.MOVEMENTS)
            return
        for word in wanted:
            if word in self._words or len(self._words) >= 40:
                continue
            row = len(self._words)
            meaning = self._choice(
                f"Meaning of {word}",
                (("", "understood by itself"), *((kind.value, kind.value) for kind in MovementKind)),
            )
            sign = self._choice(f"Sign of {word}", _SIGNS)
            label = QLabel(word)
            tone(label, Tone.NORMAL)
            for place, widget in enumerate((label, meaning, sign)):
                self._kinds_grid.addWidget(widget, row, place)
            self._words[word] = (meaning, sign)
        self._kinds_title.setVisible(True)

    def column_of(self, field: str) -> str:
        """The column chosen for a field, '' for none."""
        combo = self._columns.get(field)
        return str(combo.currentData()) if combo is not None else ""

    # as TOML

    def text(self, name: str) -> str:
        """The mapping as it stands, in the form a person could have written."""
        content: dict[str, Any] = {"name": name, "kind": self._kind.value}
        dates = [part.strip() for part in self.dates.text().split(",") if part.strip()]
        if dates and dates != ["ISO"]:
            content["dates"] = dates
        if self.sheet.count():
            content["sheet"] = self.sheet.currentText()
        given = {"zone": self.zone.text().strip(), "thousands": self.thousands.currentData()}
        content |= {key: value for key, value in given.items() if value}
        for key, field, usual in (
            ("decimal", self.decimal, "."),
            ("sign", self.sign, "signed"),
            ("missing_time", self.missing_time, "reject"),
            ("duplicates", self.duplicates, "keep"),
        ):
            if field.currentData() != usual:
                content[key] = field.currentData()
        columns = {field: self.column_of(field) for field in self._columns if self.column_of(field)}
        constants = {
            field: line.text().strip()
            for field, line in self._constants.items()
            if line.text().strip() and field not in columns
        }
        content["columns"] = columns
        if constants:
            content["constants"] = constants
        kinds = {
            word: {"kind": meaning.currentData(), "sign": sign.currentData()}
            for word, (meaning, sign) in self._words.items()
            if meaning.currentData()
        }
        if kinds:
            content["kinds"] = kinds
        return tomlkit.dumps(content)
