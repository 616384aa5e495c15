"""Articles as a person sees them in a list, and which of them a viewer may see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from bot.model import CONFIG_SERVER, Headline, Level, SourceKind, Viewer
from bot.store import rows
from bot.store.schema import articles, follows, sources, watches
from bot.store.sight import sees
from bot.store.watches.seen_matches import matches_seen


def visible(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Return the condition under which a viewer sees an article.

    Samples are seen only until a real source has delivered.
    """
    real = (
        sa.select(sources.c.id)
        .where(sources.c.kind != SourceKind.SAMPLE, sa.exists().where(articles.alias().c.source_id == sources.c.id))
        .correlate(None)
    )
    is_sample = articles.c.source_id.in_(sa.select(sources.c.id).where(sources.c.kind == SourceKind.SAMPLE))
    shown = ~is_sample | ~sa.exists(real)
    return shown & sees(viewer)


def count_visible(conn: sa.Connection, viewer: Viewer) -> int:
    """Return how many articles a viewer sees: by source, since a condition for each of a million articles takes seconds."""
    count = sa.select(sa.func.count()).select_from(articles)
    shown = sa.select(sources.c.id)
    real = shown.where(sources.c.kind != SourceKind.SAMPLE)
    if conn.scalar(sa.select(sa.exists(real.where(sa.exists().where(articles.c.source_id == sources.c.id))))):
        shown = real
    if viewer.server is None:
        return conn.scalar(count.where(articles.c.source_id.in_(shown))) or 0
    common = sa.select(follows.c.source_id).where(follows.c.server == CONFIG_SERVER)
    own_alone = (follows.c.server == viewer.server) & follows.c.source_id.not_in(common) & follows.c.source_id.in_(shown)
    own_articles = (articles.c.source_id == follows.c.source_id) & (articles.c.collected_at >= follows.c.since)
    all_of_common = count.where(articles.c.source_id.in_(shown.where(sources.c.id.in_(common))))
    rest = sa.select(sa.func.count()).select_from(follows.join(articles, own_articles)).where(own_alone)
    return (conn.scalar(all_of_common) or 0) + (conn.scalar(rest) or 0)


def own(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Return the condition under which a watch is a viewer's: the config's are everybody's."""
    active = watches.c.retired_at.is_(None)
    if viewer.server is None:
        return active
    return active & watches.c.server.in_({CONFIG_SERVER, viewer.server})


def headlines(conn: sa.Connection, article_ids: Sequence[int], viewer: Viewer) -> list[Headline]:
    """Return the headlines of these articles in the order asked, with the viewer's watches, the strongest first."""
    named = sa.select(follows.c.name).where(follows.c.source_id == articles.c.source_id)
    if viewer.server is not None:
        named = named.where(follows.c.server.in_({CONFIG_SERVER, viewer.server}))
    # A server's own name for a source goes first; to the operator, the bot's.
    order = follows.c.server if viewer.server is None else -follows.c.server
    name = named.order_by(follows.c.retired_at.is_not(None), order).limit(1).scalar_subquery()
    query = (
        sa.select(articles, sources.c.kind, name.label("source"))
        .join(sources, sources.c.id == articles.c.source_id)
        .where(articles.c.id.in_(article_ids))
    )
    found = {row.id: row for row in conn.execute(query)}
    hits = _matches_of(conn, article_ids, viewer)
    return [_headline(found[key], hits.get(key, [])) for key in article_ids if key in found]


def _matches_of(conn: sa.Connection, article_ids: Sequence[int], viewer: Viewer) -> dict[int, list[rows.Row]]:
    seen = matches_seen(viewer)
    query = (
        sa.select(seen, watches.c.name)
        .join(watches, watches.c.id == seen.c.watch_id)
        .join(articles, (articles.c.id == seen.c.article_id) & (articles.c.revision == seen.c.revision))
        .where(seen.c.article_id.in_(article_ids), own(viewer), seen.c.level >= watches.c.level)
        .order_by(seen.c.level.desc(), seen.c.score.desc(), watches.c.id)
    )
    hits: dict[int, list[rows.Row]] = {}
    for row in conn.execute(query):
        hits.setdefault(row.article_id, []).append(row)
    return hits


def shared(viewer: Viewer, article_ids: Sequence[int]) -> sa.Select[tuple[str, int]]:
    """Select how many of these articles each of the viewer's watches has matched at its level."""
    seen = matches_seen(viewer)
    return (
        sa.select(watches.c.name, sa.func.count().label("articles"))
        .select_from(seen)
        .join(watches, watches.c.id == seen.c.watch_id)
        .join(articles, (articles.c.id == seen.c.article_id) & (articles.c.revision == seen.c.revision))
        .where(seen.c.article_id.in_(article_ids), own(viewer), seen.c.level >= watches.c.level)
        .group_by(watches.c.name)
    )


def _headline(row: rows.Row, hits: Sequence[rows.Row]) -> Headline:
    return Headline(
        article_id=row.id,
        title=row.title,
        url=row.url,
        source=row.source or "",
        published=rows.dated(row),
        collected=row.collected_at,
        watches=tuple(hit.name for hit in hits),
        level=Level(hits[0].level) if hits else Level.MENTION,
        evidence=rows.read_evidence(hits[0].evidence) if hits else None,
        sample=row.kind == SourceKind.SAMPLE,
    )


def newest_called(which: int | str, viewer: Viewer, *, canonical: Callable[[str], str]) -> sa.Select[Any]:
    """Select the article of a number, or the newest of an address, that the viewer sees."""
    if isinstance(which, int):
        named = articles.c.id == which
    else:
        named = (articles.c.canonical == canonical(which)) & (articles.c.canonical != "")  # those of a folder have no address
    return sa.select(articles).where(named, visible(viewer)).order_by(articles.c.id.desc()).limit(1)
