"""Finds the articles that may answer a query, from mentions and the text index: never too few, for the reader to judge.

A selection of ids is merged from ones that the indexes give in order, so that the newest come first without the rest.
"""

from __future__ import annotations

from functools import reduce
from typing import Any

import sqlalchemy as sa

from bot.model import AllOf, AnyOf, Facet, FacetKind, Phrase, Prefix, Query, Relation, Strength, Subject, Within, Without
from bot.store.schema import articles, mentions
from bot.store.text_index import TextIndex

Ids = sa.Select[Any] | sa.CompoundSelect[Any]


def candidates(query: Query, index: TextIndex) -> Ids | None:  # noqa: PLR0911  # one line for each kind of query
    """Select the ids of every article the query could match, and of few others; None where any article could."""
    match query:
        case Subject(id=subject):
            strong = mentions.c.strength >= int(Strength.UNSURE)
            return sa.select(mentions.c.article_id.label("id")).where(mentions.c.subject == subject, strong)
        case Phrase(words=words, slop=slop):
            return index.phrase(words, slop=slop)  # the reader holds words with slop to their order
        case Prefix(stem=stem):
            return index.prefix(stem)
        case Relation():
            return candidates(AllOf(query.actors), index)
        case AllOf(parts=parts):
            known = [ids for part in parts if (ids := candidates(part, index)) is not None]
            return reduce(lambda one, other: sa.intersect(_plain(one), _plain(other)), known) if known else None
        case AnyOf(parts=parts):
            some = [candidates(part, index) for part in parts]
            known = [ids for ids in some if ids is not None]
            whole = len(known) == len(some) and bool(known)
            return reduce(lambda one, other: sa.union(_plain(one), _plain(other)), known) if whole else None
        case Facet(kind=FacetKind.LANG, value=code):
            return sa.select(articles.c.id).where(articles.c.language == code)
        case Facet() | Without():
            return None
        case Within(part=part):
            return candidates(part, index)


def newest(ids: Ids, *, before: int | None, limit: int) -> sa.Select[Any]:
    """Select the newest of these ids, each once, that are older than another."""
    found = _plain(ids).subquery()
    older = sa.true() if before is None else found.c.id < before
    return sa.select(found.c.id).where(older).distinct().order_by(found.c.id.desc()).limit(limit)


def _plain(ids: Ids) -> sa.Select[Any]:
    """Return a selection that may stand in another on both databases: SQLite takes no brackets around a compound."""
    if isinstance(ids, sa.Select):
        return ids
    inner = ids.subquery()
    return sa.select(inner.c.id)
