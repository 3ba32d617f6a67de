"""What the window remembers between days: layouts of lists and splitters, for each person."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QSplitter, QWidget


class Memory:
    """Small JSON values in an ini file, kept for one person and one view, with a version.

    A value written under another version is not read: a changed screen starts from its own layout.
    """

    def __init__(self, file: Path, person: str = "") -> None:
        self._settings = QSettings(str(file), QSettings.Format.IniFormat)
        self._person = person or "nobody"

    def of(self, person: str) -> Memory:
        """The same file for somebody else."""
        return Memory(Path(self._settings.fileName()), person)

    def read(self, view: str, version: str) -> Any | None:
        """The value written for this view and version; None when there is none or it is damaged."""
        text = self._settings.value(self._key(view, version))
        if not isinstance(text, str):
            return None
        try:
            return json.loads(text)
        except ValueError:
            return None

    def write(self, view: str, version: str, value: Any) -> None:
        """``value`` is anything JSON can hold."""
        self._settings.setValue(self._key(view, version), json.dumps(value, ensure_ascii=False))

    def reset(self, view: str = "") -> None:
        """Forget one view, or all views of this person."""
        self._settings.remove(f"{self._person}/{view}" if view else self._person)

    def follow(self, splitter: QSplitter, view: str, version: str = "1") -> None:
        """Restore a splitter's places now and remember them from now on."""
        sizes = self.read(view, version)
        if isinstance(sizes, list) and len(sizes) == splitter.count():
            splitter.setSizes([int(size) for size in sizes])
        splitter.splitterMoved.connect(lambda *_: self.write(view, version, splitter.sizes()))

    def save_geometry(self, window: QWidget, view: str = "window") -> None:
        """Remember where a window is; for its closeEvent."""
        self.write(view, "1", bytes(window.saveGeometry().toHex().data()).decode())

    def restore_geometry(self, window: QWidget, view: str = "window") -> bool:
        """Put a window where it was; False when nothing is remembered."""
        text = self.read(view, "1")
        return isinstance(text, str) and window.restoreGeometry(QByteArray.fromHex(text.encode()))

    def _key(self, view: str, version: str) -> str:
        return f"{self._person}/{view}/v{version}"
