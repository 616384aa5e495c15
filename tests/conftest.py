"""What holds for every test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog
from hypothesis import settings


@pytest.fixture(autouse=True)
def _log() -> Iterator[None]:
    """Leave the log as it was found, whatever a test sets up."""
    yield
    structlog.reset_defaults()


# A machine that others use at once may be slow at any one example.
settings.register_profile("sitrep", deadline=None)
settings.load_profile("sitrep")
