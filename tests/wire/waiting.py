"""Waiting for something to become true: whoever changes something rings, and every now and then one looks anyway."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import TypeVar

_T = TypeVar("_T")

PATIENCE_S = 90.0
"""So long one waits for what is sure to come: nobody does but a test that fails, however busy the machine is."""

LOOK_EVERY_S = 0.05
"""What a look finds may also be changed by others, such as a client, who do not ring."""


class Bell:
    """Rung at each change; who waits looks again."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Let everybody who waits look again."""
        self._rung.set()
        self._rung = asyncio.Event()

    async def until(self, look: Callable[[], _T | None], *, complain: Callable[[], str], timeout_s: float = PATIENCE_S) -> _T:
        """Wait until a look finds something true, and return it.

        Raises:
            TimeoutError: it did not come; the message is that of the complaint.
        """
        try:
            async with asyncio.timeout(timeout_s):
                while not (found := look()):
                    await self._next_ring()
                return found
        except TimeoutError:
            raise TimeoutError(f"{complain()} in {timeout_s:g} s") from None

    async def _next_ring(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK_EVERY_S):
                await self._rung.wait()
