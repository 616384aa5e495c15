"""The fake is like Discord where a client posts, reads and edits: each scenario runs discord.py against it."""

from __future__ import annotations

import asyncio
import dataclasses
import io

import discord
import pytest

from .fake import FakeDiscord
from .newsbot import QUIET, Card, Newsbot, card, news
from .routes import COMMANDS, TYPING
from .state import Permission


async def test_commands_are_registered_and_read_back(fake: FakeDiscord, bot: Newsbot) -> None:
    """A sync replaces the commands; an unchanged command keeps its id."""
    first = await bot.tree.sync()
    second = await bot.tree.sync()

    assert [one.id for one in first] == [one.id for one in second]
    assert {one.name for one in await bot.tree.fetch_commands()} == {"search", "latest", "setup", "slow", "watch"}
    assert len(fake.sent("PUT", COMMANDS)) == 2


async def test_commands_are_registered_for_one_server(fake: FakeDiscord, bot: Newsbot) -> None:
    """A server's commands are kept apart from the global ones."""
    guild = discord.Object(fake.guild.id)
    bot.tree.copy_global_to(guild=guild)

    await bot.tree.sync(guild=guild)

    assert fake.world.commands.keys() == {fake.guild.id}
    assert [one.guild_id for one in await bot.tree.fetch_commands(guild=guild)] == [fake.guild.id] * 5


async def test_a_post_with_embed_and_buttons_stands_in_the_channel(fake: FakeDiscord, bot: Newsbot) -> None:
    """What is posted is what is read back, with ids."""
    sent = await news(bot, fake).send(embed=card(), view=Card(), allowed_mentions=QUIET)

    message = await fake.message(fake.news)
    read = await news(bot, fake).fetch_message(sent.id)
    assert message.id == sent.id == read.id
    assert message.embeds[0]["title"] == "Talks open"
    assert [control["label"] for control in message.controls()[:5]] == ["Why?", "Note", "More", "Gone", "Article"]
    assert "North Korea · about" in message.text()


async def test_history_is_read_newest_first_and_from_a_moment_on(fake: FakeDiscord, bot: Newsbot) -> None:
    """A channel can be looked through for what was posted before."""
    sent = [await news(bot, fake).send(f"number {number}") for number in range(4)]

    newest = [one.id async for one in news(bot, fake).history(limit=2)]
    later = [one.id async for one in news(bot, fake).history(after=discord.Object(sent[1].id))]
    earlier = [one.id async for one in news(bot, fake).history(before=discord.Object(sent[1].id))]

    assert newest == [sent[3].id, sent[2].id]
    assert later == [sent[2].id, sent[3].id]
    assert earlier == [sent[0].id]


async def test_history_without_the_permission_is_empty(fake: FakeDiscord, bot: Newsbot) -> None:
    """Discord answers an empty list, not an error."""
    closed = fake.world.add_channel(fake.guild, "closed", deny=Permission.READ_MESSAGE_HISTORY)
    await bot.get_partial_messageable(closed.id).send("unseen")

    assert [one async for one in bot.get_partial_messageable(closed.id).history()] == []
    assert len(fake.messages(closed)) == 1


async def test_a_message_is_edited_and_deleted(fake: FakeDiscord, bot: Newsbot) -> None:
    """An edit changes what it names, and a deleted message is unknown afterwards."""
    sent = await news(bot, fake).send("old", embed=card())

    await sent.edit(content="new")

    message = await fake.message(fake.news)
    assert (message.content, message.edits, len(message.embeds)) == ("new", 1, 1)
    await sent.delete()
    with pytest.raises(discord.NotFound) as refused:
        await sent.edit(content="newer")
    assert refused.value.code == 10008


async def test_only_allowed_mentions_notify(fake: FakeDiscord, bot: Newsbot) -> None:
    """A role in the text is notified only when the message allows that role."""
    role, other = fake.world.add_role(fake.guild, "desk"), fake.world.add_role(fake.guild, "other")
    words = f"@everyone <@&{role.id}> <@&{other.id}>"

    await news(bot, fake).send(words, allowed_mentions=QUIET)
    await news(bot, fake).send(words, allowed_mentions=discord.AllowedMentions(everyone=False, roles=[discord.Object(role.id)]))

    quiet, loud = fake.messages(fake.news)
    assert (quiet.mentions, quiet.data["mention_everyone"]) == ([], False)
    assert (loud.mentions, loud.data["mention_everyone"]) == ([role.id], False)


async def test_a_file_travels_with_its_message(fake: FakeDiscord, bot: Newsbot) -> None:
    """A message with a file comes in parts and is one message."""
    sent = await news(bot, fake).send("chart", file=discord.File(io.BytesIO(b"1234"), filename="chart.png"))

    assert (sent.content, sent.attachments[0].filename, sent.attachments[0].size) == ("chart", "chart.png", 4)


@pytest.mark.parametrize(
    ("embed", "where"),
    [
        pytest.param(discord.Embed(title="t" * 257), "In embeds.0.title:", id="title"),
        pytest.param(discord.Embed(title="t").add_field(name="n", value=""), "In embeds.0.fields.0.value:", id="empty field"),
        pytest.param(discord.Embed(title="t", url="ftp://example.org"), "In embeds.0.url:", id="address"),
    ],
)
async def test_an_error_names_the_field(fake: FakeDiscord, bot: Newsbot, embed: discord.Embed, where: str) -> None:
    """A refused body is answered with nested reasons, and kept as a violation."""
    with pytest.raises(discord.HTTPException) as refused:
        await news(bot, fake).send(embed=embed)

    assert (refused.value.status, refused.value.code) == (400, 50035)
    assert where in str(refused.value)
    assert f"In {fake.violations[0].where}:" == where


async def test_an_empty_message_is_refused(fake: FakeDiscord, bot: Newsbot) -> None:
    """A message that shows nothing is 50006."""
    with pytest.raises(discord.HTTPException) as refused:
        await news(bot, fake).send("  ")

    assert refused.value.code == 50006


@pytest.mark.parametrize(
    ("denied", "code"),
    [
        pytest.param(Permission.VIEW_CHANNEL, 50001, id="cannot see"),
        pytest.param(Permission.SEND_MESSAGES, 50013, id="cannot send"),
        pytest.param(Permission.EMBED_LINKS, 50013, id="cannot embed"),
    ],
)
async def test_a_channel_that_is_closed_to_the_bot_is_forbidden(
    fake: FakeDiscord, bot: Newsbot, denied: Permission, code: int
) -> None:
    """Each missing permission has its code."""
    closed = fake.world.add_channel(fake.guild, "closed", deny=denied)

    with pytest.raises(discord.Forbidden) as refused:
        await bot.get_partial_messageable(closed.id).send(embed=card())

    assert refused.value.code == code


async def test_an_unknown_channel_is_not_found(bot: Newsbot) -> None:
    """10003."""
    with pytest.raises(discord.NotFound) as refused:
        await bot.get_partial_messageable(1).send("nobody")

    assert refused.value.code == 10003


async def test_permissions_follow_roles_and_overwrites(fake: FakeDiscord) -> None:
    """An overwrite for the bot goes before one for its role, that before one for everyone; an administrator may all."""
    world, bot_role = fake.world, fake.guild.bot_roles[0]
    closed = world.add_channel(fake.guild, "closed", deny=Permission.VIEW_CHANNEL)
    assert Permission.VIEW_CHANNEL not in world.bot_permissions(closed)

    closed.overwrites[bot_role] = (Permission.VIEW_CHANNEL, Permission.SEND_MESSAGES)
    assert Permission.VIEW_CHANNEL in world.bot_permissions(closed)
    assert Permission.SEND_MESSAGES not in world.bot_permissions(closed)

    closed.overwrites[world.bot.id] = (Permission.SEND_MESSAGES, Permission.EMBED_LINKS)
    closed.people.add(world.bot.id)
    assert Permission.SEND_MESSAGES in world.bot_permissions(closed)
    assert Permission.EMBED_LINKS not in world.bot_permissions(closed)

    fake.guild.roles[bot_role] = dataclasses.replace(fake.guild.roles[bot_role], permissions=Permission.ADMINISTRATOR)
    assert Permission.EMBED_LINKS in world.bot_permissions(closed)


async def test_a_file_stays_when_the_text_is_edited(fake: FakeDiscord, bot: Newsbot) -> None:
    """An edit keeps the attachments it names."""
    sent = await news(bot, fake).send("chart", file=discord.File(io.BytesIO(b"1234"), filename="chart.png"))

    edited = await sent.edit(content="new chart", attachments=sent.attachments)

    assert [one.filename for one in edited.attachments] == ["chart.png"]


async def test_the_nonce_is_kept_with_the_message(fake: FakeDiscord, bot: Newsbot) -> None:
    """Both sides see it; discord.py makes one up where none is given."""
    sent = await news(bot, fake).send("once", nonce="n1")
    other = await news(bot, fake).send("once")

    assert sent.nonce == "n1"
    assert [one.nonce for one in fake.messages(fake.news)] == ["n1", str(other.nonce)]


async def test_typing_is_shown_where_the_bot_may_send(fake: FakeDiscord, bot: Newsbot) -> None:
    """It is answered without a body."""
    async with news(bot, fake).typing():
        pass

    assert [call.status for call in fake.sent("POST", TYPING)] == [204]


async def test_the_address_of_the_gateway_is_told(fake: FakeDiscord, bot: Newsbot) -> None:
    """With the number of sessions that may still be started today."""
    shards, url, limit = await bot.http.get_bot_gateway()

    assert (shards, url.partition("?")[0], limit["remaining"]) == (1, fake.ws_url, 999)


async def test_commands_of_a_foreign_server_are_refused(bot: Newsbot) -> None:
    """50001."""
    with pytest.raises(discord.Forbidden) as refused:
        await bot.tree.sync(guild=discord.Object(1))

    assert refused.value.code == 50001


async def test_a_registration_is_waited_for(fake: FakeDiscord, bot: Newsbot) -> None:
    """The command is returned as it stands at Discord."""
    registering = asyncio.create_task(bot.tree.sync())

    command = await fake.registered("setup")

    assert command["default_member_permissions"] == str(int(Permission.MANAGE_GUILD))
    await registering
