"""Jobs tick at their interval until the schedule is closed."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from bot.schedule import Schedule


async def test_a_job_ticks_until_the_schedule_is_closed() -> None:
    """A job is called again and again, and never after the end."""
    ticks = asyncio.Queue[int]()
    schedule = Schedule()
    schedule.every(timedelta(milliseconds=10), lambda: ticks.put_nowait(1), name="tick")
    schedule.start()
    async with asyncio.timeout(60):
        await ticks.get()
        await ticks.get()

    schedule.close()
    before = ticks.qsize()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await asyncio.Event().wait()

    assert before == ticks.qsize()


@pytest.mark.parametrize("plain", [True, False], ids=["plain", "async"])
async def test_a_job_is_called_in_the_event_loop(*, plain: bool) -> None:
    """A job may touch what belongs to the loop, whether or not it waits for something."""
    called = asyncio.Queue[threading.Thread]()
    schedule = Schedule()

    def job() -> None:
        called.put_nowait(threading.current_thread())

    async def waiting_job() -> None:
        job()

    schedule.every(timedelta(milliseconds=10), job if plain else waiting_job, name="tick")
    schedule.start()
    async with asyncio.timeout(60):
        caller = await called.get()
    schedule.close()

    assert caller is threading.current_thread()


@pytest.mark.parametrize(
    "jump", [timedelta(days=-1), timedelta(days=1), timedelta(days=20000)], ids=["back", "ahead", "from 1970"]
)
async def test_a_clock_that_is_set_stops_no_tick(jump: timedelta) -> None:
    """A clock that is set costs a tick or two, and no more, however far it jumps."""
    ticks = asyncio.Queue[int]()
    schedule = Schedule()
    schedule.every(timedelta(milliseconds=20), lambda: ticks.put_nowait(1), name="tick")
    schedule.start()

    with time_machine.travel(datetime.now(UTC) + jump, tick=True):
        async with asyncio.timeout(60):
            seen = sum([await ticks.get() for _ in range(5 + ticks.qsize())])
    schedule.close()

    assert seen >= 5


def test_a_schedule_that_never_started_can_be_closed() -> None:
    """Closing is safe at any time."""
    schedule = Schedule()

    schedule.close()

    assert not schedule._scheduler.running
