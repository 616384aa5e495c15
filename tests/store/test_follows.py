"""How follows by command begin, pause and end, and what they are called."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bot.model import (
    Alert,
    Origin,
    Proposal,
    Viewer,
)
from bot.store.schema import deliveries, sources
from tests.store.conftest import HOUR, NOW, feed, folder
from tests.store.town import HARBOUR, NINE, SEVEN, WIRE, Town, by_command, make_town


@pytest.fixture
async def town() -> Town:
    return await make_town()


async def test_a_source_is_called_what_each_server_calls_it(town: Town) -> None:
    """Lists and cards show a server's own name for a source."""
    await town.add(by_command())
    harbour = await town.add(by_command("Port", server=9))
    await town.come(harbour, 1)

    names = [
        (await town.world.store.archive.latest(viewer, watch=None, limit=1, offset=0))[0].source for viewer in (SEVEN, NINE)
    ]

    assert (names, list(await town.states(NINE))) == (["Harbour", "Port"], ["Port"])
    cards = await town.cards(sa.select(deliveries.c.id).order_by(deliveries.c.server))
    assert [card.headline.source for card in cards if isinstance(card, Alert)] == ["Harbour", "Port"]


async def test_a_feed_of_several_is_asked_at_the_shortest_interval_and_no_longer_once_nobody_follows(town: Town) -> None:
    """Polling goes by who follows: the shortest interval, and none when the last one has gone."""
    await town.add(by_command(every=2 * HOUR))
    harbour = await town.add(by_command(server=9, every=HOUR))
    assert harbour.every == HOUR

    await town.world.store.follows.remove(9, harbour.id, now=NOW)
    assert (await town.source(HARBOUR)).every == 2 * HOUR

    await town.world.store.follows.remove(7, harbour.id, now=NOW)
    assert await town.world.store.sources.due_sources(NOW + HOUR, 10) == []


async def test_what_the_operator_pauses_is_asked_by_nobody_and_no_server_resumes_it(town: Town) -> None:
    """The bot's own pause of a source holds for all who only see it through the bot, over a start."""
    [wire] = await town.world.follow(feed("Wire", WIRE))
    await town.world.store.follows.pause(0, wire.id, now=NOW)
    await town.world.follow(feed("Wire", WIRE))

    resumed = await town.world.store.follows.resume(7, wire.id, now=NOW)

    assert (resumed, list(await town.world.store.sources.all_sources())) == (False, [])
    assert [(await town.states(viewer))["Wire"].paused for viewer in (SEVEN, Viewer())] == [True, True]


async def test_an_address_that_moves_in_the_file_takes_no_servers_feed_along(town: Town) -> None:
    """Where a server follows the old address by itself, the new one is another source."""
    [wire] = await town.world.follow(feed("Wire", WIRE))
    await town.add(by_command("Mine", WIRE))

    await town.world.follow(feed("Wire", HARBOUR))

    assert (await town.source(WIRE)).id == wire.id
    assert (await town.source(HARBOUR)).id != wire.id


async def test_what_a_command_follows_for_the_bot_outlives_a_start(town: Town) -> None:
    """The file's copy retires only what the file had followed."""
    await town.add(by_command("Harbour", server=0))

    await town.world.follow(feed("Wire", WIRE))

    assert sorted(await town.states(NINE)) == ["Harbour", "Wire"]


async def test_what_the_file_takes_up_is_the_files(town: Town) -> None:
    """A feed that a command had followed for the bot, and that then stands in the file, goes when it leaves the file."""
    await town.add(by_command("Harbour", server=0))
    await town.world.follow(feed("Port", HARBOUR))
    assert (await town.states(NINE))["Port"].origin is Origin.FILE

    await town.world.follow()

    assert await town.states(NINE) == {}


async def test_a_feed_that_nobody_followed_for_long_does_not_flood_who_comes(town: Town) -> None:
    """After a silence the next poll is a first one again: its newest entry at most is told, and it is due at once."""
    harbour = await town.add(by_command())
    await town.come(harbour, 1)
    await town.world.store.follows.remove(7, harbour.id, now=town.world.now)
    town.pass_time(100 * HOUR)

    again = await town.add(by_command())
    [due] = await town.world.store.sources.due_sources(town.world.now, 10)
    await town.come(again, 5, 4, 3, 2)

    assert (due.id, await town.told(7)) == (harbour.id, ["Title 1", "Title 5"])


async def test_resuming_asks_a_source_again_that_was_given_up(town: Town) -> None:
    """A person who wants it again takes back that it was given up."""
    harbour = await town.add(by_command())
    gone = sa.update(sources).values(given_up_at=NOW, failures=20, reason="410", next_poll=NOW + 100 * HOUR)
    await town.world.store._database.write(lambda conn: conn.execute(gone))

    await town.world.store.follows.resume(7, harbour.id, now=NOW)

    again = await town.source(HARBOUR)
    assert (again.given_up_at, again.failures, again.reason, again.next_poll) == (None, 0, "", NOW)


async def test_following_a_merged_source_follows_what_it_was_merged_into(town: Town) -> None:
    """The former address of a source leads to where it is now."""
    new = await town.add(by_command(server=9))
    old = await town.add(by_command("Old", WIRE, server=9))
    merge = sa.update(sources).where(sources.c.id == old.id).values(merged_into=new.id)
    await town.world.store._database.write(lambda conn: conn.execute(merge))

    await town.world.store.follows.add(by_command("Mine", WIRE), now=NOW)

    assert (await town.states(SEVEN))["Mine"].source.id == new.id
    assert await town.world.store.follows.followed_as(7, WIRE) == "Mine"


@pytest.mark.parametrize(
    ("server", "name"),
    [
        pytest.param(7, "Mine", id="its own name first"),
        pytest.param(9, "Wire", id="the bot's"),
        pytest.param(0, "Wire", id="the bot"),
    ],
)
async def test_a_feed_is_known_under_the_name_that_its_server_sees(town: Town, server: int, name: str) -> None:
    """Whoever would follow it again learns what it is called there, however the address is spelled."""
    await town.world.follow(feed("Wire", WIRE))
    await town.add(by_command("Mine", WIRE))

    assert await town.world.store.follows.followed_as(server, "HTTPS://Wire.example:443/feed/") == name
    assert await town.world.store.follows.followed_as(server, HARBOUR) is None


async def test_what_is_proposed_is_kept_for_a_day_and_for_its_server(town: Town) -> None:
    """A proposal is confirmed by the server it was made for, within a day, once."""
    store, proposal = town.world.store.follows, Proposal(address=HARBOUR, name="Harbour", every=HOUR)
    [key] = await store.propose(7, [proposal], now=NOW)

    found = [
        await store.proposal(7, key, now=NOW + 24 * HOUR),
        await store.proposal(9, key, now=NOW),
        await store.proposal(7, key, now=NOW + 25 * HOUR),
    ]
    await store.withdraw(7, key)

    assert (found, await store.proposal(7, key, now=NOW)) == ([proposal, None, None], None)


async def test_a_servers_own_feeds_are_listed_by_name_without_folders(town: Town) -> None:
    """What is exported and counted are the feeds of one's own."""
    await town.world.follow(folder(), feed("Wire", WIRE))
    await town.add(by_command("Port"))
    await town.add(by_command("Bay", "https://bay.example/feed"))

    own = {server: [follow.name for follow in await town.world.store.follows.own(server)] for server in (0, 7, 9)}

    assert own == {0: ["Wire"], 7: ["Bay", "Port"], 9: []}
