"""The command line as a person or a nightly job uses it, in this process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from zeroline import cli


@dataclass
class Called:
    """Programs that only note that they were called for."""

    calls: list[tuple[object, ...]] = field(default_factory=list)

    def window(self, url: str | None) -> int:
        self.calls.append(("window", url))
        return 0

    def demo(self, folder: Path | None, url: str | None) -> int:
        self.calls.append(("demo", folder, url))
        return 0

    def screenshots(self, folder: Path, say: Callable[[str], None]) -> int:
        self.calls.append(("screenshots", folder))
        say("drawn")
        return 0


@dataclass
class Answer:
    """What a command came to."""

    code: int
    out: str
    err: str


@dataclass
class Line:
    """Runs commands on one database file that does not exist at first."""

    capture: pytest.CaptureFixture[str]
    database: Path
    programs: Called = field(default_factory=Called)

    def __call__(self, *arguments: object) -> Answer:
        return self.bare("--database", f"sqlite:///{self.database}", *arguments)

    def bare(self, *arguments: object) -> Answer:
        """Without naming the database."""
        self.capture.readouterr()
        code = cli.run([str(argument) for argument in arguments], self.programs)
        seen = self.capture.readouterr()
        return Answer(code, seen.out, seen.err)
