"""What the command line does once and ends: match files, measure, search the archive, check the watches against it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, closing
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TypeVar

from bot import desks
from bot.chat.client import SitrepClient, refuse_bad_token
from bot.chat.invite import invite_url
from bot.chat.presence import Presence
from bot.config import Config
from bot.errors import SourceError, StoreError, TokenError
from bot.matching.relations.events import Event
from bot.model import Article, Draft, Finding, Level, Match, Page, Rules, Stuck, Viewer, Watch, WayOut, now_utc
from bot.pipeline import BATCH
from bot.questions.broad import Breadth
from bot.reading import ReadingPool
from bot.settings import Folders
from bot.sources.folders import documents
from bot.sources.folders.origin import Origin
from bot.store import copying, doctor
from bot.store.address import Address
from bot.store.database import Database
from bot.store.lock import ownership

_T = TypeVar("_T")

COVERED = 1000
"""A watch is tried on at most so many of the newest articles that may answer it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """One article of a file and one watch it answers; none, where it answers no watch."""

    id: str
    title: str
    watch: str = ""
    match: Match | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How many articles the archive holds, how many of them each watch matches, and which topics are found in too many."""

    archived: int
    matches: tuple[tuple[str, int], ...] = ()
    broad: tuple[str, ...] = ()


async def match_files(config: Config, files: Sequence[Path]) -> AsyncIterator[Matched]:
    """Yield what matches in these files, article by article and watch by watch.

    Raises:
        SourceError: a file, or a part of one, cannot be read; what can be read comes first.
    """
    watches = tuple(replace(watch, id=number) for number, watch in enumerate(config.watches, start=1))
    names = {watch.id: watch.name for watch in watches}
    async for one, matches in _read(config, watches, files):
        article = one.draft.guid or one.name
        for match in matches:
            yield Matched(id=article, title=one.draft.title, watch=names[match.watch_id], match=match)
        if not matches:
            yield Matched(id=article, title=one.draft.title)


async def measure_about(config: Config, files: Sequence[Path]) -> AsyncIterator[tuple[str, Mapping[str, float]]]:
    """Yield for each record of a file its id and how strongly it is about each actor, from 0 to 1.

    Raises:
        SourceError: a file, or a part of one, cannot be read.
    """
    actors = [actor.id for actor in config.catalogue.actors]
    watches = tuple(
        Watch(id=number, name=actor, query=f"actor:{actor}", level=Level.MENTION)
        for number, actor in enumerate(actors, start=1)
    )
    async for one, matches in _read(config, watches, files):
        yield one.draft.guid or one.name, {actors[match.watch_id - 1]: round(match.score, 4) for match in matches}


async def measure_geo(config: Config, files: Sequence[Path]) -> AsyncIterator[tuple[str, Sequence[str]]]:
    """Yield for each record of a file its id and the codes of the countries that it names.

    Raises:
        SourceError: a file, or a part of one, cannot be read.
    """
    rules = Rules(number=1, catalogue=config.catalogue, watches=())
    async for found, countries in _asked(config, files, lambda pool, articles: pool.countries(articles, rules)):
        yield found.draft.guid or found.name, countries


async def measure_events(config: Config, files: Sequence[Path]) -> AsyncIterator[tuple[str, Event]]:
    """Yield for each record of a file its id and its main event, whoever takes part in it.

    Raises:
        SourceError: a file, or a part of one, cannot be read.
    """
    acts = config.catalogue.acts
    async for found, event in _asked(config, files, lambda pool, articles: pool.events(list(map(_whole, articles)), acts)):
        yield found.draft.guid or found.name, event


def _whole(article: Article) -> str:
    return f"{article.title}\n\n{article.text}" if article.title and not article.headless else article.text


async def search(config: Config, query: str, *, since: str | None, limit: int) -> Page:
    """Search the archive as its operator."""
    async with desks.desks_of(config, reads=True) as asked:
        return await asked.answers.search(Viewer(), query=query, since=since, size=limit)


async def stuck(config: Config) -> Sequence[Stuck]:
    """Return what could not be told anywhere, beside a bot that may be running."""
    async with desks.desks_of(config) as asked:
        return await asked.answers.stuck(Viewer())


async def unstick(config: Config, way: WayOut, *, named: Sequence[str] | None) -> int:
    """Tell again or drop what is stuck; return how many."""
    async with desks.desks_of(config) as asked:
        return await asked.answers.unstick(Viewer(), way, named=named)


async def coverage(config: Config, *, least: int) -> Coverage:
    """Try every watch of the config on the archive, unless it holds fewer than `least`; no archive is made."""
    if not desks.has_archive(config):
        return Coverage(archived=0)
    async with desks.desks_of(config) as asked:
        archived = await asked.answers.archive.archive_size()
        if archived < least:
            return Coverage(archived=archived)
        counts = [(watch.name, await asked.answers.count(Viewer(), watch, limit=COVERED)) for watch in config.watches]
        breadth = Breadth(archive=asked.answers.archive, reader=asked.answers.reader, rules=asked.answers.rules)
        said = [await breadth.of(Viewer(), topic.subject) for topic in config.catalogue.topics]
        return Coverage(archived=archived, matches=tuple(counts), broad=tuple(filter(None, said)))


def examine(config: Config, *, mend: bool) -> Sequence[Finding]:
    """Check the laws of the archive, beside a bot that may be running, and mend what is safe to mend if asked to.

    Raises:
        StoreError: there is no archive, or it cannot be used.
    """
    address = desks.address_of(config)
    if not desks.has_archive(config):
        raise StoreError(f"There is no archive {address.name} yet: python -m bot run makes one.")
    with closing(Database(address)) as database:
        return doctor.examine(database, now=now_utc(), mend=mend)


async def copy_store(source: str, target: str) -> Mapping[str, int]:
    """Copy an archive into an empty database, while nothing runs on either; return the rows of each table.

    Raises:
        BusyError: a bot runs on one of them.
        StoreError: one of them cannot be used, or the copy is not what it was made from.
    """
    addresses = [Address.read(source), Address.read(target)]
    if addresses[0] == addresses[1]:
        raise StoreError(f"{addresses[0].name} cannot be copied onto itself: name another place.")
    if addresses[0].path is not None and not addresses[0].path.exists():
        raise StoreError(f"There is no archive {addresses[0].name}: name the file, or the address of the database.")
    with ExitStack() as stack:
        for address in addresses:
            owner = ownership(address)
            stack.callback(owner.release)
            await owner.acquire_now()
        here, there = (stack.enter_context(closing(Database(address))) for address in addresses)
        return copying.copy(here, there)


async def sync(config: Config) -> None:
    """Register the slash commands with Discord, whether or not they have changed."""
    async with _logged_in(config) as client:
        await client.register_commands(anyway=True)


async def invite(config: Config) -> str:
    """Return the address that invites the bot."""
    async with _logged_in(config) as client:
        return invite_url(client.application_id or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """An article as it stood in a file."""

    name: str
    draft: Draft


def _drafts(files: Sequence[Path], limits: Folders, problems: list[str]) -> Iterator[_Found]:
    """Yield the articles of files, and gather what cannot be read."""
    for path in files:
        try:
            body = path.read_bytes()
        except OSError as error:
            problems.append(f"{path}: {error.strerror}")
            continue
        document = documents.read(body, Origin(name=path.name, now=now_utc(), limits=limits))
        problems += [f"{path}: {problem.part} {problem.reason}" for problem in document.problems]
        for draft in document.drafts:
            yield _Found(name=path.name, draft=draft)


async def _read(
    config: Config, watches: tuple[Watch, ...], files: Sequence[Path]
) -> AsyncIterator[tuple[_Found, Sequence[Match]]]:
    """Read files in batches, as the bot reads articles."""
    rules = Rules(number=1, catalogue=config.catalogue, watches=watches)
    async for one, reading in _asked(config, files, lambda pool, articles: pool.read(articles, rules)):
        yield one, reading.matches


async def _asked(
    config: Config, files: Sequence[Path], ask: Callable[[ReadingPool, Sequence[Article]], Awaitable[Sequence[_T]]]
) -> AsyncIterator[tuple[_Found, _T]]:
    """Ask something of every article of some files, in batches."""
    problems: list[str] = []
    found = _drafts(files, config.settings.folders, problems)
    async with AsyncExitStack() as stack:
        pool = desks.reading_pool(config, stack)
        while batch := list(islice(found, BATCH)):
            articles = [_article(number, one.draft) for number, one in enumerate(batch, start=1)]
            for one, answer in zip(batch, await ask(pool, articles), strict=True):
                yield one, answer
    if problems:
        raise SourceError("not read: " + "; ".join(problems))


def _article(number: int, draft: Draft) -> Article:
    return Article(
        id=number,
        source_id=0,
        url=draft.url,
        title=draft.title,
        text=draft.text,
        caption=draft.caption,
        published=draft.published,
        collected=now_utc(),
        headless=draft.headless,
    )


@asynccontextmanager
async def _logged_in(config: Config) -> AsyncIterator[SitrepClient]:
    """Log in to Discord over REST alone.

    Raises:
        TokenError: there is no token, or Discord refuses it.
    """
    if config.token is None:
        raise TokenError("DISCORD_TOKEN is not set: copy it from the Bot page of the application in Discord.")
    await refuse_bad_token(config.token.reveal())
    async with desks.desks_of(config) as asked:
        places = asked.answers.places
        client = SitrepClient(
            answers=asked.answers,
            articles=asked.articles,
            feeds=asked.feeds,
            watches=asked.watches,
            actors=asked.actors,
            insights=asked.insights,
            places=places,
            clock=now_utc,
        )
        try:
            await Presence(client=client, token=config.token.reveal(), channel=None, places=places, clock=now_utc).begin()
            yield client
        finally:
            await client.close()
