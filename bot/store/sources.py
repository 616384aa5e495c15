"""Sources and who follows them: the config's are copied in at each start, and found again by address or by name."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import sqlalchemy as sa

from bot.model import CONFIG_SERVER, Follow, Source, SourceKind
from bot.store import rows
from bot.store.database import Database, upsert
from bot.store.schema import follows, marks, sources

SLACK = timedelta(minutes=1)
"""Clocks are put right by less than this all the time."""

is_followed = follows.c.retired_at.is_(None) & ~follows.c.paused
"""Holds for a follow that a source is polled for."""

followed = (
    sa.select(
        follows.c.source_id,
        sa.func.min(follows.c.every_s).label("every_s"),
        sa.func.min(follows.c.server).label("first_server"),
    )
    .where(is_followed)
    .group_by(follows.c.source_id)
    .subquery("followed")
)
"""Each polled source with its shortest interval, and the server whose name and first-run rule it goes by."""


def polled_sources() -> sa.Select[tuple[object, ...]]:
    """Select every source that somebody follows, with the name, interval and first-run rule it is polled by."""
    return (
        sa.select(sources, followed.c.every_s, follows.c.name, follows.c.first_run, follows.c.zone)
        .join(followed, followed.c.source_id == sources.c.id)
        .join(follows, (follows.c.source_id == sources.c.id) & (follows.c.server == followed.c.first_server))
    )


def read_source(row: rows.Row) -> Source:
    """Read a row of `polled_sources`."""
    return rows.source(row, name=row.name, every=timedelta(seconds=row.every_s), first_run=row.first_run, zone=row.zone)


class Sources:
    """The sources of the config and when each is due."""

    def __init__(self, database: Database, *, canonical: Callable[[str], str]) -> None:
        self._database = database
        self._canonical = canonical

    async def follow(self, wanted: Sequence[Follow], *, now: datetime) -> None:
        """Make the config's follows what is wanted: new ones join, gone ones retire with their history kept.

        A source whose address changed under the same name is the same source: it keeps its articles, forgets its
        validators, and its next poll counts as a first one.
        """

        def work(conn: sa.Connection) -> None:
            before = _config_follows(conn)
            conn.execute(sa.update(follows).where(follows.c.server == CONFIG_SERVER).values(retired_at=now))
            addresses = {self._address(follow) for follow in wanted}
            for follow in wanted:
                moved = before.get((follow.name.casefold(), follow.kind))
                known = conn.scalar(sa.select(sources.c.id).where(sources.c.canonical == self._address(follow)))
                if known is None and moved is not None and moved[1] not in addresses:
                    known = _move(conn, moved[0], follow, self._address(follow), now)
                _follow(conn, known or _add(conn, follow, self._address(follow), now), follow, now)

        await self._database.write(work)

    def _address(self, follow: Follow) -> str:
        return self._canonical(follow.address) if follow.kind is SourceKind.FEED else follow.address

    async def due_sources(self, now: datetime, limit: int) -> Sequence[Source]:
        """Return sources whose next poll has come, the longest overdue first.

        A source that was polled in the future is due too: the clock has been set back, and its next poll may be days away.
        """
        set_back = sources.c.polled_at > now + SLACK
        query = polled_sources().where((sources.c.next_poll <= now) | set_back).order_by(sources.c.next_poll).limit(limit)
        return await self._database.read(lambda conn: [read_source(row) for row in conn.execute(query)])

    async def all_sources(self) -> Sequence[Source]:
        """Return every source that somebody follows."""
        return await self._database.read(lambda conn: [read_source(row) for row in conn.execute(polled_sources())])

    async def spread_overdue(self, now: datetime) -> None:
        """Spread what has been overdue for more than an interval over a tenth of it, so that a start is no storm."""

        def work(conn: sa.Connection) -> None:
            for row in conn.execute(polled_sources().where(sources.c.polled_at.is_not(None))).all():
                every = timedelta(seconds=row.every_s)
                if row.next_poll < now - every:
                    due = now + every * random.random() * 0.1  # noqa: S311  # spread, not secrecy
                    conn.execute(sa.update(sources).where(sources.c.id == row.id).values(next_poll=due))

        await self._database.write(work)

    async def wake(self, source_id: int, *, now: datetime) -> None:
        """Make a source due now, because something in it has changed."""
        statement = sa.update(sources).where(sources.c.id == source_id).values(next_poll=now)
        await self._database.write(lambda conn: conn.execute(statement))


def _config_follows(conn: sa.Connection) -> dict[tuple[str, str], tuple[int, str]]:
    query = (
        sa.select(follows.c.name, sources.c.kind, sources.c.id, sources.c.canonical)
        .join(sources, sources.c.id == follows.c.source_id)
        .where(follows.c.server == CONFIG_SERVER, follows.c.retired_at.is_(None))
    )
    return {(row.name.casefold(), row.kind): (row.id, row.canonical) for row in conn.execute(query)}


def _move(conn: sa.Connection, source_id: int, follow: Follow, canonical: str, now: datetime) -> int:
    conn.execute(sa.delete(marks).where(marks.c.source_id == source_id))
    conn.execute(
        sa.update(sources)
        .where(sources.c.id == source_id)
        .values(
            address=follow.address,
            canonical=canonical,
            host=_host(follow),
            next_poll=now,
            ok_at=None,
            failures=0,
            reason="",
            given_up_at=None,
        )
    )
    return source_id


def _host(follow: Follow) -> str:
    return urlsplit(follow.address).hostname or follow.address


def _add(conn: sa.Connection, follow: Follow, canonical: str, now: datetime) -> int:
    values = {"kind": follow.kind, "address": follow.address, "canonical": canonical, "host": _host(follow), "next_poll": now}
    return int(conn.execute(sa.insert(sources).values(**values).returning(sources.c.id)).scalar_one())


def _follow(conn: sa.Connection, source_id: int, follow: Follow, now: datetime) -> None:
    what = {
        "name": follow.name,
        "every_s": follow.every.total_seconds(),
        "first_run": follow.first_run,
        "zone": follow.zone,
        "per_poll": follow.per_poll,
    }
    insert = upsert(conn, follows).values(server=follow.server, source_id=source_id, since=now, **what)
    again = insert.on_conflict_do_update(index_elements=["server", "source_id"], set_={**what, "retired_at": None})
    conn.execute(again)
    conn.execute(sa.update(sources).where(sources.c.id == source_id).values(address=follow.address))
