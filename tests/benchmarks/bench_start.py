"""Process start to the first usable queue of the demo, against a window that imports only Qt and NumPy.

Whole processes, by turns, medians. The reference shows as many rows of a NumPy array in a plain QTableView,
in the shipped face. A third process also imports SQLAlchemy, which the program itself imports only behind
its first picture.

Usable means: the person is signed in, the queue's rows are in a visible list with the cursor on one, and all
that is to be drawn is drawn. A turn that is not timed then sorts by a column, selects every row and asks the
picture of the list for its colours, so that no empty list passes.

Everybody's modules are compiled before they are timed, as in an installed program, into a folder of this
run's own: where Python may not write them, ours would be compiled in each turn, Qt's and NumPy's never.

    python tests/benchmarks/bench_start.py [--demo FILE] [--repeat 9]
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WANTED = 2.0
NEVER = (
    "sqlalchemy",
    "pandas",
    "reportlab",
    "pyqtgraph",
    "alembic",
    "pydantic",
    "pypdfium2",
    "xlsxwriter",
    "biip",
)

PLAIN = """
import os, sys
import numpy
from PySide6.QtCore import QAbstractTableModel, QTimer, Qt
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication, QMainWindow, QTableView
if "{also}":
    __import__("{also}")
class Rows(QAbstractTableModel):
    cells = numpy.arange(300).reshape(25, 12)
    def rowCount(self, parent=None): return 25
    def columnCount(self, parent=None): return 12
    def data(self, index, role=0):
        return str(self.cells[index.row(), index.column()]) if role == 0 else None
app = QApplication(["plain"])
face = QFontDatabase.addApplicationFont(sys.argv[1])
app.setFont(QFont(QFontDatabase.applicationFontFamilies(face)[0], 10))
window, table = QMainWindow(), QTableView()
table.setModel(Rows())
window.setCentralWidget(table)
window.resize(1366, 768)
window.show()
def done():
    window.repaint()
    print("shown", flush=True)
    os._exit(0)
QTimer.singleShot(0, done)
app.exec()
"""

OURS = """
import os, sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
execute = QApplication.exec
def look():
    for window in QApplication.topLevelWidgets():
        here = getattr(getattr(window, "workplace", None), "here", None)
        table = getattr(here, "table", None)
        if table is not None and table.isVisible() and table.table.rowCount() and table.current_id():
            window.repaint()
            print("shown", *(name for name in {never} if name in sys.modules), flush=True)
            if "proof" in sys.argv:
                prove(table)
            os._exit(0)
def prove(table):
    first = table.table.index(0, 1).data()
    table.sort_by("item", True)
    table.selectAll()
    picture = table.viewport().grab().toImage()
    grid = [(x, y) for x in range(0, picture.width(), 3) for y in range(0, picture.height(), 3)]
    colours = len({{picture.pixelColor(*place).name() for place in grid}})
    print("proved", len(table.selected_ids()), first != table.table.index(0, 1).data(), colours, flush=True)
def watched(*arguments):
    global timer
    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(0)
    return execute()
QApplication.exec = watched
from zeroline.app import main
main(["--database", sys.argv[1], "demo"])
"""


def timed(code: str, argument: str, home: Path, *more: str) -> tuple[float, list[str]]:
    """Seconds from the start of a process until its window shows rows, and what it said.

    With ``more`` "proof" also looks whether it can be used. Raises SystemExit where nothing comes up.
    """
    surroundings = {
        **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
        "PYTHONPYCACHEPREFIX": str(home / "compiled"),
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_DATA_HOME": str(home),
    }
    begun = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-c", code, argument, *more],
        env=surroundings,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("shown") and not more:
                return time.perf_counter() - begun, line.split()[1:]
            if line.startswith("proved"):
                rows, sorted_anew, colours = line.split()[1:]
                if int(rows) > 1 and sorted_anew == "True" and int(colours) > 8:
                    return time.perf_counter() - begun, []
    raise SystemExit("the window did not come up, or its list is of no use")


def main() -> int:
    """Measure and print; the exit code says whether the ratio holds and nothing heavy was imported."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--demo", type=Path, help="a demo database; built when absent")
    options.add_argument("--repeat", type=int, default=9)
    given = options.parse_args()
    from zeroline.assets import resource

    font = str(next(iter(sorted(resource("fonts").glob("*.ttf")))))
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        database = home / "demo.db"
        if given.demo is not None:
            shutil.copyfile(given.demo, database)
        else:
            from zeroline.simulator.demo import build

            build(f"sqlite:///{database}", time.time_ns() // 1_000 - 36_000_000_000, lambda *_: None)
        programs = {
            "Qt and NumPy": (PLAIN.format(also=""), font),
            "with SQLAlchemy": (PLAIN.format(also="sqlalchemy"), font),
            "first queue": (OURS.format(never=NEVER), f"sqlite:///{database}"),
        }
        taken: dict[str, list[float]] = {name: [] for name in programs}
        heavy: set[str] = set()
        timed(*programs["first queue"], home, "proof")
        for turn in range(given.repeat + 1):  # the first turn fills the caches
            for name, (code, argument) in programs.items():
                seconds, told = timed(code, argument, home)
                heavy.update(told)
                if turn:
                    taken[name].append(seconds)
    medians = {name: statistics.median(values) for name, values in taken.items()}
    plain, floor, ours = medians.values()
    for name, seconds in medians.items():
        print(f"{name:18} {seconds * 1000:7.0f} ms")
    print(f"first queue ÷ Qt and NumPy    {ours / plain:5.2f}  wanted ≤ {WANTED}")
    print(f"first queue ÷ with SQLAlchemy {ours / floor:5.2f}")
    print(f"imported before the first queue of what may wait: {', '.join(sorted(heavy)) or 'nothing'}")
    return 0 if ours / plain <= WANTED and not heavy else 1


if __name__ == "__main__":
    raise SystemExit(main())
