"""Decides what a reading makes to tell: once per story and destination, alone or in a fold."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa

from bot.model import CONFIG_SERVER, Kind, Reading, State
from bot.store import rows
from bot.store.schema import deliveries
from bot.store.sight import sight_of
from bot.store.telling.audience import Audience, Destination, News, destinations
from bot.store.telling.folds import FOLDED, fold_of, fold_together, refold
from bot.store.telling.heard import NOTHING, Ear, articles_of, ear_of, matches_of, told
from bot.store.telling.identity import new_delivery
from bot.store.watches.watches import active_watches

LAPSED = "nothing is left to say"
"""The reason of what waited for a broken channel, and is told there no more."""

DROPPED = "dropped by"
"""How the reason begins of what a person has dropped: nothing tells it any more."""

Placed = tuple[rows.Row, Reading, int]
"""An article with what was read in it, and the story it belongs to."""


def tell(conn: sa.Connection, placed: Sequence[Placed], *, audience: Audience, now: datetime) -> None:
    """Make, change or withdraw the deliveries of stories after some of their articles were read.

    Rows are locked as outcomes lock them, alerts by story and then folds by number, so that neither waits for the other in a ring.
    """
    _lock_alerts(conn, {story for _, _, story in placed})
    grown: dict[int, Destination] = {}
    for article, reading, story in placed:
        _tell(conn, article, reading, story=story, audience=audience, now=now, grown=grown)
    for fold, destination in sorted(grown.items(), key=lambda item: item[0]):
        refold(conn, fold, destination, now)


def _lock_alerts(conn: sa.Connection, stories: Collection[int]) -> None:
    alerts = sa.select(deliveries.c.id).where(deliveries.c.kind == Kind.ALERT, deliveries.c.subject.in_(stories))
    conn.execute(alerts.order_by(deliveries.c.subject, deliveries.c.id).with_for_update()).all()


def _tell(
    conn: sa.Connection,
    article: rows.Row,
    reading: Reading,
    *,
    story: int,
    audience: Audience,
    now: datetime,
    grown: dict[int, Destination],
) -> None:
    active = active_watches(conn, among=[match.watch_id for match in reading.matches])
    news = News(reading, {watch.id: watch for watch in active}, article)
    whole = articles_of(conn, story)
    matched = matches_of(conn, whole)
    sight = sight_of(conn, {one.source_id for one in whole})

    def told_at(ear: Ear) -> str:
        seen = {one.id for one in whole if sight.sees(ear.viewer.server, one)}
        return told(ear.hears(match for match in matched if match.article_id in seen))

    found = destinations(conn, article, news, audience, sight) if article.tell else {}
    homeless: set[int] = set()
    alerts = _alerts_of(conn, story)
    for row in alerts:
        ear = _hearing(row, found.get(row.destination))
        here = told_at(ear)
        _refresh(conn, row, here, ear, now)
        if here == NOTHING and _is_open(row):
            homeless.add(row.server)
    there = {row.destination for row in alerts}
    for destination in found.values():
        if destination.address in there or (article.rules_number is not None and not _takes_in(destination, homeless)):
            continue
        fold = fold_of(conn, article, news, destination=destination, audience=audience, now=now)
        _announce(conn, article, story, destination=destination, told_there=told_at(destination), fold=fold, now=now)
        if fold is not None:
            grown[fold] = destination


def _hearing(row: rows.Row, found: Destination | None) -> Ear:
    """Return where an alert is told: for the bot's own watches, or for a server once one of its watches is told there, too."""
    return found if found is not None and found.server != CONFIG_SERVER == row.server else ear_of(row)


def _is_open(row: rows.Row) -> bool:
    """Tell whether an alert has not been told, and may still be."""
    is_open = row.state in {State.PENDING, State.HELD, State.GONE} and row.message_id is None
    return is_open and not row.reason.startswith(DROPPED)


def _takes_in(destination: Destination, homeless: Collection[int]) -> bool:
    """Tell whether an article that is read again may be told somewhere new: not as news, but in the place of what waited elsewhere.

    What waited for a channel of the config may go to any server, and the other way round.
    """
    return bool(homeless) and (
        destination.server == CONFIG_SERVER or CONFIG_SERVER in homeless or destination.server in homeless
    )


def _alerts_of(conn: sa.Connection, story: int) -> Sequence[rows.Row]:
    alerts = sa.select(deliveries).where(deliveries.c.kind == Kind.ALERT, deliveries.c.subject == story)
    return conn.execute(alerts.order_by(deliveries.c.id)).all()


def _refresh(conn: sa.Connection, row: rows.Row, told_there: str, ear: Ear, now: datetime) -> None:
    """Ask for an edit if the card of a story would now name other watches; what had nothing left to say may have again."""
    if told_there == row.told:
        return
    values: dict[str, object] = {"server": ear.server, "seat": ear.seat}
    if row.state == State.SENT:
        values |= {"due_at": now}
    elif row.state == State.GONE and _is_open(row) and told_there != NOTHING:
        values |= {"due_at": now, "state": State.PENDING, "reason": ""}
    elif row.state == State.HELD and row.fold_id is None and told_there == NOTHING:
        values |= {"state": State.GONE, "reason": LAPSED}
    change = sa.update(deliveries).where(deliveries.c.id == row.id)
    conn.execute(change.values(told=told_there, wanted=deliveries.c.wanted + 1, **values))


def _announce(
    conn: sa.Connection,
    article: rows.Row,
    story: int,
    *,
    destination: Destination,
    told_there: str,
    fold: int | None,
    now: datetime,
) -> None:
    """Make the delivery of a story to a destination that has not heard of it, alone or inside a fold."""
    conn.execute(
        new_delivery(conn, Kind.ALERT, story, destination, now).values(
            state=State.HELD if destination.broken or fold else State.PENDING,
            reason=destination.broken or (FOLDED if fold else ""),
            told=told_there,
            batch=article.batch,
            fold_id=fold,
            due_at=now,
        )
    )


def reopen(conn: sa.Connection, seat: Destination, *, audience: Audience, now: datetime) -> None:
    """Tell what was held for a channel that can be reached again: the newest alone, as far as a cap allows, the rest in a fold."""
    here = sa.update(deliveries).where(deliveries.c.destination == seat.address, deliveries.c.state == State.HELD)
    held = sa.select(deliveries.c.id).where(
        deliveries.c.destination == seat.address,
        deliveries.c.state == State.HELD,
        deliveries.c.fold_id.is_(None),
        deliveries.c.kind == Kind.ALERT,
        deliveries.c.attempted_at.is_(None),
    )
    newest = held.order_by(deliveries.c.created_at.desc(), deliveries.c.subject.desc())
    if older := conn.scalars(newest.offset(audience.per_poll).limit(-1 if conn.dialect.name == "sqlite" else None)).all():
        fold_together(conn, older, seat, now)
    conn.execute(here.where(deliveries.c.fold_id.is_(None)).values(state=State.PENDING, reason="", due_at=now))


def move(conn: sa.Connection, before: str, seat: Destination) -> None:
    """Let what is held for a server's former channel go to its new one, unless that has been told of it."""
    there = deliveries.alias()
    known = (there.c.kind == deliveries.c.kind) & (there.c.subject == deliveries.c.subject)
    conn.execute(
        sa.update(deliveries)
        .where(deliveries.c.destination == before, deliveries.c.state == State.HELD, deliveries.c.seat)
        .where(deliveries.c.attempted_at.is_(None), ~sa.exists().where(known, there.c.destination == seat.address))
        .values(destination=seat.address)
    )
