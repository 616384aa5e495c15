"""Laws of the pace: never faster than Discord allows, and never slower than that."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from bot.chat.pace import SESSIONS, Pace, session_pause

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
(SHORT, FEW), (DAY, MANY) = SESSIONS


async def test_requests_begin_evenly_however_many_come_at_once() -> None:
    """Of many at once each begins one step after the one before, in their order; the first waits for nobody."""
    pace, loop, began = Pace(per_second=50), asyncio.get_running_loop(), []

    async def ask(number: int) -> None:
        await pace.turn()
        began.append((number, loop.time()))

    start = loop.time()
    await asyncio.gather(*(ask(number) for number in range(20)))

    assert [number for number, _ in began] == list(range(20))
    assert all(later - earlier >= 1 / 50 for (_, earlier), (_, later) in pairwise(began))
    assert began[0][1] - start < 1 / 50


@pytest.mark.parametrize(
    ("ages", "pause"),
    [
        pytest.param([], timedelta(), id="the first"),
        pytest.param([timedelta(seconds=20 * n) for n in range(FEW - 1)], timedelta(), id="as many as may be"),
        pytest.param([SHORT - timedelta(seconds=5)] * FEW, timedelta(seconds=5), id="a crash loop waits until one is old"),
        pytest.param([DAY - timedelta(hours=1)] * MANY, timedelta(hours=1), id="a day's worth"),
        pytest.param([DAY + timedelta(hours=1)] * MANY, timedelta(), id="yesterday does not count"),
        pytest.param([-timedelta(days=9)] * FEW, SHORT, id="a clock that was ahead holds nobody up for days"),
    ],
)
def test_a_program_that_is_started_again_and_again_waits(ages: list[timedelta], pause: timedelta) -> None:
    """Sessions of the gateway are spent sparingly, across starts."""
    assert session_pause([NOW - age for age in ages], NOW) == pause
