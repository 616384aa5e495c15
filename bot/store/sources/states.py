"""Sources as a viewer sees them: under whose follow, how each was polled, how much it gives, and what is the matter with it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from bot.model import CONFIG_SERVER, Ailment, Origin, Problem, SourceBrief, SourceState, Viewer
from bot.store import rows
from bot.store.chunks import chunks
from bot.store.schema import follows, notices, pauses, problems, sources, volumes
from bot.store.sources.ward import of_sources, read_about

LATELY = timedelta(days=7)
USUALLY = timedelta(days=35)
"""What is usual is read from the days before these seven; a source that is known for less has no usual rate."""


_OF_FOLLOW = (
    follows.c.name,
    follows.c.every_s,
    follows.c.first_run,
    follows.c.zone,
    follows.c.server,
    follows.c.origin,
    follows.c.paused,
)


class _Given(NamedTuple):
    """How much one source gave."""

    today: int = 0
    lately: float | None = None
    usual: float | None = None


def source_states(
    conn: sa.Connection, viewer: Viewer, *, now: datetime | None, among: Collection[int] | None
) -> list[SourceState]:
    """Return the sources that a viewer sees, or some of them, by name, paused ones too; the operator sees those of all servers."""
    found = _followed(conn, viewer, sa.true() if among is None else sources.c.id.in_(among))
    given = {} if now is None else _given(conn, [row.id for row in found], now)
    return _states(conn, viewer, found, given=given)


def source_briefs(conn: sa.Connection, viewer: Viewer) -> list[SourceBrief]:
    """Return how those sources are, by name, and no more of them: there may be ten thousand."""
    paused, ailing = _paused(conn, viewer), _ailments(conn).keys()
    partly = set(conn.scalars(sa.select(problems.c.source_id).distinct()))
    healthy = (sources.c.failures == 0) & sources.c.given_up_at.is_(None)
    found = _followed(conn, viewer, sa.true(), sources.c.id, healthy.label("healthy"), follows.c.name, follows.c.paused)
    return [
        SourceBrief(
            id=row.id,
            paused=row.paused or row.id in paused,
            healthy=row.healthy and row.id not in ailing,
            has_problems=row.id in partly,
        )
        for row in sorted(found, key=lambda row: row.name.casefold())
    ]


def unwell_sources(conn: sa.Connection, viewer: Viewer) -> list[SourceState]:
    """Return those of them that are not healthy and not paused, without how much they give."""
    sick = (sources.c.failures > 0) | sources.c.given_up_at.is_not(None) | sources.c.id.in_(_ailments(conn))
    return [state for state in _states(conn, viewer, _followed(conn, viewer, sick), given={}) if not state.paused]


def count_sources(conn: sa.Connection, viewer: Viewer) -> int:
    """Return how many sources a viewer sees that are not paused."""
    paused = _paused(conn, viewer)
    return sum(not row.paused and row.id not in paused for row in _followed(conn, viewer, sa.true()))


def _followed(
    conn: sa.Connection, viewer: Viewer, wanted: sa.ColumnElement[bool], *columns: sa.ColumnElement[Any]
) -> Sequence[rows.Row]:
    """Return each source with the follow that it is seen by: a server's own first; for the operator the bot's, and what is not paused."""
    query = (
        sa.select(*(columns or (sources, *_OF_FOLLOW)))
        .join(follows, follows.c.source_id == sources.c.id)
        .where(follows.c.retired_at.is_(None), wanted)
    )
    if viewer.server is None:
        query = query.order_by(follows.c.paused.desc(), follows.c.server.desc())
    else:
        query = query.where(follows.c.server.in_({CONFIG_SERVER, viewer.server})).order_by(follows.c.server)
    return list({row.id: row for row in conn.execute(query)}.values())  # the last one of a source counts


def _paused(conn: sa.Connection, viewer: Viewer) -> set[int]:
    """Return the sources of which a server is told nothing, whoever follows them."""
    if viewer.server is None:
        return set()
    return set(conn.scalars(sa.select(pauses.c.source_id).where(pauses.c.server == viewer.server, pauses.c.ended_at.is_(None))))


def _states(
    conn: sa.Connection, viewer: Viewer, found: Sequence[rows.Row], *, given: Mapping[int, _Given]
) -> list[SourceState]:
    paused, ailments = _paused(conn, viewer), _ailments(conn)
    troubles: dict[int, list[Problem]] = {}
    for row in conn.execute(sa.select(problems).order_by(problems.c.part)):
        troubles.setdefault(row.source_id, []).append(Problem(part=row.part, reason=row.reason))
    states = [
        SourceState(
            source=rows.source(
                row, name=row.name, every=timedelta(seconds=row.every_s), first_run=row.first_run, zone=row.zone
            ),
            ailment=ailments.get(row.id, (None, ""))[0],
            complaint=ailments.get(row.id, (None, ""))[1],
            problems=tuple(troubles.get(row.id, ())),
            server=row.server,
            origin=Origin(row.origin),
            paused=row.paused or row.id in paused,
            **given.get(row.id, _Given())._asdict(),
        )
        for row in found
    ]
    return sorted(states, key=lambda state: state.source.name.casefold())


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
