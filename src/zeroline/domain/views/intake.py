"""What came of an import, as people are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from zeroline.domain.changes import Changes
from zeroline.domain.incoming import Problem, RecordKind


@dataclass(frozen=True, slots=True)
class FileResult:
    """One file: ``read`` = added + changed + known + skipped + rejected.

    ``known`` rows were there already, ``repeated`` of them in this very file; ``skipped`` were left out by
    the mapping. ``problems`` are the first of the rejected rows; all of them stand under ``import_id``.
    """

    import_id: int
    kind: RecordKind
    file_name: str
    read: int = 0
    added: int = 0
    changed: int = 0
    known: int = 0
    repeated: int = 0
    skipped: int = 0
    rejected: int = 0
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportResult:
    """All files of one import, kept together, and the items and locations that had to be created for it."""

    files: tuple[FileResult, ...]
    created_items: tuple[str, ...]
    created_locations: tuple[str, ...]
    changes: Changes

    @property
    def read(self) -> int:
        return sum(file.read for file in self.files)

    @property
    def added(self) -> int:
        return sum(file.added for file in self.files)

    @property
    def changed(self) -> int:
        return sum(file.changed for file in self.files)

    @property
    def known(self) -> int:
        return sum(file.known for file in self.files)

    @property
    def skipped(self) -> int:
        return sum(file.skipped for file in self.files)

    @property
    def rejected(self) -> int:
        return sum(file.rejected for file in self.files)

    @property
    def import_id(self) -> int:
        """The last file's run."""
        return self.files[-1].import_id if self.files else 0


@dataclass(frozen=True, slots=True)
class ImportRun:
    """One file that was imported. ``at`` µs; ``added`` includes rows that changed a record."""

    id: int
    kind: str
    file_name: str
    sha256: str
    person_id: int
    at: int
    read: int
    added: int
    known: int
    skipped: int
    rejected: int


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that was not taken: where, which field and value, the error's code and facts, and its cells."""

    row: int
    field: str
    value: str
    code: str
    facts: Mapping[str, object]
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rejects:
    """The rejected rows of one import under the file's own column names, in file order."""

    import_id: int
    file_name: str
    header: tuple[str, ...]
    rows: tuple[RejectedRow, ...]


@dataclass(frozen=True, slots=True)
class SavedMapping:
    """A mapping kept under a name, as TOML. ``changed_at`` µs."""

    name: str
    toml: str
    changed_at: int
