"""Where the person can go, each place with its count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from zeroline.ui.screens import Entry
from zeroline.ui.text.format import Format
from zeroline.ui.theme import GRID, Theme, Tone, kind, tone


class _Way(QPushButton):
    """One place: icon, title and, at the right, how much waits there."""

    def __init__(self, entry: Entry, theme: Theme, form: Format) -> None:
        super().__init__()
        self._form = form
        self.entry = entry
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setAutoDefault(False)
        kind(self, "way")
        self.setIcon(theme.icon(entry.icon, "muted"))
        self.setIconSize(QSize(16, 16))
        self.setText(entry.title)
        self.setToolTip(f"{entry.title}   {entry.shortcut}".strip())
        self.number = QLabel()
        self.number.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        tone(self.number, Tone.MUTED)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 3 * GRID, 0)
        row.addStretch(1)
        row.addWidget(self.number)
        self.show_count(None)

    def show_count(self, count: int | None, late: int = 0) -> None:
        """How much waits here; ``late`` of it is past due."""
        self.number.setText("" if count is None else short(count, self._form))
        tone(self.number, Tone.CAUTION if late else Tone.MUTED)
        say = self._form.count
        told = "" if count is None else f", {say(count)} waiting" + (f", {say(late)} late" if late else "")
        self.setAccessibleName(self.entry.title + told)
        hint = f"{self.entry.title}{told}"
        self.setToolTip(f"{hint}   {self.entry.shortcut}".strip())


def short(count: int, form: Format) -> str:
    """A count that fits beside its place: '3,831', '99k', '1.2M'; the whole of it stands in the hint."""
    if count < 10_000:
        return form.count(count)
    if count < 1_000_000:
        return f"{form.count(count // 1_000)}k"
    return f"{form.scaled(count // 100_000 * 100_000, 1)}M"


class SideBar(QFrame):
    """``chosen`` carries the key of the place a person picked by click, by arrow keys or by its shortcut."""

    chosen = Signal(str)

    def __init__(self, entries: Sequence[Entry], theme: Theme, form: Format) -> None:
        super().__init__()
        kind(self, "side")
        self.setAccessibleName("Places")
        self.setFixedWidth(208)
        self._ways: dict[str, _Way] = {}
        self._group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 3 * GRID, 2 * GRID, 3 * GRID)
        column.setSpacing(0)
        section = ""
        for entry in entries:
            if not entry.section:
                continue
            if entry.section != section:
                section = entry.section
                if self._ways:
                    column.addSpacing(3 * GRID)
                title = QLabel(section)
                title.setProperty("textsize", "small")
                title.setContentsMargins(3 * GRID, GRID, 0, GRID)
                tone(title, Tone.MUTED)
                column.addWidget(title)
            way = self._ways[entry.key] = _Way(entry, theme, form)
            self._group.addButton(way)
            column.addWidget(way)
            way.clicked.connect(lambda _checked=False, key=entry.key: self.chosen.emit(key))
            if entry.shortcut:
                shortcut = QShortcut(QKeySequence(entry.shortcut), self)
                shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
                shortcut.activated.connect(lambda key=entry.key: self.chosen.emit(key))
        column.addStretch(1)

    def show_place(self, key: str) -> None:
        """Mark where the person is; a place outside the bar leaves the mark where it was."""
        if key in self._ways:
            self._ways[key].setChecked(True)

    def show_counts(self, counts: Mapping[str, tuple[int, int]]) -> None:
        """(waiting, late) by the entry's ``count`` name."""
        for way in self._ways.values():
            if way.entry.count:
                way.show_count(*counts.get(way.entry.count, (None, 0)))

    def keys(self) -> list[tuple[str, str]]:
        """(key, place) of every place that has a key."""
        return [(w.entry.shortcut, w.entry.title) for w in self._ways.values() if w.entry.shortcut]

    def first(self) -> str:
        """The key of the topmost place."""
        return next(iter(self._ways), "")

    def widget_of(self, key: str) -> QWidget | None:
        """The button of a place."""
        return self._ways.get(key)
