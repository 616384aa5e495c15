"""Laws of reading what may answer: few articles first, never much longer than is wanted, and never more than is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from bot.model import Article, Catalogue, Match, Phrase, Query, Rules, Stretch, Viewer
from bot.ports import ArchiveStore, Reader
from bot.questions.walking import FIRST, MOST, PACE, Asked, Walker, how_far

NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)
MS = timedelta(milliseconds=1)


@dataclass(slots=True)
class Newsroom:
    """An archive that is all candidates, and a reader that takes as long for each as it is told; a clock goes with it."""

    size: int
    each: timedelta
    now: datetime = NOW
    asked: list[int] = field(default_factory=list)
    barren: int = 0
    """So many stretches, each longer than a pace, hold nothing."""

    async def walk(self, viewer: Viewer, query: Query, *, before: int | None, most: int, **_: Any) -> Stretch:
        newest = self.size if before is None else before - 1
        if self.barren:
            self.barren -= 1
            self.now += 1.2 * PACE
            return Stretch(articles=(), reached=newest)
        ids = range(newest, max(0, newest - most), -1)
        return Stretch(articles=tuple(_article(one) for one in ids), reached=newest - len(ids) + 1)

    async def judge(self, articles: Sequence[Article], rules: Rules, query: str, **_: Any) -> Sequence[Match | None]:
        self.asked.append(len(articles))
        self.now += self.each * len(articles)
        return [None] * len(articles)

    def clock(self) -> datetime:
        return self.now


def _article(number: int) -> Article:
    return Article(id=number, source_id=1, title="A title", text="", collected=NOW)


async def _rules() -> Rules:
    return Rules(number=1, catalogue=Catalogue(), watches=())


async def read(newsroom: Newsroom, *, most: int = 100_000, budget: timedelta) -> list[int]:
    """Read as much as is wanted; return the ids, in their order."""
    walker = Walker(archive=cast("ArchiveStore", newsroom), reader=cast("Reader", newsroom), rules=_rules, clock=newsroom.clock)
    asked = Asked(viewer=Viewer(), words="seal", query=Phrase("seal"), most=most, budget=budget)
    return [article.id async for batch in walker.batches(asked) for article, _ in batch.read]


async def test_the_first_batch_is_small_and_none_is_more_than_twice_the_last() -> None:
    """A first answer is soon there, however many articles may answer."""
    newsroom = Newsroom(size=5_000, each=timedelta())

    ids = await read(newsroom, budget=timedelta(minutes=1))

    assert newsroom.asked[0] == FIRST
    assert all(after <= min(MOST, 2 * before) for before, after in zip(newsroom.asked, newsroom.asked[1:], strict=False))
    assert ids == list(range(5_000, 0, -1))


@pytest.mark.parametrize("each", [pytest.param(MS * ms, id=f"{ms} ms each") for ms in (0.3, 1, 4, 20)])
async def test_the_time_is_kept_however_slow_the_reader_is(each: timedelta) -> None:
    """No batch is begun that the last one says will end after the time, and none takes much longer than its pace."""
    newsroom = Newsroom(size=1_000_000, each=each)

    await read(newsroom, budget=timedelta(seconds=2))

    assert newsroom.now - NOW <= max(timedelta(seconds=2), FIRST * each)
    assert max(newsroom.asked[1:], default=0) * each <= PACE


async def test_what_is_slow_is_read_all_the_same_at_first() -> None:
    """However little time there is, one batch is read."""
    newsroom = Newsroom(size=100, each=timedelta(seconds=1))

    assert len(await read(newsroom, budget=timedelta())) == FIRST


async def test_who_is_slow_is_read_on_while_there_is_time() -> None:
    """An article that takes longer than the pace of a batch is read alone, not given up: the first one may wait for a model."""
    newsroom = Newsroom(size=100, each=timedelta(seconds=1))

    assert len(await read(newsroom, budget=timedelta(seconds=FIRST + 3))) == FIRST + 3


async def test_stretches_that_hold_nothing_end_no_walk() -> None:
    """Where little is found the walk goes on while there is time, and no longer."""
    newsroom = Newsroom(size=100, each=MS, barren=5)

    assert len(await read(newsroom, budget=timedelta(seconds=5))) == 95
    assert await read(Newsroom(size=100, each=MS, barren=5), budget=timedelta(seconds=1)) == []


async def test_no_more_is_read_than_was_wanted() -> None:
    """The number of articles is a bound of its own."""
    assert await read(Newsroom(size=10_000, each=timedelta()), most=110, budget=timedelta(minutes=1)) == list(
        range(10_000, 9_890, -1)
    )


@pytest.mark.parametrize(
    ("oldest", "said"),
    [
        pytest.param(None, "Looked at the newest 20,000 of 1,000,000 articles.", id="nothing was found"),
        pytest.param(NOW, "Looked at the newest 20,000 of 1,000,000 articles, back to 2026-11-01.", id="with its day"),
    ],
)
def test_how_far_was_looked_is_said_in_numbers(oldest: datetime | None, said: str) -> None:
    """A bounded answer says of how many articles the newest were looked at."""
    assert said == how_far(20_000, 1_000_000, oldest)
