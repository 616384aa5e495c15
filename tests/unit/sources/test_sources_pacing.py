"""Hosts are asked one at a time, with a pause between, and left alone where they want it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.errors import SourceError
from bot.sources.web.pacing import Pacing
from tests.clockwork import at_once

PAUSE = timedelta(hours=1)
"""So long that a busy machine takes nothing of note from it."""


@dataclass(slots=True)
class Sleeper:
    """Sleeps no time, and remembers how long it should have been."""

    slept: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0)


async def test_one_host_is_asked_for_one_thing_at_a_time() -> None:
    """Turns at one host never overlap; those at another do not wait for them."""
    pacing, running, most = Pacing(pause=timedelta()), dict[str, int](), dict[str, int]()

    async def ask(host: str) -> None:
        async with pacing.turn(host):
            running[host] = running.get(host, 0) + 1
            most[host] = max(most.get(host, 0), running[host])
            most["all"] = max(most.get("all", 0), sum(running.values()))
            await asyncio.sleep(0)
            running[host] -= 1

    await asyncio.gather(*(ask(host) for host in ("a.example", "a.example", "a.example", "b.example")))

    assert most == {"a.example": 1, "b.example": 1, "all": 2}


async def test_between_two_turns_at_a_host_is_a_pause() -> None:
    """The next one begins the whole pause after the last one has ended, at the earliest."""
    sleep = Sleeper()
    pacing = Pacing(pause=PAUSE, sleep=sleep)

    for host in ("a.example", "b.example", "a.example"):
        async with pacing.turn(host):
            pass

    [waited] = sleep.slept
    assert timedelta(minutes=59) < timedelta(seconds=waited) <= PAUSE


async def test_hosts_of_the_operator_need_no_pause() -> None:
    """What is the operator's own is asked one at a time, but without a pause."""
    sleep = Sleeper()
    pacing = Pacing(pause=PAUSE, is_own=lambda host: host == "inside", sleep=sleep)

    for _ in range(3):
        async with pacing.turn("inside"):
            pass

    assert sleep.slept == []


async def test_a_host_that_wants_a_rest_is_not_asked() -> None:
    """During its rest every turn at the host is refused with how long it still takes, and no other host's."""
    pacing = Pacing(pause=timedelta())
    pacing.rest("a.example", timedelta(minutes=10))
    pacing.rest("a.example", timedelta(minutes=2))

    async with pacing.turn("b.example"):
        pass
    with pytest.raises(SourceError, match=r"a\.example asked to be left alone.* 10 min") as caught:
        async with pacing.turn("a.example"):
            pass

    assert caught.value.retry_after is not None
    assert timedelta(minutes=9) < caught.value.retry_after <= timedelta(minutes=10)


async def test_a_rest_that_is_asked_for_meanwhile_holds_for_those_that_wait() -> None:
    """Who already waits for a turn is refused as well."""
    pacing, waiting = Pacing(pause=timedelta()), asyncio.Event()

    async def second() -> None:
        waiting.set()
        async with pacing.turn("a.example"):
            pass

    async with pacing.turn("a.example"):
        task = asyncio.ensure_future(second())
        await waiting.wait()
        pacing.rest("a.example", timedelta(minutes=30))

    with pytest.raises(SourceError, match=r"another 30 min"):
        await task


def test_a_rest_ends() -> None:
    """When its time is over, and not before, the host is asked again."""
    asked: list[str] = []

    async def ask(pacing: Pacing) -> None:
        async with pacing.turn("a.example"):
            asked.append("a.example")

    async def rest() -> None:
        pacing = Pacing(pause=timedelta())
        pacing.rest("a.example", timedelta(minutes=30))
        await asyncio.sleep(29 * 60)
        with pytest.raises(SourceError):
            await ask(pacing)
        await asyncio.sleep(60)
        await ask(pacing)

    at_once(rest())

    assert asked == ["a.example"]


def test_hosts_that_nobody_wants_are_forgotten() -> None:
    """A hundred hosts that were asked once are remembered for their pause, and leave nothing behind."""

    async def remembered() -> list[int]:
        pacing = Pacing(pause=PAUSE)
        for number in range(100):
            async with pacing.turn(f"{number}.example"):
                pass
        during = len(pacing._hosts)
        await asyncio.sleep(2 * PAUSE.total_seconds())
        return [during, len(pacing._hosts)]

    assert at_once(remembered()) == [100, 0]
