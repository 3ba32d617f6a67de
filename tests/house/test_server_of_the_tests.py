"""The PostgreSQL server that the tests bring along: killed, started again, cleared away after a run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from support import postgres
from support.postgres import Server, alive

CHILD = """
import sys
from support.postgres import Server, binaries
server = Server(binaries())
print(server.folder, server._keeper.pid, server._pid, flush=True)
sys.stdin.read()
"""


def test_a_killed_server_begins_again_only_when_nothing_of_it_is_left(own_postgres_server: Server) -> None:
    server = own_postgres_server
    with server.admin() as admin:
        admin.execute("CREATE TABLE kept (number integer)")
        admin.execute("INSERT INTO kept VALUES (1)")
    for _ in range(2):
        with closing(server.admin()) as busy:
            pid = busy.info.backend_pid
            busy.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 6000000)")  # hears of nothing
            server.kill()
            server.start()
        assert not alive(pid)
        with server.admin() as admin:
            assert admin.execute("SELECT count(*) FROM kept").fetchone() == (1,)


def test_a_server_that_is_stopped_in_order_begins_again(own_postgres_server: Server) -> None:
    own_postgres_server.restart()
    with own_postgres_server.admin() as admin:
        assert admin.execute("SELECT 1").fetchone() == (1,)
    own_postgres_server.stop()
    with pytest.raises(psycopg.OperationalError):
        own_postgres_server.admin()
    own_postgres_server.start()


def test_a_server_that_cannot_begin_says_why(own_postgres_server: Server) -> None:
    own_postgres_server.stop()
    with (own_postgres_server.folder / "data" / "postgresql.conf").open("a") as settings:
        settings.write("shared_buffers = nonsense\n")
    with pytest.raises(RuntimeError, match="shared_buffers"):
        own_postgres_server.start()


@pytest.mark.parametrize("keeper_too", [False, True])
def test_what_a_killed_run_leaves_is_cleared_away_by_the_next(keeper_too: bool) -> None:
    import fcntl

    child = subprocess.Popen(
        [sys.executable, "-c", CHILD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
    )
    assert child.stdout is not None
    assert child.stdin is not None
    name, keeper, server = child.stdout.readline().split()
    folder = Path(name)
    postgres.clear_away()
    assert folder.exists()  # it is in use
    if keeper_too:
        os.kill(int(keeper), signal.SIGKILL)
    child.kill()
    child.wait()
    child.stdin.close()
    child.stdout.close()
    if not keeper_too:
        with (folder / "held").open() as held:
            fcntl.flock(held, fcntl.LOCK_EX)  # given up when the keeper has ended its server
    postgres.clear_away()
    assert not folder.exists()
    assert not alive(int(server))
