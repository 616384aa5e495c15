"""What is stuck: only that of the viewer is seen, told again as a cap allows, or dropped for good."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.model import Broken, Delivery, Fold, Outcome, Refused, Sent, State, Stuck, Viewer
from bot.store.telling.alerts import DROPPED
from tests.store.conftest import NOW, World, draft, folder, make_world, match

HERE = Viewer(server=7)
THERE = Viewer(server=8)
OPERATOR = Viewer()
DENIED = Broken(reason="403")


async def tell(world: World, *numbers: int, batch: str = "poll", text: str = "Text.") -> None:
    """Let a folder bring articles that match."""
    [source] = await world.follow(folder())
    await world.poll(source, *(draft(number, text=f"{text} {number}") for number in numbers), batch=batch)
    await world.read(match())


async def end(world: World, due: Delivery, outcome: Outcome) -> None:
    await world.store.deliveries.settle(await world.claim(due), outcome, world.now)


async def end_all(world: World, outcome: Outcome) -> list[Delivery]:
    """Let everything that is due end so, as long as something is."""
    ended: list[Delivery] = []
    while due := await world.due():
        await end(world, due[0], outcome)
        ended.append(due[0])
    return ended


async def stuck(world: World, viewer: Viewer = HERE) -> Sequence[Stuck]:
    return await world.store.backlog.stuck(viewer)


async def test_what_is_stuck_is_named_with_its_reason(discord: World) -> None:
    """Held, in doubt and dead are listed with title, place and reason; what waits for its turn is not."""
    await tell(discord, 4, 3, 2, 1)
    await end(discord, (await discord.due())[0], Refused(reason="400 (50035)"))
    await discord.store.deliveries.leave_in_doubt(await discord.claim((await discord.due())[0]), "history is hidden", NOW)
    before = {(one.title, one.state, one.destination, one.since, one.reason) for one in await stuck(discord)}
    await end(discord, (await discord.due())[0], DENIED)

    assert before == {
        ("Title 1", State.DEAD, "channel:70", NOW, "400 (50035)"),
        ("Title 2", State.IN_DOUBT, "channel:70", NOW, "history is hidden"),
    }
    assert [(one.title, one.state) for one in await stuck(discord)][2:] == [
        ("Title 3", State.HELD),
        ("Title 4", State.HELD),
    ]


async def test_what_a_cap_has_folded_is_not_stuck() -> None:
    """A folded alert is told by the card of its fold, and that card may be stuck itself."""
    world = await make_world(discord=True, per_poll=1)
    await world.store.places.set_channel(7, 70, now=NOW)
    await tell(world, 3, 2, 1)
    world.now += timedelta(minutes=1)
    folded = list(await stuck(world))
    await end(world, (await world.due())[0], DENIED)

    assert folded == []
    assert {one.title for one in await stuck(world)} == {"Title 1", "a card of folded alerts"}
    assert (await world.store.archive.standing(HERE)).stuck == 2


async def test_a_notice_that_nobody_took_is_stuck(discord: World) -> None:
    """Notices are listed by their title."""
    await tell(discord, 1)
    await end_all(discord, DENIED)
    await end(discord, (await discord.notices())[0], Broken(reason="no direct messages"))

    assert {one.title for one in await stuck(discord)} == {"Title 1", "Alerts can no longer be posted in the channel 70"}


@pytest.fixture
async def two_servers(discord: World) -> World:
    """Let the same alert be stuck in two servers."""
    await discord.store.places.set_channel(8, 80, now=NOW)
    await tell(discord, 1)
    await end_all(discord, Refused(reason="400"))
    return discord


async def test_a_server_sees_and_touches_only_its_own(two_servers: World) -> None:
    """Whatever a server does with what is stuck, that of another one stays as it is."""
    backlog = two_servers.store.backlog
    [theirs] = await stuck(two_servers, THERE)
    done = [
        await backlog.resend(HERE, [theirs.id], now=NOW),
        await backlog.drop(HERE, [theirs.id]),
        await backlog.resend(HERE, None, now=NOW),
    ]

    assert done == [0, 0, 1]
    assert list(await stuck(two_servers, THERE)) == [theirs]
    assert [one.destination for one in await two_servers.due()] == ["channel:70"]


async def test_the_operator_sees_and_touches_all(two_servers: World) -> None:
    """The command line knows no server."""
    listed = await stuck(two_servers, OPERATOR)
    dropped = await two_servers.store.backlog.drop(OPERATOR, None)

    assert (len(listed), dropped, len(await stuck(two_servers, OPERATOR))) == (2, 2, 0)


async def test_what_is_told_again_is_told_as_if_for_the_first_time(discord: World) -> None:
    """A person's word ends the doubt: nothing is looked back for."""
    await tell(discord, 1)
    [due] = await discord.due()
    await discord.store.deliveries.leave_in_doubt(await discord.claim(due), "history is hidden", NOW)
    discord.now += timedelta(days=2)

    await discord.store.backlog.resend(HERE, [due.id], now=discord.now)

    [again] = await discord.due()
    assert (again.id, again.state, again.attempted_at, again.attempts) == (due.id, State.PENDING, None, 0)


async def test_a_channel_that_is_tried_again_and_works_is_open(discord: World) -> None:
    """Telling one again is enough: once it is posted, the others follow, and what is new is not held."""
    await tell(discord, 2, 1)
    await end_all(discord, DENIED)
    first = (await stuck(discord))[0]
    await discord.store.backlog.resend(HERE, [first.id], now=NOW)
    told = await end_all(discord, Sent(message_id=5))
    await tell(discord, 3)

    assert len(told) == 2
    assert [one.state for one in await discord.due()] == [State.PENDING]


async def test_a_channel_that_is_tried_again_and_is_still_broken_holds_all(discord: World) -> None:
    """Telling again asks Discord once, not once for each alert."""
    await tell(discord, 2, 1)
    await end_all(discord, DENIED)
    await discord.store.backlog.resend(HERE, None, now=NOW)

    assert len(await end_all(discord, DENIED)) == 1
    assert len(await stuck(discord)) == 2


async def test_many_that_are_told_again_are_the_newest_and_a_fold(discord: World) -> None:
    """A long silence ends with as many cards as a cap allows, and the rest in one."""
    for number in range(1, 13):
        discord.now += timedelta(minutes=1)
        await tell(discord, number, batch=f"poll {number}")
    await end_all(discord, DENIED)

    count = await discord.store.backlog.resend(HERE, None, now=discord.now)
    discord.now += timedelta(minutes=1)
    cards = [await discord.store.deliveries.card(one) for one in await end_all(discord, Sent(message_id=5))]

    assert count == 12
    assert [card.count for card in cards if isinstance(card, Fold)] == [2]
    assert len(cards) == 11


async def test_what_is_dropped_is_told_by_nothing(discord: World) -> None:
    """An article that is mended after its alert was dropped brings it back to nobody."""
    await tell(discord, 1)
    await end_all(discord, Refused(reason="400"))
    await discord.store.backlog.drop(OPERATOR, None)
    [source] = await discord.follow(folder())
    await discord.poll(source, draft(1, text="Mended."))
    await discord.read()
    await tell(discord, 1, text="And mended again.")

    standing = await discord.store.archive.standing(HERE)
    assert (list(await discord.due()), standing.stuck) == ([], 0)
    assert (State.GONE, f"{DROPPED} its operator", 1) in standing.deliveries


async def test_what_a_server_drops_says_who_did(discord: World) -> None:
    """An operator can tell what a server's managers have dropped."""
    await tell(discord, 1)
    await end_all(discord, Refused(reason="400"))

    assert await discord.store.backlog.drop(HERE, None) == 1
    reasons = [reason for _, reason, _ in (await discord.store.archive.standing(HERE)).deliveries]
    assert reasons == [f"{DROPPED} who manages the server"]
