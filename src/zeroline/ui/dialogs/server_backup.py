"""Back up a server's database: where to, and by which login, for nobody's own sees all rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from zeroline.ui.desk import Desk
from zeroline.ui.dialogs.form import Form
from zeroline.ui.text.backup import KINDS


class ServerBackupDialog(Form):
    """``make`` is called with the new file, and the login and password that the copy is made with."""

    def __init__(self, parent: QWidget, desk: Desk, make: Callable[[Path, tuple[str, str]], None]) -> None:
        super().__init__(parent, desk, "Back up the server's database", "Back up")
        self._make = make
        said = QLabel(
            "People see the rows of their own sites and role only, so a whole copy is made with a login of "
            "the server that sees everything: the one that set the database up. It is used for this copy "
            "and forgotten."
        )
        said.setWordWrap(True)
        self.body.addWidget(said)
        self.to, self.login, self.secret = QLineEdit(), QLineEdit(), QLineEdit()
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.choose = QPushButton("Choose…")
        self.choose.setAccessibleName("Choose: Back up to")
        self.choose.setAutoDefault(False)
        self.choose.clicked.connect(self._ask)
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.to, 1)
        line.addWidget(self.choose)
        self.field("Back up to", row)
        for words, field in (
            ("Back up to", self.to),
            ("Server login", self.login),
            ("Password", self.secret),
        ):
            field.setAccessibleName(words)
            field.textChanged.connect(self._look)
            if field is not self.to:
                self.field(words, field)
        self._look()

    def _ask(self) -> None:
        self.desk.prompts.save_file(
            self,
            "Back up to",
            KINDS,
            accepted=lambda file: self.to.setText(str(file)),
            suggested=self.desk.services.safekeeping.suggested(),
        )

    def _look(self) -> None:
        self.yes.setEnabled(bool(self.to.text().strip() and self.login.text().strip()))

    def go(self) -> None:
        """Hand over what was typed; the screen shows how far the backup is."""
        by = (self.login.text().strip(), self.secret.text())
        self._make(Path(self.to.text().strip()), by)
        self.accept()
