"""Mappings as TOML text: read with every mistake named by its place, written so that people can go on."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping as AnyMapping
from pathlib import Path
from typing import Any

import tomlkit
from pydantic import ValidationError

from zeroline.domain.errors import DomainError, Trouble
from zeroline.sources.mapping.model import Mapping

_CHOICES = {"literal_error", "enum"}
_LARGEST = 1 << 20


def load_mapping(path: Path) -> Mapping:
    """The mapping of a file. Raises as :func:`read_mapping`, DomainError ``file-missing``, Trouble
    ``file-unreadable``.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise DomainError("mapping-unreadable", file=path.name, detail="more than 1 MB")
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise DomainError("mapping-unreadable", file=path.name, detail="not UTF-8") from error
    except FileNotFoundError as error:
        raise DomainError("file-missing", file=str(path)) from error
    except OSError as error:
        raise Trouble("file-unreadable", file=path.name, detail=error.strerror or str(error)) from error
    return read_mapping(text, path.name)


def read_mapping(text: str, name: str = "") -> Mapping:
    """The mapping of a TOML text.

    Raises DomainError: ``mapping-unreadable`` (detail) where it is not TOML, else for its first mistake with
    ``place`` (the key's way through the text): ``mapping-unknown-key``, ``mapping-choice`` (choices),
    ``mapping-value``, and those of single settings.
    """
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise DomainError("mapping-unreadable", file=name, detail=str(error)) from error
    try:
        return Mapping.model_validate(content)
    except ValidationError as error:
        raise _told(error, content, name) from error


def _told(error: ValidationError, content: dict[str, Any], name: str) -> DomainError:
    first = error.errors(include_url=False)[0]
    place = _place(first["loc"], content)
    facts: dict[str, Any] = {"file": name, "place": place, "value": str(first.get("input"))[:60]}
    kind = first["type"]
    if kind.startswith("mapping-"):
        return DomainError(kind, **{**facts, **(first.get("ctx") or {})})
    if kind == "extra_forbidden":
        return DomainError("mapping-unknown-key", **{**facts, "value": str(first["loc"][-1])})
    if kind == "missing":
        return DomainError("mapping-key-missing", **{**facts, "value": str(first["loc"][-1])})
    if kind in _CHOICES:
        return DomainError("mapping-choice", choices=str(first["ctx"]["expected"]), **facts)
    return DomainError("mapping-value", **facts)


def _place(way: tuple[int | str, ...], content: dict[str, Any]) -> str:
    """``columns.item`` or ``[[files]] 2 (sales.csv): columns.item``."""
    steps = list(way)
    prefix = ""
    if len(steps) >= 2 and steps[0] == "files" and isinstance(steps[1], int):
        part = content["files"][steps[1]]
        named = f" ({part['file']})" if isinstance(part, dict) and isinstance(part.get("file"), str) else ""
        prefix = f"[[files]] {steps[1] + 1}{named}: "
        steps = steps[2:]
    words = [f"{step + 1}" if isinstance(step, int) else step for step in steps]
    return prefix + ".".join(words) if words else prefix.removesuffix(": ")


def mapping_text(mapping: Mapping) -> str:
    """The mapping as TOML; reading it gives an equal mapping."""
    document = tomlkit.document()
    content = mapping.model_dump(mode="json", exclude_defaults=True, exclude_none=True)
    files = content.pop("files", [])
    _fill(document, content)
    if files:
        tables = tomlkit.aot()
        for part in files:
            table = tomlkit.table()
            _fill(table, part)
            tables.append(table)
        document.append("files", tables)
    return tomlkit.dumps(document)


def _fill(table: Any, content: AnyMapping[str, Any]) -> None:
    """Plain settings first, tables after them, as TOML wants it."""
    for name, value in content.items():
        if not isinstance(value, dict):
            table.append(name, _shortened(name, value))
    for name, value in content.items():
        if isinstance(value, dict):
            inner = tomlkit.table()
            for key, entry in value.items():
                inner.append(key, _shortened(key, entry))
            table.append(name, inner)


def _shortened(name: str, value: Any) -> Any:
    """``item = "SKU"`` for a cell that is just a column, an inline table for one that is more."""
    if isinstance(value, dict):
        value = {
            key: f"{entry[0]}/{entry[1]}" if key == "factor" and isinstance(entry, list) else entry
            for key, entry in value.items()
        }
        if set(value) == {"column"} or set(value) == {"kind"} or set(value) == {"code"}:
            return next(iter(value.values()))
        inline = tomlkit.inline_table()
        for key, entry in value.items():
            inline.append(key, _shortened(key, entry))
        return inline
    if isinstance(value, list) and name == "skip":
        rows = tomlkit.array()
        for entry in value:
            rows.append(_shortened("", entry))
        return rows
    return value
