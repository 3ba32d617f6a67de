"""Lags, orders and clocks in sentences."""

from __future__ import annotations

from zeroline.domain.diagnosis.clocks import ClockOffset, Inversion, Stream
from zeroline.ui.text.format import Format
from zeroline.ui.text.patterns import acts
from zeroline.ui.text.phrase import counted


class ClockWords:
    """Tells what timestamps say with the numbers of one person's Format."""

    def __init__(self, form: Format) -> None:
        self._form = form

    def lag(self, length: int) -> str:
        """'7 h', '−3 min' for what was recorded before it happened."""
        return f"−{self._form.duration(length)}" if length < 0 else self._form.duration(length)

    def stream(self, stream: Stream) -> str:
        """How late one kind of movement of a source is."""
        whole, form = stream.whole, self._form
        told = (
            f"Half of the {form.count(whole.count)} {acts(stream.kind)} that {stream.source} told were "
            f"recorded within {self.lag(whole.middle)}, 95 % within {self.lag(whole.high)}"
        )
        if whole.late:
            told += f"; {form.count(whole.late)} ({form.percent(whole.late, whole.count)}) took over an hour"
        return f"{told}."

    def inversion(self, found: Inversion) -> str:
        """Who told after whom, how often, by how much."""
        count = self._form.count
        return (
            f"{found.late} told {count(found.movements)} of {count(found.among)} movements after "
            f"{found.early} had told what came after them, half of them by more than "
            f"{self.lag(found.middle)}."
        )

    def ahead(self, stream: Stream) -> str:
        """A clock that is ahead of the one that records."""
        whole = stream.whole
        were, they = ("was", "it") if whole.ahead == 1 else ("were", "they")
        return (
            f"{counted(whole.ahead, 'movement', 'movements')} ({acts(stream.kind)} of {stream.source}) "
            f"{were} recorded before {they} happened: the clock that says when {they} happened is ahead, "
            f"once by {self.lag(whole.furthest)}."
        )

    def offset(self, found: ClockOffset) -> str:
        """Whether two clocks agree, and the bounds between which they can differ."""
        against, pairs = self._form.count(found.against), self._form.count(found.pairs)
        wrong = f"{against} of {pairs} pairs of one document stand the wrong way round"
        if not found.fits:
            return (
                f"The clocks of {found.one} and {found.other} contradict each other: {wrong}, and no one "
                "offset explains them."
            )
        if found.least > 0:
            return f"The clock of {found.other} is ahead of {found.one} by {self._bounds(found)}: {wrong}."
        if found.least < 0:
            return f"The clock of {found.other} is behind {found.one} by {self._bounds(found)}: {wrong}."
        return f"The clocks of {found.one} and {found.other} may agree ({self._range(found)}): {wrong}."

    def _bounds(self, found: ClockOffset) -> str:
        near, far = (found.low, found.high) if found.least > 0 else (found.high, found.low)
        assert near is not None
        least = self.lag(abs(near))
        return f"at least {least}" if far is None else f"{least} to {self.lag(abs(far))}"

    def _range(self, found: ClockOffset) -> str:
        if found.low is not None and found.high is not None:
            behind, ahead = self.lag(-found.low), self.lag(found.high)
            return f"{found.other} is anywhere from {behind} behind to {ahead} ahead"
        if found.high is not None:
            return f"{found.other} is at most {self.lag(found.high)} ahead"
        assert found.low is not None
        return f"{found.other} is at most {self.lag(-found.low)} behind"
