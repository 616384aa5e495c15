"""Laws of notices: who hears of a broken channel, in which room, and how the notice is taken away again."""

from __future__ import annotations

import discord
import pytest
import simcord

from bot.chat import owners
from bot.chat.client import SitrepClient
from bot.chat.courier import DiscordCourier
from bot.model import Broken, Later, Notice, Outcome, Sent, in_channel, to_managers
from tests.chat.fakes import Archive, a_client
from tests.chat.newsroom import Newsroom
from tests.chat.samples import DELIVERY, an_alert

NOTICE = Notice(
    delivery_id=DELIVERY,
    title="Alerts can no longer be posted in #news",
    text="Discord says: 403 (50013) *Missing* Permissions\nAllow Send Messages there, then use /setup channel.",
)


def refuse(newsroom: Newsroom, path: str = "/channels/*/messages") -> None:
    """Let the owner take no direct message, once."""
    newsroom.env.inject_error("POST", path, status=403, code=50007, message="Cannot send messages to this user")


async def post(client: SitrepClient, newsroom: Newsroom) -> Outcome:
    return await DiscordCourier(client).post(NOTICE, to_managers(newsroom.guild.id), nonce="n")


def told(room: simcord.ChannelHandle) -> list[discord.Message]:
    return list(room.history())


async def test_the_owner_is_told_in_a_direct_message(newsroom: Newsroom, client: SitrepClient) -> None:
    """A notice names the server, and what others wrote in it is harmless."""
    outcome = await post(client, newsroom)

    [message] = told(newsroom.guild.owner.dm_channel)
    [card] = message.embeds
    assert outcome == Sent(message_id=message.id)
    assert (card.author.name, card.title) == ("Newsroom", NOTICE.title)
    assert card.description == NOTICE.text.replace("*", "\\*")


@pytest.mark.parametrize("which", ["_system_channel_id", "_public_updates_channel_id"])
async def test_an_owner_who_takes_no_messages_is_told_where_discord_itself_writes(
    newsroom: Newsroom, client: SitrepClient, which: str
) -> None:
    """After a refusal the system channel is written to, or the one for Discord's own updates."""
    known = client.get_guild(newsroom.guild.id)
    assert known is not None
    setattr(known, which, newsroom.room.id)
    refuse(newsroom)

    await post(client, newsroom)

    assert [message.embeds[0].title for message in told(newsroom.room)] == [NOTICE.title]


async def test_a_direct_message_that_cannot_be_opened_is_a_refusal(newsroom: Newsroom, client: SitrepClient) -> None:
    """It makes no difference at which step the owner cannot be reached."""
    refuse(newsroom, "/users/@me/channels")

    assert isinstance(await post(client, newsroom), Broken)


async def test_nobody_to_tell_is_said_and_not_repeated(newsroom: Newsroom, client: SitrepClient) -> None:
    """Where neither the owner nor a channel can be used, the notice is held with a reason."""
    refuse(newsroom)

    assert await post(client, newsroom) == Broken(
        reason="the server's owner takes no direct message, and no channel for Discord's own notices can be used"
    )


async def test_a_system_channel_the_bot_may_not_use_is_passed_over(newsroom: Newsroom, client: SitrepClient) -> None:
    """Nothing is tried that is known to be refused: refusals add up to a ban."""
    me = newsroom.guild.me
    known = client.get_guild(newsroom.guild.id)
    assert me is not None
    assert known is not None
    quiet = newsroom.guild.create_text_channel("quiet", overwrites={me: discord.PermissionOverwrite(embed_links=False)})
    known._system_channel_id = quiet.id
    refuse(newsroom)

    assert isinstance(await post(client, newsroom), Broken)
    assert [one.path for one in newsroom.env.http_requests if one.path.endswith(f"{quiet.id}/messages")] == []


async def test_a_server_the_bot_has_left_is_told_nothing(newsroom: Newsroom, client: SitrepClient) -> None:
    """Who has removed the bot hears no more of it."""
    outcome = await DiscordCourier(client).post(NOTICE, to_managers(404), nonce="n")

    assert outcome == Broken(reason="the bot is no longer in the server 404")


async def test_without_the_gateway_only_the_owner_can_be_told(
    newsroom: Newsroom, client: SitrepClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is fetched of a server has no channels, and they are waited for only so long."""
    monkeypatch.setattr(owners, "READY_S", 0.01)
    monkeypatch.setattr(client, "get_guild", lambda _id: None)
    monkeypatch.setattr(client, "wait_until_ready", _never)
    refuse(newsroom)

    outcome = await post(client, newsroom)
    again = await post(client, newsroom)

    assert isinstance(outcome, Broken)
    assert isinstance(again, Sent)


async def _never() -> None:
    raise TimeoutError


@pytest.mark.parametrize("path", ["/guilds/*", "/users/@me/channels", "/channels/*/messages"])
async def test_a_refusal_of_the_network_before_discord_is_waited_out(
    newsroom: Newsroom, client: SitrepClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """A 403 without a code of Discord says nothing about the owner."""
    monkeypatch.setattr(client, "get_guild", lambda _id: None)
    newsroom.env.inject_error("*", path, status=403, code=0, message="blocked")

    assert isinstance(await post(client, newsroom), Later)


async def test_a_posted_notice_is_found_again(newsroom: Newsroom, client: SitrepClient) -> None:
    """The look-back finds a notice by its button, in the direct messages too."""
    courier, destination = DiscordCourier(client), to_managers(newsroom.guild.id)
    empty = await courier.find(DELIVERY, destination, since=newsroom.env.now())
    sent = await post(client, newsroom)
    assert isinstance(sent, Sent)

    assert empty is None
    assert await courier.find(DELIVERY, destination, since=newsroom.env.now()) == sent.message_id
    assert await courier.find("another", destination, since=newsroom.env.now()) is None


async def test_a_notice_is_never_edited(newsroom: Newsroom, client: SitrepClient) -> None:
    """What was said at its time stands."""
    outcome = await DiscordCourier(client).edit(NOTICE, to_managers(newsroom.guild.id), 5)

    assert outcome == Sent(message_id=5)


async def test_a_notice_is_dismissed_by_its_button_after_a_restart(
    newsroom: Newsroom, client: SitrepClient, archive: Archive
) -> None:
    """Dismiss takes the message away, in a direct message and in a new process."""
    await post(client, newsroom)
    await newsroom.env.restart_bot(a_client(answers=archive))
    owner = newsroom.guild.owner

    await owner.click(told(owner.dm_channel)[0], label="Dismiss")

    assert told(owner.dm_channel) == []


async def test_only_managers_dismiss_a_notice_in_a_server(newsroom: Newsroom, client: SitrepClient) -> None:
    """In a channel anybody could press it before those it is for have read it."""
    await DiscordCourier(client).post(NOTICE, in_channel(newsroom.room.id), nonce="n")
    refused = await newsroom.member.click(newsroom.card, label="Dismiss")
    left = len(told(newsroom.room))
    await newsroom.manager.click(newsroom.card, label="Dismiss")

    assert refused.response is not None
    assert "Manage Server" in refused.response.content
    assert (left, told(newsroom.room)) == (1, [])


async def test_a_breakage_says_which_channel_and_what_is_missing(newsroom: Newsroom, client: SitrepClient) -> None:
    """Who is told of a broken channel reads its name and the permissions to allow."""
    me = newsroom.guild.me
    assert me is not None
    quiet = newsroom.guild.create_text_channel("quiet", overwrites={me: discord.PermissionOverwrite(send_messages=False)})
    outcome = await DiscordCourier(client).post(an_alert(), in_channel(quiet.id), nonce="n")

    assert outcome == Broken(
        reason="403 (50013) Missing Permissions",
        name="#quiet",
        server=newsroom.guild.id,
        allow=("Send Messages", "Embed Links"),
    )
