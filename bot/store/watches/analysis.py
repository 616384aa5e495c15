"""What the analyse step keeps: mentions, matches, the story of each article, and the deliveries that follow, in one transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.model import Article, Reading, Rules
from bot.store import rows
from bot.store.articles.source_names import with_sources
from bot.store.database import Database, alone
from bot.store.notes import keep
from bot.store.schema import articles, matches, mentions, server_matches, stories
from bot.store.telling.alerts import Placed, tell
from bot.store.telling.audience import Audience
from bot.store.vitals import READING
from bot.store.watches.seen_matches import write_matches
from bot.store.watches.watches import Watches, current_number

STORY_WINDOW = timedelta(days=30)
"""Copies further apart than this are told again: anniversaries repeat their texts."""


COPIES = 50
"""So many copies of a text are looked at: all of them are one story."""


class Analysis:
    """Writes readings (the protocol `ports.AnalysisStore`)."""

    def __init__(self, database: Database, watches: Watches, audience: Audience) -> None:
        self._database = database
        self._watches = watches
        self._audience = audience

    async def rules(self) -> Rules:
        """Return the current snapshot of catalogue and watches."""
        return await self._watches.rules()

    async def lease_articles(self, now: datetime, *, lease: timedelta, limit: int) -> Sequence[Article]:
        """Take the newest unread articles for as long as the lease: what has just happened must not wait behind a pile."""
        # Written out, since SQLite takes a partial index only where it can see the value.
        unread = articles.c.state == sa.literal_column("'new'")
        held = articles.c.lease_until.between(
            now, now + lease
        )  # one from further ahead was given before the clock was set back
        free = unread & (articles.c.lease_until.is_(None) | ~held)
        newest = sa.select(articles.c.id).where(free).order_by(articles.c.id.desc()).limit(limit)
        some = newest.with_for_update(skip_locked=True)
        taken = sa.update(articles).where(articles.c.id.in_(some)).values(lease_until=now + lease).returning(*articles.c)

        def work(conn: sa.Connection) -> Sequence[Article]:
            found = sorted((rows.article(row) for row in conn.execute(taken)), key=lambda article: article.id)
            return with_sources(conn, found)

        # Looking first keeps an idle bot from taking the write lock at every tick.
        if not await self._database.read(lambda conn: conn.scalar(sa.select(articles.c.id).where(free).limit(1))):
            return []
        return await self._database.write(work)

    async def release_articles(self, article_ids: Sequence[int]) -> None:
        """Give leased articles back unread."""
        statement = sa.update(articles).where(articles.c.id.in_(article_ids)).values(lease_until=None)
        await self._database.write(lambda conn: conn.execute(statement))

    async def release_all(self) -> None:
        """Give every lease back; for the start of a program that owns the store alone."""
        statement = sa.update(articles).where(articles.c.lease_until.is_not(None)).values(lease_until=None)
        await self._database.write(lambda conn: conn.execute(statement))

    async def record_readings(self, readings: Sequence[Reading], rules_number: int, *, now: datetime) -> bool:
        """Write what was found; False, and nothing written, if the rules have changed since."""

        def work(conn: sa.Connection) -> bool:
            alone(conn, "place")  # two copies that arrive at once are one story, and caps see each other
            if current_number(conn) != rules_number:
                return False
            known, placed = _locked(conn, [reading.article_id for reading in readings]), list[Placed]()
            for reading in readings:
                row = known[reading.article_id]
                if row.state != "new" or row.revision != reading.revision:
                    continue
                _write_findings(conn, reading, rules_number)
                story = row.story_id or _place(conn, row, now)
                _finish(conn, reading, story, rules_number)
                placed.append((row, reading, story))
            tell(conn, placed, audience=self._audience, now=now)
            keep(conn, READING, str(len(readings)), now)
            return True

        return await self._database.write(work)


def _locked(conn: sa.Connection, article_ids: Sequence[int]) -> Mapping[int, rows.Row]:
    """Return articles, kept from change by anybody else, in the order in which a poll takes them."""
    found = sa.select(articles).where(articles.c.id.in_(article_ids)).order_by(articles.c.id).with_for_update()
    return {row.id: row for row in conn.execute(found)}


def _write_findings(conn: sa.Connection, reading: Reading, rules_number: int) -> None:
    key = {"article_id": reading.article_id, "revision": reading.revision}
    for table in (mentions, matches, server_matches):
        conn.execute(sa.delete(table).filter_by(**key))
    if reading.mentions:
        conn.execute(
            sa.insert(mentions),
            [
                {
                    **key,
                    "subject": one.subject,
                    "strength": int(one.strength),
                    "title": one.title,
                    "lead": one.lead,
                    "body": one.body,
                    "positions": json.dumps(one.positions),
                    "rules_number": rules_number,
                }
                for one in reading.mentions
            ],
        )
    write_matches(conn, reading)


def _place(conn: sa.Connection, row: rows.Row, now: datetime) -> int:
    """Return the story an article belongs to: that of an exact copy, or a new one."""
    recent = articles.c.story_id.is_not(None) & (articles.c.collected_at > now - STORY_WINDOW) & (articles.c.id != row.id)
    # No min(): SQLite would go through all stories in their order to find the first.
    copies = sa.select(articles.c.story_id).where(recent, articles.c.text_hash == row.text_hash)
    story = min(conn.scalars(copies.limit(COPIES)), default=None)
    if story is None and _is_own_address(conn, row.source_id, row.canonical):
        story = _same_address(conn, row, recent)
    if story is None:
        story = conn.execute(sa.insert(stories).values(created_at=now).returning(stories.c.id)).scalar_one()
    return int(story)


def _same_address(conn: sa.Connection, row: rows.Row, recent: sa.ColumnElement[bool]) -> int | None:
    same = sa.select(articles.c.story_id, articles.c.source_id).where(
        recent, articles.c.canonical == row.canonical, articles.c.source_id != row.source_id
    )
    found = conn.execute(same.order_by(articles.c.story_id).limit(1)).first()
    if found is None or not _is_own_address(conn, found.source_id, row.canonical):
        return None
    return int(found.story_id)


def _is_own_address(conn: sa.Connection, source_id: int, canonical: str) -> bool:
    """Tell whether a link belongs to one entry of its source alone: some feeds link every entry to their home page."""
    same = sa.select(sa.func.count()).where(articles.c.source_id == source_id, articles.c.canonical == canonical)
    return bool(canonical) and conn.scalar(same) == 1


def _finish(conn: sa.Connection, reading: Reading, story: int, rules_number: int) -> None:
    conn.execute(
        sa.update(articles)
        .where(articles.c.id == reading.article_id)
        .values(
            state="done",
            lease_until=None,
            story_id=story,
            language=reading.language,
            rules_number=rules_number,
            trouble=reading.trouble,
            mentions_found=len(reading.mentions),
        )
    )
