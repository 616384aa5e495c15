"""The rounds of the sources: what is known of each, what was noted of it, and the notices that tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from bot.model import Ailment, Chart, Kind, Noted, Round, SourceKind, State, Ward, Word
from bot.store.chunks import chunks
from bot.store.database import Database
from bot.store.notes import keep
from bot.store.schema import articles, deliveries, follows, notes, notices, sources, volumes
from bot.store.sources.sources import is_followed, is_polled, polled_sources, read_source
from bot.store.telling.notices import Trouble, give_joint_notice, give_notice, mend, tells

SHARE = 500
"""So many sources are looked at in one round, beside those in trouble."""
DOUBTFUL = 3
"""A source that has failed so often is looked at in every round."""
BACK = timedelta(days=100)
"""How far back the volumes of a source are read."""
RECENT = timedelta(days=1)
"""What was noted or mended within so long still says when somebody is told again."""

_CUT_OFF = "cut off"
"""The note of when every feed failed at once."""
_ABOUT = "source "
"""What stands before the number of a source and its ailment, as a notice names its trouble."""
_REACHED = (State.SENT, State.SENDING, State.IN_DOUBT)

of_sources = notices.c.about.startswith(_ABOUT)
"""Holds for the notices of what is the matter with a source."""


def about(source_id: int, ailment: Ailment) -> str:
    """Return what a notice of a source is about."""
    return f"{_ABOUT}{source_id} {ailment}"


def read_about(written: str) -> tuple[int, Ailment]:
    """Return the source and the ailment that a notice is about."""
    number, ailment = written.removeprefix(_ABOUT).split(" ", 1)
    return int(number), Ailment(ailment)


class SourceWard:
    """Keeps how sources do (the protocol `ports.WardStore`)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ward(self, now: datetime, *, turn: int) -> Ward:
        """Return the sources in trouble and a share of the others."""
        return await self._database.read(lambda conn: _ward(conn, now, turn))

    async def note_round(self, found: Round, *, now: datetime) -> None:
        """Note what is told as new and as over, with its notices, in one transaction."""

        def work(conn: sa.Connection) -> None:
            if found.cut_off:
                keep(conn, _CUT_OFF, "", now)
            _mend(conn, [(one.source_id, one.ailment, one.destination) for one in found.over], now)
            for word in found.well:
                _mend(conn, [(number, ailment, word.destination) for number, ailment, _ in word.sources], now)
                give_notice(conn, _trouble(word, f"well {now.timestamp():.0f} {word.destination}"), now=now)
            for word in found.ill:
                parts = {about(number, ailment): reason for number, ailment, reason in word.sources}
                give_joint_notice(conn, _trouble(word, ""), parts, now=now)

        await self._database.write(work)


def _ward(conn: sa.Connection, now: datetime, turn: int) -> Ward:
    if _is_cut_off(conn):
        return Ward(cut_off=True)
    noted = _noted(conn, now)
    known = {one.source_id for one in noted if one.mended_at is None}
    count = conn.scalar(sa.select(sa.func.count()).select_from(sources)) or 0
    shares = max(1, -(-count // SHARE))
    doubtful = (sources.c.failures >= DOUBTFUL) | sources.c.given_up_at.is_not(None) | sources.c.id.in_(known)
    return Ward(
        charts=_charts(conn, doubtful | (sources.c.id % shares == turn % shares), now),
        noted=noted,
        cut_off_at=conn.scalar(sa.select(notes.c.at).where(notes.c.key == _CUT_OFF)),
    )


def _is_cut_off(conn: sa.Connection) -> bool:
    """Tell whether every feed that is still asked fails, and they are not all of one host."""
    failing = sa.func.sum(sa.case((sources.c.failures > 0, 1), else_=0))
    query = sa.select(sa.func.count(), failing, sa.func.count(sources.c.host.distinct())).where(
        is_polled(sources.c.id), sources.c.kind == SourceKind.FEED, sources.c.given_up_at.is_(None)
    )
    feeds, failed, hosts = conn.execute(query).one()
    return bool(feeds == failed and hosts > 1)


def _noted(conn: sa.Connection, now: datetime) -> tuple[Noted, ...]:
    """Return what stands open, and what was noted or mended of late."""
    telling = notices.alias()
    told = sa.exists().where(
        tells(telling),
        deliveries.c.kind == Kind.NOTICE,
        deliveries.c.subject == telling.c.id,
        deliveries.c.state.in_(_REACHED),
    )
    late = (notices.c.created_at > now - RECENT) | (notices.c.mended_at > now - RECENT)
    query = sa.select(notices, told.label("told")).where(of_sources, notices.c.mended_at.is_(None) | late)
    return tuple(
        Noted(
            source_id=number,
            ailment=ailment,
            destination=row.destination,
            server=row.server,
            at=row.created_at,
            mended_at=row.mended_at,
            reached=bool(row.told) or not row.destination,
        )
        for row in conn.execute(query)
        for number, ailment in [read_about(row.about)]
    )


def _charts(conn: sa.Connection, wanted: sa.ColumnElement[bool], now: datetime) -> tuple[Chart, ...]:
    newest = (
        sa.select(articles.c.collected_at)
        .where(articles.c.source_id == sources.c.id)
        .order_by(articles.c.collected_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    found = conn.execute(polled_sources().add_columns(newest.label("new_at")).where(wanted)).all()
    followers = _followers(conn, [row.id for row in found])
    days = _days(conn, [row.id for row in found if not row.failures], (now - BACK).date())
    return tuple(
        Chart(
            source=read_source(row),
            since=min(since for _, _, since in followers[row.id]),
            followers=tuple((server, name) for server, name, _ in followers[row.id]),
            new_at=row.new_at,
            days=tuple(days.get(row.id, ())),
        )
        for row in found
    )


def _followers(conn: sa.Connection, ids: Sequence[int]) -> Mapping[int, list[tuple[int, str, datetime]]]:
    found: dict[int, list[tuple[int, str, datetime]]] = {}
    query = sa.select(follows.c.source_id, follows.c.server, follows.c.name, follows.c.since).order_by(follows.c.server)
    for some in chunks(ids):
        for row in conn.execute(query.where(is_followed, follows.c.source_id.in_(some))):
            found.setdefault(row.source_id, []).append((row.server, row.name, row.since))
    return found


def _days(conn: sa.Connection, ids: Sequence[int], since: date) -> Mapping[int, list[tuple[date, int]]]:
    found: dict[int, list[tuple[date, int]]] = {}
    query = sa.select(volumes).where(volumes.c.day >= since.isoformat()).order_by(volumes.c.source_id, volumes.c.day)
    for some in chunks(ids):
        for source_id, day, count in conn.execute(query.where(volumes.c.source_id.in_(some))):
            found.setdefault(source_id, []).append((date.fromisoformat(day), count))
    return found


def _mend(conn: sa.Connection, over: Sequence[tuple[int, Ailment, str]], now: datetime) -> None:
    for number, ailment, destination in over:
        mend(conn, about(number, ailment), now=now, destination=destination)


def _trouble(word: Word, subject: str) -> Trouble:
    return Trouble(about=subject, title=word.title, text=word.text, destination=word.destination, server=word.server)
