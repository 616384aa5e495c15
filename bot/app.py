"""Builds everything from the config, runs it, and closes it in reverse: the only file that knows all the names."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack, suppress
from datetime import timedelta
from functools import partial
from pathlib import Path

import structlog
from rich.console import Console

from bot.chat.client import SitrepClient, refuse_bad_token
from bot.chat.console import TerminalCourier
from bot.chat.courier import DiscordCourier
from bot.chat.harmless import clean
from bot.chat.presence import Presence
from bot.completing import Complete
from bot.config import Config
from bot.desks import Web, address_of, as_changed, desks_over, open_store, open_web, reading_pool
from bot.engine.local import LocalEngine, Tasks
from bot.errors import ConfigError, QueryError, ReadingError
from bot.health.feeds import FeedHealth
from bot.health.rounds import Rounds
from bot.language.parsing import OFF, is_installed
from bot.matching.queries.query import Interpreter
from bot.model import TERMINAL, Follow, Polled, SourceKind, in_channel, now_utc
from bot.pipeline import Analyse, Deliver, Poll, Receive
from bot.ports import Collector, Courier, PageReader
from bot.questions import FeedLimits
from bot.questions.broad import common_alone
from bot.reading import ReadingPool
from bot.running import Running, one_round, until_stopped
from bot.sources.feeds.collector import FeedCollector
from bot.sources.feeds.websub import Callback, Hubs, Subscribe, listening_at
from bot.sources.folders.arrivals import Arrivals
from bot.sources.folders.collector import FolderCollector
from bot.sources.pages.reader import FeedTextOnly, WebPageReader
from bot.store.lock import ownership
from bot.store.store import Store

log = structlog.get_logger(__name__)

_SWITCH_S = 0.0005
"""The event loop waits so long for a thread that computes, each time it comes back from the network: the usual 5 ms add up."""

LEAVE = timedelta(seconds=1)
"""Discord has so long to take leave."""


def check_queries(config: Config) -> None:
    """Read the query of every watch.

    Raises:
        ConfigError: one cannot be read, or would take nearly every article; the message names its file and key.
    """
    understand = Interpreter(config.catalogue)
    for watch in config.watches:
        try:
            understood = understand(watch.query)
        except QueryError as error:
            raise config.query_fault(watch.name, str(error), quoted=error.quoted) from error
        if said := common_alone(understood.query):
            raise config.query_fault(watch.name, said)


async def with_readable_queries(config: Config) -> Config:
    """Read the query of every watch; return the config with the actors by which they can be read.

    What no file names commands may have made: that is looked up in the archive, and only then.

    Raises:
        ConfigError: one cannot be read, or would take nearly every article.
    """
    try:
        check_queries(config)
    except ConfigError:
        config = await as_changed(config)
        check_queries(config)
    return config


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


def follows_of(config: Config) -> Sequence[Follow]:
    """Return what is polled: samples are for the terminal only."""
    return [follow for follow in config.follows if config.token is None or follow.kind is not SourceKind.SAMPLE]


def stay_quick() -> None:
    """Set the interpreter up for a loop that answers at once; to be called when all is built.

    What was imported and built lives as long as the program: to go through it at each full collection takes 90 ms.
    """
    sys.setswitchinterval(_SWITCH_S)
    gc.collect()
    gc.freeze()


def _nothing() -> None:
    """Do nothing."""


async def run(config: Config, *, once: bool, console: Console, on_end: Callable[[], None] = _nothing) -> int:
    """Run the bot until it is told to stop, or for one round; return the exit code.

    `on_end` is called when it is told to stop, and ends in order from then on.

    Raises:
        SitrepError: it cannot be run; the message is for the operator.
    """
    await with_readable_queries(config)
    stop = asyncio.Event()
    _stop_on_signals(stop, on_end)
    if config.token is not None:
        await refuse_bad_token(config.token.reveal())
    async with AsyncExitStack() as stack:
        pool = reading_pool(config, stack)
        owner = ownership(address_of(config))
        stack.callback(owner.release)
        warm = asyncio.ensure_future(_warmed(pool))  # while another copy still runs
        stack.callback(warm.cancel)
        if once:
            await owner.acquire_now()  # who asks for one round does not want to wait for days
        elif not await owner.acquire(stop):
            return 0
        bot = await _build(config, stack, pool, console)
        stay_quick()
        if once:
            for line in advice(config):
                bot.say(line)
            return await one_round(bot, stop)
        await until_stopped(bot, owner, stop, advice=advice(config))
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
    web = await open_web(config, stack)
    presence, courier = _courier(config, stack, store, pool, web=web, console=console)
    arrivals = Arrivals()
    asked = {source.id for source in sources if source.kind is SourceKind.FEED and source.given_up_at is None}
    feeds = FeedHealth(feeds=asked)
    poll = Poll(
        collectors=_collectors(config, web, arrivals),
        store=store.polls,
        clock=now_utc,
        polling=config.settings.polling,
    )
    complete = Complete(reader=_page_reader(config, web), store=store.teasers, clock=now_utc)
    tasks = Tasks(
        due_sources=store.sources.due_sources,
        wake=partial(_wake, store),
        poll=poll,
        due_teasers=complete.due,
        complete=complete,
        analyse=Analyse(reader=pool, store=store.analysis, clock=now_utc),
        due_deliveries=store.deliveries.due_deliveries,
        deliver=Deliver(courier=courier, store=store.deliveries, clock=now_utc, started=now),
    )
    say = partial(_say, console if presence is None else None)

    def heard(polled: Polled) -> None:
        say(feeds.heard(polled))

    engine = LocalEngine(tasks=tasks, clock=now_utc, at_once=config.settings.polling.at_once, on_polled=heard)
    return Running(
        watches=config.watches,
        archive=address_of(config).name,
        store=store,
        engine=engine,
        pool=pool,
        sources=sources,
        arrivals=arrivals,
        polled_folders={follow.address for follow in config.follows if follow.files.polling or config.settings.folders.polling},
        feeds=feeds,
        hubs=_hubs(config, store, web, engine),
        rounds=Rounds(store=store.ward, clock=now_utc, operators=_operators(config)),
        presence=presence,
        say=say,
        console=console,
        started=now,
    )


def _operators(config: Config) -> str:
    """Return where those who run the bot are told; nowhere but in the log if they have named no channel."""
    if config.token is None:
        return TERMINAL
    channel = config.settings.telling.operators_channel
    return in_channel(channel) if channel is not None else ""


def _hubs(config: Config, store: Store, web: Web, engine: LocalEngine) -> Hubs | None:
    """Make what hears hubs, where the operator has an address that they reach."""
    websub = config.settings.websub
    if not websub.public_url:
        return None
    receive = Receive(
        reader=FeedCollector(web.client, web.parsing),
        polls=store.polls,
        subscriptions=store.subscriptions,
        clock=now_utc,
        polling=config.settings.polling,
        wake=engine.articles.set,
    )
    return Hubs(
        subscribe=Subscribe(client=web.client, store=store.subscriptions, clock=now_utc, public_url=websub.public_url),
        callback=Callback(store=store.subscriptions, clock=now_utc, receive=receive, max_bytes=config.settings.http.max_bytes),
        address=listening_at(websub.listen),
    )


async def _wake(store: Store, source_id: int) -> None:
    await store.sources.wake(source_id, now=now_utc())


def _collectors(config: Config, web: Web, arrivals: Arrivals) -> dict[SourceKind, Collector]:
    choices = {follow.address: follow.files for follow in config.follows}
    folder = FolderCollector(config.settings.folders, now_utc, web.files, arrivals=arrivals, choices=choices)
    return {
        SourceKind.FEED: FeedCollector(web.client, web.parsing),
        SourceKind.FOLDER: folder,
        SourceKind.SAMPLE: folder,
    }


def _page_reader(config: Config, web: Web) -> PageReader:
    """Make what reads the pages behind feeds, with the connections and the process that read feeds."""
    return WebPageReader(web.client, web.workers) if config.settings.polling.full_text else FeedTextOnly()


def _courier(
    config: Config, stack: AsyncExitStack, store: Store, pool: ReadingPool, *, web: Web, console: Console
) -> tuple[Presence | None, Courier]:
    if config.token is None:
        return None, TerminalCourier(console)
    limits = FeedLimits(polling=config.settings.polling, servers=config.settings.servers)
    asked = desks_over(store, pool, web=web, limits=limits)
    client = SitrepClient(
        answers=asked.answers,
        articles=asked.articles,
        feeds=asked.feeds,
        watches=asked.watches,
        actors=asked.actors,
        insights=asked.insights,
        places=store.places,
        clock=now_utc,
    )
    stack.push_async_callback(_leave, client)
    token, channel = config.token.reveal(), config.channel_id
    return Presence(client=client, token=token, channel=channel, places=store.places, clock=now_utc), DiscordCourier(client)


async def _leave(client: SitrepClient) -> None:
    """Close the gateway; a network that is gone keeps nobody waiting."""
    with suppress(TimeoutError):
        async with asyncio.timeout(LEAVE.total_seconds()):
            await client.close()


async def _warmed(pool: ReadingPool) -> None:
    """Load the model before the first article needs it."""
    try:
        await pool.warm_up()
    except ReadingError as error:
        log.warning("the model did not load: articles are tried all the same", reason=str(error))


def _say(console: Console | None, line: str | None) -> None:
    """Tell the operator something, if there is something to tell."""
    if line is None:
        return
    if console is None:
        log.warning(line)
    else:
        console.print(clean(line), style="yellow", markup=False, highlight=False)


def _stop_on_signals(stop: asyncio.Event, on_end: Callable[[], None]) -> None:
    """Let SIGTERM and Ctrl-C end the bot in order, and a second one at once."""
    loop = asyncio.get_running_loop()

    def stopping(which: signal.Signals) -> None:
        signal.signal(which, signal.SIG_DFL)
        loop.remove_signal_handler(which)
        stop.set()
        on_end()

    for which in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(which, stopping, which)
