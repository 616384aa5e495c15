"""Reads what may answer a query, batch by batch while there is time: few articles first, so that a first answer is soon there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.model import Article, Level, Match, Query, Rules, Stretch, Viewer
from bot.ports import ArchiveStore, Clock, Reader
from bot.questions.feeds import server_of

FIRST = 25
"""Articles of the first batch."""
MOST = 400
PACE = timedelta(milliseconds=250)
"""What a batch should take: between two of them others are read and answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A query, in words and as it was understood, for one viewer, and how far to go for it."""

    viewer: Viewer
    words: str
    query: Query
    level: Level = Level.MENTION
    """From which somebody cares."""
    since: datetime | None = None
    most: int
    """Articles that are read."""
    budget: timedelta
    """No further batch is begun after this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Articles that were read, the newest first, each with how it answers, and how far was looked for them."""

    read: tuple[tuple[Article, Match | None], ...]
    stretch: Stretch


@dataclass(frozen=True, slots=True, kw_only=True)
class Walker:
    """Takes candidates from the archive and has them judged."""

    archive: ArchiveStore
    reader: Reader
    rules: Callable[[], Awaitable[Rules]]
    clock: Clock

    async def batches(self, asked: Asked) -> AsyncIterator[Batch]:
        """Yield batch after batch until all is read, or as much as was wanted, or the time is over.

        Raises:
            ReadingError: a batch could not be read.
        """
        rules, ends = await self.rules(), self.clock() + asked.budget
        size, left, before = FIRST, asked.most, None
        while size > 0 and left > 0:
            stretch = await self.archive.walk(
                asked.viewer,
                asked.query,
                since=asked.since,
                before=before,
                most=min(size, left),
                budget=min(PACE, ends - self.clock()),
            )
            begun = self.clock()
            verdicts = await self.reader.judge(
                stretch.articles, rules, asked.words, server=server_of(asked.viewer), level=asked.level
            )
            yield Batch(read=tuple(zip(stretch.articles, verdicts, strict=True)), stretch=stretch)
            if stretch.is_last:
                return
            left, before, now = left - len(stretch.articles), stretch.reached, self.clock()
            each = (now - begun) / len(stretch.articles) if stretch.articles else timedelta()
            size = _next_size(size, each, ends - now)


def _next_size(size: int, each: timedelta, left: timedelta) -> int:
    """Return how many articles are read next, by what each of the last ones took: as the pace has it, or one while there is time."""
    if left <= timedelta():
        return 0
    fitting = int(min(PACE, left) / each) if each else MOST
    return min(2 * size, MOST, fitting or int(each <= left))


def how_far(looked: int, archive: int, oldest: datetime | None) -> str:
    """Say in one sentence how far was looked, where that was not everywhere."""
    back = f", back to {oldest:%Y-%m-%d}" if oldest else ""
    return f"Looked at the newest {looked:,} of {archive:,} articles{back}."
