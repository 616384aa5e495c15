"""Finds the articles that may answer a query, from mentions and the text index: never too few, for the reader to judge.

All of it looks at one window of ids: what the indexes hold beyond it costs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeGuard

import sqlalchemy as sa

from bot.model import AllOf, AnyOf, Facet, FacetKind, Phrase, Prefix, Query, Relation, Strength, Subject, Within, Without
from bot.store.articles.definitions import Definitions
from bot.store.articles.source_names import called
from bot.store.articles.text_index import Window, Words, text_index
from bot.store.schema import articles, mentions

Ids = sa.Select[Any] | sa.CompoundSelect[Any]


class Finder:
    """Selects ids for one server, or for everybody, over one connection."""

    def __init__(self, conn: sa.Connection, definitions: Definitions, *, server: int | None) -> None:
        self._conn = conn
        self._definitions = definitions
        self._server = server
        self._outdated: dict[str, int] = {}
        self._index = text_index(conn)
        self._sources: dict[str, list[int]] = {}

    def select(self, query: Query, window: Window) -> sa.Select[Any]:
        """Select the ids of the articles of a window that may answer; some may come twice."""
        found = self._select(_simple(query), window)
        return _plain(sa.select(articles.c.id).where(window.holds(articles.c.id)) if found is None else found)

    def _select(self, query: Query, window: Window) -> Ids | None:  # noqa: PLR0911  # one line for each kind of query
        """Select the ids of every article that could match, and of few others; None where any article could."""
        if _is_words(query):
            return self._index.holding(query, window)
        match query:
            case Subject(id=subject):
                return self._finding([subject], window)
            case AllOf(parts=parts):
                known = [ids for part in parts if (ids := self._select(part, window)) is not None]
                return sa.intersect(*map(_plain, known)) if len(known) > 1 else known[0] if known else None
            case AnyOf(parts=parts):
                subjects = [part.id for part in parts if isinstance(part, Subject)]
                some = [self._select(part, window) for part in parts if not isinstance(part, Subject)]
                some += [self._finding(subjects, window)] if subjects else []
                known = [ids for ids in some if ids is not None]
                if len(known) < len(some):
                    return None
                return sa.union(*map(_plain, known)) if len(known) > 1 else known[0]
            case Facet(kind=FacetKind.LANG, value=code):
                return sa.select(articles.c.id).where(articles.c.language == code, window.holds(articles.c.id))
            case Facet(kind=FacetKind.SOURCE, value=words):
                # To SQLite an id that is added to nothing is no key: it goes through the index of the source, not the articles.
                # PostgreSQL knows how many each source has.
                here = window.holds(articles.c.id + 0 if self._conn.dialect.name == "sqlite" else articles.c.id)
                return sa.select(articles.c.id).where(articles.c.source_id.in_(self._called(words)), here)
            case _:
                return None

    def _finding(self, subjects: Sequence[str], window: Window) -> Ids:
        """Select by mentions, and where articles were read when a subject was something else, by what it is found by now."""
        found: list[Ids] = [_mentioning(subjects, window)]
        for subject in subjects:
            aged = Window(low=window.low, high=min(window.high, self._outdated_to(subject)))
            if aged.low <= aged.high:
                found.append(self.select(self._definitions.sought(subject), aged))
        return sa.union(*map(_plain, found)) if len(found) > 1 else found[0]

    def _outdated_to(self, subject: str) -> int:
        if subject not in self._outdated:
            self._outdated[subject] = self._definitions.outdated(self._conn, subject)
        return self._outdated[subject]

    def _called(self, words: str) -> list[int]:
        if words not in self._sources:
            self._sources[words] = called(self._conn, words, server=self._server)
        return self._sources[words]


def _mentioning(subjects: Sequence[str], window: Window) -> Ids:
    strong = mentions.c.strength >= int(Strength.UNSURE)
    here = window.holds(mentions.c.article_id)
    return sa.select(mentions.c.article_id.label("id")).where(mentions.c.subject.in_(subjects), strong, here)


def _simple(query: Query) -> Query:
    """Return what a query wants wherever it may stand: without scopes and what must not be there, words side by side."""
    match query:
        case Within(part=part):
            return _simple(part)
        case Relation():
            return _simple(AllOf(query.actors))
        case AllOf(parts=parts):
            wanted = [_simple(part) for part in parts if not isinstance(part, Without)]
            words = tuple(part for part in wanted if _is_words(part))
            rest = tuple(part for part in wanted if not _is_words(part))
            return AllOf((AllOf(words), *rest) if words and rest else words or rest)
        case AnyOf(parts=parts):
            wanted = [_simple(part) for part in parts]
            words = tuple(part for part in wanted if _is_words(part))
            rest = tuple(part for part in wanted if not _is_words(part))
            return AnyOf((AnyOf(words), *rest) if words and rest else words or rest)
        case _:
            return query


def _is_words(query: Query) -> TypeGuard[Words]:
    """Tell whether the text index knows all that is asked for."""
    if isinstance(query, AllOf | AnyOf):
        return bool(query.parts) and all(map(_is_words, query.parts))
    return isinstance(query, Phrase | Prefix)


def _plain(ids: Ids) -> sa.Select[Any]:
    """Return a selection that may stand in another on both databases: SQLite takes no brackets around a compound."""
    if isinstance(ids, sa.Select):
        return ids
    inner = ids.subquery()
    return sa.select(inner.c.id)
