"""Sites as screens and paper name them."""

from __future__ import annotations

from typing import NamedTuple


class SiteFacts(NamedTuple):
    """One site: code, name to show, IANA time zone, ISO currency."""

    code: str
    name: str
    zone: str
    currency: str
