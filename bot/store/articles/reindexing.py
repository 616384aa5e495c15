"""Brings the text index to how words fold now: what an earlier version indexed is found by few of the words that changed since."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.store.articles.text_index import Text, text_index
from bot.store.database import Database
from bot.store.notes import keep
from bot.store.schema import articles, notes

FORM = 2
"""Counted up when words fold otherwise than before: every archive is then indexed anew."""
STEP = 200
"""Articles of one transaction: nobody waits long for it."""

_NOTED = "text index"


class Reindexing:
    """Indexes an archive anew, a few articles at a time, the newest first."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._done = False

    async def step(self, *, now: datetime, most: int = STEP) -> None:
        """Index some articles anew, if any are left."""
        if self._done:
            return

        def work(conn: sa.Connection) -> int:
            some = list(conn.scalars(folded_before(conn).limit(most)))
            if some:
                reindex(conn, some, now)
            return len(some)

        # Looking first keeps a bot whose index is as it should be from taking the write lock.
        left = await self._database.read(lambda conn: conn.scalar(folded_before(conn).limit(1)))
        self._done = left is None or await self._database.write(work) < most


def folded_before(conn: sa.Connection) -> sa.Select[Any]:
    """Select the articles that are indexed as an earlier version folds words, the newest first."""
    noted = conn.scalar(sa.select(notes.c.value).where(notes.c.key == _NOTED)) or ""
    form, _, newest = noted.partition(" up to ")
    every = sa.select(articles.c.id).order_by(articles.c.id.desc())
    return every.where(articles.c.id <= int(newest)) if form == str(FORM) else every


def reindex(conn: sa.Connection, newest: Sequence[int], now: datetime) -> None:
    """Index the newest of these articles anew, and note that only older ones are left."""
    # Locked by id, as a poll does it that changes them: what it indexes meanwhile is not undone.
    some = sa.select(articles.c.id, articles.c.title, articles.c.text).where(articles.c.id.in_(newest))
    texts = [
        Text(article_id=row.id, title=row.title, text=row.text)
        for row in conn.execute(some.order_by(articles.c.id).with_for_update())
    ]
    index = text_index(conn)
    index.drop(conn, newest)
    index.add(conn, texts)
    keep(conn, _NOTED, f"{FORM} up to {min(newest) - 1}", now)
