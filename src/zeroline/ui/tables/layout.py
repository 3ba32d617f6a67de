"""The layout of a list as plain values, for Memory."""

from __future__ import annotations

from typing import Any

from zeroline.ui.tables.rows import Sort
from zeroline.ui.tables.view import TableView


def layout_of(view: TableView) -> dict[str, Any]:
    """Order, visibility and widths of the columns, sort and grouping, by column keys."""
    header, columns = view.horizontalHeader(), view.columns
    places = range(len(columns))
    return {
        "order": [columns[header.logicalIndex(visual)].key for visual in places],
        "hidden": [columns[place].key for place in places if header.isSectionHidden(place)],
        "widths": {
            columns[place].key: header.sectionSize(place)
            for place in places
            if not view.fitted(place) and not header.isSectionHidden(place)
        },
        "sort": [[step.key, step.descending] for step in view.wish.sort],
        "group": view.wish.group_by,
    }


def restore_layout(view: TableView, state: dict[str, Any]) -> None:
    """Take over a state of layout_of; what it does not know keeps its own place and width."""
    known = {column.key for column in view.columns}
    order = [key for key in state.get("order", []) if key in known]
    hidden = frozenset(state.get("hidden", []))
    for visual, key in enumerate(order):
        view.move_column(key, visual)
    for key, width in state.get("widths", {}).items():
        if key in known and isinstance(width, int) and width > 0:
            view.set_width(key, width)
    for key in order:
        view.show_column(key, key not in hidden)
    sort = tuple(Sort(key, bool(down)) for key, down in state.get("sort", []) if key in known)
    group = state.get("group", "")
    view.arrange(sort=sort, group_by=group if group in known else "")
