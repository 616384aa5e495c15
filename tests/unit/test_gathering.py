"""Calls that wait at the same time are worked off together."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from bot.errors import StoreError
from bot.gathering import Gathering


@dataclass(slots=True)
class Work:
    """Doubles numbers, when it is let, and remembers its batches."""

    gate: asyncio.Event = field(default_factory=asyncio.Event)
    batches: list[list[int]] = field(default_factory=list)
    faults: dict[int, Exception] = field(default_factory=dict)

    async def __call__(self, asked: Sequence[int]) -> Sequence[int]:
        self.batches.append(list(asked))
        await self.gate.wait()
        for number in self.faults.keys() & set(asked):
            raise self.faults[number]
        return [2 * number for number in asked]


async def start(work: Work, count: int, *, most: int = 100) -> Sequence[asyncio.Future[int]]:
    """Make calls at once, and let the first batch begin."""
    gathering = Gathering(work, most=most)
    calls = [asyncio.ensure_future(gathering(number)) for number in range(count)]
    await asyncio.sleep(0)
    return calls


async def test_the_first_call_goes_at_once_and_what_comes_meanwhile_goes_together() -> None:
    """One round trip for the first, one for all that came while it was under way, each with its own answer."""
    work = Work()
    calls = await start(work, 5)
    work.gate.set()

    answers = await asyncio.gather(*calls)

    assert answers == [0, 2, 4, 6, 8]
    assert work.batches == [[0], [1, 2, 3, 4]]


async def test_a_batch_has_a_limit() -> None:
    """No batch is longer than the limit."""
    work = Work()
    calls = await start(work, 7, most=3)
    work.gate.set()

    assert await asyncio.gather(*calls) == [0, 2, 4, 6, 8, 10, 12]
    assert work.batches == [[0], [1, 2, 3], [4, 5, 6]]


async def test_a_failure_is_that_of_every_call_in_the_batch() -> None:
    """Nobody takes an answer from work that failed, and the next batch is another matter."""
    work = Work(faults={1: StoreError("away")})
    calls = await start(work, 5, most=2)
    work.gate.set()

    ends = await asyncio.gather(*calls, return_exceptions=True)

    assert [isinstance(end, StoreError) for end in ends] == [False, True, True, False, False]


async def test_a_bug_ends_its_call_alone() -> None:
    """What nobody expected is raised by the call that ran into it, and the others are tried again without it."""
    work = Work(faults={1: ZeroDivisionError()})
    calls = await start(work, 4)
    work.gate.set()

    ends = await asyncio.gather(*calls, return_exceptions=True)

    assert isinstance(ends[1], ZeroDivisionError)
    assert [ends[0], *ends[2:]] == [0, 4, 6]


@pytest.mark.parametrize("cancelled", [0, 1], ids=["who works", "who waits"])
async def test_a_call_that_is_cancelled_takes_no_other_along(cancelled: int) -> None:
    """The others get their answers."""
    work = Work()
    calls = await start(work, 3)
    calls[cancelled].cancel()
    await asyncio.sleep(0)
    work.gate.set()

    ends = await asyncio.gather(*calls, return_exceptions=True)

    assert isinstance(ends[cancelled], asyncio.CancelledError)
    assert [end for number, end in enumerate(ends) if number != cancelled] == [2 * n for n in range(3) if n != cancelled]
