"""The step between poll and analyse: the page behind an article of which its feed gives only a part."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.errors import SitrepError
from bot.model import Draft, Teaser, Unread
from bot.ports import Clock, PageReader, TeaserStore

log = structlog.get_logger(__name__)

PAGE_PATIENCE = timedelta(seconds=60)
"""An article waits no longer for its page: old news is worse than half of the text."""
PAGE_LEASE = timedelta(minutes=2)
PAGE_PAUSE = timedelta(seconds=10)
PAGE_TRIES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Complete:
    """Reads the page of one article of which its feed gives only a part; the others are read meanwhile."""

    reader: PageReader
    store: TeaserStore
    clock: Clock

    async def due(self, now: datetime, limit: int) -> Sequence[Teaser]:
        """Take what waits for its page."""
        return await self.store.take_teasers(now, lease=PAGE_LEASE, limit=limit)

    async def __call__(self, teaser: Teaser) -> bool:
        """Complete an article, or let it go on as it is with the reason; False if its page is tried once more."""
        article, found = teaser.article, await self._read(teaser)
        if isinstance(found, Draft):
            await self.store.complete(article, found)
            log.info("page read", article=article.id, characters=len(found.text), instead_of=len(article.text))
            return True
        again = self.clock() + PAGE_PAUSE
        if found.again and teaser.tries + 1 < PAGE_TRIES and again < teaser.since + PAGE_PATIENCE:
            await self.store.put_off(article, again)
            return False
        await self.store.leave_teaser(article, found.reason)
        log.info("page not read", article=article.id, reason=found.reason)
        return True

    async def _read(self, teaser: Teaser) -> Draft | Unread:
        """Read a page as long as its article can wait; a bug that it brings to light costs only the page."""
        left = min(teaser.since + PAGE_PATIENCE - self.clock(), PAGE_PATIENCE)
        late = Unread(reason="its page was not there in time")
        if left <= timedelta():
            return late
        try:
            async with asyncio.timeout(left.total_seconds()):
                return await self.reader.read(teaser.article)
        except TimeoutError:
            return late
        except SitrepError:
            raise
        except Exception as error:
            log.exception("bug", article=teaser.article.id)
            return Unread(reason=f"the program fails on its page ({type(error).__name__})")
