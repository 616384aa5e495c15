"""Articles that wait for their page: taken under a lease, then completed, or read as their source gives them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.model import Article, Draft, Teaser
from bot.store import rows
from bot.store.articles.recognition import Fingerprints
from bot.store.articles.text_index import Text, text_index
from bot.store.database import Database
from bot.store.schema import articles, revisions

WAITS = articles.c.state == sa.literal_column("'teaser'")
"""Written out, since SQLite takes a partial index only where it can see the value."""


class Teasers:
    """Keeps the articles that wait for their page (the protocol `ports.TeaserStore`)."""

    def __init__(self, database: Database, fingerprints: Fingerprints) -> None:
        self._database = database
        self._fingerprints = fingerprints

    async def take_teasers(self, now: datetime, *, lease: timedelta, limit: int) -> Sequence[Teaser]:
        """Take the newest articles that wait, for as long as the lease."""
        # A lease from further ahead was given before the clock was set back.
        free = WAITS & (articles.c.lease_until.is_(None) | ~articles.c.lease_until.between(now, now + lease))
        some = (
            sa.select(articles.c.id).where(free).order_by(articles.c.id.desc()).limit(limit).with_for_update(skip_locked=True)
        )
        taken = sa.update(articles).where(articles.c.id.in_(some)).values(lease_until=now + lease).returning(*articles.c)

        def work(conn: sa.Connection) -> Sequence[Teaser]:
            found = conn.execute(taken).all()
            changed = _changed_at(conn, [row.id for row in found])
            return [_teaser(row, since=changed.get(row.id, row.collected_at)) for row in found]

        # Looking first keeps an idle bot from taking the write lock at every tick.
        if not await self._database.read(lambda conn: conn.scalar(sa.select(articles.c.id).where(free).limit(1))):
            return []
        return await self._database.write(work)

    async def complete(self, article: Article, draft: Draft) -> None:
        """Give an article the text of its page: no revision, since nobody has read the teaser."""
        text_hash = self._fingerprints.text_hash(draft.title, draft.text, draft.headless)
        whole: dict[str, Any] = {
            "title": draft.title,
            "text": draft.text,
            "caption": draft.caption or article.caption,
            "headless": draft.headless,
            "text_hash": text_hash,
            "excerpt": draft.excerpt,
            "page_tries": articles.c.page_tries + 1,
        }
        if article.published is None and draft.published is not None:
            dated = draft.published
            whole |= {
                "published_at": dated.at,
                "published_precision": dated.precision,
                "published_rule": dated.rule,
                "published_raw": dated.raw,
            }

        def work(conn: sa.Connection) -> None:
            if conn.execute(_of(article).values(**whole, state="new", lease_until=None)).rowcount:
                text_index(conn).drop(conn, [article.id])
                text_index(conn).add(conn, [Text(article_id=article.id, title=draft.title, text=draft.text)])

        await self._database.write(work)

    async def leave_teaser(self, article: Article, reason: str) -> None:
        """Let an article be read as its source gives it."""
        change = _of(article).values(excerpt=reason, state="new", lease_until=None)
        await self._database.write(lambda conn: conn.execute(change))

    async def put_off(self, article: Article, until: datetime) -> None:
        """Count a try that failed, and let nobody take the article before then."""
        change = _of(article).values(page_tries=articles.c.page_tries + 1, lease_until=until)
        await self._database.write(lambda conn: conn.execute(change))


def _teaser(row: rows.Row, *, since: datetime) -> Teaser:
    return Teaser(article=rows.article(row), since=since, tries=row.page_tries)


def _changed_at(conn: sa.Connection, article_ids: Sequence[int]) -> dict[int, datetime]:
    """Return when their sources gave these articles another text, for those that have one."""
    last = sa.func.max(revisions.c.replaced_at, type_=revisions.c.replaced_at.type)
    query = sa.select(revisions.c.article_id, last).where(revisions.c.article_id.in_(article_ids))
    return {row[0]: row[1] for row in conn.execute(query.group_by(revisions.c.article_id))}


def _of(article: Article) -> sa.Update:
    """Change an article that waits, unless its source has given it another text meanwhile."""
    same = (articles.c.revision == article.revision) & (articles.c.title == article.title) & (articles.c.text == article.text)
    return sa.update(articles).where(articles.c.id == article.id, WAITS, same)
