"""What a press on Relevant or Not relevant keeps, and what the presser is told."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.errors import Unanswerable
from bot.matching.queries.meanings import Meanings
from bot.model import Article, FirstRun, Rules, Trace, Viewer, Watch
from bot.questions.feedback import FeedbackDesk
from tests.store.conftest import World, draft, feed, make_world, match

SEVEN = Viewer(server=7)


class Nobody:
    """Explains nothing, and reads nothing."""

    async def explain(self, article: Article, rules: Rules, watches: Sequence[Watch], *, server: int) -> Sequence[Trace]:
        raise AssertionError("a vote explains nothing")


@pytest.fixture
async def world() -> World:
    """Have one article told in server 7, on a card of two watches."""
    watches = [Watch(name="North Korea", query="actor:north-korea"), Watch(name="Walrus", query="walrus")]
    world = await make_world(discord=True, watches=watches)
    await world.store.places.set_channel(7, 70, now=world.now)
    [source] = await world.follow(feed(first_run=FirstRun.ALL))
    await world.poll(source, draft(1))
    await world.read(match(1), match(2, score=0.6))
    return world


def desk_of(world: World) -> FeedbackDesk:
    store = world.store
    return FeedbackDesk(
        archive=store.archive,
        explanations=store.explanations,
        explainer=Nobody(),
        feedback=store.feedback,
        reader=Nobody(),  # type: ignore[arg-type]  # of a reader, a vote needs nothing
        rules=store.analysis.rules,
        meanings=Meanings(),
        clock=lambda: world.now,
    )


async def card_of(world: World) -> str:
    [due] = await world.due()
    return due.id


async def test_a_card_names_its_watches_the_strongest_first(world: World) -> None:
    """Who presses is asked which of them is meant."""
    asked = await desk_of(world).voted_on(SEVEN, await card_of(world))

    assert [(watch_id, told.watch) for watch_id, told in asked] == [(1, "North Korea"), (2, "Walrus")]


async def test_a_vote_is_noted_for_each_watch_that_is_meant(world: World) -> None:
    """It is kept once however often a watch is named, and for no other watch of the card."""
    said = await desk_of(world).vote(SEVEN, await card_of(world), [2, 2], user=1, relevant=False)

    assert said == "Noted as not relevant for Walrus. /watch report shows what this adds up to."
    judged = [await world.store.feedback.judged(SEVEN, watch_id) for watch_id in (1, 2)]
    assert [[one.irrelevant for one in each] for each in judged] == [[], [1]]


async def test_a_second_vote_changes_the_first(world: World) -> None:
    """Who thinks otherwise is told that the word before is gone; who says the same again is not."""
    desk, card = desk_of(world), await card_of(world)
    await desk.vote(SEVEN, card, [1], user=1, relevant=False)

    again = await desk.vote(SEVEN, card, [1], user=1, relevant=False)
    otherwise = await desk.vote(SEVEN, card, [1, 2], user=1, relevant=True)

    assert again.startswith("Noted as not relevant for North Korea.")
    assert otherwise.startswith("Changed to relevant for North Korea, Walrus.")


@pytest.mark.parametrize(
    ("viewer", "watches", "said"),
    [
        pytest.param(Viewer(), [1], "Only members of a server", id="the operator"),
        pytest.param(SEVEN, [99], "not on the card any more", id="a watch that the card does not name"),
        pytest.param(Viewer(server=9), [1], "Nothing is kept on this card", id="another server"),
    ],
)
async def test_who_cannot_vote_is_told_why(world: World, viewer: Viewer, watches: list[int], said: str) -> None:
    """Nothing is kept of what cannot be meant."""
    with pytest.raises(Unanswerable, match=said):
        await desk_of(world).vote(viewer, await card_of(world), watches, user=1, relevant=True)

    assert await world.store.feedback.judged(Viewer(), 1) == []
