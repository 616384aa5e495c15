"""Laws of `/why`, of the buttons that judge an alert, and of `/watch report`, driven as a person drives them."""

from __future__ import annotations

import simcord

from bot.chat.client import SitrepClient
from bot.chat.courier import DiscordCourier
from bot.errors import Unanswerable
from bot.model import (
    Clue,
    Explanation,
    Level,
    Maybe,
    Obstacle,
    Report,
    Stage,
    Suggestion,
    TermShare,
    Told,
    Trace,
    Watch,
    WatchTrace,
)
from tests.chat.fakes import Insights
from tests.chat.newsroom import Newsroom, answered
from tests.chat.samples import DELIVERY, an_alert

NORTH = Told(watch="North Korea", level=Level.ABOUT, score=0.9)
TALKS = Told(watch="Talks", level=Level.MENTION, score=0.2)


async def post(newsroom: Newsroom, client: SitrepClient) -> None:
    await DiscordCourier(client).post(an_alert(), f"channel:{newsroom.room.id}", nonce="a" * 24)


async def test_a_card_of_one_watch_takes_a_voice_at_once(newsroom: Newsroom, client: SitrepClient, insights: Insights) -> None:
    """Pressing a button keeps the voice of the presser, and says so to them alone."""
    insights.told = [(3, NORTH)]
    await post(newsroom, client)

    answer = answered(await newsroom.member.click(newsroom.card, label="Not relevant"))

    assert insights.votes == [(newsroom.viewer, DELIVERY, (3,), newsroom.member.id, False)]
    assert answer.content == "Noted."


async def test_a_card_of_several_watches_asks_which_are_meant(
    newsroom: Newsroom, client: SitrepClient, insights: Insights
) -> None:
    """The question is for the presser alone, offers each watch, and keeps the voice for those that are chosen."""
    insights.told = [(3, NORTH), (5, TALKS)]
    await post(newsroom, client)

    question = answered(await newsroom.member.click(newsroom.card, label="Relevant"))
    assert insights.votes == []
    [menu] = question.components[0]["components"]
    assert [(one["label"], one["value"]) for one in menu["options"]] == [("North Korea", "3"), ("Talks", "5")]

    await newsroom.member.select(question, ["5"])

    assert insights.votes == [(newsroom.viewer, DELIVERY, (5,), newsroom.member.id, True)]
    assert question.content == "Noted."


async def test_why_says_which_stage_stopped_an_article(newsroom: Newsroom, insights: Insights) -> None:
    """Each watch is told with what was found, what was missing, and what would have let it through."""
    stopped = Trace(
        written="actor:russia AND oil",
        level=None,
        wanted=Level.ABOUT,
        matched=(Clue(part="actor:russia", words=("Russian",), count=2),),
        obstacles=(
            Obstacle(part='"oil"', stage=Stage.SCAN, seen="it stands nowhere", mend="an article that holds it"),
            Obstacle(
                part="topic:energy",
                stage=Stage.SCAN,
                seen="it stands nowhere",
                mend="its words",
                maybe=Maybe(sentence="Drums of fuel stood by the quay.", likeness=0.5),
            ),
        ),
    )
    taken = Trace(written="coal", level=Level.ABOUT, wanted=Level.ABOUT, score=0.8)
    insights.explanation = Explanation(
        title="Coal",
        url="https://example.com/coal",
        watches=(
            WatchTrace(watch="Coal", trace=taken, telling="Told in <#7>."),
            WatchTrace(watch="Oil", trace=stopped),
        ),
    )

    embed = answered(await newsroom.member.slash(newsroom.room, "why", url="https://example.com/coal")).embeds[0]

    assert [field.name for field in embed.fields] == ["Coal · about 0.80", "Oil · no match"]
    assert "Told in <#7>." in str(embed.fields[0].value)
    assert all(
        words in str(embed.fields[1].value) for words in ("Russian", "exact scan", "would let it through", "Drums of fuel")
    )


async def test_an_unknown_link_is_one_sentence(newsroom: Newsroom) -> None:
    """What the archive does not hold is said, not shown."""
    answer = answered(await newsroom.member.slash(newsroom.room, "why", url="https://example.com/none"))

    assert answer.content == "This article is not in the archive."
    simcord.assert_error(newsroom.env, Unanswerable)


async def test_a_report_shows_precision_terms_and_a_change(newsroom: Newsroom, insights: Insights) -> None:
    """The interval stands beside the share, and the suggestion beside its effect."""
    insights.reported = Report(
        watch=Watch(name="Jordan", query="jordan"),
        relevant=6,
        false=4,
        divided=1,
        low=0.31,
        high=0.83,
        terms=(TermShare(words="Jordan", false=4, relevant=2),),
        suggestion=Suggestion(
            change='add NOT "basketball"', false_dropped=4, relevant_lost=0, matches_before=30, matches_after=21
        ),
    )

    embed = answered(await newsroom.member.slash(newsroom.room, "watch report", name="Jordan")).embeds[0]

    shown = str(embed.to_dict())
    assert "60%, between 31% and 83%" in shown
    assert all(words in shown for words in ("4 false, 2 relevant", "basketball", "21 match instead of 30"))


async def test_the_buttons_of_a_card_carry_its_delivery(newsroom: Newsroom, client: SitrepClient) -> None:
    """Beside Why?, which finds a post in doubt again, stand both voices."""
    await post(newsroom, client)

    carried = [one.custom_id for row in newsroom.card.components for one in row.children]  # type: ignore[union-attr]  # rows alone

    assert carried == [None, f"why:{DELIVERY}", f"vote:yes:{DELIVERY}", f"vote:no:{DELIVERY}"]
