"""What a server that stops, throws out or runs full is called, and that work goes on once it is back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.postgres import Server, own_postgres_server  # noqa: F401
from support.warehouse import SettableClock
from zeroline.domain.errors import DomainError, Trouble
from zeroline.storage.engine import Database


@pytest.fixture
def on_own(own_postgres_server: Server) -> Iterator[Database]:  # noqa: F811
    """A database on a server of this test's own."""
    database = Database(own_postgres_server.url("postgres"), SettableClock())
    yield database
    database.dispose()


def ask(database: Database, statement: str = "SELECT 1") -> int:
    with database.read() as connection:
        return int(connection.exec_driver_sql(statement).scalar_one())


def test_a_server_killed_in_the_middle_of_work_is_a_lost_line_and_serves_again_after_its_start(
    own_postgres_server: Server,  # noqa: F811
    on_own: Database,
) -> None:
    def killed() -> None:
        with on_own.read() as connection:
            connection.exec_driver_sql("SELECT 1")
            own_postgres_server.kill()
            connection.exec_driver_sql("SELECT 1")

    with pytest.raises(Trouble) as told:
        killed()
    assert told.value.code == "connection-lost"
    with pytest.raises(Trouble) as told:
        ask(on_own)
    assert told.value.code == "connection-lost"
    own_postgres_server.start()
    assert ask(on_own) == 1


def test_a_session_ended_by_an_administrator_is_a_lost_line(
    own_postgres_server: Server,  # noqa: F811
    on_own: Database,
) -> None:
    def thrown_out() -> None:
        with on_own.read() as connection:
            mine = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
            with own_postgres_server.admin() as administrator:
                administrator.execute("SELECT pg_terminate_backend(%s, 5000)", (mine,))
            connection.exec_driver_sql("SELECT 1")

    with pytest.raises(Trouble) as told:
        thrown_out()
    assert told.value.code == "connection-lost"
    assert ask(on_own) == 1


def test_a_wrong_and_an_expired_password_are_refused_alike(
    own_postgres_server: Server,  # noqa: F811
) -> None:
    with own_postgres_server.admin() as administrator:
        administrator.execute("CREATE ROLE late LOGIN PASSWORD 'was good' VALID UNTIL '2020-01-01'")
        administrator.execute("CREATE ROLE ready LOGIN PASSWORD 'is good'")
    for login, secret in (("late", "was good"), ("ready", "is wrong")):
        database = Database(own_postgres_server.url("postgres", login, secret), SettableClock())
        with pytest.raises(DomainError, match="sign-in-refused"):
            ask(database)
        database.dispose()


@pytest.mark.parametrize(
    ("state", "code"), [("53100", "disk-full"), ("53300", "server-full"), ("57P03", "server-starting")]
)
def test_what_the_server_complains_of_is_called_by_its_name(on_own: Database, state: str, code: str) -> None:
    with pytest.raises(Trouble) as told, on_own.read() as connection:
        connection.exec_driver_sql(f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{state}'; END $$")
    assert told.value.code == code
