"""Notices: those who run a server are told once that a channel broke, and what it kept is told when it works again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.model import Broken, Delivery, Notice, Outcome, Sent, State, Viewer, Watch, in_channel
from tests.store.conftest import NOW, World, draft, folder, make_world, match

DENIED = Broken(reason="403 (50013) Missing Permissions", name="#news", server=7, allow=("Send Messages",))
DELETED = Broken(reason="404 (10003) Unknown Channel", lost=True)
DAY = timedelta(days=1)


async def tell(world: World, *numbers: int) -> None:
    """Let a folder bring articles that match."""
    [source] = await world.follow(folder())
    await world.poll(source, *map(draft, numbers))
    await world.read(match())


async def end(world: World, due: Delivery, outcome: Outcome) -> None:
    await world.store.deliveries.settle(await world.claim(due), outcome, world.now)


async def meet(world: World, outcome: Outcome = DENIED) -> None:
    """Let the oldest alert that is due end so."""
    await end(world, (await world.due())[0], outcome)


async def notice(world: World) -> Notice:
    """Return the one notice that is due."""
    [due] = await world.notices()
    card = await world.store.deliveries.card(due)
    assert isinstance(card, Notice)
    return card


async def with_its_own_channel(server: int) -> World:
    """Make a store whose only watch has a channel of its own."""
    watch = Watch(name="A", query="x", channels=(90,), server=server)
    return await make_world(discord=True, watches=[watch])


async def test_a_broken_channel_is_told_to_the_managers_of_its_server(discord: World) -> None:
    """The notice names the channel, what Discord said, how many alerts wait, and the mend."""
    await tell(discord, 1, 2, 3)
    await meet(discord)

    told = await notice(discord)
    assert [one.destination for one in await discord.notices()] == ["managers:7"]
    assert told.title == "Alerts can no longer be posted in #news"
    assert told.text.splitlines() == [
        "Discord says: 403 (50013) Missing Permissions",
        "3 alerts wait, and those to come will: none is lost.",
        "Allow Send Messages there, then use /setup channel.",
    ]


async def test_a_channel_that_is_gone_is_to_be_replaced(discord: World) -> None:
    """Nothing can be allowed in a channel that was deleted, and nobody knows its name any more."""
    await tell(discord, 1)
    await meet(discord, DELETED)

    told = await notice(discord)
    assert told.title == "Alerts can no longer be posted in the channel 70"
    assert told.text.splitlines()[1:] == [
        "1 alert waits, and those to come will: none is lost.",
        "Choose another channel with /setup channel.",
    ]


async def test_several_that_fail_at_once_make_one_notice(discord: World) -> None:
    """A post and an edit that meet the same breakage are one trouble."""
    await tell(discord, 2, 1)
    await meet(discord, Sent(message_id=5))
    [source] = await discord.follow(folder())
    await discord.poll(source, draft(1, text="Mended."), draft(2))
    await discord.read()
    both = [await discord.claim(one) for one in await discord.due()]
    for claimed in both:
        await discord.store.deliveries.settle(claimed, DENIED, NOW)

    assert len(both) == 2
    assert len(await discord.notices()) == 1


async def test_a_start_that_finds_the_channel_still_broken_tells_nobody_again(discord: World) -> None:
    """A bot that is started every minute does not fill its owner's messages."""
    world = await make_world(discord=True)
    await world.store.places.default_channel(7, 70, now=NOW)
    await tell(world, 1)
    await meet(world)
    await end(world, (await world.notices())[0], Sent(message_id=9))
    await world.store.places.default_channel(7, 70, now=NOW)
    await meet(world)

    assert list(await world.notices()) == []


async def test_a_breakage_after_a_mend_is_told_anew(discord: World) -> None:
    """Who has mended a channel hears when it breaks again."""
    await tell(discord, 1)
    await meet(discord)
    await end(discord, (await discord.notices())[0], Sent(message_id=9))
    await discord.store.places.set_channel(7, 70, now=NOW)
    await meet(discord)

    assert len(await discord.notices()) == 1


async def test_a_notice_of_what_is_mended_meanwhile_says_nothing(discord: World) -> None:
    """A trouble that is over before it was told is not told."""
    await tell(discord, 1)
    await meet(discord)
    await discord.store.places.set_channel(7, 71, now=NOW)

    [due] = await discord.notices()
    assert await discord.store.deliveries.card(due) is None


@pytest.mark.parametrize(
    ("between", "notices"),
    [
        pytest.param([DENIED], 1, id="still broken"),
        pytest.param([Sent(message_id=5), DENIED], 2, id="it has worked again"),
    ],
)
async def test_the_own_channel_of_a_watch_is_told_once_until_it_works(between: list[Outcome], notices: int) -> None:
    """What is tried again with every alert is told again only after it has worked."""
    world = await with_its_own_channel(server=7)
    await tell(world, 1)
    await meet(world)
    for number, outcome in enumerate(between, start=2):
        await tell(world, number)
        await meet(world, outcome)
        while (left := await world.due()) and isinstance(outcome, Sent):
            await end(world, left[0], outcome)

    assert notices == await given(world)


async def given(world: World) -> int:
    """Count the notices that were ever given, and tell those that are due."""
    count = 0
    while due := await world.notices():
        await end(world, due[0], Sent(message_id=9))
        count += 1
    return count


async def test_a_breakage_that_lasts_is_told_again_after_a_day() -> None:
    """Who has forgotten a broken channel is reminded when an alert meets it again."""
    world = await with_its_own_channel(server=7)
    await tell(world, 1)
    await meet(world)
    first = await given(world)
    world.now += DAY
    await tell(world, 2)
    await meet(world)

    assert (first, await given(world)) == (1, 1)


async def test_the_mend_of_a_watchs_own_channel_is_not_setup() -> None:
    """`/setup` would move the alerts of the server: a watch's own channel is allowed, or tried by a person."""
    for server, said in ((7, "“Tell them now” in /status"), (0, "deliveries --resend all")):
        world = await with_its_own_channel(server)
        await tell(world, 1)
        await meet(world)

        assert said in (await notice(world)).text.splitlines()[-1]


async def test_the_own_channel_of_a_watch_that_is_gone_is_the_watchs_to_change() -> None:
    """For a deleted channel of a watch there is only another one."""
    world = await with_its_own_channel(server=7)
    await tell(world, 1)
    await meet(world, DELETED)

    assert (await notice(world)).text.endswith("Give the watch that is told there another channel.")


async def test_nobody_is_told_where_no_server_is_known() -> None:
    """A channel that only the config names, in a server nobody knows, makes no delivery that could not be told."""
    world = await with_its_own_channel(server=0)
    await tell(world, 1)
    await meet(world, DELETED)

    assert list(await world.notices()) == []


async def test_what_a_channel_kept_is_told_once_it_works_again() -> None:
    """The first alert that can be posted again brings those that were held."""
    world = await with_its_own_channel(server=7)
    await tell(world, 1)
    await meet(world)
    await tell(world, 2)
    await meet(world, Sent(message_id=5))

    [held] = await world.due()
    assert (held.destination, held.state) == (in_channel(90), State.PENDING)


async def test_an_edit_proves_nothing(discord: World) -> None:
    """An edit needs no permission to post, so it opens no channel."""
    await tell(discord, 2, 1)
    await meet(discord, Sent(message_id=5))
    [source] = await discord.follow(folder())
    await discord.poll(source, draft(1, text="Mended."), draft(2))
    await discord.read()
    post, edit = sorted(await discord.due(), key=lambda one: one.message_id is not None)
    await end(discord, post, DENIED)
    await end(discord, edit, Sent(message_id=5))

    assert list(await discord.due()) == []


async def test_managers_who_cannot_be_told_are_not_told_that(discord: World) -> None:
    """A notice that nobody takes is held with the reason, and makes no other notice."""
    await tell(discord, 1)
    await meet(discord)
    await end(discord, (await discord.notices())[0], Broken(reason="no direct messages"))

    standing = await discord.store.archive.standing(Viewer(server=7))
    assert (State.HELD, "no direct messages", 1) in standing.deliveries
    assert list(await discord.notices()) == []


async def test_a_notice_is_no_alert(discord: World) -> None:
    """`Last alert` is when news was told."""
    await tell(discord, 1)
    await meet(discord)
    await end(discord, (await discord.notices())[0], Sent(message_id=9))

    assert (await discord.store.archive.standing(Viewer(server=7))).last_alert is None
