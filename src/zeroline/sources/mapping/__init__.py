"""How a source's columns, dates, signs, kinds and units are to be understood: a TOML file, checked."""

from zeroline.sources.mapping.model import Cell, FilePart, FileRules, KindRule, Mapping, UnitRule, factor_of
from zeroline.sources.mapping.suggestion import own_mapping, suggest
from zeroline.sources.mapping.text import load_mapping, mapping_text, read_mapping

__all__ = [
    "Cell",
    "FilePart",
    "FileRules",
    "KindRule",
    "Mapping",
    "UnitRule",
    "factor_of",
    "load_mapping",
    "mapping_text",
    "own_mapping",
    "read_mapping",
    "suggest",
]
