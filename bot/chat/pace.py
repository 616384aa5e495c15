"""How fast the bot may ask Discord: requests a second of all kinds together, and gateway sessions a day."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

PER_SECOND = 49.5
"""Discord's global limit is 50 requests a second a bot (Discord, Rate Limits)."""

SESSIONS = ((timedelta(minutes=10), 30), (timedelta(hours=24), 600))
"""Discord resets the token after 1,000 sessions a day (Discord, Gateway, Session Start Limit); a host that restarts the bot
every few seconds must not use them up."""


class Pace:
    """Lets requests begin one after the other, never faster than a rate: what was lost to a busy moment is not caught up."""

    def __init__(self, per_second: float | None = None) -> None:
        self._step_s = 1 / (per_second or PER_SECOND)
        self._last = 0.0
        self._line = asyncio.Lock()

    async def turn(self) -> None:
        """Wait until it is the caller's turn; whoever comes first goes first."""
        loop = asyncio.get_running_loop()
        async with self._line:
            await asyncio.sleep(max(0.0, self._last + self._step_s - loop.time()))
            self._last = loop.time()


def session_pause(begun: Sequence[datetime], now: datetime) -> timedelta:
    """Return how long to wait before another gateway session, given when the earlier ones began."""
    waits = [timedelta()]
    for window, most in SESSIONS:
        # One that began in the future is from a clock that was ahead, and counts as begun now.
        recent = sorted(min(moment, now) for moment in begun if moment > now - window)
        if len(recent) >= most:
            waits.append(recent[-most] + window - now)
    return max(waits)
