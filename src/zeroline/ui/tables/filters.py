"""A filter as a small tree of plain JSON values, so that it can be saved, shared and shown as chips.

``{"all": [node, …]}``, ``{"any": [node, …]}``, ``{"not": node}`` and the leaves
``{"field": F, "is": [text, …]}`` (the cell reads as one of these), ``{"field": F, "contains": text}``,
``{"field": F, "below": n}``, ``{"field": F, "above": n}`` (exclusive, in the field's own whole numbers,
micro-units for quantities and money) and ``{"field": F, "empty": true}``. A node may have a name of its own
for its chip: ``"called": text``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from zeroline.ui.tables.column import shown
from zeroline.ui.tables.fields import Amounts, Field, Mask, folded

Filter = dict[str, Any]


class UnreadableFilter(ValueError):
    """A saved filter that this version does not understand."""


def passing(tree: Filter, fields: Mapping[str, Field], texts: Mapping[str, Callable[[Any], str]]) -> Mask:
    """Which rows pass. Raises UnreadableFilter for an unknown form or a field that the rows do not have."""
    if "all" in tree or "any" in tree:
        every = "all" in tree
        masks = [passing(node, fields, texts) for node in tree["all" if every else "any"]]
        if not masks:
            size = len(next(iter(fields.values()))) if fields else 0
            return np.full(size, every, dtype=np.bool_)
        joined = np.logical_and if every else np.logical_or
        return np.asarray(joined.reduce(masks), dtype=np.bool_)
    if "not" in tree:
        return ~passing(tree["not"], fields, texts)
    name = str(tree.get("field"))
    if name not in fields:
        raise UnreadableFilter(f"field {name}")
    return _leaf(tree, fields[name], texts.get(name, shown))


def _leaf(tree: Filter, values: Field, text: Callable[[Any], str]) -> Mask:
    if "is" in tree:
        wanted = frozenset(tree["is"])
        return values.where(lambda value: text(value) in wanted)
    if "contains" in tree:
        return values.containing(folded(str(tree["contains"])), text)
    if "empty" in tree:
        return values.where(lambda value: (value is None or value == "") == bool(tree["empty"]))
    if "below" in tree:
        below = int(tree["below"])
        if isinstance(values, Amounts):
            return np.asarray(values.values < below, dtype=np.bool_)
        return values.where(lambda value: value is not None and value < below)
    if "above" in tree:
        above = int(tree["above"])
        if isinstance(values, Amounts):
            return np.asarray(values.values > above, dtype=np.bool_)
        return values.where(lambda value: value is not None and value > above)
    raise UnreadableFilter(", ".join(sorted(tree)))


def parts(tree: Filter | None) -> list[Filter]:
    """The conditions that all hold: one chip each."""
    if tree is None:
        return []
    return list(tree["all"]) if "all" in tree else [tree]


def joined(nodes: list[Filter]) -> Filter | None:
    """The reverse of parts."""
    if not nodes:
        return None
    return nodes[0] if len(nodes) == 1 else {"all": nodes}


def without(tree: Filter | None, node: Filter) -> Filter | None:
    """The filter once one of its conditions is taken away."""
    return joined([other for other in parts(tree) if other != node])


def narrowed(tree: Filter | None, node: Filter) -> Filter | None:
    """The filter with one more condition; the same field ``is`` twice becomes the later one."""
    kept = [other for other in parts(tree) if not _replaces(node, other)]
    return joined([*kept, node])


def _replaces(node: Filter, other: Filter) -> bool:
    return node == other or ("is" in node and "is" in other and node.get("field") == other.get("field"))


def words(node: Filter, titles: Mapping[str, str], number: Callable[[str, int], str]) -> str:
    """What a chip says about one condition; ``number`` formats a limit of a field."""
    if "called" in node:
        return str(node["called"])
    if "not" in node:
        inner = node["not"]
        if "is" in inner:
            return words(inner, titles, number).replace(": ", ": not ", 1)
        return f"not ({words(inner, titles, number)})"
    if "any" in node or "all" in node:
        glue = " or " if "any" in node else " and "
        return glue.join(
            words(part, titles, number) for part in (node["any"] if "any" in node else node["all"])
        )
    name = node["field"]
    title = titles.get(name) or name.replace("_", " ").capitalize()
    if "is" in node:
        listed = ", ".join(value or "(empty)" for value in node["is"])
        return f"{title}: {listed}"
    if "contains" in node:
        return f"{title} contains “{node['contains']}”"
    if "empty" in node:
        return f"{title}: {'empty' if node['empty'] else 'not empty'}"
    word = "below" if "below" in node else "above"
    return f"{title} {word} {number(name, int(node[word]))}"
