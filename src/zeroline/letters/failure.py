"""Why a letter did not leave."""

from __future__ import annotations


class Failed(Exception):
    """A letter did not leave: ``code`` says why, ``detail`` what the other side said, in its own words.

    ``for_good``: trying the same again cannot help.
    """

    def __init__(self, code: str, detail: str = "", *, for_good: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.detail = " ".join(detail.split())
        self.for_good = for_good

    @property
    def kept(self) -> str:
        """Code and detail as they are kept with the letter."""
        return f"{self.code} {self.detail}".strip()
