"""The rows of adjustments: written once, moved from state to state, read with the hands they went through."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, insert

from zeroline.domain.adjustment import LIVE, OPEN, AdjustmentState, Cumulated
from zeroline.domain.approval import Involved
from zeroline.domain.errors import DomainError
from zeroline.domain.instant import DAY
from zeroline.domain.views.settlement import Decision
from zeroline.storage import elsewhere
from zeroline.storage.postgres import locks
from zeroline.storage.schema import adjustment, adjustment_evidence
from zeroline.storage.unit_of_work import UnitOfWork

_OPEN = ", ".join(f"'{state.value}'" for state in sorted(OPEN))
_LIVE = ", ".join(f"'{state.value}'" for state in sorted(LIVE))

_CUMULATED = f"""
SELECT coalesce(sum(abs(value)), 0), coalesce(sum(abs(quantity)), 0) FROM adjustment
WHERE key_id = ? AND proposer_id = ? AND proposed_at BETWEEN ? AND ? AND id <> ? AND state IN ({_LIVE})
"""

_HANDS = """
SELECT 'counter' AS hand, c.counter_id, c.round FROM count_entry c JOIN count_line l ON l.id = c.line_id WHERE
  l.id = (SELECT e.line_id FROM count_entry e WHERE e.id = :entry)
  OR (l.case_id IS NOT NULL AND l.case_id = :of_case)
  OR l.id IN (SELECT e.line_id FROM adjustment_evidence v JOIN count_entry e ON e.id = v.target
              WHERE v.adjustment_id = :adjustment AND v.kind = 'count')
UNION ALL
SELECT 'investigator', cause_by, 0 FROM stock_case WHERE id = :of_case AND cause_by IS NOT NULL
UNION ALL
SELECT 'investigator', person_id, 0 FROM case_event
WHERE case_id = :of_case AND kind = 'cause' AND person_id <> 0
UNION ALL
SELECT 'policy', person_id, version FROM policy_version WHERE person_id <> 0 AND at >= coalesce(
  (SELECT opened_at FROM stock_case WHERE id = :of_case),
  (SELECT counted_at FROM count_entry WHERE id = :entry), :proposed_at)
UNION ALL
SELECT 'approver', approver_id, 0 FROM approval WHERE adjustment_id = :adjustment
"""

_DECISION = """
SELECT p.approver_id, n.name, p.decision, p.at, p.tier, p.limit_value, p.cumulated_value, p.comment,
       p.meaning, p.guard_reason, p.shown_hash
FROM approval p JOIN person n ON n.id = p.approver_id WHERE p.adjustment_id = ?
"""


def one(connection: Connection, adjustment_id: int) -> dict[str, Any]:
    """All columns of an adjustment; DomainError ``adjustment-unknown``."""
    row = connection.exec_driver_sql("SELECT * FROM adjustment WHERE id = ?", (adjustment_id,)).first()
    if row is None:
        raise DomainError("adjustment-unknown", adjustment=adjustment_id)
    return dict(row._mapping)


def in_states(connection: Connection, states: Sequence[AdjustmentState]) -> list[dict[str, Any]]:
    """Adjustments in any of some states, oldest proposal first."""
    marks = ", ".join("?" * len(states))
    rows = connection.exec_driver_sql(
        f"SELECT * FROM adjustment WHERE state IN ({marks}) ORDER BY proposed_at, id",
        tuple(state.value for state in states),
    )
    return [dict(row._mapping) for row in rows]


def open_of_key(connection: Connection, key_id: int) -> str:
    """Number of the adjustment that is on its way for a stock key, '' for none."""
    row = connection.exec_driver_sql(
        f"SELECT number FROM adjustment WHERE key_id = ? AND state IN ({_OPEN})", (key_id,)
    ).first()
    return "" if row is None else str(row[0])


def next_id(connection: Connection) -> int:
    """The id the next adjustment gets; within a writing transaction nobody else gets it."""
    locks.alone(connection, locks.NUMBERS)
    return elsewhere.newest(connection, "adjustment") + 1


def add(work: UnitOfWork, values: Mapping[str, Any], evidence: Iterable[tuple[str, int]]) -> None:
    """A new proposal with its evidence, of which there is some."""
    work.connection.execute(insert(adjustment).values(**values))
    work.connection.execute(
        insert(adjustment_evidence),
        [
            {"adjustment_id": values["id"], "kind": kind, "target": target}
            for kind, target in sorted(evidence)
        ],
    )


def set_state(work: UnitOfWork, adjustment_id: int, state: AdjustmentState, **columns: Any) -> None:
    """Move an adjustment on and count its version up."""
    names = "".join(f", {name} = ?" for name in columns)
    work.connection.exec_driver_sql(
        f"UPDATE adjustment SET state = ?, version = version + 1{names} WHERE id = ?",
        (state.value, *columns.values(), adjustment_id),
    )


def add_approval(work: UnitOfWork, values: Mapping[str, Any]) -> None:
    """The one decision of an adjustment."""
    marks = ", ".join("?" * len(values))
    work.connection.exec_driver_sql(
        f"INSERT INTO approval ({', '.join(values)}) VALUES ({marks})", tuple(values.values())
    )


def cumulated(
    connection: Connection, key_id: int, proposer_id: int, proposed_at: int, without: int = 0
) -> Cumulated:
    """Σ of what the proposer has live on the key within 24 hours around an instant.

    24 hours to both sides hold every calendar day the instant can lie in, in any zone: midnight is no way
    around a limit. ``without`` leaves one adjustment out.
    """
    row = connection.exec_driver_sql(
        _CUMULATED, (key_id, proposer_id, proposed_at - DAY, proposed_at + DAY, without)
    ).one()
    return Cumulated(row[0], row[1])


def involved(connection: Connection, record: Mapping[str, Any]) -> Involved:
    """Everybody whose hands an adjustment went through; the same hands the database's own guard refuses."""
    rows = connection.exec_driver_sql(
        _HANDS,
        {
            "entry": record["entry_id"],
            "of_case": record["case_id"],
            "adjustment": record["id"],
            "proposed_at": record["proposed_at"],
        },
    ).fetchall()

    def of(hand: str) -> list[tuple[int, int]]:
        return [(row[1], row[2]) for row in rows if row[0] == hand]

    investigators = {person for person, _ in of("investigator")} | {record["investigator_id"]}
    approvers = [person for person, _ in of("approver")]
    return Involved(
        record["proposer_id"],
        tuple(of("counter")),
        frozenset(investigators),
        tuple(of("policy")),
        approvers[0] if approvers else None,
    )


def decision(connection: Connection, adjustment_id: int) -> Decision | None:
    """How an adjustment was decided, None while it was not."""
    row = connection.exec_driver_sql(_DECISION, (adjustment_id,)).first()
    return None if row is None else Decision(*row)


def movement_of(connection: Connection, adjustment_id: int) -> tuple[int, int, int] | None:
    """(sequence, recorded_at, book balance after it) of the movement that an adjustment posted."""
    row = connection.exec_driver_sql(
        "SELECT seq, recorded_at, key_id FROM movement WHERE adjustment_id = ?", (adjustment_id,)
    ).first()
    if row is None:
        return None
    after = connection.exec_driver_sql(
        "SELECT sum(quantity) FROM movement WHERE key_id = ? AND (recorded_at < ? OR (recorded_at = ? "
        "AND seq <= ?))",
        (row[2], row[1], row[1], row[0]),
    ).scalar_one()
    return row[0], row[1], after


def reversal(connection: Connection, adjustment_id: int) -> str:
    """Number of the live adjustment that reverses this one, '' for none."""
    row = connection.exec_driver_sql(
        f"SELECT number FROM adjustment WHERE reversal_of = ? AND state IN ({_LIVE})", (adjustment_id,)
    ).first()
    return "" if row is None else str(row[0])


def own_source(connection: Connection) -> int:
    """Id of the source that the program's own postings come from."""
    source: int = connection.exec_driver_sql("SELECT id FROM source WHERE code = 'zeroline'").scalar_one()
    return source


def occurred_at(connection: Connection, adjustment_id: int) -> int | None:
    """When the movement of a posted adjustment is said to have happened."""
    at: int | None = connection.exec_driver_sql(
        "SELECT occurred_at FROM movement WHERE adjustment_id = ?", (adjustment_id,)
    ).scalar()
    return at


def proposed_between(connection: Connection, since: int, until: int) -> list[dict[str, Any]]:
    """Adjustments proposed within a period (µs, both ends included), by number."""
    rows = connection.exec_driver_sql(
        "SELECT * FROM adjustment WHERE proposed_at BETWEEN ? AND ? ORDER BY id", (since, until)
    )
    return [dict(row._mapping) for row in rows]
