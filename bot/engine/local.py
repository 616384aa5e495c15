"""Runs the three tasks inside this process: woken by ticks, by each other and by files, drained at the end."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.errors import SitrepError, StoreError, TokenError
from bot.model import Delivery, Outcome, Polled, Source, Teaser
from bot.ports import Clock

log = structlog.get_logger(__name__)

PAGES_AT_ONCE = 2000
"""Most of them wait for their turn at a host that has many, so that those of other hosts are not in their way."""

DELIVERIES_AT_ONCE = 30
WINDOW = 200
"""Due sources and deliveries that are looked up at a time; what a look-up costs is then paid once for many."""
REST_S = 60.0
"""A source whose poll hit a bug is left alone for so long."""

AWAY_REST_S = 5.0
"""What failed because the database is away is tried again after so long."""

LOOKS = 10
"""How often one round polls a source again that is still waiting for files to be complete."""

LINGER = timedelta(seconds=15)
"""One round delivers what is due so soon, too: folds wait a little to grow."""


_Item = int | str | tuple[str, int]
"""What is worked on: a source by its number, a delivery by its id, the page of an article by its number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tasks:
    """The steps of the pipeline and the queries that say what is due."""

    due_sources: Callable[[datetime, int, Collection[str]], Awaitable[Sequence[Source]]]
    """One of each host, and none of the hosts that are given."""
    wake: Callable[[int], Awaitable[None]]
    poll: Callable[[Source], Awaitable[Polled]]
    analyse: Callable[[], Awaitable[int]]
    due_deliveries: Callable[[datetime, int], Awaitable[Sequence[Delivery]]]
    deliver: Callable[[Delivery], Awaitable[Outcome | None]]
    due_teasers: Callable[[datetime, int], Awaitable[Sequence[Teaser]]]
    complete: Callable[[Teaser], Awaitable[bool]]


@dataclass(slots=True, kw_only=True)
class LocalEngine:
    """Calls the tasks until it is told to stop.

    Each of polling, completing, reading and telling has an event that wakes it: the schedule's tick sets all of them, and
    each step sets the next one's, so that an article is on its way within moments.
    """

    tasks: Tasks
    clock: Clock
    at_once: int
    on_polled: Callable[[Polled], None]
    sources: asyncio.Event = field(default_factory=asyncio.Event)
    pages: asyncio.Event = field(default_factory=asyncio.Event)
    articles: asyncio.Event = field(default_factory=asyncio.Event)
    deliveries: asyncio.Event = field(default_factory=asyncio.Event)
    _line: deque[Source] = field(default_factory=deque)
    """Sources that are due, each of another host."""
    _polled_hosts: dict[int, str] = field(default_factory=dict)
    _window: deque[Delivery] = field(default_factory=deque)
    _woken: set[int] = field(default_factory=set)
    _busy: dict[_Item, float] = field(default_factory=dict)
    """What is in flight, and since when by the clock of the loop."""
    _resting: dict[_Item, asyncio.TimerHandle] = field(default_factory=dict)
    _said: dict[_Item, str] = field(default_factory=dict)
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _fault: TokenError | None = None

    @property
    def delivering_since(self) -> float | None:
        """When the delivery that is longest in flight was begun, by the monotonic clock of the loop; None if there is none."""
        return min((began for key, began in self._busy.items() if isinstance(key, str)), default=None)

    def tick(self) -> None:
        """Let every step look for what is due."""
        for wake in (self.sources, self.pages, self.articles, self.deliveries):
            wake.set()

    def wake(self, source_id: int) -> None:
        """Poll a source now, because something in it changed; once more if that is while it is being polled."""
        self._woken.add(source_id)
        self.sources.set()

    async def run(
        self, stop: asyncio.Event, *, owning: asyncio.Event, reading: asyncio.Event, telling: asyncio.Event, drain: timedelta
    ) -> None:
        """Work until `stop`, then finish what is in flight, for as long as `drain` at most.

        Nothing new begins while `owning` is clear: another copy may be at work. Reading begins when `reading` is set and
        telling when `telling` is: before that there is nobody to tell.

        Raises:
            TokenError: Discord refuses the token.
        """
        self.tick()
        self._stop = stop
        flights: set[asyncio.Task[None]] = set()
        steps = [
            asyncio.ensure_future(self._repeat("polling", self.sources, lambda: self._launch_polls(flights), stop, [owning])),
            asyncio.ensure_future(self._repeat("completing", self.pages, lambda: self._launch_pages(flights), stop, [owning])),
            asyncio.ensure_future(self._repeat("reading", self.articles, self._analyse, stop, [owning, reading])),
            asyncio.ensure_future(
                self._repeat("telling", self.deliveries, lambda: self._launch_deliveries(flights), stop, [owning, telling])
            ),
        ]
        try:
            await self._until_stopped(steps, stop)
        finally:
            for waited in (self.sources, self.pages, self.articles, self.deliveries, owning, reading, telling):
                waited.set()  # so that a step that waits sees the end
            await _finish([*steps, *flights], drain)
        if self._fault is not None:
            raise self._fault

    async def once(self, sources: Sequence[Source]) -> Sequence[Polled]:
        """Poll these sources now, read and tell all that follows; return how each poll ended."""
        room = asyncio.Semaphore(self.at_once)
        ends = await asyncio.gather(*(self._settle_source(source, room) for source in sources))
        while teasers := await self.tasks.due_teasers(self.clock() + LINGER, PAGES_AT_ONCE):
            await asyncio.gather(*(self.tasks.complete(teaser) for teaser in teasers))
        while await self.tasks.analyse():
            pass
        for _ in range(1000):
            due = await self.tasks.due_deliveries(self.clock() + LINGER, DELIVERIES_AT_ONCE)
            if not due:
                break
            await asyncio.gather(*(self.tasks.deliver(delivery) for delivery in due))
        return ends

    async def _settle_source(self, source: Source, room: asyncio.Semaphore) -> Polled:
        """Poll a source until its files are complete."""
        async with room:
            end = await self.tasks.poll(source)
            looks = LOOKS
            while end.look_again is not None and looks:
                looks -= bool(end.look_again)  # to go on with what is there is no waiting
                await asyncio.sleep(end.look_again.total_seconds())
                end = await self.tasks.poll(source)
            self.on_polled(end)
            return end

    async def _until_stopped(self, steps: Sequence[asyncio.Future[None]], stop: asyncio.Event) -> None:
        stopped = asyncio.ensure_future(stop.wait())
        awaited: set[asyncio.Future[Any]] = {stopped, *steps}
        await asyncio.wait(awaited, return_when=asyncio.FIRST_COMPLETED)
        stop.set()
        await stopped

    async def _repeat(
        self,
        name: str,
        wake: asyncio.Event,
        work: Callable[[], Awaitable[bool]],
        stop: asyncio.Event,
        gates: Sequence[asyncio.Event],
    ) -> None:
        """Do a step whenever it is woken and all gates are open, and at once again while it finds more to do."""
        while not stop.is_set():
            await wake.wait()
            wake.clear()
            more = name not in self._resting
            while more and not stop.is_set():
                for gate in gates:
                    await gate.wait()
                more = await self._guarded(name, work(), rest_s=AWAY_REST_S)

    async def _launch_polls(self, flights: set[asyncio.Task[None]]) -> bool:
        room = self.at_once - sum(isinstance(key, int) for key in self._busy)
        if room <= 0:
            return False
        for source_id in self._woken - self._busy.keys():
            await self.tasks.wake(source_id)
            self._woken.discard(source_id)
            self._line.clear()
        if not self._line:
            await self._form_line()
        for _ in range(min(room, len(self._line))):
            source = self._line.popleft()
            self._polled_hosts[source.id] = source.host
            self._launch(flights, source.id, self._poll(source), after=self.sources)
        return False

    async def _form_line(self) -> None:
        """Look up what is due: of each host one source, of those that are asked already none, so that no host is in the way."""
        hosts = set(self._polled_hosts.values()) - {""}
        found = await self.tasks.due_sources(self.clock(), WINDOW, hosts)
        # What lands while the store is asked may still stand in its answer, so it is passed over too.
        passed = self._busy.keys() | self._resting.keys()
        self._line.extend(source for source in found if source.id not in passed)

    async def _poll(self, source: Source) -> None:
        try:
            end = await self.tasks.poll(source)
        finally:
            self._polled_hosts.pop(source.id, None)
        self.on_polled(end)
        if end.new:
            self.pages.set()
            self.articles.set()

    async def _launch_pages(self, flights: set[asyncio.Task[None]]) -> bool:
        room = PAGES_AT_ONCE - sum(isinstance(key, tuple) for key in self._busy)
        for teaser in await self.tasks.due_teasers(self.clock(), room) if room > 0 else ():
            self._launch(flights, ("page of", teaser.article.id), self._complete(teaser), after=self.articles)
        return False

    async def _complete(self, teaser: Teaser) -> None:
        await self.tasks.complete(teaser)

    async def _analyse(self) -> bool:
        read = await self.tasks.analyse()
        if read:
            self.deliveries.set()
        return bool(read)

    async def _launch_deliveries(self, flights: set[asyncio.Task[None]]) -> bool:
        room = DELIVERIES_AT_ONCE - sum(isinstance(key, str) for key in self._busy)
        if room <= 0:
            return False
        if not self._window:
            passed = self._busy.keys() | self._resting.keys()
            found = await self.tasks.due_deliveries(self.clock(), WINDOW)
            self._window.extend(delivery for delivery in found if delivery.id not in passed)
        for _ in range(min(room, len(self._window))):
            delivery = self._window.popleft()
            self._launch(flights, delivery.id, self._deliver(delivery), after=self.deliveries)
        return False

    async def _deliver(self, delivery: Delivery) -> None:
        await self.tasks.deliver(delivery)

    def _launch(
        self, flights: set[asyncio.Task[None]], key: _Item, work: Coroutine[object, object, None], *, after: asyncio.Event
    ) -> None:
        """Run one item beside the others; when it lands, its step looks for more."""
        self._busy[key] = asyncio.get_running_loop().time()

        async def flight() -> None:
            try:
                await self._guarded(key, work)
            finally:
                self._busy.pop(key, None)
                after.set()

        task = asyncio.ensure_future(flight())
        flights.add(task)
        task.add_done_callback(flights.discard)

    async def _guarded(self, key: _Item, work: Awaitable[bool | None], *, rest_s: float = REST_S) -> bool:
        """Run one item; a fault is logged and rests this item, and the others go on."""
        try:
            more = bool(await work)
        except TokenError as error:
            self._fault = error
            self._stop.set()
        except SitrepError as error:
            rest_s = AWAY_REST_S if isinstance(error, StoreError) else rest_s
            if self._said.get(key) != str(error):  # a database that is away for hours is said once
                self._said[key] = str(error)
                log.error("failed, trying again until it goes", item=key, reason=str(error))  # noqa: TRY400  # its message says it all
        except Exception:
            log.exception("bug", item=key)
        else:
            if self._said.pop(key, None):
                log.warning("goes again", item=key)
            return more
        self._resting[key] = asyncio.get_running_loop().call_later(rest_s, self._resting.pop, key, None)
        return False


async def _finish(tasks: Sequence[asyncio.Future[None]], drain: timedelta) -> None:
    """Wait for what is in flight, then cancel what is left: the store takes it up at the next start."""
    if not tasks:
        return
    _, late = await asyncio.wait(tasks, timeout=drain.total_seconds())
    for task in late:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
