"""What holds for every test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture(autouse=True)
def _log() -> Iterator[None]:
    """Leave the log as it was found, whatever a test sets up."""
    yield
    structlog.reset_defaults()
