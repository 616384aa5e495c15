"""Laws of the pace: never faster than Discord allows, and never slower than that."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.chat.pace import SESSIONS, Pace, session_pause
from tests.clockwork import Clockwork, at_once

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
(SHORT, FEW), (DAY, MANY) = SESSIONS


async def begun(count: int, *, lost: float = 0.0) -> list[tuple[int, float]]:
    """Let so many ask at once; return in which order they begin, and after how long. After the third one time is lost."""
    pace, loop = Pace(per_second=50), asyncio.get_running_loop()
    assert isinstance(loop, Clockwork)
    start, began = loop.time(), list[tuple[int, float]]()

    async def ask(number: int) -> None:
        await pace.turn()
        began.append((number, loop.time() - start))
        loop.lose(lost if number == 2 else 0)

    await asyncio.gather(*(ask(number) for number in range(count)))
    return began


def test_requests_begin_evenly_however_many_come_at_once() -> None:
    """Of many at once each begins one step after the one before, in their order; the first waits for nobody."""
    began = at_once(begun(20))

    assert [number for number, _ in began] == list(range(20))
    assert [at for _, at in began] == pytest.approx([number / 50 for number in range(20)])


def test_what_is_lost_to_a_busy_moment_is_not_caught_up() -> None:
    """The next one begins late, and those after it a whole step apart."""
    began = at_once(begun(6, lost=0.1))

    assert [at for _, at in began] == pytest.approx([0.0, 0.02, 0.04, 0.14, 0.16, 0.18])


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
