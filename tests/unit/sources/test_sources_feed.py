"""Collecting feeds: asking for what changed, and keeping what the next poll must know."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import ParamSpec, TypeVar

import pytest
from aiohttp import web

from bot.errors import ReadingError, SourceError
from bot.model import Collected, FirstRun, Source, SourceKind
from bot.settings import Http
from bot.sources.answers import Response
from bot.sources.feed import FeedCollector
from bot.sources.http import Client
from bot.workers import Workers
from tests.unit.sources.conftest import Serve

_P = ParamSpec("_P")
_R = TypeVar("_R")

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SOURCE = Source(
    id=1,
    kind=SourceKind.FEED,
    address="https://news.example/feed?key=secret",
    name="News",
    every=timedelta(minutes=15),
    first_run=FirstRun.LATEST,
)
BODY = b"<rss version='2.0'><channel><item><title>Envoys meet</title><guid>1</guid></item></channel></rss>"


class Answers(Client):
    """A client that gives prepared answers and remembers what it was asked."""

    def __init__(self, *answers: Response | SourceError) -> None:
        super().__init__(Http())
        self._answers = list(answers)
        self.asked: list[dict[str, str]] = []

    async def get(self, url: str, headers: Mapping[str, str] | None = None, *, subscribers: int = 0) -> Response:
        self.asked.append({"url": url, **(headers or {})})
        answer = self._answers.pop(0)
        if isinstance(answer, SourceError):
            raise answer
        return answer


class Inline(Workers):
    """Workers that run in this process and count how often."""

    def __init__(self, *, fails: bool = False) -> None:
        super().__init__(timeout=timedelta(seconds=1))
        self._fails = fails
        self.runs = 0

    async def run(self, function: Callable[_P, _R], /, *args: _P.args, **kwargs: _P.kwargs) -> _R:
        self.runs += 1
        if self._fails:
            raise ReadingError("it took longer than 1 s and was given up.")
        return function(*args, **kwargs)


def answer(status: int = 200, body: bytes = BODY, **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status=status, headers=named, body=body, url="https://news.example/feed?key=secret")


def remembered(marks: Mapping[str, str], collected: Collected) -> dict[str, str]:
    """Do to marks what the store does."""
    changed = {mark.key: mark.value for mark in collected.marks}
    return {key: value for key, value in ({**marks, **changed}).items() if value is not None}


def collector(client: Client, workers: Workers | None = None) -> FeedCollector:
    return FeedCollector(client, workers or Inline(), clock=lambda: NOW)


async def test_a_first_poll_asks_without_conditions_and_keeps_the_validators() -> None:
    """What the server said of its answer is kept byte for byte."""
    client = Answers(answer(etag='W/"a b"', last_modified="Mon, 23 Nov 2026 10:00:00 GMT"))

    collected = await collector(client).collect(SOURCE, {})

    assert [draft.title for draft in collected.drafts] == ["Envoys meet"]
    assert client.asked[0].keys() == {"url", "Accept"}
    marks = remembered({}, collected)
    assert (marks["etag"], marks["last-modified"]) == ('W/"a b"', "Mon, 23 Nov 2026 10:00:00 GMT")


async def test_a_later_poll_gives_the_validators_back_as_they_were() -> None:
    """If-None-Match and If-Modified-Since are the server's own words."""
    client = Answers(answer(etag='W/"a b"', last_modified="yesterday"), answer(304, b""))
    marks = remembered({}, await collector(client).collect(SOURCE, {}))

    collected = await collector(client).collect(SOURCE, marks)

    assert (client.asked[1]["If-None-Match"], client.asked[1]["If-Modified-Since"]) == ('W/"a b"', "yesterday")
    assert collected == Collected()


async def test_a_validator_that_is_not_there_is_not_sent() -> None:
    """An empty condition is never made."""
    client = Answers(answer(etag=""), answer())
    marks = remembered({}, await collector(client).collect(SOURCE, {}))

    await collector(client).collect(SOURCE, {**marks, "last-modified": ""})

    assert client.asked[1].keys() == {"url", "Accept"}


async def test_an_answer_of_nothing_new_refreshes_the_validators() -> None:
    """304 may bring new validators (RFC 9111, section 4.3.4); what it leaves out stays."""
    client = Answers(answer(etag='"1"', last_modified="then"), answer(304, b"", etag='"2"'))
    marks = remembered({}, await collector(client).collect(SOURCE, {}))

    collected = await collector(client).collect(SOURCE, marks)

    after = remembered(marks, collected)
    assert (after["etag"], after["last-modified"]) == ('"2"', "then")
    assert after["body"] == marks["body"]


async def test_the_same_body_is_not_parsed_again() -> None:
    """A server without validators costs a download, not a parse."""
    workers = Inline()
    feeds = collector(Answers(answer(), answer(etag='"new"')), workers)
    marks = remembered({}, await feeds.collect(SOURCE, {}))

    collected = await feeds.collect(SOURCE, marks)

    assert workers.runs == 1
    assert collected.drafts == ()
    assert remembered(marks, collected)["etag"] == '"new"'


async def test_a_changed_body_is_parsed_and_forgets_the_old_validators() -> None:
    """Validators belong to the answer they came with."""
    client = Answers(answer(etag='"1"'), answer(body=BODY.replace(b"meet", b"part")))
    marks = remembered({}, await collector(client).collect(SOURCE, {}))

    collected = await collector(client).collect(SOURCE, marks)

    assert [draft.title for draft in collected.drafts] == ["Envoys part"]
    assert "etag" not in remembered(marks, collected)


async def test_validators_of_an_answer_that_may_not_be_kept_are_not_kept() -> None:
    """`Expires: 0` makes them worthless."""
    client = Answers(answer(etag='"1"', expires="0"))

    assert "etag" not in remembered({}, await collector(client).collect(SOURCE, {}))


async def test_a_feed_is_read_anew_when_the_way_of_reading_changed() -> None:
    """Marks of an older reader bring neither conditions nor the short cut over the body."""
    client = Answers(answer(etag='"1"'), answer())
    marks = remembered({}, await collector(client).collect(SOURCE, {}))

    collected = await collector(client).collect(SOURCE, {**marks, "reader": "0"})

    assert "If-None-Match" not in client.asked[1]
    assert len(collected.drafts) == 1


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (304, "no answer to a request"),
        (204, "no answer to a request"),
        (401, "does not let the bot in"),
        (403, "does not let the bot in"),
        (404, "nothing at this address"),
        (410, "gone for good"),
        (429, "left alone"),
        (500, "fault of its own"),
        (503, "left alone"),
    ],
)
async def test_an_answer_without_a_feed_is_a_failure_in_words(status: int, words: str) -> None:
    """Each status is one sentence with the address, without what may be secret in it."""
    with pytest.raises(SourceError, match=words) as caught:
        await collector(Answers(answer(status, b""))).collect(SOURCE, {})

    assert str(caught.value).startswith(f"https://news.example/feed answers {status}: ")
    assert not caught.value.unreachable


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        ({"retry_after": "120"}, timedelta(seconds=120)),
        ({"retry_after": "9999999999999"}, timedelta(hours=24)),
        ({"retry_after": "Tue, 24 Nov 2026 12:30:00 GMT"}, timedelta(minutes=30)),
        ({"retry_after": "Tue, 24 Nov 2026 12:30:00 GMT", "date": "Tue, 24 Nov 2026 12:20:00 GMT"}, timedelta(minutes=10)),
        ({"retry_after": "Tue, 24 Nov 2026 11:00:00 GMT"}, timedelta()),
        ({"retry_after": "Tue, 24 Nov 2026 12:30:00"}, None),
        ({"retry_after": "soon"}, None),
        ({}, None),
    ],
    ids=["seconds", "too long", "date", "date by the server's clock", "past", "no zone", "words", "none"],
)
async def test_a_server_that_wants_a_pause_gets_it(status: int, headers: dict[str, str], pause: timedelta | None) -> None:
    """Retry-After is seconds or a date by the server's own clock, and at most a day."""
    with pytest.raises(SourceError) as caught:
        await collector(Answers(answer(status, b"", **headers))).collect(SOURCE, {})

    assert caught.value.retry_after == pause


async def test_a_failure_on_the_way_goes_through() -> None:
    """What the client could not reach stays told as it told it."""
    fault = SourceError("no network", unreachable=True)

    with pytest.raises(SourceError) as caught:
        await collector(Answers(fault)).collect(SOURCE, {})

    assert caught.value is fault


@pytest.mark.parametrize(("body", "fails", "words"), [(b"<html></html>", False, "web page"), (BODY, True, "longer than 1 s")])
async def test_a_document_that_cannot_be_read_is_a_failure_with_the_address(body: bytes, *, fails: bool, words: str) -> None:
    """What is wrong with a document, and a parser that was ended, are told of the feed."""
    with pytest.raises(SourceError, match=words) as caught:
        await collector(Answers(answer(body=body)), Inline(fails=fails)).collect(SOURCE, {})

    assert str(caught.value).startswith("https://news.example/feed: ")


async def test_a_broken_feed_with_entries_is_collected() -> None:
    """Faults that leave entries are a warning."""
    collected = await collector(Answers(answer(body=BODY.removesuffix(b"</channel></rss>")))).collect(SOURCE, {})

    assert len(collected.drafts) == 1


async def test_a_feed_is_collected_from_a_server(serve: Serve) -> None:
    """From the request to the drafts: a redirect, a real parse, and 304 the second time."""

    async def handle(request: web.Request) -> web.Response:
        if request.path == "/old":
            return web.Response(status=301, headers={"Location": "/new/feed"})
        if request.headers.get("If-None-Match") == '"1"':
            return web.Response(status=304)
        return web.Response(body=BODY.replace(b"<guid>", b"<link>a</link><guid>"), headers={"ETag": '"1"'})

    server = await serve(handle)
    source = Source(
        id=1,
        kind=SourceKind.FEED,
        address=str(server.make_url("/old")),
        name="News",
        every=timedelta(minutes=15),
        first_run=FirstRun.ALL,
    )

    async with Client(Http(allow_hosts=(f"127.0.0.1:{server.port}",))) as client:
        feeds = FeedCollector(client, Inline())
        first = await feeds.collect(source, {})
        second = await feeds.collect(source, remembered({}, first))

    assert [draft.url for draft in first.drafts] == [str(server.make_url("/new/a"))]
    assert second == Collected()
