"""From the cells of a row to a record of the trade, by a mapping compiled once for each file."""

from zeroline.sources.reading.compiled import RowReader, compile_reader

__all__ = ["RowReader", "compile_reader"]
