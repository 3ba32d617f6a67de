"""How quickly a queue of 100,000 rows answers a keystroke, a click on a heading and the wheel.

    python -m tests.benchmarks.bench_tables [--rows 100000] [--repeat 60] [--check]

Paired in one run, medians; ratios carry over to other machines, milliseconds do not. Wanted:

* from keystroke or header click to repaint at most 1.8 times the bare reset of the model and repaint of one
  page of other rows in the same window;
* wheel scrolling at most 1.5 times that of an ordinary table view whose model's data() answers nothing.

Every figure is the time from the event until nothing is left to do, painting included. ``--check`` ends with
exit code 1 when a ratio is too high.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QTableView

from support.prompts import ScriptedPrompts
from support.screen import NOON, form
from zeroline.ui.memory import Memory
from zeroline.ui.tables.column import Column, code_column, text_column
from zeroline.ui.tables.fields import Amounts, Coded
from zeroline.ui.tables.panel import Empty, ListPanel
from zeroline.ui.tables.rows import Arrangement, Rows
from zeroline.ui.tasks import InlineTasks
from zeroline.ui.text.columns import money_column, quantity_column, when_column
from zeroline.ui.theme import Theme

KEYSTROKE_LIMIT = 1.8
WHEEL_LIMIT = 1.5
WORDS = ("brg-1", "out/00", "late", "e-04", "diaz", "7", "bearing 2", "hose", "42", "b")
SIZE = (1366, 728)


def columns() -> tuple[Column, ...]:
    english = form()
    return (
        code_column("item", "Item"),
        text_column("description", "Description", width=200, stretch=True),
        code_column("location", "Bin", width=80),
        quantity_column("on_hand", "On hand", english),
        when_column("since", "Since", english),
        money_column("value", "Value (€)", english),
        text_column("cause", "Likely cause", width=160),
        text_column("owner", "Owner", width=88),
        code_column("document", "Document", width=136),
        text_column("user", "User", width=88),
    )


def rows(count: int) -> Rows:
    """A queue as it comes from the services: distinct documents, some thousand items, a few causes."""
    some = np.random.default_rng(7)
    items = some.integers(0, max(10, count // 20), count)
    kinds = np.array(("BRG", "GLV", "HOSE", "PMP"))[items % 4]
    codes = [f"{kind}-{item}" for kind, item in zip(kinds.tolist(), items.tolist(), strict=True)]

    def words(*values: str) -> Coded:
        return Coded(some.integers(0, len(values), count), values)

    fields = {
        "item": Coded.of(codes),
        "description": Coded.of([f"Ball bearing {item}" for item in items.tolist()]),
        "location": Coded.of([f"{'ABCDE'[n % 5]}-{n:02}" for n in some.integers(0, 1_500, count).tolist()]),
        "on_hand": Amounts(-some.integers(1, 900, count) * 500_000),
        "since": Amounts(NOON - some.integers(1, 10**13, count)),
        "value": Amounts(-some.integers(1, 90_000, count) * 10_000),
        "cause": words("T1 receipt posted late", "K2 picked from another bin", "U1 unit conversion", ""),
        "owner": words("me", "R. Diaz", "A. Lindt", ""),
        "document": Coded.of([f"OUT/{n:07}" for n in range(count)]),
        "user": words("R. Diaz", "M. Okafor", "system"),
        "unit": words("EA", "BOX", "kg"),
    }
    made = Rows(range(count), fields)
    made.prepare(columns())
    return made


class Nothing(QAbstractTableModel):
    """As many rows and columns, and no answer to anything."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self._count = count

    def rowCount(self, parent: Any = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Any = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(columns())

    def data(self, index: Any, role: int = 0) -> Any:
        return None


class Window:
    """The panel with its rows, and the ways to do things to it as a person does."""

    def __init__(self, count: int, folder: Path) -> None:
        self.panel = ListPanel(
            columns(),
            view="bench",
            memory=Memory(folder / "window.ini"),
            prompts=ScriptedPrompts(),
            tasks=InlineTasks(),
            write_sheet=lambda table, file: None,
            empty=Empty("Nothing", "Nothing"),
            title="Negative on hand",
        )
        self.panel.resize(*SIZE)
        self.panel.set_rows(rows(count))
        self.panel.show()
        self.view = self.panel.table
        self._turn = 0

    def bare(self, _: int) -> None:
        """Another page of the same rows, by a reset and nothing else."""
        model, shown = self.view.table, self.view.table.shown
        self._turn += 1
        moved = Arrangement(np.roll(shown.arrangement.display, 997), (), shown.arrangement.matched)
        model.beginResetModel()
        shown.arrangement = moved
        model._blocks.clear()
        model.endResetModel()

    def keystroke(self, turn: int) -> None:
        """One more letter of a word; after its last letter the field is emptied unmeasured."""
        QTest.keyClick(self.panel.search, self._letters[turn % len(self._letters)])

    def type(self, word: str) -> Callable[[int], None]:
        self._letters = word
        return self.keystroke

    def heading(self, turn: int) -> None:
        header = self.view.horizontalHeader()
        place = turn % len(columns())
        middle = header.sectionViewportPosition(place) + header.sectionSize(place) // 2
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(middle, 10))


def ordinary(count: int) -> QTableView:
    """Qt's own view over a model that answers nothing, of the same size and line height."""
    view = QTableView()
    view.verticalHeader().hide()
    view.verticalHeader().setDefaultSectionSize(28)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setModel(Nothing(count))
    for place, column in enumerate(columns()):
        view.setColumnWidth(place, column.width)
    view.setColumnWidth(1, 400)
    view.resize(*SIZE)
    view.show()
    return view


def wheel(view: QAbstractItemView) -> Callable[[int], None]:
    def turn(_: int) -> None:
        at, none = QPointF(300, 300), Qt.KeyboardModifier.NoModifier
        phase, buttons = Qt.ScrollPhase.NoScrollPhase, Qt.MouseButton.NoButton
        event = QWheelEvent(at, at, QPoint(), QPoint(0, -120), buttons, none, phase, False)
        QApplication.sendEvent(view.viewport(), event)

    return turn


def timed(act: Callable[[int], None], turn: int) -> float:
    """Milliseconds from the act until nothing is left to do."""
    begun = time.perf_counter()
    act(turn)
    QApplication.processEvents()
    return (time.perf_counter() - begun) * 1_000


def paired(one: Callable[[int], None], other: Callable[[int], None], repeat: int) -> tuple[float, float]:
    """Medians of both, taken in turns."""
    pairs = [(timed(one, turn), timed(other, turn)) for turn in range(repeat)]
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)


def typed(window: Window, repeat: int) -> tuple[float, float]:
    """Keystrokes of ten words against bare resets over the same rows."""
    ours: list[float] = []
    bare: list[float] = []
    for _ in range(max(1, repeat // 10)):
        for word in WORDS:
            ours += [timed(window.type(word), turn) for turn in range(len(word))]
            window.panel.search.clear()
            QApplication.processEvents()
            bare += [timed(window.bare, turn) for turn in range(len(word))]
    return statistics.median(ours), statistics.median(bare)


def main() -> int:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--repeat", type=int, default=60)
    options.add_argument("--check", action="store_true")
    given = options.parse_args()
    application = QApplication.instance() or QApplication([])
    Theme.active()
    with tempfile.TemporaryDirectory() as folder:
        window = Window(given.rows, Path(folder))
        plain = ordinary(given.rows)
        QApplication.processEvents()
        keystroke, bare = typed(window, given.repeat)
        heading, bare_again = paired(window.heading, window.bare, given.repeat)
        scrolled, nothing = paired(wheel(window.view), wheel(plain), given.repeat)
        window.panel.close()
        plain.close()
    found = (
        ("keystroke to repaint", keystroke, bare, KEYSTROKE_LIMIT),
        ("header click to repaint", heading, bare_again, KEYSTROKE_LIMIT),
        ("wheel step", scrolled, nothing, WHEEL_LIMIT),
    )
    print(f"{given.rows:,} rows, medians in ms")
    for name, ours, reference, limit in found:
        ratio = ours / reference
        print(f"{name:24} {ours:7.2f}  reference {reference:7.2f}  ratio {ratio:5.2f}  wanted ≤ {limit}")
    del application
    return int(given.check and any(ours / reference > limit for _, ours, reference, limit in found))


if __name__ == "__main__":
    sys.exit(main())
