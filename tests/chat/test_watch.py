"""Laws of `/watch`, driven as a person in a server drives it."""

from __future__ import annotations

from datetime import date

import simcord
from discord import app_commands

from bot.errors import Unanswerable
from bot.model import Backtest, Level, WatchDraft, WatchPreview
from tests.chat.fakes import KEY, WatchDesk
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
    assert answered(result).content == "Name up to 5 channels of this server, as #news #alerts."
    assert orders.asked == []


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
