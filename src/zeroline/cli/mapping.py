"""The verb ``mapping``: a mapping to start from."""

from __future__ import annotations

import argparse
from pathlib import Path

from zeroline.assets import resource
from zeroline.cli.exits import Exit
from zeroline.cli.setting import Setting
from zeroline.domain.errors import DomainError
from zeroline.domain.incoming import RecordKind
from zeroline.sources import Mapping, mapping_text, probe
from zeroline.sources.mapping import Cell


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="suggest one for this file")
    parser.add_argument(
        "--kind",
        choices=[kind.value for kind in RecordKind],
        default=RecordKind.MOVEMENTS.value,
        help="what its rows are (movements)",
    )


def run(setting: Setting, chosen: argparse.Namespace) -> int:
    """Print every setting with its meaning, or what a file's column names suggest."""
    if chosen.file is None:
        setting.out.write(resource("sample/template.toml").read_text(encoding="utf-8"))
        return Exit.DONE
    if not chosen.file.exists():
        raise DomainError("file-missing", file=str(chosen.file))
    kind = RecordKind(chosen.kind)
    found = probe(chosen.file, kind)
    columns = {field: Cell(column=column) for field, column in found.columns.items()}
    setting.out.write(mapping_text(Mapping(kind=kind, columns=columns)))
    left = [column for column in found.header if column and column not in found.columns.values()]
    if left:
        setting.tell(f"Columns that no field is suggested for: {', '.join(left)}")
    return Exit.DONE
