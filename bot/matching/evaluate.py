"""Judges a query over what was found in one article, and tells where a model could change the judgement. It is pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.matching.aboutness import held_to, level_of, score_of
from bot.matching.document import Document, Hit
from bot.matching.facets import has
from bot.model import AllOf, AnyOf, Facet, Leaf, Level, Place, Query, Relation, Scope, Strength, Within, Without, leaves

View = Mapping[Leaf, Sequence[Hit]]
"""What was found of each leaf in the part of the article that is looked at."""

SURELY = Strength.CONTEXT
"""Judge by what certainly counts."""

PERHAPS = Strength.UNSURE
"""Judge as though all that is undecided counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How an article answers a query: level, score, and the hits that made it so."""

    level: Level
    score: float
    hits: tuple[Hit, ...]


_NOT_THERE = Verdict(level=Level.ABOUT, score=1.0, hits=())
"""What NOT and a facet say when they hold: they take nothing from what stands beside them, and alone are no answer."""


def by_leaf(hits: Iterable[Hit]) -> View:
    """Return hits by what they are of."""
    found: dict[Leaf, list[Hit]] = defaultdict(list)
    for hit in hits:
        found[hit.leaf].append(hit)
    return dict(found)


def evaluate(query: Query, found: View, document: Document, *, least: Strength = SURELY) -> Verdict | None:
    """Return how the article answers the query, counting hits of at least that strength; None where it does not.

    Under NOT the count is turned round, so that `SURELY` never says more than `PERHAPS`, however the query is built.
    """
    verdict = _verdict(query, found, document, least)
    return verdict if verdict and verdict.hits else None


def is_open(query: Query, found: View, document: Document, *, wanted: Level) -> bool:
    """Tell whether deciding what is undecided could change whether the article reaches a level."""
    reached = {
        verdict is not None and verdict.level >= wanted
        for verdict in (evaluate(query, found, document, least=least) for least in (SURELY, PERHAPS))
    }
    return len(reached) > 1


def _verdict(  # noqa: PLR0911  # one line for each kind of query
    query: Query, found: View, document: Document, least: Strength
) -> Verdict | None:
    match query:
        case AllOf(parts):
            return _all([_verdict(part, found, document, least) for part in parts])
        case AnyOf(parts):
            return _any([_verdict(part, found, document, least) for part in parts])
        case Without(part):
            opposite = PERHAPS if least is SURELY else SURELY
            return None if _verdict(part, found, document, opposite) else _NOT_THERE
        case Within(Scope.SENTENCE, part):
            return _together(part, found, document, least, place=document.sentence_of)
        case Within(Scope.PARAGRAPH, part):
            return _together(part, found, document, least, place=document.paragraph_of)
        case Within(scope, part):
            return _scoped(scope, part, found, document, least)
        case Facet():
            return _NOT_THERE if has(document, query) else None
        case Relation():
            return _relation(query, found, document, least)
        case _:
            return _leaf([hit for hit in found.get(query, ()) if hit.strength >= least], document)


def _leaf(hits: Sequence[Hit], document: Document) -> Verdict | None:
    return _weighed(hits, document) if hits else None


def _weighed(hits: Sequence[Hit], document: Document) -> Verdict:
    level = level_of(hits, document)
    return Verdict(level=level, score=score_of(hits, document, level), hits=tuple(hits))


def _relation(relation: Relation, found: View, document: Document, least: Strength) -> Verdict | None:
    """Judge by the sentences that say so; they are about what one of the actors in them is about."""
    hits = tuple(hit for hit in found.get(relation, ()) if hit.strength >= least)
    if not hits:
        return None
    whole = _any([_leaf([hit for hit in found.get(actor, ()) if hit.strength >= least], document) for actor in relation.actors])
    return replace(whole or _weighed(hits, document), hits=hits)


def _all(verdicts: Sequence[Verdict | None]) -> Verdict | None:
    held = [verdict for verdict in verdicts if verdict is not None]
    if len(held) < len(verdicts):
        return None
    return Verdict(level=min(one.level for one in held), score=min(one.score for one in held), hits=_hits(held))


def _any(verdicts: Sequence[Verdict | None]) -> Verdict | None:
    held = [verdict for verdict in verdicts if verdict is not None]
    if not held:
        return None
    return Verdict(level=max(one.level for one in held), score=max(one.score for one in held), hits=_hits(held))


def _hits(verdicts: Iterable[Verdict]) -> tuple[Hit, ...]:
    return tuple(dict.fromkeys(hit for verdict in verdicts for hit in verdict.hits))


def _scoped(scope: Scope, part: Query, found: View, document: Document, least: Strength) -> Verdict | None:
    """Judge by what stands in the title, in the lead, or in the text; what stands in the first two is about."""
    inside: dict[Scope, Callable[[Hit], bool]] = {
        Scope.TITLE: document.is_in_title,
        Scope.LEAD: lambda hit: hit.place is Place.LEAD,
        Scope.TEXT: lambda hit: hit.place is not Place.TITLE,
    }
    held = {leaf: [hit for hit in hits if inside[scope](hit)] for leaf, hits in found.items()}
    verdict = _verdict(part, held, document, least)
    if verdict is None or scope is Scope.TEXT:
        return verdict
    return replace(verdict, level=Level.ABOUT, score=held_to(Level.ABOUT, verdict.score))


def _together(part: Query, found: View, document: Document, least: Strength, *, place: Callable[[Hit], int]) -> Verdict | None:
    """Judge each sentence or paragraph by itself; the whole is about where something that stands together is."""
    hits = tuple(hit for group in _groups(part, found, place) for hit in _hits_of(_verdict(part, group, document, least)))
    if not hits:
        return None
    whole = _any(
        [_leaf([hit for hit in found[leaf] if hit.strength >= least], document) for leaf in {hit.leaf for hit in hits}]
    )
    return whole and replace(whole, hits=hits)


def _groups(part: Query, found: View, place: Callable[[Hit], int]) -> Iterator[View]:
    groups: dict[int, dict[Leaf, list[Hit]]] = {}
    for leaf in dict.fromkeys(leaves(part)):
        for hit in found.get(leaf, ()):
            groups.setdefault(place(hit), {}).setdefault(leaf, []).append(hit)
    return iter(groups.values())


def _hits_of(verdict: Verdict | None) -> tuple[Hit, ...]:
    return verdict.hits if verdict else ()
