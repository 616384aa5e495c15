"""Opens what people are answered with, for the running bot and for the command line beside it: the archive, the reader, the web."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import NamedTuple

from bot.config import Config
from bot.errors import ConfigError, StoreError
from bot.matching.queries.meanings import Meanings
from bot.matching.scanning.overrides import laid_over
from bot.model import Vitals, now_utc
from bot.ports import Clock
from bot.questions import (
    ActorDesk,
    ArticleQuestions,
    FeedbackDesk,
    FeedDesk,
    FeedLimits,
    NearMisses,
    Questions,
    WatchDesk,
)
from bot.reading import ReadingPool
from bot.sources.feeds import opml
from bot.sources.feeds.parsing import Parsing
from bot.sources.feeds.probing import FeedProber, reading
from bot.sources.web.http import Client
from bot.store.address import Address
from bot.store.articles.recognition import Fingerprints
from bot.store.database import Database
from bot.store.migrate import is_made
from bot.store.store import Store
from bot.store.telling.audience import Audience
from bot.store.vitals import VitalSigns
from bot.store.watches.watches import shared_changes
from bot.stories.fingerprint import canonical_url, text_hash
from bot.workers import Workers

PARSE_LIMIT = timedelta(seconds=20)
QUICK_LIMIT = timedelta(seconds=5)
"""For a batch of feeds that have always been read in milliseconds."""
FINGERPRINTS = Fingerprints(canonical_url=canonical_url, text_hash=text_hash)


class Web(NamedTuple):
    """Who asks for feeds, and the processes that read them: the same for polls and for people, so that hosts are asked in turn."""

    client: Client
    parsing: Parsing
    workers: Workers
    files: Workers


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
    return is_made(address_of(config))


async def as_changed(config: Config) -> Config:
    """Return a config with its actors as commands have changed them for everybody; as it is where there is no archive."""
    if not has_archive(config):
        return config
    with closing(Database(address_of(config))) as database:
        changes = await database.read(shared_changes)
    return replace(config, catalogue=laid_over(config.catalogue, changes))


def open_store(config: Config) -> Store:
    """Open the store of a config, migrated, without copying the config into it."""
    telling = config.settings.telling
    audience = Audience(discord=config.token is not None, per_poll=telling.per_poll, per_hour=telling.per_hour)
    database = Database(address_of(config))
    return Store.open(
        database,
        catalogue=config.catalogue,
        audience=audience,
        fingerprints=FINGERPRINTS,
        full_text=config.settings.polling.full_text,
    )


async def read_vitals(config: Config) -> Vitals | None:
    """Read how the bot stands from the store as it is, made and migrated by nobody; None where there is none."""
    if not has_archive(config):
        return None
    database = Database(address_of(config))
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


async def open_web(config: Config, stack: AsyncExitStack) -> Web:
    """Open what asks for feeds and pages; its processes start when they are first needed, and end with the stack."""
    client = await stack.enter_async_context(Client(config.settings.http))
    quick, patient, files = (Workers(timeout=limit) for limit in (QUICK_LIMIT, PARSE_LIMIT, PARSE_LIMIT))
    for workers in (quick, patient, files):
        stack.callback(workers.close)
    return Web(client, Parsing(quick=quick, patient=patient), patient, files)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desks:
    """Who answers people: on the archive, one article, their feeds, their watches, and what came of those."""

    answers: Questions
    articles: ArticleQuestions
    feeds: FeedDesk
    watches: WatchDesk
    actors: ActorDesk
    insights: FeedbackDesk


@asynccontextmanager
async def desks_of(config: Config, *, reads: bool = False) -> AsyncIterator[Desks]:
    """Open what the command line needs, beside a bot that may be running; the operator's feeds have no limits.

    Whoever `reads` the archive within a time has a reader that is ready.
    """
    async with AsyncExitStack() as stack:
        store = open_store(config)
        stack.callback(store.close)
        limits = FeedLimits(polling=config.settings.polling, servers=None)
        pool = reading_pool(config, stack)
        if reads:
            await pool.warm_up()
        yield desks_over(store, pool, web=await open_web(config, stack), limits=limits)


def desks_over(store: Store, pool: ReadingPool, *, web: Web, limits: FeedLimits) -> Desks:
    """Make who answers people over what is open already."""
    meanings = Meanings()
    most = limits.servers.watches if limits.servers else None
    answers, watches = look_ups_over(store, pool, meanings=meanings, clock=now_utc, most=most)
    prober = FeedProber(web.client, web.workers, read=reading(web.parsing, now_utc), clock=now_utc)
    feeds = FeedDesk(archive=store.archive, follows=store.follows, prober=prober, lists=opml, limits=limits, clock=now_utc)
    actors = ActorDesk(
        answers=answers,
        archive=store.archive,
        overrides=store.overrides,
        reader=pool,
        meanings=meanings,
        clock=now_utc,
    )
    insights = FeedbackDesk(
        archive=store.archive,
        explanations=store.explanations,
        explainer=pool,
        feedback=store.feedback,
        reader=pool,
        rules=store.analysis.rules,
        meanings=meanings,
        clock=now_utc,
    )
    articles = ArticleQuestions(archive=store.archive, histories=store.histories)
    return Desks(answers=answers, articles=articles, feeds=feeds, watches=watches, actors=actors, insights=insights)


def look_ups_over(
    store: Store, pool: ReadingPool, *, meanings: Meanings, clock: Clock, most: int | None
) -> tuple[Questions, WatchDesk]:
    """Make who searches the archive, and who tries and keeps watches over it, at most so many for a server."""
    answers = Questions(
        archive=store.archive,
        backlog=store.backlog,
        places=store.places,
        reader=pool,
        rules=store.analysis.rules,
        meanings=Meanings(searches=True),
        clock=clock,
    )
    watches = WatchDesk(
        archive=store.archive,
        watches=store.watches,
        answers=answers,
        reader=pool,
        near=NearMisses(archive=store.archive, explainer=pool, rules=store.analysis.rules, clock=clock),
        meanings=meanings,
        clock=clock,
        most=most,
    )
    return answers, watches
