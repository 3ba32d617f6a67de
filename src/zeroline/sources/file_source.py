"""One file under one set of rules: what intake loads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from hashlib import blake2b
from pathlib import Path

from zeroline.domain.errors import DomainError
from zeroline.domain.incoming import Batch, Problem, Record, RecordKind
from zeroline.sources.lookup import LookupTable
from zeroline.sources.mapping.model import FileRules
from zeroline.sources.reading import RowReader, compile_reader
from zeroline.sources.table.opened import Table, file_digest, open_table
from zeroline.sources.table.row import Layout

BATCH_ROWS = 5_000


class FileSource:
    """A CSV or XLSX file as rows of one kind; see ``zeroline.domain.incoming.RecordSource``.

    ``mapping`` is the TOML text kept with the import. Rows are read anew by each :meth:`batches`.
    """

    def __init__(
        self,
        path: Path,
        rules: FileRules,
        lookups: Mapping[str, LookupTable] | None = None,
        mapping: str = "",
    ) -> None:
        if rules.kind is None:
            raise DomainError("mapping-kind-missing", file=path.name)
        self.path = path
        self.rules = rules
        self.kind: RecordKind = rules.kind
        self.file_name = path.name
        self.mapping = mapping
        self.derive = rules.kind is RecordKind.OPENINGS and rules.derive_from == "balance"
        self.combine = bool(rules.combine)
        self.time_zone = rules.zone or ""
        self._lookups = lookups or {}
        self._header: tuple[str, ...] = ()

    @cached_property
    def sha256(self) -> str:
        """SHA-256 (hex) of the file; raises Trouble ``file-unreadable``."""
        return file_digest(self.path)

    @property
    def header(self) -> tuple[str, ...]:
        """The column names as read; empty until the file was opened."""
        return self._header

    def open(self) -> tuple[Table, RowReader]:
        """The file up to its header, and the reader of its rows; the caller closes the table.

        Raises DomainError or Trouble for what makes it unreadable as a whole.
        """
        rules = self.rules
        layout = Layout(rules.encoding or "", rules.delimiter or "", rules.sheet or "", rules.header_row or 1)
        table = open_table(self.path, layout)
        try:
            self._header = table.header
            return table, compile_reader(table.header, rules, self._lookups, self.file_name)
        except BaseException:
            table.close()
            raise

    def batches(self) -> Iterator[Batch]:
        """The rows in file order, at most BATCH_ROWS at a time; raises as :meth:`open`."""
        table, reader = self.open()
        seen: set[bytes] | None = set() if self.rules.duplicates == "drop" else None
        records: list[Record] = []
        problems: list[Problem] = []
        read = skipped = repeated = 0
        try:
            for row in table.rows():
                read += 1
                if seen is not None and row.fault is None:
                    mark = blake2b("\x1f".join(row.cells).encode("utf-8", "replace"), digest_size=12).digest()
                    if mark in seen:
                        repeated += 1
                        continue
                    seen.add(mark)
                found = reader.read(row)
                if found is None:
                    skipped += 1
                elif isinstance(found, Problem):
                    problems.append(found)
                else:
                    records.append(found)
                if read >= BATCH_ROWS:
                    yield Batch(read, records, problems, skipped, repeated, table.share())
                    records, problems = [], []
                    read = skipped = repeated = 0
            yield Batch(read, records, problems, skipped, repeated, 1.0)
        finally:
            table.close()
