"""A disk that is really full: a small one of its own where the machine lets a test mount it, else a file that
may not grow. What was kept before stays whole, nothing is kept by halves, and with room it goes on."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

CHILD = """
import contextlib, io, json, os, resource, shutil, subprocess, sys
from pathlib import Path

from support.command_line import Called
from zeroline import cli

how, template, place = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
size = template.stat().st_size
if how == "disk":
    room = size + 3_000_000
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={room}", "none", str(place)], check=True)
database = place / "stock.db"
shutil.copyfile(template, database)


def zeroline(*arguments):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = cli.run([str(one) for one in arguments], Called())
    told.append({"code": int(code), "out": out.getvalue(), "err": err.getvalue(),
                 "files": sorted(path.name for path in place.iterdir())})


def movements(name, count):
    lines = ["movement_id,item,location,quantity,recorded_at"]
    lines += [f"{name}-{n},ITEM-{n},BIN-{n},-1,2026-03-01T10:00:00Z" for n in range(count)]
    (template.parent / f"{name}.csv").write_text("\\n".join(lines) + "\\n")
    return template.parent / f"{name}.csv"


told = []
url = f"sqlite:///{database}"
zeroline("--database", url, "import", movements("few", 20))
if how == "disk":
    (place / "ballast").write_bytes(b"x" * 1_200_000)
else:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 600_000, resource.RLIM_INFINITY))
many = movements("many", 2_500)
zeroline("--database", url, "import", many)
zeroline("--database", url, "audit", "verify")
if how == "disk":
    shutil.copyfile(database, template.parent / "later.db")
    with contextlib.suppress(OSError), (place / "more").open("wb") as stream:
        while True:
            stream.write(b"x" * 4096)
            stream.flush()
    before = sorted(path.name for path in place.iterdir())
    zeroline("--database", url, "backup", "--to", place / "b.zeroline-backup")
    told[-1]["left"] = sorted(set(told[-1]["files"]) - set(before))
    for name in ("ballast", "more"):
        (place / name).unlink()
else:
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
zeroline("--database", url, "import", many if how != "disk" else movements("again", 200))
zeroline("--database", url, "audit", "verify")
print(json.dumps(told))
"""


@cache
def own_mounts() -> list[str] | None:
    """What begins a command that may mount a disk of its own, None where nothing may."""
    if sys.platform != "linux":
        return None
    for way in (["unshare", "-m"], ["unshare", "-r", "-m"]):
        try:
            tried = subprocess.run([*way, "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True)
        except OSError:
            return None
        if tried.returncode == 0:
            return way
    return None


def test_a_full_disk_keeps_what_was_kept_and_nothing_by_halves(template: Path, tmp_path: Path) -> None:
    way = own_mounts()
    (place := tmp_path / "disk").mkdir()
    (copied := tmp_path / "template.db").write_bytes(template.read_bytes())
    done = subprocess.run(
        [*(way or []), sys.executable, "-c", CHILD, "disk" if way else "file", str(copied), str(place)],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[1],
    )
    assert done.returncode == 0, done.stderr
    few, many, verified, *backed_up, again, whole = json.loads(done.stdout)
    assert few["code"] == 0
    said = "The disk is full; nothing of this was kept." if way else "The disk or the network failed"
    assert (many["code"], many["out"]) == (5, "")
    assert many["err"].startswith(said)
    assert verified["code"] == 0, verified
    for answer in backed_up:
        assert (answer["code"], answer["left"]) == (5, []), answer
        assert answer["err"].splitlines()[-1].startswith(said)
    assert again["code"] == 0, again
    assert whole["code"] == 0, whole
