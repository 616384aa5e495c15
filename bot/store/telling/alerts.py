"""Decides what a reading makes to tell: to whom, once per story and destination, and what a cap folds into one card."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.model import CONFIG_SERVER, TERMINAL, Kind, Match, Reading, SourceKind, State, Watch, in_channel
from bot.store import rows
from bot.store.database import upsert
from bot.store.schema import articles, caps, deliveries, folds, follows, notes, places, sources
from bot.store.sight import Sight, sight_of
from bot.store.telling.heard import NOTHING, Ear, articles_of, ear_of, matches_of, told
from bot.store.watches.seen_matches import matches_seen
from bot.store.watches.watches import active_watches

FOLDED = "folded"
"""The reason of an alert that a cap has put into a fold."""

LAPSED = "nothing is left to say"
"""The reason of what waited for a broken channel, and is told there no more."""

DROPPED = "dropped by"
"""How the reason begins of what a person has dropped: nothing tells it any more."""

SALT = "salt"
"""The note that keeps what makes the identities of this archive's deliveries its own."""

FOLD_PAUSE = timedelta(seconds=10)
"""A fold waits this long before it is posted or edited, so that a burst makes one card and few edits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Who is told: the terminal of a bot without a token, or Discord; and how much before it is folded."""

    discord: bool
    per_poll: int = 10
    per_hour: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination(Ear):
    """Where something is told, and why it is held back there, if it is."""

    broken: str = ""


def delivery_id(salt: str, kind: Kind, subject: int, destination: str) -> str:
    """Return the identity of a delivery, 32 hexadecimal digits: the same thing to tell always has the same.

    The salt is the archive's own: another archive that tells the same channel counts its stories from one, too.
    """
    return hashlib.blake2b(f"{salt} {kind} {subject} {destination}".encode(), digest_size=16).hexdigest()


def nonce_of(delivery: str) -> str:
    """Return the 24 characters under which Discord recognises a repeat (its limit is 25)."""
    return hashlib.blake2b(delivery.encode(), digest_size=12).hexdigest()


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
    hits = _Hits(reading, {watch.id: watch for watch in active}, article)
    whole = articles_of(conn, story)
    matched = matches_of(conn, whole)
    sight = sight_of(conn, {one.source_id for one in whole})

    def told_at(ear: Ear) -> str:
        seen = {one.id for one in whole if sight.sees(ear.viewer.server, one)}
        return told(ear.hears(match for match in matched if match.article_id in seen))

    found = _destinations(conn, article, hits, audience, sight) if article.tell else {}
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
        fold = _fold_of(conn, article, hits, destination=destination, audience=audience, now=now)
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


def _is_news(match: Match, watch: Watch | None, article: rows.Row) -> bool:
    if watch is None or watch.paused or match.level < watch.level:
        return False
    return watch.since is None or article.collected_at >= watch.since


class _Hits:
    """The watches of which an article is news: for everybody, and for servers that have changed what an actor is called."""

    def __init__(self, reading: Reading, known: Mapping[int, Watch], article: rows.Row) -> None:
        news = [match for match in reading.matches if _is_news(match, known.get(match.watch_id), article)]
        self._shared = {match.watch_id for match in news if not match.server}
        self._added = {(match.watch_id, match.server) for match in news if match.server}
        judged = {(match.watch_id, match.server) for match in reading.matches if match.server}
        self._gone = (judged | set(reading.withheld)) - self._added
        self._known = known
        self.watches = [known[watch] for watch in sorted(self._shared | {watch for watch, _ in self._added})]

    def of(self, server: int) -> list[Watch]:
        """Return those of one server."""
        shared = {watch for watch in self._shared if (watch, server) not in self._gone}
        return [self._known[watch] for watch in sorted(shared | {watch for watch, own in self._added if own == server})]


def _destinations(
    conn: sa.Connection, article: rows.Row, hits: _Hits, audience: Audience, sight: Sight
) -> dict[str, Destination]:
    """Return by address who hears of these watches: a watch's own channels, else those its servers have set up."""
    if not hits.watches:
        return {}
    if not audience.discord:
        terminal = Destination(address=TERMINAL, seat=True)
        return {TERMINAL: terminal} if any(terminal.hears_of(watch) for watch in hits.of(CONFIG_SERVER)) else {}
    if conn.scalar(sa.select(sources.c.kind).where(sources.c.id == article.source_id)) == SourceKind.SAMPLE:
        return {}
    named = ((watch, server) for watch in hits.watches for server in [watch.server, *(route.server for route in watch.routes)])
    found: dict[str, Destination] = {}
    for watch, server in named:
        if watch in hits.of(server) and sight.is_told(server, article) and not watch.is_paused_in(server):
            for address in (in_channel(one) for one in watch.channels_in(server) if not watch.is_silent_in(one)):
                if address not in found or found[address].server == CONFIG_SERVER:  # a server hears the bot's watches, too
                    found[address] = Destination(address=address, server=server)
    for seat in conn.execute(sa.select(places).order_by(places.c.server)):
        address = in_channel(seat.channel)
        here = Destination(address=address, server=seat.server, seat=True, broken=seat.broken)
        if sight.is_told(seat.server, article) and any(here.hears_of(watch) for watch in hits.of(seat.server)):
            found[address] = here
        else:
            found.pop(address, None)
    return found


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


def fold_together(conn: sa.Connection, alerts: Sequence[str], destination: Destination, now: datetime) -> None:
    """Put alerts that have waited for long into one card."""
    fold = _fold(conn, destination.address, f"held until {now:%Y-%m-%dT%H:%M:%S}")
    inside = sa.update(deliveries).where(deliveries.c.id.in_(alerts))
    conn.execute(inside.values(state=State.HELD, fold_id=fold, reason=FOLDED))
    refold(conn, fold, destination, now)


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


def _fold_of(
    conn: sa.Connection, article: rows.Row, hits: _Hits, *, destination: Destination, audience: Audience, now: datetime
) -> int | None:
    """Return the fold an alert goes into, or None while the caps leave room for a card of its own, or it is held back anyway."""
    if destination.broken:
        return None
    heard = [watch for watch in hits.of(destination.server) if destination.hears_of(watch)]
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


def new_delivery(conn: sa.Connection, kind: Kind, subject: int, destination: Destination, now: datetime) -> Any:
    """Return the INSERT of a delivery, without its state; it knows ON CONFLICT."""
    salt = conn.scalar(sa.select(notes.c.value).where(notes.c.key == SALT)) or ""
    key = delivery_id(salt, kind, subject, destination.address)
    return upsert(conn, deliveries).values(
        id=key,
        kind=kind,
        subject=subject,
        destination=destination.address,
        server=destination.server,
        seat=destination.seat,
        nonce=nonce_of(key),
        created_at=now,
    )
