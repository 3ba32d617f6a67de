"""A diagnosis as stored: canonical JSON in which every number is whole, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from zeroline.domain.audit import canonical
from zeroline.domain.diagnosis import Diagnosis, Evidence, EvidenceKind, Hypothesis, Settle
from zeroline.domain.quantity import SCALE


@dataclass(frozen=True, slots=True)
class StoredDiagnosis:
    """What the program thought of a case at ``at`` (µs), with the ledger up to ``ledger_seq``.

    ``probability`` of the leading ``cause`` in millionths.
    """

    case_id: int
    at: int
    ledger_seq: int
    cause: str
    probability: int
    diagnosis: Diagnosis

    @property
    def second(self) -> str:
        """The next likely cause, '' where there is none."""
        others = self.diagnosis.hypotheses[1:2]
        return others[0].cause if others else ""


def millionths(share: float) -> int:
    """A probability as stored."""
    return min(SCALE, max(0, round(share * SCALE)))


def text_of(diagnosis: Diagnosis) -> str:
    """The text that is stored."""
    wrong = diagnosis.fixed_wrongly
    return canonical(
        {
            "exact": diagnosis.exact,
            "together": list(diagnosis.together),
            "fixed_wrongly": None if wrong is None else _evidence_list(wrong),
            "hypotheses": [
                {
                    "cause": hypothesis.cause,
                    "probability": millionths(hypothesis.probability),
                    "explained": hypothesis.explained,
                    "left_over": hypothesis.left_over,
                    "evidence": [_evidence_list(found) for found in hypothesis.evidence],
                    "against": [_evidence_list(found) for found in hypothesis.against],
                    "settle": None
                    if hypothesis.settle is None
                    else [hypothesis.settle.code, _plain(hypothesis.settle.facts)],
                    "lift": [list(row) for row in hypothesis.lift],
                }
                for hypothesis in diagnosis.hypotheses
            ],
        }
    )


def _evidence_list(found: Evidence) -> list[Any]:
    return [found.kind.value, found.target, found.label, found.code, _plain(found.facts)]


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value if value is None or isinstance(value, int | str) else str(value)
        for name, value in facts.items()
    }


def read(text: str, missing: int) -> Diagnosis:
    """The diagnosis behind a stored text."""
    told = json.loads(text)
    wrong = told["fixed_wrongly"]
    return Diagnosis(
        hypotheses=tuple(
            Hypothesis(
                cause=one["cause"],
                probability=one["probability"] / SCALE,
                explained=one["explained"],
                left_over=one["left_over"],
                evidence=tuple(_evidence(found) for found in one["evidence"]),
                against=tuple(_evidence(found) for found in one["against"]),
                settle=None if one["settle"] is None else Settle(*one["settle"]),
                lift=tuple((seq, at, quantity) for seq, at, quantity in one["lift"]),
            )
            for one in told["hypotheses"]
        ),
        missing=missing,
        exact=told["exact"],
        together=tuple(told["together"]),
        fixed_wrongly=None if wrong is None else _evidence(wrong),
    )


def _evidence(told: list[Any]) -> Evidence:
    kind, target, label, code, facts = told
    return Evidence(EvidenceKind(kind), target, label, code, facts)


_NEWEST = """
SELECT d.case_id, d.at, d.ledger_seq, d.cause, d.probability, d.hypotheses, d.missing
FROM json_each(?) given
JOIN diagnosis d ON d.id = (
    SELECT MAX(n.id) FROM diagnosis n WHERE n.case_id = CAST(given.value AS BIGINT) AND n.at <= ?)
"""

_EVER = 2**62


def newest(
    connection: Connection, case_ids: list[int], as_of: int | None = None
) -> dict[int, StoredDiagnosis]:
    """The newest diagnosis of each case up to ``as_of`` (µs; default: ever), where there is one."""
    given = (json.dumps(case_ids), _EVER if as_of is None else as_of)
    return {
        row[0]: StoredDiagnosis(row[0], row[1], row[2], row[3], row[4], read(row[5], row[6]))
        for row in connection.exec_driver_sql(_NEWEST, given)
    }


_BETWEEN = """
SELECT CAST(given.key AS BIGINT), d.case_id, d.at, d.ledger_seq, d.cause, d.probability, d.hypotheses,
       d.missing
FROM json_each(?) given
JOIN diagnosis d ON d.id = (
    SELECT MAX(n.id) FROM diagnosis n WHERE n.case_id = CAST(json_extract(given.value, '$[0]') AS BIGINT)
    AND n.at >= CAST(json_extract(given.value, '$[1]') AS BIGINT)
    AND n.at < CAST(json_extract(given.value, '$[2]') AS BIGINT))
"""


def newest_between(
    connection: Connection, asked: Sequence[tuple[int, int, int]]
) -> dict[tuple[int, int, int], StoredDiagnosis]:
    """The newest diagnosis of each (case, since, until), µs, ``until`` not included; where there is one."""
    rows = connection.exec_driver_sql(_BETWEEN, (json.dumps(asked),))
    return {
        asked[row[0]]: StoredDiagnosis(row[1], row[2], row[3], row[4], row[5], read(row[6], row[7]))
        for row in rows
    }
