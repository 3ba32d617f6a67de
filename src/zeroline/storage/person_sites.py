"""Which sites people work at: on a server they see and write rows of those alone (row security).

No row for a person: all sites, those that come later too.
"""

from __future__ import annotations

from collections.abc import Iterable

from zeroline.domain.errors import DomainError
from zeroline.storage.driver import Texts
from zeroline.storage.unit_of_work import PlainWork


def of_people(connection: Texts) -> dict[int, tuple[str, ...]]:
    """Codes of the sites by person, in order; '' is a site hidden from the reader. Of all sites: none."""
    rows = connection.exec_driver_sql(
        "SELECT p.person_id, COALESCE(s.code, '')"
        " FROM person_site AS p LEFT JOIN site AS s ON s.id = p.site_id"
        " ORDER BY p.person_id, s.code IS NULL, s.code"
    )
    found: dict[int, list[str]] = {}
    for person_id, code in rows:
        found.setdefault(person_id, []).append(code)
    return {person_id: tuple(codes) for person_id, codes in found.items()}


def place(work: PlainWork, person_id: int, sites: Iterable[str]) -> None:
    """These sites and no others from now on, none: all of them; DomainError ``site-unknown`` (site)."""
    known = dict(work.connection.exec_driver_sql("SELECT code, id FROM site").fetchall())
    unknown = [code for code in sites if code not in known]
    if unknown:
        raise DomainError("site-unknown", site=unknown[0])
    work.connection.exec_driver_sql("DELETE FROM person_site WHERE person_id = ?", (person_id,))
    for code in sites:
        work.connection.exec_driver_sql(
            "INSERT INTO person_site (person_id, site_id) VALUES (?, ?)", (person_id, known[code])
        )


def sees_all(connection: Texts, on_server: bool = True) -> bool:
    """Whether no row is hidden from who is connected; of a file nothing ever is."""
    return not on_server or bool(connection.exec_driver_sql("SELECT every_site()").scalar())


def require_all(connection: Texts, on_server: bool = True) -> None:
    """DomainError ``sites-limited`` where rows of other sites are hidden from who is connected."""
    if not sees_all(connection, on_server):
        raise DomainError("sites-limited")
