"""Every piece of evidence has its sentence, every sentence its evidence, every fact it quotes is given."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest

from support.house import ROOT, called, modules, named, nodes, tree
from support.shortage import read_shortage
from zeroline import wording
from zeroline.domain.diagnosis import Neighbourhood
from zeroline.domain.diagnosis.catalogue import FINGERPRINTS

LEDGERS = sorted((ROOT / "tests" / "domain" / "diagnosis").glob("test_[a-z][0-9]_*.py"))

MAKERS = {"movement": 1, "document": 1, "stock": 1, "_told": 2, "Settle": 0}
"""What makes evidence or asks for something, and which of its arguments is the code."""

GIVEN = {
    "movement": {"kind", "quantity", "document", "user", "source", "occurred_at", "recorded_at"},
    "document": {
        "kind", "document", "line", "item", "ordered_quantity", "done_quantity", "due_at", "partner",
    },
    "stock": {"item", "location", "lot", "status"},
    "Settle": set(),
}  # fmt: skip
GIVEN["_told"] = GIVEN["movement"] | {"late_span", "after_span"}

UNSETTLED = {"takes-more"}
"""Codes of which one of several makers does not give every fact yet; to be empty."""


def _sentences() -> dict[str, str]:
    return wording.catalogue("evidence")


def _quoted(code: str) -> set[str]:
    return set(re.findall(r"{(\w+)", _sentences().get(code, "")))


def _made() -> Iterator[tuple[str, str, set[str]]]:
    """(where, code, names of the facts given with it) of all that the engine says."""
    for file in modules("domain/diagnosis"):
        for node in nodes(file):
            if not isinstance(node, ast.Call) or called(node) not in MAKERS:
                continue
            place = MAKERS[called(node)]
            if len(node.args) <= place:
                continue
            facts = GIVEN[called(node)] | {keyword.arg or "" for keyword in node.keywords}
            if called(node) == "Settle" and len(node.args) > 1 and isinstance(node.args[1], ast.Dict):
                facts |= {key.value for key in node.args[1].keys if isinstance(key, ast.Constant)}
            for part in ast.walk(node.args[place]):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    prefix = "settle-" if called(node) == "Settle" else ""
                    yield f"{named(file)}:{node.lineno}", prefix + part.value, facts


def test_every_code_has_its_sentence():
    assert sorted({f"{where} {code}" for where, code, _ in _made() if code not in _sentences()}) == []


def test_every_sentence_is_said():
    assert sorted(_sentences().keys() - {code for _, code, _ in _made()}) == []


def test_every_fact_that_a_sentence_quotes_is_given_where_it_is_said():
    missing = [
        f"{where} {code} {name}"
        for where, code, facts in _made()
        if code not in UNSETTLED
        for name in _quoted(code) - facts
    ]
    assert sorted(missing) == []


@cache
def ledgers() -> dict[str, Neighbourhood]:
    """Every shortage that is told in a docstring of the tests of fingerprints."""
    return {
        f"{file.stem}::{node.name}": read_shortage(text)
        for file in LEDGERS
        for node in tree(file).body
        if isinstance(node, ast.FunctionDef) and (text := ast.get_docstring(node))
    }


@pytest.mark.parametrize("code", [code for code, _ in FINGERPRINTS])
def test_what_a_fingerprint_says_of_the_ledgers_of_its_tests_is_a_whole_sentence(code):
    look = dict(FINGERPRINTS)[code]
    said = 0
    for name, n in ledgers().items():
        for finding in look(n):
            for evidence in (*finding.evidence, *finding.against):
                if evidence.code in UNSETTLED:
                    continue
                sentence = wording.evidence(evidence.code, evidence.facts)
                unknown = {key for key, value in evidence.facts.items() if value is None}
                assert sentence != evidence.code, name
                assert unknown <= {"due_at"}, name
                assert "–" not in sentence or unknown & _quoted(evidence.code), f"{name}: {sentence}"
                assert sentence[-1] in ".:", name
                said += 1
            if finding.settle is not None:
                sentence = wording.settling(finding.settle.code, finding.settle.facts)
                assert "–" not in sentence, f"{name}: {sentence}"
                said += 1
    assert said, "no test of it has a ledger"
