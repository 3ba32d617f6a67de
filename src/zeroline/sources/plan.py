"""Which files are read under which rules, in which order."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path

from zeroline.domain.errors import DomainError, Trouble
from zeroline.domain.incoming import RecordKind
from zeroline.sources.file_source import FileSource
from zeroline.sources.lookup import LookupTable, load_lookup
from zeroline.sources.mapping import FileRules, Mapping, mapping_text, own_mapping
from zeroline.sources.table.opened import open_table


def plan(
    paths: Sequence[Path], mapping: Mapping | None = None, kind: RecordKind | None = None
) -> tuple[FileSource, ...]:
    """The sources to load, in order.

    Without a mapping each file must have our own column names; ``kind`` says what its rows are (movements by
    default). With one, a folder stands for every file in it that a ``[[files]]`` entry names, in the order of
    the entries; a single file is read by each entry that names it, or by the common settings. ``kind`` then
    keeps only what is of that kind. Raises DomainError ``columns-missing``, ``mapping-kind-missing``,
    ``mapping-file-missing``, ``mapping-not-for-file``, ``file-is-folder``, ``file-missing``, what opening a
    lookup file raises, and Trouble ``file-unreadable``.
    """
    for path in paths:
        if not path.exists():
            raise DomainError("file-missing", file=str(path))
        if path.is_dir() and (mapping is None or not mapping.files):
            raise DomainError("file-is-folder", file=str(path))
    if mapping is None:
        return tuple(own_source(path, kind or RecordKind.MOVEMENTS) for path in paths)
    text = mapping_text(mapping)
    lookups: dict[Path, dict[str, LookupTable]] = {}
    found: list[FileSource] = []
    for path, rules in _matched(paths, mapping, kind):
        folder = path.parent
        if folder not in lookups:
            lookups[folder] = {
                name: load_lookup(lookup, folder)
                for name, lookup in mapping.lookups.items()
                if name in _needed(mapping, kind)
            }
        found.append(FileSource(path, rules, lookups[folder], text))
    if not found:
        wanted = kind.value if kind else ""
        raise DomainError("mapping-not-for-file", file=", ".join(p.name for p in paths), kind=wanted)
    return tuple(found)


def own_source(path: Path, kind: RecordKind) -> FileSource:
    """A file in our own column names. Raises DomainError ``columns-missing`` and as ``open_table``."""
    table = open_table(path)
    try:
        mapping = own_mapping(kind, table.header, path.name)
    finally:
        table.close()
    return FileSource(path, mapping.rules(), mapping="")


def _needed(mapping: Mapping, kind: RecordKind | None) -> set[str]:
    """The lookups that the files of this kind use."""
    parts = [mapping.rules(part) for part in mapping.files] or [mapping.rules()]
    return {
        name
        for rules in parts
        if kind is None or rules.kind in (None, kind)
        for name in (
            *(cell.lookup for cell in rules.columns.values()),
            *(unit.lookup for unit in rules.units.values()),
        )
        if name
    }


def _matched(
    paths: Sequence[Path], mapping: Mapping, kind: RecordKind | None
) -> list[tuple[Path, FileRules]]:
    found: list[tuple[Path, FileRules]] = []
    if not mapping.files:
        return [(path, _of_kind(mapping.rules(), kind)) for path in paths]
    taken: set[Path] = set()
    for part in mapping.files:
        rules = mapping.rules(part)
        if kind is not None and rules.kind not in (None, kind):
            taken.update(p for p in paths if fnmatch(p.name, Path(part.file).name))
            continue
        rules = _of_kind(rules, kind)
        for path in paths:
            if path.is_dir():
                here = _inside(path, part.file)
                if not here:
                    raise DomainError("mapping-file-missing", file=part.file, folder=str(path))
            else:
                here = [path] if fnmatch(path.name, Path(part.file).name) else []
            taken.update(here)
            found.extend((file, rules) for file in here)
    lost = [path for path in paths if path.is_file() and path not in taken]
    if lost:
        raise DomainError("mapping-not-for-file", file=", ".join(path.name for path in lost), kind="")
    return found


def _of_kind(rules: FileRules, kind: RecordKind | None) -> FileRules:
    if rules.kind is None and kind is not None:
        return rules.model_copy(update={"kind": kind})
    if rules.kind is not None and kind is not None and rules.kind is not kind:
        raise DomainError("mapping-not-for-file", file="", kind=kind.value)
    return rules


def _inside(folder: Path, pattern: str) -> list[Path]:
    """Files of the folder that a pattern names, by name."""
    try:
        return sorted(path for path in folder.glob(pattern) if path.is_file())
    except (ValueError, NotImplementedError) as error:
        raise DomainError("mapping-file-missing", file=pattern, folder=str(folder)) from error
    except OSError as error:
        raise Trouble("file-unreadable", file=str(folder), detail=str(error)) from error
