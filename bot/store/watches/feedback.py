"""What people think of alerts: one voice a member for each watch of a story, kept by server with the article that was judged first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from bot.model import Judged, Level, Opinion, Told, Viewer
from bot.store import rows
from bot.store.articles.headlines import visible
from bot.store.articles.source_names import with_sources
from bot.store.database import Database, upsert
from bot.store.schema import articles, deliveries, opinions
from bot.store.telling.heard import named
from bot.store.watches.seen_matches import matches_seen

_MOST = 500
"""Judged articles of a watch that are looked at, the newest."""


class Feedback:
    """Keeps opinions (the protocol `ports.FeedbackStore`)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def watches_told(self, viewer: Viewer, delivery_id: str) -> Sequence[tuple[int, Told]]:
        """Return the watches of a card with their ids, the strongest first; none where the viewer does not see it."""

        def work(conn: sa.Connection) -> Sequence[tuple[int, Told]]:
            return [
                (row.watch_id, Told(watch=row.name, level=Level(row.level), score=row.score, role=row.role))
                for row in named(conn, viewer, delivery_id)
            ]

        return await self._database.read(work)

    async def keep(self, opinion: Opinion, *, now: datetime) -> bool | None:
        """Keep what somebody thinks of an alert of a watch, in the place of what they thought before; return that."""

        def work(conn: sa.Connection) -> bool | None:
            taken = named(conn, Viewer(server=opinion.server), opinion.delivery_id)
            match = next((row for row in taken if row.watch_id == opinion.watch_id), None)
            if match is None:
                return None
            key = {
                "server": opinion.server,
                "watch_id": opinion.watch_id,
                "article_id": _judged_before(conn, opinion) or match.article_id,
                "user": opinion.user,
            }
            same = sa.and_(*(opinions.c[name] == value for name, value in key.items()))
            before: bool | None = conn.scalar(sa.select(opinions.c.relevant).where(same))
            values = {"relevant": opinion.relevant, "at": now}
            insert = upsert(conn, opinions).values(**key, **values)
            conn.execute(insert.on_conflict_do_update(index_elements=list(key), set_=values))
            return before

        return await self._database.write(work)

    async def judged(self, viewer: Viewer, watch_id: int) -> Sequence[Judged]:
        """Return the articles of a watch that the viewer's people have judged, the newest first."""

        def work(conn: sa.Connection) -> Sequence[Judged]:
            found = [_judged(row) for row in conn.execute(_of_watch(viewer, watch_id))]
            with_names = with_sources(conn, [one.article for one in found], server=viewer.server)
            return [replace(one, article=article) for one, article in zip(found, with_names, strict=True)]

        return await self._database.read(work)


def _judged_before(conn: sa.Connection, opinion: Opinion) -> int | None:
    """Return with which article of a story its voices stand: a stronger one may have joined it since they were given."""
    story = sa.select(deliveries.c.subject).where(deliveries.c.id == opinion.delivery_id).scalar_subquery()
    voices = sa.select(opinions.c.article_id).join(articles, articles.c.id == opinions.c.article_id)
    given = (opinions.c.server == opinion.server) & (opinions.c.watch_id == opinion.watch_id)
    return conn.scalar(voices.where(given, articles.c.story_id == story).order_by(opinions.c.at).limit(1))


def _of_watch(viewer: Viewer, watch_id: int) -> sa.Select[tuple[object, ...]]:
    """Return the voices on each article, and by which evidence it was last taken."""
    of_watch = opinions.c.watch_id == watch_id
    if viewer.server is not None:
        of_watch &= opinions.c.server == viewer.server
    voices = (
        sa.select(
            opinions.c.article_id,
            sa.func.sum(sa.case((opinions.c.relevant, 1), else_=0)).label("yes"),
            sa.func.sum(sa.case((opinions.c.relevant, 0), else_=1)).label("no"),
        )
        .where(of_watch)
        .group_by(opinions.c.article_id)
        .subquery()
    )
    seen = matches_seen(viewer)
    last = (
        sa.select(seen.c.evidence)
        .where(seen.c.article_id == articles.c.id, seen.c.watch_id == watch_id)
        .order_by(seen.c.revision.desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        sa.select(articles, voices.c.yes, voices.c.no, last.label("evidence"))
        .join(voices, voices.c.article_id == articles.c.id)
        .where(visible(viewer))
        .order_by(articles.c.id.desc())
        .limit(_MOST)
    )


def _judged(row: rows.Row) -> Judged:
    terms = rows.read_evidence(row.evidence).terms if row.evidence else ()
    return Judged(article=rows.article(row), relevant=int(row.yes), irrelevant=int(row.no), terms=terms)
