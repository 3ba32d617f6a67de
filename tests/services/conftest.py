from pathlib import Path

import pytest

from support.floor import floor
from support.warehouse import Staff
from support.warehouse import on_both as pytest_generate_tests

__all__ = ["floor", "pytest_generate_tests", "staffed"]


@pytest.fixture
def staffed(request: pytest.FixtureRequest) -> tuple[Path, Staff]:
    """A file with people in it, to be copied, and those people."""
    found: tuple[Path, Staff] = request.getfixturevalue("_staffed")
    return found
