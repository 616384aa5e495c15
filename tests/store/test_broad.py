"""What a watch may not hang on alone, over a real archive."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.errors import Unanswerable
from bot.matching.queries.query import Interpreter
from bot.model import Catalogue, Mention, Reading, Rules, Strength, Topic, Viewer, WatchDraft
from tests.store.conftest import NOW, World, draft, folder, make_world
from tests.store.test_watch_desk import desk

HERE = Viewer(server=7)
TOPICS = Catalogue(topics=tuple(Topic(id=name, name=name.title(), phrases=(name,)) for name in ("weather", "storms")))


class TopicsAlone:
    """What names mean where nothing but these topics is known (the protocol `ports.Meanings`)."""

    def catalogue(self, rules: Rules, server: int) -> Catalogue:
        return TOPICS

    def understand(self, rules: Rules, server: int, *, author: int | None = None) -> Interpreter:
        return Interpreter(TOPICS)


def perhaps(number: int) -> Iterator[Mention]:
    for name, share in (("weather", 40), ("storms", 20)):
        if number < share:
            yield Mention(subject=f"topic:{name}", strength=Strength.UNSURE, body=1)


@pytest.fixture
async def archive() -> World:
    """Make an archive of sixty articles: weather may be in forty of them, storms in twenty, none of them for certain."""
    made = await make_world(discord=True)
    [source] = await made.follow(folder())
    await made.poll(source, *(draft(number) for number in range(60)))
    readings = [
        Reading(article_id=article.id, revision=article.revision, mentions=tuple(perhaps(number)))
        for number, article in enumerate(await made.lease())
    ]
    assert await made.store.analysis.record_readings(readings, made.rules.number, now=NOW)
    return made


@pytest.mark.parametrize(
    ("query", "said"),
    [
        pytest.param("topic:weather", "topic:weather is found, or may be, in 40 of the newest 60 articles", id="a topic"),
        pytest.param("walrus OR topic:weather", "in 40 of the newest 60", id="one way of two"),
        pytest.param('"said on Monday"', "“said on Monday” stands in nearly every article", id="common words"),
        pytest.param("the*", "“the” stands in nearly every article", id="a common beginning"),
    ],
)
async def test_what_is_in_nearly_every_article_is_refused_alone(archive: World, query: str, said: str) -> None:
    """A watch that would tell of nearly everything is refused before it is looked at, with the reason and the mend."""
    orders = replace(desk(archive), meanings=TopicsAlone())

    with pytest.raises(Unanswerable, match=said):
        await orders.look(HERE, WatchDraft(name="Broad", query=query))


@pytest.mark.parametrize("query", ["topic:storms", "topic:weather AND walrus"])
async def test_what_says_something_in_particular_is_not_refused(archive: World, query: str) -> None:
    """A topic of a third of the articles is one, and a broad one is welcome beside something else."""
    orders = replace(desk(archive), meanings=TopicsAlone())

    assert (await orders.look(HERE, WatchDraft(name="Fine", query=query))).key


async def test_a_small_archive_refuses_nothing() -> None:
    """Of a few articles no share can be told."""
    made = await make_world(discord=True)
    orders = replace(desk(made), meanings=TopicsAlone())

    assert (await orders.look(HERE, WatchDraft(name="New", query="topic:weather"))).key
