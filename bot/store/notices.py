"""Notices to those who run things: kept with their text, told through the outbox, once for each trouble."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.model import CONFIG_SERVER, Kind, Notice, State
from bot.store import rows
from bot.store.alerts import Destination, new_delivery
from bot.store.database import chunks, upsert
from bot.store.schema import notices

AGAIN = timedelta(days=1)
"""A trouble that is met again is told once more after so long, unless it was mended meanwhile."""


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
    if number is not None:
        _tell(conn, number, trouble, now)


def give_joint_notice(conn: sa.Connection, trouble: Trouble, abouts: Sequence[str], *, now: datetime) -> None:
    """Note several troubles, each by its own name, and tell them in one notice; whoever gives it knows that they are news."""
    what = {"server": trouble.server, "destination": trouble.destination, "title": trouble.title, "text": trouble.text}
    first: int | None = None
    for some in chunks(abouts):
        # Two that meet the same trouble on the same day name it alike.
        each = [
            {**what, "about": one, "created_at": now, "bucket": f"{one} to {trouble.destination} on {now:%Y-%m-%d}"}
            for one in some
        ]
        insert = upsert(conn, notices).values(each).on_conflict_do_nothing(index_elements=["bucket"])
        numbers = sorted(conn.scalars(insert.returning(notices.c.id)))
        first = first if first is not None else next(iter(numbers), None)
    if first is not None:
        _tell(conn, first, trouble, now)


def _tell(conn: sa.Connection, number: int, trouble: Trouble, now: datetime) -> None:
    if trouble.destination:
        addressee = Destination(address=trouble.destination, server=trouble.server)
        delivery = new_delivery(conn, Kind.NOTICE, number, addressee, now)
        conn.execute(delivery.values(state=State.PENDING, told="", batch="", due_at=now))


def mend(conn: sa.Connection, about: str, *, now: datetime, destination: str | None = None) -> bool:
    """Note that a trouble is over, for all who were told or for one; False if there was none.

    A notice that is not told yet is not told any more.
    """
    open_ones = (notices.c.about == about) & notices.c.mended_at.is_(None)
    if destination is not None:
        open_ones &= notices.c.destination == destination
    return conn.execute(sa.update(notices).where(open_ones).values(mended_at=now)).rowcount > 0


def notice_card(conn: sa.Connection, delivery: rows.Row) -> Notice | None:
    """Return what a notice says; None once its trouble is over, and all that were told with it."""
    row = conn.execute(sa.select(notices).where(notices.c.id == delivery.subject)).first()
    if row is None:
        return None
    together = (notices.c.destination == row.destination) & (notices.c.created_at == row.created_at)
    left = sa.select(notices.c.id).where(together, notices.c.text == row.text, notices.c.mended_at.is_(None)).limit(1)
    if conn.scalar(left) is None:
        return None
    return Notice(delivery_id=delivery.id, title=row.title, text=row.text)
