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
    fault: SitrepError | None = None
    done: bool = False


class Gathering(Generic[_A, _B]):
    """Works off what waits, in batches: whoever comes first works for all, and what comes meanwhile is the next batch.

    There is no timer: a call that is alone goes at once.
    """

    def __init__(self, work: Callable[[Sequence[_A]], Awaitable[Sequence[_B]]], *, most: int) -> None:
        """`work` answers a batch in order; if it fails, every call of the batch does."""
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
            answers = await self._work([call.asked for call in batch])
        except SitrepError as error:
            for call in batch:
                call.fault, call.done = error, True
            return
        except BaseException:
            self._queue.extendleft(reversed(batch[1:]))  # what cancels one, or is a bug of one, is no answer to the others
            raise
        for call, answer in zip(batch, answers, strict=True):
            call.answers, call.done = (answer,), True
