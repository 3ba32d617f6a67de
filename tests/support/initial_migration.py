"""Write the initial migration anew from the tables; only while no version is released.

After a change of ``storage/schema``: ``python -m support.initial_migration`` in ``tests/``.
"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine

from zeroline.storage import migrate
from zeroline.storage.schema import metadata

TARGET = Path(migrate.__file__).with_name("migrations") / "versions" / "0001_initial.py"

HEAD = '''"""The first layout of an inventory database."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create every table."""
'''


def source() -> str:
    """The migration that makes the tables from nothing."""
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"user_module_prefix": None, "sqlalchemy_module_prefix": "sa."}
        )
        made = produce_migrations(context, metadata)
        body = render_python_code(made.upgrade_ops, render_as_batch=False, migration_context=context)
    engine.dispose()
    for written in ("sa.BigInteger().with_variant(sa.Integer(), 'sqlite')", "zeroline.storage.types.Whole()"):
        body = body.replace(written, "BIG")
    lines = [line for line in body.splitlines() if "###" not in line]
    formatted = [sys.executable, "-m", "ruff", "format", "--stdin-filename", str(TARGET), "-"]
    text = HEAD + "    " + "\n".join(lines).strip() + "\n"
    return subprocess.run(formatted, input=text, text=True, capture_output=True, check=True).stdout


def differences(migrated: Path) -> list[str]:
    """Where a migrated file and the tables of ``storage/schema`` are not the same; empty: they are."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        metadata.create_all(connection)
        declared = _objects(row for row in connection.exec_driver_sql(_QUERY))
    engine.dispose()
    with closing(sqlite3.connect(migrated)) as reading:
        made = _objects(reading.execute(_QUERY))
    return sorted(
        f"{name}: {sorted(declared.get(name, set()) ^ made.get(name, set()))}"
        for name in declared.keys() | made.keys()
        if declared.get(name) != made.get(name)
    )


_QUERY = """SELECT name, sql FROM sqlite_master
    WHERE type IN ('table', 'index') AND tbl_name <> 'alembic_version'"""


def _objects(rows: Iterable[Any]) -> dict[str, set[str]]:
    """Columns and constraints by table or index, whatever their order."""
    return {name: {line.strip().rstrip(",") for line in str(sql).splitlines()} for name, sql in rows}


if __name__ == "__main__":
    TARGET.write_text(source(), "utf-8")
