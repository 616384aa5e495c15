"""Builds everything from the config, runs it, and closes it in reverse: the only file that knows all the names."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import structlog
from rich.console import Console, RenderableType

from bot.chat.client import SitrepClient, refuse_bad_token
from bot.chat.console import TerminalCourier, greeting
from bot.chat.courier import DiscordCourier
from bot.chat.harmless import clean
from bot.chat.presence import Presence
from bot.config import Config
from bot.engine.local import LocalEngine, Tasks
from bot.errors import ConfigError, QueryError, ReadingError, StoreError
from bot.feed_health import FeedHealth
from bot.language.parsing import OFF, is_installed
from bot.matching.query import Interpreter
from bot.model import Beat, Follow, Gateway, Polled, Source, SourceKind, Vitals, now_utc
from bot.pipeline import Analyse, Deliver, Poll
from bot.ports import Collector, Courier
from bot.questions import Questions
from bot.reading import ReadingPool
from bot.schedule import Schedule
from bot.sources.feed import FeedCollector
from bot.sources.folder import FolderCollector
from bot.sources.http import Client
from bot.sources.watching import changes
from bot.store.address import Address
from bot.store.alerts import Audience
from bot.store.database import Database
from bot.store.lock import Ownership, ownership
from bot.store.migrate import is_made
from bot.store.polls import Fingerprints
from bot.store.store import Store
from bot.store.vitals import VitalSigns
from bot.stories.fingerprint import canonical_url, text_hash
from bot.watchdog import Patience, Watchdog
from bot.workers import Workers

log = structlog.get_logger(__name__)

TICK = timedelta(seconds=1)
HEARTBEAT = timedelta(seconds=30)
DRAIN = timedelta(seconds=5)
"""What is in flight has so long to land; the whole end takes under 8 s, since some hosts kill after 10."""

LEAVE = timedelta(seconds=1)
"""Discord has so long to take leave."""

PATIENCE = Patience()
BEAT_S = 1.0
"""How often the event loop tells the watchdog that it comes round."""

PARSE_LIMIT = timedelta(seconds=20)
FINGERPRINTS = Fingerprints(canonical_url=canonical_url, text_hash=text_hash)


def check_queries(config: Config) -> None:
    """Read the query of every watch.

    Raises:
        ConfigError: one cannot be read; the message names its file and key.
    """
    understand = Interpreter(config.catalogue)
    for watch in config.watches:
        try:
            understand(watch.query)
        except QueryError as error:
            raise config.query_fault(watch.name, str(error)) from error


def advice(config: Config) -> Iterator[str]:
    """Yield what is no fault, but hardly what the operator wants."""
    if config.platform and config.database_url is None:
        yield (
            f"THE ARCHIVE WILL BE LOST: {config.platform} empties its disk at each deploy, and then old news is told again. "
            f"Set DATABASE_URL to a PostgreSQL database, or see that {config.settings.storage.path} lies on a volume."
        )
    if not config.watches:
        yield f"Nothing is watched: add a [[watch]] to {config.folder / 'watches.toml'}."
    if not config.follows:
        yield f"Nothing is read: add a [[source]] to {config.folder / 'sources.toml'}."
    for follow in config.follows:
        if follow.kind is not SourceKind.FEED and not Path(follow.address).is_dir():
            yield f"The folder of {follow.name} is not there: create {follow.address}, or correct folder in sources.toml."
    model = config.settings.matching.spacy_model
    if model not in {"", OFF} and not is_installed(model):
        yield f"The model {model} is not installed: install it, or correct spacy_model in settings.toml."


def address_of(config: Config) -> Address:
    """Return where the archive is.

    Raises:
        ConfigError: DATABASE_URL cannot be read.
    """
    if config.database_url is None:
        return Address.read(config.settings.storage.path)
    try:
        return Address.read(config.database_url)
    except StoreError as error:
        raise ConfigError(f"environment: DATABASE_URL: {error}") from error


def has_archive(config: Config) -> bool:
    """Tell whether there is an archive, without making one."""
    address = address_of(config)
    return is_made(address) if address.path is None or address.path.exists() else False


def open_store(config: Config) -> Store:
    """Open the store of a config, migrated, without copying the config into it."""
    telling = config.settings.telling
    audience = Audience(discord=config.token is not None, per_poll=telling.per_poll, per_hour=telling.per_hour)
    database = Database(address_of(config))
    return Store.open(database, catalogue=config.catalogue, audience=audience, fingerprints=FINGERPRINTS)


async def read_vitals(config: Config) -> Vitals | None:
    """Read how the bot stands from the store as it is, made and migrated by nobody; None where there is none."""
    path = database_path(config)
    if not path.exists():
        return None
    database = Database.at(path)
    try:
        return await VitalSigns(database).read(now_utc())
    finally:
        database.close()


def reading_pool(config: Config, stack: AsyncExitStack) -> ReadingPool:
    """Make the pool that reads articles; its process starts when it is first needed, and ends with the stack."""
    matching = config.settings.matching
    workers = Workers(timeout=matching.timeout)
    stack.callback(workers.close)
    return ReadingPool(workers, model=matching.spacy_model)


def follows_of(config: Config) -> Sequence[Follow]:
    """Return what is polled: samples are for the terminal only."""
    return [follow for follow in config.follows if config.token is None or follow.kind is not SourceKind.SAMPLE]


@asynccontextmanager
async def answering(config: Config) -> AsyncIterator[Questions]:
    """Open what look-ups from the command line need, beside a bot that may be running."""
    async with AsyncExitStack() as stack:
        store = open_store(config)
        stack.callback(store.close)
        yield _questions(config, store, reading_pool(config, stack))


def _questions(config: Config, store: Store, pool: ReadingPool) -> Questions:
    return Questions(
        archive=store.archive,
        places=store.places,
        reader=pool,
        rules=store.analysis.rules,
        understand=Interpreter(config.catalogue),
        clock=now_utc,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """The parts of a running bot."""

    config: Config
    store: Store
    engine: LocalEngine
    pool: ReadingPool
    sources: Sequence[Source]
    feeds: FeedHealth
    say: Callable[[str | None], None]
    presence: Presence | None
    """How it is in Discord; none without a token."""
    console: Console
    started: datetime


async def run(config: Config, *, once: bool, console: Console) -> int:
    """Run the bot until it is told to stop, or for one round; return the exit code.

    Raises:
        SitrepError: it cannot be run; the message is for the operator.
    """
    check_queries(config)
    stop = asyncio.Event()
    _stop_on_signals(stop)
    if config.token is not None:
        await refuse_bad_token(config.token.reveal())
    async with AsyncExitStack() as stack:
        pool = reading_pool(config, stack)
        owner = ownership(address_of(config))
        stack.callback(owner.release)
        warm = asyncio.ensure_future(_warmed(pool))  # while another copy still runs
        stack.callback(warm.cancel)
        if not await owner.acquire(stop):
            return 0
        bot = await _build(config, stack, pool, console)
        if once:
            return await _one_round(bot, stop)
        await _until_stopped(bot, owner, stop)
    return 0


async def _build(config: Config, stack: AsyncExitStack, pool: ReadingPool, console: Console) -> Running:
    store = open_store(config)
    stack.callback(store.close)
    now = now_utc()
    await store.copy_config(follows_of(config), config.watches, now=now)
    await store.analysis.release_all()
    await store.deliveries.expire_all(now)
    await store.sources.spread_overdue(now)
    sources = await store.sources.all_sources()
    collectors = await _collectors(config, stack)
    presence, courier = _courier(config, stack, store, pool, console)
    feeds = FeedHealth(feeds={source.id for source in sources if source.kind is SourceKind.FEED})
    poll = Poll(
        collectors=collectors,
        store=store.polls,
        clock=now_utc,
        polling=config.settings.polling,
    )
    tasks = Tasks(
        due_sources=store.sources.due_sources,
        wake=partial(_wake, store),
        poll=poll,
        analyse=Analyse(reader=pool, store=store.analysis, clock=now_utc),
        due_deliveries=store.deliveries.due_deliveries,
        deliver=Deliver(courier=courier, store=store.deliveries, clock=now_utc, started=now),
    )
    say = partial(_say, console if presence is None else None)

    def heard(polled: Polled) -> None:
        say(feeds.heard(polled))

    engine = LocalEngine(tasks=tasks, clock=now_utc, at_once=config.settings.polling.at_once, on_polled=heard)
    return Running(
        config=config,
        store=store,
        engine=engine,
        pool=pool,
        sources=sources,
        feeds=feeds,
        presence=presence,
        say=say,
        console=console,
        started=now,
    )


async def _wake(store: Store, source_id: int) -> None:
    await store.sources.wake(source_id, now=now_utc())


async def _collectors(config: Config, stack: AsyncExitStack) -> dict[SourceKind, Collector]:
    client = await stack.enter_async_context(Client(config.settings.http))
    parsing = Workers(timeout=PARSE_LIMIT)
    stack.callback(parsing.close)
    folder = FolderCollector(config.settings.folders, now_utc)
    return {
        SourceKind.FEED: FeedCollector(client, parsing),
        SourceKind.FOLDER: folder,
        SourceKind.SAMPLE: folder,
    }


def _courier(
    config: Config, stack: AsyncExitStack, store: Store, pool: ReadingPool, console: Console
) -> tuple[Presence | None, Courier]:
    if config.token is None:
        return None, TerminalCourier(console)
    client = SitrepClient(answers=_questions(config, store, pool), places=store.places, clock=now_utc)
    stack.push_async_callback(_leave, client)
    token, channel = config.token.reveal(), config.channel_id
    return Presence(client=client, token=token, channel=channel, places=store.places, clock=now_utc), DiscordCourier(client)


async def _leave(client: SitrepClient) -> None:
    """Close the gateway; a network that is gone keeps nobody waiting."""
    with suppress(TimeoutError):
        async with asyncio.timeout(LEAVE.total_seconds()):
            await client.close()


async def _one_round(bot: Running, stop: asyncio.Event) -> int:
    """Poll every source once, whatever is due; return 0, or 1 if a source failed."""
    for line in advice(bot.config):
        bot.say(line)
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


async def _until_stopped(bot: Running, owner: Ownership, stop: asyncio.Event) -> None:
    """Run engine, schedule, folder wake-ups and gateway side by side until the end is asked for, then end in order."""
    owning, reading, telling = asyncio.Event(), asyncio.Event(), asyncio.Event()
    owning.set()
    works = [_note_disambiguation(bot), _wake_on_files(bot, stop), owner.keep(owning)]
    if bot.presence is not None:
        works += [bot.presence.stay(placed=reading, online=telling), _beat_on_change(bot, bot.presence.client)]
    else:
        bot.console.print(_greeting(bot))
        reading.set()
        telling.set()
    for line in (*advice(bot.config), bot.feeds.resume(bot.sources)):
        bot.say(line)
    await _beat(bot)
    schedule = _schedule(bot)
    beside = [asyncio.ensure_future(work) for work in works]
    for task in beside:
        task.add_done_callback(lambda done: None if done.cancelled() or done.exception() is None else stop.set())
    try:
        await bot.engine.run(stop, owning=owning, reading=reading, telling=telling, drain=DRAIN)
    finally:
        schedule.close()
    with Watchdog(PATIENCE) as watchdog:
        works.append(_give_signs(watchdog, bot.engine, stop))
        beside = [asyncio.ensure_future(work) for work in works]
        for task in beside:
            task.add_done_callback(lambda done: None if done.cancelled() or done.exception() is None else stop.set())
        try:
            await bot.engine.run(stop, reading=reading, telling=telling, drain=DRAIN)
        finally:
            schedule.close()
            for task in beside:
                task.cancel()
            ends = await asyncio.gather(*beside, return_exceptions=True)
    for end in ends:
        if isinstance(end, Exception):
            raise end


async def _warmed(pool: ReadingPool) -> None:
    """Load the model before the first article needs it."""
    try:
        await pool.warm_up()
    except ReadingError as error:
        log.warning("the model did not load: articles are tried all the same", reason=str(error))


async def _note_disambiguation(bot: Running) -> None:
    """Keep how disambiguation stands for `/status`."""


async def _give_signs(watchdog: Watchdog, engine: LocalEngine, stop: asyncio.Event) -> None:
    """Tell the watchdog that the event loop comes round, until the end is asked for: that has time limits of its own."""
    while not stop.is_set():
        watchdog.beat(delivering_since=engine.delivering_since)
        with suppress(TimeoutError):
            async with asyncio.timeout(BEAT_S):
                await stop.wait()
    watchdog.close()


async def _warm_up(bot: Running) -> None:
    """Load the model before the first article needs it, and keep how disambiguation stands for `/status`."""
    try:
        await bot.store.places.note("disambiguation", await bot.pool.disambiguation(), now=now_utc())
    except (ReadingError, StoreError) as error:
        log.warning("how names are told apart is not kept", reason=str(error))


async def _wake_on_files(bot: Running, stop: asyncio.Event) -> None:
    """Scan a folder as soon as something in it changes, and at the start: nobody watched it before."""
    folders = {Path(source.address): source.id for source in bot.sources if source.kind is not SourceKind.FEED}
    if not folders:
        return
    for source_id in folders.values():
        bot.engine.wake(source_id)
    async with aclosing(changes(list(folders), stop)) as batches:
        async for changed in batches:
            for folder in changed:
                bot.engine.wake(folders[folder])


def _greeting(bot: Running) -> RenderableType:
    kinds = [source.kind for source in bot.sources]
    return greeting(
        watches=[watch.name for watch in bot.config.watches],
        feeds=kinds.count(SourceKind.FEED),
        folders=[_near(source.address) for source in bot.sources if source.kind is SourceKind.FOLDER],
        database=address_of(bot.config).name,
        has_token=bot.presence is not None,
        has_samples=SourceKind.SAMPLE in kinds,
    )


def _near(path: str) -> str:
    """Write a path as seen from here, where it lies below."""
    here = Path.cwd()
    return str(Path(path).relative_to(here)) if Path(path).is_relative_to(here) else path


def _say(console: Console | None, line: str | None) -> None:
    """Tell the operator something, if there is something to tell."""
    if line is None:
        return
    if console is None:
        log.warning(line)
    else:
        console.print(clean(line), style="yellow", markup=False, highlight=False)


def _stop_on_signals(stop: asyncio.Event) -> None:
    """Let SIGTERM and Ctrl-C end the bot in order, and a second one at once."""
    loop = asyncio.get_running_loop()

    def stopping(which: signal.Signals) -> None:
        signal.signal(which, signal.SIG_DFL)
        loop.remove_signal_handler(which)
        stop.set()

    for which in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(which, stopping, which)


def _schedule(bot: Running) -> Schedule:
    schedule = Schedule()

    schedule.every(TICK, bot.engine.tick, name="tick")
    schedule.every(HEARTBEAT, partial(_beat, bot), name="heartbeat")
    schedule.start()
    return schedule


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
