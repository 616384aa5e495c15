"""Laws of watches that servers keep by command, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.model import Alert, Kind, Level, Watch, WatchDraft
from bot.store.schema import deliveries
from bot.store.telling.folds import FOLDED
from tests.store.conftest import NOW, World, draft, folder, make_world, match

SERVER = 7
WANTED = WatchDraft(name="Walrus", query="walrus")


async def _saved(world: World, wanted: WatchDraft = WANTED, *, server: int = SERVER) -> Watch:
    saved = await world.store.watches.save(server, wanted, most=None, now=world.now)
    assert saved is not None
    world.rules = await world.store.analysis.rules()
    return saved


async def _made(world: World, *, story: int) -> list[str]:
    """Return where a story is told, or waits to be."""
    query = sa.select(deliveries.c.destination).where(deliveries.c.kind == Kind.ALERT, deliveries.c.subject == story)
    return sorted(await world.store._database.read(lambda conn: conn.scalars(query).all()))


async def test_a_saved_watch_is_in_the_rules_at_once(discord: World) -> None:
    """A change makes a new number, under which the next article is read."""
    before = discord.rules.number

    saved = await _saved(discord)

    assert discord.rules.number > before
    assert saved in discord.rules.watches
    assert (saved.since, saved.server, saved.revision) == (NOW, SERVER, 1)


async def test_the_second_of_two_editors_changes_nothing(discord: World) -> None:
    """Who edits a version that is no longer the last is refused, and the first edit stands."""
    saved = await _saved(discord)
    edit = replace(WANTED, watch_id=saved.id, revision=saved.revision)
    first = await discord.store.watches.save(SERVER, replace(edit, query="seal"), most=None, now=NOW)

    second = await discord.store.watches.save(SERVER, replace(edit, query="whale"), most=None, now=NOW)

    assert first is not None
    assert second is None
    assert [watch.query for watch in await discord.store.watches.own(SERVER)] == ["seal"]


async def test_a_name_is_taken_once(discord: World) -> None:
    """Neither a name of the server's own nor one of the config can be taken again, whatever its case."""
    await _saved(discord)

    again = [
        await discord.store.watches.save(SERVER, replace(WANTED, name=name), most=None, now=NOW)
        for name in ("WALRUS", "north korea")
    ]

    assert again == [None, None]


async def test_a_name_that_left_the_config_is_free(discord: World) -> None:
    """What the file named so before keeps its history, and the operator may use its name by command."""
    await discord.store.copy_config([], [Watch(name="North Korea", query="x"), Watch(name="Walrus", query="x")], now=NOW)
    await discord.store.copy_config([], [Watch(name="North Korea", query="x")], now=NOW)

    saved = await _saved(discord, server=0)

    assert [watch.name for watch in await discord.store.watches.own(0)] == [saved.name]


async def test_a_server_has_so_many_watches_at_most(discord: World) -> None:
    """What goes beyond the limit is not saved, and another server is not counted."""
    await _saved(discord)
    await _saved(discord, replace(WANTED, name="Seal"), server=8)

    beyond = await discord.store.watches.save(SERVER, replace(WANTED, name="Whale"), most=1, now=NOW)

    assert beyond is None


async def test_a_draft_is_saved_by_its_own_server_within_a_day(discord: World) -> None:
    """A key is good for its server, until it is a day old or withdrawn."""
    store = discord.store.watches
    key = await store.keep_draft(SERVER, WANTED, now=NOW)

    assert await store.draft(SERVER, key, now=NOW) == WANTED
    assert await store.draft(8, key, now=NOW) is None
    assert await store.draft(SERVER, key, now=NOW + timedelta(days=2)) is None
    await store.withdraw(SERVER, key)
    assert await store.draft(SERVER, key, now=NOW) is None


async def test_a_new_watch_does_not_tell_of_the_past(discord: World) -> None:
    """An article that was collected before the watch was made is matched, but told to nobody."""
    [source] = await discord.follow(folder())
    await discord.poll(source, draft(1))
    discord.now += timedelta(minutes=1)
    saved = await _saved(discord)
    await discord.read(match(watch=saved.id))
    assert await discord.due() == []
    await discord.poll(source, draft(2))

    await discord.read(match(watch=saved.id))

    assert [one.destination for one in await discord.due()] == ["channel:70"]


async def test_a_removed_watch_tells_nothing_that_waits(discord: World) -> None:
    """An alert that was still to be told has nothing left to say, and the name is free for another watch."""
    saved = await _saved(discord)
    [source] = await discord.follow(folder())
    await discord.poll(source, draft(1))
    await discord.read(match(watch=saved.id))
    [waiting] = await discord.due()

    assert await discord.store.watches.remove(SERVER, saved, now=NOW)

    assert await discord.store.deliveries.card(waiting) is None
    assert (await _saved(discord)).id != saved.id


async def test_a_server_pauses_a_watch_of_the_config_for_itself(discord: World) -> None:
    """The server hears nothing of it, while another one goes on; and nobody removes it but the file."""
    await discord.store.places.set_channel(8, 80, now=NOW)
    [watch] = discord.rules.watches
    assert not await discord.store.watches.remove(SERVER, watch, now=NOW)
    assert await discord.store.watches.pause(SERVER, watch, paused=True, now=NOW)
    discord.rules = await discord.store.analysis.rules()
    [source] = await discord.follow(folder())
    await discord.poll(source, draft(1))

    await discord.read(match(watch=watch.id))

    assert [one.destination for one in await discord.due()] == ["channel:80"]


async def test_a_pause_reaches_the_channels_of_the_server_that_the_config_names() -> None:
    """Such a channel is silent while its server has the watch paused; one of another server goes on, and so does it afterwards."""
    world = await make_world(discord=True, watches=[Watch(name="North Korea", query="actor:north-korea", channels=(71, 81))])
    await world.store.places.set_channel(SERVER, 70, now=NOW)
    await world.store.places.set_channel(8, 80, now=NOW)
    [source] = await world.follow(folder())
    told = []

    for number, paused in enumerate((True, False)):
        [watch] = world.rules.watches
        assert await world.store.watches.pause(SERVER, watch, paused=paused, here=(71, 72), now=world.now)
        world.rules = await world.store.analysis.rules()
        await world.poll(source, draft(number))
        await world.read(match(watch=watch.id))
        told.append(await _made(world, story=number + 1))

    assert told == [["channel:81"], ["channel:71", "channel:81"]]


async def test_who_does_not_know_the_channels_of_a_server_forgets_none() -> None:
    """The command line knows no channels; what Discord has told of them stays."""
    world = await make_world(discord=True, watches=[Watch(name="North Korea", query="actor:north-korea", channels=(71, 81))])
    [watch] = world.rules.watches
    assert await world.store.watches.pause(SERVER, watch, paused=True, here=(71,), now=NOW)
    [watch] = (await world.store.analysis.rules()).watches
    assert await world.store.watches.route(SERVER, watch, (99,), now=NOW)

    [watch] = (await world.store.analysis.rules()).watches

    assert [watch.is_silent_in(channel) for channel in (71, 81)] == [True, False]


async def test_what_a_server_has_told_elsewhere_leaves_its_channel_of_the_config() -> None:
    """A server that names channels for a watch of the config hears it in those alone, and still hears nothing while it is paused."""
    world = await make_world(discord=True, watches=[Watch(name="North Korea", query="actor:north-korea", channels=(71, 81))])
    [source] = await world.follow(folder())
    told = []

    for number, paused in enumerate((False, True)):
        [watch] = world.rules.watches
        if paused:
            assert await world.store.watches.pause(SERVER, watch, paused=True, here=(71,), now=world.now)
        else:
            assert await world.store.watches.route(SERVER, watch, (72,), here=(71,), now=world.now)
        world.rules = await world.store.analysis.rules()
        await world.poll(source, draft(number))
        await world.read(match(watch=watch.id))
        told.append(await _made(world, story=number + 1))

    assert told == [["channel:72", "channel:81"], ["channel:81"]]


@pytest.mark.parametrize("later", [False, True], ids=["at once", "with a revision"])
async def test_a_channel_that_both_name_is_told_of_both(later: bool) -> None:
    """Where the config names a channel and a server's own watch does, too, one card there names both watches."""
    world = await make_world(discord=True, watches=[Watch(name="North Korea", query="actor:north-korea", channels=(71,))])
    saved = await _saved(world, replace(WANTED, channels=(71,), role=5))
    [source] = await world.follow(folder())
    if later:
        await world.poll(source, draft(1))
        await world.read(match())
    await world.poll(source, draft(1, text="A walrus."))

    await world.read(match(), match(watch=saved.id))

    [due] = await world.due()
    card = await world.store.deliveries.card(due)
    assert isinstance(card, Alert)
    assert sorted((told.watch, told.role) for told in card.watches) == [("North Korea", None), ("Walrus", 5)]


async def test_a_server_has_a_watch_of_the_config_told_elsewhere(discord: World) -> None:
    """It is told in the channels that the server names instead of its usual one; a start copies the file over nothing of that."""
    [watch] = discord.rules.watches
    assert await discord.store.watches.route(SERVER, watch, (71, 72), now=NOW)
    discord.rules = await discord.store.copy_config([], [Watch(name="North Korea", query="actor:north-korea")], now=NOW)
    [source] = await discord.follow(folder())
    await discord.poll(source, draft(1))

    await discord.read(match(watch=watch.id))

    due = await discord.due()
    assert sorted(one.destination for one in due) == ["channel:71", "channel:72"]
    assert all([await discord.store.deliveries.card(one) for one in due])


async def test_a_watch_has_a_cap_of_its_own() -> None:
    """Above it alerts fold into one card, while those of another watch stand alone."""
    world = await make_world(discord=True)
    await world.store.places.set_channel(SERVER, 70, now=NOW)
    saved = await _saved(world, replace(WANTED, per_hour=1, level=Level.MENTION))
    [source] = await world.follow(folder())
    for number in (1, 2):
        await world.poll(source, draft(number))
        await world.read(match(watch=saved.id))
    await world.poll(source, draft(3))

    await world.read(match(watch=saved.id), match(watch=1))

    made = sa.select(deliveries.c.kind, deliveries.c.subject, deliveries.c.reason == FOLDED).order_by(deliveries.c.created_at)
    told = await world.store._database.read(lambda conn: {tuple(row) for row in conn.execute(made)})
    alerts = {(subject, folded) for kind, subject, folded in told if kind == Kind.ALERT}
    assert alerts == {(1, False), (2, True), (3, False)}
    assert [kind for kind, _, _ in told].count(Kind.FOLD) == 1


async def test_nothing_of_a_pause_is_told_afterwards(discord: World) -> None:
    """A watch of a server that goes on tells what comes from then on."""
    saved = await _saved(discord)
    assert await discord.store.watches.pause(SERVER, saved, paused=True, now=NOW)
    [quiet] = await discord.store.watches.own(SERVER)

    assert await discord.store.watches.pause(SERVER, quiet, paused=False, now=NOW + timedelta(hours=1))

    [again] = await discord.store.watches.own(SERVER)
    assert (again.paused, again.since) == (False, NOW + timedelta(hours=1))
