"""What sets the program up: hash-locked, without an address in it, the same on every system."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from support.house import ROOT

LOCKS = ("run", "test")
SCRIPTS = ("setup", "run", "test")


def _lock(kind: str) -> str:
    return (ROOT / "installer" / f"lock-{kind}.txt").read_text(encoding="utf-8")


def _pins(kind: str) -> dict[str, set[str]]:
    """Locked versions by package; more than one where the systems or Pythons differ."""
    pins: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([a-z0-9-]+)==(\S+)", _lock(kind), re.MULTILINE):
        pins.setdefault(name, set()).add(version)
    return pins


def _required(*groups: str) -> set[str]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)
    lines = [*project["project"]["dependencies"]]
    for group in groups:
        lines += [line for line in project["dependency-groups"][group] if isinstance(line, str)]
    found = [re.match(r"[A-Za-z0-9._-]+", line) for line in lines]
    return {re.sub(r"[._]", "-", match[0]).lower() for match in found if match}


@pytest.mark.parametrize("kind", LOCKS)
def test_the_lock_names_no_address(kind: str) -> None:
    assert re.findall(r"^.*(?:://|--index|--find-links|\bgit\+).*$", _lock(kind), re.MULTILINE) == []


@pytest.mark.parametrize("kind", LOCKS)
def test_every_locked_package_carries_its_hashes(kind: str) -> None:
    entries = re.split(r"^(?=[a-z0-9])", _lock(kind), flags=re.MULTILINE)[1:]
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_locks_hold_everything_that_is_required() -> None:
    assert _required("build") - _pins("run").keys() == set()
    assert _required("build", "test", "lint") - _pins("test").keys() == set()


def test_the_program_is_tested_with_the_versions_it_runs_with() -> None:
    tested = _pins("test")
    assert {name: pins for name, pins in _pins("run").items() if tested[name] != pins} == {}


def test_qt_is_locked_to_a_release_that_survives_its_own_signals() -> None:
    assert all(version.startswith("6.11.") for version in _pins("run")["pyside6-essentials"])


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_script_has_its_twin_for_windows(script: str) -> None:
    assert (ROOT / "installer" / f"{script}.sh").is_file()
    assert (ROOT / "installer" / f"{script}.ps1").is_file()


@pytest.mark.parametrize("script", [*SCRIPTS, "lock"])
def test_every_shell_script_is_one_a_plain_shell_can_read(script: str) -> None:
    shell = shutil.which("dash") or shutil.which("sh")
    assert shell is not None, "no shell on this machine can read the scripts"
    read = subprocess.run(
        [shell, "-n", str(ROOT / "installer" / f"{script}.sh")], capture_output=True, text=True, check=False
    )
    assert (read.returncode, read.stderr) == (0, "")


def test_the_wheel_carries_the_shipped_files_and_finds_them(tmp_path: Path) -> None:
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    installed = tmp_path / "installed"
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        wheel.extractall(installed)
    program = (
        f"import sys; sys.path.insert(0, {str(installed)!r})\n"
        "from zeroline import assets; print(assets.icon('lock'))"
    )
    found = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True)
    assert Path(found.stdout.strip()) == installed / "zeroline" / "_resources" / "icons" / "lock.svg"
