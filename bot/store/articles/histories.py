"""What is kept of one article, for one viewer: its dates, its versions, and the rules that decided over it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import sqlalchemy as sa

from bot.language.difference import changed_sentences, changed_words
from bot.model import Change, History, Viewer
from bot.store import rows
from bot.store.articles.headlines import headlines, newest_called, visible
from bot.store.database import Database
from bot.store.schema import articles, revisions


class Histories:
    """Tells the history of articles (the protocol `ports.HistoryStore`)."""

    def __init__(self, database: Database, *, canonical: Callable[[str], str]) -> None:
        self._database = database
        self._canonical = canonical

    async def history(self, viewer: Viewer, which: int | str) -> History | None:
        """Return the article of a number, or the newest of an address, if the viewer sees it."""
        newest = newest_called(which, viewer, canonical=self._canonical)

        def work(conn: sa.Connection) -> History | None:
            row = conn.execute(newest).first()
            return _read(conn, row, viewer) if row is not None else None

        return await self._database.read(work)


def _read(conn: sa.Connection, row: rows.Row, viewer: Viewer) -> History:
    same = sa.select(articles.c.id).where(articles.c.story_id == row.story_id, articles.c.id != row.id, visible(viewer))
    [headline] = headlines(conn, [row.id], viewer)
    others = {one.source for one in headlines(conn, list(conn.scalars(same.limit(50))), viewer)}
    return History(
        headline=headline,
        published=rows.dated(row),
        excerpt=row.excerpt,
        untold=row.untold,
        unread=row.state != "done",
        trouble=row.trouble,
        withdrawn_at=row.withdrawn_at,
        changes=tuple(_changes(conn, row)),
        copies=tuple(sorted(others - {headline.source})),
    )


def _changes(conn: sa.Connection, row: rows.Row) -> list[Change]:
    """Return what was changed from each version to the next, the newest change first."""
    kept = conn.execute(sa.select(revisions).where(revisions.c.article_id == row.id).order_by(revisions.c.number)).all()
    changes = [
        Change(
            at=before.replaced_at,
            title=changed_words(before.title, later.title),
            sentences=changed_sentences(before.text, later.text),
        )
        for before, later in pairwise([*kept, row])
    ]
    return changes[::-1]
