"""Puts the parts together: settings, database, services, window. The only file that knows everyone."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from zeroline import cli


def main(arguments: Sequence[str] | None = None) -> int:
    """The ``zeroline`` command: headless verbs as ``cli`` documents them; without a verb the window opens."""
    return cli.run(sys.argv[1:] if arguments is None else arguments, Programs())


class Programs:
    """What the command line hands over because it needs a window or a renderer: imported only when asked."""

    def window(self, url: str | None) -> int:
        """Open the console on a database (the person's own one by default)."""
        from zeroline.ui.application import open_console

        return open_console(url)

    def demo(self, folder: Path | None, url: str | None) -> int:
        """Build the demo warehouse if needed and open it, or do its whole job headless into ``folder``."""
        from zeroline.demo import run

        return run(folder, url)

    def screenshots(self, folder: Path, say: Callable[[str], None]) -> int:
        """Draw every screen and state in both themes."""
        from zeroline.ui.gallery import draw

        return draw(folder, say)
