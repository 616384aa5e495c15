"""Where each server is told, the look-ups whose pages can be turned, and single facts about the program."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.model import Lookup, in_channel
from bot.store.database import Database, upsert
from bot.store.notes import keep
from bot.store.schema import caps, lookups, notes, places
from bot.store.telling.alerts import move, reopen
from bot.store.telling.audience import Audience, Destination
from bot.store.telling.notices import mend

KEEP_LOOKUPS = timedelta(days=30)


class Places:
    """Keeps places, look-ups and notes (the protocol `ports.PlaceStore`)."""

    def __init__(self, database: Database, audience: Audience) -> None:
        self._database = database
        self._audience = audience

    async def set_channel(self, server: int, channel: int, *, now: datetime) -> None:
        """Tell a server's alerts in this channel from now on, and there what a broken one has kept waiting."""
        await self._database.write(lambda conn: self._seat(conn, server, channel, chosen=True, now=now))

    async def default_channel(self, server: int, channel: int, *, now: datetime) -> None:
        """Tell a server's alerts in the channel of the environment, unless the server has chosen its own; no other server's by default."""

        def work(conn: sa.Connection) -> None:
            conn.execute(sa.delete(places).where(~places.c.chosen, places.c.server != server))
            if not conn.scalar(sa.select(places.c.chosen).where(places.c.server == server)):
                self._seat(conn, server, channel, chosen=False, now=now)

        await self._database.write(work)

    async def set_caps(self, server: int, channel: int | None, *, per_poll: int | None, per_hour: int | None) -> int | None:
        """Cap what stands alone in a channel, by default the server's own; None leaves a cap to sources and settings.

        Returns the channel, or None where none is named and the server has none.
        """

        def work(conn: sa.Connection) -> int | None:
            where = channel or conn.scalar(sa.select(places.c.channel).where(places.c.server == server))
            if where is not None:
                values = {"server": server, "per_poll": per_poll, "per_hour": per_hour}
                insert = upsert(conn, caps).values(destination=in_channel(where), **values)
                conn.execute(insert.on_conflict_do_update(index_elements=["destination"], set_=values))
            return where

        return await self._database.write(work)

    def _seat(self, conn: sa.Connection, server: int, channel: int, *, chosen: bool, now: datetime) -> None:
        before = conn.execute(sa.select(places).where(places.c.server == server)).first()
        since = before.since if before is not None and before.channel == channel else now
        values = {"channel": channel, "chosen": chosen, "since": since, "broken": ""}
        insert = upsert(conn, places).values(server=server, **values)
        conn.execute(insert.on_conflict_do_update(index_elements=["server"], set_=values))
        seat = Destination(address=in_channel(channel), server=server, seat=True)
        if before is not None and before.channel != channel:
            _take_caps_along(conn, in_channel(before.channel), seat)
        if before is not None and before.broken and before.channel != channel:
            move(conn, in_channel(before.channel), seat)
        if chosen:  # by a person, who has seen that it works; a start only tries again
            for address in {seat.address, in_channel(before.channel) if before is not None else seat.address}:
                mend(conn, address, now=now)
        reopen(conn, seat, audience=self._audience, now=now)

    async def keep_lookup(self, lookup: Lookup, *, now: datetime) -> str:
        """Keep what somebody looked up; the same look-up has the same key, 16 hexadecimal digits."""
        since = lookup.since.isoformat() if lookup.since else ""
        identity = f"{lookup.verb}\n{lookup.words}\n{since}\n{lookup.size}"
        key = hashlib.blake2b(identity.encode(), digest_size=8).hexdigest()
        values = {"verb": lookup.verb, "words": lookup.words, "since": lookup.since, "size": lookup.size, "kept_at": now}

        def work(conn: sa.Connection) -> None:
            conn.execute(sa.delete(lookups).where(lookups.c.kept_at < now - KEEP_LOOKUPS))
            insert = upsert(conn, lookups).values(key=key, **values)
            conn.execute(insert.on_conflict_do_update(index_elements=["key"], set_={"kept_at": now}))

        await self._database.write(work)
        return key

    async def lookup(self, key: str) -> Lookup | None:
        """Return what is kept under a key."""

        def work(conn: sa.Connection) -> Lookup | None:
            row = conn.execute(sa.select(lookups).where(lookups.c.key == key)).first()
            return Lookup(verb=row.verb, words=row.words, since=row.since, size=row.size) if row else None

        return await self._database.read(work)

    async def note(self, key: str, value: str, *, now: datetime) -> None:
        """Keep one fact of the program."""
        await self._database.write(lambda conn: keep(conn, key, value, now))

    async def noted(self, key: str) -> str | None:
        """Return a kept fact."""
        return await self._database.read(lambda conn: conn.scalar(sa.select(notes.c.value).where(notes.c.key == key)))


def _take_caps_along(conn: sa.Connection, before: str, seat: Destination) -> None:
    """Let the caps of a server's former channel hold in its new one, unless that has some."""
    if conn.scalar(sa.select(caps.c.destination).where(caps.c.destination == seat.address)) is None:
        mine = (caps.c.destination == before) & (caps.c.server == seat.server)
        conn.execute(sa.update(caps).where(mine).values(destination=seat.address))
