"""Looking at what was attached, whatever it is."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtWidgets import QLabel, QWidget

from support.desk import Workstation
from zeroline.ui.dialogs.attachment import AttachmentDialog
from zeroline.ui.widgets.pdf_view import PdfView


@pytest.fixture
def behind(workstation: Workstation) -> QWidget:
    window = QWidget()
    workstation.qtbot.addWidget(window)
    return window


def opened(
    workstation: Workstation, behind: QWidget, name: str, kind: str, content: bytes
) -> AttachmentDialog:
    desk = workstation.desk(workstation.warehouse.people.manager)
    dialog = AttachmentDialog(behind, desk, name, kind, content)
    with workstation.qtbot.waitExposed(dialog):
        dialog.open()
    return dialog


def a_pdf(folder: Path, pages: int) -> bytes:
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(200, 100)
    document.save(folder / "made.pdf")
    document.close()
    return (folder / "made.pdf").read_bytes()


def test_a_pdf_is_shown_page_by_page(workstation: Workstation, behind: QWidget, tmp_path: Path) -> None:
    dialog = opened(workstation, behind, "note.pdf", "application/pdf", a_pdf(tmp_path, 3))
    assert dialog.findChildren(PdfView)[0].page_count == 3
    dialog.reject()


def test_a_broken_pdf_is_said_and_can_still_be_saved(
    workstation: Workstation, behind: QWidget, tmp_path: Path
) -> None:
    dialog = opened(workstation, behind, "note.pdf", "application/pdf", b"%PDF-1.7 and nothing else")
    assert dialog.wrong.text().startswith("note.pdf is not a PDF that can be read.")
    workstation.prompts.answers = [tmp_path / "copy.pdf"]
    dialog.yes.click()
    assert (tmp_path / "copy.pdf").read_bytes() == b"%PDF-1.7 and nothing else"
    dialog.reject()


def test_what_cannot_be_shown_says_so(workstation: Workstation, behind: QWidget) -> None:
    dialog = opened(workstation, behind, "stock.bin", "application/octet-stream", b"\x00\x01")
    told = [label.text() for label in dialog.findChildren(QLabel)]
    assert "stock.bin cannot be shown here. Save a copy and open it with another program." in told
    dialog.reject()
