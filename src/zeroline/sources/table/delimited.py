"""Delimited text, streamed: one bad line never takes the lines after it along."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import TextIO

from zeroline.sources.table.row import Fault, RawRow

_LONGEST_LINE = 64 << 20  # characters; what follows in that line is thrown away
_MOST_LINES = 200  # a quoted cell may run over so many lines before its quote counts as never closed
_DELIMITERS = ",;\t|"


class _Runaway(Exception):
    """A quote that was opened is not closed within reason."""


class _Lines:
    """The lines of a file for csv.reader, remembering those of the record that is being read."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._again: list[str] = []
        self.pending: list[str] = []
        self.count = 0
        self.ended = False
        self.cut = False

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self._again:
            line = self._again.pop()
        else:
            line = self._stream.readline(_LONGEST_LINE)
            if len(line) >= _LONGEST_LINE and line[-1] not in "\r\n":
                self.cut = True
                while True:
                    rest = self._stream.readline(_LONGEST_LINE)
                    if not rest or rest[-1] in "\r\n":
                        break
        if not line:
            self.ended = True
            raise StopIteration
        if len(self.pending) >= _MOST_LINES:
            self._again.append(line)
            raise _Runaway
        self.count += 1
        self.pending.append(line)
        return line

    def give_back(self) -> str:
        """Take back all lines of the record but the first, which is returned: reading goes on after it."""
        first, *rest = self.pending
        self._again.extend(reversed(rest))
        self.count -= len(rest)
        self.pending.clear()
        self.ended = False
        return first


class DelimitedRows:
    """Every row of ``stream`` (opened with newline='') that is not blank, numbered by line from 1.

    Once ``width`` is set to the header's number of columns, a row over several lines that has another width
    is taken for a quote that was never closed: its first line is at fault, the lines after it are read anew.
    """

    def __init__(self, stream: TextIO, delimiter: str) -> None:
        csv.field_size_limit(_LONGEST_LINE)
        self.width = 0
        self._lines = _Lines(stream)
        self._delimiter = delimiter

    def __iter__(self) -> Iterator[RawRow]:
        while not self._lines.ended:
            yield from self._until_broken()

    def _until_broken(self) -> Iterator[RawRow]:
        lines, pending = self._lines, self._lines.pending
        reader = csv.reader(lines, delimiter=self._delimiter, strict=True)  # or quotes swallow rows
        while True:
            fault = ""
            cells: list[str] = []
            try:
                cells = next(reader)
            except StopIteration:
                return
            except _Runaway:
                fault = "row-quote-open"
            except csv.Error:
                fault = "row-quote-open" if lines.ended or len(pending) > 1 else "row-unreadable"
            else:
                if len(pending) > 1 and self.width and len(cells) != self.width:
                    fault = "row-quote-open"
            if lines.cut:
                lines.cut = False
                fault = "row-too-long"
            if fault:
                break
            if cells:
                yield RawRow(lines.count - len(pending) + 1, cells)
            pending.clear()
        first = lines.give_back()
        yield RawRow(lines.count, first.rstrip("\r\n").split(self._delimiter), Fault(fault))


def sniff_delimiter(head: str) -> str:
    """The mark that splits the first lines most evenly into most columns; ',' when none does."""
    lines = [line for line in head.splitlines()[:20] if line.strip()]
    if not lines:
        return ","
    best, best_score = ",", (0, 0)
    for mark in _DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=mark)]
        except csv.Error:
            continue
        wide = widths[0]
        if wide < 2:
            continue
        score = (sum(width == wide for width in widths) * 10 // len(widths), wide)
        if score > best_score:
            best, best_score = mark, score
    return best


def named_delimiter(first_line: str) -> str:
    """The mark of a spreadsheet's own ``sep=;`` line, '' if the line is not one."""
    text = first_line.strip().strip('"')
    if text.lower().startswith("sep=") and len(text) == 5:
        return text[4]
    return "\t" if first_line.lower().startswith("sep=\t") else ""
