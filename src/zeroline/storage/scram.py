"""What PostgreSQL keeps of a password, made here, so that no plain password is in a statement or a log.

The server's own client library makes it: SASLprep (RFC 4013) as the server does it, with the bytes as they
are where that fails, and SCRAM-SHA-256 (RFC 5802, 7677). Nothing is sent, and no open connection is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from psycopg.pq.abc import PGconn


def verifier(line: PGconn, login: str, secret: str) -> str:
    """For ``ALTER ROLE login PASSWORD '…'``: ``SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey``.

    ``line`` is a connection of psycopg (``connection.pgconn``) in any state; it says how often to iterate.
    The salt is new each time. ``secret`` holds no NUL: there the library would stop reading, so ValueError.
    """
    if "\0" in secret:
        raise ValueError("a password with NUL in it would be cut off there")
    made = line.encrypt_password(secret.encode(), login.encode(), b"scram-sha-256")
    return made.decode("ascii")
