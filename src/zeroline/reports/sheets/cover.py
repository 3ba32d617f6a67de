"""The first sheet: header, facts, everything of the report that is no table, and the proof of its data."""

from __future__ import annotations

from typing import Any

from zeroline.reports.documents import (
    QR,
    BalanceChart,
    BarChart,
    Block,
    Cell,
    Column,
    Fact,
    Facts,
    Flagged,
    Heading,
    Kind,
    Paragraph,
    SignatureBlock,
    Table,
    WriteIn,
)
from zeroline.reports.sheets.cells import Cells, Lines


class Cover:
    """Writes the cover sheet from top to bottom."""

    def __init__(self, cells: Cells) -> None:
        self.cells, self.document = cells, cells.document
        self.sheet = cells.sheet(self.document.words.report)

    def write(self) -> None:
        """All of it."""
        document, words = self.document, self.document.words
        sheet = self.sheet
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 3, 44)
        sheet.hide_gridlines(2)
        line = Lines()
        self._text(line.next(), 0, document.title, bold=True, font_size=16)
        generated = words.generated_by.format(
            when=self.cells.notation.instant(document.generated_at, seconds=True), who=document.generated_by
        )
        for fact in (
            Fact(words.scope, document.scope),
            Fact(words.as_of, document.as_of, Kind.INSTANT),
            Fact(words.generated, generated),
            Fact(words.time_zone, document.zone),
            Fact(words.currency, document.currency),
            *document.facts,
        ):
            self._fact(line.next(), fact)
        for block in document.blocks:
            self._cover_block(line, block)
        line.skip()
        self._text(line.next(), 0, words.integrity, bold=True, font_size=12)
        integrity = document.integrity
        for fact in (
            Fact(words.data_hash, integrity.data_hash, Kind.CODE),
            Fact(words.chain_head, integrity.chain_head, Kind.CODE),
            Fact(words.chain_position, integrity.chain_position, Kind.COUNT),
            *(
                ()
                if integrity.row_count is None
                else (Fact(words.row_count, integrity.row_count, Kind.COUNT),)
            ),
            *integrity.controls,
        ):
            self._fact(line.next(), fact)

    def _cover_block(self, line: Lines, block: Block) -> None:
        words = self.document.words
        match block:
            case Heading():
                line.skip()
                size = 12 if block.level == 1 else 10
                self._text(line.next(), 0, block.text, bold=True, font_size=size)
            case Paragraph():
                for part in block.text.split("\n"):
                    self._text(line.next(), 0, part)
            case Facts():
                for fact in block.facts:
                    self._fact(line.next(), fact)
            case Table() if not block.row_count():
                self._text(line.next(), 0, block.title, bold=True)
                self._text(line.next(), 0, block.nothing)
            case BalanceChart():
                self._text(line.next(), 0, f"{block.title} ({block.unit})", bold=True)
                self._balance_points(line, block)
            case BarChart():
                self._text(line.next(), 0, block.title, bold=True)
                column = Column("value", words.value, block.kind, decimals=block.decimals)
                for bar in block.bars:
                    row = line.next()
                    self._text(row, 0, bar.label)
                    value = bar.value if bar.flag is None else Flagged(bar.value, bar.flag)
                    self._cell(row, 1, value, column)
                    self._text(row, 2, bar.note)
            case SignatureBlock():
                line.skip()
                self._text(line.next(), 0, block.title, bold=True)
                row = line.next()
                for place, title in enumerate((words.role, words.name, words.meaning, words.date)):
                    self._text(row, place, title, bold=True, bottom=1)
                for hand in block.rows:
                    row = line.next()
                    for place, text in enumerate((hand.role, hand.name, hand.meaning)):
                        self._text(row, place, text)
                    self._cell(row, 3, hand.signed_at, Column("date", words.date, Kind.INSTANT))
            case WriteIn():
                line.skip()
                self._text(line.next(), 0, block.title, bold=True)
                row = line.next()
                for place, title in enumerate(block.columns):
                    self._text(row, place, title, bold=True, bottom=1)
                for _ in range(block.lines):
                    row = line.next()
                    for place in range(len(block.columns)):
                        self.sheet.write_blank(row, place, None, self.cells.format(bottom=4))
            case QR():
                row = line.next()
                self._text(row, 0, block.caption)
                self._text(row, 1, block.text)

    def _balance_points(self, line: Lines, chart: BalanceChart) -> None:
        words = self.document.words
        if not chart.book and not chart.physical:
            self._text(line.next(), 0, chart.nothing)
            return
        row = line.next()
        for place, title in enumerate((words.time, words.balance, words.series)):
            self._text(row, place, title, bold=True, bottom=1)
        at, balance = Column("at", "", Kind.INSTANT, seconds=True), Column("balance", "", Kind.QUANTITY)
        for name, points in ((words.book, chart.book), (words.physical, chart.physical)):
            for moment, level in points:
                row = line.next()
                self._cell(row, 0, moment, at)
                self._cell(row, 1, level, balance)
                self._text(row, 2, name)

    def _fact(self, row: int, fact: Fact) -> None:
        self._text(row, 0, fact.label, font_color="#5C5C5C")
        column = Column("value", "", fact.kind, decimals=fact.decimals, seconds=True)
        self._cell(row, 1, fact.value, column, align="left")

    def _text(self, row: int, place: int, text: str, **properties: Any) -> None:
        self.cells.text(self.sheet, row, place, text, **properties)

    def _cell(self, row: int, place: int, cell: Cell, column: Column, **properties: Any) -> None:
        self.cells.cell(self.sheet, row, place, cell, column, **properties)
