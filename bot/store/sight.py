"""Who sees an article and who is told of it: one law, as a condition of SQL for look-ups, and over loaded rows for a story.

A server sees the articles of the bot's own sources and of those that it follows, from the moment it follows until it ends
that. It is told of what it sees, but not of what came while it had paused the source.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.model import CONFIG_SERVER, Viewer
from bot.store import rows
from bot.store.schema import articles, follows, pauses

_Server = int | sa.ColumnElement[int]


def sees(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Return the condition under which a viewer sees an article; the operator sees all."""
    if viewer.server is None:
        return sa.true()
    return _follows(CONFIG_SERVER) | _follows(viewer.server)


def is_told(server: _Server) -> sa.ColumnElement[bool]:
    """Return the condition under which a server is told of an article."""
    return ~_pauses(server) & (_follows(CONFIG_SERVER) & ~_pauses(CONFIG_SERVER) | _follows(server))


def _follows(server: _Server) -> sa.ColumnElement[bool]:
    """Hold where a server followed the source when the article came; what the bot follows, all see from its beginning."""
    of_source = (follows.c.source_id == articles.c.source_id) & (follows.c.server == server)
    begun = (follows.c.server == CONFIG_SERVER) | (follows.c.since <= articles.c.collected_at)
    ended = follows.c.retired_at < articles.c.collected_at
    return sa.exists().where(of_source, begun, follows.c.retired_at.is_(None) | ~ended).correlate_except(follows)


def _pauses(server: _Server) -> sa.ColumnElement[bool]:
    of_source = (pauses.c.source_id == articles.c.source_id) & (pauses.c.server == server)
    ended = pauses.c.ended_at <= articles.c.collected_at
    lasts = pauses.c.ended_at.is_(None) | ~ended
    return sa.exists().where(of_source, pauses.c.begun_at <= articles.c.collected_at, lasts).correlate_except(pauses)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """Who followed some sources when, and who paused them when."""

    follows: Mapping[int, Sequence[rows.Row]]
    pauses: Mapping[int, Sequence[rows.Row]]

    def sees(self, server: int | None, article: rows.Row) -> bool:
        """Tell whether a server sees an article; None is the operator, who sees all."""
        return server is None or bool(self._followers(article) & {CONFIG_SERVER, server})

    def is_told(self, server: int, article: rows.Row) -> bool:
        """Tell whether a server is told of an article."""
        silent = {
            one.server
            for one in self.pauses.get(article.source_id, ())
            if one.begun_at <= article.collected_at and (one.ended_at is None or one.ended_at > article.collected_at)
        }
        followers = self._followers(article)
        return server not in silent and bool((followers - silent) & {CONFIG_SERVER, server})

    def _followers(self, article: rows.Row) -> set[int]:
        came: datetime = article.collected_at
        return {
            one.server
            for one in self.follows.get(article.source_id, ())
            if (one.server == CONFIG_SERVER or one.since <= came) and (one.retired_at is None or one.retired_at >= came)
        }


def sight_of(conn: sa.Connection, source_ids: Iterable[int]) -> Sight:
    """Load who follows these sources, and who has paused them."""
    ids = set(source_ids)
    return Sight(
        follows=_by_source(conn.execute(sa.select(follows).where(follows.c.source_id.in_(ids))).all()),
        pauses=_by_source(conn.execute(sa.select(pauses).where(pauses.c.source_id.in_(ids))).all()),
    )


def _by_source(found: Iterable[rows.Row]) -> dict[int, list[rows.Row]]:
    by_source: dict[int, list[rows.Row]] = {}
    for row in found:
        by_source.setdefault(row.source_id, []).append(row)
    return by_source
