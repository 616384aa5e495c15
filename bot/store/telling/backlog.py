"""What could not be told, and the two ways out of it that a person has: tell it again, or drop it. Always for one viewer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

import sqlalchemy as sa

from bot.model import Kind, State, Stuck, Viewer, channel_of
from bot.store.database import Database
from bot.store.schema import articles, deliveries, notices, places
from bot.store.sight import sees
from bot.store.telling.alerts import DROPPED
from bot.store.telling.audience import Audience, Destination
from bot.store.telling.folds import fold_together


class Backlog:
    """Keeps what is stuck (the protocol `ports.BacklogStore`)."""

    def __init__(self, database: Database, audience: Audience) -> None:
        self._database = database
        self._audience = audience

    async def stuck(self, viewer: Viewer) -> Sequence[Stuck]:
        """Return what is held, in doubt or dead, the oldest first."""
        headline = sa.select(articles.c.title).where(articles.c.story_id == deliveries.c.subject, sees(viewer))
        notice = sa.select(notices.c.title).where(notices.c.id == deliveries.c.subject)
        title = sa.case(
            (deliveries.c.kind == Kind.ALERT, headline.order_by(articles.c.id).limit(1).scalar_subquery()),
            (deliveries.c.kind == Kind.NOTICE, notice.scalar_subquery()),
            else_="a card of folded alerts",
        )
        query = sa.select(deliveries, title.label("title")).where(_is_stuck(viewer))
        oldest_first = query.order_by(deliveries.c.created_at, deliveries.c.subject, deliveries.c.id)

        def work(conn: sa.Connection) -> Sequence[Stuck]:
            return [
                Stuck(
                    id=row.id,
                    state=State(row.state),
                    destination=row.destination,
                    since=row.created_at,
                    title=row.title or "",
                    reason=row.reason,
                )
                for row in conn.execute(oldest_first)
            ]

        return await self._database.read(work)

    async def resend(self, viewer: Viewer, ids: Sequence[str] | None, *, now: datetime) -> int:
        """Let these be told again as if for the first time, or all; as many alone as a cap allows. Return how many."""

        def work(conn: sa.Connection) -> int:
            again = sa.update(deliveries).where(_is_stuck(viewer), _is_named(ids))
            fresh = {"state": State.PENDING, "reason": "", "attempted_at": None, "attempts": 0, "due_at": now}
            chosen = conn.execute(again.values(lease_until=None, **fresh).returning(*deliveries.c)).all()
            in_places = sorted(chosen, key=lambda row: row.destination)
            for address, here in groupby(in_places, key=lambda row: str(row.destination)):
                alerts = sorted(
                    (row for row in here if row.kind == Kind.ALERT), key=lambda row: (row.created_at, row.subject), reverse=True
                )
                if older := alerts[self._audience.per_poll :]:
                    place = Destination(address=address, server=older[0].server, seat=older[0].seat)
                    fold_together(conn, [row.id for row in older], place, now)
                # Somebody says that it may be tried again; if it is still broken, that will show.
                conn.execute(sa.update(places).where(places.c.channel == channel_of(address)).values(broken=""))
            return len(chosen)

        return await self._database.write(work)

    async def drop(self, viewer: Viewer, ids: Sequence[str] | None) -> int:
        """End these untold, or all; return how many."""
        reason = f"{DROPPED} {'its operator' if viewer.server is None else 'who manages the server'}"
        end = sa.update(deliveries).where(_is_stuck(viewer), _is_named(ids)).values(state=State.GONE, reason=reason)
        return await self._database.write(lambda conn: conn.execute(end).rowcount)


def _is_stuck(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Return the condition under which only a person helps; what a cap has folded is told by its card."""
    held = (deliveries.c.state == State.HELD) & deliveries.c.fold_id.is_(None)
    stuck = held | deliveries.c.state.in_([State.IN_DOUBT, State.DEAD])
    return stuck if viewer.server is None else stuck & (deliveries.c.server == viewer.server)


def _is_named(ids: Sequence[str] | None) -> sa.ColumnElement[bool]:
    return sa.true() if ids is None else deliveries.c.id.in_(ids)
