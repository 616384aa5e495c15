"""What ticks when: APScheduler wakes the engine; what is due is in the store, so a missed tick loses nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

JUMP_S = 2.0
"""A clock that is off by more since the last look was set by somebody."""


class _Every(BaseTrigger):  # type: ignore[misc]  # APScheduler 3 has no types
    """Fires an interval after now, whatever was missed: the library's own would count up every run that a clock jumped over."""

    def __init__(self, interval: timedelta) -> None:
        self._interval = interval

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:  # noqa: ARG002  # the library's
        """Return the time of the next run."""
        return now + self._interval


class Schedule:
    """Repeats jobs in this process, each at most once at a time.

    APScheduler plans by the wall clock, so jobs would sleep until a clock that was set back comes round again. A look
    at the monotonic clock notices that, and plans them anew.
    """

    def __init__(self) -> None:
        # APScheduler drops a job that is a second late unless the grace time is None.
        defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        self._scheduler = AsyncIOScheduler(timezone="UTC", job_defaults=defaults)
        self._look: asyncio.TimerHandle | None = None

    def every(self, interval: timedelta, job: Callable[[], Awaitable[None] | None], *, name: str) -> None:
        """Repeat a job at an interval, from one interval after the start."""

        async def call() -> None:
            """Call the job in the event loop: the library would call a plain one in a thread, where it may set no event."""
            work = job()
            if work is not None:
                await work

        self._scheduler.add_job(call, _Every(interval), id=name, name=name)

    def start(self) -> None:
        """Begin ticking in the running event loop."""
        self._scheduler.start()
        self._watch_clock(asyncio.get_running_loop(), _wall_ahead())

    def close(self) -> None:
        """Stop ticking; a job that runs is not waited for, since the engine drains what it started."""
        if self._look is not None:
            self._look.cancel()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def _watch_clock(self, loop: asyncio.AbstractEventLoop, before: float) -> None:
        ahead = _wall_ahead()
        if abs(ahead - before) > JUMP_S:
            for job in self._scheduler.get_jobs():
                job.modify(next_run_time=datetime.now(UTC))
        self._look = loop.call_later(1.0, self._watch_clock, loop, ahead)


def _wall_ahead() -> float:
    """Return by how many seconds the wall clock is ahead of the monotonic one; it changes only when somebody sets it."""
    return datetime.now(UTC).timestamp() - asyncio.get_running_loop().time()
