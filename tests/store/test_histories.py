"""What is kept of one article is told whole, and only to who sees it."""

from __future__ import annotations

import pytest

from bot.errors import Unanswerable
from bot.model import FirstRun, Viewer
from bot.questions import ArticleQuestions
from tests.store.conftest import World, draft, feed, match


def asked(world: World) -> ArticleQuestions:
    return ArticleQuestions(archive=world.store.archive, histories=world.store.histories)


async def test_every_change_of_an_article_is_told_the_newest_first(terminal: World) -> None:
    """From each version to the next there is one change, found by link and by number alike."""
    [source] = await terminal.follow(feed())
    for text in ("One ship came.", "Two ships came.", "Two ships came. One left."):
        await terminal.poll(source, draft(1, text=text))

    by_link = await asked(terminal).article(Viewer(), "http://wire.example/1?utm_source=x")
    by_number = await asked(terminal).article(Viewer(), str(by_link.headline.article_id))

    assert [["".join(text for text, _ in edit) for edit in change.sentences] for change in by_link.changes] == [
        ["One left."],
        ["One shipTwo ships came."],
    ]
    assert by_number == by_link


async def test_a_server_is_not_told_of_what_it_does_not_follow(discord: World) -> None:
    """What comes from another server's feed is not in the archive for this one."""
    await discord.store.follows.add(feed(server=8, first_run=FirstRun.ALL), now=discord.now)
    [source] = await discord.store.sources.all_sources()
    await discord.poll(source, draft(1))

    seen = await asked(discord).article(Viewer(server=8), "https://wire.example/1")
    with pytest.raises(Unanswerable, match="not in the archive"):
        await asked(discord).article(Viewer(server=7), "https://wire.example/1")

    assert seen.headline.title == "Title 1"


async def test_what_is_no_link_is_explained(terminal: World) -> None:
    """Words are no address of an article."""
    with pytest.raises(Unanswerable, match="no link"):
        await asked(terminal).article(Viewer(), "the one about ships")


async def test_articles_are_offered_by_the_words_of_their_titles(terminal: World) -> None:
    """All words that were typed have to stand in the title, in whatever order."""
    [source] = await terminal.follow(feed(first_run=FirstRun.ALL))
    await terminal.poll(source, draft(1, title="Ships leave the port"), draft(2, title="Ships arrive"))
    await terminal.read(match())

    offered = await asked(terminal).offered(Viewer(), "port ships")

    assert [one.title for one in offered] == ["Ships leave the port"]


async def test_the_other_sources_of_an_article_are_named(terminal: World) -> None:
    """Exact copies from elsewhere belong to its history."""
    first, second = await terminal.follow(
        feed(first_run=FirstRun.ALL), feed("Other", "https://other.example/feed", first_run=FirstRun.ALL)
    )
    text = "The same words stand here. " * 20
    await terminal.poll(first, draft(1, text=text))
    await terminal.poll(second, draft(2, text=text, url="https://other.example/2"))
    await terminal.read(match())

    history = await asked(terminal).article(Viewer(), "https://wire.example/1")

    assert history.copies == ("Other",)
