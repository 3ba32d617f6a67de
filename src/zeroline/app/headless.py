"""The demo's whole job without a display: build, work, report, draw; and say where everything lies."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from zeroline.domain.case import Queue
from zeroline.domain.instant import HOUR, Clock, iso
from zeroline.domain.person import Person, Role
from zeroline.reports.press import ReportKind, Wish, compose, write
from zeroline.services.workbench import Workbench
from zeroline.simulator.demo import build

_READER = Person(0, "zeroline", "Zeroline", Role.AUDITOR)
_BUILT_BEFORE = 10 * HOUR  # the demo's last morning lies so far before the clock


def build_in(file: Path, clock: Clock, say: Callable[[str], None]) -> tuple[str, int]:
    """Build the demo afresh in ``file``; answers its address and the instant it is to be looked at."""
    for old in (file, file.with_name(file.name + "-wal"), file.with_name(file.name + "-shm")):
        old.unlink(missing_ok=True)
    say("Building the demo warehouse, about 20 seconds …")
    now = clock()
    url = f"sqlite:///{file}"
    build(url, now - _BUILT_BEFORE, lambda _done, _of, _what: None)
    return url, now


def whole_job(folder: Path, clock: Clock, say: Callable[[str], None]) -> int:
    """Build the demo in ``folder``, print its five reports and draw its screens."""
    folder.mkdir(parents=True, exist_ok=True)
    url, now = build_in(folder / "demo.db", clock, say)
    services = Workbench(url, lambda: now)
    try:
        services.prepare()
        for count in services.lookup.queue_counts(_READER):
            say(f"  {count.queue.value}: {count.total}")
        papers = print_all(services, folder)
    finally:
        services.dispose()
    from zeroline.app.gallery import draw_all
    from zeroline.ui.theme import Scheme

    pictures = folder / "pictures"
    drawn = draw_all(url, lambda: now, pictures, say, (Scheme.LIGHT,))
    say(f"The demo warehouse as of {iso(now)}:")
    say(f"  database      {folder / 'demo.db'}")
    for paper in papers:
        say(f"  report        {paper}")
    say(f"  {drawn} pictures   {pictures}")
    return 0


def print_all(services: Workbench, folder: Path) -> list[Path]:
    """Every report as PDF and workbook; a sheet that is open and a case that was settled stand for theirs."""
    sheets = services.counting.sheets(_READER)
    negatives = services.lookup.queue(_READER, Queue.NEGATIVE)
    targets = {
        ReportKind.COUNT_SHEET: next((sheet.sheet_id for sheet in sheets if sheet.state == "open"), None),
        ReportKind.CASE_TRAIL: int(negatives.ids[0]) if len(negatives) else None,
    }
    written = []
    for kind in ReportKind:
        if kind in targets and targets[kind] is None:
            continue
        document = compose(services, None, Wish(kind, target=targets.get(kind)))
        for ending in ("pdf", "xlsx"):
            path = folder / f"{kind.value}.{ending}"
            write(document, path)
            written.append(path)
    return written
