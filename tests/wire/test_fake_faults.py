"""What goes wrong on the way goes wrong as it does at Discord, and as discord.py takes it."""

from __future__ import annotations

import asyncio
import errno
import time

import aiohttp
import discord
import pytest

from .fake import FakeDiscord
from .faults import (
    BAD_GATEWAY,
    DONE_ALL_THE_SAME,
    HANG,
    HANG_STORED,
    LOST_REPLY,
    RESET,
    UNAUTHORIZED,
    UNAVAILABLE,
    Fault,
    too_many,
)
from .newsbot import Newsbot, news
from .routes import CHANNEL, MESSAGE, MESSAGES


async def test_the_client_waits_for_a_known_bucket(fake: FakeDiscord, bot: Newsbot) -> None:
    """With the headers on each answer discord.py keeps below 5 posts a window without a single 429."""
    fake.limit_posts(5, window_s=0.4)
    started = time.monotonic()

    for number in range(11):
        await news(bot, fake).send(f"number {number}")

    assert time.monotonic() - started >= 0.8
    assert {call.status for call in fake.posts} == {200}


async def test_one_post_too_many_is_answered_429(fake: FakeDiscord) -> None:
    """Who does not wait is told how long to."""
    fake.limit_posts(1, window_s=60)
    headers = {"Authorization": f"Bot {fake.token}"}
    url = f"{fake.api_url}/channels/{fake.news.id}/messages"

    async with aiohttp.ClientSession(headers=headers) as session:
        async with session.post(url, json={"content": "first"}) as first:
            pass
        async with session.post(url, json={"content": "second"}) as second:
            body = await second.json()

    assert (first.status, second.status) == (200, 429)
    assert 59 < body["retry_after"] <= 60
    assert "Via" in second.headers


@pytest.mark.parametrize(
    ("fault", "least_s"),
    [pytest.param(too_many(0.2), 0.2, id="429"), pytest.param(BAD_GATEWAY, 1.0, id="502")],
)
async def test_the_client_repeats_what_passes(fake: FakeDiscord, bot: Newsbot, fault: Fault, least_s: float) -> None:
    """One 429 or 502 is repeated by discord.py itself, and one message stands."""
    fake.fail_posts(fault)
    started = time.monotonic()

    await news(bot, fake).send("patience")

    assert time.monotonic() - started >= least_s
    assert len(fake.posts) == 2
    assert len(fake.messages(fake.news)) == 1


async def test_a_token_that_dies_ends_in_401(fake: FakeDiscord, bot: Newsbot) -> None:
    """A request with a token that was reset is refused without a repeat."""
    fake.fail_posts(UNAUTHORIZED)

    with pytest.raises(discord.HTTPException) as refused:
        await news(bot, fake).send("who am I")

    assert (refused.value.status, len(fake.posts)) == (401, 1)


async def test_a_nonce_is_remembered_for_minutes(bot: Newsbot, fake: FakeDiscord, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the window the same nonce makes another message."""
    now = time.monotonic()
    first = await news(bot, fake).send("once", nonce="n1")

    monkeypatch.setattr(fake.world, "clock", lambda: now + 170)
    assert (await news(bot, fake).send("once", nonce="n1")).id == first.id
    monkeypatch.setattr(fake.world, "clock", lambda: now + 190)
    assert (await news(bot, fake).send("once", nonce="n1")).id != first.id


async def test_a_nonce_repeated_makes_one_message(fake: FakeDiscord, bot: Newsbot) -> None:
    """The repeat is answered with the first message, until the nonce is forgotten."""
    first = await news(bot, fake).send("once", nonce="n1")
    again = await news(bot, fake).send("once", nonce="n1")
    other = await news(bot, fake).send("once", nonce="n2")

    assert first.id == again.id != other.id
    fake.world.forget_nonces()
    later = await news(bot, fake).send("once", nonce="n1")
    assert later.id != first.id
    assert len(fake.messages(fake.news)) == 3


@pytest.mark.parametrize(
    ("fault", "standing"), [pytest.param(LOST_REPLY, 1, id="stored"), pytest.param(RESET, 0, id="not stored")]
)
async def test_a_lost_reply_is_repaired_by_the_nonce(fake: FakeDiscord, bot: Newsbot, fault: Fault, standing: int) -> None:
    """Whether the post arrived or not, its repeat with the same nonce leaves one message."""
    fake.fail_posts(fault)

    with pytest.raises(aiohttp.ClientOSError) as lost:
        await news(bot, fake).send("once", nonce="n1")

    assert lost.value.errno == errno.ECONNRESET
    assert len(fake.messages(fake.news)) == standing
    sent = await news(bot, fake).send("once", nonce="n1")
    assert [one.id for one in fake.messages(fake.news)] == [sent.id]


@pytest.mark.parametrize(
    ("fault", "standing"), [pytest.param(HANG_STORED, 1, id="stored"), pytest.param(HANG, 0, id="not stored")]
)
async def test_a_post_may_hang(fake: FakeDiscord, bot: Newsbot, fault: Fault, standing: int) -> None:
    """A request without an answer leaves a message or none, and does not hold the service up when it closes."""
    fake.fail_posts(fault)
    posting = asyncio.create_task(news(bot, fake).send("held"))

    await fake.until(lambda: fake.posts and len(fake.messages(fake.news)) == standing)

    assert not posting.done()
    assert (fake.posts[0].status, fake.rest.faults.waiting()) == (0, 0)
    posting.cancel()


async def test_an_edit_may_fail(fake: FakeDiscord, bot: Newsbot) -> None:
    """A fault is met by the next request of its route alone."""
    sent = await news(bot, fake).send("old")
    fake.fail_edits(too_many(0.01, scope="global"))

    await sent.edit(content="new")

    assert [call.status for call in fake.sent("PATCH", MESSAGE)] == [429, 200]


async def test_an_answer_may_say_that_it_failed_although_it_was_done(fake: FakeDiscord, bot: Newsbot) -> None:
    """The message of the first request stands, and the repeat by discord.py is answered with it."""
    fake.fail_posts(DONE_ALL_THE_SAME)

    sent = await news(bot, fake).send("once", nonce="n1")

    assert [call.status for call in fake.posts] == [502, 200]
    assert [one.id for one in fake.messages(fake.news)] == [sent.id]


async def test_the_weather_decides_where_no_fault_is_queued(fake: FakeDiscord, bot: Newsbot) -> None:
    """A queued fault is met first, then whatever the weather says, until it clears."""
    fake.fail_edits(BAD_GATEWAY)
    fake.rest.faults.clear()
    fake.fail_posts(BAD_GATEWAY)
    fake.rest.faults.weather = lambda method, template: RESET if (method, template) == ("POST", MESSAGES) else None

    with pytest.raises(aiohttp.ClientOSError):
        await news(bot, fake).send("through the storm")
    fake.rest.faults.weather = None
    await news(bot, fake).send("after it")

    assert [call.status for call in fake.posts] == [502, 0, 200]


async def test_in_an_outage_nobody_is_heard(fake: FakeDiscord, bot: Newsbot) -> None:
    """Every request is reset and the gateway lets nobody in; after it the client comes back by itself."""
    async with fake.outage():
        await fake.until(lambda: not fake.gateway.connected)
        with pytest.raises(aiohttp.ClientOSError):
            await bot.fetch_channel(fake.news.id)
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await bot.http.ws_connect(fake.ws_url)

    await fake.connected()
    assert (await bot.fetch_channel(fake.news.id)).id == fake.news.id


async def test_an_unknown_route_is_a_violation(fake: FakeDiscord, bot: Newsbot) -> None:
    """What the fake does not know is not passed over in silence."""
    with pytest.raises(discord.NotFound):
        await bot.fetch_guild_preview(fake.guild.id)

    assert [one.message for one in fake.violations] == ["the fake does not know this route"]


async def test_what_does_not_come_is_told_with_the_last_requests(fake: FakeDiscord, bot: Newsbot) -> None:
    """Whoever waits in vain sees what came instead."""
    with pytest.raises(TimeoutError, match=r"a message in #news did not come.*GET /users/@me 200"):
        await fake.message(fake.news, timeout_s=0.01)


async def test_any_route_may_fail(fake: FakeDiscord, bot: Newsbot) -> None:
    """A status that discord.py does not repeat comes through."""
    fake.fail("GET", CHANNEL, UNAVAILABLE)

    with pytest.raises(discord.DiscordServerError) as refused:
        await bot.fetch_channel(fake.news.id)

    assert refused.value.status == 503
    assert (await bot.fetch_channel(fake.news.id)).id == fake.news.id
