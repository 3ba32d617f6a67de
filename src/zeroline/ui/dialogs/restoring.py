"""Prove a backup, and put it back as a new database: before anybody is signed in, too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from zeroline.domain.backup import Proven
from zeroline.domain.errors import DomainError, Trouble
from zeroline.domain.instant import Clock
from zeroline.services.safekeeping import check, kind_of, restore
from zeroline.ui.prompts import Prompts
from zeroline.ui.tasks import Tasks
from zeroline.ui.text.backup import DATABASES, KINDS, STEPS, holds, how_to_open, logins_restored
from zeroline.ui.theme import GRID, Tone, kind, tone
from zeroline.ui.widgets.progress import ProgressStrip
from zeroline.wording import sentence


class RestoreDialog(QDialog):
    """Which backup, which new file, perhaps a head from paper; then proven, restored, and how to open it.

    With ``restoring`` False it only checks. The backup of a server asks for a new database on one, at first
    ``beside``, and for a login that may make it.
    """

    def __init__(
        self,
        parent: QWidget,
        tasks: Tasks,
        prompts: Prompts,
        clock: Clock,
        *,
        restoring: bool = True,
        beside: str = "",
    ) -> None:
        super().__init__(parent)
        self._tasks, self._prompts, self._clock = tasks, prompts, clock
        self._restoring, self._beside, self._serving = restoring, beside, False
        title = "Restore a backup" if restoring else "Check a backup"
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setMinimumWidth(640)
        self.said = QLabel(
            "The backup becomes a new database beside the others; nothing is written over. It is proven "
            "first: unaltered, undamaged, its audit trail whole."
            if restoring
            else "The backup is gone through as if it were restored, and nothing is kept."
        )
        self.backup, self.to, self.head = QLineEdit(), QLineEdit(), QLineEdit()
        self.login, self.secret = QLineEdit(), QLineEdit()
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.head.setPlaceholderText("optional, such as 17:641278d4ad38c9cf")
        form = QFormLayout()
        form.setVerticalSpacing(2 * GRID)
        self.choose_backup = self._row(form, "Backup", self.backup, self._ask_backup)
        self.choose_to = self._row(form, "New database", self.to, self._ask_to)
        form.setRowVisible(1, restoring)
        for words, field in (("Server login", self.login), ("Password", self.secret)):
            field.setAccessibleName(words)
            field.textChanged.connect(lambda _: self._look())
            form.addRow(words, field)
        self.login.setPlaceholderText("a login of the server that may make databases and roles")
        self._form = form
        self.backup.editingFinished.connect(self._ask_kind)
        self.head.setAccessibleName("Head from paper")
        form.addRow("Head from paper", self.head)
        self.progress = ProgressStrip("Progress of the backup", STEPS)
        self.progress.ended.connect(self._look)
        self.wrong, self.outcome = QLabel(), QLabel()
        tone(self.wrong, Tone.NEGATIVE)
        tone(self.outcome, Tone.VERIFIED)
        self.outcome.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.yes, self.no = QPushButton(title), QPushButton("Close")
        kind(self.yes, "primary")
        self.yes.clicked.connect(self.go)
        self.no.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for button in (self.no, self.yes):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[5 * GRID] * 4)
        column.setSpacing(3 * GRID)
        column.addWidget(self.said)
        column.addLayout(form)
        column.addWidget(self.progress)
        for label in (self.said, self.wrong, self.outcome):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        for label in (self.wrong, self.outcome):
            label.hide()
            column.addWidget(label)
        column.addLayout(buttons)
        self._show_kind("")

    def _row(self, form: QFormLayout, title: str, field: QLineEdit, ask: Callable[[], None]) -> QPushButton:
        field.setAccessibleName(title)
        field.textChanged.connect(lambda _: self._look())
        button = QPushButton("Choose…")
        button.setAccessibleName(f"Choose: {title}")
        button.setAutoDefault(False)
        button.clicked.connect(lambda _checked=False: ask())
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(field, 1)
        row.addWidget(button)
        form.addRow(title, box)
        return button

    def _ask_backup(self) -> None:
        self._prompts.open_file(self, "Which backup", KINDS, accepted=self._take_backup)

    def _take_backup(self, file: Path) -> None:
        self.backup.setText(str(file))
        self._ask_kind()

    def _ask_kind(self) -> None:
        backup = Path(self.backup.text().strip())
        self._tasks.query(lambda: kind_of(backup), self._show_kind, owner=self, key="kind")

    def _show_kind(self, kind: str) -> None:
        """Of a server's backup ask where on a server, and as whom; of a file's which new file."""
        serving = self._restoring and kind == "postgresql"
        if self._restoring and kind and (not self.to.text() or serving != self._serving):
            file = Path(self.backup.text().strip())
            self.to.setText(self._beside if serving else str(file.with_name(f"{file.stem}-restored.db")))
        self._serving = serving
        self.to.setPlaceholderText("postgresql://HOST/NEW" if serving else "")
        self.choose_to.setVisible(not serving)
        for field in (self.login, self.secret):
            self._form.setRowVisible(field, serving)
        self._look()

    def _ask_to(self) -> None:
        self._prompts.save_file(
            self,
            "The new database",
            DATABASES,
            accepted=lambda file: self.to.setText(str(file)),
            suggested=Path(self.to.text() or "restored.db").name,
        )

    def _look(self) -> None:
        wanted = [self.backup]
        wanted += [self.to] if self._restoring else []
        wanted += [self.login] if self._serving else []
        given = all(field.text().strip() for field in wanted)
        self.yes.setEnabled(given and not self.progress.busy)

    def go(self) -> None:
        """Prove it, and put it back."""
        backup, place = Path(self.backup.text().strip()), self.to.text().strip()
        to = place if self._serving else Path(place)
        by = (self.login.text().strip(), self.secret.text()) if self._serving else None
        head, clock, restoring = self.head.text().strip(), self._clock, self._restoring
        self.wrong.hide()
        self.outcome.hide()
        ticket, watch = self.progress.begin()

        def work() -> Proven | Trouble:
            try:
                if restoring:
                    return restore(backup, to, clock, watch, head, by)
                return check(backup, watch, head)
            except Trouble as trouble:
                return trouble

        self._tasks.query(work, self._done, owner=self, key="restore", failed=self._refused, ticket=ticket)
        self._look()

    def _done(self, proven: Proven | Trouble) -> None:
        if isinstance(proven, Trouble):
            self._refused(proven)
            return
        if self._restoring:
            self.secret.clear()
            text = f"Restored and proven: {proven.file}\n{holds(proven)}{logins_restored(proven.logins)}"
            text = f"{text}\n{how_to_open(proven)}"
        else:
            text = f"This backup can be restored.\n{holds(proven)}"
        self.outcome.setText(text)
        self.outcome.show()

    def _refused(self, error: DomainError | Trouble) -> None:
        self.wrong.setText(sentence(error))
        self.wrong.show()

    def reject(self) -> None:
        self.progress.cancel()
        super().reject()
