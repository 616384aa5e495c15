"""What a destination hears of a story: the matches of its articles as they were last read, by the watches told there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import sqlalchemy as sa

from bot.model import CONFIG_SERVER, TERMINAL, Viewer, Watch, in_channel
from bot.store import rows
from bot.store.schema import articles, deliveries, matches, mentions, server_matches, watches
from bot.store.sight import sight_of
from bot.store.watches.seen_matches import of_server

_WATCH = re.compile(r"\((\d+), ")
"""The watches in what `told` writes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ear:
    """Where something is told, for which server, and whether it hears of every watch that has no channels of its own."""

    address: str
    server: int = CONFIG_SERVER
    seat: bool = False

    @property
    def viewer(self) -> Viewer:
        """Whose eyes it is read with: those of a server, or in the terminal the operator's."""
        return Viewer() if self.address == TERMINAL else Viewer(server=self.server)

    def hears_of(self, watch: Watch) -> bool:
        """Tell whether what a watch takes is told here."""
        if watch.server not in {CONFIG_SERVER, self.server} or watch.is_paused_in(self.server):
            return False
        if self.address == TERMINAL:
            return True
        own = watch.channels_in(self.server)
        return self.address in (in_channel(one) for one in own if not watch.is_silent_in(one)) if own else self.seat

    def hears(self, found: Iterable[rows.Row]) -> list[rows.Row]:
        """Return the matches that are told here, as they stand for its server."""
        here = of_server(found, self.viewer.server or CONFIG_SERVER)
        return [match for match in here if self.hears_of(_told_by(match.server, match.paused, match.channels, match.routes))]


@lru_cache(maxsize=1024)
def _told_by(server: int, paused: bool, channels: str, routes: str) -> Watch:  # as they stand in a row
    """Return as much of a watch as says where it is told; thousands of matches share one."""
    where = tuple(json.loads(channels))
    return Watch(name="", query="", server=server, paused=paused, channels=where, routes=rows.read_routes(routes))


def ear_of(delivery: rows.Row) -> Ear:
    """Return where a delivery is told."""
    return Ear(address=delivery.destination, server=delivery.server, seat=delivery.seat)


def named(conn: sa.Connection, viewer: Viewer, delivery_id: str) -> list[rows.Row]:
    """Return the strongest match of each watch that a card names, for a viewer that sees it; nothing of watches that have ended.

    A watch that is paused or told elsewhere since is still named there, and so is what no longer stands in the article.
    """
    delivery = conn.execute(sa.select(deliveries).where(deliveries.c.id == delivery_id)).first()
    if delivery is None or (viewer.server is not None and delivery.server not in {CONFIG_SERVER, viewer.server}):
        return []
    ear = ear_of(delivery)
    story = seen_of(conn, articles_of(conn, delivery.subject), ear)
    known = {int(watch) for watch in _WATCH.findall(delivery.told)}
    found = [
        match for match in of_server(matches_of(conn, story), ear.viewer.server or CONFIG_SERVER) if match.watch_id in known
    ]
    return strongest(found or heard_before(conn, story, ear))


def heard_before(conn: sa.Connection, seen: Sequence[rows.Row], ear: Ear) -> Sequence[rows.Row]:
    """Return what was heard of the last versions of these articles of which anything was."""
    revisions = _read_revisions(conn, seen)
    earlier = ear.hears(row for row in conn.execute(_matches(revisions)) if row.revision < revisions[row.article_id])
    last = max((row.revision for row in earlier), default=0)
    return [row for row in earlier if row.revision == last]


def seen_of(conn: sa.Connection, story: Sequence[rows.Row], ear: Ear) -> Sequence[rows.Row]:
    """Return those articles of a story that are seen where it is told."""
    sight = sight_of(conn, {article.source_id for article in story})
    return [article for article in story if sight.sees(ear.viewer.server, article)]


def articles_of(conn: sa.Connection, story: int) -> Sequence[rows.Row]:
    """Return the articles of a story, the oldest first, without their texts."""
    lean = [column for column in articles.c if column.name not in {"text", "caption"}]
    return conn.execute(sa.select(*lean).where(articles.c.story_id == story).order_by(articles.c.id)).all()


def matches_of(conn: sa.Connection, story: Iterable[rows.Row]) -> Sequence[rows.Row]:
    """Return the matches of articles as last read, for everybody and for single servers; by article, the strongest first."""
    revisions = _read_revisions(conn, story)
    return [row for row in conn.execute(_matches(revisions)) if row.revision == revisions[row.article_id]]


def _matches(article_ids: Iterable[int]) -> sa.Select[tuple[object, ...]]:
    # By article: through its watch a match would be looked for among all that the watch ever took.
    ids = list(article_ids)
    both = sa.union_all(
        _told_of(matches, sa.literal(0), ids).where(matches.c.level >= watches.c.level),
        _told_of(server_matches, server_matches.c.server, ids),
    ).subquery()
    return sa.select(both).order_by(both.c.article_id, both.c.level.desc(), both.c.score.desc(), both.c.watch_id)


def _told_of(table: sa.Table, only: sa.ColumnElement[int], article_ids: Sequence[int]) -> sa.Select[tuple[object, ...]]:
    judged = ("article_id", "revision", "watch_id", "level", "score", "evidence", "summary", "reason")
    told = ("name", "query", "role", "paused", "channels", "routes", "server")
    return (
        sa.select(
            *(table.c[name] for name in judged),
            *(watches.c[name] for name in told),
            watches.c.level.label("wanted"),
            only.label("only"),
        )
        .join(watches, table.c.watch_id == watches.c.id)
        .where(table.c.article_id.in_(article_ids), watches.c.retired_at.is_(None))
    )


def _read_revisions(conn: sa.Connection, story: Iterable[rows.Row]) -> dict[int, int]:
    """Return the revision of each article that was read last: of a newer one nobody knows yet what it tells."""
    revisions = {article.id: article.revision if article.state == "done" else 0 for article in story}
    unread = [article_id for article_id, revision in revisions.items() if not revision]
    for table in (mentions, matches) if unread else ():
        last = sa.select(table.c.article_id, sa.func.max(table.c.revision).label("revision")).group_by(table.c.article_id)
        for row in conn.execute(last.where(table.c.article_id.in_(unread))):
            revisions[row.article_id] = max(revisions[row.article_id], row.revision)
    return revisions


def strongest(found: Iterable[rows.Row]) -> list[rows.Row]:
    """Return the strongest match of each watch, the strongest of all first."""
    by_watch = {row.watch_id: row for row in sorted(found, key=lambda row: (row.level, row.score, -row.article_id))}
    return sorted(by_watch.values(), key=lambda row: (-row.level, -row.score, row.watch_id))


def told(found: Iterable[rows.Row]) -> str:
    """Write which watches are named, at which level and of which version: what an edit is due for when it changes."""
    heard = list(found)
    named = repr(sorted((row.watch_id, row.level) for row in strongest(heard)))
    version = heard[0].revision if heard else 1
    return f"{named} of version {version}" if version > 1 else named


NOTHING = told(())
"""What is written where no watch is named any more."""
