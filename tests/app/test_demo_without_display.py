"""The demo's whole job without a display, on a small warehouse: reports printed, screens drawn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from python_calamine import load_workbook

from zeroline.app.gallery import draw_all
from zeroline.app.headless import print_all
from zeroline.domain.instant import HOUR, parse
from zeroline.services.workbench import Workbench
from zeroline.simulator.demo import build
from zeroline.simulator.world import Plan
from zeroline.ui.theme import Scheme, Theme

ENDS = parse("2026-09-21T16:00:00Z")
SMALL = Plan(ends_at=ENDS, seed=7, days=45, items=120, bins=200, order_lines_a_day=25, faults=1)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a small demo warehouse."""
    url = f"sqlite:///{tmp_path_factory.mktemp('demo') / 'demo.db'}"
    build(url, ENDS, lambda *_: None, plan=SMALL)
    return url


def now() -> int:
    """When the demo is looked at."""
    return ENDS + 10 * HOUR


def test_every_screen_is_drawn_and_none_is_empty(demo: str, qapp: QApplication, tmp_path: Path) -> None:
    said: list[str] = []
    drawn = draw_all(demo, now, tmp_path, said.append, schemes=[Scheme.DARK])
    Theme.active().use(Scheme.LIGHT)
    pictures = sorted(tmp_path.glob("*.png"))
    assert said == []
    assert drawn == len(pictures)
    names = {picture.stem.removesuffix("-dark") for picture in pictures}
    assert {"sign-in", "queue-negative", "keys", "sheets", "import", "approvals", "policy", "people"} <= names
    assert {"count-entry", "count-sheets-counter", "report-reconciliation", "locked-moreau"} <= names
    assert [picture.name for picture in pictures if len(_colours(picture)) < 6] == []
    corners = {picture.name: QImage(str(picture)).pixelColor(4, 700).lightness() for picture in pictures}
    assert [name for name, lightness in corners.items() if lightness > 60] == []


def _colours(picture: Path) -> set[str]:
    image = QImage(str(picture))
    return {
        image.pixelColor(x, y).name()
        for x in range(0, image.width(), 23)
        for y in range(0, image.height(), 23)
    }


def test_all_five_reports_are_printed_in_both_forms(demo: str, tmp_path: Path) -> None:
    services = Workbench(demo, now)
    try:
        papers = print_all(services, tmp_path)
    finally:
        services.dispose()
    kinds = ("reconciliation", "negatives", "count-sheet", "register", "case-trail")
    assert [paper.name for paper in sorted(papers)] == sorted(
        f"{kind}.{ending}" for kind in kinds for ending in ("pdf", "xlsx")
    )
    for paper in papers:
        assert _pages(paper) >= 1


def _pages(paper: Path) -> int:
    if paper.suffix == ".xlsx":
        return len(load_workbook(str(paper)).sheet_names)
    document: Any = pdfium.PdfDocument(paper)
    try:
        return len(document)
    finally:
        document.close()
