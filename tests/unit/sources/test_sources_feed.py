"""Collecting feeds: asking for what changed, and keeping what the next poll must know."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from operator import add
from typing import Any, ParamSpec, TypeVar

import pytest
from aiohttp import web

from bot.errors import ReadingError, SourceError
from bot.model import Collected, FirstRun, Source, SourceKind
from bot.settings import Http
from bot.sources.feeds.collector import FeedCollector
from bot.sources.feeds.parsing import Parsing
from bot.sources.web.answers import Hop, Response
from bot.sources.web.http import Client
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
        self.subscribers: list[int] = []

    async def get(self, url: str, headers: Mapping[str, str] | None = None, *, subscribers: int = 0) -> Response:
        self.asked.append({"url": url, **(headers or {})})
        self.subscribers.append(subscribers)
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


def answer(status: int = 200, body: bytes = BODY, *, hops: Sequence[Hop] = (), **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    url = hops[-1].target if hops else SOURCE.address
    return Response(status=status, headers=named, body=body, url=url, hops=tuple(hops))


def remembered(marks: Mapping[str, str], collected: Collected) -> dict[str, str]:
    """Do to marks what the store does."""
    changed = {mark.key: mark.value for mark in collected.marks}
    return {key: value for key, value in ({**marks, **changed}).items() if value is not None}


def collector(client: Client, workers: Workers | None = None) -> FeedCollector:
    one = workers or Inline()
    return FeedCollector(client, Parsing(quick=one, patient=one), clock=lambda: NOW)


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
    assert collected == Collected(newest=NOW)


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
        (418, "no answer to a request"),
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
async def test_a_server_that_wants_a_pause_gets_it(status: int, headers: dict[str, Any], pause: timedelta | None) -> None:
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
        feeds = FeedCollector(client, Parsing(quick=Inline(), patient=Inline()))
        first = await feeds.collect(source, {})
        second = await feeds.collect(source, remembered({}, first))

    assert [draft.url for draft in first.drafts] == [str(server.make_url("/new/a"))]
    assert (second.drafts, second.marks[0].key) == ((), "moved")


@pytest.mark.parametrize("status", [304, 204])
async def test_nothing_new_is_no_answer_to_who_has_nothing(status: int) -> None:
    """A server that says nothing changed since nothing was asked, or sends nothing, has not given a feed."""
    with pytest.raises(SourceError, match="no answer to a request"):
        await collector(Answers(answer(status, b""))).collect(SOURCE, {})


@pytest.mark.parametrize(
    ("later", "is_whole"),
    [
        pytest.param(timedelta(hours=12), False, id="fewer than 50 polls"),
        pytest.param(timedelta(hours=12.5), True, id="about the 50th"),
    ],
)
async def test_now_and_then_the_whole_is_asked_for(later: timedelta, *, is_whole: bool) -> None:
    """Servers say wrongly that nothing changed, so that no feed is asked with conditions for ever."""
    client = Answers(answer(etag='"1"'), answer(304, b""), answer(etag='"1"'))
    marks = remembered({}, await collector(client).collect(SOURCE, {}))
    feeds = FeedCollector(client, Parsing(quick=Inline(), patient=Inline()), clock=lambda: NOW + later)
    client._answers = client._answers[is_whole:]

    collected = await feeds.collect(SOURCE, marks)

    assert ("If-None-Match" not in client.asked[1]) is is_whole
    assert collected.drafts == ()
    assert (remembered(marks, collected)["whole"] != marks["whole"]) is is_whole


async def test_a_slow_feed_is_asked_for_the_whole_once_a_day() -> None:
    """Fifty polls of a feed that is asked every few hours would be a week."""
    client = Answers(answer(etag='"1"'), answer(etag='"1"'))
    slow = replace(SOURCE, every=timedelta(hours=6))
    marks = remembered({}, await collector(client).collect(slow, {}))
    feeds = FeedCollector(client, Parsing(quick=Inline(), patient=Inline()), clock=lambda: NOW + timedelta(hours=24))

    await feeds.collect(slow, marks)

    assert "If-None-Match" not in client.asked[1]


async def test_after_a_failure_the_whole_is_asked_for() -> None:
    """Validators may be those of a body that could not be read, so a feed that failed is asked without conditions."""
    client = Answers(answer(etag='"1"'), answer(etag='"1"'))
    marks = remembered({}, await collector(client).collect(SOURCE, {}))

    await collector(client).collect(replace(SOURCE, failures=1), marks)

    assert "If-None-Match" not in client.asked[1]


async def test_nothing_new_at_another_address_is_asked_for_as_a_whole() -> None:
    """Validators are those of one address: where a redirect leads elsewhere now, its 304 says nothing of what is known."""
    elsewhere = [Hop(status=302, origin=SOURCE.address, target="https://other.example/feed")]
    client = Answers(
        answer(etag='"1"'), answer(304, b"", hops=elsewhere), answer(hops=elsewhere, body=BODY.replace(b"meet", b"go"))
    )
    marks = remembered({}, await collector(client).collect(SOURCE, {}))

    collected = await collector(client).collect(SOURCE, marks)

    assert [draft.title for draft in collected.drafts] == ["Envoys go"]
    assert ["If-None-Match" in asked for asked in client.asked] == [False, True, False]
    assert remembered(marks, collected)["answered"] == "https://other.example/feed"


async def test_a_refusal_keeps_its_status() -> None:
    """Whoever decides what follows is told the status, not only the words."""
    with pytest.raises(SourceError) as caught:
        await collector(Answers(answer(410, b""))).collect(SOURCE, {})

    assert caught.value.status == 410


@pytest.mark.parametrize(
    ("refused", "guard"),
    [
        pytest.param(answer(403, b"", cf_mitigated="challenge"), "Cloudflare", id="by a header"),
        pytest.param(answer(503, b"<html><title>Just a moment...</title>"), "Cloudflare", id="by its page"),
        pytest.param(
            answer(200, b"<html><title>Making sure you&#39;re not a bot!</title></html>"), "Anubis", id="as if all were well"
        ),
    ],
)
async def test_a_test_for_people_is_named(refused: Response, guard: str) -> None:
    """Who stands before a feed and lets only browsers in is told by name, with what to do."""
    with pytest.raises(SourceError, match=f"test of {guard} that only people.*: ask its operator"):
        await collector(Answers(refused)).collect(SOURCE, {})


async def test_a_permanent_redirect_is_followed_for_good_after_its_proof() -> None:
    """The third poll with the same permanent redirect over a day gives the new address, and forgets the proof."""
    hops = [Hop(status=301, origin=SOURCE.address, target="https://news.example/new")]
    client = Answers(*[answer(hops=hops)] * 3)
    marks: dict[str, str] = {}
    moved = []

    for hours in (0, 12, 24):
        feeds = FeedCollector(
            client, Parsing(quick=Inline(), patient=Inline()), clock=partial(add, NOW, timedelta(hours=hours))
        )
        collected = await feeds.collect(SOURCE, marks)
        marks = remembered(marks, collected)
        moved.append(collected.moved_to)

    assert moved == ["", "", "https://news.example/new"]
    assert "moved" not in marks


@pytest.mark.parametrize("status", [200, 304])
async def test_a_server_that_calls_its_answer_good_for_hours_is_left_alone_so_long(status: int) -> None:
    """Cache-Control holds for a 304 as for a whole answer."""
    client = Answers(answer(etag='"1"'), answer(status, BODY if status == 200 else b"", cache_control="max-age=7200"))
    marks = remembered({}, await collector(client).collect(SOURCE, {}))

    collected = await collector(client).collect(SOURCE, marks)

    assert collected.not_before == NOW + timedelta(hours=2)


async def test_how_many_follow_is_told_to_the_server() -> None:
    """Hosts of feeds count their readers by it."""
    client = Answers(answer())

    await collector(client).collect(replace(SOURCE, followers=3), {})

    assert client.subscribers == [3]
