"""Watches that people keep by command: what may be saved, and how a watch is changed while others may change it, too."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.model import CONFIG_SERVER, Level, Origin, Route, Watch, WatchDraft
from bot.store import rows
from bot.store.database import Database
from bot.store.schema import watch_drafts, watches
from bot.store.watches.watches import Watches

KEEP_DRAFTS = timedelta(days=1)


_SET_ASIDE = sa.cast(watches.c.id, sa.Text) + "\n" + watches.c.folded
"""The name of a watch that has ended, so that another one may have it."""


class ServerWatches:
    """Keeps the watches of servers (the protocol `ports.WatchStore`)."""

    def __init__(self, database: Database, kept: Watches) -> None:
        self._database = database
        self._watches = kept

    async def keep_draft(self, server: int, draft: WatchDraft, *, now: datetime) -> str:
        """Keep what somebody may save, for a day; return its key (16 hexadecimal digits)."""
        key = secrets.token_hex(8)
        values = {**_written(draft), "watch_id": draft.watch_id, "revision": draft.revision}

        def work(conn: sa.Connection) -> str:
            conn.execute(sa.delete(watch_drafts).where(watch_drafts.c.kept_at < now - KEEP_DRAFTS))
            conn.execute(sa.insert(watch_drafts).values(key=key, server=server, kept_at=now, **values))
            return key

        return await self._database.write(work)

    async def draft(self, server: int, key: str, *, now: datetime) -> WatchDraft | None:
        """Return what a server may still save under a key."""
        fresh = watch_drafts.c.kept_at >= now - KEEP_DRAFTS
        query = sa.select(watch_drafts).where(watch_drafts.c.key == key, watch_drafts.c.server == server, fresh)

        def work(conn: sa.Connection) -> WatchDraft | None:
            row = conn.execute(query).first()
            return _draft(row) if row else None

        return await self._database.read(work)

    async def withdraw(self, server: int, key: str) -> None:
        """Forget what might have been saved."""
        statement = sa.delete(watch_drafts).where(watch_drafts.c.key == key, watch_drafts.c.server == server)
        await self._database.write(lambda conn: conn.execute(statement))

    async def own(self, server: int) -> Sequence[Watch]:
        """Return the watches that a server has by command, by name."""
        query = sa.select(watches).where(_by_command(server)).order_by(watches.c.folded)
        return await self._database.read(lambda conn: [rows.watch(row) for row in conn.execute(query)])

    async def save(self, server: int, draft: WatchDraft, *, most: int | None, now: datetime) -> Watch | None:
        """Make or change a watch, told from now on; None, and nothing written, where that is not possible any more.

        That is so where it was changed or removed since the draft was made from it, where its name has been taken, and
        where the server has `most` watches already.
        """

        def work(conn: sa.Connection) -> Watch | None:
            if _is_taken(conn, server, draft):
                return None
            # What the config has named so before keeps its history, and gives its name.
            named = (watches.c.server == server) & (watches.c.folded == draft.name.casefold())
            conn.execute(sa.update(watches).where(named, watches.c.retired_at.is_not(None)).values(folded=_SET_ASIDE))
            if not draft.watch_id:
                return _add(conn, server, draft, most, now)
            return _edit(conn, server, draft, now)

        return await self._watches.change(work, now=now)

    async def remove(self, server: int, watch: Watch, *, now: datetime) -> bool:
        """End a watch as it stood; its history is kept, and its name is free. False if it has changed meanwhile."""
        gone = {"retired_at": now, "folded": _SET_ASIDE}
        statement = sa.update(watches).where(_by_command(server), *_unchanged(watch.id, watch.revision)).values(**gone)
        return await self._watches.change(lambda conn: bool(conn.execute(statement).rowcount), now=now)

    async def pause(self, server: int, watch: Watch, *, paused: bool, here: Sequence[int] | None = None, now: datetime) -> bool:
        """Let a server, `here` its channels if they are known, hear nothing of a watch, or hear of it again; False if it has changed."""
        values: dict[str, object] = {"paused": paused, "revision": watch.revision + 1, **({} if paused else {"since": now})}
        if watch.server != server:
            routes = _routed(watch, replace(_route(watch, server), paused=paused, here=_here(watch, server, here)))
            values = {"routes": routes, "revision": watch.revision + 1}
        statement = sa.update(watches).where(*_unchanged(watch.id, watch.revision)).values(**values)
        return await self._watches.change(lambda conn: bool(conn.execute(statement).rowcount), now=now)

    async def route(
        self, server: int, watch: Watch, channels: tuple[int, ...], *, here: Sequence[int] | None = None, now: datetime
    ) -> bool:
        """Tell a watch of the config in other channels of one server, `here` all of its channels; none lets it go where it went.

        False if it has changed.
        """
        routes = _routed(watch, replace(_route(watch, server), channels=channels, here=_here(watch, server, here)))
        values = {"routes": routes, "revision": watch.revision + 1}
        statement = sa.update(watches).where(*_unchanged(watch.id, watch.revision)).values(**values)
        return await self._watches.change(lambda conn: bool(conn.execute(statement).rowcount), now=now)


def _add(conn: sa.Connection, server: int, draft: WatchDraft, most: int | None, now: datetime) -> Watch | None:
    count = sa.select(sa.func.count()).select_from(watches).where(_by_command(server))
    if most is not None and (conn.scalar(count) or 0) >= most:
        return None
    values = {**_written(draft), "folded": draft.name.casefold(), "server": server, "origin": Origin.COMMAND, "since": now}
    return rows.watch(conn.execute(sa.insert(watches).values(**values).returning(*watches.c)).one())


def _edit(conn: sa.Connection, server: int, draft: WatchDraft, now: datetime) -> Watch | None:
    here = (_by_command(server), *_unchanged(draft.watch_id, draft.revision))
    known = conn.execute(sa.select(watches).where(*here)).first()
    if known is None:
        return None
    wider = (known.query, known.level) != (draft.query, int(draft.level))
    since = {"since": now} if wider else {}
    values = {**_written(draft), "folded": draft.name.casefold(), "revision": draft.revision + 1, **since}
    return rows.watch(conn.execute(sa.update(watches).where(*here).values(**values).returning(*watches.c)).one())


def _is_taken(conn: sa.Connection, server: int, draft: WatchDraft) -> bool:
    same = (watches.c.folded == draft.name.casefold()) & watches.c.server.in_({CONFIG_SERVER, server})
    taken = sa.select(watches.c.id).where(same, watches.c.id != draft.watch_id, watches.c.retired_at.is_(None))
    return conn.execute(taken).first() is not None


def _by_command(server: int) -> sa.ColumnElement[bool]:
    return (watches.c.server == server) & (watches.c.origin == Origin.COMMAND) & watches.c.retired_at.is_(None)


def _unchanged(watch_id: int, revision: int) -> tuple[sa.ColumnElement[bool], ...]:
    return watches.c.id == watch_id, watches.c.revision == revision, watches.c.retired_at.is_(None)


def _routed(watch: Watch, route: Route) -> str:
    return rows.write_routes([*(one for one in watch.routes if one.server != route.server), route])


def _route(watch: Watch, server: int) -> Route:
    """Return how a server has a watch told."""
    return next((route for route in watch.routes if route.server == server), Route(server=server))


def _here(watch: Watch, server: int, channels: Sequence[int] | None) -> tuple[int, ...]:
    """Return which of a server's channels the watch itself names; as was known before, where nobody knows its channels."""
    return _route(watch, server).here if channels is None else tuple(one for one in watch.channels if one in channels)


def _written(draft: WatchDraft) -> dict[str, object]:
    return {
        "name": draft.name,
        "query": draft.query,
        "level": int(draft.level),
        "channels": json.dumps(draft.channels),
        "role": draft.role,
        "per_hour": draft.per_hour,
    }


def _draft(row: rows.Row) -> WatchDraft:
    return WatchDraft(
        name=row.name,
        query=row.query,
        level=Level(row.level),
        channels=tuple(json.loads(row.channels)),
        role=row.role,
        per_hour=row.per_hour,
        watch_id=row.watch_id,
        revision=row.revision,
    )
