"""The shipped faces on paper: measuring, encoding and wrapping, each cached by text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from reportlab.pdfbase.ttfonts import TTFont

from zeroline import assets

_CACHED_TEXTS = 60_000
_OTHER_SUBSET = "\U0010ffff"
_SEPARATED = re.compile(r"[^-/_.,:;|\\+=@#&]*[-/_.,:;|\\+=@#&]+|[^-/_.,:;|\\+=@#&]+")
_WORDS = re.compile(r"\S+\s*|\s+")


class Face:
    """One shipped face inside one PDF: widths in em, and the codes its glyphs got in that file."""

    def __init__(self, name: str, doc: Any) -> None:
        # parsed anew for each PDF (5 ms): a parsed file keeps its reading place, so threads cannot share it
        self.font: Any = TTFont(f"zeroline-{name}", str(assets.font(name)))
        self.doc = doc
        self.widths = _Widths(self.font.face.charWidths, self.font.face.defaultWidth)
        self.codes = _Codes(self.font, doc)
        self.font.splitString(" ", doc)
        self.first = str(self.font.getSubsetInternalName(0, doc))
        self.ascent = self.font.face.ascent / 1000
        self.descent = -self.font.face.descent / 1000

    def has(self, character: str) -> bool:
        """Whether the face can draw it."""
        return ord(character) in self.font.face.charToGlyph


class Style:
    """A face at one size in points: what a text weighs and how it is shown."""

    def __init__(self, face: Face, size: float) -> None:
        self.face, self.size = face, size
        self.select = f"{face.first} {size:g} Tf"
        self._shown: dict[str, tuple[str, float]] = {}
        self._em = size / 1000

    def width(self, text: str) -> float:
        """Points."""
        return sum(map(self.face.widths.__getitem__, map(ord, text))) * self._em

    def show(self, text: str) -> tuple[str, float]:
        """The operators that show ``text`` (with this style selected before and after) and its width."""
        known = self._shown.get(text)
        if known is None:
            if len(self._shown) >= _CACHED_TEXTS:
                self._shown.clear()
            codes = text.translate(self.face.codes)
            operators = self._show_subsets(text) if _OTHER_SUBSET in codes else f"({codes}) Tj"
            known = self._shown[text] = operators, self.width(text)
        return known

    def _show_subsets(self, text: str) -> str:
        parts = []
        font, doc = self.face.font, self.face.doc
        for subset, codes in font.splitString(text, doc):
            name = font.getSubsetInternalName(subset, doc)
            shown = "".join(map(_escaped, codes))
            parts.append(f"{name} {self.size:g} Tf ({shown}) Tj")
        parts.append(self.select)
        return " ".join(parts)

    def wrap(self, text: str, width: float) -> tuple[str, ...]:
        """Lines of at most ``width`` points; at least one.

        Breaks at spaces; a word that is too long breaks after separators, and at last by the character.
        """
        text = clean(text)
        if "\n" in text:
            return tuple(line for part in text.split("\n") for line in self._wrap_line(part, width))
        return self._wrap_line(text, width)

    def _wrap_line(self, text: str, width: float) -> tuple[str, ...]:
        if self.width(text) <= width:
            return (text,)
        lines: list[str] = []
        line, used = "", 0.0
        for piece in self._pieces(text, width):
            bare = piece.rstrip()
            if line and used + self.width(bare) > width:
                lines.append(line.rstrip())
                line, used = "", 0.0
                piece = piece.lstrip()
            line += piece
            used += self.width(piece)
        if line.strip() or not lines:
            lines.append(line.rstrip())
        return tuple(lines)

    def _pieces(self, text: str, width: float) -> Iterator[str]:
        for match in _WORDS.finditer(text):
            word = match[0]
            if self.width(word.rstrip()) <= width:
                yield word
                continue
            for part in _SEPARATED.findall(word):
                if self.width(part.rstrip()) <= width:
                    yield part
                else:
                    yield from self._cut(part, width)

    def _cut(self, part: str, width: float) -> Iterator[str]:
        start, used = 0, 0.0
        for index, character in enumerate(part):
            wide = self.width(character)
            if used + wide > width and index > start:
                yield part[start:index]
                start, used = index, 0.0
            used += wide
        yield part[start:]

    def shorten(self, text: str, width: float) -> str:
        """The text, or its beginning with an ellipsis; for running titles whose whole stands elsewhere."""
        text = clean(text).replace("\n", " ")
        if self.width(text) <= width:
            return text
        while text and self.width(text + "…") > width:
            text = text[:-1]
        return text.rstrip() + "…"


class Styles:
    """Every style of one PDF."""

    def __init__(self, doc: Any) -> None:
        self.sans = Face("sans", doc)
        self.semibold = Face("sans-semibold", doc)
        self.mono = Face("mono", doc)
        self.mono_semibold: Face | None = None
        self._doc = doc
        self._styles: dict[tuple[Face, float], Style] = {}

    def __call__(self, size: float, strong: bool = False, mono: bool = False) -> Style:
        """Text at ``size`` points; fixed-width text is set a little smaller so that both look alike."""
        if mono:
            size = round(size * 0.94, 2)
            if strong and self.mono_semibold is None:
                self.mono_semibold = Face("mono-semibold", self._doc)
            face = self.mono_semibold if strong and self.mono_semibold is not None else self.mono
        else:
            face = self.semibold if strong else self.sans
        style = self._styles.get((face, size))
        if style is None:
            style = self._styles[face, size] = Style(face, size)
        return style


def clean(text: str) -> str:
    """The text as it can be set: composed, without control characters; line feeds stay."""
    if text.isascii():
        if text.isprintable():
            return text
    else:
        text = unicodedata.normalize("NFC", text)
        if text.isprintable():
            return text
    return text.replace("\r\n", "\n").translate(_CLEAN)


class _Clean(dict[int, str]):
    def __missing__(self, code: int) -> str:
        character = chr(code)
        category = unicodedata.category(character)
        if code in (0x0A, 0x0D, 0x2028, 0x2029, 0x85):
            shown = "\n"
        elif category == "Cs":
            shown = "\ufffd"
        elif category == "Cf":
            shown = ""
        elif category == "Cc":
            shown = " "
        else:
            shown = character
        self[code] = shown
        return shown


_CLEAN = _Clean()


class _Widths(dict[int, float]):
    def __init__(self, widths: dict[int, float], default: float) -> None:
        super().__init__(widths)
        self._default = default

    def __missing__(self, code: int) -> float:
        self[code] = self._default
        return self._default


class _Codes(dict[int, str]):
    def __init__(self, font: Any, doc: Any) -> None:
        super().__init__()
        self._font, self._doc = font, doc

    def __missing__(self, code: int) -> str:
        [(subset, codes)] = self._font.splitString(chr(code), self._doc)
        shown = _OTHER_SUBSET if subset else _escaped(codes[0])
        self[code] = shown
        return shown


def _escaped(code: int) -> str:
    character = chr(code)
    if character in "()\\":
        return "\\" + character
    return character if 32 <= code < 127 else f"\\{code:03o}"
