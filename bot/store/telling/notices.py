"""Notices to those who run things: kept with their text, told through the outbox, once for each trouble."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.model import CONFIG_SERVER, Kind, Notice, State
from bot.store import rows
from bot.store.chunks import chunks
from bot.store.database import upsert
from bot.store.schema import notices
from bot.store.telling.audience import Destination
from bot.store.telling.identity import new_delivery

AGAIN = timedelta(days=1)
"""A trouble that is met again is told once more after so long, unless it was mended meanwhile."""

_TOGETHER = "together "
"""What a notice is about that tells several troubles begins so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something that those who run things should mend; `about` names what is broken, whatever else changes."""

    about: str
    title: str
    text: str
    destination: str
    """Who is told; empty where nobody is known, so that the trouble is only kept."""
    server: int = CONFIG_SERVER


def give_notice(conn: sa.Connection, trouble: Trouble, *, now: datetime) -> None:
    """Tell a trouble, unless it is known: told within a day, and not mended since."""
    known = sa.select(notices).where(notices.c.about == trouble.about).order_by(notices.c.id.desc()).limit(1)
    last = conn.execute(known).first()
    if last is not None and last.mended_at is None and last.created_at > now - AGAIN:
        return
    insert = upsert(conn, notices).values(
        server=trouble.server,
        destination=trouble.destination,
        about=trouble.about,
        title=trouble.title,
        text=trouble.text,
        # Two that meet the same trouble at once name it alike.
        bucket=f"{trouble.about} after {last.id if last is not None else 0}",
        created_at=now,
    )
    number = conn.scalar(insert.on_conflict_do_nothing(index_elements=["bucket"]).returning(notices.c.id))
    if number is not None and trouble.destination:
        addressee = Destination(address=trouble.destination, server=trouble.server)
        delivery = new_delivery(conn, Kind.NOTICE, number, addressee, now)
        conn.execute(delivery.values(state=State.PENDING, told="", batch="", due_at=now))


def give_joint_notice(conn: sa.Connection, trouble: Trouble, parts: Mapping[str, str], *, now: datetime) -> None:
    """Note several troubles, each by what it is about and in its own words, and tell them in one notice.

    Whoever gives it knows that they are news; two that find the same on the same day name it alike.
    """
    who = {"server": trouble.server, "destination": trouble.destination, "title": "", "created_at": now}
    new = 0
    for some in chunks(list(parts.items())):
        each = [
            {**who, "about": about, "text": text, "bucket": f"{about} to {trouble.destination} on {now:%Y-%m-%d}"}
            for about, text in some
        ]
        insert = upsert(conn, notices).values(each).on_conflict_do_nothing(index_elements=["bucket"])
        new += len(conn.scalars(insert.returning(notices.c.id)).all())
    if new and trouble.destination:
        telling = f"{_TOGETHER}{now.timestamp():.0f} {trouble.destination}"
        give_notice(conn, replace(trouble, about=telling), now=now)


def mend(conn: sa.Connection, about: str, *, now: datetime, destination: str | None = None) -> bool:
    """Note that a trouble is over, for all who were told or for one; False if there was none.

    A notice that is not told yet is not told any more.
    """
    open_ones = (notices.c.about == about) & notices.c.mended_at.is_(None)
    if destination is not None:
        open_ones &= notices.c.destination == destination
    return conn.execute(sa.update(notices).where(open_ones).values(mended_at=now)).rowcount > 0


def notice_card(conn: sa.Connection, delivery: rows.Row) -> Notice | None:
    """Return what a notice says; None once its trouble is over, or all that were told with it."""
    row = conn.execute(sa.select(notices).where(notices.c.id == delivery.subject, notices.c.mended_at.is_(None))).first()
    if row is None:
        return None
    if row.about.startswith(_TOGETHER):
        together = (notices.c.destination == row.destination) & (notices.c.created_at == row.created_at)
        left = notices.c.mended_at.is_(None) & (notices.c.id != row.id)
        if not conn.scalar(sa.select(sa.func.count()).select_from(notices).where(together, left)):
            return None
    return Notice(delivery_id=delivery.id, title=row.title, text=row.text)


def tells(telling: sa.FromClause) -> sa.ColumnElement[bool]:
    """Return the condition under which one notice is that which tells others: given at the same moment to the same people."""
    same = (telling.c.destination == notices.c.destination) & (telling.c.created_at == notices.c.created_at)
    return same & telling.c.about.startswith(_TOGETHER)
