"""One line to count in three steps, read at arm's length: this bin, this item, how much."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from zeroline.domain.count import parse_entry
from zeroline.domain.views.counting import BlindLine
from zeroline.ui.screens.counting.on_sheet import KEPT
from zeroline.ui.text.counting import blocked, marks, round_name
from zeroline.ui.text.format import Format
from zeroline.ui.theme import GRID, Size, Theme, Tone, face, kind, tone
from zeroline.ui.widgets.quantity_edit import QuantityEdit
from zeroline.ui.widgets.reading_pane import ReadingPane


class Stage(IntEnum):
    """Which step comes next; CLOSED: this line wants nothing from this person."""

    BIN = 0
    ITEM = 1
    QUANTITY = 2
    CLOSED = 3


_NARROWEST = 440
_LOOKS = {"done": ("verified", "check"), "now": ("accent", "chevron-right"), "later": ("", "")}


class _Step(QFrame):
    """A step: its name, what to go to, whether it is done."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._theme = Theme.active()
        self.setAccessibleName(name)
        self._look = "later"
        title = QLabel(name)
        tone(title, Tone.MUTED)
        self._icon = QLabel()
        self._icon.setFixedSize(20, 20)
        self.value = QLabel()
        self.value.setFont(face(Size.DISPLAY, code=True, strong=True))
        self.value.setTextFormat(Qt.TextFormat.PlainText)
        self.value.setWordWrap(True)
        self.more = QLabel()
        self.more.setFont(face(Size.LARGE))
        self.more.setTextFormat(Qt.TextFormat.PlainText)
        self.more.setWordWrap(True)
        self.grid = QGridLayout(self)
        self.grid.setContentsMargins(4 * GRID, 3 * GRID, 4 * GRID, 3 * GRID)
        self.grid.setHorizontalSpacing(3 * GRID)
        self.grid.setVerticalSpacing(GRID)
        title.setFixedWidth(72)
        title.setContentsMargins(0, 2 * GRID, 0, 0)
        self.grid.addWidget(title, 0, 0, Qt.AlignmentFlag.AlignTop)
        self.grid.addWidget(self.value, 0, 1)
        self.grid.addWidget(self._icon, 0, 2, Qt.AlignmentFlag.AlignTop)
        self.grid.addWidget(self.more, 1, 1, 1, 2)
        self.grid.setColumnStretch(1, 1)
        self._theme.changed.connect(self._draw)

    def show_as(self, value: str, more: str, look: str) -> None:
        """``look``: done, now or later."""
        self.value.setText(value)
        self.more.setText(more)
        self.more.setVisible(bool(more))
        self._look = look
        words = {"done": "done", "now": "now", "later": "later"}[look]
        self.setAccessibleDescription(f"{value} {more}, {words}".strip())
        self._draw()

    def _draw(self) -> None:
        look, icon = _LOOKS[self._look]
        if self.property("banner") != look:
            self.setProperty("banner", look)
            self.style().unpolish(self)
            self.style().polish(self)
        if icon:
            self._icon.setPixmap(self._theme.pixmap(icon, look, 20))
        else:
            self._icon.clear()


class StepPane(QWidget):
    """``entered(text)``: a quantity was typed and Enter pressed; ``typed_code(text)``: a bin or an item was
    typed instead of scanned. Takes the focus while a scan is awaited, so that no field swallows it."""

    entered = Signal(str)
    typed_code = Signal(str)

    def __init__(self, form: Format) -> None:
        super().__init__()
        self._form = form
        self.line: BlindLine | None = None
        self.stage = Stage.CLOSED
        self.takes_focus = True  # not while somebody walks through the list beside
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Line to count")
        self.heading = QLabel()
        tone(self.heading, Tone.MUTED)
        self.bin = _Step("Bin")
        self.item = _Step("Item")
        self.amount = _Step("Quantity")
        self.quantity = QuantityEdit(lambda text: 0, lambda micro: "", size=Size.DISPLAY)
        self.quantity.field.setMaxLength(80)
        self.quantity.field.setMaximumWidth(264)
        self.quantity.field.setMinimumWidth(140)
        self.quantity.field.installEventFilter(self)
        self.unit = QLabel()
        self.unit.setProperty("textsize", "display")
        self.amount.value.hide()
        self.amount.grid.addWidget(self.quantity, 0, 1)
        row = QHBoxLayout()
        row.setSpacing(3 * GRID)
        row.addWidget(self.quantity.field, 8)
        row.addWidget(self.unit)
        row.addStretch(1)
        inside = self.quantity.layout()
        assert isinstance(inside, QVBoxLayout)
        inside.insertLayout(0, row)
        self.code = QLineEdit()
        self.code.setPlaceholderText("Type the code, then Enter")
        self.code.setAccessibleName("Code of the bin or item")
        self.code.setMaximumWidth(320)
        self.code.hide()
        self.code.returnPressed.connect(self._code_typed)
        self.hint = QLabel()
        self.hint.setFont(face(Size.LARGE, strong=True))
        self.hint.setWordWrap(True)
        self.hint.setAccessibleName("What to do now")
        self.quantity.entered.connect(lambda _: self.entered.emit(self.quantity.text()))
        self._steps = ReadingPane("Steps")  # a low window scrolls rather than cuts a code
        self._steps.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._steps.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._steps.setMinimumWidth(_NARROWEST)
        kind(self._steps.sheet, "window")
        column = self._steps.column
        column.setContentsMargins(4 * GRID, 3 * GRID, 4 * GRID, 3 * GRID)
        for widget in (self.heading, self.hint, self.code, self.bin, self.item, self.amount):
            column.addWidget(widget)
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._steps)

    # what is shown

    def show_line(self, line: BlindLine | None, stage: Stage) -> None:
        """Show a line at a step; another line starts with an empty quantity (or what was entered before)."""
        other = line is None or self.line is None or line.line_id != self.line.line_id
        before, self.line = self.line, line
        if line is None:
            self._nothing()
            return
        key = line.key
        if other:
            self.quantity.use(
                lambda text: (
                    parse_entry(text, key.unit, line.units, self._form.decimal, self._form.group).quantity
                ),
                lambda micro: self._form.quantity(micro, key.unit, key.decimals),
            )
            self.quantity.set_text(line.entered)
        elif before is not None and before.entered != line.entered and not self.unsaved(before):
            self.quantity.set_text(line.entered)
        said = [f"Line {line.position}", round_name(line.round)] + (["found"] if line.found else [])
        said += ["kept here, will be sent"] if line.state == KEPT else []
        self.heading.setText(" · ".join(said))
        self.unit.setText(key.unit)
        self.show_stage(Stage.CLOSED if line.blocked or line.state == "done" else stage)

    def _nothing(self) -> None:
        self.stage = Stage.CLOSED
        self.heading.setText("")
        for step in (self.bin, self.item):
            step.show_as("–", "", "later")
        self._show_quantity("later", "")
        self.hint.setText("")

    def show_stage(self, stage: Stage) -> None:
        """Which step is next; done ones are marked, and the focus goes where the next input belongs."""
        line = self.line
        if line is None:
            return
        self.stage = stage
        key = line.key
        looks = {
            Stage.BIN: ("now", "later", "later"),
            Stage.ITEM: ("done", "now", "later"),
            Stage.QUANTITY: ("done", "done", "now"),
            Stage.CLOSED: ("later", "later", "later"),
        }[stage]
        zone = " · ".join(part for part in (key.warehouse, f"zone {key.zone}" if key.zone else "") if part)
        self.bin.show_as(key.location, zone, looks[0])
        self.item.show_as(key.item, "\n".join(t for t in (key.description, marks(key)) if t), looks[1])
        units = [self._unit_words(line, unit.code) for unit in line.units if unit.code != key.unit]
        self._show_quantity(looks[2], " · ".join(units[:4]))
        self.code.hide()
        self.code.clear()
        self.hint.setText(self._hint(line, stage))
        self._steps.fit()
        self._steps.ensureWidgetVisible((self.bin, self.item, self.amount, self.bin)[stage])
        if stage is Stage.QUANTITY:
            self.quantity.field.selectAll()
        if self.takes_focus and self.isVisible():
            (self.quantity.field if stage is Stage.QUANTITY else self).setFocus()

    def _show_quantity(self, look: str, units: str) -> None:
        self.amount.show_as("", units, look)
        self.quantity.setEnabled(look == "now")

    def _unit_words(self, line: BlindLine, code: str) -> str:
        unit = next(unit for unit in line.units if unit.code == code)
        if unit.numerator % unit.denominator:
            return f"1 {code} = {unit.numerator}/{unit.denominator} {line.key.unit}"
        return f"1 {code} = {self._form.count(unit.numerator // unit.denominator)} {line.key.unit}"

    def _hint(self, line: BlindLine, stage: Stage) -> str:
        if line.blocked:
            return blocked(line)
        if line.state == "done":
            return "This line is submitted."
        if stage is Stage.BIN:
            return f"Go to bin {line.key.location} and scan it"
        if stage is Stage.ITEM:
            return f"Scan item {line.key.item}"
        return "Count, type what is there, press Enter"

    def unsaved(self, line: BlindLine | None = None) -> str:
        """What is typed and not yet kept; '' when there is nothing."""
        kept = line if line is not None else self.line
        typed = self.quantity.text()
        return typed if kept is not None and typed != kept.entered else ""

    @property
    def pending(self) -> str:
        """What is typed as the quantity and not kept yet, '' at the other steps."""
        return self.unsaved() if self.stage is Stage.QUANTITY else ""

    def begin_typing(self) -> None:
        """Type the code of the bin or item by hand."""
        if self.stage in (Stage.BIN, Stage.ITEM):
            self.code.show()
            self.code.setFocus()

    def _code_typed(self) -> None:
        text = self.code.text().strip()
        if text:
            self.code.selectAll()
            self.typed_code.emit(text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Undo and redo take back entries while nothing unsaved is typed; else they are the field's own."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and (event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo))
            and not self.unsaved()
        ):
            event.ignore()
            return True
        return super().eventFilter(watched, event)
