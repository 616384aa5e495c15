"""What the watch language means: the tree a query is read into."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """The part of an article that a sub-query is held to."""

    TITLE = "title"
    LEAD = "lead"
    TEXT = "text"
    SENTENCE = "sentence"
    PARAGRAPH = "paragraph"


@dataclass(frozen=True, slots=True)
class Subject:
    """An actor or a topic of the catalogue, written `actor:north-korea` or `topic:sanctions`."""

    id: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in this order, with at most `slop` other words between them."""

    words: str
    slop: int = 0


@dataclass(frozen=True, slots=True)
class Prefix:
    """Every word that begins so; three letters or more."""

    stem: str


class FacetKind(StrEnum):
    """What can be asked of an article as a whole."""

    LANG = "lang"
    SOURCE = "source"
    SINCE = "since"
    """Only while a query is read: when it is understood, `Understood.since` holds it."""


@dataclass(frozen=True, slots=True)
class Facet:
    """Something an article has as a whole, written `lang:ko` or `source:"Daily News"`; it gives no level."""

    kind: FacetKind
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """Somebody doing something to somebody in one sentence; what is left out may be anybody, or anything."""

    source: Subject | None = None
    target: Subject | None = None
    act: str = ""
    """A root or a quad class (`bot.model.acts`)."""

    @property
    def actors(self) -> tuple[Subject, ...]:
        """Whom it names, the source first."""
        return tuple(one for one in (self.source, self.target) if one is not None)


@dataclass(frozen=True, slots=True)
class AllOf:
    """Each part must hold."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One part must hold."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Without:
    """The part must not hold."""

    part: Query


@dataclass(frozen=True, slots=True)
class Within:
    """The part must hold inside one scope."""

    scope: Scope
    part: Query


Leaf = Subject | Phrase | Prefix | Facet | Relation
Query = Leaf | AllOf | AnyOf | Without | Within


def leaves(query: Query) -> Iterator[Leaf]:
    """Yield the leaves of a query, negated ones too, from left to right."""
    match query:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from leaves(part)
        case Without(part) | Within(_, part):
            yield from leaves(part)
        case Subject() | Phrase() | Prefix() | Facet() | Relation():
            yield query


def is_bare(query: Query) -> bool:
    """Tell whether a query says nothing of what an article is about: facets, and what must not be there."""
    match query:
        case AllOf(parts) | AnyOf(parts):
            return all(is_bare(part) for part in parts)
        case Facet() | Without():
            return True
        case _:
            return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """A query as it was read: its meaning, the same written with all operators, and how plain text was taken."""

    query: Query
    written: str
    note: str = ""
    since: str = ""
    """What stood after `since:`, in the words of whoever asked; only a search takes it."""
    sought: Query | None = None
    """What candidates are looked for by, where that is wider than the query itself."""

    @property
    def wide(self) -> Query:
        """What finds everything that may answer."""
        return self.query if self.sought is None else self.sought
