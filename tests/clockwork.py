"""An event loop whose time passes only when everybody waits, and then at once: what depends on time depends on no machine."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

_T = TypeVar("_T")


class Clockwork(asyncio.SelectorEventLoop):
    """Goes on at once to the next time that somebody waits for; whoever waits for a thread needs another loop."""

    def __init__(self) -> None:
        self._selector = _Leaping()
        super().__init__(self._selector)

    def time(self) -> float:
        """Return the time of this loop, in seconds."""
        return self._selector.now

    def lose(self, seconds: float) -> None:
        """Let time pass in which nobody gets a turn."""
        self._selector.now += seconds


class _Leaping(selectors.DefaultSelector):
    """Waits for no time to pass: it makes it pass."""

    now = 1000.0
    """A machine has run for a while."""

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(timeout if timeout is None else 0)
        self.now += 0 if ready else timeout or 0
        return ready


def at_once(work: Coroutine[Any, Any, _T]) -> _T:
    """Do work on a loop of its own, however long it would take."""
    with asyncio.Runner(loop_factory=Clockwork) as runner:
        return runner.run(work)
