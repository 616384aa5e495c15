"""A store in memory, and short words for what goes into it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from bot.model import (
    Article,
    Catalogue,
    Collected,
    Delivery,
    Draft,
    Evidence,
    FirstRun,
    Follow,
    Kind,
    Level,
    Match,
    Mention,
    Place,
    Reading,
    Rules,
    Source,
    SourceKind,
    Strength,
    Watch,
)
from bot.store.address import Address
from bot.store.articles.recognition import Fingerprints
from bot.store.database import Database
from bot.store.store import Store
from bot.store.telling.audience import Audience
from bot.stories.fingerprint import canonical_url, text_hash
from tests import postgres

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
EMPTY = Catalogue()
FINGERPRINTS = Fingerprints(canonical_url=canonical_url, text_hash=text_hash)


def feed(
    name: str = "Wire", url: str = "https://wire.example/feed", *, server: int = 0, first_run: FirstRun = FirstRun.LATEST
) -> Follow:
    return Follow(server=server, kind=SourceKind.FEED, address=url, name=name, every=HOUR, first_run=first_run)


def folder(name: str = "Inbox", path: str = "/news/inbox", kind: SourceKind = SourceKind.FOLDER) -> Follow:
    return Follow(kind=kind, address=path, name=name, every=HOUR, first_run=FirstRun.ALL)


def draft(number: int = 1, **more: object) -> Draft:
    values = {
        "guid": f"g{number}",
        "url": f"https://wire.example/{number}",
        "title": f"Title {number}",
        "text": f"Text {number}.",
    }
    return Draft(**{**values, **more})  # type: ignore[arg-type]


def evidence(sentence: str = "North Korea said so.") -> Evidence:
    return Evidence(sentence=sentence, spans=((0, 11),), place=Place.LEAD, terms=())


def match(watch: int = 1, level: Level = Level.ABOUT, score: float = 0.8) -> Match:
    return Match(watch_id=watch, level=level, score=score, evidence=evidence(), summary=("In short.",))


@dataclass(slots=True)
class World:
    """A store with its config, and the steps that fill it."""

    store: Store
    rules: Rules
    now: datetime = NOW

    async def follow(self, *follows: Follow) -> Sequence[Source]:
        await self.store.sources.follow(follows, now=self.now)
        return sorted(await self.store.sources.all_sources(), key=lambda source: source.id)

    async def poll(self, source: Source, *drafts: Draft, batch: str = "poll", told_from: datetime | None = None) -> int:
        return await self.store.polls.record_poll(
            source, Collected(drafts=drafts), now=self.now, next_poll=self.now + HOUR, told_from=told_from, batch=batch
        )

    async def lease(self) -> Sequence[Article]:
        return await self.store.analysis.lease_articles(self.now, lease=HOUR, limit=500)

    async def read(self, *matches: Match) -> Sequence[Article]:
        """Read everything that is unread, each article with the same matches."""
        articles = await self.lease()
        readings = [
            Reading(
                article_id=article.id,
                revision=article.revision,
                mentions=(Mention(subject="actor:north-korea", strength=Strength.STRONG, title=1),),
                matches=matches,
            )
            for article in articles
        ]
        assert await self.store.analysis.record_readings(readings, self.rules.number, now=self.now)
        return articles

    async def due(self) -> Sequence[Delivery]:
        """Return what is due of the news."""
        return [one for one in await self._all_due() if one.kind is not Kind.NOTICE]

    async def notices(self) -> Sequence[Delivery]:
        """Return the notices that are due."""
        return [one for one in await self._all_due() if one.kind is Kind.NOTICE]

    async def _all_due(self) -> Sequence[Delivery]:
        return await self.store.deliveries.due_deliveries(self.now, 100)

    async def claim(self, delivery: Delivery) -> Delivery:
        claimed = await self.store.deliveries.claim(delivery, self.now, lease=timedelta(minutes=2))
        assert claimed is not None
        return claimed


@pytest.fixture(params=["sqlite", "postgresql"], autouse=True)
def backend(request: pytest.FixtureRequest) -> Iterator[str]:
    """Hold every law of the store on both databases."""
    with ExitStack() as stack:
        _BACKENDS.append(_Backend(request.param, stack))
        yield request.param
        _BACKENDS.pop()


@dataclass(frozen=True, slots=True)
class _Backend:
    """Makes the databases of one test."""

    kind: str
    stack: ExitStack

    def database(self) -> Database:
        address = Address.read(":memory:") if self.kind == "sqlite" else self.stack.enter_context(postgres.scratch())
        database = Database(address)
        self.stack.callback(database.close)
        return database


_BACKENDS: list[_Backend] = []


async def make_world(
    *,
    discord: bool,
    watches: Sequence[Watch] = (),
    per_poll: int = 10,
    per_hour: int = 30,
    full_text: bool = False,
    catalogue: Catalogue = EMPTY,
) -> World:
    audience = Audience(discord=discord, per_poll=per_poll, per_hour=per_hour)
    store = Store.open(
        _BACKENDS[-1].database(), catalogue=catalogue, audience=audience, fingerprints=FINGERPRINTS, full_text=full_text
    )
    watches = watches or [Watch(name="North Korea", query="actor:north-korea")]
    return World(store, await store.copy_config([], watches, now=NOW))


@pytest.fixture
async def terminal() -> World:
    return await make_world(discord=False)


@pytest.fixture
async def discord() -> World:
    world = await make_world(discord=True)
    await world.store.places.set_channel(7, 70, now=NOW)
    return world
