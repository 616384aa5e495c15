"""The program in this process, with the fake service in Discord's place."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
import pytest_asyncio

from bot import app, desks, oneshot
from bot.chat import presence
from bot.errors import TokenError
from bot.model import Beat, Gateway
from tests.flow.conftest import Newsroom, item
from tests.wire.fake import FakeDiscord
from tests.wire.faults import RESET, Fault
from tests.wire.routes import CHANNEL, Call
from tests.wire.state import NOTHING, Permission
from tests.wire.waiting import PATIENCE_S


@pytest_asyncio.fixture
async def fake(room: Newsroom) -> AsyncIterator[FakeDiscord]:
    """Serve, with the token and the channel in the environment of the room."""
    async with FakeDiscord() as fake:
        with fake.pointed():
            room.environ |= {"DISCORD_TOKEN": fake.token, "DISCORD_CHANNEL_ID": str(fake.news.id)}
            yield fake


async def test_an_article_becomes_one_message(room: Newsroom, fake: FakeDiscord) -> None:
    """A dropped file is one message with a card, and samples stay out of Discord."""
    (room.folder / "samples").mkdir()
    (room.folder / "samples" / "a.txt").write_text("North Korea is a sample here. It is short.")
    with (room.folder / "sources.toml").open("a") as sources:
        sources.write('[[source]]\nname = "Samples"\nfolder = "samples"\nkind = "sample"\n')
    async with room.running():
        await fake.connected()
        room.drop("a.txt", "North Korea replied. It said no more.")
        message = await fake.message(fake.news)

    assert "replied" in str(message.embeds[0]["description"])
    assert len(fake.posts) == 1
    assert room.text == ""


async def test_one_round_with_a_token_posts_without_the_gateway(room: Newsroom, fake: FakeDiscord) -> None:
    """`run --once` logs in over REST, posts, and ends."""
    room.publish("/feed", item(1))
    room.follow(Wire="/feed")

    code = await room.once()

    assert (code, len(fake.messages(fake.news)), fake.gateway.connected) == (0, 1, [])


async def test_while_discord_is_away_nothing_is_lost(
    room: Newsroom, fake: FakeDiscord, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bot that cannot log in tries again, and tells then what it has found meanwhile."""
    monkeypatch.setattr(presence, "RETRY_LOGIN", timedelta(seconds=0.2))
    fake.fail("GET", "/users/@me", *[RESET] * 3)
    room.drop("a.txt", "North Korea replied. It said no more.")

    async with room.running():
        await fake.message(fake.news)

    assert len([call for call in fake.calls if call.path.endswith("/users/@me")]) >= 4


async def test_a_login_that_fails_in_one_way_is_said_once(
    room: Newsroom, fake: FakeDiscord, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """While Discord is away for hours the log says it once, not every 15 seconds."""
    monkeypatch.setattr(presence, "RETRY_LOGIN", timedelta(seconds=0.05))
    fake.fail("GET", "/users/@me", *[RESET] * 20)

    async with room.running():
        await fake.connected()

    assert capsys.readouterr().out.count("not logged in to Discord, trying again") == 1


async def test_a_terminal_is_greeted_with_a_token_too(room: Newsroom, fake: FakeDiscord) -> None:
    """Who starts the bot by hand sees that it runs, what is watched, and what to do in Discord; a host's log is spared that."""
    room.terminal = True

    async with room.running():
        await room.until("/setup channel chooses where alerts go")
        await fake.connected()

    assert "North Korea, With Russia" in room.text


async def test_a_channel_that_is_not_there_yet_is_taken_later(
    room: Newsroom, fake: FakeDiscord, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The channel of the environment is tried again until the bot may see it; alerts begin then."""
    monkeypatch.setattr(presence, "RETRY_CHANNEL", timedelta(seconds=0.2))
    fake.fail("GET", CHANNEL, *[Fault(status=403, code=50001, message="Missing Access")] * 2)
    async with room.running():
        await fake.until(lambda: len(fake.sent("GET", CHANNEL)) >= 3 or None)
        await fake.connected()
        room.drop("a.txt", "North Korea replied. It said no more.")
        await fake.message(fake.news)

    assert len(fake.posts) == 1


async def test_a_refused_token_ends_the_run(room: Newsroom, fake: FakeDiscord) -> None:
    """A token that Discord refuses is one sentence, not a retry."""
    room.environ["DISCORD_TOKEN"] = fake.token[:-4] + "oops"

    with pytest.raises(TokenError, match="refuses DISCORD_TOKEN"):
        await app.run(room.load(), once=False, console=room._console())


async def test_a_channel_that_forbids_posting_is_asked_once_a_start(room: Newsroom, fake: FakeDiscord) -> None:
    """After a 403 a channel is left alone, with its alerts held; a start tries it again, and then all are told."""
    fake.news.overwrites[fake.guild.id] = (NOTHING, Permission.SEND_MESSAGES)
    for number in range(3):
        room.drop(f"{number}.txt", f"North Korea issued statement {number}. It is short.")

    rounds = []
    for _ in range(2):
        await room.once()
        rounds.append(len(refused(fake)))
    fake.news.overwrites.clear()
    await room.once()

    assert (rounds, len(refused(fake)), len(fake.messages(fake.news))) == ([1, 2], 2, 3)


def refused(fake: FakeDiscord) -> list[Call]:
    return [call for call in fake.posts if call.status == 403]


async def test_the_owner_is_told_once_that_a_channel_is_broken(room: Newsroom, fake: FakeDiscord) -> None:
    """However often the bot is started, one breakage is one notice, without the gateway too."""
    fake.news.overwrites[fake.guild.id] = (NOTHING, Permission.SEND_MESSAGES)
    room.drop("a.txt", "North Korea replied. It said no more.")

    for _ in range(3):
        await room.once()

    [notice] = fake.owners_messages
    assert "403 (50013) Missing Permissions" in notice.text()
    assert "1 alert waits" in notice.text()


async def test_nothing_is_read_before_it_is_known_where_to_tell_it(
    room: Newsroom, fake: FakeDiscord, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While Discord does not say whose channel it is, what arrives waits, and is told afterwards."""
    monkeypatch.setattr(presence, "RETRY_SOON", timedelta(seconds=0.2))
    fake.fail("GET", CHANNEL, *[RESET] * 3)
    room.drop("a.txt", "North Korea replied. It said no more.")
    async with room.running():
        await fake.message(fake.news)

    assert len(fake.messages(fake.news)) == 1


async def test_sync_and_invite_need_only_the_token(room: Newsroom, fake: FakeDiscord) -> None:
    """`sync` registers the commands, and `invite` asks for the least permissions."""
    await oneshot.sync(room.load())
    address = await oneshot.invite(room.load())

    assert await fake.registered("latest")
    assert f"client_id={fake.world.bot.id}" in address
    assert "permissions=274877991936" in address


async def test_the_archive_knows_how_the_gateway_is(room: Newsroom, fake: FakeDiscord, monkeypatch: pytest.MonkeyPatch) -> None:
    """The start, the connection, and its return after a loss are noted with their times, for whoever asks the archive alone."""
    monkeypatch.setattr(presence, "RETRY_LOGIN", timedelta(seconds=0.2))

    async def seen(gateway: Gateway, *, since: datetime | None = None) -> Beat:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                vitals = await desks.read_vitals(room.load())
                beat = vitals.beat if vitals else None
                if beat and beat.gateway is gateway and beat.gateway_since != since:
                    return beat
                await asyncio.sleep(0.02)

    async with room.running():
        async with fake.outage():
            started = await seen(Gateway.AWAY)
        connected = await seen(Gateway.CONNECTED)
        await fake.gateway.drop()
        again = await seen(Gateway.CONNECTED, since=connected.gateway_since)

    assert started.started == connected.started == again.started
    assert started.gateway_since < connected.gateway_since < again.gateway_since
