"""Commands, buttons, menus and forms travel as they do between people, Discord and discord.py."""

from __future__ import annotations

import asyncio

import aiohttp
import discord
import pytest

from .fake import ANYBODY, OPERATOR, FakeDiscord
from .interactions import Answered, Asked
from .newsbot import Card, Newsbot, card, news
from .people import Value
from .state import MEMBER, Json, Permission
from .waiting import PATIENCE_S


async def test_a_command_with_an_argument_is_answered(fake: FakeDiscord, bot: Newsbot) -> None:
    """The argument arrives, and the answer is private and in no channel."""
    await bot.tree.sync()

    reply = await fake.slash(fake.news, "search", {"query": "missile", "limit": 3})

    assert (reply.message.content, reply.ephemeral) == ("3 newest of missile", True)
    assert fake.messages(fake.news) == []


async def test_a_sub_command_is_answered(fake: FakeDiscord, bot: Newsbot) -> None:
    """A command of a group is called by both words."""
    await bot.tree.sync()

    reply = await fake.slash(fake.news, "watch list")

    assert reply.message.content == "no watches"


async def test_a_channel_argument_brings_its_permissions(fake: FakeDiscord, bot: Newsbot) -> None:
    """The bot sees in the resolved channel what it may not do there."""
    await bot.tree.sync()
    mute = fake.world.add_channel(fake.guild, "mute", deny=Permission.SEND_MESSAGES)
    await fake.gateway.dispatch("CHANNEL_CREATE", mute.json())

    reply = await fake.slash(fake.news, "setup", {"channel": mute.id}, permissions=OPERATOR)

    assert reply.message.content == "mute: missing Send Messages"
    assert fake.messages(fake.news) == [reply.message]


async def test_a_role_argument_of_a_command_of_one_server(fake: FakeDiscord, bot: Newsbot) -> None:
    """The role comes along as an object."""
    bot.tree.copy_global_to(guild=discord.Object(fake.guild.id))
    await bot.tree.sync(guild=discord.Object(fake.guild.id))
    desk = fake.world.add_role(fake.guild, "desk")

    options: dict[str, Value] = {"channel": fake.news, "role": desk}
    reply = await fake.slash(fake.news, "setup", options, permissions=OPERATOR)

    assert reply.message.content == "news: fine for desk"


async def test_a_command_is_hidden_from_those_it_is_not_for(fake: FakeDiscord, bot: Newsbot) -> None:
    """Default permissions of a command hold."""
    await bot.tree.sync()

    with pytest.raises(LookupError, match="not shown"):
        await fake.slash(fake.news, "setup", {"channel": fake.news.id})


async def test_autocomplete_offers_25(fake: FakeDiscord, bot: Newsbot) -> None:
    """What was typed reaches the bot, and as many choices as Discord allows come back."""
    await bot.tree.sync()

    choices = await fake.autocomplete(fake.news, "latest", "watch", "nor")

    assert len(choices) == 25
    assert choices[0] == {"name": "nor 0", "value": "nor 0"}


async def test_a_button_edits_the_card_and_answers_in_private(fake: FakeDiscord, bot: Newsbot) -> None:
    """The first answer changes the card; the follow-up is seen by the asker alone."""
    await news(bot, fake).send(embed=card(), view=Card())
    message = await fake.message(fake.news)

    reply = await fake.click(message, "why:1")

    assert message.content == "asked"
    followup = await fake.until(lambda: next(iter(reply.followups), None))
    assert (followup.content, followup.ephemeral) == ("because of an alias", True)
    assert fake.messages(fake.news) == [message]


async def test_a_menu_is_chosen_from_and_answered_later(fake: FakeDiscord, bot: Newsbot) -> None:
    """A deferred update changes the message that was pressed."""
    await news(bot, fake).send(view=Card())
    message = await fake.message(fake.news)

    reply = await fake.click(message, "pick:1", values=("South",))

    assert reply.message is message
    assert message.content == "picked South"


async def test_a_button_opens_a_form_that_is_submitted(fake: FakeDiscord, bot: Newsbot) -> None:
    """Button, form, answer."""
    await news(bot, fake).send(view=Card())

    form = await fake.click(await fake.message(fake.news), "note:1")
    reply = await fake.submit(form, {"words": "call back"})

    assert form.data["title"] == "A note"
    assert (reply.message.content, reply.ephemeral) == ("noted call back", True)


async def test_the_first_follow_up_takes_the_visibility_of_the_deferral(fake: FakeDiscord, bot: Newsbot) -> None:
    """After a private deferral the first follow-up is the private answer, and the second is its own message."""
    await bot.tree.sync()

    reply = await fake.slash(fake.news, "latest", {"watch": "korea"})

    assert (reply.message.content, reply.ephemeral) == ("latest of korea", True)
    more = await fake.until(lambda: next(iter(reply.followups), None))
    assert (more.content, more.ephemeral) == ("and more", False)


async def test_an_answer_after_three_seconds_is_refused(fake: FakeDiscord, bot: Newsbot) -> None:
    """The token of an interaction dies: 10062."""
    await bot.tree.sync()
    fake.interactions.answer_within_s = -1.0
    refused = asyncio.ensure_future(bot.wait_for("refused", timeout=PATIENCE_S))

    with pytest.raises(TimeoutError, match="an answer to slow"):
        await fake.slash(fake.news, "slow", timeout_s=0.3)

    assert await refused == 10062


async def test_a_second_answer_is_refused(fake: FakeDiscord, bot: Newsbot) -> None:
    """40060."""
    await bot.tree.sync()
    reply = await fake.slash(fake.news, "search", {"query": "once"})
    url = f"{fake.api_url}/interactions/{reply.id}/{reply.token}/callback"

    async with aiohttp.ClientSession() as session, session.post(url, json={"type": 5}) as refused:
        body = await refused.json()

    assert (refused.status, body["code"]) == (400, 40060)
    fake.violations.clear()


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        pytest.param("/webhooks/{bot}/nobody/messages/@original", 401, 50027, id="unknown token"),
        pytest.param("/webhooks/{bot}/{token}/messages/1", 404, 10008, id="unknown message"),
    ],
)
async def test_what_an_interaction_does_not_have_is_refused(
    fake: FakeDiscord, bot: Newsbot, path: str, status: int, code: int
) -> None:
    """Each refusal has its code."""
    await bot.tree.sync()
    reply = await fake.slash(fake.news, "search", {"query": "once"})
    url = fake.api_url + path.format(bot=fake.world.bot.id, token=reply.token)

    async with aiohttp.ClientSession() as session, session.get(url) as refused:
        body = await refused.json()

    assert (refused.status, body["code"]) == (status, code)


async def test_answers_are_read_edited_and_taken_back(fake: FakeDiscord, bot: Newsbot) -> None:
    """The answer and its follow-ups can be changed and removed by their token."""
    await bot.tree.sync()
    reply = await fake.slash(fake.news, "search", {"query": "once"})
    webhook = discord.Webhook.partial(fake.world.bot.id, reply.token, client=bot)
    more = await webhook.send("more", wait=True)

    await more.edit(content="less")
    assert (await webhook.fetch_message(more.id)).content == "less"
    await more.delete()
    await webhook.edit_message(reply.message.id, content="changed", view=Card())

    assert (reply.message.content, reply.followups) == ("changed", [])
    await webhook.delete_message(reply.message.id)
    assert reply.original is None


async def test_the_answer_is_changed_under_its_own_name(fake: FakeDiscord, bot: Newsbot) -> None:
    """`@original` is the first answer, as long as it is there."""
    await bot.tree.sync()
    reply = await fake.slash(fake.news, "search", {"query": "once"})
    url = f"{fake.api_url}/webhooks/{fake.world.bot.id}/{reply.token}/messages/@original"

    statuses = []
    async with aiohttp.ClientSession() as session:
        for method in ("GET", "PATCH", "DELETE", "PATCH"):
            async with session.request(method, url, json={"content": "changed"}) as answer:
                statuses.append(answer.status)
            assert reply.original is None or method != "PATCH" or reply.message.content == "changed"

    assert statuses == [200, 200, 204, 404]


@pytest.mark.parametrize(
    ("name", "options", "missing"),
    [
        pytest.param("unheard", {}, "no command 'unheard'", id="command"),
        pytest.param("watch nothing", {}, "no part of /watch 'nothing'", id="sub-command"),
        pytest.param("watch", {}, "needs one more word", id="group"),
        pytest.param("search", {"query": "q", "colour": "red"}, "no option 'colour'", id="option"),
        pytest.param("search", {}, r"required \['query'\]", id="required"),
        pytest.param("search", {"query": "q", "order": "odd"}, "none of the choices", id="choice"),
    ],
)
async def test_people_find_only_what_the_bot_has_registered(
    fake: FakeDiscord, bot: Newsbot, name: str, options: dict[str, str], missing: str
) -> None:
    """A client offers nothing else."""
    await bot.tree.sync()

    with pytest.raises(LookupError, match=missing):
        await fake.slash(fake.news, name, options)


async def test_people_press_only_what_is_there(fake: FakeDiscord, bot: Newsbot) -> None:
    """A control that is missing or disabled, a value or field that is not offered: none can be used."""
    await news(bot, fake).send(view=Card())
    message = await fake.message(fake.news)
    form = await fake.click(message, "note:1")

    with pytest.raises(LookupError, match="'why:2'"):
        await fake.click(message, "why:2")
    with pytest.raises(LookupError, match="does not offer"):
        await fake.click(message, "pick:1", values=("West",))
    with pytest.raises(LookupError, match="no \\['colour'\\]"):
        await fake.submit(form, {"colour": "red"})
    message.controls()[0]["disabled"] = True
    with pytest.raises(LookupError, match="disabled"):
        await fake.click(message, "why:1")


@pytest.mark.parametrize(
    ("asked", "body", "refusal"),
    [
        pytest.param(Asked.COMMAND, {"type": 8, "data": {"choices": []}}, (400, 50035), id="suggestions for a command"),
        pytest.param(Asked.COMMAND, {"type": 4, "data": {"content": " "}}, (400, 50006), id="nothing"),
        pytest.param(Asked.MODAL, {"type": 7, "data": {"content": "c"}}, (404, 10008), id="update of no message"),
    ],
)
async def test_an_answer_that_does_not_fit_is_refused(
    fake: FakeDiscord, asked: Asked, body: Json, refusal: tuple[int, int]
) -> None:
    """The interaction stays open for one that does."""
    interaction, _ = fake.interactions.begin(asked, fake.news, {}, person=ANYBODY, permissions=MEMBER)
    url = f"{fake.api_url}/interactions/{interaction.id}/{interaction.token}/callback"

    async with aiohttp.ClientSession() as session:
        async with session.post(url, json=body) as refused:
            answer = await refused.json()
        async with session.post(url, json={"type": 5}) as taken:
            pass

    assert (refused.status, answer["code"]) == refusal
    assert taken.status == 204
    assert (interaction.answered, interaction.settled) == (Answered.THINKING, False)


async def test_nothing_follows_before_the_first_answer(fake: FakeDiscord) -> None:
    """10015; and after it, an empty follow-up is 50006."""
    interaction, _ = fake.interactions.begin(Asked.COMMAND, fake.news, {}, person=ANYBODY, permissions=MEMBER)
    url = f"{fake.api_url}/webhooks/{fake.world.bot.id}/{interaction.token}"

    async with aiohttp.ClientSession() as session:
        async with session.post(url, json={"content": "early"}) as early:
            first = await early.json()
        interaction.answered = Answered.THINKING
        async with session.post(url, json={"content": ""}) as empty:
            second = await empty.json()

    assert [(early.status, first["code"]), (empty.status, second["code"])] == [(404, 10015), (400, 50006)]


async def test_a_deferred_press_may_be_answered_by_a_new_message(fake: FakeDiscord, bot: Newsbot) -> None:
    """The message that was pressed stays as it is."""
    await news(bot, fake).send("card", view=Card())
    message = await fake.message(fake.news)

    reply = await fake.click(message, "more:1")

    assert (reply.message.content, message.content) == ("more", "card")


async def test_a_server_that_is_asked_for_names_its_owner(fake: FakeDiscord, bot: Newsbot) -> None:
    """Without the gateway a server is known by its owner and roles alone."""
    guild = await bot.fetch_guild(fake.guild.id, with_counts=False)

    assert (guild.owner_id, guild.name) == (fake.world.owner.id, "Newsroom")
    with pytest.raises(discord.NotFound, match="10004"):
        await bot.fetch_guild(1)


async def test_a_direct_message_reaches_its_person_unless_refused(fake: FakeDiscord, bot: Newsbot) -> None:
    """Direct messages are posted, read back and refused as a channel's are; strangers cannot be written to."""
    direct = await bot.create_dm(discord.Object(fake.world.owner.id))
    posted = await direct.send("hello")
    read = [message.id async for message in direct.history()]
    fake.world.refusing.add(fake.world.owner.id)

    assert (read, [one.content for one in fake.owners_messages]) == ([posted.id], ["hello"])
    with pytest.raises(discord.Forbidden, match="50007"):
        await direct.send("again")
    with pytest.raises(discord.Forbidden, match="50278"):
        await bot.create_dm(discord.Object(1))


async def test_a_button_in_a_direct_message_is_pressed_by_a_person(fake: FakeDiscord, bot: Newsbot) -> None:
    """Outside a server there is a user in the place of a member, and the message can be taken away by its button."""
    direct = await bot.create_dm(discord.Object(fake.world.owner.id))
    await direct.send("a card", view=Card())
    [card] = fake.owners_messages

    done = await fake.click(card, "gone:1", person=fake.world.owner)

    assert (done.removed, fake.owners_messages) == (True, [])


async def test_a_channel_that_is_deleted_is_unknown_and_forgotten(fake: FakeDiscord, bot: Newsbot) -> None:
    """A client hears of a channel's end, and posts there are refused."""
    await fake.delete_channel(fake.news)
    await fake.until(lambda: bot.get_channel(fake.news.id) is None)

    with pytest.raises(discord.NotFound, match="10003"):
        await bot.get_partial_messageable(fake.news.id).send("hello")
