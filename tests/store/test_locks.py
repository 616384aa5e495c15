"""Transactions that touch the same rows take their locks in one order, so that a database never has to end one of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.model import Article, Delivery, FirstRun, Kind, Reading, Sent
from bot.store import rows
from bot.store.schema import articles, deliveries
from tests.store.conftest import NOW, World, draft, feed, make_world, match

pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
"""On SQLite one writes at a time."""

_WAITING = sa.text("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")


async def until_waiting(world: World, number: int, work: asyncio.Future[Any]) -> None:
    """Wait until so many sessions wait for a lock, or a work is done."""
    while not work.done() and await world.store._database.read(lambda conn: conn.scalar(_WAITING)) != number:
        await asyncio.sleep(0.01)


@contextmanager
def held(world: World, row: sa.Select[Any]) -> Iterator[None]:
    """Hold a row in a session of its own, so that who wants it waits."""
    engine = sa.create_engine(world.store._database.address.url, poolclass=sa.NullPool)
    with engine.begin() as conn:
        conn.execute(row.with_for_update())
        yield


def of_article(article: Article) -> sa.Select[Any]:
    return sa.select(articles.c.id).where(articles.c.id == article.id)


def of_alert(delivery: Delivery) -> sa.Select[Any]:
    return sa.select(deliveries.c.id).where(deliveries.c.id == delivery.id)


async def claimed(world: World) -> list[Delivery]:
    """Claim every alert; return them by story."""
    query = sa.select(deliveries).order_by(deliveries.c.subject)
    found = await world.store._database.read(lambda conn: [rows.delivery(row) for row in conn.execute(query)])
    return [await world.claim(one) for one in found]


async def revised(world: World, *, count: int = 2) -> tuple[list[Delivery], list[Article]]:
    """Make stories whose alerts are in flight while their articles are to be read again; return both in the order of the stories."""
    [source] = await world.follow(feed(first_run=FirstRun.ALL))
    await world.poll(source, *(draft(number) for number in range(count, 0, -1)))
    await world.read(match())
    told = await claimed(world)
    world.now += timedelta(minutes=1)
    await world.poll(source, *(draft(number, text=f"Other words {number}.") for number in range(count, 0, -1)))
    return told, sorted(await world.lease(), key=lambda article: article.id)


def recorded(world: World, *read: Article) -> Awaitable[bool]:
    readings = [Reading(article_id=one.id, revision=one.revision, matches=(match(score=0.9),)) for one in read]
    return world.store.analysis.record_readings(readings, world.rules.number, now=world.now)


async def test_outcomes_and_a_reading_of_the_same_stories_both_come_through(discord: World) -> None:
    """A reading of told stories, whatever their order, waits for outcomes or they for it, and neither is ended."""
    told, [first, second, _] = await revised(discord, count=3)

    with held(discord, of_article(first)):
        reading = asyncio.ensure_future(recorded(discord, second, first))
        await until_waiting(discord, 1, reading)
        # The first one goes alone, and those that come meanwhile share a transaction.
        ends = [discord.store.deliveries.settle(one, Sent(message_id=one.subject), NOW) for one in (told[2], told[0], told[1])]
        settling = asyncio.gather(*ends)
        await until_waiting(discord, 2, settling)

    assert await reading
    await settling
    sent = sa.select(deliveries.c.subject, deliveries.c.message_id, deliveries.c.state).order_by(deliveries.c.subject)
    found = await discord.store._database.read(lambda conn: [tuple(row) for row in conn.execute(sent)])
    assert found == [(number, number, "sent") for number in (1, 2, 3)]


async def test_outcomes_of_folds_and_a_reading_that_grows_them_both_come_through() -> None:
    """Where alerts in flight and folds in flight are settled while a reading changes the one and grows the other, neither is ended."""
    world = await make_world(discord=True, per_poll=1)
    await world.store.places.set_channel(7, 70, now=NOW)
    told, [first, second, *_] = await revised(world, count=3)
    [source] = await world.store.sources.all_sources()
    await world.poll(source, draft(9))
    [new] = await world.lease()
    alert, fold = (next(one for one in told if one.kind is kind) for kind in (Kind.ALERT, Kind.FOLD))

    with held(world, of_article(first)):
        reading = asyncio.ensure_future(recorded(world, new, second, first))
        await until_waiting(world, 1, reading)
        ends = [world.store.deliveries.settle(one, Sent(message_id=5), NOW) for one in (told[-1], fold, alert)]
        settling = asyncio.gather(*ends)
        await until_waiting(world, 2, settling)

    assert await reading
    await settling


async def test_a_poll_that_revises_and_a_reading_of_the_same_articles_both_come_through(discord: World) -> None:
    """A poll takes the articles that it changes in the order in which a reading takes them."""
    told, [first, second] = await revised(discord)
    [source] = await discord.store.sources.all_sources()

    with held(discord, of_alert(told[1])):
        reading = asyncio.ensure_future(recorded(discord, second, first))
        await until_waiting(discord, 1, reading)
        polling = asyncio.ensure_future(
            discord.poll(source, *(draft(number, text=f"Third words {number}.") for number in (1, 2)))
        )
        await until_waiting(discord, 2, polling)

    assert await reading
    assert await polling == 0
