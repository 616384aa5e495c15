"""Tells of articles what their sources are called, and which sources are called so: `source:` in a query asks for that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace

import sqlalchemy as sa

from bot.language.folding import spaced_words
from bot.model import CONFIG_SERVER, Article, SourceName
from bot.store.schema import follows, sources


def with_sources(conn: sa.Connection, articles: Sequence[Article], *, server: int | None = None) -> list[Article]:
    """Return the articles with the names their sources go by, for one server or for everybody, and the hosts they come from."""
    names = _names(conn, {article.source_id for article in articles}, server)
    return [replace(article, sources=tuple(names[article.source_id])) for article in articles]


def called(conn: sa.Connection, words: str, *, server: int | None) -> list[int]:
    """Return the sources of whose names one holds these words, for one server or for everybody."""
    wanted = spaced_words(words)
    return [key for key, names in _names(conn, None, server).items() if any(wanted in spaced_words(one.name) for one in names)]


def _names(conn: sa.Connection, ids: Collection[int] | None, server: int | None) -> dict[int, dict[SourceName, None]]:
    """Return what some sources, or all of them, are called."""
    follow = sa.select(follows.c.source_id, follows.c.name, follows.c.server)
    host = sa.select(sources.c.id, sources.c.host, sa.literal(CONFIG_SERVER)).where(sources.c.host != "")
    if ids is not None:
        follow, host = follow.where(follows.c.source_id.in_(ids)), host.where(sources.c.id.in_(ids))
    if server is not None:
        follow = follow.where(follows.c.server.in_((CONFIG_SERVER, server)))
    names: dict[int, dict[SourceName, None]] = defaultdict(dict)
    for source_id, name, by in [*conn.execute(follow.order_by(follows.c.id)), *conn.execute(host)]:
        names[source_id][SourceName(name, by)] = None
    return names
