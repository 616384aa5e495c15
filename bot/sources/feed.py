"""Collects a feed: asks only for what changed, has the bytes parsed in a worker process, and keeps what the next poll must know."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import structlog

from bot.errors import ReadingError, SourceError
from bot.model import Collected, Mark, Source, now_utc
from bot.ports import Clock
from bot.sources.addresses import shown
from bot.sources.http import Client, Response
from bot.sources.parse import Feed, parse
from bot.workers import Workers

_READER = "2"
"""Changes with the way feeds are read, so that every feed is then read again, changed or not."""

_LONGEST_PAUSE = timedelta(hours=24)
_ACCEPT = "application/atom+xml, application/rss+xml, application/rdf+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"
_VALIDATORS = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
"""What a server says of its answer, and the header in which it is given back, byte for byte (RFC 9110, section 13.1)."""

log = structlog.get_logger(__name__)


class FeedCollector:
    """Turns feeds into drafts (the protocol `ports.Collector`)."""

    def __init__(self, client: Client, workers: Workers, *, clock: Clock = now_utc) -> None:
        self._client = client
        self._workers = workers
        self._clock = clock

    async def collect(self, source: Source, marks: Mapping[str, str]) -> Collected:
        """Fetch a feed and return its entries, or nothing if it is what it was.

        Raises:
            SourceError: there was no answer, no good one, or none that is a feed.
        """
        known = marks if marks.get("reader") == _READER else {}
        conditions = {header: known[name] for name, header in _VALIDATORS.items() if known.get(name)}
        response = await self._client.get(source.address, {"Accept": _ACCEPT, **conditions})
        if response.status == HTTPStatus.NOT_MODIFIED and conditions:
            return Collected(marks=_changed(marks, _validators(response)))
        if response.status != HTTPStatus.OK:
            raise _refusal(response, self._clock())
        now_known = {**dict.fromkeys(_VALIDATORS), **_validators(response), "body": _digest(response.body), "reader": _READER}
        if now_known["body"] == known.get("body"):
            return Collected(marks=_changed(marks, now_known))
        feed = await self._parsed(source, response)
        return Collected(drafts=feed.drafts, marks=_changed(marks, now_known))

    async def _parsed(self, source: Source, response: Response) -> Feed:
        try:
            feed = await self._workers.run(
                parse,
                response.body,
                url=response.url,
                headers=dict(response.headers),
                known=frozenset(),
                zone=source.zone,
                now=self._clock(),
            )
        except (ReadingError, SourceError) as error:
            raise SourceError(f"{shown(response.url)}: {error}") from error
        if feed.trouble:
            log.warning("feed read in spite of faults", source=source.name, fault=feed.trouble)
        return feed


def _validators(response: Response) -> dict[str, str | None]:
    """Return what the server gave to ask with next time; nothing if it forbids keeping the answer at all."""
    if response.headers.get("expires", "").strip() == "0":
        return {}
    return {name: value for name in _VALIDATORS if (value := response.headers.get(name))}


def _changed(marks: Mapping[str, str], values: Mapping[str, str | None]) -> tuple[Mark, ...]:
    return tuple(Mark(key=key, value=value) for key, value in values.items() if marks.get(key) != value)


def _digest(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=16).hexdigest()


def _refusal(response: Response, now: datetime) -> SourceError:
    """Say what an answer without a feed means, and for how long the server wants to be left alone."""
    status = response.status
    match status:
        case 401 | 403:
            meaning = "it does not let the bot in: ask its operator, or remove it from sources.toml"
        case 404:
            meaning = "there is nothing at this address: correct its url in sources.toml"
        case 410:
            meaning = "it is gone for good: remove it from sources.toml"
        case 429 | 503:
            meaning = "it wants to be left alone for a while"
        case _ if status >= 500:
            meaning = "it has a fault of its own, and is asked again later"
        case _:
            meaning = "that is no answer to a request for a feed: correct its url in sources.toml"
    pause = _pause(response, now) if status in {429, 503} else None
    return SourceError(f"{shown(response.url)} answers {status}: {meaning}.", retry_after=pause)


def _pause(response: Response, now: datetime) -> timedelta | None:
    """Read Retry-After, which is seconds or a date by the server's own clock (RFC 9110, section 10.2.3)."""
    given = response.headers.get("retry-after", "").strip()
    if given.isdecimal():
        return min(timedelta(seconds=int(given[:9])), _LONGEST_PAUSE)
    until, server_now = _http_date(given), _http_date(response.headers.get("date", "")) or now
    return max(timedelta(), min(until - server_now, _LONGEST_PAUSE)) if until else None


def _http_date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
