"""Laws of commands and buttons, driven as a person in a server drives them."""

from __future__ import annotations

import ast
import asyncio
import inspect
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import discord
import pytest
import simcord
from discord import app_commands

from bot.chat import commands, desk
from bot.chat.buttons import standing_view
from bot.chat.client import SitrepClient
from bot.chat.commands import COMMANDS
from bot.chat.courier import DiscordCourier
from bot.chat.replies import HELP
from bot.errors import Unanswerable
from bot.model import Sent, Standing, State, WayOut
from tests.chat.fakes import KEY, Archive, Places, WatchDesk, a_client
from tests.chat.newsroom import Newsroom, answered, buttons
from tests.chat.samples import DELIVERY, NOW, a_fold, a_headline, a_view, an_alert


async def test_the_commands_are_those_of_the_table(newsroom: Newsroom) -> None:
    """Everybody sees the look-ups; only who manages the server sees the set-up. Discord hides groups only whole."""
    changes = {f"feed {verb}" for verb in ("add", "remove", "pause", "resume", "check", "export", "import")}
    changes |= {f"watch {verb}" for verb in ("add", "edit", "remove", "pause", "resume", "test")}
    changes |= {f"actor {verb}" for verb in ("add", "remove", "define", "reset")}
    look_ups = {"latest", "search", "article", "why", "watch list", "watch show", "watch report", "feed list", "status", "help"}
    look_ups |= {"actor list", "actor show", *changes}

    assert set(newsroom.member.available_commands(newsroom.room)) == look_ups
    assert set(newsroom.manager.available_commands(newsroom.room)) == look_ups | {"setup channel", "setup caps"}


async def test_latest_shows_the_newest_of_all_watches(newsroom: Newsroom, archive: Archive) -> None:
    """Without options the newest five articles are shown, to the asker alone."""
    answer = answered(await newsroom.member.slash(newsroom.room, "latest"))

    assert archive.asked == [("latest", newsroom.viewer, None, 5)]
    assert answer.embeds[0].title == "Latest"
    assert "Headline 0" in str(answer.embeds[0].description)
    assert len(answer.embeds[0].fields) == 4


async def test_latest_takes_a_watch_and_a_limit(newsroom: Newsroom, archive: Archive) -> None:
    """Options are handed on as they are."""
    await newsroom.member.slash(newsroom.room, "latest", watch="North Korea", limit=10)

    assert archive.asked == [("latest", newsroom.viewer, "North Korea", 10)]


async def test_an_answer_that_takes_long_is_deferred_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks while much is read waits longer than the three seconds that Discord does."""
    monkeypatch.setattr(desk, "_SOON", timedelta())
    answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    deferred: list[bool] = []

    async def defer(*, ephemeral: bool) -> None:
        deferred.append(ephemeral)
        answer.set_result("late")

    asked: Any = SimpleNamespace(response=SimpleNamespace(defer=defer))

    assert await desk.in_time(asked, answer) == "late"
    assert deferred == [True]


async def test_search_asks_in_the_language_of_the_watches(newsroom: Newsroom, archive: Archive) -> None:
    """Query and since are handed on; the answer says how the query was read. It is deferred, since it may take long."""
    result = await newsroom.member.slash(newsroom.room, "search", query="North Korea, Kim", since="3 days")

    callback = next(one for one in newsroom.env.http_requests if one.path.endswith("/callback"))
    assert callback.json == {"type": 5, "data": {"flags": 64}}
    assert archive.asked == [("search", newsroom.viewer, "North Korea, Kim", "3 days", 5)]
    assert answered(result).embeds[0].title == "12 found for North Korea, Kim"
    assert answered(result).embeds[0].fields[-1].value == "the comma is OR"


async def test_pages_are_turned_in_place(newsroom: Newsroom, archive: Archive) -> None:
    """Newer and Older lead through an answer, and are off at its ends."""
    answer = answered(await newsroom.member.slash(newsroom.room, "latest"))
    assert buttons(answer) == [("Newer", f"page:{KEY}:0", True), ("Older", f"page:{KEY}:1", False)]

    await newsroom.member.click(answer, label="Older")
    assert archive.asked[-1] == ("turn", newsroom.viewer, KEY, 1)
    assert "Headline 5" in str(answer.embeds[0].description)
    assert buttons(answer) == [("Newer", f"page:{KEY}:0", False), ("Older", f"page:{KEY}:2", False)]

    await newsroom.member.click(answer, label="Older")
    assert "Headline 10" in str(answer.embeds[0].description)
    assert buttons(answer) == [("Newer", f"page:{KEY}:1", False), ("Older", f"page:{KEY}:3", True)]


async def test_pages_are_turned_after_a_restart(newsroom: Newsroom, archive: Archive, places: Places) -> None:
    """The button carries the look-up, so a new process can turn the page."""
    answer = answered(await newsroom.member.slash(newsroom.room, "latest"))
    await newsroom.env.restart_bot(a_client(answers=archive, places=places))

    await newsroom.member.click(answer, label="Older")

    assert "Headline 5" in str(answer.embeds[0].description)


async def test_an_answer_of_one_page_has_no_buttons(newsroom: Newsroom, archive: Archive) -> None:
    """Nothing is offered that leads nowhere."""
    archive.headlines = archive.headlines[:2]

    assert buttons(answered(await newsroom.member.slash(newsroom.room, "latest"))) == []


async def test_a_page_too_old_to_turn_is_explained(newsroom: Newsroom, archive: Archive) -> None:
    """What a button cannot do it says, to the presser alone, and the page stays."""
    answer = answered(await newsroom.member.slash(newsroom.room, "latest"))
    archive.trouble = Unanswerable("This answer is too old.")

    result = await newsroom.member.click(answer, label="Older")

    assert result.followups[0].content == "This answer is too old."
    assert result.followups[0].ephemeral
    assert "Headline 0" in str(answer.embeds[0].description)


async def test_watches_are_listed_and_shown(newsroom: Newsroom, archive: Archive) -> None:
    """`/watch list` names them all, `/watch show` one, whatever the case."""
    listed = answered(await newsroom.member.slash(newsroom.room, "watch list"))
    shown = answered(await newsroom.member.slash(newsroom.room, "watch show", name="north korea"))

    assert listed.embeds[0].title == "Watches: 2"
    assert shown.embeds[0].title == "North Korea"
    assert archive.asked == [("watches", newsroom.viewer), ("watch", newsroom.viewer, "north korea")]


async def test_sources_are_listed(newsroom: Newsroom) -> None:
    """`/feed list` names the sources and how they are."""
    answer = answered(await newsroom.member.slash(newsroom.room, "feed list"))

    assert answer.embeds[0].title == "Sources: 1 of 1 healthy"


async def test_the_status_names_the_channel(newsroom: Newsroom, archive: Archive) -> None:
    """The channel stands beside the card, so that every client can name it."""
    archive.stands = Standing(channel=newsroom.room.id)

    answer = answered(await newsroom.member.slash(newsroom.room, "status"))

    assert answer.content == f"Alerts go to <#{newsroom.room.id}>."
    assert answer.embeds[0].title == "Status"


async def test_the_help_names_every_command(newsroom: Newsroom) -> None:
    """No command is missing from the help, and the help names none that is not there."""
    await newsroom.member.slash(newsroom.room, "help")
    leaves = [leaf for one in COMMANDS for leaf in (one.walk_commands() if isinstance(one, app_commands.Group) else [one])]
    names = {f"/{leaf.qualified_name}" for leaf in leaves}

    assert {name for name, _ in HELP} | {"/help"} == names


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        pytest.param("", ["Korea, North", "North Korea", "Trilateral"], id="nothing typed offers all"),
        pytest.param("NORTH", ["North Korea", "Korea, North"], id="what begins so comes first"),
        pytest.param("lat", ["Trilateral"], id="inside a name"),
        pytest.param("zzz", [], id="nothing like it"),
    ],
)
async def test_names_are_offered_while_somebody_types(
    newsroom: Newsroom, orders: WatchDesk, typed: str, offered: list[str]
) -> None:
    """Names of watches are completed from any part of them, whatever the case."""
    orders.known = [a_view(name).watch for name in ("Korea, North", "North Korea", "Trilateral", "x" * 101)]

    choices = await newsroom.member.autocomplete(newsroom.room, "watch show", "name", typed)

    assert [choice["value"] for choice in choices] == offered


async def test_no_more_names_are_offered_than_discord_takes(newsroom: Newsroom, orders: WatchDesk) -> None:
    """Discord refuses more than 25 choices."""
    orders.known = [a_view(f"Watch {number}").watch for number in range(40)]

    assert len(await newsroom.member.autocomplete(newsroom.room, "latest", "watch", "watch")) == 25


async def test_typing_does_not_ask_the_store_at_every_letter(newsroom: Newsroom, archive: Archive, orders: WatchDesk) -> None:
    """The names are kept for half a minute, for each server, and nobody counts meanwhile what each watch has caught."""
    for typed in ("n", "no", "nor"):
        await newsroom.member.autocomplete(newsroom.room, "watch show", "name", typed)

    assert (archive.asked, orders.asked) == ([], [("all", newsroom.viewer)])


async def test_why_is_answered_in_private(newsroom: Newsroom, client: SitrepClient, archive: Archive) -> None:
    """Pressing `Why?` on a posted card tells the presser every watch, alias and rule."""
    await DiscordCourier(client).post(an_alert(), f"channel:{newsroom.room.id}", nonce="n")

    answer = answered(await newsroom.member.click(newsroom.card, label="Why?"))

    assert archive.asked == [("why", newsroom.viewer, DELIVERY)]
    assert answer.embeds[0].title == "Why this card"


async def test_why_is_answered_after_a_restart(newsroom: Newsroom, client: SitrepClient, archive: Archive) -> None:
    """The button of an old card works in a new process."""
    await DiscordCourier(client).post(an_alert(), f"channel:{newsroom.room.id}", nonce="n")
    await newsroom.env.restart_bot(a_client(answers=archive))

    answer = answered(await newsroom.member.click(newsroom.card, label="Why?"))

    assert answer.embeds[0].title == "Why this card"


async def test_why_says_when_nothing_is_kept(newsroom: Newsroom, client: SitrepClient, archive: Archive) -> None:
    """A question without an answer is explained by its own sentence."""
    await DiscordCourier(client).post(an_alert(), f"channel:{newsroom.room.id}", nonce="n")
    archive.trouble = Unanswerable("Nothing is kept on this card any more.")

    answer = answered(await newsroom.member.click(newsroom.card, label="Why?"))

    assert answer.content == "Nothing is kept on this card any more."


async def test_a_folded_burst_opens_the_look_up(newsroom: Newsroom, client: SitrepClient, archive: Archive) -> None:
    """The button of a folded card shows the newest articles, in pages."""
    await DiscordCourier(client).post(a_fold(), f"channel:{newsroom.room.id}", nonce="n")

    answer = answered(await newsroom.member.click(newsroom.card, label="Show the latest"))

    assert archive.asked == [("latest", newsroom.viewer, None, 10)]
    assert buttons(answer)[1] == ("Older", f"page:{KEY}:1", False)


async def test_a_posted_card_is_edited_and_found_again(newsroom: Newsroom, client: SitrepClient) -> None:
    """What was posted can be brought up to date, and is found by its delivery."""
    courier, destination = DiscordCourier(client), f"channel:{newsroom.room.id}"
    sent = await courier.post(an_alert(), destination, nonce="n")
    assert isinstance(sent, Sent)

    await courier.edit(an_alert(headline=a_headline(title="Corrected")), destination, sent.message_id)
    found = await courier.find(DELIVERY, destination, since=newsroom.env.now())

    assert newsroom.card.embeds[0].title == "Corrected"
    assert found == sent.message_id
    assert await courier.find("another", destination, since=newsroom.env.now()) is None


async def test_a_channel_without_messages_is_known_to_be_empty(newsroom: Newsroom, client: SitrepClient) -> None:
    """With Read Message History an empty channel means that the card is not there."""
    assert await DiscordCourier(client).find(DELIVERY, f"channel:{newsroom.room.id}", since=NOW) is None


async def test_setup_settles_the_server_and_shows_an_alert(newsroom: Newsroom, archive: Archive) -> None:
    """Choosing a channel posts the newest matching article there as a test, and answers in private."""
    archive.test_alert = an_alert(delivery_id="", test=True)

    answer = answered(await newsroom.manager.slash(newsroom.room, "setup channel", channel=newsroom.room))

    assert archive.asked == [("settle_in", newsroom.guild.id, newsroom.room.id)]
    assert answer.content == f"Alerts go to <#{newsroom.room.id}> from now on. A test alert shows how one looks."
    posted = [message for message in newsroom.room.history() if not message.flags.ephemeral]
    assert [str(message.embeds[0].footer.text) for message in posted] == ["Test alert: this is how one looks"]


async def test_setup_without_an_article_says_what_is_awaited(newsroom: Newsroom) -> None:
    """First contact is not silence: what is watched and when the next poll is."""
    answer = answered(await newsroom.manager.slash(newsroom.room, "setup channel", channel=newsroom.room))

    assert "Watched: North Korea, Trilateral cooperation. The next poll is <t:" in answer.content


async def test_setup_names_each_missing_permission_and_changes_nothing(newsroom: Newsroom, archive: Archive) -> None:
    """A channel where the bot could not tell is not chosen."""
    me = newsroom.guild.me
    assert me is not None
    denied = discord.PermissionOverwrite(embed_links=False, read_message_history=False)
    quiet = newsroom.guild.create_text_channel("quiet", overwrites={me: denied})

    answer = answered(await newsroom.manager.slash(newsroom.room, "setup channel", channel=quiet))

    assert answer.content == "I may not do this in #quiet yet. Please allow me there: Embed Links, Read Message History."
    assert archive.asked == []
    simcord.assert_error(newsroom.env, Unanswerable)


async def test_setup_of_a_channel_that_the_bot_does_not_see_says_what_to_allow(
    newsroom: Newsroom, client: SitrepClient, archive: Archive
) -> None:
    """A channel that is hidden from the bot, or that it has not heard of yet, is no bug: the permission is named."""
    unseen = newsroom.guild.create_text_channel("unseen")
    client._connection._get_guild(newsroom.guild.id)._channels.pop(unseen.id)  # type: ignore[union-attr]  # it is there

    answer = answered(await newsroom.manager.slash(newsroom.room, "setup channel", channel=unseen))

    assert answer.content == "I do not see this channel. Please allow me View Channel there, and try again in a minute."
    assert archive.asked == []
    simcord.assert_error(newsroom.env, app_commands.TransformerError)


async def test_setup_is_refused_to_who_may_not_manage_the_server(
    newsroom: Newsroom, client: SitrepClient, archive: Archive
) -> None:
    """Even where a server shows the command to everybody, only managers may use it."""
    registered = next(command for command in await client.tree.fetch_commands() if command.name == "setup")
    newsroom.guild.set_command_permissions(registered, {newsroom.guild.default_role: True})

    answer = answered(await newsroom.member.slash(newsroom.room, "setup channel", channel=newsroom.room))

    assert "Manage Server" in answer.content
    assert archive.asked == []
    simcord.assert_error(newsroom.env, app_commands.MissingPermissions)


async def test_an_unanswerable_question_is_one_sentence(newsroom: Newsroom) -> None:
    """The asker reads the sentence, escaped, and nobody else sees it."""
    answer = answered(await newsroom.member.slash(newsroom.room, "watch show", name="*x*"))

    assert answer.content == "There is no watch “\\*x\\*”."
    simcord.assert_error(newsroom.env, Unanswerable)


async def test_a_bug_is_an_id_for_the_asker_and_a_traceback_in_the_log(
    newsroom: Newsroom, archive: Archive, capsys: pytest.CaptureFixture[str]
) -> None:
    """No internals reach a person, but the id they are given is in the log."""
    archive.trouble = ZeroDivisionError("internal secret")

    answer = answered(await newsroom.member.slash(newsroom.room, "search", query="x"))

    number = re.search(r"under ([0-9a-f]{8})\.", answer.content)
    assert number is not None
    assert "secret" not in answer.content
    logged = capsys.readouterr().out
    assert number[1] in logged
    assert "internal secret" in logged
    assert "/search" in logged
    simcord.assert_error(newsroom.env, ZeroDivisionError)


async def test_a_bug_behind_a_button_is_logged_with_the_button(
    newsroom: Newsroom, client: SitrepClient, archive: Archive, capsys: pytest.CaptureFixture[str]
) -> None:
    """Buttons are explained as commands are."""
    await DiscordCourier(client).post(an_alert(), f"channel:{newsroom.room.id}", nonce="n")
    archive.trouble = ZeroDivisionError("internal secret")

    answer = answered(await newsroom.member.click(newsroom.card, label="Why?"))

    assert "in the log" in answer.content
    assert f"why:{DELIVERY}" in capsys.readouterr().out


async def test_a_command_that_has_just_gone_is_explained(newsroom: Newsroom, client: SitrepClient) -> None:
    """Discord may offer an old command for a while after an update."""
    client.tree.remove_command("status")

    answer = answered(await newsroom.member.slash(newsroom.room, "status"))

    assert answer.content == "This command has just changed. Please type it again in a minute."
    simcord.assert_error(newsroom.env, app_commands.CommandNotFound)


async def test_what_discord_forbids_is_said(newsroom: Newsroom, archive: Archive) -> None:
    """A permission taken away between the check and the post is named as such."""
    archive.test_alert = an_alert(delivery_id="", test=True)
    newsroom.env.inject_error("POST", "/channels/*/messages", status=403, code=50013, message="Missing Permissions")

    answer = answered(await newsroom.manager.slash(newsroom.room, "setup channel", channel=newsroom.room))

    assert answer.content == "Discord forbids it: Missing Permissions. Please check the bot's permissions."
    simcord.assert_error(newsroom.env, discord.Forbidden)


async def test_an_asker_who_cannot_be_told_is_noted(
    newsroom: Newsroom, archive: Archive, capsys: pytest.CaptureFixture[str]
) -> None:
    """An interaction that has timed out cannot be answered; the bot goes on."""
    archive.trouble = Unanswerable("no")
    newsroom.env.inject_error("POST", "/interactions/*/*/callback", status=404, code=10062, message="Unknown interaction")

    await newsroom.member.slash(newsroom.room, "status")

    assert "the asker could not be told" in capsys.readouterr().out
    simcord.assert_error(newsroom.env, Unanswerable)


def test_every_command_keeps_discords_limits(client: SitrepClient) -> None:
    """Names, descriptions and options of the tree are such as Discord accepts, 8,000 characters a command."""
    for payload in (command.to_dict(client.tree) for command in client.tree.get_commands()):
        texts = [*_texts_of(payload)]
        assert sum(map(len, texts)) <= 8000
        for one in _parts_of(payload):
            assert re.fullmatch(r"[-_a-z0-9]{1,32}", one["name"])
            assert 1 <= len(one["description"]) <= 100
            options = one.get("options", [])
            assert len(options) <= 25
            needed = [bool(option.get("required")) for option in options]
            assert needed == sorted(needed, reverse=True)


def _parts_of(payload: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield payload
    for option in payload.get("options", []):
        yield from _parts_of(option)


def _texts_of(payload: Mapping[str, Any]) -> Iterator[str]:
    for one in _parts_of(payload):
        yield from (one["name"], one["description"])


def test_commands_are_for_servers_only(client: SitrepClient) -> None:
    """No command is offered in private messages, and none is installed for a user."""
    payloads = [command.to_dict(client.tree) for command in client.tree.get_commands()]

    assert [(one["contexts"], one["integration_types"]) for one in payloads] == [([0], [0])] * len(COMMANDS)


def test_every_file_of_the_folder_is_in_the_table() -> None:
    """A new command is one file and one line: none is forgotten."""
    files = {path.stem for path in Path(inspect.getfile(commands)).parent.glob("*.py")} - {"__init__", "names"}

    assert {command.module for command in COMMANDS} == {f"bot.chat.commands.{name}" for name in files}


def test_a_command_only_reads_asks_and_draws() -> None:
    """The callback of a command has 20 lines at most."""
    for path in Path(inspect.getfile(commands)).parent.glob("*.py"):
        tree = ast.parse(Path(str(import_module(f"bot.chat.commands.{path.stem}").__file__)).read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.AsyncFunctionDef):
                assert node.end_lineno is not None
                assert node.end_lineno - node.body[0].lineno < 20, node.name


STANDS = Standing(deliveries=((State.HELD, "403", 2), (State.GONE, "deleted", 5), (State.DEAD, "400", 1)))


async def test_the_status_offers_managers_the_ways_out(newsroom: Newsroom, archive: Archive) -> None:
    """Who manages the server can tell or drop what is stuck, and nobody else is offered to."""
    archive.stands = STANDS

    offered = buttons(answered(await newsroom.manager.slash(newsroom.room, "status")))
    others = buttons(answered(await newsroom.member.slash(newsroom.room, "status")))

    assert offered == [("Tell them now", "stuck:resend", False), ("Drop them", "stuck:drop", False)]
    assert others == []


async def test_nothing_stuck_offers_no_way_out(newsroom: Newsroom, archive: Archive) -> None:
    """What is gone needs nobody, and is not shown."""
    archive.stands = Standing(deliveries=((State.GONE, "deleted", 5),))

    answer = answered(await newsroom.manager.slash(newsroom.room, "status"))

    assert buttons(answer) == []
    assert "deleted" not in str(answer.embeds[0].to_dict())


@pytest.mark.parametrize(
    ("label", "way", "said"),
    [
        pytest.param("Tell them now", WayOut.RESEND, "3 messages are on the way.", id="tell"),
        pytest.param("Drop them", WayOut.DROP, "3 messages are dropped.", id="drop"),
    ],
)
async def test_what_is_stuck_is_told_or_dropped_by_a_button(
    newsroom: Newsroom, archive: Archive, label: str, way: WayOut, said: str
) -> None:
    """A press acts on what is stuck of the presser's server, and says how much it was."""
    archive.stands = STANDS
    status = answered(await newsroom.manager.slash(newsroom.room, "status"))

    answer = answered(await newsroom.manager.click(status, label=label))

    assert archive.asked[-1] == ("unstick", newsroom.viewer, way)
    assert answer.content == said


async def test_a_press_that_comes_too_late_says_so(newsroom: Newsroom, archive: Archive) -> None:
    """What somebody else has told or dropped meanwhile is no longer stuck."""
    archive.stands = STANDS
    status = answered(await newsroom.manager.slash(newsroom.room, "status"))
    archive.stands = Standing()

    answer = answered(await newsroom.manager.click(status, label="Drop them"))

    assert answer.content == "Nothing of this server is stuck any more."


async def test_a_press_by_who_does_not_manage_the_server_is_refused(
    newsroom: Newsroom, client: SitrepClient, archive: Archive
) -> None:
    """The permission is looked at when a button is pressed, whoever it was shown to."""
    await client.get_partial_messageable(newsroom.room.id).send("status", view=standing_view(STANDS, for_manager=True))

    answer = answered(await newsroom.member.click(newsroom.card, label="Drop them"))

    assert "Manage Server" in answer.content
    assert archive.asked == []
