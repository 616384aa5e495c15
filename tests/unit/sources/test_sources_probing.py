"""Looking at feeds for people: found at an address or on a page, and checked as a poll would, without a trace."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import ParamSpec, TypeVar

import pytest

from bot.errors import BlockedAddress, SourceError
from bot.model import FeedLink, FirstRun, Probe, Source, SourceKind
from bot.settings import Http
from bot.sources.feeds import probing
from bot.sources.feeds.collector import digest
from bot.sources.feeds.discovery import USUAL_PATHS
from bot.sources.feeds.parsing import Parsing
from bot.sources.feeds.probing import FeedProber, reading
from bot.sources.web.answers import Hop, Response
from bot.sources.web.http import Client
from bot.workers import Workers

_P = ParamSpec("_P")
_R = TypeVar("_R")

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SITE = "https://news.example"
ITEMS = "".join(f"<item><title>Story {number}</title><guid>{number}</guid></item>" for number in range(5))
FEED = f"<rss version='2.0'><channel><title>World &amp; Co</title>{ITEMS}</channel></rss>".encode()
SOURCE = Source(
    id=1, kind=SourceKind.FEED, address=f"{SITE}/feed", name="News", every=timedelta(minutes=15), first_run=FirstRun.LATEST
)


class Site(Client):
    """A client for a site that stands in a table; what is not in it is 404."""

    def __init__(self, **bodies: bytes) -> None:
        super().__init__(Http())
        self.bodies = {f"{SITE}/{path.strip('/')}": body for path, body in bodies.items()}
        self.redirects: dict[str, str] = {}
        self.asked: list[str] = []
        self.conditions: list[Mapping[str, str]] = []
        self.refuses: Response | SourceError | None = None

    async def get(self, url: str, headers: Mapping[str, str] | None = None, *, subscribers: int = 0) -> Response:
        self.asked.append(url.removeprefix(SITE))
        self.conditions.append({name: value for name, value in (headers or {}).items() if name.startswith("If-")})
        if isinstance(self.refuses, SourceError):
            raise self.refuses
        if self.refuses is not None:
            return self.refuses
        hops = (Hop(status=301, origin=url, target=self.redirects[url]),) if url in self.redirects else ()
        url = self.redirects.get(url, url)
        if self.conditions[-1].get("If-None-Match") == '"now"':
            return Response(status=304, headers={}, body=b"", url=url)
        body = self.bodies.get(url)
        status = HTTPStatus.NOT_FOUND if body is None else HTTPStatus.OK
        return Response(status=status, headers={"content-type": "x"}, body=body or b"", url=url, hops=hops)


class Inline(Workers):
    """Workers that run in this process."""

    async def run(self, function: Callable[_P, _R], /, *args: _P.args, **kwargs: _P.kwargs) -> _R:
        return function(*args, **kwargs)


def prober(site: Client) -> FeedProber:
    workers = Inline(timeout=timedelta(seconds=1))
    return FeedProber(site, workers, read=reading(Parsing(quick=workers, patient=workers), lambda: NOW), clock=lambda: NOW)


def page(*hrefs: str) -> bytes:
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="{href}" title="{href}">' for href in hrefs)
    return f"<!doctype html><html><head>{links}</head></html>".encode()


async def test_a_feed_is_found_at_its_address() -> None:
    """A feed gives its title, how many entries it has, and the newest three."""
    found = await prober(Site(feed=FEED)).find(f"{SITE}/feed")

    assert isinstance(found, Probe)
    assert (found.address, found.status, found.title, found.entries, found.rules) == (f"{SITE}/feed", 200, "World & Co", 5, ())
    assert [draft.title for draft in found.newest] == ["Story 0", "Story 1", "Story 2"]


async def test_a_page_that_names_one_feed_leads_to_it() -> None:
    """The only feed of a page needs no choice."""
    site = Site(**{"": page("/rss"), "rss": FEED})

    found = await prober(site).find(f"{SITE}/")

    assert isinstance(found, Probe)
    assert (found.address, site.asked) == (f"{SITE}/rss", ["/", "/rss"])


async def test_a_page_that_names_several_feeds_leaves_the_choice() -> None:
    """Several feeds are returned as they are named, and none of them is asked."""
    site = Site(**{"": page("/rss", "/sport")})

    found = await prober(site).find(f"{SITE}/")

    assert found == (FeedLink(address=f"{SITE}/rss", title="/rss"), FeedLink(address=f"{SITE}/sport", title="/sport"))
    assert site.asked == ["/"]


async def test_a_page_that_names_none_is_tried_at_the_usual_places() -> None:
    """Where a page names no feed, a few paths are tried in order, and the first feed is taken."""
    site = Site(**{"": page(), "feed": page(), "rss.xml": FEED})

    found = await prober(site).find(f"{SITE}/")

    assert isinstance(found, Probe)
    assert (found.address, site.asked) == (f"{SITE}/rss.xml", ["/", "/feed", "/rss", "/rss.xml"])


async def test_a_site_without_a_feed_is_asked_a_few_times_and_no_more() -> None:
    """The search is bounded, and ends with what to do."""
    site = Site(**{"": page()})

    with pytest.raises(SourceError, match="names no feed: give the address of the feed itself"):
        await prober(site).find(f"{SITE}/")

    assert len(site.asked) == 1 + len(USUAL_PATHS)


@pytest.mark.parametrize(
    ("body", "said"),
    [pytest.param(b"<svg/>", "XML of another kind", id="no feed"), pytest.param(b"", "empty body", id="empty")],
)
async def test_what_is_neither_feed_nor_page_is_refused(body: bytes, said: str) -> None:
    """What stands at an address is said, with the address."""
    with pytest.raises(SourceError, match=f"news.example/x: .*{said}"):
        await prober(Site(x=body)).find(f"{SITE}/x")


async def test_a_redirect_and_faults_are_told() -> None:
    """What applied on the way is part of the answer; the address is the one that was asked."""
    site = Site(new=FEED.replace(b"Story 0</title>", b"Story 0</titel>"))
    site.redirects[f"{SITE}/old"] = f"{SITE}/new"

    found = await prober(site).find(f"{SITE}/old")

    assert isinstance(found, Probe)
    assert found.address == f"{SITE}/old"
    assert found.rules[0] == f"It redirects (301) to {SITE}/new."
    assert found.rules[1].startswith("It is read in spite of faults: ")


async def test_a_check_that_finds_nothing_changed_shows_what_is_there() -> None:
    """A 304 is said, and the whole is asked for once more, so that there is something to see."""
    site = Site(feed=FEED)

    checked = await prober(site).check(SOURCE, {"etag": '"now"'})

    assert (checked.status, checked.entries, site.asked) == (304, 5, ["/feed", "/feed"])
    assert site.conditions == [{"If-None-Match": '"now"'}, {}]
    assert checked.rules == ("Nothing has changed since the last poll, so a poll would end here.",)


async def test_a_check_knows_the_same_bytes_again() -> None:
    """A server without validators that gives the same body is seen through."""
    checked = await prober(Site(feed=FEED)).check(SOURCE, {"body": digest(FEED)})

    assert (checked.status, [rule[:30] for rule in checked.rules]) == (200, ["It is byte for byte what it wa"])


@pytest.mark.parametrize(
    ("answer", "said", "pause"),
    [
        pytest.param(
            Response(status=429, headers={"retry-after": "90"}, body=b"", url=f"{SITE}/feed"),
            "answers 429: it wants to be left alone",
            timedelta(seconds=90),
            id="retry after",
        ),
        pytest.param(Response(status=410, headers={}, body=b"", url=f"{SITE}/feed"), "answers 410", None, id="gone"),
        pytest.param(SourceError("No network."), "No network", None, id="unreachable"),
    ],
)
async def test_a_check_that_gets_nothing_says_which_rule(
    answer: Response | SourceError, said: str, pause: timedelta | None
) -> None:
    """What refuses a check is a sentence, with the pause that was asked for."""
    site = Site()
    site.refuses = answer

    with pytest.raises(SourceError, match=said) as refused:
        await prober(site).check(SOURCE, {})

    assert refused.value.retry_after == pause


async def test_a_look_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody waits, so a host that keeps everybody waiting is left alone."""
    monkeypatch.setattr(probing, "PATIENCE", timedelta(0))

    with pytest.raises(SourceError, match="could not be looked at within 0 s"):
        await prober(Slow()).find(f"{SITE}/")


class Slow(Client):
    """A client that is never answered."""

    def __init__(self) -> None:
        super().__init__(Http())

    async def get(self, url: str, headers: Mapping[str, str] | None = None, *, subscribers: int = 0) -> Response:
        await asyncio.Event().wait()
        raise AssertionError


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("https://news.example/feed", "https://news.example/feed"),
        (" news.example/feed ", "https://news.example/feed"),
        ("http://news.example:8080/", "http://news.example:8080/"),
    ],
)
def test_an_address_is_written_in_full(written: str, address: str) -> None:
    """Who leaves out https:// means it."""
    assert prober(Site()).address(written) == address


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        pytest.param("file:///etc/passwd", SourceError, id="a file"),
        pytest.param("ftp://news.example/", SourceError, id="another protocol"),
        pytest.param("/news/inbox", SourceError, id="a folder"),
        pytest.param("https://me:secret@news.example/", BlockedAddress, id="a password"),
        pytest.param("https://news.example:22/", BlockedAddress, id="another port"),
    ],
)
def test_only_addresses_of_the_web_are_taken(written: str, kind: type[SourceError]) -> None:
    """Folders, files and other protocols cannot be followed by command."""
    with pytest.raises(kind):
        prober(Site()).address(written)
