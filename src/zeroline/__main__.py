"""``python -m zeroline`` is the ``zeroline`` command."""

import sys

from zeroline.app import main

if __name__ == "__main__":  # a second process that helps with a long run only imports this
    sys.exit(main())
