"""The step between poll and analyse: the page behind an article of which its feed gives only a part."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import structlog

from bot.errors import SitrepError
from bot.model import Article, Draft, Teaser, Unread
from bot.ports import Clock, PageReader, TeaserStore

log = structlog.get_logger(__name__)

PAGE_PATIENCE = timedelta(seconds=60)
"""An article waits no longer for its page, or for the next of those before it: old news is worse than half of the text."""
LINE_PATIENCE = timedelta(minutes=10)
"""Nor longer than this, however well the line of its host goes on."""
PAGE_LEASE = LINE_PATIENCE + timedelta(minutes=2)
PAGE_PAUSE = timedelta(seconds=10)
PAGE_TRIES = 2

TURNS = 2
"""Pages of one host that are in work: while one is fetched, another is read. A poll of the host waits for no more than these."""

_LATE = Unread(reason="its page was not there in time")


@dataclass(slots=True)
class _Line:
    """Those who wait for pages of one host, in the order in which they came."""

    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(TURNS))
    waiting: int = 0
    moved: datetime | None = None
    """When the host last answered one of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Complete:
    """Reads the page of one article of which its feed gives only a part; the others are read meanwhile.

    Who asks for many pages of one host stands in line, and waits as long as the line moves.
    """

    reader: PageReader
    store: TeaserStore
    clock: Clock
    _lines: dict[str, _Line] = field(default_factory=dict)

    async def due(self, now: datetime, limit: int) -> Sequence[Teaser]:
        """Take what waits for its page."""
        return await self.store.take_teasers(now, lease=PAGE_LEASE, limit=limit)

    async def __call__(self, teaser: Teaser) -> bool:
        """Complete an article, or let it go on as it is with the reason; False if its page is tried once more."""
        article = teaser.article
        with self._standing_in_line(article) as line:
            found = await self._read(teaser, line)
            left = self._left(teaser, line)
        if isinstance(found, Draft):
            await self.store.complete(article, found)
            log.info("page read", article=article.id, characters=len(found.text), instead_of=len(article.text))
            return True
        if found.again and teaser.tries + 1 < PAGE_TRIES and left > PAGE_PAUSE:
            await self.store.put_off(article, self.clock() + PAGE_PAUSE)
            return False
        await self.store.leave_teaser(article, found.reason)
        log.info("page not read", article=article.id, reason=found.reason)
        return True

    @contextmanager
    def _standing_in_line(self, article: Article) -> Iterator[_Line]:
        host = urlsplit(article.url).hostname or ""
        line = self._lines.setdefault(host, _Line())
        line.waiting += 1
        try:
            yield line
        finally:
            line.waiting -= 1
            if not line.waiting:
                del self._lines[host]

    async def _read(self, teaser: Teaser, line: _Line) -> Draft | Unread:
        """Read a page as long as its article can wait; that is longer when the line has moved meanwhile."""
        reading: asyncio.Task[Draft | Unread] | None = None
        try:
            while (left := self._left(teaser, line)) > timedelta():
                reading = reading or asyncio.ensure_future(self._read_in_turn(teaser.article, line))
                moved = line.moved
                await asyncio.wait({reading}, timeout=left.total_seconds())
                if reading.done():
                    return reading.result()
                if line.moved == moved:
                    break
            return _LATE
        finally:
            if reading is not None and not reading.done():
                reading.cancel()
                await asyncio.gather(reading, return_exceptions=True)

    def _left(self, teaser: Teaser, line: _Line) -> timedelta:
        """Return how long an article can wait yet; a clock that was set back makes that no longer."""
        until = min(max(teaser.since, line.moved or teaser.since) + PAGE_PATIENCE, teaser.since + LINE_PATIENCE)
        return min(until - self.clock(), PAGE_PATIENCE)

    async def _read_in_turn(self, article: Article, line: _Line) -> Draft | Unread:
        """Read a page when its turn has come; a bug that it brings to light costs only the page."""
        async with line.turns:
            try:
                found = await self.reader.read(article)
            except SitrepError:
                raise
            except Exception as error:
                log.exception("bug", article=article.id)
                found = Unread(reason=f"the program fails on its page ({type(error).__name__})")
        if isinstance(found, Draft) or not found.again:
            line.moved = self.clock()
        return found
