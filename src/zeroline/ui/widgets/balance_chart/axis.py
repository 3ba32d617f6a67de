"""The time axis in the site's zone: ticks at whole hours and days of the floor."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pyqtgraph as pg

from zeroline.ui.text.format import Format

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_STEPS = (
    *(n * _MINUTE for n in (1, 5, 15, 30)),
    *(n * _HOUR for n in (1, 3, 6, 12)),
    *(n * _DAY for n in (1, 2, 7, 14, 30, 91, 182, 365)),
)


class TimeAxis(pg.AxisItem):  # type: ignore[misc]
    """Values are seconds since 1970 UTC."""

    def __init__(self, form: Format) -> None:
        super().__init__(orientation="bottom")
        self._form = form
        self.enableAutoSIPrefix(False)

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:
        room = max(2.0, size / 110)
        wanted = (maxVal - minVal) / room
        step = next((step for step in _STEPS if step >= wanted), _STEPS[-1])
        first = self._form.local(int(minVal * 1_000_000))
        at = first.replace(hour=0, minute=0, second=0, microsecond=0)
        values: list[float] = []
        moment: datetime = at
        while moment.timestamp() <= maxVal and len(values) < 200:
            if moment.timestamp() >= minVal:
                values.append(moment.timestamp())
            moment = self._next(moment, step)
        return [(float(step), values)]

    def _next(self, moment: datetime, step: int) -> datetime:
        """The next tick: days are counted on the floor's calendar, so that midnight stays midnight."""
        if step >= _DAY:
            return moment + timedelta(days=step // _DAY)
        later = datetime.fromtimestamp(moment.timestamp() + step, self._form.zone)
        if later.date() != moment.date():  # begin each day afresh, whatever the clocks did
            return later.replace(hour=0, minute=0, second=0)
        return later

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        texts: list[str] = []
        for value in values:
            instant = int(value * 1_000_000)
            at = self._form.local(instant)
            if spacing >= 91 * _DAY:
                texts.append(self._form.day(instant))
            elif at.hour == at.minute == 0:
                texts.append(self._form.date(instant))
            else:
                texts.append(self._form.time(instant))
        return texts


class AmountAxis(pg.AxisItem):  # type: ignore[misc]
    """Balances in plain units, written by locale with the real minus sign."""

    def __init__(self, form: Format) -> None:
        super().__init__(orientation="left")
        self._form = form
        self.enableAutoSIPrefix(False)

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        decimals = 0 if spacing >= 1 else min(6, len(f"{spacing:.6f}".rstrip("0").split(".")[1]))
        return [self._form.scaled(round(value * 1_000_000), decimals) for value in values]


def quiet(axis: Any, line: Any, text: Any, font: Any) -> None:
    """Thin lines, muted figures in the shipped face."""
    axis.setPen(line)
    axis.setTextPen(text)
    axis.setStyle(tickFont=font, tickLength=-4, tickTextOffset=6)
