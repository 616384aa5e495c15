"""Makes what a delivery says from the archive as it now stands."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import cache, partial

import sqlalchemy as sa

from bot.language.difference import changed_sentences, changed_words
from bot.model import CONFIG_SERVER, Alert, Change, Fold, Headline, Kind, Level, SourceKind, Told, Viewer
from bot.store import rows
from bot.store.articles.headlines import headlines
from bot.store.schema import articles, deliveries, follows, revisions, sources
from bot.store.sight import sees, sight_of
from bot.store.telling.heard import NOTHING, articles_of, ear_of, heard_before, matches_of, strongest

LISTED = 10
"""A fold names this many of its alerts, the newest; the look-up shows the rest."""


class Reads:
    """What cards that are made together read of the archive, all of it once."""

    def __init__(self, conn: sa.Connection) -> None:
        self.conn = conn
        self.articles = cache(partial(articles_of, conn))
        self.sight = cache(partial(sight_of, conn))
        self.matches = cache(partial(matches_of, conn))
        self.sources = cache(partial(_sources, conn))
        self.change = cache(partial(change_of, conn))


def alert_card(reads: Reads, delivery: rows.Row) -> Alert | None:
    """Return the card of a story for one destination; None when no watch that is told there matches any more."""
    ear = ear_of(delivery)
    whole = reads.articles(delivery.subject)
    sight = reads.sight(frozenset(article.source_id for article in whole))
    story = tuple(article for article in whole if sight.sees(ear.viewer.server, article))
    found: Sequence[rows.Row] = ear.hears(reads.matches(story))
    lapsed = not found and delivery.message_id is not None
    if lapsed:
        found = heard_before(reads.conn, story, ear)
    if not found:
        return None
    first = found[0]
    article = next(one for one in story if one.id == first.article_id)
    names, samples = reads.sources(frozenset(one.source_id for one in story), ear.viewer)
    return Alert(
        delivery_id=delivery.id,
        headline=Headline(
            article_id=article.id,
            title=article.title,
            url=article.url,
            source=names.get(article.source_id, ""),
            published=rows.dated(article),
            collected=article.collected_at,
            sample=article.source_id in samples,
        ),
        evidence=rows.read_evidence(first.evidence),
        summary=tuple(json.loads(first.summary)),
        watches=tuple(Told(watch=row.name, level=Level(row.level), score=row.score, role=row.role) for row in strongest(found)),
        more_sources=tuple(sorted({name for source, name in names.items() if source != article.source_id})),
        excerpt=article.excerpt,
        change=reads.change(article.id),
        withdrawn=article.withdrawn_at is not None,
        lapsed=lapsed,
    )


def change_of(conn: sa.Connection, article_id: int) -> Change | None:
    """Return what has changed of an article since it was first seen; None where nothing has."""
    kept = sa.select(revisions).where(revisions.c.article_id == article_id).order_by(revisions.c.number)
    versions = conn.execute(kept).all()
    if not versions:
        return None
    first, last = versions[0], versions[-1]
    now = conn.execute(sa.select(articles.c.title, articles.c.text).where(articles.c.id == article_id)).one()
    return Change(
        at=last.replaced_at,
        title=changed_words(first.title, now.title),
        sentences=changed_sentences(first.text, now.text),
    )


def _sources(conn: sa.Connection, source_ids: Iterable[int], viewer: Viewer) -> tuple[dict[int, str], set[int]]:
    """Return what sources are called where they are told, and which of them are samples."""
    query = (
        sa.select(follows.c.source_id, follows.c.name, sources.c.kind)
        .join(sources, sources.c.id == follows.c.source_id)
        .where(follows.c.source_id.in_(source_ids))
        .order_by(follows.c.retired_at.is_not(None).desc(), follows.c.server)  # the last one counts
    )
    if viewer.server is not None:
        query = query.where(follows.c.server.in_({CONFIG_SERVER, viewer.server}))
    found = conn.execute(query).all()
    return {row.source_id: row.name for row in found}, {row.source_id for row in found if row.kind == SourceKind.SAMPLE}


def fold_card(conn: sa.Connection, delivery: rows.Row) -> Fold | None:
    """Return the card that stands for the alerts of a fold, as far as they still have something to say."""
    viewer = ear_of(delivery).viewer
    alive = (deliveries.c.kind == Kind.ALERT) & (deliveries.c.told != NOTHING)
    inside = (deliveries.c.fold_id == delivery.subject) & alive
    count = conn.scalar(sa.select(sa.func.count()).where(inside)) or 0
    newest = (
        sa.select(sa.func.min(articles.c.id))
        .join(deliveries, deliveries.c.subject == articles.c.story_id)
        .where(inside, sees(viewer))
        .group_by(deliveries.c.id)
        .order_by(sa.func.min(articles.c.id).desc())
        .limit(LISTED)
    )
    listed = headlines(conn, list(conn.scalars(newest)), viewer)
    return Fold(delivery_id=delivery.id, count=count, headlines=tuple(listed)) if listed else None
