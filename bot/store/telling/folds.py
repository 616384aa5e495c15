"""What is too much to stand alone: the caps of polls, hours and watches, and the one card into which the rest is folded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.model import CONFIG_SERVER, Kind, State, Watch
from bot.store import rows
from bot.store.database import upsert
from bot.store.schema import articles, caps, deliveries, folds, follows
from bot.store.telling.audience import Audience, Destination, News
from bot.store.telling.identity import new_delivery
from bot.store.watches.seen_matches import matches_seen

FOLDED = "folded"
"""The reason of an alert that a cap has put into a fold."""

FOLD_PAUSE = timedelta(seconds=10)
"""A fold waits this long before it is posted or edited, so that a burst makes one card and few edits."""


def fold_of(
    conn: sa.Connection, article: rows.Row, news: News, *, destination: Destination, audience: Audience, now: datetime
) -> int | None:
    """Return the fold an alert goes into, or None while the caps leave room for a card of its own, or it is held back anyway."""
    if destination.broken:
        return None
    heard = [watch for watch in news.of(destination.server) if destination.hears_of(watch)]
    return _capped(conn, article, destination, audience, now) or _full(conn, heard, destination, now)


def _capped(conn: sa.Connection, article: rows.Row, destination: Destination, audience: Audience, now: datetime) -> int | None:
    """Return the fold of an alert that is one too many for its channel, of its poll or of the hour."""
    address, batch = destination.address, article.batch
    per_poll, per_hour = _caps(conn, article.source_id, destination, audience)
    # A fold has no batch, so what counts is alerts alone.
    single = sa.select(sa.func.count()).where(
        deliveries.c.destination == address, deliveries.c.fold_id.is_(None), deliveries.c.batch != ""
    )
    if (conn.scalar(single.where(deliveries.c.batch == batch)) or 0) >= per_poll:
        return _fold(conn, address, f"poll {batch}")
    if (conn.scalar(single.where(deliveries.c.created_at > now - timedelta(hours=1))) or 0) >= per_hour:
        return _fold(conn, address, f"hour {now:%Y-%m-%dT%H}")
    return None


def _caps(conn: sa.Connection, source_id: int, destination: Destination, audience: Audience) -> tuple[int, int]:
    """Return how many alerts of one poll, and how many an hour, stand alone here: by the channel, the source, the settings."""
    here = conn.execute(sa.select(caps).where(caps.c.destination == destination.address)).first()
    own = sa.select(follows.c.per_poll).where(
        follows.c.source_id == source_id,
        follows.c.server.in_({CONFIG_SERVER, destination.server}),
        follows.c.per_poll.is_not(None),
        follows.c.retired_at.is_(None),
    )
    of_source = conn.scalar(own.order_by(follows.c.server.desc()).limit(1))
    of_channel = (here.per_poll, here.per_hour) if here is not None else (None, None)
    per_poll: int = next((cap for cap in (of_channel[0], of_source) if cap is not None), audience.per_poll)
    return per_poll, audience.per_hour if of_channel[1] is None else of_channel[1]


def _full(conn: sa.Connection, telling: Sequence[Watch], destination: Destination, now: datetime) -> int | None:
    """Return the fold of an alert whose watches all have had as many within the hour as they may alone; None while one may."""
    if not telling or any(watch.per_hour is None for watch in telling):
        return None
    seen = matches_seen(destination.viewer)
    alone = sa.select(sa.func.count()).where(
        deliveries.c.destination == destination.address,
        deliveries.c.fold_id.is_(None),
        deliveries.c.kind == Kind.ALERT,
        deliveries.c.created_at > now - timedelta(hours=1),
    )
    for watch in telling:
        of_watch = sa.exists().where(
            articles.c.story_id == deliveries.c.subject,
            seen.c.article_id == articles.c.id,
            seen.c.revision == articles.c.revision,
            seen.c.watch_id == watch.id,
            seen.c.level >= int(watch.level),
        )
        if (conn.scalar(alone.where(of_watch)) or 0) < (watch.per_hour or 0):
            return None
    return _fold(conn, destination.address, f"watch {telling[0].id} hour {now:%Y-%m-%dT%H}")


def fold_together(conn: sa.Connection, alerts: Sequence[str], destination: Destination, now: datetime) -> None:
    """Put alerts that have waited for long into one card."""
    fold = _fold(conn, destination.address, f"held until {now:%Y-%m-%dT%H:%M:%S}")
    inside = sa.update(deliveries).where(deliveries.c.id.in_(alerts))
    conn.execute(inside.values(state=State.HELD, fold_id=fold, reason=FOLDED))
    refold(conn, fold, destination, now)


def _fold(conn: sa.Connection, destination: str, bucket: str) -> int:
    """Return the fold of a bucket; where its card has ended, as when somebody dropped it, that of another one beside it."""
    insert = upsert(conn, folds).values(destination=destination, bucket=bucket)
    conn.execute(insert.on_conflict_do_nothing(index_elements=["destination", "bucket"]))
    where = (folds.c.destination == destination) & (folds.c.bucket == bucket)
    fold = int(conn.execute(sa.select(folds.c.id).where(where)).scalar_one())
    card = sa.exists().where(deliveries.c.kind == Kind.FOLD, deliveries.c.subject == fold, deliveries.c.state == State.GONE)
    return _fold(conn, destination, f"{bucket} again") if conn.scalar(sa.select(card)) else fold


def refold(conn: sa.Connection, fold: int, destination: Destination, now: datetime) -> None:
    """Make the card of a fold, or let it be brought up to date."""
    insert = new_delivery(conn, Kind.FOLD, fold, destination, now).values(
        state=State.PENDING, told="", batch="", due_at=now + FOLD_PAUSE
    )
    due = sa.case((deliveries.c.due_at > now, deliveries.c.due_at), else_=insert.excluded.due_at)
    grown = {"wanted": deliveries.c.wanted + 1, "due_at": due}
    conn.execute(insert.on_conflict_do_update(index_elements=["id"], set_=grown))
