"""People's saved views: named filters of a list, as JSON trees."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select, update

from zeroline.domain.errors import DomainError
from zeroline.domain.views.saved import SavedView
from zeroline.storage.schema import saved_view
from zeroline.storage.unit_of_work import UnitOfWork


def of_person(connection: Connection, person_id: int, view: str) -> tuple[SavedView, ...]:
    """The person's own views of a list, by name."""
    query = (
        select(saved_view)
        .where(saved_view.c.person_id == person_id, saved_view.c.view == view)
        .order_by(saved_view.c.name)
    )
    return tuple(
        SavedView(row.id, row.person_id, row.view, row.name, row.tree) for row in connection.execute(query)
    )


def put(work: UnitOfWork, view: str, name: str, tree: str) -> int:
    """Keep a view under its name, in the place of an earlier one of that name; its id."""
    mine = (
        (saved_view.c.person_id == work.person_id) & (saved_view.c.view == view) & (saved_view.c.name == name)
    )
    known: int | None = work.connection.execute(select(saved_view.c.id).where(mine)).scalar()
    if known is not None:
        work.connection.execute(update(saved_view).where(saved_view.c.id == known).values(tree=tree))
        return known
    made: int = work.connection.execute(
        insert(saved_view)
        .values(person_id=work.person_id, view=view, name=name, tree=tree)
        .returning(saved_view.c.id)
    ).scalar_one()
    return made


def drop(work: UnitOfWork, view_id: int) -> SavedView:
    """Take away one of the person's own views; DomainError ``view-unknown`` (view)."""
    row = work.connection.execute(
        select(saved_view).where(saved_view.c.id == view_id, saved_view.c.person_id == work.person_id)
    ).first()
    if row is None:
        raise DomainError("view-unknown", view=view_id)
    work.connection.execute(delete(saved_view).where(saved_view.c.id == view_id))
    return SavedView(row.id, row.person_id, row.view, row.name, row.tree)
