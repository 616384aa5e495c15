"""Who follows what: how a follow begins, pauses and ends, and what was proposed to follow."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import sqlalchemy as sa

from bot.model import CONFIG_SERVER, FirstRun, Follow, Origin, Proposal, SourceKind
from bot.store import rows
from bot.store.database import Database, upsert
from bot.store.schema import articles, follows, marks, pauses, proposals, sources

KEEP_PROPOSALS = timedelta(days=1)


class Follows:
    """Keeps what is followed by command (the protocol `ports.FollowStore`)."""

    def __init__(self, database: Database, *, canonical: Callable[[str], str]) -> None:
        self._database = database
        self._canonical = canonical

    async def propose(self, server: int, wanted: Sequence[Proposal], *, now: datetime) -> Sequence[str]:
        """Keep what somebody may confirm, for a day; return the key of each (16 hexadecimal digits)."""
        kept = [
            {
                "key": secrets.token_hex(8),
                "server": server,
                "address": one.address,
                "name": one.name,
                "every_s": one.every.total_seconds(),
                "kept_at": now,
            }
            for one in wanted
        ]

        def work(conn: sa.Connection) -> Sequence[str]:
            conn.execute(sa.delete(proposals).where(proposals.c.kept_at < now - KEEP_PROPOSALS))
            conn.execute(sa.insert(proposals), kept)
            return [str(one["key"]) for one in kept]

        return await self._database.write(work)

    async def proposal(self, server: int, key: str, *, now: datetime) -> Proposal | None:
        """Return what a server may still confirm under a key."""
        fresh = proposals.c.kept_at >= now - KEEP_PROPOSALS
        query = sa.select(proposals).where(proposals.c.key == key, proposals.c.server == server, fresh)

        def work(conn: sa.Connection) -> Proposal | None:
            row = conn.execute(query).first()
            return Proposal(address=row.address, name=row.name, every=timedelta(seconds=row.every_s)) if row else None

        return await self._database.read(work)

    async def withdraw(self, server: int, key: str) -> None:
        """Forget what was proposed."""
        statement = sa.delete(proposals).where(proposals.c.key == key, proposals.c.server == server)
        await self._database.write(lambda conn: conn.execute(statement))

    async def followed_as(self, server: int, address: str) -> str | None:
        """Return under which name a server sees a feed already, by its own follow or by the bot's."""

        def work(conn: sa.Connection) -> str | None:
            known = find_source(conn, self._canonical(address))
            seen = follows.c.retired_at.is_(None) & follows.c.server.in_({CONFIG_SERVER, server})
            query = sa.select(follows.c.name).where(seen, follows.c.source_id == known).order_by(follows.c.server.desc())
            return conn.scalar(query.limit(1))

        return await self._database.read(work)

    async def add(self, follow: Follow, *, now: datetime) -> None:
        """Follow from now on, or follow again."""

        def work(conn: sa.Connection) -> None:
            canonical = self._canonical(follow.address)
            source_id = find_source(conn, canonical) or add_source(conn, follow, canonical, now)
            join(conn, source_id, follow, now)

        await self._database.write(work)

    async def remove(self, server: int, source_id: int, *, now: datetime) -> None:
        """End a follow; its history is kept."""

        def work(conn: sa.Connection) -> None:
            conn.execute(sa.update(follows).where(_is_own(server, source_id)).values(retired_at=now))
            _end_pauses(conn, server, source_id, now)

        await self._database.write(work)

    async def pause(self, server: int, source_id: int, *, now: datetime) -> None:
        """Tell a server nothing of a source from now on, whoever follows it."""

        def work(conn: sa.Connection) -> None:
            conn.execute(sa.update(follows).where(_is_own(server, source_id)).values(paused=True))
            if not conn.scalar(sa.select(sa.func.count()).select_from(pauses).where(_is_open(server, source_id))):
                conn.execute(sa.insert(pauses).values(server=server, source_id=source_id, begun_at=now))

        await self._database.write(work)

    async def resume(self, server: int, source_id: int, *, now: datetime) -> bool:
        """Tell a server of a source again, and ask a source again that was given up; False if the pause was not the server's."""

        def work(conn: sa.Connection) -> bool:
            wake_up(conn, source_id, now)
            conn.execute(sa.update(follows).where(_is_own(server, source_id)).values(paused=False))
            return _end_pauses(conn, server, source_id, now)

        return await self._database.write(work)

    async def own(self, server: int) -> Sequence[Follow]:
        """Return the feeds that a server follows by itself, by name."""
        query = (
            sa.select(follows, sources.c.kind, sources.c.address)
            .join(sources, sources.c.id == follows.c.source_id)
            .where(follows.c.server == server, follows.c.retired_at.is_(None), sources.c.kind == SourceKind.FEED)
        )

        def work(conn: sa.Connection) -> Sequence[Follow]:
            return sorted(map(_read, conn.execute(query)), key=lambda follow: follow.name.casefold())

        return await self._database.read(work)

    async def marks(self, source_id: int) -> Mapping[str, str]:
        """Return what a source remembers of its polls."""
        query = sa.select(marks.c.key, marks.c.value).where(marks.c.source_id == source_id)
        return await self._database.read(lambda conn: {row.key: row.value for row in conn.execute(query)})


def find_source(conn: sa.Connection, canonical: str) -> int | None:
    """Return the source at an address, or the one that it was merged into."""
    row = conn.execute(sa.select(sources.c.id, sources.c.merged_into).where(sources.c.canonical == canonical)).first()
    while row is not None and row.merged_into is not None:
        row = conn.execute(sa.select(sources.c.id, sources.c.merged_into).where(sources.c.id == row.merged_into)).first()
    return row.id if row is not None else None


def add_source(conn: sa.Connection, follow: Follow, canonical: str, now: datetime) -> int:
    """Make the source of a follow, due at once."""
    values = {"kind": follow.kind, "address": follow.address, "canonical": canonical, "host": host_of(follow), "next_poll": now}
    return int(conn.execute(sa.insert(sources).values(**values).returning(sources.c.id)).scalar_one())


def host_of(follow: Follow) -> str:
    """Return who is asked for a source: a folder is its own host."""
    return urlsplit(follow.address).hostname or follow.address


def join(conn: sa.Connection, source_id: int, follow: Follow, now: datetime) -> None:
    """Let a server follow a source from now on; who comes back keeps its history, unless something came meanwhile.

    A source that nobody followed is asked at once, and its next poll counts as a first one.
    """
    wake_up(conn, source_id, now)
    _forget_the_gap(conn, source_id, follow.server, now)
    write(conn, source_id, follow, now)


def write(conn: sa.Connection, source_id: int, follow: Follow, now: datetime) -> None:
    """Write what a follow says, whether or not it is there already."""
    what = what_is_written(follow)
    insert = upsert(conn, follows).values(server=follow.server, source_id=source_id, since=now, **what)
    conn.execute(insert.on_conflict_do_update(index_elements=["server", "source_id"], set_={**what, "retired_at": None}))


def what_is_written(follow: Follow) -> dict[str, object]:
    """Return the columns that a follow says something of, by name."""
    return {
        "name": follow.name,
        "every_s": follow.every.total_seconds(),
        "first_run": follow.first_run,
        "zone": follow.zone,
        "per_poll": follow.per_poll,
        "origin": follow.origin,
    }


def _forget_the_gap(conn: sa.Connection, source_id: int, server: int, now: datetime) -> None:
    """Let a follow that begins again begin now, where it would otherwise see what came while it had ended."""
    ended = sa.update(follows).where(
        follows.c.source_id == source_id, follows.c.server == server, follows.c.retired_at.is_not(None)
    )
    missed = sa.exists().where(articles.c.source_id == source_id, articles.c.collected_at > follows.c.retired_at)
    conn.execute(ended.where(missed).values(since=now))
    conn.execute(ended.values(paused=False))


def wake_up(conn: sa.Connection, source_id: int, now: datetime) -> None:
    """Ask a source at once that nobody follows, or that was given up; after a silence its first poll tells as little as a first one."""
    followed = sa.exists().where(follows.c.source_id == sources.c.id, follows.c.retired_at.is_(None), ~follows.c.paused)
    here = sa.update(sources).where(sources.c.id == source_id)
    again = {"next_poll": now, "failures": 0, "reason": "", "given_up_at": None}
    conn.execute(here.where(~followed).values(**again, ok_at=None))
    conn.execute(here.where(sources.c.given_up_at.is_not(None)).values(**again))


def _is_own(server: int, source_id: int) -> sa.ColumnElement[bool]:
    return (follows.c.server == server) & (follows.c.source_id == source_id) & follows.c.retired_at.is_(None)


def _is_open(server: int, source_id: int) -> sa.ColumnElement[bool]:
    return (pauses.c.server == server) & (pauses.c.source_id == source_id) & pauses.c.ended_at.is_(None)


def _end_pauses(conn: sa.Connection, server: int, source_id: int, now: datetime) -> bool:
    return bool(conn.execute(sa.update(pauses).where(_is_open(server, source_id)).values(ended_at=now)).rowcount)


def _read(row: rows.Row) -> Follow:
    return Follow(
        server=row.server,
        kind=SourceKind(row.kind),
        address=row.address,
        name=row.name,
        every=timedelta(seconds=row.every_s),
        first_run=FirstRun(row.first_run),
        zone=row.zone,
        per_poll=row.per_poll,
        origin=Origin(row.origin),
    )
