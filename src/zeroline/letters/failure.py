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

    @classmethod
    def by(cls, code: str, error: BaseException) -> Failed:
        """A failure of the line, in the words of the machine without its numbers."""
        return cls(code, getattr(error, "strerror", None) or str(error) or type(error).__name__)

    @property
    def kept(self) -> str:
        """Code and detail as they are kept with the letter."""
        return f"{self.code} {self.detail}".strip()
