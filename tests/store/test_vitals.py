"""What the store knows of how the program runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model import Beat, Broken, Gateway, Later, Queue, Refused, Vitals
from tests.store.conftest import NOW, World, draft, folder, make_world, match

BEAT = Beat(started=NOW - timedelta(hours=1), gateway=Gateway.CONNECTED, gateway_since=NOW - timedelta(minutes=50))
MINUTE = timedelta(minutes=1)


async def vitals(world: World) -> Vitals:
    return await world.store.vitals.read(world.now)


@pytest.fixture
async def told(discord: World) -> World:
    """Let a bot in Discord have one alert to tell."""
    await discord.store.vitals.beat(BEAT, now=NOW)
    [source] = await discord.follow(folder())
    await discord.poll(source, draft())
    await discord.read(match())
    return discord


async def test_an_archive_without_a_beat_says_so(terminal: World) -> None:
    """An archive on which nothing has run knows of nothing."""
    assert await vitals(terminal) == Vitals()


async def test_a_beat_is_kept_until_the_next(terminal: World) -> None:
    """The last beat stands: when it was, since when the program runs, and how the gateway is."""
    away = replace(BEAT, gateway=Gateway.AWAY, gateway_since=NOW)
    await terminal.store.vitals.beat(BEAT, now=NOW)
    await terminal.store.vitals.beat(away, now=NOW + MINUTE)

    found = await vitals(terminal)

    assert (found.beat, found.beat_at) == (away, NOW + MINUTE)


async def test_articles_wait_until_they_are_read(discord: World) -> None:
    """Unread articles are counted, from when the oldest was collected, and reading is noted."""
    [source] = await discord.follow(folder())
    await discord.poll(source, draft(1))
    discord.now += MINUTE
    await discord.poll(source, draft(2))
    before = await vitals(discord)
    await discord.lease()
    leased = await vitals(discord)
    discord.now += timedelta(hours=2)  # the lease is over
    await discord.read()
    after = await vitals(discord)

    assert (before.unread, before.read_at) == (Queue(count=2, since=NOW), None)
    assert leased.unread == before.unread
    assert (after.unread, after.read_at) == (Queue(), discord.now)


async def test_a_revised_article_waits_since_its_revision(discord: World) -> None:
    """An article of last week that changed a minute ago has waited for a minute."""
    [source] = await discord.follow(folder())
    for number, text in enumerate(("First.", "Second.", "Third.")):
        discord.now = NOW + number * timedelta(days=3)
        await discord.poll(source, draft(text=text))
        if number < 2:
            await discord.read()

    assert (await vitals(discord)).unread == Queue(count=1, since=discord.now)


async def test_a_delivery_waits_since_it_was_made_however_often_it_is_tried(told: World) -> None:
    """Being put off by an outage makes a delivery no younger."""
    waiting = (await vitals(told)).untold
    [delivery] = await told.due()
    claimed = await told.claim(delivery)
    told.now += MINUTE
    sending = (await vitals(told)).untold
    await told.store.deliveries.settle(claimed, Later(reason="502", pause=timedelta(minutes=30)), told.now)
    put_off = (await vitals(told)).untold

    assert waiting == sending == put_off == Queue(count=1, since=NOW)


@pytest.mark.parametrize(
    ("outcome", "counts"),
    [pytest.param(Broken(reason="403"), (1, 0, 0), id="held"), pytest.param(Refused(reason="400"), (0, 0, 1), id="dead")],
)
async def test_what_waits_for_a_person_is_counted_apart(
    told: World, outcome: Broken | Refused, counts: tuple[int, int, int]
) -> None:
    """What is held or dead does not wait to be told; the notice of a broken channel does."""
    [delivery] = await told.due()
    await told.store.deliveries.settle(await told.claim(delivery), outcome, NOW)

    found = await vitals(told)

    assert (found.untold.count, (found.held, found.in_doubt, found.dead)) == (len(await told.notices()), counts)


async def test_a_delivery_in_doubt_is_counted(told: World) -> None:
    """What nobody can tell of is neither told nor waiting."""
    [delivery] = await told.due()
    await told.store.deliveries.leave_in_doubt(await told.claim(delivery), "no history", NOW)

    found = await vitals(told)

    assert (found.untold, found.in_doubt) == (Queue(), 1)


async def test_a_fold_waits_only_when_its_time_has_come() -> None:
    """A fold that may still grow is not late, and what is in it is not held."""
    world = await make_world(discord=True, per_poll=1)
    await world.store.places.set_channel(7, 70, now=NOW)
    await world.store.vitals.beat(BEAT, now=NOW)
    [source] = await world.follow(folder())
    await world.poll(source, *(draft(number) for number in range(3)))
    await world.read(match())

    growing = await vitals(world)
    world.now += MINUTE
    grown = await vitals(world)
    world.store.close()

    assert (growing.untold.count, grown.untold.count) == (1, 2)
    assert grown.held == 0


async def test_only_what_the_running_bot_tells_counts(told: World) -> None:
    """A terminal tells nothing to Discord, so what waits there does not wait for it."""
    await told.store.vitals.beat(replace(BEAT, gateway=Gateway.NONE), now=NOW)

    assert (await vitals(told)).untold == Queue()
