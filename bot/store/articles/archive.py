"""What questions read from the archive, always for one viewer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.model import (
    Article,
    Headline,
    Kind,
    Level,
    Query,
    Reason,
    SourceBrief,
    SourceKind,
    SourceState,
    Standing,
    State,
    Stretch,
    Viewer,
    Watch,
)
from bot.store import rows
from bot.store.articles.definitions import Definitions
from bot.store.articles.frequency import frequency
from bot.store.articles.headlines import count_visible, headlines, own, shared, visible
from bot.store.articles.latest import latest
from bot.store.articles.walking import Walk, count, looked_at, walk
from bot.store.chunks import chunks
from bot.store.database import Database
from bot.store.schema import articles, deliveries, notes, places, sources, watches
from bot.store.sources.states import count_sources, source_briefs, source_states, unwell_sources
from bot.store.telling.heard import named
from bot.store.watches.seen_matches import matches_seen

_UNREAD = [articles.c.state == sa.literal_column(f"'{state}'") for state in ("new", "teaser")]
"""Written out, since SQLite takes a partial index only where it can see the value."""

LOOK_UP_TIME = timedelta(seconds=2)
"""A look-up of candidates goes no further back after this."""


class Archive:
    """Answers questions (the protocol `ports.ArchiveStore`)."""

    def __init__(self, database: Database, definitions: Definitions) -> None:
        self._database = database
        self._definitions = definitions

    async def latest(self, viewer: Viewer, *, watch: str | None, limit: int, offset: int) -> Sequence[Headline]:
        """Return the newest matching articles, one a story, newest first."""

        def work(conn: sa.Connection) -> Sequence[Headline]:
            return headlines(conn, latest(conn, viewer, watch=watch, limit=limit, offset=offset), viewer)

        return await self._database.read(work)

    async def walk(
        self,
        viewer: Viewer,
        query: Query,
        *,
        since: datetime | None,
        before: int | None = None,
        most: int,
        budget: timedelta,
    ) -> Stretch:
        """Return the next articles below an id that may answer a query, the newest first: at most so many, in about that time."""
        known = self._definitions
        asked = Walk(viewer=viewer, query=query, since=since, before=before, most=most, budget=budget, definitions=known)
        return await self._database.read(lambda conn: walk(conn, asked))

    async def candidates(self, viewer: Viewer, query: Query, *, since: datetime | None, limit: int) -> Sequence[Article]:
        """Return the newest articles that may answer a query, as far back as a look-up may go."""
        return (await self.walk(viewer, query, since=since, most=limit, budget=LOOK_UP_TIME)).articles

    async def count_candidates(
        self, viewer: Viewer, query: Query, *, since: datetime | None, budget: timedelta
    ) -> tuple[int, bool]:
        """Return how many articles may answer a query, as far as they can be counted in that time, and whether those are all."""
        known = self._definitions
        asked = Walk(viewer=viewer, query=query, since=since, before=None, most=0, budget=budget, definitions=known)
        return await self._database.read(lambda conn: count(conn, asked))

    async def looked_at(self, reached: int) -> int:
        """Return how many articles of the archive are as new as the one of this id, or newer."""
        return await self._database.read(lambda conn: looked_at(conn, reached))

    async def overlap(self, viewer: Viewer, article_ids: Sequence[int]) -> Mapping[str, int]:
        """Return how many of these articles each of the viewer's watches has matched."""

        def work(conn: sa.Connection) -> Mapping[str, int]:
            counted: Counter[str] = Counter()
            for some in chunks(article_ids):
                counted.update({row.name: row.articles for row in conn.execute(shared(viewer, some))})
            return counted

        return await self._database.read(work)

    async def headlines(self, viewer: Viewer, article_ids: Sequence[int]) -> Sequence[Headline]:
        """Return the headlines of these articles, in the order asked."""

        def work(conn: sa.Connection) -> Sequence[Headline]:
            seen = set(conn.scalars(sa.select(articles.c.id).where(articles.c.id.in_(article_ids), visible(viewer))))
            return headlines(conn, [key for key in article_ids if key in seen], viewer)

        return await self._database.read(work)

    async def watches(self, viewer: Viewer) -> Sequence[Watch]:
        """Return the watches a viewer has, by name."""
        query = sa.select(watches).where(own(viewer)).order_by(watches.c.folded)
        return await self._database.read(lambda conn: [rows.watch(row) for row in conn.execute(query)])

    async def sources(
        self, viewer: Viewer, *, now: datetime | None = None, among: Collection[int] | None = None
    ) -> Sequence[SourceState]:
        """Return the sources a viewer sees, or some of them, by name; and how much they give these days, if a moment is given."""
        return await self._database.read(lambda conn: source_states(conn, viewer, now=now, among=among))

    async def source_briefs(self, viewer: Viewer) -> Sequence[SourceBrief]:
        """Return what decides the order of a list of the sources that a viewer sees, by name."""
        return await self._database.read(lambda conn: source_briefs(conn, viewer))

    async def reasons(self, viewer: Viewer, delivery_id: str) -> Sequence[Reason]:
        """Return why a delivery was made, watch by watch, the strongest first."""
        return await self._database.read(lambda conn: _reasons(conn, viewer, delivery_id))

    async def standing(self, viewer: Viewer) -> Standing:
        """Return how the bot stands."""
        return await self._database.read(lambda conn: _standing(conn, viewer))

    async def match_count(self, viewer: Viewer, watch_id: int, *, most: int) -> int:
        """Return how many of the viewer's articles a watch has matched at its level, up to a number."""
        seen = matches_seen(viewer)
        some = (
            sa.select(articles.c.id)
            .select_from(seen)
            .join(articles, (articles.c.id == seen.c.article_id) & (articles.c.revision == seen.c.revision))
            .join(watches, watches.c.id == seen.c.watch_id)
            .where(seen.c.watch_id == watch_id, seen.c.level >= watches.c.level, own(viewer), visible(viewer))
            .limit(most)
        )
        query = sa.select(sa.func.count()).select_from(some.subquery())
        return await self._database.read(lambda conn: conn.scalar(query) or 0)

    async def frequency(self, viewer: Viewer, subject: str, *, newest: int) -> tuple[int, int]:
        """Return in how many of the viewer's newest articles a subject was found, or may be, and how many were looked at."""
        return await self._database.read(
            lambda conn: frequency(conn, viewer, subject, newest=newest, definitions=self._definitions)
        )

    async def archive_size(self) -> int:
        """Return how many real articles have been read."""
        every = sa.select(sa.func.count()).select_from(articles)
        samples = sa.select(sources.c.id).where(sources.c.kind == SourceKind.SAMPLE)
        # Nearly all have been read: those that have not are in indexes of their own, and a million need not be gone through.
        unread = [every.where(state, articles.c.source_id.not_in(samples)) for state in _UNREAD]
        less = [every.where(articles.c.source_id.in_(samples)), *unread]

        def work(conn: sa.Connection) -> int:
            return (conn.scalar(every) or 0) - sum(conn.scalar(one) or 0 for one in less)

        return await self._database.read(work)


def _reasons(conn: sa.Connection, viewer: Viewer, delivery_id: str) -> list[Reason]:
    return [
        Reason(
            watch=row.name,
            query=row.query,
            server=row.server,
            level=Level(row.level),
            wanted=Level(row.wanted),
            score=row.score,
            evidence=rows.read_evidence(row.evidence),
            said=row.reason,
        )
        for row in named(conn, viewer, delivery_id)
    ]


def _standing(conn: sa.Connection, viewer: Viewer) -> Standing:
    seen = visible(viewer)
    channel = (
        None if viewer.server is None else conn.scalar(sa.select(places.c.channel).where(places.c.server == viewer.server))
    )
    unread = sum(conn.scalar(sa.select(sa.func.count()).select_from(articles).where(seen, state)) or 0 for state in _UNREAD)
    newest = sa.select(articles.c.collected_at).order_by(articles.c.collected_at.desc()).limit(1)
    told = sa.select(deliveries.c.state, deliveries.c.reason, sa.func.count())
    last = sa.select(sa.func.max(deliveries.c.sent_at)).where(deliveries.c.kind != Kind.NOTICE)
    if viewer.server is not None:
        told = told.where(deliveries.c.server == viewer.server)
        last = last.where(deliveries.c.server == viewer.server)
    folded = (deliveries.c.state == State.HELD) & deliveries.c.fold_id.is_not(None)  # the card of its fold tells it
    waiting = told.where(deliveries.c.state != State.SENT, ~folded).group_by(deliveries.c.state, deliveries.c.reason)
    return Standing(
        sources=count_sources(conn, viewer),
        unwell=tuple(unwell_sources(conn, viewer)),
        watches=conn.scalar(sa.select(sa.func.count()).select_from(watches).where(own(viewer))) or 0,
        articles=count_visible(conn, viewer) - unread,
        waiting_articles=unread,
        last_article=conn.scalar(newest.where(seen)),
        last_alert=conn.scalar(last),
        deliveries=tuple((State(state), reason, count) for state, reason, count in conn.execute(waiting)),
        channel=channel,
        disambiguation=_noted(conn, "disambiguation"),
        ranking=_noted(conn, "ranking"),
    )


def _noted(conn: sa.Connection, key: str) -> str:
    return conn.scalar(sa.select(notes.c.value).where(notes.c.key == key)) or ""
