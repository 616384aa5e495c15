"""The real program and a database that is away, handed over, read-only or full: nothing is lost, and nothing told twice."""

from __future__ import annotations

import asyncio
import resource
import signal
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.health.watchdog import ENDING_S
from tests import postgres

from .desk import Desk
from .strait import Strait

DROPPED = "North Korea sent message {}. It is short."


@pytest_asyncio.fixture
async def strait() -> AsyncIterator[Strait]:
    """Make an empty PostgreSQL database that can be reached through a narrow way."""
    with postgres.scratch(migrated=False) as address:
        async with Strait(address) as strait:
            yield strait


def drop(desk: Desk, number: int) -> None:
    desk.drop(f"{number}.txt", DROPPED.format(number))


async def told(desk: Desk, *numbers: int) -> None:
    """Wait until these messages are told."""
    wanted = {f"North Korea sent message {number}." for number in numbers}
    await desk.fake.until(lambda: wanted <= set(desk.titles()) or None, what=f"{wanted} to be told")


def once_each(desk: Desk) -> bool:
    titles = desk.titles()
    return len(titles) == len(set(titles))


async def test_a_database_that_is_not_there_yet_is_waited_for(desk: Desk, strait: Strait) -> None:
    """A server that cannot be reached at the start is one sentence, and the bot begins as soon as it can be."""
    await strait.close()
    with desk.bot(DATABASE_URL=strait.url) as bot:
        line = await bot.line("cannot be used")
        drop(desk, 1)
        await strait.open()
        await told(desk, 1)
        ended = await bot.stop()

    assert "Trying again" in line
    assert (ended.code, "Traceback" in bot.output) == (0, False)


async def test_a_database_that_goes_and_comes_back_loses_nothing(desk: Desk, strait: Strait) -> None:
    """While the database is away the bot pauses and says so once; afterwards it tells what came meanwhile, without a restart."""
    with desk.bot(DATABASE_URL=strait.url) as bot:
        drop(desk, 1)
        await told(desk, 1)
        await strait.close()
        await bot.line("paused")
        drop(desk, 2)
        await asyncio.sleep(1)
        await strait.open()
        await told(desk, 2)
        ended = await bot.stop()

    assert (ended.code, "Traceback" in bot.output, once_each(desk)) == (0, False, True)


async def test_a_database_that_hangs_keeps_no_end_waiting(desk: Desk, strait: Strait) -> None:
    """A server that neither answers nor hangs up is no reason to outlive a SIGTERM; the next start tells what is left, once."""
    with desk.bot(DATABASE_URL=strait.url) as bot:
        drop(desk, 1)
        await told(desk, 1)
        strait.hush()
        drop(desk, 2)
        await strait.kept_something_back()
        ended = await bot.stop()
    strait.speak()
    with desk.bot(DATABASE_URL=strait.url) as again:
        await told(desk, 2)
        await again.stop()

    assert (ended.code, once_each(desk)) == (70, True)
    assert f"The end has taken longer than {ENDING_S:g} s" in bot.output
    assert ENDING_S < 8


@pytest.mark.parametrize(("by", "within_s"), [(signal.SIGKILL, 2), (signal.SIGTERM, 1)], ids=["kill", "term"])
async def test_a_second_copy_takes_over(desk: Desk, strait: Strait, by: signal.Signals, within_s: float) -> None:
    """A copy that waits is connected soon after the owner's end, and tells what the owner has not; no two run at once."""
    loop = asyncio.get_running_loop()
    with desk.bot(DATABASE_URL=strait.url) as owner:
        drop(desk, 1)
        await told(desk, 1)
        begun = loop.time()
        with desk.bot(DATABASE_URL=strait.url) as second:
            await second.line("waiting to take over")
            start_s = loop.time() - begun
            identifies = desk.fake.gateway.identifies
            drop(desk, 2)
            await owner.stop(by=by)
            ended_at = loop.time()
            await desk.fake.until(lambda: desk.fake.gateway.identifies > identifies or None)
            took_s = loop.time() - ended_at
            await told(desk, 2)
            ended = await second.stop()

    assert (identifies, ended.code, once_each(desk)) == (1, 0, True)
    assert took_s < max(10 * within_s, 5 * start_s)  # benchmarks/outbox measures it on a quiet machine


async def test_a_database_that_may_not_be_written_is_one_sentence(desk: Desk, strait: Strait) -> None:
    """A database that turns read-only is named, and written again, on new sessions, once it may be."""
    with postgres.scratch(migrated=False) as address, desk.bot(DATABASE_URL=postgres.url_of(address)) as bot:
        drop(desk, 1)
        await told(desk, 1)
        name = address.url.database
        postgres.run(postgres.server(), f"alter database {name} set default_transaction_read_only = on")
        postgres.end_sessions(address)
        await bot.line("held again")
        postgres.end_sessions(address)  # one that began while the setting changed was not on the first list
        drop(desk, 2)
        line = await bot.line("read-only")
        postgres.run(postgres.server(), f"alter database {name} reset default_transaction_read_only")
        await told(desk, 2)
        ended = await bot.stop()

    assert "may write to it" in line
    assert (ended.code, "Traceback" in bot.output, once_each(desk)) == (0, False, True)


async def test_a_disk_that_is_full_loses_nothing(desk: Desk) -> None:
    """When the archive cannot grow the bot says so and goes on trying; with room again it tells everything."""
    with desk.bot() as bot:
        drop(desk, 1)
        await told(desk, 1)
        full = max(path.stat().st_size for path in (desk.home / "var").iterdir())
        unlimited = resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (full, resource.RLIM_INFINITY))
        for number in range(2, 9):
            desk.drop(f"{number}.txt", DROPPED.format(number) + " Of other things much was said." * 3000)
        line = await bot.line("cannot be used")
        resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, unlimited)
        await told(desk, *range(1, 9))
        ended = await bot.stop()

    assert "see that the disk has room" in line
    assert (ended.code, "Traceback" in bot.output, once_each(desk)) == (0, False, True)
