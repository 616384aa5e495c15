"""The feed server answers as a polite web server does, and fails as an impolite one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import aiohttp
import feedparser
import pytest
import pytest_asyncio

from .feeds import FeedServer, Item, Trouble, atom, rss

ITEM = Item(
    title="Ferries & “tides”",
    text="The <b>ferry</b> waits.",
    link="https://example.org/a?b=1&c=2",
    guid="ferry-1",
    published=datetime(2026, 3, 1, 8, 30, tzinfo=UTC),
)


@pytest_asyncio.fixture
async def feeds() -> AsyncIterator[FeedServer]:
    """Serve feeds."""
    async with FeedServer() as feeds:
        yield feeds


@pytest.mark.parametrize("write", [pytest.param(rss, id="rss"), pytest.param(atom, id="atom")])
def test_what_is_written_is_what_is_read(write: object) -> None:
    """A reader of feeds finds each part of an item again."""
    assert callable(write)

    feed = feedparser.parse(write("Harbour", [ITEM]))

    (entry,) = feed.entries
    assert (feed.bozo, feed.feed.title) == (False, "Harbour")
    assert (entry.title, entry.link, entry.id) == (ITEM.title, ITEM.link, ITEM.guid)
    assert entry.published_parsed[:5] == (2026, 3, 1, 8, 30)


@pytest.mark.parametrize("write", [pytest.param(rss, id="rss"), pytest.param(atom, id="atom")])
def test_an_item_may_lack_all_but_its_text(write: object) -> None:
    """Neither link, key nor date is made up."""
    assert callable(write)

    (entry,) = feedparser.parse(write("Harbour", [Item(title="Bare", text="Bare.")])).entries

    assert entry.title == "Bare"
    assert not entry.get("link")
    assert "published" not in entry


async def test_an_unchanged_body_is_not_sent_again(feeds: FeedServer) -> None:
    """The validator of the body is answered 304 until the body changes."""
    url = feeds.serve("/feed", rss("Harbour", [ITEM]))

    async with aiohttp.ClientSession() as session:
        async with session.get(url) as first:
            etag = first.headers["ETag"]
        async with session.get(url, headers={"If-None-Match": etag}):
            pass
        feeds.serve("/feed", rss("Harbour", []))
        async with session.get(url, headers={"If-None-Match": etag}):
            pass

    await feeds.answered("/feed", times=3)
    assert [one.status for one in feeds.requests("/feed")] == [200, 304, 200]


async def test_a_trouble_is_met_once(feeds: FeedServer) -> None:
    """After its troubles a path is served again."""
    url = feeds.serve("/feed", "text", content_type="text/plain")
    feeds.fail("/feed", Trouble(status=503, headers={"Retry-After": "7"}))

    async with aiohttp.ClientSession() as session:
        async with session.get(url) as troubled:
            pass
        async with session.get(url) as served:
            pass

    assert (troubled.status, troubled.headers["Retry-After"], served.status) == (503, "7", 200)


async def test_a_hanging_path_answers_nothing(feeds: FeedServer) -> None:
    """Who asks runs into the own time limit; the request is on record."""
    url = feeds.url("/feed")
    feeds.fail("/feed", Trouble(hang=True))

    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=0.1)) as session:
        with pytest.raises(TimeoutError):
            await session.get(url)

    assert [one.status for one in feeds.requests("/feed")] == [0]
    with pytest.raises(TimeoutError, match="was not answered"):
        await feeds.answered("/feed", timeout_s=0.01)


async def test_a_redirect_leads_to_another_path(feeds: FeedServer) -> None:
    """The old address names the new one; an unknown one is 404."""
    old = feeds.redirect("/old", feeds.url("/new"))

    async with aiohttp.ClientSession() as session, session.get(old) as found:
        pass

    assert (found.status, str(found.url)) == (404, feeds.url("/new"))
