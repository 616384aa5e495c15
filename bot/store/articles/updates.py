"""What changes of articles that are known: the old text is kept as a revision, and what a source deletes is marked so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.model import Kind, State
from bot.store import rows
from bot.store.articles.recognition import Given, digest
from bot.store.articles.text_index import Text, text_index
from bot.store.chunks import chunks
from bot.store.schema import articles, deliveries, revisions

MOST_UPDATES = 24
"""An entry that changes more often than this has a clock or a counter in its text: what changes then is not kept."""


def update(conn: sa.Connection, old: rows.Row, given: Given, row: dict[str, Any], now: datetime) -> None:
    """Bring a known article to what its source gives now, as a new revision where other words stand there.

    Only what the source itself gave is compared: the text of the page behind a teaser is not undone by the teaser.
    """
    unchanged = (old.given_hash or digest(old.title, old.text)) == given.digest
    moved = {name: row[name] for name in ("key", "guid", "place") if getattr(old, name) != row[name]}
    if unchanged:
        _write(conn, old.id, moved)
        return
    has_page = bool(old.page_tries) and not old.excerpt and bool(given.draft.excerpt)
    if has_page:
        row = row | {"text": old.text, "caption": old.caption, "excerpt": "", "state": "new", "headless": old.headless}
    same_words = old.title == row["title"] if has_page else old.text_hash == row["text_hash"] and old.title == row["title"]
    if same_words or old.revision > MOST_UPDATES:
        _write(conn, old.id, moved | {"given_hash": given.digest})
        return
    kept = {"title": old.title, "text": old.text, "caption": old.caption}
    conn.execute(sa.insert(revisions).values(article_id=old.id, number=old.revision, replaced_at=now, **kept))
    new = {name: row[name] for name in _CHANGES} | ({} if has_page else {"text_hash": row["text_hash"]})
    unread = {"state": row["state"] if old.tell else "new", "lease_until": None, "page_tries": 0, "rules_number": None}
    _write(conn, old.id, moved | new | unread | {"revision": old.revision + 1})
    index = text_index(conn)
    index.drop(conn, [old.id])
    index.add(conn, [Text(article_id=old.id, title=row["title"], text=row["text"])])


_CHANGES = ("title", "text", "caption", "headless", "url", "canonical", "excerpt", "given_hash")
"""What a revision takes from its source; when an article was first seen, and its date, stay."""


def _write(conn: sa.Connection, article_id: int, values: dict[str, Any]) -> None:
    if values:
        conn.execute(sa.update(articles).where(articles.c.id == article_id).values(**values))


def withdraw(conn: sa.Connection, source_id: int, guids: Sequence[str], now: datetime) -> None:
    """Mark what a source says it has deleted, and let the cards that tell it say so."""
    for chunk in chunks(guids):
        here = (articles.c.source_id == source_id) & articles.c.guid.in_(chunk) & articles.c.withdrawn_at.is_(None)
        change = sa.update(articles).where(here).values(withdrawn_at=now).returning(articles.c.story_id)
        stories = [story for story in conn.scalars(change) if story is not None]
        shown = (deliveries.c.kind == Kind.ALERT) & deliveries.c.subject.in_(stories)
        edit = sa.update(deliveries).where(shown).values(wanted=deliveries.c.wanted + 1)
        conn.execute(edit.where(deliveries.c.state != State.SENT))
        conn.execute(edit.where(deliveries.c.state == State.SENT).values(due_at=now))
