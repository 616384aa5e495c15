"""Finds the articles that may answer a query, from mentions and the text index: never too few, for the reader to judge."""

from __future__ import annotations

import sqlalchemy as sa

from bot.model import AllOf, AnyOf, Facet, FacetKind, Phrase, Prefix, Query, Relation, Strength, Subject, Within, Without
from bot.store.schema import articles, mentions
from bot.store.text_index import TextIndex


def may_answer(query: Query, index: TextIndex) -> sa.ColumnElement[bool]:  # noqa: PLR0911  # one line for each kind of query
    """Return a condition that holds for every article the query could match, and for few others."""
    match query:
        case Subject(id=subject):
            return articles.c.id.in_(
                sa.select(mentions.c.article_id).where(
                    mentions.c.subject == subject,
                    mentions.c.strength >= int(Strength.UNSURE),
                    mentions.c.revision == articles.c.revision,
                )
            )
        case Phrase(words=words, slop=slop):
            return index.phrase(words, slop=slop)  # the reader holds words with slop to their order
        case Prefix(stem=stem):
            return index.prefix(stem)
        case AllOf(parts=parts):
            return sa.and_(sa.true(), *(may_answer(part, index) for part in parts))
        case AnyOf(parts=parts):
            return sa.or_(sa.false(), *(may_answer(part, index) for part in parts))
        case Facet(kind=FacetKind.LANG, value=code):
            return articles.c.language == code
        case Facet() | Without():
            return sa.true()
        case Relation(actors=actors):
            return sa.and_(sa.true(), *(may_answer(actor, index) for actor in actors))
        case Within(part=part):
            return may_answer(part, index)
