"""Quantities and money are whole micro-units (rule 1): binary floats do not enter where they are kept."""

from __future__ import annotations

import ast

import pytest

from support.house import called, modules, named, nodes

FLOATS = {"float", "float32", "float64"}
PARTS = ["domain", "storage", "services"]
FRACTIONS = {"share", "ratio", "confidence"}
"""What a name may end in when it holds a part of one rather than a quantity."""

# Files that estimate in floats how far an exact sum could reach, before they add exactly; statistics.
ESTIMATES = (
    "src/zeroline/domain/accuracy",
    "src/zeroline/domain/sampling",
    "src/zeroline/domain/replay/balance.py",
    "src/zeroline/storage/ledger/keeping.py",
    "src/zeroline/domain/diagnosis/",  # likelihoods; quantities there are whole as everywhere
    "src/zeroline/storage/diagnosis/",  # shares of the ledger that likelihoods stand on
)


def _mentions(annotation: ast.expr | None, names: set[str]) -> bool:
    return annotation is not None and any(
        (isinstance(node, ast.Name) and node.id in names)
        or (isinstance(node, ast.Attribute) and node.attr in names)
        for node in ast.walk(annotation)
    )


@pytest.mark.parametrize("part", PARTS)
def test_nothing_is_turned_into_a_binary_float(part: str) -> None:
    found = [
        f"{named(file)}:{node.lineno}"
        for file in modules(part)
        if not named(file).startswith(ESTIMATES)
        for node in nodes(file)
        if isinstance(node, ast.Call)
        and (called(node) == "float" or any(_mentions(arg, FLOATS) for arg in node.args))
    ]
    assert found == []


@pytest.mark.parametrize("part", PARTS)
def test_nothing_but_a_fraction_is_declared_as_a_float(part: str) -> None:
    found = [
        f"{named(file)}:{node.lineno} {name}"
        for file in modules(part)
        if not named(file).startswith(ESTIMATES)
        for node in nodes(file)
        for name, annotation in _declared(node)
        if _mentions(annotation, FLOATS) and name.split("_")[-1] not in FRACTIONS
    ]
    assert found == []


def _declared(node: ast.AST) -> list[tuple[str, ast.expr | None]]:
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [(node.target.id, node.annotation)]
    if isinstance(node, ast.FunctionDef):
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        return [(node.name, node.returns), *((arg.arg, arg.annotation) for arg in arguments)]
    return []


def test_no_column_of_the_database_is_of_a_floating_type() -> None:
    floating = {"Float", "REAL", "Double", "DOUBLE", "Numeric", "NUMERIC", "DECIMAL"}
    found = [
        f"{named(file)}:{node.lineno}"
        for file in modules("storage")
        for node in nodes(file)
        if (isinstance(node, ast.Name) and node.id in floating)
        or (isinstance(node, ast.Attribute) and node.attr in floating)
    ]
    assert found == []
