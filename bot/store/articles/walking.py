"""Walks the archive from its newest article on, a stretch at a time, so that no question holds the database for long."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.model import Query, Stretch, Viewer
from bot.store import rows
from bot.store.articles.candidates import Finder
from bot.store.articles.definitions import Definitions
from bot.store.articles.headlines import visible
from bot.store.articles.source_names import with_sources
from bot.store.articles.text_index import Window
from bot.store.schema import articles

_FIRST_WIDTH = 2_000
_WIDEST = 100_000
"""Ids that one statement looks at: the first few, and ever more where little is found."""

_AT_ONCE = 200
"""Articles that one statement loads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """What is looked for, for whom, and where to stop."""

    viewer: Viewer
    query: Query
    since: datetime | None
    before: int | None
    """The walk begins below this id; None for the newest article."""
    most: int
    """Candidates."""
    budget: timedelta
    """No further statement is begun after this."""
    definitions: Definitions
    """What it is found by."""
    width: int = _FIRST_WIDTH


def walk(conn: sa.Connection, walk: Walk) -> Stretch:
    """Return the next candidates, newest first, and how far the walk has come."""
    ends = time.monotonic() + walk.budget.total_seconds()
    finder = Finder(conn, walk.definitions, server=walk.viewer.server)
    high = _newest(conn) if walk.before is None else walk.before - 1
    found: list[rows.Row] = []
    width = walk.width
    while high > 0 and len(found) < walk.most:
        window = Window(low=max(1, high - width + 1), high=high)
        share = min(_AT_ONCE, walk.most - len(found))
        ids = list(conn.scalars(_newest_of(finder.select(walk.query, window), share, few=width > walk.width)))
        found += _seen(conn, ids, walk)
        if len(ids) == share:
            high = ids[-1] - 1
        else:
            high, width = window.low - 1, min(width * 2, _WIDEST)
        if _is_over(conn, high, walk.since):
            high = 0
        if time.monotonic() > ends:
            break
    texts = with_sources(conn, [rows.article(row) for row in found], server=walk.viewer.server)
    return Stretch(articles=tuple(texts), reached=high + 1)


def count(conn: sa.Connection, walk: Walk) -> tuple[int, bool]:
    """Return how many candidates there are as far as the time allows, and whether those are all."""
    ends = time.monotonic() + walk.budget.total_seconds()
    finder = Finder(conn, walk.definitions, server=walk.viewer.server)
    counted = 0
    for window in windows(_newest(conn), width=walk.width):
        here = articles.c.id.in_(finder.select(walk.query, window)) & visible(walk.viewer)
        if walk.since is not None:
            here &= articles.c.collected_at >= walk.since
        counted += conn.scalar(sa.select(sa.func.count()).select_from(articles).where(here)) or 0
        if _is_over(conn, window.low - 1, walk.since):
            break
        if time.monotonic() > ends:
            return counted, window.low <= 1
    return counted, True


def windows(newest: int, *, width: int = _FIRST_WIDTH) -> Iterator[Window]:
    """Yield windows of ids from the newest on, each wider than the one before."""
    high = newest
    while high > 0:
        yield Window(low=max(1, high - width + 1), high=high)
        high, width = high - width, min(width * 2, _WIDEST)


def looked_at(conn: sa.Connection, reached: int) -> int:
    """Return how many articles stand from there on to the newest, by when they came."""
    first = sa.select(articles.c.collected_at).where(articles.c.id >= reached).order_by(articles.c.id).limit(1)
    if (oldest := conn.scalar(first)) is None:
        return 0
    # Two counts, since each goes by the index of that time alone.
    came = articles.c.collected_at
    parts = (came > oldest, (came == oldest) & (articles.c.id >= reached))
    return sum(conn.scalar(sa.select(sa.func.count()).select_from(articles).where(part)) or 0 for part in parts)


def _newest(conn: sa.Connection) -> int:
    return conn.scalar(sa.select(sa.func.max(articles.c.id))) or 0


def _newest_of(found: sa.Select[Any], most: int, *, few: bool) -> sa.Select[Any]:
    """Select the highest of some ids; where few are to be expected, all are found before any is chosen.

    PostgreSQL takes the rarest word to stand in a hundredth of the articles: in their order it would soon have enough, it hopes,
    and reads each of 100,000 where none has it.
    """
    each = found.distinct().subquery()
    return sa.select(each.c.id).order_by((each.c.id + 0 if few else each.c.id).desc()).limit(most)


def _seen(conn: sa.Connection, ids: list[int], walk: Walk) -> list[rows.Row]:
    """Load those of these articles that the viewer sees."""
    here = sa.select(articles).where(articles.c.id.in_(ids), visible(walk.viewer))
    if walk.since is not None:
        here = here.where(articles.c.collected_at >= walk.since)
    return list(conn.execute(here.order_by(articles.c.id.desc())).all()) if ids else []


def _is_over(conn: sa.Connection, high: int, since: datetime | None) -> bool:
    """Tell whether all that is left came too early."""
    if since is None:
        return False
    came = sa.select(articles.c.collected_at).where(articles.c.id <= high).order_by(articles.c.id.desc()).limit(1)
    oldest = conn.scalar(came)
    return oldest is None or oldest < since
