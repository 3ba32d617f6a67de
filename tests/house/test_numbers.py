"""Quantities and money are whole micro-units (rule 1): binary floats do not enter where they are kept."""

from __future__ import annotations

import ast

import pytest

from support.house import modules, named, nodes

# Ratios and intervals are statistics; the replay estimates a bound before it adds exactly.
ESTIMATES = (
    "src/zeroline/domain/accuracy",
    "src/zeroline/domain/sampling",
    "src/zeroline/domain/replay/balance.py",
)
FLOATING = {"float", "float16", "float32", "float64", "double", "Float", "REAL", "Double"}


def _is_floating(node: ast.AST) -> bool:
    if isinstance(node, ast.Name):
        return node.id in FLOATING
    if isinstance(node, ast.Attribute):
        return node.attr in FLOATING
    return isinstance(node, ast.Constant) and isinstance(node.value, float)


@pytest.mark.parametrize("part", ["domain", "storage", "services"])
def test_no_binary_float_where_quantities_and_money_are_kept(part: str) -> None:
    found = [
        f"{named(file)}:{node.lineno}"  # type: ignore[attr-defined]
        for file in modules(part)
        if not named(file).startswith(ESTIMATES)
        for node in nodes(file)
        if _is_floating(node)
    ]
    assert found == []
