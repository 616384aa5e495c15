"""What follows when a channel cannot be reached, and when it can again: alerts wait, those who run it are told once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from bot.model import CONFIG_SERVER, Broken, Delivery, Kind, State, channel_of, to_managers
from bot.store.schema import deliveries, notices, places
from bot.store.telling.alerts import reopen
from bot.store.telling.audience import Audience, Destination
from bot.store.telling.notices import Trouble, give_notice, mend

_NEEDED = ("View Channel", "Send Messages", "Embed Links")
"""What a channel must allow, where nobody knows which of it is missing."""

_CLOSED = sa.select(notices.c.about).where(
    notices.c.about.in_(sa.bindparam("destinations", expanding=True)), notices.c.mended_at.is_(None)
)


def close(conn: sa.Connection, delivery: Delivery, broken: Broken, *, now: datetime) -> None:
    """Hold everything else for what cannot be reached, so that it is not asked again and again, and tell its managers once."""
    here = deliveries.c.destination == delivery.destination
    waiting = sa.update(deliveries).where(here, deliveries.c.state == State.PENDING)
    conn.execute(waiting.values(state=State.HELD, reason=broken.reason))
    channel = channel_of(delivery.destination)
    if channel is None:
        return  # managers who cannot be told cannot be told that either
    seats = sa.update(places).where(places.c.channel == channel).values(broken=broken.reason)
    seated = conn.execute(seats).rowcount > 0
    alone = (deliveries.c.kind == Kind.ALERT) & deliveries.c.fold_id.is_(None)
    held = conn.scalar(sa.select(sa.func.count()).where(here, deliveries.c.state == State.HELD, alone)) or 0
    server = delivery.server or broken.server
    trouble = Trouble(
        about=delivery.destination,
        title=f"Alerts can no longer be posted in {broken.name or f'the channel {channel}'}",
        text="\n".join(
            [
                f"Discord says: {broken.reason}",
                _waiting(held),
                _mend(broken, seated=seated, own=delivery.server != CONFIG_SERVER),
            ]
        ),
        destination=to_managers(server) if server else "",
        server=server,
    )
    give_notice(conn, trouble, now=now)


def closed_among(conn: sa.Connection, destinations: Collection[str]) -> set[str]:
    """Return those of some destinations whose managers were told that they cannot be reached."""
    return set(conn.scalars(_CLOSED, {"destinations": list(destinations)})) if destinations else set()


def open_again(conn: sa.Connection, delivery: Delivery, *, audience: Audience, now: datetime) -> None:
    """Tell what a channel kept waiting, since something could be posted there."""
    channel = channel_of(delivery.destination)
    if channel is None or not mend(conn, delivery.destination, now=now):
        return
    conn.execute(sa.update(places).where(places.c.channel == channel).values(broken=""))
    seat = conn.scalar(sa.select(deliveries.c.seat).where(deliveries.c.id == delivery.id))
    here = Destination(address=delivery.destination, server=delivery.server, seat=bool(seat))
    reopen(conn, here, audience=audience, now=now)


def _waiting(held: int) -> str:
    if not held:
        return "No alert waits yet; those to come will."
    return f"{held:,} {'alert waits' if held == 1 else 'alerts wait'}, and those to come will: none is lost."


def _mend(broken: Broken, *, seated: bool, own: bool) -> str:
    """Say what to do: the channel that a server has set up is set up again, that of a watch is tried again."""
    allow = f"Allow {', '.join(broken.allow or _NEEDED)} there"
    if seated:
        return "Choose another channel with /setup channel." if broken.lost else f"{allow}, then use /setup channel."
    if broken.lost:
        return "Give the watch that is told there another channel."
    at_once = "“Tell them now” in /status tells them" if own else "the bot's operator tells them with: deliveries --resend all"
    return f"{allow}; {at_once}, or the next alert there does."
