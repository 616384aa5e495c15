"""The newest matching articles, one a story: window by window from the newest, so that what matched long ago is not gone through."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from operator import methodcaller
from typing import Any

import sqlalchemy as sa

from bot.model import Viewer
from bot.store.articles.headlines import own, visible
from bot.store.articles.text_index import Window
from bot.store.articles.walking import windows
from bot.store.chunks import chunks
from bot.store.schema import articles, matches, watches
from bot.store.watches.seen_matches import matches_seen

_WIDTH = 500
"""Ids that the first statement looks at: where a watch takes nearly all, these fill a page many times."""

_Which = Callable[[sa.ColumnElement[int]], sa.ColumnElement[bool]]
"""Which ids are meant."""

_Hits = Callable[[_Which], sa.Select[Any]]


def latest(
    conn: sa.Connection, viewer: Viewer, *, watch: str | None, limit: int, offset: int, width: int = _WIDTH
) -> Sequence[int]:
    """Return the first matching article of each story, the newest of them first."""
    named = sa.true() if watch is None else watches.c.folded == watch.casefold()
    asked = list(conn.scalars(sa.select(watches.c.id).where(own(viewer), named)))
    hits = partial(_hits, viewer, asked)
    found: list[int] = []
    for window in windows(conn.scalar(sa.select(sa.func.max(matches.c.article_id))) or 0, width=width):
        found += _begun_in(conn, window, hits)
        if len(found) >= offset + limit:
            break
    return found[offset : offset + limit]


def _begun_in(conn: sa.Connection, window: Window, hits: _Hits) -> Sequence[int]:
    """Return the first hit of each story that has it in a window, the newest first."""
    first: dict[int, int] = {}
    for hit in conn.execute(hits(window.holds)):
        first[hit.story_id] = min(hit.id, first.get(hit.story_id, hit.id))
    for some in chunks(list(first)):
        older = sa.select(articles.c.id).where(articles.c.story_id.in_(some), articles.c.id < window.low)
        # Named by their ids, they are looked up one by one: who asks for all below an id has a watch gone through to its beginning.
        for hit in conn.execute(hits(methodcaller("in_", older))):
            first.pop(hit.story_id, None)
    return sorted(first.values(), reverse=True)


def _hits(viewer: Viewer, asked: Sequence[int], which: _Which) -> sa.Select[tuple[int, int]]:
    """Select which of some articles these watches take at their level, and their stories."""
    seen = matches_seen(viewer)
    return (
        sa.select(articles.c.id, articles.c.story_id)
        .join(seen, (articles.c.id == seen.c.article_id) & (articles.c.revision == seen.c.revision))
        .join(watches, watches.c.id == seen.c.watch_id)
        .where(seen.c.watch_id.in_(asked), which(seen.c.article_id), seen.c.level >= watches.c.level, visible(viewer))
        .distinct()
    )
