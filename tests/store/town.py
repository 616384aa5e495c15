"""A bot with two servers, who follow feeds by command."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import sqlalchemy as sa

from bot.model import (
    Follow,
    Kind,
    Origin,
    Phrase,
    Source,
    SourceState,
    Viewer,
    Watch,
)
from bot.store.schema import articles, deliveries
from bot.store.telling.deliveries import _cards
from tests.store.conftest import HOUR, NOW, World, draft, feed, make_world, match

WIRE, HARBOUR = "https://wire.example/feed", "https://harbour.example/feed"
SEVEN, NINE = Viewer(server=7), Viewer(server=9)
MINUTE = timedelta(minutes=1)


def by_command(name: str = "Harbour", url: str = HARBOUR, *, server: int = 7, every: timedelta = HOUR) -> Follow:
    return replace(feed(name, url, server=server), every=every, origin=Origin.COMMAND)


@dataclass(slots=True)
class Town:
    """A bot with two servers, 7 and 9, each with a channel of its own."""

    world: World

    async def add(self, follow: Follow) -> Source:
        """Follow by command; return the source as it is polled."""
        await self.world.store.follows.add(follow, now=self.world.now)
        return await self.source(follow.address)

    async def source(self, address: str) -> Source:
        return next(one for one in await self.world.store.sources.all_sources() if one.address == address)

    async def come(self, source: Source, *numbers: int) -> None:
        """Let articles come and be read, each a match, a minute later."""
        self.pass_time(MINUTE)
        await self.world.poll(source, *(draft(number) for number in numbers), batch=str(self.world.now))
        await self.world.read(match())

    def pass_time(self, span: timedelta) -> None:
        self.world.now += span

    async def seen(self, viewer: Viewer) -> list[str]:
        """Return the titles that a viewer finds, by both look-ups, which agree."""
        archive = self.world.store.archive
        latest = await archive.latest(viewer, watch=None, limit=50, offset=0)
        found = await archive.candidates(viewer, Phrase("title"), since=None, limit=50)
        assert sorted(one.title for one in latest) == sorted(one.title for one in found)
        return sorted(one.title for one in found)

    async def told(self, server: int) -> list[str]:
        """Return the titles of the stories that a server's channel is told."""
        here = (deliveries.c.destination == f"channel:{server * 10}") & (deliveries.c.kind == Kind.ALERT)
        titles = sa.select(articles.c.title).join(deliveries, deliveries.c.subject == articles.c.story_id).where(here)
        return sorted(await self.world.store._database.read(lambda conn: list(conn.scalars(titles))))

    async def cards(self, query: sa.Select[tuple[str]]) -> Sequence[object]:
        database = self.world.store._database
        return await database.read(lambda conn: _cards([str(key) for key in conn.scalars(query)], conn))

    async def states(self, viewer: Viewer) -> dict[str, SourceState]:
        return {state.source.name: state for state in await self.world.store.archive.sources(viewer, now=self.world.now)}


async def make_town() -> Town:
    world = await make_world(discord=True, watches=[Watch(name="North Korea", query="north korea")])
    for server in (7, 9):
        await world.store.places.set_channel(server, server * 10, now=NOW)
    return Town(world)
