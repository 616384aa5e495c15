"""Laws of `/watch`, driven as a person in a server drives it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import discord
import pytest
import simcord
from discord import app_commands

from bot.chat.client import SitrepClient
from bot.chat.commands.watch import watch
from bot.errors import Unanswerable
from bot.model import Backtest, Level, Origin, Route, Standing, Watch, WatchDraft, WatchPreview, WatchView
from tests.chat.fakes import KEY, Archive, WatchDesk
from tests.chat.newsroom import Newsroom, answered, buttons

QUERY = "actor:north-korea AND missile"


async def test_a_watch_is_shown_before_it_is_saved(newsroom: Newsroom, orders: WatchDesk) -> None:
    """The asker sees what it means, and may save or cancel."""
    where = f"<#{newsroom.room.id}>"

    answer = answered(
        await newsroom.manager.slash(
            newsroom.room, "watch add", name="Missiles", query=QUERY, level="mention", channels=where, cap=3
        )
    )

    draft = WatchDraft(name="Missiles", query=QUERY, level=Level.MENTION, channels=(newsroom.room.id,), per_hour=3)
    assert orders.asked == [("look", newsroom.viewer, draft)]
    assert buttons(answer) == [("Save", f"watch:save:{KEY}", False), ("Cancel", f"watch:cancel:{KEY}", False)]


async def test_saving_takes_the_question_away(newsroom: Newsroom, orders: WatchDesk) -> None:
    """A press saves what was shown, and says so in its place."""
    answer = answered(await newsroom.manager.slash(newsroom.room, "watch add", name="Missiles", query=QUERY))

    await newsroom.manager.click(answer, label="Save")

    assert orders.asked[-1] == ("save", newsroom.viewer, KEY)
    assert str(answer.content).startswith("**Walrus** watches from now on")
    assert (list(answer.embeds), buttons(answer)) == ([], [])


async def test_cancelling_takes_the_question_away(newsroom: Newsroom, orders: WatchDesk) -> None:
    """A press forgets what was shown, and changes nothing."""
    answer = answered(await newsroom.manager.slash(newsroom.room, "watch add", name="Missiles", query=QUERY))

    await newsroom.manager.click(answer, label="Cancel")

    assert orders.asked[-1] == ("cancel", newsroom.viewer, KEY)
    assert answer.content == "Nothing was changed."
    assert (list(answer.embeds), buttons(answer)) == ([], [])


async def test_a_watch_that_is_removed_leaves_its_query(newsroom: Newsroom, orders: WatchDesk) -> None:
    """Who regrets it has the words at hand."""
    answer = answered(await newsroom.manager.slash(newsroom.room, "watch remove", name="walrus"))

    assert orders.asked == [("remove", newsroom.viewer, "walrus")]
    assert answer.content == "**Walrus** is no longer watched. Its query was `walrus`"


async def test_who_saves_second_gets_their_text_back(newsroom: Newsroom, orders: WatchDesk) -> None:
    """The clash is told beside the query that was not saved, and it can still be saved."""
    answer = answered(await newsroom.manager.slash(newsroom.room, "watch edit", name="Walrus", query=QUERY))
    draft = WatchDraft(name="Walrus", query=QUERY)
    orders.kept = WatchPreview(key=KEY, draft=draft, test=Backtest(written=QUERY), clash="Somebody else was first.")

    await newsroom.manager.click(answer, label="Save")

    fields = {field.name: field.value for field in answer.embeds[0].fields}
    assert (fields["Changed meanwhile"], fields["Your query"]) == ("Somebody else was first.", f"`{QUERY}`")
    assert [label for label, _, _ in buttons(answer)] == ["Save", "Cancel"]


async def test_a_channel_of_elsewhere_is_refused(newsroom: Newsroom, orders: WatchDesk) -> None:
    """A watch tells in channels of its own server only."""
    result = await newsroom.manager.slash(newsroom.room, "watch add", name="Missiles", query=QUERY, channels="<#12345>")

    simcord.assert_error(newsroom.env, Unanswerable)
    assert answered(result).content == "Name up to 5 text channels of this server, as #news #alerts."
    assert orders.asked == []


def _without_embeds(newsroom: Newsroom) -> dict[Any, discord.PermissionOverwrite]:
    return {newsroom.guild.me: discord.PermissionOverwrite(embed_links=False)}


@pytest.mark.parametrize("command", ["watch add", "watch edit"])
async def test_a_channel_in_which_the_bot_may_not_tell_is_refused(newsroom: Newsroom, orders: WatchDesk, command: str) -> None:
    """What is missing there is named, as /setup does it: a watch that cannot tell is saved by nobody."""
    quiet = newsroom.guild.create_text_channel("quiet", overwrites=_without_embeds(newsroom))

    result = await newsroom.manager.slash(newsroom.room, command, name="Walrus", query=QUERY, channels=f"<#{quiet.id}>")

    simcord.assert_error(newsroom.env, Unanswerable)
    assert answered(result).content == "I may not do this in #quiet yet. Please allow me there: Embed Links."
    assert "look" not in [what for what, *_ in orders.asked]


async def test_a_form_refuses_a_new_channel_in_which_the_bot_may_not_tell(newsroom: Newsroom, orders: WatchDesk) -> None:
    """One that the watch has already is left alone, so that its query can be mended meanwhile."""
    known, new = (newsroom.guild.create_text_channel(name, overwrites=_without_embeds(newsroom)) for name in ("known", "new"))
    orders.watch = Watch(id=3, server=newsroom.guild.id, name="Walrus", query=QUERY, channels=(known.id,))
    form = await newsroom.manager.slash(newsroom.room, "watch edit", name="Walrus")
    query, level, channels, *_ = (one["custom_id"] for one in controls(form))

    kept = await newsroom.manager.submit_modal(form, {query: "seal", level: ["about"], channels: [known]})
    assert [what for what, *_ in orders.asked] == ["editing", "look"]
    form = await newsroom.manager.slash(newsroom.room, "watch edit", name="Walrus")
    query, level, channels, *_ = (one["custom_id"] for one in controls(form))
    refused = await newsroom.manager.submit_modal(form, {query: "seal", level: ["about"], channels: [known, new]})

    assert answered(kept).embeds[0].title == "Walrus"
    assert answered(refused).content == "I may not do this in #new yet. Please allow me there: Embed Links."
    assert [what for what, *_ in orders.asked][2:] == ["editing"]


async def test_a_channel_without_messages_is_none_to_tell_in(newsroom: Newsroom, orders: WatchDesk) -> None:
    """A forum takes no message by itself."""
    forum = newsroom.guild.create_forum_channel("forum")

    result = await newsroom.manager.slash(newsroom.room, "watch add", name="Seals", query="seal", channels=f"<#{forum.id}>")

    simcord.assert_error(newsroom.env, Unanswerable)
    assert answered(result).content == "Name up to 5 text channels of this server, as #news #alerts."
    assert orders.asked == []


async def test_everyone_is_no_role_to_mention(newsroom: Newsroom, orders: WatchDesk) -> None:
    """What Discord shows as a role of everybody would ping nobody."""
    result = await newsroom.manager.slash(
        newsroom.room, "watch add", name="Seals", query="seal", role=newsroom.guild.default_role
    )

    simcord.assert_error(newsroom.env, Unanswerable)
    assert answered(result).content == "An alert cannot mention @\u200beveryone: choose another role, or none."
    assert orders.asked == []


@pytest.mark.parametrize("mentionable", [True, False])
async def test_a_role_that_may_not_be_mentioned_is_named(
    newsroom: Newsroom, client: SitrepClient, *, mentionable: bool
) -> None:
    """Discord shows such a mention and pings nobody: what to allow is said before the watch is saved."""
    role = newsroom.guild.create_role("Watchers", mentionable=mentionable)
    guild = client.get_guild(newsroom.guild.id)
    assert guild is not None
    for mine in guild.me.roles:  # as careful servers have it
        mine._permissions &= ~discord.Permissions(mention_everyone=True).value

    answer = answered(await newsroom.manager.slash(newsroom.room, "watch add", name="Seals", query="seal", role=role))

    said = "@Watchers is not pinged yet: in the settings of the role, let anyone mention it, or allow me to mention all roles."
    assert answer.content == ("" if mentionable else said)


@pytest.mark.parametrize(
    ("channel", "own", "said"),
    [
        pytest.param(None, (), " No channel is set: /setup channel chooses one.", id="none"),
        pytest.param(5, (), "", id="usual"),
        pytest.param(None, (5,), "", id="own"),
    ],
)
async def test_a_watch_that_can_tell_nowhere_is_saved_with_a_word(
    newsroom: Newsroom, client: SitrepClient, channel: int | None, own: tuple[int, ...], said: str
) -> None:
    """Who has chosen no channel yet would wait for alerts that nobody makes."""
    client.answers = Archive(stands=Standing(channel=channel))
    client.watches = WatchDesk(watch=Watch(name="Walrus", query="walrus", channels=own))
    answer = answered(await newsroom.manager.slash(newsroom.room, "watch add", name="Missiles", query=QUERY))

    await newsroom.manager.click(answer, label="Save")

    assert answer.content == f"**Walrus** watches from now on; nothing of the past is told.{said}"


@pytest.mark.parametrize(
    ("clear", "kept"),
    [
        pytest.param("role", {"role": None}, id="role"),
        pytest.param("cap", {"per_hour": None}, id="cap"),
        pytest.param("channels", {"channels": ()}, id="channels"),
        pytest.param("role, cap and channels", {"role": None, "per_hour": None, "channels": ()}, id="all"),
    ],
)
async def test_an_edit_can_clear_what_a_watch_has(
    newsroom: Newsroom, orders: WatchDesk, archive: Archive, clear: str, kept: dict[str, Any]
) -> None:
    """What is cleared is gone from what is looked at, and all else stays."""
    orders.watch = Watch(
        id=3, server=newsroom.guild.id, name="Walrus", query=QUERY, channels=(5,), role=6, per_hour=7, revision=2
    )
    archive.views = [WatchView(watch=orders.watch, written=QUERY)]

    await newsroom.manager.slash(newsroom.room, "watch edit", name="Walrus", clear=clear)

    draft = WatchDraft(name="Walrus", query=QUERY, channels=(5,), role=6, per_hour=7, watch_id=3, revision=2)
    assert orders.asked[-1] == ("look", newsroom.viewer, replace(draft, **kept))


async def test_what_is_given_is_not_cleared(newsroom: Newsroom, orders: WatchDesk) -> None:
    """Who clears a cap and gives one is asked what is meant."""
    result = await newsroom.manager.slash(newsroom.room, "watch edit", name="Walrus", cap=3, clear="cap")

    simcord.assert_error(newsroom.env, Unanswerable)
    assert answered(result).content == "Either give cap or clear it, not both."
    assert orders.asked == []


async def test_the_channels_of_a_watch_of_the_config_are_cleared(
    newsroom: Newsroom, orders: WatchDesk, archive: Archive
) -> None:
    """A server that told it elsewhere lets it go where the config says again."""
    orders.watch = Watch(id=3, name="Walrus", query=QUERY)
    archive.views = [WatchView(watch=orders.watch, written=QUERY)]

    answer = answered(await newsroom.manager.slash(newsroom.room, "watch edit", name="Walrus", clear="channels"))

    assert orders.asked == [("route", newsroom.viewer, "Walrus", (), newsroom.room.id)]
    assert answer.content == "**Walrus** is told again where the config says from now on."


async def test_a_form_holds_what_a_watch_is_and_what_is_left_empty_is_cleared(newsroom: Newsroom, orders: WatchDesk) -> None:
    """An edit of nothing opens a form with all of it; role, channels and cap that are left empty there are gone."""
    role = newsroom.guild.create_role("Watchers")
    orders.watch = Watch(
        id=3,
        server=newsroom.guild.id,
        name="Walrus",
        query=QUERY,
        level=Level.MENTION,
        channels=(newsroom.room.id,),
        role=role.id,
        per_hour=7,
    )
    form = await newsroom.manager.slash(newsroom.room, "watch edit", name="Walrus")
    query, level, channels, mentioned, cap = controls(form)

    await newsroom.manager.submit_modal(form, {query["custom_id"]: "walrus OR seal", level["custom_id"]: ["about"]})

    assert (query["value"], cap["value"]) == (QUERY, "7")
    assert [one["value"] for one in level["options"] if one.get("default")] == ["mention"]
    assert [one["id"] for one in channels["default_values"]] == [newsroom.room.id]
    assert [one["id"] for one in mentioned["default_values"]] == [role.id]
    assert orders.asked[-1] == (
        "look",
        newsroom.viewer,
        WatchDraft(name="Walrus", query="walrus OR seal", watch_id=3, revision=1),
    )


async def test_a_form_takes_channels_role_and_cap(newsroom: Newsroom, orders: WatchDesk) -> None:
    """A new watch without a query is made in a form alone."""
    role = newsroom.guild.create_role("Watchers")
    form = await newsroom.manager.slash(newsroom.room, "watch add", name="Seals")
    query, level, channels, mentioned, cap = (one["custom_id"] for one in controls(form))

    await newsroom.manager.submit_modal(
        form, {query: "seal", level: ["mention"], channels: [newsroom.room], mentioned: [role], cap: " 12 "}
    )

    draft = WatchDraft(name="Seals", query="seal", level=Level.MENTION, channels=(newsroom.room.id,), role=role.id, per_hour=12)
    assert orders.asked == [("look", newsroom.viewer, draft)]


@pytest.mark.parametrize("written", ["0", "1001", "many", "-1", "²"])
async def test_a_cap_that_is_none_gives_the_query_back(newsroom: Newsroom, orders: WatchDesk, written: str) -> None:
    """A slip in one field costs nobody the text of another."""
    form = await newsroom.manager.slash(newsroom.room, "watch add", name="Seals")
    query, level, _, _, cap = (one["custom_id"] for one in controls(form))

    result = await newsroom.manager.submit_modal(form, {query: "seal OR walrus", level: ["about"], cap: written})

    assert answered(result).content == "Alone an hour is a whole number from 1 to 1,000, or left empty."
    assert answered(result).embeds[0].description == "```\nseal OR walrus\n```"
    assert orders.asked == []


LONG = " OR ".join(f"walrus{number}" for number in range(140))


async def test_a_form_gives_the_query_back_whatever_is_wrong_with_it(newsroom: Newsroom, orders: WatchDesk) -> None:
    """The place of the fault is pointed at, and below stands all that was written, however long it is."""
    form = await newsroom.manager.slash(newsroom.room, "watch add", name="Seals")
    query, level, *_ = (one["custom_id"] for one in controls(form))
    orders.refused = Unanswerable("The bracket is never closed.", quoted="… walrus139 (\n            ^")

    result = await newsroom.manager.submit_modal(form, {query: f"{LONG} (", level: ["about"]})

    assert answered(result).content == "The bracket is never closed."
    assert answered(result).embeds[0].description == f"```\n… walrus139 (\n            ^\n\n{LONG} (\n```"


@pytest.mark.parametrize("command", ["watch add", "watch edit", "watch test"])
async def test_a_command_gives_the_query_back(newsroom: Newsroom, orders: WatchDesk, command: str) -> None:
    """Discord forgets what was typed into a command: a query that was refused stands there once, with what points at the fault."""
    orders.refused = Unanswerable("The bracket is never closed.", quoted="walrus (\n       ^")
    given = {} if command == "watch test" else {"name": "Walrus"}

    result = await newsroom.manager.slash(newsroom.room, command, query="walrus (", **given)

    simcord.assert_error(newsroom.env, Unanswerable)
    assert answered(result).embeds[0].description == "```\nwalrus (\n       ^\n```"


def controls(form: simcord.InteractionResult) -> list[dict[str, Any]]:
    """Return the fields of a form that was shown."""
    assert form.modal is not None
    return [row["component"] for row in form.modal["components"]]


async def test_a_pause_is_one_of_all_channels_of_the_server(newsroom: Newsroom, orders: WatchDesk) -> None:
    """What pauses a watch knows which channels are the server's, since the config may name one of them."""
    await newsroom.manager.slash(newsroom.room, "watch pause", name="Walrus")

    assert orders.asked == [("pause", newsroom.viewer, "Walrus", True, newsroom.room.id)]


async def test_a_watch_that_goes_on_says_what_is_not_told(newsroom: Newsroom, orders: WatchDesk) -> None:
    """Nobody waits for what came during a pause."""
    answer = answered(await newsroom.manager.slash(newsroom.room, "watch resume", name="Walrus"))

    assert orders.asked == [("pause", newsroom.viewer, "Walrus", False, newsroom.room.id)]
    assert answer.content == "**Walrus** goes on: what came meanwhile is not told."


@pytest.mark.parametrize(
    ("verb", "offered"),
    [
        pytest.param("show", ["Config", "Ours", "Quiet"], id="show offers all"),
        pytest.param("remove", ["Ours", "Quiet"], id="remove offers the server's own"),
        pytest.param("pause", ["Config", "Ours"], id="pause offers what is told here"),
        pytest.param("resume", ["Quiet"], id="resume offers what is paused here"),
    ],
)
async def test_watches_are_offered_that_fit_the_verb(
    newsroom: Newsroom, orders: WatchDesk, verb: str, offered: list[str]
) -> None:
    """While somebody types, only what the verb can do something with is offered."""
    ours = Watch(name="Ours", query=QUERY, server=newsroom.guild.id, origin=Origin.COMMAND)
    known = [Watch(name="Config", query=QUERY), ours, replace(ours, name="Quiet", paused=True)]
    orders.known = known

    choices = await newsroom.manager.autocomplete(newsroom.room, f"watch {verb}", "name", "")

    assert [choice["name"] for choice in choices] == offered


@pytest.mark.parametrize("command", ["watch add", "watch edit", "watch test", "search"])
async def test_a_query_is_completed_behind_what_stands_there(newsroom: Newsroom, command: str) -> None:
    """Wherever a query is typed its last words become an actor or topic; what is longer than Discord takes is not offered."""
    typed = "walrus AND north ko"

    choices = await newsroom.manager.autocomplete(newsroom.room, command, "query", typed)
    too_long = await newsroom.manager.autocomplete(newsroom.room, command, "query", "walrus " * 14 + "kor")

    assert [choice["value"] for choice in choices] == ["walrus AND actor:north-korea"]
    assert too_long == []


async def test_the_list_is_that_of_the_server_and_has_pages(newsroom: Newsroom, archive: Archive) -> None:
    """A page is asked for by its number, and what is paused here stands there so."""
    here = Route(server=newsroom.guild.id, paused=True)
    archive.views = [
        WatchView(watch=Watch(name=f"Watch {number:02}", query=QUERY, routes=(here,)), written=QUERY) for number in range(20)
    ]

    answer = answered(await newsroom.member.slash(newsroom.room, "watch list", page=2))

    shown = str(answer.embeds[0].description)
    assert "Watch 19" in shown
    assert "Watch 00" not in shown
    assert "paused" in shown


@pytest.mark.parametrize("verb", ["show", "edit", "pause", "resume", "remove"])
def test_a_watch_of_the_config_is_named_however_long_its_name_is(verb: str) -> None:
    """The limit on names holds for those that are given, not for those that are there."""
    command = watch.get_command(verb)
    assert isinstance(command, app_commands.Command)

    [name] = [one for one in command.parameters if one.name == "name"]

    assert name.max_value == 200


async def test_members_change_nothing(newsroom: Newsroom, orders: WatchDesk) -> None:
    """Only who manages the server removes a watch."""
    result = await newsroom.member.slash(newsroom.room, "watch remove", name="Walrus")

    simcord.assert_error(newsroom.env, app_commands.MissingPermissions)
    assert "Manage Server" in str(answered(result).content)
    assert orders.asked == []


async def test_a_test_ends_with_its_whole_answer(newsroom: Newsroom, orders: WatchDesk) -> None:
    """What the index says comes first; in its place comes what was read, day by day."""
    begun = Backtest(written=QUERY, candidates=7, archive=70)
    whole = Backtest(written=QUERY, candidates=7, archive=70, judged=7, found=2, per_day=((date(2026, 11, 1), 2),), whole=True)
    orders.tests = [begun, whole]

    answer = answered(await newsroom.manager.slash(newsroom.room, "watch test", query=QUERY))

    fields = {field.name: str(field.value) for field in answer.embeds[0].fields}
    assert fields["Found"].startswith("2 match, of 7 articles that may answer")
    assert "11-01 ██████████ 2" in fields["Per day"]
