"""Judges a relation over the claims of one sentence: whether one says it, and what it says instead where none does."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.language.parsing import Parsed
from bot.matching.relations.claims import Claim, Claims
from bot.matching.relations.clauses import Standing
from bot.matching.relations.headlines import as_headline
from bot.matching.relations.lexicon import Lexicon
from bot.matching.relations.parties import acting
from bot.matching.relations.tree import Tree
from bot.model import Relation, Subject, is_act

_PARTIES = frozenset({"GPE", "NORP", "ORG", "PERSON"})
"""The labels of those who can be acted upon."""

_BEFORE = frozenset({"compound", "amod", "nmod"})

Span = tuple[int, int]
Words = frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a sentence says of a relation: whether it holds, in one line who does what to whom, and where that stands."""

    holds: bool
    told: str
    spans: tuple[Span, ...] = ()


_UNSAID = Judgement(holds=False, told="")


class Sentence:
    """One sentence with its grammar, and the actors that stand in it."""

    def __init__(self, text: str, parsed: Parsed, named: Mapping[Subject, Collection[Span]], lexicon: Lexicon) -> None:
        self._text = text
        self._tree = Tree(as_headline(parsed.tokens, lexicon.has_verb))
        self._claims = tuple(Claims(self._tree, lexicon))
        self._of = {actor: self._words(spans) for actor, spans in named.items()}
        entities = [(one.start, one.end) for one in parsed.entities if one.label in _PARTIES]
        self._anybody = self._words(entities).union(*self._of.values())

    def judge(self, relation: Relation) -> Judgement:
        """Return whether some claim says what the relation asks for, or else the claim that comes closest."""
        nearest, best = _UNSAID, 0
        for claim in self._claims:
            judged, closeness = self._judged(claim, relation)
            if judged.holds:
                return judged
            if closeness > best:
                nearest, best = judged, closeness
        return nearest

    def _judged(self, claim: Claim, relation: Relation) -> tuple[Judgement, int]:
        """Return what a claim says of a relation, and how close it comes."""
        ends = self._ends(claim, relation)
        if ends is None:
            turned = Relation(source=relation.target, target=relation.source, act=relation.act)
            ends = self._ends(claim, turned)
            if ends is None:
                return _UNSAID, 0
            if not claim.meaning.both_ways:
                return self._told(claim, turned, ends, "the other way round"), 1
            relation = turned
        if not is_act(claim.meaning.root, relation.act):
            return self._told(claim, relation, ends, "another act"), 2
        return self._told(claim, relation, ends, claim.standing.undone), 3

    def _ends(self, claim: Claim, relation: Relation) -> tuple[Words, Words] | None:
        """Return the words that name source and target in a claim, none for anybody; None where one of the two is not there."""
        doing = self._among(claim.sources, relation.source)
        if doing is None:
            return None
        # What two do to each other one of them does to the other.
        themselves = doing if claim.meaning.both_ways and relation.source else self._names(claim.sources, relation.source)
        others = self._anybody - themselves
        aimed = next((tier for tier in claim.aims if any(acting(self._tree, one, suffers=True) & others for one in tier)), ())
        target = self._among(aimed, relation.target, suffers=True, apart_from=doing if relation.source else frozenset())
        return None if target is None else (doing, target)

    def _names(self, sources: Iterable[int], source: Subject | None) -> Words:
        """Return the words that name whoever acts, wherever they stand."""
        acts = {word for noun in sources for word in acting(self._tree, noun)}
        actors = [words for actor, words in self._of.items() if actor == source or words & acts]
        return frozenset(acts).union(*actors)

    def _among(
        self, nouns: Iterable[int], actor: Subject | None, *, suffers: bool = False, apart_from: Words = frozenset()
    ) -> Words | None:
        """Return the words by which one of these nouns names an actor."""
        if actor is None:
            return frozenset(nouns)
        for noun in nouns:
            if words := (acting(self._tree, noun, suffers=suffers) & self._of.get(actor, frozenset())) - apart_from:
                return frozenset(words)
        return None

    def _words(self, spans: Iterable[Span]) -> Words:
        return frozenset(number for start, end in spans for number in self._tree.number_at(start, end))

    def _told(self, claim: Claim, relation: Relation, ends: tuple[Words, Words], fault: str) -> Judgement:
        """Say in one line who does what to whom, and how far that is so."""
        source, target = (self._named(words, claim.word) for words in ends)
        act = f" ({claim.meaning.root})" if claim.meaning.root else ""
        line = f"{source} → {target}: {self._done(claim.word, ends[1])}{act}"
        told = "; ".join(filter(None, (line, fault, *self._said(claim.standing))))
        words = sorted({claim.word, *(ends[0] if relation.source else ()), *(ends[1] if relation.target else ())})
        return Judgement(holds=not fault, told=told, spans=_joined(self._tree.span(word) for word in words))

    def _said(self, standing: Standing) -> Iterator[str]:
        if standing.announced:
            yield "still to come"
        if standing.said_by is not None:
            yield f"said by {self._whole(standing.said_by)}"
        if standing.alleged:
            yield "said by somebody who is not named"

    def _named(self, words: Words, act: int) -> str:
        """Return an end of a claim as the sentence names it: `Russian missiles` of `Russian`."""
        if not words:
            return "somebody"
        noun = min(words)
        while self._tree.dep(noun) in _BEFORE and self._tree.head(noun) not in {act, noun}:
            noun = self._tree.head(noun)
        return self._whole(noun)

    def _done(self, word: int, target: Words) -> str:
        """Return the act in the words of the sentence: `sent troops`, `attack`; the target is named already."""
        objects = [one for one in self._objects(word) if one not in target]
        beside = [*self._tree.children(word, "prt"), *objects[:1]] if self._tree.is_verb(word) else []
        return self._tree.words((word, *beside), self._text)

    def _objects(self, verb: int) -> list[int]:
        return [one for one in self._tree.children(verb, "dobj") if not self._tree.tag(one).startswith("W")]

    def _whole(self, noun: int) -> str:
        """Return a noun with what makes up its name."""
        return self._tree.words(self._tree.name_of(noun), self._text)


def _joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return spans with those that only a space parts made one."""
    joined: list[Span] = []
    for start, end in spans:
        if joined and start - joined[-1][1] <= 1:
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    return tuple(joined)
