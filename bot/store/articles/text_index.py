"""The index over the words of articles: FTS5 on SQLite, tsvector on PostgreSQL. What it finds is for the reader to judge."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from bot.language.folding import index_form, quick_fold, unmarked
from bot.language.forms import with_plural
from bot.model import LONGEST_READ, AllOf, AnyOf, Phrase, Prefix, Query
from bot.store.schema import articles

_WORD = re.compile(r"[^\W_]+")
_LONGEST_WORD = 255
"""Characters of a word that are indexed: a tsvector takes 2,046 bytes."""
_FEW = 10
"""Where PostgreSQL is asked for one of more phrases, it looks for their words wherever they stand: each order would be a look of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What of an article is indexed."""

    article_id: int
    title: str
    text: str


Words = Phrase | Prefix | AllOf | AnyOf
"""What the index can tell by itself, the last two over words alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A stretch of ids, both ends in it."""

    low: int
    high: int

    def holds(self, key: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
        """Return the condition that an id lies in it."""
        return key.between(self.low, self.high)


class TextIndex(Protocol):
    """What both databases can say of words."""

    def add(self, conn: sa.Connection, texts: Sequence[Text]) -> None:
        """Put articles into the index, folded the way queries are."""
        ...

    def drop(self, conn: sa.Connection, article_ids: Sequence[int]) -> None:
        """Take articles out."""
        ...

    def has_article(self) -> sa.ColumnElement[bool]:
        """Return the condition that an article is in the index."""
        ...

    def strays(self) -> sa.Select[tuple[int]]:
        """Select the ids of what is in the index and in no archive."""
        ...

    def holding(self, words: Words, window: Window) -> sa.Select[tuple[int]]:
        """Select the ids in a window of the articles that hold what is asked: of a phrase with slop, its words anywhere."""
        ...


def text_index(conn: sa.Connection) -> TextIndex:
    """Return the index of a connection's database."""
    return _FTS5 if conn.dialect.name == "sqlite" else _VECTORS


class FTS5:
    """SQLite's own index, a virtual table."""

    _table = sa.table("articles_fts", sa.column("rowid"), sa.column("articles_fts"), sa.column("title"), sa.column("text"))

    def add(self, conn: sa.Connection, texts: Sequence[Text]) -> None:
        """Put articles into the index."""
        values = [
            {
                "rowid": one.article_id,
                "title": " ".join(_words(quick_fold(one.title))),
                "text": " ".join(_words(quick_fold(one.text[:LONGEST_READ]))),
            }
            for one in texts
        ]
        if values:
            conn.execute(sa.insert(self._table), values)

    def drop(self, conn: sa.Connection, article_ids: Sequence[int]) -> None:
        """Take articles out."""
        conn.execute(sa.delete(self._table).where(self._table.c.rowid.in_(article_ids)))

    def has_article(self) -> sa.ColumnElement[bool]:
        """Return the condition that an article is in the index."""
        return articles.c.id.in_(sa.select(self._table.c.rowid))

    def strays(self) -> sa.Select[tuple[int]]:
        """Select the ids of what is in the index and in no archive."""
        return sa.select(self._table.c.rowid.label("id")).where(self._table.c.rowid.not_in(sa.select(articles.c.id)))

    def holding(self, words: Words, window: Window) -> sa.Select[tuple[int]]:
        """Select the ids in a window of the articles that hold what is asked."""
        matches = self._table.c.articles_fts.op("match")(self._syntax(words))
        return sa.select(self._table.c.rowid.label("id")).where(matches, window.holds(self._table.c.rowid))

    def _syntax(self, words: Query) -> str:
        """Write it as one expression, so that the index itself joins what it finds."""
        match words:
            case Phrase():
                stretches = (" OR ".join(map(_quoted, forms)) for forms in _stretches(words))
                return f"({' AND '.join(f'({forms})' for forms in stretches)})"
            case Prefix(stem=stem):
                return f"{_quoted(_words(quick_fold(stem)))}*"
            case AllOf(parts=parts):
                return f"({' AND '.join(map(self._syntax, parts))})"
            case AnyOf(parts=parts):
                return f"({' OR '.join(map(self._syntax, parts))})"
            case _:
                raise TypeError(f"{words} is nothing that the index knows")


class Vectors:
    """A table with the words of each article in order, and a tsvector of them without positions.

    The vector finds what holds all words; whether they stand together the ordered words tell, since the positions of a
    tsvector end at 16,383 and at 256 a word.
    """

    _table = sa.table("articles_fts", sa.column("article_id"), sa.column("words", sa.Text), sa.column("vector", TSVECTOR))

    def add(self, conn: sa.Connection, texts: Sequence[Text]) -> None:
        """Put articles into the index."""
        values = []
        for one in texts:
            title, text = _words(quick_fold(one.title)), _words(quick_fold(one.text[:LONGEST_READ]))
            values.append({"key": one.article_id, "ordered": _ordered(title, text), "distinct": sorted({*title, *text})})
        if values:
            vector = sa.func.array_to_tsvector(sa.cast(sa.bindparam("distinct"), sa.ARRAY(sa.Text)))
            row = {"article_id": sa.bindparam("key"), "words": sa.bindparam("ordered"), "vector": vector}
            conn.execute(sa.insert(self._table).values(row), values)

    def drop(self, conn: sa.Connection, article_ids: Sequence[int]) -> None:
        """Take articles out."""
        conn.execute(sa.delete(self._table).where(self._table.c.article_id.in_(article_ids)))

    def has_article(self) -> sa.ColumnElement[bool]:
        """Return the condition that an article is in the index."""
        return articles.c.id.in_(sa.select(self._table.c.article_id))

    def strays(self) -> sa.Select[tuple[int]]:
        """Select the ids of what is in the index and in no archive."""
        return sa.select(self._table.c.article_id.label("id")).where(self._table.c.article_id.not_in(sa.select(articles.c.id)))

    def holding(self, words: Words, window: Window) -> sa.Select[tuple[int]]:
        """Select the ids in a window of the articles that hold what is asked."""
        return sa.select(self._table.c.article_id.label("id")).where(self._holds(words), window.holds(self._table.c.article_id))

    def _holds(self, words: Query) -> sa.ColumnElement[bool]:
        match words:
            case Phrase(slop=0):
                [forms] = _stretches(words)
                return self._has(words) & sa.or_(*(sa.func.strpos(self._table.c.words, _ordered(one)) > 0 for one in forms))
            case AllOf(parts=parts):
                return sa.and_(*map(self._holds, parts))
            case AnyOf(parts=parts) if len(parts) <= _FEW:
                return sa.or_(*map(self._holds, parts))
            case _:
                return self._has(words)

    def _has(self, words: Query) -> sa.ColumnElement[bool]:
        """Return the condition that the words are there, wherever they stand."""
        query = _tsquery(words)
        return self._table.c.vector.bool_op("@@")(sa.cast(query, TSQUERY)) if query else sa.false()


def _tsquery(words: Query) -> str:
    """Write it as one expression; empty where nothing could hold it."""
    match words:
        case Phrase():
            stretches = [" | ".join(filter(None, map(_all_of, forms))) for forms in _stretches(words)]
            return " & ".join(f"({forms})" for forms in stretches) if all(stretches) else ""
        case Prefix(stem=stem):
            *before, last = _words(quick_fold(stem)) or [""]
            return " & ".join([*(f"'{word}'" for word in before), *([f"'{last}':*"] if last else [])])
        case AllOf(parts=parts):
            queries = [_tsquery(part) for part in parts]
            return " & ".join(f"({query})" for query in queries) if all(queries) else ""
        case AnyOf(parts=parts):
            return " | ".join(f"({query})" for query in map(_tsquery, parts) if query)
        case _:
            raise TypeError(f"{words} is nothing that the index knows")


_FTS5, _VECTORS = FTS5(), Vectors()


def _stretches(phrase: Phrase) -> list[list[list[str]]]:
    """Return what of a phrase stands together, all of it or each of its words, in each form that counts."""
    folded = quick_fold(unmarked(phrase.words))
    apart = [word for word in folded.split() if _words(word)] if phrase.slop else []
    return [[_words(form) for form in with_plural(one)] for one in apart or [folded]]


def _all_of(words: Sequence[str]) -> str:
    return " & ".join(f"'{word}'" for word in words)


def _quoted(words: Sequence[str]) -> str:
    """Return words as a string of FTS5."""
    return f'"{" ".join(words)}"'


def _words(folded: str) -> list[str]:
    """Return the words of a folded text, letters and digits only: what else stands between words, SQLite may take for a part of them.

    So nothing in them is syntax to any index.
    """
    return [word[:_LONGEST_WORD] for word in _WORD.findall(index_form(folded))]


def _ordered(*parts: Sequence[str]) -> str:
    """Return words with a space around each, and a bar between parts, which no phrase crosses."""
    return " | ".join(" ".join(["", *part, ""]) for part in parts)
