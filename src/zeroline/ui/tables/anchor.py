"""What must not move in a list while other rows are put into it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from zeroline.ui.tables.view import TableView


class Anchor(NamedTuple):
    """A row (None for none), where its line began in the viewport, and how far the list was scrolled."""

    id: Any
    top: int
    across: int
    down: int

    @classmethod
    def of(cls, view: TableView) -> Anchor:
        """The line under the cursor, or the first that is seen where that one is not."""
        index = view.currentIndex()
        seen = index.isValid() and view.viewport().rect().contains(view.visualRect(index).center())
        line = index.row() if seen else view.rowAt(0)
        id, top = (view.table.id_at(line), view.rowViewportPosition(line)) if line >= 0 else (None, 0)
        return cls(id, top, view.horizontalScrollBar().value(), view.verticalScrollBar().value())

    def hold(self, view: TableView) -> None:
        """Scroll so that the line is where it was."""
        view.updateGeometries()
        down = view.verticalScrollBar()
        view.horizontalScrollBar().setValue(self.across)
        down.setValue(self.down)
        row = None if self.id is None else view.table.rows.row_of(self.id)
        lines = np.flatnonzero(view.table.arrangement.display == row).tolist() if row is not None else []
        if lines:
            down.setValue(down.value() + view.rowViewportPosition(lines[0]) - self.top)
