"""How sources stand for a viewer: under the name and interval of its own follow, or else of the bot's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa

from bot.model import CONFIG_SERVER, Origin, Problem, SourceState, Viewer
from bot.store import rows
from bot.store.schema import articles, follows, pauses, problems, sources


def source_states(conn: sa.Connection, viewer: Viewer) -> list[SourceState]:
    """Return the sources that a viewer sees, by name; the operator sees those of all servers."""
    paused = _paused(conn, viewer)
    counted = sa.select(articles.c.source_id, sa.func.count()).group_by(articles.c.source_id)
    counts: dict[int, int] = {source: count for source, count in conn.execute(counted)}  # noqa: C416  # rows are not pairs to mypy
    troubles: dict[int, list[Problem]] = {}
    for row in conn.execute(sa.select(problems).order_by(problems.c.part)):
        troubles.setdefault(row.source_id, []).append(Problem(part=row.part, reason=row.reason))
    found = [
        SourceState(
            source=rows.source(
                row, name=row.name, every=timedelta(seconds=row.every_s), first_run=row.first_run, zone=row.zone
            ),
            articles=counts.get(row.id, 0),
            problems=tuple(troubles.get(row.id, ())),
            server=row.server,
            origin=Origin(row.origin),
            paused=row.paused or row.id in paused,
        )
        for row in _followed(conn, viewer)
    ]
    return sorted(found, key=lambda state: state.source.name.casefold())


def _followed(conn: sa.Connection, viewer: Viewer) -> Sequence[rows.Row]:
    """Return each source with the follow that it is seen by: a server's own first; for the operator the bot's, and what is not paused."""
    of_follow = (follows.c.name, follows.c.every_s, follows.c.first_run, follows.c.zone, follows.c.server)
    query = (
        sa.select(sources, *of_follow, follows.c.origin, follows.c.paused)
        .join(follows, follows.c.source_id == sources.c.id)
        .where(follows.c.retired_at.is_(None))
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
