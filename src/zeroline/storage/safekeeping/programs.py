"""PostgreSQL's own programs, pg_dump and pg_restore: found, and run without a password in arguments."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from glob import glob
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from zeroline.domain.errors import Trouble
from zeroline.storage.postgres.server import Server, settings

NAMED = "ZEROLINE_PG_BIN"
"""The environment's name of the one folder to look in."""

USUAL = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/Library/PostgreSQL/*/bin",
    "C:/Program Files/PostgreSQL/*/bin",
)
_ENDING = ".exe" if sys.platform == "win32" else ""
_LOOK = 0.1
"""Seconds between two looks at whether to go on."""


def find(name: str, oldest: int) -> Path:
    """The program of the version nearest to ``oldest`` (a major version) and not below it.

    Raises Trouble ``program-missing`` (program, version) and ``program-too-old`` (program, found, version).
    """
    versions = {path: version for path in _candidates(name) if (version := _version(path))}
    if not versions:
        raise Trouble("program-missing", program=name, version=oldest)
    fit = {path: version for path, version in versions.items() if version >= oldest}
    if not fit:
        raise Trouble("program-too-old", program=name, found=max(versions.values()), version=oldest)
    return min(fit, key=lambda path: fit[path])


def _candidates(name: str) -> list[Path]:
    named = os.environ.get(NAMED)
    if named:
        return [Path(named) / f"{name}{_ENDING}"]
    found = [Path(folder) / f"{name}{_ENDING}" for pattern in USUAL for folder in sorted(glob(pattern))]
    on_path = shutil.which(name)
    return [*found, Path(on_path)] if on_path else found


def _version(program: Path) -> int:
    """The major version that a program says it is, 0 if it says nothing."""
    try:
        said = subprocess.run(
            [str(program), "--version"],
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=10,
            env=_environment(),
            creationflags=_without_console(),
        )
    except (OSError, subprocess.SubprocessError):
        return 0
    found = re.search(r"\) (\d+)", said.stdout)
    return int(found[1]) if found and said.returncode == 0 else 0


@contextmanager
def way_to(server: Server) -> Iterator[str]:
    """The argument that leads a program to the server's database; a password lies in a file meanwhile that
    only its owner may read."""
    from psycopg.conninfo import make_conninfo

    told: dict[str, Any] = settings(server.url)
    secret = told.pop("password", None)
    told.pop("sslpassword", None)
    with TemporaryDirectory(prefix="zeroline-") as folder:
        if secret:
            told["passfile"] = file = str(Path(folder) / "way")
            escaped = str(secret).replace("\\", "\\\\").replace(":", "\\:")
            with open(
                os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
            ) as to:
                to.write(f"*:*:*:*:{escaped}\n")
        yield f"--dbname={make_conninfo(**told)}"


def run(program: Path, arguments: Sequence[str], marker: str, look: Callable[[int], None]) -> None:
    """Let a program do its work; ``look`` is told how many lines with ``marker`` it has written, and raises
    Cancelled to end it. Raises Trouble ``program-failed`` (program, detail)."""
    with _started(program, arguments, subprocess.DEVNULL) as (process, said):
        seen = 0
        with said.open("rb") as lines:
            while process.poll() is None:
                seen += lines.read().count(marker.encode())
                look(seen)
                try:
                    process.wait(_LOOK)
                except subprocess.TimeoutExpired:
                    continue


@contextmanager
def output(program: Path, arguments: Sequence[str]) -> Iterator[IO[bytes]]:
    """What a program writes, while it works; ends it where nobody reads on. Raises as :func:`run`."""
    with _started(program, arguments, subprocess.PIPE) as (process, _):
        assert process.stdout is not None
        yield process.stdout


@contextmanager
def _started(
    program: Path, arguments: Sequence[str], to: int
) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    with TemporaryDirectory(prefix="zeroline-") as folder:
        said = Path(folder) / "said"
        with said.open("wb") as complaints:
            process = subprocess.Popen(
                [str(program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=to,
                stderr=complaints,
                env=_environment(),
                creationflags=_without_console(),
            )
        try:
            yield process, said
            process.wait()
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
            if process.stdout is not None:
                process.stdout.close()
        if process.returncode:
            raise Trouble("program-failed", program=program.stem, detail=_complaint(said))


def _complaint(said: Path) -> str:
    """The first thing a program called an error, else its last line."""
    lines = said.read_text("utf-8", "replace").strip().splitlines()
    errors = [line for line in lines if " error: " in line or " fatal: " in line]
    return (errors or lines or [""])[0 if errors else -1].partition(": ")[2]


def _environment() -> dict[str, str]:
    return {**os.environ, "LC_ALL": "C", "LC_MESSAGES": "C"}


def _without_console() -> int:
    return getattr(subprocess, "CREATE_NO_WINDOW", 0)
