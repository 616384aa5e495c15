"""Looks at feeds for people before they follow them, and between polls: fetched and read as a poll does, kept by nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from datetime import timedelta
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import urljoin

from bot.errors import ReadingError, SourceError
from bot.model import FeedLink, Probe, Source
from bot.ports import Clock
from bot.sources.feeds.collector import ACCEPT, VALIDATORS, digest, document_of, refusal
from bot.sources.feeds.discovery import USUAL_PATHS, feed_links, is_page
from bot.sources.feeds.parse import Feed
from bot.sources.feeds.parsing import Parsing
from bot.sources.web.addresses import shown
from bot.sources.web.answers import Response
from bot.sources.web.http import Client
from bot.workers import Workers

_T = TypeVar("_T")

SHOWN = 3
"""So many of the newest entries are shown."""

PATIENCE = timedelta(seconds=60)
"""Somebody waits for the answer; a host may be resting, and a site may be tried at several places."""

Read = Callable[[Response, str], Awaitable[Feed]]
"""Reads a feed out of an answer, given the zone of its dates that name none; raises SourceError or ReadingError."""


class FeedProber:
    """Looks at feeds (the protocol `ports.Prober`)."""

    def __init__(self, client: Client, workers: Workers, *, read: Read, clock: Clock) -> None:
        self._client = client
        self._workers = workers
        self._read = read
        self._clock = clock

    def address(self, written: str) -> str:
        """Return an address in full, as a person wrote it.

        Raises:
            SourceError: it is none that the bot may ask.
        """
        written = written.strip()
        address = written if "://" in written else f"https://{written}"
        self._client.refuse(address)
        return address

    async def find(self, address: str) -> Probe | Sequence[FeedLink]:
        """Return the feed at an address, or that of the web page there; where the page names several, those.

        Raises:
            SourceError: there is no feed.
        """
        return await _within(address, self._find(address))

    async def check(self, source: Source, marks: Mapping[str, str]) -> Probe:
        """Ask a source for what changed, as its next poll would, and say what it holds even if nothing did.

        Raises:
            SourceError: it gave no feed.
        """
        return await _within(source.address, self._check(source, marks))

    async def _find(self, address: str) -> Probe | Sequence[FeedLink]:
        response = await self._get(address)
        try:
            return await self._probe(address, response)
        except SourceError:
            if not is_page(response.body, response.headers.get("content-type", "")):
                raise
        links = await self._workers.run(feed_links, response.body, url=response.url)
        if len(links) > 1:
            return links
        if links:
            return await self._probe(links[0].address, await self._get(links[0].address))
        return await self._guess(response.url)

    async def _guess(self, page: str) -> Probe:
        """Try where feeds usually stand on a site."""
        for path in USUAL_PATHS:
            try:
                address = urljoin(page, path)
                return await self._probe(address, await self._get(address))
            except SourceError:
                continue
        raise SourceError(f"{shown(page)} is a web page that names no feed: give the address of the feed itself.")

    async def _check(self, source: Source, marks: Mapping[str, str]) -> Probe:
        conditions = {header: marks[name] for name, header in VALIDATORS.items() if marks.get(name)}
        response = await self._client.get(source.address, {"Accept": ACCEPT, **conditions})
        if response.status == HTTPStatus.NOT_MODIFIED and conditions:
            rules = ["Nothing has changed since the last poll, so a poll would end here."]
            return await self._probe(
                source.address, await self._get(source.address), source.zone, rules, status=response.status
            )
        self._refuse(response)
        rules = []
        if digest(response.body) == marks.get("body"):
            rules = ["It is byte for byte what it was at the last poll, so a poll would read nothing of it."]
        return await self._probe(source.address, response, source.zone, rules)

    async def _get(self, address: str) -> Response:
        response = await self._client.get(address, {"Accept": ACCEPT})
        self._refuse(response)
        return response

    def _refuse(self, response: Response) -> None:
        if response.status != HTTPStatus.OK:
            raise refusal(response, self._clock())

    async def _probe(
        self, address: str, response: Response, zone: str = "", rules: Sequence[str] = (), *, status: int | None = None
    ) -> Probe:
        try:
            feed = await self._read(response, zone)
        except (ReadingError, SourceError) as error:
            raise SourceError(f"{shown(response.url)}: {error}") from error
        hops = ", ".join(str(hop.status) for hop in response.hops)
        redirected = [f"It redirects ({hops}) to {shown(response.url)}."] if hops else []
        faults = [f"It is read in spite of faults: {feed.trouble}."] if feed.trouble else []
        return Probe(
            address=address,
            status=response.status if status is None else status,
            rules=(*redirected, *rules, *faults),
            title=feed.title,
            entries=len(feed.drafts),
            newest=feed.drafts[:SHOWN],
        )


def reading(parsing: Parsing, clock: Clock) -> Read:
    """Return how feeds are read in a worker process."""

    async def read(response: Response, zone: str) -> Feed:
        return await parsing.parse(document_of(response, zone=zone, now=clock()), trusted=False)

    return read


async def _within(address: str, look: Coroutine[Any, Any, _T]) -> _T:
    try:
        async with asyncio.timeout(PATIENCE.total_seconds()):
            return await look
    except TimeoutError as error:
        raise SourceError(
            f"{shown(address)} could not be looked at within {PATIENCE.total_seconds():g} s: try later."
        ) from error
