"""Gives each host its peace: one request at a time, a pause between two, and a rest where it asks for one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from math import ceil

from bot.errors import SourceError


@dataclass(slots=True)
class _Host:
    """How one host stands: who has its turn, how many want one, and when the next may begin by the clock of the loop."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    wanted: int = 0
    free_at: float = 0.0


class Pacing:
    """Hands out turns, to feeds and pages alike; hosts that nobody wants are forgotten."""

    def __init__(
        self,
        *,
        pause: timedelta,
        is_own: Callable[[str], bool] = lambda _host: False,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """`is_own` names the operator's own hosts, which need no pause."""
        self._pause_s = pause.total_seconds()
        self._is_own = is_own
        self._sleep = sleep
        self._hosts: dict[str, _Host] = {}
        self._resting: dict[str, float] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for the turn at a host, and hold it.

        Raises:
            SourceError: the host has asked to be left alone.
        """
        self._refuse_rest(host)
        state = self._hosts.setdefault(host, _Host())
        state.wanted += 1
        try:
            async with state.lock:
                if (wait_s := state.free_at - _now()) > 0:
                    await self._sleep(wait_s)
                self._refuse_rest(host)
                try:
                    yield
                finally:
                    state.free_at = _now() + (0.0 if self._is_own(host) else self._pause_s)
        finally:
            state.wanted -= 1
            asyncio.get_running_loop().call_at(state.free_at, self._forget, host)

    def rest(self, host: str, pause: timedelta) -> None:
        """Leave a host alone for this long, because it asks for that."""
        self._resting[host] = max(self._resting.get(host, 0.0), _now() + pause.total_seconds())

    def _refuse_rest(self, host: str) -> None:
        left_s = self._resting.get(host, 0.0) - _now()
        if left_s <= 0:
            self._resting.pop(host, None)
            return
        words = f"{ceil(left_s / 60)} min" if left_s > 90 else f"{ceil(left_s)} s"
        raise SourceError(
            f"{host} asked to be left alone, and is not asked for another {words}.",
            retry_after=timedelta(seconds=left_s),
            host=host,
        )

    def _forget(self, host: str) -> None:
        state = self._hosts.get(host)
        if state is not None and not state.wanted and state.free_at <= _now():
            del self._hosts[host]


def _now() -> float:
    return asyncio.get_running_loop().time()
