"""The command line: every headless verb over the same services as the window, without Qt."""

from zeroline.cli.command import Programs, run
from zeroline.cli.exits import Exit

__all__ = ["Exit", "Programs", "run"]
