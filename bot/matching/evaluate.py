"""Judges a query over what was found in one article, and tells where a model could change the judgement. It is pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.matching.aboutness import crowd_of, held_to, level_of, score_of, weight_of
from bot.matching.document import Document, Hit
from bot.matching.facets import has
from bot.model import (
    CONFIG_SERVER,
    AllOf,
    AnyOf,
    Facet,
    Leaf,
    Level,
    Place,
    Query,
    Relation,
    Scope,
    Strength,
    Subject,
    Within,
    Without,
    leaves,
)

View = Mapping[Leaf, Sequence[Hit]]
"""What was found of each leaf in the part of the article that is looked at."""


class Findings(dict[Leaf, list[Hit]]):
    """All that was found in one article, by what it is of."""

    def __init__(self, hits: Iterable[Hit]) -> None:
        super().__init__()
        self.judged: dict[tuple[Leaf, Strength], Verdict | None] = {}
        """What was said already of a leaf over the whole article: many queries may ask the same."""
        self._weights: dict[Strength, dict[Leaf, float]] = {}
        for hit in hits:
            self.setdefault(hit.leaf, []).append(hit)

    def others(self, leaf: Leaf, document: Document, *, least: Strength) -> float | None:
        """Return what the other actors weigh of which hits of at least that strength were found; beside words none is weighed."""
        if not _is_actor(leaf):
            return None
        weights = self._weights.get(least)
        if weights is None:
            counting = {one: [hit for hit in hits if hit.strength >= least] for one, hits in self.items() if _is_actor(one)}
            weights = self._weights[least] = {one: weight_of(hits, document) for one, hits in counting.items() if hits}
        return crowd_of(weight for one, weight in weights.items() if one != leaf)


def _is_actor(leaf: Leaf) -> bool:
    return isinstance(leaf, Subject) and leaf.id.startswith("actor:")


SURELY = Strength.CONTEXT
"""Judge by what certainly counts."""

PERHAPS = Strength.UNSURE
"""Judge as though all that is undecided counted."""


_OPPOSITE = {SURELY: PERHAPS, PERHAPS: SURELY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How an article answers a query: level, score, and the hits that made it so."""

    level: Level
    score: float
    hits: tuple[Hit, ...]
    decisive: tuple[Hit, ...] = ()
    """Those of the part that decided."""
    others: float | None = None
    """What the other actors weigh beside that part, where it is an actor."""


_NOT_THERE = Verdict(level=Level.ABOUT, score=1.0, hits=())
"""What NOT and a facet say when they hold: they take nothing from what stands beside them, and alone are no answer."""


def by_leaf(hits: Iterable[Hit]) -> Findings:
    """Return hits by what they are of."""
    return Findings(hits)


def evaluate(
    query: Query, found: Findings, document: Document, *, least: Strength = SURELY, author: int = CONFIG_SERVER
) -> Verdict | None:
    """Return how the article answers the query, counting hits of at least that strength; None where it does not.

    Sources are called as the author calls them. Under NOT the count is turned round, so that `SURELY` never says more than
    `PERHAPS`, however the query is built.
    """
    verdict = _verdict(query, found, _Article(document, found, author), least)
    return verdict if verdict and verdict.hits else None


def holds(query: Query, found: Findings, document: Document, *, author: int) -> bool:
    """Tell whether a part of a query holds by itself, also one that is no answer: what must not be there, and what an article is."""
    return _verdict(query, found, _Article(document, found, author), SURELY) is not None


def is_open(query: Query, found: Findings, document: Document, *, wanted: Level, author: int = CONFIG_SERVER) -> bool:
    """Tell whether deciding what is undecided could change whether the article reaches a level."""
    reached = {
        verdict is not None and verdict.level >= wanted
        for verdict in (evaluate(query, found, document, least=least, author=author) for least in (SURELY, PERHAPS))
    }
    return len(reached) > 1


@dataclass(frozen=True, slots=True)
class _Article:
    """What is judged: an article, all that was found in it, whatever part a query looks at, and who calls its source something."""

    document: Document
    whole: Findings
    author: int


def _verdict(  # noqa: PLR0911  # one line for each kind of query
    query: Query, found: View, article: _Article, least: Strength
) -> Verdict | None:
    match query:
        case AllOf(parts):
            return _all([_verdict(part, found, article, least) for part in parts])
        case AnyOf(parts):
            return _any([_verdict(part, found, article, least) for part in parts])
        case Without(part):
            return None if _verdict(part, found, article, _OPPOSITE[least]) else _NOT_THERE
        case Within(Scope.SENTENCE, part):
            return _together(part, found, article, least, place=article.document.sentence_of)
        case Within(Scope.PARAGRAPH, part):
            return _together(part, found, article, least, place=article.document.paragraph_of)
        case Within(scope, part):
            return _scoped(scope, part, found, article, least)
        case Facet():
            return _NOT_THERE if has(article.document, query, article.author) else None
        case _ if found is article.whole:
            return _leaf_of_whole(query, article, least)
        case _:
            return _leaf(query, found, article, least)


def _leaf_of_whole(leaf: Leaf, article: _Article, least: Strength) -> Verdict | None:
    known = article.whole.judged
    if (leaf, least) not in known:
        known[leaf, least] = _leaf(leaf, article.whole, article, least)
    return known[leaf, least]


def _leaf(leaf: Leaf, found: View, article: _Article, least: Strength) -> Verdict | None:
    """Judge what was found of one thing; the others that push it aside are counted the other way round."""
    if isinstance(leaf, Relation):
        return _relation(leaf, found, article, least)
    hits = [hit for hit in found.get(leaf, ()) if hit.strength >= least]
    if not hits:
        return None
    others = article.whole.others(leaf, article.document, least=_OPPOSITE[least])
    score = score_of(hits, article.document, others=others or 0.0)
    return Verdict(level=level_of(score), score=score, hits=tuple(hits), decisive=tuple(hits), others=others)


def _relation(relation: Relation, found: View, article: _Article, least: Strength) -> Verdict | None:
    """Judge as a whole: an article in which a relation stands is about it where it is about one of its actors."""
    hits = tuple(hit for hit in found.get(relation, ()) if hit.strength >= least)
    whole = _any([_leaf(actor, article.whole, article, least) for actor in relation.actors]) if hits else None
    return whole and replace(whole, hits=hits)


def _all(verdicts: Sequence[Verdict | None]) -> Verdict | None:
    held = [verdict for verdict in verdicts if verdict is not None]
    if len(held) < len(verdicts):
        return None
    return replace(min(held, key=_rank), hits=_hits(held))


def _any(verdicts: Sequence[Verdict | None]) -> Verdict | None:
    held = [verdict for verdict in verdicts if verdict is not None]
    if not held:
        return None
    return replace(max(held, key=_rank), hits=_hits(held))


def _rank(verdict: Verdict) -> tuple[Level, float]:
    return verdict.level, verdict.score


def _hits(verdicts: Iterable[Verdict]) -> tuple[Hit, ...]:
    return tuple(dict.fromkeys(hit for verdict in verdicts for hit in verdict.hits))


def _scoped(scope: Scope, part: Query, found: View, article: _Article, least: Strength) -> Verdict | None:
    """Judge by what stands in the title, in the lead, or in the text; what stands in the first two is about."""
    inside: dict[Scope, Callable[[Hit], bool]] = {
        Scope.TITLE: article.document.is_in_title,
        Scope.LEAD: lambda hit: hit.place is Place.LEAD,
        Scope.TEXT: lambda hit: hit.place is not Place.TITLE,
    }
    held = {leaf: [hit for hit in found.get(leaf, ()) if inside[scope](hit)] for leaf in leaves(part)}
    verdict = _verdict(part, held, article, least)
    if verdict is None or scope is Scope.TEXT:
        return verdict
    return replace(verdict, level=Level.ABOUT, score=held_to(Level.ABOUT, verdict.score))


def _together(part: Query, found: View, article: _Article, least: Strength, *, place: Callable[[Hit], int]) -> Verdict | None:
    """Judge each sentence or paragraph by itself; the whole is about where something that stands together is."""
    hits = tuple(hit for group in _groups(part, found, place) for hit in _hits_of(_verdict(part, group, article, least)))
    if not hits:
        return None
    whole = _any([_verdict(leaf, found, article, least) for leaf in {hit.leaf for hit in hits}])
    return whole and replace(whole, hits=hits)


def _groups(part: Query, found: View, place: Callable[[Hit], int]) -> Iterator[View]:
    groups: dict[int, dict[Leaf, list[Hit]]] = {}
    for leaf in dict.fromkeys(leaves(part)):
        for hit in found.get(leaf, ()):
            groups.setdefault(place(hit), {}).setdefault(leaf, []).append(hit)
    return iter(groups.values())


def _hits_of(verdict: Verdict | None) -> tuple[Hit, ...]:
    return verdict.hits if verdict else ()
