"""Laws of `/feed`, driven as a person in a server drives it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import simcord
from discord import app_commands

from bot.chat.client import SitrepClient
from bot.chat.commands.feed import LARGEST_LIST
from bot.chat.feed_buttons import look_view
from bot.errors import Unanswerable
from bot.model import Checkup, Choice, FeedLink, Imported
from tests.chat.fakes import Archive, FeedDesk, Places, a_client
from tests.chat.newsroom import Newsroom, answered, buttons
from tests.chat.samples import NOW, PROPOSED, a_preview, a_probe, a_source

URL = "https://harbour.example/"


@pytest.fixture
def feeds(archive: Archive) -> FeedDesk:
    """Follow one feed of the bot's, one of the server's that is paused, and a folder."""
    archive.states = [
        a_source(id=1, name="Wire"),
        a_source(id=2, name="Harbour", server=1, paused=True),
        a_source(id=3, name="Inbox", kind="folder"),
    ]
    return FeedDesk(states=archive.states, found=a_preview())


async def test_a_feed_is_shown_before_it_is_followed(newsroom: Newsroom, feeds: FeedDesk) -> None:
    """The asker sees the newest three entries, the answer, name and interval, and may confirm or cancel; it is deferred."""
    result = await newsroom.manager.slash(newsroom.room, "feed add", url=URL, every="30 min", name="Harbour")

    answer = answered(result)
    embed = answer.embeds[0]
    callback = next(one for one in newsroom.env.http_requests if one.path.endswith("/callback"))
    assert callback.json == {"type": 5, "data": {"flags": 64}}
    assert feeds.asked == [("look", newsroom.viewer, URL, "30 min", "Harbour")]
    assert (embed.title, str(embed.description).count("\n- ")) == ("Harbour News", 2)
    assert [field.value for field in embed.fields] == [
        "`https://harbour.example/feed`",
        "200, 30 entries",
        "Harbour",
        "30 min",
    ]
    assert buttons(answer) == [
        ("Confirm", f"feed:confirm:{PROPOSED}", False),
        ("Cancel", f"feed:cancel:{PROPOSED}", False),
    ]


async def test_confirming_follows_and_takes_the_question_away(newsroom: Newsroom, feeds: FeedDesk) -> None:
    """A press follows what was shown, and says so in its place, without buttons."""
    answer = answered(await newsroom.manager.slash(newsroom.room, "feed add", url=URL))

    await newsroom.manager.click(answer, label="Confirm")

    assert feeds.asked[-1] == ("confirm", newsroom.viewer, PROPOSED)
    assert str(answer.content).startswith("**Harbour** is followed from now on, asked every 30 min.")
    assert (list(answer.embeds), buttons(answer)) == ([], [])


async def test_cancelling_changes_nothing(newsroom: Newsroom, feeds: FeedDesk) -> None:
    """A press on Cancel forgets what was shown."""
    answer = answered(await newsroom.manager.slash(newsroom.room, "feed add", url=URL))

    await newsroom.manager.click(answer, label="Cancel")

    assert feeds.asked[-1] == ("cancel", newsroom.viewer, PROPOSED)
    assert (answer.content, buttons(answer)) == ("Nothing was changed.", [])


async def test_a_feed_is_confirmed_after_a_restart(
    newsroom: Newsroom, feeds: FeedDesk, archive: Archive, places: Places
) -> None:
    """The button carries the key, so a new process can confirm."""
    answer = answered(await newsroom.manager.slash(newsroom.room, "feed add", url=URL))
    await newsroom.env.restart_bot(a_client(answers=archive, feeds=feeds, places=places))

    await newsroom.manager.click(answer, label="Confirm")

    assert feeds.asked[-1] == ("confirm", newsroom.viewer, PROPOSED)


async def test_a_button_that_is_too_old_says_so(newsroom: Newsroom, feeds: FeedDesk) -> None:
    """What can no longer be confirmed is explained to the presser alone."""
    answer = answered(await newsroom.manager.slash(newsroom.room, "feed add", url=URL))
    feeds.trouble = Unanswerable("This is too old to be confirmed.")

    result = await newsroom.manager.click(answer, label="Confirm")

    assert (result.followups[0].content, result.followups[0].ephemeral) == ("This is too old to be confirmed.", True)


async def test_the_feeds_of_a_page_are_chosen_from_a_menu(newsroom: Newsroom, feeds: FeedDesk) -> None:
    """Several feeds on a page make a menu; the one that is chosen is then shown to be confirmed."""
    offers = ((PROPOSED, FeedLink(address=f"{URL}feed", title="News")), ("f" * 16, FeedLink(address=f"{URL}sport")))
    feeds.found = Choice(address=URL, offers=offers)
    answer = answered(await newsroom.manager.slash(newsroom.room, "feed add", url=URL))
    assert answer.embeds[0].title == "2 feeds on this page"
    feeds.found = a_preview()

    await newsroom.manager.select(answer, [PROPOSED])

    assert feeds.asked[-1] == ("pick", newsroom.viewer, PROPOSED)
    assert answer.embeds[0].title == "Harbour News"
    assert [label for label, _, _ in buttons(answer)] == ["Confirm", "Cancel"]


@pytest.mark.parametrize(
    ("verb", "said"),
    [
        pytest.param("remove", "**Harbour** is no longer followed here.", id="remove"),
        pytest.param("pause", "**Harbour** is paused: nothing of it is told here until /feed resume.", id="pause"),
        pytest.param("resume", "**Harbour** goes on.", id="resume"),
    ],
)
async def test_a_feed_is_changed_by_its_name(newsroom: Newsroom, feeds: FeedDesk, verb: str, said: str) -> None:
    """Each change names the feed and what follows from it."""
    answer = answered(await newsroom.manager.slash(newsroom.room, f"feed {verb}", name="Harbour"))

    assert feeds.asked == [(verb, newsroom.viewer, "Harbour")]
    assert str(answer.content).startswith(said)


async def test_a_check_shows_the_answer_beside_the_polls(newsroom: Newsroom, feeds: FeedDesk) -> None:
    """`/feed check` shows status, the rules that applied and the newest entries, beside when it was polled."""
    state = a_source(name="Harbour", ok_at=NOW)
    feeds.checked = Checkup(state=state, probe=a_probe(status=304, rules=("Nothing has changed since the last poll.",)))

    answer = answered(await newsroom.manager.slash(newsroom.room, "feed check", name="Harbour"))

    fields = {field.name: str(field.value) for field in answer.embeds[0].fields}
    assert fields["Answer"] == "304, 30 entries\nNothing has changed since the last poll."
    assert {"Last poll", "Last success", "Next poll"} <= fields.keys()
    assert "Quay opens" in str(answer.embeds[0].description)


async def test_a_check_that_gets_nothing_says_why(newsroom: Newsroom, feeds: FeedDesk) -> None:
    """A feed that does not answer shows the reason, and that it was given up."""
    state = a_source(name="Harbour", failures=20, reason="it answers 404", given_up_at=NOW)
    feeds.checked = Checkup(state=state, trouble="https://harbour.example/feed answers 404.")

    answer = answered(await newsroom.manager.slash(newsroom.room, "feed check", name="Harbour"))

    fields = {field.name: str(field.value) for field in answer.embeds[0].fields}
    assert "404" in str(answer.embeds[0].description)
    assert fields["Polls"] == "20 failures in a row: it answers 404"
    assert fields["Next poll"] == "none: it was given up, /feed resume asks it again"


async def test_feeds_are_given_out_as_a_file(newsroom: Newsroom) -> None:
    """`/feed export` answers with a list for other readers."""
    answer = answered(await newsroom.manager.slash(newsroom.room, "feed export"))

    assert (answer.content, [one.filename for one in answer.attachments]) == ("3 feeds.", ["feeds.opml"])


async def test_an_import_says_what_became_of_every_feed(newsroom: Newsroom, feeds: FeedDesk) -> None:
    """One answer names what was added, what was there, and what was refused and why."""
    feeds.imported = Imported(
        added=("Harbour", "Ferry"),
        known=("Wire",),
        refused=(("Mail", "'ftp://x' is no address of the web."),),
        repeated=2,
        without_address=1,
    )

    answer = answered(await newsroom.manager.slash(newsroom.room, "feed import", file=("feeds.opml", b"<opml/>")))

    embed = answer.embeds[0]
    assert feeds.asked == [("take in", newsroom.viewer, b"<opml/>")]
    assert (embed.title, embed.description) == ("2 feeds added", "Harbour, Ferry")
    assert [(field.name, field.value) for field in embed.fields] == [
        ("Already there: 1", "Wire"),
        ("Refused: 1", "- Mail: 'ftp\\://x' is no address of the web."),
        ("Left out", "2 entries for a feed that the list has twice and 1 entry without the address of a feed"),
    ]


async def test_a_list_that_is_too_large_is_refused_unread(newsroom: Newsroom, feeds: FeedDesk) -> None:
    """The size that Discord states is looked at before anything is fetched."""
    answer = answered(
        await newsroom.manager.slash(newsroom.room, "feed import", file=("feeds.opml", b" " * (LARGEST_LIST + 1)))
    )

    simcord.assert_error(newsroom.env, app_commands.CommandInvokeError)
    assert ("larger than 1 MB" in str(answer.content), feeds.asked) == (True, [])


@pytest.mark.parametrize(
    ("verb", "options"),
    [
        pytest.param("add", {"url": URL}, id="add"),
        pytest.param("remove", {"name": "Harbour"}, id="remove"),
        pytest.param("pause", {"name": "Harbour"}, id="pause"),
        pytest.param("resume", {"name": "Harbour"}, id="resume"),
        pytest.param("check", {"name": "Harbour"}, id="check"),
        pytest.param("export", {}, id="export"),
    ],
)
async def test_only_managers_change_what_is_followed(
    newsroom: Newsroom, feeds: FeedDesk, verb: str, options: dict[str, str]
) -> None:
    """Who does not manage the server is refused, and nothing is asked."""
    answer = answered(await newsroom.member.slash(newsroom.room, f"feed {verb}", **options))

    simcord.assert_error(newsroom.env, app_commands.MissingPermissions)
    assert ("Manage Server" in str(answer.content), feeds.asked) == (True, [])


@pytest.mark.parametrize("label", ["Confirm", "Cancel"])
async def test_a_press_by_who_does_not_manage_the_server_is_refused(
    newsroom: Newsroom, client: SitrepClient, feeds: FeedDesk, label: str
) -> None:
    """The permission is looked at when a button is pressed, whoever it was shown to."""
    await client.get_partial_messageable(newsroom.room.id).send("feed", view=look_view(a_preview()))

    answer = answered(await newsroom.member.click(newsroom.card, label=label))

    assert ("Manage Server" in str(answer.content), feeds.asked) == (True, [])


@pytest.mark.parametrize(
    ("verb", "offered"),
    [
        pytest.param("remove", ["Harbour"], id="remove offers the server's own"),
        pytest.param("pause", ["Wire", "Inbox"], id="pause offers what is told"),
        pytest.param("resume", ["Harbour"], id="resume offers what is paused"),
        pytest.param("check", ["Wire", "Harbour"], id="check offers feeds"),
    ],
)
async def test_names_are_offered_that_fit_the_verb(newsroom: Newsroom, archive: Archive, verb: str, offered: list[str]) -> None:
    """While somebody types, only what the verb can do something with is offered."""
    archive.states = [
        one if one.source.name != "Harbour" else a_source(id=2, name="Harbour", server=newsroom.guild.id, paused=True)
        for one in archive.states
    ]

    choices = await newsroom.manager.autocomplete(newsroom.room, f"feed {verb}", "name", "")

    assert [choice["name"] for choice in choices] == offered


async def test_a_change_is_offered_at_once(newsroom: Newsroom, archive: Archive) -> None:
    """Names are kept for half a minute, but not over a change of the server's own."""
    await newsroom.manager.autocomplete(newsroom.room, "feed pause", "name", "")
    archive.states = [a_source(name="Ferry", every=timedelta(hours=1))]

    await newsroom.manager.slash(newsroom.room, "feed pause", name="Wire")

    choices = await newsroom.manager.autocomplete(newsroom.room, "feed pause", "name", "")
    assert [choice["name"] for choice in choices] == ["Ferry"]


async def test_a_paused_feed_is_listed_as_paused(newsroom: Newsroom) -> None:
    """`/feed list` says what is not told here."""
    answer = answered(await newsroom.member.slash(newsroom.room, "feed list"))

    assert "**Harbour** · paused here" in str(answer.embeds[0].description)
