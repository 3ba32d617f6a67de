"""A shortage and all around it as text: the docstring of a test is what a fingerprint gets to see.

A movement a line, in the order of arrival: place, when it happened, when it was recorded (times and numbers
as in ``support.ledger``; '–' where the source does not tell when it happened), quantity, kind; then, as far
as they matter, document/line, user, source, the quantity as entered, '!' for forced past the check, and how
often it comes again daily or every so many days ('*' in its document is then 1, 2, 3 …)::

    08:40  16:30  +30  receipt  PO-7/1  by anna  from ERP
    09:12  09:12  −11  pick     SO-*    as 11 PCS  !  ×5 every 2 days
    A-01:quarantine  –  09:30  +5  putaway
    NUT@STAGE#L7     1/10:00  1/10:00  −5  shipment  SO-9

A place is ITEM@BIN#LOT:STATUS; only the bin has to be there, and a row without a place is of BOLT in the bin
'here', without lot, available. Around them::

    order SO-9/1 5 done 2 closed due 2/12:00 at A-01 of NUT partner ACME   a document line, open if not closed
    reservation SO-9 5 at A-01                                              stock held for a document
    count A-01 2/09:00 expected 12 counted 10 by Cora                        a count of Zeroline's own
    CS = 12                                                                  what a unit of BOLT holds
    STAGE is staging                                                         what a bin is (… of site 2)
    here had 30                                                              balance before the first row
    usually ERP receipt 30 to 240 minutes late                               median and ninth decile (2 to 10)
    usually ERP receipt in a larger unit 1 of 4                              share of them
    ledger from 1/00:00 to 90/00:00                                          what it covers (else: its rows)

Other lines are prose, without figures. To be explained is the row or count marked '>' (a correction: the
variance it showed), or else the first row that takes BOLT below zero in the bin 'here'. What belongs to it is
gathered as from the database: papers, other lots and bins, what the same source recorded around a late row,
corrections of other items by the opposite, the bins beside a count in doubt.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from support.ledger import TIME, at
from zeroline.domain.diagnosis import Count, Line, Neighbourhood, Row, Stock, Subject, SubjectKind
from zeroline.domain.diagnosis.company import COMPANY, company_wanted
from zeroline.domain.diagnosis.neighbourhood import CORRECTIONS
from zeroline.domain.diagnosis.wanted import companions_wanted, counts_in_doubt, papers_wanted, part_wanted
from zeroline.domain.instant import DAY, HOUR, MINUTE
from zeroline.domain.movement import MovementKind
from zeroline.domain.quantity import parse

ITEM, HERE = "BOLT", "here"
_NUMBER = r"[+\-−]?\d[\d.]*"
_KIND = "|".join(sorted(MovementKind, key=len, reverse=True))
_ROW = re.compile(
    rf"(?P<mark>> *)?(?:(?P<place>[\w@#:.-]+)\s+)?(?P<occurred>{TIME}|–)\s+(?P<recorded>{TIME})\s+"
    rf"(?P<quantity>{_NUMBER})\s+(?P<kind>{_KIND})(?:\s+(?P<document>(?!(?:by|from|as) )[^\s!×]+))?"
    rf"(?:\s+by (?P<user>\S+))?(?:\s+from (?P<source>\S+))?(?:\s+as (?P<entered>{_NUMBER}) (?P<unit>\w+))?"
    r"(?P<override>\s+!)?(?:\s+×(?P<times>\d+)(?: every (?P<days>\d+) days)?)?"
)
_LINE = re.compile(
    rf"(?P<kind>receipt|transfer|production|return|order|reservation) (?P<number>\S+)"
    rf"\s+(?P<quantity>{_NUMBER})"
    rf"(?: done (?P<done>{_NUMBER}))?(?P<closed> closed)?(?: due (?P<due>{TIME}))?"
    r"(?: at (?P<location>\S+))?(?: of (?P<item>\S+))?(?: partner (?P<partner>\S+))?"
)
_COUNT = re.compile(
    rf"(?P<mark>> *)?count (?:(?P<place>[\w@#:.-]+) )?(?P<at>{TIME}) expected (?P<expected>{_NUMBER}) "
    rf"counted (?P<counted>{_NUMBER})(?: by (?P<counter>\S+))?"
)
_UNIT = re.compile(r"(\w+) = (\d+(?:/\d+)?)")
_BIN = re.compile(r"(\S+) is (?:an? )?(bin|dock|staging|production|transit|quarantine)(?: of site (\S+))?")
_HAD = re.compile(rf"(\S+) had ({_NUMBER})")
_LATE = re.compile(rf"usually (\S+) ({_KIND}) (\d+) to (\d+) minutes late")
_LARGE = re.compile(rf"usually (\S+) ({_KIND}) in a larger unit (\d+) of (\d+)")
_FORCED = re.compile(r"of (\d+) stretches below zero (\d+) were forced")
_COVERS = re.compile(rf"ledger from ({TIME}) to ({TIME})")


@dataclass
class _Read:
    """What stands in the text, in its order."""

    rows: list[Row] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    counts: list[Count] = field(default_factory=list)
    units: dict[str, Fraction] = field(default_factory=dict)
    bins: dict[str, tuple[str, str]] = field(default_factory=dict)
    had: dict[int, int] = field(default_factory=dict)
    late: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    large: dict[tuple[str, str], float] = field(default_factory=dict)
    covers: tuple[int, int] | None = None
    forced: tuple[int, int] = (0, 0)
    marked: Row | Count | None = None
    items: dict[str, int] = field(default_factory=lambda: {ITEM: 1})
    keys: dict[tuple[str, str, str, str], int] = field(default_factory=dict)

    def key(self, place: str | None) -> int:
        found = re.fullmatch(r"(?:(.+)@)?([^#:]*)(?:#([^:]*))?(?::(.+))?", place or HERE)
        assert found
        name = (found[1] or ITEM, found[2] or HERE, found[3] or "", found[4] or "available")
        self.item(name[0])
        return self.keys.setdefault(name, len(self.keys) + 1)

    def item(self, name: str) -> int:
        return self.items.setdefault(name, len(self.items) + 1)

    def place(self, key: int) -> tuple[str, str, str, str]:
        return next(name for name, id in self.keys.items() if id == key)

    def read(self, text: str) -> None:
        if found := _ROW.fullmatch(text):
            self._row(found)
        elif found := _LINE.fullmatch(text):
            number, _, line = found["number"].partition("/")
            item, due = found["item"] or ITEM, at(found["due"]) if found["due"] else None
            asks = parse(found["quantity"]), parse(found["done"] or "0"), not found["closed"], due
            which = len(self.lines) + 1, found["kind"], number, line, self.item(item), item
            self.lines.append(Line(*which, found["location"] or "", "", *asks, found["partner"] or ""))
        elif found := _COUNT.fullmatch(text):
            key, figures = self.key(found["place"]), (parse(found["expected"]), parse(found["counted"]))
            count = Count(
                len(self.counts) + 1, key, at(found["at"]), *figures, found["counter"] or "", "CNT-1"
            )
            self.counts.append(count)
            self.marked = count if found["mark"] else self.marked
        elif found := _UNIT.fullmatch(text):
            self.units[found[1]] = Fraction(found[2])
        elif found := _BIN.fullmatch(text):
            self.bins[found[1]] = found[2], found[3] or "1"
        elif found := _HAD.fullmatch(text):
            self.had[self.key(found[1])] = parse(found[2])
        elif found := _LATE.fullmatch(text):
            self.late[found[1], found[2]] = int(found[3]) * MINUTE, int(found[4]) * MINUTE
        elif found := _LARGE.fullmatch(text):
            self.large[found[1], found[2]] = int(found[3]) / int(found[4])
        elif found := _FORCED.fullmatch(text):
            self.forced = int(found[2]), int(found[1])
        elif found := _COVERS.fullmatch(text):
            self.covers = at(found[1]), at(found[2])
        else:
            assert not re.search(r"\d", text), f"neither prose nor readable: {text}"

    def _row(self, found: re.Match[str]) -> None:
        document, _, line = (found["document"] or "").partition("/")
        key, recorded, timed = self.key(found["place"]), at(found["recorded"]), found["occurred"] != "–"
        occurred = at(found["occurred"]) if timed else recorded
        for time in range(int(found["times"] or 1)):
            seq, later = len(self.rows) + 1, time * int(found["days"] or 1) * DAY
            row = Row(
                seq, key, self.items[self.place(key)[0]], parse(found["quantity"]), found["kind"],
                occurred + later, recorded + later, document.replace("*", str(time + 1)), line,
                found["user"] or "", found["source"] or "WMS", parse(found["entered"] or "0"),
                found["unit"] or "", bool(found["override"]), timed, f"M{seq}",
            )  # fmt: skip
            self.rows.append(row)
            self.marked = row if found["mark"] else self.marked

    def stock(self, key: int, rows: Iterable[Row], before: int = 0) -> Stock:
        item, location, lot, status = self.place(key)
        spot, site = self.bins.get(location, ("bin", "1"))
        begins = key not in self.had and not before
        before += self.had.get(key, 0)
        return Stock(
            key, self.items[item], item, location, lot, status, spot, "", site, tuple(rows), before, begins
        )


def read_shortage(text: str | None) -> Neighbourhood:
    """The shortage written in ``text`` with all around it."""
    read = _Read()
    for line in (text or "").splitlines():
        read.read(line.strip())
    assert read.rows, "a test of a fingerprint writes its ledger into its docstring"
    book = sorted(read.rows, key=lambda row: (row.recorded, row.seq))
    stocks = {key: read.stock(key, (row for row in book if row.key == key)) for key in read.keys.values()}
    subject, key = _subject(read, stocks)
    here = stocks[key]
    begins, until = read.covers or (book[0].recorded, book[-1].recorded)
    usual = {(row.source, row.kind): (2 * MINUTE, 10 * MINUTE) for row in book}
    others = (s for s in stocks.values() if s.item == here.item and s is not here and (s.rows or s.before))
    near = Neighbourhood(
        subject,
        here,
        tuple(others),
        lines=tuple(line for line in read.lines if line.item == here.item and line.kind != "reservation"),
        reserved=tuple(line for line in read.lines if line.item == here.item and line.kind == "reservation"),
        units=read.units,
        counts=tuple(count for count in read.counts if stocks[count.key].item == here.item),
        names={id: name for name, id in read.items.items()},
        lags=usual | read.late,
        large_units=read.large,
        begins=begins,
        until=until,
        forced=read.forced,
    )
    return _surrounded(near, read, book)


def _surrounded(near: Neighbourhood, read: _Read, book: list[Row]) -> Neighbourhood:
    numbers = papers_wanted(near)
    papers = {number: tuple(row for row in book if row.document == number) for number in numbers}
    added = (
        line
        for line in read.lines
        if line not in near.lines
        and line.kind != "reservation"
        and (line.number in numbers or (line.kind == "return" and line.partner in numbers))
    )
    near = near.surrounded(papers={k: v for k, v in papers.items() if v}, lines=(*near.lines, *added))
    part = part_wanted(near)
    if part is not None:
        made = {row.document for row in book if row.kind == MovementKind.PRODUCTION_RECEIPT}
        issues = {
            r.document for r in book if r.item == part and r.kind == MovementKind.COMPONENT_ISSUE
        } - made
        more = {number: tuple(row for row in book if row.document == number) for number in issues - {""}}
        near = near.surrounded(papers={**near.papers, **more})
    near = near.surrounded(companions={row.seq: _around(row, book) for row in companions_wanted(near)})
    near = near.surrounded(company={row.seq: _company(row, book) for row in company_wanted(near)})
    if near.exact and near.missing:
        moment = near.correction.recorded if near.correction is not None else near.subject.at
        mirrors = (
            row
            for row in book
            if row.kind in CORRECTIONS and row.quantity == -near.missing and row.item != near.here.item
        )
        near = near.surrounded(mirrors=tuple(r for r in mirrors if abs(r.recorded - moment) <= 10 * DAY))
    doubt = counts_in_doubt(near)
    return near.surrounded(beside=tuple(_beside(near, read, book, doubt))) if doubt else near


def _around(row: Row, book: list[Row]) -> tuple[Row, ...]:
    first, last = min(row.recorded - HOUR, row.occurred), row.recorded + HOUR
    return tuple(r for r in book if r.source == row.source and first <= r.recorded <= last)


def _company(row: Row, book: list[Row]) -> tuple[Row, ...]:
    like = (r for r in book if r.kind == row.kind and r.source == row.source and r.quantity < 0)
    numbers = {r.document for r in like if abs(r.recorded - row.recorded) <= COMPANY and r.document}
    return tuple(r for r in book if r.document in numbers)


def _beside(near: Neighbourhood, read: _Read, book: list[Row], count: Row) -> Iterable[Stock]:
    codes = sorted({name[1] for name in read.keys} | {near.here.location})
    place = codes.index(near.here.location)
    next_to = {*codes[max(0, place - 2) : place], *codes[place + 1 : place + 3]}
    for (item, location, _, _), key in read.keys.items():
        if location in next_to and read.items[item] != near.here.item:
            rows = [row for row in book if row.key == key and row.recorded <= count.recorded + 3 * DAY]
            seen = [row for row in rows if row.recorded >= count.recorded - DAY]
            yield read.stock(key, seen, sum(row.quantity for row in rows if row not in seen))


def _subject(read: _Read, stocks: dict[int, Stock]) -> tuple[Subject, int]:
    marked = read.marked
    if isinstance(marked, Count):
        variance = marked.counted - marked.expected
        return Subject(SubjectKind.VARIANCE, marked.at, 0, None, variance, marked.id), marked.key
    if marked is not None and marked.kind in CORRECTIONS:
        return Subject(SubjectKind.VARIANCE, marked.recorded, marked.seq, None, marked.quantity), marked.key
    wanted = [s for s in stocks.values() if (s.item, s.location) == (1, HERE)]
    stock = stocks[marked.key] if marked is not None else min(wanted, key=_first_below)
    rows = [r.seq for r in stock.rows]
    first = rows.index(marked.seq) if marked is not None else _first_below(stock)[1]
    below = stock.balances[first:]
    assert min(below[:1], default=0) < 0, "nothing falls below zero here"
    length = next((place for place, balance in enumerate(below) if balance >= 0), len(below))
    closing = stock.rows[first + length].seq if length < len(below) else None
    crossing = stock.rows[first]
    depth = min(below[:length])
    return Subject(SubjectKind.EPISODE, crossing.recorded, crossing.seq, closing, depth), stock.key


def _first_below(stock: Stock) -> tuple[int, int]:
    """(instant, place) of the first row that leaves a stock below zero; past everything where none does."""
    below = ((row.recorded, place) for place, row in enumerate(stock.rows) if stock.balances[place] < 0)
    return next(below, (2**63, len(stock.rows)))
