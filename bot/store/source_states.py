"""Sources as a viewer sees them: how each was polled, how much it gives, and what is the matter with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa

from bot.model import CONFIG_SERVER, Ailment, Problem, SourceState, Viewer
from bot.store import rows
from bot.store.database import chunks
from bot.store.schema import follows, notices, problems, sources, volumes
from bot.store.sources import read_source
from bot.store.ward import of_sources, read_about

LATELY = timedelta(days=7)
USUALLY = timedelta(days=35)
"""What is usual is read from the days before these seven; a source that is known for less has no usual rate."""


class _Given(NamedTuple):
    """How much one source gave."""

    today: int = 0
    lately: float | None = None
    usual: float | None = None


def source_states(conn: sa.Connection, viewer: Viewer, *, now: datetime) -> list[SourceState]:
    """Return the sources that a viewer follows, by name, paused ones too."""
    found = _followed_by(conn, viewer, sa.true())
    return _states(conn, found, ailments=_ailments(conn), given=_given(conn, [row.id for row in found], now))


def unwell_sources(conn: sa.Connection, viewer: Viewer) -> list[SourceState]:
    """Return those of them that are not healthy and not paused, without how much they give."""
    ailments = _ailments(conn)
    unwell = (sources.c.failures > 0) | sources.c.given_up_at.is_not(None) | sources.c.id.in_(ailments)
    found = [row for row in _followed_by(conn, viewer, unwell) if not row.paused]
    return _states(conn, found, ailments=ailments, given={})


def count_sources(conn: sa.Connection, viewer: Viewer) -> int:
    """Return how many sources a viewer follows that are not paused."""
    query = sa.select(sa.func.count(follows.c.source_id.distinct())).where(_seen_by(viewer), ~follows.c.paused)
    return conn.scalar(query) or 0


def _seen_by(viewer: Viewer) -> sa.ColumnElement[bool]:
    current = follows.c.retired_at.is_(None)
    return current if viewer.server is None else current & follows.c.server.in_({CONFIG_SERVER, viewer.server})


def _followed_by(conn: sa.Connection, viewer: Viewer, wanted: sa.ColumnElement[bool]) -> list[rows.Row]:
    """Return each source once, under the name and with the interval that the config, or else the viewer, has given it."""
    follow = (follows.c.name, follows.c.every_s, follows.c.first_run, follows.c.zone, follows.c.paused)
    query = sa.select(sources, *follow).join(follows, follows.c.source_id == sources.c.id)
    found: dict[int, rows.Row] = {}
    for row in conn.execute(query.where(_seen_by(viewer), wanted).order_by(follows.c.server)):
        found.setdefault(row.id, row)
    return sorted(found.values(), key=lambda row: row.name.casefold())


def _states(
    conn: sa.Connection,
    found: Sequence[rows.Row],
    *,
    ailments: Mapping[int, tuple[Ailment, str]],
    given: Mapping[int, _Given],
) -> list[SourceState]:
    troubles: dict[int, list[Problem]] = {}
    for row in conn.execute(sa.select(problems).order_by(problems.c.part)):
        troubles.setdefault(row.source_id, []).append(Problem(part=row.part, reason=row.reason))
    return [
        SourceState(
            source=read_source(row),
            paused=row.paused,
            ailment=ailments.get(row.id, (None, ""))[0],
            complaint=ailments.get(row.id, (None, ""))[1],
            problems=tuple(troubles.get(row.id, ())),
            **given.get(row.id, _Given())._asdict(),
        )
        for row in found
    ]


def _ailments(conn: sa.Connection) -> dict[int, tuple[Ailment, str]]:
    """Return what the rounds have found, and in which words."""
    query = sa.select(notices.c.about, notices.c.text).where(of_sources, notices.c.mended_at.is_(None))
    found = [(*read_about(row.about), row.text) for row in conn.execute(query)]
    return {number: (ailment, reason) for number, ailment, reason in found}


def _given(conn: sa.Connection, ids: Sequence[int], now: datetime) -> dict[int, _Given]:
    """Return how much sources gave; the first day of all, which brought what was there already, is no day like the others."""
    today, lately, usually = now.date(), now.date() - LATELY, now.date() - USUALLY
    day, number = volumes.c.day, volumes.c.articles
    earlier = volumes.alias()
    first = (
        sa.select(earlier.c.day)
        .where(earlier.c.source_id == volumes.c.source_id)
        .order_by(earlier.c.day)
        .limit(1)
        .scalar_subquery()
    )

    def between(start: object, end: object) -> sa.ColumnElement[int]:
        return sa.func.sum(sa.case(((day >= str(start)) & (day < str(end)), number), else_=0))

    query = sa.select(
        volumes.c.source_id,
        sa.func.sum(sa.case((day == str(today), number), else_=0)),
        between(lately, today),
        between(usually, lately),
        first.label("first"),
    ).where(day >= str(usually))
    found = {}
    for some in chunks(ids):
        given = query.where(volumes.c.source_id.in_(some)).group_by(volumes.c.source_id)
        for source_id, now_given, week, month, began in conn.execute(given):
            found[source_id] = _Given(
                today=now_given,
                lately=week / LATELY.days if began < str(lately) else None,
                usual=month / (USUALLY - LATELY).days if began < str(usually) else None,
            )
    return found
