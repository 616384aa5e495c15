"""Runs a bot that has been built: for one round, or side by side with gateway, folders and watchdog until it is told to stop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import aclosing, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import structlog
from rich.console import Console, RenderableType

from bot.chat.client import SitrepClient
from bot.chat.console import greeting
from bot.chat.presence import Presence
from bot.engine.local import LocalEngine
from bot.errors import ReadingError, StoreError
from bot.health.feeds import FeedHealth
from bot.health.rounds import Rounds
from bot.health.watchdog import Patience, Watchdog
from bot.matching import ranking
from bot.model import Beat, Gateway, Source, SourceKind, Watch, now_utc
from bot.reading import ReadingPool
from bot.schedule import Schedule
from bot.sources.feeds.websub import Hubs
from bot.sources.folders.arrivals import Arrivals
from bot.sources.folders.watching import changes
from bot.store.lock import Ownership
from bot.store.store import Store

log = structlog.get_logger(__name__)

TICK = timedelta(seconds=1)
HEARTBEAT = timedelta(seconds=30)
ROUND = timedelta(minutes=5)
ASKING = timedelta(minutes=1)
"""How often it is looked whether a hub is to be asked."""
DRAIN = timedelta(seconds=5)
"""What is in flight has so long to land; the whole end takes under 8 s, since some hosts kill after 10."""

PATIENCE = Patience()
BEAT_S = 1.0
"""How often the event loop tells the watchdog that it comes round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """The parts of a running bot."""

    watches: Sequence[Watch]
    archive: str
    """What people call the place of the archive."""
    store: Store
    engine: LocalEngine
    pool: ReadingPool
    sources: Sequence[Source]
    arrivals: Arrivals
    polled_folders: AbstractSet[str]
    """The addresses of folders in which the system tells of no changes."""
    feeds: FeedHealth
    rounds: Rounds
    hubs: Hubs | None
    """What hears hubs; none where the operator has no address that they reach."""
    say: Callable[[str | None], None]
    presence: Presence | None
    """How it is in Discord; none without a token."""
    console: Console
    started: datetime


async def one_round(bot: Running, stop: asyncio.Event) -> int:
    """Poll every source once, whatever is due; return 0, or 1 if a source failed."""
    if bot.presence is not None:
        await bot.presence.begin()
    work = asyncio.ensure_future(bot.engine.once(bot.sources))
    stopped = asyncio.ensure_future(stop.wait())
    await asyncio.wait({work, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if not work.done():
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
        return 0
    return int(any(end.trouble for end in work.result()))


async def until_stopped(bot: Running, owner: Ownership, stop: asyncio.Event, *, advice: Iterable[str]) -> None:
    """Work until the end is asked for, or something that must run has ended; then end in order.

    Raises:
        SitrepError: it cannot go on; the message is for the operator.
    """
    owning, reading, telling = asyncio.Event(), asyncio.Event(), asyncio.Event()
    owning.set()
    works = [_note_disambiguation(bot), _wake_on_files(bot, stop), owner.keep(owning)]
    if bot.presence is None or bot.console.is_terminal:  # the log of a host needs no greeting
        bot.console.print(_greeting(bot))
    if bot.hubs is not None:
        works.append(bot.hubs.hear(stop))
    if bot.presence is not None:
        works += [bot.presence.stay(placed=reading, online=telling), _beat_on_change(bot, bot.presence.client)]
    else:
        reading.set()
        telling.set()
    for line in (*advice, bot.feeds.resume(bot.sources, now_utc())):
        bot.say(line)
    await _beat(bot)
    schedule = _schedule(bot, owning)
    with Watchdog(PATIENCE) as watchdog:
        works.append(_give_signs(watchdog, bot.engine, stop))
        beside = [asyncio.ensure_future(work) for work in works]
        for task in beside:
            task.add_done_callback(lambda done: None if done.cancelled() or done.exception() is None else stop.set())
        try:
            await bot.engine.run(stop, owning=owning, reading=reading, telling=telling, drain=DRAIN)
        finally:
            schedule.close()
            for task in beside:
                task.cancel()
            ends = await asyncio.gather(*beside, return_exceptions=True)
    for end in ends:
        if isinstance(end, Exception):
            raise end


async def _give_signs(watchdog: Watchdog, engine: LocalEngine, stop: asyncio.Event) -> None:
    """Tell the watchdog that the event loop comes round, until the end is asked for: that has time limits of its own."""
    while not stop.is_set():
        watchdog.beat(delivering_since=engine.delivering_since)
        with suppress(TimeoutError):
            async with asyncio.timeout(BEAT_S):
                await stop.wait()
    watchdog.close()


async def _note_disambiguation(bot: Running) -> None:
    """Keep how disambiguation and ranking stand for `/status`."""
    try:
        await bot.store.places.note("ranking", ranking.standing(), now=now_utc())
        await bot.store.places.note("disambiguation", await bot.pool.disambiguation(), now=now_utc())
    except (ReadingError, StoreError) as error:
        log.warning("how names are told apart is not kept", reason=str(error))


async def _wake_on_files(bot: Running, stop: asyncio.Event) -> None:
    """Scan a folder as soon as something in it changes, and at the start: nobody watched it before."""
    folders = {Path(source.address): source.id for source in bot.sources if source.kind is not SourceKind.FEED}
    for source_id in folders.values():
        bot.engine.wake(source_id)
    polled = {folder for folder in folders if str(folder) in bot.polled_folders}
    async with asyncio.TaskGroup() as watches:
        for group, polling in ((folders.keys() - polled, False), (polled, True)):
            if group:
                watches.create_task(_wake_on_changes(bot, {folder: folders[folder] for folder in group}, stop, polling=polling))


async def _wake_on_changes(bot: Running, folders: Mapping[Path, int], stop: asyncio.Event, *, polling: bool) -> None:
    async with aclosing(changes(list(folders), stop, arrivals=bot.arrivals, polling=polling)) as batches:
        async for changed in batches:
            for folder in changed:
                bot.engine.wake(folders[folder])


def _greeting(bot: Running) -> RenderableType:
    kinds = [source.kind for source in bot.sources]
    return greeting(
        watches=[watch.name for watch in bot.watches],
        feeds=kinds.count(SourceKind.FEED),
        folders=[_near(source.address) for source in bot.sources if source.kind is SourceKind.FOLDER],
        database=bot.archive,
        has_token=bot.presence is not None,
        has_samples=SourceKind.SAMPLE in kinds,
    )


def _near(path: str) -> str:
    """Write a path as seen from here, where it lies below."""
    here = Path.cwd()
    return str(Path(path).relative_to(here)) if Path(path).is_relative_to(here) else path


def _schedule(bot: Running, owning: asyncio.Event) -> Schedule:
    schedule = Schedule()
    schedule.every(TICK, bot.engine.tick, name="tick")
    schedule.every(HEARTBEAT, partial(_beat, bot), name="heartbeat")
    schedule.every(ROUND, partial(_guarded, bot.rounds, owning, "looking after the sources"), name="round")
    schedule.every(TICK, partial(_guarded, partial(_reindex, bot), owning, "indexing the archive anew"), name="index")
    if bot.hubs is not None:
        asking = partial(_guarded, bot.hubs.subscribe, owning, "asking hubs")
        schedule.every(ASKING, asking, name="hubs")
    schedule.start()
    return schedule


async def _reindex(bot: Running) -> None:
    await bot.store.reindexing.step(now=now_utc())


async def _guarded(work: Callable[[], Awaitable[None]], owning: asyncio.Event, undone: str) -> None:
    """Do work that comes round again; not while another copy may do it, nor while the database is away."""
    if not owning.is_set():
        return
    try:
        await work()
    except StoreError as error:
        log.warning("put off until the database is back", what=undone, reason=str(error))


async def _beat(bot: Running) -> None:
    """Keep that the bot runs, and how it stands with Discord: `health` asks the store alone."""
    client = bot.presence and bot.presence.client
    beat = Beat(
        started=bot.started,
        gateway=client.gateway if client else Gateway.NONE,
        gateway_since=client.gateway_since if client else bot.started,
    )
    with suppress(StoreError):  # the steps say so, and a beat that is not kept is seen by its age
        await bot.store.vitals.beat(beat, now=now_utc())


async def _beat_on_change(bot: Running, client: SitrepClient) -> None:
    """Keep at once that the gateway is there or away."""
    while True:
        await client.gateway_changed.wait()
        client.gateway_changed.clear()
        await _beat(bot)
