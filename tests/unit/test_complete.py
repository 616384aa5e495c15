"""Completing articles of which a feed gives only a part, over fakes of the seams."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.completing import LINE_PATIENCE, PAGE_PATIENCE, PAGE_PAUSE, TURNS, Complete
from bot.model import Article, Draft, Teaser, Unread

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
ARTICLE = Article(id=1, source_id=1, url="https://a.example/1", title="Talks", text="Talks began.", collected=NOW)
TEASER = Teaser(article=ARTICLE, since=NOW)
WHOLE = Draft(title="Talks", text="Talks began in Busan, and went on until the evening.")


@dataclass(slots=True)
class FakeReader:
    """Pages that say what the test says, or fail."""

    found: Draft | Unread = WHOLE
    fault: Exception | None = None
    never: bool = False
    asked: int = 0

    async def read(self, article: Article) -> Draft | Unread:
        self.asked += 1
        if self.fault:
            raise self.fault
        if self.never:
            await asyncio.Event().wait()
        return self.found


@dataclass(slots=True)
class FakeTeasers:
    """A store that notes what becomes of its teasers."""

    done: list[object] = field(default_factory=list)

    async def take_teasers(self, now: datetime, *, lease: timedelta, limit: int) -> Sequence[Teaser]:
        return [TEASER][:limit]

    async def complete(self, article: Article, draft: Draft) -> None:
        self.done.append(draft)

    async def leave_teaser(self, article: Article, reason: str) -> None:
        self.done.append(reason)

    async def put_off(self, article: Article, until: datetime) -> None:
        self.done.append(until)


def step(reader: FakeReader, store: FakeTeasers, *, now: datetime = NOW) -> Complete:
    return Complete(reader=reader, store=store, clock=lambda: now)


async def test_a_page_replaces_the_teaser() -> None:
    """What the page gives takes the place of what the feed gave."""
    store = FakeTeasers()

    done = await step(FakeReader(), store)(TEASER)

    assert (done, store.done) == (True, [WHOLE])


async def test_a_page_that_will_never_come_is_asked_for_once() -> None:
    """A refusal lets the article go on with the feed's text, and keeps the reason for its card."""
    store = FakeTeasers()

    await step(FakeReader(Unread(reason="the page is behind a paywall")), store)(TEASER)

    assert store.done == ["the page is behind a paywall"]


async def test_a_page_that_may_come_yet_is_asked_for_once_more() -> None:
    """A first failure that may pass puts the page off; a second one ends it."""
    store, reader = FakeTeasers(), FakeReader(Unread(reason="its page could not be reached", again=True))

    first = await step(reader, store)(TEASER)
    second = await step(reader, store, now=NOW + PAGE_PAUSE)(replace(TEASER, tries=1))

    assert (first, second) == (False, True)
    assert store.done == [NOW + PAGE_PAUSE, "its page could not be reached"]


async def test_no_article_waits_longer_than_a_minute_by_itself() -> None:
    """What has waited its time goes on without being asked for again, be it that the program was away meanwhile."""
    store, reader = FakeTeasers(), FakeReader()

    await step(reader, store, now=NOW + PAGE_PATIENCE)(TEASER)

    assert (store.done, reader.asked) == (["its page was not there in time"], 0)


async def test_a_second_try_that_would_come_too_late_is_not_waited_for() -> None:
    """Near the end of its patience a failure is the last one."""
    store = FakeTeasers()
    late = NOW + PAGE_PATIENCE - timedelta(seconds=1)

    await step(FakeReader(Unread(reason="its page could not be reached", again=True)), store, now=late)(TEASER)

    assert store.done == ["its page could not be reached"]


async def test_a_page_that_hangs_is_given_up_with_its_patience() -> None:
    """A reader that never answers is left when the article has waited long enough."""
    store = FakeTeasers()
    almost = NOW + PAGE_PATIENCE - timedelta(milliseconds=5)

    await step(FakeReader(never=True), store, now=almost)(TEASER)

    assert store.done == ["its page was not there in time"]


def of_one_host(number: int, host: str = "a.example") -> Teaser:
    return Teaser(article=replace(ARTICLE, id=number, url=f"https://{host}/{number}"), since=NOW)


@dataclass(slots=True)
class HeldPages:
    """Pages that come when the test lets them."""

    asked: list[int] = field(default_factory=list)
    gates: dict[int, asyncio.Event] = field(default_factory=dict)

    async def read(self, article: Article) -> Draft | Unread:
        self.asked.append(article.id)
        await self.gates.setdefault(article.id, asyncio.Event()).wait()
        return WHOLE

    def let(self, number: int) -> None:
        self.gates.setdefault(number, asyncio.Event()).set()


async def settled() -> None:
    """Let everything that can go on do so."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_pages_of_one_host_are_asked_for_in_the_order_of_arrival() -> None:
    """However many wait, a few of a host are in work, the next when one of them lands, and other hosts are not in their way."""
    reader, store = HeldPages(), FakeTeasers()
    complete = Complete(reader=reader, store=store, clock=lambda: NOW)
    tasks = [asyncio.ensure_future(complete(of_one_host(number))) for number in range(1, 6)]
    tasks.append(asyncio.ensure_future(complete(of_one_host(9, "b.example"))))

    await settled()
    first = list(reader.asked)
    for number in (1, 2, 3, 4, 5, 9):
        reader.let(number)
    await asyncio.gather(*tasks)

    assert first == [*range(1, TURNS + 1), 9]
    assert reader.asked == [*first, *range(TURNS + 1, 6)]
    assert store.done == [WHOLE] * 6


async def test_an_article_waits_as_long_as_the_line_before_it_moves() -> None:
    """After its minute an article waits on if a page before it came meanwhile, since its own will come, too."""
    reader, store = HeldPages(), FakeTeasers()
    now = NOW
    complete = Complete(reader=reader, store=store, clock=lambda: now)
    before = [asyncio.ensure_future(complete(of_one_host(number))) for number in range(1, TURNS + 1)]
    await settled()
    now = NOW + PAGE_PATIENCE - timedelta(milliseconds=5)
    late = asyncio.ensure_future(complete(of_one_host(9)))
    await settled()
    now = NOW + PAGE_PATIENCE

    for number in range(1, TURNS + 1):
        reader.let(number)
    asyncio.get_running_loop().call_later(0.03, reader.let, 9)
    await asyncio.gather(*before, late)

    assert store.done == [WHOLE] * (TURNS + 1)


async def test_a_line_that_does_not_move_keeps_nobody() -> None:
    """Behind pages that hang an article goes on after its minute, and is not asked for."""
    reader, store = HeldPages(), FakeTeasers()
    now = NOW
    complete = Complete(reader=reader, store=store, clock=lambda: now)
    before = [asyncio.ensure_future(complete(of_one_host(number))) for number in range(1, TURNS + 1)]
    await settled()
    now = NOW + PAGE_PATIENCE - timedelta(milliseconds=5)

    await complete(of_one_host(9))
    for number in range(1, TURNS + 1):
        reader.let(number)
    await asyncio.gather(*before)

    assert store.done == ["its page was not there in time", *[WHOLE] * TURNS]
    assert 9 not in reader.asked


async def test_no_line_is_so_long_that_an_article_waits_for_ever() -> None:
    """After ten minutes an article goes on as it is, though the line before it moves."""
    reader, store = HeldPages(), FakeTeasers()
    now = NOW
    complete = Complete(reader=reader, store=store, clock=lambda: now)
    before = [asyncio.ensure_future(complete(of_one_host(number))) for number in range(1, TURNS + 2)]
    await settled()
    now = NOW + LINE_PATIENCE

    reader.let(1)
    await settled()
    await complete(of_one_host(9))
    for number in range(2, TURNS + 2):
        reader.let(number)
    await asyncio.gather(*before)

    assert "its page was not there in time" in store.done
    assert 9 not in reader.asked


async def test_who_leaves_the_line_leaves_nothing_behind() -> None:
    """An end of the program while pages are awaited ends their reading, too."""
    reader, store = HeldPages(), FakeTeasers()
    task = asyncio.ensure_future(Complete(reader=reader, store=store, clock=lambda: NOW)(TEASER))
    await settled()

    task.cancel()
    ends = await asyncio.gather(task, return_exceptions=True)

    assert isinstance(ends[0], asyncio.CancelledError)
    assert (store.done, asyncio.all_tasks() - {asyncio.current_task()}) == ([], set())


async def test_a_clock_set_back_makes_nothing_wait_longer() -> None:
    """An article from the future of a clock that was set back waits as long as any other, not until then."""
    store = FakeTeasers()

    done = await step(FakeReader(), store, now=NOW - timedelta(days=1))(TEASER)

    assert (done, store.done) == (True, [WHOLE])


async def test_a_bug_that_a_page_brings_to_light_costs_only_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    """A fault of the program is logged with its traceback, and the article goes on."""
    store = FakeTeasers()

    await step(FakeReader(fault=KeyError("x")), store)(TEASER)

    assert store.done == ["the program fails on its page (KeyError)"]
    assert "KeyError" in capsys.readouterr().out


async def test_what_waits_is_taken_under_a_lease() -> None:
    """What is due comes from the store, no more than there is room for."""
    due = await step(FakeReader(), FakeTeasers()).due(NOW, 1)

    assert due == [TEASER]
