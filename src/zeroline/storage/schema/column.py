"""What every table is made with."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, MetaData, String

from zeroline.storage.types import BIG

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def identity() -> Column[int]:
    """The table's own key."""
    return Column("id", BIG, primary_key=True, autoincrement=True)


def reference(name: str, target: str, nullable: bool = False) -> Column[int]:
    """The ``id`` of a row of ``target``."""
    return Column(name, BIG, ForeignKey(f"{target}.id"), nullable=nullable)


def text(name: str, default: str = "") -> Column[str]:
    """A text that is empty where nothing is known."""
    return Column(name, String, nullable=False, server_default=default)
