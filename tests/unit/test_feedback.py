"""Laws of the report: how sure a share is."""

from __future__ import annotations

import pytest

from bot.questions.feedback import wilson


@pytest.mark.parametrize(("good", "whole", "low", "high"), [(0, 0, 0.0, 1.0), (10, 10, 0.722, 1.0), (5, 10, 0.237, 0.763)])
def test_the_interval_is_wilsons(good: int, whole: int, low: float, high: float) -> None:
    """Few answers leave much room, and all of one kind leave some."""
    assert wilson(good, whole) == pytest.approx((low, high), abs=0.001)
