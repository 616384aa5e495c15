"""What feeds name as their hub is asked for, renewed, and forgotten with its followers."""

from __future__ import annotations

from datetime import timedelta

from bot.model import Collected, Mark
from bot.store.sources.subscriptions import AGAIN, RENEW, Subscriptions
from tests.store.conftest import NOW, World, feed


async def offer(world: World, hub: str = "https://hub.example/", topic: str = "https://wire.example/feed") -> Subscriptions:
    """Let a feed name its hub."""
    [source] = await world.follow(feed())
    collected = Collected(marks=(Mark(key="hub", value=hub), Mark(key="topic", value=topic)))
    await world.store.polls.record_poll(source, collected, now=NOW, next_poll=NOW, told_from=None, batch="")
    return world.store.subscriptions


async def test_a_feed_that_names_a_hub_is_asked_for_once(terminal: World) -> None:
    """A subscription has a token and a secret that nobody can guess, and is due until it was asked for."""
    store = await offer(terminal)

    [due] = await store.due(NOW, limit=9)
    await store.asked(due.source_id, NOW)

    assert (due.hub, due.topic, len(due.token), len(due.secret)) == (
        "https://hub.example/",
        "https://wire.example/feed",
        32,
        64,
    )
    assert list(await store.due(NOW + timedelta(hours=1), limit=9)) == []


async def test_a_feed_without_a_hub_is_left_alone(terminal: World) -> None:
    """Where no hub is named there is nothing to ask."""
    store = await offer(terminal, hub="")

    assert list(await store.due(NOW, limit=9)) == []


async def test_a_lease_is_renewed_before_it_ends(terminal: World) -> None:
    """A hub that pushes is asked again only when its promise is about to end."""
    store = await offer(terminal)
    [due] = await store.due(NOW, limit=9)
    await store.asked(due.source_id, NOW)
    end = NOW + timedelta(days=5)
    await store.verified(due.source_id, until=end)

    times = [NOW + timedelta(days=1), end - RENEW + timedelta(seconds=1)]

    assert [len(await store.due(when, limit=9)) for when in times] == [0, 1]


async def test_a_hub_that_said_no_is_asked_again_some_time_later(terminal: World) -> None:
    """A denial is no end."""
    store = await offer(terminal)
    [due] = await store.due(NOW, limit=9)
    await store.asked(due.source_id, NOW)
    await store.denied(due.source_id, "the hub denies it")

    assert [len(await store.due(NOW + wait, limit=9)) for wait in (AGAIN / 2, AGAIN * 1.1)] == [0, 1]


async def test_another_hub_begins_anew(terminal: World) -> None:
    """A feed that changes its hub gets another token, and the old one is no longer known."""
    store = await offer(terminal)
    [before] = await store.due(NOW, limit=9)
    await offer(terminal, hub="https://other.example/")

    [after] = await store.due(NOW, limit=9)

    assert (after.hub, await store.find(before.token), await store.find(after.token)) == ("https://other.example/", None, after)


async def test_a_source_that_nobody_follows_is_not_asked_for(terminal: World) -> None:
    """With its last follower a subscription lapses."""
    store = await offer(terminal)
    [due] = await store.due(NOW, limit=9)
    await terminal.follow()

    assert (list(await store.due(NOW, limit=9)), await store.source(due.source_id)) == ([], None)
