"""The verb ``import``."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from zeroline.cli.exits import Exit
from zeroline.cli.setting import Setting
from zeroline.domain.errors import DomainError
from zeroline.domain.incoming import Problem, RecordKind
from zeroline.domain.views.intake import FileResult, ImportResult, RejectedRow
from zeroline.services.intake import Progress
from zeroline.services.workbench import Workbench
from zeroline.sources import FileSource, load_mapping, plan, preview
from zeroline.sources.fields import OWN
from zeroline.sources.rejects import write_rejects
from zeroline.wording import sentence

DESCRIPTION = """\
Imports files; what is known already changes nothing, what is wrong is listed with its reason and can be
exported (--rejects), mended and imported again. All files of one call are taken together or not at all.

Without --mapping a file needs our own column names, in any order and case; others are passed over:
""" + "\n".join(f"  {kind.value:<12} {','.join(names)}" for kind, names in OWN.items())

_LISTED = 20


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    parser.description = DESCRIPTION
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="CSV or XLSX, or a folder")
    parser.add_argument("--mapping", type=Path, metavar="M.toml", help="how the files are to be understood")
    parser.add_argument(
        "--kind",
        choices=[kind.value for kind in RecordKind],
        help="what the rows are (movements); with a mapping: import only these",
    )
    parser.add_argument("--rejects", type=Path, metavar="OUT.csv", help="write rejected rows here")
    parser.add_argument("--preview", action="store_true", help="show how the first rows are understood, only")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="of the result")


def run(setting: Setting, chosen: argparse.Namespace) -> int:
    """Import, or show the preview."""
    mapping = load_mapping(chosen.mapping) if chosen.mapping else None
    kind = RecordKind(chosen.kind) if chosen.kind else None
    sources = plan(chosen.files, mapping, kind)
    if chosen.preview:
        for source in sources:
            _show_preview(setting, source)
        return Exit.DONE
    for source in sources:  # a file that cannot be understood at all leaves no database behind
        source.open()[0].close()
    with setting.writing() as services:
        result = services.intake.load(services.actor(), sources, _progress(setting))
        if chosen.format == "json":
            _show_json(setting, result)
        else:
            _show(setting, result)
        if chosen.rejects:
            _write_rejects(setting, services, result, chosen.rejects)
    if result.rejected:
        taken = result.added + result.changed + result.known
        return Exit.SOME_REJECTED if taken else Exit.REFUSED
    return Exit.DONE


def reason(row: Problem | RejectedRow) -> str:
    """Why a row was rejected, in words."""
    return sentence(DomainError(row.code, **{**row.facts, "field": row.field}))


def _progress(setting: Setting) -> Progress | None:
    if not setting.err.isatty():
        return None

    def show(done: int, total: int) -> None:
        share = f" of about {total:,}" if total > done else ""
        setting.err.write(f"\r{done:,} rows{share} …   ")
        setting.err.flush()

    return show


def _show(setting: Setting, result: ImportResult) -> None:
    if setting.err.isatty():
        setting.err.write("\r" + " " * 60 + "\r")
    for file in result.files:
        setting.say(f"{file.file_name} ({file.kind.value}): {_figures(file)}")
        for problem in file.problems[:_LISTED]:
            field = f", {problem.field}" if problem.field else ""
            setting.tell(f"  row {problem.row}{field}: {reason(problem)}")
        if file.rejected > _LISTED:
            setting.tell(
                f"  … and {file.rejected - _LISTED:,} more rejected rows (--rejects FILE writes them all)"
            )
    for name, codes in (("items", result.created_items), ("locations", result.created_locations)):
        if codes:
            more = f" … and {len(codes) - _LISTED:,} more" if len(codes) > _LISTED else ""
            setting.say(f"{len(codes):,} unknown {name} created: {', '.join(codes[:_LISTED])}{more}")


def _figures(file: FileResult) -> str:
    parts = [f"{file.read:,} rows read", f"{file.added:,} added"]
    if file.changed:
        parts.append(f"{file.changed:,} changed")
    parts.append(
        f"{file.known:,} already known" + (f" ({file.repeated:,} repeated)" if file.repeated else "")
    )
    if file.skipped:
        parts.append(f"{file.skipped:,} passed over")
    parts.append(f"{file.rejected:,} rejected")
    return ", ".join(parts)


def _show_json(setting: Setting, result: ImportResult) -> None:
    content = {
        "files": [
            {
                "import": file.import_id,
                "file": file.file_name,
                "kind": file.kind.value,
                "read": file.read,
                "added": file.added,
                "changed": file.changed,
                "known": file.known,
                "repeated": file.repeated,
                "skipped": file.skipped,
                "rejected": file.rejected,
                "problems": [
                    {
                        "row": problem.row,
                        "field": problem.field,
                        "value": problem.value,
                        "code": problem.code,
                        "reason": reason(problem),
                    }
                    for problem in file.problems
                ],
            }
            for file in result.files
        ],
        "created_items": result.created_items,
        "created_locations": result.created_locations,
    }
    json.dump(content, setting.out, ensure_ascii=False, indent=1)
    setting.out.write("\n")


def _write_rejects(setting: Setting, services: Workbench, result: ImportResult, path: Path) -> None:
    """One file for each imported file that has rejects: OUT.csv, OUT-2.csv …"""
    rejected = [file for file in result.files if file.rejected]
    for number, file in enumerate(rejected, 1):
        there = path if number == 1 else path.with_name(f"{path.stem}-{number}{path.suffix}")
        write_rejects(there, services.intake.rejects(file.import_id), reason)
        setting.tell(f"Rejected rows of {file.file_name}: {there}")


def _show_preview(setting: Setting, source: FileSource) -> None:
    setting.say(f"{source.file_name} ({source.kind.value})")
    for row in preview(source, _LISTED).rows:
        if row.problem is not None:
            field = f", {row.problem.field}" if row.problem.field else ""
            setting.say(f"  row {row.number}{field}: {reason(row.problem)}")
        for record in row.understood:
            setting.say(
                f"  row {row.number}: " + ", ".join(f"{name} {text}" for name, text in record.items())
            )
        if row.problem is None and not row.understood:
            setting.say(f"  row {row.number}: passed over")
