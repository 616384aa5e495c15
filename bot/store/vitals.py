"""How the program runs: what it says of itself, and what waits for it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from bot.model import TERMINAL, Beat, Gateway, Queue, State, Vitals
from bot.store import rows
from bot.store.database import Database
from bot.store.notes import keep
from bot.store.schema import articles, deliveries, notes, revisions
from bot.store.telling.deliveries import FARTHEST

HEARTBEAT = "heartbeat"
"""The note of the last beat: since when the program runs."""
GATEWAY = "gateway"
"""The note of how it stands with the gateway, and since when."""
READING = "reading"
"""The note of when articles were read last."""


class VitalSigns:
    """Keeps the beats of the program, and reads how it stands."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def beat(self, beat: Beat, *, now: datetime) -> None:
        """Keep that the program runs, and how it stands with the gateway."""

        def work(conn: sa.Connection) -> None:
            keep(conn, HEARTBEAT, beat.started.isoformat(), now)
            keep(conn, GATEWAY, beat.gateway, beat.gateway_since)

        await self._database.write(work)

    async def read(self, now: datetime) -> Vitals:
        """Return how the program stands, whoever asks."""
        return await self._database.read(lambda conn: _vitals(conn, now))


def _vitals(conn: sa.Connection, now: datetime) -> Vitals:
    noted = {row.key: row for row in conn.execute(sa.select(notes))}
    heartbeat, reading = noted.get(HEARTBEAT), noted.get(READING)
    beat = _beat(heartbeat, noted.get(GATEWAY)) if heartbeat else None
    counts = _counts(conn)
    return Vitals(
        beat=beat,
        beat_at=heartbeat.at if heartbeat else None,
        unread=_unread(conn),
        read_at=reading.at if reading else None,
        untold=_untold(conn, discord=beat is not None and beat.gateway is not Gateway.NONE, now=now),
        held=counts.get(State.HELD, 0),
        in_doubt=counts.get(State.IN_DOUBT, 0),
        dead=counts.get(State.DEAD, 0),
    )


def _beat(heartbeat: rows.Row, gateway: rows.Row | None) -> Beat:
    started = datetime.fromisoformat(heartbeat.value)
    if gateway is None:
        return Beat(started=started, gateway=Gateway.NONE, gateway_since=started)
    return Beat(started=started, gateway=Gateway(gateway.value), gateway_since=gateway.at)


def _unread(conn: sa.Connection) -> Queue:
    """Return what nobody has read, be it that its page is read first; a revised article waits since its revision."""
    revised = (revisions.c.article_id == articles.c.id) & (revisions.c.number == articles.c.revision - 1)
    since = sa.func.coalesce(revisions.c.replaced_at, articles.c.collected_at, type_=articles.c.collected_at.type)
    waiting = sa.select(since.label("since")).select_from(articles.outerjoin(revisions, revised))
    # Written out and apart, since SQLite takes a partial index only where it can see the value, and only one for a query.
    states = [waiting.where(articles.c.state == sa.literal_column(f"'{state}'")) for state in ("new", "teaser")]
    unread = sa.union_all(*states).subquery()
    return _queue(conn, sa.select(sa.func.count(), sa.func.min(unread.c.since)))


def _untold(conn: sa.Connection, *, discord: bool, now: datetime) -> Queue:
    """Return what is to be told; each attempt puts its delivery off, so one that is tried again waits since it was made."""
    terminal = deliveries.c.destination == TERMINAL
    to_post = deliveries.c.state.in_([State.PENDING, State.SENDING]) & deliveries.c.message_id.is_(None)
    to_edit = (
        (deliveries.c.wanted != deliveries.c.shown)
        & deliveries.c.message_id.is_not(None)
        & deliveries.c.state.in_([State.SENT, State.SENDING])
    )
    tried = deliveries.c.attempts > 0
    has_come = (deliveries.c.due_at <= now) | (deliveries.c.due_at > now + FARTHEST) | tried
    since = sa.case((deliveries.c.message_id.is_(None) & tried, deliveries.c.created_at), else_=deliveries.c.due_at)
    query = sa.select(sa.func.count(), sa.func.min(since, type_=deliveries.c.due_at.type))
    return _queue(conn, query.where(~terminal if discord else terminal, to_post | to_edit, has_come))


def _queue(conn: sa.Connection, query: sa.Executable) -> Queue:
    count, since = conn.execute(query).one()
    return Queue(count=count, since=since)


def _counts(conn: sa.Connection) -> dict[str, int]:
    """Count what is not told and waits for nobody but a person; what is inside a fold is told by its card."""
    stuck = deliveries.c.state.in_([State.HELD, State.IN_DOUBT, State.DEAD]) & deliveries.c.fold_id.is_(None)
    query = sa.select(deliveries.c.state, sa.func.count()).where(stuck).group_by(deliveries.c.state)
    return {row[0]: row[1] for row in conn.execute(query)}
