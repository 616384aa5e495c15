"""Sources and who follows them: the config's are copied in at each start, and found again by address or by name."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.model import CONFIG_SERVER, Follow, Origin, Source, SourceKind
from bot.store import rows
from bot.store.database import Database
from bot.store.schema import follows, marks, sources
from bot.store.sources.follows import add_source, find_source, host_of, join, what_is_written, write

SLACK = timedelta(minutes=1)
"""Clocks are put right by less than this all the time."""

FEW, MANY = 100, 1000
"""So few new sources are asked at once at the start; so many are spread over the whole of their interval."""

is_followed = follows.c.retired_at.is_(None) & ~follows.c.paused
"""Holds for a follow that a source is polled for."""


def is_polled(source_id: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    """Return the condition that somebody follows a source, and has not paused it."""
    return sa.exists().where(follows.c.source_id == source_id, is_followed)


def _followed(only: Sequence[int] | None) -> sa.Subquery:
    """Select each polled source with its shortest interval, and the server whose name and first-run rule it goes by."""
    return (
        sa.select(
            follows.c.source_id,
            sa.func.min(follows.c.every_s).label("every_s"),
            sa.func.min(follows.c.server).label("first_server"),
            sa.func.count().label("followers"),
        )
        .where(is_followed, sa.true() if only is None else follows.c.source_id.in_(only))
        .group_by(follows.c.source_id)
        .subquery("followed")
    )


def polled_sources(only: Sequence[int] | None = None) -> sa.Select[tuple[object, ...]]:
    """Select every source that somebody follows, or of `only` these, with the name, interval and rules it is polled by."""
    followed = _followed(only)
    return (
        sa.select(sources, followed.c.every_s, followed.c.followers, follows.c.name, follows.c.first_run, follows.c.zone)
        .join(followed, followed.c.source_id == sources.c.id)
        .join(follows, (follows.c.source_id == sources.c.id) & (follows.c.server == followed.c.first_server))
    )


def read_source(row: rows.Row) -> Source:
    """Read a row of `polled_sources`."""
    every = timedelta(seconds=row.every_s)
    return rows.source(row, name=row.name, every=every, first_run=row.first_run, zone=row.zone, followers=row.followers)


class Sources:
    """The sources of the config and when each is due."""

    def __init__(self, database: Database, *, canonical: Callable[[str], str]) -> None:
        self._database = database
        self._canonical = canonical
        self._asked_at: datetime | None = None
        self._clock_went_back = True
        """Whether it may have, until nothing is due: before the start nobody looked."""

    async def follow(self, wanted: Sequence[Follow], *, now: datetime) -> None:
        """Make the follows of the file what is wanted: new ones join, gone ones retire with their history kept.

        A source whose address changed under the same name is the same source: it keeps its articles, forgets its
        validators, and its next poll counts as a first one. What commands follow is left as it is, except that the
        file takes up what it names itself.
        """

        def work(conn: sa.Connection) -> None:
            before = _of_file(conn)
            addresses = {self._address(follow) for follow in wanted}
            standing = {row.canonical: row for row in before}
            # A row whose address stands in the file is where it was; the others may have moved.
            left = {(row.name.casefold(), row.kind): row for row in before if row.canonical not in addresses}
            kept = set()
            for follow in wanted:
                row = standing.get(self._address(follow))
                kept.add(self._take_up(conn, follow, left, now) if row is None else _rewrite(conn, row, follow, now))
            _retire(conn, {row.source_id for row in before} - kept, now)

        await self._database.write(work)

    def _take_up(self, conn: sa.Connection, follow: Follow, left: Mapping[tuple[str, str], rows.Row], now: datetime) -> int:
        """Follow what the file did not name before: a new source, one at its new address, or one that others know."""
        canonical, moved = self._address(follow), left.get((follow.name.casefold(), follow.kind))
        known = find_source(conn, canonical)
        if known is None and moved is not None and not _is_shared(conn, moved.source_id):
            _move(conn, moved.source_id, follow, canonical, now)
            write(conn, moved.source_id, follow, now)
            return int(moved.source_id)
        if known is None:
            known = add_source(conn, follow, canonical, now)
            write(conn, known, follow, now)
        else:
            join(conn, known, follow, now)
        return known

    def _address(self, follow: Follow) -> str:
        return self._canonical(follow.address) if follow.kind is SourceKind.FEED else follow.address

    async def due_sources(self, now: datetime, limit: int, passing: Collection[str] = ()) -> Sequence[Source]:
        """Return sources whose next poll has come, the longest overdue first: one of each host, and none of those passed over.

        A source that was polled in the future is due too: the clock has been set back, and its next poll may be days away.
        """
        self._clock_went_back |= self._asked_at is not None and now < self._asked_at
        self._asked_at = now
        is_due = sources.c.next_poll <= now
        if self._clock_went_back:
            is_due |= sources.c.polled_at > now + SLACK
        turn = sa.func.row_number().over(partition_by=sources.c.host, order_by=[sources.c.next_poll, sources.c.id])
        due = (
            sa.select(sources.c.id, sources.c.next_poll, turn.label("turn"))
            .where(is_due, sources.c.given_up_at.is_(None), sources.c.merged_into.is_(None))
            .where(sources.c.host.not_in(passing), is_polled(sources.c.id))
            .subquery()
        )
        first = sa.select(due.c.id).where(due.c.turn == 1).order_by(due.c.next_poll).limit(limit)

        def work(conn: sa.Connection) -> Sequence[Source]:
            ids = list(conn.scalars(first))
            query = polled_sources(ids).order_by(sources.c.next_poll)
            return [read_source(row) for row in conn.execute(query)] if ids else []

        found = await self._database.read(work)
        self._clock_went_back &= bool(found or passing)
        return found

    async def all_sources(self) -> Sequence[Source]:
        """Return every source that somebody follows."""
        return await self._database.read(lambda conn: [read_source(row) for row in conn.execute(polled_sources())])

    async def spread_overdue(self, now: datetime) -> None:
        """Spread what has been overdue for more than an interval, so that a start is no storm: the more there is, the wider.

        A source's place in its interval is a hash of its address, so that a bot that is started again and again gets round.
        """

        def work(conn: sa.Connection) -> None:
            found = [(row, timedelta(seconds=row.every_s)) for row in conn.execute(polled_sources())]
            late = [(row, every) for row, every in found if _is_late(row, every, now)]
            new = [(row, every) for row, every in found if row.polled_at is None and row.kind == SourceKind.FEED]
            spread = [*late, *new] if len(new) > FEW else late
            share = min(1.0, max(0.1, len(spread) / MANY))
            planned = [{"source": row.id, "due": now + every * share * _place(row.canonical)} for row, every in spread]
            if planned:
                statement = sa.update(sources).where(sources.c.id == sa.bindparam("source"))
                conn.execute(statement.values(next_poll=sa.bindparam("due")), planned)

        await self._database.write(work)

    async def wake(self, source_id: int, *, now: datetime) -> None:
        """Make a source due now, because something in it has changed."""
        statement = sa.update(sources).where(sources.c.id == source_id).values(next_poll=now)
        await self._database.write(lambda conn: conn.execute(statement))


def _is_late(row: rows.Row, every: timedelta, now: datetime) -> bool:
    return row.polled_at is not None and row.next_poll is not None and row.next_poll < now - every


def _place(canonical: str) -> float:
    """Return a source's own place between 0 and 1."""
    return zlib.crc32(canonical.encode("utf-8", "surrogatepass")) / 2**32


def _of_file(conn: sa.Connection) -> list[rows.Row]:
    query = (
        sa.select(follows, sources.c.kind, sources.c.canonical, sources.c.address)
        .join(sources, sources.c.id == follows.c.source_id)
        .where(follows.c.server == CONFIG_SERVER, follows.c.origin == Origin.FILE, follows.c.retired_at.is_(None))
    )
    return list(conn.execute(query))


def _rewrite(conn: sa.Connection, row: rows.Row, follow: Follow, now: datetime) -> int:
    """Write what the file says of a source that it follows as before, where that has changed: most starts change nothing."""
    if row.address not in {follow.address, follow.address.replace("http:", "https:", 1)}:  # a proven move to https stays
        conn.execute(sa.update(sources).where(sources.c.id == row.source_id).values(address=follow.address))
    what = what_is_written(follow)
    if {name: getattr(row, name) for name in what} != what:
        write(conn, row.source_id, follow, now)
    return int(row.source_id)


def _is_shared(conn: sa.Connection, source_id: int) -> bool:
    """Tell whether a server follows a source by itself: at its old address it is theirs."""
    theirs = (follows.c.source_id == source_id) & (follows.c.server != CONFIG_SERVER) & follows.c.retired_at.is_(None)
    return bool(conn.scalar(sa.select(sa.exists().where(theirs))))


def _retire(conn: sa.Connection, gone: Iterable[int], now: datetime) -> None:
    for source_id in gone:
        ended = (follows.c.server == CONFIG_SERVER) & (follows.c.source_id == source_id)
        conn.execute(sa.update(follows).where(ended).values(retired_at=now))


def _move(conn: sa.Connection, source_id: int, follow: Follow, canonical: str, now: datetime) -> None:
    conn.execute(sa.delete(marks).where(marks.c.source_id == source_id))
    conn.execute(
        sa.update(sources)
        .where(sources.c.id == source_id)
        .values(
            address=follow.address,
            canonical=canonical,
            host=host_of(follow),
            next_poll=now,
            ok_at=None,
            failures=0,
            reason="",
            given_up_at=None,
        )
    )
