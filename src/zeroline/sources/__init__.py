"""Sources: files of other systems turned into rows of the trade, problems collected, nothing written."""

from zeroline.sources.file_source import FileSource
from zeroline.sources.mapping import Mapping, load_mapping, mapping_text, read_mapping, suggest
from zeroline.sources.plan import own_source, plan
from zeroline.sources.preview import Preview, PreviewRow, Probe, preview, probe
from zeroline.sources.table import Layout

__all__ = [
    "FileSource",
    "Layout",
    "Mapping",
    "Preview",
    "PreviewRow",
    "Probe",
    "load_mapping",
    "mapping_text",
    "own_source",
    "plan",
    "preview",
    "probe",
    "read_mapping",
    "suggest",
]
