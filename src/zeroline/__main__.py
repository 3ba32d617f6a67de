"""``python -m zeroline`` is the ``zeroline`` command."""

import sys

from zeroline.app import main

sys.exit(main())
