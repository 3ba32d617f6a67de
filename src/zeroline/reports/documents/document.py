"""A whole report: what, where, when, as of; its blocks; and what proves its data."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum

from zeroline.domain import instant
from zeroline.reports.documents.blocks import Block, Fact, Table
from zeroline.reports.documents.notation import Notation


class Paper(Enum):
    """Sizes in PostScript points, portrait."""

    A4 = (595.2756, 841.8898)
    LETTER = (612.0, 792.0)


class Orientation(Enum):
    AUTO = "auto"
    """Landscape when a table needs the width, else portrait."""
    PORTRAIT = "portrait"
    LANDSCAPE = "landscape"


@dataclass(frozen=True, slots=True)
class Integrity:
    """What a reader can check: hashes as lower-case hex, position and rows as whole numbers.

    ``controls`` are the control totals printed with them.
    """

    data_hash: str
    chain_head: str
    chain_position: int
    row_count: int | None = None
    controls: Sequence[Fact] = ()

    @property
    def chain_text(self) -> str:
        """What the QR code holds: position, colon, head."""
        return f"{self.chain_position}:{self.chain_head}"


@dataclass(frozen=True, slots=True)
class Words:
    """Every text the renderers add by themselves, so that a translation is data."""

    page: str = "Page {page} of {pages}"
    as_of: str = "As of"
    scope: str = "Scope"
    generated: str = "Generated"
    generated_by: str = "{when} by {who}"
    time_zone: str = "Times in"
    currency: str = "Currency"
    integrity: str = "Integrity"
    data_hash: str = "Hash of the data (SHA-256)"
    chain_head: str = "Head of the audit chain (SHA-256)"
    chain_position: str = "Position in the audit chain"
    row_count: str = "Rows"
    chain_caption: str = "Audit chain"
    data_short: str = "Data"
    chain_short: str = "Audit chain"
    continued: str = "continued"
    below_zero: str = "below zero"
    attention: str = "needs attention"
    verified: str = "verified"
    role: str = "Role"
    name: str = "Name"
    meaning: str = "Meaning of the signature"
    signature: str = "Signature"
    date: str = "Date"
    book: str = "book order"
    physical: str = "physical order"
    episode: str = "below zero"
    transient: str = "below zero in the book only"
    receipt: str = "receipt"
    issue: str = "issue"
    count: str = "count"
    adjustment: str = "adjustment"
    crossing: str = "crossed zero"
    group: str = "Group"
    report: str = "Report"
    time: str = "Time"
    balance: str = "Balance"
    value: str = "Value"
    note: str = "Note"
    series: str = "Series"
    too_long: str = "… (cut: a spreadsheet cell holds no more)"


@dataclass(frozen=True, slots=True)
class Document:
    """A report without any layout.

    ``kind`` is the stable name ('reconciliation'); ``as_of`` and ``generated_at`` are instants in µs;
    ``facts`` stand in the header of the first page. As of, scope, generation, zone, currency and integrity
    are printed by the renderers and need no block.
    """

    kind: str
    title: str
    scope: str
    as_of: int
    generated_at: int
    generated_by: str
    integrity: Integrity
    blocks: Sequence[Block]
    facts: Sequence[Fact] = ()
    language: str = "en"
    zone: str = "UTC"
    currency: str = "EUR"
    paper: Paper = Paper.A4
    orientation: Orientation = Orientation.AUTO
    words: Words = field(default_factory=Words)

    def notation(self) -> Notation:
        """The one writer of this document's numbers and times."""
        return Notation(self.language, self.zone, self.currency)

    def tables(self) -> Iterator[Table]:
        """Its tables in printed order."""
        return (block for block in self.blocks if isinstance(block, Table))

    def file_name(self, extension: str) -> str:
        """A name fit for any file system and mail program: ``kind_scope_as-of.extension``, ASCII only."""
        ascii_scope = unicodedata.normalize("NFKD", self.scope).encode("ascii", "ignore").decode()
        slug = re.sub(r"[^A-Za-z0-9]+", "-", ascii_scope).strip("-").lower()[:60].rstrip("-")
        moment = instant.at(self.as_of).strftime("%Y%m%dT%H%M%SZ")
        return "_".join(part for part in (self.kind, slug, moment) if part) + "." + extension
