"""Collects a feed: asks only for what changed, has the bytes parsed in a worker process, and keeps what the next poll must know."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

from bot.errors import ReadingError, SourceError
from bot.model import TROUBLE, Collected, Mark, Problem, Pushed, Source, now_utc
from bot.ports import Clock
from bot.sources.feeds.intervals import Hints, not_before
from bot.sources.feeds.parse import Feed
from bot.sources.feeds.parsing import Document, Parsing
from bot.sources.feeds.redirects import follow_up
from bot.sources.web.addresses import shown
from bot.sources.web.answers import Response, challenger, pause_asked
from bot.sources.web.http import Client

_READER = "2"
"""Changes with the way feeds are read, so that every feed is then read again, changed or not."""

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.1"
)
VALIDATORS = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
"""What a server says of its answer, and the header in which it is given back, byte for byte (RFC 9110, section 13.1)."""

WHOLE_EVERY = timedelta(hours=24)
WHOLE_OF = 50
"""A server may say wrongly that nothing changed, so a feed is asked for as a whole once a day, or at about the 50th poll."""

_READ_HEADERS = ("content-type", "content-language", "content-location", "link", "last-modified", "date")
"""What of an answer's headers has a say in how its body is read."""

LEAST_TAIL = 50
"""Entries that have left a feed are remembered for a while: twice as many as it holds, and at least so many."""


class FeedCollector:
    """Turns feeds into drafts (the protocol `ports.Collector`)."""

    def __init__(self, client: Client, parsing: Parsing, *, clock: Clock = now_utc) -> None:
        self._client = client
        self._parsing = parsing
        self._clock = clock

    async def collect(self, source: Source, marks: Mapping[str, str]) -> Collected:
        """Fetch a feed and return its entries, or nothing if it is what it was.

        Raises:
            SourceError: there was no answer, no good one, or none that is a feed.
        """
        known = marks if marks.get("reader") == _READER else {}
        response, now = await self._answer(source, known), self._clock()
        facts, feed = _validators(response), None
        if response.status == HTTPStatus.OK:
            facts = _facts(source, response, now)
            if facts["body"] != known.get("body"):
                feed = await self._parsed(source, known, response, now)
                facts |= _learnt(feed, known, now)
        facts["moved"], moved_to = follow_up(response.hops, marks.get("moved", ""), now)
        after = {key: value for key, value in {**marks, **facts}.items() if value}
        hints, changed = Hints.read(after.get("hints", "")), _changes(marks, facts)
        return Collected(
            drafts=feed.drafts if feed else (),
            marks=changed,
            known=feed.known if feed else 0,
            problems=tuple(Problem(part=TROUBLE, reason=mark.value) for mark in changed if mark.key == TROUBLE and mark.value),
            withdrawn=feed.withdrawn if feed else (),
            newest=datetime.fromisoformat(after["newest"]) if "newest" in after else None,
            not_before=not_before(now, every=source.every, hints=hints, headers=response.headers),
            moved_to=moved_to,
        )

    async def read_push(self, source: Source, marks: Mapping[str, str], pushed: Pushed) -> Collected:
        """Read what a hub has pushed; it may be a part of the feed, so that nothing of it is remembered.

        Raises:
            SourceError: it is no feed.
        """
        headers = {name.lower(): value for name, value in pushed.headers.items()}
        response = Response(status=HTTPStatus.OK, headers=headers, body=pushed.body, url=source.address)
        feed = await self._parsed(source, marks, response, self._clock())
        return Collected(drafts=feed.drafts, known=feed.known, withdrawn=feed.withdrawn)

    async def _answer(self, source: Source, known: Mapping[str, str]) -> Response:
        """Ask for what changed; for the whole where the last poll failed, or the whole was not asked for in a long time."""
        conditions = {header: known[name] for name, header in VALIDATORS.items() if known.get(name)}
        if source.failures or _is_whole_due(source, known, self._clock()):
            conditions = {}
        for asked in [conditions, {}] if conditions else [{}]:
            response = await self._client.get(source.address, {"Accept": ACCEPT, **asked}, subscribers=source.followers)
            # Validators of another address say nothing: then the whole is asked for at once.
            is_what_we_have = bool(asked) and response.url == known.get("answered", source.address)
            if response.status == HTTPStatus.OK or (response.status == HTTPStatus.NOT_MODIFIED and is_what_we_have):
                return response
            if response.status != HTTPStatus.NOT_MODIFIED:
                break
        raise refusal(response, self._clock())

    async def _parsed(self, source: Source, known: Mapping[str, str], response: Response, now: datetime) -> Feed:
        entries = frozenset(known.get("entries", "").split("\n")) - {""}
        document = document_of(response, known=entries, zone=source.zone, now=now)
        try:
            feed = await self._parsing.parse(document, trusted=bool(known) and not source.failures)
        except (ReadingError, SourceError) as error:
            if guard := challenger(response):
                raise SourceError(f"{shown(response.url)} answers with a test of {_guarded(guard)}.") from error
            raise SourceError(f"{shown(response.url)}: {error}") from error
        return feed


def document_of(response: Response, *, zone: str, now: datetime, known: frozenset[str] = frozenset()) -> Document:
    """Return what an answer holds for the reader of feeds."""
    headers = {name: response.headers[name] for name in _READ_HEADERS if name in response.headers}
    return Document(body=response.body, url=response.url, headers=headers, known=known, zone=zone, now=now)


def digest(body: bytes) -> str:
    """Return by what a body is known at the next poll."""
    return hashlib.blake2b(body, digest_size=16).hexdigest()


def _validators(response: Response) -> dict[str, str | None]:
    """Return what the server gave to ask with next time; nothing if it forbids keeping the answer at all."""
    if response.headers.get("expires", "").strip() == "0":
        return {}
    return {name: value for name in VALIDATORS if (value := response.headers.get(name))}


def _is_whole_due(source: Source, known: Mapping[str, str], now: datetime) -> bool:
    since = known.get("whole", "")
    return bool(since) and now - datetime.fromisoformat(since) >= min(WHOLE_EVERY, WHOLE_OF * source.every)


def _facts(source: Source, response: Response, now: datetime) -> dict[str, str | None]:
    """Return what is to be remembered of an answer, whatever its body says."""
    given = _validators(response)
    return {
        **dict.fromkeys(VALIDATORS),
        **given,
        "whole": now.isoformat() if given else None,
        "answered": response.url if response.url != source.address else None,
        "body": digest(response.body),
        "reader": _READER,
    }


def _learnt(feed: Feed, known: Mapping[str, str], now: datetime) -> dict[str, str | None]:
    """Return what is to be remembered of what a body said."""
    before = known.get("entries", "").split("\n")
    newest = [datetime.fromisoformat(known["newest"])] if known.get("newest") else []
    newest += [min(draft.published.at, now) if draft.published else now for draft in feed.drafts]
    return {
        "entries": "\n".join(_remembered(feed.entries, before)),
        "hints": Hints(rest=feed.rest, skip_hours=feed.skip_hours, skip_days=feed.skip_days).written(),
        "newest": max(newest).isoformat() if newest else None,
        TROUBLE: feed.trouble,
        "hub": feed.hub,
        "topic": feed.topic,
    }


def _remembered(entries: Sequence[str], before: Sequence[str]) -> Sequence[str]:
    """Return by what entries will be known: those in the feed, and the last that left it, twice as many as it holds."""
    there = set(entries)
    gone = [entry for entry in before if entry not in there]
    return [*entries, *gone[: max(2 * len(entries), LEAST_TAIL)]]


def _changes(marks: Mapping[str, str], facts: Mapping[str, str | None]) -> tuple[Mark, ...]:
    """Return the marks that are no longer what they were; what is empty is not kept."""
    return tuple(
        Mark(key=key, value=value or None) for key, value in facts.items() if (marks.get(key) or None) != (value or None)
    )


def refusal(response: Response, now: datetime) -> SourceError:
    """Say what an answer without a feed means, and for how long the server wants to be left alone."""
    status, guard = response.status, challenger(response)
    match status:
        case 401 | 403 | 429 | 503 if guard:
            meaning = f"it stands behind a test of {_guarded(guard)}"
        case 401 | 403:
            meaning = "it does not let the bot in: ask its operator, or remove it"
        case 404:
            meaning = "there is nothing at this address: correct its url, or remove it"
        case 410:
            meaning = "it is gone for good: remove it"
        case 429 | 503:
            meaning = "it wants to be left alone for a while"
        case _ if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            meaning = "it has a fault of its own, and is asked again later"
        case _:
            meaning = "that is no answer to a request for a feed: correct its url"
    pause = pause_asked(response.headers, now) if status in {429, 503} else None
    host = urlsplit(response.url).hostname or ""
    return SourceError(f"{shown(response.url)} answers {status}: {meaning}.", retry_after=pause, host=host, status=status)


def _guarded(guard: str) -> str:
    return f"{guard} that only people in a browser pass: ask its operator to let the bot in, or remove it"
