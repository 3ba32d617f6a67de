"""The sites of a person: all of them, or those that are ticked."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QButtonGroup, QCheckBox, QLabel, QRadioButton, QScrollArea, QVBoxLayout, QWidget

from zeroline.domain.changes import Changes
from zeroline.domain.views.people import PersonRow
from zeroline.domain.views.sites import SiteFacts
from zeroline.ui.desk import Desk
from zeroline.ui.dialogs.form import Form
from zeroline.ui.theme import GRID, Tone, tone


class SitesDialog(Form):
    """``given`` gets the codes that hold from now on, none for all sites."""

    def __init__(
        self,
        parent: QWidget,
        desk: Desk,
        row: PersonRow,
        now: Sequence[str],
        sites: Sequence[SiteFacts],
        given: Callable[[tuple[str, ...]], None],
    ) -> None:
        super().__init__(parent, desk, f"Sites of {row.person.name}", "Set the sites", width=460)
        self._row, self._now, self._given = row, tuple(now), given
        told = QLabel(
            f"{row.person.name} sees and writes only what belongs to these sites, in any program. "
            "Somebody limited to sites cannot rebuild figures, nor do what needs the whole ledger."
        )
        told.setWordWrap(True)
        tone(told, Tone.MUTED)
        self.body.addWidget(told)
        self.all = QRadioButton("All sites, those that come later too")
        self.some = QRadioButton("Only these sites")
        self._which = QButtonGroup(self)
        for button in (self.all, self.some):
            self._which.addButton(button)
            self.body.addWidget(button)
        self.ticks: dict[str, QCheckBox] = {}
        self.body.addWidget(self._listed(sites), 1)
        (self.some if now else self.all).setChecked(True)
        self._which.buttonToggled.connect(lambda *_: self._look())
        self._look()
        (self.some if now else self.all).setFocus()

    def _listed(self, sites: Sequence[SiteFacts]) -> QScrollArea:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(6 * GRID, 0, 0, 0)
        column.setSpacing(GRID)
        for site in sorted(sites, key=lambda site: site.code):
            words = site.code if site.name == site.code else f"{site.code} – {site.name}"
            tick = QCheckBox(words.replace("&", "&&"))
            tick.setChecked(site.code in self._now)
            tick.toggled.connect(lambda _: self._look())
            self.ticks[site.code] = tick
            column.addWidget(tick)
        column.addStretch(1)
        self.list = QScrollArea()
        self.list.setWidgetResizable(True)
        self.list.setFrameShape(QScrollArea.Shape.NoFrame)
        self.list.setAccessibleName("Sites")
        self.list.setWidget(inside)
        self.list.setMinimumHeight(min(inside.sizeHint().height(), 60 * GRID))
        return self.list

    def chosen(self) -> tuple[str, ...]:
        """The codes of the sites that are ticked, none where it is all sites."""
        if self.all.isChecked():
            return ()
        return tuple(code for code, tick in self.ticks.items() if tick.isChecked())

    def _look(self) -> None:
        self.list.setEnabled(self.some.isChecked())
        usable = self.all.isChecked() or bool(self.chosen())
        self.yes.setEnabled(usable and self.chosen() != self._now)

    def go(self) -> None:
        limiting, actor, row, chosen = self.desk.services.limiting, self.desk.person, self._row, self.chosen()

        def done(_: Changes) -> None:
            self._given(chosen)

        self.send(lambda: limiting.limit(actor, row.person.id, chosen, row.version), done)
