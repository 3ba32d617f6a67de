"""Files as rows of text cells: delimited text and XLSX workbooks, whatever their encoding and faults."""

from zeroline.sources.table.encoding import detect_encoding
from zeroline.sources.table.opened import Table, open_table, sheet_names
from zeroline.sources.table.row import Fault, Layout, RawRow

__all__ = ["Fault", "Layout", "RawRow", "Table", "detect_encoding", "open_table", "sheet_names"]
