"""What PostgreSQL would keep of a password: made by its client library, checked by the letter of the RFCs."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterator

import pytest
from psycopg import pq
from psycopg.pq.abc import PGconn

from zeroline.storage.scram import verifier

# RFC 7677, section 3: the exchange of user “user” with password “pencil”
SALT = base64.b64decode("W22ZaJ0SNY7soEsUEjb6gQ==")
EXCHANGE = (
    "n=user,r=rOprNGfwEbeRWgbNEkqO,"
    "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,"
    "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
)
PROOF = base64.b64decode("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")
SIGNATURE = base64.b64decode("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")


def keys(secret: bytes, salt: bytes, iterations: int) -> tuple[bytes, bytes, bytes]:
    """ClientKey, StoredKey and ServerKey of RFC 5802, section 3."""
    salted = hashlib.pbkdf2_hmac("sha256", secret, salt, iterations)
    client = hmac.digest(salted, b"Client Key", "sha256")
    return client, hashlib.sha256(client).digest(), hmac.digest(salted, b"Server Key", "sha256")


def holds(kept: str, secret: bytes) -> bool:
    """Whether this verifier is one of these bytes."""
    found = re.fullmatch(r"SCRAM-SHA-256\$(\d+):([^$]+)\$([^:]+):(.+)", kept)
    assert found is not None, kept
    iterations, salt, stored, server = found.groups()
    assert int(iterations) == 4096
    assert len(base64.b64decode(salt)) == 16
    _, *wanted = keys(secret, base64.b64decode(salt), int(iterations))
    return wanted == [base64.b64decode(stored), base64.b64decode(server)]


@pytest.fixture
def line() -> Iterator[PGconn]:
    """A connection to nowhere: the library needs none."""
    opened = pq.PGconn.connect_start(b"host=/nowhere")
    yield opened
    opened.finish()


def test_the_check_of_this_test_agrees_with_the_exchange_of_the_rfc() -> None:
    client, stored, server = keys(b"pencil", SALT, 4096)
    signature = hmac.digest(stored, EXCHANGE.encode(), "sha256")
    assert bytes(a ^ b for a, b in zip(client, signature, strict=True)) == PROOF
    assert hmac.digest(server, EXCHANGE.encode(), "sha256") == SIGNATURE


def test_a_verifier_is_of_its_password_and_of_no_other(line: PGconn) -> None:
    kept = verifier(line, "user", "pencil")
    assert holds(kept, b"pencil")
    assert not holds(kept, b"Pencil")
    assert "pencil" not in kept


@pytest.mark.parametrize(
    ("typed", "prepared"),
    [  # RFC 4013, section 3
        ("I\u00adX", "IX"),
        ("user", "user"),
        ("USER", "USER"),
        ("\u00aa", "a"),
        ("\u2168", "IX"),
        ("gru\u0308ne\u00a0Kiste", "gr\u00fcne Kiste"),
    ],
)
def test_a_password_is_prepared_as_the_server_prepares_it(line: PGconn, typed: str, prepared: str) -> None:
    assert holds(verifier(line, "user", typed), prepared.encode())


@pytest.mark.parametrize("typed", ["\u0007", "\u0627\u0031", "\u00ad\u0007\u2168"])
def test_what_must_not_be_prepared_stays_as_it_is(line: PGconn, typed: str) -> None:
    assert holds(verifier(line, "user", typed), typed.encode())


def test_two_verifiers_of_one_password_have_nothing_in_common(line: PGconn) -> None:
    assert verifier(line, "user", "pencil") != verifier(line, "user", "pencil")


def test_a_password_is_never_cut_off(line: PGconn) -> None:
    with pytest.raises(ValueError, match="NUL"):
        verifier(line, "user", "pen\0cil")
