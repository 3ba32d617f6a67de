"""Who else looks at something."""

from __future__ import annotations

from typing import NamedTuple


class Onlooker(NamedTuple):
    """Somebody who has the same thing open since an instant (µs)."""

    person_id: int
    name: str
    since: int
