"""Opinions are kept by server, watch and member, and what became of a match is told by its rule."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import pytest

from bot.errors import Unanswerable
from bot.model import Article, FirstRun, Opinion, Rules, Sent, Trace, Viewer, Watch
from bot.questions.why import Explaining
from tests.store.conftest import World, draft, feed, folder, match

SEVEN, NINE = Viewer(server=7), Viewer(server=9)


class Nobody:
    """Explains nothing."""

    async def explain(self, article: Article, rules: Rules, watches: Sequence[Watch], *, server: int) -> Sequence[Trace]:
        raise AssertionError("there is nothing to explain")


async def told(world: World) -> str:
    """Let one article be told; return its delivery."""
    [source] = await world.follow(feed(first_run=FirstRun.ALL))
    await world.poll(source, draft(1))
    await world.read(match())
    [delivery] = await world.due()
    return delivery.id


def voice(delivery: str, *, user: int = 1, relevant: bool, server: int = 7) -> Opinion:
    return Opinion(server=server, watch_id=1, delivery_id=delivery, user=user, relevant=relevant)


async def test_a_member_has_one_voice_that_can_be_changed(discord: World) -> None:
    """The last word counts, the one before is returned, and others are counted beside it."""
    delivery, feedback = await told(discord), discord.store.feedback

    first = await feedback.keep(voice(delivery, relevant=True), now=discord.now)
    second = await feedback.keep(voice(delivery, relevant=False), now=discord.now)
    await feedback.keep(voice(delivery, user=2, relevant=True), now=discord.now)
    [judged] = await feedback.judged(SEVEN, 1)

    assert (first, second) == (None, True)
    assert (judged.relevant, judged.irrelevant, judged.is_relevant) == (1, 1, None)


async def test_the_voices_of_a_server_are_its_own(discord: World) -> None:
    """Another server neither sees the card nor is counted."""
    delivery, feedback = await told(discord), discord.store.feedback

    await feedback.keep(voice(delivery, server=9, relevant=False), now=discord.now)

    assert [watch_id for watch_id, _ in await feedback.watches_told(SEVEN, delivery)] == [1]
    assert await feedback.watches_told(NINE, delivery) == []
    assert await feedback.judged(NINE, 1) == []


@pytest.mark.parametrize("which", ["nothing", "", "https://"])
async def test_what_names_no_article_is_not_explained(discord: World, which: str) -> None:
    """An article without an address is not the answer to a question that holds none."""
    [source] = await discord.follow(folder())
    await discord.poll(source, draft(url=""))
    explaining = Explaining(
        archive=discord.store.archive,
        explanations=discord.store.explanations,
        explainer=Nobody(),
        rules=discord.store.analysis.rules,
    )

    with pytest.raises(Unanswerable, match=r"no link|not in the archive"):
        await explaining.explain(SEVEN, which)


async def _pause(world: World) -> None:
    [watch] = world.rules.watches
    assert await world.store.watches.pause(7, watch, paused=True, now=world.now)


async def _tell_elsewhere(world: World) -> None:
    [watch] = world.rules.watches
    assert await world.store.watches.route(7, watch, (71,), now=world.now)


async def _change_the_text(world: World) -> None:
    [source] = await world.follow(feed(first_run=FirstRun.ALL))
    await world.poll(source, draft(1, text="Nothing of it."))
    await world.read()


@pytest.mark.parametrize("meanwhile", [_pause, _tell_elsewhere, _change_the_text])
async def test_what_a_card_names_can_be_judged_and_explained(
    discord: World, meanwhile: Callable[[World], Awaitable[None]]
) -> None:
    """A posted card is what it was, though its watch is paused or told elsewhere since, or its evidence went."""
    delivery = await told(discord)
    [due] = await discord.due()
    await discord.store.deliveries.settle(await discord.claim(due), Sent(message_id=1), discord.now)

    await meanwhile(discord)

    await discord.store.feedback.keep(voice(delivery, relevant=False), now=discord.now)
    assert [one.irrelevant for one in await discord.store.feedback.judged(SEVEN, 1)] == [1]
    assert [reason.watch for reason in await discord.store.archive.reasons(SEVEN, delivery)] == ["North Korea"]


async def test_of_a_watch_that_has_gone_nothing_is_kept(discord: World) -> None:
    """A card whose watch has left the config has no reasons any more."""
    delivery = await told(discord)

    await discord.store.copy_config([], [], now=discord.now)

    assert await discord.store.feedback.watches_told(SEVEN, delivery) == []
    assert await discord.store.archive.reasons(SEVEN, delivery) == []


async def test_a_voice_counts_once_though_the_card_has_another_article_since(discord: World) -> None:
    """Whoever has judged an alert changes their mind on it, and joins others, when a stronger copy has come into its story."""
    delivery, feedback = await told(discord), discord.store.feedback
    await feedback.keep(voice(delivery, relevant=True), now=discord.now)
    [_, copy] = await discord.follow(feed(first_run=FirstRun.ALL), feed("Copy", "https://copy.example/feed"))
    await discord.poll(copy, draft(1, guid="copy", text="Told in other words."))
    await discord.read(match(score=0.9))

    before = await feedback.keep(voice(delivery, relevant=False), now=discord.now)
    await feedback.keep(voice(delivery, user=2, relevant=False), now=discord.now)
    judged = await feedback.judged(SEVEN, 1)

    assert before is True
    assert [(one.relevant, one.irrelevant) for one in judged] == [(0, 2)]
