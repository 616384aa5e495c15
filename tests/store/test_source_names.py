"""Laws of what the source of an article is called: by the config and by each server, wherever a query may ask for it."""

from __future__ import annotations

import pytest

from bot.model import Article, FirstRun, Opinion, SourceName, Viewer
from tests.store.conftest import World, draft, feed, match

SEVEN = Viewer(server=7)
NAMES = {SourceName("Wire"), SourceName("Morning Post", 7), SourceName("Evening Post", 8), SourceName("wire.example")}
OURS = {one for one in NAMES if one.server != 8}


@pytest.fixture
async def leased(discord: World) -> Article:
    """Have a feed that the config and two servers follow, each by a name of its own, and one article of it read and told."""
    follows = (feed(first_run=FirstRun.ALL), feed("Morning Post", server=7), feed("Evening Post", server=8))
    [source] = await discord.follow(*follows)
    await discord.poll(source, draft(1))
    [article] = await discord.read(match())
    return article


async def test_a_reader_is_given_all_names_with_whose_they_are(leased: Article) -> None:
    """Watches of all servers are judged over it, each by the names that its server knows."""
    assert set(leased.sources) == NAMES


async def test_who_asks_why_has_their_own_names(discord: World, leased: Article) -> None:
    """What is explained is told apart by the same names as when it was read."""
    article = await discord.store.explanations.article(SEVEN, leased.id)

    assert article is not None
    assert set(article.sources) == OURS


async def test_what_was_judged_has_its_names(discord: World, leased: Article) -> None:
    """A change of a watch is tried on judged articles, and the watch may ask for their source."""
    [due] = await discord.due()
    await discord.store.feedback.keep(Opinion(server=7, watch_id=1, delivery_id=due.id, user=1, relevant=True), now=discord.now)

    [judged] = await discord.store.feedback.judged(SEVEN, 1)

    assert judged.article.id == leased.id
    assert set(judged.article.sources) == OURS
