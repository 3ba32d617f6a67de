"""The verb that carries a file over to a server."""

from __future__ import annotations

import io
from typing import Any

import pytest

from support.command_line import Answer, Line
from support.moving import ADMINISTRATOR, Moves
from support.warehouse import SECRET
from zeroline.cli import Exit
from zeroline.services.moving import Moving
from zeroline.storage.postgres.moving.table import CARRIED
from zeroline.storage.postgres.moving.unguarded import unguarded


@pytest.fixture
def told(line: Line, moves: Moves, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Moves the file into a database, as its owner types it."""

    def move(name: str, *more: str) -> Answer:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{SECRET}\n"))
        return line.bare("move", "--from", moves.source, "--to", moves.server.url(name), *more)

    return move


def test_a_move_says_what_it_compared_and_who_can_sign_in(told: Any, moves: Moves) -> None:
    name = moves.place(None)
    answer = told(name, "--administrator", ADMINISTRATOR)
    assert answer.code == Exit.DONE, answer.err
    assert "audit_entry" in answer.out
    assert answer.out.count("the same") == len(CARRIED)
    assert f"{ADMINISTRATOR} can sign in" in answer.out
    assert "Without a password yet: mv_counter, mv_manager" in answer.out
    assert "Comparing both sides, row by row" in answer.err
    again = told(name, "--administrator", ADMINISTRATOR)
    assert (again.code, "was moved to" in again.err) == (Exit.REFUSED, True)


def test_of_several_administrators_one_is_to_be_named(told: Any, moves: Moves) -> None:
    answer = told(moves.place())
    assert answer.code == Exit.REFUSED
    assert "Known are: mv_administrator, mv_other_administrator" in answer.err


def test_a_stopped_move_says_that_it_goes_on(
    told: Any, moves: Moves, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = moves.place()

    def interrupted(self: Moving, watch: Any, *asked: str, **more: Any) -> Any:
        def stop(done: int, of: int, step: str, table: str) -> None:
            watch(done, of, step, table)
            if step == "compare":
                raise KeyboardInterrupt

        return move(self, stop, *asked, **more)

    move = Moving.move
    monkeypatch.setattr(Moving, "move", interrupted)
    stopped = told(name, "--administrator", ADMINISTRATOR)
    assert (stopped.code, "the same command goes on from there" in stopped.err) == (Exit.CANCELLED, True)
    monkeypatch.undo()
    with moves.owner(name) as owner, owner.transaction(), unguarded(owner, "balance"):
        owner.execute("UPDATE balance SET on_hand = 1 WHERE key_id = 2")
    answer = told(name, "--administrator", ADMINISTRATOR)
    assert answer.code == Exit.NOT_VERIFIED
    assert "differs from key_id 2 on" in answer.out
    assert "begun before; it goes on" in answer.err
    assert "stays shut" in answer.err


def test_every_login_in_the_way_is_listed_with_the_cure(told: Any, moves: Moves) -> None:
    moves.edit(
        "UPDATE person SET login = 'pg_sam' WHERE login = 'mv_supervisor'",
        "UPDATE person SET login = 'postgres' WHERE login = 'mv_manager'",
    )
    answer = told(moves.place(), "--administrator", ADMINISTRATOR)
    assert answer.code == Exit.REFUSED
    assert "kept for the server itself): pg_sam." in answer.err
    assert "nobody of Zeroline: postgres." in answer.err
