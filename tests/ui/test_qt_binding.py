"""The Qt binding itself: some releases of it lose a reference on every emit and abort the process."""

from __future__ import annotations

import subprocess
import sys

EMITS = 20_000

PROGRAM = f"""
from PySide6.QtCore import QCoreApplication, QObject, Signal

class Bell(QObject):
    plain = Signal()
    filled = Signal(int, str, object)

application = QCoreApplication([])
bell = Bell()
heard = 0

def hear(*what):
    global heard
    heard += 1

bell.plain.connect(hear)
bell.filled.connect(hear)
for turn in range({EMITS}):
    bell.plain.emit()
    bell.filled.emit(turn, "bin", (turn,))
print(heard)
"""


def test_twenty_thousand_emits_all_arrive_and_the_process_lives() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout.strip()) == (0, str(2 * EMITS)), done.stderr
