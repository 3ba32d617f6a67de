"""Puts the parts together: settings, database, services, window. The only package that knows everyone."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from zeroline import cli
from zeroline.app.programs import Programs


def main(arguments: Sequence[str] | None = None) -> int:
    """The ``zeroline`` command: headless verbs as ``cli`` documents them; without a verb the window opens."""
    return cli.run(sys.argv[1:] if arguments is None else arguments, Programs())
