"""Finds the articles that may answer a query, from mentions and the text index: never too few, for the reader to judge."""

from __future__ import annotations

import sqlalchemy as sa

from bot.language.folding import index_form
from bot.model import AllOf, AnyOf, Phrase, Prefix, Query, Strength, Subject, Within, Without
from bot.store.schema import articles, mentions

_NO_SYNTAX = str.maketrans({'"': " ", "\0": " "})

_index = sa.table("articles_fts", sa.column("rowid"), sa.column("articles_fts"))


def may_answer(query: Query) -> sa.ColumnElement[bool]:  # noqa: PLR0911  # one line for each kind of query
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
            return _in_index(_near(words, slop))
        case Prefix(stem=stem):
            return _in_index(f"{_quoted(stem)}*")
        case AllOf(parts=parts):
            return sa.and_(sa.true(), *(may_answer(part) for part in parts))
        case AnyOf(parts=parts):
            return sa.or_(sa.false(), *(may_answer(part) for part in parts))
        case Without():
            return sa.true()
        case Within(part=part):
            return may_answer(part)


def _near(words: str, slop: int) -> str:
    """Return an FTS5 query: a phrase, or with slop its words anywhere, which the reader then holds to their order."""
    if not slop:
        return _quoted(words)
    return " AND ".join(_quoted(word) for word in words.split())


def _quoted(words: str) -> str:
    """Return words as a string of FTS5, in which nothing is syntax."""
    return '"' + index_form(words).translate(_NO_SYNTAX) + '"'


def _in_index(found: str) -> sa.ColumnElement[bool]:
    return articles.c.id.in_(sa.select(_index.c.rowid).where(_index.c.articles_fts.op("match")(found)))
