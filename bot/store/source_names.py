"""Tells of articles what their sources are called: `source:` in a query asks for that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa

from bot.model import CONFIG_SERVER, Article
from bot.store.schema import follows, sources


def with_sources(conn: sa.Connection, articles: Sequence[Article], *, server: int | None = None) -> list[Article]:
    """Return the articles with the names their sources go by, for one server or for everybody, and the hosts they come from."""
    ids = {article.source_id for article in articles}
    called = sa.select(follows.c.source_id, follows.c.name).where(follows.c.source_id.in_(ids))
    if server is not None:
        called = called.where(follows.c.server.in_((CONFIG_SERVER, server)))
    hosts = sa.select(sources.c.id, sources.c.host).where(sources.c.id.in_(ids), sources.c.host != "")
    names: dict[int, dict[str, None]] = defaultdict(dict)
    for source_id, name in [*conn.execute(called.order_by(follows.c.id)), *conn.execute(hosts)]:
        names[source_id][name] = None
    return [replace(article, sources=tuple(names[article.source_id])) for article in articles]
