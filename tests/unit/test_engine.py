"""The engine calls what is due, goes on after faults, and lands what is in flight."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.engine import local
from bot.engine.local import LOOKS, LocalEngine, Tasks
from bot.errors import SourceError, StoreError, TokenError
from bot.model import Article, Delivery, FirstRun, Kind, Outcome, Polled, Sent, Source, SourceKind, State, Teaser

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
SOURCE = Source(id=1, kind=SourceKind.FEED, address="", name="A", every=timedelta(hours=1), first_run=FirstRun.ALL)
TEASER = Teaser(article=Article(id=7, source_id=1, title="A", text="b", collected=NOW), since=NOW)
DELIVERY = Delivery(id="d1", kind=Kind.ALERT, subject=1, destination="terminal", state=State.PENDING, nonce="n")


@dataclass(slots=True)
class FakeTasks:
    """Sources that are due until polled, articles that wait to be read, deliveries that wait to be told."""

    due: list[Source] = field(default_factory=list)
    teasers: list[Teaser] = field(default_factory=list)
    unread: int = 0
    outbox: list[Delivery] = field(default_factory=list)
    fault: Exception | None = None
    done: list[str] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    hold: asyncio.Event | None = None
    hold_page: asyncio.Event | None = None
    tries_left: int = 0
    look_again: int = 0
    pause: timedelta = timedelta(milliseconds=1)
    away: int = 0
    looked: int = 0

    async def due_sources(self, now: datetime, limit: int, passing: Collection[str]) -> Sequence[Source]:
        self.looked += 1
        return [source for source in self.due if source.host not in passing][:limit]

    async def wake(self, source_id: int) -> None:
        if self.away:
            self.away -= 1
            raise StoreError("The database cannot be used: it is away.")
        self.due.append(replace(SOURCE, id=source_id))

    async def poll(self, source: Source) -> Polled:
        if source in self.due:
            self.due.remove(source)
        self.note(f"poll {source.id}")
        if self.hold:
            await self.hold.wait()
            self.note(f"polled {source.id}")
        if self.fault:
            raise self.fault
        self.unread += 1
        self.look_again -= 1
        again = self.pause if self.look_again >= 0 else None
        return Polled(source=source, new=1, look_again=again)

    async def due_teasers(self, now: datetime, limit: int) -> Sequence[Teaser]:
        taken, self.teasers = self.teasers[:limit], self.teasers[limit:]
        return taken

    async def complete(self, teaser: Teaser) -> bool:
        self.note("page asked for")
        if self.hold_page:
            await self.hold_page.wait()
        if self.tries_left:
            self.tries_left -= 1
            self.teasers.append(teaser)
            return False
        self.note("page read")
        self.unread += 1
        return True

    async def analyse(self) -> int:
        if not self.unread:
            return 0
        self.unread -= 1
        self.note("read")
        self.outbox.append(replace(DELIVERY, id=f"d{len(self.done)}"))
        return 1

    async def due_deliveries(self, now: datetime, limit: int) -> Sequence[Delivery]:
        return self.outbox[:limit]

    async def deliver(self, delivery: Delivery) -> Outcome | None:
        self.outbox.remove(delivery)
        if self.hold:
            self.note("telling")
            await self.hold.wait()
        if isinstance(self.fault, TokenError):
            raise self.fault
        self.note("told")
        return Sent(message_id=1)

    def note(self, what: str) -> None:
        self.done.append(what)
        self.changed.set()


@dataclass(slots=True)
class Running:
    """An engine in a task of its own."""

    tasks: FakeTasks
    engine: LocalEngine
    stop: asyncio.Event
    task: asyncio.Task[None]

    async def until(self, what: Callable[[], bool]) -> None:
        async with asyncio.timeout(60):
            while not what():
                self.tasks.changed.clear()
                await self.tasks.changed.wait()

    async def end(self) -> None:
        self.stop.set()
        await asyncio.wait_for(self.task, 60)


def make_engine(tasks: FakeTasks, on_polled: Callable[[Polled], None] = lambda _: None) -> LocalEngine:
    named: dict[str, Callable[..., Awaitable[object]]] = {
        name: getattr(tasks, name)
        for name in ("due_sources", "wake", "poll", "due_teasers", "complete", "analyse", "due_deliveries", "deliver")
    }
    return LocalEngine(tasks=Tasks(**named), clock=lambda: NOW, at_once=4, on_polled=on_polled)  # type: ignore[arg-type]


def start(tasks: FakeTasks, *, drain: timedelta = timedelta(seconds=5), owning: asyncio.Event | None = None) -> Running:
    engine, stop, opened = make_engine(tasks), asyncio.Event(), asyncio.Event()
    opened.set()
    task = asyncio.ensure_future(engine.run(stop, owning=owning or opened, reading=opened, telling=opened, drain=drain))
    return Running(tasks, engine, stop, task)


async def test_an_article_goes_its_way_without_another_tick() -> None:
    """Each step wakes the next: what is polled is read, and what is read is told, within one tick."""
    running = start(FakeTasks(due=[SOURCE]))

    await running.until(lambda: "told" in running.tasks.done)
    await running.end()

    assert running.tasks.done == ["poll 1", "read", "told"]


async def test_nothing_begins_while_another_copy_may_be_at_work() -> None:
    """Polling, reading and telling wait until the store is certainly ours, and then go on by themselves."""
    tasks, owning = FakeTasks(due=[SOURCE]), asyncio.Event()
    running = start(tasks, owning=owning)
    await asyncio.sleep(0)
    before = list(tasks.done)
    owning.set()

    await running.until(lambda: "told" in running.tasks.done)
    await running.end()

    assert before == []


@pytest.mark.parametrize("fault", [SourceError("a fault that is known"), RuntimeError("a bug")], ids=["fault", "bug"])
async def test_a_fault_of_one_source_ends_nothing_else(fault: Exception) -> None:
    """A poll that breaks rests its source, and the others go on."""
    tasks = FakeTasks(due=[SOURCE], fault=fault)
    running = start(tasks)
    await running.until(lambda: "poll 1" in tasks.done)
    tasks.fault = None
    tasks.due += [SOURCE, replace(SOURCE, id=2)]

    running.engine.tick()
    await running.until(lambda: "told" in tasks.done)
    await running.end()

    assert tasks.done == ["poll 1", "poll 2", "read", "told"]


async def test_a_token_that_is_refused_ends_the_engine() -> None:
    """A token that Discord no longer takes ends the run, with what is in flight landed."""
    running = start(FakeTasks(outbox=[DELIVERY], fault=TokenError("refused")))

    with pytest.raises(TokenError, match="refused"):
        await asyncio.wait_for(running.task, 60)


async def test_the_end_waits_for_what_is_in_flight() -> None:
    """Told to stop, the engine takes nothing new and lands what it has begun."""
    tasks = FakeTasks(due=[SOURCE], hold=asyncio.Event())
    running = start(tasks)
    await running.until(lambda: "poll 1" in tasks.done)
    running.stop.set()
    tasks.due.append(replace(SOURCE, id=2))
    assert tasks.hold is not None
    tasks.hold.set()

    await running.end()

    assert tasks.done == ["poll 1", "polled 1"]


async def test_what_does_not_land_in_time_is_cut_off() -> None:
    """What takes longer than the drain is left for the next start."""
    tasks = FakeTasks(due=[SOURCE], hold=asyncio.Event())
    running = start(tasks, drain=timedelta(milliseconds=20))
    await running.until(lambda: "poll 1" in tasks.done)

    await running.end()

    assert tasks.done == ["poll 1"]


async def test_the_oldest_delivery_in_flight_is_known() -> None:
    """While deliveries are on their way the engine says since when, by the clock of the loop; a poll does not count."""
    tasks = FakeTasks(outbox=[DELIVERY], hold=asyncio.Event())
    before = asyncio.get_running_loop().time()
    running = start(tasks)
    await running.until(lambda: "telling" in tasks.done)
    since = running.engine.delivering_since
    tasks.due.append(SOURCE)
    running.engine.tick()
    await running.until(lambda: "poll 1" in tasks.done)
    with_a_poll = running.engine.delivering_since
    assert tasks.hold is not None
    tasks.hold.set()
    await running.until(lambda: "told" in tasks.done)
    await running.end()

    assert since is not None
    assert before <= since <= asyncio.get_running_loop().time()
    assert (with_a_poll, running.engine.delivering_since) == (since, None)


async def test_a_change_during_a_poll_is_polled_again() -> None:
    """A file that arrives while its folder is scanned is found by one more scan."""
    tasks = FakeTasks(due=[SOURCE], hold=asyncio.Event())
    running = start(tasks)
    await running.until(lambda: "poll 1" in tasks.done)
    running.engine.wake(SOURCE.id)
    assert tasks.hold is not None
    tasks.hold.set()

    await running.until(lambda: tasks.done.count("polled 1") == 2)
    await running.end()

    assert tasks.done.count("poll 1") == 2


async def test_a_change_in_a_quiet_source_is_polled_at_once() -> None:
    """A source in which something changed is polled without waiting for its interval."""
    running = start(FakeTasks())

    running.engine.wake(7)
    await running.until(lambda: "told" in running.tasks.done)
    await running.end()

    assert running.tasks.done[0] == "poll 7"


async def test_a_change_that_comes_while_the_store_is_away_is_polled_when_it_is_back(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wake-up outlasts a database that is away, which is said once, and once more when it is back."""
    monkeypatch.setattr(local, "AWAY_REST_S", 0.01)
    running = start(FakeTasks(away=3))

    running.engine.wake(7)
    async with asyncio.timeout(60):
        while "told" not in running.tasks.done:
            running.engine.tick()
            await asyncio.sleep(0.005)
    await running.end()

    said = capsys.readouterr().out
    assert running.tasks.done[0] == "poll 7"
    assert (said.count("it is away"), said.count("goes again")) == (1, 1)


async def test_one_round_polls_all_and_tells_all() -> None:
    """One round polls every source, again while files are being written, reads all and tells all."""
    tasks = FakeTasks(look_again=2)

    ends = await make_engine(tasks).once([SOURCE, replace(SOURCE, id=2)])

    assert [end.source.id for end in ends] == [1, 2]
    assert (tasks.done.count("read"), tasks.done.count("told")) == (4, 4)
    assert all(end.look_again is None for end in ends)


async def test_an_article_is_read_as_soon_as_its_page_is_there() -> None:
    """A page that has landed wakes reading, and reading telling, within one tick."""
    running = start(FakeTasks(teasers=[TEASER]))

    await running.until(lambda: "told" in running.tasks.done)
    await running.end()

    assert running.tasks.done == ["page asked for", "page read", "read", "told"]


async def test_nothing_waits_for_the_page_of_another_article() -> None:
    """While a page does not come, other sources are polled and their articles read and told."""
    running = start(FakeTasks(teasers=[TEASER], due=[SOURCE], hold_page=asyncio.Event()), drain=timedelta(milliseconds=1))

    await running.until(lambda: "told" in running.tasks.done)
    await running.end()

    assert "page read" not in running.tasks.done


async def test_one_round_waits_for_pages_before_it_reads() -> None:
    """One round reads the pages of what it polled, with the second tries, before it reads and tells."""
    tasks = FakeTasks(teasers=[TEASER], tries_left=1)

    await make_engine(tasks).once([])

    assert tasks.done == ["page asked for", "page asked for", "page read", "read", "told"]


async def test_one_host_is_asked_for_one_source_at_a_time_and_is_in_nobodys_way() -> None:
    """While a host is being asked its other sources wait, and those of other hosts do not."""
    tasks = FakeTasks(due=[replace(SOURCE, id=1, host="a.example")], hold=asyncio.Event())
    running = start(tasks)
    await running.until(lambda: "poll 1" in tasks.done)
    tasks.due += [replace(SOURCE, id=number, host="a.example") for number in (2, 3)]
    tasks.due.append(replace(SOURCE, id=4, host="b.example"))

    running.engine.tick()
    await running.until(lambda: "poll 4" in tasks.done)
    before = list(tasks.done)
    assert tasks.hold is not None
    tasks.hold.set()
    await running.until(lambda: "polled 3" in tasks.done)
    await running.end()

    assert before == ["poll 1", "poll 4"]


async def test_what_is_due_is_looked_up_for_many_at_once() -> None:
    """A hundred due sources of as many hosts cost a few look-ups, not a hundred."""
    tasks = FakeTasks(due=[replace(SOURCE, id=number, host=f"{number}.example") for number in range(100)])
    running = start(tasks)

    await running.until(lambda: tasks.done.count("told") == 100)
    await running.end()

    assert tasks.looked < 10


@pytest.mark.parametrize(("pause", "looks"), [(timedelta(milliseconds=1), LOOKS + 1), (timedelta(), 30)])
async def test_one_round_takes_in_all_that_is_there(pause: timedelta, looks: int) -> None:
    """Files that are never finished are waited for so often; what is finished is read to its end."""
    tasks = FakeTasks(look_again=29, pause=pause)

    await make_engine(tasks).once([SOURCE])

    assert tasks.done.count("poll 1") == looks
