"""Runs a function in a process of its own that is ended at a time limit: for hostile feeds and for language models."""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import TimeoutError as FutureTimeout
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from datetime import timedelta
from multiprocessing import resource_tracker
from typing import ParamSpec, TypeVar

from pebble import ProcessExpired, ProcessPool

from bot.errors import ReadingError
from bot.memory import share_one_arena

_P = ParamSpec("_P")
_R = TypeVar("_R")


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Let the processes and threads that are started here never see Ctrl-C, which a terminal sends to all: the bot ends them."""
    resource_tracker.ensure_running()  # starting it lets the signal in again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Workers:
    """One worker process, started when it is first needed and started again after it was ended.

    Processes are spawned, never forked: the bot has threads.
    """

    def __init__(self, *, timeout: timedelta) -> None:
        self._timeout = timeout
        self._pool: ProcessPool | None = None

    async def run(self, function: Callable[_P, _R], /, *args: _P.args, **kwargs: _P.kwargs) -> _R:
        """Return what the function returns; its own exceptions come through.

        Raises:
            ReadingError: the process took longer than the limit, crashed, or ran out of memory.
        """
        return await self.run_within(self._timeout, function, *args, **kwargs)

    async def run_within(self, limit: timedelta, function: Callable[_P, _R], /, *args: _P.args, **kwargs: _P.kwargs) -> _R:
        """Do the same under a limit of its own.

        Raises:
            ReadingError: as for `run`.
        """
        limit_s = limit.total_seconds()
        if self._pool is None or not self._pool.active:  # a worker that dies idle breaks its pool for good
            self.close()
            self._pool = ProcessPool(max_workers=1, context=multiprocessing.get_context("spawn"), initializer=share_one_arena)
        try:
            with _deaf_to_ctrl_c():
                future = self._pool.schedule(function, args=list(args), kwargs=kwargs, timeout=limit_s)
        except RuntimeError as error:  # a worker that died idle this very moment has broken the pool
            raise ReadingError("the worker process has ended.") from error
        try:
            return await asyncio.wrap_future(future)
        except FutureTimeout as error:
            raise ReadingError(f"it took longer than {limit_s:g} s and was given up.") from error
        except ProcessExpired as error:
            raise ReadingError(f"the worker process ended with code {error.exitcode}.") from error
        except BrokenProcessPool as error:
            raise ReadingError("the worker process has ended.") from error
        except MemoryError as error:
            raise ReadingError("it needed more memory than there is.") from error

    def close(self) -> None:
        """End the process, whatever it is doing."""
        if self._pool is not None:
            self._pool.stop()  # type: ignore[no-untyped-call]  # pebble annotates only its arguments
            self._pool.join()
            self._pool = None
