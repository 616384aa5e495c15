"""Joins calls that wait at the same time into one, so that what a round trip costs is paid once for many."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.errors import SitrepError

_A = TypeVar("_A")
_B = TypeVar("_B")


@dataclass(slots=True, eq=False)
class _Call(Generic[_A, _B]):
    asked: _A
    answers: Sequence[_B] = ()
    fault: BaseException | None = None
    done: bool = False


class Gathering(Generic[_A, _B]):
    """Works off what waits, in batches: whoever comes first works for all, and what comes meanwhile is the next batch.

    There is no timer: a call that is alone goes at once.
    """

    def __init__(self, work: Callable[[Sequence[_A]], Awaitable[Sequence[_B]]], *, most: int) -> None:
        """`work` answers a batch in order; if it fails as a program may expect, every call of the batch does."""
        self._work = work
        self._most = most
        self._lock = asyncio.Lock()
        self._queue: deque[_Call[_A, _B]] = deque()

    async def __call__(self, asked: _A) -> _B:
        """Return the answer to this call."""
        call = _Call[_A, _B](asked)
        self._queue.append(call)
        try:
            async with self._lock:
                if not call.done:
                    await self._work_off()
        except asyncio.CancelledError:
            if call in self._queue:
                self._queue.remove(call)
            raise
        if call.fault is not None:
            raise call.fault
        return call.answers[0]

    async def _work_off(self) -> None:
        """Answer the calls that have waited longest; who holds the lock is the first of them."""
        batch = [self._queue.popleft() for _ in range(min(self._most, len(self._queue)))]
        try:
            await self._answer(batch)
        except asyncio.CancelledError:
            self._queue.extendleft(reversed(batch[1:]))  # the others have not been cancelled
            raise

    async def _answer(self, batch: Sequence[_Call[_A, _B]]) -> None:
        """Answer a batch; if a bug of one call spoils it, one by one, so that it spoils no other."""
        [outcome] = await asyncio.gather(self._work([call.asked for call in batch]), return_exceptions=True)
        if isinstance(outcome, BaseException):
            if len(batch) > 1 and not isinstance(outcome, SitrepError):
                for call in batch:
                    await self._answer([call])
                return
            for call in batch:
                call.fault, call.done = outcome, True
            return
        for call, answer in zip(batch, outcome, strict=True):
            call.answers, call.done = (answer,), True
