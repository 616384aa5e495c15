"""The gateway is like that of Discord where a client comes, goes and comes back."""

from __future__ import annotations

import aiohttp
import discord
import pytest

from .fake import FakeDiscord
from .newsbot import Newsbot, news
from .waiting import PATIENCE_S


async def test_a_client_gets_ready_and_knows_its_server(fake: FakeDiscord, bot: Newsbot) -> None:
    """READY is followed by the servers, with channels and the bot's own permissions."""
    channel = bot.get_channel(fake.news.id)

    assert isinstance(channel, discord.TextChannel)
    assert channel.permissions_for(channel.guild.me).send_messages
    assert bot.application_id == fake.world.bot.id
    assert fake.gateway.heartbeats == 1


async def test_a_dropped_client_resumes_and_gets_what_it_missed(fake: FakeDiscord, bot: Newsbot) -> None:
    """After a lost connection the session goes on: no second IDENTIFY, no event lost."""
    await bot.tree.sync()

    await fake.gateway.drop(4000)
    await fake.until(lambda: not fake.gateway.connected)
    missed = fake.world.add_channel(fake.guild, "missed")
    await fake.gateway.dispatch("CHANNEL_CREATE", missed.json())
    reply = await fake.slash(fake.news, "search", {"query": "again"})

    assert reply.message.content == "5 newest of again"
    assert bot.get_channel(missed.id) is not None
    await fake.until(lambda: "resumed" in bot.happened)
    assert (fake.gateway.identifies, fake.gateway.resumes) == (1, 1)


async def test_a_client_comes_back_when_it_is_asked_to(fake: FakeDiscord, bot: Newsbot) -> None:
    """RECONNECT is followed by RESUME; an invalid session by a new IDENTIFY."""
    await fake.gateway.ask_to_reconnect()
    await fake.until(lambda: fake.gateway.resumes == 1 and "resumed" in bot.happened)
    assert fake.gateway.identifies == 1

    await fake.gateway.invalidate()

    await fake.until(lambda: fake.gateway.identifies == 2 and fake.gateway.connected)
    assert fake.gateway.resumes == 1


async def test_a_session_that_is_forgotten_cannot_be_resumed(fake: FakeDiscord, bot: Newsbot) -> None:
    """A client whose session has ended identifies anew."""
    fake.gateway.sessions.clear()

    await fake.gateway.drop()

    await fake.until(lambda: fake.gateway.connected)
    assert (fake.gateway.resumes, fake.gateway.identifies) == (1, 2)


async def test_events_come_to_those_who_asked_for_them(fake: FakeDiscord) -> None:
    """A session with the intent for messages is told of its own post, edit and deletion, also without compression."""
    told: list[str] = []
    async with aiohttp.ClientSession() as session, session.ws_connect(fake.ws_url) as socket:
        assert (await socket.receive_json())["op"] == 10
        await socket.send_json({"op": 2, "d": {"token": fake.token, "intents": 1 << 9}})
        await fake.connected()
        async with Newsbot() as bot:
            await bot.login(fake.token)
            sent = await news(bot, fake).send("one")
            await sent.edit(content="two")
            await sent.delete()
        while "MESSAGE_DELETE" not in told:
            told.append((await socket.receive_json(timeout=PATIENCE_S))["t"])

    assert told == ["READY", "MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE"]


async def test_a_privileged_intent_is_refused(fake: FakeDiscord) -> None:
    """4014, as long as the application is not allowed it."""
    client = discord.Client(intents=discord.Intents(guilds=True, message_content=True))

    async with client:
        with pytest.raises(discord.PrivilegedIntentsRequired):
            await client.start(fake.token)


async def test_a_token_refused_by_the_gateway_closes_it(fake: FakeDiscord) -> None:
    """4004."""
    async with Newsbot() as bot:
        await bot.login(fake.token)
        bot.http.token = "stale"
        with pytest.raises(discord.ConnectionClosed) as closed:
            await bot.connect()

    assert closed.value.code == 4004


async def test_a_wrong_token_cannot_log_in(fake: FakeDiscord) -> None:
    """discord.py calls it a login failure, before any gateway."""
    async with Newsbot() as bot:
        with pytest.raises(discord.LoginFailure):
            await bot.start("wrong")

    assert fake.gateway.identifies == 0
