"""Where each server is told, the look-ups whose pages can be turned, and single facts about the program."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.model import Lookup
from bot.store.database import Database, upsert
from bot.store.schema import lookups, notes, places

KEEP_LOOKUPS = timedelta(days=30)


class Places:
    """Keeps places, look-ups and notes (the protocol `ports.PlaceStore`)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def set_channel(self, server: int, channel: int, *, now: datetime) -> None:
        """Tell a server's alerts in this channel from now on; a channel that was broken is whole again."""
        values = {"channel": channel, "chosen": True, "since": now, "broken": ""}

        def work(conn: sa.Connection) -> None:
            insert = upsert(conn, places).values(server=server, **values)
            conn.execute(insert.on_conflict_do_update(index_elements=["server"], set_=values))

        await self._database.write(work)

    async def default_channel(self, server: int, channel: int, *, now: datetime) -> None:
        """Tell a server's alerts in the channel of the environment, unless the server has chosen its own."""
        values = {"channel": channel, "since": now, "broken": ""}

        def work(conn: sa.Connection) -> None:
            insert = upsert(conn, places).values(server=server, chosen=False, **values)
            changed = ~places.c.chosen & (places.c.channel != channel)
            conn.execute(insert.on_conflict_do_update(index_elements=["server"], set_=values, where=changed))

        await self._database.write(work)

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

        def work(conn: sa.Connection) -> None:
            insert = upsert(conn, notes).values(key=key, value=value, at=now)
            conn.execute(insert.on_conflict_do_update(index_elements=["key"], set_={"value": value, "at": now}))

        await self._database.write(work)

    async def noted(self, key: str) -> str | None:
        """Return a kept fact."""
        return await self._database.read(lambda conn: conn.scalar(sa.select(notes.c.value).where(notes.c.key == key)))
