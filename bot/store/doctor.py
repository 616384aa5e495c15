"""Examines the archive: each law of it is a query for what breaks it, and a mend where one is safe."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.model import CONFIG_SERVER, Finding, Kind, SourceKind, State
from bot.store.articles.reindexing import folded_before, reindex
from bot.store.articles.text_index import Text, text_index
from bot.store.database import Database, alone
from bot.store.migrate import require_current
from bot.store.schema import (
    articles,
    deliveries,
    folds,
    matches,
    mentions,
    notices,
    places,
    revisions,
    server_matches,
    sources,
    stories,
    watches,
)
from bot.store.sight import is_told
from bot.store.telling.audience import Destination
from bot.store.telling.folds import refold

_LONGEST_LEASE = timedelta(hours=1)
_CHUNK = 500

_Mend = Callable[[sa.Connection, Sequence[sa.Row[tuple[object, ...]]], datetime], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Law:
    """A law, the rows that break it, and the mend; without one, what a person can do."""

    name: str
    broken: Callable[[sa.Connection, datetime], sa.Select[tuple[object, ...]]]
    mend: _Mend | None = None
    advice: str = ""


def examine(database: Database, *, now: datetime, mend: bool) -> list[Finding]:
    """Check every law, and mend what is safe to mend if asked to; each law in a transaction of its own.

    Raises:
        StoreError: the database cannot be used at all, or is not up to date.
    """
    require_current(database)
    return [database.write_now(_whole), *(_examined(database, law, now, mend=mend) for law in _LAWS)]


def _examined(database: Database, law: _Law, now: datetime, *, mend: bool) -> Finding:
    def work(conn: sa.Connection) -> Finding:
        alone(conn, "place")
        found = conn.execute(law.broken(conn, now)).all()
        if not found or not mend or law.mend is None:
            return Finding(law=law.name, broken=len(found), advice=law.advice)
        for start in range(0, len(found), _CHUNK):
            law.mend(conn, found[start : start + _CHUNK], now)
        left = len(conn.execute(law.broken(conn, now)).all())
        return Finding(law=law.name, broken=len(found), mended=len(found) - left, advice=law.advice)

    return database.write_now(work)


def _whole(conn: sa.Connection) -> Finding:
    """Let the database examine itself."""
    law = "The database is whole."
    if conn.dialect.name != "sqlite":
        return Finding(law=law)
    said = [row[0] for row in conn.exec_driver_sql("pragma integrity_check(20)") if row[0] != "ok"]
    strays = conn.exec_driver_sql("pragma foreign_key_check").all()
    return Finding(law=law, broken=len(said) + len(strays), advice="Restore a copy of the file, or run sqlite3 with .recover.")


def _read_again(conn: sa.Connection, found: Sequence[sa.Row[tuple[object, ...]]], _now: datetime) -> None:
    change = sa.update(articles).where(articles.c.id.in_([row.id for row in found]))
    conn.execute(change.values(state="new", lease_until=None, rules_number=None))


def _give_up(conn: sa.Connection, found: Sequence[sa.Row[tuple[object, ...]]], _now: datetime) -> None:
    change = sa.update(deliveries).where(deliveries.c.id.in_([row.id for row in found]))
    conn.execute(change.values(state=State.GONE, reason="what it told is no longer in the archive", lease_until=None))


def _without_reading(_conn: sa.Connection, _now: datetime) -> sa.Select[tuple[object, ...]]:
    unread = articles.c.story_id.is_(None) | articles.c.rules_number.is_(None)
    return sa.select(articles.c.id).where(articles.c.state == "done", unread)


def _without_mentions(_conn: sa.Connection, _now: datetime) -> sa.Select[tuple[object, ...]]:
    there = (
        sa.select(sa.func.count())
        .where(mentions.c.article_id == articles.c.id, mentions.c.revision == articles.c.revision)
        .scalar_subquery()
    )
    return sa.select(articles.c.id).where(articles.c.state == "done", articles.c.mentions_found != there)


def _untold(_conn: sa.Connection, _now: datetime) -> sa.Select[tuple[object, ...]]:
    """Select read articles whose story was told nowhere, although somebody was there to tell when they came."""
    told = sa.exists().where(deliveries.c.kind == Kind.ALERT, deliveries.c.subject == articles.c.story_id)
    withheld = sa.exists().where(
        server_matches.c.article_id == articles.c.id,
        server_matches.c.revision == articles.c.revision,
        server_matches.c.watch_id == watches.c.id,
        server_matches.c.server == places.c.server,
        server_matches.c.level < watches.c.level,
    )
    heard = watches.c.server.in_([CONFIG_SERVER, places.c.server]) & ~withheld.correlate_except(server_matches)
    since = places.c.since <= articles.c.collected_at
    seat = sa.exists().where(since, heard, is_told(places.c.server)).correlate_except(places)
    news = sa.exists().where(
        matches.c.article_id == articles.c.id,
        matches.c.revision == articles.c.revision,
        matches.c.watch_id == watches.c.id,
        matches.c.watch_revision == watches.c.revision,
        matches.c.level >= watches.c.level,
        watches.c.retired_at.is_(None),
        ~watches.c.paused,
        (watches.c.channels != "[]") & is_told(watches.c.server) | seat,
    )
    sample = sa.exists().where(sources.c.id == articles.c.source_id, sources.c.kind == SourceKind.SAMPLE)
    return sa.select(articles.c.id).where(articles.c.state == "done", articles.c.tell, ~sample, ~told, news)


def _leased_for_ever(_conn: sa.Connection, now: datetime) -> sa.Select[tuple[object, ...]]:
    return sa.select(articles.c.id).where(articles.c.state != "done", articles.c.lease_until > now + _LONGEST_LEASE)


def _of_no_revision(_conn: sa.Connection, _now: datetime) -> sa.Select[tuple[object, ...]]:
    parts = [
        sa.select(table.c.article_id, table.c.revision)
        .join(articles, articles.c.id == table.c.article_id, isouter=True)
        .where(articles.c.id.is_(None) | (table.c.revision > articles.c.revision))
        for table in (mentions, matches, server_matches)
    ]
    return sa.select(sa.union(*parts).subquery())


def _drop_findings(conn: sa.Connection, found: Sequence[sa.Row[tuple[object, ...]]], _now: datetime) -> None:
    for row in found:
        for table in (mentions, matches, server_matches):
            conn.execute(sa.delete(table).where(table.c.article_id == row.article_id, table.c.revision == row.revision))


def _without_history(_conn: sa.Connection, _now: datetime) -> sa.Select[tuple[object, ...]]:
    kept = sa.select(sa.func.count()).where(revisions.c.article_id == articles.c.id).scalar_subquery()
    return sa.select(articles.c.id).where(articles.c.revision - 1 != kept)


def _unindexed(conn: sa.Connection, _now: datetime) -> sa.Select[tuple[object, ...]]:
    return sa.select(articles.c.id, articles.c.title, articles.c.text).where(~text_index(conn).has_article())


def _index(conn: sa.Connection, found: Sequence[sa.Row[tuple[object, ...]]], _now: datetime) -> None:
    text_index(conn).add(conn, [Text(article_id=row.id, title=row.title, text=row.text) for row in found])


def _folded_before(conn: sa.Connection, _now: datetime) -> sa.Select[tuple[object, ...]]:
    return folded_before(conn)


def _reindex(conn: sa.Connection, found: Sequence[sa.Row[tuple[object, ...]]], now: datetime) -> None:
    reindex(conn, [row.id for row in found], now)


def _index_of_nothing(conn: sa.Connection, _now: datetime) -> sa.Select[tuple[object, ...]]:
    return text_index(conn).strays()


def _unindex(conn: sa.Connection, found: Sequence[sa.Row[tuple[object, ...]]], _now: datetime) -> None:
    text_index(conn).drop(conn, [row.id for row in found])


_alive = deliveries.c.state != State.GONE


def _about_nothing(_conn: sa.Connection, _now: datetime) -> sa.Select[tuple[object, ...]]:
    story = sa.exists().where(stories.c.id == deliveries.c.subject, articles.c.story_id == stories.c.id)
    fold = sa.exists().where(folds.c.id == deliveries.c.subject)
    notice = sa.exists().where(notices.c.id == deliveries.c.subject)
    there = {Kind.ALERT: story, Kind.FOLD: fold, Kind.NOTICE: notice}
    lost = sa.or_(*((deliveries.c.kind == kind) & ~subject for kind, subject in there.items()))
    return sa.select(deliveries.c.id).where(_alive, lost)


def _folded_into_nothing(_conn: sa.Connection, _now: datetime) -> sa.Select[tuple[object, ...]]:
    card = deliveries.alias()
    there = sa.exists().where(card.c.kind == Kind.FOLD, card.c.subject == deliveries.c.fold_id)
    inside = (deliveries.c.kind == Kind.ALERT) & deliveries.c.fold_id.is_not(None)
    lean = (deliveries.c.destination, deliveries.c.server, deliveries.c.seat)
    return sa.select(deliveries.c.fold_id, *lean).where(inside, ~there).distinct()


def _refold(conn: sa.Connection, found: Sequence[sa.Row[tuple[object, ...]]], now: datetime) -> None:
    for row in found:
        refold(conn, row.fold_id, Destination(address=row.destination, server=row.server, seat=row.seat), now)


def _twice(_conn: sa.Connection, _now: datetime) -> sa.Select[tuple[object, ...]]:
    first = deliveries.alias()
    same = (first.c.kind == deliveries.c.kind) & (first.c.subject == deliveries.c.subject)
    # Of two the one that was posted stays, else the older one.
    goes_before = sa.case((first.c.message_id.is_not(None), 0), else_=1) < sa.case(
        (deliveries.c.message_id.is_not(None), 0), else_=1
    )
    level = first.c.message_id.is_(None) == deliveries.c.message_id.is_(None)
    before = goes_before | (level & (first.c.id < deliveries.c.id))
    alive = first.c.state != State.GONE
    twin = sa.exists().where(
        same, alive, first.c.destination == deliveries.c.destination, first.c.id != deliveries.c.id, before
    )
    return sa.select(deliveries.c.id).where(_alive, twin)


def _give_up_twin(conn: sa.Connection, found: Sequence[sa.Row[tuple[object, ...]]], _now: datetime) -> None:
    change = sa.update(deliveries).where(deliveries.c.id.in_([row.id for row in found]), deliveries.c.message_id.is_(None))
    conn.execute(change.values(state=State.GONE, reason="it stands here twice", lease_until=None))


def _sharing_a_message(_conn: sa.Connection, _now: datetime) -> sa.Select[tuple[object, ...]]:
    return (
        sa.select(deliveries.c.message_id)
        .where(deliveries.c.message_id.is_not(None), deliveries.c.destination.startswith("channel:"))
        .group_by(deliveries.c.destination, deliveries.c.message_id)
        .having(sa.func.count() > 1)
    )


def _sent_without_message(_conn: sa.Connection, _now: datetime) -> sa.Select[tuple[object, ...]]:
    return sa.select(deliveries.c.id).where(deliveries.c.state == State.SENT, deliveries.c.message_id.is_(None))


def _doubt(conn: sa.Connection, found: Sequence[sa.Row[tuple[object, ...]]], _now: datetime) -> None:
    change = sa.update(deliveries).where(deliveries.c.id.in_([row.id for row in found]))
    conn.execute(change.values(state=State.IN_DOUBT, reason="it was noted as sent, without its message"))


def _claimed_without_time(_conn: sa.Connection, _now: datetime) -> sa.Select[tuple[object, ...]]:
    timeless = deliveries.c.attempted_at.is_(None) | deliveries.c.lease_until.is_(None)
    return sa.select(deliveries.c.id).where(deliveries.c.state == State.SENDING, timeless)


def _expire(conn: sa.Connection, found: Sequence[sa.Row[tuple[object, ...]]], now: datetime) -> None:
    change = sa.update(deliveries).where(deliveries.c.id.in_([row.id for row in found]))
    since = sa.func.coalesce(deliveries.c.attempted_at, deliveries.c.created_at)
    conn.execute(change.values(lease_until=now - timedelta(seconds=1), attempted_at=since))


_LAWS = (
    _Law(name="What has been read has its story, and the rules it was read by.", broken=_without_reading, mend=_read_again),
    _Law(name="What has been read has all its mentions.", broken=_without_mentions, mend=_read_again),
    _Law(name="Mentions and matches belong to a revision that is there.", broken=_of_no_revision, mend=_drop_findings),
    _Law(
        name="Every earlier revision is kept.",
        broken=_without_history,
        advice="The differences of these articles cannot be shown; their alerts are not touched.",
    ),
    _Law(name="No article is leased for longer than a reading takes.", broken=_leased_for_ever, mend=_read_again),
    _Law(name="Every text is in the index.", broken=_unindexed, mend=_index),
    _Law(
        name="The index folds words as searches do.",
        broken=_folded_before,
        mend=_reindex,
        advice="A running bot mends this by itself, a few hundred articles a second.",
    ),
    _Law(name="The index holds no text that is not there.", broken=_index_of_nothing, mend=_unindex),
    _Law(name="What matched was told, where there was somebody to tell.", broken=_untold, mend=_read_again),
    _Law(name="Every delivery has its subject.", broken=_about_nothing, mend=_give_up),
    _Law(name="What was folded has its card.", broken=_folded_into_nothing, mend=_refold),
    _Law(
        name="Nothing is told twice in one place.",
        broken=_twice,
        mend=_give_up_twin,
        advice="What was posted twice stays: delete one of the messages in Discord.",
    ),
    _Law(
        name="No message stands for two deliveries.",
        broken=_sharing_a_message,
        advice="Look at the message in Discord; python -m bot deliveries can resend what it does not show.",
    ),
    _Law(name="What was sent has its message.", broken=_sent_without_message, mend=_doubt),
    _Law(name="Every claim has its time.", broken=_claimed_without_time, mend=_expire),
)
