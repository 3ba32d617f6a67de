"""Every rule broken on purpose by plain SQL, in a file whose guards are out of the way.

A file only: what is shown is that the watch, which reads the same SQL on both databases, sees what the
guards would have refused.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import NamedTuple

from simulation.places import Place


class Like(NamedTuple):
    """One row more in a table, like the first one found, but for what is changed (SQL by column)."""

    table: str
    where: str
    changed: dict[str, str]


@dataclass(frozen=True)
class Plant:
    """What is done, and the rule it breaks. ``old``: it is in rows that were held against
    the rule before, so it is named by it only where everything is looked at."""

    rule: str
    what: str
    statements: tuple[str | Like, ...]
    old: bool = False

    def __str__(self) -> str:
        return f"{self.rule}: {self.what}"


POSTED = "(SELECT MIN(id) FROM adjustment WHERE state = 'posted')"
COUNTED = "(SELECT MIN(id) FROM adjustment WHERE state = 'posted' AND kind = 'count correction')"
ENTRY = f"(SELECT entry_id FROM adjustment WHERE id = {COUNTED})"
_SIGNER = "(SELECT approver_id FROM approval WHERE adjustment_id = {})"
_LINE = "(SELECT MIN(l.id) FROM count_line l WHERE l.state IN ('accepted', 'variance'))"
_OFF = "(SELECT MIN(id) FROM count_line WHERE state = 'variance')"
_UNCOUNTED = (
    "(SELECT MAX(l.id) FROM count_line l WHERE NOT l.found AND NOT EXISTS "
    "(SELECT 1 FROM count_entry e WHERE e.line_id = l.id))"
)
_PAPER = """'[["receipt", 1, "D1", "1", 1000000, "", ""]]'"""
_STILL_OPEN = (
    "SELECT d.id, '1', k.item_id, 5000000 FROM document d, stock_key k WHERE d.number = 'D-OPEN' "
    f"AND k.id = (SELECT key_id FROM adjustment WHERE id = {POSTED})"
)
_ELSEWHERE = (
    "SELECT a.proposer_id, (SELECT MAX(s.id) FROM site s WHERE s.id <> p.site_id) FROM adjustment a "
    f"JOIN stock_key k ON k.id = a.key_id JOIN location p ON p.id = k.location_id WHERE a.id = {POSTED}"
)
_NEW = {"id": "9001", "number": "'ADJ-9001'"}


def _count(**changed: str) -> Like:
    """One count more, of a line that was counted once before, by nobody known."""
    usual = {"id": "9001", "round": "9", "counter_id": "99", "submitted_at": "submitted_at + 1"}
    return Like("count_entry", f"line_id = {_LINE}", usual | changed)


def _expected(**changed: str) -> Like:
    where = f"entry_id IN (SELECT id FROM count_entry WHERE line_id = {_LINE})"
    return Like("count_expectation", where, {"entry_id": "9001"} | changed)


def _loosened(table: str) -> tuple[str, ...]:
    """The same table without its constraints."""
    return (
        f"CREATE TABLE loose AS SELECT * FROM {table}",
        f"DROP TABLE {table}",
        f"ALTER TABLE loose RENAME TO {table}",
    )


PLANTED = (
    Plant("1", "a quantity that is no whole number", (
        "UPDATE balance SET on_hand = on_hand + 0.5 WHERE key_id = (SELECT MIN(key_id) FROM balance)",
    )),
    Plant("1", "a value that is not its quantity at its cost", (
        Like("adjustment", f"id = {POSTED}", _NEW | {"state": "'withdrawn'", "value": "value + 1"}),
    )),
    Plant("2", "a movement that was changed", (
        "UPDATE movement SET user_name = 'x' WHERE seq = (SELECT MAX(seq) FROM movement)",
    )),
    Plant("2", "an old entry of the trail that was changed", (
        "UPDATE audit_entry SET action = 'nothing' WHERE seq = 3",
    ), old=True),
    Plant("2", "a decision that was taken away", (
        "DELETE FROM approval WHERE id = (SELECT MAX(id) FROM approval)",
    )),
    Plant("2", "a posting that was undone", (
        f"UPDATE adjustment SET state = 'withdrawn', poster_id = NULL, posted_at = NULL WHERE id = {POSTED}",
    )),
    Plant("3", "approved by whoever proposed it", (
        f"UPDATE adjustment SET proposer_id = {_SIGNER.format(POSTED)} WHERE id = {POSTED}",
    ), old=True),
    Plant("3", "approved by whoever counted it", (
        f"UPDATE count_entry SET counter_id = {_SIGNER.format(COUNTED)} WHERE id = {ENTRY}",
        f"UPDATE adjustment SET counter_id = NULL, recounter_id = NULL WHERE id = {COUNTED}",
    ), old=True),
    Plant("3", "approved by whoever said why", (
        f"UPDATE adjustment SET case_id = (SELECT MIN(id) FROM stock_case) WHERE id = {POSTED}",
        Like("case_event", "id = 1", {
            "id": "9001", "kind": "'cause'", "at": "0", "person_id": _SIGNER.format(POSTED),
            "case_id": "(SELECT MIN(id) FROM stock_case)",
        }),
    ), old=True),
    Plant("3", "approved by whoever changed the policy meanwhile", (
        Like("policy_version", "version = 1", {
            "version": "9001", "person_id": _SIGNER.format(POSTED),
            "at": f"(SELECT at - 1 FROM approval WHERE adjustment_id = {POSTED})",
        }),
    ), old=True),
    Plant("3", "recounted by the first counter", (
        *_loosened("count_entry"), _count(counter_id="counter_id"), _expected(),
    )),
    Plant("3", "posted by the approver above tier 2", (
        f"UPDATE adjustment SET tier = 3, poster_id = {_SIGNER.format(POSTED)} WHERE id = {POSTED}",
        f"UPDATE approval SET tier = 3 WHERE adjustment_id = {POSTED}",
    )),
    Plant("3", "split into small ones", (
        f"UPDATE approval SET limit_value = cumulated_value WHERE adjustment_id = {POSTED}",
        Like("adjustment", f"id = {POSTED}", _NEW),
        Like("movement", f"adjustment_id = {POSTED}", {
            "seq": "90001", "reference": "'ADJ-9001'", "adjustment_id": "9001"
        }),
        Like("adjustment_evidence", f"adjustment_id = {POSTED}", {"id": "90001", "adjustment_id": "9001"}),
        Like("approval", f"adjustment_id = {POSTED}", {"id": "90001", "adjustment_id": "9001"}),
    )),
    Plant("3", "approved by whoever may not", (
        Like("adjustment", f"id = {POSTED}", _NEW | {"state": "'approved'"}),
        Like("approval", f"adjustment_id = {POSTED}", {
            "id": "90001", "adjustment_id": "9001",
            "approver_id": "(SELECT MIN(id) FROM person WHERE role = 'auditor')",
        }),
    )),
    Plant("4", "posted without a cause", (
        "PRAGMA ignore_check_constraints = ON", f"UPDATE adjustment SET cause = '' WHERE id = {POSTED}",
    )),
    Plant("4", "posted without evidence", (
        f"DELETE FROM adjustment_evidence WHERE adjustment_id = {POSTED}",
    )),
    Plant("4", "posted without an approval", (f"DELETE FROM approval WHERE adjustment_id = {POSTED}",)),
    Plant("4", "a movement of the program's own that nobody approved", (
        Like("movement", "adjustment_id IS NOT NULL", {
            "seq": "90001", "reference": "'X'", "adjustment_id": "NULL"
        }),
    )),
    Plant("4", "approved in too low a tier", (
        f"UPDATE adjustment SET value = 99000000000, tier = 1 WHERE id = {POSTED}",
    ), old=True),
    Plant("5", "passed by percentage on a book below zero", (
        _count(), _expected(book="-5000000", late="0", tolerance="""'{"within": true, "policy": 1}'"""),
    )),
    Plant("5", "accepted though out of every limit", (
        f"UPDATE count_line SET state = 'accepted' WHERE id = {_OFF}",
    ), old=True),
    Plant("6", "a book that is not that of the instant", (_count(), _expected(book="book + 1000000"))),
    Plant("6", "posted without what moved in between", (
        Like("adjustment", f"id = {COUNTED}", _NEW | {"quantity": "quantity + 1000000"}),
        Like("movement", f"adjustment_id = {COUNTED}", {
            "seq": "90001", "reference": "'ADJ-9001'", "adjustment_id": "9001",
        }),
    )),
    Plant("7", "approved against open documents without a reason", (
        f"UPDATE adjustment SET guard_reason = 'x', guard = {_PAPER} WHERE id = {POSTED}",
        f"UPDATE approval SET guard_reason = '' WHERE adjustment_id = {POSTED}",
    )),
    Plant("7", "proposed without a look at the open documents", (
        "INSERT INTO document (source_id, kind, number, state) VALUES (1, 'receipt', 'D-OPEN', 'open')",
        f"INSERT INTO document_line (document_id, line, item_id, quantity) {_STILL_OPEN}",
        Like("adjustment", f"id = {POSTED}", _NEW | {
            "state": "'withdrawn'", "quantity": "4000000", "unit_cost": "0", "value": "0", "guard": "'[]'",
        }),
    )),
    Plant("8", "a line that nobody counted became a zero", (_count(quantity="0", entered="''"), _expected())),
    Plant("8", "a count without its expectation", (_count(),)),
    Plant("8", "a line that vanished", (
        f"DELETE FROM count_line WHERE id = {_UNCOUNTED}",
    )),
    Plant("9", "a balance below zero without a case", ("DELETE FROM stock_case WHERE queue = 'negative'",)),
    Plant("10", "a movement that came twice", (
        *_loosened("movement"), Like("movement", "seq = 1", {"seq": "90001"}),
    )),
    Plant("10", "a bad row that was lost", (
        Like("import_run", "kind = 'movements'", {
            "id": "9001", "rows_read": "9", "rows_added": "0", "rows_known": "0", "rows_rejected": "1",
        }),
    )),
    Plant("sites", "written about another site", (
        f"INSERT INTO person_site (person_id, site_id) {_ELSEWHERE}",
    ), old=True),
    Plant("balance", "a balance that is not the sum of its movements", (
        "UPDATE balance SET on_hand = on_hand + 1000000 WHERE key_id = (SELECT MIN(key_id) FROM balance)",
    )),
)  # fmt: skip


def plant(place: Place, planted: Plant) -> None:
    """Do it, with guards and unique indexes out of the way, as whoever has the file can."""
    hand = sqlite3.connect(place.bench.database.path, isolation_level=None)
    in_the_way = hand.execute(
        "SELECT type, name FROM sqlite_master WHERE type = 'trigger' "
        "OR (type = 'index' AND sql LIKE 'CREATE UNIQUE%')"
    ).fetchall()
    for kind, name in in_the_way:
        hand.execute(f"DROP {kind} {name}")
    for statement in planted.statements:
        done = hand.execute(statement if isinstance(statement, str) else _copying(hand, statement))
        assert done.rowcount != 0, f"nothing was there to be broken: {statement}"
    hand.close()


def _copying(hand: sqlite3.Connection, like: Like) -> str:
    columns = [str(row[1]) for row in hand.execute(f"PRAGMA table_info({like.table})")]
    names = ", ".join(f'"{column}"' for column in columns)
    values = ", ".join(like.changed.get(column, f'"{column}"') for column in columns)
    return f"INSERT INTO {like.table} ({names}) SELECT {values} FROM {like.table} WHERE {like.where} LIMIT 1"
