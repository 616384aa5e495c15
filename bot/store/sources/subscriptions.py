"""Which hubs are asked to push, and how that stands: what feeds name as their hub becomes a subscription."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.model import Source, Subscription
from bot.store import rows
from bot.store.database import Database, upsert
from bot.store.schema import marks, subscriptions
from bot.store.sources.sources import is_polled, polled_sources, read_source

RENEW = timedelta(hours=12)
"""A lease is renewed so long before it ends."""
AGAIN = timedelta(hours=6)
"""A hub that said no, or nothing, is asked again after so long."""


class Subscriptions:
    """Keeps subscriptions (the protocol `ports.SubscriptionStore`)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def due(self, now: datetime, *, limit: int) -> Sequence[Subscription]:
        """Return what a hub is to be asked for."""
        unasked = subscriptions.c.asked_at.is_(None)
        waited = subscriptions.c.asked_at < now - AGAIN
        lapsing = subscriptions.c.lease_until.is_(None) | (subscriptions.c.lease_until < now + RENEW)
        query = sa.select(subscriptions).where(is_polled(subscriptions.c.source_id), unasked | (waited & lapsing)).limit(limit)

        def work(conn: sa.Connection) -> Sequence[Subscription]:
            for row in conn.execute(_offers()).all():
                _take_up(conn, row)
            return [_read(row) for row in conn.execute(query)]

        if not await self._database.read(lambda conn: conn.execute(_offers().limit(1)).first() or conn.execute(query).first()):
            return []
        return await self._database.write(work)

    async def asked(self, source_id: int, now: datetime, *, reason: str = "") -> None:
        """Write that a hub was asked."""
        await self._change(source_id, asked_at=now, reason=reason)

    async def find(self, token: str) -> Subscription | None:
        """Return the subscription that is called back under this token."""
        query = sa.select(subscriptions).where(subscriptions.c.token == token)

        def work(conn: sa.Connection) -> Subscription | None:
            row = conn.execute(query).first()
            return _read(row) if row is not None else None

        return await self._database.read(work)

    async def verified(self, source_id: int, *, until: datetime) -> None:
        """Write that a hub pushes until then."""
        await self._change(source_id, lease_until=until, reason="")

    async def denied(self, source_id: int, reason: str) -> None:
        """Write that a hub does not push."""
        await self._change(source_id, lease_until=None, reason=reason)

    async def source(self, source_id: int) -> Source | None:
        """Return a source that is still followed."""

        def work(conn: sa.Connection) -> Source | None:
            row = conn.execute(polled_sources([source_id])).first()
            return read_source(row) if row is not None else None

        return await self._database.read(work)

    async def _change(self, source_id: int, **values: object) -> None:
        statement = sa.update(subscriptions).where(subscriptions.c.source_id == source_id).values(**values)
        await self._database.write(lambda conn: conn.execute(statement))


def _offers() -> sa.Select[tuple[object, ...]]:
    """Select followed sources whose feed names a hub that is not the one subscribed to."""
    hub, topic = marks.alias(), marks.alias()
    return (
        sa.select(hub.c.source_id, hub.c.value.label("hub"), topic.c.value.label("topic"))
        .join(topic, (topic.c.source_id == hub.c.source_id) & (topic.c.key == "topic"))
        .join(subscriptions, subscriptions.c.source_id == hub.c.source_id, isouter=True)
        .where(hub.c.key == "hub", hub.c.value != "", topic.c.value != "", is_polled(hub.c.source_id))
        .where(
            subscriptions.c.source_id.is_(None)
            | (subscriptions.c.hub != hub.c.value)
            | (subscriptions.c.topic != topic.c.value)
        )
    )


def _take_up(conn: sa.Connection, offer: rows.Row) -> None:
    """Make a subscription of what a feed names, with a token and a secret of its own."""
    fresh = {
        "hub": offer.hub,
        "topic": offer.topic,
        "token": secrets.token_hex(16),
        "secret": secrets.token_hex(32),
        "asked_at": None,
        "lease_until": None,
        "reason": "",
    }
    insert = upsert(conn, subscriptions).values(source_id=offer.source_id, **fresh)
    conn.execute(insert.on_conflict_do_update(index_elements=["source_id"], set_=fresh))


def _read(row: rows.Row) -> Subscription:
    return Subscription(
        source_id=row.source_id,
        hub=row.hub,
        topic=row.topic,
        token=row.token,
        secret=row.secret,
        lease_until=row.lease_until,
    )
