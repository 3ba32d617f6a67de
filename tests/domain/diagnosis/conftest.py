"""The shortage that a test's docstring tells, and what is made of it."""

from __future__ import annotations

import pytest

from support.shortage import read_shortage
from zeroline.domain.diagnosis import Diagnosis, Neighbourhood, diagnose


@pytest.fixture
def shortage(request: pytest.FixtureRequest) -> Neighbourhood:
    return read_shortage(request.function.__doc__)


@pytest.fixture
def found(shortage: Neighbourhood) -> Diagnosis:
    return diagnose(shortage)
