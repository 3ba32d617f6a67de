"""Finding out how a text file is encoded."""

from __future__ import annotations

import codecs
from pathlib import Path

from charset_normalizer import from_bytes

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DENSE = ["cp1251", "cp1253", "cp1252", "cp1254"]
_SIGNS = "–—‘’“”…•€°"
_LATIN = {  # the commoner page first; upper case follows
    page: frozenset(letters + letters.upper() + _SIGNS)
    for page, letters in (
        ("cp1252", "àáâãäåæçèéêëìíîïñòóôõöøùúûüßœ"),
        ("cp1254", "âçğıîöşûüİ"),
        ("cp1250", "ąćęłńóśźżáčďéěíňřšťúůýžöüőűäôĺľŕâîăşţßđ"),
    )
}
_CHUNK = 1 << 20
_SAMPLE = 1 << 18


def detect_encoding(path: Path) -> str:
    """The Python codec of a text file: by its mark, else UTF-8 if all of it is, else a Windows code page.

    Reads the file once in pieces; memory does not grow with it. Raises OSError.
    """
    with path.open("rb") as file:
        start = file.read(_CHUNK)
    for mark, codec in _MARKS:
        if start.startswith(mark):
            return codec
    even, odd = start[0:4096:2].count(0), start[1:4096:2].count(0)
    half = max(1, min(len(start), 4096) // 2)
    if odd > half * 0.7 and even < half * 0.1:
        return "utf-16-le"
    if even > half * 0.7 and odd < half * 0.1:
        return "utf-16-be"
    sample = _not_utf8(path)
    return "utf-8" if sample is None else _page(sample)


def _not_utf8(path: Path) -> bytes | None:
    """None when the whole file is UTF-8, else bytes around the places where it is not ASCII."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    broken = False
    sample = bytearray()
    with path.open("rb") as file:
        while True:
            chunk = file.read(_CHUNK)
            if not broken:
                try:
                    decoder.decode(chunk, final=not chunk)
                except UnicodeDecodeError:
                    broken = True
            if not chunk.isascii() and len(sample) < _SAMPLE:
                for line in chunk.splitlines(keepends=True):
                    if not line.isascii():
                        sample += line[:2000]
                        if len(sample) >= _SAMPLE:
                            break
            if not chunk or (broken and len(sample) >= _SAMPLE):
                return bytes(sample) if broken else None


def _page(sample: bytes) -> str:
    """The code page in which most of the bytes above 127 are letters of its languages.

    Statistics over words need more text than a column of names has; letters of an alphabet do not. Text that
    is mostly such bytes (Cyrillic, Greek) is left to charset-normalizer.
    """
    high = bytes(byte for byte in sample if byte > 127)
    turkish = _LATIN["cp1254"].issuperset(high.decode("cp1254", errors="replace"))  # few letters: no accident
    if not turkish and len(high) > sum(chr(byte).isalpha() for byte in sample if byte < 128):
        found = from_bytes(sample, cp_isolation=_DENSE, preemptive_behaviour=False).best()
        if found is not None:
            return found.encoding
    scores = {
        page: sum(letter in letters for letter in high.decode(page, errors="replace"))
        for page, letters in _LATIN.items()
    }
    return max(scores, key=lambda page: scores[page])  # the first of equals
