"""Traces how an article answers a query: what was found of it, which stage stopped the rest, and what would let it through. It is pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.language.tongues import name_of
from bot.matching.cascade import Wanted
from bot.matching.document import Document, Hit
from bot.matching.evaluate import PERHAPS, SURELY, Findings, View, by_leaf, evaluate, holds
from bot.matching.facets import has
from bot.matching.nearly import Nearly
from bot.matching.queries.written import written
from bot.model import (
    AllOf,
    AnyOf,
    Clue,
    Facet,
    FacetKind,
    Leaf,
    Level,
    Obstacle,
    Place,
    Query,
    Relation,
    Scope,
    Stage,
    Strength,
    Trace,
    Within,
    Without,
    is_bare,
    leaves,
)

_FORMS = 5
"""Of one part so many forms are named."""

_INSIDE = {
    Scope.TITLE: "in the title",
    Scope.LEAD: "in the lead",
    Scope.TEXT: "in the text",
    Scope.SENTENCE: "together in one sentence",
    Scope.PARAGRAPH: "together in one paragraph",
}


def explain(wanted: Wanted, *, raw: Sequence[Hit], decided: Sequence[Hit], document: Document, nearly: Nearly) -> Trace:
    """Return the trace of one query over one article: `raw` is what the exact scan found, `decided` what is left of it, `nearly` what it passed over.

    A level that was not reached is an obstacle like any other.
    """
    query, found = wanted.query, by_leaf(decided)
    verdict = evaluate(query, found, document, author=wanted.author)
    tracer = _Tracer(found=found, raw=by_leaf(raw), document=document, nearly=nearly, author=wanted.author)
    obstacles = tuple(tracer.obstacles(query)) if verdict is None else ()
    if verdict is not None and verdict.level < wanted.level:
        obstacles = (_too_low(query, wanted.level),)
    return Trace(
        written=written(query),
        level=verdict.level if verdict else None,
        wanted=wanted.level,
        score=verdict.score if verdict else 0.0,
        matched=tuple(_clues(query, found, document)),
        obstacles=tuple(dict.fromkeys(obstacles)),
        lacks=_lacks(query, tracer) if verdict is None else "",
    )


def _lacks(query: Query, tracer: _Tracer) -> str:
    """Return the one required part that is missing, if all others hold and something of them is there."""
    required = tuple(_required(query))
    missing = [part for part in required if not tracer.holds(part)]
    rest = [part for part in required if part not in missing]
    if len(missing) != 1 or all(is_bare(part) for part in rest):
        return ""
    [part] = missing
    alone = written(part)
    return f"({alone})" if isinstance(part, AnyOf) else alone


def _required(query: Query) -> Iterator[Query]:
    if isinstance(query, AllOf):
        for part in query.parts:
            yield from _required(part)
    else:
        yield query


def unreadable(query: str, wanted: Level, reason: str) -> Trace:
    """Return the trace of a query that cannot be read."""
    obstacle = Obstacle(part=query, stage=Stage.QUERY, seen=reason, mend="a query that can be read")
    return Trace(written=query, level=None, wanted=wanted, obstacles=(obstacle,))


def _clues(query: Query, found: View, document: Document) -> Iterator[Clue]:
    """Yield what counts of each leaf, also of those that others stopped."""
    for leaf in dict.fromkeys(leaves(query)):
        counting = [hit for hit in found.get(leaf, ()) if hit.strength >= SURELY]
        if counting:
            yield Clue(part=written(leaf), words=_forms(counting, document), count=len(counting))


def _too_low(query: Query, wanted: Level) -> Obstacle:
    return Obstacle(
        part=written(query),
        stage=Stage.LEVEL,
        seen=f"the article only mentions it, and the watch wants {wanted.label}",
        mend=f"level mention instead of {wanted.label}, or its names in the title or lead",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tracer:
    """Walks a query that does not hold, down to the parts that are to blame."""

    found: Findings
    raw: Findings
    document: Document
    nearly: Nearly
    author: int

    def obstacles(self, query: Query) -> Iterator[Obstacle]:
        """Yield what stopped each part that does not hold; for OR that is every part, since one would have done."""
        if self.holds(query):
            return
        match query:
            case AllOf(parts) | AnyOf(parts):
                for part in parts:
                    yield from self.obstacles(part)
            case Without(part):
                yield self._excluded(part)
            case Within(scope, part):
                inner = self.holds(part)
                yield from [self._outside(query, scope)] if inner else self.obstacles(part)
            case Relation():
                yield from self._unrelated(query)
            case _:
                yield self._missing(query)

    def holds(self, query: Query) -> bool:
        """Tell whether a part holds by itself."""
        return holds(query, self.found, self.document, author=self.author)

    def _excluded(self, part: Query) -> Obstacle:
        own = tuple(leaves(part))
        hits = [hit for leaf in own for hit in self.found.get(leaf, ()) if hit.strength >= PERHAPS]
        words = [f"the article holds {_listed(_forms(hits, self.document))}"] if hits else []
        facets = (one for one in own if isinstance(one, Facet) and has(self.document, one, self.author))
        whole = [self._as_a_whole(one.kind) for one in facets]
        return Obstacle(
            part=f"NOT {written(part)}",
            stage=Stage.EXCLUDED,
            seen=", ".join([*words, *dict.fromkeys(whole)]),
            mend=f"the watch without NOT {written(part)}",
        )

    def _outside(self, query: Query, scope: Scope) -> Obstacle:
        where = _INSIDE.get(scope, f"in {scope}")
        return Obstacle(
            part=written(query),
            stage=Stage.SCOPE,
            seen=f"it is in the article, but not {where}",
            mend=f"the watch without {scope}:, or these words {where}",
        )

    def _unrelated(self, relation: Relation) -> Iterator[Obstacle]:
        """Say what a relation lacks: one of its actors, a sentence with both, grammar, or a sentence that says it."""
        absent = [actor for actor in relation.actors if not self.holds(actor)]
        if absent:
            yield from (self._missing(actor) for actor in absent)
            return
        hits = self.found.get(relation, ())
        seen, mend = "no sentence holds its actors and a word for its act", "a sentence that says who does what to whom"
        if any(hit.strength is Strength.UNSURE for hit in hits):
            seen = "whether a sentence says so cannot be told: there is no English grammar for it, or no answer hung on it"
            mend = "an English article, and a model of spaCy with a parser"
        elif hits:
            said = dict.fromkeys(hit.alias for hit in hits if hit.alias)
            seen = f"its sentences say otherwise: {'; '.join(said)}" if said else "no sentence with its actors says that"
        yield Obstacle(part=written(relation), stage=Stage.RELATION, seen=seen, mend=mend)

    def _missing(self, leaf: Leaf) -> Obstacle:
        if isinstance(leaf, Facet):
            return self._other(leaf)
        undone = self.raw.get(leaf, ())
        if undone:
            return self._undone(leaf, undone)
        return self.nearly.miss(leaf)

    def _other(self, facet: Facet) -> Obstacle:
        """Say what an article has as a whole where something else was asked for."""
        if facet.kind is FacetKind.LANG:
            mend = f"an article in {name_of(facet.value)}"
        else:
            mend = f"an article of a source whose name holds “{facet.value}”"
        return Obstacle(part=written(facet), stage=Stage.FACET, seen=self._as_a_whole(facet.kind), mend=mend)

    def _as_a_whole(self, kind: FacetKind) -> str:
        if kind is FacetKind.SOURCE:
            return f"it comes from {_listed(self.document.named_by(self.author))}"
        language = self.document.language
        return f"it is in {name_of(language)} ({language})" if language else "its language is not known"

    def _undone(self, leaf: Leaf, hits: Sequence[Hit]) -> Obstacle:
        """Say why what the exact scan found does not count."""
        part, forms = written(leaf), _listed(_forms(hits, self.document))
        if any(hit.patterns for hit in hits):
            seen = f"{forms} may be a pattern of it, but grammar does not bear that out"
            return Obstacle(part=part, stage=Stage.PATTERN, seen=seen, mend="one of its phrases, or a sentence of that pattern")
        if out := self.nearly.out_of_office(leaf, hits):
            return out
        if all(hit.strength is Strength.WEAK for hit in hits):
            beside = self.nearly.partners(leaf)
            return Obstacle(
                part=part,
                stage=Stage.WEAK,
                seen=f"{forms} alone may be anything",
                mend=f"a sure name of {beside} in the same article",
            )
        if any(hit.strength is Strength.UNSURE for hit in self.found.get(leaf, ())):
            seen = f"{forms} was left open, since no answer hung on it"
        else:
            seen = f"the model takes {forms} for the name of something else"
        return Obstacle(part=part, stage=Stage.VETO, seen=seen, mend=f"a sure name of {part} anywhere in the article")


def _forms(hits: Sequence[Hit], document: Document) -> tuple[str, ...]:
    parts = {True: document.title.text, False: document.text.text}
    words = [" ".join(parts[hit.place is Place.TITLE][hit.start : hit.end].split()) for hit in hits]
    return tuple(dict.fromkeys(words))[:_FORMS]


def _listed(words: Sequence[str]) -> str:
    return ", ".join(f"“{word}”" for word in words)
