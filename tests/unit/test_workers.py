"""A worker process gives answers, and its end is an error and not a wait."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta

import pytest

from bot.errors import ReadingError
from bot.workers import Workers


@pytest.fixture
def workers() -> Iterator[Workers]:
    """Start nothing until it is needed, and end it in any case."""
    workers = Workers(timeout=timedelta(minutes=1))
    yield workers
    workers.close()


async def test_a_worker_answers_and_its_exceptions_come_through(workers: Workers) -> None:
    """What a function returns or raises in the worker is returned or raised here."""
    assert await workers.run(sum, [1, 2]) == 3
    with pytest.raises(ZeroDivisionError):
        await workers.run(divmod, 1, 0)


@pytest.mark.parametrize(
    ("function", "argument", "limit_s", "said"),
    [
        pytest.param(time.sleep, 300, 1, "longer than 1 s", id="too slow"),
        pytest.param(os._exit, 3, 60, "ended with code 3", id="crashed"),
    ],
)
async def test_a_worker_that_ends_is_replaced(
    workers: Workers, function: Callable[[int], object], argument: int, limit_s: int, said: str
) -> None:
    """A worker that is too slow or dies is one sentence, and the next call finds a new one."""
    with pytest.raises(ReadingError, match=said):
        await workers.run_within(timedelta(seconds=limit_s), function, argument)

    assert await workers.run(sum, [1, 2]) == 3


async def test_a_worker_can_be_closed_twice(workers: Workers) -> None:
    """Closing is safe at any time."""
    workers.close()
    workers.close()

    assert await workers.run(sum, [1]) == 1


async def test_a_worker_that_dies_idle_is_replaced(workers: Workers) -> None:
    """A worker that the system ends while it has nothing to do is a failure of one call at most."""
    os.kill(await workers.run(os.getpid), signal.SIGKILL)

    answers = []
    for _ in range(3):
        with suppress(ReadingError):
            answers.append(await workers.run(sum, [1, 2]))

    assert answers[-1:] == [3]
    assert len(answers) >= 2
