"""What still waits to be told is read again by new rules: it may go elsewhere or end, and is news to nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa

from bot.model import Broken, Fold, Gone, Kind, Reading, Sent, State, Viewer, Watch, WatchDraft
from bot.store.schema import deliveries
from tests.store.conftest import NOW, World, draft, folder, make_world, match

MINUTE = timedelta(minutes=1)
SEVEN = Viewer(server=7)


async def come(world: World, *numbers: int, watches: Sequence[int] = (1,)) -> None:
    """Let articles come a minute later, and be read."""
    world.now += MINUTE
    [source] = await world.follow(folder())
    await world.poll(source, *(draft(number) for number in numbers), batch=str(world.now))
    await world.read(*map(match, watches))


async def own(world: World, name: str = "Walrus", *, server: int = 7, **more: object) -> Watch:
    """Save a watch of a server, or change it to what is given."""
    known = {watch.name: watch for watch in await world.store.watches.own(server)}
    wanted = WatchDraft(name=name, query="walrus")
    if name in known:
        wanted = replace(wanted, watch_id=known[name].id, revision=known[name].revision)
    saved = await world.store.watches.save(server, replace(wanted, **more), most=None, now=world.now)  # type: ignore[arg-type]
    assert saved is not None
    world.rules = await world.store.analysis.rules()
    return saved


async def change_the_rules(world: World) -> None:
    await own(world, f"Any {world.rules.number}", server=99)


async def end_first(world: World, outcome: Broken | Sent | Gone) -> None:
    [due] = await world.due()
    await world.store.deliveries.settle(await world.claim(due), outcome, world.now)


async def told(world: World) -> list[tuple[str, str]]:
    """Return where alerts are told, or wait to be, and how they stand."""
    query = sa.select(deliveries.c.destination, deliveries.c.state).where(deliveries.c.kind == Kind.ALERT)
    return sorted(await world.store._database.read(lambda conn: [tuple(row) for row in conn.execute(query)]))


async def test_a_channel_that_is_set_up_later_hears_nothing_of_what_waits(discord: World) -> None:
    """What a broken channel keeps waiting is no news to a server that came meanwhile, however often it is read again."""
    await come(discord, 1)
    await end_first(discord, Broken(reason="403"))
    await discord.store.places.set_channel(8, 80, now=discord.now + MINUTE)

    await change_the_rules(discord)
    await discord.read(match())

    assert await told(discord) == [("channel:70", State.HELD)]


async def test_what_came_during_a_pause_is_not_told_after_it(discord: World) -> None:
    """A server that goes on with a watch of the config hears nothing of what came meanwhile and waits elsewhere."""
    await discord.store.places.set_channel(8, 80, now=NOW)
    [watch] = discord.rules.watches
    assert await discord.store.watches.pause(8, watch, paused=True, now=NOW)
    discord.rules = await discord.store.analysis.rules()
    await come(discord, 1)

    [watch] = discord.rules.watches
    assert await discord.store.watches.pause(8, watch, paused=False, now=discord.now)
    discord.rules = await discord.store.analysis.rules()
    await discord.read(match())

    assert await told(discord) == [("channel:70", State.PENDING)]


async def test_what_was_told_is_not_told_in_another_channel(discord: World) -> None:
    """A watch that gets other channels tells there what comes from then on, whatever else is read again."""
    watch = await own(discord, channels=(71,))
    await come(discord, 1, watches=[1, watch.id])
    [_, due] = sorted(await discord.due(), key=lambda one: one.destination)
    await discord.store.deliveries.settle(await discord.claim(due), Sent(message_id=1), discord.now)

    await own(discord, channels=(72,))
    await discord.read(match(), match(watch.id))

    assert await told(discord) == [("channel:70", State.PENDING), ("channel:71", State.SENT)]


async def test_what_waits_goes_where_its_watch_goes(discord: World) -> None:
    """An alert that a broken channel kept waiting is told in the one that its watch got instead, and is stuck no longer."""
    watch = await own(discord, channels=(71,))
    await come(discord, 1, watches=[watch.id])
    await end_first(discord, Broken(reason="404", lost=True))

    await own(discord, channels=(72,))
    await discord.read(match(watch.id))

    assert await told(discord) == [("channel:71", State.GONE), ("channel:72", State.PENDING)]
    assert await discord.store.backlog.stuck(SEVEN) == []


async def test_what_ended_before_it_was_read_again_goes_along_all_the_same(discord: World) -> None:
    """An alert that has nothing left to say where it was is told where its watch went, whoever was quicker."""
    watch = await own(discord, channels=(71,))
    await come(discord, 1, watches=[watch.id])

    await own(discord, channels=(72,))
    await end_first(discord, Gone(reason="nothing is left to say"))
    await discord.read(match(watch.id))

    assert await told(discord) == [("channel:71", State.GONE), ("channel:72", State.PENDING)]


async def test_a_channel_that_joins_hears_what_comes_from_then_on(discord: World) -> None:
    """What waits in the one channel of a watch is not told in a second one that it has since."""
    watch = await own(discord, channels=(71,))
    await come(discord, 1, watches=[watch.id])

    await own(discord, channels=(71, 72))
    await discord.read(match(watch.id))

    assert await told(discord) == [("channel:71", State.PENDING)]


async def test_a_server_that_moves_is_told_once(discord: World) -> None:
    """What waits in the former channel of a server is told there, and not in the new one, too."""
    await come(discord, 1)
    await discord.store.places.set_channel(7, 77, now=discord.now)

    await change_the_rules(discord)
    await discord.read(match())

    assert await told(discord) == [("channel:70", State.PENDING)]


async def test_a_removed_watch_leaves_nothing_stuck(discord: World) -> None:
    """What a broken channel keeps waiting for a watch that has ended is no longer counted among what waits."""
    watch = await own(discord)
    await come(discord, 1, watches=[watch.id])
    await end_first(discord, Broken(reason="403"))

    assert await discord.store.watches.remove(7, watch, now=discord.now)
    discord.rules = await discord.store.analysis.rules()
    await discord.read()

    assert await discord.store.backlog.stuck(SEVEN) == []


async def test_a_revision_is_news_to_a_channel_of_now(discord: World) -> None:
    """An article that is changed so that it matches is told in every channel there is, however often it was read before."""
    [source] = await discord.follow(folder())
    await discord.poll(source, draft(1))
    await discord.read()
    await discord.store.places.set_channel(8, 80, now=NOW)
    await discord.poll(source, draft(1, text="Other words."))

    await discord.read(match())

    assert await told(discord) == [("channel:70", State.PENDING), ("channel:80", State.PENDING)]


async def read_each(world: World, *watches: int | None) -> None:
    """Read what is unread, the oldest first, each article with a match of its watch."""
    readings = [
        Reading(article_id=article.id, revision=article.revision, matches=() if watch is None else (match(watch),))
        for article, watch in zip(await world.lease(), watches, strict=True)
    ]
    assert await world.store.analysis.record_readings(readings, world.rules.number, now=world.now)


async def test_a_fold_names_nothing_of_a_watch_that_has_gone() -> None:
    """What was folded for a watch that is removed before the card is posted is neither counted nor listed there."""
    world = await make_world(discord=True, per_poll=1)
    await world.store.places.set_channel(7, 70, now=NOW)
    watch = await own(world)
    [source] = await world.follow(folder())
    await world.poll(source, draft(3), draft(2), draft(1))
    await read_each(world, 1, watch.id, 1)

    assert await world.store.watches.remove(7, watch, now=world.now)
    world.rules = await world.store.analysis.rules()
    await read_each(world, 1, None, 1)
    await end_first(world, Sent(message_id=1))
    world.now += MINUTE
    [fold] = await world.due()

    card = await world.store.deliveries.card(fold)
    assert isinstance(card, Fold)
    assert (card.count, [one.title for one in card.headlines]) == (1, ["Title 3"])
