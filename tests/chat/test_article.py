"""`/article` and `/setup caps`, driven as a person drives them."""

from __future__ import annotations

import simcord

from bot.errors import Unanswerable
from bot.model import Change, Dated, Edit, Fate, History
from tests.chat.fakes import Histories, Places
from tests.chat.newsroom import Newsroom, answered
from tests.chat.samples import NOW, a_headline

TWO_TO_THREE: Edit = (("It fired ", Fate.STAYS), ("two", Fate.GOES), ("three", Fate.COMES), (" missiles.", Fate.STAYS))
A_HISTORY = History(
    headline=a_headline(article_id=7, watches=("North Korea",)),
    published=Dated(at=NOW, rule="rfc 5322", raw="Mon, 02 Nov 2026 09:00:00 GMT"),
    untold="it was published before 2026-10-01, too long ago when it came (max_age)",
    changes=(Change(at=NOW, sentences=(TWO_TO_THREE,)),),
    copies=("Other Wire",),
)


async def test_article_shows_where_it_came_from_and_each_change(newsroom: Newsroom, histories: Histories) -> None:
    """The date with its raw text, the rule that held it back, its copies and its changes stand in one private answer."""
    histories.history = A_HISTORY

    answer = answered(await newsroom.member.slash(newsroom.room, "article", which="https://example.com/port"))

    shown = str(answer.embeds[0].to_dict())
    assert all(words in shown for words in ("Mon, 02 Nov", "max\\\\_age", "Other Wire", "~~two~~ **three**"))


async def test_articles_are_offered_by_their_titles(newsroom: Newsroom, histories: Histories) -> None:
    """While somebody types, the newest articles with these words are offered by title and known by number."""
    histories.headlines = [a_headline(article_id=7, title="Port expansion"), a_headline(article_id=8, title="Rail freight")]

    choices = await newsroom.member.autocomplete(newsroom.room, "article", "which", "Rail")

    assert [(choice["name"], choice["value"]) for choice in choices] == [("Rail freight", "8")]


async def test_a_manager_sets_the_caps_of_the_channel(newsroom: Newsroom, places: Places) -> None:
    """The caps are those of the server's own channel unless another one is named."""
    places.channels[newsroom.guild.id] = newsroom.room.id

    answer = answered(await newsroom.manager.slash(newsroom.room, "setup caps", per_hour=5))

    assert places.caps == {newsroom.room.id: (None, 5)}
    assert "at most 5 alerts an hour stand alone" in answer.content


async def test_caps_need_a_channel(newsroom: Newsroom) -> None:
    """Without a channel for alerts there is nothing to cap, and the answer names the command that chooses one."""
    answer = answered(await newsroom.manager.slash(newsroom.room, "setup caps", per_hour=5))

    assert "/setup channel" in answer.content
    simcord.assert_error(newsroom.env, Unanswerable)
