"""The house keeps its shape: names that say what a module holds, files of a size one can read."""

from __future__ import annotations

import re

from support.house import ROOT, modules, named, source_files, tracked

VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "base", "misc", "stuff"}
TOP = {"pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "src", "resources", "tests", "installer"}
LONGEST = 450
PROMISES = re.compile(r"\b(TODO|FIXME)\b|raise NotImplementedError|pytest\.skip\(|mark\.(skip|xfail)")


def test_no_module_has_a_name_that_could_hold_anything() -> None:
    vague = [named(file) for file in source_files("src", "tests") if VAGUE & set(file.with_suffix("").parts)]
    assert vague == []


def test_no_source_file_is_too_long_to_read() -> None:
    lengths = {
        named(file): len(file.read_text(encoding="utf-8").splitlines())
        for file in modules()
        if file.parent.name != "versions"  # a revision is a record of what was, written by Alembic
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_every_folder_of_modules_is_a_package() -> None:
    folders = {file.parent for file in modules() if file.parent.name != "versions"}  # Alembic's own
    assert [named(folder) for folder in folders if not (folder / "__init__.py").is_file()] == []


def test_the_top_level_holds_only_what_was_agreed() -> None:
    top = {name.split("/")[0] for name in tracked()}
    assert {name for name in top if not name.startswith(".")} - TOP == set()


def test_nothing_is_promised_for_later_or_skipped() -> None:
    this = named(ROOT / "tests/house/test_layout.py")
    absent_by_right = "tests/support/real_ledgers.py"  # ledgers that are no part of the project: it says so
    found = [
        f"{named(file)}:{number}"
        for file in source_files("src", "tests")
        if named(file) not in (this, absent_by_right)
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if PROMISES.search(line)
    ]
    assert found == []


def test_everything_tracked_is_small_enough_for_a_source_tree() -> None:
    sizes = {name: (ROOT / name).stat().st_size for name in tracked() if (ROOT / name).is_file()}
    assert {name: size for name, size in sizes.items() if size > 1_500_000} == {}
