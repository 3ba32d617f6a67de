"""Files that appear whole or not at all, and the say a person has while they are made."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from zeroline.domain.errors import Cancelled

Progress = Callable[[int, int], None]
"""Told (done, whole) in steps of work from time to time."""


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary name beside ``path``, renamed to it at the end, removed when anything fails."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield temporary
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


class Meter:
    """Counts steps of work, tells the progress, and asks whether to stop."""

    def __init__(
        self, whole: int, progress: Progress | None = None, cancelled: Callable[[], bool] | None = None
    ) -> None:
        self._whole, self._done = max(whole, 1), 0
        self._progress, self._cancelled = progress, cancelled

    def tick(self, steps: int) -> None:
        """So many steps more are done; raises Cancelled when asked to stop."""
        if self._cancelled is not None and self._cancelled():
            raise Cancelled
        self._done = min(self._done + steps, self._whole)
        if self._progress is not None and steps:
            self._progress(self._done, self._whole)

    def finish(self) -> None:
        """All is done."""
        if self._progress is not None:
            self._progress(self._whole, self._whole)
