"""What the house tests read: the sources of this checkout and their syntax trees."""

from __future__ import annotations

import ast
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "zeroline"


def source_files(*folders: str) -> list[Path]:
    """Every Python file below these folders of the checkout, sorted."""
    return sorted(
        file
        for folder in folders
        for file in (ROOT / folder).rglob("*.py")
        if "__pycache__" not in file.parts
    )


def modules(part: str = "") -> list[Path]:
    """Every Python file of the package, or of one part of it such as ``domain``."""
    return source_files(f"src/zeroline/{part}")


def named(file: Path) -> str:
    """A file's name as a person would write it: relative to the checkout, with forward slashes."""
    return file.relative_to(ROOT).as_posix()


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), filename=str(file))


def nodes(file: Path) -> Iterator[ast.AST]:
    return ast.walk(tree(file))


def imports(file: Path) -> Iterator[tuple[str, int]]:
    """Every absolute module name a file imports, wherever it does so, with its line."""
    for node in nodes(file):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module is not None:
            yield node.module, node.lineno


def called(node: ast.Call) -> str:
    """The last name of what is called: ``exec`` for ``dialog.exec()``; empty for anything else."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


@cache
def tracked() -> tuple[str, ...]:
    """Every file under version control, or every file but the derived ones where git is not at hand."""
    git = shutil.which("git")
    if git is not None:
        listing = subprocess.run([git, "-C", str(ROOT), "ls-files", "-z"], capture_output=True, check=False)
        if listing.returncode == 0:
            return tuple(name for name in listing.stdout.decode().split("\0") if name)
    derived = {".venv", ".git", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"}
    return tuple(
        file.relative_to(ROOT).as_posix()
        for file in ROOT.rglob("*")
        if file.is_file() and file.suffix != ".log" and not derived & set(file.relative_to(ROOT).parts)
    )
