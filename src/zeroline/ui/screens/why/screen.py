"""Why it happens: patterns above single cases, the clocks of the sources, what people taught the program."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QTabWidget, QVBoxLayout, QWidget

from zeroline.domain.changes import Changes
from zeroline.ui.desk import Desk
from zeroline.ui.screens.screen import Screen
from zeroline.ui.screens.why.clocks import ClocksPage
from zeroline.ui.screens.why.learned import LearnedPage
from zeroline.ui.screens.why.patterns import PatternsPage
from zeroline.ui.theme import GRID, Tone, kind, tone

PERIODS = ((30, "last 30 days"), (90, "last 90 days"), (365, "last year"))
"""Days that can be looked at."""

_USUAL = 90


class WhyScreen(Screen):
    """Three pages, Alt+1 to Alt+3. Target of a visit: patterns, clocks, learned, or None."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Why it happens")
        self.patterns = PatternsPage(desk)
        self.clocks = ClocksPage(desk)
        self.learned = LearnedPage(desk)
        self.pages: dict[str, Screen] = {
            "patterns": self.patterns,
            "clocks": self.clocks,
            "learned": self.learned,
        }
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName("Pages")
        for number, (page, title) in enumerate(
            zip(self.pages.values(), ("Patterns", "Clocks and lags", "What we learned"), strict=True), 1
        ):
            self.tabs.addTab(page, title)
            self.tabs.setTabToolTip(number - 1, f"Alt+{number}")
            self.action(title, f"Alt+{number}", lambda place=number - 1: self._turn_to(place))
        self.period = QComboBox()
        self.period.setAccessibleName("Period")
        for days, words in PERIODS:
            self.period.addItem(words, days)
        kept = desk.memory.read("why period", "1")
        self.period.setCurrentIndex(max(0, self.period.findData(kept if isinstance(kept, int) else _USUAL)))
        self.period.currentIndexChanged.connect(lambda _: self._another_period())
        self._lay_out()
        self._hand_period()
        self.tabs.currentChanged.connect(lambda _: self._turned())

    def _lay_out(self) -> None:
        kind(self, "surface")
        self.dates = QLabel()
        self.dates.setBuddy(self.period)
        tone(self.dates, Tone.MUTED)
        for page in (self.patterns, self.clocks):
            page.period_told.connect(self.dates.setText)
        self._corner = QWidget()
        row = QHBoxLayout(self._corner)
        row.setContentsMargins(0, 1, 2 * GRID, 1)
        row.setSpacing(2 * GRID)
        row.addWidget(self.dates)
        row.addWidget(self.period)
        self.tabs.setCornerWidget(self._corner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, GRID, 0, 0)
        outer.addWidget(self.tabs)
        self.setFocusProxy(self.tabs)

    @property
    def page(self) -> Screen:
        """The page on show."""
        shown = self.tabs.currentWidget()
        assert isinstance(shown, Screen)
        return shown

    def _turn_to(self, place: int) -> None:
        self.tabs.setCurrentIndex(place)
        self.page.setFocus()

    def _turned(self) -> None:
        self._corner.setVisible(self.page is not self.learned)
        self.page.open()
        self.setFocusProxy(self.page)

    # reading

    def open(self, target: Any = None) -> None:
        if isinstance(target, str) and target in self.pages:
            self.tabs.setCurrentWidget(self.pages[target])
        self.setFocusProxy(self.page)
        self.page.open()

    def reload(self) -> None:
        self.page.reload()

    def announce(self, changes: Changes, *, others: bool = False) -> None:
        for page in self.pages.values():
            page.announce(changes)  # figures over many cases: they are as of now

    def _hand_period(self) -> None:
        days = int(self.period.currentData())
        self.patterns.days = self.clocks.days = days

    def _another_period(self) -> None:
        self._hand_period()
        self.desk.memory.write("why period", "1", self.period.currentData())
        for page in (self.patterns, self.clocks):
            page.spoil()
        self.page.open()
