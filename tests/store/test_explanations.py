"""What became of a match is told by the first rule that kept it back, or by how its delivery stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model import Broken, Dated, FirstRun, Gone, Later, Outcome, Refused, Sent, Viewer, Watch
from tests.store.conftest import World, draft, feed, make_world, match

SEVEN = Viewer(server=7)
DAY = timedelta(days=1)
EVERYTHING = feed(first_run=FirstRun.ALL)


async def telling(world: World, watch: Watch | None = None, *, number: int = 1) -> str:
    """Return what is said in server 7 of the match of an article."""
    explanations = world.store.explanations
    article = await explanations.article(SEVEN, f"https://wire.example/{number}")
    assert article is not None
    [said] = await explanations.telling(SEVEN, article.id, [watch or world.rules.watches[0]])
    return said


async def told(world: World) -> None:
    """Read one article that is to be told."""
    [source] = await world.follow(EVERYTHING)
    await world.poll(source, draft(1))
    await world.read(match())


async def test_a_paused_watch_says_so(discord: World) -> None:
    """A watch that rests is the first reason."""
    await told(discord)

    said = await telling(discord, Watch(id=1, name="North Korea", query="x", paused=True))

    assert said == "The watch is paused: it tells nothing until it is resumed."


async def test_what_is_unread_says_so(discord: World) -> None:
    """Of an article that nobody has read nothing else is known."""
    [source] = await discord.follow(EVERYTHING)
    await discord.poll(source, draft(1))

    assert await telling(discord) == "The article is still to be read."


async def test_what_came_before_the_watch_says_so(discord: World) -> None:
    """A watch for which nothing was read tells nothing of what was read before it."""
    await told(discord)

    said = await telling(discord, Watch(id=99, name="New", query="x"))

    assert said.startswith("It was read before the watch was as it is now")


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        pytest.param(None, "About to be told in <#70>.", id="pending"),
        pytest.param(Sent(message_id=1), "Told in <#70>.", id="sent"),
        pytest.param(Later(reason="503 of Discord"), "About to be told in <#70>: 503 of Discord.", id="again"),
        pytest.param(Broken(reason="403 (50013)"), "Held back in <#70>: 403 (50013).", id="held"),
        pytest.param(Refused(reason="400 (50035)"), "Could not be told in <#70>: 400 (50035).", id="dead"),
        pytest.param(Gone(reason="it has gone"), "No longer told in <#70>: it has gone.", id="gone"),
    ],
)
async def test_a_match_that_has_a_delivery_says_how_it_stands(discord: World, outcome: Outcome | None, said: str) -> None:
    """Whatever became of it, the channel is named, and the reason where there is one."""
    await told(discord)
    if outcome is not None:
        [due] = await discord.due()
        await discord.store.deliveries.settle(await discord.claim(due), outcome, discord.now)

    assert await telling(discord) == said


async def test_a_claimed_delivery_is_about_to_be_told(discord: World) -> None:
    """While it is under way nobody knows more."""
    await told(discord)
    await discord.claim((await discord.due())[0])

    assert await telling(discord) == "About to be told in <#70>."


async def test_a_delivery_in_doubt_was_perhaps_told(discord: World) -> None:
    """Where nobody can look, nobody claims to know."""
    await told(discord)
    claimed = await discord.claim((await discord.due())[0])
    await discord.store.deliveries.leave_in_doubt(claimed, "history is hidden", discord.now)

    assert await telling(discord) == "Perhaps told in <#70>: nobody can tell: history is hidden."


async def test_what_a_cap_has_folded_names_the_cap(discord: World) -> None:
    """What stands on the card of many says where, and what to set."""
    [source] = await discord.follow(replace(EVERYTHING, per_poll=1))
    await discord.poll(source, *(draft(number) for number in range(1, 4)))
    await discord.read(match())

    folded = await telling(discord, number=1)

    assert folded == "A cap put it into one card with others in <#70> (/setup caps)."


async def test_an_article_that_was_too_old_says_so(discord: World) -> None:
    """The rule that kept an article back is named."""
    [source] = await discord.follow(EVERYTHING)
    old = draft(1, published=Dated(at=discord.now - 9 * DAY, rule="test"))
    await discord.poll(source, old, told_from=discord.now - 7 * DAY)
    await discord.read(match())

    said = "It was not told: it was published before 2026-10-26, too long ago when it came (max_age)."
    assert await telling(discord) == said


async def test_an_article_that_its_source_had_at_first_says_so(discord: World) -> None:
    """What the first run keeps back names that rule, too."""
    [source] = await discord.follow(feed(first_run=FirstRun.SILENT))
    await discord.poll(source, draft(1))
    await discord.read(match())

    assert await telling(discord) == "It was not told: nothing of the first poll of its source is told (first_run)."


async def test_what_came_during_a_pause_of_its_source_says_so(discord: World) -> None:
    """A server that rests from a source is not told of what comes meanwhile."""
    [source] = await discord.follow(EVERYTHING)
    await discord.store.follows.pause(7, source.id, now=discord.now)
    await discord.poll(source, draft(1))
    await discord.read(match())

    assert await telling(discord) == "It was not told: its source was paused here when it came."


async def test_where_no_channel_is_chosen_the_command_is_named() -> None:
    """A server without a channel learns how to get one."""
    world = await make_world(discord=True)
    await told(world)

    assert await telling(world) == "It was not told: no channel has been chosen yet (/setup channel)."


async def test_a_channel_that_was_chosen_later_says_so() -> None:
    """What was read before there was a channel is told in none."""
    world = await make_world(discord=True)
    await told(world)
    await world.store.places.set_channel(7, 70, now=world.now)

    assert "it was chosen later" in await telling(world)


async def test_an_article_that_is_not_seen_is_not_there(discord: World) -> None:
    """What is in no archive is not explained."""
    assert await discord.store.explanations.article(SEVEN, "https://wire.example/none") is None
