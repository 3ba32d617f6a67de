"""An attached photo or paper, looked at without leaving the window."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QWidget

from zeroline.ui.desk import Desk
from zeroline.ui.dialogs.form import Form
from zeroline.ui.theme import Tone, tone


class AttachmentDialog(Form):
    """Shows pictures and PDFs; anything can be saved."""

    def __init__(self, parent: QWidget, desk: Desk, name: str, media_type: str, content: bytes) -> None:
        super().__init__(parent, desk, name, "Save a copy…", width=720)
        self._name, self._content = name, content
        self._folder: TemporaryDirectory[str] | None = None
        self.resize(820, 640)
        self.no.setText("Close")
        picture = QPixmap()
        if media_type == "application/pdf" or content[:5] == b"%PDF-":
            self._show_paper()
        elif picture.loadFromData(content):
            self.body.addWidget(_Picture(picture, name), 1)
        else:
            told = QLabel(f"{name} cannot be shown here. Save a copy and open it with another program.")
            told.setWordWrap(True)
            tone(told, Tone.MUTED)
            self.body.addWidget(told, 1)

    def _show_paper(self) -> None:
        from zeroline.ui.widgets.pdf_view import PdfPages, PdfView

        view = PdfView(self.desk.tasks)
        self.body.addWidget(view, 1)
        self._folder = TemporaryDirectory(prefix="zeroline-")
        file, content = Path(self._folder.name) / "attachment.pdf", self._content
        self.finished.connect(lambda _: self._folder.cleanup() if self._folder is not None else None)

        def work() -> PdfPages | None:
            file.write_bytes(content)
            try:
                return PdfPages(file)
            except Exception:  # whatever PDFium thinks of a stranger's file
                return None

        def show(pages: PdfPages | None) -> None:
            view.show_pages(pages)
            if pages is None:
                self.say_wrong(f"{self._name} is not a PDF that can be read. Save a copy to look into it.")

        self.desk.tasks.query(work, show, owner=self, key="pages")

    def go(self) -> None:
        content = self._content

        def save(file: Path) -> None:
            def work() -> Path:
                file.write_bytes(content)
                return file

            self.desk.tasks.query(
                work, lambda made: self.desk.ways.say(f"{made.name} is saved."), owner=self, key="save"
            )

        self.desk.prompts.save_file(self, "Save a copy", "All files (*)", accepted=save, suggested=self._name)


class _Picture(QScrollArea):
    """A picture as large as there is room, never larger than it is."""

    def __init__(self, picture: QPixmap, name: str) -> None:
        super().__init__()
        self._picture = picture
        self._label = QLabel()
        self._label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._label.setAccessibleName(name)
        self.setWidgetResizable(True)
        self.setWidget(self._label)
        self.setMinimumHeight(320)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.viewport().size()
        smaller = self._picture.width() > room.width() or self._picture.height() > room.height()
        shown = (
            self._picture.scaled(
                room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
            if smaller
            else self._picture
        )
        self._label.setPixmap(shown)
